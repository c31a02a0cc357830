"""What can go wrong between a program and its wire, by kind, each with what to do about it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from typing import Self

from rawkit import errors
from rawkit.errors import RawkitError, nearest


class LinkError(RawkitError):
    """Root of what links raise."""


class LinkEnded(LinkError, EOFError):
    """No more will come: the link was closed, by us or by its other end, or the file is at its end."""


class NoSuchInterface(LinkError):
    """There is no interface of that name here; the message names the ones there are."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known = list(known)
        there = f"there are {', '.join(known)}" if known else "there are none at all"
        super().__init__(f"{name}: no such interface{nearest(name, known)} ({there})")
        self.name = name
        self.known = known


class _OfTheSystem(LinkError, OSError):
    """An error of the operating system, told in our words; `errno` is the system's number."""

    def __init__(self, text: str, number: int) -> None:
        super().__init__(text)
        self.errno = number


class NotPermitted(_OfTheSystem, errors.NotPermitted):
    """The system does not let this user do it. One line: what is needed, and the ways to have it."""

    def __init__(self, text: str, number: int = errno.EPERM) -> None:
        super().__init__(text, number)

    @classmethod
    def lacking(cls, what: str, capability: str, number: int | None) -> Self:
        """What needs a capability that we do not have."""
        return cls(f"{what} needs {capability}: {_ways(capability)}", number or errno.EPERM)


def _ways(capability: str) -> str:
    """To have a capability."""
    return (
        "use a network namespace of your own (unshare --user --map-root-user --net COMMAND), or allow this Python"
        f" (setcap {capability.lower()}+ep {os.path.realpath(sys.executable)}), or use sudo"
    )


class InterfaceDown(_OfTheSystem):
    """The interface is down. A link on it goes on when it is up again."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is down: ip link set {name} up", errno.ENETDOWN)
        self.name = name


class InterfaceGone(_OfTheSystem):
    """The interface was deleted, or moved to another namespace, while the link was on it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is gone: it was deleted, or moved to another network namespace", errno.ENODEV)
        self.name = name


class QueueFull(_OfTheSystem):
    """What is sent is more than the link takes. Where waiting may help, we have waited."""

    def __init__(self, name: str, waited_s: float = 0) -> None:
        since = f"has been full for {waited_s:g} s" if waited_s else "is full"
        super().__init__(f"{name}: its queue {since}: send more slowly", errno.ENOBUFS)
        self.name = name


class FrameTooLong(_OfTheSystem):
    """A frame is longer than the link takes. `size`: the frame's octets; `mtu`: what may follow its header."""

    def __init__(self, name: str, size: int, mtu: int | None) -> None:
        super().__init__(
            f"{name}: a frame of {size} octets is too long: the MTU is {mtu} octets (without the link's own header)",
            errno.EMSGSIZE,
        )
        self.name = name
        self.size = size
        self.mtu = mtu


class FrameTooShort(_OfTheSystem):
    """A frame that does not even hold the link's own header, or nothing after it."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(f"{name}: a frame of {size} octets is shorter than the link's own header", errno.EINVAL)
        self.name = name
        self.size = size


class SendFailed(_OfTheSystem):
    """The system did not take a frame, for a reason that has no class of its own here; its words are in the message."""

    def __init__(self, name: str, size: int, number: int, more: str = "") -> None:
        super().__init__(f"{name}: {os.strerror(number)} (a frame of {size} octets{more})", number)
        self.name = name
        self.size = size

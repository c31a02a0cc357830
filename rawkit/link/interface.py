"""What the kernel says of a network interface, asked through a socket: in the namespace that the socket is in."""

from __future__ import annotations

import fcntl
import socket
import struct

from rawkit.capture.linktypes import LinkType
from rawkit.link import kernel
from rawkit.link.errors import InterfaceGone, LinkError, NoSuchInterface

LOOKED_AT = 4_096
"""Numbers of interfaces that are asked for their names."""

LINK_TYPES = {
    1: 1,  # ARPHRD_ETHER
    772: 1,  # ARPHRD_LOOPBACK: Linux's has Ethernet headers
    0xFFFE: 101,  # ARPHRD_NONE: a tun interface
    519: 101,  # ARPHRD_RAWIP
    768: 101,  # ARPHRD_TUNNEL: IP in IP
    769: 101,  # ARPHRD_TUNNEL6
    776: 101,  # ARPHRD_SIT: IPv6 in IPv4
    280: 227,  # ARPHRD_CAN
    801: 105,  # ARPHRD_IEEE80211
    802: 119,  # ARPHRD_IEEE80211_PRISM
    803: 127,  # ARPHRD_IEEE80211_RADIOTAP
    824: 253,  # ARPHRD_NETLINK
}
"""The kernel's hardware types (linux/if_arp.h) whose frames are those of a link type of capture files."""


class OnInterface:
    """One interface, by its number: its name may change."""

    def __init__(self, asked: socket.socket, name: str) -> None:
        """NoSuchInterface where none has that name."""
        self._socket = asked
        self.name = name
        if not 0 < len(name.encode()) < kernel.IFNAMSIZ or "\0" in name:
            raise NoSuchInterface(name, names(asked))
        try:
            self.index: int = self._ask(kernel.SIOCGIFINDEX, "i")
        except OSError:
            raise NoSuchInterface(name, names(asked)) from None

    def _ask(self, what: int, form: str) -> int:
        """One number out of a `struct ifreq` (netdevice(7))."""
        answer = fcntl.ioctl(self._socket, what, struct.pack("16s24x", self.name.encode()))
        number: int = struct.unpack_from(form, answer, kernel.IFNAMSIZ)[0]
        return number

    def is_there(self) -> bool:
        """Whether it still is, in this namespace; its name is looked up anew."""
        name = _name(self._socket, self.index)
        self.name = name or self.name
        return bool(name)

    def _asked_of_what_is_there(self, what: int, form: str) -> int:
        if not self.is_there():
            raise InterfaceGone(self.name)
        return self._ask(what, form)

    @property
    def mtu(self) -> int:
        return self._asked_of_what_is_there(kernel.SIOCGIFMTU, "i")

    @property
    def is_loopback(self) -> bool:
        return bool(self._asked_of_what_is_there(kernel.SIOCGIFFLAGS, "H") & kernel.IFF_LOOPBACK)

    @property
    def medium(self) -> LinkType:
        """What its frames start with; LinkError where no link type says it."""
        hardware = self._asked_of_what_is_there(kernel.SIOCGIFHWADDR, "H")
        if hardware not in LINK_TYPES:
            raise LinkError(
                f"{self.name}: of its kind of frames (the kernel's hardware type {hardware}) we know nothing"
            )
        return LinkType(LINK_TYPES[hardware])


def _name(asked: socket.socket, index: int) -> str:
    """Of the interface with that number; "" where there is none."""
    try:
        answer = fcntl.ioctl(asked, kernel.SIOCGIFNAME, struct.pack("16xi20x", index))
    except OSError:
        return ""
    return answer[: kernel.IFNAMSIZ].rstrip(b"\0").decode(errors="replace")


def names(asked: socket.socket) -> list[str]:
    """Of the interfaces in the socket's namespace, in the order of their numbers."""
    return [name for index in range(1, LOOKED_AT) if (name := _name(asked, index))]

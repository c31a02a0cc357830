"""The one face that every link has: frames in, frames out."""

from __future__ import annotations

import asyncio
import io
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from rawkit.capture.frame import Frame, Interface
from rawkit.capture.linktypes import LinkType
from rawkit.capture.offload import Offload
from rawkit.capture.pcapng_values import Option, PacketFlags
from rawkit.capture.writer import Octets, octets_of
from rawkit.clock import NANOSECONDS, SYSTEM, Clock
from rawkit.link.errors import LinkEnded, LinkError

Sendable = Octets | Frame  # and a row of a matrix of octets
"""What can be sent: octets, a `Packet`, or a frame of another link, with what is still to be done to it (`offload`)."""


@dataclass(frozen=True)
class Statistics:
    """Counts since the link was opened. What came = `received` + `dropped`; what was to be sent = `sent` + `failed`."""

    received: int = 0
    """Frames handed over, or still waiting to be."""
    dropped: int = 0
    """Frames that the kernel (or a full queue) threw away because nobody fetched them in time."""
    freezes: int = 0
    """How often the receiving ring was full."""
    sent: int = 0
    failed: int = 0


@dataclass
class Sent:
    """What became of many frames: `asked` = `sent` + `failed`, always."""

    asked: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)
    """(which of them, counted from 0; the name of the system's error, such as "EMSGSIZE")."""

    @property
    def failed(self) -> int:
        return len(self.failures)

    @property
    def sent(self) -> int:
        return self.asked - self.failed

    @property
    def errors(self) -> Counter[str]:
        """How many failed by which error."""
        return Counter(name for _, name in self.failures)


class Link(ABC):
    """Where frames come from and go to; a context manager, iterable, and usable with `async for`.

    Times are those of `clock`. Every timeout is in seconds, None waits for as long as it takes, 0 does not wait.
    """

    name: str
    """Of the interface, or what stands for one; for messages."""
    medium: LinkType
    """The link type number of capture files: what frames start with."""
    clock: Clock = SYSTEM

    def __init__(self) -> None:
        self._ready: deque[Frame] = deque()

    @property
    @abstractmethod
    def mtu(self) -> int | None:
        """Octets that a frame can carry after the link's own header; None where there is no limit."""

    @abstractmethod
    def receive_many(self, timeout: float | None = None) -> list[Frame]:
        """What has come, at least one frame; an empty list when nothing did in time.

        LinkEnded when no more will come; other LinkErrors when something happened to the link.
        """

    def receive(self, timeout: float | None = None) -> Frame | None:
        """The next frame; None when none came in time. Raises as `receive_many` does."""
        if not self._ready:
            self._ready.extend(self.receive_many(timeout))
        return self._ready.popleft() if self._ready else None

    def send(self, octets: Sendable) -> None:
        """Send one frame, or raise the LinkError that says why not."""
        self.put(*parts(octets))

    @abstractmethod
    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        """What `send` does, for octets and what is still to be done to them."""

    def send_many(self, many: Iterable[Sendable]) -> Sent:
        """Send frames in their order. What cannot be sent is counted by its error, and the others are sent.

        The rows of a matrix of octets (NumPy, uint8) are frames, too.
        """
        told = Sent()
        for octets in many:
            told.asked += 1
            try:
                self.send(octets)
            except OSError as error:
                told.failures.append((told.asked - 1, name_of(error)))
        return told

    def fileno(self) -> int:
        """Readable when something may have come. After that, receive until there is nothing: a part may be at hand
        already. Where time alone brings something, `due_ns` says when to look."""
        raise io.UnsupportedOperation(f"{self.name}: nothing here that select() could wait for; see due_ns()")

    def due_ns(self) -> int | None:
        """When (on `clock`, monotonic) to look again, whatever `fileno` says; None: no need to."""
        return None

    @property
    @abstractmethod
    def statistics(self) -> Statistics: ...

    @abstractmethod
    def close(self) -> None:
        """Give everything back. May be called more than once, and from another thread: whoever waits there for a
        frame then gets LinkEnded."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        """Every frame, up to the end. An error of the link ends one loop; a new one goes on after it."""
        while True:
            try:
                frame = self.receive()
            except LinkEnded:
                return
            if frame is not None:
                yield frame

    async def __aiter__(self) -> AsyncIterator[Frame]:
        while True:
            try:
                frame = self.receive(0)
            except LinkEnded:
                return
            if frame is not None:
                yield frame
            else:
                await self._until_readable()

    async def _until_readable(self) -> None:
        """Until `fileno` is readable or `due_ns` has come, whichever is first."""
        loop = asyncio.get_running_loop()
        woken = loop.create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        due = self.due_ns()
        timer = None if due is None else loop.call_later((due - self.clock.monotonic_ns()) / NANOSECONDS, wake)
        try:
            descriptor = self.fileno()
        except io.UnsupportedOperation:
            if timer is None:
                raise
            await woken
            return
        loop.add_reader(descriptor, wake)
        try:
            await woken
        finally:
            loop.remove_reader(descriptor)
            if timer is not None:
                timer.cancel()


def name_of(error: OSError) -> str:
    """`EMSGSIZE`, of the error with that number."""
    import errno

    return errno.errorcode.get(error.errno or 0, type(error).__name__)


def parts(sendable: Sendable) -> tuple[bytes, Offload | None]:
    """The octets of what is to be sent, and what is still to be done to them."""
    if isinstance(sendable, bytes):
        return sendable, None
    if isinstance(sendable, Frame):
        if sendable.captured_length < sendable.wire_length:
            raise LinkError(
                f"frame {sendable.number}: only {sendable.captured_length} of its {sendable.wire_length} octets were"
                " captured: a frame that was cut cannot be sent (send frame.octets to send the beginning)"
            )
        return sendable.octets, sendable.offload
    row_of_a_matrix = getattr(sendable, "tobytes", None)
    return octets_of(sendable if row_of_a_matrix is None else row_of_a_matrix()), None


def refuse_unfinished(name: str, offload: Offload | None) -> None:
    """LinkError when something is still to be done to a frame, where nobody would."""
    if offload is not None and (offload.is_partial or offload.segment_size):
        what = "is to be cut" if offload.segment_size else "has an unfinished checksum"
        raise LinkError(f"{name}: the frame {what}, and nobody here would do it: switch the sender's offloads off")


Direction = Literal["in", "out"]
_KINDS = {"in": 1, "out": 2}  # pcapng, section "Enhanced Packet Block Flags Word": bits 0-1
_RECEPTIONS = {0: 1 << 2, 1: 3 << 2, 2: 2 << 2, 3: 4 << 2}  # sll_pkttype (packet(7)) -> bits 2-4 of the same word
_CHECKSUM_NOT_READY = 1 << 9


def flags_option(direction: Direction, to: int | None = None, partial: bool = False) -> tuple[Option, ...]:
    """pcapng's epb_flags of a frame that went there; `to` is the kernel's packet type of one that came in."""
    flags = _KINDS[direction] | _RECEPTIONS.get(-1 if to is None else to, 0) | (_CHECKSUM_NOT_READY if partial else 0)
    return (Option(2, "epb_flags", PacketFlags(flags)),)


_FLAGS = {(way, partial): flags_option(way, None, partial) for way in ("in", "out") for partial in (False, True)}


def described(medium: LinkType, name: str, snaplen: int = 0) -> Interface:
    """The interface that frames of a link come from, with nanoseconds."""
    return Interface(0, medium, snaplen, NANOSECONDS, options=(Option(2, "if_name", name),))


def made_frame(
    number: int, time_ns: int, octets: bytes, interface: Interface, direction: Direction, offload: Offload | None = None
) -> Frame:
    """A frame that passed a link of ours whole."""
    partial = offload is not None and offload.is_partial
    return Frame(number, time_ns, octets, len(octets), interface, _FLAGS[direction, partial], (), offload)


def as_it_arrived(frame: Frame, number: int, time_ns: int, octets: bytes, offload: Offload | None) -> Frame:
    """A frame after a way on which its octets may have changed: what else is known of it stays."""
    partial = _CHECKSUM_NOT_READY if offload is not None and offload.is_partial else 0
    flags = PacketFlags((frame.flags or _KINDS["in"]) & ~_CHECKSUM_NOT_READY | partial)
    kept = tuple(option for option in frame.options if option.name != "epb_flags")
    options = (*kept, Option(2, "epb_flags", flags))
    wire_length = frame.wire_length + len(octets) - frame.captured_length
    return Frame(number, time_ns, octets, wire_length, frame.interface, options, frame.defects, offload)

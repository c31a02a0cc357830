"""What this room asks of a recorded frame. `rawkit.capture.Frame` has it; this room does not know where it is from."""

from __future__ import annotations

from typing import Any, Protocol

from rawkit.errors import Defect
from rawkit.wire import Packet


class LinkType(Protocol):
    """A link type number with a name."""

    @property
    def name(self) -> str: ...
    def __int__(self) -> int: ...


class Frame(Protocol):
    """A packet with what its capture says of it. `number` counts from 1, `time_ns` from 1970; None: it does not say."""

    @property
    def number(self) -> int: ...
    @property
    def time_ns(self) -> int | None: ...
    @property
    def captured_length(self) -> int: ...
    @property
    def wire_length(self) -> int: ...
    @property
    def linktype(self) -> LinkType: ...
    @property
    def interface(self) -> Any: ...
    @property
    def fcs_length(self) -> int | None: ...
    @property
    def comment(self) -> str | None: ...
    @property
    def defects(self) -> tuple[Defect, ...]: ...
    @property
    def packet(self) -> Packet: ...


def packet_of(what: Packet | Frame) -> Packet:
    """The packet of either."""
    return what if isinstance(what, Packet) else what.packet

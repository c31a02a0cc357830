"""The frame check sequence: behind the packet, where a capture says that its frames were recorded with it."""

from __future__ import annotations

from rawkit.show.seen import Frame, packet_of
from rawkit.wire import Packet

NAME = "frame check sequence"


def octets_of_check(what: Packet | Frame) -> int:
    """How many octets at the trailer's end are it. What the capture cut off a frame was at its end, too."""
    if isinstance(what, Packet):
        return 0
    cut = max(what.wire_length - what.captured_length, 0)
    return max(min((what.fcs_length or 0) - cut, len(what.packet.trailer)), 0)


def said(what: Packet | Frame) -> str:
    """Of the trailer: `, frame check sequence`; where padding is before that, `, the last 4 frame check sequence`."""
    check = octets_of_check(what)
    if not check:
        return ""
    return f", {NAME}" if check == len(packet_of(what).trailer) else f", the last {check} {NAME}"

"""The most common frames observed without making packets: TCP in IPv4 in Ethernet, with nothing unusual about it.

A segment of a conversation that is known, whole, right in every checksum, with no flags but ACK, PSH and FIN, no
options but timestamps: of a million frames nearly all. Everything else goes the general way (`observed.py`); the tests
hold the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rawkit.analysis.observed import ACK, FIN, MAX_DATA, PSH
from rawkit.analysis.records import NOTHING, ROW, STAMPED, TIMELESS
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4, IPv4Flags
from rawkit.protocols.tcp import TCP
from rawkit.protocols.tcp_options import NoOperation, Timestamps
from rawkit.wire.chain import Chain
from rawkit.wire.extract import compile_extractor
from rawkit.wire.sound import compile_sound

if TYPE_CHECKING:
    from rawkit.analysis.conversations import Conversation
    from rawkit.capture import Frame

CHAIN = Chain([Ethernet, IPv4, TCP])
IP_START, TCP_START = CHAIN.starts[1:]

extract = compile_extractor(
    CHAIN,
    [
        *((IPv4, "src"), (TCP, "sport"), (IPv4, "dst"), (TCP, "dport")),
        *((IPv4, "total_length"), (IPv4, "identification"), (IPv4, "flags")),
        *((TCP, "seq"), (TCP, "ack"), (TCP, "data_offset"), (TCP, "flags"), (TCP, "window")),
    ],
)
sound = compile_sound(CHAIN)

FEW_FLAGS = {ACK: 0, ACK | PSH: 0, ACK | FIN: 1, ACK | PSH | FIN: 1}
"""Flags -> the sequence numbers that they take beside the data."""

WHOLE = frozenset({0, IPv4Flags.df.mask})
"""IPv4's flags of what is no fragment."""
STAMPS = 2 * bytes(NoOperation()) + bytes(Timestamps())[:2]
"""How options begin that are timestamps alone, in the layout that RFC 7323 appendix A recommends."""

read_stamps = Timestamps.layout.struct.unpack_from

Flows = dict[tuple[object, ...], tuple["Conversation", int]]
"""Source address and port, destination address and port -> the conversation, and which end of it the source is."""


def row_of(frame: Frame, flows: Flows) -> tuple[Conversation, int, int, bytes] | None:
    """(its conversation, the end that sent it, the number after its last, its row of `Records`); None for the general
    way."""
    octets = frame.octets
    if frame.interface.header is not Ethernet or frame.wire_length != len(octets) or frame.options:
        return None
    values = extract(octets)
    if values is None:
        return None
    total_length, identification, fragment, seq, ack, data_offset, flags, window = values[4:]
    flow = flows.get(values[:4])
    if flow is None or flags not in FEW_FLAGS or fragment not in WHOLE:
        return None
    end, body = IP_START + total_length, TCP_START + 4 * data_offset
    first, tsval, tsecr = flow[1], 0, 0
    if data_offset > 5:
        if data_offset != 8 or octets[body - 12 : body - 8] != STAMPS:
            return None
        _, _, tsval, tsecr = read_stamps(octets, body - 10)
        first |= STAMPED
    time_ns = frame.time_ns
    if not sound(octets, end) or (time_ns or 0) >> 62:
        return None
    row = ROW.pack(
        *(first if time_ns is not None else first | TIMELESS, flags, window, frame.number, time_ns or 0),
        *(len(octets), end - body, seq, ack, identification, NOTHING, tsval, tsecr),
        octets[body : min(end, body + MAX_DATA)],
    )
    return *flow, (seq + end - body + FEW_FLAGS[flags]) & 0xFFFFFFFF, row

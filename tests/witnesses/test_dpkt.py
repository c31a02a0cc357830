"""dpkt 1.9.8 on the same frames."""

from __future__ import annotations

import socket
from pathlib import Path
from struct import error as struct_error
from typing import Any

import dpkt.ethernet
import dpkt.ip
import dpkt.ip6
import dpkt.tcp
import dpkt.udp
import pytest

from rawkit.capture import Frame
from rawkit.protocols import TCP, UDP, Ethernet, IPv4, IPv6
from rawkit.wire import Address, Packet
from tests.witnesses.octets import NO_SHARED, captures, frames, single_frames

ETHERNET = 1

CLASSES: dict[Any, Any] = {
    Ethernet: dpkt.ethernet.Ethernet,
    IPv4: dpkt.ip.IP,
    IPv6: dpkt.ip6.IP6,
    TCP: dpkt.tcp.TCP,
    UDP: dpkt.udp.UDP,
}
"""Our header -> dpkt's."""

FIELDS: dict[Any, dict[str, str]] = {
    Ethernet: {"dst": "dst", "src": "src"},
    IPv4: {
        "version": "v",
        "ihl": "hl",
        "total_length": "len",
        "identification": "id",
        "ttl": "ttl",
        "protocol": "p",
        "checksum": "sum",
        "src": "src",
        "dst": "dst",
    },
    IPv6: {
        "version": "v",
        "flow_label": "flow",
        "payload_length": "plen",
        "next_header": "nxt",
        "hop_limit": "hlim",
        "src": "src",
        "dst": "dst",
    },
    TCP: {
        "sport": "sport",
        "dport": "dport",
        "seq": "seq",
        "ack": "ack",
        "data_offset": "off",
        "window": "win",
        "checksum": "sum",
        "urgent_pointer": "urp",
    },
    UDP: {"sport": "sport", "dport": "dport", "length": "ulen", "checksum": "sum"},
}
"""Our field -> dpkt's."""

DIFFERENCES = {
    "Ethernet.type": "dpkt replaces it by the type behind VLAN tags",
    "IPv4.flags, .fragment_offset": "dpkt has one number for both",
    "TCP.flags": "dpkt leaves out the ninth flag, AE",
}
"""Why these are not compared."""


def chain(outermost: Any) -> list[Any]:
    """dpkt's headers, each inside the one before."""
    found = []
    while isinstance(outermost, dpkt.Packet):
        found.append(outermost)
        outermost = outermost.data
    return found


def plain(value: Any) -> Any:
    """A value of ours as dpkt has it."""
    return value.packed if isinstance(value, Address) else int(value)


def disagreements(packet: Packet, theirs: list[Any]) -> list[str]:
    """The fields of the first header of each kind that dpkt reads otherwise."""
    found = []
    for ours, fields in FIELDS.items():
        header = packet.get(ours)
        other = next((each for each in theirs if type(each) is CLASSES[ours]), None)
        if header is None or other is None:
            continue
        for name, name_there in fields.items():
            mine, value = getattr(header, name), getattr(other, name_there)
            if plain(mine) != value:
                found.append(f"{ours.__name__}.{name}: ours {mine!r}, dpkt's {value!r}")
    return found


def examine(found: tuple[Frame, ...] | list[Frame]) -> None:
    wrong = []
    for frame in found:
        packet = frame.packet
        if frame.linktype != ETHERNET or packet.defects or Ethernet not in packet:
            continue  # dpkt raises on damaged ones
        try:
            theirs = chain(dpkt.ethernet.Ethernet(frame.octets))
        except (dpkt.UnpackError, AttributeError, IndexError, struct_error):
            continue  # what dpkt cannot read is no evidence
        wrong += [f"frame {frame.number}: {each}" for each in disagreements(packet, theirs)]
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("path", captures())
def test_fields(path: Path) -> None:
    examine(frames(path))


def test_single_frames() -> None:
    found = single_frames()
    if not found:
        pytest.skip(NO_SHARED)
    examine(found)


def test_a_packet_built_by_dpkt_has_our_octets() -> None:
    """dpkt fills lengths and checksums of an IPv4 datagram too."""
    ours = IPv4(src="10.0.0.1", dst="10.0.0.2", ttl=9) / UDP(sport=1, dport=2) / b"data!"
    udp = dpkt.udp.UDP(sport=1, dport=2, data=b"data!", ulen=13)
    theirs = dpkt.ip.IP(src=socket.inet_aton("10.0.0.1"), dst=socket.inet_aton("10.0.0.2"), ttl=9, p=17, data=udp)
    theirs.len = len(theirs)
    assert bytes(theirs) == ours.octets

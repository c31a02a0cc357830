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
from rawkit.interop.dpkt import headers
from rawkit.protocols import TCP, UDP, VXLAN, Ethernet, Geneve, IPv4, IPv6
from rawkit.wire import Address
from tests.witnesses.octets import captures, frames
from tests.witnesses.peer import Peer

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


def decode(frame: Frame) -> list[Any] | None:
    """dpkt's headers; None where it raises: what it cannot read is no evidence."""
    try:
        return headers(dpkt.ethernet.Ethernet(frame.octets))
    except (dpkt.UnpackError, AttributeError, IndexError, struct_error):
        return None


def plain(value: Any) -> Any:
    """A value as dpkt has it: octets for an address."""
    return value.packed if isinstance(value, Address) else value if isinstance(value, bytes) else int(value)


DPKT = Peer(
    name="dpkt",
    fields=FIELDS,
    decode=decode,
    header=lambda theirs, ours: next((each for each in theirs if type(each) is CLASSES[ours]), None),
    field=getattr,
    plain=plain,
    opaque=(VXLAN, Geneve),
)


@pytest.mark.parametrize("path", captures())
def test_fields(path: Path) -> None:
    DPKT.examine(frames(path), path.name)


def test_single_frames() -> None:
    DPKT.examine_single_frames()


def test_a_packet_built_by_dpkt_has_our_octets() -> None:
    """dpkt fills lengths and checksums of an IPv4 datagram too."""
    ours = IPv4(src="10.0.0.1", dst="10.0.0.2", ttl=9) / UDP(sport=1, dport=2) / b"data!"
    udp = dpkt.udp.UDP(sport=1, dport=2, data=b"data!", ulen=13)
    theirs = dpkt.ip.IP(src=socket.inet_aton("10.0.0.1"), dst=socket.inet_aton("10.0.0.2"), ttl=9, p=17, data=udp)
    theirs.len = len(theirs)
    assert bytes(theirs) == ours.octets

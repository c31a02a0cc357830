"""scapy 2.8.0 on the same frames, and on packets built from the same values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import scapy.contrib.geneve
import scapy.contrib.mpls
import scapy.layers.inet
import scapy.layers.inet6
import scapy.layers.l2
import scapy.layers.ppp
import scapy.layers.vxlan
import scapy.packet
from hypothesis import given, settings
from hypothesis import strategies as st

from rawkit.capture import Frame
from rawkit.protocols import ARP, GRE, MPLS, TCP, UDP, AuthenticationHeader, Ethernet, IPv4, IPv6
from rawkit.wire import Address
from tests.witnesses.octets import captures, frames
from tests.witnesses.peer import Peer

CLASSES: dict[Any, Any] = {
    Ethernet: scapy.layers.l2.Ether,
    ARP: scapy.layers.l2.ARP,
    IPv4: scapy.layers.inet.IP,
    IPv6: scapy.layers.inet6.IPv6,
    TCP: scapy.layers.inet.TCP,
    UDP: scapy.layers.inet.UDP,
    GRE: scapy.layers.l2.GRE,
    MPLS: scapy.contrib.mpls.MPLS,
}
"""Our header -> scapy's."""

FIELDS: dict[Any, dict[str, str]] = {
    Ethernet: {"dst": "dst", "src": "src", "type": "type"},
    ARP: {
        "hardware_type": "hwtype",
        "protocol_type": "ptype",
        "hardware_length": "hwlen",
        "protocol_length": "plen",
        "opcode": "op",
        "sender_mac": "hwsrc",
        "sender_ip": "psrc",
        "target_mac": "hwdst",
        "target_ip": "pdst",
    },
    IPv4: {
        "version": "version",
        "ihl": "ihl",
        "total_length": "len",
        "identification": "id",
        "flags": "flags",
        "fragment_offset": "frag",
        "ttl": "ttl",
        "protocol": "proto",
        "checksum": "chksum",
        "src": "src",
        "dst": "dst",
    },
    IPv6: {
        "version": "version",
        "flow_label": "fl",
        "payload_length": "plen",
        "next_header": "nh",
        "hop_limit": "hlim",
        "src": "src",
        "dst": "dst",
    },
    TCP: {
        "sport": "sport",
        "dport": "dport",
        "seq": "seq",
        "ack": "ack",
        "data_offset": "dataofs",
        "reserved": "reserved",
        "flags": "flags",
        "window": "window",
        "checksum": "chksum",
        "urgent_pointer": "urgptr",
    },
    GRE: {"protocol": "proto", "key": "key", "sequence_number": "sequence_number", "recursion": "recursion_control"},
    MPLS: {"label": "label", "traffic_class": "cos", "bottom": "s", "ttl": "ttl"},
    UDP: {"sport": "sport", "dport": "dport", "length": "len", "checksum": "chksum"},
}
"""Our field -> scapy's."""


def decode(frame: Frame) -> Any:
    """scapy's packet; it has other classes for 802.3, which are not compared."""
    return scapy.layers.l2.Ether(frame.octets) if frame.packet[Ethernet].type >= 1536 else None


ONLY: dict[Any, dict[str, int]] = {GRE: {"chksum_present": 0, "routing_present": 0}}
"""Which of scapy's headers of a class are ours: it has one for GRE in all its forms."""


def plain(value: Any) -> Any:
    """A value of either side as it is compared."""
    return str(value) if isinstance(value, (str, Address)) else int(value)


SCAPY = Peer(
    name="scapy",
    fields=FIELDS,
    decode=decode,
    header=lambda theirs, ours: theirs.getlayer(CLASSES[ours], **ONLY.get(ours, {})),
    field=lambda header, name: header.getfieldval(name),
    plain=plain,
    opaque=(AuthenticationHeader,),
)


@pytest.mark.parametrize("path", captures())
def test_fields(path: Path) -> None:
    SCAPY.examine(frames(path), path.name)


def test_single_frames() -> None:
    SCAPY.examine_single_frames()


def rebuilt_by_scapy(theirs: Any) -> bytes:
    """scapy's octets with every computed field left to scapy."""
    layer = theirs
    while layer:
        for name in ("chksum", "len", "ihl", "dataofs", "plen"):
            if name in layer.fields and layer.name != "ARP":
                del layer.fields[name]
        layer = layer.payload
    return bytes(theirs)


@settings(max_examples=150)
@given(
    st.sampled_from([(IPv4, 4), (IPv6, 16)]),
    st.sampled_from([TCP, UDP]),
    st.binary(min_size=32, max_size=32),
    st.tuples(st.integers(0, 65535), st.integers(0, 65535)),
    st.binary(max_size=60),
)
def test_lengths_and_checksums_are_filled_as_scapy_fills_them(
    network: Any, transport: Any, addresses: bytes, ports: tuple[int, int], payload: bytes
) -> None:
    """TCP or UDP over IPv4 or IPv6: any addresses, ports, payload."""
    ip, size = network
    header = ip(src=addresses[:size], dst=addresses[16 : 16 + size])
    packet = header / transport(sport=ports[0], dport=ports[1]) / payload
    assert rebuilt_by_scapy(CLASSES[ip](packet.octets)) == packet.octets

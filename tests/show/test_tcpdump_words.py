"""Lines of packets made here, word for word as tcpdump prints them: protocols that few captures hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rawkit.protocols import (
    GRE,
    MPLS,
    SCTP,
    UDP,
    VLAN,
    VXLAN,
    EnhancedGRE,
    Ethernet,
    GREChecksum,
    ICMPv6,
    IGMPReport,
    IPv4,
    IPv6,
    IPv6Fragment,
)
from rawkit.show import line
from rawkit.wire import Packet
from tests.show.test_lines import in_their_words, tcpdump
from tests.show.test_records import network
from tests.show.test_records_made import CHUNKS, IGMP_MESSAGES, MLD_MESSAGES, MULTICAST, MULTICAST_6
from tests.show.tunnels_made import FOR_TCPDUMP
from tests.written import written

INNER = IPv4(src="10.1.0.1", dst="10.1.0.2") / UDP(sport=1000, dport=9) / b"data"

MADE: dict[str, list[Packet]] = {
    **FOR_TCPDUMP,
    "GRE": [
        network() / each / INNER for each in (GRE(), GRE(key=5), GRE(key=7, sequence_number=8), GREChecksum(key=1))
    ],
    "GRE of PPTP": [network() / EnhancedGRE(call_id=6, acknowledgement_number=26)],
    "MPLS": [Ethernet() / MPLS(label=16, traffic_class=5, ttl=9) / MPLS(label=label) / INNER for label in (20, 999)],
    "IGMP": [MULTICAST / each for each in IGMP_MESSAGES if not isinstance(each, IGMPReport)],
    "SCTP": [network() / SCTP(sport=1000, dport=2000, chunks=chunks) for chunks in CHUNKS],
    "tunnels": [network() / INNER, network() / IPv6() / UDP() / b"data", Ethernet() / IPv6() / IPv6() / IPv4() / UDP()],
}


def theirs(packets: list[Packet], folder: Path, *options: str) -> list[str]:
    """tcpdump's lines of these packets."""
    path = written(folder / "made.pcap", packets)
    return tcpdump(path, *options)


@pytest.mark.parametrize("what", MADE)
def test_tcpdump_says_the_same(what: str, tmp_path: Path) -> None:
    told = [in_their_words(line(packet)) for packet in MADE[what]]
    assert told == [said.rstrip() for said in theirs(MADE[what], tmp_path)]


def test_pieces_of_ipv6_datagrams_as_tcpdump_tells_them_when_asked_for_more(tmp_path: Path) -> None:
    """It puts the ports behind, says nothing of the later pieces' protocol, and not whether more follow."""
    pieces: list[Packet] = [
        IPv6Fragment(identification=77, more_fragments=1) / UDP(sport=1, dport=9, length=100),
        Packet(IPv6Fragment(identification=77, fragment_offset=185, more_fragments=1, next_header=17)),
        Packet(IPv6Fragment(identification=77, fragment_offset=370, next_header=17)),
    ]
    packets = [Ethernet() / IPv6() / each / bytes(24) for each in pieces]
    told = [re.search(r"frag \(\S+\)", line(packet)) for packet in packets]
    said = [re.search(r"frag \(\S+\)", each) for each in theirs(packets, tmp_path, "-v")]
    assert [each and each[0].replace("+)", ")") for each in told] == [each and each[0] for each in said]
    assert [each and each[0].endswith("+)") for each in told] == [True, True, False]


def test_what_no_ethertype_names_is_told_with_the_frame_s_length(tmp_path: Path) -> None:
    packets = [Ethernet(type=0x88C0) / b"abcdef", Ethernet() / VLAN(id=5, type=0x88C0) / b"abcdef"]
    plain, tagged = (said.rstrip(" :") for said in theirs(packets, tmp_path))
    assert line(packets[0]) == plain
    assert line(packets[1]).removeprefix("vlan 5, ") == tagged.partition(", ")[2]


def test_vxlan_is_two_lines_to_tcpdump(tmp_path: Path) -> None:
    packet = network() / UDP(sport=50000) / VXLAN(vni=77) / Ethernet() / INNER
    assert in_their_words(line(packet)) == ": ".join(theirs([packet], tmp_path))


def test_records_are_told_as_tcpdump_tells_them_when_asked_for_more(tmp_path: Path) -> None:
    packets = [MULTICAST / each for each in IGMP_MESSAGES if isinstance(each, IGMPReport) and each.records]
    _, said = theirs(packets, tmp_path, "-v")
    assert [line(packet).partition(": ")[2] for packet in packets] == [said.partition(": ")[2]]


def test_mld(tmp_path: Path) -> None:
    """tcpdump leaves out what should stand between type and delay."""
    packets = [MULTICAST_6 / ICMPv6() / each for each in MLD_MESSAGES]
    for packet, said in zip(packets, theirs(packets, tmp_path), strict=True):
        told = line(packet).partition("ICMP6, ")[2].replace(", max", "max")
        without_records = re.sub(r"(record\(s\)) .*(, length)", r"\1\2", told)
        assert without_records == said.partition("ICMP6, ")[2]

"""Lines of packets made here, word for word as tcpdump prints them: protocols that few captures hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit.capture import PcapWriter
from rawkit.protocols import GRE, MPLS, UDP, EnhancedGRE, Ethernet, GREChecksum, IPv4, IPv6
from rawkit.show import line
from rawkit.wire import Packet
from tests.show.test_lines import in_their_words, tcpdump
from tests.show.test_records import network

INNER = IPv4(src="10.1.0.1", dst="10.1.0.2") / UDP(sport=1000, dport=9) / b"data"

MADE: dict[str, list[Packet]] = {
    "GRE": [
        network() / each / INNER for each in (GRE(), GRE(key=5), GRE(key=7, sequence_number=8), GREChecksum(key=1))
    ],
    "GRE of PPTP": [network() / EnhancedGRE(call_id=6, acknowledgement_number=26)],
    "MPLS": [Ethernet() / MPLS(label=16, traffic_class=5, ttl=9) / MPLS(label=label) / INNER for label in (20, 999)],
    "tunnels": [network() / INNER, network() / IPv6() / UDP() / b"data", Ethernet() / IPv6() / IPv6() / IPv4() / UDP()],
}


@pytest.mark.parametrize("what", MADE)
def test_tcpdump_says_the_same(what: str, tmp_path: Path) -> None:
    path = tmp_path / "made.pcap"
    with PcapWriter(path, linktype=1) as writer:
        for packet in MADE[what]:
            writer.write_octets(bytes(packet), time_ns=0)
    assert [in_their_words(line(packet)) for packet in MADE[what]] == tcpdump(path)

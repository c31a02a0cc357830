"""Counting what a capture holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rawkit.capture import PcapWriter
from rawkit.protocols import (
    LLC,
    TCP,
    UDP,
    Ethernet,
    GREChecksum,
    ICMPv4,
    ICMPv4EchoRequest,
    IPv4,
    UDPLite,
    catalog,
)
from rawkit.show import line
from rawkit.show.summaries import MAX_COUNTED, OTHERS, Summary, chain, count, summary
from rawkit.show.times import Clockwork, absolute, seconds
from rawkit.wire import Header, Packet
from tests.show.captures import PROJECT, frames


def test_counts_add_up() -> None:
    found = frames(PROJECT / "captures" / "tcp" / "echo.pcap")
    gathered = Summary()
    for frame in found:
        gathered.add(frame)
    assert gathered.packets == len(found) == gathered.protocols.total()
    assert gathered.octets == sum(frame.wire_length for frame in found)
    (client,) = {frame.packet[TCP].sport for frame in found if TCP in frame.packet} - {7}
    assert set(gathered.end_points) == {f"10.0.0.1.{client} TCP", "10.0.0.2.7 TCP"}
    assert gathered.checksums == {"good": 20}
    assert "10  Ethernet/IPv4/TCP" in summary(gathered)


def recorded(path: Path, *packets: tuple[int, Packet]) -> Summary:
    """What is counted of a capture of these: (seconds since 1970, packet)."""
    with PcapWriter(path, linktype=1) as writer:
        for second, packet in packets:
            writer.write_octets(bytes(packet), time_ns=second * 10**9)
    gathered = Summary()
    for frame in frames(path):
        gathered.add(frame)
    return gathered


def test_a_packet_from_an_end_to_itself_is_one_packet_of_it(tmp_path: Path) -> None:
    network = Ethernet() / IPv4(src="127.0.0.1", dst="127.0.0.1")
    gathered = recorded(tmp_path / "x.pcap", (0, network / UDP(sport=7, dport=7)), (0, network / UDP(sport=7, dport=8)))
    assert gathered.end_points == {"127.0.0.1.7 UDP": 2, "127.0.0.1.8 UDP": 1}


def test_the_span_is_from_the_earliest_to_the_latest_packet(tmp_path: Path) -> None:
    packet = Ethernet() / IPv4()
    gathered = recorded(tmp_path / "x.pcap", *((second, packet) for second in (20, 20, 30, 5, 5, 10)))
    rows = summary(gathered).split("\n")
    assert rows[1] == "span        25.000000 s, 1970-01-01 00:00:05.000000 to 1970-01-01 00:00:30.000000 UTC"
    assert rows[2] == "            1 packet earlier than the one before"


def test_an_empty_capture_has_a_summary() -> None:
    assert summary(Summary()) == "packets     0, 0 octets on the wire\nchecksums   none"


def test_memory_is_bounded() -> None:
    gathered = Summary()
    for number in range(MAX_COUNTED + 10):
        count(gathered.end_points, str(number))
    assert len(gathered.end_points) == MAX_COUNTED + 1
    assert gathered.end_points[OTHERS] == 10


def test_times_are_exact() -> None:
    assert seconds(1_999_999_999, 9) == "1.999999999"
    assert seconds(-1) == "-0.000000"
    assert absolute(1_700_000_000_123_456_789) == "2023-11-14 22:13:20.123456"
    assert absolute(2**64 * 10**9) == f"{2**64}.000000"


def test_the_three_ways_to_tell_time() -> None:
    stamps = [5_000_000_000, 5_000_250_000, None, 4_000_000_000]
    relative, delta = Clockwork("relative"), Clockwork("delta")
    assert [relative.text(each) for each in stamps] == ["0.000000", "0.000250", "-", "-1.000000"]
    assert [delta.text(each) for each in stamps] == ["0.000000", "0.000250", "-", "-1.000250"]


def test_what_stayed_octets_is_named_by_its_number() -> None:
    later = IPv4(protocol=50, fragment_offset=100)
    packets = [
        (Ethernet() / IPv4(protocol=50) / b"octets", "Ethernet/IPv4/ESP"),
        (Ethernet() / later / b"octets", "Ethernet/IPv4"),
        (Ethernet() / IPv4(protocol=200) / b"octets", "Ethernet/IPv4"),
        (Ethernet() / LLC(dsap=0x42) / b"octets", "Ethernet/LLC/spanning tree"),
        (Ethernet() / IPv4() / UDP() / b"octets", "Ethernet/IPv4/UDP"),
    ]
    assert ["/".join(chain(packet.layers)) for packet, _ in packets] == [named for _, named in packets]
    assert list(chain(())) == []


def test_headers_are_called_as_people_call_them() -> None:
    """In counts and sentences stands what a protocol's own texts say, and no class of rawkit's."""
    echo = Packet.decode(bytes(IPv4() / ICMPv4(type=8) / ICMPv4EchoRequest()), first=IPv4)
    assert "/".join(chain(echo.layers)) == "IPv4/ICMPv4/ICMPv4 echo request"
    tunnel = IPv4() / GREChecksum() / IPv4() / UDPLite()
    assert "/".join(chain(tunnel.layers)) == "IPv4/GRE/IPv4/UDP-Lite"
    assert "[bad GRE cksum 0x0001 " in line(tunnel.replace(GREChecksum, checksum=1))


@pytest.mark.parametrize("cls", [cls for cls in catalog.classes() if issubclass(cls, Header)])
def test_no_name_is_a_class_of_several_words(cls: catalog.Class) -> None:
    words = cls.layout.called.split()
    assert [word for word in words if re.search("[a-z]{2}[A-Z]", word)] == []
    assert len(words) == 1 or not any(word.istitle() for word in words)

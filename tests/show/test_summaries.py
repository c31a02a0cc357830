"""Counting what a capture holds."""

from __future__ import annotations

from rawkit.protocols import LLC, TCP, UDP, Ethernet, IPv4
from rawkit.show.summaries import MAX_COUNTED, OTHERS, Summary, chain, count, summary
from rawkit.show.times import Clockwork, absolute, seconds
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
    later = IPv4(protocol=47, fragment_offset=100)
    packets = [
        (Ethernet() / IPv4(protocol=47) / b"octets", "Ethernet/IPv4/GRE"),
        (Ethernet() / later / b"octets", "Ethernet/IPv4"),
        (Ethernet() / IPv4(protocol=200) / b"octets", "Ethernet/IPv4"),
        (Ethernet() / LLC(dsap=0x42) / b"octets", "Ethernet/LLC/spanning tree"),
        (Ethernet() / IPv4() / UDP() / b"octets", "Ethernet/IPv4/UDP"),
    ]
    assert ["/".join(chain(packet.layers)) for packet, _ in packets] == [named for _, named in packets]
    assert list(chain(())) == []

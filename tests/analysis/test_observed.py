"""How much data a packet carried on the wire, whatever the capture has of it; and what an ICMP error quotes."""

import pytest

from rawkit.analysis.observed import Observed, observe, quoted_ends
from rawkit.capture import Frame
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.tcp import TCP
from rawkit.protocols.tcp_options import NoOperation, Timestamps
from rawkit.protocols.udp import UDP
from rawkit.wire import Packet, Trailer
from tests.analysis.talk import CLIENT, INTERFACE, SERVER, C, datagram

OVER_IPV6 = Ethernet() / IPv6(src="fd00::1", dst="fd00::2") / TCP(sport=CLIENT[1], dport=SERVER[1], flags="PA")


def seen(packet: Packet, captured: int | None = None) -> Observed:
    octets = bytes(packet)
    found = observe(Frame(1, 0, octets[:captured], len(octets), INTERFACE))
    assert found is not None
    return found


def padded(packet: Packet) -> Packet:
    """As short frames are on the wire: 60 octets before the check sequence."""
    return packet / Trailer(bytes(60 - len(packet)))


def test_padding_is_no_data() -> None:
    assert seen(padded(C("A", 1, 1))).length == 0
    assert seen(padded(C("PA", 1, 1, b"ab"))).length == 2
    assert seen(padded(datagram(CLIENT, SERVER, b"abc"))).length == 3


@pytest.mark.parametrize("captured", [54, 60, 100, None])
def test_what_the_capture_cut_off_still_counts(captured: int | None) -> None:
    assert seen(C("PA", 1, 1, bytes(500)), captured).length == 500
    assert seen(datagram(CLIENT, SERVER, bytes(500)), captured).length == 500


@pytest.mark.parametrize("captured", [54, 60, 66, 70, None])
def test_options_that_the_capture_cut_off_are_no_data(captured: int | None) -> None:
    stamps = [NoOperation(), NoOperation(), Timestamps(value=1, echo=2)]
    assert seen(C("PA", 1, 1, bytes(500)).replace(TCP, options=stamps), captured).length == 500
    assert seen(C("A", 1, 1).replace(TCP, options=stamps), captured).length == 0


def test_over_ipv6() -> None:
    assert seen(OVER_IPV6).length == 0
    assert seen(OVER_IPV6 / bytes(77), 80).length == 77


def test_a_super_segment_is_as_long_as_its_frame() -> None:
    """Recorded before the network card cut it, with 0 where the length should be."""
    assert seen(C("PA", 1, 1, bytes(3000)).replace(IPv4, total_length=0)).length == 3000
    assert seen((OVER_IPV6 / bytes(3000)).replace(IPv6, payload_length=0)).length == 3000


def test_a_length_beyond_the_frame_claims_no_more_than_there_was() -> None:
    assert seen(C("PA", 1, 1, bytes(10)).replace(IPv4, total_length=60_000)).length == 10


def test_what_is_no_conversation() -> None:
    packet = Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2")
    assert observe(Frame(1, None, bytes(packet), len(packet), INTERFACE)) is None
    assert observe(Frame(1, None, b"", 0, INTERFACE)) is None


@pytest.mark.parametrize("kept", [28, 29, 40])
def test_eight_quoted_octets_are_enough(kept: int) -> None:
    for header, name in (TCP(sport=1, dport=2), "tcp"), (UDP(sport=1, dport=2), "udp"):
        octets = bytes(IPv4(src="10.0.0.1", dst="10.0.0.2") / header / bytes(20))[:kept]
        assert quoted_ends(Packet.decode(octets, first=IPv4)) == (name, ("10.0.0.1", 1), ("10.0.0.2", 2))


@pytest.mark.parametrize("kept", [0, 5, 20, 23])
def test_less_is_nobodys(kept: int) -> None:
    octets = bytes(IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=1, dport=2))[:kept]
    assert quoted_ends(Packet.decode(octets, first=IPv4)) is None


@pytest.mark.parametrize(("length", "data"), [(0, 5), (7, 5), (8, 0), (9, 1)])
def test_a_length_shorter_than_the_header_is_none(length: int, data: int) -> None:
    """RFC 2675 section 4: 0 means "as long as IP says"; 1 to 7 cannot be."""
    packet = Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1, dport=2, length=length) / b"hello"
    observed = seen(packet)
    assert observed is not None
    assert observed.length == data

"""What is inferred from datagrams and from the ICMP errors that they meet."""

import pytest

from rawkit.analysis.icmp_errors import meaning
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv4_messages import ICMPv4DestinationUnreachable
from rawkit.protocols.ipv4 import IPv4
from rawkit.wire import Packet
from tests.analysis.talk import CLIENT, HANDSHAKE, SERVER, C, calls, datagram, states, told

ROUTER = "10.9.9.9"


def unreachable(about: Packet, sender: str, code: int = 3, quoted: int = 28) -> Packet:
    """An ICMP error that quotes the beginning of a packet."""
    ip = about[IPv4]
    start: int = ip.layout.offset
    octets = bytes(about)[start : start + quoted]
    return Ethernet() / IPv4(src=sender, dst=ip.src) / ICMPv4(code=code) / ICMPv4DestinationUnreachable() / octets


def test_a_datagram_is_a_call_and_an_answer_shows_that_it_was_read() -> None:
    timeline = told(datagram(CLIENT, SERVER, b"hello"), datagram(SERVER, CLIENT, b"hi"))
    assert calls(timeline, 0) == ["sendto(5)", "recvfrom() = 2 ?"]
    assert calls(timeline, 1) == ["recvfrom() = 5", "sendto(2)"]
    assert timeline.counts["packets_by_no_call"] == 0
    assert timeline.data_octets == (5, 2)


def test_an_empty_datagram_is_a_datagram() -> None:
    assert calls(told(datagram(CLIENT, SERVER, b"")), 0) == ["sendto(0)"]


def test_port_unreachable_is_the_senders_own() -> None:
    sent = datagram(CLIENT, SERVER, b"hello")
    timeline = told(sent, unreachable(sent, SERVER[0]))
    assert calls(timeline, 0) == ["sendto(5)", "recvfrom() = ECONNREFUSED ?"]
    assert calls(timeline, 1) == []  # nobody is there: nobody reads
    assert [segment.end for segment in timeline.segments] == [0, 1]
    assert timeline.segments[1].does == ("port unreachable",)
    assert timeline.segments[1].via == ""


def test_an_error_from_a_router_says_so() -> None:
    sent = datagram(CLIENT, SERVER, b"hello")
    timeline = told(sent, unreachable(sent, ROUTER, code=1))
    assert timeline.segments[1].via == ROUTER
    assert calls(timeline, 0)[-1] == "recvfrom() = EHOSTUNREACH ?"


@pytest.mark.parametrize("address", ["224.0.0.251", "239.1.2.3", "255.255.255.255"])
def test_nobody_in_particular_receives_what_is_sent_to_many(address: str) -> None:
    timeline = told(datagram(CLIENT, (address, 5353), b"hello"))
    assert calls(timeline, 1) == []
    assert any("Sent to many" in note for note in timeline.notes)


def test_an_error_fails_a_connect_that_waits() -> None:
    """Eight quoted octets of TCP are its ports and its sequence number: no header, and enough."""
    timeline = told(C("S"), unreachable(C("S"), ROUTER, code=1))
    assert calls(timeline, 0) == ["connect() = EHOSTUNREACH"]
    assert states(timeline, 0) == ["CLOSED", "SYN-SENT", "CLOSED"]


def test_an_error_in_an_open_connection_is_soft() -> None:
    timeline = told(*HANDSHAKE, C("PA", 1, 1, b"x"), unreachable(C("PA", 1, 1, b"x"), ROUTER, code=1))
    assert timeline.final_state(0) == "ESTABLISHED"


def test_meanings() -> None:
    assert meaning(False, 3, 3) == ("port unreachable", "ECONNREFUSED")
    assert meaning(True, 1, 4) == ("port unreachable", "ECONNREFUSED")
    assert meaning(True, 2, 0) == ("packet too big", "EMSGSIZE")
    assert meaning(False, 3, 200) == ("unreachable", "EHOSTUNREACH")
    assert meaning(False, 250, 7) == ("ICMP type 250 code 7", "")

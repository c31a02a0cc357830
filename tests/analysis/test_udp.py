"""What is inferred from datagrams and from the ICMP errors that they meet."""

import pytest

from rawkit.analysis.icmp_errors import meaning
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv4_messages import ICMPv4DestinationUnreachable, ICMPv4Redirect
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.udp import UDP
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
    timeline = told(sent, unreachable(sent, ROUTER, code=10))
    assert timeline.segments[1].via == ROUTER
    assert calls(timeline, 0)[-1] == "recvfrom() = EHOSTUNREACH ?"
    assert any("Only a connected UDP socket" in note for note in timeline.notes)


def test_a_soft_error_reaches_no_socket() -> None:
    """Linux, asked: a connected socket without IP_RECVERR hears nothing of "host unreachable" (code 1)."""
    sent = datagram(CLIENT, SERVER, b"hello")
    timeline = told(sent, unreachable(sent, ROUTER, code=1))
    assert calls(timeline, 0) == ["sendto(5)"]
    assert timeline.segments[1].does == ("host unreachable",)
    assert not any("Only a connected UDP socket" in note for note in timeline.notes)


def test_a_wrong_checksum_that_was_answered_means_nothing() -> None:
    wrong = datagram(CLIENT, SERVER, b"hello").replace(UDP, checksum=1)
    timeline = told(wrong, datagram(SERVER, CLIENT, b"hello"))
    assert timeline.segments[0].does == ("5 octets of data",)
    assert timeline.segments[0].arrives_after == 1
    assert calls(timeline, 1) == ["recvfrom() = 5", "sendto(5)"]
    assert any("were accepted there" in note for note in timeline.notes)


def test_a_wrong_checksum_that_was_not_answered_is_thrown_away() -> None:
    timeline = told(datagram(CLIENT, SERVER, b"hello").replace(UDP, checksum=1))
    assert timeline.segments[0].does == ("5 octets of data", "wrong UDP checksum")
    assert timeline.segments[0].arrives_after is None
    assert calls(timeline, 1) == []


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


def numbered(data: bytes, identification: int) -> Packet:
    """A datagram of the client's whose IP header counts."""
    udp = UDP(sport=CLIENT[1], dport=SERVER[1])
    return Ethernet() / IPv4(src=CLIENT[0], dst=SERVER[0], identification=identification) / udp / data


def test_an_error_takes_back_the_datagram_that_it_quotes_and_no_other() -> None:
    """The first of three met a closed port; the others, the same length, were read."""
    sent = [numbered(b"hello", number) for number in (1, 2, 3)]
    timeline = told(*sent, unreachable(sent[0], SERVER[0]))
    assert calls(timeline, 1) == ["recvfrom() = 5 ?"] * 2
    assert [call.returns_after for call in timeline.calls if call.end == 1] == [2, 3]


def test_an_error_later_on_leaves_what_was_answered_before() -> None:
    first, last = numbered(b"hello", 1), numbered(b"again!", 2)
    timeline = told(first, datagram(SERVER, CLIENT, b"hi"), last, unreachable(last, SERVER[0]))
    assert calls(timeline, 0) == ["sendto(5)", "recvfrom() = 2", "sendto(6)", "recvfrom() = ECONNREFUSED ?"]
    assert calls(timeline, 1) == ["recvfrom() = 5", "sendto(2)"]


def test_datagrams_without_numbers_of_their_own_are_told_by_length_and_order() -> None:
    """Linux gives every datagram that must not be cut the number 0."""
    sent = [numbered(b"one", 0), numbered(b"two", 0), numbered(b"three", 0)]
    timeline = told(*sent, unreachable(sent[1], SERVER[0]))
    assert [call.returns_after for call in timeline.calls if call.end == 1] == [1, 3]


def test_a_message_that_is_no_error_to_a_program_changes_nothing() -> None:
    sent = numbered(b"hello", 1)
    start = sent[IPv4].layout.offset
    redirect = ICMPv4(code=1) / ICMPv4Redirect(gateway=ROUTER)
    told_better = Ethernet() / IPv4(src=ROUTER, dst=CLIENT[0]) / redirect / bytes(sent)[start : start + 28]
    timeline = told(sent, told_better)
    assert calls(timeline, 0) == ["sendto(5)"]
    assert calls(timeline, 1) == ["recvfrom() = 5 ?"]
    assert timeline.segments[1].does == ("there is a better way (redirect)",)


def test_what_a_router_threw_away_did_not_arrive() -> None:
    sent = numbered(b"hello", 1)
    timeline = told(sent, unreachable(sent, ROUTER, code=1))
    assert [segment.arrives_after for segment in timeline.segments] == [None, 2]


def test_who_is_the_client_is_taken_from_a_well_known_port() -> None:
    """A capture that begins with an answer: port 53 is still the server's."""
    timeline = told(datagram(("10.0.0.2", 53), CLIENT, b"answer"), datagram(CLIENT, ("10.0.0.2", 53), b"more?"))
    assert [(end.port, end.role) for end in timeline.ends] == [(CLIENT[1], "client"), (53, "server")]
    assert [segment.end for segment in timeline.segments] == [1, 0]


@pytest.mark.parametrize(("source", "destination"), [(123, 123), (700, 800), (5000, 51234), (51234, 5000), (700, 0)])
def test_nobody_is_the_client_where_no_port_tells(source: int, destination: int) -> None:
    timeline = told(datagram(("10.0.0.1", source), ("10.0.0.2", destination), b"x"))
    assert [(end.port, end.role) for end in timeline.ends] == [(source, ""), (destination, "")]


def test_an_address_of_many_is_no_client() -> None:
    """As where a DHCP server tells everybody (RFC 2131 section 4.1)."""
    timeline = told(datagram(("10.0.0.1", 67), ("255.255.255.255", 68), b"x"))
    assert [(end.port, end.role) for end in timeline.ends] == [(67, ""), (68, "")]


def test_meanings() -> None:
    assert meaning(False, 3, 3) == ("port unreachable", "ECONNREFUSED", False)
    assert meaning(True, 1, 4) == ("port unreachable", "ECONNREFUSED", False)
    assert meaning(True, 2, 0) == ("packet too big", "EMSGSIZE", False)
    assert meaning(False, 3, 200) == ("unreachable", "EHOSTUNREACH", False)
    assert meaning(False, 250, 7) == ("ICMP type 250 code 7", "", False)


LINUX_V4 = {
    0: "", 1: "", 2: "ENOPROTOOPT", 3: "ECONNREFUSED", 4: "EMSGSIZE", 5: "", 6: "ENETUNREACH", 7: "EHOSTDOWN",
    8: "ENONET", 9: "ENETUNREACH", 10: "EHOSTUNREACH", 11: "", 12: "", 13: "EHOSTUNREACH", 14: "EHOSTUNREACH",
    15: "EHOSTUNREACH",
}  # fmt: skip
LINUX_V6 = {0: "", 1: "EACCES", 2: "", 3: "", 4: "ECONNREFUSED", 5: "EACCES", 6: "EACCES", 7: "EPROTO"}
"""What recv() on a connected UDP socket gave on Linux 6.18 for each code of "destination unreachable"."""


@pytest.mark.parametrize(("ipv6", "kind", "told_by_linux"), [(False, 3, LINUX_V4), (True, 1, LINUX_V6)])
def test_errors_are_those_that_linux_gives(ipv6: bool, kind: int, told_by_linux: dict[int, str]) -> None:
    for code, error in told_by_linux.items():
        _, name, soft = meaning(ipv6, kind, code)
        assert ("" if soft else name) == error, code


@pytest.mark.parametrize(("port", "role"), [(1023, "client"), (1024, "")])
def test_well_known_ports_end_at_1023(port: int, role: str) -> None:
    """RFC 6335 section 6."""
    assert told(datagram(("10.0.0.1", 40000), ("10.0.0.2", port), b"x")).ends[0].role == role


@pytest.mark.parametrize(
    ("server", "client", "sure"),
    [
        (2049, 1023, "likely: port 2049 is registered as nfs"),
        (2049, 40000, "likely: port 2049 is registered as nfs"),
        (67, 68, "likely: port 67 is registered as bootps"),
        (1023, 40000, "possible: one is below 1024"),
        (53, 2049, "possible: one is below 1024"),
    ],
)
def test_how_surely_a_port_serves(server: int, client: int, sure: str) -> None:
    """What is registered weighs more than the lower number: clients of NFS have ports below 1024."""
    ends = ("10.0.0.1", server), ("10.0.0.2", client)
    for packet in (datagram(*ends, b"x"), datagram(*ends[::-1], b"x")):
        timeline = told(packet)
        assert [(end.port, end.role) for end in timeline.ends] == [(client, "client"), (server, "server")]
        assert f"Which end is the client is taken from the ports, and {sure}." in timeline.notes


def test_a_datagram_that_met_an_error_was_received_by_nobody() -> None:
    sent = datagram(CLIENT, SERVER, b"hello")
    timeline = told(sent, unreachable(sent, SERVER[0], code=3), datagram(SERVER, CLIENT, b"late"))
    assert [call.text for call in timeline.calls if call.end == 1] == ["sendto(4)"]

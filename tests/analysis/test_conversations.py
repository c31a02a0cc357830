"""Which packets are one conversation."""

import pytest

from rawkit.analysis import Conversations, explain, gather
from rawkit.analysis import conversations as module
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv4_options import LooseSourceRoute
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.ipv6_routing import IPv6Routing, IPv6SegmentRouting
from rawkit.protocols.udp import UDP
from rawkit.wire import Header, Packet
from tests.analysis.talk import CLIENT, SERVER, C, S, calls, datagram, frames, gathered, only, talkers


def ends(found: Conversations) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    return [each.ends for each in found.all]


def test_end_points_are_address_and_port_together() -> None:
    """One address, three ports: two conversations, each with two ends."""
    first, one = talkers(("127.0.0.1", 1000), ("127.0.0.1", 7))
    second, two = talkers(("127.0.0.1", 2000), ("127.0.0.1", 7))
    found = gathered(first("S"), second("S"), one("SA", 0, 1), two("SA", 0, 1), first("A", 1, 1))
    assert ends(found) == [(("127.0.0.1", 1000), ("127.0.0.1", 7)), (("127.0.0.1", 2000), ("127.0.0.1", 7))]
    assert [each.packets for each in found.all] == [3, 2]


def test_tcp_and_udp_ports_are_apart() -> None:
    found = gathered(C("S"), datagram(CLIENT, SERVER, b"x"))
    assert [each.protocol for each in found.all] == ["tcp", "udp"]


def test_a_new_syn_with_another_number_is_another_connection() -> None:
    again, _ = talkers(client_isn=77_000)
    found = gathered(C("S"), S("SA", 0, 1), C("A", 1, 1), C("R", 1), again("S"), again("A", 1, 1))
    assert [each.packets for each in found.all] == [4, 2]


def test_a_syn_repeated_is_the_same_connection() -> None:
    assert only(C("S"), C("S"), S("SA", 0, 1), S("SA", 0, 1)).packets == 4


def test_a_syn_after_the_middle_of_an_older_one_is_another_connection() -> None:
    again, _ = talkers(client_isn=77_000)
    assert [each.packets for each in gathered(C("PA", 1, 1, b"x"), S("A", 1, 2), again("S")).all] == [2, 1]


def test_both_asking_at_once_is_one_connection() -> None:
    assert only(C("S"), S("S"), C("SA", 0, 1), S("SA", 0, 1)).packets == 4


def test_the_end_that_asked_comes_first_also_when_its_syn_is_missing() -> None:
    assert only(S("SA", 0, 1), C("A", 1, 1)).ends == (CLIENT, SERVER)


def test_others_are_counted_by_name() -> None:
    found = gathered(C("S"), Packet(Ethernet(type=0x88B5), b"x"), Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2"))
    assert (found.frames, dict(found.others)) == (3, {"Ethernet": 1, "IPv4": 1})


def test_only_the_packets_of_the_one_asked_for_are_kept() -> None:
    packets = [datagram(("10.0.0.1", port), SERVER, b"x") for port in (1, 2, 1, 2, 2)]
    found = gather(frames(*packets), keep=2)
    assert [each.packets for each in found.all] == [2, 3]
    assert [len(each.records) for each in found.all] == [0, 3]


def test_packets_kept_are_bounded_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEPT_PACKETS", 4)
    found = only(*(datagram(CLIENT, SERVER, b"x") for _ in range(7)))
    assert (found.packets, len(found.records), found.left_out) == (7, 4, 3)
    assert any("3 further packets" in note for note in explain(found).notes)


def test_conversations_are_bounded_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CONVERSATIONS", 3)
    found = gathered(*(datagram(("10.0.0.1", port), SERVER, b"x") for port in (1, 2, 3, 4, 5, 1)))
    assert (len(found.all), found.untold, found.all[0].packets) == (3, 2, 2)
    assert found.frames == found.untold + sum(each.packets for each in found.all) + sum(found.others.values())


def fragments(source: tuple[str, int], destination: tuple[str, int], data: bytes, identification: int) -> list[Packet]:
    """A datagram cut in two at octet 800."""
    whole = bytes(UDP(sport=source[1], dport=destination[1], length=8 + len(data)) / data)
    pieces = []
    for start, more in ((0, "MF"), (800, "")):
        part = whole[start : start + 800] if more else whole[start:]
        ip = IPv4(
            src=source[0],
            dst=destination[0],
            protocol=17,
            flags=more,
            fragment_offset=start // 8,
            identification=identification,
        )
        pieces.append(Packet.decode(bytes(Packet(Ethernet(type=0x0800), ip, part))))
    return pieces


def test_later_fragments_go_where_the_first_one_went() -> None:
    first, second = fragments(CLIENT, SERVER, bytes(1000), 1), fragments(("10.0.0.1", 9), SERVER, bytes(900), 2)
    found = gathered(first[0], second[0], second[1], first[1])
    assert [each.packets for each in found.all] == [2, 2]
    timeline = explain(found.all[0])
    assert timeline.data_octets == (1000, 0)
    assert timeline.segments[1].label == "fragment"
    assert calls(timeline, 0) == ["sendto(1000)"]
    assert timeline.calls[0].caused == (1, 2)


def test_a_fragment_says_what_it_carries_and_the_datagram_counts_whole() -> None:
    timeline = explain(only(*fragments(CLIENT, SERVER, bytes(5000), 1)))
    assert [segment.length for segment in timeline.segments] == [792, 4208]
    assert [segment.does for segment in timeline.segments] == [
        ("792 of 5,000 octets of data",),
        ("4,208 octets more of it",),
    ]
    assert [call.text for call in timeline.calls] == ["sendto(5000)", "recvfrom() = 5000"]


def test_a_datagram_with_a_piece_missing_is_read_by_nobody() -> None:
    timeline = explain(only(fragments(CLIENT, SERVER, bytes(1000), 1)[0]))
    assert [call.text for call in timeline.calls] == ["sendto(1000)"]


def test_pieces_of_two_datagrams_may_take_turns() -> None:
    one, two = fragments(CLIENT, SERVER, bytes(1000), 1), fragments(CLIENT, SERVER, bytes(1100), 2)
    timeline = explain(only(one[0], two[0], one[1], two[1]))
    assert [call.caused for call in timeline.calls if call.name == "sendto"] == [(1, 3), (2, 4)]
    assert timeline.counts["packets_by_no_call"] == 0


def test_pieces_of_other_protocols_may_have_the_same_number() -> None:
    """RFC 791 section 3.2: source, destination, protocol and identification together tell a datagram."""
    first, later = fragments(CLIENT, SERVER, bytes(1000), 1)
    found = gathered(first, later.replace(IPv4, protocol=50))  # ESP's piece, not UDP's
    assert [each.packets for each in found.all] == [1]
    assert sum(found.others.values()) == 1


def test_a_packet_is_for_where_its_route_ends() -> None:
    """RFC 791 section 3.1: until a source route is used up, `dst` is only the next router."""
    udp = UDP(sport=CLIENT[1], dport=SERVER[1])
    route = (LooseSourceRoute(pointer=4, route=("10.0.0.254", SERVER[0])),)
    routed = Ethernet() / IPv4(src=CLIENT[0], dst="10.0.0.253", options=route) / udp / b"x"
    assert ends(gathered(routed, datagram(SERVER, CLIENT, b"y"))) == [(CLIENT, SERVER)]


@pytest.mark.parametrize(
    "routing",
    [
        IPv6Routing(segments_left=1, addresses=("fd00::2",)),
        IPv6SegmentRouting(segments_left=1, segments=("fd00::2", "fd00::fe")),
    ],
    ids=["type 0", "segments"],
)
def test_a_packet_is_for_the_last_stop_of_its_routing_header(routing: Header) -> None:
    there = Ethernet() / IPv6(src="fd00::1", dst="fd00::fe") / routing / UDP(sport=51234, dport=7) / b"x"
    back = Ethernet() / IPv6(src="fd00::2", dst="fd00::1") / UDP(sport=7, dport=51234) / b"x"
    assert ends(gathered(there, back)) == [(("fd00::1", 51234), ("fd00::2", 7))]


def test_a_later_fragment_without_its_first_belongs_to_none() -> None:
    found = gathered(*fragments(CLIENT, SERVER, bytes(1000), 1)[1:])
    assert not found.all
    assert sum(found.others.values()) == 1

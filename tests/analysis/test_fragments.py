"""Datagrams that IP cut: in any order, twice, overlapping, with pieces missing."""

from __future__ import annotations

from itertools import permutations

import pytest

from rawkit.analysis import Conversations, explain, fragments, gather
from rawkit.capture import Frame
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.ipv6_extensions import IPv6Fragment
from rawkit.protocols.udp import UDP
from rawkit.timeline import Timeline
from rawkit.wire import Packet
from tests.analysis.talk import CLIENT, INTERFACE, SERVER, calls, datagram, frames, only, told

DATA = bytes(range(256)) * 12


def piece(start: int, stop: int, number: int = 1, data: bytes = DATA, *, last: bool | None = None) -> Packet:
    """Octets `start` to `stop` of a datagram of the client's, whose first 8 are the UDP header."""
    whole = bytes(UDP(sport=CLIENT[1], dport=SERVER[1], length=8 + len(data)) / data)
    more = "" if (stop >= len(whole) if last is None else last) else "MF"
    ip = IPv4(
        src=CLIENT[0],
        dst=SERVER[0],
        protocol=17,
        identification=number,
        flags=more,
        fragment_offset=start // 8,
    )
    return Packet.decode(bytes(Packet(Ethernet(type=0x0800), ip, whole[start:stop])))


def piece6(start: int, stop: int, data: bytes = DATA) -> Packet:
    """The same over IPv6."""
    whole = bytes(UDP(sport=CLIENT[1], dport=SERVER[1], length=8 + len(data)) / data)
    cut = IPv6Fragment(next_header=17, identification=1, fragment_offset=start // 8, more_fragments=stop < len(whole))
    ip = IPv6(src="fd00::1", dst="fd00::2", next_header=44)
    return Packet.decode(bytes(Packet(Ethernet(type=0x86DD), ip, cut, whole[start:stop])))


THREE = (piece(0, 1000), piece(1000, 2000), piece(2000, 3080))
OTHER = bytes(len(DATA))


def rows(timeline: Timeline) -> list[str]:
    return [", ".join(segment.does) for segment in timeline.segments]


@pytest.mark.parametrize("order", [*permutations(range(3))])
@pytest.mark.parametrize("make", [piece, piece6])
def test_pieces_belong_to_their_datagram_in_whatever_order_they_come(order: tuple[int, ...], make: type) -> None:
    three = (make(0, 1000), make(1000, 2000), make(2000, 3080))
    found = gather(frames(*(three[each] for each in order)))
    timeline = explain(found.all[0])
    assert (found.all[0].packets, found.all[0].octets) == (3, sum(len(each) for each in three))
    assert not found.others
    assert [call.text for call in timeline.calls] == ["sendto(3072)", "recvfrom() = 3072"]
    assert timeline.calls[0].caused == (1, 2, 3)
    assert timeline.calls[1].returns_after == 3
    assert sorted(segment.length for segment in timeline.segments) == [992, 1000, 1080]


def test_what_came_before_its_first_piece_says_where_that_is() -> None:
    assert rows(told(THREE[2], THREE[0], THREE[1])) == [
        "1,080 octets of the datagram that begins in packet 2",
        "992 of 3,072 octets of data",
        "1,000 octets more of it",
    ]


def test_early_pieces_keep_their_place_among_other_packets() -> None:
    before, between = datagram(CLIENT, SERVER, b"a"), datagram(CLIENT, SERVER, b"bc")
    timeline = told(before, THREE[2], between, THREE[1], THREE[0])
    assert [segment.number for segment in timeline.segments] == [1, 2, 3, 4, 5]
    assert [(call.arguments, call.caused) for call in timeline.calls if call.end == 0] == [
        (("1",), (1,)),
        (("3072",), (2, 4, 5)),
        (("2",), (3,)),
    ]


@pytest.mark.parametrize("make", [piece, piece6])
def test_a_piece_twice_is_a_duplicate_and_the_datagram_is_whole(make: type) -> None:
    first, second, third = make(0, 1000), make(1000, 2000), make(2000, 3080)
    timeline = told(first, first, second, third, second)
    assert [segment.number for segment in timeline.segments if "duplicate" in segment.marks] == [2, 5]
    assert [call.text for call in timeline.calls] == ["sendto(3072)", "recvfrom() = 3072"]


def test_an_overlap_is_told_and_nobody_is_said_to_have_read_it() -> None:
    timeline = told(THREE[0], piece(992, 2000, data=OTHER), THREE[2])
    assert rows(timeline)[1] == "1,008 octets more of it, 8 of them again, with other data"
    assert calls(timeline, 1) == []
    assert any("overlap: RFC 791 section 3.2" in note for note in timeline.notes)
    timeline = told(piece6(0, 1000), piece6(992, 2000), piece6(2000, 3080))
    assert rows(timeline)[1] == "1,008 octets more of it, 8 of them again, with the same data"
    assert calls(timeline, 1) == []
    assert any("RFC 5722 section 4" in note for note in timeline.notes)


def test_a_whole_piece_again_with_other_data_is_no_duplicate() -> None:
    timeline = told(THREE[0], THREE[1], piece(1000, 2000, data=OTHER), THREE[2])
    assert rows(timeline)[2] == "1,000 octets more of it, all of them again, with other data"
    assert "duplicate" not in timeline.segments[2].marks
    assert calls(timeline, 1) == []


def test_what_the_capture_did_not_keep_is_not_said_to_be_other() -> None:
    """Two overlapping pieces of which only the first octets are there, and these are the same."""
    made = [*frames(THREE[0], piece(992, 2000, data=DATA[:1000] + OTHER[1000:]), THREE[1])]
    cut = [Frame(each.number, each.time_ns, each.octets[:50], each.wire_length, INTERFACE) for each in made]
    assert "again, with other data" not in "".join(rows(explain(gather(cut).all[0])))


def test_a_piece_past_the_longest_datagram_is_told() -> None:
    timeline = told(THREE[0], piece(1000, 2000).replace(IPv4, fragment_offset=8191, flags=""))
    assert rows(timeline)[1] == "1,000 octets more of it, past the end of the longest datagram"
    assert calls(timeline, 1) == []
    assert any("past 65,535 octets" in note for note in timeline.notes)


@pytest.mark.parametrize(
    ("came", "missing"),
    [((0, 2), "1,000 octets are"), ((0, 1), "1,080 octets are"), ((0,), "2,080 octets are"), ((2, 0), "1,000 octets")],
)
def test_what_is_missing_is_counted(came: tuple[int, ...], missing: str) -> None:
    timeline = told(*(THREE[each] for each in came))
    assert calls(timeline, 0) == ["sendto(3072)"]
    assert calls(timeline, 1) == []
    assert any(f"Of the datagram that begins in packet {came.index(0) + 1}, {missing}" in n for n in timeline.notes)


def test_of_many_broken_datagrams_the_first_are_told() -> None:
    timeline = explain(only(*(piece(0, 1000, number) for number in range(1, 9))))
    assert sum("not in the capture" in note for note in timeline.notes) == 3
    assert "Of 5 more datagrams the same is true." in timeline.notes


def test_a_number_may_come_again() -> None:
    """IPv4 has 65,536 numbers: a piece that does not fit into a whole datagram begins another."""
    again = [piece(start, stop, data=OTHER) for start, stop in ((1000, 2000), (0, 1000), (2000, 3080))]
    timeline = told(*THREE, *again)
    assert [call.caused for call in timeline.calls if call.end == 0] == [(1, 2, 3), (4, 5, 6)]
    assert len(calls(timeline, 1)) == 2


def test_after_a_minute_a_number_is_another_datagrams() -> None:
    """RFC 8200 section 4.5: what is not whole by then is given up."""
    first, *rest = frames(THREE[0], *THREE)
    late = [Frame(each.number, 61_001_000_000, each.octets, each.wire_length, INTERFACE) for each in rest]
    timeline = explain(gather([first, *late]).all[0])
    assert [call.caused for call in timeline.calls if call.end == 0] == [(1,), (2, 3, 4)]


def test_without_the_first_piece_nothing_tells_whose_it_is() -> None:
    found = gather(frames(*THREE[1:]))
    assert not found.all
    assert found.others == {"IPv4 fragment without ports": 2}
    assert found.unread == found.others.keys()


def test_no_packet_is_counted_twice_or_not_at_all() -> None:
    found = gather(frames(THREE[1], piece(1000, 2000, 2), THREE[2], THREE[0], piece(0, 1000, 3)))
    assert found.frames == sum(each.packets for each in found.all) + sum(found.others.values()) == 5
    assert found.others == {"IPv4 fragment without ports": 1}


def many(stop: int) -> Conversations:
    """Fifty datagrams, one piece of each."""
    return gather(frames(*(piece(0 if stop == 1000 else 1000, stop, number) for number in range(50))))


def test_remembered_datagrams_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MAX_OPEN", 8)
    found = many(1000)
    assert (len(found.fragments), found.fragments.forgotten) == (8, 42)


def test_remembered_octets_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MAX_OCTETS", 10_000)
    assert len(many(1000).fragments) == 10


def test_waiting_pieces_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MAX_WAITING", 3)
    found = gather(frames(*(THREE[1] for _ in range(50)), THREE[0]))
    assert found.all[0].packets == 4
    assert found.others == {"IPv4 fragment without ports": 47}

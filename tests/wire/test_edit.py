"""Edits are narrow; differences name their fields; expressions build what they print."""

from __future__ import annotations

import pytest

import rawkit.protocols
from rawkit.errors import FieldError
from rawkit.protocols import ARP, MSS, TCP, UDP, Ethernet, GREChecksum, IPv4, IPv6, IPv6Routing
from rawkit.wire import AUTO, Packet, Trailer

NAMES = {name: getattr(rawkit.protocols, name) for name in rawkit.protocols.__all__} | {
    "Packet": Packet,
    "Trailer": Trailer,
}


def built() -> Packet:
    return Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=1024, dport=80, flags="S") / b"data"


def states(packet: Packet) -> dict[str, str]:
    return {f"{verdict.layer}.{verdict.field}": verdict.state for verdict in packet.check()}


def changed(one: Packet, two: Packet) -> set[str]:
    return {f"{each.layer}.{each.field}" for each in one.diff(two)}


@pytest.mark.parametrize("packet", [built(), Packet.decode(bytes(built()))], ids=["built", "decoded"])
def test_only_what_depends_on_the_change_is_computed_again(packet: Packet) -> None:
    assert changed(packet, packet.replace(IPv4, ttl=1)) == {"IPv4.ttl", "IPv4.checksum"}
    assert changed(packet, packet.replace(IPv4, src="10.0.0.9")) == {"IPv4.src", "IPv4.checksum", "TCP.checksum"}
    assert changed(packet, packet.replace(TCP, seq=7)) == {"TCP.seq", "TCP.checksum"}
    assert changed(packet, packet.replace(Ethernet, src="02:00:00:00:00:01")) == {"Ethernet.src"}
    longer = packet.replace(payload=b"more data")
    assert changed(packet, longer) == {"IPv4.total_length", "IPv4.checksum", "TCP.checksum", ".payload"}
    optioned = packet.replace(TCP, options=[MSS(1400)])
    assert optioned[TCP].data_offset == 6
    assert set(states(optioned).values()) == {"good"}


def test_wrong_values_stay_until_they_are_recomputed() -> None:
    wrong = Packet.decode(bytes(built().replace(TCP, checksum=0x1234).replace(IPv4, total_length=999)))
    edited = wrong.replace(IPv4, ttl=1)
    assert (edited[TCP].checksum, edited[IPv4].total_length) == (0x1234, 999)
    assert states(edited)["IPv4.checksum"] == "good"
    right = wrong.replace(recompute=True)
    assert set(states(right).values()) == {"good"}
    assert right == built()


def test_a_partial_checksum_stays_partial() -> None:
    whole = built()
    pseudo = bytes.fromhex("0a000001 0a000002 0006") + (24).to_bytes(2, "big")
    total = sum(int.from_bytes(pseudo[at : at + 2], "big") for at in range(0, len(pseudo), 2))
    partial = Packet.decode(bytes(whole.replace(TCP, checksum=total % 65535)))
    assert states(partial)["TCP.checksum"] == "partial"
    assert partial.replace(IPv4, ttl=1)[TCP].checksum == total % 65535
    assert states(partial.replace(recompute=True))["TCP.checksum"] == "good"


def test_a_checksum_that_was_completed_is_no_longer_partial() -> None:
    left = Packet.decode(bytes(built().replace(TCP, checksum=0x1234)), checksum_state="partial")
    assert states(left.replace(IPv4, ttl=1))["TCP.checksum"] == "partial"
    assert states(left.replace(TCP, checksum=0))["TCP.checksum"] == "partial"
    assert states(left.replace(recompute=True))["TCP.checksum"] == "good"
    assert left.replace(TCP, checksum=AUTO) == built()
    assert states(left.replace(TCP, checksum=AUTO))["TCP.checksum"] == "good"
    cut = Packet.decode(left.octets[:56], wire_length=len(left), checksum_state="partial")
    assert cut.replace(recompute=True) == cut
    assert states(cut.replace(recompute=True))["TCP.checksum"] == "partial"


def test_a_sum_of_0_written_as_all_ones_is_recomputed_when_what_it_covers_changes() -> None:
    summed = built()[IPv4].checksum  # the identification that makes the sum 0
    v4 = IPv4(src="10.0.0.1", dst="10.0.0.2", identification=summed)
    octets = bytearray(bytes(built()[Ethernet]) + bytes(v4 / built()[TCP] / b"data"))
    assert octets[24:26] == b"\0\0"
    octets[24:26] = b"\xff\xff"
    packet = Packet.decode(bytes(octets))
    assert states(packet)["IPv4.checksum"] == "good"
    assert states(packet.replace(IPv4, ttl=9))["IPv4.checksum"] == "good"
    assert packet.replace(TCP, seq=5)[IPv4].checksum == 0xFFFF
    assert packet.replace(IPv4, ttl=9, checksum=0xFFFF)[IPv4].checksum == 0xFFFF
    assert eval(packet.to_python(), dict(NAMES)) == packet


def test_segments_left_follow_the_stops_until_a_router_counted() -> None:
    def routed(left: int) -> Packet:
        stops = IPv6Routing(addresses=["fd00::5", "fd00::6"], segments_left=left)
        return Packet.decode(bytes(IPv6(src="fd00::1", dst="fd00::9") / stops / TCP()), first=IPv6)

    assert routed(2).replace(IPv6Routing, addresses=["fd00::7"])[IPv6Routing].segments_left == 1
    on_its_way = routed(1)
    assert on_its_way.replace(recompute=True) == on_its_way
    shorter = on_its_way.replace(IPv6Routing, addresses=[])
    assert [(each.field, each.found, each.expected) for each in shorter.defects] == [("segments_left", 1, "at most 0")]


def test_auto_gives_a_field_back_to_the_builder() -> None:
    wrong = Packet.decode(bytes(built().replace(TCP, checksum=1)))
    assert wrong.replace(TCP, checksum=AUTO) == built()


def test_recompute_leaves_what_cannot_be_judged() -> None:
    unknown = Packet.decode(bytes(IPv4(src="10.0.0.1", dst="10.0.0.2", protocol=200) / b"data"), first=IPv4)
    assert unknown.replace(recompute=True) == unknown
    fragment = Packet.decode(bytes(built().replace(IPv4, flags="MF").replace(TCP, checksum=7)))
    assert fragment.replace(recompute=True)[TCP].checksum == 7
    snapped = Packet.decode(built().octets[:50], wire_length=58)
    assert snapped.replace(recompute=True) == snapped


@pytest.mark.parametrize(
    "octets",
    ["8000080677f90000000000000000000001", "80000806 0000 0000 0001080005040001" + 21 * "01"],
    ids=["zeros", "hardware addresses of 5 octets"],
)
def test_a_checksum_covers_the_octets_behind_a_header_that_carries_nothing(octets: str) -> None:
    packet = Packet.decode(bytes.fromhex(octets), first=GREChecksum)
    assert [type(header) for header in packet.layers] == [GREChecksum, ARP]
    assert packet.trailer
    assert states(packet)["GREChecksum.checksum"] == "bad"
    right = packet.replace(recompute=True)
    assert states(right)["GREChecksum.checksum"] == "good"
    assert changed(packet, right) == {"GREChecksum.checksum"}


def test_recompute_leaves_in_a_datagram_what_an_inner_length_left_out_of_its_own() -> None:
    """The octets behind ARP, which carries nothing, are in IPv4's total length all the same."""
    inside = Packet(GREChecksum(protocol=0x0806), bytes(ARP()) + b"more")
    packet = Packet.decode(bytes(IPv4(src="10.0.0.1", dst="10.0.0.2", protocol=47) / bytes(inside)), first=IPv4)
    assert packet.trailer == b"more"
    assert set(states(packet).values()) == {"good"}
    assert packet.replace(recompute=True) == packet
    wrong = packet.replace(IPv4, total_length=1000).replace(GREChecksum, checksum=7)
    assert wrong.replace(recompute=True) == packet


def test_trailer_and_unknown_octets_stay() -> None:
    packet = Packet.decode(bytes(built()) + b"\0\0padding")
    edited = packet.replace(TCP, seq=1)
    assert edited.trailer == b"\0\0padding"
    assert edited[IPv4].total_length == packet[IPv4].total_length
    cut = Packet.decode(bytes(built())[:53])  # a TCP header cut inside its fixed part stays payload
    assert cut.replace(IPv4, ttl=3).octets[34:] == bytes(built())[34:53]


def test_a_header_of_the_packet_says_which_one() -> None:
    tunnel = IPv4(src="10.0.0.1", dst="10.0.0.2") / IPv4(src="10.1.0.1", dst="10.1.0.2") / UDP(sport=1, dport=2)
    inner = tunnel.all(IPv4)[1]
    assert [ip.ttl for ip in tunnel.replace(inner, ttl=3).all(IPv4)] == [64, 3]
    assert [ip.ttl for ip in tunnel.replace(IPv4, ttl=3).all(IPv4)] == [3, 64]


def test_mistakes_in_an_edit() -> None:
    with pytest.raises(KeyError, match="no UDP"):
        built().replace(UDP, sport=1)
    with pytest.raises(FieldError, match="did you mean 'ttl'"):
        built().replace(IPv4, tll=1)
    with pytest.raises(FieldError, match="say in which header"):
        built().replace(ttl=1)
    with pytest.raises(FieldError, match=r"IPv4\.ttl"):
        built().replace(IPv4, ttl=256)
    with pytest.raises(FieldError, match=r"trailer='zz'\): takes octets"):
        built().replace(trailer="zz")


def test_a_replaced_packet_was_cut_as_much() -> None:
    snapped = Packet.decode(built().octets[:56], wire_length=58)
    assert snapped.replace(IPv4, ttl=1).wire_length == 58


def test_the_original_is_untouched() -> None:
    packet = built()
    before = bytes(packet)
    packet.replace(IPv4, ttl=1)
    packet.replace(payload=b"")
    assert bytes(packet) == before


def test_differences() -> None:
    one, two = built(), built().replace(TCP, dport=81, checksum=0)
    assert next(str(each) for each in one.diff(two)) == "TCP.dport: 80 | 81"
    assert one.diff(built()) == ()
    other = Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1, dport=2)
    assert ("TCP", "header", "TCP", "UDP") in [(d.layer, d.field, d.mine, d.other) for d in one.diff(other)]
    shorter = Packet(*one.layers[:2], one.payload)
    assert ("TCP", "header", "TCP", None) in [(d.layer, d.field, d.mine, d.other) for d in one.diff(shorter)]


@pytest.mark.parametrize(
    "packet",
    [
        built(),
        Packet.decode(bytes(built()) + b"pad"),
        Packet.decode(bytes(built().replace(TCP, checksum=5))),
        Packet.decode(bytes(built())[:40]),
        Packet.decode(bytes(built().replace(TCP, options=b"\x02\x00\x01\x01"))),
        Packet.decode(bytes(built().replace(TCP, data_offset=15))),
        Packet.decode(b""),
        Packet(b"only octets"),
    ],
    ids=repr,
)
def test_expressions_build_the_packet(packet: Packet) -> None:
    assert eval(packet.to_python(), dict(NAMES)) == packet


def test_an_expression_leaves_out_what_is_computed_and_what_is_default() -> None:
    text = Packet.decode(bytes(built())).to_python()
    assert text == (
        "Ethernet() / IPv4(src='10.0.0.1', dst='10.0.0.2') / TCP(sport=1024, dport=80, flags='S') / b'data'"
    )
    assert "checksum=5" in Packet.decode(bytes(built().replace(TCP, checksum=5))).to_python()


def test_a_length_with_octets_left_over_moves_with_the_payload() -> None:
    """UDP's length leaves four octets of IPv4's data out: they stay, and IPv4's length still covers them."""
    packet = Packet.decode(bytes(IPv4() / UDP(length=10) / b"abcdef"), first=IPv4)
    longer = packet.replace(payload=b"0123456789")
    assert (longer[IPv4].total_length, longer[UDP].length, longer.trailer) == (42, 18, b"cdef")
    assert longer.defects == ()
    assert packet.replace(IPv4, ttl=1)[IPv4].total_length == packet[IPv4].total_length


def test_lengths_of_a_packet_that_the_capture_cut_move_with_the_payload() -> None:
    whole = bytes(IPv4() / UDP() / b"abcdefghij")
    cut = Packet.decode(whole[:32], first=IPv4, wire_length=len(whole))
    shorter = cut.replace(payload=b"XY")
    assert (shorter[IPv4].total_length, shorter[UDP].length, shorter.wire_length) == (36, 16, 36)
    assert shorter.defects == ()

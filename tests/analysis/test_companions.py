"""What belongs to a conversation without being between its end points, and what does not."""

from __future__ import annotations

from typing import Any

from rawkit.analysis import explain
from rawkit.analysis.companions import MAX_COMPANIONS, Companions
from rawkit.interop.dns import DNS
from rawkit.protocols.arp import ARP
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.udp import UDP
from rawkit.timeline import Timeline
from rawkit.wire import Packet
from tests.analysis.talk import CLIENT, HANDSHAKE, SERVER, C, S, datagram, frames, gathered

CLIENT_MAC, SERVER_MAC, ROUTER_MAC = (f"02:00:00:00:00:0{number}" for number in (1, 2, 9))
RESOLVER, ROUTER = "10.0.0.53", "10.0.0.254"


def asks(target: str, sender: str = CLIENT[0], mac: str = CLIENT_MAC) -> Packet:
    return Ethernet(src=mac, dst="ff:ff:ff:ff:ff:ff") / ARP(
        opcode=1, sender_mac=mac, sender_ip=sender, target_ip=target
    )


def tells(sender: str, mac: str, target: str = CLIENT[0], target_mac: str = CLIENT_MAC) -> Packet:
    answer = ARP(opcode=2, sender_mac=mac, sender_ip=sender, target_mac=target_mac, target_ip=target)
    return Ethernet(src=mac, dst=target_mac) / answer


def carried(packet: Packet, src: str, dst: str) -> Packet:
    """In a frame between two network cards."""
    return packet.replace(Ethernet, src=src, dst=dst)


def looked_up(name: str, address: str, asker: str = CLIENT[0]) -> list[Packet]:
    """A question to the resolver, and its answer."""
    question: Any = DNS.query(name, "A", id=7)
    reply = bytearray(bytes(question))
    reply[2] |= 0x80
    reply[6:8] = b"\0\1"
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + bytes(int(part) for part in address.split("."))
    return [
        datagram((asker, 40000), (RESOLVER, 53), bytes(question)),
        datagram((RESOLVER, 53), (asker, 40000), bytes(reply) + record),
    ]


def of_tcp(*packets: Packet) -> Timeline:
    """The timeline of the one TCP conversation among these packets."""
    (only,) = (each for each in gathered(*packets).all if each.protocol == "tcp")
    return explain(only)


def around(timeline: Timeline) -> list[str]:
    return [segment.does[0] for segment in timeline.segments if segment.companion]


def test_the_kernel_asks_for_the_neighbour_first() -> None:
    timeline = of_tcp(asks(SERVER[0]), tells(SERVER[0], SERVER_MAC), *HANDSHAKE)
    assert around(timeline) == ["asks who has 10.0.0.2", f"10.0.0.2 is at {SERVER_MAC}"]
    assert [segment.end for segment in timeline.segments[:3]] == [0, 1, 0]
    connect = timeline.calls[0]
    assert (connect.name, connect.begins_after, connect.returns_after, connect.caused) == ("connect", 0, 4, (3,))
    assert timeline.counts["packets"] == timeline.counts["packets_by_call"] + timeline.counts["packets_by_no_call"] == 3


def test_two_cards_that_claim_one_address() -> None:
    """RFC 5227 section 2.4. The same card again is none, nor is another address's."""
    first, again = tells(SERVER[0], SERVER_MAC), tells(SERVER[0], SERVER_MAC)
    said = around(of_tcp(asks(SERVER[0]), first, again, tells(SERVER[0], ROUTER_MAC), *HANDSHAKE))
    assert said[1:3] == [f"10.0.0.2 is at {SERVER_MAC}"] * 2
    assert said[3] == f"10.0.0.2 is at {ROUTER_MAC} and was at {SERVER_MAC}: an address conflict, or a move"


def test_a_sendto_does_not_wait_for_the_neighbour() -> None:
    (only,) = gathered(asks(SERVER[0]), tells(SERVER[0], SERVER_MAC), datagram(CLIENT, SERVER, b"x")).all
    sendto = explain(only).calls[0]
    assert (sendto.begins_after, sendto.returns_after, sendto.caused) == (0, 0, (3,))


def test_questions_about_others_do_not_belong() -> None:
    found = of_tcp(asks("10.0.0.77"), asks(SERVER[0], "10.0.0.78"), *HANDSHAKE)
    assert around(found) == []


def test_the_way_leads_through_a_router() -> None:
    """The network card that was found is the one that the frames go to."""
    way = [carried(packet, CLIENT_MAC, ROUTER_MAC) for packet in HANDSHAKE]
    assert around(of_tcp(asks(ROUTER), tells(ROUTER, ROUTER_MAC), *way)) == [
        "asks who has 10.0.0.254",
        f"10.0.0.254 is at {ROUTER_MAC}",
    ]
    elsewhere = [carried(packet, CLIENT_MAC, SERVER_MAC) for packet in HANDSHAKE]
    assert around(of_tcp(asks(ROUTER), tells(ROUTER, ROUTER_MAC), *elsewhere)) == []


def test_the_name_was_looked_up_first() -> None:
    timeline = of_tcp(*looked_up("wire.example", SERVER[0]), *HANDSHAKE)
    assert around(timeline) == ["asks for A wire.example", "answers A wire.example: 10.0.0.2"]
    assert [segment.end for segment in timeline.segments[:2]] == [0, 1]
    assert timeline.calls[0].begins_after == 2  # connect() does not look names up


def test_another_name_was_looked_up() -> None:
    assert around(of_tcp(*looked_up("wire.example", "10.0.0.99"), *HANDSHAKE)) == []
    assert around(of_tcp(*looked_up("wire.example", SERVER[0], asker="10.0.0.98"), *HANDSHAKE)) == []


def test_a_conversation_with_the_resolver_has_no_look_ups_besides() -> None:
    (only,) = gathered(*looked_up("wire.example", RESOLVER)).all
    assert around(explain(only)) == []


def test_it_belongs_to_the_next_conversation_and_not_to_later_ones() -> None:
    other = [packet.replace(type(packet.layers[-1]), sport=50000) for packet in (C("S"),)]
    found = gathered(asks(SERVER[0]), tells(SERVER[0], SERVER_MAC), *HANDSHAKE, *other, S("A", 1, 1)).all
    assert [len(each.companions) for each in found] == [2, 0]


def test_no_more_are_remembered_than_fit() -> None:
    kept = Companions()
    for frame in frames(*[asks(SERVER[0])] * (MAX_COMPANIONS + 5)):
        kept.add(frame)
    found = list(kept.of((CLIENT, SERVER), frozenset()))
    assert len(found) == MAX_COMPANIONS
    assert found[0].observed.number == 6


def test_damaged_ones_are_passed_over() -> None:
    strange = [
        Ethernet() / ARP(opcode=7, sender_ip=CLIENT[0], target_ip=SERVER[0]),
        Packet.decode(bytes(asks(SERVER[0]))[:30]),
        Ethernet() / IPv4(src=CLIENT[0], dst=RESOLVER) / UDP(sport=40000, dport=53) / b"\0\1",
    ]
    kept = Companions()
    for frame in frames(*strange):
        kept.add(frame)
    assert list(kept.of((CLIENT, SERVER), frozenset())) == []

"""What is on a host's interface, as a link."""

from __future__ import annotations

import socket

import pytest

from rawkit import TCP, UDP, IPv4
from rawkit.capture import Frame
from rawkit.filter import Filter
from rawkit.lab import Network
from rawkit.link import PacketLink
from tests.lab.acts import converse

pytestmark = pytest.mark.usefixtures("namespaces")


def test_a_conversation_is_seen_from_both_ends() -> None:
    with Network() as net:
        a, b = net.host("a"), net.host("b")
        net.link(a, b)
        addresses = {a.address, b.address}
        with a.capture() as here, b.capture() as there:
            converse(a, b, b.address)
            seen = [[frame for frame in drained(link) if TCP in frame.packet] for link in (here, there)]
    opened = 7  # handshake, a line and its acknowledgement, a line back; of the end there may be more at one end
    first, second = ([frame.octets for frame in frames[:opened]] for frames in seen)
    assert first == second
    assert len(first) == opened
    assert {frame.packet[IPv4].src for frame in seen[0]} == addresses
    assert str(seen[0][0].packet[TCP].flags) == "S"


def test_a_filter_is_the_kernels() -> None:
    """Of many datagrams only those to one port are handed over at all."""
    with Network() as net:
        a, b = net.host("a"), net.host("b")
        net.link(a, b)
        wanted = Filter("udp dst port 7", kernel=True).program()
        with b.capture(filter=wanted) as link, a.socket(kind=socket.SOCK_DGRAM) as sending:
            for port in (7, 8, 7, 9):
                sending.sendto(b"?", (b.address, port))
            seen = [frame.packet[UDP].dport for frame in drained(link) if UDP in frame.packet]
        assert seen == [7, 7]


def drained(link: PacketLink) -> list[Frame]:
    """All frames that have come."""
    link.stop()
    return list(link)

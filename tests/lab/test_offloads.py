"""What is left to the card, and what is not, as the frames on the wire tell."""

from __future__ import annotations

import pytest

from rawkit import TCP, Packet
from rawkit.lab import Network

OCTETS = 10_000


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("offloads", [False, True])
def test_frames_are_as_on_a_wire_without_offloads(offloads: bool) -> None:
    with Network() as net:
        a, b = net.host("a"), net.host("b")
        net.link(a, b, offloads=offloads)
        with b.packet_socket(outgoing=False) as watching, b.socket() as listener, a.socket() as client:
            for each in (watching, listener, client):
                each.settimeout(10)
            listener.bind((b.address, 7))
            listener.listen()
            client.connect((b.address, 7))
            client.sendall(bytes(OCTETS))
            states, longest, seen = set(), 0, 0
            while seen < OCTETS:
                packet = Packet.decode(watching.recv(0x10000))
                if TCP in packet:
                    seen += len(packet.payload)
                    longest = max(longest, len(packet.octets))
                    states |= {verdict.state for verdict in packet.check() if verdict.layer == "TCP"}
    assert states <= {"good", "partial"}
    assert ("partial" in states, longest > 1514) == (offloads, offloads)

"""Conversations for tests, a packet a line: hand-built frames, as a capture would have them."""

from __future__ import annotations

from rawkit.analysis import Conversation, Conversations, explain, gather
from rawkit.capture import Frame, Interface, LinkType
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.tcp import TCP
from rawkit.protocols.udp import UDP
from rawkit.timeline import Timeline
from rawkit.wire import Packet

CLIENT, SERVER = ("10.0.0.1", 51234), ("10.0.0.2", 7)
INTERFACE = Interface(0, LinkType(1))
CLIENT_ISN, SERVER_ISN = 1_000, 9_000


def frames(*packets: Packet) -> list[Frame]:
    """As frames of a capture, a millisecond apart."""
    return [
        Frame(number, number * 1_000_000, bytes(packet), len(bytes(packet)), INTERFACE)
        for number, packet in enumerate(packets, 1)
    ]


def gathered(*packets: Packet) -> Conversations:
    return gather(frames(*packets))


def only(*packets: Packet) -> Conversation:
    """The one conversation that these packets are."""
    (found,) = gathered(*packets).all
    return found


def told(*packets: Packet) -> Timeline:
    return explain(only(*packets))


class Talker:
    """Makes one end's segments; sequence numbers count from its SYN, as people say them."""

    def __init__(self, here: tuple[str, int], there: tuple[str, int], isn: int, other_isn: int) -> None:
        self.here, self.there, self.isn, self.other_isn = here, there, isn, other_isn

    def __call__(
        self, flags: str, seq: int = 0, ack: int | None = None, data: bytes = b"", window: int = 500
    ) -> Packet:
        """One segment; `ack` counts from the other end's SYN."""
        segment = TCP(
            sport=self.here[1],
            dport=self.there[1],
            flags=flags,
            seq=(self.isn + seq) % 2**32,
            ack=0 if ack is None else (self.other_isn + ack) % 2**32,
            window=window,
        )
        return Ethernet() / IPv4(src=self.here[0], dst=self.there[0]) / segment / data


def talkers(
    client: tuple[str, int] = CLIENT,
    server: tuple[str, int] = SERVER,
    client_isn: int = CLIENT_ISN,
    server_isn: int = SERVER_ISN,
) -> tuple[Talker, Talker]:
    return Talker(client, server, client_isn, server_isn), Talker(server, client, server_isn, client_isn)


def datagram(source: tuple[str, int], destination: tuple[str, int], data: bytes) -> Packet:
    udp = UDP(sport=source[1], dport=destination[1])
    return Ethernet() / IPv4(src=source[0], dst=destination[0]) / udp / data


C, S = talkers()

HANDSHAKE = (C("S"), S("SA", 0, 1), C("A", 1, 1))


def calls(timeline: Timeline, end: int) -> list[str]:
    """The calls of one end as people write them, `?` after those that are only possible."""
    return [call.text + (" ?" if call.certainty == "possible" else "") for call in timeline.calls if call.end == end]


def states(timeline: Timeline, end: int) -> list[str]:
    return [state.name for state in timeline.states if state.end == end]

"""A capture of some hundred conversations, made from a seed: people read pages over HTTP, and names are looked up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from struct import pack

from rawkit import TCP, UDP, Ethernet, IPv4, NoOperation, Timestamps
from rawkit.capture import PcapWriter
from rawkit.protocols.tcp_options import MSS, SACKPermitted, WindowScale
from rawkit.wire import Packet

End = tuple[str, int]

SERVERS = [f"192.0.2.{number}" for number in range(1, 41)]
RESOLVER = ("198.51.100.53", 53)
AT_ONCE = 60
"""Conversations that go on at the same time."""

SEGMENT = 1448
"""Octets of data, beside the timestamps, in an Ethernet frame."""

START_NS = 1_700_000_000 * 10**9
WORDS = [
    "the",
    "packets",
    "behind",
    "your",
    "sockets",
    "wait",
    "for",
    "nobody",
    "and",
    "are",
    "counted",
    "one",
    "by",
    "one",
    "until",
    "all",
    "have",
    "come",
]


def write(path: Path, packets: int, seed: int = 1) -> None:
    """Write a capture of so many packets."""
    dice = Random(seed)
    open_ones: list[Iterator[Packet]] = []
    count, now = 0, START_NS
    with PcapWriter(path) as writer:
        for written in range(packets):
            packet = None
            while packet is None:
                while len(open_ones) < AT_ONCE:
                    open_ones.append(conversation(dice, count))
                    count += 1
                at = dice.randrange(len(open_ones))
                packet = next(open_ones[at], None)
                if packet is None:
                    del open_ones[at]
            now += dice.randrange(1_000, 400_000)
            octets = bytes(packet.replace(IPv4, identification=1 + written % 0xFFFF))
            writer.write_octets(octets, time_ns=now)


def conversation(dice: Random, number: int) -> Iterator[Packet]:
    client = f"10.{number // 50_000}.{number // 250 % 200}.{number % 250 + 1}"
    ports = 32_768 + dice.randrange(28_000)
    if number % 4 == 0:
        return lookup(dice, (client, ports))
    return pages(dice, (client, ports), (dice.choice(SERVERS), 80))


def lookup(dice: Random, client: End) -> Iterator[Packet]:
    """A name, asked for and told."""
    for source, destination, response in ((client, RESOLVER, False), (RESOLVER, client, True)):
        header = pack(">6H", client[1], 0x8180 if response else 0x0100, 1, response, 0, 0)
        question = b"\x03www\x07example\x03com\x00\x00\x01\x00\x01"
        answer = pack(">HHHIH4B", 0xC00C, 1, 1, 300, 4, 192, 0, 2, dice.randrange(1, 41)) if response else b""
        yield frame(source, destination) / UDP(sport=source[1], dport=destination[1]) / (header + question + answer)


def frame(source: End, destination: End) -> Packet:
    return Ethernet(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IPv4(src=source[0], dst=destination[0])


class Stream:
    """One direction: its segments, numbered."""

    def __init__(self, dice: Random, source: End, destination: End) -> None:
        self.source, self.destination = source, destination
        self.next = dice.getrandbits(32)
        self.clock = dice.getrandbits(31)

    def __call__(self, flags: str, other: Stream, data: bytes = b"") -> Packet:
        """A segment that acknowledges all of the other direction."""
        self.clock = (self.clock + 3) % 2**32
        echoed = other.clock if "A" in flags else 0
        stamps = (Timestamps(self.clock, echoed),)
        options = (
            (MSS(1460), SACKPermitted(), *stamps, NoOperation(), WindowScale(7))
            if "S" in flags
            else (NoOperation(), NoOperation(), *stamps)
        )
        segment = TCP(
            sport=self.source[1],
            dport=self.destination[1],
            flags=flags,
            window=501,
            options=options,
            seq=self.next,
            ack=other.next if "A" in flags else 0,
        )
        self.next = (self.next + len(data) + ("S" in flags) + ("F" in flags)) % 2**32
        return frame(self.source, self.destination) / segment / data


def pages(dice: Random, client: End, server: End) -> Iterator[Packet]:
    """A connection over which some pages are asked for."""
    asks, answers = Stream(dice, client, server), Stream(dice, server, client)
    yield asks("S", answers)
    yield answers("SA", asks)
    yield asks("A", answers)
    for _ in range(dice.randrange(1, 12)):
        yield asks("PA", answers, f"GET /{dice.choice(WORDS)} HTTP/1.1\r\nHost: www.example.com\r\n\r\n".encode())
        yield answers("A", asks)
        page = text(dice, dice.randrange(200, 30_000))
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(page)}\r\n\r\n".encode()
        pieces = [(head + page)[at : at + SEGMENT] for at in range(0, len(head + page), SEGMENT)]
        for at, piece in enumerate(pieces, 1):
            yield answers("PA" if at == len(pieces) else "A", asks, piece)
            if at % 2 == 0 or at == len(pieces):
                yield asks("A", answers)
    yield asks("FA", answers)
    yield answers("FA", asks)
    yield asks("A", answers)


def text(dice: Random, octets: int) -> bytes:
    return " ".join(dice.choices(WORDS, k=octets // 5)).encode()[:octets]

"""How a play names a frame on the wire: by who sent it, by its flags, by the text in it."""

import socket

from rawkit import TCP, IPv4
from rawkit.protocols.tcp import TCPFlags
from scripts.plays.networks import Stage
from scripts.plays.plan import CLIENT, there_and_back
from scripts.plays.wire import Match

PART = 1448  # octets: an Ethernet's MSS of 1460, less the 12 that timestamps take in every segment


def flagged(sender: str, flags: str) -> Match:
    """A segment of this address without data that has exactly these flags."""
    return lambda packet: whatever(sender)(packet) and packet[TCP].flags == TCPFlags(flags) and not packet.payload


def carrying(text: bytes) -> Match:
    """A packet with this text in its data."""
    return lambda packet: text in packet.payload


def whatever(sender: str) -> Match:
    """Every TCP segment of this address."""
    return lambda packet: TCP in packet and packet[IPv4].src == sender


def named(number: int) -> bytes:
    """How the part with this number begins."""
    return b"part %02d " % number


def parts(first: int, last: int) -> bytes:
    """Text that fills a segment a part, each beginning with its number."""
    return b"".join(named(number).ljust(PART - 1, b".") + b"\n" for number in range(first, last + 1))


def echo_until_acknowledged(network: Stage, client: socket.socket, server: socket.socket) -> None:
    """A line there and back, and the acknowledgement of that, so that nothing is under way when the wire is cut."""
    acknowledged = network.wire.notice(flagged(CLIENT, "A"))
    there_and_back(client, server)
    acknowledged.wait()

"""DNS messages of every kind: the same keys and values as tshark has."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.interop.agreement import datagram, tshark_agrees

PORTS = {53: "dns", 5353: "mdns", 5355: "llmnr"}

WWW = (b"www", b"example", b"com")
NAMES: list[tuple[bytes, ...]] = [
    (),
    WWW,
    (b"_sip", b"_udp", b"example", b"com"),
    (b"_sip",),
    (b"a.b", b"c"),
    (b"a\\b", b'"q"', b"x y", b"$@;()"),
    (b"\x00\x01\x1f\x7f", b"\x07\x08\t\n\x0b\x0c\r\x1b"),
    ("é".encode(), b"\xff\x80"),
]

FLAGS = {"none": 0, "all": 0x07F0, "response": 0x8000, "response, all": 0x87F3}
OPCODES = {"query": 0, "inverse": 1, "status": 2, "notify": 4, "update": 5}

OF_WHAT_WE_SAY = ("dns.flags.", "dns.count.", "dns.qry.name", "dns.resp.name", "dns.srv.")
"""Of these tshark has no key that we have not."""

DEEPER = {"dns.count.labels", "dns.qry.name.len", "dns.resp.name.len"}
"""What only tshark counts."""


def wire(labels: tuple[bytes, ...]) -> bytes:
    """A name on the wire."""
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def message(word: int, name: bytes, records: list[bytes]) -> bytes:
    """A question for an address, with these answers."""
    return struct.pack(">6H", 7, word, 1, len(records), 0, 0) + name + struct.pack(">HH", 1, 1) + b"".join(records)


def answer(name: bytes, kind: int, data: bytes) -> bytes:
    return name + struct.pack(">HHIH", kind, 1, 300, len(data)) + data


def compare(messages: list[bytes], port: int, path: Path) -> None:
    """Every message as tshark reads it and as we do."""
    tshark_agrees([datagram(each, port) for each in messages], PORTS[port], path, OF_WHAT_WE_SAY, DEEPER)


@pytest.mark.parametrize("port", PORTS)
def test_flags_and_counts(port: int, tmp_path: Path) -> None:
    words = [flags | opcode << 11 for flags in FLAGS.values() for opcode in OPCODES.values()]
    compare([message(word, wire(WWW), []) for word in words], port, tmp_path / "flags.pcap")


def test_names(tmp_path: Path) -> None:
    messages = []
    for name in map(wire, NAMES):
        parts = {2: name, 5: name, 12: name, 15: b"\0\1" + name, 6: name + name + bytes(20), 33: bytes(6) + name}
        messages.append(message(0x8180, name, [answer(name, kind, data) for kind, data in parts.items()]))
    compare(messages, 53, tmp_path / "names.pcap")

"""tshark on the same frames: every field declared under a Wireshark name, the verdicts on checksums, the lengths."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from rawkit.capture import Frame, Interface, LinkType, PcapWriter
from rawkit.protocols import (
    PPP,
    SLL,
    SLL2,
    TCP,
    UDP,
    Ethernet,
    InterfaceIdentifier,
    IPv4,
    IPv6,
    IPv6CP,
    IPv6CPConfigure,
    LoopbackBE,
    LoopbackLE,
    LooseSourceRoute,
    PPPFramed,
    PPPFramedCompressed,
    Redirect,
    RedirectedHeader,
    StrictSourceRoute,
    UDPLite,
)
from rawkit.show.places import payload_length
from rawkit.wire import Address, Header, Option, Packet
from rawkit.wire.field import AddressField, Field, FixedOctets
from scripts.built_captures import BUILT
from tests.conftest import NO_SHARED
from tests.protocols import test_scapy
from tests.wire.strategies import HEADERS
from tests.witnesses.octets import OURS, captures, frames, needs, single_frames

pytestmark = needs("tshark")

PREFERENCES = {
    "ip.check_checksum": "TRUE",
    "tcp.check_checksum": "TRUE",
    "udp.check_checksum": "TRUE",
    "sctp.checksum": "CRC 32c",
    "ip.defragment": "FALSE",
    "ipv6.defragment": "FALSE",
    "tcp.relative_sequence_numbers": "FALSE",
    "tcp.desegment_tcp_streams": "FALSE",
    "tcp.analyze_sequence_numbers": "FALSE",
    "ip.tso_support": "TRUE",
}
"""tshark judges checksums only when told to, and must show each frame as it is, not a reassembly."""

WARNED = "_ws.expert.severity >= 0x600000"
"""A filter: Wireshark's severities from "warning" on."""

STATUS = {"0": "bad", "1": "good", "2": "unverifiable", "3": "absent"}
"""Wireshark's checksum status -> our verdict."""

VERDICT_DIFFERENCES = {
    ("partial", "bad"): "Wireshark has no status of its own for what was left to the network card; it says so in words",
}
"""(ours, tshark's) -> why both are right."""

CHECKSUMS = {
    "IPv4": "ip.checksum.status",
    "TCP": "tcp.checksum.status",
    "UDP": "udp.checksum.status",
    "ICMPv4": "icmp.checksum.status",
    "ICMPv6": "icmpv6.checksum.status",
    "SCTP": "sctp.checksum.status",
}
"""Our layer -> Wireshark's status of its checksum."""

OCTETS_PER_UNIT = {"ip.hdr_len": 4, "tcp.hdr_len": 4}
"""Names under which Wireshark shows octets, where the header counts words."""

LENGTH_LIMIT = 1536

DIFFERENCES: dict[str, tuple[Callable[[str, Any, Packet], bool], str]] = {
    "lengths": (
        lambda name, value, packet: name in ("eth.type", "vlan.etype", "sll.etype") and value < LENGTH_LIMIT,
        "below 1536 it is the length of an 802.3 frame, which Wireshark names otherwise (eth.len)",
    ),
    "version": (
        lambda name, value, packet: name == "ip.version" and value == 6,
        "Wireshark shows the version of IPv6 as ip.version too",
    ),
    "vendors": (
        lambda name, value, packet: name == "llc.pid",
        "of some vendors Wireshark knows the numbers, and names the field after the vendor (llc.cisco_pid)",
    ),
    "source routes": (
        lambda name, value, packet: name == "ip.dst" and any(map(source_route, packet.all(IPv4))),
        "Wireshark gives the last address of a source route as ip.dst, and the header's own as ip.cur_rt",
    ),
    "presumed lengths": (
        lambda name, value, packet: name == "ip.len" and any(ip.total_length == 0 for ip in packet.all(IPv4)),
        "where the length is 0 (segmentation offload), Wireshark shows the one it presumes",
    ),
    "families": (
        lambda name, value, packet: name == "null.family" and value > 0xFFFF,
        "no address family is that large: Wireshark looks for an EtherType there",
    ),
    "unused": (
        lambda name, value, packet: name in ("icmp.mtu", "icmp.length", "icmpv6.length") and value == 0,
        "Wireshark shows these only with the codes, or with the extensions, that use them",
    ),
    "quoted numbers": (
        lambda name, value, packet: name == "tcp.seq_raw" and packet.quoted is not None and TCP in packet.quoted,
        "of a quoted segment Wireshark shows tcp.seq alone",
    ),
}
"""What is legitimately different: which values under which names, and why. Values of these kinds are left out on both
sides; all else must agree."""


def source_route(ip: IPv4) -> bool:
    return any(isinstance(option, (LooseSourceRoute, StrictSourceRoute)) for option in ip.options)


def name_of(cls: Any, field: Field) -> str | None:
    """Wireshark's name of a field; None where there is none."""
    if field.wireshark == "" or not cls.layout.wireshark:
        return None
    return f"{cls.layout.wireshark}.{field.wireshark or field.name}"


KINDS: dict[str, set[type]] = {}
"""Wireshark's name -> the kinds of our fields that have it."""

for _cls in HEADERS:
    for _field in _cls.layout.fixed:
        if _name := name_of(_cls, _field):
            KINDS.setdefault(_name, set()).add(type(_field))


def plain(name: str, value: Any) -> int | str:
    """A value of ours as it is compared: numbers, addresses as text, octets as hexadecimal digits."""
    if isinstance(value, Address):
        return str(value)
    return value.hex() if isinstance(value, bytes) else int(value) * OCTETS_PER_UNIT.get(name, 1)


def read_text(name: str, text: str) -> int | str:
    """A value of tshark's as it is compared."""
    if name not in KINDS or AddressField in KINDS[name]:
        return text
    if FixedOctets in KINDS[name]:
        return text.replace(":", "")
    return int(text == "True") if text in ("True", "False") else int(text, 0)


def headers(packet: Packet) -> list[Header]:
    """All headers, those of a quoted packet too: Wireshark does not tell them apart."""
    quoted = [packet.quoted] if packet.quoted is not None else []
    redirect = packet.get(Redirect)
    for option in redirect.options if redirect is not None else ():
        quoted += [Packet.decode(option.data, first=IPv6)] if isinstance(option, RedirectedHeader) else []
    return [*packet.layers, *(header for inner in quoted for header in headers(inner))]


def options(header: Header) -> Sequence[Option]:
    """Those of a header: some have fields that Wireshark names like a header's."""
    tail = type(header).layout.tail_field
    return getattr(header, tail.name) if tail is not None else ()


def our_fields(packet: Packet) -> dict[str, list[int | str]]:
    """Wireshark's name -> the values, outermost first."""
    found: dict[str, list[int | str]] = {}
    for header in headers(packet):
        for each in (header, *options(header)):
            for field in each.layout.declared.fixed:
                if (name := name_of(type(each), field)) in KINDS:
                    found.setdefault(name, []).append(plain(name, getattr(each, field.name)))
    return found


def asked(path: Path, names: Sequence[str], *options: str) -> list[list[str]]:
    """What tshark has under these names, a row a frame."""
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=;"]
    for preference, wanted in PREFERENCES.items():
        command += ["-o", f"{preference}:{wanted}"]
    command += options
    for name in names:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def their_fields(path: Path) -> list[dict[str, list[int | str]]]:
    """Every frame's fields as tshark sees them; statuses of checksums as text."""
    names = [*KINDS, *CHECKSUMS.values(), "tcp.len", "frame.len", "frame.cap_len"]
    rows = asked(path, names)
    return [
        {
            name: [read_text(name, text) for text in cell.split(";")]
            for name, cell in zip(names, row, strict=True)
            if cell
        }
        for row in rows
    ]


Judged = list[tuple[Frame, dict[str, list[int | str]]]]


def judged(found: Sequence[Frame], folder: Path) -> Judged:
    """Each frame with what tshark says of its octets, link type by link type."""
    pairs: Judged = []
    for linktype in sorted({frame.linktype for frame in found}):
        same = [frame for frame in found if frame.linktype == linktype]
        path = folder / f"{int(linktype)}.pcap"
        with PcapWriter(path, linktype=linktype) as writer:
            for frame in same:
                writer.write_octets(frame.octets, time_ns=0, wire_length=frame.wire_length)
        pairs += zip(same, their_fields(path), strict=True)
    return pairs


def compared(name: str, values: list[int | str], packet: Packet) -> list[int | str]:
    """The values that must agree."""
    return [each for each in values if not any(applies(name, each, packet) for applies, _ in DIFFERENCES.values())]


def disagreements(frame: Frame, theirs: dict[str, list[int | str]]) -> list[str]:
    """What tshark reads otherwise. In a payload it may know more headers; from a damaged one on it may know fewer."""
    packet = frame.packet
    found, ours = [], our_fields(packet)
    more, fewer = bool(packet.payload) or not packet.layers or bool(packet.defects), bool(packet.defects)
    for name in KINDS:
        mine, other = (compared(name, side.get(name, []), packet) for side in (ours, theirs))
        if fewer:
            mine = mine[: len(other)]
        if mine != (other[: len(mine)] if more else other):
            found.append(f"frame {frame.number} {frame.packet!r} {name}: ours {mine}, tshark's {other}")
    return found


def wrong_verdicts(frame: Frame, theirs: dict[str, list[int | str]]) -> list[str]:
    """Checksums of the packet's own headers (quoted ones are not judged) on which tshark has another opinion."""
    found = []
    for layer, name in CHECKSUMS.items():
        mine: list[str] = [v.state for v in frame.packet.check() if v.layer == layer and v.checksum]
        other = [STATUS[str(status)] for status in theirs.get(name, [])][: len(mine)]
        found += [
            f"frame {frame.number} {layer}: ours {one}, tshark's {two}"
            for one, two in zip(mine, other, strict=False)
            if one != two and (one, two) not in VERDICT_DIFFERENCES
        ]
    return found


def examine(found: Sequence[Frame], folder: Path) -> None:
    """Fields, verdicts and lengths of all frames; every disagreement in one failure."""
    wrong = []
    for frame, theirs in judged(found, folder):
        wrong += disagreements(frame, theirs) + wrong_verdicts(frame, theirs)
        lengths = [theirs["frame.len"], theirs["frame.cap_len"]]
        if lengths != [[str(frame.wire_length)], [str(len(frame.octets))]]:
            wrong.append(f"frame {frame.number}: lengths {lengths}")
        if theirs.get("tcp.len") and TCP in frame.packet and not frame.packet.defects:
            carried = payload_length(frame.packet)
            if theirs["tcp.len"] != [str(carried)]:
                wrong.append(f"frame {frame.number}: tcp.len {theirs['tcp.len']}, ours {carried}")
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.parametrize("path", captures(lambda frame: True))
def test_fields_verdicts_lengths(path: Path, tmp_path: Path) -> None:
    examine(frames(path), tmp_path)


@pytest.mark.parametrize("name", sorted(name for name in BUILT if not name.startswith("damaged/")))
def test_in_what_was_built_nothing_is_wrong(name: str) -> None:
    """Tunnels, SCTP, options that no kernel here sends: tshark warns of nothing, and follows TCP's numbers too."""
    follow = "-o", "tcp.analyze_sequence_numbers:TRUE"
    assert asked(OURS / name, ["frame.number", "_ws.expert.message"], *follow, "-Y", "_ws.malformed or " + WARNED) == []


def test_tshark_warns_where_something_is_wrong() -> None:
    assert len(asked(OURS / "damaged/bad-checksums.pcap", ["frame.number"], "-Y", WARNED)) >= 3


def test_single_frames(tmp_path: Path) -> None:
    found = single_frames()
    if not found:
        pytest.skip(NO_SHARED)
    examine(found, tmp_path)


LINK_TYPES = {
    Ethernet: 1,
    SLL: 113,
    SLL2: 276,
    LoopbackLE: 0,
    LoopbackBE: 108,
    PPP: 9,
    PPPFramed: 9,
    PPPFramedCompressed: 9,
}
"""What a packet begins with -> the link type of a capture of such; IP itself without (101)."""


def every_header() -> list[Frame]:
    """One frame of each kind that scapy builds like us, and of those kinds that it has not."""
    packets = test_scapy.packets()
    packets.append(IPv4(src="192.0.2.1", dst="192.0.2.2") / UDPLite(sport=1000, dport=2000, coverage=9) / b"data")
    packets.append(LoopbackBE() / IPv4(src="192.0.2.1", dst="192.0.2.2") / UDP(sport=1000, dport=2000) / b"data")
    packets.append(PPP() / IPv6CP(identifier=1) / IPv6CPConfigure(options=[InterfaceIdentifier(b"12345678")]))
    return [
        Frame(number, 0, bytes(packet), len(bytes(packet)), Interface(index=0, linktype=linktype_of(packet)))
        for number, packet in enumerate(packets, 1)
    ]


def linktype_of(packet: Packet) -> LinkType:
    return LinkType(LINK_TYPES.get(type(packet.layers[0]), 101))


def test_every_header(tmp_path: Path) -> None:
    found = every_header()
    assert not [frame.number for frame in found if frame.packet.defects]
    assert {type(header) for frame in found for header in frame.packet.layers} == {*HEADERS}
    examine(found, tmp_path)


def test_every_name_is_one_of_wiresharks() -> None:
    listed = subprocess.run(["tshark", "-G", "fields"], capture_output=True, text=True, timeout=120, check=True).stdout
    known = {line.split("\t")[2] for line in listed.splitlines() if line.startswith("F\t")}
    assert [name for name in KINDS if name not in known] == []

"""Every capture against the facts beside it: digest, counts, conversations; decoded by rawkit, with dpkt as witness."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

import dns.message
import dns.rcode
import dns.rdatatype
import dpkt
import pytest

import rawkit
from rawkit import TCP, UDP, IPv4, IPv6
from rawkit.bundled import CONCEPTS
from rawkit.protocols.tcp_states import TRANSITIONS
from scripts import make_captures as making
from scripts.built_captures import BUILT, build
from tests.scripts_copy import PROJECT, script

CAPTURES = PROJECT / "captures"
FACTS = sorted(CAPTURES.rglob("*.toml"))
EPHEMERAL = range(32768, 61000)  # net.ipv4.ip_local_port_range of every Linux


def name_of(facts: Path) -> str:
    return str(facts.relative_to(CAPTURES).with_suffix(""))


def capture_of(facts: Path) -> Path:
    (found,) = facts.parent.glob(facts.stem + ".pcap*")
    return found


def load(facts: Path) -> dict[str, Any]:
    return tomllib.loads(facts.read_text())


def having(*keys: str) -> pytest.MarkDecorator:
    """Run for every capture whose facts have these."""
    chosen = [facts for facts in FACTS if all(key in load(facts).get("facts", {}) for key in keys)]
    assert chosen, keys
    return pytest.mark.parametrize("facts", chosen, ids=name_of)


every = pytest.mark.parametrize("facts", FACTS, ids=name_of)


class Carried(NamedTuple):
    """One segment or datagram of TCP or UDP, whoever decoded it."""

    src: str
    sport: int
    dst: str
    dport: int
    flags: int  # of TCP; 0 in UDP
    seq: int  # of the first octet of data in TCP (a SYN counts one); 0 in UDP
    data: bytes


def by_rawkit(path: Path) -> Iterator[Carried]:
    with rawkit.read(path) as capture:
        for frame in capture:
            packet = frame.packet
            ip, transport = packet.get(IPv4) or packet.get(IPv6), packet.get(TCP) or packet.get(UDP)
            if ip and transport:
                ends = str(ip.src), transport.sport, str(ip.dst), transport.dport
                flags, seq = (int(transport.flags), transport.seq) if isinstance(transport, TCP) else (0, 0)
                yield Carried(*ends, flags, seq + bool(flags & dpkt.tcp.TH_SYN), bytes(packet.payload))


def by_dpkt(path: Path) -> Iterator[Carried]:
    with path.open("rb") as file:
        for _, octets in dpkt.pcap.UniversalReader(file):
            ip = dpkt.ethernet.Ethernet(octets).data
            transport = getattr(ip, "data", None)
            if isinstance(transport, dpkt.tcp.TCP | dpkt.udp.UDP):
                src, dst = (dpkt.utils.inet_to_str(address) for address in (ip.src, ip.dst))
                flags, seq = getattr(transport, "flags", 0), getattr(transport, "seq", 0)
                seq += bool(flags & dpkt.tcp.TH_SYN)
                yield Carried(src, transport.sport, dst, transport.dport, flags, seq, bytes(transport.data))


Decoder = Callable[[Path], Iterator[Carried]]
both = pytest.mark.parametrize("decoder", [by_rawkit, by_dpkt])


def test_every_capture_has_facts_and_every_fact_a_capture() -> None:
    captures = {str(path.relative_to(CAPTURES)) for path in CAPTURES.rglob("*.pcap*")}
    assert captures == {str(capture_of(facts).relative_to(CAPTURES)) for facts in FACTS}
    assert len(captures) >= 50
    assert sum((CAPTURES / name).stat().st_size for name in captures) < 5_000_000


@every
def test_it_is_the_file_that_the_facts_were_written_for(facts: Path) -> None:
    said = load(facts)
    assert said.keys() <= {"how", "seed", "of", "sha256", "sentence", "concepts", "link", "packets", "facts"}
    assert hashlib.sha256(capture_of(facts).read_bytes()).hexdigest() == said["sha256"]
    assert said["how"] == ("built" if str(capture_of(facts).relative_to(CAPTURES)) in BUILT else "recorded")
    assert said["sentence"].endswith(".")
    assert said["concepts"]
    assert set(said["concepts"]) <= {concept.key for concept in CONCEPTS}


def test_every_concept_has_a_capture() -> None:
    """Also the two that leave no packet: an empty capture tells of those."""
    assert {concept for facts in FACTS for concept in load(facts)["concepts"]} == {concept.key for concept in CONCEPTS}


@pytest.mark.parametrize("name", BUILT)
def test_building_it_again_gives_the_same_octets(name: str) -> None:
    assert build(name) == (CAPTURES / name).read_bytes()
    said = load((CAPTURES / name).with_suffix(".toml"))
    assert (said.get("seed"), said.get("of")) == (BUILT[name].seed, BUILT[name].of)


def make_captures(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As a person calls it who has no environment activated, only Debian's own Python if any."""
    called = script("make_captures", clone)
    called.with_suffix(".py").symlink_to(PROJECT / "scripts/make_captures.py")
    system = {**os.environ, "PATH": os.defpath, "PYTHONPATH": ""}
    return subprocess.run([called, *arguments], env=system, capture_output=True, text=True, check=False)


def test_make_captures_knows_them_all_and_remakes_nothing_unasked(tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in CAPTURES.rglob("*.pcap*")}
    listed = set(make_captures(tmp_path).stdout.splitlines())
    assert listed == {f"{load(facts)['how']:8}  {capture_of(facts).relative_to(CAPTURES)}" for facts in FACTS}
    assert before == {path: path.stat().st_mtime_ns for path in CAPTURES.rglob("*.pcap*")}


def test_make_captures_suggests_the_nearest_name(tmp_path: Path) -> None:
    refused = make_captures(tmp_path, "tcp/ehco.pcap")
    assert refused.returncode == 2
    assert "did you mean tcp/echo.pcap?" in refused.stderr


def test_make_captures_says_what_is_built_of_a_recording_that_was_replaced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is recorded or written here. What is built of a recording that was replaced comes after it."""
    made: list[str] = []
    for name, does in {
        "become_root": lambda: None,
        "record": lambda name: [],
        "build": lambda name: b"",
        "keep": lambda name, octets: made.append(name),
    }.items():
        monkeypatch.setattr(making, name, does)
    monkeypatch.setattr(sys, "argv", ["make_captures", "link/vlan-echo.pcap", "tcp/echo.pcap", "tcp/urgent.pcap"])
    making.main()
    assert made == ["tcp/echo.pcap", "tcp/urgent.pcap", "link/vlan-echo.pcap"]
    _, _, command = capsys.readouterr().out.partition("scripts/make_captures ")
    of_it = [name for name, plan in BUILT.items() if plan.of == "tcp/echo.pcap" and name != "link/vlan-echo.pcap"]
    assert command.split() == of_it != []
    monkeypatch.setattr(sys, "argv", ["make_captures", "tcp/urgent.pcap"])
    making.main()
    assert capsys.readouterr().out == ""


@every
def test_packets_and_headers(facts: Path) -> None:
    said = load(facts)
    layers: Counter[str] = Counter()
    with rawkit.read(capture_of(facts)) as capture:
        frames = list(capture)
        assert len(capture.defects) == said["facts"].get("defects_in_file", 0)
    for frame in frames:
        layers.update({type(header).__name__ for header in frame.packet.layers})
        assert frame.linktype.name == said["link"]
        assert bytes(frame.packet) == frame.octets
    assert len(frames) == said["packets"]
    assert dict(layers) == said["facts"]["layers"]


@every
def test_checksums(facts: Path) -> None:
    verdicts: dict[str, Counter[str]] = {}
    with rawkit.read(capture_of(facts)) as capture:
        for frame in capture:
            for verdict in frame.packet.check():
                if verdict.checksum:
                    verdicts.setdefault(verdict.layer, Counter())[verdict.state] += 1
    assert verdicts == load(facts)["facts"].get("checksums", {})


@both
@having("tcp")
def test_flags_and_segments_with_data(facts: Path, decoder: Decoder) -> None:
    segments = [carried for carried in decoder(capture_of(facts)) if carried.flags]
    bits = {"fin": dpkt.tcp.TH_FIN, "syn": dpkt.tcp.TH_SYN, "rst": dpkt.tcp.TH_RST}
    found = {flag: sum(bool(segment.flags & bit) for segment in segments) for flag, bit in bits.items()}
    found["data"] = sum(bool(segment.data) for segment in segments)
    assert found == load(facts)["facts"]["tcp"]


def right_port(found: int, said: int | str) -> bool:
    return found in EPHEMERAL if said == "ephemeral" else found == said


@both
@having("client", "server")
def test_the_ends_of_the_conversation(facts: Path, decoder: Decoder) -> None:
    client, server = (load(facts)["facts"][end] for end in ("client", "server"))
    streams: dict[str, dict[int, bytes]] = {"client": {}, "server": {}}  # what comes again stands where it stood
    closed: list[str] = []
    for carried in decoder(capture_of(facts)):
        forth = right_port(carried.dport, server["port"])
        sender = "client" if forth else "server"
        ends = ((carried.src, carried.sport), (carried.dst, carried.dport))
        for said, (address, port) in zip((client, server) if forth else (server, client), ends, strict=True):
            assert address == said["address"]
            assert right_port(port, said["port"])
        stream = streams[sender]
        start = carried.seq if "tcp" in load(facts)["facts"] else len(stream)
        stream.update((start + at, carried.data[at : at + 1]) for at in range(len(carried.data)))
        if carried.flags & dpkt.tcp.TH_FIN and sender not in closed:
            closed.append(sender)
    for name, said in ("client", client), ("server", server):
        sent = b"".join(octet for _, octet in sorted(streams[name].items()))
        assert len(sent) == said["data_octets"]
        assert sent.startswith(said.get("data_starts", "").encode())
        assert closed.index(name) + 1 == said["closes"] if "closes" in said else name not in closed


CALL = re.compile(
    r"(?P<name>connect|accept|close|shutdown|recv|recvfrom|send|sendto)"
    r"\((?P<sent>\d*|SHUT_WR|MSG_OOB)\)(?P<several>\.\.\.)?"
    r'(?: = (?P<result>\d+|b""|E[A-Z]+))?'
)
"""`send(12)`, `recv() = 12`, `recv() = ECONNRESET`; `recv()... = 12` are several."""


def octets_of(calls: list[str], *names: str) -> int:
    """How many octets these calls took or gave."""
    found = [match for call in calls if (match := CALL.fullmatch(call)) and match["name"] in names]
    return sum(int(text) for match in found for text in (match["sent"], match["result"] or "") if text.isdigit())


LEFT_UNREAD = {
    ("arp/conflict", "server"): (12, "nobody has that port"),
    ("icmp/traceroute", "server"): (5, "nor that, and the first datagram does not come so far"),
    ("icmp/traceroute-ipv6", "server"): (5, "nor here"),
    ("udp/late-and-lost", "server"): (-6, "gets one datagram twice"),
    ("tcp/given-up", "server"): (9, "never gets the second line"),
    ("tcp/reset-after-close", "server"): (12, "has closed when they come"),
    ("udp/boundaries", "server"): (7, "the last recvfrom() has room for 6 of 13 octets"),
    ("tcp/reset-unread", "server"): (12, "closes without having read what came"),
    ("udp/port-unreachable", "server"): (12, "there is no program: nobody reads the datagram"),
    ("udp/port-unreachable-ipv6", "server"): (12, "nor here"),
}
"""(capture, end) that reads less than the other end's packets hold: how many octets less, and why."""

LOST_BEFORE = {("udp/late-and-lost", "client"): (6, "the second datagram does not come so far as to the recorder")}
"""(capture, end) that sends more than the capture shows: how many octets more, and why."""


def conversations_of(facts: Path) -> list[dict[str, Any]]:
    """What is said of the one conversation, or of each of several."""
    said = load(facts).get("facts", {})
    found: list[dict[str, Any]] = said.get("conversations", [said] if "client" in said else [])
    return found


@every
def test_calls_agree_with_the_data(facts: Path) -> None:
    names = ("client", "server")
    for said, (name, other) in product(conversations_of(facts), (names, names[::-1])):
        end, sent = said[name], said[other]["data_octets"]
        left, _ = LEFT_UNREAD.get((name_of(facts), name), (0, ""))
        lost, _ = LOST_BEFORE.get((name_of(facts), name), (0, ""))
        for calls in (end[key] for key in ("calls", "did") if key in end and (name_of(facts), name) != BY_HAND):
            assert octets_of(calls, "send", "sendto") == end["data_octets"] + lost
            assert octets_of(calls, "recv", "recvfrom") == sent - left


BY_HAND = ("tcp/raw-socket-reset", "client")
"""Of a raw socket the headers are the program's octets too."""


@every
def test_of_every_end_it_is_told_what_its_program_called(facts: Path) -> None:
    """`calls` where the packets show all of it; else `did`, which then tells something else."""
    for end in (said[name] for said in conversations_of(facts) for name in ("client", "server")):
        assert "calls" in end or "did" in end
        assert end.get("did") != end.get("calls")
        assert all(CALL.fullmatch(call) for key in ("calls", "did") for call in end.get(key, []))
        told = [end[key] for key in ("calls", "did") if key in end]
        assert "closes" not in end or all({"close()", "shutdown(SHUT_WR)"} & {*calls} for calls in told)


def test_every_exception_is_a_capture_with_calls() -> None:
    ends = ((facts, said, end) for facts in FACTS for said in conversations_of(facts) for end in ("client", "server"))
    told = {(name_of(facts), end) for facts, said, end in ends if {"calls", "did"} & said[end].keys()}
    assert {*LEFT_UNREAD, *LOST_BEFORE, BY_HAND} <= told


@every
def test_states_are_linked_by_transitions(facts: Path) -> None:
    known = {(step.state, step.next) for step in TRANSITIONS}
    for end in (said[name] for said in conversations_of(facts) for name in ("client", "server")):
        if "states" in end:
            assert end["final"] == end["states"][-1]
            assert set(pairwise(end["states"])) <= known


@having("fragments")
def test_fragments(facts: Path) -> None:
    offsets, octets = [], 0
    with capture_of(facts).open("rb") as file:
        for _, frame in dpkt.pcap.Reader(file):
            ip = dpkt.ethernet.Ethernet(frame).data
            if isinstance(ip, dpkt.ip.IP):
                offsets.append(ip.offset * 8)
                octets += ip.len - 20
            elif isinstance(ip, dpkt.ip6.IP6) and 44 in ip.extension_hdrs:
                offsets.append(ip.extension_hdrs[44].frag_off * 8)
                octets += ip.plen - 8
    assert {"offsets": offsets, "data_octets": octets} == load(facts)["facts"]["fragments"]


@having("fields")
def test_fields(facts: Path) -> None:
    with rawkit.read(capture_of(facts)) as capture:
        packets = [frame.packet for frame in capture]
    for name, said in load(facts)["facts"]["fields"].items():
        header, field = name.split(".")
        layers = [[layer for layer in packet.layers if type(layer).__name__ == header] for packet in packets]
        assert [[int(getattr(layer, field)) for layer in found] for found in layers] == said, name


@having("option_kinds")
def test_option_kinds(facts: Path) -> None:
    with rawkit.read(capture_of(facts)) as capture:
        found = [[option.kind for option in frame.packet[IPv4].options] for frame in capture]
    assert found == load(facts)["facts"]["option_kinds"]


@having("icmp_types")
def test_icmp_types(facts: Path) -> None:
    with rawkit.read(capture_of(facts)) as capture:
        headers: list[Any] = [header for frame in capture for header in frame.packet.layers]
    found = Counter(str(header.type) for header in headers if type(header).__name__ in ("ICMPv4", "ICMPv6"))
    assert found == load(facts)["facts"]["icmp_types"]


@having("quoted")
def test_what_icmp_quotes(facts: Path) -> None:
    with rawkit.read(capture_of(facts)) as capture:
        (quoted,) = [frame.packet.quoted for frame in capture if frame.packet.quoted]
    found = {"layers": [type(layer).__name__ for layer in quoted.layers], "data_octets": len(quoted.payload)}
    assert found == load(facts)["facts"]["quoted"]


@both
@having("dns")
def test_dns_answers(facts: Path, decoder: Decoder) -> None:
    found = []
    for answer in (
        dns.message.from_wire(carried.data) for carried in decoder(capture_of(facts)) if carried.sport == 53
    ):
        (question,) = answer.question
        found.append(
            {
                "name": question.name.to_text(),
                "type": dns.rdatatype.to_text(question.rdtype),
                "rcode": dns.rcode.to_text(answer.rcode()),
                "answers": [record.to_text() for group in answer.answer for record in group],
            }
        )
    assert found == load(facts)["facts"]["dns"]


@having("frames")
def test_what_the_file_says_of_each_frame(facts: Path) -> None:
    with rawkit.read(capture_of(facts)) as capture:
        frames = list(capture)
    assert {
        "interfaces": [frame.interface.name or "" for frame in frames],
        "directions": [frame.direction or "" for frame in frames],
        "comments": [frame.comment or "" for frame in frames],
        "times_ns": [frame.time_ns for frame in frames],
    } == load(facts)["facts"]["frames"]

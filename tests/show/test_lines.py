"""One line a packet: word for word what tcpdump says, where it says nothing of its own about applications."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.protocols import MSS, TCP, UDP, Ethernet, ICMPv4, IPv4
from rawkit.show import line
from rawkit.show.relative import MAX_CONVERSATIONS, SequenceNumbers
from rawkit.wire import Packet
from tests.show.captures import frames, name, ours, shared

OURS = {
    "link type": "of one that neither knows it shows the octets",
    "fragment": "of IPv4's pieces it says `ip-proto-17`: which datagram they are of, and where, is in -v alone",
    "frag (": "as HBH; which datagram a piece is of is in -v alone, and of a later one's protocol nothing",
    "vlan": "it says it with -e alone",
    "LLC": "it reads what some LLC frames carry",
    "HBH": "it puts the ports behind, and names no options",
    "DSTOPT": "as HBH",
    "RT ": "as HBH; it lists the addresses",
    "AH ": "as HBH; it adds the check value",
    "(about:": "it tells of a quoted packet no more than which error it met",
    "SNAP": "as LLC",
    "igmp v": "of a report's records it tells with -v alone",
}
"""Words of lines where we say more than tcpdump does without -v, or in other words, and why."""

MORE_WORDS = ("HTTP", "TLS", "DHCP")
"""Applications of which we say all that tcpdump does, which is nothing of TLS, and more."""

CUT = "[|tcp]"
"""How tcpdump ends a line whose header the capture cut; we go on with what the lengths tell."""

IN_OUR_WORDS = {
    "arp/conflict.pcap": 1,
    "icmp/traceroute.pcap": 2,
    "icmp/traceroute-ipv6.pcap": 2,
    "ipv4/fragments.pcap": 6,
    "ipv6/extension-headers.pcap": 8,
    "ipv6/fragments.pcap": 6,
    "link/vlan-echo.pcap": 12,
    "link/vlan-stack.pcap": 5,
    "tunnels/ipv4-in-ipv6.pcap": 10,
    "tcp/path-mtu.pcap": 2,
    "tcp/path-mtu-ipv6.pcap": 2,
    "udp/multicast-ipv6.pcap": 4,
    "udp/multicast.pcap": 4,
    "udp/port-unreachable.pcap": 1,
    "udp/port-unreachable-ipv6.pcap": 1,
}
"""How many lines of our captures that are; every other one is tcpdump's."""


COOKED = re.compile(r"^\S+ +(In|Out|B|M|P) +")
"""How lines of cooked captures (version 2) begin. Instead of the interface's number tcpdump gives the name that it has
where tcpdump runs, which need not be where the packets were captured ("interface names might be incorrect").
"""


def tcpdump(path: Path, *options: str) -> list[str]:
    """Its lines, without those that go on."""
    program = shutil.which("tcpdump")
    if program is None:
        pytest.skip("tcpdump is not installed")
    done = subprocess.run(
        [program, *options, "-tnr", path], capture_output=True, text=True, errors="replace", timeout=60, check=False
    )
    joined = re.sub(r"(VXLAN, .* vni \d+)\n", r"\1: ", done.stdout)  # what is inside has a line of its own
    lines = [each.replace("  ", " ") for each in joined.split("\n") if each and not each.startswith("\t")]
    return [in_our_numbers(COOKED.sub(r"\1 ", each).replace(" ,", ",")) for each in lines]


def in_our_numbers(said: str) -> str:
    """tcpdump's line, with the own length of PPP's control messages: it counts the protocol number too."""
    return re.sub(r"((?:LCP|IPCP|IP6CP), .* length )(\d+)$", lambda told: f"{told[1]}{int(told[2]) - 2}", said)


def in_their_words(ours_: str) -> str:
    """Our line with tcpdump's dot for an acknowledgement, and without our verdict."""
    text = re.sub(r"Flags \[(?!none)([A-Za-z]+)\]", lambda flags: f"Flags [{flags[1].replace('A', '.')}]", ours_)
    text = re.sub(r"(length \d+): (\d+[-+*|]* )", r"\1 \2", text)  # a message of DNS in a stream
    text = COOKED.sub(r"\1 ", text)
    return re.sub(r" \[(?:bad|TCP|UDP|IP|HTTP)[^]]*\]$", "", text).replace("  ", " ")


@pytest.mark.parametrize("path", ours() + shared(), ids=name)
def test_tcpdump_says_the_same_of_tcp(path: Path) -> None:
    theirs, mine, sequences = tcpdump(path), frames(path), SequenceNumbers()
    if len(theirs) != len(mine):
        pytest.skip("tcpdump cannot read all of this file")
    for frame, said in zip(mine, theirs, strict=True):
        told = re.sub(r"^vlan [^I]*", "", in_their_words(line(frame, sequences=sequences)))
        if TCP not in frame.packet or frame.packet[TCP].flags.ae:  # tcpdump does not know RFC 9768's flag
            continue
        if "RT " in told:  # in our words
            continue
        # An application's own words follow ours; tcpdump's -- and SLL2's interface, and our tags, come before.
        assert said[said.index("IP") :].startswith(told[told.index("IP") :].partition(": Flags")[0]), frame.number
        if type(frame.packet.application).__name__ in MORE_WORDS:
            assert told[told.index("IP") :].startswith(said[said.index("IP") :].rstrip()), frame.number
        elif CUT in said:
            assert told.partition(": ")[2].partition(", options")[0] in said, frame.number
        else:
            assert told.partition(": ")[2] in said, frame.number


@pytest.mark.parametrize("path", ours(), ids=name)
def test_tcpdump_says_the_same_of_our_captures(path: Path) -> None:
    sequences, own = SequenceNumbers(), 0
    whole = path.parent.name != "damaged"  # tcpdump shows nothing behind a damaged block
    for frame, said in zip(frames(path), tcpdump(path), strict=whole):
        told = in_their_words(line(frame, sequences=sequences))
        if any(word in told for word in OURS):
            own += 1
        elif type(frame.packet.application).__name__ in MORE_WORDS:
            assert told.startswith(said), frame.number
        elif CUT in said:
            assert told.partition(", options")[0] in said, frame.number
        else:
            assert told in said, frame.number
    assert own == IN_OUR_WORDS.get(name(path), 0)


def test_sequence_numbers_are_absolute_without_a_conversation_and_relative_with_one() -> None:
    def segment(**fields: int | str) -> Packet:
        return IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=1, dport=2, **fields) / b"hi"  # type: ignore[arg-type]

    numbers = SequenceNumbers()
    first, second = segment(seq=1000, ack=500, flags="PA"), segment(seq=1002, ack=510, flags="PA")
    assert "seq 1000:1002, ack 500," in line(first, sequences=numbers)
    assert "seq 2:4, ack 11," in line(second, sequences=numbers)
    assert "seq 1002:1004, ack 510," in line(second)
    assert len(numbers.first) == 2


def shown_numbers(numbers: SequenceNumbers, sport: int, seq: int, ack: int, flags: str = "A") -> tuple[int, int]:
    packet = IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=sport, dport=2, seq=seq, ack=ack, flags=flags)
    return numbers.of(packet[IPv4], packet[TCP])


def test_a_new_conversation_between_known_ports_has_numbers_of_its_own() -> None:
    numbers = SequenceNumbers()
    assert [shown_numbers(numbers, 1, seq, 500) for seq in (1000, 1001)] == [(1000, 500), (1, 1)]
    assert shown_numbers(numbers, 1, 7000, 0, "S") == (7000, 0)
    assert shown_numbers(numbers, 1, 7000, 300, "SA") == (7000, 300)
    assert shown_numbers(numbers, 1, 7001, 301) == (1, 2)


def test_conversations_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_CONVERSATIONS == 65_536
    monkeypatch.setattr("rawkit.show.relative.MAX_CONVERSATIONS", 3)
    numbers = SequenceNumbers()
    for port in (1, 2, 3):
        shown_numbers(numbers, port, 1000, 500)
    assert [shown_numbers(numbers, port, 1001, 501) for port in (1, 2, 3)] == [(1, 2)] * 3
    assert shown_numbers(numbers, 4, 1000, 500) == (1000, 500)
    assert len(numbers.first) == 2
    assert shown_numbers(numbers, 1, 1001, 501) == (1001, 501)


def test_what_is_wrong_is_at_the_end() -> None:
    packet = IPv4(src="10.0.0.1", dst="10.0.0.2", checksum=1) / UDP(sport=1, dport=7) / b"hello"
    expected = packet.replace(IPv4, recompute=True)[IPv4].checksum
    assert line(packet).endswith(f"length 5 [bad IPv4 cksum 0x0001 (correct 0x{expected:04x})]")
    options = IPv4() / TCP(options=b"\x02\x09\x00\x00")
    assert line(Packet.decode(bytes(options), first=IPv4)).endswith("[TCPOption.length: option runs past the end]")


@pytest.mark.parametrize(("count", "more"), [(1, ""), (2, ""), (3, "; 1 more defect"), (4, "; 2 more defects")])
def test_two_defects_are_told_and_the_others_counted(count: int, more: str) -> None:
    wrong = "; ".join(["MSS.length: length does not fit"] * min(count, 2))
    packet = IPv4() / TCP(options=b"\x02\x03\x00" * count + bytes(-3 * count % 4))
    assert line(Packet.decode(bytes(packet), first=IPv4)).endswith(f" [{wrong}{more}]")


def test_unknown_things_are_named() -> None:
    assert line(Ethernet(type=0x88CC) / b"abc").endswith("ethertype LLDP (0x88cc), length 17")
    assert line(Packet.decode(b"abc", first=None)) == "octets, length 3"
    assert line(IPv4(protocol=132) / b"abc").endswith("IP 0.0.0.0 > 0.0.0.0: SCTP, length 3")
    assert "ICMP type 77" in line(IPv4() / ICMPv4(type=77) / b"abc")


def test_tcp_without_an_address_around_it() -> None:
    assert (
        line(TCP(flags="S", options=[MSS(1460)]) / b"") == "Flags [S], seq 0, win 65535, options [mss 1460], length 0"
    )


@given(st.binary(max_size=120), st.sampled_from([Ethernet, IPv4, TCP, None]))
def test_any_octets_have_one_line(octets: bytes, first: type | None) -> None:
    text = line(Packet.decode(octets, first=first))
    assert text.isprintable()

"""DNS: what dnspython says of the same octets, tcpdump's own lines, and messages that nobody honest sends."""

from __future__ import annotations

import pickle
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawkit.capture import read
from rawkit.errors import Defect, FieldError
from rawkit.interop.dns import DNS, LLMNR, DNSOverTCP, DNSPart, MulticastDNS, decode, decode_multicast, decode_stream
from rawkit.interop.dns_records import MAX_POINTERS
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.tcp import TCP
from rawkit.protocols.udp import UDP
from rawkit.wire import Packet
from tests.interop.bounds import within_bounds

LOOKUP = Path(__file__).parents[2] / "captures/dns/lookup.pcap"

RECORDS = [
    "www.example.com. 300 IN A 192.0.2.1",
    "www.example.com. 300 IN AAAA 2001:db8::1",
    "www.example.com. 300 IN CNAME example.com.",
    "example.com. 300 IN NS ns.example.com.",
    "1.2.0.192.in-addr.arpa. 300 IN PTR www.example.com.",
    "example.com. 300 IN MX 10 mail.example.com.",
    'example.com. 300 IN TXT "v=spf1 -all" "second"',
    "_sip._udp.example.com. 300 IN SRV 1 2 5060 sip.example.com.",
    "example.com. 300 IN SOA ns.example.com. root.example.com. 7 3600 600 86400 60",
    'example.com. 300 IN CAA 0 issue "ca.example"',
    "example.com. 300 IN DS 12345 13 2 " + "ab" * 32,
    "example.com. 300 IN TYPE65280 \\# 3 010203",
]


def response(*records: str, question: str = "www.example.com.") -> dns.message.Message:
    """A dnspython response with these records as answers."""
    message = dns.message.make_response(dns.message.make_query(question, "A", id=77))
    message.flags |= dns.flags.AA | dns.flags.RA
    for record in records:
        name, ttl, _, kind, data = record.split(" ", 4)
        message.answer.append(dns.rrset.from_text(name, int(ttl), "IN", kind, data))
    return message


def over_udp(payload: bytes, sport: int = 40000, dport: int = 53) -> Packet:
    built = Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=sport, dport=dport) / payload
    return Packet.decode(bytes(built))


# -- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", RECORDS)
def test_records_read_as_dnspython_wrote_them(record: str) -> None:
    message = response(record)
    read_back = decode(message.to_wire())
    (answer,) = read_back.answers
    name, ttl, class_, kind, _ = record.split(" ", 4)
    assert (answer.name + ".", answer.ttl, answer.class_, answer.type) == (name, int(ttl), class_, kind)
    assert answer.text == message.answer[0][0].to_text()
    assert answer.data == message.answer[0][0]


def test_a_whole_message() -> None:
    message = response(*RECORDS)
    read_back = DNS.from_message(message)
    assert (read_back.id, read_back.opcode, read_back.rcode) == (77, "QUERY", "NOERROR")
    assert str(read_back.flags) == "AA+RA+RD+QR" or set(str(read_back.flags).split("+")) == {"AA", "RA", "RD", "QR"}
    assert [question.name for question in read_back.questions] == ["www.example.com"]
    assert bytes(read_back) == message.to_wire()
    assert dns.message.from_wire(bytes(read_back)).id == message.id


def test_extended_result_codes_come_from_edns() -> None:
    message = response()
    message.use_edns(0, payload=1232)
    message.set_rcode(dns.rcode.BADVERS)
    read_back = DNS.from_message(message)
    assert read_back.rcode == "BADVERS"
    assert dict(read_back.fields())["dns.flags.rcode"] == 0
    assert dict(read_back.fields())["dns.rr.udp_payload_size"] == 1232


def test_in_a_packet() -> None:
    packet = over_udp(DNS.query("example.com", "A", id=5).octets)
    assert DNS in packet
    assert packet[DNS].questions[0].name == "example.com"
    assert packet.defects == ()
    assert bytes(packet[DNS]) == packet.payload


def test_a_fragment_or_a_cut_frame_is_not_dissected() -> None:
    whole = over_udp(response(*RECORDS).to_wire())
    cut = Packet.decode(whole.octets[:90], wire_length=len(whole))
    assert cut.application is None
    assert cut.defects == ()
    fragment = Packet.decode(bytes(whole.replace(IPv4, flags="MF")))
    assert fragment.application is None


def test_building_into_a_packet() -> None:
    packet = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=40000, dport=53) / DNS.query("example.com", "AAAA", id=9)
    assert packet[UDP].length == 8 + 29
    assert packet[DNS].questions[0].type == "AAAA"
    assert Packet.decode(bytes(packet), first=IPv4) == packet


@pytest.mark.parametrize(
    ("name", "kind"), [("a..b", "A"), ("example.com", "NOSUCH"), ("x" * 64, "A"), ("a." * 200, "A")]
)
def test_a_query_that_cannot_be_is_the_callers_mistake(name: str, kind: str) -> None:
    with pytest.raises(FieldError, match=r"DNS\.query"):
        DNS.query(name, kind)


def test_values() -> None:
    query = DNS.query("example.com")
    assert query == DNS.query("example.com")
    assert query != DNS.query("example.org")
    assert len({query, DNS.query("example.com")}) == 1
    assert pickle.loads(pickle.dumps(query)) == query
    assert repr(query) == "<DNS 0+ A? example.com. (29)>"


def test_importing_the_protocols_does_not_import_dnspython() -> None:
    code = (
        "import sys, rawkit.protocols, rawkit.protocols.bindings, rawkit.interop; "
        "sys.exit(any(name in sys.modules for name in ('dns', 'scapy', 'dpkt')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# -- multicast ------------------------------------------------------------------------------------------------------


def test_multicast_dns_has_a_flag_in_the_class() -> None:
    message = dns.message.make_query("printer.local", "A", dns.rdataclass.RdataClass.make(0x8001), id=0, flags=0)
    asked = decode_multicast(message.to_wire())
    assert asked.questions[0].flag
    assert asked.questions[0].class_ == "IN"
    assert asked.summary() == "0 A (QU)? printer.local. (31)"
    assert isinstance(over_udp(message.to_wire(), 5353, 5353).application, MulticastDNS)
    assert isinstance(over_udp(message.to_wire(), 5355, 5355).application, LLMNR)


# -- over TCP -------------------------------------------------------------------------------------------------------


def framed(*messages: bytes) -> bytes:
    return b"".join(len(message).to_bytes(2, "big") + message for message in messages)


def test_messages_in_a_segment() -> None:
    one, two = DNS.query("a.example", id=1).octets, DNS.query("b.example", id=2).octets
    found = decode_stream(framed(one, two))
    assert isinstance(found, DNSOverTCP)
    assert [message.id for message in found.messages] == [1, 2]
    assert found.id == 1
    assert bytes(found) == framed(one, two)
    assert found.summary() == "1+ A? a.example. (27); 2+ A? b.example. (27)"
    assert [value for name, value in found.fields() if name == "dns.length"] == [27, 27]


def test_a_part_of_a_message_is_said_to_be_one_and_is_no_defect() -> None:
    whole = framed(DNS.query("a.example", id=1).octets)
    assert {type(decode_stream(whole[:cut])) for cut in range(1, len(whole))} == {DNSPart}
    tcp = IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=40000, dport=53) / whole[:9]
    packet = Packet.decode(bytes(tcp), first=IPv4)
    assert packet[DNSPart].summary() == "DNS, 9 octets, part of a message"
    assert packet.defects == ()
    assert DNS not in packet


def test_the_whole_messages_before_a_part_are_read() -> None:
    one = DNS.query("a.example", id=1).octets
    found = decode_stream(framed(one) + framed(one)[:5])
    assert isinstance(found, DNSOverTCP)
    assert len(found.messages) == 1
    assert found.continues
    assert found.summary() == "1+ A? a.example. (27) (continues)"


def test_a_segment_from_the_middle_is_not_blamed() -> None:
    assert isinstance(decode_stream(b"\x00\x0c" + b"\xff" * 40), DNSPart)
    with pytest.raises(Defect):
        decode_stream(b"\x00\x28" + b"\xff" * 40)


def test_built_for_tcp() -> None:
    assert DNSOverTCP.query("a.example", id=1).octets == framed(DNS.query("a.example", id=1).octets)


# -- what nobody honest sends ---------------------------------------------------------------------------------------

HEADER = struct.Struct(">6H")


def message_with(body: bytes, *counts: int) -> bytes:
    return HEADER.pack(1, 0x8180, *counts) + body


QUESTION_TAIL = b"\x00\x01\x00\x01"
POINTER_TO_ITSELF = message_with(b"\xc0\x0c" + QUESTION_TAIL, 1, 0, 0, 0)
MUTUAL = message_with(b"\xc0\x0e\xc0\x0c" + QUESTION_TAIL, 1, 0, 0, 0)
LABEL_THEN_ITSELF = message_with(b"\x01a\xc0\x0c" + QUESTION_TAIL, 1, 0, 0, 0)
FORWARD = message_with(b"\xc0\x20" + QUESTION_TAIL + bytes(32), 1, 0, 0, 0)
RESERVED_LABEL = message_with(b"\x80abc" + QUESTION_TAIL, 1, 0, 0, 0)
TOO_LONG = message_with((b"\x3f" + b"a" * 63) * 5 + b"\0" + QUESTION_TAIL, 1, 0, 0, 0)
CUT_INSIDE_DATA = message_with(b"\0" + struct.pack(">HHIH", 65, 1, 0, 3) + b"\0\1\xc0", 0, 1, 0, 0)
"""A service binding (RFC 9460), whose data dnspython reads; it passes our own defect of the name on."""
NO_END = message_with(b"\x3fabc", 1, 0, 0, 0)
CUT_POINTER = message_with(b"\xc0", 1, 0, 0, 0)


@pytest.mark.parametrize(
    "octets",
    [
        POINTER_TO_ITSELF,
        MUTUAL,
        LABEL_THEN_ITSELF,
        FORWARD,
        RESERVED_LABEL,
        TOO_LONG,
        NO_END,
        CUT_POINTER,
        CUT_INSIDE_DATA,
    ],
)
def test_a_bad_name_is_a_defect_and_the_packet_stays(octets: bytes) -> None:
    packet = over_udp(octets)
    assert packet.application is None
    assert packet.payload == octets
    (defect,) = packet.defects
    assert (defect.layer, defect.field, defect.why) == ("DNS", "name", "bad name")
    assert 42 + 12 <= defect.offset < len(packet)
    with pytest.raises(Defect, match="bad name"):
        Packet.decode(packet.octets, strict=True)


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"\0\1", "message cut short"),
        (message_with(b"", 65535, 65535, 65535, 65535), "message cut short"),
        (message_with(b"\0" + QUESTION_TAIL, 65535, 0, 0, 0), "message cut short"),
        (message_with(b"\0\0\1", 1, 0, 0, 0), "bad record"),
        (message_with(b"\0\0\1\0\1\0\0\0\0\0\x64abcd", 0, 1, 0, 0), "data past the end of the message"),
        (message_with(b"\0\0\1\0\1\0\0\0\0\0\x05abcde", 0, 1, 0, 0), "bad record"),
    ],
)
def test_other_damage(octets: bytes, why: str) -> None:
    (defect,) = over_udp(octets).defects
    assert defect.why.startswith(why)


def test_pointer_chains_end_at_the_cap() -> None:
    def chained(length: int) -> bytes:
        """A record that hides a root name and pointers, each to the one before, and one that points to the last."""
        first = 12 + 11
        places = [first, *range(first + 1, first + 1 + 2 * (length - 1), 2)]
        chain = b"\0" + b"".join(struct.pack(">H", 0xC000 | place) for place in places[:-1])
        hiding = b"\0" + struct.pack(">HHIH", 10, 1, 0, len(chain)) + chain
        pointing = struct.pack(">HHHIH", 0xC000 | places[-1], 1, 1, 0, 0)
        return message_with(hiding + pointing, 0, 2, 0, 0)

    assert decode(chained(MAX_POINTERS)).answers[1].name == "."
    with pytest.raises(Defect, match="bad name"):
        decode(chained(MAX_POINTERS + 1))


def work(octets: bytes) -> int:
    """Lines of Python that reading takes: what grows when a reader is led in circles, whatever the clock says."""
    lines = 0

    def count(frame: object, event: str, argument: object) -> object:
        nonlocal lines
        lines += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        decode(octets)
    except Defect:
        pass
    finally:
        sys.settrace(before)
    return lines


def labels_then_pointers(names: int) -> bytes:
    """`names` questions, each one label and a pointer to the one before: up to 60 labels and as many pointers."""
    body, last = b"\x01a\0" + QUESTION_TAIL, 12
    for _ in range(names - 1):
        here = 12 + len(body)
        fresh = (here - 12) // 8 % 60 == 0
        body += (b"\x01a\0\0" if fresh else b"\x01a" + struct.pack(">H", 0xC000 | last)) + QUESTION_TAIL
        last = here
    return message_with(body, names, 0, 0, 0)


def test_long_chains_cost_time_linear_in_the_message() -> None:
    small, large = work(labels_then_pointers(100)), work(labels_then_pointers(400))
    assert large < 8 * small


def test_names_are_escaped() -> None:
    label = b"\x1b[31m\n\xe2\x80\xaexyz"
    name = bytes([len(label)]) + label + b"\0"
    query = decode(message_with(name + QUESTION_TAIL, 1, 0, 0, 0))
    text = query.summary() + query.questions[0].name + repr(query.fields()[-3])
    assert text.isascii()
    assert text.isprintable()
    assert "\\027[31m\\010\\226\\128\\174xyz" in query.questions[0].name


def test_no_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise AssertionError("a look-up")

    for function in ("getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "socket"):
        monkeypatch.setattr(socket, function, refused)
    for record in RECORDS:
        packet = over_udp(response(record).to_wire())
        assert packet[DNS].summary()
        assert packet[DNS].fields()


@settings(max_examples=200)
@given(st.binary(max_size=80), st.data())
def test_any_octets_are_a_message_or_a_defect(noise: bytes, data: st.DataObject) -> None:
    wire = bytearray(response(*RECORDS).to_wire())
    at = data.draw(st.integers(0, len(wire)))
    wire[at : at + len(noise)] = noise
    for octets in (noise, bytes(wire), bytes(wire[:at])):
        packet = over_udp(octets)
        application, defects = packet.application, packet.defects
        assert (application is None) == (bool(defects) or not octets)
        if application is not None:
            assert application.summary().isprintable()
            assert bytes(application) == octets
            assert application.fields()


def test_a_message_of_65535_octets_is_read_within_bounds() -> None:
    octets = labels_then_pointers(8000)[:65507]
    with within_bounds():
        over_udp(octets).defects  # noqa: B018


# -- tcpdump --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("tcpdump") is None, reason="tcpdump is not installed")
def test_the_summary_is_tcpdumps() -> None:
    printed = subprocess.run(
        ["tcpdump", "-n", "-t", "-r", str(LOOKUP), "udp"], capture_output=True, text=True, check=True, timeout=30
    ).stdout.splitlines()
    with read(LOOKUP) as capture:
        ours = [frame.packet[DNS].summary() for frame in capture if DNS in frame.packet]
    assert ours == [line.partition(": ")[2] for line in printed]

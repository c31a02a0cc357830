"""TLS: what OpenSSL writes, what tshark says of the same octets; what spans segments and records; hostile hellos."""

from __future__ import annotations

import ssl
import struct
from contextlib import suppress
from functools import cache
from pathlib import Path

import dpkt.ssl
import pytest

from rawkit.interop.tls import TLS, decode, recognise
from rawkit.interop.tls_hello import suite_name
from rawkit.interop.tls_records import MAX_RECORD
from tests.interop.agreement import segment, tshark_agrees
from tests.interop.bounds import within_bounds

NAME = "www.example.com"

DEEPER = {
    "tls.record.content_type",
    "tls.record.opaque_type",
    "tls.handshake.extensions_length",
    "tls.handshake.version",
}
"""Of these tshark may have more: it reads on where a key of ours ends."""


def hello(lowest: ssl.TLSVersion, highest: ssl.TLSVersion, name: str | None = NAME) -> bytes:
    """OpenSSL's ClientHello."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version, context.maximum_version = lowest, highest
    context.set_alpn_protocols(["h2", "http/1.1"])
    outgoing = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name).do_handshake()
    return outgoing.read()


HELLO_1_3 = hello(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
HELLO_1_2 = hello(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2)


@cache
def conversation() -> tuple[bytes, ...]:
    """What two ends of OpenSSL say over TLS 1.2 without certificates, flight after flight, the client first."""
    ends = []
    try:
        for side in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER):
            context = ssl.SSLContext(side)
            if side == ssl.PROTOCOL_TLS_CLIENT:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers("AECDH-AES128-SHA:@SECLEVEL=0")
            ends.append(context)
    except ssl.SSLError:
        pytest.skip("this OpenSSL has no cipher suite without certificates")
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ends[0].wrap_bio(to_client, to_server, server_hostname=NAME)
    server = ends[1].wrap_bio(to_server, to_client, server_side=True)
    flights = []
    for turn in range(4):
        end, wire = (client, to_server) if turn % 2 == 0 else (server, to_client)
        with suppress(ssl.SSLWantReadError):
            end.do_handshake()
        flights.append(wire.read())
        wire.write(flights[-1])
    client.do_handshake()
    client.write(b"hello")
    flights.append(to_server.read())
    return tuple(flights)


def record(kind: int, octets: bytes, version: int = 0x0303) -> bytes:
    return struct.pack(">BHH", kind, version, len(octets)) + octets


def message(kind: int, body: bytes) -> bytes:
    return struct.pack(">I", kind << 24 | len(body)) + body


def extension(kind: int, octets: bytes) -> bytes:
    return struct.pack(">HH", kind, len(octets)) + octets


def client_hello(*extensions: bytes, suites: tuple[int, ...] = (0x1301, 0xC02F, 0x1A1A)) -> bytes:
    listed = b"".join(extensions)
    ciphers = struct.pack(f">H{len(suites)}H", 2 * len(suites), *suites)
    body = b"\x03\x03" + bytes(range(32)) + b"\x04abcd" + ciphers + b"\x01\x00"
    return body + struct.pack(">H", len(listed)) + listed


def server_hello(*extensions: bytes, random: bytes = bytes(32)) -> bytes:
    listed = b"".join(extensions)
    return b"\x03\x03" + random + b"\x00" + b"\x13\x01\x00" + struct.pack(">H", len(listed)) + listed


def named(name: bytes) -> bytes:
    return extension(0, struct.pack(">HBH", len(name) + 3, 0, len(name)) + name)


CHOSEN_1_3 = extension(43, b"\x03\x04")
ALERTS = [record(21, bytes([level, code])) for level, code in ((1, 0), (2, 40), (2, 70), (2, 48), (1, 90), (2, 116))]

MADE = [
    record(22, message(1, client_hello(named(b"a.example"), extension(16, b"\0\x03\x02h2")))),
    record(22, message(1, client_hello())),
    record(22, message(2, server_hello(CHOSEN_1_3)), 0x0303) + record(20, b"\x01") + record(23, bytes(50)),
    record(22, message(14, b"") + message(14, b"")),
    record(23, bytes(30)) + record(23, bytes(40)),
    *ALERTS,
]


def test_tshark_says_the_same_of_openssl(tmp_path: Path) -> None:
    packets = [segment(each, 443) for each in (HELLO_1_2, HELLO_1_3)]
    tshark_agrees(packets, "tls", tmp_path / "hello.pcap")


def test_tshark_says_the_same_of_a_conversation(tmp_path: Path) -> None:
    packets = [
        segment(each, *((443, 40000) if turn % 2 == 0 else (40000, 443))) for turn, each in enumerate(conversation())
    ]
    tshark_agrees(packets, "tls", tmp_path / "conversation.pcap")


@pytest.mark.parametrize("number", range(len(MADE)))
def test_tshark_says_the_same_of_hand_made_records(number: int, tmp_path: Path) -> None:
    """Each in a conversation of its own: tshark remembers what was agreed on before."""
    tshark_agrees([segment(MADE[number], 443)], "tls", tmp_path / "made.pcap", deeper=DEEPER)


def test_openssls_client_hello() -> None:
    found = decode(HELLO_1_3)
    assert found.hello is not None
    assert (found.server_name, found.alpn) == (NAME, ("h2", "http/1.1"))
    assert found.hello.versions == (0x0304, 0x0303)
    assert found.summary() == f"TLS: ClientHello {NAME}, TLS 1.3 (h2 http/1.1)"
    assert decode(HELLO_1_2).summary() == f"TLS: ClientHello {NAME}, TLS 1.2 (h2 http/1.1)"
    unnamed = decode(hello(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, None))
    assert unnamed.server_name is None
    assert unnamed.summary() == "TLS: ClientHello, TLS 1.3 (h2 http/1.1)"


def test_dpkt_reads_the_same_hello() -> None:
    theirs = dpkt.ssl.TLSClientHello(HELLO_1_3[9:])
    ours = decode(HELLO_1_3).hello
    assert ours is not None
    assert ours.cipher_suites == tuple(each.code for each in theirs.ciphersuites)
    assert ours.extensions == tuple(theirs.extensions)
    assert (ours.random, ours.session_id, ours.version) == (theirs.random, theirs.session_id, theirs.version)


def test_a_conversation() -> None:
    assert [decode(each).summary() for each in conversation()] == [
        f"TLS: ClientHello {NAME}, TLS 1.2",
        "TLS: ServerHello TLS 1.2 TLS_ECDH_anon_WITH_AES_128_CBC_SHA; ServerKeyExchange; ServerHelloDone",
        "TLS: ClientKeyExchange; ChangeCipherSpec; Handshake, 68 octets encrypted",
        "TLS: NewSessionTicket; ChangeCipherSpec; Handshake, 68 octets encrypted",
        "TLS: application data, 52 octets encrypted",
    ]


def test_cipher_suites_have_names_where_dpkt_has_them() -> None:
    assert suite_name(0xC02F) == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    assert suite_name(0xFEDC) == "0xfedc"


def test_alerts() -> None:
    assert [decode(each).summary() for each in ALERTS[:4]] == [
        "TLS: Alert warning close notify",
        "TLS: Alert fatal handshake failure",
        "TLS: Alert fatal protocol version",
        "TLS: Alert fatal unknown ca",
    ]
    assert decode(ALERTS[5]).summary() == "TLS: Alert fatal 116"
    assert decode(record(21, bytes(22))).summary() == "TLS: Alert, 22 octets encrypted"


def test_a_request_for_another_hello() -> None:
    """RFC 8446 section 4.1.3: a ServerHello with a certain random value."""
    retry = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    said = decode(record(22, message(2, server_hello(CHOSEN_1_3, random=retry)))).summary()
    assert said == "TLS: HelloRetryRequest TLS 1.3 TLS_AES_128_GCM_SHA256"


# -- what spans segments and records --------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", range(6, len(HELLO_1_3)))
def test_a_hello_that_the_segment_cuts_tells_what_is_here(cut: int) -> None:
    packet = segment(HELLO_1_3[:cut], 443)
    found = packet[TLS]
    assert found.continues
    assert packet.defects == ()
    assert found.summary().endswith("(continues)")
    whole = decode(HELLO_1_3).hello
    assert whole is not None
    if found.hello is not None:
        assert not found.hello.complete
        assert found.hello.extensions == whole.extensions[: len(found.hello.extensions)]
        assert found.hello.cipher_suites == whole.cipher_suites
    if cut >= HELLO_1_3.index(NAME.encode()) + len(NAME):
        assert found.server_name == NAME


def test_a_segment_that_begins_inside_a_record() -> None:
    packet = segment(HELLO_1_3[100:], 443)
    assert packet[TLS].continuation
    assert packet[TLS].summary() == f"TLS, {len(HELLO_1_3) - 100} octets (continuation, or not TLS)"
    assert packet.defects == ()


def test_a_header_that_the_segment_cuts() -> None:
    found = decode(record(23, bytes(20)) + b"\x17\x03\x03")
    assert (found.continues, found.defects) == (True, ())
    assert decode(b"\x17\x03\x03").continuation


def test_a_message_in_several_records() -> None:
    whole = message(11, bytes(300))
    found = decode(record(22, whole[:100]) + record(22, whole[100:] + message(14, b"")))
    assert [each.name for each in found.messages] == ["Certificate", "ServerHelloDone"]
    assert found.summary() == "TLS: Certificate; 204 octets more of the last message, ServerHelloDone"
    assert decode(record(22, whole[:100])).continues


def test_what_is_no_record_behind_one() -> None:
    packet = segment(record(23, bytes(20)) + b"not a record", 443)
    (defect,) = packet.defects
    assert (defect.layer, defect.offset) == ("TLS", packet.payload_offset + 25)
    assert TLS in packet


@pytest.mark.parametrize(("kind", "wrong"), [(20, True), (21, True), (22, True), (23, False), (24, False)])
def test_a_record_that_may_not_be_empty(kind: int, wrong: bool) -> None:
    """RFC 8446 section 5.1: those of application data may, "as they are potentially useful"."""
    packet = segment(record(kind, b""), 443)
    assert [(each.found, each.expected) for each in packet.defects] == ([(0, "at least 1")] if wrong else [])
    assert len(packet[TLS].records) == 1


@pytest.mark.parametrize("octets", [b"\x80\x2e\x01\x03\x01", b"\x99\x03\x03\x00\x01a", b"\x17\x03\x03\xff\xff"])
def test_what_may_be_another_protocol_is_said_to(octets: bytes) -> None:
    assert segment(octets, 443)[TLS].summary() == f"TLS, {len(octets)} octets (continuation, or not TLS)"


def test_an_encrypted_handshake_is_not_read() -> None:
    assert decode(record(22, b"\xa7" * 40)).summary() == "TLS: Handshake, 40 octets encrypted"
    assert decode(record(22, bytes(8) + b"\xa7" * 32)).messages == ()
    finished = record(20, b"\x01") + record(22, message(20, bytes(12)))
    assert [each.encrypted for each in decode(finished).records] == [False, True]


# -- by first octets ------------------------------------------------------------------------------------------------


def test_a_hello_is_recognised_on_any_port() -> None:
    assert segment(HELLO_1_3, 9999)[TLS].server_name == NAME
    assert segment(HELLO_1_3[:300], 9999)[TLS].continues


@pytest.mark.parametrize(
    "octets",
    [
        b"\x16\x03\x01",
        b"\x16\x03\x01\xff\xff" + bytes(50),
        record(22, message(1, b"short")),
        record(22, message(14, b"")),
        record(22, b"\xa7" * 40),
        record(23, bytes(40)),
    ],
)
def test_what_is_no_hello_is_not(octets: bytes) -> None:
    packet = segment(octets, 9999)
    assert (packet.application, packet.defects) == (None, ())
    found = recognise(octets)
    assert found is None or found.defects


# -- what is wrong --------------------------------------------------------------------------------------------------

GOOD = client_hello(named(b"a.example"))
ODD = GOOD[:40] + b"\x05\0\0\0\0\0\x01\0\0\0"
"""Two and a half cipher suites."""
AT = 5 + 4


@pytest.mark.parametrize(
    ("body", "offset", "why"),
    [
        (GOOD[:20], 0, "message cut short"),
        (GOOD[:34] + b"\xff" + GOOD[35:], 0, "message cut short"),
        (GOOD[:-1], 49, "length of the extensions"),
        (GOOD + b"x", 49, "length of the extensions"),
        (client_hello(extension(10, b"ab")[:-1]), 51, "extension past the end"),
        (ODD, 0, "not understood: invalid TLSClientHello: b'\\x03\\x03\\x00"),
    ],
)
def test_lengths_that_do_not_fit_are_a_defect(body: bytes, offset: int, why: str) -> None:
    packet = segment(record(22, message(1, body)), 443)
    (defect,) = packet.defects
    assert defect.layer == "TLS"
    assert defect.why.startswith(why)
    assert defect.offset == packet.payload_offset + AT + offset
    assert packet[TLS].messages[0].hello is None
    assert packet[TLS].summary() == "TLS: ClientHello"


def test_a_name_is_escaped() -> None:
    found = decode(record(22, message(1, client_hello(named(b"\x1b[2J\xe2\x80\xae")))))
    assert found.summary() == "TLS: ClientHello \\x1b[2J\\u202e, TLS 1.2"


@pytest.mark.parametrize(
    "octets",
    [
        record(23, b"") * 13_000,
        record(22, message(0, b"") * 4_000) * 4,
        record(22, message(1, client_hello(b"\xff\xff\0\0" * 4_000))) * 4,
        record(22, message(1, client_hello(suites=tuple(range(8_000))))) * 4,
        record(22, message(1, b"\x03\x03" + bytes(33) + b"\xff\xff")[:50].ljust(MAX_RECORD, b"\0")),
    ],
)
def test_hostile_records_are_read_within_bounds(octets: bytes) -> None:
    with within_bounds():
        found = decode(octets)
        found.summary()
        found.fields()

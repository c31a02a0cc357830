"""SNMP: messages that scapy builds, what tshark and tcpdump say of the same octets, and messages that are wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import scapy.layers.snmp as scapy_snmp
from scapy.asn1 import asn1

from rawkit.errors import Defect
from rawkit.interop.scapy import ber_value
from rawkit.interop.snmp import PDUS, SNMP, Variable, decode
from rawkit.interop.snmp_values import MAX_OID, Values
from tests.interop.agreement import datagram, tcpdump_says, tshark_agrees, we_say
from tests.interop.bounds import within_bounds

SYSTEM = "1.3.6.1.2.1.1"

VALUES: list[tuple[Any, str, Any]] = [
    (asn1.ASN1_INTEGER(-5), "INTEGER", -5),
    (asn1.ASN1_STRING(b"hello"), "OCTET STRING", b"hello"),
    (asn1.ASN1_STRING(b"\x00\xff"), "OCTET STRING", b"\x00\xff"),
    (asn1.ASN1_STRING(b""), "OCTET STRING", b""),
    (asn1.ASN1_NULL(0), "NULL", None),
    (asn1.ASN1_OID("1.3.6.1.4.1.8072"), "OBJECT IDENTIFIER", "1.3.6.1.4.1.8072"),
    (asn1.ASN1_IPADDRESS("10.0.0.1"), "IpAddress", "10.0.0.1"),
    (asn1.ASN1_COUNTER32(2**32 - 1), "Counter32", 2**32 - 1),
    (asn1.ASN1_GAUGE32(7), "Gauge32", 7),
    (asn1.ASN1_TIME_TICKS(12345), "TimeTicks", 12345),
    (asn1.ASN1_COUNTER64(2**64 - 1), "Counter64", 2**64 - 1),
]
"""scapy's value, RFC 2578's type of it, and ours."""


def tlv(tag: int, *contents: bytes) -> bytes:
    """A value of BER."""
    octets = b"".join(contents)
    size = len(octets)
    length = bytes([size]) if size < 128 else b"\x83" + size.to_bytes(3, "big")
    return bytes([tag]) + length + octets


def number(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def variable(value: bytes = b"\x05\x00", name: bytes = b"\x2b\x06\x01\x02\x01\x01\x01\x00") -> bytes:
    return tlv(0x30, tlv(6, name), value)


def pdu(tag: int, *variables: bytes) -> bytes:
    return tlv(tag, number(7), number(0), number(0), tlv(0x30, *variables))


def message(version: int, inside: bytes, community: bytes = b"public") -> bytes:
    return tlv(0x30, number(version), tlv(4, community), inside)


def message_v3(flags: int, data: bytes, model: int = 3, security: bytes = b"") -> bytes:
    header = tlv(0x30, number(77), number(65507), tlv(4, bytes([flags])), number(model))
    return tlv(0x30, number(3), header, tlv(4, security), data)


def user(name: bytes, engine: bytes = b"\x80\x00\x1f\x88\x04abcd") -> bytes:
    return tlv(0x30, tlv(4, engine), number(5), number(1000), tlv(4, name), tlv(4, b"A" * 12), tlv(4, b"P" * 8))


def by_scapy(request: Any, **fields: Any) -> bytes:
    return bytes(scapy_snmp.SNMP(PDU=request, **fields))


def bound(*values: Any) -> list[Any]:
    return [scapy_snmp.SNMPvarbind(oid=f"{SYSTEM}.{n}.0", value=value) for n, value in enumerate(values, 1)]


NULL = asn1.ASN1_NULL(0)
SCOPED = tlv(0x30, tlv(4, b"\x80\x00\x1f\x88"), tlv(4, b"context"), pdu(0xA0, variable()))

MESSAGES = [
    by_scapy(scapy_snmp.SNMPget(id=7, varbindlist=bound(NULL)), version=0),
    by_scapy(scapy_snmp.SNMPnext(id=-7, varbindlist=bound(NULL, NULL)), version=1, community="secret"),
    by_scapy(scapy_snmp.SNMPresponse(id=8, varbindlist=bound(*(value for value, _, _ in VALUES))), version=1),
    *(
        by_scapy(scapy_snmp.SNMPresponse(id=8, error=error, error_index=1, varbindlist=bound(NULL)), version=1)
        for error in range(1, 20)
    ),
    by_scapy(scapy_snmp.SNMPset(id=9, varbindlist=bound(asn1.ASN1_STRING(b"x"))), version=1),
    by_scapy(scapy_snmp.SNMPbulk(id=9, non_repeaters=1, max_repetitions=10, varbindlist=bound(NULL)), version=1),
    by_scapy(scapy_snmp.SNMPinform(id=9, varbindlist=bound(asn1.ASN1_INTEGER(1))), version=1),
    by_scapy(scapy_snmp.SNMPtrapv2(id=9, varbindlist=bound(asn1.ASN1_INTEGER(1))), version=1),
    *(
        by_scapy(
            scapy_snmp.SNMPtrapv1(
                enterprise="1.3.6.1.4.1.9",
                agent_addr="10.0.0.9",
                generic_trap=trap,
                specific_trap=3 if trap == 6 else 0,
                time_stamp=99,
                varbindlist=bound(asn1.ASN1_INTEGER(1)),
            ),
            version=0,
        )
        for trap in range(8)
    ),
    *(message(1, pdu(0xA2, variable(bytes([tag, 0])))) for tag in (0x80, 0x81, 0x82)),
    message_v3(4, SCOPED, security=user(b"")),
    message_v3(1, tlv(0x30, tlv(4, b""), tlv(4, b""), pdu(0xA8, variable(b"\x41\x01\x07"))), security=user(b"bob")),
]

ENCRYPTED = message_v3(7, tlv(4, b"\xde\xad" * 20), security=user(b"bob"))


def test_tshark_says_the_same(tmp_path: Path) -> None:
    packets = [datagram(each, 161) for each in (*MESSAGES, ENCRYPTED)]
    tshark_agrees(packets, "snmp", tmp_path / "snmp.pcap", ("snmp.name", "snmp.value", "snmp.error", "snmp.v3"))


def test_the_line_is_tcpdumps(tmp_path: Path) -> None:
    packets = [datagram(each, 161) for each in MESSAGES]
    ours = [each.replace("E=", "E=_").replace("E=_ ", "E= ") for each in we_say(packets)]
    assert ours == tcpdump_says(packets, tmp_path / "snmp.pcap")


def test_what_scapy_built_is_read() -> None:
    found = decode(MESSAGES[2])
    assert (found.version, found.community, found.pdu, found.request_id) == ("v2c", b"public", "Response", 8)
    assert [(each.type, each.value) for each in found.variables] == [(kind, value) for _, kind, value in VALUES]
    assert [each.name for each in found.variables] == [f"{SYSTEM}.{n}.0" for n in range(1, len(VALUES) + 1)]
    assert bytes(found) == MESSAGES[2]


def test_a_trap_of_version_1() -> None:
    found = decode(by_scapy(scapy_snmp.SNMPtrapv1(enterprise="1.3.6.1.4.1.9", generic_trap=6, time_stamp=5), version=0))
    assert (found.version, found.pdu, found.enterprise) == ("v1", "Trap", "1.3.6.1.4.1.9")
    assert (found.agent_address, found.generic_trap, found.time_stamp) == ("0.0.0.0", 6, 5)


def test_version_3_in_clear_and_encrypted() -> None:
    found = decode(message_v3(4, SCOPED, security=user(b"bob")))
    assert (found.version, found.user, found.context_name, found.pdu) == ("v3", b"bob", b"context", "GetRequest")
    assert (found.engine_boots, found.engine_time, found.message_id) == (5, 1000, 77)
    hidden = decode(ENCRYPTED)
    assert (hidden.pdu, hidden.encrypted, hidden.variables) == ("", b"\xde\xad" * 20, ())
    assert hidden.summary() == 'F=apr U="bob" encrypted, 40 octets'
    other = decode(message_v3(4, SCOPED, model=4, security=b"whatever"))
    assert other.user is None
    assert "snmp.msgUserName" not in dict(other.fields())


def test_in_a_packet() -> None:
    packet = datagram(MESSAGES[0], 161)
    assert packet[SNMP].variables == (Variable(f"{SYSTEM}.1.0", "NULL", None, 5),)
    assert packet.defects == ()
    assert SNMP in datagram(MESSAGES[0], 40000, 162)


def test_every_pdu_has_a_word() -> None:
    for tag, word in PDUS.items():
        if word != "Trap":
            assert decode(message(1, pdu(tag))).pdu == word


def test_identifiers_below_2_are_wide() -> None:
    """X.690 section 8.19.4; 2.999.3 is its own example, 88 37 03."""
    assert decode(message(1, pdu(0xA0, variable(name=b"\x88\x37\x03")))).variables[0].name == "2.999.3"
    assert ber_value(b"\x06\x03\x88\x37\x03") == "26.39.3"  # scapy's reading, which is mended


def test_octets_are_escaped() -> None:
    found = decode(message(1, pdu(0xA2, variable(tlv(4, b"\x1b[2J"))), community=b"\x1b[2J\xe2\x80\xae"))
    assert found.summary().isascii()
    assert found.summary().isprintable()
    assert '"\\x1b[2J\\u202e"' in found.summary()


# -- what nobody honest sends ---------------------------------------------------------------------------------------

GOOD = message(1, pdu(0xA0, variable()))


@pytest.mark.parametrize(
    ("octets", "field", "why"),
    [
        (b"\x30", "message", "bad value"),
        (b"\x31\x00", "message", "tag"),
        (b"\x30\x00", "version", "message cut short"),
        (GOOD[:-1], "message", "value past the end"),
        (b"\x30\x84\xff\xff\xff\xff", "message", "value past the end"),
        (b"\x30\xff" + b"\xff" * 200, "message", "bad value"),
        (b"\x30\x80" + GOOD[2:] + bytes(2), "message", "a length of the indefinite form"),
        (tlv(0x30, number(1), b"\x24\x80" + tlv(4, b"public") + bytes(2)), "community", "a length of the indefinite"),
        (message(2, pdu(0xA0)), "version", "a version nobody knows"),
        (tlv(0x30, number(1), number(1)), "community", "tag"),
        (message(1, pdu(0xA9)), "pdu", "tag"),
        (message(1, tlv(0xA0, number(1))), "error-status", "message cut short"),
        (message(1, tlv(0xA0, tlv(2, bytes(6)))), "request-id", "length of a value"),
        (message(1, tlv(0xA0, tlv(2, b""))), "request-id", "length of a value"),
        (message(1, pdu(0xA0, variable(tlv(2, b"1" * 60_000)))), "value", "length of a value"),
        (message(1, pdu(0xA0, variable(name=b"\x81" * (MAX_OID + 1)))), "name", "length of a value"),
        (message(1, pdu(0xA0, variable(name=b"\x81" * 20))), "name", "bad value"),
        (message(1, pdu(0xA0, variable(tlv(0x40, b"abc")))), "value", "bad value"),
        (message(1, pdu(0xA0, b"\x30\x05\x06\x01\x2b\x04\x7f")), "value", "value past the end"),
        (message_v3(4, SCOPED, security=b"junk"), "UsmSecurityParameters", "tag"),
    ],
)
def test_damage_is_one_defect_with_its_place(octets: bytes, field: str, why: str) -> None:
    packet = datagram(octets, 161)
    assert packet.application is None
    (defect,) = packet.defects
    assert (defect.layer, defect.field) == ("SNMP", field)
    assert defect.why.startswith(why)
    assert packet.payload_offset <= defect.offset <= len(packet)
    with pytest.raises(Defect):
        decode(octets)


def nested(depth: int) -> bytes:
    """Sequences in sequences."""
    octets = b""
    for _ in range(depth):
        octets = tlv(0x30, octets)
    return octets


@pytest.mark.parametrize(
    ("octets", "offset", "why"),
    [
        (GOOD + b"junk", len(GOOD), "more than the message behind it"),
        (tlv(0x30, GOOD[2:] + b"junk"), len(GOOD), "more than the message inside it"),
    ],
)
def test_octets_that_no_message_has_are_told(octets: bytes, offset: int, why: str) -> None:
    packet = datagram(octets, 161)
    assert packet[SNMP].pdu == "GetRequest"
    (defect,) = packet.defects
    assert (defect.offset - packet.payload_offset, defect.found, defect.why) == (offset, "4 octets", why)


def test_deep_nesting_is_no_recursion() -> None:
    before = sys.getrecursionlimit()
    deep = nested(8_000)
    for octets in (deep, message(1, deep), message(1, pdu(0xA0, variable(deep)))):
        assert len(octets) < 65_507
        datagram(octets, 161).defects  # noqa: B018
    assert sys.getrecursionlimit() == before
    assert decode(message(1, pdu(0xA0, variable(deep)))).variables[0].value == deep[5:]


@pytest.mark.parametrize(
    "octets",
    [
        message(1, pdu(0xA2, *[variable(b"\x05\x00", b"\x2b")] * 7_000)),
        message(1, pdu(0xA2, *[variable(name=b"\x2b" + b"\x01" * (MAX_OID - 1))] * 90)),
        message(1, pdu(0xA2, variable(tlv(4, b"x" * 60_000)))),
    ],
)
def test_large_messages_are_read_within_bounds(octets: bytes) -> None:
    with within_bounds():
        packet = datagram(octets, 161)
        assert packet[SNMP].variables
        packet[SNMP].summary()
        packet[SNMP].fields()


def test_values_end_where_their_list_ends() -> None:
    values = Values(number(1) + number(2), 0, 3)
    assert values.take("first") == 1
    assert not values

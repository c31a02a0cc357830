"""IGMP and MLD: which version a message is of, records one by one, counts that lie."""

from __future__ import annotations

from typing import Any

import pytest

from rawkit.errors import FieldError
from rawkit.protocols import (
    IGMP,
    ICMPv6,
    IGMPAllowNewSources,
    IGMPChangeToExclude,
    IGMPModeIsInclude,
    IGMPQuery,
    IGMPReport,
    IGMPUnknownRecord,
    IPv4,
    IPv6,
    MLDAllowNewSources,
    MLDChangeToExclude,
    MLDQuery,
    MLDv2Query,
    MLDv2Report,
)
from rawkit.protocols.group_records import exponential
from rawkit.protocols.igmp import igmp
from rawkit.show import line
from rawkit.wire import Packet

# Sent by a Linux host and recorded by PcapPlusPlus's authors: igmpv3_query2.dat, igmpv3_report.dat, IGMPv2_1.dat.
QUERY = bytes.fromhex("11016d1ae000000b0f0000050a141e28c0a814de64c8ffff010203040b16212c")
REPORT = bytes.fromhex("2200276d0000000101000001e0000009c0a814de")
JOIN = bytes.fromhex("1600fa04effffffa")

# What a Linux 6 kernel sent for IP_ADD_MEMBERSHIP and IP_ADD_SOURCE_MEMBERSHIP, and for its own address.
KERNEL_REPORT = bytes.fromhex("220037e90000000205000001e8010203c000020904000000ef010203")
KERNEL_REPORT_6 = bytes.fromhex(
    "600000000024000100000000000000000000000000000000ff020000000000000000000000000016"
    "3a000502000001008f0092af0000000104000000ff0200000000000000000001ff5ddc7d"
)


def test_reports_of_the_kernel() -> None:
    report = read(KERNEL_REPORT)
    assert report[IGMPReport].records == (
        IGMPAllowNewSources(group="232.1.2.3", sources=["192.0.2.9"]),
        IGMPChangeToExclude(group="239.1.2.3"),
    )
    report_6 = Packet.decode(KERNEL_REPORT_6, first=IPv6)
    assert report_6[MLDv2Report].records == (MLDChangeToExclude(group="ff02::1:ff5d:dc7d"),)
    for packet in (report, report_6):
        assert packet.defects == ()
        assert {verdict.state for verdict in packet.check()} == {"good"}


def read(octets: bytes) -> Packet:
    packet = Packet.decode(octets, first=igmp)
    assert packet.octets == octets == bytes(Packet(*packet.layers, packet.payload, packet.trailer))
    return packet


def test_recorded_messages() -> None:
    query = read(QUERY)[IGMPQuery]
    assert (query.group, query.suppress, query.robustness, query.source_count) == ("224.0.0.11", 1, 7, 5)
    assert query.sources[1:3] == ("192.168.20.222", "100.200.255.255")
    report = read(REPORT)[IGMPReport]
    assert report.records == (IGMPModeIsInclude(group="224.0.0.9", sources=["192.168.20.222"]),)
    assert read(JOIN)[IGMP].group == "239.255.255.250"
    for octets in (QUERY, REPORT, JOIN):
        assert {verdict.state for verdict in read(octets).check()} == {"good"}
        assert read(octets).defects == ()


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        ("1164 ee9b 00000000", IGMP),
        ("1100 eeff 00000000", IGMP),
        ("1164 ec9b 00000000 02000000", IGMPQuery),
        ("1700 0000 e0010203", IGMP),
        ("2200 ddff 0000 0000", IGMPReport),
        ("1300 0000 00000000", None),
        ("4000 0000 00000000 00000000", None),
    ],
)
def test_the_version_is_told_by_type_and_length(octets: str, kind: type | None) -> None:
    packet = read(bytes.fromhex(octets))
    assert [type(layer) for layer in packet.layers] == ([kind] if kind else [])
    assert packet.defects == ()


def test_a_report_is_built_and_edited() -> None:
    join = IGMPChangeToExclude(group="224.1.2.3")
    packet = IPv4(dst="224.0.0.22") / IGMPReport(records=[join])
    assert packet[IGMPReport].record_count == 1
    more = packet.replace(IGMPReport, records=[join, IGMPModeIsInclude(group="224.1.2.4", sources=["192.0.2.1"] * 3)])
    assert (more[IGMPReport].record_count, more[IPv4].total_length) == (2, 20 + 8 + 8 + 20)
    assert {verdict.state for verdict in more.check()} == {"good"}
    assert packet.replace(IGMPReport, reserved=1)[IGMPReport].records == (join,)
    assert IGMPReport(records=bytes(join) * 2).record_count == 2
    with pytest.raises(FieldError, match=r"IGMPModeIsInclude\.auxiliary_data: 3 octets, but it has 0"):
        IGMPModeIsInclude(auxiliary_data=b"abc")
    with pytest.raises(FieldError, match="is not a IGMPRecord"):
        IGMPReport(records=[MLDAllowNewSources()])  # type: ignore[list-item]


def test_what_follows_the_records_counts_in_the_checksum_alone() -> None:
    """RFC 9776 section 4.2.11."""
    packet = IPv4() / IGMPReport(records=[IGMPChangeToExclude(group="224.1.2.3")]) / b"more"
    decoded_packet = Packet.decode(bytes(packet), first=IPv4)
    assert (len(decoded_packet[IGMPReport].records), decoded_packet.payload) == (1, b"more")
    assert {verdict.state for verdict in decoded_packet.check()} == {"good"}


@pytest.mark.parametrize(
    ("count", "records", "why"),
    [
        (2, "04000000e0010203", "fewer than are told"),
        (1, "04000001e0010203", "cut short"),
        (1, "04010000e0010203", "cut short"),
        (1, "0400ffffe0010203", "cut short"),
        (1, "0400", "cut short"),
        (0xFFFF, "", "fewer than are told"),
    ],
)
def test_counts_that_lie(count: int, records: str, why: str) -> None:
    packet = read(b"\x22\0\0\0\0\0" + count.to_bytes(2, "big") + bytes.fromhex(records))
    assert [defect.why for defect in packet.defects] == [why]
    assert packet[IGMPReport].record_count == count
    cut = Packet.decode(packet.octets, first=igmp, wire_length=500)
    assert cut.defects == ()
    assert {verdict.state for verdict in cut.check()} == {"unverifiable"}


def test_an_unknown_record_is_kept() -> None:
    packet = read(bytes(IGMPReport(records=[IGMPUnknownRecord(kind=9, group="224.1.2.3", auxiliary_data=b"abcd")])))
    (record,) = packet[IGMPReport].records
    assert isinstance(record, IGMPUnknownRecord)
    assert (record.kind, record.auxiliary_length, record.auxiliary_data) == (9, 1, b"abcd")


@pytest.mark.parametrize(
    ("octets", "kind"),
    [(bytes(20), MLDQuery), (bytes(23), MLDQuery), (bytes(24), MLDv2Query), (bytes(19), None)],
)
def test_a_query_of_mld_is_told_by_its_length(octets: bytes, kind: Any) -> None:
    packet = Packet.decode(bytes(ICMPv6(type=130) / octets), first=ICMPv6)
    assert [type(layer) for layer in packet.layers[1:]] == ([kind] if kind else [])
    assert [defect.why for defect in packet.defects] == ([] if kind else ["header cut short"])


@pytest.mark.parametrize("kept", range(8, 12))
def test_a_query_of_igmp_that_the_capture_cut_is_not_read_as_an_older_one(kept: int) -> None:
    """Its length on the wire, which IP's header tells, is what RFC 9776 section 7.1 asks for."""
    query = bytes(IPv4(dst="224.0.0.1") / IGMPQuery())
    packet = Packet.decode(query[: 20 + kept], first=IPv4, wire_length=len(query))
    assert [type(layer) for layer in packet.layers] == [IPv4]
    assert [defect.why for defect in packet.defects] == ["header cut short by the capture"]
    padded = bytes(IPv4(dst="224.0.0.1") / IGMP(type=0x11)) + bytes(14)
    assert IGMP in Packet.decode(padded[: 20 + kept], first=IPv4, wire_length=len(padded))


@pytest.mark.parametrize("kept", range(20, 24))
def test_a_query_of_mld_that_the_capture_cut_is_not_read_as_an_older_one(kept: int) -> None:
    """RFC 9777 section 8.1. Its octets are counted without the first four, which are ICMPv6's."""
    query = bytes(IPv6(dst="ff02::1") / ICMPv6() / MLDv2Query())
    packet = Packet.decode(query[: 44 + kept], first=IPv6, wire_length=len(query))
    assert [type(layer) for layer in packet.layers] == [IPv6, ICMPv6]
    assert [defect.why for defect in packet.defects] == ["header cut short by the capture"]


def test_mld_sums_with_its_pseudo_header() -> None:
    packet = IPv6(src="fe80::1", dst="ff02::16") / ICMPv6() / MLDv2Report(records=[MLDAllowNewSources(group="ff02::5")])
    assert {verdict.state for verdict in packet.check()} == {"good"}
    moved = packet.replace(IPv6, src="fe80::2")
    assert moved[ICMPv6].checksum == packet[ICMPv6].checksum - 1
    assert packet[ICMPv6].type == 143


@pytest.mark.parametrize(
    ("code", "bits", "value"),
    # RFC 9776 section 4.1.1: (mant | 0x10) << (exp + 3); RFC 9777 section 5.1.3: (mant | 0x1000) << (exp + 3).
    [
        *((127, 7, 127), (128, 7, 128), (0x8F, 7, 248), (0xFF, 7, 31744)),
        *((32767, 15, 32767), (32768, 15, 32768), (65535, 15, 8387584)),
    ],
)
def test_times_with_an_exponent(code: int, bits: int, value: int) -> None:
    assert exponential(code, bits) == value


def test_a_report_of_many_records_is_told_in_brief() -> None:
    report = IGMPReport(records=[IGMPChangeToExclude(group=f"224.1.2.{n}") for n in range(9)])
    told = " ".join(f"[gaddr 224.1.2.{n} to_ex, 0 source(s)]" for n in range(4))
    assert line(IPv4() / report).endswith(f"igmp v3 report, 9 group record(s) {told} and 5 more")

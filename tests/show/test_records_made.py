"""JSON of packets made here, compared with tshark field by field: protocols that few captures hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit.protocols import (
    GRE,
    IGMP,
    MPLS,
    SCTP,
    SCTPCWR,
    SCTPECNE,
    TCP,
    UDP,
    EnhancedGRE,
    Ethernet,
    GREChecksum,
    GRERouting,
    ICMPv6,
    IGMPBlockOldSources,
    IGMPChangeToExclude,
    IGMPModeIsInclude,
    IGMPQuery,
    IGMPReport,
    IPv4,
    IPv6,
    IPv6HopByHop,
    IPv6RouterAlert,
    MLDAllowNewSources,
    MLDChangeToExclude,
    MLDDone,
    MLDQuery,
    MLDReport,
    MLDUnknownRecord,
    MLDv2Query,
    MLDv2Report,
    RouterAlert,
    SCTPAbort,
    SCTPChunk,
    SCTPCookieAck,
    SCTPCookieEcho,
    SCTPData,
    SCTPError,
    SCTPHeartbeat,
    SCTPHeartbeatAck,
    SCTPInit,
    SCTPInitAck,
    SCTPSack,
    SCTPShutdown,
    SCTPShutdownAck,
    SCTPShutdownComplete,
    SCTPUnknownChunk,
    UDPLite,
)
from rawkit.show import record
from rawkit.wire import Header, Packet
from tests.show import tshark
from tests.show.captures import frames
from tests.show.test_records import disagreements, network, values
from tests.show.tunnels_made import FOR_TSHARK
from tests.written import written

INNER = IPv4(src="10.1.0.1", dst="10.1.0.2") / UDP(sport=1000, dport=7) / b"data"
LCP_ECHO = b"\xff\x03\xc0\x21\x09\0\0\x08abcd"
ROUTING = "0800 0004 c0000209 0000 0000"

IGMP_MESSAGES: list[Header] = [
    *(IGMP(type=kind, group="224.1.2.3") for kind in (0x11, 0x12, 0x16, 0x17)),
    *(IGMP(type=0x11, max_response=time) for time in (1, 100)),
    *(IGMPQuery(), IGMPQuery(max_response=150, query_interval=200, group="224.1.2.3", suppress=1, robustness=7)),
    IGMPQuery(group="224.1.2.3", sources=["192.0.2.1", "192.0.2.2"]),
    IGMPReport(),
    IGMPReport(
        records=[
            IGMPChangeToExclude(group="224.1.2.3"),
            IGMPModeIsInclude(group="224.1.2.4", sources=["192.0.2.1", "192.0.2.2"]),
            IGMPBlockOldSources(group="224.1.2.5", sources=["192.0.2.3"], auxiliary_data=b"aux."),
        ]
    ),
]
MLD_MESSAGES: list[Header] = [
    *(MLDQuery(max_response=1000), MLDQuery(group="ff02::5"), MLDReport(group="ff02::5"), MLDDone(group="ff02::5")),
    *(MLDv2Query(), MLDv2Query(max_response=0x8001, group="ff02::5", suppress=1, sources=["2001:db8::1"])),
    MLDv2Report(),
    MLDv2Report(
        records=[
            MLDChangeToExclude(group="ff02::5"),
            MLDAllowNewSources(group="ff02::6", sources=["2001:db8::1", "2001:db8::2"]),
            MLDUnknownRecord(kind=9, group="ff02::7", auxiliary_data=b"aux."),
        ]
    ),
]
MULTICAST = network(ttl=1, options=[RouterAlert()])
MULTICAST_6 = Ethernet() / IPv6(src="fe80::1", dst="ff02::16", hop_limit=1) / IPv6HopByHop(options=[IPv6RouterAlert()])

PARAMETER = bytes.fromhex("0001 0008 61626364")
CHUNKS: list[list[SCTPChunk]] = [
    [SCTPInit(initiate_tag=5, initial_tsn=9, parameters=bytes.fromhex("0005 0008 c0000201"))],
    [SCTPInitAck(initiate_tag=6, initial_tsn=8, parameters=bytes.fromhex("0007 0008 61626364"))],
    [SCTPCookieEcho(cookie=b"cookie.."), SCTPData(tsn=9, stream=1, stream_sequence=2, protocol=99, data=b"hello")],
    [SCTPCookieAck()],
    [SCTPData(flags=each, tsn=0xFFFFFFFF, data=b"hello" + bytes(each)) for each in (0, 1, 2, 7, 11)],
    [SCTPSack(), SCTPSack(cumulative_tsn=9, window=1000, gaps=[(2, 3), (5, 6)], duplicates=[7, 8])],
    [
        SCTPHeartbeat(information=PARAMETER),
        SCTPHeartbeatAck(information=PARAMETER),
    ],
    [SCTPAbort(flags="T", causes=bytes.fromhex("000c 0008 61626364"))],
    [SCTPShutdown(cumulative_tsn=9), SCTPShutdownAck(), SCTPShutdownComplete(flags="T")],
    [SCTPError(causes=bytes.fromhex("000a 0004")), SCTPECNE(lowest_tsn=4), SCTPCWR(lowest_tsn=5)],
    [SCTPUnknownChunk(kind=99, flags=7, data=b"abc"), SCTPUnknownChunk(kind=254)],
]
LITE: list[Packet] = [
    network() / UDPLite(sport=1000, dport=2000, coverage=covered) / b"data." for covered in (0, 8, 9, 10, 13)
]

MADE: dict[str, list[Packet]] = {
    **FOR_TSHARK,
    "GRE": [
        network() / each / INNER
        for each in (
            *(GRE(), GRE(key=5), GRE(sequence_number=6), GRE(key=7, sequence_number=8, recursion=2, reserved=9)),
            *(GREChecksum(key=1), GREChecksum(routing=ROUTING), GRERouting(routing=ROUTING)),
        )
    ],
    "GRE of PPTP": [
        network() / EnhancedGRE(call_id=6, sequence_number=1) / LCP_ECHO,
        network() / EnhancedGRE(call_id=6, acknowledgement_number=26),
    ],
    "MPLS": [Ethernet() / MPLS(label=16, traffic_class=5, ttl=9) / MPLS(label=label) / INNER for label in (0, 20, 999)],
    "IGMP": [MULTICAST / each for each in IGMP_MESSAGES],
    "MLD": [MULTICAST_6 / ICMPv6() / each for each in MLD_MESSAGES],
    "SCTP": [network() / SCTP(sport=1000, dport=2000, verification_tag=5, chunks=chunks) for chunks in CHUNKS],
    "UDP-Lite": LITE,
    "tunnels": [
        network() / INNER,
        network() / IPv6(src="2001:db8::1", dst="2001:db8::2") / TCP() / b"data",
        Ethernet() / IPv6(dst="2001:db8::9") / IPv6() / IPv4() / UDP(),
    ],
}


@pytest.mark.parametrize("what", MADE)
def test_tshark_says_the_same(what: str, tmp_path: Path) -> None:
    path = written(tmp_path / "made.pcap", MADE[what])
    for frame, theirs in zip(frames(path), tshark.packets(path), strict=True):
        found = record(frame)
        assert not disagreements(values(found["layers"]), theirs), frame.number
        assert theirs["frame.protocols"][0].startswith(found["frame.protocols"].removesuffix(":data")), frame.number

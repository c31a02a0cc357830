"""JSON of packets made here, compared with tshark field by field: protocols that few captures hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit.capture import PcapWriter
from rawkit.protocols import (
    GRE,
    IGMP,
    MPLS,
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
)
from rawkit.show import record
from rawkit.wire import Header, Packet
from tests.show import tshark
from tests.show.captures import frames
from tests.show.test_records import disagreements, network, values

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

MADE: dict[str, list[Packet]] = {
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
    "tunnels": [
        network() / INNER,
        network() / IPv6(src="2001:db8::1", dst="2001:db8::2") / TCP() / b"data",
        Ethernet() / IPv6(dst="2001:db8::9") / IPv6() / IPv4() / UDP(),
    ],
}


@pytest.mark.parametrize("what", MADE)
def test_tshark_says_the_same(what: str, tmp_path: Path) -> None:
    path = tmp_path / "made.pcap"
    with PcapWriter(path, linktype=1) as writer:
        for packet in MADE[what]:
            writer.write_octets(bytes(packet), time_ns=0)
    for frame, theirs in zip(frames(path), tshark.packets(path), strict=True):
        found = record(frame)
        assert not disagreements(values(found["layers"]), theirs), frame.number
        assert theirs["frame.protocols"][0].startswith(found["frame.protocols"].removesuffix(":data")), frame.number

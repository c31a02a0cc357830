"""IGMP and MLD that scapy builds too: cases of test_scapy.py."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import rawkit as R
from rawkit.wire import Header, Packet
from tests.protocols.both import case, scapy

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # what replaces them names all otherwise
    igmp: Any = import_module("scapy.contrib.igmp")
    igmpv3: Any = import_module("scapy.contrib.igmpv3")


def v4() -> Header:
    """scapy's IGMP sees to the options and the service."""
    return R.IPv4(src="192.0.2.1", dst="224.0.0.22", ttl=1, dscp=48, options=[R.RouterAlert()])


def s_v4() -> Any:
    return scapy.IP(src="192.0.2.1", dst="224.0.0.22", id=0, ttl=1)


def v6() -> Packet:
    return R.IPv6(src="fe80::1", dst="ff02::16", hop_limit=1) / R.IPv6HopByHop(options=[R.IPv6RouterAlert()])


def s_v6() -> Any:
    alert = scapy.IPv6ExtHdrHopByHop(options=[scapy.RouterAlert(value=0), scapy.PadN(optdata=b"")])
    return scapy.IPv6(src="fe80::1", dst="ff02::16", hlim=1) / alert


@case
def igmp_join() -> tuple[Packet, Any]:
    return v4() / R.IGMP(group="224.1.2.3"), s_v4() / igmp.IGMP(type=0x16, mrcode=0, gaddr="224.1.2.3")


@case
def igmp_query() -> tuple[Packet, Any]:
    return v4() / R.IGMP(type=0x11, max_response=100), s_v4() / igmp.IGMP(type=0x11, mrcode=100, gaddr="0.0.0.0")


@case
def igmp_query_of_version_3() -> tuple[Packet, Any]:
    ours = R.IGMPQuery(max_response=50, group="224.1.2.3", suppress=1, query_interval=60, sources=["192.0.2.8"])
    theirs = igmpv3.IGMPv3mq(mrcode=50, gaddr="224.1.2.3", s=1, qrv=2, qqic=60, srcaddrs=["192.0.2.8"])
    return v4() / ours, s_v4() / theirs


@case
def igmp_report_of_version_3() -> tuple[Packet, Any]:
    ours = R.IGMPReport(
        records=[
            R.IGMPChangeToExclude(group="224.1.2.3"),
            R.IGMPModeIsInclude(group="224.1.2.4", sources=["192.0.2.8", "192.0.2.9"]),
        ]
    )
    records = [
        igmpv3.IGMPv3gr(rtype=4, maddr="224.1.2.3"),
        igmpv3.IGMPv3gr(rtype=1, maddr="224.1.2.4", srcaddrs=["192.0.2.8", "192.0.2.9"]),
    ]
    return v4() / ours, s_v4() / igmpv3.IGMPv3mr(records=records)


@case
def igmp_records_of_every_type() -> tuple[Packet, Any]:
    kinds = [
        *(R.IGMPModeIsInclude, R.IGMPModeIsExclude, R.IGMPChangeToInclude),
        *(R.IGMPChangeToExclude, R.IGMPAllowNewSources, R.IGMPBlockOldSources),
    ]
    ours = [kind(group="224.1.2.3", sources=["192.0.2.8"]) for kind in kinds]
    unknown = R.IGMPUnknownRecord(kind=9, group="224.1.2.4")
    theirs = [igmpv3.IGMPv3gr(rtype=kind, maddr="224.1.2.3", srcaddrs=["192.0.2.8"]) for kind in range(1, 7)]
    theirs.append(igmpv3.IGMPv3gr(rtype=9, maddr="224.1.2.4"))
    return v4() / R.IGMPReport(records=[*ours, unknown]), s_v4() / igmpv3.IGMPv3mr(records=theirs)


@case
def mld_records_of_every_type() -> tuple[Packet, Any]:
    kinds = [
        *(R.MLDModeIsInclude, R.MLDModeIsExclude, R.MLDChangeToInclude),
        *(R.MLDChangeToExclude, R.MLDAllowNewSources, R.MLDBlockOldSources),
    ]
    ours = [kind(group="ff02::5", sources=["2001:db8::1"]) for kind in kinds]
    unknown = R.MLDUnknownRecord(kind=9, group="ff02::6", auxiliary_data=b"aux.")
    theirs = [scapy.ICMPv6MLDMultAddrRec(rtype=kind, dst="ff02::5", sources=["2001:db8::1"]) for kind in range(1, 7)]
    theirs.append(scapy.ICMPv6MLDMultAddrRec(rtype=9, dst="ff02::6", auxdata_len=1, auxdata=b"aux."))
    return v6() / R.ICMPv6() / R.MLDv2Report(records=[*ours, unknown]), s_v6() / scapy.ICMPv6MLReport2(records=theirs)


@case
def mld_query() -> tuple[Packet, Any]:
    ours = v6() / R.ICMPv6() / R.MLDQuery(max_response=1000, group="ff02::5")
    return ours, s_v6() / scapy.ICMPv6MLQuery(mrd=1000, mladdr="ff02::5")


@case
def mld_report() -> tuple[Packet, Any]:
    return v6() / R.ICMPv6() / R.MLDReport(group="ff02::5"), s_v6() / scapy.ICMPv6MLReport(mladdr="ff02::5")


@case
def mld_done() -> tuple[Packet, Any]:
    return v6() / R.ICMPv6() / R.MLDDone(group="ff02::5"), s_v6() / scapy.ICMPv6MLDone(mladdr="ff02::5")


@case
def mld_query_of_version_2() -> tuple[Packet, Any]:
    ours = R.MLDv2Query(max_response=500, group="ff02::5", suppress=1, query_interval=9, sources=["2001:db8::1"])
    theirs = scapy.ICMPv6MLQuery2(mrd=500, mladdr="ff02::5", S=1, QRV=2, QQIC=9, sources=["2001:db8::1"])
    return v6() / R.ICMPv6() / ours, s_v6() / theirs


@case
def mld_report_of_version_2() -> tuple[Packet, Any]:
    ours = R.MLDv2Report(
        records=[
            R.MLDChangeToExclude(group="ff02::5"),
            R.MLDAllowNewSources(group="ff02::6", sources=["2001:db8::1", "2001:db8::2"]),
        ]
    )
    records = [
        scapy.ICMPv6MLDMultAddrRec(rtype=4, dst="ff02::5"),
        scapy.ICMPv6MLDMultAddrRec(rtype=5, dst="ff02::6", sources=["2001:db8::1", "2001:db8::2"]),
    ]
    return v6() / R.ICMPv6() / ours, s_v6() / scapy.ICMPv6MLReport2(records=records)

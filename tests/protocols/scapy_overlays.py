"""Tunnels in UDP that scapy builds too: cases of test_scapy.py."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import rawkit as R
from rawkit.wire import Packet
from tests.protocols.both import UDP, case, ether, s_ether, s_udp, s_v4, s_v6, scapy, v4, v6

theirs_of: Any = import_module("scapy.contrib.geneve")
DATA = b"data"


def s_to(port: int, **fields: Any) -> Any:
    """scapy's UDP to a port."""
    return scapy.UDP(sport=50000, dport=port, **fields)


@case
def vxlan() -> tuple[Packet, Any]:
    ours = v4() / R.UDP(sport=50000) / R.VXLAN(vni=0x123456) / ether() / v4() / UDP / DATA
    return ours, s_v4() / s_to(4789) / scapy.VXLAN(flags="Instance", vni=0x123456) / s_ether() / s_v4() / s_udp()


@case
def vxlan_with_a_group_policy() -> tuple[Packet, Any]:
    header = R.VXLAN(flags="IGDA", group_policy=0x1234, vni=7)
    theirs = scapy.VXLAN(flags=0x88, gpflags=0x48, gpid=0x1234, vni=7)
    return v6() / R.UDP(sport=50000) / header / ether() / v6() / UDP / DATA, (
        s_v6() / s_to(4789) / theirs / s_ether() / s_v6() / s_udp()
    )


@case
def vxlan_in_vxlan() -> tuple[Packet, Any]:
    def ours(vni: int) -> Packet:
        return v4() / R.UDP(sport=50000) / R.VXLAN(vni=vni) / ether()

    def theirs(vni: int) -> Any:
        return s_v4() / s_to(4789) / scapy.VXLAN(flags="Instance", vni=vni) / s_ether()

    return ours(1) / ours(2) / v4() / UDP / DATA, theirs(1) / theirs(2) / s_v4() / s_udp()


@case
def geneve() -> tuple[Packet, Any]:
    ours = v4() / R.UDP(sport=50000) / R.Geneve(vni=0x123456) / ether() / v4() / UDP / DATA
    return ours, s_v4() / s_to(6081) / theirs_of.GENEVE(vni=0x123456) / s_ether() / s_v4() / s_udp()


@case
def geneve_with_options() -> tuple[Packet, Any]:
    options = [
        R.UnknownGeneveOption(kind=0x0102, type=0x80, data=b"12345678"),
        R.UnknownGeneveOption(kind=0xFFFF, type=1),
    ]
    told = [
        theirs_of.GeneveOptions(classid=0x0102, type=0x80, length=2, data=b"12345678"),
        theirs_of.GeneveOptions(classid=0xFFFF, type=1, length=0),
    ]
    theirs = theirs_of.GENEVE(vni=7, oam=1, critical=1, proto=0x0800, options=told, optionlen=4)
    ours = v4() / R.UDP(sport=50000) / R.Geneve(vni=7, control=1, critical=1, options=options)
    return ours / v4() / UDP / DATA, s_v4() / s_to(6081) / theirs / s_v4() / s_udp()

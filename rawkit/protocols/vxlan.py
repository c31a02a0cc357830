"""Virtual extensible LAN (RFC 7348): Ethernet frames in UDP datagrams, between machines of one virtual network."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.errors import Defect
from rawkit.protocols.ethernet import Ethernet
from rawkit.wire import Accepts, Bit, Flags, Header, flags, u8, u16, u24

GROUP_POLICY = "draft-smith-vxlan-group-policy section 2.1"
TUNNEL = "the kernel's tunnel device (ip link add ... type vxlan)"


class VXLANFlags(Flags):
    """RFC 7348 section 5, and the group policy extension."""

    i = Bit(11, "I", "the VXLAN network identifier is valid: always set", wireshark="vxlan.flag_i")
    g = Bit(15, "G", "a group policy is there", section=GROUP_POLICY, wireshark="vxlan.flag_g")
    d = Bit(6, "D", "do not learn the inner source address", section=GROUP_POLICY, wireshark="vxlan.flag_d")
    a = Bit(3, "A", "the group policy was applied already", section=GROUP_POLICY, wireshark="vxlan.flag_a")


def defects(vxlan: VXLAN, outer: Sequence[Header]) -> list[Defect]:
    """RFC 7348 section 5: the I flag MUST be set to 1 for a valid VNI."""
    if vxlan.flags.i:
        return []
    return [Defect("VXLAN", "flags", vxlan.layout.offset, f"0x{vxlan.flags:04x}", "the I flag", "no network is named")]


class VXLAN(Header, rfc="RFC 7348 section 5", wireshark="vxlan", carries=Ethernet, defects=defects):
    """Which virtual network the Ethernet frame inside belongs to."""

    flags: Accepts[VXLANFlags, VXLANFlags | str | int] = flags(
        16, "what counts; RFC 7348 has the first eight", VXLANFlags, default=VXLANFlags("I"), filled_by=TUNNEL
    )
    group_policy: int = u16(
        "which group of machines the frame comes from; 0 without G",
        section=GROUP_POLICY,
        wireshark="gbp",
        filled_by=f"{TUNNEL}: gbp, from the packet's mark",
    )
    vni: int = u24("VXLAN network identifier: number of the virtual network", filled_by=f"{TUNNEL}: id")
    reserved: int = u8("0", wireshark="reserved8", filled_by=TUNNEL)

"""Options of neighbour discovery (RFC 4861 section 4.6): type, length in units of 8 octets, data."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.wire import (
    Accepts,
    Bit,
    Flags,
    HeaderLength,
    IPv6Address,
    IPv6Like,
    MACAddress,
    Option,
    bits,
    flags,
    ipv6_address,
    mac_address,
    octets,
    repeat,
    u8,
    u16,
    u32,
)

OPTION_NAMES = {
    1: "source link-layer address",
    2: "target link-layer address",
    3: "prefix information",
    4: "redirected header",
    5: "MTU",
    14: "nonce",
    24: "route information",
    25: "recursive DNS servers",
    31: "DNS search list",
    37: "captive portal",
    38: "PREF64",
}


class PrefixFlags(Flags):
    """RFC 4861 section 4.6.2."""

    r = Bit(
        0,
        "R",
        "the prefix holds the router's own address",
        section="RFC 6275 section 7.2",
        wireshark="icmpv6.opt.prefix.flag.r",
    )
    a = Bit(1, "A", "hosts may make themselves an address of it", wireshark="icmpv6.opt.prefix.flag.a")
    l = Bit(2, "L", "on the link: neighbours are reached directly", wireshark="icmpv6.opt.prefix.flag.l")  # noqa: E741


MAKER = "the kernel; in router advertisements radvd, or its like"
ROUTER = "the router's radvd, or its like"


class NDPOption(Option, rfc="RFC 4861 section 4.6", wireshark="icmpv6.opt"):
    """One option."""

    kind = u8("which option", names=OPTION_NAMES, wireshark="type", filled_by=MAKER)
    length = u8("length of the whole option", unit="8 octets", role=HeaderLength(unit=8), filled_by=MAKER)


class UnknownNDPOption(NDPOption, unknown=True):
    """An option that rawkit does not know: kept as its octets."""

    data: bytes = octets(
        "what the option says, filled up to a multiple of 8 octets", default=bytes(6), wireshark="", filled_by=MAKER
    )
    kind: int = u8("which option", names=OPTION_NAMES, wireshark="type", filled_by=MAKER)


class SourceLinkLayerAddress(NDPOption, kind=1, rfc="RFC 4861 section 4.6.1"):
    """The network card that sent this."""

    mac: Accepts[MACAddress, MACAddress | str | bytes] = mac_address(
        "the sender's address", wireshark="src_linkaddr", filled_by="the kernel, from the interface"
    )


class TargetLinkLayerAddress(NDPOption, kind=2, rfc="RFC 4861 section 4.6.1"):
    """The network card behind the target's address."""

    mac: Accepts[MACAddress, MACAddress | str | bytes] = mac_address(
        "the target's address", wireshark="target_linkaddr", filled_by="the kernel, from the interface"
    )


class PrefixInformation(NDPOption, kind=3, rfc="RFC 4861 section 4.6.2"):
    """A prefix that is on this link, and whether hosts may make addresses of it."""

    prefix_length: int = u8(
        "leading bits of the prefix", default=64, unit="bits", wireshark="prefix.length", filled_by=ROUTER
    )
    flags: Accepts[PrefixFlags, PrefixFlags | str | int] = flags(
        3, "what hosts may do", PrefixFlags, default=6, wireshark="", filled_by=ROUTER
    )
    reserved: int = bits(5, "0", wireshark="", filled_by=ROUTER)
    valid_lifetime: int = u32(
        "how long the prefix is on the link",
        default=2592000,
        unit="seconds",
        wireshark="prefix.valid_lifetime",
        filled_by=ROUTER,
    )
    preferred_lifetime: int = u32(
        "how long addresses made of it are preferred",
        default=604800,
        unit="seconds",
        wireshark="prefix.preferred_lifetime",
        filled_by=ROUTER,
    )
    reserved_2: int = u32("0", wireshark="", filled_by=ROUTER)
    prefix: Accepts[IPv6Address, IPv6Like] = ipv6_address("the prefix, filled up with 0", filled_by=ROUTER)


class RedirectedHeader(NDPOption, kind=4, rfc="RFC 4861 section 4.6.3"):
    """The beginning of the packet that took the longer way."""

    reserved: bytes = octets("0", length=6, wireshark="", filled_by="the router's kernel")
    data: bytes = octets(
        "the packet's beginning, in whole units of 8 octets", wireshark="", filled_by="the router's kernel"
    )


class LinkMTU(NDPOption, kind=5, rfc="RFC 4861 section 4.6.4"):
    """The MTU that all on this link shall use."""

    reserved: int = u16("0", wireshark="", filled_by=ROUTER)
    mtu: int = u32("the largest packet on the link", default=1500, unit="octets", filled_by=ROUTER)


class RecursiveDNSServers(NDPOption, kind=25, rfc="RFC 8106 section 5.1"):
    """Where to ask for names."""

    reserved: int = u16("0", wireshark="", filled_by=ROUTER)
    lifetime: int = u32(
        "how long to use them", default=1800, unit="seconds", wireshark="rdnss.lifetime", filled_by=ROUTER
    )
    addresses: Accepts[tuple[IPv6Address, ...], Sequence[IPv6Like]] = repeat(
        ipv6_address("a server"), doc="the servers", wireshark="rdnss", filled_by=ROUTER
    )

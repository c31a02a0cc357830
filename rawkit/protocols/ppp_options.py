"""What PPP's two ends agree on: options of LCP (RFC 1661 section 6), IPCP (RFC 1332) and IPv6CP (RFC 5072)."""

from __future__ import annotations

from typing import Any

from rawkit.protocols.numbers import PPP_PROTOCOLS
from rawkit.wire import Accepts, HeaderLength, IPv4Address, IPv4Like, Option, ipv4_address, octets, u8, u16, u32

PPPD = "pppd"

LCP_NAMES = {
    1: "MRU",
    2: "async map",
    3: "authentication",
    4: "quality",
    5: "magic number",
    7: "protocol field compression",
    8: "address and control field compression",
    9: "FCS alternatives",
    13: "callback",
    17: "multilink MRRU",
    18: "multilink short sequence numbers",
    19: "multilink endpoint discriminator",
}
IPCP_NAMES = {
    1: "IP addresses (old)",
    2: "compression",
    3: "IP address",
    4: "mobile IPv4",
    129: "primary DNS server",
    130: "primary NBNS server",
    131: "secondary DNS server",
    132: "secondary NBNS server",
}
IPV6CP_NAMES = {1: "interface identifier", 2: "compression"}
"""IANA's option types of each."""


def length() -> Any:
    """The field after the kind."""
    return u8("octets of the whole option", unit="octets", role=HeaderLength(), wireshark="opt.length", filled_by=PPPD)


class LCPOption(Option, rfc="RFC 1661 section 6", wireshark="lcp"):
    """One option of the link."""

    kind = u8("which option", names=LCP_NAMES, wireshark="opt.type", filled_by=PPPD)
    length = length()


class UnknownLCPOption(LCPOption, unknown=True):
    """An option that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the option says", wireshark="", filled_by=PPPD)
    kind: int = u8("which option", names=LCP_NAMES, wireshark="opt.type", filled_by=PPPD)


class MaximumReceiveUnit(LCPOption, kind=1, rfc="RFC 1661 section 6.1"):
    """How long a packet its sender takes."""

    mru: int = u16("octets of PPP's data", default=1500, unit="octets", wireshark="opt.mru", filled_by=PPPD)


class AsyncControlCharacterMap(LCPOption, kind=2, rfc="RFC 1662 section 7.1"):
    """Which control characters a serial line does not let through."""

    characters: int = u32("a bit for each of 0 to 31", wireshark="opt.asyncmap", filled_by=PPPD, show="0x{:08x}".format)


class AuthenticationProtocol(LCPOption, kind=3, rfc="RFC 1661 section 6.2"):
    """How its sender wants to be told who is at the other end."""

    protocol: int = u16(
        "PAP, CHAP, EAP",
        default=0xC223,
        names=PPP_PROTOCOLS,
        wireshark="opt.auth_protocol",
        filled_by=PPPD,
        show="0x{:04x}".format,
    )
    data: bytes = octets("of CHAP the algorithm: 5 is MD5, 129 MS-CHAPv2", wireshark="", filled_by=PPPD)


class MagicNumber(LCPOption, kind=5, rfc="RFC 1661 section 6.4"):
    """By which an end that hears itself knows that the line is looped."""

    number: int = u32("drawn at random", wireshark="opt.magic_number", filled_by=PPPD, show="0x{:08x}".format)


class ProtocolFieldCompression(LCPOption, kind=7, rfc="RFC 1661 section 6.5"):
    """Its sender takes protocol numbers of one octet."""


class AddressAndControlFieldCompression(LCPOption, kind=8, rfc="RFC 1661 section 6.6"):
    """Its sender takes frames without address and control."""


class IPCPOption(Option, rfc="RFC 1332 section 3", wireshark="ipcp"):
    """One option of IPv4 over the link."""

    kind = u8("which option", names=IPCP_NAMES, wireshark="opt.type", filled_by=PPPD)
    length = length()


class UnknownIPCPOption(IPCPOption, unknown=True):
    """An option that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the option says", wireshark="", filled_by=PPPD)
    kind: int = u8("which option", names=IPCP_NAMES, wireshark="opt.type", filled_by=PPPD)


class IPCPAddress(IPCPOption, kind=3, rfc="RFC 1332 section 3.3"):
    """The address that its sender has, or, all zeros, wants to be given."""

    address: Accepts[IPv4Address, IPv4Like] = ipv4_address(
        "the sender's address", wireshark="opt.ip_address", filled_by=PPPD
    )


class IPCPPrimaryDNS(IPCPOption, kind=129, rfc="RFC 1877 section 1.1"):
    """Whom to ask for names."""

    address: Accepts[IPv4Address, IPv4Like] = ipv4_address(
        "the server, or zeros: tell me", wireshark="opt.pri_dns_address", filled_by=PPPD
    )


class IPCPSecondaryDNS(IPCPOption, kind=131, rfc="RFC 1877 section 1.3"):
    """Whom to ask for names when the first does not answer."""

    address: Accepts[IPv4Address, IPv4Like] = ipv4_address(
        "the server, or zeros: tell me", wireshark="opt.sec_dns_address", filled_by=PPPD
    )


class IPv6CPOption(Option, rfc="RFC 5072 section 4", wireshark="ipv6cp"):
    """One option of IPv6 over the link."""

    kind = u8("which option", names=IPV6CP_NAMES, wireshark="opt.type", filled_by=PPPD)
    length = length()


class UnknownIPv6CPOption(IPv6CPOption, unknown=True):
    """An option that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the option says", wireshark="", filled_by=PPPD)
    kind: int = u8("which option", names=IPV6CP_NAMES, wireshark="opt.type", filled_by=PPPD)


class InterfaceIdentifier(IPv6CPOption, kind=1, rfc="RFC 5072 section 4.1"):
    """The last 64 bits of its sender's link-local address."""

    identifier: bytes = octets(
        "the sender's, or zeros: give me one", length=8, wireshark="interface_identifier", filled_by=PPPD
    )

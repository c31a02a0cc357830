"""How two ends of a PPP link agree: on the link, then on IPv4 and IPv6 over it.

LCP (RFC 1661), IPCP (RFC 1332) and IPv6CP (RFC 5072) have one form: code, identifier, length, what the code asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rawkit.protocols.numbers import IPCP_CODES, IPV6CP_CODES, LCP_CODES, PPP_PROTOCOLS
from rawkit.protocols.ppp_options import IPCPOption, IPv6CPOption, LCPOption
from rawkit.wire import Accepts, Header, NextHeader, Numbers, TotalLength, tail, u8, u16, u32

PPPD = "pppd"
IDENTIFIER = u8("the same in a question and its answer", filled_by=PPPD)
LENGTH = u16("octets from the code on", unit="octets", role=TotalLength(), filled_by=PPPD)
"""What the three have in common, and PAP and CHAP with them, each with a copy of its own."""


def code(numbers: Numbers) -> Any:
    """The field that says which message it is."""
    return u8("which message", default=12, role=NextHeader(numbers), names=numbers, filled_by=PPPD)


class LCP(Header, rfc="RFC 1661 section 5", wireshark="ppp"):
    """Link control: what the two ends can do, whether the link is alive, and its end."""

    code: int = code(LCP_CODES)
    identifier: int = IDENTIFIER
    length: int = LENGTH


class LCPConfigure(Header, rfc="RFC 1661 section 5.1", wireshark="lcp", part_of=LCP):
    """What is asked for, or of that what is granted (ack), wanted otherwise (nak) or not understood (reject)."""

    options: Accepts[tuple[LCPOption, ...], Sequence[LCPOption] | bytes] = tail(
        LCPOption, "all that shall be other than it is without", wireshark="", filled_by=PPPD
    )


class LCPProtocolReject(Header, rfc="RFC 1661 section 5.7", wireshark="lcp", part_of=LCP):
    """A packet came of a protocol that is not spoken here; its beginning follows."""

    rejected_protocol: int = u16(
        "the protocol's number", names=PPP_PROTOCOLS, wireshark="rej_proto", filled_by=PPPD, show="0x{:04x}".format
    )


class LCPEcho(Header, rfc="RFC 1661 section 5.8", wireshark="lcp", part_of=LCP):
    """Is the link alive? Yes; or octets to be thrown away."""

    magic_number: int = u32(
        "the sender's: who gets his own back talks to himself", filled_by=PPPD, show="0x{:08x}".format
    )


class IPCP(Header, rfc="RFC 1332 section 2", wireshark="ppp"):
    """IPv4 control: which addresses the ends have."""

    code: int = code(IPCP_CODES)
    identifier: int = IDENTIFIER
    length: int = LENGTH


class IPCPConfigure(Header, rfc="RFC 1332 section 2", wireshark="ipcp", part_of=IPCP):
    """What is asked for, or of that what is granted, wanted otherwise or not understood."""

    options: Accepts[tuple[IPCPOption, ...], Sequence[IPCPOption] | bytes] = tail(
        IPCPOption, "addresses, compression", wireshark="", filled_by=PPPD
    )


class IPv6CP(Header, rfc="RFC 5072 section 3", wireshark="ppp"):
    """IPv6 control: which interface identifiers the ends have."""

    code: int = code(IPV6CP_CODES)
    identifier: int = IDENTIFIER
    length: int = LENGTH


class IPv6CPConfigure(Header, rfc="RFC 5072 section 3", wireshark="ipv6cp", part_of=IPv6CP):
    """What is asked for, or of that what is granted, wanted otherwise or not understood."""

    options: Accepts[tuple[IPv6CPOption, ...], Sequence[IPv6CPOption] | bytes] = tail(
        IPv6CPOption, "interface identifiers", wireshark="", filled_by=PPPD
    )

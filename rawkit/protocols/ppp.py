"""The Point-to-Point Protocol (RFC 1661): which protocol a packet on a link between two ends is of.

It can be shortened where both ends agree: address and control field may be left out, and the first octet of a
protocol's number where that is 0. So it has four forms; the chooser `ppp` tells them apart by their first octets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rawkit.errors import Defect
from rawkit.protocols.gre import EnhancedGRE
from rawkit.protocols.numbers import PPP_PROTOCOLS
from rawkit.wire import Chooser, Header, NextHeader, u8, u16
from rawkit.wire.chooser import PlainOctets

PPPD = "the kernel's PPP device (pppd sets it up)"
ADDRESS = u8(
    "always all stations (0xff)",
    must=0xFF,
    section="RFC 1662 section 3.1",
    filled_by=PPPD,
    show="0x{:02x}".format,
)
CONTROL = u8(
    "always unnumbered information (3)",
    must=3,
    section="RFC 1662 section 3.1",
    filled_by=PPPD,
    show="0x{:02x}".format,
)
PROTOCOL = u16(
    "what follows",
    default=1,
    role=NextHeader(PPP_PROTOCOLS),
    names=PPP_PROTOCOLS,
    filled_by=PPPD,
    show="0x{:04x}".format,
)
SHORT_PROTOCOL = u8(
    "what follows, without the first octet of its number, which is 0",
    default=1,
    role=NextHeader(PPP_PROTOCOLS),
    names=PPP_PROTOCOLS,
    section="RFC 1661 section 6.5",
    filled_by=PPPD,
    show="0x{:02x}".format,
)
"""What the forms have in common, each with a copy of its own."""


def defects(ppp: PPP | PPPFramed, outer: Sequence[Header]) -> list[Defect]:
    """RFC 1661 section 2: the first octet's last bit is 0, the second's 1; so the first tells how long a number is."""
    if ppp.protocol & 0x0101 == 1:
        return []
    at = ppp.layout.offset + type(ppp).layout.fields["protocol"].offset
    return [Defect("PPP", "protocol", at, f"0x{ppp.protocol:04x}", "an odd number", "no protocol has such a number")]


class PPP(Header, rfc="RFC 1661 section 2", wireshark="ppp", defects=defects):
    """Which protocol the packet is of, where nothing but two ends is on the link."""

    protocol: int = PROTOCOL


class PPPCompressed(Header, rfc="RFC 1661 section 6.5", called="PPP", wireshark="ppp"):
    """PPP with a protocol's number in one octet, as both ends agreed (protocol field compression)."""

    protocol: int = SHORT_PROTOCOL


class PPPFramed(Header, rfc="RFC 1662 section 3.1", called="PPP", wireshark="ppp", defects=defects):
    """PPP behind address and control, as on a serial line; the flags and the checksum around it are not captured."""

    address: int = ADDRESS
    control: int = CONTROL
    protocol: int = PROTOCOL


class PPPFramedCompressed(Header, rfc="RFC 1662 section 3.1", called="PPP", wireshark="ppp"):
    """PPP behind address and control, with a protocol's number in one octet."""

    address: int = ADDRESS
    control: int = CONTROL
    protocol: int = SHORT_PROTOCOL


FORMS = {(False, False): PPP, (False, True): PPPCompressed, (True, False): PPPFramed, (True, True): PPPFramedCompressed}
"""(with address and control, with a short number) -> the class."""


def form(head: bytes, _: int) -> type[Header]:
    """Which header up to three octets begin."""
    framed = head[:2] == b"\xff\x03"[: len(head)]
    number = head[2 * framed : 2 * framed + 1]
    return FORMS[framed, bool(number) and number[0] % 2 == 1]


def serial_form(head: bytes, length: int) -> Any:
    """As `form`, but of Cisco's framing, which has other first octets (RFC 1547 section 4.3.1), nothing is said."""
    return PlainOctets if head[0] in (0x0F, 0x8F) else form(head, length)


def data_announced(before: Header) -> bool:
    """RFC 2637 section 4.1: PPTP's GRE without a sequence number has no data, but acknowledges."""
    return not isinstance(before, EnhancedGRE) or before.sequence_present == 1


ppp = Chooser("PPP", 3, form, tuple(FORMS.values()), after=data_announced, least=1)
"""PPP of any form, told by its first octets."""

ppp_serial = Chooser("PPP", 3, serial_form, tuple(FORMS.values()), least=1)
"""The same, where Cisco's framing may stand instead (LINKTYPE_PPP_HDLC): that stays octets."""

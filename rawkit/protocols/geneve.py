"""Generic network virtualization encapsulation (RFC 8926): any protocol in UDP datagrams, with options of any kind."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.errors import Defect
from rawkit.protocols.numbers import ETHERTYPES
from rawkit.wire import Accepts, Header, HeaderLength, NextHeader, Option, bits, octets, tail, u8, u16, u24

OPTION_CLASSES = {
    0x0100: "Linux",
    0x0101: "Open vSwitch",
    0x0102: "Open Virtual Network",
    0x0103: "in-band network telemetry",
    0x0104: "VMware",
}
"""IANA's Geneve option classes: whose options they are. RFC 8926 section 7: up to 0xff the IETF gives them."""

CRITICAL = 0x80
"""The first bit of an option's type: who does not know the option must drop the packet (RFC 8926 section 3.5)."""

TUNNEL = "the kernel's tunnel device (ip link add ... type geneve)"
PROGRAM = "whoever set the tunnel up (ip route ... encap ip geneve_opts), packet by packet"


class GeneveOption(Option, rfc="RFC 8926 section 3.5", wireshark="geneve.option"):
    """One option: whose, which of theirs, and octets that only they understand."""

    kind = u16("option class: whose option it is", names=OPTION_CLASSES, wireshark="class", filled_by=PROGRAM)
    type = u8("which option of that class; 0x80 and above: critical", filled_by=PROGRAM, show="0x{:02x}".format)
    reserved = bits(3, "0", abbreviation="R", wireshark="", filled_by=PROGRAM)
    length = bits(
        5,
        "length of the data",
        unit="32-bit words",
        role=HeaderLength(unit=4, plus=4),
        wireshark="",
        filled_by=PROGRAM,
    )


class UnknownGeneveOption(GeneveOption, unknown=True):
    """An option: rawkit knows none of them by what they mean, and keeps its octets."""

    type: int = u8("which option of that class; 0x80 and above: critical", filled_by=PROGRAM, show="0x{:02x}".format)
    data: bytes = octets("what the option says, in whole 32-bit words", wireshark="unknown.data", filled_by=PROGRAM)
    kind: int = u16("option class: whose option it is", names=OPTION_CLASSES, wireshark="class", filled_by=PROGRAM)


def defects(geneve: Geneve, outer: Sequence[Header]) -> list[Defect]:
    """RFC 8926 section 3.4: C says whether an option is critical, so that nobody has to look at all of them."""
    if geneve.critical or not any(option.type & CRITICAL for option in geneve.options):
        return []
    at = geneve.layout.offset + Geneve.layout.fields["critical"].offset
    return [Defect("Geneve", "critical", at, 0, 1, "an option is critical, and the header does not say so")]


class Geneve(Header, rfc="RFC 8926 section 3.4", wireshark="geneve", defects=defects):
    """Which virtual network the frame inside belongs to, and whatever else its senders want to tell."""

    version: int = bits(2, "always 0", abbreviation="Ver", must=0, filled_by=TUNNEL)
    opt_len: int = bits(
        6,
        "length of the options",
        abbreviation="Opt Len",
        unit="32-bit words",
        role=HeaderLength(unit=4, plus=8),
        wireshark="",
        filled_by=TUNNEL,
    )
    control: int = bits(
        1, "O: a message of the tunnel's own ends", abbreviation="O", wireshark="flags.oam", filled_by=TUNNEL
    )
    critical: int = bits(1, "C: an option is critical", abbreviation="C", wireshark="flags.critical", filled_by=PROGRAM)
    reserved: int = bits(6, "0", abbreviation="Rsvd", wireshark="", filled_by=TUNNEL)
    protocol_type: int = u16(
        "what follows (EtherType)",
        default=0x88B5,
        role=NextHeader(ETHERTYPES),
        names=ETHERTYPES,
        wireshark="proto_type",
        filled_by=TUNNEL,
        show="0x{:04x}".format,
    )
    vni: int = u24("virtual network identifier: number of the virtual network", filled_by=f"{TUNNEL}: id")
    reserved_2: int = u8("0", wireshark="reserved", filled_by=TUNNEL)
    options: Accepts[tuple[GeneveOption, ...], Sequence[GeneveOption] | bytes] = tail(
        GeneveOption, "options, up to their length", wireshark="", filled_by=PROGRAM
    )

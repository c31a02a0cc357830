"""The engine: how a header is declared, and what follows from the declaration.

A header class is a list of fields. From it come the view (octets to values), the builder (values to octets), the
judgement of what is wrong, and everything that shows a header. The engine knows no protocol and does no I/O.

Its one rule: **the caller's mistake is an exception, the network's mistake is a Defect.** Decoding never raises on
content.

>>> from rawkit.wire import Header, Packet, u8, u16, Checksum, TotalLength
>>> class Note(Header):
...     kind: int = u8("what it is about")
...     length: int = u8("octets of header and text", role=TotalLength())
...     checksum: int = u16("of header and text", role=Checksum())
>>> packet = Note(kind=1) / b"hello"
>>> packet[Note].length, bytes(packet).hex()
(9, '0109bb2468656c6c6f')
>>> Packet.decode(bytes.fromhex("01ff0000"), first=Note).defects[0].why
'length past the end of the packet'
"""

from rawkit.wire.address import Address, IPv4Address, IPv4Like, IPv6Address, IPv6Like, MACAddress
from rawkit.wire.application import Application, Applications
from rawkit.wire.checksum import checksum, word_sum
from rawkit.wire.checksum_role import CRC32C, Checksum, Coverage, PartialChecksum
from rawkit.wire.chooser import Chooser
from rawkit.wire.edit import Difference
from rawkit.wire.field import (
    AUTO,
    Accepts,
    Field,
    bits,
    flags,
    ipv4_address,
    ipv6_address,
    mac_address,
    octets,
    repeat,
    tail,
    u8,
    u16,
    u24,
    u32,
    u64,
)
from rawkit.wire.flags import Bit, Flags
from rawkit.wire.header import Header, Option
from rawkit.wire.hexinput import from_hex
from rawkit.wire.numbers import Numbers
from rawkit.wire.packet import MAX_LAYERS, Packet, Trailer
from rawkit.wire.pseudo import UNKNOWN, PseudoHeader, final_destination
from rawkit.wire.quotation import Quotation
from rawkit.wire.region import Region, regions
from rawkit.wire.role import (
    Count,
    Elsewhere,
    HeaderLength,
    NextHeader,
    Port,
    Present,
    Role,
    TotalLength,
    TypeOrLength,
)
from rawkit.wire.verdict import Verdict

__all__ = [
    "AUTO",
    "CRC32C",
    "MAX_LAYERS",
    "UNKNOWN",
    "Accepts",
    "Address",
    "Application",
    "Applications",
    "Bit",
    "Checksum",
    "Chooser",
    "Count",
    "Coverage",
    "Difference",
    "Elsewhere",
    "Field",
    "Flags",
    "Header",
    "HeaderLength",
    "IPv4Address",
    "IPv4Like",
    "IPv6Address",
    "IPv6Like",
    "MACAddress",
    "NextHeader",
    "Numbers",
    "Option",
    "Packet",
    "PartialChecksum",
    "Port",
    "Present",
    "PseudoHeader",
    "Quotation",
    "Region",
    "Role",
    "TotalLength",
    "Trailer",
    "TypeOrLength",
    "Verdict",
    "bits",
    "checksum",
    "final_destination",
    "flags",
    "from_hex",
    "ipv4_address",
    "ipv6_address",
    "mac_address",
    "octets",
    "regions",
    "repeat",
    "tail",
    "u8",
    "u16",
    "u24",
    "u32",
    "u64",
    "word_sum",
]

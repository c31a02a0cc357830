"""The octets of an SNMP message, value by value (BER, X.690), each read by scapy.

What a message from the network may say is bounded here: SNMP nests its values five deep, so nothing is read
recursively; integers and object identifiers are no longer than SNMP has them. What breaks the rules is raised as a
`Defect` whose offset counts from the start of the message.
"""

from __future__ import annotations

from typing import Any

from rawkit.errors import Defect
from rawkit.interop.scapy import ber_header, ber_value
from rawkit.wire.address import IPv4Address
from rawkit.wire.application import complaint

INTEGER, STRING, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
"""Universal tags, X.690 section 8."""

IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
"""RFC 2578 section 7.1."""

AUTHENTICATED, ENCRYPTED, REPORTABLE = 1, 2, 4
"""Bits of msgFlags, RFC 3412 section 6.4."""

NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = 0x80, 0x81, 0x82
"""What stands in place of a value, RFC 3416 section 3."""

INTEGERS = {INTEGER: 5, COUNTER32: 5, GAUGE32: 5, TIME_TICKS: 5, COUNTER64: 9}
"""Tag -> the most octets: 32 or 64 bits, and one more before a number whose first bit is set."""

INDEFINITE = b"\x80"
"""In place of a length: the contents go on to a mark (X.690 section 8.1.3.6)."""

MAX_OID = 640
"""Octets of an object identifier: 128 numbers of 32 bits (RFC 2578 section 3.5)."""


class Values:
    """The values in a range of a message's octets, taken one after the other."""

    def __init__(self, message: bytes, begin: int, end: int) -> None:
        self.message = message
        self.at = begin
        self.end = end

    def __bool__(self) -> bool:
        return self.at < self.end

    def header(self, name: str, *tags: int) -> tuple[int, int, int]:
        """Tag, begin and end of the contents of the next value, which `name` says the meaning of; goes past it."""
        start = self.at
        if not self:
            raise Defect("SNMP", name, start, "nothing", "a value", "message cut short")
        if self.message[start + 1 : self.end][:1] == INDEFINITE:
            why = "a length of the indefinite form, which SNMP does not use (RFC 3417 section 8)"
            raise Defect("SNMP", name, start + 1, "0x80", "a length", why)
        try:
            tag, begin, end = ber_header(self.message[start : min(start + 16, self.end)])
        except Exception as error:  # scapy's, or IndexError where octets are missing
            raise bad(name, start, error) from None
        if tags and tag not in tags:
            raise Defect("SNMP", name, start, f"tag 0x{tag:02x}", " or ".join(f"0x{each:02x}" for each in tags), "tag")
        if start + end > self.end:
            raise Defect("SNMP", name, start, end, f"at most {self.end - start}", "value past the end")
        self.at = start + end
        return tag, start + begin, start + end

    def inside(self, name: str, *tags: int) -> Values:
        """The values in the next one, a SEQUENCE or what `tags` allow."""
        _, begin, end = self.header(name, *(tags or (SEQUENCE,)))
        return Values(self.message, begin, end)

    def take(self, name: str, *tags: int) -> Any:
        """The next value, of one of these types."""
        return self.typed(name, *tags)[1]

    def typed(self, name: str, *tags: int) -> tuple[int, Any]:
        """The next value with its tag: an int, octets, the text of an OID, an IPv4Address, None.

        Octets too for tags that SNMP has no type for.
        """
        start = self.at
        tag, begin, end = self.header(name, *tags)
        length, most = end - begin, INTEGERS.get(tag, MAX_OID if tag == OID else end - begin)
        if length > most or (tag in INTEGERS and not length):
            raise Defect("SNMP", name, start, f"{length} octets", f"1 to {most}", "length of a value")
        if tag in (NULL, NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW):
            return tag, None
        if tag not in (*INTEGERS, STRING, OID, IP_ADDRESS):
            return tag, self.message[begin:end]
        try:
            value = ber_value(self.message[start:end])
        except Exception as error:  # whatever scapy raises on octets from the network
            raise bad(name, start, error) from None
        return tag, READ[tag](value) if tag in READ else value


def identifier(text: str) -> str:
    """An object identifier as X.690 section 8.19.4 has it: 40 arcs below the roots 0 and 1, any number below 2.

    scapy takes all roots for as narrow.
    """
    root, _, rest = text.partition(".")
    if not rest or int(root) <= 2:
        return text
    second, dot, rest = rest.partition(".")
    return f"2.{(int(root) - 2) * 40 + int(second)}{dot}{rest}"


READ: dict[int, Any] = {OID: identifier, IP_ADDRESS: IPv4Address}
"""What is made of scapy's value."""


def bad(name: str, offset: int, error: Exception) -> Defect:
    """What scapy says about a value."""
    return Defect("SNMP", name, offset, "octets", "a value of BER", f"bad value: {complaint(error)}")

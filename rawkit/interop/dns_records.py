"""The octets of a DNS message as questions and records (RFC 1035 section 4), in time linear in their number.

dnspython reads what is in a record; the message around it is read here, because a message from the network may say
anything: counts of 65535, names that point to themselves, lengths past its end. What breaks the rules is raised as a
`Defect` whose offset counts from the start of the message. No name is ever looked up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from typing import Any, NoReturn

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.wire

from rawkit.errors import Defect

HEADER = Struct(">6H")
"""id, flags, and how many questions, answers, authority and additional records follow."""

MAX_NAME = 255
"""Octets of a name, RFC 1035 section 3.1."""

MAX_POINTERS = 127
"""Compression pointers followed in one name: no name has more labels, so no honest one needs more."""

POINTER, LABEL = 0xC0, 0x40
"""The first octet of a name's next part: from POINTER on it is a pointer, below LABEL the length of a label."""

CLASS_MASK = 0x7FFF
"""RFC 6762 sections 10.2 and 18.12: in multicast DNS the top bit of the class is a flag."""

CLASSES, TYPES = frozenset(dns.rdataclass.RdataClass), frozenset(dns.rdatatype.RdataType)
"""Those that dnspython has a name for."""


@dataclass(frozen=True)
class Question:
    """What is asked: `name` without the last dot, type and class by name.

    `flag` (multicast DNS): a unicast answer will do.
    """

    name: str
    type: str
    class_: str
    flag: bool = False


@dataclass(frozen=True)
class Record:
    """What is known of a name. `text` is the data as a zone file writes it, `data` dnspython's value of it, `length`
    its octets; `ttl` in seconds. `flag` (multicast DNS): older records of this name are void.
    """

    name: str
    type: str
    class_: str
    ttl: int
    length: int
    text: str
    data: Any = field(repr=False, compare=False)
    flag: bool = False

    @property
    def known(self) -> bool:
        """Whether dnspython read the data, or keeps it as octets."""
        return not isinstance(self.data, dns.rdata.GenericRdata)


def bad(why: str, offset: int, found: object, expected: object, where: str = "") -> NoReturn:
    raise Defect("DNS", where, offset, found, expected, why)


class Reader(dns.wire.Parser):
    """dnspython's parser of a message, with a reader of names that cannot be led in circles."""

    def get_name(self, origin: dns.name.Name | None = None, decompress: bool = True) -> dns.name.Name:
        """The name here. Every pointer must lead to before the part it ends, so that no octet is read twice."""
        labels: list[bytes] = []
        start = part = at = self.current
        end, after, pointers, size = self.end, 0, 0, 1
        while True:
            if at >= end:
                bad("bad name", start, "a name without an end", "a root label", "name")
            length = self.wire[at]
            if length == 0:
                break
            if length < LABEL:
                labels.append(self.wire[at + 1 : at + 1 + length])
                at, size = at + 1 + length, size + 1 + length
                if size > MAX_NAME:
                    bad("bad name", start, f"over {MAX_NAME} octets", f"at most {MAX_NAME}", "name")
            elif length >= POINTER and at + 1 < end:
                target = (length & ~POINTER) << 8 | self.wire[at + 1]
                after, pointers = after or at + 2, pointers + 1
                if target >= part or pointers > MAX_POINTERS:
                    bad("bad name", start, f"a pointer to {target}", f"a pointer to before {part}", "name")
                end, part, at = part, target, target
            else:
                bad("bad name", at, f"0x{length:02x}", "the length of a label, or a pointer", "name")
        self.get_bytes((after or at + 1) - start)
        return dns.name.Name([*labels, b""])


def printable(text: str) -> str:
    """Text from the network for a terminal: all but plain ASCII as dnspython escapes octets, `\\` and three digits."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if " " <= c <= "~" else "".join(f"\\{octet:03d}" for octet in c.encode()) for c in text)


def name_text(name: dns.name.Name) -> str:
    """`www.example.com`, other octets escaped; the root is `.`."""
    return printable(name.to_text(omit_final_dot=True))


class Sections:
    """A message read: its header's words, and what follows them. Raises a `Defect` at the first thing that is wrong."""

    def __init__(self, message: bytes, multicast: bool = False) -> None:
        if len(message) < HEADER.size:
            bad("message cut short", 0, f"{len(message)} octets", f"at least {HEADER.size}")
        self.class_mask = CLASS_MASK if multicast else 0xFFFF
        self.id, self.word, *self.counts = HEADER.unpack_from(message)
        self.reader = Reader(message, HEADER.size)
        self.questions = tuple(self._read(self._question) for _ in range(self.counts[0]))
        self.records = [tuple(self._read(self._record) for _ in range(count)) for count in self.counts[1:]]

    def _read(self, one: Any) -> Any:
        """A question or record; what dnspython objects to becomes a defect at its start."""
        start = self.reader.current
        if start == self.reader.end:
            bad("message cut short", start, "nothing", "one of the records that the header counts")
        try:
            return one()
        except Defect:
            raise
        except (dns.exception.DNSException, ValueError) as error:
            if isinstance(error.__cause__, Defect):  # of a name inside the data, as dnspython passes it on
                raise error.__cause__ from None
            return bad(f"bad record: {printable(str(error)) or 'cut short'}", start, "octets", "a record")

    def _class(self, number: int) -> tuple[str, bool]:
        """The class by name, and the flag."""
        rdclass = dns.rdataclass.RdataClass.make(number & self.class_mask)
        return dns.rdataclass.to_text(rdclass), number > self.class_mask

    def _question(self) -> Question:
        name = name_text(self.reader.get_name())
        kind, number = self.reader.get_struct(">HH")
        return Question(name, dns.rdatatype.to_text(dns.rdatatype.RdataType.make(kind)), *self._class(number))

    def _record(self) -> Record:
        name = name_text(self.reader.get_name())
        kind, number, ttl, length = self.reader.get_struct(">HHIH")
        at = self.reader.current
        if length > self.reader.remaining():
            bad("data past the end of the message", at - 2, length, f"at most {self.reader.remaining()}", "rdlength")
        rdclass = dns.rdataclass.RdataClass.make(number & self.class_mask)
        rdtype = dns.rdatatype.RdataType.make(kind)
        class_, flag = (f"{number}", False) if kind == dns.rdatatype.OPT else self._class(number)
        with self.reader.restrict_to(length):
            data = record_data(self.reader, rdclass, rdtype, length)
        return Record(name, dns.rdatatype.to_text(rdtype), class_, ttl, length, printable(data.to_text()), data, flag)


def record_data(
    reader: Reader, class_: dns.rdataclass.RdataClass, kind: dns.rdatatype.RdataType, length: int
) -> dns.rdata.Rdata:
    """dnspython's value of a record's data; of an unknown type or class, or with no data, its octets.

    dnspython looks for a module for each type it is asked for; it is asked only for those it has names for.
    """
    if kind == dns.rdatatype.OPT or (length and kind in TYPES and class_ in CLASSES):
        return dns.rdata.from_wire_parser(class_, kind, reader)
    return dns.rdata.GenericRdata(class_, kind, reader.get_bytes(length))

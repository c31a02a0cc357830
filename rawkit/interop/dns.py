"""DNS, read by dnspython (RFC 1035): what port 53 carries, and 5353 (multicast DNS), 5355 (LLMNR), and DNS over TCP.

`packet[DNS]` has the questions and records as text, `.data` of a record as dnspython's value of it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode

from rawkit.errors import Defect, FieldError
from rawkit.interop.dns_records import Sections
from rawkit.interop.dns_show import count_names, fields, summary
from rawkit.interop.texts import count
from rawkit.wire import Application, Bit, Flags

if TYPE_CHECKING:
    from dns.message import Message


class DNSFlags(Flags):
    """RFC 1035 section 4.1.1, RFC 4035 section 3; printed as tcpdump and dig know them."""

    cd = Bit(4, "CD", "checking disabled: do not verify signatures", wireshark="dns.flags.checkdisable")
    ad = Bit(5, "AD", "authenticated: the signatures were verified", wireshark="dns.flags.authenticated")
    z = Bit(6, "Z", "reserved, 0", wireshark="dns.flags.z")
    ra = Bit(7, "RA", "recursion available", wireshark="dns.flags.recavail")
    rd = Bit(8, "RD", "recursion desired", wireshark="dns.flags.recdesired")
    tc = Bit(9, "TC", "truncated: ask again over TCP", wireshark="dns.flags.truncated")
    aa = Bit(10, "AA", "the answer of the server whose zone it is", wireshark="dns.flags.authoritative")
    qr = Bit(15, "QR", "a response, not a query", wireshark="dns.flags.response")


FLAG_BITS = sum(bit.mask for bit in DNSFlags.bits)


class DNS(Application):
    """One message. Made from its octets (a `Defect` is raised where they are none), or by `query` and `from_message`.

    `id` is 16 bits that pair query and response; `flags` prints as letters; `opcode` and `rcode` are names ("QUERY",
    "NXDOMAIN", with the upper bits of EDNS); `questions` are `Question`s; `answers`, `authority` and `additional`
    `Record`s.
    """

    wireshark = "dns"
    multicast = False

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        self._read(octets)

    def _read(self, message: bytes) -> None:
        sections = Sections(message, self.multicast)
        self.word = sections.word
        """The 16 bits after the id: flags, opcode and rcode together."""
        self.message_length = len(message)
        self.id = sections.id
        self.flags = DNSFlags(self.word & FLAG_BITS)
        self.questions = sections.questions
        self.answers, self.authority, self.additional = sections.records
        extended = next((record.ttl for record in self.additional if record.type == "OPT"), 0)
        self.opcode = dns.opcode.to_text(dns.opcode.Opcode.make(self.word >> 11 & 15))
        self.rcode = dns.rcode.to_text(dns.rcode.from_flags(self.word, extended))

    @classmethod
    def query(
        cls,
        name: str,
        kind: str = "A",
        *,
        id: int = 0,  # noqa: A002
        recursion_desired: bool = True,
        class_: str = "IN",
    ) -> Self:
        """A question: `DNS.query("example.com", "AAAA")`. Nothing is sent; whoever sends it chooses an `id`."""
        flags = dns.flags.RD if recursion_desired else 0
        try:
            return cls.from_message(dns.message.make_query(name, kind, class_, id=id, flags=flags))
        except (dns.exception.DNSException, ValueError, UnicodeError) as error:
            raise FieldError(f"DNS.query({name!r}, {kind!r}): {error or 'no such name or type'}") from None

    @classmethod
    def from_message(cls, message: Message) -> Self:
        """A dnspython message as it goes on the wire."""
        return cls(message.to_wire())

    def summary(self) -> str:
        """One line in tcpdump's habit: `7+ A? example.com. (29)`, `7 1/0/0 A 192.0.2.1 (45)`."""
        return summary(self)

    def fields(self) -> list[tuple[str, Any]]:
        """(Wireshark's name, value) in the order of the message."""
        return list(fields(self))

    def parts(self) -> list[tuple[str, int, int, str]]:
        """The header: six words (RFC 1035 section 4.1.1)."""
        counts = zip(count_names(self), struct.unpack_from(">4H", self.octets, 4), strict=True)
        words = [("dns.id", f"0x{self.id:04x}"), ("dns.flags", f"0x{self.word:04x}")]
        words += [(name, str(count)) for name, count in counts]
        return [(name, 2 * at, 2 * at + 2, value) for at, (name, value) in enumerate(words)]


class MulticastDNS(DNS):
    """RFC 6762: DNS on port 5353 of a link; the class's top bit is a flag."""

    wireshark = "mdns"
    multicast = True


class LLMNR(DNS):
    """RFC 4795: link-local multicast name resolution, DNS's format on port 5355."""

    wireshark = "llmnr"


class DNSOverTCP(DNS):
    """Messages in a TCP segment, a length of two octets before each (RFC 7766 section 8).

    It reads as the first of them; `messages` has all that are whole. `octets` are the segment's; what is behind the
    last whole message goes on in the next segment.
    """

    def _read(self, message: bytes) -> None:
        spans = list(message_spans(message))
        if not spans:
            raise Defect("DNS", "length", 0, f"{len(message)} octets", "a whole message", "message cut short")
        super()._read(message[slice(*spans[0])])
        self.messages = (DNS(message[slice(*spans[0])]), *(DNS(message[slice(*span)]) for span in spans[1:]))
        self.continues = spans[-1][1] < len(message)

    @classmethod
    def from_message(cls, message: Message) -> Self:
        """A dnspython message as it goes into a TCP stream."""
        octets = message.to_wire()
        return cls(len(octets).to_bytes(2, "big") + octets)

    def summary(self) -> str:
        said = "; ".join(message.summary() for message in self.messages)
        return f"{said} (continues)" if self.continues else said

    def fields(self) -> list[tuple[str, Any]]:
        return [each for message in self.messages for each in [("dns.length", len(message.octets)), *fields(message)]]

    def parts(self) -> list[tuple[str, int, int, str]]:
        found = []
        for message, (begin, end) in zip(self.messages, message_spans(self.octets), strict=True):
            found.append(("dns.length", begin - 2, begin, str(end - begin)))
            found += [(name, begin + start, begin + stop, value) for name, start, stop, value in message.parts()]
        return found


class DNSPart(Application):
    """A TCP segment without a whole message: a beginning, a middle or an end, which the segment alone does not tell."""

    wireshark = "dns"

    def summary(self) -> str:
        return f"DNS, {count(len(self.octets))}, part of a message"

    def fields(self) -> list[tuple[str, Any]]:
        return [("rawkit.part", True)]


def message_spans(octets: bytes) -> Iterator[tuple[int, int]]:
    """Begin and end of each whole message in a stream's octets."""
    at = 2
    while at <= len(octets) and (end := at + int.from_bytes(octets[at - 2 : at], "big")) <= len(octets):
        yield at, end
        at = end + 2


def decode(octets: bytes) -> DNS:
    """A UDP payload."""
    return DNS(octets)


def decode_multicast(octets: bytes) -> MulticastDNS:
    """A UDP payload of port 5353."""
    return MulticastDNS(octets)


def decode_llmnr(octets: bytes) -> LLMNR:
    """A UDP payload of port 5355."""
    return LLMNR(octets)


def decode_stream(octets: bytes) -> DNSOverTCP | DNSPart:
    """A TCP payload.

    A segment that begins inside a message cannot be told from a damaged one, so only one whose lengths add up to its
    end is blamed for what its messages say.
    """
    spans = list(message_spans(octets))
    if not spans:
        return DNSPart(octets)
    try:
        return DNSOverTCP(octets)
    except Defect:
        if spans[-1][1] == len(octets):
            raise
        return DNSPart(octets)

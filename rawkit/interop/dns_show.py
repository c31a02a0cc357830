"""A DNS message for people: tcpdump's line, and Wireshark's fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dns.name
import dns.rdataclass
import dns.rdatatype

from rawkit.interop.dns_records import Question, Record, name_text, printable

if TYPE_CHECKING:
    from rawkit.interop.dns import DNS

MAX_SHOWN = 32
"""Questions or answers in a summary line."""

OPCODES = {0: "", 1: " inv_q", 2: " stat", 4: " notify", 5: " update"}
"""As tcpdump writes them after the id."""

RCODES = {0: "", 1: " FormErr", 2: " ServFail", 3: " NXDomain", 4: " NotImp", 5: " Refused", 6: " YXDomain"}

UPDATE = 5
"""The opcode of RFC 2136, whose sections have names of their own."""

COUNTS = ("dns.count.queries", "dns.count.answers", "dns.count.auth_rr", "dns.count.add_rr")
UPDATE_COUNTS = ("dns.count.zones", "dns.count.prerequisites", "dns.count.updates", "dns.count.add_rr")

OF_RESPONSES = ("aa", "ra")
"""Flags that say nothing in a query; Wireshark shows them only in responses, AD in queries only where it is set."""

LLMNR_FLAGS = {"aa": "dns.flags.conflict", "tc": "dns.flags.truncated", "rd": "dns.flags.tentative"}
"""RFC 4795 section 2.1.1: two of the bits mean something else there, the others nothing."""

C_ESCAPES = {"\a": r"\a", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r"}

RDATA_FIELDS = {
    "A": {"dns.a": "address"},
    "AAAA": {"dns.aaaa": "address"},
    "CNAME": {"dns.cname": "target"},
    "DNAME": {"dns.dname": "target"},
    "NS": {"dns.ns": "target"},
    "PTR": {"dns.ptr.domain_name": "target"},
    "MX": {"dns.mx.preference": "preference", "dns.mx.mail_exchange": "exchange"},
    "TXT": {"dns.txt": "strings"},
    "SRV": {
        "dns.srv.priority": "priority",
        "dns.srv.weight": "weight",
        "dns.srv.port": "port",
        "dns.srv.target": "target",
    },
    "SOA": {
        "dns.soa.mname": "mname",
        "dns.soa.rname": "rname",
        "dns.soa.serial_number": "serial",
        "dns.soa.refresh_interval": "refresh",
        "dns.soa.retry_interval": "retry",
        "dns.soa.expire_limit": "expire",
        "dns.soa.minimum_ttl": "minimum",
    },
}
"""Record type -> Wireshark's name of a part of its data -> dnspython's."""


def summary(message: DNS) -> str:
    """`7+ A? example.com. (29)`, `7 1/0/0 A 192.0.2.1 (45)`."""
    code, opcode = message.word & 15, message.word >> 11 & 15
    start = f"{message.id}{OPCODES.get(opcode, f' op{opcode}')}{RCODES.get(code, f' Resp{code}')}"
    parts = response_parts(message) if message.flags.qr else query_parts(message)
    return f"{start}{parts} ({message.message_length})"


def query_parts(message: DNS) -> str:
    """What a summary says of a query."""
    flags = ("+" if message.flags.rd else "") + ("%" if message.flags.cd else "")
    counted = [("q", message.questions), ("a", message.answers), ("n", message.authority), ("au", message.additional)]
    counts = "".join(f" [{len(items)}{name}]" for name, items in counted if len(items) != (name == "q"))
    questions = [question_text(message, question) for question in message.questions[:MAX_SHOWN]]
    return f"{flags}{counts}{''.join(questions)}{' ...' if len(message.questions) > MAX_SHOWN else ''}"


def question_text(message: DNS, question: Question) -> str:
    """` A? example.com.`; in multicast DNS with QU or QM, for a unicast or multicast answer."""
    class_ = "" if question.class_ == "IN" else f" {question.class_}"
    wants = (" (QU)" if question.flag else " (QM)") if message.multicast else ""
    return f" {question.type}{class_}{wants}? {with_dot(question.name)}"


def response_parts(message: DNS) -> str:
    """What a summary says of a response."""
    flags = message.flags
    marked = [("*", flags.aa), ("-", not flags.ra), ("|", flags.tc), ("$", flags.ad)]
    marks = "".join(mark for mark, is_set in marked if is_set)
    questions = f" [{len(message.questions)}q]" if len(message.questions) != 1 else ""
    counts = f" {len(message.answers)}/{len(message.authority)}/{len(message.additional)}"
    answers = [record_text(record) for record in message.answers[:MAX_SHOWN]]
    more = ", ..." if len(message.answers) > MAX_SHOWN else ""
    return f"{marks}{questions}{counts}{' ' if answers else ''}{', '.join(answers)}{more}"


def record_text(record: Record) -> str:
    """A record in tcpdump's order: `MX mail.example.com. 10`."""
    mark = "(Cache flush) " if record.flag else ""
    if record.type == "OPT":
        return f"{mark}OPT UDPsize={record.class_}"
    if record.type == "MX" and record.known:
        return f"{mark}MX {with_dot(name_text(record.data.exchange))} {record.data.preference}"
    if record.type == "SRV" and record.known:
        data = record.data
        return f"{mark}SRV {with_dot(name_text(data.target))}:{data.port} {data.priority} {data.weight}"
    return f"{mark}{record.type}{'' if record.type == 'SOA' else f' {record.text}'}"


def with_dot(name: str) -> str:
    return name if name == "." else f"{name}."


def fields(message: DNS) -> Iterator[tuple[str, Any]]:
    """Header, questions, records."""
    yield "dns.id", message.id
    yield "dns.flags", message.word
    yield from flag_fields(message)
    sections = (message.questions, message.answers, message.authority, message.additional)
    for name, items in zip(count_names(message), sections, strict=True):
        yield name, len(items)
    for question in message.questions:
        yield "dns.qry.name", wireshark_text(question.name)
        yield "dns.qry.type", int(dns.rdatatype.from_text(question.type))
        yield "dns.qry.class", int(dns.rdataclass.from_text(question.class_))
    for record in (*message.answers, *message.authority, *message.additional):
        yield from record_fields(record)


def count_names(message: DNS) -> tuple[str, str, str, str]:
    """What the numbers of entries in the four sections are called."""
    return UPDATE_COUNTS if message.word >> 11 & 15 == UPDATE else COUNTS


def flag_fields(message: DNS) -> Iterator[tuple[str, Any]]:
    """The flags one by one, those that Wireshark shows in such a message."""
    response = message.flags.qr
    yield "dns.flags.response", response
    yield "dns.flags.opcode", message.word >> 11 & 15
    for bit in reversed(type(message.flags).bits[:-1]):
        value = bool(message.flags & bit.mask)
        name = LLMNR_FLAGS.get(bit.name) if message.wireshark == "llmnr" else bit.wireshark
        hidden = not response and (bit.name in OF_RESPONSES or (bit.name == "ad" and not value))
        if name and (message.wireshark == "llmnr" or not hidden):
            yield name, value
    if response:
        yield "dns.flags.rcode", message.word & 15


def owner_fields(record: Record) -> Iterator[tuple[str, Any]]:
    """Whose record it is; Wireshark takes an SRV record's name apart (RFC 2782: _service._protocol.name)."""
    name = wireshark_text(record.name)
    if record.type == "SRV":
        yield from zip(("dns.srv.service", "dns.srv.proto", "dns.srv.name"), name.split(".", 2), strict=False)
    else:
        yield "dns.resp.name", name


def record_fields(record: Record) -> Iterator[tuple[str, Any]]:
    """A record's own five, then the parts of its data that Wireshark has names for."""
    yield from owner_fields(record)
    yield "dns.resp.type", int(record.data.rdtype)
    if record.type == "OPT":
        yield "dns.rr.udp_payload_size", int(record.data.rdclass)
    else:
        yield "dns.resp.class", int(record.data.rdclass)
        yield "dns.resp.ttl", record.ttl
    yield "dns.resp.len", record.length
    for name, attribute in RDATA_FIELDS.get(record.type, {}).items():
        value = getattr(record.data, attribute, None)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None:
                yield name, plain(one)


def plain(value: Any) -> int | str:
    """A part of a record's data: a number, a name, or text with what is not printable escaped."""
    if isinstance(value, dns.name.Name):
        return wireshark_text(value)
    if isinstance(value, bytes):
        return printable(value.decode("latin-1"))
    return value if isinstance(value, int) else printable(str(value))


def wireshark_text(name: dns.name.Name | str) -> str:
    """A name as Wireshark shows it: labels as they are, controls escaped as in C; the root is `<Root>`.

    Unlike a zone file's text (`Record.name`) it does not tell a dot inside a label from one between labels.
    """
    labels = (dns.name.from_text(name) if isinstance(name, str) else name).labels
    text = b".".join(label for label in labels if label).decode("utf-8", "replace")
    return "".join(C_ESCAPES.get(c) or (c if " " <= c != "\x7f" else f"\\{ord(c):03o}") for c in text) or "<Root>"

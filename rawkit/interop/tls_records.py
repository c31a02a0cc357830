"""TLS records and the handshake messages in them (RFC 8446 sections 4 and 5, RFC 5246 sections 6 and 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rawkit.errors import Defect
from rawkit.interop.tls_hello import CLIENT_HELLO, SERVER_HELLO, Hello, read_hello
from rawkit.wire.application import complaint

HEADER = 5
"""Octets of a record's header: type, version, length."""

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA, HEARTBEAT = range(20, 25)
TYPES = {
    CHANGE_CIPHER_SPEC: "ChangeCipherSpec",
    ALERT: "Alert",
    HANDSHAKE: "Handshake",
    APPLICATION_DATA: "application data",
    HEARTBEAT: "Heartbeat",
}

NEVER_EMPTY = (CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE)
"""RFC 5246 section 6.2.1."""

MAX_RECORD = (1 << 14) + 2048
"""The longest of any version, RFC 5246 section 6.2.3."""

MAX_MESSAGE = 1 << 17
"""Octets of the longest handshake message that is believed: what claims more is taken for encrypted."""

MESSAGES = {
    0: "HelloRequest",
    CLIENT_HELLO: "ClientHello",
    SERVER_HELLO: "ServerHello",
    4: "NewSessionTicket",
    5: "EndOfEarlyData",
    8: "EncryptedExtensions",
    11: "Certificate",
    12: "ServerKeyExchange",
    13: "CertificateRequest",
    14: "ServerHelloDone",
    15: "CertificateVerify",
    16: "ClientKeyExchange",
    20: "Finished",
    21: "CertificateURL",
    22: "CertificateStatus",
    23: "SupplementalData",
    24: "KeyUpdate",
    25: "CompressedCertificate",
}
"""IANA's handshake types."""


@dataclass(frozen=True)
class Message:
    """A handshake message: its type, its length without the four octets before it, its hello where it is one."""

    type: int
    length: int
    hello: Hello | None = None

    @property
    def name(self) -> str:
        return MESSAGES[self.type]


@dataclass(frozen=True)
class Record:
    """`length` is what the header says, `octets` what is here of the contents; `complete` when these are all.

    `encrypted`: nothing of the contents can be read. Handshake records have `messages`, of which one may have begun in
    the record before (`rest` octets here), alerts a level and a description.
    """

    offset: int
    """Of its header, in the segment."""
    type: int
    version: int
    length: int
    octets: bytes
    complete: bool
    encrypted: bool = False
    messages: tuple[Message, ...] = ()
    rest: int = 0
    alert: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        return TYPES[self.type]


def begins_record(octets: bytes, at: int) -> bool:
    """Whether a record's header stands there: five octets of which nearly all others are none."""
    if at + HEADER > len(octets):
        return False
    kind, major, minor = octets[at : at + 3]
    return kind in TYPES and major == 3 and minor <= 4 and int.from_bytes(octets[at + 3 : at + 5], "big") <= MAX_RECORD


class Reader:
    """The records of a segment, one after the other; what is behind the last of them is `after`."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.at = 0
        self.ciphered = False
        """Whether a ChangeCipherSpec came before: handshake and alerts are encrypted from there on."""
        self.pending = 0
        """Octets of a handshake message that are still to come in the next records."""
        self.defects: list[Defect] = []
        self.records = [*self._records()]
        self.after = len(octets) - self.at

    def _records(self) -> Iterator[Record]:
        while begins_record(self.octets, self.at):
            begin = self.at + HEADER
            length = int.from_bytes(self.octets[begin - 2 : begin], "big")
            end = min(begin + length, len(self.octets))
            version = int.from_bytes(self.octets[self.at + 1 : self.at + 3], "big")
            whole = end == begin + length
            kind, octets = self.octets[self.at], self.octets[begin:end]
            if not length and kind in NEVER_EMPTY:
                why = f"an empty {TYPES[kind]} record (RFC 5246 section 6.2.1, RFC 8446 section 5.1)"
                self.defects.append(Defect("TLS", "record", begin - 2, 0, "at least 1", why))
            yield self._read(Record(self.at, kind, version, length, octets, whole), begin)
            self.at = end

    def _read(self, record: Record, begin: int) -> Record:
        """With what can be read of its contents, which begin there."""
        if record.type == CHANGE_CIPHER_SPEC:
            self.ciphered = True
            return record
        if self.ciphered or record.type == APPLICATION_DATA:
            return replace(record, encrypted=True)
        if record.type == HANDSHAKE:
            return self._handshake(record, begin)
        if record.type == ALERT and record.length == 2 and record.complete:
            return replace(record, alert=(record.octets[0], record.octets[1]))
        return replace(record, encrypted=record.type == ALERT)

    def _handshake(self, record: Record, begin: int) -> Record:
        """Message after message. A record is in clear or not as a whole: octets that are no message show the latter."""
        octets, defects, messages = record.octets, len(self.defects), []
        rest = at = min(self.pending, len(octets))
        pending = self.pending - at
        while at + 4 <= len(octets):
            kind, length = octets[at], int.from_bytes(octets[at + 1 : at + 4], "big")
            if kind not in MESSAGES or length > MAX_MESSAGE:
                break
            messages.append(self._message(kind, length, octets[at + 4 : at + 4 + length], begin + at + 4))
            at += 4 + length
            pending = max(at - record.length, 0)
        if at < len(octets) and (record.complete or at + 4 <= len(octets)):
            del self.defects[defects:]
            return replace(record, encrypted=True)
        self.pending = pending
        return replace(record, messages=tuple(messages), rest=rest)

    def _message(self, kind: int, length: int, body: bytes, offset: int) -> Message:
        hello = None
        if kind in (CLIENT_HELLO, SERVER_HELLO):
            try:
                hello = read_hello(kind == CLIENT_HELLO, body, len(body) == length, offset)
            except Defect as defect:
                self.defects.append(defect)
            except Exception as error:  # whatever dpkt raises on octets from the network
                why = f"not understood: {complaint(error)}"
                self.defects.append(Defect("TLS", MESSAGES[kind], offset, f"{length} octets", "a hello", why))
        return Message(kind, length, hello)

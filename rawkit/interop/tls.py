"""TLS, its hellos read by dpkt (RFC 8446, RFC 5246): TCP port 443, and any other where a segment begins with a hello.

`packet[TLS]` has the records of a segment, the handshake messages in them, and what the hellos say in clear: versions,
cipher suites, the name of the server, ALPN. What is encrypted is said to be. A segment may begin inside a record, and
end inside one; both are said.
"""

from __future__ import annotations

from typing import Any

from rawkit.errors import Defect
from rawkit.interop.tls_hello import Hello
from rawkit.interop.tls_records import HANDSHAKE, HEADER, Message, Reader, begins_record
from rawkit.interop.tls_show import fields, record_parts, summary
from rawkit.wire import Application


class TLS(Application):
    """What of TLS a segment shows; never a `Defect` as a whole: octets that begin no record are a continuation, or of
    another protocol on this port: a segment alone does not tell.

    `records` are `Record`s; `messages` all their handshake messages. `hello`, `server_name` and `alpn` are those of the
    first ClientHello or ServerHello, None and () where there is none.
    """

    wireshark = "tls"

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        reader = Reader(octets)
        self.records = tuple(reader.records)
        self.continuation = not self.records
        self.continues = bool(self.records) and (
            not self.records[-1].complete or reader.pending > 0 or 0 < reader.after < HEADER
        )
        self.after = reader.after
        if self.records and reader.after >= HEADER:
            found = octets[-reader.after :][:HEADER].hex()
            why = "no record where the last one ends"
            reader.defects.append(Defect("TLS", "record", len(octets) - reader.after, found, "a record", why))
        self.defects = tuple(reader.defects)

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(message for record in self.records for message in record.messages)

    @property
    def hello(self) -> Hello | None:
        return next((message.hello for message in self.messages if message.hello is not None), None)

    @property
    def server_name(self) -> str | None:
        return self.hello.server_name if self.hello is not None else None

    @property
    def alpn(self) -> tuple[str, ...]:
        return self.hello.alpn if self.hello is not None else ()

    def summary(self) -> str:
        """One line: `TLS: ClientHello example.com, TLS 1.3`; tcpdump has none for it."""
        return summary(self)

    def fields(self) -> list[tuple[str, Any]]:
        """(Wireshark's name, value) in the order of the records."""
        return list(fields(self))

    def parts(self) -> list[tuple[str, int, int, str]]:
        """The records' headers (RFC 8446 section 5.1)."""
        return [part for record in self.records for part in record_parts(record)]


def decode(octets: bytes) -> TLS:
    """A TCP payload of TLS's port."""
    return TLS(octets)


def recognise(octets: bytes) -> TLS | None:
    """A TCP payload of any other port; None where it does not begin with a hello."""
    if not begins_record(octets, 0) or octets[0] != HANDSHAKE:
        return None
    found = TLS(octets)
    return found if found.hello is not None else None

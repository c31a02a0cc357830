"""The packet that an error quotes: its beginning, cut wherever the error's sender found it convenient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rawkit.wire.reference import resolve
from rawkit.wire.walk import Walk

MAX_QUOTATIONS = 8
"""An error quotes a packet, which may be an error that quotes one; what lies deeper is shown by nobody."""

DEEPER = f"quoted deeper than {MAX_QUOTATIONS} packets: not read"
"""What is said of it."""

UNTOLD = 1 << 33
"""Longer than any datagram, a jumbogram of RFC 2675 too: what stays, where no header tells."""


@dataclass(frozen=True)
class Quotation:
    """Class option `quotes`: the payload begins like a packet whose outermost header is `first` ("module:Class").

    `length` names the field that says, in units of `unit` octets, where the quotation ends and extensions begin; 0 says
    nothing (RFC 4884).
    """

    first: str
    length: str = ""
    unit: int = 1

    def octets(self, header: Any, payload: bytes) -> bytes:
        """The part of the payload that is quoted."""
        said = getattr(header, self.length) * self.unit if self.length else 0
        return payload[:said] if said else payload

    def first_class(self) -> Any:
        return resolve(self.first)


def original_length(first: Any, octets: bytes) -> int:
    """Octets that the quoted packet had on the wire, by its own header; those at hand where that does not tell."""
    _, _, _, _, wire_end = first._dissect(octets, 0, len(octets), UNTOLD, Walk())
    return len(octets) if wire_end == UNTOLD else int(wire_end)

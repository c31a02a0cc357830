"""Octets of applications as text: for a line of a terminal, and as Wireshark shows them."""

from __future__ import annotations

from rawkit.show.escape import visible

MAX_TEXT = 2000
"""Characters of one value in a summary line."""


def text(octets: bytes) -> str:
    """Octets that are meant as text; what is no UTF-8 is replaced, as Wireshark does."""
    return octets.decode("utf-8", "replace")


def clipped(octets: bytes) -> str:
    """Text for a summary line: nothing in it acts on a terminal, and it is not long."""
    most = MAX_TEXT * 4  # octets that a character can take in UTF-8
    shown = visible(text(octets[:most]))
    return shown if len(shown) <= MAX_TEXT and len(octets) <= most else f"{shown[:MAX_TEXT]}..."


def count(octets: int) -> str:
    """`1 octet`, `2 octets`."""
    return f"{octets} octet{'' if octets == 1 else 's'}"

"""Numbers of things, and lists of things, in words."""

from __future__ import annotations

from collections.abc import Iterable


def counted(number: int, thing: str) -> str:
    """`1 packet`, `1,500 packets`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def joined(parts: Iterable[str]) -> str:
    """`a, b and c`"""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last

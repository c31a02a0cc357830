"""Numbers of things in words."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """`1 packet`, `1,500 packets`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")

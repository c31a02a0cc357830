"""`rawkit hexdump FILE -n K`: every octet of one packet, and what it is part of."""

from __future__ import annotations

import click

from rawkit.cli import colour, picking
from rawkit.show import line, octet_table


@click.command()
@picking.options
@colour.option
def command(file: str, number: int, max_ratio: int | None, color: str) -> None:
    """Show packet K of a capture octet by octet, each with the field that it is part of."""
    frame = picking.pick(file, number, max_ratio)
    paint = colour.painter(color)
    print(f"packet {frame.number}: {line(frame, paint=paint)}")
    print(octet_table(frame, paint=paint))

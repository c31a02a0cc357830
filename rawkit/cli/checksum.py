"""`rawkit checksum FILE -n K`: the checksums of one packet."""

from __future__ import annotations

import click

from rawkit.cli import colour, picking
from rawkit.show import checksum_steps, line, verdict_lines


@click.command()
@picking.options
@click.option("--steps", is_flag=True, help="The sum word by word, pseudo-header included.")
@colour.option
def command(file: str, number: int, max_ratio: int | None, steps: bool, color: str) -> None:
    """Work out the checksums of packet K of a capture, and say whether they are right."""
    frame = picking.pick(file, number, max_ratio)
    paint = colour.painter(color)
    print(f"packet {frame.number}: {line(frame, paint=paint)}")
    print(checksum_steps(frame, paint=paint) if steps else verdict_lines(frame, paint=paint))

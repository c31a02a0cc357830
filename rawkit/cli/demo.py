"""`rawkit demo`: a recorded conversation explained, then what to try next. Needs no network and no privileges."""

from __future__ import annotations

import click

from rawkit.cli import colour
from rawkit.cli.called import program
from rawkit.cli.ladder import Wish, explain_file
from rawkit.cli.whole_number import WholeNumber
from rawkit.show.ladder import NARROWEST

RECORDING = "captures:tcp/echo"

NEXT = (
    ("captures", "all that come along, by what they show"),
    ("explain captures:tcp/half-close", "one end stops talking and goes on listening"),
    ("explain captures:tcp/refused", "what connect() meets where nobody listens"),
    ("read -v captures:tcp/echo", "the same packets, every field of every header"),
    ("explain tcp", "a segment's header, and who fills in each field"),
    ("explain tcp --states", "the states in the ladder, and what leads from one to the next"),
)
"""Commands that work as they are printed, and what each shows."""


@click.command()
@click.option("--width", type=WholeNumber(NARROWEST, 1000), help="Columns to use.")
@colour.option
def command(width: int | None, color: str) -> int:
    """Start here: a recorded conversation, explained.

    A client connects, sends one line, reads it back and closes: what its program and the server's called, and every
    packet that their kernels exchanged for it.
    """
    print("A client sends one line to a server and gets it back. What the sockets hid:\n")
    code = explain_file(RECORDING, Wish(width=width, color=color))
    print("\nWhat to try next:\n")
    for line, shows in NEXT:
        print(f"  {program()} {line}\n      {shows}")
    print(f"\nYour own captures work the same: {program()} explain FILE")
    return code

"""`rawkit demo`: a recorded conversation explained, then what to try next. Needs no network and no privileges."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from rawkit import bundled
from rawkit.cli import colour
from rawkit.cli.called import program
from rawkit.cli.ladder import Wish, explain_file
from rawkit.show.ladder import NARROWEST

RECORDING = "tcp/echo.pcap"

NEXT = (
    ("explain {tcp/half-close.pcap}", "one end stops talking and goes on listening"),
    ("explain {tcp/refused.pcap}", "what connect() meets where nobody listens"),
    ("read -v {tcp/echo.pcap}", "the same packets, every field of every header"),
    ("explain tcp", "a segment's header, and who fills in each field"),
    ("explain tcp --states", "the states in the ladder, and what leads from one to the next"),
)
"""Commands that work as they are printed, and what each shows; a recording's name stands in braces."""


@click.command()
@click.option("--width", type=click.IntRange(NARROWEST, 1000), help="Columns to use.")
@colour.option
def command(width: int | None, color: str) -> int:
    """Start here: a recorded conversation, explained.

    A client connects, sends one line, reads it back and closes: what its program and the server's called, and every
    packet that their kernels exchanged for it.
    """
    print("A client sends one line to a server and gets it back. What the sockets hid:\n")
    code = explain_file(str(bundled.path(RECORDING)), Wish(width=width, color=color))
    print("\nWhat to try next:\n")
    lines = [(f"{program()} {with_paths(line)}", shows) for line, shows in NEXT]
    for line, shows in lines:
        print(f"  {line}\n      {shows}")
    print(f"\nYour own captures work the same: {program()} explain FILE")
    return code


def with_paths(line: str) -> str:
    """The command line with the recordings' paths put in: from here when they are below, else in full."""
    before, brace, rest = line.partition("{")
    if not brace:
        return line
    name, _, after = rest.partition("}")
    path = bundled.path(name).resolve()
    here = Path.cwd().resolve()
    shown = path.relative_to(here) if path.is_relative_to(here) else path
    return f"{before}{shlex.quote(str(shown))}{after}"

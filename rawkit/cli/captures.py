"""`rawkit captures [WORD...]`: the captures that come along."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from rawkit import bundled
from rawkit.cli import colour, columns
from rawkit.cli.called import program
from rawkit.cli.main import one_line
from rawkit.errors import RawkitError, nearest
from rawkit.show.capture_list import about, capture_list
from rawkit.show.counts import counted


@click.command("captures")
@click.argument("words", metavar="[WORD]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@colour.option
def command(words: tuple[str, ...], as_json: bool, color: str) -> None:
    """List the captures that come along: all, or those that every WORD is said of.

    A word is looked for in a capture's name, its sentence, its concepts, and the states of its connections.

    Every command that takes a FILE opens one by its name: captures:tcp/echo.
    """
    found = [each for each in bundled.described() if about(each, words)]
    if not found:
        known = {part for name in bundled.names() for part in name.rpartition(".")[0].split("/")}
        asked = " ".join(words)
        raise RawkitError(f"no capture is about {one_line(asked)!r}{nearest(asked, sorted(known))}")
    if as_json:
        for each in found:
            print(json.dumps(asdict(each)))
        return
    print(capture_list(found, columns.for_text(None), colour.painter(color)))
    print(f"\n{counted(len(found), 'capture')}. Open one: {program()} explain {bundled.PREFIX}{found[0].name}")

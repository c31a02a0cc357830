"""`rawkit doctor`: what this machine allows."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from rawkit.cli import colour
from rawkit.cli.main import one_line
from rawkit.lab.machine import findings
from rawkit.show.paint import Role

ANSWERS: dict[bool | None, tuple[str, Role]] = {True: ("yes", "good"), False: ("no", "bad"), None: ("is", "dim")}


@click.command("doctor")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line; `allowed` is null for what is only told."
)
@colour.option
def command(as_json: bool, color: str) -> None:
    """Say what this machine allows to this user, one line each, and how to allow the rest.

    It tries in a network of its own; of the machine's interfaces it uses none. The exit code is 0 whatever it finds.
    """
    paint = colour.painter(color)
    for each in findings():
        if as_json:
            print(json.dumps(asdict(each)), flush=True)
            continue
        answer, style = ANSWERS[each.allowed]
        how = f"; to allow it: {each.how}" if each.how else ""
        print(f"{paint(f'{answer:3}', style)}  {one_line(f'{each.name}: {each.found}{how}')}", flush=True)

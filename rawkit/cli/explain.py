"""`rawkit explain WHAT`: a protocol, one of its fields, or the conversations of a capture."""

from __future__ import annotations

import errno
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from rawkit import bundled
from rawkit.cli import colour, columns, filtering, ratio, together
from rawkit.cli.main import one_line
from rawkit.cli.whole_number import WholeNumber
from rawkit.errors import FieldError
from rawkit.protocols import catalog
from rawkit.show import explanation, field_explanation, flag_explanation
from rawkit.show.counts import joined
from rawkit.show.paint import Paint
from rawkit.show.protocol_list import application_explanation, protocol_list

MAX_WIDTH = 1_000

OF_A_FILE = ("number", "every", "only", "lesson", "as_json", "svg", "force", "max_ratio")
"""Options that only a file has."""


@click.command()
@click.argument("what", metavar="[FILE|PROTOCOL|PROTOCOL.FIELD]", required=False)
@click.argument("expression", metavar="[FILTER]", required=False)
@click.option("-n", "--number", type=WholeNumber(1), help="Of a file: one conversation, by its number.")
@click.option("--all", "every", is_flag=True, help="Of a file: every conversation.")
@click.option("--only", metavar="TEXT", default="", help="Of a file: those with TEXT in their line of the table.")
@click.option("--lesson", is_flag=True, help="Of a file: after the ladder, what the sockets did for you there.")
@click.option("--json", "as_json", is_flag=True, help="Of a file: as JSON.")
@click.option("--svg", metavar="FILE", help="Of a file: draw one conversation as a picture; - is standard output.")
@click.option("--force", is_flag=True, help="With --svg: replace FILE where it exists.")
@filtering.options
@ratio.option
@click.option("--states", is_flag=True, help="Of tcp: RFC 9293's states and transitions.")
@click.option(
    "--width",
    type=WholeNumber(columns.NARROWEST_TEXT, MAX_WIDTH),
    help="Columns to use: text takes 40 at least, a diagram 66, a ladder 72.",
)
@colour.option
def command(
    what: str | None,
    expression: str | None,
    deep: bool,
    names: bool,
    states: bool,
    width: int | None,
    color: str,
    **of_a_file: Any,
) -> Any:
    """Explain what a capture shows (its conversations as ladders), what a protocol is, or what a field means.

    FILTER, in tcpdump's language ("port 53"; see rawkit filter), takes only the packets of FILE that match.

    Without a name: the protocols that there are. A name that is both a protocol and a file means the protocol; write
    ./tcp for the file.
    """
    together.refuse("states", *OF_A_FILE, "expression")
    of_a_file["wanted"] = filtering.wanted(expression, deep, names)
    together.refuse("as_json", "width")
    together.refuse("number", "every", "only")
    together.refuse("svg", "every", "lesson", "as_json", "width", "color")
    if of_a_file["force"] and of_a_file["svg"] is None:
        raise click.UsageError("--force is for --svg FILE")
    paint = colour.painter(color)
    if what is None:
        if states or together.given(*OF_A_FILE):
            raise click.UsageError("name a file, or with --states tcp")
        print(protocol_list(width=columns.for_text(width), paint=paint))
        return None
    if states:
        return tcp_states(what, columns.for_text(width), paint)
    if is_path(what):
        return ladder(what, width=width, color=color, **of_a_file)
    try:
        text = described(what, width, paint)
    except FieldError as unknown:
        if what and Path(what).exists():
            return ladder(what, width=width, color=color, **of_a_file)
        text = read_elsewhere(what.partition(".")[0], width)
        if not text:
            hint = " (explain without a name lists them)" if isinstance(unknown, catalog.UnknownProtocol) else ""
            reason = one_line(f"{what or repr(what)}: no such file, and {unknown}{hint}")
            raise FileNotFoundError(errno.ENOENT, reason) from None
    if expression is not None:
        raise click.UsageError(f"a filter is for files, and {what!r} is a protocol (./{what})")
    if beside := together.given(*OF_A_FILE):
        are = "is for files" if len(beside) == 1 else "are for files"
        raise click.UsageError(f"{joined(beside)} {are}, and {what!r} is a protocol (./{what})")
    print(text)
    return None


def is_path(what: str) -> bool:
    """Whether it can only be a file: standard input, a name with a folder, or one of a capture that comes along."""
    return what == "-" or "/" in what or what.startswith(bundled.PREFIX)


def described(what: str, width: int | None, paint: Paint) -> str:
    """A protocol or a field, from its declaration; FieldError where there is none of that name."""
    if "." not in what:
        if told := read_elsewhere(what, width):
            return told
        kind = catalog.protocol(what)
        messages = tuple(catalog.messages(kind))
        return explanation(kind, messages=messages, width=columns.for_diagram(width), paint=paint)
    try:
        kind, name = catalog.field(what)
    except FieldError as unknown:
        return described_flag(what, unknown, columns.for_text(width), paint)
    return field_explanation(kind, name, width=columns.for_text(width), paint=paint)


def read_elsewhere(name: str, width: int | None) -> str:
    """A protocol that another library reads; "" where there is none of that name."""
    known = name.lower() in catalog.applications()
    return application_explanation(name.lower(), width=columns.for_text(width)) if known else ""


def described_flag(what: str, unknown: FieldError, width: int, paint: Paint) -> str:
    """A bit of a flags field, `tcp.flags.syn`; where there is none either, it is `unknown` that is told."""
    try:
        kind, name, bit = catalog.flag(what)
    except FieldError:
        raise unknown from None
    return flag_explanation(kind, name, bit, width=width, paint=paint)


def tcp_states(what: str, width: int, paint: Paint) -> None:
    """Only TCP has a table of states."""
    if what.lower() != "tcp":
        raise click.UsageError(f"--states is for tcp, not for {what!r}")
    from rawkit.show.states import state_table

    print(state_table(width=width, paint=paint))


def ladder(path: str, **wish: Any) -> Any:
    """The conversations of a capture."""
    shown = import_module("rawkit.cli.ladder")
    return shown.explain_file(path, shown.Wish(**wish))

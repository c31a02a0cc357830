"""`rawkit filter EXPR [FILE]`: what a filter means, and which packets of a capture it matches."""

from __future__ import annotations

import sys

import click

from rawkit import capture
from rawkit.cli import colour, damage, filtering, ratio, together
from rawkit.filter import Filter, FrameFilter
from rawkit.filter.instructions import listing
from rawkit.filter.telling import told
from rawkit.show import line
from rawkit.show.counts import counted, joined
from rawkit.show.escape import visible
from rawkit.show.paint import Paint

LINK_TYPES = {
    "ethernet": 1,
    "raw": 101,
    "ipv4": 228,
    "ipv6": 229,
    "loopback": 0,
    "cooked": 113,
    "cooked2": 276,
}
"""Names of link types, and their numbers in capture files."""


@click.command("filter")
@click.argument("expression", metavar="EXPR")
@click.argument("file", metavar="[FILE]", required=False)
@click.option("-d", "--program", is_flag=True, help="The kernel's program (classic BPF), as tcpdump -d writes it.")
@click.option(
    "--link",
    type=click.Choice(tuple(LINK_TYPES)),
    default="ethernet",
    show_default=True,
    help="What frames begin with; a file says so itself.",
)
@click.option(
    "--live",
    is_flag=True,
    help="As asked of the kernel, which takes VLAN tags out of frames, and knows interface and direction.",
)
@filtering.options
@ratio.option
@colour.option
def command(
    expression: str,
    file: str | None,
    program: bool,
    link: str,
    live: bool,
    deep: bool,
    names: bool,
    max_ratio: int | None,
    color: str,
) -> int | None:
    """Explain a filter: each of its terms in words; with -d the kernel's program; with FILE which packets match.

    EXPR is in tcpdump's language (man pcap-filter). Of each packet of FILE it is said whether it matches, and which
    term decided that: the last one that had to be asked. "and" and "or" are of one rank: they join from left to right.
    """
    resolve = filtering.resolver(names)
    paint = colour.painter(color)
    if file is not None:
        if alone := together.given("program", "link", "live"):
            raise click.UsageError(f"{joined(alone)} {'is' if len(alone) == 1 else 'are'} for a filter alone")
        return _each_packet(FrameFilter(expression, deep=deep, resolve=resolve), file, max_ratio, paint)
    if together.given("max_ratio"):
        raise click.UsageError("--max-ratio is for a FILE")
    asked = Filter(expression, LINK_TYPES[link], deep=deep, resolve=resolve, kernel=live)
    print(listing(asked.program()) if program else _words(asked, paint))
    return None


def _words(asked: Filter, paint: Paint) -> str:
    """A line a term: what joins it, the term, what it asks."""
    rows = told(asked.text, asked.tree)
    joints = max(len(joint) + 2 * depth for depth, joint, _, _ in rows)
    width = max(len(term) for _, _, term, _ in rows)
    lines = []
    for depth, joint, term, meaning in rows:
        begin = f"{'  ' * depth}{joint}".ljust(joints)
        lines.append(f"{begin} {paint(visible(term).ljust(width), 'name')}  {meaning}".strip("\n"))
    count = len(asked.program())
    return "\n".join([*lines, "", f"The kernel's program has {counted(count, 'instruction')} (-d shows it)."])


def _each_packet(asked: FrameFilter, file: str, max_ratio: int | None, paint: Paint) -> int:
    """Of each packet: whether it matches, the term that decided, and its line."""
    count = matched = 0
    with capture.read(file, max_ratio=ratio.limit(max_ratio)) as opened:
        for frame in opened:
            count += 1
            each = asked.of(frame.interface.linktype)
            holds, term = each.decide(frame.octets, frame.wire_length)
            matched += holds is True
            verdict = paint("match", "good") if holds else "no   "
            text = visible(asked.text[slice(*term.span)]) or "(everything)"
            why = f"{text} asks past the packet's end" if holds is None else text
            sys.stdout.write(f"{frame.number} {verdict} {paint(f'[{why}]', 'dim')} {line(frame, paint=paint)}\n")
        sys.stdout.flush()
        print(f"{matched} of {counted(count, 'packet')} match")
        return damage.report(opened)

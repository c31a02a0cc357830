"""`rawkit read FILE...`: what a capture holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from textwrap import indent
from typing import Any

import click

from rawkit import capture
from rawkit.capture import Frame
from rawkit.cli import colour, damage, filtering, ratio, together
from rawkit.cli.main import SUCCESS, report
from rawkit.cli.whole_number import WholeNumber
from rawkit.errors import RawkitError
from rawkit.show import hexdump, json_line, line, tree
from rawkit.show.escape import visible
from rawkit.show.paint import Paint
from rawkit.show.relative import SequenceNumbers
from rawkit.show.times import Clockwork

PER_PACKET = ("verbose", "octets", "number", "time")
"""What shapes the lines of a packet, and nothing else."""


@click.command()
@click.argument("files", metavar="FILE... [FILTER]", nargs=-1, required=True)
@click.option("-c", "--count", type=WholeNumber(0), help="Stop after so many packets.")
@click.option("-v", "--verbose", is_flag=True, help="Every field; what is computed, wrong or partial is marked.")
@click.option("-x", "--hex", "octets", is_flag=True, help="The octets, each with its field.")
@click.option(
    "--number", is_flag=True, help="Begin each line with the packet's number (what -n K of other commands takes)."
)
@click.option(
    "--time",
    type=click.Choice(("relative", "absolute", "delta")),
    default="relative",
    help="Since the first packet, in UTC, or since the packet before.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON object a line, by Wireshark's names. Sequence numbers are those on the wire, as in Wireshark with"
    " tcp.relative_sequence_numbers:FALSE.",
)
@click.option("--summary", is_flag=True, help="Counts, span, protocols and end points instead of packets.")
@filtering.options
@ratio.option
@colour.option
def command(
    files: tuple[str, ...], count: int | None, deep: bool, names: bool, max_ratio: int | None, color: str, **how: Any
) -> int:
    """Show what captures hold, one line a packet. FILE "-" is standard input.

    FILTER, in tcpdump's language ("tcp port 80"; see rawkit filter), takes only the packets that match.

    The format (pcap, pcapng, snoop; plain or compressed) is told by the content. A damaged file is shown up to its
    damage; then the exit code is 1. One that cannot be opened does not stop the others; the exit code is the worst.
    """
    together.refuse("summary", "as_json", *PER_PACKET)
    together.refuse("as_json", *PER_PACKET)
    files, expression = filtering.apart(files)
    wanted = filtering.wanted(expression, deep, names)
    worst = SUCCESS
    left = count
    for path in files:
        if left == 0:
            break
        try:
            opened = capture.read(path, max_ratio=ratio.limit(max_ratio))
        except (RawkitError, OSError) as error:  # the other files can still be shown
            worst = max(worst, report(error))
            continue
        with opened:
            if len(files) > 1 and not how["as_json"]:
                print(f"== {visible(path)}")
            frames = islice(filtering.matching(opened, wanted), left)
            shown = show(frames, colour.painter(color), path if len(files) > 1 else None, how)
            worst = max(worst, finish(opened))
        left = None if left is None else left - shown
    return worst


def finish(opened: capture.Capture) -> int:
    """Everything shown comes before what is said about damage."""
    sys.stdout.flush()
    damage.say_frame_check(opened)
    return damage.report(opened)


def show(frames: Iterator[Frame], paint: Paint, path: str | None, how: dict[str, Any]) -> int:
    """Print the frames as asked; how many there were."""
    if how["summary"]:
        return show_summary(frames, paint)
    if how["as_json"]:
        return show_json(frames, path)
    sequences, clock = SequenceNumbers(), Clockwork(how["time"])
    write = sys.stdout.write
    shown = 0
    for frame in frames:
        shown += 1
        stamp = paint(clock.text(frame.time_ns), "dim")
        number = f"{frame.number} " if how["number"] else ""
        write(f"{number}{stamp} {line(frame, sequences=sequences, paint=paint)}\n")
        if how["verbose"]:
            write(indent(tree(frame, paint=paint), "    ") + "\n")
        if how["octets"]:
            write(indent(hexdump(frame, paint=paint), "    ") + "\n")
    return shown


def show_summary(frames: Iterator[Frame], paint: Paint) -> int:
    """Counts instead of packets."""
    from rawkit.show.summaries import Summary, summary

    gathered = Summary()
    for frame in frames:
        gathered.add(frame)
    print(summary(gathered, paint=paint))
    return gathered.packets


def show_json(frames: Iterator[Frame], path: str | None) -> int:
    """An object a line; with several files each says which it is from."""
    extra = {} if path is None else {"rawkit.file": path}
    shown = 0
    for frame in frames:
        shown += 1
        sys.stdout.write(json_line(frame, **extra) + "\n")
    return shown

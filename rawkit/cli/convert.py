"""`rawkit convert IN OUT`: a capture in another format, or the same one uncompressed, repaired to whole records."""

from __future__ import annotations

import click

from rawkit.capture.convert import convert, whatever
from rawkit.cli import damage, filtering, ratio
from rawkit.cli.main import DAMAGED_INPUT, one_line, say


@click.command("convert")
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.argument("expression", metavar="[FILTER]", required=False)
@click.option(
    "--to", "format_", type=click.Choice(["pcap", "pcapng"]), help="The format, where OUT's name does not say."
)
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@filtering.options
@ratio.option
def command(
    source: str,
    target: str,
    expression: str | None,
    format_: str | None,
    force: bool,
    deep: bool,
    names: bool,
    max_ratio: int | None,
) -> int:
    """Write the capture IN as OUT, keeping everything that OUT's format can hold.

    IN is pcap, pcapng or snoop, plain, gzip or zstd, told by its content. OUT is pcap or pcapng by its name, compressed
    when it ends in .gz or .zst. "-" is standard input or output. From pcapng to pcapng the blocks are copied octet for
    octet. What OUT cannot hold is said on standard error; of a damaged IN everything that could be read is written, and
    the exit code is 1, as it is when a packet's time is beyond OUT's. OUT appears when it is complete; with
    --force it may be IN, of which only what was written to OUT is then left. FILTER, in tcpdump's language
    ("tcp port 80"; see rawkit filter), keeps only the packets that match.
    """
    keep = filtering.wanted(expression, deep, names)
    result = convert(source, target, to=format_, force=force, max_ratio=ratio.limit(max_ratio), keep=keep or whatever)
    for sentence in result.dropped:
        say(f"{one_line(result.path)}: {sentence}")
    code = damage.report(result, f"{result.written} packets written to {one_line(target)}")
    return max(code, DAMAGED_INPUT) if result.left_out else code

"""`rawkit convert IN OUT`: a capture in another format, or the same one uncompressed, repaired to whole records."""

from __future__ import annotations

import click

from rawkit.capture.convert import convert
from rawkit.cli import damage, ratio
from rawkit.cli.main import DAMAGED_INPUT, one_line, say


@click.command("convert")
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.option(
    "--to", "format_", type=click.Choice(["pcap", "pcapng"]), help="The format, where OUT's name does not say."
)
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@ratio.option
def command(source: str, target: str, format_: str | None, force: bool, max_ratio: int | None) -> int:
    """Write the capture IN as OUT, keeping everything that OUT's format can hold.

    IN is pcap, pcapng or snoop, plain, gzip or zstd, told by its content. OUT is pcap or pcapng by its name, compressed
    when it ends in .gz or .zst. "-" is standard input or output. From pcapng to pcapng the blocks are copied octet for
    octet. What OUT cannot hold is said on standard error; of a damaged IN everything that could be read is written, and
    the exit code is 1, as it is when a packet's time is beyond OUT's. OUT appears when it is complete; with
    --force it may be IN, of which only what was written to OUT is then left.
    """
    result = convert(source, target, to=format_, force=force, max_ratio=ratio.limit(max_ratio))
    for sentence in result.dropped:
        say(f"{one_line(result.path)}: {sentence}")
    code = damage.report(result, f"{result.written} packets written to {one_line(target)}")
    return max(code, DAMAGED_INPUT) if result.left_out else code

"""`rawkit craft 'ether / ipv4 dst=10.0.0.2 / tcp dport=80 flags=S'`: a packet built from a line of text, never sent."""

from __future__ import annotations

import click

from rawkit.capture import LinkType, PcapngWriter, PcapWriter
from rawkit.cli import colour, together
from rawkit.cli.main import one_line, say
from rawkit.clock import SYSTEM
from rawkit.errors import RawkitError
from rawkit.protocols import craft
from rawkit.show import hexdump, line, tree
from rawkit.wire import Packet
from rawkit.wire.chooser import members

LINKTYPES = (1, 101, 0, 108, 113, 276)
"""Link types whose frames can begin with one of our headers, the most usual first."""


class Quoted(click.Argument):
    """In the usage it stands in the quotes that a shell needs; an error has no further ones around them."""

    def get_error_hint(self, ctx: click.Context | None) -> str:
        return self.metavar or ""


@click.command()
@click.argument("text", cls=Quoted, nargs=-1, required=True, metavar="'PROTOCOL [FIELD=VALUE]... / ... [/ PAYLOAD]'")
@click.option(
    "-o", "--output", metavar="FILE", help="Write a capture (.pcapng by that ending, else pcap); - is standard output."
)
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@click.option("--hex", "as_hex", is_flag=True, help="Print nothing but the octets, in hexadecimal.")
@colour.option
def command(text: tuple[str, ...], output: str | None, force: bool, as_hex: bool, color: str) -> None:
    """Build a packet offline and show its octets; computed values are marked. Nothing is ever sent.

    \b
    rawkit craft 'ether / ipv4 dst=10.0.0.2 / tcp dport=80 flags=S options=mss:1460,nop,wscale:7'
    rawkit craft 'ipv4 dst=10.0.0.2 checksum=0xb4c6 / udp dport=53 / "text\\n"'   (or 0x68656c, or "x"*100)
    """
    if output == "-":
        together.refuse("output", "as_hex")
    packet = craft.packet(" ".join(text))
    if output is not None:
        write(packet, output, force)
    if output == "-":
        return
    if as_hex:
        print(packet.octets.hex())
        return
    paint = colour.painter(color)
    print(line(packet, paint=paint))
    print(f"{tree(packet, paint=paint)}\n\n{hexdump(packet, paint=paint)}\n* computed")


def write(packet: Packet, path: str, force: bool) -> None:
    """One packet as a capture: whole, or no file at all."""
    linktype = linktype_of(packet)
    octets = packet.octets
    if path.endswith(".pcapng"):
        with PcapngWriter(path, force=force) as writer:
            writer.write_octets(octets, time_ns=SYSTEM.time_ns(), interface=writer.add_interface(linktype))
    else:
        with PcapWriter(path, linktype=linktype, force=force) as plain:
            plain.write_octets(octets, time_ns=SYSTEM.time_ns())
    say(f"{one_line(path)}: 1 packet, {len(octets)} octets, link type {linktype.name}")


def linktype_of(packet: Packet) -> LinkType:
    """The link type whose frames begin with the packet's first header."""
    first = type(packet.layers[0]) if packet.layers else None
    for number in LINKTYPES:
        if first in members(LinkType(number).header):
            return LinkType(number)
    name = first.__name__ if first else "plain octets"
    raise RawkitError(f"no capture can begin with {name}: put it into 'ether / ...' or 'ipv4 / ...'")

"""The Internet checksum (RFC 1071) by hand: words, their sum, carries folded in, complement, verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rawkit.show.counts import counted
from rawkit.show.escape import letters
from rawkit.show.paint import Paint, Role, plain
from rawkit.show.places import header_places
from rawkit.show.seen import Frame, packet_of
from rawkit.wire import CRC32C, Checksum, Field, Packet, PartialChecksum, Region, Verdict, regions
from rawkit.wire.crc32c import START, on_the_wire, register_after
from rawkit.wire.verdict import checksums

STATES: dict[str, tuple[str, Role]] = {
    "good": ("good", "good"),
    "bad": ("bad", "bad"),
    "partial": ("partial: left to the network card, which completes it when it sends", "warn"),
    "absent": ("absent: none was made", "warn"),
    "unverifiable": ("unverifiable: not all that it covers is here", "warn"),
}


def verdict_lines(what: Packet | Frame, *, paint: Paint = plain) -> str:
    """The verdict on every checksum of a packet, a line each; says so where there is none."""
    found = checksums(packet_of(what))
    return "\n".join(verdict_line(verdict, paint) for verdict in found) or "no header of this packet has a checksum"


def verdict_line(verdict: Verdict, paint: Paint) -> str:
    """`TCP.checksum at offset 50: 0xb4c6, bad; correct 0xf3c6`."""
    text, role = STATES[verdict.state]
    wrong = verdict.state in ("bad", "partial") and verdict.expected is not None
    correct = f"; correct {verdict.text(verdict.expected)}" if wrong else ""
    said = f"{verdict.text(verdict.found)}, {text}{correct}"
    return f"{verdict.layer}.{verdict.field} at offset {verdict.offset}: {paint(said, role)}"


def checksum_steps(what: Packet | Frame, *, paint: Paint = plain) -> str:
    """Every checksum of a packet worked out word by word, with its verdict."""
    packet = packet_of(what)
    places = {region.index: region for region in regions(packet)}
    parts = ["\n".join(steps(places[verdict.index], verdict, paint)) for verdict in checksums(packet)]
    return "\n\n".join(parts) or "no header of this packet has a checksum"


@dataclass(frozen=True)
class Word:
    """Two octets of the sum: where they are ("pseudo", or the packet's offset), their number, what they are."""

    place: str
    number: int
    what: str


def steps(region: Region, verdict: Verdict, paint: Paint) -> Iterator[str]:
    """One checksum; of one that cannot be verified, why it cannot."""
    role: Any = region.layout.checksum_field.role if region.layout.checksum_field else None
    yield paint(f"{verdict.layer}.{verdict.field}", "name") + f": {covers(role)}"
    if verdict.state == "unverifiable":
        yield f"  {verdict_line(verdict, paint)}"
        yield f"  not worked out: {lacking(region)}"
        return
    if isinstance(role, CRC32C):
        yield from registers(region, role, paint)
        yield f"  {verdict_line(verdict, paint)}"
        return
    yield paint("  offset   word        sum  what", "dim")
    total = 0
    for word in [*pseudo_words(region, role), *header_words(region), *data_words(region, role)]:
        total += word.number
        yield f"  {word.place:>6}   {word.number:04x} {total:>10x}  {word.what}"
    yield from folded(total, role)
    yield f"  {verdict_line(verdict, paint)}"


def registers(region: Region, role: CRC32C, paint: Paint) -> Iterator[str]:
    """The register of a CRC, begun with all ones, after every four octets; inverted, and its octets turned round."""
    octets = bytes(role.covered(region, checksum_field(region)))
    yield paint("  offset   octets    register", "dim")
    register = START
    for at in range(0, len(octets), 4):
        register = register_after(octets[at : at + 4], register)
        yield f"  {region.start + at:>6}   {octets[at : at + 4].hex():<8}  {register:08x}"
    yield f"  inverted: 0x{register ^ START:08x}"
    yield f"  lowest octet first: 0x{on_the_wire(register):08x}"


def checksum_field(region: Region) -> Field:
    """The field that has the checksum of a header that has one."""
    assert region.layout.checksum_field is not None
    return region.layout.checksum_field


def lacking(region: Region) -> str:
    """What of that which a checksum covers is not here."""
    if region.fragment:
        return "it covers a whole datagram, and this is one fragment"
    if region.missing:
        return (
            f"it covers {counted(region.missing, 'octet')} that {'was' if region.missing == 1 else 'were'} not captured"
        )
    if region.pseudo_header() is not None:
        return "nothing tells how much it covers"
    return "it covers a pseudo-header, which the packet does not tell"


def folded(total: int, role: Any) -> Iterator[str]:
    """The carries, added back in until there are none, and the complement."""
    yield f"  sum: 0x{total:x}"
    while total >> 16:
        carry, rest = total >> 16, total & 0xFFFF
        total = carry + rest
        yield f"  carry folded in: 0x{carry:x} + 0x{rest:04x} = 0x{total:x}"
    result = total ^ 0xFFFF
    yield f"  one's complement: 0x{result:04x}"
    if not result and role.never_zero:
        yield "  0 would say that none was made: 0xffff is written instead"


def covers(role: Any) -> str:
    """What a checksum is over, in words."""
    over = {"header": "over the header alone", "data": "over header and data"}
    told = over.get(role.over, "over pseudo-header, header and data")
    part = f", as far as {role.coverage} says" if isinstance(role, PartialChecksum) else ""
    return f"{told}{part}; the checksum itself counts as 0"


IPV4_REST = ["zero, protocol", "length", "length"]
"""The words behind the addresses (RFC 9293 section 3.1); only a super-segment's length has two."""

IPV6_REST = ["length", "length", "zero", "zero, next header"]
"""The words behind the addresses (RFC 8200 section 8.1)."""


def pseudo_words(region: Region, role: Any) -> list[Word]:
    """The pseudo-header: what the network header adds to the sum without being sent again."""
    if not isinstance(role, Checksum) or role.over != "pseudo":
        return []
    octets = region.pseudo_header() or b""
    size = 16 if len(octets) > 32 else 4  # of an address
    rest = IPV6_REST if size == 16 else IPV4_REST
    return words(octets, None, ["source address"] * (size // 2) + ["destination address"] * (size // 2) + rest)


def header_words(region: Region) -> list[Word]:
    """The header, its checksum as 0; each word with the fields that have octets in it."""
    head = bytearray(region.head)
    at = region.layout.checksum_field.offset if region.layout.checksum_field else 0
    head[at : at + 2] = b"\0\0"
    names: list[list[str]] = [[] for _ in range(0, len(head), 2)]
    for place in header_places(region.header):
        for word in range((place.begin - region.start) // 2, (place.end - region.start + 1) // 2):
            names[word].append(place.field.name)
    return words(bytes(head), region.start, [", ".join(each) for each in names])


def data_words(region: Region, role: Any) -> list[Word]:
    """What the header carries, where the checksum covers it."""
    if role.over == "header":
        return []
    data = region.data[: (role.reach(region) or 0) - len(region.head)]
    start = region.start + len(region.head)
    return words(data, start, [f"data {letters(data[at : at + 2])!r}" for at in range(0, len(data), 2)])


def words(octets: bytes, start: int | None, names: list[str]) -> list[Word]:
    """Octets two by two; an odd last one is followed by a zero that is not in the packet (RFC 1071 section 1)."""
    found = []
    for at in range(0, len(octets), 2):
        place = "pseudo" if start is None else str(start + at)
        pair = octets[at : at + 2]
        odd = " and a zero" if len(pair) == 1 else ""
        found.append(Word(place, int.from_bytes(pair.ljust(2, b"\0"), "big"), names[at // 2] + odd))
    return found

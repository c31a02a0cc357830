"""Many packets from one: a template's octets in the rows of a matrix, fields changed by columns, checksums with them.

A checksum of a row is the template's, changed by what changed (RFC 1624 section 3): every octet that differs counts
once, times 256 in the high half of a 16-bit word. So the work is that of the changed columns, however long a packet is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rawkit.errors import FieldError, nearest
from rawkit.wire.checksum_role import CRC32C
from rawkit.wire.crc32c import crc32c
from rawkit.wire.pseudo import final_destination
from rawkit.wire.region import Region, regions
from rawkit.wire.role import Count, Port, Present
from rawkit.wire.verdict import check

if TYPE_CHECKING:
    from rawkit.wire.field import Field
    from rawkit.wire.packet import Packet

MOST_BITS = 64
"""Of a field that is given as numbers; longer ones are given as octets or texts."""


def vary(packet: Packet, columns: Mapping[str, Any]) -> Any:
    """See `Packet.vary`."""
    import numpy

    places = regions(packet)
    fields = [(*named(places, name), values) for name, values in columns.items()]
    filled = [column(region, field, values) for region, field, values in fields]
    count = rows(list(columns), filled)
    matrix = numpy.tile(numpy.frombuffer(packet.octets, numpy.uint8), (count, 1))
    changed: set[int] = set()
    for (region, field, _), octets in zip(fields, filled, strict=True):
        begin = region.start + field.offset
        target = matrix[:, begin : begin + field.width // 8]
        write(target[:, ::-1] if region.layout.order == "<" and field.width <= MOST_BITS else target, octets, field)
        changed.update(range(begin, begin + field.width // 8))
    for verdict in reversed(check(packet)):  # inside out: an outer checksum covers the inner ones
        if verdict.checksum and verdict.state == "good":
            region = places[verdict.index]
            field = region.layout.fields[verdict.field]
            weights = covered(places, region, field, changed)
            if weights:
                resum(packet.octets, matrix, region, field, weights)
                changed.update(range(region.start + field.offset, region.start + field.offset + field.size))
    return matrix


def named(places: list[Region], name: str) -> tuple[Region, Field]:
    """The header and field of a name: `IPv4.src`, or `src` of the innermost header that has one."""
    layer, _, short = name.rpartition(".")
    fitting = [each for each in places if not layer or each.layout.name == layer]
    for region in reversed(fitting):
        field = region.layout.fields.get(short)
        if field is not None:
            refuse_structure(region, field)
            return region, field
    known = [each for region in fitting for each in region.layout.fields]
    raise FieldError(f"vary: no {layer or 'header'} of this packet has a field {short!r}{nearest(short, known)}")


def refuse_structure(region: Region, field: Field) -> None:
    """What says where other things are is the same in all of the packets."""
    layout = region.layout
    if field not in layout.fixed:
        raise FieldError.of(layout.name, field.name, ": it has no fixed place, and cannot be varied")
    role = field.role
    if isinstance(role, (Count, Present)) or (role is not None and role.obeyed and not isinstance(role, Port)):
        raise FieldError.of(layout.name, field.name, ": it says how the octets are to be read, and cannot be varied")


def column(region: Region, field: Field, values: Any) -> Any:
    """Values as octets, a row each: numbers as they are, all else (addresses, flags) as the field takes it."""
    import numpy

    size, layout = field.width // 8, region.layout
    given = numpy.asarray(values)
    if given.dtype.kind not in "iu" or field.width > MOST_BITS:
        listed = [values] if isinstance(values, (str, bytes)) else list(values)
        stored = [field.stored(layout.name, each) for each in listed]
        packed = b"".join(as_octets(each, size) for each in stored)
        return numpy.frombuffer(packed, numpy.uint8).reshape(len(listed), size)
    numbers = numpy.atleast_1d(given)
    if numbers.ndim != 1 or (numbers.size and (int(numbers.min()) < 0 or int(numbers.max()) > field.mask)):
        raise FieldError.of(layout.name, field.name, f": takes a row of numbers from 0 to {field.mask}")
    return numbers.astype(">u8").view(numpy.uint8).reshape(-1, 8)[:, 8 - size :]


def as_octets(stored: Any, size: int) -> bytes:
    return stored if isinstance(stored, bytes) else int(stored).to_bytes(size, "big")


def rows(names: list[str], filled: list[Any]) -> int:
    """How many packets; one value goes into all of them."""
    counts = {len(each) for each in filled} - {1}
    if len(counts) > 1:
        told = ", ".join(f"{name} has {len(each)}" for name, each in zip(names, filled, strict=True))
        raise FieldError(f"vary: columns of different lengths: {told}")
    return counts.pop() if counts else 1


def write(target: Any, octets: Any, field: Field) -> None:
    """Into the word of a field, its highest octet first; its neighbours in the word stay."""
    import numpy

    if field.bits == field.width:
        target[:] = octets
        return
    word = numpy.zeros(len(octets), numpy.uint64)
    kept = numpy.zeros(len(target), numpy.uint64)
    for place in range(field.width // 8):
        word = word << numpy.uint64(8) | octets[:, place]
        kept = kept << numpy.uint64(8) | target[:, place]
    mask = numpy.uint64(field.mask << field.shift)
    kept = kept & ~mask | word << numpy.uint64(field.shift) & mask
    for place in range(field.width // 8):
        target[:, place] = kept >> numpy.uint64(field.width - 8 - 8 * place) & numpy.uint64(255)


def covered(places: list[Region], region: Region, field: Field, changed: set[int]) -> dict[int, int]:
    """Which of the changed octets a checksum covers, and how much each counts in its sum."""
    role: Any = field.role
    begin, own = region.start, region.start + field.offset
    end = begin + (role.reach(region) or 0)
    weights = {
        at: 1 if at - begin & 1 else 256 for at in changed if begin <= at < end and not 0 <= at - own < field.size
    }
    if role.over == "pseudo" and not isinstance(role, CRC32C):
        weights.update(of_pseudo_header(places, region, changed))
    return weights


def of_pseudo_header(places: list[Region], region: Region, changed: set[int]) -> dict[int, int]:
    """The same of the addresses that the nearest network header lends."""
    network = next(each for each in reversed(places[: region.index]) if each.layout.pseudo_header is not None)
    source, destination, end = (network.start + offset for offset in network.layout.pseudo_span)
    if final_destination([each.header for each in places[network.index : region.index]]) is not None:
        if any(destination <= at < region.start for at in changed):
            raise FieldError.of(network.layout.name, "dst", ": a route says where it goes; vary the source alone")
        end = destination
    return {at: 1 if at - source & 1 else 256 for at in changed if source <= at < end}


def resum(template: bytes, matrix: Any, region: Region, field: Field, weights: dict[int, int]) -> None:
    """The checksum of every row, from the template's, which is right."""
    role: Any = field.role
    own = region.start + field.offset
    target = matrix[:, own : own + field.size]
    covers = matrix[:, region.start : region.start + role.reach(region)]
    if isinstance(role, CRC32C):
        target[:] = 0
        made = b"".join(crc32c(row.tobytes()).to_bytes(4, "big") for row in covers)
        write_octets(target, made)
        return
    was = int.from_bytes(template[own : own + 2], "big")
    sums = changed_sums(template, matrix, 0xFFFF - was, weights)
    sums[sums == 0xFFFF] = 0xFFFF if role.never_zero else 0  # both are the sum 0
    target[:, 0], target[:, 1] = sums >> 8, sums & 0xFF
    if role.over != "pseudo":  # then all may be 0, whose sum is written as 0xffff
        target[~covers.any(axis=1)] = 0xFF


def changed_sums(template: bytes, matrix: Any, total: int, weights: dict[int, int]) -> Any:
    """Checksums from 1 to 0xffff, by what differs from the template, whose octets add up to `total`."""
    import numpy

    sums: Any = numpy.full(len(matrix), total, numpy.int64)
    for at, weight in weights.items():
        sums += weight * (matrix[:, at].astype(numpy.int64) - template[at])
    return 0xFFFF - sums % 0xFFFF


def write_octets(target: Any, octets: bytes) -> None:
    """Octets row by row."""
    import numpy

    target[:] = numpy.frombuffer(octets, numpy.uint8).reshape(target.shape)

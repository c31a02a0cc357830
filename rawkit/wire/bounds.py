"""What dissecting makes of lengths that do not fit: each is noted, and decoding goes on with what is there.

`start` and `body` are where the header begins and ends, `end` where its octets at hand do, `wire_end` where they did on
the wire; the two differ where a capture kept less. All are octets from the start of the packet.
"""

from __future__ import annotations

from typing import Any

from rawkit.errors import Defect
from rawkit.wire.layout import Layout
from rawkit.wire.role import LENGTH_LIMIT, MAX_FRAME_LENGTH
from rawkit.wire.walk import CUT_BY_CAPTURE, Walk, fragmented


def too_short(
    layout: Layout, start: int, end: int, wire_end: int, walk: Walk, needed: int | None = None
) -> tuple[Any, ...]:
    """Not even the fixed fields are there (or, with `needed`, those that these demand): what is there stays octets."""
    size = layout.size if needed is None else needed
    why = CUT_BY_CAPTURE if wire_end - start >= size else "header cut short"
    walk.note(Defect(layout.name, "", start, f"{end - start} octets", f"at least {size} octets", why))
    return None, None, start, end, wire_end


def wrong_constant(layout: Layout, name: str, start: int, found: int, walk: Walk) -> None:
    """A field that must always have one value has another."""
    field = layout.fields[name]
    walk.note(Defect(layout.name, name, start + field.offset, found, field.must, "must always have one value"))


def header_length(layout: Layout, start: int, body: int, end: int, wire_end: int, walk: Walk) -> int:
    """A header length that does not fit: the header keeps its fixed fields, or all that is there."""
    name = layout.length_field.name if layout.length_field else ""
    at, found = start + layout.fields[name].offset, f"{body - start} octets"
    if body < start + layout.size:
        expected, why = f"at least {layout.size} octets", "header length shorter than the header"
        walk.note(Defect(layout.name, name, at, found, expected, why))
        return start + layout.size
    why = CUT_BY_CAPTURE if body <= wire_end else "header length past the end"
    walk.note(Defect(layout.name, name, at, found, f"at most {end - start} octets", why))
    return end


def total_length(
    layout: Layout,
    name: str,
    octets: bytes,
    start: int,
    base: int,
    body: int,
    stop: int,
    end: int,
    wire_end: int,
    follows: Any,
    walk: Walk,
) -> tuple[Any, int, int]:
    """A length that does not end where the octets end: padding follows, the capture cut, or the length lies.

    `base` is what the length counts from, `stop` where it says that the data ends. Gives follows, end, wire_end.
    """
    field = layout.fields[name]
    at = start + field.offset
    if stop == base and end > body and (base < body or follows is not None):
        role: Any = field.role
        told = role.elsewhere(follows, octets[body:end]) if role.elsewhere is not None else None
        if told is not None and told.length > field.mask:
            walk.jumbogram = True
            place, stop = body + told.offset, base + told.length
            return data_end(told.layer, told.field, place, base, stop, end, wire_end, follows, walk)
        if not walk.jumbogram or wire_end - base <= field.mask:
            # Segmentation offload writes 0 where the length does not fit 16 bits; in jumbograms that is right.
            walk.note(Defect(layout.name, name, at, 0, wire_end - base, "length 0: presumed from the frame"))
        return follows, end, wire_end
    if stop < body:
        expected = f"at least {body - base}"
        walk.note(Defect(layout.name, name, at, stop - base, expected, "length shorter than the header"))
        return None, end, wire_end
    return data_end(layout.name, name, at, base, stop, end, wire_end, follows, walk)


def frame_length(
    layout: Layout, start: int, body: int, end: int, wire_end: int, length: int, walk: Walk
) -> tuple[Any, int, int]:
    """A number below 1536 where an EtherType could be: IEEE 802.3's length. Gives follows, end, wire_end."""
    name = layout.next_field.name if layout.next_field else ""
    follows = layout.next_numbers.after_length if layout.next_numbers else None
    at = start + layout.fields[name].offset
    if length > MAX_FRAME_LENGTH:
        expected = f"at most {MAX_FRAME_LENGTH}, or from {LENGTH_LIMIT} on"
        walk.note(Defect(layout.name, name, at, length, expected, "neither length nor type"))
        return None, end, wire_end
    return data_end(layout.name, name, at, body, body + length, end, wire_end, follows, walk)


def coverage(layout: Layout, name: str, start: int, found: int, wire_end: int, walk: Walk) -> None:
    """A checksum that covers less than the header, or more than there is (RFC 3828 section 3.1)."""
    most = wire_end - start
    if not layout.size <= found <= most and not (fragmented(walk.layers) and found > most):
        why = "covers less than the header" if found < layout.size else "covers more than there is"
        expected = f"0, or {layout.size}..{most}"
        walk.note(Defect(layout.name, name, start + layout.fields[name].offset, found, expected, why))


def data_end(
    layer: str, name: str, at: int, base: int, stop: int, end: int, wire_end: int, follows: Any, walk: Walk
) -> tuple[Any, int, int]:
    """Where data ends that should end at `stop`: there, or where the octets do. `at` is where the length stands. Gives
    follows, end, wire_end.
    """
    if stop <= end:
        return follows, stop, stop
    if stop <= wire_end or fragmented(walk.layers):  # the capture cut it, or it goes on in other fragments
        return follows, end, stop
    walk.note(Defect(layer, name, at, stop - base, f"at most {wire_end - base}", "length past the end of the packet"))
    walk.short = True
    return follows, end, wire_end

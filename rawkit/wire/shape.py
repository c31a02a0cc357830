"""Headers whose fields say which others are there, and how long they are: ARP's addresses, a list with its count.

The variable part is made field by field, each asked of the header as far as it is made. What was set by hand comes last
and shapes nothing, so that a wrong count or length can be sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rawkit.errors import FieldError
from rawkit.wire.field import Field
from rawkit.wire.header import Declared, view
from rawkit.wire.layout import Layout
from rawkit.wire.role import HeaderLength, TotalLength


class NotGiven:
    """Stands for the value of a field that nobody gave; `len()` counts the values of its default."""

    def __init__(self, default: Any) -> None:
        self.default = default

    def __len__(self) -> int:
        return len(self.default)

    def __repr__(self) -> str:
        return repr(self.default)


class Carried:
    """The octets that a field has in another header: they are put into a new one as they are, where that has the field
    at all. `fits`: they are as long as the other header says; `len()` counts their values.
    """

    def __init__(self, header: Declared, field: Field, begin: int, end: int) -> None:
        self.octets = header._octets[begin:end]
        self.fits = not field.measured or field.extent(header, end - begin) == end - begin
        self.values = getattr(header, field.name)

    def __len__(self) -> int:
        return len(self.values or ())


def shape(cls: Any, fixed: bytes, values: tuple[Any, ...], by_hand: dict[str, Any]) -> bytes:
    """The octets of a header of class `cls`: `fixed`, its first fields as far as they are known, then `values`, which
    are for those after them. `by_hand`: computed fields to keep as they were given.
    """
    layout: Layout = cls.layout
    made = bytearray(fixed)
    sizes: dict[str, int] = {}
    for field, value in zip(layout.variable, values, strict=True):
        part = encoded(field, layout.name, value, view(cls, bytes(made), 0, len(made)))
        if part is not None:
            made += part
            if not isinstance(value, Carried) or value.fits:
                sizes[field.name] = len(part)
    if layout.length_field is None or layout.length_field.name not in by_hand:
        made += layout.padding(len(made))
    put_lengths(layout, made)
    refuse_other_sizes(view(cls, bytes(made), 0, len(made)), sizes)
    for name, value in by_hand.items():
        layout.put(made, layout.fields[name], layout.fields[name].stored(layout.name, value))
    return bytes(made)


def encoded(field: Field, owner: str, value: Any, header: Any) -> bytes | None:
    """The octets of one field, zeros of its length where nobody gave a value; None where the header has none."""
    if field.when is not None and not field.when(header):
        if value is not None and not isinstance(value, (NotGiven, Carried)):
            told = what_it_asks(field.when, header)
            raise FieldError.of(owner, field.name, f": only present when other fields say so, and these do not: {told}")
        return None
    if field.when is not None and value is None:
        told = what_it_asks(field.when, header)
        raise FieldError.of(owner, field.name, f"=None: it is present, as other fields say: {told}")
    if isinstance(value, Carried):
        return value.octets
    if not isinstance(value, NotGiven):
        return field.encode(owner, value)
    octets = field.encode(owner, value.default)
    size = field.extent(header, 0) if field.measured else len(octets)
    return octets if len(octets) == size else bytes(size)


def put_lengths(layout: Layout, made: bytearray) -> None:
    """Write the lengths of a header that stands alone."""
    for field in layout.fixed:
        if isinstance(field.role, HeaderLength):
            value = field.role.value(view(layout.owner, bytes(made), 0, len(made)))
            if value > field.mask:
                raise FieldError.of(layout.name, layout.variable[-1].name, ": too long, the header length does not fit")
            layout.put(made, field, value)
        elif isinstance(field.role, TotalLength) and not field.role.payload_only:
            layout.put(made, field, len(made))


def refuse_other_sizes(header: Any, sizes: dict[str, int]) -> None:
    """Raise FieldError unless every field is as long as the header says; `sizes` are those of the fields present."""
    layout: Layout = header.layout.declared
    for name, size in sizes.items():
        field = layout.fields[name]
        wanted = field.extent(header, 0) if field.measured else size
        if wanted != size:
            told = what_it_asks(lambda asked, field=field: field.extent(asked, 0), header)  # type: ignore[misc]
            raise FieldError.of(layout.name, name, f": {size} octets, but it has {wanted}{told and ' by '}{told}")


def what_it_asks(question: Callable[[Any], Any], header: Any) -> str:
    """The fields that a function of a declaration reads, with their values: "hardware_type=1, hardware_length=6"."""
    asked: dict[str, Any] = {}

    class Asked:
        def __getattr__(self, name: str) -> Any:
            asked[name] = getattr(header, name)
            return asked[name]

    question(Asked())
    return ", ".join(f"{name}={value}" for name, value in asked.items())

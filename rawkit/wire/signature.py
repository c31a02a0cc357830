"""What `help(TCP)` and an editor show of a constructor, from the declaration: it is not yet generated then."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Any

from rawkit.wire.field import AUTO, AddressField, Field
from rawkit.wire.header import Option
from rawkit.wire.layout import Layout
from rawkit.wire.shape import NotGiven


def signature(layout: Layout) -> Signature:
    """Headers take keywords only; options take what they say in order too, but not their `kind` and `length`."""
    ordered = issubclass(layout.owner, Option)
    parameters = []
    for name, field in layout.fields.items():
        by_name = not ordered or field.framing
        kind = Parameter.KEYWORD_ONLY if by_name else Parameter.POSITIONAL_OR_KEYWORD
        parameters.append(Parameter(name, kind, default=shown_default(layout, field)))
    return Signature(sorted(parameters, key=lambda each: each.kind))


def shown_default(layout: Layout, field: Field) -> Any:
    """What a field holds when nobody sets it (and it is there), as one reads it from a header."""
    if field.computed:
        return AUTO
    default = field.kind(field.default) if isinstance(field, AddressField) else field.default
    return NotGiven(default) if layout.shaped and field in layout.variable else default

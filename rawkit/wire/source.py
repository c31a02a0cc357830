"""Source text: what is generated from a declaration, and what a role's part of it may name.

Of each generated function a role writes some lines (`*_source`). They are statements that stand by themselves: the
first is not indented, one inside another by a space more, and whoever asked for them indents them all alike. They may
name:

- `draft_source`, one expression in `build`: the header's fields by their names, `length` (text that it is given),
  `_cls` (the class), and what `build.names` lists.
- `fill_source`, in `fill`: `FILL`, what `fill.names` lists, and what the role itself puts into `scope`. It may set
  `value`, `pseudo`, `reach` and `stop`, for nobody after it. A checksum's `sum_source` is the end of its lines, and
  finds `pseudo` set. In the fused `encode` there are of `FILL` all but `follows` (the lines of `NextHeader` are not
  asked for), of `fill.names` only `put16` and `checksum`: its chains have nothing that asks for more.
- `body_source`, `follows_source`, `end_source`, in `dissect` and in this order: `DISSECT`, what `dissect.names` lists,
  the words (`read(field)`) of the control fields, then `body`, then `follows`, and what the role puts into `scope`.
  They set what they are called after (`end_source` `wire_end` and `follows`, too), and may set `stop`.

`tests/wire/test_sources.py` holds every role to this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rawkit.wire.field import Field

FILL = ("frame", "start", "body", "end", "layers", "index", "follows")
"""The parameters of a generated `fill`; `fill.py` says what they are."""

DISSECT = ("octets", "start", "end", "wire_end", "walk")
"""The parameters of a generated `dissect`; `dissect.py` says what they are."""


def word(field: Field) -> str:
    """The name that generated code gives the word of a field."""
    return f"word{field.offset}"


def read(field: Field) -> str:
    """The field's number, from its word."""
    if field.bits == field.width:
        return word(field)
    return f"{word(field)} >> {field.shift} & {field.mask}" if field.shift else f"{word(field)} & {field.mask}"


def store(field: Field) -> str:
    """The statement that writes `value` into the field of a header that begins at `start` of `frame`."""
    if field.bits == field.width == 8:
        return f"frame[start + {field.offset}] = value"
    if field.bits == field.width == 16 and field.order == ">":
        return f"put16(frame, start + {field.offset}, value)"
    return f"put(frame, fields[{field.name!r}], value, start)"

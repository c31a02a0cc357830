"""Keywords to octets: the generated constructor of a class.

For UDP the generated text is, in essence:

    def build(cls, *, sport=0, dport=0, length=AUTO, checksum=AUTO, **unknown):
        if unknown: reject(cls, unknown)
        set_by_hand = NOTHING
        if length is AUTO: length = 8
        else: set_by_hand |= {"length"}
        ...
        try: octets = pack(sport, dport, length, checksum)
        except Exception: diagnose(cls, locals())
        (a view of octets)
"""

from __future__ import annotations

from struct import error as struct_error
from typing import Any

from rawkit.errors import FieldError
from rawkit.wire.field import AUTO, CODES, Field, Tail
from rawkit.wire.header import Option, reject, view
from rawkit.wire.layout import Layout, Word
from rawkit.wire.role import HeaderLength


def compile_build(cls: Any) -> Any:
    """The constructor of `cls`, to be set as its `__new__`."""
    layout: Layout = cls.layout
    scope: dict[str, Any] = {
        "AUTO": AUTO,
        "NOTHING": frozenset(),
        "pack": layout.struct.pack,
        "allocate": object.__new__,
        "reject": reject,
        "refuse_positions": refuse_positions,
        "diagnose": diagnose,
        "struct_error": struct_error,
        "encode_variable": encode_variable,
    }
    exec("\n".join(source(layout, scope)), scope)
    if len(layout.fields) == 1 and layout.fixed == list(layout.fields.values()) and issubclass(cls, Option):
        only = scope["build"](cls)  # a one-octet option has one value
        return staticmethod(lambda cls, **fields: scope["build"](cls, **fields) if fields else only)
    return staticmethod(scope["build"])


def source(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """The text of `build`; what it names is put into `scope`."""
    lines = [f"def build({', '.join(parameters(layout, scope))}, **unknown):", " if unknown: reject(cls, unknown)"]
    if not issubclass(layout.owner, Option):
        lines += [" if positional is not AUTO: refuse_positions(cls)"]
    lines += [" set_by_hand = NOTHING", " draft = False", " try:"]
    for field in layout.fixed:
        if not field.computed:
            lines += conversion(field, scope)
    conditional = any(field.when is not None for field in layout.variable)
    if not conditional:
        lines += suffix(layout, "b''", scope)
    for field in layout.fixed:
        if field.computed:
            lines += computed(layout, field, conditional)
    for word in layout.words:
        lines += bounds(word)
    packed = f"pack({', '.join(word_expression(word) for word in layout.words)})"
    lines += [f"  octets = {packed}"]
    if conditional:
        lines += suffix(layout, "octets", scope)
    if layout.variable:
        lines += ["  octets += suffix"]
    lines += [
        " except (struct_error, TypeError, ValueError, AttributeError) as error:",
        f"  diagnose(cls, {{{', '.join(f'{name!r}: {name}' for name in layout.fields)}}}, set_by_hand, error)",
        " header = allocate(cls)",
        " header._octets = octets; header._start = 0; header._end = len(octets)",
        " header._set = set_by_hand; header._draft = draft",
        " return header",
    ]
    return lines


def parameters(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """The parameter list: headers take keywords only, options also positions.

    Keywords only by a guard in front, not by `*`: defaults of keyword-only parameters are looked up one by one, which
    costs a header of fourteen fields 0.3 us.
    """
    names = []
    for name, field in layout.fields.items():
        scope["default_" + name] = AUTO if field.computed else field.convert(field.default)
        names.append(f"{name}=default_{name}")
    if not issubclass(layout.owner, Option):
        return ["cls", "positional=AUTO", *names]
    framing = [name for name in names if name.startswith(("kind=", "length="))]
    return ["cls", *(name for name in names if name not in framing), "*", *framing]


def conversion(field: Field, scope: dict[str, Any]) -> list[str]:
    """A caller's value as a number or octets, where the field has values of its own."""
    if field.converter is None:
        return []
    scope["convert_" + field.name] = field.converter
    return [f"  if {field.name} is not default_{field.name}: {field.name} = convert_{field.name}({field.name})"]


def suffix(layout: Layout, fixed_octets: str, scope: dict[str, Any]) -> list[str]:
    """The octets of the variable part."""
    if not layout.variable:
        return []
    values = ", ".join(field.name for field in layout.variable)
    length = layout.length_field.name if layout.length_field else ""
    # A length set by hand is not corrected, so nothing is added to make it right.
    free = (f"{length} is AUTO" if fixed_octets == "b''" else f"{length!r} not in set_by_hand") if length else "True"
    general = f"  suffix = encode_variable(cls, {fixed_octets}, ({values},), {free})"
    only = layout.tail_field if len(layout.variable) == 1 and not layout.minimum else None
    if only is None or only.when is not None:
        return [general]
    # Options alone are the common case (IPv4, TCP), and worth a shorter way than the general one.
    scope["encode_tail"] = only.encode
    scope["padding"] = lambda length: padding(layout, length)
    role: Any = layout.length_field.role if layout.length_field else HeaderLength()
    fixed_padding = padding(layout, layout.size)
    empty = f"{fixed_padding!r} if {free} else b''" if fixed_padding else "b''"
    excess = f"({layout.size - role.plus} + len(suffix)) % {role.unit}"
    return [
        f"  if {only.name} is default_{only.name}: suffix = {empty}",
        "  else:",
        f"   suffix = encode_tail({layout.name!r}, {only.name})",
        f"   if {excess} and {free}: suffix += padding({layout.size} + len(suffix))",
    ]


def computed(layout: Layout, field: Field, conditional: bool) -> list[str]:
    """What a computed field holds until the packet around it is known."""
    name, role = field.name, field.role
    assert role is not None
    length = f"({layout.size}" + (" + len(suffix))" if layout.variable and not conditional else ")")
    value = role.draft_source(layout, field, length)
    draft = "" if role.own else "; draft = True"
    return [f"  if {name} is AUTO: {name} = {value}{draft}", f"  else: set_by_hand = set_by_hand | {{{name!r}}}"]


def bounds(word: Word) -> list[str]:
    """A check of the fields that share a word; `pack` itself checks what fills one, and the uppermost of the others."""
    checked = word.fields[1:] if word.width in CODES else word.fields
    if not checked or word.fields[0].code:
        return []
    outside = " or ".join(f"{field.name} & {~field.mask}" for field in checked)
    return [f"  if {outside}: raise ValueError"]


def word_expression(word: Word) -> str:
    """The word's number (or octets) from the names of its fields."""
    if word.fields[0].code:
        return word.fields[0].name
    parts = [f"{field.name} << {field.shift}" if field.shift else field.name for field in word.fields]
    number = " | ".join(parts)
    return number if word.width in CODES else f"({number}).to_bytes({word.width // 8}, 'big')"


def encode_variable(cls: Any, fixed_octets: bytes, values: tuple[Any, ...], pad: bool) -> bytes:
    """The octets of the variable part; with `pad` up to the unit in which the header's length is counted."""
    layout: Layout = cls.layout
    provisional = fixed_octets
    for field, value in zip(layout.variable, values, strict=True):
        if field.when is not None:
            header = view(cls, provisional, 0, len(provisional))
            if value is field.default and not field.when(header):
                continue
        provisional += field.encode(layout.name, value)
    encoded = provisional[len(fixed_octets) :]
    return encoded + padding(layout, layout.size + len(encoded)) if pad else encoded


def padding(layout: Layout, length: int) -> bytes:
    """What fills a header of `length` octets up to its minimum and to whole units of its length field."""
    role = layout.length_field.role if layout.length_field else None
    unit, plus = (role.unit, role.plus) if isinstance(role, HeaderLength) else (1, 0)
    missing = max((plus - length) % unit, layout.minimum - length)
    if not missing:
        return b""
    if not isinstance(layout.tail_field, Tail):
        name = layout.variable[-1].name
        raise FieldError(f"{layout.name}.{name}: the header is {length} octets long; it must be a multiple of {unit}")
    pad = getattr(layout.tail_field.family, "pad", bytes)
    return bytes(pad(missing))


def refuse_positions(cls: Any) -> None:
    names = ", ".join(f"{name}=" for name in cls.layout.fields)
    raise TypeError(f"{cls.__name__} takes its fields by name: {names}")


def stored(layout: Layout, field: Field, value: Any) -> Any:
    """A caller's value of a fixed field as the number (or octets) to store; FieldError names the field."""
    try:
        number = field.convert(value)
        field.check(layout.name, number)
    except FieldError as wrong:
        text = str(wrong)
        raise FieldError(
            text if text.startswith(layout.name + ".") else f"{layout.name}.{field.name}: {text}"
        ) from None
    except (TypeError, AttributeError):
        raise FieldError(f"{layout.name}.{field.name}={value!r}: not a value for it ({field.doc})") from None
    return number


def diagnose(cls: Any, values: dict[str, Any], set_by_hand: frozenset[str], error: Exception) -> None:
    """Find the field whose value was wrong, and say so; the way nothing is lost on when all is well."""
    layout: Layout = cls.layout
    if layout.length_field and layout.variable and layout.length_field.name not in set_by_hand:
        length = values[layout.length_field.name]
        if isinstance(length, int) and length > layout.length_field.mask:
            raise FieldError(
                f"{layout.name}.{layout.variable[-1].name}: too long, the header length does not fit"
            ) from None
    for field in layout.fixed:
        value = values[field.name]
        if value is AUTO:
            continue
        stored(layout, field, value)
    if isinstance(error, FieldError):
        raise error
    raise FieldError(f"{layout.name}: {error}") from error

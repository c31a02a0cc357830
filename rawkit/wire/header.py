"""A header is declared once; its value is its octets.

`Header` and `Option` classes are lists of fields. The metaclass turns each field into a property that reads
`word >> shift & mask` from the octets, so a decoded header is a view (a buffer, a start, an end) and a built one is a
view of octets of its own. The three functions that are worth generating, `build` (keywords to octets), `fill` (computed
fields) and `dissect` (octets to view), are generated when a class is first used; see `build.py`, `dissect.py` and
`fill.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, dataclass_transform, overload

from rawkit.errors import FieldError, nearest
from rawkit.wire.field import Field
from rawkit.wire.layout import FamilyLayout, Layout
from rawkit.wire.reference import resolve

if TYPE_CHECKING:
    from rawkit.wire.application import Application
    from rawkit.wire.packet import Packet

D = TypeVar("D", bound="Declared")

CLASS_OPTIONS = (
    *(
        "rfc",
        "called",
        "wireshark",
        "part_of",
        "pseudo_header",
        "quotes",
        "applications",
        "minimum",
        "defects",
        "closed",
        "carries",
        "route",
    ),
    *("kind", "single", "ends", "unknown", "align"),
)
"""Keywords a declaration takes beside its fields; see CONTRIBUTING.md."""


class Placed:
    """`header.layout`: how this header lies on the wire."""

    __slots__ = ("_header",)

    def __init__(self, header: Declared) -> None:
        self._header = header

    @property
    def declared(self) -> Layout:
        """The layout of its class."""
        return type(self._header).layout

    @property
    def octets(self) -> bytes:
        """Its octets on the wire, options included."""
        return bytes(self._header)

    @property
    def offset(self) -> int:
        """Octets from the start of the packet it was read from; 0 for one that stands alone."""
        return self._header._start

    @property
    def decoded(self) -> bool:
        """Whether it was read from octets; one that was built, or changed since, was not."""
        return self._header._set is None

    @property
    def set(self) -> frozenset[str]:
        """The computed fields that were set by hand (all, in a decoded header): these are never corrected."""
        names = self._header._set
        return frozenset(self.declared.computed) if names is None else names


class LayoutOf:
    """`Header.layout`: of a class its `Layout`, of a header its place on the wire."""

    @overload
    def __get__(self, header: None, owner: type[Declared]) -> Layout: ...
    @overload
    def __get__(self, header: Declared, owner: type[Declared]) -> Placed: ...
    def __get__(self, header: Declared | None, owner: type[Declared]) -> Layout | Placed:
        return owner._layout if header is None else Placed(header)


class SignatureOf:
    """`TCP.__signature__`, worked out when somebody asks; None for the bases, which declare no fields."""

    def __get__(self, declared: Any, kind: Any) -> Any:
        layout = getattr(declared, "_layout", None)
        return None if layout is None else resolve("rawkit.wire.signature:signature")(layout)


class HeaderType(type):
    """Makes a class of its fields: properties, no instance dictionary, a `layout`."""

    _layout: Layout
    __signature__ = SignatureOf()

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], abstract: bool = False, **options: Any
    ) -> HeaderType:
        for wrong in options.keys() - set(CLASS_OPTIONS):
            raise TypeError(f"{name}: no class option {wrong!r}{nearest(wrong, CLASS_OPTIONS)}")
        fields = {key: value for key, value in namespace.items() if isinstance(value, Field)}
        namespace = {key: value for key, value in namespace.items() if key not in fields}
        namespace.setdefault("__slots__", ())
        cls = super().__new__(mcls, name, bases, namespace)
        if abstract:
            return cls
        cls._declare(fields, options)
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> None:
        super().__init__(name, bases, namespace)

    def _declare(cls: Any, own: dict[str, Field], options: dict[str, Any]) -> None:
        base = next((base for base in cls.__mro__[1:] if "_layout" in vars(base)), None)
        if base is not None and not issubclass(cls, Option):
            raise TypeError(
                f"{cls.__name__}: no header is a kind of another ({base.__name__}); share the fields instead"
            )
        inherited = dict(base._layout.fields) if base else {}
        if options.get("single"):
            inherited = {"kind": inherited["kind"]}
        fields = {name: field.named(name) for name, field in (inherited | own).items()}
        if base is not None:
            options = {"rfc": base._layout.rfc, "wireshark": base._layout.wireshark} | options
            if "kind" in options:
                fields["kind"].default = options["kind"]
        cls._layout = (FamilyLayout if issubclass(cls, Option) else Layout)(cls, fields, options)
        if base is not None:
            family = base._layout
            family.members.add(cls)
            if "kind" in options:
                family.kinds[options["kind"]] = cls
            if options.get("unknown"):
                family.unknown = cls
        for field in cls._layout.fixed:
            read = context_reader(field) if field in cls._layout.context else field.reader()
            setattr(cls, field.name, property(read, refuse, doc=field.doc))
        for field in cls._layout.variable:
            setattr(cls, field.name, property(variable_reader(field), refuse, doc=field.doc))
        cls.__new__ = first_build
        if not issubclass(cls, Option):
            cls._fused_decode = cls._fused_encode = None
        cls._dissect = FirstUse(cls, "_dissect", "rawkit.wire.dissect:compile_dissect")
        cls._fill = FirstUse(cls, "_fill", "rawkit.wire.fill:compile_fill")


def refuse(header: Any, value: Any) -> None:
    """Setter of every field."""
    name = type(header).__name__
    raise AttributeError(f"{name} is immutable; packet.replace({name}, field=value) makes a changed packet")


def variable_reader(field: Field) -> Any:
    """A function from a header to a field of its variable part; None where it is absent."""

    def read(header: Declared) -> Any:
        span = type(header).layout.spans(header).get(field.name)
        if span is None:
            return None
        octets = header._octets[span[0] : span[1]]
        return field.decode(octets) if len(octets) >= field.size else None

    return read


def context_reader(field: Field) -> Any:
    """A reader of a field that depends on the rest of the packet: of a header alone, it reads as if that were all."""
    read = field.reader()
    return lambda header: read(whole(header) if header._draft else header)


def whole(header: D) -> D:
    """The header with every computed field filled in, as a packet by itself."""
    if not header._draft:
        return header
    return Declared._join((header,), b"").layers[0]  # type: ignore[no-any-return]


def view(cls: type[D], octets: bytes, start: int, end: int) -> D:
    """A header (or option) on octets that somebody else keeps."""
    header = object.__new__(cls)
    header._octets = octets
    header._start = start
    header._end = end
    header._set = None
    header._draft = False
    return header


def first_build(cls: Any, /, *values: Any, **fields: Any) -> Any:
    """Stands for a class's constructor until it is first called; then the generated one takes its place."""
    cls.__new__ = resolve("rawkit.wire.build:compile_build")(cls)
    return cls.__new__(cls, *values, **fields)


class FirstUse:
    """Stands for a generated function of a class until it is first called; then the generated one takes its place."""

    def __init__(self, cls: Any, name: str, generator: str) -> None:
        self.cls = cls
        self.name = name
        self.generator = generator

    def __call__(self, *arguments: Any) -> Any:
        function = resolve(self.generator)(self.cls)
        setattr(self.cls, self.name, staticmethod(function))
        return function(*arguments)


class OptionType(HeaderType):
    """The metaclass of options, so that the type of a class alone tells that it is no header of a packet."""


class Declared(metaclass=HeaderType, abstract=True):
    """What headers and options share. Values: equal when class and octets on the wire are equal; immutable."""

    __slots__ = ("_draft", "_end", "_octets", "_set", "_start")
    _octets: bytes
    _start: int
    _end: int
    _set: frozenset[str] | None
    _draft: bool
    _dissect: ClassVar[Any]
    _fill: ClassVar[Any]
    _layout: ClassVar[Layout]
    _join: ClassVar[Any] = None  # `join` of packet.py, which puts it here
    layout = LayoutOf()

    if not TYPE_CHECKING:

        def __new__(cls, *values: Any, **fields: Any) -> Any:
            raise TypeError(f"{cls.__name__} is the base of others, and has no fields: make one of a class below it")

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        """The header that has exactly these octets, whatever its fields say of its length; none of them is computed."""
        size = cls.layout.size
        if not isinstance(octets, bytes) or len(octets) < size:
            raise FieldError(f"{cls.__name__}.from_octets takes at least {size} octets")
        return view(cls, octets, 0, len(octets))

    def __bytes__(self) -> bytes:
        header = whole(self) if self._draft else self
        return header._octets[header._start : header._end]

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.layout.octets == other.layout.octets

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.layout.octets))

    def __repr__(self) -> str:
        from rawkit.wire.expression import header_expression

        return header_expression(self)

    def __reduce__(self) -> Any:
        return (_restore, (type(self), self.layout.octets, self._set))

    def __replace__(self, /, **fields: Any) -> Any:
        """`copy.replace(header, ttl=1)`: the header with other values; computed fields that were not set stay so."""
        from rawkit.wire.edit import replaced

        return replaced(self, fields)


def _restore(cls: type[D], octets: bytes, names: frozenset[str] | None) -> D:
    header = view(cls, octets, 0, len(octets))
    header._set = names
    return header


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Header(Declared, abstract=True):
    """Base of every header: `class UDP(Header, rfc="RFC 768", wireshark="udp")` and its fields, in wire order.

    `a / b` puts b into a and makes a `Packet`. Made from keywords; what nobody sets is computed or a default.
    """

    _fused_decode: ClassVar[Any]
    _fused_encode: ClassVar[Any]

    def __truediv__(self, other: Header | Packet | bytes | Application) -> Packet:
        return Declared._join((self,), other)  # type: ignore[no-any-return]


@dataclass_transform(frozen_default=True)
class Option(Declared, metaclass=OptionType, abstract=True):
    """Base of option families: kind, length, and what the kind means. The family's first class declares `kind` and
    `length`; each subclass with `kind=N` is one option, and the one with `unknown=True` stands for all others. Without
    `length` its other fields tell where an option ends; with `align=4` each begins at a multiple of 4 octets.
    """


def reject(cls: Any, unknown: dict[str, Any]) -> None:
    """Raise FieldError for keywords that name no field."""
    wrong = next(iter(unknown))
    names = list(cls.layout.fields)
    raise FieldError(f"{cls.__name__} has no field {wrong!r}{nearest(wrong, names)} (fields: {', '.join(names)})")

"""A packet written on one line: the language of `rawkit craft`.

    ether / ipv4 dst=10.0.0.2 ttl=3 / tcp dport=80 flags=S options=mss:1460,nop,wscale:7 / "hello"

- `/` puts one thing into another; a header is its name (in any case, ours or Wireshark's) and `field=value` words.
- Numbers are decimal or 0x...; a number with a name may be given by it (`protocol=UDP`); flags are letters or a number.
- Addresses are written as always; octets are 0x..., 12:34:... or "text".
- Options are separated by commas; their values follow after colons, in the order of their declaration. A value with a
  colon or a comma in it stands in brackets: `sourcelinklayeraddress:[02:00:00:00:00:01]`. What repeats takes all values
  that are left; values that repeat together are joined by `-`: `sack:100-200:300-400`. 0x... gives the octets of all
  options at once.
- At the end come payload octets: "text" (with \\n \\r \\t \\0 \\xNN \\" \\\\), 0x..., either times a number: "x"*100.

What is not given is a default or computed; what is given is kept, wrong or not.

>>> packet("ipv4 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / 'hi'").to_python()
"IPv4(src='10.0.0.1', dst='10.0.0.2') / UDP(sport=1, dport=2) / b'hi'"
>>> packet("ipv4 / udp dprt=7")
Traceback (most recent call last):
rawkit.protocols.craft.CraftError: UDP has no field 'dprt'; did you mean 'dport'?
    ipv4 / udp dprt=7
               ^^^^
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rawkit.errors import FieldError, nearest
from rawkit.protocols import catalog
from rawkit.wire import Field, Header, Packet
from rawkit.wire.field import AddressField, FixedOctets, FlagsField, Octets, Repeat, Tail, from_digits

MAX_PAYLOAD = 65_535
"""Octets that one word of payload may stand for: more fits no IP packet."""

TOKEN = re.compile(r"""\s+|/|(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^]]*\]|[^\s/"'\[])+|.""", re.DOTALL)
PAYLOAD = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|0[xX][0-9a-fA-F]*)(?:\*([0-9]+))?""", re.DOTALL)
COLONS = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2})+")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}

OPTION_ALIASES = {
    "eol": "EndOfOptions",
    "md5": "MD5Signature",
    "nop": "NoOperation",
    "rr": "RecordRoute",
    "sackok": "SACKPermitted",
    "tfo": "FastOpen",
    "ts": "Timestamps",
    "uto": "UserTimeout",
    "wscale": "WindowScale",
}
"""What people type for options beside the classes' own names, in any family that has a class of that ending."""


class CraftError(FieldError):
    """A word that is not understood. Says which: `at` is its place in `text`, `length` its length."""

    def __init__(self, why: str, text: str, at: int, length: int) -> None:
        super().__init__(why, text, at, length)
        self.why, self.text, self.at, self.length = why, text, at, length

    def __str__(self) -> str:
        line = "".join(letter if letter.isprintable() else " " for letter in self.text)
        if not line.strip():
            return self.why
        return f"{self.why}\n    {line}\n    {' ' * self.at}{'^' * max(self.length, 1)}"


@dataclass(frozen=True)
class Word:
    """One word and where it stands."""

    text: str
    at: int
    line: str

    def wrong(self, why: str, begin: int = 0, end: int | None = None) -> CraftError:
        """An error that points at the word, or at the part of it from `begin` to `end`."""
        end = len(self.text) if end is None else end
        return CraftError(why, self.line, self.at + begin, end - begin)

    def part(self, begin: int, end: int | None = None) -> Word:
        """A piece of the word."""
        return Word(self.text[begin:end], self.at + begin, self.line)


def packet(text: str) -> Packet:
    """The packet that `text` describes; CraftError points at what is not understood."""
    parts: list[Header | bytes] = []
    for words in steps(text):
        if PAYLOAD.match(words[0].text):
            parts += [payload(word) for word in words]
        elif parts and isinstance(parts[-1], bytes):
            raise words[0].wrong("a header cannot come after payload octets")
        else:
            parts.append(header(words))
    made = Packet(*parts)
    try:
        bytes(made)
    except FieldError as error:
        raise CraftError(str(error), text, 0, len(text)) from None
    return made


def steps(text: str) -> Iterator[list[Word]]:
    """The words between the slashes."""
    words: list[Word] = []
    slash = Word("", 0, text)
    for match in TOKEN.finditer(text):
        word = Word(match[0], match.start(), text)
        if word.text == "/":
            if not words:
                raise word.wrong("there is nothing before this '/'")
            yield words
            words, slash = [], word
        elif word.text in ('"', "'", "["):
            raise word.wrong(f"this {word.text} is not closed")
        elif not word.text.isspace():
            words.append(word)
    if not words:
        raise slash.wrong(
            "there is nothing after this '/'" if slash.text else "there is nothing to build: name a protocol"
        )
    yield words


def header(words: list[Word]) -> Header:
    """A protocol's name and its fields."""
    name, *settings = words
    try:
        kind: Any = catalog.protocol(name.text)
    except FieldError as error:
        raise name.wrong(str(error)) from None
    if not issubclass(kind, Header):
        raise name.wrong(f"{kind.__name__} is an option: write it in options=... of its header")
    values: dict[str, Any] = {}
    places: dict[str, Word] = {}
    for word in settings:
        field, value = setting(kind, word)
        if field.name in values:
            raise word.wrong(f"{field.name} is given twice")
        values[field.name], places[field.name] = converted(field, value), word
    made: Header = attempt(kind, values, name, places)
    return made


def attempt(kind: Any, values: dict[str, Any], name: Word, places: dict[str, Word]) -> Any:
    """The header or option; an error points at the word of the field that it names, else at that of the class."""
    try:
        return kind(**values)
    except FieldError as error:
        own = error.layer == kind.__name__
        raise places.get(error.field if own else "", name).wrong(str(error)) from None


def setting(kind: Any, word: Word) -> tuple[Field, Word]:
    """`field=value`: the field, by our name or Wireshark's, and the value."""
    name, equals, _ = word.text.partition("=")
    fields: dict[str, Field] = dict(kind.layout.fields)
    aliases = {field.wireshark: field for field in fields.values() if field.wireshark}
    field = fields.get(name.lower()) or aliases.get(name.lower())
    if field is None:
        names = ", ".join(fields)
        close = nearest(name.lower(), [*fields, *aliases]) or f" (fields: {names})"
        missing = "" if equals else "; a '/' goes before the next header" if known(name) else ""
        raise word.wrong(f"{kind.__name__} has no field {name!r}{missing or close}", 0, len(name))
    if not equals:
        raise word.wrong(f"{field.name} needs a value: {field.name}=...")
    return field, word.part(len(name) + 1)


def known(name: str) -> bool:
    """Whether it is a protocol's name."""
    try:
        catalog.protocol(name)
    except FieldError:
        return False
    return True


def converted(field: Field, word: Word) -> Any:
    """A value for a field, as its kind of field takes it."""
    if isinstance(field, Tail):
        return as_octets(word) if word.text[:2].lower() == "0x" else options(field.family, word)
    if isinstance(field, Repeat):
        return tuple(turn(field, part) for part in split(word, ","))
    if isinstance(field, (Octets, FixedOctets)):
        return as_octets(word)
    text = word.text.removeprefix("[").removesuffix("]")
    if isinstance(field, AddressField):
        return text
    if isinstance(field, FlagsField) and not text[:1].isdigit():
        return text
    return number(field, text, word)


def number(field: Field, text: str, word: Word) -> int:
    """A number, or the name of one."""
    try:
        return int(text, 0)
    except ValueError:
        pass
    names = {name.lower(): value for value, name in (field.names or {}).items()}
    if text.lower() in names:
        return names[text.lower()]
    hint = nearest(text.lower(), names) if names else ""
    raise word.wrong(f"{field.name} takes a number{' or a name' if names else ''}, not {text!r}{hint}")


def as_octets(word: Word) -> bytes:
    """0x..., "text", or with colons as octets are shown."""
    if COLONS.fullmatch(word.text):
        return from_digits(word.text)
    if not PAYLOAD.fullmatch(word.text):
        raise word.wrong('octets are written 0x..., 12:34:... or "text"')
    return payload(word)


def payload(word: Word) -> bytes:
    """A word of payload as octets."""
    match = PAYLOAD.fullmatch(word.text)
    if match is None:
        raise word.wrong('payload is written "text" or 0x..., either with *N to repeat it')
    body, times = match[1], int(match[2] or 1)
    if body[0] in "\"'":
        octets = re.sub(r"\\(x[0-9a-fA-F]{2}|.)", unescape, body[1:-1], flags=re.DOTALL).encode(
            "utf-8", "surrogateescape"
        )
    elif len(body) % 2:
        raise word.wrong("an odd number of hexadecimal digits: the last octet is only half there")
    else:
        octets = bytes.fromhex(body[2:])
    if len(octets) * times > MAX_PAYLOAD:
        raise word.wrong(f"{len(octets) * times} octets; at most {MAX_PAYLOAD}")
    return octets * times


def unescape(match: re.Match[str]) -> str:
    r"""`\n`, `\x41`; octets from 0x80 on travel as the surrogates that the encoder turns back into single octets."""
    code = match[1]
    if code[0] == "x" and len(code) == 3:
        value = int(code[1:], 16)
        return chr(value) if value < 0x80 else chr(0xDC00 + value)
    return ESCAPES.get(code, code)


def options(family: Any, word: Word) -> list[Any]:
    """`mss:1460,nop`: options of one family."""
    return [option(family, part) for part in split(word, ",")] if word.text else []


def option(family: Any, word: Word) -> Any:
    """One option: its name, then its values after colons."""
    name, *values = split(word, ":")
    members = {kind.__name__.lower(): kind for kind in family.layout.kinds.values()}
    aliases = {
        alias: kind
        for alias, end in OPTION_ALIASES.items()
        for key, kind in members.items()
        if key.endswith(end.lower())
    }
    kind = (aliases | members).get(name.text.lower())
    if kind is None:
        close = nearest(name.text.lower(), [*members, *aliases]) or f" (options: {', '.join(members)})"
        raise name.wrong(f"{family.__name__}s have no {name.text!r}{close}")
    fields = [each for each in kind.layout.fields.values() if not each.framing]
    if not values and wanting(kind):
        names = [field.name for field in fields]
        example = ":".join([name.text, *(each.upper() for each in names)])
        raise name.wrong(f"{kind.__name__} takes {', '.join(names)}: {example}")
    given: dict[str, Any] = {}
    for field in fields:
        if field.when is not None and not field.when(attempt(kind, given, word, {})):
            continue
        if isinstance(field, Repeat):
            given[field.name] = tuple(turn(field, value) for value in values)
            values = []
        elif values:
            given[field.name] = converted(field, values.pop(0))
    if values:
        takes = ", ".join(field.name for field in fields) or "no value"
        raise values[0].wrong(f"{kind.__name__} takes {takes}")
    return attempt(kind, given, word, {})


def wanting(kind: Any) -> bool:
    """Whether an option says nothing without a value: its first is fixed, and nothing by default."""
    told = [field for field in kind.layout.fixed if not (field.name == "kind" or field.computed or field.reserved)]
    return bool(told) and told[0].blank


def turn(field: Repeat, word: Word) -> Any:
    """One turn of a repeated field: a value, or as many as repeat together, joined by `-`."""
    if len(field.items) == 1:
        return converted(field.items[0], word)
    parts = split(word, "-")
    if len(parts) != len(field.items):
        raise word.wrong(f"{field.name}: {len(field.items)} values joined by '-': {field.doc}")
    return tuple(converted(item, part) for item, part in zip(field.items, parts, strict=True))


def split(word: Word, mark: str) -> list[Word]:
    """The parts of a word between marks that stand in no quotes or brackets."""
    found, begin = [], 0
    pattern = rf"""\[[^]]*\]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|{re.escape(mark)}"""
    for match in re.finditer(pattern, word.text, re.DOTALL):
        if match[0] == mark:
            found.append(word.part(begin, match.start()))
            begin = match.end()
    return [*found, word.part(begin)]

"""A condition as a Python function of one packet's octets: the packet test.

The source is a single expression, `and` and `or` in the order of the filter's terms; a chain that mixes both becomes a
function of its own, a line a term:

    def term0(octets, length):
        holds = two(octets, 12)[0] == 2048
        holds = holds or two(octets, 12)[0] == 34525
        holds = holds and octets[23] == 6
        return holds
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct, error
from typing import Any

from rawkit.filter.condition import (
    AUTHENTICATION,
    FRAGMENT,
    MASK,
    MAX_WALK,
    PASSED,
    Always,
    Calculation,
    Compare,
    Condition,
    Constant,
    Either,
    Known,
    Length,
    Load,
    Opposite,
    Value,
    Walk,
    Walked,
)

PacketTest = Callable[[bytes, int], bool | None]
"""`test(octets, length)`: the octets that were captured, and how many there were on the wire. None where the question
went past the end of the packet: it does not match.
"""

RELATIONS = {"=": "=="}
OPERATORS = {"/": "//"}
OUTGROWN = ("+", "-", "*", "<<")
"""Operators whose result may have more than 32 bits, or be negative."""


def packet_test(condition: Condition) -> PacketTest:
    """The condition, compiled."""
    scope: dict[str, Any] = {"two": Struct(">H").unpack_from, "four": Struct(">I").unpack_from, "shifted": _shifted}
    functions: list[str] = []
    asked = _condition(condition, functions)
    lines = [*functions, "def asked(octets, length):", f" return {asked}"]
    exec("\n".join(lines), scope)
    ask = scope["asked"]

    def test(octets: bytes, length: int) -> bool | None:
        try:
            return bool(ask(octets, length))
        except (IndexError, error, ZeroDivisionError):
            return None

    return test


def _shifted(value: int, places: int) -> int:
    return value << places & MASK if places < 32 else 0


def _condition(condition: Condition, functions: list[str]) -> str:
    """An expression; what has no room in one becomes a function before it."""
    if isinstance(condition, Always):
        return str(condition.holds)
    if isinstance(condition, Opposite):
        return f"(not {_condition(condition.condition, functions)})"
    if isinstance(condition, Compare):
        left, right = _value(condition.left, functions), _value(condition.right, functions)
        return f"{left} {RELATIONS.get(condition.relation, condition.relation)} {right}"
    if isinstance(condition, Walk):
        return _walk(condition, functions)
    terms = [_condition(term, functions) for term in (condition.first, *(each for _, each in condition.rest))]
    joints = [joint for joint, _ in condition.rest]
    if len(set(joints)) == 1:
        return f"({f' {joints[0]} '.join(terms)})"
    name = f"term{len(functions)}"
    steps = [f" holds = holds {joint} {term}" for joint, term in zip(joints, terms[1:], strict=True)]
    functions.append("\n".join([f"def {name}(octets, length):", f" holds = {terms[0]}", *steps, " return holds"]))
    return f"{name}(octets, length)"


def _walk(walk: Walk, functions: list[str]) -> str:
    """A function with a loop: `number` and `place` are the header's that it came to."""
    name = f"walk{len(functions)}"
    stop = [f"number == {walk.until}"] if walk.until is not None else []
    if walk.whole:
        stop.append(f"number == {FRAGMENT} and two(octets, place + 2)[0] & 0xfff8")
    lines = [
        f"def {name}(octets, length):",
        f" number, place = {_value(walk.number, functions)}, {_value(walk.start, functions)}",
        f" for _ in range({MAX_WALK}):",
        *(f"  if {each}: break" for each in stop),
        f"  if number in {PASSED}: size = octets[place + 1] * 8 + 8",
        f"  elif number == {AUTHENTICATION}: size = octets[place + 1] * 4 + 8",
        "  else: break",
        "  number, place = octets[place], place + size",
        f" return {_condition(walk.condition, functions)}",
    ]
    functions.append("\n".join(lines))
    return f"{name}(octets, length)"


def _value(value: Value, functions: list[str]) -> str:
    if isinstance(value, Constant):
        return str(value.value)
    if isinstance(value, Length):
        return "length"
    if isinstance(value, Walked):
        return value.what
    if isinstance(value, Load):
        at = str(value.offset) if value.index is None else f"{value.offset} + {_value(value.index, functions)}"
        return f"octets[{at}]" if value.size == 1 else f"{'two' if value.size == 2 else 'four'}(octets, {at})[0]"
    if isinstance(value, Either):
        then, otherwise = _value(value.then, functions), _value(value.otherwise, functions)
        return f"({then} if {_condition(value.condition, functions)} else {otherwise})"
    if isinstance(value, Known):
        raise TypeError(f"only the kernel knows the {value.what}")
    return _calculated(value, functions)


def _calculated(value: Calculation, functions: list[str]) -> str:
    left, right = _value(value.left, functions), _value(value.right, functions)
    if value.operator in ("<<", ">>") and not isinstance(value.right, Constant):
        sign = "" if value.operator == "<<" else "-"
        return f"shifted({left}, {sign}{right})" if not sign else f"({left} >> {right})"
    text = f"({left} {OPERATORS.get(value.operator, value.operator)} {right})"
    return f"({text} & {MASK})" if value.operator in OUTGROWN else text

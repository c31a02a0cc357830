"""Named fields straight from the octets of a common chain of headers, without a packet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rawkit.wire.chain import Chain, Wanted, value
from rawkit.wire.field import AddressField, FlagsField


def compile_extractor(chain: Chain, wanted: Wanted) -> Callable[[bytes], Any]:
    """`extract(octets)`: the tuple of the wanted fields, None for those of classes outside the chain; None altogether
    where the guard does not hold."""
    unpack, names = chain.unpacker(wanted)
    scope: dict[str, Any] = {"unpack": unpack}
    results = [result(chain, cls, name, index, scope) for index, (cls, name) in enumerate(wanted)]
    guard = chain.constants()
    if any(cls not in chain.classes for cls, _ in wanted):  # absent only where no header follows that leads to them
        guard += chain.last_one(scope, "bound")
    lines = [
        "def extract(octets):",
        " end = len(octets)",
        f" if end < {chain.size}: return None",
        f" {names} = unpack(octets)",
        f" if not ({' and '.join(guard or ['True'])}): return None",
        *(" " + line for line in chain.lengths()),
        f" return ({', '.join(results)},)",
    ]
    exec("\n".join(lines), scope)
    return scope["extract"]  # type: ignore[no-any-return]


def result(chain: Chain, cls: Any, name: str, index: int, scope: dict[str, Any]) -> str:
    """The expression of one wanted field's value."""
    if cls not in chain.classes:
        return "None"
    place = chain.classes.index(cls)
    field = chain.layouts[place].fields[name]
    number = value(chain.starts[place], field)
    if isinstance(field, FlagsField):
        scope[f"flags{index}"] = [field.kind(each) for each in range(field.mask + 1)]
        return f"flags{index}[{number}]"
    if isinstance(field, AddressField):
        scope[f"address{index}"] = field.kind.interned
        return f"address{index}[{number}]"
    return number

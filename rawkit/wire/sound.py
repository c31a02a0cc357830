"""Whether every checksum of a common chain of headers is right, asked of the octets at once.

A sum that includes its checksum is a multiple of 65535 (RFC 1071 section 1), so nothing has to be computed twice: two
divisions for IPv4 and TCP, 1 us where the verdicts of `verdict.py` take 20. It says yes or nothing: where the answer is
not yes, the verdicts tell why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rawkit.wire.chain import Chain
from rawkit.wire.checksum import word_sum
from rawkit.wire.checksum_role import Checksum


def compile_sound(chain: Chain) -> Callable[[bytes, int], bool]:
    """`sound(octets, end)`, for octets that are this chain, whole and no fragment, with its data up to `end`."""
    scope: dict[str, Any] = {"word_sum": word_sum, "number": int.from_bytes}
    tests = []
    for index, (layout, start) in enumerate(zip(chain.layouts, chain.starts, strict=True)):
        field = layout.checksum_field
        if field is None or not isinstance(field.role, Checksum):
            continue
        # A whole number of words is its own sum, but for multiples of 65535.
        if field.role.over == "header":
            total = f"number(octets[{start}:{start + layout.size}])"
        else:
            total = f"word_sum(octets[{start}:end])"
        if field.role.over == "pseudo":
            total += f" + number({pseudo(chain, index, scope)})"
        place = start + field.offset
        tests.append(f"({total}) % 65535 == 0")
        if field.role.zero_means_none:
            tests.append(f"octets[{place}:{place + 2}] != b'\\0\\0'")
    exec(f"def sound(octets, end): return {' and '.join(tests) or 'True'}", scope)
    return scope["sound"]  # type: ignore[no-any-return]


def pseudo(chain: Chain, index: int, scope: dict[str, Any]) -> str:
    """The expression of the pseudo-header of header `index`."""
    outer, lent, span, number = chain.pseudo_header(index)
    begin, end = (chain.starts[outer] + place for place in span)
    scope[f"rest{index}"] = lent.rest
    return f"octets[{begin}:{end}] + rest{index}({number}, end - {chain.starts[index]})"

"""What a network header lends to the checksums inside it: its addresses, as they are where the datagram ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from rawkit.wire.address import Address

if TYPE_CHECKING:
    from rawkit.wire.header import Header

UNKNOWN: Final = object()
"""What a header's `route` gives when it changes an address of the pseudo-header, and does not tell to what."""


class PseudoHeader:
    """Class option `pseudo_header`: two neighbouring address fields, then `rest(number, length)`, the number of what
    follows and its length as octets.
    """

    def __init__(self, source: str, destination: str, rest: Callable[[int, int], bytes]) -> None:
        self.source = source
        self.destination = destination
        self.rest = rest

    def span(self, layout: Any) -> tuple[int, int, int]:
        """Where in the header source, destination begin, and the latter ends."""
        source, destination = layout.fields[self.source], layout.fields[self.destination]
        return source.offset, destination.offset, destination.offset + destination.size


def pseudo_header(layers: Sequence[Header], index: int, length: int) -> bytes | None:
    """The pseudo-header that the nearest network header around header `index` makes for `length` octets.

    None where there is none, where the header has no number in it, or where a header between hides the destination.
    """
    outer = index
    while outer:
        outer -= 1
        network = layers[outer]
        layout = network._layout
        if layout.pseudo_header is not None:
            number = layout.next_numbers.numbers.get(layers[index].__class__) if layout.next_numbers else None
            final = final_destination(layers[outer:index])
            if number is None or final is UNKNOWN:
                return None
            source, destination, end = layout.pseudo_span
            octets, start = network._octets, network._start
            if final is None:
                addresses = octets[start + source : start + end]
            else:
                addresses = octets[start + source : start + destination] + final.packed
            return addresses + layout.pseudo_header.rest(number, length)
    return None


def final_destination(layers: Sequence[Header]) -> Any:
    """Where a datagram goes in the end, by the routes in its network header and those that follow it: an address, None
    where that is the network header's own destination, `UNKNOWN` where a header does not tell.
    """
    final: Address | object | None = None
    for header in layers:
        layout = header._layout
        if layout.route is not None and header._end - header._start > layout.size:
            found = layout.route(header)
            final = final if found is None else found
    return final

"""One line of the table: what was done, how rawkit and its peers fared, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = "limit"
"""In a peer's place: the most that is allowed. A ratio to it would say nothing."""


@dataclass(frozen=True)
class Row:
    """`ours` and `peer` in `unit`; `floor` is how many times better than the peer rawkit has to be."""

    what: str
    unit: str
    ours: float
    peer_name: str
    peer: float
    floor: float = 1

    @property
    def ratio(self) -> float | None:
        return None if self.peer_name == LIMIT else self.peer / self.ours

    @property
    def met(self) -> bool:
        return self.peer >= self.ours * self.floor

    def text(self) -> str:
        numbers = f"{self.what:<46} {self.ours:>10.2f} {self.peer:>10.2f} {self.unit:<3} {self.peer_name:<16}"
        if self.ratio is None:
            return numbers.rstrip() if self.met else f"{numbers}ABOVE"
        return f"{numbers}{self.ratio:>8.1f}x {self.floor:>5g}x" + ("" if self.met else "  BELOW")


HEADING = f"{'what':<46} {'rawkit':>10} {'peer':>10} {'':<3} {'peer is':<16}{'ratio':>9} {'floor':>6}"

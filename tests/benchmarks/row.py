"""One line of the table: what was done, how rawkit and its peers fared, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`ours` and `peer` in `unit`; `floor` is how many times better than the peer rawkit has to be (None: just shown).

    `limit` instead of a peer: the most that is allowed, in `unit`.
    """

    what: str
    unit: str
    ours: float
    peer_name: str
    peer: float
    floor: float | None

    @property
    def ratio(self) -> float:
        return self.peer / self.ours

    @property
    def met(self) -> bool:
        return self.floor is None or self.ratio >= self.floor

    def text(self) -> str:
        floor = "" if self.floor is None else f"{self.floor:g}x"
        mark = "" if self.met else "  BELOW"
        return (
            f"{self.what:<46} {self.ours:>10.2f} {self.peer:>10.2f} {self.unit:<3} {self.peer_name:<16}"
            f"{self.ratio:>8.1f}x {floor:>6}{mark}"
        )


HEADING = f"{'what':<46} {'rawkit':>10} {'peer':>10} {'':<3} {'peer is':<16}{'ratio':>9} {'floor':>6}"

"""What a reader met: the counts, which add up, and the defects."""

from __future__ import annotations

from rawkit.errors import Defect

MAX_KEPT_DEFECTS = 1_000
"""Defects kept as values for one capture, besides those that ended it; the counts stay exact beyond it."""


class Tally:
    """Counts of records, where a record is what holds a packet, or is not understood at all.

    `delivered` frames were handed over, `flagged` of them with a defect of their own; `lost` records could not be
    handed over (cut short, or contradicting themselves); `skipped` ones are blocks of an unknown or custom kind.
    """

    __slots__ = ("defect_count", "defects", "delivered", "endings", "flagged", "lost", "skipped", "strict")

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict
        self.delivered = 0
        self.flagged = 0
        self.lost = 0
        self.skipped = 0
        self.defect_count = 0
        self.defects: list[Defect] = []
        self.endings: list[Defect] = []
        """Those beyond which nothing was read, so that nobody takes a part for the whole; always in `defects` too."""

    @property
    def read(self) -> int:
        """Records met: always `good + damaged + skipped`."""
        return self.delivered + self.lost + self.skipped

    @property
    def good(self) -> int:
        """Frames delivered without a defect of their own."""
        return self.delivered - self.flagged

    @property
    def damaged(self) -> int:
        """Records with a defect: delivered and flagged, or lost."""
        return self.flagged + self.lost

    def report(self, defect: Defect) -> Defect:
        """Keep a defect; when strict, raise it instead."""
        if self.strict:
            raise defect
        self.defect_count += 1
        if len(self.defects) < MAX_KEPT_DEFECTS:
            self.defects.append(defect)
        return defect

    def end(self, defect: Defect) -> Defect:
        """Keep the defect beyond which nothing can be read, however many came before it."""
        self.report(defect)
        self.endings.append(defect)
        if self.defects[-1] is not defect:
            self.defects.append(defect)
        return defect

    def lose(self, defect: Defect) -> None:
        """One record could not be handed over, and why."""
        self.lost += 1
        self.report(defect)

    def lose_the_rest(self, defect: Defect) -> None:
        """One record could not be handed over, nor what comes after it, and why."""
        self.lost += 1
        self.end(defect)

    def __str__(self) -> str:
        return f"{self.read} read = {self.good} good + {self.damaged} damaged + {self.skipped} skipped"

"""The packets of one conversation, kept small: a million of them in 100 MB.

Most packets are segments and datagrams with nothing unusual about them: their numbers are packed, 80 octets each. The
others (errors, fragments, SYNs and SACKs with their options) are few, and kept as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from struct import Struct, error
from typing import Any, overload

from rawkit.analysis.observed import MAX_DATA, NO_OPTIONS, Address, Observed, Options

ROW = Struct(f"<BHHIqIIIIiiII{MAX_DATA + 1}p")
"""end and kind, flags, window, number, time, octets, length, seq, ack, identification, whole, tsval, tsecr, data."""

FLAGS_AT = 1
"""Where the lower eight flags are in a row."""

KINDS = ("tcp", "udp")
STAMPED, TIMELESS = 4, 8
"""Bits of the first octet, beside the end (1) and the kind (2)."""

OPTIONS = Observed._fields.index("options")
USUAL = tuple(Observed._field_defaults[name] for name in Observed._fields[OPTIONS + 1 :])
WITHOUT_STAMPS = (NO_OPTIONS[:-3], NO_OPTIONS[-1])
"""What a plain packet has in the fields that are not packed."""

NOTHING = -1
"""For a number that is not there."""


class Records(Sequence[Observed]):
    """What was observed between two ends, in the capture's order."""

    __slots__ = ("_ends", "_others", "_rows")

    def __init__(self, ends: tuple[Address, Address]) -> None:
        self._ends = ends
        self._rows = bytearray()
        self._others: dict[int, Observed] = {}

    def append(self, observed: Observed) -> None:
        """Keep one more."""
        row = self._packed(observed)
        if row is None:
            self._others[len(self)] = observed
            row = bytes(ROW.size)
        self._rows += row

    def append_row(self, row: bytes) -> None:
        """Keep one more, that `quick.py` has packed."""
        self._rows += row

    def _packed(self, observed: Observed) -> bytes | None:
        """The row of a plain packet; None where something about it has no place there."""
        (
            kind,
            protocol,
            source,
            _,
            number,
            time_ns,
            octets,
            length,
            flags,
            seq,
            ack,
            window,
            whole,
            identification,
            data,
        ) = observed[:OPTIONS]
        options = observed.options
        stamped = options.tsval is not None and options.tsecr is not None
        if kind != protocol or observed[OPTIONS + 1 :] != USUAL or (options[:-3], options[-1]) != WITHOUT_STAMPS:
            return None
        first = (source == self._ends[1]) | (kind == "udp") << 1 | stamped << 2 | (time_ns is None) << 3
        try:
            return ROW.pack(
                *(first, flags, window, number, time_ns or 0, octets, length, seq, ack),
                NOTHING if identification is None else identification,
                NOTHING if whole is None else whole,
                *(options.tsval or 0, options.tsecr or 0, data),
            )
        except error:  # a time past the year 2262
            return None

    def _unpacked(self, row: bytes | bytearray) -> Observed:
        first, flags, window, number, time_ns, octets, length, seq, ack, identification, whole, tsval, tsecr, data = (
            ROW.unpack(row)
        )
        end, kind = first & 1, KINDS[first >> 1 & 1]
        return Observed(
            kind,
            kind,
            self._ends[end],
            self._ends[1 - end],
            number,
            None if first & TIMELESS else time_ns,
            octets,
            length,
            flags,
            seq,
            ack,
            window,
            None if whole == NOTHING else whole,
            None if identification == NOTHING else identification,
            data,
            Options(tsval=tsval, tsecr=tsecr) if first & STAMPED else NO_OPTIONS,
        )

    def __len__(self) -> int:
        return len(self._rows) // ROW.size

    @overload
    def __getitem__(self, at: int) -> Observed: ...
    @overload
    def __getitem__(self, at: slice) -> list[Observed]: ...
    def __getitem__(self, at: int | slice) -> Observed | list[Observed]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        index = range(len(self))[at]
        other = self._others.get(index)
        return other if other is not None else self._unpacked(self._rows[index * ROW.size : (index + 1) * ROW.size])

    def __iter__(self) -> Iterator[Observed]:
        return (self[index] for index in range(len(self)))

    def plain(self, start: int) -> Iterator[tuple[Any, ...]] | None:
        """The rows from `start` on as they are packed (see `ROW`); None where any of them is no plain packet."""
        if any(at >= start for at in self._others):
            return None
        return ROW.iter_unpack(memoryview(self._rows)[start * ROW.size :])

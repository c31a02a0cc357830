"""What a pcapng file says beside its packets: sections, interfaces, names, statistics, secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from rawkit.capture.frame import Interface
from rawkit.capture.pcapng_values import Option, Order

MAX_KEPT_NOTES = 65_536
"""Sections, interfaces, names, statistics and secrets kept of one capture, each; the rest is only counted."""
MAX_NOTED_OCTETS = 64 << 20
"""Octets of all blocks that notes and options of interfaces are kept of; the rest is only counted."""
OPTION_OCTETS = 256
"""What each option counts for there beside the block's octets: the least ones take more memory than room in a file."""
MAX_UNKNOWN_KINDS = 100
"""Kinds of blocks nobody here understands that are told apart in `Notes.blocks`; those of further ones count as one."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Section:
    """One section header: several captures may stand one after the other in a file."""

    index: int
    byteorder: Order
    version: tuple[int, int]
    length: int | None
    """Octets that follow in this section; None when its writer did not know."""
    options: tuple[Option, ...] = ()


class Statistics(NamedTuple):
    """What the recording host counted on one interface."""

    interface: Interface
    time_ns: int
    options: tuple[Option, ...]


class Secrets(NamedTuple):
    """Key material that lets a dissector decrypt; `kind` 0x544c534b is a TLS key log."""

    kind: int
    octets: bytes


@dataclass
class Notes:
    """What a pcapng file says beside its packets, bounded in number and in octets."""

    sections: list[Section] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    statistics: list[Statistics] = field(default_factory=list)
    secrets: list[Secrets] = field(default_factory=list)
    blocks: Counter[str] = field(default_factory=Counter)
    """How many of each kind were met, by name."""
    _names: dict[str, dict[str, None]] = field(default_factory=dict)
    _room: int = field(default_factory=lambda: MAX_NOTED_OCTETS, repr=False)
    _named: int = 0
    _unknown: int = 0

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Address to host names, as the recording host had them."""
        return {address: tuple(names) for address, names in self._names.items()}

    @property
    def has_room(self) -> bool:
        return self._room > 0

    def charge(self, octets: int, options: int = 0) -> None:
        """So much was met of what notes are kept of."""
        self._room -= octets + options * OPTION_OCTETS

    def keep(self, kept: list[_T], value: _T) -> None:
        """Add to one of the lists, while there is room."""
        if self.has_room and len(kept) < MAX_KEPT_NOTES:
            kept.append(value)

    def name(self, address: str, names: Iterable[str]) -> None:
        """What the host called an address: names are bounded over all addresses."""
        for name in names:
            if not self.has_room or self._named >= MAX_KEPT_NOTES:
                return
            known = self._names.setdefault(address, {})
            self._named += name not in known
            known[name] = None

    def count(self, name: str, known: bool) -> None:
        """One block was met; the name of one that is not `known` tells its number."""
        if not known and name not in self.blocks:
            if self._unknown < MAX_UNKNOWN_KINDS:
                self._unknown += 1
            else:
                name = "unknown block, of further kinds"
        self.blocks[name] += 1

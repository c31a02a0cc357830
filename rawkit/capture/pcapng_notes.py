"""What a pcapng file says beside its packets: sections, interfaces, names, statistics, secrets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from rawkit.capture.frame import Interface
from rawkit.capture.pcapng_values import Option, Order

MAX_KEPT_NOTES = 65_536
"""Sections, interfaces, names, statistics and secrets kept of one capture, each; the rest is only counted."""
MAX_NOTED_OCTETS = 64 << 20
"""Octets of all blocks that notes and options of interfaces are kept of; the rest is only counted."""


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
    """What a pcapng file says beside its packets."""

    sections: list[Section] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Address to host names, as the recording host had them."""
    statistics: list[Statistics] = field(default_factory=list)
    secrets: list[Secrets] = field(default_factory=list)
    blocks: Counter[str] = field(default_factory=Counter)
    """How many of each kind were met, by name."""

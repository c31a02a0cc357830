"""Another library that reads headers too, and where it reads a field otherwise than we do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from rawkit.capture import Frame
from rawkit.protocols import Ethernet
from rawkit.wire import Packet
from tests.witnesses.octets import NO_SHARED, single_frames

ETHERNET = 1


@dataclass(frozen=True)
class Peer:
    """`fields`: our header -> our field -> the peer's name of it. `decode`: its packet, None where it can read none.

    `header` finds, in its packet, the first header of the kind that ours is; `field` reads one; `plain` makes a value
    of either side comparable.
    """

    name: str
    fields: dict[Any, dict[str, str]]
    decode: Callable[[Frame], Any]
    header: Callable[[Any, Any], Any]
    field: Callable[[Any, str], Any]
    plain: Callable[[Any], Any]

    def disagreements(self, packet: Packet, theirs: Any) -> list[str]:
        """The fields of the first header of each kind that the peer reads otherwise."""
        found = []
        for ours, fields in self.fields.items():
            header, other = packet.get(ours), self.header(theirs, ours)
            if header is None or other is None:
                continue
            for name, name_there in fields.items():
                mine, value = getattr(header, name), self.field(other, name_there)
                if mine is not None and self.plain(mine) != self.plain(value):
                    found.append(f"{ours.__name__}.{name}: ours {mine!r}, {self.name}'s {value!r}")
        return found

    def examine(self, found: Sequence[Frame]) -> None:
        """Every Ethernet frame that is not damaged: of damaged ones each makes what it can."""
        wrong = []
        for frame in found:
            packet = frame.packet
            if frame.linktype != ETHERNET or packet.defects or Ethernet not in packet:
                continue
            theirs = self.decode(frame)
            if theirs is not None:
                wrong += [f"frame {frame.number}: {each}" for each in self.disagreements(packet, theirs)]
        assert not wrong, "\n".join(wrong[:20])

    def examine_single_frames(self) -> None:
        """Those of others that are kept one a file."""
        found = single_frames()
        if not found:
            pytest.skip(NO_SHARED)
        self.examine(found)

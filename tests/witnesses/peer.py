"""Another library that reads headers too, and where it reads a field otherwise than we do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from rawkit.capture import Frame
from rawkit.protocols import Ethernet
from rawkit.wire import Header, Packet
from rawkit.wire.role import LENGTH_LIMIT
from tests.conftest import NO_SHARED
from tests.witnesses.octets import single_frames

ETHERNET = 1

DAMAGED = {
    "snapped.pcap": 12,
    "HttpMalformedResponse.pcapng": 1,
    "Stp.pcap": 1,
    "ip4_bad_fragment.pcap": 1,
    "ipv4-malformed.pcap": 2,
    "single frames": 9,
}
"""Captures with frames that have defects, and how many: of these each makes what it can."""


@dataclass(frozen=True)
class Peer:
    """`fields`: our header -> our field -> the peer's name of it. `decode`: its packet, None where it can read none.

    `header` finds, in its packet, the first header of the kind that ours is; `field` reads one; `plain` makes a value
    of either side comparable. Of 802.3 frames it may read nothing; what follows an `opaque` header is unknown to it.
    """

    name: str
    fields: dict[Any, dict[str, str]]
    decode: Callable[[Frame], Any]
    header: Callable[[Any, Any], Any]
    field: Callable[[Any, str], Any]
    plain: Callable[[Any], Any]
    opaque: tuple[type[Header], ...] = ()

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

    def examine(self, found: Sequence[Frame], name: str) -> None:
        """Every Ethernet frame that is not damaged. `name` is the capture's, for what is known to be left out."""
        ethernet = [frame for frame in found if frame.linktype == ETHERNET]
        whole = [frame for frame in ethernet if not frame.packet.defects]
        assert len(ethernet) - len(whole) == DAMAGED.get(name, 0)
        wrong = []
        for frame in whole:
            theirs = self.decode(frame)
            if theirs is None:
                assert frame.packet[Ethernet].type < LENGTH_LIMIT, f"frame {frame.number}: {self.name} reads nothing"
            else:
                missing = self.missing(frame.packet, theirs)
                wrong += [
                    f"frame {frame.number}: {each}" for each in self.disagreements(frame.packet, theirs) + missing
                ]
        assert not wrong, "\n".join(wrong[:20])

    def missing(self, packet: Packet, theirs: Any) -> list[str]:
        """Our headers that the peer should have found and has not."""
        opaque = any(cls in packet for cls in self.opaque)
        return [
            f"{self.name} has no {ours.__name__}"
            for ours in self.fields
            if ours in packet and self.header(theirs, ours) is None and not opaque
        ]

    def examine_single_frames(self) -> None:
        """Those of others that are kept one a file."""
        found = single_frames()
        if not found:
            pytest.skip(NO_SHARED)
        self.examine(found, "single frames")

"""The one header of a pcap file, as near to a capture's interfaces as one header can be."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from rawkit.capture.frame import Interface
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.linktypes import ETHERNET, LinkType
from rawkit.capture.pcap_writer import holds_fcs_length
from rawkit.capture.pcapng_values import Order
from rawkit.capture.reader import Capture


class Fitting:
    """What a pcap header says so that it is true of the packets of every interface that was added."""

    def __init__(self) -> None:
        self.linktype = LinkType(ETHERNET)
        self.byteorder: Order = "little"
        self.nanoseconds = False
        self.snaplen = 0
        self.reserved = (0, 0)
        self._fcs_lengths: set[int | None] = set()

    def add(self, interface: Interface) -> None:
        if not self._fcs_lengths:
            self.linktype, self.byteorder = interface.linktype, interface.byteorder
        self.nanoseconds |= 1_000_000 % interface.ticks_per_second != 0
        self.snaplen = max(self.snaplen, interface.snaplen or MAX_CAPTURED_LENGTH)
        self._fcs_lengths.add(interface.fcs_length)

    def widen(self) -> None:
        """For interfaces that are not known yet: resolution and snaplen of the finest and longest there may be."""
        self.nanoseconds = True
        self.snaplen = max(self.snaplen, MAX_CAPTURED_LENGTH)

    @property
    def is_widest(self) -> bool:
        return self.nanoseconds and self.snaplen >= MAX_CAPTURED_LENGTH and None in self._fcs_lengths

    @property
    def fcs_length(self) -> int | None:
        """Where it is the same of all, and a pcap header can say it."""
        length = next(iter(self._fcs_lengths)) if len(self._fcs_lengths) == 1 else None
        return length if holds_fcs_length(length) else None


def fit(capture: Capture, first: Interface | None, again: Callable[[], Capture] | None) -> Fitting:
    """The header for a capture whose first packet is of that interface.

    A pcapng file may describe further interfaces anywhere. It is gone through once more for them by `again`; where that
    cannot be (a pipe), the header leaves room for any.
    """
    fitting = Fitting()
    if first is not None:
        fitting.add(first)
    if capture.header is not None:
        fitting.snaplen, fitting.reserved = capture.header.snaplen, capture.header.reserved
    elif capture.format == "pcapng" and not fitting.is_widest:
        if again is None:
            fitting.widen()
        else:
            _add_all(fitting, again)
    return fitting


def _add_all(fitting: Fitting, again: Callable[[], Capture]) -> None:
    last = None
    with again() as capture:
        for frame in capture:
            if frame.interface is not last:
                last = frame.interface
                fitting.add(last)


def can_be_read_again(source: str | Path) -> bool:
    return str(source) != "-" and stat.S_ISREG(Path(source).stat().st_mode)

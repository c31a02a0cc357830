"""NTP, its header read by dpkt (RFC 5905): UDP port 123.

`packet[NTP]` has the header's fields. Control messages (RFC 9327) and private ones share the first octet only, and no
more is read of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dpkt.ntp

from rawkit.errors import Defect
from rawkit.wire import Application

HEADER = 48
"""Octets, RFC 5905 section 7.3."""

CONTROL, PRIVATE = 6, 7

MODES = (
    "unspecified",
    "symmetric active",
    "symmetric passive",
    "Client",
    "Server",
    "Broadcast",
    "Control Message",
    "Reserved",
)
"""RFC 5905 figure 10, in tcpdump's words."""

SHORTEST = {CONTROL: 12, PRIVATE: 8}
"""Octets of the other messages' headers."""

LONGEST_MAC = 24
"""Octets of a key's number and the longest digest (RFC 5905 section 7.5, as RFC 7822 has it): what is longer begins
with an extension."""

SHORTEST_EXTENSION = 16
"""Octets of the shortest extension field (RFC 5905 section 7.5, as RFC 7822 has it)."""

UNIX_EPOCH = 2_208_988_800
"""1970, in NTP's seconds since 1900."""

ERA = 1 << 32
"""Seconds after which they start anew: in February 2036 (RFC 5905 section 6)."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

TIMES = {
    "ntp.reftime": "update_time",
    "ntp.org": "originate_time",
    "ntp.rec": "receive_time",
    "ntp.xmt": "transmit_time",
}
"""Wireshark's name of a time stamp -> dpkt's."""


PLACES = {
    "ntp.flags": (0, 1),
    "ntp.stratum": (1, 2),
    "ntp.ppoll": (2, 3),
    "ntp.precision": (3, 4),
    "ntp.rootdelay": (4, 8),
    "ntp.rootdispersion": (8, 12),
    "ntp.refid": (12, 16),
    "ntp.reftime": (16, 24),
    "ntp.org": (24, 32),
    "ntp.rec": (32, 40),
    "ntp.xmt": (40, 48),
}
"""Where the fields of the header are."""


def nanoseconds(stamp: bytes) -> int | None:
    """A time stamp of 64 bits as nanoseconds since 1970; None for 0, which means that it is not known.

    Seconds whose first bit is clear are those after 2036 (RFC 4330 section 3).
    """
    whole, fraction = int.from_bytes(stamp[:4], "big"), int.from_bytes(stamp[4:], "big")
    if not whole and not fraction:
        return None
    era = 0 if whole >= ERA >> 1 else ERA
    return (whole + era - UNIX_EPOCH) * 1_000_000_000 + (fraction * 1_000_000_000 >> 32)


class NTP(Application):
    """One message. Made from its octets (a `Defect` is raised where they are none).

    `leap`, `version`, `mode` (a number; `mode_name`), `stratum`; `poll` and `precision` in powers of two of a second;
    `root_delay` and `root_dispersion` in seconds; `reference_id` four octets; the four times in nanoseconds since 1970,
    or None; `extensions` as (type, octets), `key_id` and `mac` behind them, or None. A control or private message has
    only the first three.
    """

    wireshark = "ntp"

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        flags = octets[0] if octets else 0
        self.leap, self.version, self.mode = flags >> 6, flags >> 3 & 7, flags & 7
        shortest = SHORTEST.get(self.mode, HEADER)
        if len(octets) < shortest:
            raise Defect("NTP", "", 0, f"{len(octets)} octets", f"at least {shortest}", "message cut short")
        self.header = None if self.mode in SHORTEST else dpkt.ntp.NTP(octets[:HEADER])
        self.extensions: tuple[tuple[int, bytes], ...] = ()
        self.key_id: bytes | None = None
        self.mac: bytes | None = None
        if self.header is not None:
            self._read(self.header)

    def _read(self, header: Any) -> None:
        self.stratum = header.stratum
        self.poll = signed(header.interval)
        self.precision = signed(header.precision)
        self.root_delay = header.delay / (1 << 16)
        self.root_dispersion = header.dispersion / (1 << 16)
        self.reference_id = header.id
        self.reference_time_ns = nanoseconds(header.update_time)
        self.origin_time_ns = nanoseconds(header.originate_time)
        self.receive_time_ns = nanoseconds(header.receive_time)
        self.transmit_time_ns = nanoseconds(header.transmit_time)
        rest = HEADER
        self.extensions = tuple(extensions(self.octets))
        rest += sum(4 + len(value) for _, value in self.extensions)
        if len(self.octets) >= rest + 4:
            self.key_id, self.mac = self.octets[rest : rest + 4], self.octets[rest + 4 :]

    @property
    def mode_name(self) -> str:
        return MODES[self.mode]

    def summary(self) -> str:
        """One line in tcpdump's habit: `NTPv4, Client, length 48`."""
        return f"NTPv{self.version}, {self.mode_name}, length {len(self.octets)}"

    def fields(self) -> list[tuple[str, Any]]:
        """(Wireshark's name, value) in the order of the message."""
        return list(self._fields())

    def parts(self) -> list[tuple[str, int, int, str]]:
        """The header, RFC 5905 figure 8."""
        return [(name, *PLACES[name], str(value)) for name, value in self._fields() if name in PLACES]

    def _fields(self) -> Iterator[tuple[str, Any]]:
        yield "ntp.flags", self.octets[0]
        if self.mode != PRIVATE:
            yield "ntp.flags.li", self.leap
        yield "ntp.flags.vn", self.version
        yield "ntp.flags.mode", self.mode
        if self.header is None:
            return
        yield "ntp.stratum", self.stratum
        yield "ntp.ppoll", self.header.interval
        yield "ntp.precision", self.header.precision
        yield "ntp.rootdelay", self.header.delay
        yield "ntp.rootdispersion", self.header.dispersion
        yield "ntp.refid", self.reference_id.hex(":")
        for name, attribute in TIMES.items():
            yield name, wireshark_time(getattr(self.header, attribute))
        for kind, value in self.extensions:
            yield "ntp.ext.type", kind
            yield "ntp.ext.length", 4 + len(value)
        if self.key_id is not None and self.mac is not None:
            yield "ntp.keyid", self.key_id.hex(":")
            if self.mac:
                yield "ntp.mac", self.mac.hex(":")


def signed(octet: int) -> int:
    """An octet in two's complement."""
    return octet - 256 if octet > 127 else octet


def extensions(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """RFC 5905 section 7.5: type and octets of each extension field between header and key."""
    at = HEADER
    while len(octets) - at > LONGEST_MAC:
        kind, length = int.from_bytes(octets[at : at + 2], "big"), int.from_bytes(octets[at + 2 : at + 4], "big")
        if length < SHORTEST_EXTENSION or length % 4 or at + length > len(octets):
            return
        yield kind, octets[at + 4 : at + length]
        at += length


def wireshark_time(stamp: bytes) -> str:
    """`Jul 14, 2015 09:15:47.192958377 UTC`, or `NULL` where no second is given."""
    time_ns = nanoseconds(stamp)
    if time_ns is None or not any(stamp[:4]):
        return "NULL"
    whole, rest = divmod(time_ns, 1_000_000_000)
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=whole)
    return f"{MONTHS[day.month - 1]} {day.day:2}, {day:%Y %H:%M:%S}.{rest:09d} UTC"


def decode(octets: bytes) -> NTP:
    """A UDP payload."""
    return NTP(octets)

"""DHCP and BOOTP, the fixed part read by dpkt (RFC 2131, RFC 951): UDP ports 67 and 68.

`packet[DHCP]` has the fields by RFC 2131's names and the options by number. The options are read in `dhcp_options.py`:
dpkt stops without a word where one is cut, and has no place for padding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dpkt.dhcp

from rawkit.errors import Defect
from rawkit.interop.dhcp_options import (
    MESSAGE_TYPE,
    OVERLOAD,
    DHCPOption,
    Options,
    option_fields,
    option_parts,
    words,
)
from rawkit.wire import Application
from rawkit.wire.address import IPv4Address, MACAddress

FIXED = 236
"""Octets before the options, RFC 2131 section 2."""

COOKIE = bytes.fromhex("63825363")
"""What options begin with, RFC 2131 section 3; a BOOTP message may do without."""

PLACES = {
    "dhcp.type": (0, 1),
    "dhcp.hw.type": (1, 2),
    "dhcp.hw.len": (2, 3),
    "dhcp.hops": (3, 4),
    "dhcp.id": (4, 8),
    "dhcp.secs": (8, 10),
    "dhcp.flags": (10, 12),
    "dhcp.ip.client": (12, 16),
    "dhcp.ip.your": (16, 20),
    "dhcp.ip.server": (20, 24),
    "dhcp.ip.relay": (24, 28),
    "dhcp.hw.mac_addr": (28, 34),
    "dhcp.hw.addr": (28, 44),
    "dhcp.server": (44, 108),
    "dhcp.file": (108, 236),
    "dhcp.cookie": (236, 240),
}
"""Where the fields of the fixed part are."""

SNAME, FILE = PLACES["dhcp.server"], PLACES["dhcp.file"]
"""These two fields may hold options instead (RFC 2132 section 9.3)."""

OPERATIONS = {1: "Request", 2: "Reply"}

MESSAGE_TYPES = {
    1: "Discover",
    2: "Offer",
    3: "Request",
    4: "Decline",
    5: "ACK",
    6: "NAK",
    7: "Release",
    8: "Inform",
    9: "Force Renew",
    10: "Lease Query",
    11: "Lease Unassigned",
    12: "Lease Unknown",
    13: "Lease Active",
}
"""IANA's values of option 53 (RFC 2132 section 9.6, RFC 3203, RFC 4388)."""

ETHERNET, BROADCAST = 1, 0x8000

HLEN, CHADDR, LONGEST_ADDRESS = PLACES["dhcp.hw.len"][0], slice(*PLACES["dhcp.hw.addr"]), 16
"""Where `hlen` and `chaddr` are, and the octets that it has."""


class DHCP(Application):
    """One message. Made from its octets (a `Defect` is raised where they are none).

    RFC 2131's names: `op`, `htype`, `hlen`, `hops`, `xid`, `secs`, `flags`, `ciaddr`, `yiaddr`, `siaddr`, `giaddr`,
    `chaddr` (as many octets as `hlen` says), `sname`, `file` (text; None where options are in their place). `options`
    are `DHCPOption`s, none in a BOOTP message without the magic cookie; `message_type` is a word ("Discover"), None in
    BOOTP.
    """

    wireshark = "dhcp"

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        if len(octets) < FIXED:
            raise Defect("DHCP", "", 0, f"{len(octets)} octets", f"at least {FIXED}", "message cut short")
        header = dpkt.dhcp.DHCP(octets[:FIXED] + bytes(4))  # the cookie is not always there
        self.op, self.htype, self.hlen, self.hops = header.op, header.hrd, header.hln, header.hops
        self.xid, self.secs, self.flags = header.xid, header.secs, header.flags
        self.ciaddr, self.yiaddr = IPv4Address(header.ciaddr), IPv4Address(header.yiaddr)
        self.siaddr, self.giaddr = IPv4Address(header.siaddr), IPv4Address(header.giaddr)
        self.chaddr = header.chaddr
        if self.hlen > LONGEST_ADDRESS:
            at, most = HLEN, f"at most {LONGEST_ADDRESS}"
            self.defects = (Defect("DHCP", "hlen", at, self.hlen, most, "longer than the field of the address"),)
        self.cookie = octets[FIXED : FIXED + 4]
        self.options: tuple[DHCPOption, ...] = ()
        if self.cookie == COOKIE:
            self._read(FIXED + 4, len(octets))
        overload = self.option(OVERLOAD)
        overloaded = overload if isinstance(overload, int) else 0
        for bit, place in ((1, FILE), (2, SNAME)):
            if overloaded & bit:
                self._read(*place)
        self.file = None if overloaded & 1 else words(header.file)
        self.sname = None if overloaded & 2 else words(header.sname)

    def _read(self, begin: int, end: int) -> None:
        """The options there, after those that were read before."""
        found = Options(self.octets, begin, end)
        self.options += found.options
        self.defects += tuple(found.defects)

    def option(self, code: int) -> Any:
        """The value of an option, None where it is not there."""
        return next((option.value for option in self.options if option.code == code), None)

    @property
    def message_type(self) -> str | None:
        number = self.option(MESSAGE_TYPE)
        return None if number is None else MESSAGE_TYPES.get(number, f"type {number!r}")

    @property
    def hardware_address(self) -> str:
        """`chaddr` as text."""
        return str(MACAddress(self.chaddr)) if len(self.chaddr) == MACAddress.size else self.chaddr.hex(":")

    def summary(self) -> str:
        """One line in tcpdump's habit, then what DHCP says.

        `BOOTP/DHCP, Request from 02:00:00:00:00:01, length 300: Discover`.
        """
        said = OPERATIONS.get(self.op, f"unknown (0x{self.op:02x})")
        if self.op == 1 and (self.htype, self.hlen) == (ETHERNET, MACAddress.size):
            said += f" from {self.hardware_address}"
        return f"BOOTP/DHCP, {said}, length {len(self.octets)}{self._meaning()}"

    def _meaning(self) -> str:
        """`: Offer 10.0.0.5`: the message's type with the address it is about."""
        if self.message_type is None:
            return ""
        address = self.yiaddr if self.yiaddr.number else self.option(50) or (self.ciaddr if self.ciaddr.number else "")
        return f": {self.message_type} {address if isinstance(address, str) else ''}".rstrip()

    def fields(self) -> list[tuple[str, Any]]:
        """(Wireshark's name, value) in the order of the message."""
        fields = [*self._fixed_fields()]
        for option in self.options:
            fields += option_fields(option)
        return fields

    def parts(self) -> list[tuple[str, int, int, str]]:
        """The fixed part, RFC 2131 section 2, and the options."""
        fixed = [(name, *PLACES[name], str(value)) for name, value in self._fixed_fields() if name in PLACES]
        return [*fixed, *(part for option in self.options for part in option_parts(option))]

    def _fixed_fields(self) -> Iterator[tuple[str, Any]]:
        yield "dhcp.type", self.op
        yield "dhcp.hw.type", self.htype
        yield "dhcp.hw.len", self.hlen
        yield "dhcp.hops", self.hops
        yield "dhcp.id", self.xid
        yield "dhcp.secs", likely_seconds(self.secs)
        yield "dhcp.flags", self.flags
        yield "dhcp.flags.bc", bool(self.flags & BROADCAST)
        yield "dhcp.flags.reserved", self.flags & ~BROADCAST
        yield "dhcp.ip.client", self.ciaddr
        yield "dhcp.ip.your", self.yiaddr
        yield "dhcp.ip.server", self.siaddr
        yield "dhcp.ip.relay", self.giaddr
        ethernet = (self.htype, self.hlen) == (ETHERNET, MACAddress.size)
        if ethernet:
            yield "dhcp.hw.mac_addr", self.hardware_address
        elif self.chaddr:
            yield "dhcp.hw.addr", self.octets[CHADDR].hex(":")
        if self.sname is not None:
            yield "dhcp.server", self.sname
        if self.file is not None:
            yield "dhcp.file", self.file
        if self.cookie == COOKIE:
            yield "dhcp.cookie", IPv4Address(self.cookie)


def likely_seconds(secs: int) -> int:
    """Wireshark's meaning of `secs`: with nothing in the low octet, it is taken to be in the wrong byte order."""
    return secs if secs & 0xFF else secs >> 8


def decode(octets: bytes) -> DHCP:
    """A UDP payload."""
    return DHCP(octets)

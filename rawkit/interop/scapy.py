# SPDX-License-Identifier: GPL-2.0-only
"""scapy: packets that go there and come back, and its reader of BER, the encoding of SNMP.

This is the one file that imports scapy. scapy is GPL-2.0-only, and so is this file; everything else is BSD-3-Clause.
It is imported on first use, without a word on the terminal and without the files that it otherwise keeps in the user's
folders. It would read the system's routes on import; here they are read when somebody first asks scapy for one. (The
list of interfaces it does read, where packets go to scapy; SNMP needs nothing of the system.)
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from rawkit.errors import FieldError
from rawkit.interop.counterparts import Counterparts, exact
from rawkit.wire import Packet
from rawkit.wire.application import complaint

COUNTERPARTS = Counterparts(
    ("scapy.layers.l2:Ether", "rawkit.protocols.ethernet:Ethernet"),
    ("scapy.layers.l2:Dot3", "rawkit.protocols.ethernet:Ethernet"),
    ("scapy.layers.l2:ARP", "rawkit.protocols.arp:ARP"),
    ("scapy.layers.inet:IP", "rawkit.protocols.ipv4:IPv4"),
    ("scapy.layers.inet6:IPv6", "rawkit.protocols.ipv6:IPv6"),
    ("scapy.layers.inet:TCP", "rawkit.protocols.tcp:TCP"),
    ("scapy.layers.inet:UDP", "rawkit.protocols.udp:UDP"),
    ("scapy.layers.l2:Loopback", "rawkit.protocols.loopback:LoopbackLE"),
    ("scapy.layers.l2:LoopbackOpenBSD", "rawkit.protocols.loopback:LoopbackBE"),
    ("scapy.layers.l2:CookedLinux", "rawkit.protocols.sll:SLL"),
    ("scapy.layers.l2:CookedLinuxV2", "rawkit.protocols.sll:SLL2"),
)

FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
NOWHERE = f"{os.devnull}/nowhere"
"""Where scapy looks for a place for its files while it is imported, and a place that cannot be."""


@contextmanager
def quiet() -> Iterator[None]:
    """scapy logs nothing meanwhile: what is wrong with a packet, `packet.defects` says."""
    log = logging.getLogger("scapy")
    before = log.level or logging.WARNING  # scapy's own choice where nobody has chosen
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def importing() -> Iterator[None]:
    """scapy is imported meanwhile: no warnings, and no folders in which it could keep anything."""
    before = {name: os.environ.get(name) for name in FOLDERS}
    os.environ.update(dict.fromkeys(FOLDERS, NOWHERE))
    try:
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value


class Later:
    """A table of routes that reads the system's when it is first used."""

    def __getattr__(self, name: str) -> Any:
        if name not in ("routes", "ipv6_ifaces"):
            raise AttributeError(name)
        self.resync()
        return self.__dict__[name]


@cache
def layers() -> Any:
    """scapy's link, network and transport headers, imported; gives its module of the basic packets."""
    with importing():
        import_layers()
        return import_module("scapy.packet")


def import_layers() -> None:
    from scapy.config import conf

    unread = [name for name in ("route", "route6") if getattr(conf, name) is None]
    automatic = conf.route_autoload, conf.route6_autoload
    conf.route_autoload = conf.route6_autoload = False
    try:
        for name in ("l2", "inet", "inet6"):
            import_module(f"scapy.layers.{name}")
    finally:
        conf.route_autoload, conf.route6_autoload = automatic
    for table in (getattr(conf, name) for name in unread):
        for name in {"routes", "ipv6_ifaces"} & vars(table).keys():
            delattr(table, name)
        table.__class__ = type(type(table).__name__, (Later, type(table)), {})


def to_scapy(packet: Packet) -> Any:
    """The packet as scapy reads it, with exactly its octets.

    scapy dissects with the layers it has loaded: of its own accord link, network and transport headers, after
    `import scapy.all` all. A header that scapy would write otherwise than it stands in the packet becomes `Raw`, with
    all inside it; so does a packet whose first header scapy does not have.
    """
    with quiet():
        raw = layers().Raw
        kind = COUNTERPARTS.theirs(packet) or raw
        try:
            theirs = kind(packet.octets)
            whole = exact(theirs, packet.octets, list(theirs.iterpayloads()), carry)
        except Exception:  # whatever scapy raises on octets from the network
            whole = False
        if not whole:
            theirs = raw(packet.octets)
        theirs.wirelen = packet.wire_length
        return theirs


def carry(header: Any, octets: bytes) -> None:
    """Let a header of scapy's carry plain octets, or nothing."""
    header.remove_payload()
    if octets:
        header.add_payload(layers().Raw(octets))


def from_scapy(theirs: Any) -> Packet:
    """scapy's packet as ours: the octets that scapy gives it, decoded.

    A first header that rawkit does not have leaves plain octets. FieldError for what is no packet of scapy's, or cannot
    be encoded.
    """
    with quiet():
        if not isinstance(theirs, layers().Packet):
            raise FieldError(f"from_scapy takes a packet of scapy's, not {type(theirs).__name__}")
        try:
            octets = bytes(theirs)
        except Exception as error:
            raise FieldError(f"scapy cannot encode this packet: {complaint(error)}") from error
        return Packet.decode(octets, first=COUNTERPARTS.ours(theirs), wire_length=theirs.wirelen)


@cache
def codecs() -> tuple[Any, Any]:
    """scapy's modules of BER and of ASN.1's classes, imported; neither needs its layers, nor a socket."""
    with importing():
        import_module("scapy.asn1.mib")  # its names of object identifiers, without which scapy makes none
        return import_module("scapy.asn1.ber"), import_module("scapy.asn1.asn1")


def ber_header(octets: bytes) -> tuple[int, int, int]:
    """The first value of BER (X.690): its tag, and where its contents begin and end, if need be past the octets."""
    ber, _ = codecs()
    tag, rest = ber.BER_id_dec(octets)
    length, rest = ber.BER_len_dec(rest)
    begin = len(octets) - len(rest)
    return tag, begin, begin + length


def ber_value(octets: bytes) -> Any:
    """One value of a simple type: an int, octets, or the text of an address or an object identifier."""
    _, asn1 = codecs()
    codec = asn1.ASN1_Class_UNIVERSAL[octets[0]].get_codec(asn1.ASN1_Codecs.BER)
    return codec.do_dec(octets)[0].val

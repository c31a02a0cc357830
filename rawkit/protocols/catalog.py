"""Protocols and fields by the names that people type, in any case: "tcp", "ip", "MSS"; "tcp.dport", "tcp.dstport".

>>> protocol("ip"), field("tcp.dstport")
(<class 'rawkit.protocols.ipv4.IPv4'>, (<class 'rawkit.protocols.tcp.TCP'>, 'dport'))
>>> protocol("tpc")
Traceback (most recent call last):
rawkit.protocols.catalog.UnknownProtocol: no protocol 'tpc'; did you mean 'tcp'?
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import rawkit.protocols as room
from rawkit.errors import FieldError, nearest
from rawkit.protocols.numbers import IP_PROTOCOLS, OF_ONE_VERSION, TCP_PORTS, UDP_PORTS
from rawkit.wire import Bit, Header, NextHeader, Option, TypeOrLength
from rawkit.wire.field import FlagsField
from rawkit.wire.role import LENGTH_LIMIT

Class = type[Header] | type[Option]

ALIASES = {
    "ah": "AuthenticationHeader",
    "dot1ad": "ServiceVLAN",
    "dot1q": "VLAN",
    "ether": "Ethernet",
    "icmp": "ICMPv4",
    "icmp4": "ICMPv4",
    "icmp6": "ICMPv6",
    "ip": "IPv4",
    "ip4": "IPv4",
    "ip6": "IPv6",
    "pppoe": "PPPoESession",
    "pppoed": "PPPoEDiscovery",
    "pppoes": "PPPoESession",
    "pptp": "EnhancedGRE",
    "qinq": "ServiceVLAN",
}
"""What people type beside the classes' own names and Wireshark's."""


class UnknownProtocol(FieldError):
    """A name that means no protocol."""


def classes() -> Iterator[Class]:
    """Every public header and option class, headers first, each in the order of `rawkit.protocols.__all__`."""
    public = [getattr(room, name) for name in room.__all__]
    for base in (Header, Option):
        yield from (cls for cls in public if isinstance(cls, type) and issubclass(cls, base))


def protocol(name: str) -> Class:
    """The header or option class that `name` means; UnknownProtocol with what comes nearest if none."""
    found = _protocols().get(name.lower())
    if found is None:
        raise UnknownProtocol(_unknown(name))
    return found


def _unknown(name: str) -> str:
    """What to write instead of a name that means no class: a file's that has several, another library's, or neither."""
    lowered = name.lower()
    several = [cls.__name__ for cls in classes() if cls.__module__ == f"{room.__name__}.{lowered}"]
    if several:
        return f"{name!r} is several: write {', '.join(several[:-1])} or {several[-1]}"
    if lowered in applications():
        return f"{name!r} has no header here, for another library reads it: write a message of it as octets"
    return f"no protocol {name!r}{nearest(lowered, _protocols())}"


def field(name: str) -> tuple[Class, str]:
    """The class and the field's name in it that `name` means: `PROTOCOL.FIELD` by our names or by Wireshark's.

    A message that follows a common header answers to that header's name too: "icmpv6.target" is a field of
    `NeighborSolicitation`, the message of the lowest type that has one. FieldError where there is none.
    """
    lowered = name.lower()
    known = _wireshark_fields().get(lowered)
    if known is not None:
        return known
    before, dot, short = lowered.partition(".")
    if not dot or not short:
        raise FieldError(f"{name!r} is not a field: write PROTOCOL.FIELD, like 'tcp.dport'")
    cls = protocol(before)
    owner = next((each for each in [cls, *messages(cls)] if short in each.layout.fields), None)
    if owner is None:
        names = [*cls.layout.fields, *_short_names(before)]
        own = ", ".join(cls.layout.fields)
        raise FieldError(f"{cls.__name__} has no field {short!r}{nearest(short, names)} (fields: {own})")
    return owner, short


def flag(name: str) -> tuple[Class, str, Bit]:
    """The class, the flags field and the bit that `name` means: "tcp.flags.syn", "ip.flags.df". FieldError if none."""
    found = _flags().get(name.lower())
    if found is None:
        raise FieldError(f"no flag {name!r}{nearest(name.lower(), _flags())}")
    return found


def messages(cls: Class) -> list[Class]:
    """The headers that are one protocol with `cls`: its messages, by the number that its type field has for them."""
    numbers = getattr(cls.layout.next_field and cls.layout.next_field.role, "numbers", None)
    found = [each for each in classes() if cls in each.layout.part_of]
    return sorted(found, key=lambda each: (numbers.of(each) if numbers else None) or 0)


def headers() -> Iterator[Class]:
    """Every header class that is a protocol by itself, and not a message of another."""
    return (cls for cls in classes() if issubclass(cls, Header) and not cls.layout.part_of)


def families() -> dict[Class, list[Class]]:
    """The families of options, each with its options by their kind, and the one that stands for unknown ones."""
    found: dict[Class, list[Class]] = {}
    for base in classes():
        if base.__mro__[1] is Option:
            layout: Any = base.layout
            found[base] = [kind for _, kind in sorted(layout.kinds.items())] + [layout.unknown]
    return found


def other_names(cls: Class) -> list[str]:
    """What a class is called beside its own name."""
    return [name for name, known in _protocols().items() if known is cls and name != cls.__name__.lower()]


def applications() -> dict[str, str]:
    """Protocols above the last header: name -> the module that reads their messages."""
    modules = {each.partition(":")[0] for table in (UDP_PORTS, TCP_PORTS) for each in table.dissectors.values()}
    return {module.rpartition(".")[2]: module for module in sorted(modules)}


def followers(cls: Class) -> dict[int, Any]:
    """Number -> the header (or chooser of headers) that can follow `cls` by that number in its next-header field."""
    field = cls.layout.next_field
    if field is None or not isinstance(field.role, NextHeader):
        return {}
    role, lowest = field.role, LENGTH_LIMIT if isinstance(field.role, TypeOrLength) else 0
    numbers = [number for number in sorted(role.numbers.classes) if lowest <= number <= field.mask]
    found = {number: role.numbers.classes[number] for number in numbers}
    version = ip_version(cls)
    if role.numbers is not IP_PROTOCOLS or version is None:
        return found
    return {number: follows for number, follows in found.items() if OF_ONE_VERSION.get(number, version) == version}


def ip_version(cls: Class) -> int | None:
    """The only version of IP in which a header stands; None where that can be either."""
    if "version" in cls.layout.fields:
        return cls.layout.fields["version"].must
    return OF_ONE_VERSION.get(IP_PROTOCOLS.numbers.get(cls, -1))


def wireshark_name(cls: Class, name: str) -> str:
    """Wireshark's name of a field; "" where it has none."""
    layout, declared = cls.layout, cls.layout.fields[name]
    if not layout.wireshark or declared.wireshark == "":
        return ""
    return f"{layout.wireshark}.{declared.wireshark or name}"


@cache
def _protocols() -> dict[str, Class]:
    """Lower-case name -> class: its own name first, then the aliases, then Wireshark's names."""
    found: dict[str, Class] = {cls.__name__.lower(): cls for cls in classes()}
    for alias, name in ALIASES.items():
        if name.lower() in found:
            found.setdefault(alias, found[name.lower()])
    for cls in classes():
        if cls.layout.wireshark and not cls.layout.part_of and issubclass(cls, Header):
            found.setdefault(cls.layout.wireshark, cls)
    return found


@cache
def _wireshark_fields() -> dict[str, tuple[Class, str]]:
    """Wireshark's name -> class and field; of several (an identifier in requests and replies) the lowest number's."""
    found: dict[str, tuple[Class, str]] = {}
    for common in classes():
        for cls in [common, *messages(common)]:
            for name in cls.layout.fields:
                found.setdefault(wireshark_name(cls, name), (cls, name))
    found.pop("", None)
    return found


@cache
def _flags() -> dict[str, tuple[Class, str, Bit]]:
    """Wireshark's name, and PROTOCOL.FIELD.BIT by ours -> class, flags field, bit."""
    found: dict[str, tuple[Class, str, Bit]] = {}
    for cls in classes():
        flag_fields: list[Any] = [each for each in cls.layout.fields.values() if isinstance(each, FlagsField)]
        for each in flag_fields:
            for bit in each.kind.bits:
                place = (cls, each.name, bit)
                found.setdefault(bit.wireshark, place)
                for owner in (cls.layout.wireshark, cls.__name__.lower()):
                    found.setdefault(f"{owner}.{each.name}.{bit.name}", place)
    found.pop("", None)
    return found


def _short_names(protocol_name: str) -> list[str]:
    """What may follow `protocol_name.` by Wireshark's names."""
    start = protocol_name + "."
    return [name.removeprefix(start) for name in _wireshark_fields() if name.startswith(start)]

"""Where Wireshark's name or value of a field is another than its declaration says, because of what the header holds.

Under a Wireshark name stands what Wireshark means by it, and nothing else; what it would call otherwise, or not name at
all, is `rawkit.` and our name. Checked against tshark 4.0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rawkit.protocols.group_records import exponential
from rawkit.wire.role import LENGTH_LIMIT

FRAGMENTATION_NEEDED = 4
"""The code of an ICMP unreachable that has an MTU (RFC 1191 section 4)."""

ADDRESS_FAMILY_LIMIT = 256
"""No system numbers its address families higher; what is, Wireshark takes for an EtherType or in other byte orders."""

ARPHRD_IPGRE = 778
"""Linux's number of a GRE interface."""

VENDOR_PIDS = {
    0x000081: "llc.nortel_pid",
    0x00000C: "llc.cisco_pid",
    0x0001E8: "llc.force10_pid",
    0x00005E: "llc.iana_pid",
    0x001090: "llc.cimetrics_pid",
    0x0017F2: "llc.apple_awdl_pid",
    0x001958: "llc.bluetooth_pid",
    0x004096: "llc.wlccp_pid",
    0x00805F: "llc.hpteam_pid",
    0x00E02B: "llc.extreme_pid",
    0x00E052: "llc.foundry_pid",
    0x080007: "llc.apple_atalk_pid",
}
"""Organizations whose protocol numbers behind SNAP have a name of their own."""

IPV4_OPTIONS = frozenset({0, 1, 7, 11, 12, 25, 68, 82, 130, 131, 133, 134, 136, 137, 148, 149})
IPCP_OPTIONS = frozenset({1, 2, 3, 4, 129, 130, 131, 132})
IPV6CP_OPTIONS = frozenset({1})
"""The kinds that Wireshark takes apart; of any other it gives neither type nor length."""


def last_stop(ip: Any) -> Any:
    """Where a source route that is not used up ends (RFC 791 section 3.1); None without one."""
    return type(ip).layout.route(ip)


def tenths(igmp: Any) -> int:
    """The time that a query leaves for answers; only version 3 knows exponents."""
    time: int = igmp.max_response
    return exponential(time) if type(igmp).__name__ == "IGMPQuery" else time


DIFFERENT: dict[str, Callable[[Any], Any]] = {
    "ip.hdr_len": lambda ip: ip.ihl * 4,
    "tcp.hdr_len": lambda tcp: tcp.data_offset * 4,
    "tcp.flags": lambda tcp: tcp.reserved << 9 | int(tcp.flags),
    "ip.dst": lambda ip: last_stop(ip) or ip.dst,
    "igmp.max_resp": tenths,
    "icmpv6.mld.maximum_response_code": lambda query: exponential(query.max_response, 15),
}
"""Wireshark's value: lengths in octets, reserved bits among the flags, the destination at the end of the route, a time
without its exponent (IGMP: tenths of a second, MLD: milliseconds).
"""

ADDED: dict[str, dict[str, Callable[[Any], Any]]] = {
    "ipv6": {"ip.version": lambda ip: ip.version},
    "ip": {"ip.cur_rt": lambda ip: ip.dst if last_stop(ip) else None},
}
"""Names beside those of the fields, by layer: the version of either IP; under a source route, the next stop."""


def cooked_protocol(sll: Any, before: Any) -> str:
    """Up to 1536 it is a number that only Linux gives; from a GRE interface one of GRE's."""
    if sll.protocol <= LENGTH_LIMIT:
        return "sll.ltype"
    return "sll.gretype" if sll.hardware_type == ARPHRD_IPGRE else "sll.etype"


def too_big(icmp: Any) -> bool:
    """Whether the common header of an unreachable says that the MTU is why."""
    return getattr(icmp, "code", None) == FRAGMENTATION_NEEDED


def of_version_2(igmp: Any) -> bool:
    """Whether an IGMP message has a time in it: version 1 has none, and its query 0 there."""
    return igmp.type in (0x16, 0x17) or (igmp.type == 0x11 and igmp.max_response > 0)


def known_option(name: str, kinds: frozenset[int]) -> Callable[[Any, Any], str]:
    """`name` in an option that Wireshark takes apart."""
    return lambda option, header: name if option.kind in kinds else "rawkit.option"


LAYERS = {
    "IPCP": "ipcp",
    "IPv6CP": "ipv6cp",
    "LCP": "lcp",
    "PPPoEDiscovery": "pppoed",
    "PPPoESession": "pppoes",
    "UDPLite": "udplite",
}
"""Layers whose fields have another protocol's names: our class -> Wireshark's name of the layer."""

PAYLOADS = {"tcp": "tcp.payload", "udp": "udp.payload", "udplite": "udp.payload"}
"""Layers whose payload has a name."""

STACKED = frozenset({"mpls"})
"""Layers in which Wireshark has all headers of a kind that follow one another."""

TABLES_OF_THEIR_OWN = frozenset({"geneve", "gre"})
"""Layers behind which Wireshark looks EtherTypes up without calling that a layer."""

RENAMED: dict[str, Callable[[Any, Any], str]] = {
    "eth.type": lambda eth, before: "eth.type" if eth.type >= LENGTH_LIMIT else "eth.len",
    "vlan.etype": lambda vlan, before: "vlan.etype" if vlan.type >= LENGTH_LIMIT else "vlan.len",
    "sll.etype": cooked_protocol,
    "null.family": lambda null, before: "null.family" if null.family < ADDRESS_FAMILY_LIMIT else "rawkit.family",
    "llc.pid": lambda snap, before: VENDOR_PIDS.get(snap.oui, "llc.pid"),
    "icmp.length": lambda icmp, before: "icmp.length" if icmp.length else "rawkit.length",
    "icmpv6.length": lambda icmp, before: "icmpv6.length" if icmp.length else "rawkit.length",
    "tcp.options.tfo.cookie": lambda tfo, tcp: "tcp.options.tfo.cookie" if tfo.cookie else "rawkit.cookie",
    "icmp.mtu": lambda icmp, before: "icmp.mtu" if too_big(before) else "rawkit.next_hop_mtu",
    "igmp.max_resp": lambda igmp, before: "igmp.max_resp" if of_version_2(igmp) else "rawkit.max_response",
    "ipcp.opt.length": known_option("ipcp.opt.length", IPCP_OPTIONS),
    "ipcp.opt.type": known_option("ipcp.opt.type", IPCP_OPTIONS),
    "ipv6cp.opt.length": known_option("ipv6cp.opt.length", IPV6CP_OPTIONS),
    "ipv6cp.opt.type": known_option("ipv6cp.opt.type", IPV6CP_OPTIONS),
    "ip.opt.type": known_option("ip.opt.type", IPV4_OPTIONS),
    "ip.opt.len": known_option("ip.opt.len", IPV4_OPTIONS),
}
"""Wireshark's name, by the header (or option) and the header before it (or around it)."""

TEXTS = frozenset(
    {
        *("pap.message", "pap.peer_id", "pppoed.tags.ac_name", "pppoed.tags.ac_system_error"),
        *("pppoed.tags.generic_error", "pppoed.tags.service_name", "pppoed.tags.service_name_error"),
    }
)
"""Octets that Wireshark gives as text."""


def text(name: str, value: Any) -> Any:
    """The value of a field as it is, or as text under the names of texts."""
    return value.decode("utf-8", "replace") if name in TEXTS and isinstance(value, bytes) else value


def name_here(header: Any, name: str, before: Any = None) -> str:
    """The name of a field, as it is with the values of its header and of the one before."""
    return RENAMED[name](header, before) if name in RENAMED else name


def further_ends(header: Any, options: tuple[Any, ...]) -> list[tuple[str, int]]:
    """Behind the end of TCP's options Wireshark lists each further 0 as one more, up to anything else."""
    layout = type(header).layout
    if layout.wireshark != "tcp" or not options or not type(options[-1]).layout.ends:
        return []
    rest = header.layout.octets[layout.size + sum(len(option.layout.octets) for option in options) :]
    return [("tcp.option_kind", 0)] * (len(rest) - len(rest.lstrip(b"\0")))

"""DHCP's options (RFC 2132): what they are called, what their octets mean, and Wireshark's names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from rawkit.errors import Defect
from rawkit.interop.texts import text
from rawkit.wire.address import IPv4Address

PAD, END = 0, 255
"""Single octets: RFC 2132 sections 3.1 and 3.2."""

OVERLOAD, MESSAGE_TYPE = 52, 53


class Kind(NamedTuple):
    """How an option's octets are read. `step`: their number, or a divisor of it where there is more than one value."""

    read: Callable[[bytes], Any]
    step: int = 0
    many: bool = False

    def fits(self, length: int) -> bool:
        if not self.step:
            return True
        return length > 0 and length % self.step == 0 if self.many else length == self.step


def number(octets: bytes) -> int:
    return int.from_bytes(octets, "big")


def words(octets: bytes) -> str:
    """Text, which some end with a zero octet."""
    return text(octets.partition(b"\0")[0])


ADDRESS = Kind(IPv4Address, 4)
ADDRESSES = Kind(
    lambda octets: tuple(IPv4Address(octets[at : at + 4]) for at in range(0, len(octets), 4)), 4, many=True
)
TRUTH = Kind(lambda octets: octets != b"\0", 1)
NUMBER8, NUMBER16, NUMBER32 = Kind(number, 1), Kind(number, 2), Kind(number, 4)
SIGNED32 = Kind(lambda octets: int.from_bytes(octets, "big", signed=True), 4)
CODES = Kind(tuple, 1, many=True)
TEXT = Kind(words)
OCTETS = Kind(bytes)


class Known(NamedTuple):
    """`wireshark` is the last part of Wireshark's name of the value, "" where it has none of its own."""

    name: str
    kind: Kind = OCTETS
    wireshark: str = ""


KNOWN: dict[int, Known] = {
    1: Known("subnet mask", ADDRESS, "subnet_mask"),
    2: Known("time offset", SIGNED32, "time_offset"),
    3: Known("router", ADDRESSES, "router"),
    4: Known("time server", ADDRESSES, "time_server"),
    5: Known("name server", ADDRESSES, "name_server"),
    6: Known("domain name server", ADDRESSES, "domain_name_server"),
    7: Known("log server", ADDRESSES, "log_server"),
    9: Known("LPR server", ADDRESSES, "lpr_server"),
    12: Known("host name", TEXT, "hostname"),
    15: Known("domain name", TEXT, "domain_name"),
    17: Known("root path", TEXT, "root_path"),
    19: Known("IP forwarding", TRUTH, "ip_forwarding"),
    23: Known("default IP TTL", NUMBER8, "default_ip_ttl"),
    26: Known("interface MTU", NUMBER16, "interface_mtu"),
    28: Known("broadcast address", ADDRESS, "broadcast_address"),
    33: Known("static route", ADDRESSES),
    35: Known("ARP cache timeout", NUMBER32, "arp_cache_timeout"),
    37: Known("TCP default TTL", NUMBER8, "tcp_default_ttl"),
    38: Known("TCP keep-alive interval", NUMBER32, "tcp_keepalive_interval"),
    40: Known("NIS domain", TEXT, "nis_domain"),
    41: Known("NIS server", ADDRESSES, "nis_server"),
    42: Known("NTP server", ADDRESSES, "ntp_server"),
    43: Known("vendor specific"),
    44: Known("NetBIOS name server", ADDRESSES, "netbios_over_tcpip_name_server"),
    46: Known("NetBIOS node type", NUMBER8, "netbios_over_tcpip_node_type"),
    50: Known("requested address", ADDRESS, "requested_ip_address"),
    51: Known("lease time", NUMBER32, "ip_address_lease_time"),
    OVERLOAD: Known("option overload", NUMBER8, "option_overload"),
    MESSAGE_TYPE: Known("message type", NUMBER8, "dhcp"),
    54: Known("server identifier", ADDRESS, "dhcp_server_id"),
    55: Known("parameter request list", CODES, "request_list_item"),
    56: Known("message", TEXT, "message"),
    57: Known("maximum message size", NUMBER16, "dhcp_max_message_size"),
    58: Known("renewal time", NUMBER32, "renewal_time_value"),
    59: Known("rebinding time", NUMBER32, "rebinding_time_value"),
    60: Known("vendor class", TEXT, "vendor_class_id"),
    61: Known("client identifier"),
    64: Known("NIS+ domain", TEXT, "nis_plus_domain"),
    65: Known("NIS+ server", ADDRESSES, "nis_plus_server"),
    66: Known("TFTP server name", TEXT, "tftp_server_name"),
    67: Known("boot file name", TEXT, "bootfile_name"),
    69: Known("SMTP server", ADDRESSES, "smtp_server"),
    77: Known("user class"),
    80: Known("rapid commit"),
    81: Known("client FQDN"),
    82: Known("relay agent information"),
    93: Known("client architecture", NUMBER16, "client_system_architecture"),
    94: Known("client network interface"),
    97: Known("client machine identifier"),
    100: Known("POSIX time zone", TEXT, "tz_pcode"),
    101: Known("TZ database time zone", TEXT, "tz_tcode"),
    108: Known("IPv6-only preferred", NUMBER32),
    114: Known("captive portal", TEXT, "captive_portal"),
    116: Known("auto-configure", NUMBER8, "dhcp_auto_configuration"),
    118: Known("subnet selection", ADDRESS, "subnet_selection_option"),
    119: Known("domain search"),
    121: Known("classless static route"),
    125: Known("vendor-identifying information"),
    150: Known("TFTP server address", ADDRESSES, "tftp_server_address"),
    252: Known("proxy auto-discovery", TEXT, "private_proxy_autodiscovery"),
}
"""IANA's registry of BOOTP and DHCP options: those that are met often."""


@dataclass(frozen=True)
class DHCPOption:
    """`value`: an address, a tuple of addresses or codes, a number, text; the `data` themselves where no more is known.

    Padding is an option too, of code 0, and so is the end, of code 255. `offset` counts from the message's start.
    """

    code: int
    data: bytes
    value: Any
    offset: int

    @property
    def name(self) -> str:
        """`lease time`; `option 224` for one without a name here."""
        if self.code in (PAD, END):
            return "end" if self.code else "padding"
        return KNOWN[self.code].name if self.code in KNOWN else f"option {self.code}"


class Options:
    """The options in a range of a message, the field `where`, and what is wrong with them: RFC 2132 section 2."""

    def __init__(self, message: bytes, where: str, begin: int, end: int) -> None:
        self.where = where
        self.defects: list[Defect] = []
        self.options = tuple(self._read(message, begin, end))

    def _read(self, message: bytes, at: int, end: int) -> Iterator[DHCPOption]:
        while at < end:
            code, start = message[at], at
            if code == END:
                yield DHCPOption(END, b"", b"", start)
                return
            if code == PAD:
                at = next((place for place in range(at, end) if message[place] != PAD), end)
                yield DHCPOption(PAD, message[start:at], b"", start)
                continue
            length = message[at + 1] if at + 1 < end else 0
            at += 2 + length
            if at > end:
                self._note(code, start, length, f"at most {max(end - start - 2, 0)}", "option past the end")
                return
            yield self._option(code, message[start + 2 : at], start)
        self.defects.append(Defect("DHCP", self.where, end, "nothing", "the end option", "options without an end"))

    def _option(self, code: int, data: bytes, offset: int) -> DHCPOption:
        kind = KNOWN[code].kind if code in KNOWN else OCTETS
        if kind.fits(len(data)):
            return DHCPOption(code, data, kind.read(data), offset)
        expected = f"a multiple of {kind.step}" if kind.many else kind.step
        self._note(code, offset, len(data), expected, "length of the option")
        return DHCPOption(code, data, data, offset)

    def _note(self, code: int, offset: int, found: int, expected: object, why: str) -> None:
        name = KNOWN[code].name if code in KNOWN else f"option {code}"
        self.defects.append(Defect("DHCP", name, offset, found, expected, why))


def option_fields(option: DHCPOption) -> Iterator[tuple[str, Any]]:
    """(Wireshark's name, value) of one option."""
    if option.code == END:
        yield "dhcp.option.end", END
        return
    yield "dhcp.option.type", option.code
    if option.code == PAD:
        yield "dhcp.option.padding", option.data.hex(":")
        return
    yield "rawkit.option", option.name
    yield "dhcp.option.length", len(option.data)
    yield "dhcp.option.value", option.data.hex(":")
    known = KNOWN.get(option.code)
    if known is not None and known.wireshark and not isinstance(option.value, bytes):
        for each in option.value if isinstance(option.value, tuple) else (option.value,):
            yield f"dhcp.option.{known.wireshark}", each


def option_parts(option: DHCPOption) -> Iterator[tuple[str, int, int, str]]:
    """Where in the message an option's code, length and value are."""
    at, size = option.offset, len(option.data)
    if option.code == PAD:
        yield "dhcp.option.padding", at, at + size, ""
        return
    yield "dhcp.option.type", at, at + 1, f"{option.code} ({option.name})"
    if option.code != END:
        yield "dhcp.option.length", at + 1, at + 2, str(size)
    if size:
        yield "dhcp.option.value", at + 2, at + 2 + size, value_text(option)


def value_text(option: DHCPOption) -> str:
    """An option's value on one line."""
    value = option.value
    if isinstance(value, bytes):
        return value.hex(":")
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

"""Options of IPv6's hop-by-hop and destination options headers (RFC 8200 section 4.2): type, length, data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rawkit.wire import HeaderLength, Option, octets, u8, u16, u32

OPTION_NAMES = {
    0x00: "Pad1",
    0x01: "PadN",
    0x04: "tunnel encapsulation limit",
    0x05: "router alert",
    0x07: "CALIPSO",
    0x08: "SMF duplicate detection",
    0x0F: "performance and diagnostic metrics",
    0x1E: "experimental",
    0x26: "quick-start",
    0x30: "minimum path MTU",
    0x31: "in-situ OAM",
    0x63: "RPL",
    0x6D: "MPL",
    0x8B: "ILNP nonce",
    0x8C: "line identification",
    0xC2: "jumbo payload",
    0xC9: "home address",
    0xEE: "IP DFF",
}
ROUTER_ALERT_NAMES = {0: "multicast listener discovery", 1: "RSVP", 2: "active networks"}


PROGRAM = "setsockopt(IPV6_HOPOPTS) or setsockopt(IPV6_DSTOPTS)"
PADDING = "inet6_opt_append() and inet6_opt_finish(), which make the octets for setsockopt()"


class IPv6Option(Option, rfc="RFC 8200 section 4.2", wireshark="ipv6.opt"):
    """One option; the high bits of its kind say what to do where it is not known, and whether routers change it."""

    kind = u8("which option", names=OPTION_NAMES, wireshark="type", show="0x{:02x}".format, filled_by=PROGRAM)
    length = u8("octets of the data alone", unit="octets", role=HeaderLength(unit=1, plus=2), filled_by=PROGRAM)

    @staticmethod
    def pad(missing: int) -> bytes:
        """Padding of that many octets: Pad1, or PadN."""
        return b"\0" if missing == 1 else bytes([1, missing - 2]) + bytes(missing - 2)


class IPv6UnknownOption(IPv6Option, unknown=True):
    """An option that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the option says", wireshark="", filled_by=PROGRAM)
    kind: int = u8("which option", names=OPTION_NAMES, wireshark="type", show="0x{:02x}".format, filled_by=PROGRAM)


class Pad1(IPv6Option, kind=0, single=True):
    """One octet that aligns what follows."""


class PadN(IPv6Option, kind=1):
    """Two or more octets that align what follows."""

    data: bytes = octets("zeros", wireshark="padn", filled_by=PADDING)


class IPv6RouterAlert(IPv6Option, kind=5, rfc="RFC 2711 section 2.1"):
    """Routers shall look inside."""

    value: int = u16(
        "what for",
        names=ROUTER_ALERT_NAMES,
        wireshark="router_alert",
        filled_by="setsockopt(IPV6_HOPOPTS); the kernel itself for multicast listener discovery",
    )


class JumboPayload(IPv6Option, kind=0xC2, rfc="RFC 2675 section 2"):
    """The length of a packet that carries more than 65,535 octets; the IPv6 header then says 0."""

    payload_length: int = u32(
        "octets after the IPv6 header",
        unit="octets",
        wireshark="jumbo",
        filled_by="the kernel, on super-segments that the network card cuts (BIG TCP)",
    )


def jumbo_payloads(options: Iterable[IPv6Option], place: int) -> Iterator[tuple[int, JumboPayload]]:
    """The options that tell a jumbogram's length, each with the place of that; the first of `options` is at `place`."""
    for option in options:
        if isinstance(option, JumboPayload):
            yield place + JumboPayload.layout.fields["payload_length"].offset, option
        place += len(bytes(option))

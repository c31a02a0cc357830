"""Options of TCP (RFC 9293 section 3.2): kind, length, value; two of them are a single octet."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.wire import Accepts, HeaderLength, Option, bits, octets, repeat, u8, u16, u32

OPTION_NAMES = {
    0: "end of options",
    1: "no operation",
    2: "maximum segment size",
    3: "window scale",
    4: "SACK permitted",
    5: "SACK",
    8: "timestamps",
    19: "MD5 signature",
    28: "user timeout",
    29: "authentication",
    30: "multipath TCP",
    34: "fast open cookie",
}


class TCPOption(Option, rfc="RFC 9293 section 3.2", wireshark="tcp"):
    """One option."""

    kind = u8("which option", names=OPTION_NAMES, wireshark="option_kind")
    length = u8("octets of the whole option", unit="octets", role=HeaderLength(), wireshark="option_len")


class UnknownTCPOption(TCPOption, unknown=True):
    """An option that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the option says", wireshark="")
    kind: int = u8("which option", names=OPTION_NAMES, wireshark="option_kind")


class EndOfOptions(TCPOption, kind=0, single=True, ends=True):
    """Nothing after this is an option."""


class NoOperation(TCPOption, kind=1, single=True):
    """One octet that aligns what follows."""


class MSS(TCPOption, kind=2, rfc="RFC 9293 section 3.7.1"):
    """Maximum segment size: the most octets of data that its sender will take in one segment."""

    value: int = u16("octets of data", unit="octets", wireshark="options.mss_val")


class WindowScale(TCPOption, kind=3, rfc="RFC 7323 section 2"):
    """The windows its sender will announce are to be shifted left by this."""

    shift: int = u8("bits to shift, at most 14", wireshark="options.wscale.shift")


class SACKPermitted(TCPOption, kind=4, rfc="RFC 2018 section 2"):
    """Its sender understands SACK."""


class SACK(TCPOption, kind=5, rfc="RFC 2018 section 3"):
    """What arrived beyond a hole: blocks of sequence numbers, (first, one after the last)."""

    blocks: Accepts[tuple[tuple[int, int], ...], Sequence[tuple[int, int]]] = repeat(
        u32("left edge", wireshark="options.sack_le"),
        u32("right edge", wireshark="options.sack_re"),
        doc="(left edge, right edge) of each block",
        wireshark="",
    )


class Timestamps(TCPOption, kind=8, rfc="RFC 7323 section 3"):
    """The sender's clock, and the other end's clock as last seen: round trips measured, old duplicates told apart."""

    value: int = u32("the sender's clock", wireshark="options.timestamp.tsval")
    echo: int = u32("the clock value it answers", wireshark="options.timestamp.tsecr")


class MD5Signature(TCPOption, kind=19, rfc="RFC 2385"):
    """A keyed digest over the segment (BGP)."""

    digest: bytes = octets("MD5 of segment and key", length=16, wireshark="options.md5.digest")


class UserTimeout(TCPOption, kind=28, rfc="RFC 5482"):
    """How long its sender will wait for an acknowledgement."""

    granularity: int = bits(1, "0 seconds, 1 minutes", abbreviation="G", wireshark="options.user_to_granularity")
    timeout: int = bits(15, "how long", wireshark="options.user_to_val")


class FastOpen(TCPOption, kind=34, rfc="RFC 7413 section 4.1.1"):
    """A cookie for data in the SYN; empty in a request for one."""

    cookie: bytes = octets("4 to 16 octets, or none", wireshark="options.tfo.cookie")


__all__ = [
    "MSS",
    "SACK",
    "EndOfOptions",
    "FastOpen",
    "MD5Signature",
    "NoOperation",
    "SACKPermitted",
    "TCPOption",
    "Timestamps",
    "UnknownTCPOption",
    "UserTimeout",
    "WindowScale",
]

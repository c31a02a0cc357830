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


KERNEL = "the kernel, for each option that it uses"


class TCPOption(Option, rfc="RFC 9293 section 3.2", wireshark="tcp"):
    """One option."""

    kind = u8("which option", names=OPTION_NAMES, wireshark="option_kind", filled_by=KERNEL)
    length = u8(
        "octets of the whole option", unit="octets", role=HeaderLength(), wireshark="option_len", filled_by=KERNEL
    )


class UnknownTCPOption(TCPOption, unknown=True):
    """An option that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the option says", wireshark="", filled_by=KERNEL)
    kind: int = u8("which option", names=OPTION_NAMES, wireshark="option_kind", filled_by=KERNEL)


class EndOfOptions(TCPOption, kind=0, single=True, ends=True):
    """Nothing after this is an option."""


class NoOperation(TCPOption, kind=1, single=True):
    """One octet that aligns what follows."""


class MSS(TCPOption, kind=2, rfc="RFC 9293 section 3.7.1"):
    """Maximum segment size: the most octets of data that its sender will take in one segment."""

    value: int = u16(
        "octets of data",
        unit="octets",
        wireshark="options.mss_val",
        filled_by="the kernel: the route's MTU less 40 (IPv6: 60); setsockopt(TCP_MAXSEG) lowers it",
    )


class WindowScale(TCPOption, kind=3, rfc="RFC 7323 section 2"):
    """The windows its sender will announce are to be shifted left by this."""

    shift: int = u8(
        "bits to shift, at most 14",
        unit="bits",
        wireshark="options.wscale.shift",
        filled_by="the kernel, for the largest receive buffer: net.ipv4.tcp_rmem, or SO_RCVBUF set before the SYN",
    )


class SACKPermitted(TCPOption, kind=4, rfc="RFC 2018 section 2"):
    """Its sender understands SACK."""


class SACK(TCPOption, kind=5, rfc="RFC 2018 section 3"):
    """What arrived beyond a hole: blocks of sequence numbers, (first, one after the last)."""

    blocks: Accepts[tuple[tuple[int, int], ...], Sequence[tuple[int, int]]] = repeat(
        u32("left edge", wireshark="options.sack_le"),
        u32("right edge", wireshark="options.sack_re"),
        doc="(left edge, right edge) of each block",
        wireshark="",
        filled_by="the kernel, from what it received out of order",
    )


class Timestamps(TCPOption, kind=8, rfc="RFC 7323 section 3"):
    """The sender's clock, and the other end's clock as last seen: round trips measured, old duplicates told apart."""

    value: int = u32(
        "the sender's clock when this was sent",
        unit="ticks of 1 ms to 1 s",
        section="RFC 7323 section 5.4",
        wireshark="options.timestamp.tsval",
        filled_by="the kernel (net.ipv4.tcp_timestamps): Linux counts milliseconds, from a secret start",
    )
    echo: int = u32(
        "the clock value it answers; 0 without ACK",
        unit="the other end's ticks",
        section="RFC 7323 section 4.3",
        wireshark="options.timestamp.tsecr",
        filled_by="the kernel: what the other end sent last, in sequence",
    )


class MD5Signature(TCPOption, kind=19, rfc="RFC 2385"):
    """A keyed digest over the segment (BGP)."""

    digest: bytes = octets(
        "MD5 of segment and key",
        length=16,
        wireshark="options.md5.digest",
        filled_by="the kernel, with the key of setsockopt(TCP_MD5SIG)",
    )


NOT_BY_LINUX = "nobody on Linux: setsockopt(TCP_USER_TIMEOUT) is for its own end and sends no option"


class UserTimeout(TCPOption, kind=28, rfc="RFC 5482"):
    """How long its sender will wait for an acknowledgement."""

    granularity: int = bits(
        1,
        "unit of the timeout: 0 seconds, 1 minutes",
        abbreviation="G",
        wireshark="options.user_to_granularity",
        filled_by=NOT_BY_LINUX,
    )
    timeout: int = bits(
        15,
        "how long data may stay unacknowledged",
        unit="seconds or minutes, by granularity",
        wireshark="options.user_to_val",
        filled_by=NOT_BY_LINUX,
    )


class FastOpen(TCPOption, kind=34, rfc="RFC 7413 section 4.1.1"):
    """A cookie for data in the SYN; empty in a request for one."""

    cookie: bytes = octets(
        "4 to 16 octets, or none",
        wireshark="options.tfo.cookie",
        filled_by="the kernel: with TCP_FASTOPEN a listener's makes it; with MSG_FASTOPEN a client's asks and shows it",
    )


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

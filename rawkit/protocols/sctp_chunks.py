"""The chunks of SCTP (RFC 9260 section 3): type, flags, length, value; each begins at a multiple of four octets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rawkit.wire import Accepts, Bit, Count, Flags, HeaderLength, Option, flags, octets, repeat, u8, u16, u32

CHUNK_TYPES = {
    0: "DATA",
    1: "INIT",
    2: "INIT ACK",
    3: "SACK",
    4: "HEARTBEAT",
    5: "HEARTBEAT ACK",
    6: "ABORT",
    7: "SHUTDOWN",
    8: "SHUTDOWN ACK",
    9: "ERROR",
    10: "COOKIE ECHO",
    11: "COOKIE ACK",
    12: "ECNE",
    13: "CWR",
    14: "SHUTDOWN COMPLETE",
    15: "AUTH",
    64: "I-DATA",
    128: "ASCONF ACK",
    130: "RE-CONFIG",
    132: "PAD",
    192: "FORWARD TSN",
    193: "ASCONF",
    194: "I-FORWARD TSN",
}
"""IANA's chunk types."""

PAYLOAD_PROTOCOLS = {
    0: "unspecified",
    1: "IUA",
    2: "M2UA",
    3: "M3UA",
    4: "SUA",
    5: "M2PA",
    18: "S1AP",
    27: "X2AP",
    46: "Diameter",
    47: "Diameter over DTLS",
    50: "WebRTC DCEP",
    51: "WebRTC string",
    53: "WebRTC binary",
    60: "NGAP",
    61: "XnAP",
}
"""IANA's payload protocol identifiers, those that are met most."""

KERNEL = "the kernel"


class SCTPDataFlags(Flags):
    """RFC 9260 section 3.3.1."""

    e = Bit(0, "E", "the last piece of a message", filled_by="the kernel", wireshark="sctp.data_e_bit")
    b = Bit(1, "B", "the first piece of a message", filled_by="the kernel", wireshark="sctp.data_b_bit")
    u = Bit(
        2,
        "U",
        "unordered: its stream sequence number says nothing",
        filled_by="sendmsg(), with SCTP_UNORDERED",
        wireshark="sctp.data_u_bit",
    )
    i = Bit(
        3,
        "I",
        "acknowledge at once",
        filled_by="sendmsg(), with SCTP_SACK_IMMEDIATELY",
        wireshark="sctp.data_i_bit",
    )


class SCTPAbortFlags(Flags):
    """RFC 9260 section 8.5.1."""

    t = Bit(0, "T", "the verification tag is the sender's own: it knew no other", wireshark="sctp.abort_t_bit")


class SCTPCompleteFlags(Flags):
    """RFC 9260 section 8.5.1."""

    t = Bit(
        0, "T", "the verification tag is the sender's own: it knew no other", wireshark="sctp.shutdown_complete_t_bit"
    )


class SCTPChunk(Option, rfc="RFC 9260 section 3.2", wireshark="sctp", align=4):
    """One chunk. The high bits of its type say what to do where that is not known."""

    kind = u8("which chunk", names=CHUNK_TYPES, wireshark="chunk_type", filled_by=KERNEL)
    flags: int = u8("by the type", wireshark="chunk_flags", filled_by=KERNEL, show="0x{:02x}".format)
    length = u16(
        "octets of the chunk without its padding",
        unit="octets",
        role=HeaderLength(),
        wireshark="chunk_length",
        filled_by=KERNEL,
    )


class SCTPUnknownChunk(SCTPChunk, unknown=True):
    """A chunk that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the chunk says", wireshark="", filled_by=KERNEL)
    kind: int = u8("which chunk", names=CHUNK_TYPES, wireshark="chunk_type", filled_by=KERNEL)


class SCTPData(SCTPChunk, kind=0, rfc="RFC 9260 section 3.3.1"):
    """A message of a stream, or a piece of one."""

    flags: Accepts[SCTPDataFlags, SCTPDataFlags | str | int] = flags(
        8, "which piece", SCTPDataFlags, default=3, wireshark="chunk_flags", filled_by="the kernel; sendmsg()"
    )
    tsn: int = u32(
        "transmission sequence number: counts the chunks with data, over all streams",
        wireshark="data_tsn_raw",
        filled_by=KERNEL,
    )
    stream: int = u16("which stream", wireshark="data_sid", filled_by="sendmsg(), sctp_sndinfo's snd_sid")
    stream_sequence: int = u16("counts the messages of the stream", wireshark="data_ssn", filled_by=KERNEL)
    protocol: int = u32(
        "what the data is, for whoever looks on",
        names=PAYLOAD_PROTOCOLS,
        wireshark="data_payload_proto_id",
        filled_by="sendmsg(), sctp_sndinfo's snd_ppid",
    )
    data: bytes = octets("the program's octets", wireshark="", filled_by="sendmsg()")


def initiate_tag(chunk: str) -> Any:
    return u32(
        "the verification tag that the other end shall use",
        wireshark=f"{chunk}_initiate_tag",
        filled_by=KERNEL,
        show="0x{:08x}".format,
    )


def window(chunk: str) -> Any:
    return u32(
        "octets that its sender will take",
        default=65536,
        unit="octets",
        wireshark=f"{chunk}_credit",
        filled_by="the kernel: SO_RCVBUF",
    )


def outbound_streams(chunk: str) -> Any:
    return u16(
        "streams that its sender wants to send in",
        default=10,
        wireshark=f"{chunk}_nr_out_streams",
        filled_by="setsockopt(SCTP_INITMSG)",
    )


def inbound_streams(chunk: str) -> Any:
    return u16(
        "streams that its sender takes at most",
        default=65535,
        wireshark=f"{chunk}_nr_in_streams",
        filled_by="setsockopt(SCTP_INITMSG)",
    )


def initial_tsn(chunk: str) -> Any:
    return u32("the number of its first chunk with data", wireshark=f"{chunk}_initial_tsn", filled_by=KERNEL)


class SCTPInit(SCTPChunk, kind=1, rfc="RFC 9260 section 3.3.2"):
    """I want to talk: my tag, my window, how many streams."""

    initiate_tag: int = initiate_tag("init")
    window: int = window("init")
    outbound_streams: int = outbound_streams("init")
    inbound_streams: int = inbound_streams("init")
    initial_tsn: int = initial_tsn("init")
    parameters: bytes = octets(
        "type, length, value: further addresses, what it can do", wireshark="", filled_by="the kernel; sctp_bindx()"
    )


class SCTPInitAck(SCTPChunk, kind=2, rfc="RFC 9260 section 3.3.3"):
    """Agreed: and the cookie, which holds all that the answering end would have to remember."""

    initiate_tag: int = initiate_tag("initack")
    window: int = window("initack")
    outbound_streams: int = outbound_streams("initack")
    inbound_streams: int = inbound_streams("initack")
    initial_tsn: int = initial_tsn("initack")
    parameters: bytes = octets("type, length, value: the cookie among them", wireshark="", filled_by=KERNEL)


class SCTPSack(SCTPChunk, kind=3, rfc="RFC 9260 section 3.3.4"):
    """What has arrived: all up to a number, and pieces beyond holes."""

    cumulative_tsn: int = u32(
        "all up to this number has arrived", wireshark="sack_cumulative_tsn_ack_raw", filled_by=KERNEL
    )
    window: int = u32(
        "octets that its sender will still take", unit="octets", wireshark="sack_a_rwnd", filled_by=KERNEL
    )
    gap_count: int = u16(
        "pieces beyond holes", role=Count(of="gaps"), wireshark="sack_number_of_gap_blocks", filled_by=KERNEL
    )
    duplicate_count: int = u16(
        "chunks that came again",
        role=Count(of="duplicates"),
        wireshark="sack_number_of_duplicated_tsns",
        filled_by=KERNEL,
    )
    gaps: Accepts[tuple[tuple[int, int], ...], Sequence[tuple[int, int]]] = repeat(
        u16("first", wireshark="sack_gap_block_start"),
        u16("last", wireshark="sack_gap_block_end"),
        doc="(first, last) of each piece, counted from cumulative_tsn",
        count=lambda sack: sack.gap_count,
        wireshark="",
        filled_by=KERNEL,
    )
    duplicates: Accepts[tuple[int, ...], Sequence[int]] = repeat(
        u32("a number that came again"),
        doc="the numbers that came again",
        count=lambda sack: sack.duplicate_count,
        wireshark="sack_duplicate_tsn",
        filled_by=KERNEL,
    )


class SCTPHeartbeat(SCTPChunk, kind=4, rfc="RFC 9260 section 3.3.5"):
    """Is this address of yours still there?"""

    information: bytes = octets("a parameter that comes back as it is", wireshark="", filled_by=KERNEL)


class SCTPHeartbeatAck(SCTPChunk, kind=5, rfc="RFC 9260 section 3.3.6"):
    """It is."""

    information: bytes = octets("what the question had", wireshark="", filled_by=KERNEL)


class SCTPAbort(SCTPChunk, kind=6, rfc="RFC 9260 section 3.3.7"):
    """It is over at once, as with TCP's reset."""

    flags: Accepts[SCTPAbortFlags, SCTPAbortFlags | str | int] = flags(
        8, "whose tag it has", SCTPAbortFlags, wireshark="chunk_flags", filled_by=KERNEL
    )
    causes: bytes = octets("why: code, length, information", wireshark="", filled_by="the kernel; sendmsg(SCTP_ABORT)")


class SCTPShutdown(SCTPChunk, kind=7, rfc="RFC 9260 section 3.3.8"):
    """I have nothing more to send."""

    cumulative_tsn: int = u32(
        "all up to this number has arrived", wireshark="shutdown_cumulative_tsn_ack", filled_by="the kernel, on close()"
    )


class SCTPShutdownAck(SCTPChunk, kind=8, rfc="RFC 9260 section 3.3.9"):
    """Nor have I."""


class SCTPError(SCTPChunk, kind=9, rfc="RFC 9260 section 3.3.10"):
    """Something of yours was wrong; it goes on all the same."""

    causes: bytes = octets("what: code, length, information", wireshark="", filled_by=KERNEL)


class SCTPCookieEcho(SCTPChunk, kind=10, rfc="RFC 9260 section 3.3.11"):
    """The cookie of the INIT ACK comes back: whoever sends it is where it says."""

    cookie: bytes = octets("as it was", wireshark="cookie", filled_by=KERNEL)


class SCTPCookieAck(SCTPChunk, kind=11, rfc="RFC 9260 section 3.3.12"):
    """The cookie was good: the association is established."""


class SCTPECNE(SCTPChunk, kind=12, rfc="RFC 4960 appendix A"):
    """A congestion mark was seen."""

    lowest_tsn: int = u32("the number of the marked chunk", wireshark="ecne_lowest_tsn", filled_by=KERNEL)


class SCTPCWR(SCTPChunk, kind=13, rfc="RFC 4960 appendix A"):
    """The congestion window was reduced."""

    lowest_tsn: int = u32("the number that the echo had", wireshark="cwr_lowest_tsn", filled_by=KERNEL)


class SCTPShutdownComplete(SCTPChunk, kind=14, rfc="RFC 9260 section 3.3.13"):
    """It is over on both sides."""

    flags: Accepts[SCTPCompleteFlags, SCTPCompleteFlags | str | int] = flags(
        8, "whose tag it has", SCTPCompleteFlags, wireshark="chunk_flags", filled_by=KERNEL
    )

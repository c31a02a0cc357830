"""The Stream Control Transmission Protocol (RFC 9260): a common header, then chunks; see sctp_chunks."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.protocols.sctp_chunks import SCTPChunk
from rawkit.wire import CRC32C, Accepts, Header, tail, u16, u32


class SCTP(Header, rfc="RFC 9260 section 3.1", wireshark="sctp"):
    """Messages in several streams between two ends that may have several addresses each."""

    sport: int = u16(
        "source port", wireshark="srcport", filled_by="bind(), or connect() from the kernel's ephemeral range"
    )
    dport: int = u16("destination port", wireshark="dstport", filled_by="connect() or sendto()")
    verification_tag: int = u32(
        "the number that the receiver of this chose in its INIT or INIT ACK; 0 before an INIT",
        section="RFC 9260 section 8.5",
        filled_by="the kernel",
        show="0x{:08x}".format,
    )
    checksum: int = u32(
        "CRC32c over the whole packet",
        role=CRC32C(),
        section="RFC 9260 section 6.8",
        filled_by="the kernel, or the network card",
        show="0x{:08x}".format,
    )
    chunks: Accepts[tuple[SCTPChunk, ...], Sequence[SCTPChunk] | bytes] = tail(
        SCTPChunk, "chunks, to the end of the packet", wireshark="", filled_by="the kernel"
    )

"""The authentication header of IPsec (RFC 4302), in IPv4 and IPv6."""

from rawkit.protocols.numbers import IP_PROTOCOLS
from rawkit.wire import Header, HeaderLength, NextHeader, octets, u8, u16, u32


class AuthenticationHeader(Header, rfc="RFC 4302 section 2", wireshark="ah"):
    """A keyed digest over the packet: nobody changed it on the way, but anybody can read it."""

    next_header: int = u8(
        "what follows", default=59, role=NextHeader(IP_PROTOCOLS), names=IP_PROTOCOLS, filled_by="the kernel"
    )
    payload_length: int = u8(
        "header length, less 2 words",
        unit="32-bit words",
        role=HeaderLength(unit=4, plus=8),
        wireshark="length",
        filled_by="the kernel",
    )
    reserved: int = u16("0", wireshark="", filled_by="the kernel")
    spi: int = u32(
        "security parameters index: which key", filled_by="the kernel's security association", show="0x{:08x}".format
    )
    sequence_number: int = u32(
        "counts the packets of one key, against replays", wireshark="sequence", filled_by="the kernel"
    )
    icv: bytes = octets("integrity check value: the digest", filled_by="the kernel, with the association's key")

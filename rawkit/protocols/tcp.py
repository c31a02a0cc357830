"""The Transmission Control Protocol (RFC 9293)."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.protocols.numbers import TCP_PORTS
from rawkit.protocols.tcp_options import TCPOption
from rawkit.wire import Accepts, Bit, Checksum, Flags, Header, HeaderLength, bits, flags, tail, u16, u32


class TCPFlags(Flags):
    """RFC 9293 section 3.1, control bits."""

    fin = Bit(
        0,
        "F",
        "no more data from the sender",
        filled_by="close() or shutdown(SHUT_WR): it follows the last data",
        wireshark="tcp.flags.fin",
    )
    syn = Bit(
        1,
        "S",
        "synchronize sequence numbers",
        filled_by="connect(); in the answer the kernel, for a socket that does listen()",
        wireshark="tcp.flags.syn",
    )
    rst = Bit(
        2,
        "R",
        "reset the connection",
        filled_by="the kernel: for a port without a listener; close() with data unread, or with SO_LINGER of 0 s",
        wireshark="tcp.flags.reset",
    )
    psh = Bit(
        3,
        "P",
        "push: hand the data to the program now",
        filled_by="the kernel, at the end of a send()",
        wireshark="tcp.flags.push",
    )
    ack = Bit(
        4,
        "A",
        "the acknowledgement number counts",
        filled_by="the kernel, in every segment but the first SYN and some RSTs",
        wireshark="tcp.flags.ack",
    )
    urg = Bit(5, "U", "the urgent pointer counts", filled_by="send(MSG_OOB)", wireshark="tcp.flags.urg")
    ece = Bit(
        6,
        "E",
        "a congestion mark was seen",
        section="RFC 3168 section 6.1",
        filled_by="the kernel (net.ipv4.tcp_ecn), until CWR comes; in a SYN it offers ECN",
        wireshark="tcp.flags.ece",
    )
    cwr = Bit(
        7,
        "W",
        "the congestion window was reduced",
        section="RFC 3168 section 6.1",
        filled_by="the kernel (net.ipv4.tcp_ecn), when it has slowed down after ECE; in a SYN it offers ECN",
        wireshark="tcp.flags.cwr",
    )
    ae = Bit(
        8,
        "e",
        "accurate ECN",
        section="RFC 9768",
        filled_by="the kernel (net.ipv4.tcp_ecn), where it knows accurate ECN",
        wireshark="tcp.flags.ae",
    )


class TCP(Header, rfc="RFC 9293 section 3.1", wireshark="tcp", applications=TCP_PORTS):
    """A segment: which octets of the stream these are, which ones have arrived, how many more may come."""

    sport: int = u16(
        "source port", wireshark="srcport", filled_by="bind(), or connect() from the kernel's ephemeral range"
    )
    dport: int = u16("destination port", wireshark="dstport", filled_by="connect()")
    seq: int = u32(
        "sequence number of the first octet of data; of the SYN itself where SYN is set",
        wireshark="seq_raw",
        section="RFC 9293 section 3.4",
        filled_by="the kernel: a secret start, then every octet sent counts one",
    )
    ack: int = u32(
        "the next sequence number the sender of this expects",
        wireshark="ack_raw",
        section="RFC 9293 section 3.4",
        filled_by="the kernel: all before it has arrived",
    )
    data_offset: int = bits(
        4,
        "header length",
        abbreviation="offset",
        unit="32-bit words",
        role=HeaderLength(unit=4),
        wireshark="hdr_len",
        filled_by="the kernel",
    )
    reserved: int = bits(
        3,
        "0 until somebody needs them",
        abbreviation="rsrvd",
        section="RFC 9293 section 3.1, which has 4; RFC 9768 made the last one AE",
        wireshark="",
        filled_by="the kernel",
    )
    flags: Accepts[TCPFlags, TCPFlags | str | int] = flags(
        9, "control bits", TCPFlags, filled_by="connect() S, close() F, send() P; the kernel the rest"
    )
    window: int = u16(
        "octets the sender of this will take, before scaling",
        default=65535,
        unit="octets",
        wireshark="window_size_value",
        filled_by="the kernel: the room left in the receive buffer (SO_RCVBUF)",
    )
    checksum: int = u16(
        "one's complement sum over pseudo-header, header and data",
        role=Checksum(over="pseudo"),
        filled_by="the kernel, or the network card",
        show="0x{:04x}".format,
    )
    urgent_pointer: int = u16(
        "offset from seq to the octet after the urgent data", section="RFC 6093", filled_by="send(MSG_OOB)"
    )
    options: Accepts[tuple[TCPOption, ...], Sequence[TCPOption] | bytes] = tail(
        TCPOption,
        "options, up to the data offset",
        filled_by="the kernel; what both ends can do is agreed on in the SYNs",
    )

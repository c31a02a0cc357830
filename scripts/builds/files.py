"""What files can hold, and how they and what is in them get damaged."""

import io
import struct
from random import Random

from rawkit import TCP, UDP, VLAN, Ethernet, IPv4, Packet, PcapngWriter, PcapWriter
from scripts.builds.plan import (
    CLIENT,
    LINE,
    SERVER,
    START_NS,
    TO_SERVER,
    Frames,
    altered,
    built,
    dialogue,
    ephemeral,
    pcap,
    timed_pcap,
)

SECOND_NS = 1_000_000_000


@built("formats/comments.pcapng", seed=1)
def formats_comments(choose: Random) -> bytes:
    """What pcapng can say and pcap cannot: comments, interfaces with names, directions, a time in nanoseconds."""
    question, answer, thanks = dialogue(choose)
    file = io.BytesIO()
    with PcapngWriter(file, comment="Two interfaces of one host, seen by one recorder.") as writer:
        inside = writer.add_interface(name="eth0", description="towards the client")
        outside = writer.add_interface(name="eth1", description="towards the server", resolution=6)
        writer.write_octets(
            bytes(question), time_ns=START_NS + 1, interface=inside, direction="in", comment="the question comes in"
        )
        writer.write_octets(bytes(question), time_ns=START_NS + 2_345, interface=outside, direction="out")
        writer.write_octets(bytes(answer), time_ns=START_NS + 70_000, interface=outside, direction="in")
        writer.write_octets(
            bytes(thanks), time_ns=START_NS + 1_000_000_007, interface=inside, comment="one second later ✓"
        )
    return file.getvalue()


@built("damaged/cut.pcap", seed=2)
def damaged_cut(choose: Random) -> bytes:
    """As a full disk leaves it: the last record has lost its last five octets."""
    return pcap(dialogue(choose))[:-5]


@built("damaged/bad-checksums.pcap", seed=3)
def damaged_checksums(choose: Random) -> bytes:
    """One wrong checksum a packet, then one left to the card, one that was never made, and one that is right."""
    ip = IPv4(src=CLIENT, dst=SERVER)
    tcp = TCP(sport=ephemeral(choose), dport=7, seq=choose.getrandbits(31), ack=choose.getrandbits(32), flags="PA")
    udp = UDP(sport=ephemeral(choose), dport=7)
    datagram = TO_SERVER / ip / udp / LINE
    first = TO_SERVER / ip / tcp / LINE
    second, third, fourth = (first.replace(TCP, seq=tcp.seq + number * len(LINE)) for number in (1, 2, 3))
    return pcap(
        [
            first.replace(IPv4, checksum=first[IPv4].checksum ^ 0x0100),
            second.replace(TCP, checksum=second[TCP].checksum ^ 0x0100),
            datagram.replace(UDP, checksum=datagram[UDP].checksum ^ 0x0100),
            third.replace(TCP, checksum=pseudo_header_sum(third)),
            datagram.replace(UDP, checksum=0),
            fourth,
        ]
    )


def pseudo_header_sum(packet: Packet) -> int:
    """What a sender leaves for the card: addresses, protocol and length added up (RFC 9293 section 3.1)."""
    ip, length = packet[IPv4], len(packet) - 34
    pseudo = ip.src.packed + ip.dst.packed + bytes([0, 6]) + length.to_bytes(2, "big")
    return int.from_bytes(pseudo, "big") % 65535


@altered("damaged/snapped.pcap", of="tcp/http.pcap")
def snapped(frames: Frames) -> bytes:
    """As `tcpdump -s 60` leaves it: headers without their options' end, and no data."""
    file = io.BytesIO()
    with PcapWriter(file, snaplen=60) as writer:
        for frame in frames:
            writer.write_octets(frame.octets[:60], time_ns=frame.time_ns or 0, wire_length=frame.wire_length)
    return file.getvalue()


@altered("damaged/mid-stream.pcap", of="tcp/half-close.pcap")
def mid_stream(frames: Frames) -> bytes:
    """Begun when the connection had been there for a while: after handshake and first line."""
    return timed_pcap((frame.time_ns or 0, frame.octets) for frame in frames[7:])


@altered("damaged/one-sided.pcap", of="tcp/echo.pcap")
def one_sided(frames: Frames) -> bytes:
    """What the client sent, and nothing of what came back: as on a link that the other direction does not take."""
    client = TO_SERVER.src.packed
    return timed_pcap((frame.time_ns or 0, frame.octets) for frame in frames if frame.octets[6:12] == client)


@altered("damaged/mirrored.pcap", of="tcp/echo.pcap")
def mirrored(frames: Frames) -> bytes:
    """From a switch that mirrors both ports of a conversation: each frame is there twice, 3 microseconds apart."""
    copies = [((frame.time_ns or 0) + late, frame.octets) for frame in frames for late in (0, 3_000)]
    return timed_pcap(sorted(copies))


@altered("damaged/backwards.pcap", of="tcp/half-close.pcap")
def backwards(frames: Frames) -> bytes:
    """The recorder's clock was set back by a second in the middle of a conversation."""
    back = {frame.number: SECOND_NS if frame.number > 8 else 0 for frame in frames}
    return timed_pcap(((frame.time_ns or 0) - back[frame.number], frame.octets) for frame in frames)


@altered("damaged/lost-by-recorder.pcap", of="tcp/segmentation.pcap")
def lost_by_recorder(frames: Frames) -> bytes:
    """A recorder that was too slow for two segments with data: what it lacks was acknowledged all the same."""
    data = [frame for frame in frames if len(frame.octets) > 1000]
    return timed_pcap((frame.time_ns or 0, frame.octets) for frame in frames if frame not in data[2:4])


@altered("damaged/damaged-block.pcapng", of="tcp/echo.pcap")
def damaged_block(frames: Frames) -> bytes:
    """A block of pcapng says that its packet is longer than itself; the blocks after it can still be read."""
    file = io.BytesIO()
    with PcapngWriter(file) as writer:
        eth0 = writer.add_interface(name="eth0")
        for frame in frames:
            writer.write_octets(frame.octets, time_ns=frame.time_ns or 0, interface=eth0)
    octets = bytearray(file.getvalue())
    seventh = places_of_packets(octets)[6]
    struct.pack_into("<I", octets, seventh + 20, 9_999)  # captured length: after type, length, interface and time
    return bytes(octets)


def places_of_packets(octets: bytes | bytearray) -> list[int]:
    """Where each Enhanced Packet Block of a pcapng file in little-endian order begins."""
    found, at = [], 0
    while at < len(octets):
        kind, length = struct.unpack_from("<II", octets, at)
        found += [at] if kind == 6 else []
        at += length
    return found


@altered("link/vlan-echo.pcap", of="tcp/echo.pcap")
def vlan_echo(frames: Frames) -> bytes:
    """The echo pair on a trunk: each frame has a tag of VLAN 10."""
    tag = VLAN(id=10)
    return timed_pcap((frame.time_ns or 0, tagged(frame.packet, tag)) for frame in frames)


def tagged(packet: Packet, tag: VLAN) -> bytes:
    """The frame with a tag after its addresses."""
    ethernet, (_, *layers) = packet[Ethernet], packet.layers
    return bytes(Packet(Ethernet(src=ethernet.src, dst=ethernet.dst), tag, *layers, packet.payload))

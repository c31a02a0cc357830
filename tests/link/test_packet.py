"""The packet socket, with the kernel as the witness: what its sockets receive, answer and send, octet for octet."""

from __future__ import annotations

import asyncio
import select
import socket
import threading
import time

import numpy as np
import pytest

from rawkit import TCP, UDP, Ethernet, ICMPv4, ICMPv4EchoReply, ICMPv4EchoRequest, IPv4, Packet
from rawkit.capture import Frame
from rawkit.capture.offload import Offload
from rawkit.link import LinkEnded, LinkError, NoSuchInterface, PacketLink, Statistics
from rawkit.link.fetch import BLOCK
from rawkit.link.impairment import finished
from rawkit.link.link import described, made_frame
from tests.link.namespaces import live, two_hosts

MAC_1, MAC_2 = "02:00:00:00:00:01", "02:00:00:00:00:02"
RINGS = (1 << 20, None)


def datagram(data: bytes, port: int = 7) -> Packet:
    return Ethernet(src=MAC_1, dst=MAC_2) / IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=5000, dport=port) / data


def wrong(packet: Packet) -> list[str]:
    """The computed fields that are not right."""
    return [verdict.field for verdict in packet.check() if verdict.state != "good"]


def until(link: PacketLink, wanted: int) -> list[Frame]:
    """So many frames that are UDP's or TCP's; ARP comes between them."""
    found: list[Frame] = []
    deadline = time.monotonic() + 10
    while len(found) < wanted and time.monotonic() < deadline:
        frame = link.receive(timeout=1)
        if frame is not None and (UDP in frame.packet or TCP in frame.packet):
            found.append(frame)
    assert len(found) == wanted
    return found


def until_counted(link: PacketLink, wanted: int) -> None:
    """Until the kernel says of so many frames that they came: it may deliver them after the call that sent them."""
    deadline = time.monotonic() + 10
    while link.statistics.received + link.statistics.dropped < wanted and time.monotonic() < deadline:
        time.sleep(0.001)


@live
def test_what_we_send_a_kernel_socket_receives() -> None:
    left, right = two_hosts()
    server = right.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("10.0.0.2", 7))
    for ring in RINGS:
        with left:
            link = PacketLink("eth0", ring=ring)
        with link:
            link.send(datagram(b"hello"))
            assert server.recvfrom(100) == (b"hello", ("10.0.0.1", 5000))
            assert (link.statistics.sent, link.statistics.failed) == (1, 0)


@live
def test_what_a_kernel_socket_sends_we_receive_with_what_the_kernel_knows() -> None:
    left, right = two_hosts()
    right.neighbour("10.0.0.1", MAC_1)
    client = right.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.bind(("10.0.0.2", 6000))
    for ring in RINGS:
        with left:
            link = PacketLink("eth0", ring=ring)
        with link:
            assert (link.medium, link.mtu) == (1, 1500)
            before = time.time_ns()
            payloads = [bytes([n]) * n for n in range(1, 200)]
            for payload in payloads:
                client.sendto(payload, ("10.0.0.1", 7))
            frames = until(link, len(payloads))
            assert [Packet.decode(frame.octets).payload for frame in frames] == payloads
            assert not any(frame.packet.defects or wrong(frame.packet) for frame in frames)
            assert all(type(frame.octets) is bytes for frame in frames)
            times = [frame.time_ns or 0 for frame in frames]
            assert before <= times[0] <= times[-1] <= time.time_ns()
            first = frames[0]
            assert (first.direction, first.interface.name, first.offload) == ("in", "eth0", None)
            assert first.flags is not None
            assert first.flags.reception == "unicast"
            assert first.wire_length == first.captured_length == 14 + 20 + 8 + 1


@live
def test_a_ping_of_ours_is_answered() -> None:
    left, _ = two_hosts()
    with left:
        link = PacketLink("eth0", ring=None)
    request = Ethernet(src=MAC_1, dst=MAC_2) / IPv4(src="10.0.0.1", dst="10.0.0.2") / ICMPv4()
    with link:
        link.send(request / ICMPv4EchoRequest(identifier=7) / b"anybody?")
        answer = next(frame.packet for frame in link if ICMPv4EchoReply in frame.packet)
        assert (answer[ICMPv4EchoReply].identifier, answer.payload) == (7, b"anybody?")


@live
def test_a_vlan_tag_is_put_back_as_it_was() -> None:
    left, right = two_hosts()
    plain = bytes(datagram(b"in a VLAN"))
    tags = [bytes.fromhex(text) for text in ("8100 0064", "8100 a00a", "88a8 0064 8100 000a", "8100 0000")]
    frames = [plain[:12] + tag + plain[12:] for tag in tags]
    sender = right.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sender.bind(("eth0", 0))
    for ring in RINGS:
        for offload in (True, False):
            with left:
                link = PacketLink("eth0", ring=ring, offload=offload)
            with link:
                for octets in frames:
                    sender.send(octets)
                came = until(link, len(frames))
                assert [frame.octets for frame in came] == frames
                assert [frame.wire_length for frame in came] == [len(octets) for octets in frames]


@live
def test_a_super_segment_comes_whole_with_the_size_of_its_pieces() -> None:
    left, right = two_hosts(offload=True)
    listener = left.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("10.0.0.1", 80))
    listener.listen()
    client = right.socket(socket.AF_INET, socket.SOCK_STREAM)
    content = bytes(range(256)) * 400
    for ring in RINGS:
        with left:
            link = PacketLink("eth0", ring=ring)
        with link:
            client = right.socket(socket.AF_INET, socket.SOCK_STREAM)
            client.connect(("10.0.0.1", 80))
            client.sendall(content)
            client.close()
            server, _ = listener.accept()
            with server.makefile("rb") as file:
                assert file.read() == content
            server.close()
            link.stop()
            segments = [frame for frame in link if TCP in frame.packet and frame.packet.payload]
        assert all(frame.offload is not None and frame.offload.is_partial for frame in segments)
        assert all(frame.flags is not None and frame.flags.checksum_not_ready for frame in segments)
        assert b"".join(frame.packet.payload for frame in segments) == content
        supers = [frame.offload for frame in segments if frame.offload and frame.offload.segment_size]
        assert {(each.cut, each.segment_size) for each in supers} == {("TCP over IPv4", 1448)}
        for frame in segments:
            assert frame.offload is not None
            if not frame.offload.segment_size:
                assert not wrong(Packet.decode(finished(frame.octets, frame.offload)))


@live
def test_a_super_segment_of_ours_is_cut_and_a_checksum_of_ours_finished() -> None:
    left, right = two_hosts()
    server = right.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("10.0.0.2", 7))
    witness = right.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    witness.bind(("eth0", 0x0800))
    with left:
        link = PacketLink("eth0", ring=None)
    with link:
        data = bytes(range(250)) * 20
        whole = bytes(datagram(data))
        octets = whole[:40] + pseudo_sum(whole).to_bytes(2, "big") + whole[42:]
        interface = described(link.medium, "eth0")
        link.send(made_frame(1, 0, octets, interface, "out", Offload(1, 5, 42, 1000, 34, 6)))
        assert [server.recv(2000) for _ in range(5)] == [data[at : at + 1000] for at in range(0, 5000, 1000)]
        pieces = [Packet.decode(witness.recv(2000)) for _ in range(5)]
        assert [len(piece.payload) for piece in pieces] == [1000] * 5
        assert not any(wrong(piece) for piece in pieces)
        small = bytes(datagram(b"one"))
        octets = small[:40] + pseudo_sum(small).to_bytes(2, "big") + small[42:]
        link.send(made_frame(1, 0, octets, interface, "out", Offload.checksum_only(34, 6)))
        assert server.recv(2000) == b"one"
        assert witness.recv(2000)[: len(small)] == small


def pseudo_sum(frame: bytes) -> int:
    """Folded, of a UDP datagram in IPv4 in Ethernet (RFC 768)."""
    pseudo = frame[26:34] + b"\0\x11" + frame[38:40]
    total = sum(int.from_bytes(pseudo[at : at + 2], "big") for at in range(0, len(pseudo), 2))
    return (total & 0xFFFF) + (total >> 16)


@live
def test_a_link_without_offloads_takes_nothing_unfinished() -> None:
    left, _ = two_hosts()
    with left:
        link = PacketLink("eth0", ring=None, offload=False)
    with link:
        unfinished = made_frame(1, 0, bytes(60), described(link.medium, "eth0"), "out", Offload.checksum_only(34, 6))
        with pytest.raises(LinkError, match="unfinished checksum"):
            link.send(unfinished)


@live
def test_received_and_dropped_are_what_was_sent() -> None:
    left, right = two_hosts()
    count = 30_000
    rows = np.frombuffer(bytes(datagram(bytes(22))) * count, np.uint8).reshape(count, 64).copy()
    rows[:, 60:64] = np.arange(count, dtype=">u4").view(np.uint8).reshape(count, 4)
    for ring in (2 * BLOCK, None):
        with left:
            receiver = PacketLink("eth0", ring=ring)
        with right:
            sender = PacketLink("eth0")
        with receiver, sender:
            told = sender.send_many(rows)
            assert (told.asked, told.sent, told.failed) == (count, count, 0)
            until_counted(receiver, count)
            receiver.stop()
            came = [frame for frame in receiver if frame.octets[12:14] == b"\x08\0"]
            counts = receiver.statistics
            assert counts.received == len(came)
            assert counts.dropped > 0
            assert counts.received + counts.dropped == count
            assert sender.statistics.sent == count
            if ring is not None:
                assert counts.freezes > 0
                numbers = [int.from_bytes(frame.octets[60:64], "big") for frame in came]
                assert numbers == list(range(len(came)))  # a full ring keeps what came first
        assert receiver.statistics == counts  # still there after closing


@live
def test_a_reader_that_keeps_up_loses_nothing() -> None:
    left, right = two_hosts()
    with left:
        receiver = PacketLink("eth0")
    with right:
        sender = PacketLink("eth0")
    payloads = [n.to_bytes(4, "big") * (1 + n % 300) for n in range(5_000)]
    packets = [bytes(datagram(payload)) for payload in payloads]
    with receiver, sender:
        came: list[bytes] = []
        for at in range(0, len(packets), 500):
            assert sender.send_many(packets[at : at + 500]).failed == 0
            while frame := receiver.receive(timeout=0):
                came.append(frame.octets)
        until_counted(receiver, len(packets))
        receiver.stop()
        came += [frame.octets for frame in receiver]
        assert came == packets
        assert receiver.statistics == Statistics(received=len(packets))


@live
def test_frames_of_all_lengths_and_kinds_in_one_batch() -> None:
    left, right = two_hosts()
    with left:
        sender = PacketLink("eth0")
    with right:
        receiver = PacketLink("eth0")
    with sender, receiver:
        frames = [bytes(datagram(bytes(n))) for n in range(0, 1472, 3)]
        told = sender.send_many([*frames[:5], bytes(1515), b"short", *frames[5:], frames[0] + bytes(1500)])
        assert told.failures == [(5, "EMSGSIZE"), (6, "EINVAL"), (told.asked - 1, "EMSGSIZE")]
        assert (told.sent, sender.statistics.sent, sender.statistics.failed) == (len(frames), len(frames), 3)
        assert [frame.octets for frame in until(receiver, len(frames))] == frames


@live
def test_a_filter_is_in_force_from_the_first_frame() -> None:
    left, right = two_hosts()
    with right:
        sender = PacketLink("eth0")
    only_udp = (
        (0x30, 0, 0, 23),
        (0x15, 0, 1, 17),
        (0x06, 0, 0, 40),
        (0x06, 0, 0, 0),
    )  # ldb [23]; jeq #17; ret #40; ret #0
    for ring in RINGS:
        with left:
            link = PacketLink("eth0", ring=ring, filter=only_udp)
        with link:
            arp = bytes.fromhex("ffffffffffff 020000000002 0806") + bytes(46)
            sender.send_many([arp, bytes(datagram(bytes(100))), arp])
            frame = link.receive(timeout=5)
            assert frame is not None
            assert (frame.captured_length, frame.wire_length) == (40, 142)
            link.stop()
            assert list(link) == []
            assert link.statistics.received == 1
    sender.close()


@live
def test_snaplen_keeps_beginnings() -> None:
    left, right = two_hosts()
    with right:
        sender = PacketLink("eth0")
    for ring in RINGS:
        with left:
            link = PacketLink("eth0", ring=ring, snaplen=20)
        with link:
            sender.send(datagram(bytes(100)))
            frame = link.receive(timeout=5)
            assert frame is not None
            assert (frame.octets, frame.wire_length) == (bytes(datagram(bytes(100)))[:20], 142)
    sender.close()


@live
def test_on_loopback_each_frame_comes_once_and_elsewhere_our_own_host_is_seen_when_asked() -> None:
    left, _ = two_hosts()
    for interface, address, ways in ("lo", "127.0.0.1", {"in"}), ("eth0", "10.0.0.2", {"out"}):
        for outgoing in (True, False):
            with left:
                link = PacketLink(interface, ring=None, outgoing=outgoing)
            client = left.socket(socket.AF_INET, socket.SOCK_DGRAM)
            with link:
                for n in range(10):
                    client.sendto(bytes([n]), (address, 9))
                expected = 10 if interface == "lo" or outgoing else 0
                seen = until(link, expected)
                link.stop()
                seen += [frame for frame in link if UDP in frame.packet]
            assert [frame.packet.payload for frame in seen] == [bytes([n]) for n in range(expected)]
            assert {frame.direction for frame in seen} == (ways if expected else set())


@live
def test_what_the_link_itself_sends_does_not_come_back() -> None:
    left, _ = two_hosts()
    with left:
        link = PacketLink("eth0", ring=None, outgoing=True)
    with link:
        link.send(datagram(b"x"))
        link.stop()
        assert [frame for frame in link if UDP in frame.packet and frame.direction == "out"] == []


@live
def test_async_for_and_closing_from_another_thread() -> None:
    left, right = two_hosts()
    with right:
        sender = PacketLink("eth0")
    for ring in RINGS:
        with left:
            link = PacketLink("eth0", ring=ring)

        async def first(link: PacketLink = link) -> int:
            sender.send(datagram(b"async"))
            async for frame in link:
                return frame.captured_length
            return 0

        assert asyncio.run(asyncio.wait_for(first(), 10)) == 47
        waiting = threading.Thread(target=lambda link=link: list(link))
        waiting.start()
        link.close()
        waiting.join(10)
        assert not waiting.is_alive()
        with pytest.raises(LinkEnded):
            link.receive()
        with pytest.raises(LinkEnded):
            link.send(bytes(60))
    sender.close()


@live
def test_a_tag_put_back_moves_what_is_still_to_be_done() -> None:
    left, right = two_hosts(offload=True)
    plain = bytes(datagram(bytes(range(250)) * 12))
    tagged = plain[:12] + bytes.fromhex("8100 0007") + plain[12:40] + pseudo_sum(plain).to_bytes(2, "big") + plain[42:]
    cases = [
        (tagged[:18] + bytes(28) + tagged[46:146], Offload.checksum_only(38, 6)),
        (tagged, Offload(1, 5, 46, 1000, 38, 6)),
    ]
    with right:
        sender = PacketLink("eth0", ring=None)
    for ring in RINGS:
        with left:
            link = PacketLink("eth0", ring=ring)
        with link:
            for octets, todo in cases:
                sender.put(octets, todo)
                frame = next(frame for frame in link if frame.octets[12:16] == b"\x81\x00\x00\x07")
                assert frame.octets == octets
                assert frame.offload is not None
                assert frame.offload._replace(header_length=todo.header_length) == todo  # the kernel's is a hint
    sender.close()


@live
def test_a_socket_opened_in_another_namespace_is_a_link_of_there() -> None:
    left, right = two_hosts()
    server = right.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("10.0.0.2", 7))
    for ring in RINGS:
        with PacketLink("eth0", ring=ring, opened=left.socket(socket.AF_PACKET, socket.SOCK_RAW)) as link:
            assert link.mtu == 1500
            link.send(datagram(b"from there"))
            assert server.recv(100) == b"from there"
            server.sendto(b"to there", ("10.0.0.1", 5000))
            assert until(link, 1)[0].packet.payload == b"to there"
    with pytest.raises(NoSuchInterface, match=r"there are lo, eth0"):
        PacketLink("eth1", opened=left.socket(socket.AF_PACKET, socket.SOCK_RAW))
    with pytest.raises(NoSuchInterface, match=r"there are lo\)"):
        PacketLink("eth0")


@live
def test_the_descriptor_tells_when_to_look_and_looking_empties_it() -> None:
    left, right = two_hosts()
    with right:
        sender = PacketLink("eth0", ring=None)
    for ring in RINGS:
        with left:
            link = PacketLink("eth0", ring=ring)
        with link:
            sender.send_many([bytes(datagram(bytes([n]))) for n in range(200)])
            came: list[Frame] = []
            while len(came) < 200 and select.select([link], [], [], 5)[0]:
                while (frame := link.receive(timeout=0)) is not None:
                    came.append(frame)
            assert [frame.packet.payload for frame in came] == [bytes([n]) for n in range(200)]
            assert not select.select([link], [], [], 0)[0]
    sender.close()

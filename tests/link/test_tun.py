"""TUN and TAP: where they are allowed, packets to and from the kernel; elsewhere one line that says what to do."""

from __future__ import annotations

import socket
import threading

import pytest
from pyroute2 import IPRoute

from rawkit import ARP, UDP, Ethernet, IPv4, Packet
from rawkit.cli.main import report
from rawkit.link import (
    FrameTooLong,
    FrameTooShort,
    InterfaceDown,
    InterfaceGone,
    LinkEnded,
    LinkError,
    NotPermitted,
    PacketLink,
    SendFailed,
    TunLink,
)
from rawkit.link.tun import DEVICE
from tests.link.hosts import Host
from tests.link.namespaces import in_a_child, live


def opened(host: Host, *, tap: bool = False) -> TunLink:
    """One on that host, up, with 10.0.0.1 on it; the test is skipped where there can be none."""
    try:
        with host:
            link = TunLink("test0", tap=tap)
    except NotPermitted as refused:
        pytest.skip(str(refused))
    except LinkError as missing:
        pytest.skip(str(missing))
    host.address("test0", "10.0.0.1", 24)
    host.link("test0", up=True)
    return link


@live
def test_packets_between_a_tun_and_kernel_sockets() -> None:
    host = Host()
    with opened(host) as link:
        assert (link.name, link.medium, link.mtu) == ("test0", 101, 1500)
        peer = host.socket(socket.AF_INET, socket.SOCK_DGRAM)
        peer.bind(("10.0.0.1", 7))
        link.send(IPv4(src="10.0.0.2", dst="10.0.0.1") / UDP(sport=5000, dport=7) / b"in")
        assert peer.recvfrom(100) == (b"in", ("10.0.0.2", 5000))
        peer.sendto(b"out", ("10.0.0.2", 5000))
        packet = next(frame.packet for frame in link if UDP in frame.packet)
        assert (packet[IPv4].dst, packet[UDP].dport, packet.payload) == ("10.0.0.2", 5000, b"out")
        with pytest.raises(SendFailed, match="Invalid argument"):
            link.send(bytes(60))  # no version of IP
        with pytest.raises(FrameTooLong, match="1501 octets"):
            link.send(bytes(1501))
        assert (link.statistics.sent, link.statistics.failed) == (1, 2)


@live
def test_frames_between_a_tap_and_the_kernel() -> None:
    host = Host()
    with opened(host, tap=True) as link:
        assert link.medium == 1
        with pytest.raises(FrameTooShort, match="13 octets"):
            link.send(bytes(13))
        request = ARP(opcode=1, sender_mac="02:00:00:00:00:02", sender_ip="10.0.0.2", target_ip="10.0.0.1")
        link.send(Ethernet(src="02:00:00:00:00:02", dst="ff:ff:ff:ff:ff:ff") / request)
        answer = next(frame.packet[ARP] for frame in link if ARP in frame.packet and frame.packet[ARP].opcode == 2)
        assert (answer.sender_ip, answer.target_mac) == ("10.0.0.1", "02:00:00:00:00:02")


@live
def test_a_packet_socket_on_it_hands_over_packets_without_ethernet() -> None:
    host = Host()
    with opened(host) as tun:
        for ring in (1 << 20, None):
            with host:
                link = PacketLink("test0", ring=ring, outgoing=True)
            with link:
                assert (link.medium, link.mtu) == (101, 1500)
                came = bytes(IPv4(src="10.0.0.2", dst="10.0.0.1") / UDP(sport=1, dport=9) / b"in")
                tun.send(came)
                host.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"out", ("10.0.0.2", 5000))
                seen: list[tuple[str | None, Packet]] = []
                while len(seen) < 2 and (frame := link.receive(timeout=5)) is not None:
                    if frame.packet.payload in (b"in", b"out"):
                        seen.append((frame.direction, frame.packet))
                assert [direction for direction, _ in seen] == ["in", "out"]
                assert seen[0][1].octets == came
                assert seen[1][1][IPv4].dst == "10.0.0.2"


@live
def test_down_and_gone() -> None:
    host = Host()
    with opened(host) as link:
        with host, pytest.raises(LinkError, match="test0"):
            TunLink("test0")
        with host, IPRoute() as routes:
            routes.link("set", index=socket.if_nametoindex("test0"), state="down")
        with pytest.raises(InterfaceDown):
            link.send(IPv4(src="10.0.0.2", dst="10.0.0.1") / UDP())
        gone: list[str] = []

        def wait() -> None:
            with pytest.raises(InterfaceGone) as raised:
                link.receive(timeout=10)
            gone.append(raised.value.name)

        waiting = threading.Thread(target=wait)
        waiting.start()
        host.delete("test0")
        waiting.join(10)
        assert gone == ["test0"]
    with pytest.raises(LinkEnded):
        link.receive()


def test_without_permission_one_line_says_what_to_do() -> None:
    def try_it() -> None:
        with pytest.raises(LinkError) as raised:
            TunLink()
        assert "\n" not in str(raised.value)
        assert DEVICE in str(raised.value) or "CAP_NET_ADMIN" in str(raised.value)
        assert report(raised.value) == (3 if isinstance(raised.value, NotPermitted) else 2)

    in_a_child(try_it, user=True, namespaces=False)

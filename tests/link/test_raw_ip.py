"""The raw IP socket: kernels receive what we send, and we what they send, as a packet socket beside us saw it."""

from __future__ import annotations

import socket

import pytest

from rawkit import UDP, ICMPv4, ICMPv4EchoReply, ICMPv4EchoRequest, IPv4, IPv6, Packet
from rawkit.capture import Frame
from rawkit.cli.main import report
from rawkit.errors import FieldError
from rawkit.link import FrameTooLong, FrameTooShort, NotPermitted, PacketLink, RawIPLink, SendFailed
from tests.link.namespaces import in_a_child, live, two_hosts

UDP_NUMBER, ICMP_NUMBER = 17, 1


@live
def test_ipv4_goes_out_as_it_is_but_for_what_the_kernel_fills_in() -> None:
    left, right = two_hosts()
    server = right.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("10.0.0.2", 7))
    with right:
        witness = PacketLink("eth0", ring=None)
    with left:
        link = RawIPLink(UDP_NUMBER)
    packet = IPv4(src="10.0.0.1", dst="10.0.0.2", ttl=9, dscp=10, identification=77) / UDP(sport=5000, dport=7) / b"raw"
    with link, witness:
        link.send(packet)
        assert server.recvfrom(100) == (b"raw", ("10.0.0.1", 5000))
        seen = next(frame.octets[14:45] for frame in witness if UDP in frame.packet)
        assert seen == bytes(packet)
        link.send(IPv4(dst="10.0.0.2", src="0.0.0.0") / UDP(sport=5001, dport=7, checksum=0) / b"source")
        assert server.recvfrom(100) == (b"source", ("10.0.0.1", 5001))
        assert link.statistics.sent == 2


@live
def test_ipv4_comes_with_its_header() -> None:
    left, right = two_hosts()
    with left:
        link, witness = RawIPLink(UDP_NUMBER), PacketLink("eth0", ring=None)
    client = right.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 5)
    client.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 0x29)
    with link, witness:
        for n in range(100):
            client.sendto(bytes([n]) * (n + 18), ("10.0.0.1", 4000))  # so long that no padding is seen
        came: list[Frame] = []
        while len(came) < 100 and (frame := link.receive(timeout=5)) is not None:
            came.append(frame)
        witness.stop()  # which has seen them before
        seen = [frame.octets[14:] for frame in witness if UDP in frame.packet]
        assert len(seen) == 100
        assert [frame.octets for frame in came] == seen
        assert (came[0].linktype, came[0].packet[IPv4].ttl, came[0].direction) == (228, 5, "in")


@live
def test_a_ping_over_ipv4_is_answered_also_by_a_socket_opened_in_another_namespace() -> None:
    left, _ = two_hosts()
    with RawIPLink(ICMP_NUMBER, opened=left.socket(socket.AF_INET, socket.SOCK_RAW, ICMP_NUMBER)) as link:
        link.send(IPv4(src="10.0.0.1", dst="10.0.0.2") / ICMPv4() / ICMPv4EchoRequest(identifier=9) / b"?")
        answer = next(frame.packet for frame in link if ICMPv4EchoReply in frame.packet)
        assert answer[ICMPv4EchoReply].identifier == 9


@live
def test_ipv6_both_ways_with_the_header_that_the_wire_had() -> None:
    left, right = two_hosts(ipv6=True)
    server = right.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.bind(("fd00::2", 7))
    with left:
        link, witness = RawIPLink(UDP_NUMBER, version=6), PacketLink("eth0", ring=None)
    packet = (
        IPv6(src="fd00::1", dst="fd00::2", hop_limit=9, flow_label=0xABCDE, dscp=10) / UDP(sport=5000, dport=7) / b"raw"
    )
    with link, witness:
        link.send(packet)
        data, sender = server.recvfrom(100)
        assert (data, sender[:2]) == (b"raw", ("fd00::1", 5000))
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 7)
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, 0x29)
        for n in range(50):
            server.sendto(bytes(n), ("fd00::1", 5000))
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, 0)
        server.sendto(b"plain", ("fd00::1", 5000))
        came: list[Frame] = []
        while len(came) < 51 and (frame := link.receive(timeout=5)) is not None:
            came.append(frame)
        witness.stop()
        seen = [frame.octets[14:] for frame in witness if UDP in frame.packet]
        assert len(seen) == 51
        assert [frame.octets for frame in came] == seen
        assert (came[0].packet[IPv6].hop_limit, came[0].packet[IPv6].dscp, came[0].linktype) == (7, 10, 229)


@live
def test_what_cannot_be_sent_is_told_by_name() -> None:
    left, _ = two_hosts(ipv6=True)
    left.link("eth0", mtu=1400)
    with left:
        four, six = RawIPLink(255), RawIPLink(255, version=6)
        with four, six:
            for link, header in (four, IPv4(src="10.0.0.1", dst="10.0.0.2")), (six, IPv6(src="fd00::1", dst="fd00::2")):
                with pytest.raises(FrameTooLong, match="the MTU is 1400"):
                    link.send(header / UDP() / bytes(1400))
                with pytest.raises(FrameTooShort):
                    link.send(b"\x45")
            with pytest.raises(SendFailed, match=r"unreachable .* to 192.0.2.1"):
                four.send(IPv4(src="10.0.0.1", dst="192.0.2.1") / UDP())
            good = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP()
            told = four.send_many([good, bytes(3), good])
            assert (told.sent, told.failures) == (2, [(1, "EINVAL")])
            assert (four.statistics.sent, four.statistics.failed) == (2, 4)


@live
def test_a_filter_on_a_raw_socket() -> None:
    left, right = two_hosts()
    # IPv4 of TTL 5 only: ldb [8]; jeq #5; ret whole; ret nothing
    with left:
        link = RawIPLink(UDP_NUMBER, filter=((0x30, 0, 0, 8), (0x15, 0, 1, 5), (0x06, 0, 0, 0xFFFF), (0x06, 0, 0, 0)))
    client = right.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with link:
        client.sendto(b"no", ("10.0.0.1", 4000))
        client.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 5)
        client.sendto(b"yes", ("10.0.0.1", 4000))
        frame = link.receive(timeout=5)
        assert frame is not None
        assert Packet.decode(frame.octets, IPv4).payload == b"yes"


def test_without_permission() -> None:
    def try_it() -> None:
        with pytest.raises(NotPermitted, match="a raw IP socket needs CAP_NET_RAW") as raised:
            RawIPLink(17)
        assert report(raised.value) == 3

    in_a_child(try_it, user=True, namespaces=False)


def test_what_is_no_protocol_or_version_is_refused() -> None:
    with pytest.raises(FieldError, match="version"):
        RawIPLink(17, version=5)
    with pytest.raises(FieldError, match="protocol"):
        RawIPLink(256)

"""What happens to interfaces and what they refuse: told by name, in time, with what to do, and counted."""

from __future__ import annotations

import errno
import socket
import threading
import time

import numpy as np
import pytest
from pyroute2 import IPRoute

from rawkit.capture import Frame
from rawkit.cli.main import report
from rawkit.errors import FieldError
from rawkit.filter.instructions import MAX_INSTRUCTIONS, check
from rawkit.link import (
    FrameTooLong,
    FrameTooShort,
    InterfaceDown,
    InterfaceGone,
    LinkError,
    NoSuchInterface,
    NotPermitted,
    PacketLink,
    QueueFull,
    batch,
    interface,
)
from tests.link.hosts import Host
from tests.link.namespaces import in_a_child, live, two_hosts

BROADCAST = bytes.fromhex("ffffffffffff 020000000002 88b5")
RINGS = (1 << 20, None)


def test_without_permission_one_line_says_what_is_needed_and_the_three_ways() -> None:
    def try_it() -> None:
        with pytest.raises(NotPermitted) as raised:
            PacketLink("lo")
        text = str(raised.value)
        assert "\n" not in text
        for words in ("CAP_NET_RAW", "unshare", "setcap cap_net_raw+ep", "sudo"):
            assert words in text
        assert isinstance(raised.value, PermissionError)
        assert report(raised.value) == 3

    in_a_child(try_it, user=True, namespaces=False)


def test_no_such_interface_names_the_ones_there_are() -> None:
    for name in ("lp", "", "a name that is far too long", "nul\0"):
        with pytest.raises(NoSuchInterface, match=r"there are .*lo") as raised:
            PacketLink(name)
        assert report(raised.value) == 2
    with pytest.raises(NoSuchInterface, match="did you mean 'lo'"):
        PacketLink("lo0")


@live
def test_an_interface_that_goes_down_is_told_once_and_frames_come_again_when_it_is_up() -> None:
    for ring in RINGS:
        left, right = two_hosts()
        with left:
            link = PacketLink("eth0", ring=ring)
        with right:
            sender = PacketLink("eth0")
        with link, sender:
            sender.send(BROADCAST + b"before")
            with left, IPRoute() as routes:
                routes.link("set", index=socket.if_nametoindex("eth0"), state="down")
            assert [frame.octets[14:] for frame in taken(link)] == [b"before"]  # what came first comes first
            with pytest.raises(InterfaceDown, match="ip link set eth0 up") as raised:
                link.receive(timeout=5)
            assert (raised.value.errno, report(raised.value)) == (errno.ENETDOWN, 1)
            assert link.receive(timeout=0) is None
            with pytest.raises(InterfaceDown):
                link.send(BROADCAST)
            assert link.send_many([BROADCAST] * 10).errors == {"ENETDOWN": 10}
            left.link("eth0", up=True)
            left.until_up()
            right.until_up()
            sender.send(BROADCAST + b"after")
            assert [frame.octets[14:] for frame in taken(link)] == [b"after"]
            link.send(BROADCAST)


def taken(link: PacketLink) -> list[Frame]:
    """The first frames of ours that come; the kernel may ask for a neighbour in between."""
    while frames := link.receive_many(timeout=5):
        if found := [frame for frame in frames if frame.octets[12:14] == b"\x88\xb5"]:
            return found
    return []


@live
def test_a_link_on_an_interface_that_is_down_says_so_and_waits_for_it() -> None:
    host = Host()
    host.device("br0", "bridge")
    with host:
        link = PacketLink("br0", ring=None)
    with link:
        with pytest.raises(InterfaceDown):
            link.receive(timeout=5)
        assert link.receive(timeout=0) is None


@live
def test_an_interface_that_is_deleted_is_noticed_within_a_second() -> None:
    for ring in RINGS:
        left, right = two_hosts()
        with left:
            link = PacketLink("eth0", ring=ring)
        with right:
            sender = PacketLink("eth0")
        with link, sender:
            sender.send_many([BROADCAST + bytes([n]) for n in range(100)])
            noticed: list[float] = []
            came: list[bytes] = []

            def receive(link: PacketLink = link, came: list[bytes] = came, noticed: list[float] = noticed) -> None:
                with pytest.raises(InterfaceGone, match="eth0 is gone"):
                    came.extend(frame.octets for frame in link)
                noticed.append(time.monotonic())

            waiting = threading.Thread(target=receive)
            waiting.start()
            deleted = time.monotonic()
            left.delete("eth0")
            waiting.join(10)
            assert noticed[0] - deleted < 1
            assert [octets[14:] for octets in came if octets[12:14] == b"\x88\xb5"] == [bytes([n]) for n in range(100)]
            for _ in range(2):  # it stays gone
                with pytest.raises(InterfaceGone) as raised:
                    link.receive(timeout=0)
            assert report(raised.value) == 1
            with pytest.raises(InterfaceGone):
                link.send(BROADCAST)
            with pytest.raises(InterfaceGone):
                _ = link.mtu
            assert link.send_many([BROADCAST] * 5).failed == 5


@live
def test_a_frame_too_long_or_too_short_is_refused_with_its_size_and_the_mtu() -> None:
    left, _ = two_hosts()
    left.link("eth0", mtu=1000)
    for offload in (True, False):
        with left:
            link = PacketLink("eth0", ring=None, offload=offload)
        with link:
            link.send(BROADCAST + bytes(1000))
            with pytest.raises(FrameTooLong, match=r"1015 octets .* MTU is 1000") as raised:
                link.send(BROADCAST + bytes(1001))
            assert (raised.value.size, raised.value.mtu, raised.value.errno) == (1015, 1000, errno.EMSGSIZE)
            with pytest.raises(FrameTooShort, match="13 octets"):
                link.send(bytes(13))
            with pytest.raises(FrameTooShort, match="0 octets"):
                link.send(b"")
            assert (link.statistics.sent, link.statistics.failed) == (1, 3)


def slow(host: Host, rate: str, frame: int = 1000, how: str = "add") -> None:
    """What leaves the host is held back; two frames of that size may wait."""
    with host, IPRoute() as routes:
        routes.tc(
            how, "tbf", socket.if_nametoindex("eth0"), 0x10000, rate=rate, burst=frame + 600, limit=frame * 5 // 2
        )


def ours(link: PacketLink, wanted: int) -> int:
    """How many frames of ours come, up to so many."""
    count, deadline = 0, time.monotonic() + 20
    while count < wanted and time.monotonic() < deadline:
        count += sum(frame.octets[12:14] == b"\x88\xb5" for frame in link.receive_many(timeout=1))
    return count


FULL = BROADCAST + bytes(986)


@live
def test_a_full_queue_is_waited_for() -> None:
    left, right = two_hosts()
    slow(left, "1600kbit")  # 200 frames a second
    with left:
        link = PacketLink("eth0", ring=None)
    with right:
        receiver = PacketLink("eth0")
    with link, receiver:
        assert link.send_many([FULL] * 100).errors == {}
        for _ in range(20):
            link.send(FULL)
        assert ours(receiver, 120) == 120
        assert link.statistics.sent == 120


@live
def test_a_queue_that_stays_full_ends_the_waiting_and_every_frame_is_counted() -> None:
    left, right = two_hosts()
    left.link("eth0", mtu=9000)
    right.link("eth0", mtu=9000)
    long = BROADCAST + bytes(8986)
    slow(left, "20kbit", len(long))  # a frame in 3.6 seconds; tbf cannot be slower
    batch.PATIENCE_S = 0.1  # of this child process
    with left:
        link = PacketLink("eth0", ring=None)
    with right:
        receiver = PacketLink("eth0")
    with link, receiver:
        before = time.monotonic()
        told = link.send_many(np.frombuffer(long * 20, np.uint8).reshape(20, len(long)))
        assert told.asked == 20 == told.sent + told.failed
        assert told.errors == {"ENOBUFS": told.failed}
        assert 1 <= told.sent <= 4
        with pytest.raises(QueueFull, match="send more slowly"):
            link.send(long)
        assert 2 * batch.PATIENCE_S <= time.monotonic() - before < 10
        counts = link.statistics
        assert (counts.sent, counts.failed) == (told.sent, told.failed + 1)
        slow(left, "16mbit", len(long), "change")
        link.send(long)
        assert ours(receiver, counts.sent + 1) == counts.sent + 1  # what was told to be sent does arrive


@live
def test_a_filter_that_the_kernel_refuses_is_an_error() -> None:
    host = Host()
    with host, pytest.raises(LinkError, match="the kernel refuses the filter of 2 instructions"):
        PacketLink("lo", filter=[(0xFFFF, 0, 0, 0), (0x06, 0, 0, 1)])
    with host, pytest.raises(FieldError, match="0 instructions"):
        PacketLink("lo", filter=[])  # and not without a filter


def test_a_filter_is_checked_before_the_kernel_sees_it() -> None:
    keep = (0x06, 0, 0, 0xFFFF)
    for program, words in (
        ([], "0 instructions; the kernel takes 1 to 4096"),
        ([keep] * (MAX_INSTRUCTIONS + 1), "4097 instructions"),
        ([(0x15, 0, 1, 17), keep], "instruction 0 jumps to 2"),
        ([(0x05, 0, 0, 7), keep], "instruction 0 jumps to 8"),
        ([(0x30, 0, 0, 23)], "does not end with a return"),
        ([(0x30, 0, 256, 23), keep], "jf is 256"),
        ([(0x30, 0, 0, -1), keep], "k is -1"),
        ([(0x30, 0, 0), keep], "3 parts"),
    ):
        with pytest.raises(FieldError, match=words):
            check(program)  # type: ignore[arg-type]
    check([(0x15, 0, 1, 17), keep, keep])


@live
def test_frames_of_a_kind_that_we_know_nothing_of_are_not_called_ethernet() -> None:
    del interface.LINK_TYPES[772]  # of this child process: loopback becomes such a kind
    with Host(), pytest.raises(LinkError, match=r"lo: of its kind of frames .*772"):
        PacketLink("lo")


def test_a_matrix_is_one_of_octets() -> None:
    def try_it() -> None:
        with Host(), PacketLink("lo", ring=None) as link, pytest.raises(FieldError, match="a matrix of int64"):
            link.send_many(np.zeros((2, 60), np.int64))

    in_a_child(try_it, user=True)

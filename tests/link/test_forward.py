"""A wire in the middle: nothing is lost on a good one, super-segments pass, a bad one does as it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rawkit.clock import ManualClock
from rawkit.link import (
    Forwarded,
    Forwarder,
    Impairment,
    InterfaceGone,
    LinkEnded,
    PacketLink,
    PipeEnd,
    forward,
    pipe,
)
from rawkit.link.impairment import Content
from tests.link.hosts import Host, join, number
from tests.link.namespaces import live

MS = 1_000_000


def wires(clock: ManualClock) -> tuple[PipeEnd, PipeEnd, PipeEnd, PipeEnd]:
    """host - a | b - other host."""
    return *pipe(clock=clock), *pipe(clock=clock)


def test_a_good_wire_passes_everything_both_ways() -> None:
    host, a, b, other = wires(ManualClock())
    host.send_many([bytes(60), bytes(70)])
    other.send(bytes(80))
    forwarder = Forwarder(a, b)
    assert forwarder.step(0) == 3
    assert forwarder.step(0) == 0
    assert [frame.captured_length for frame in other.receive_many(0)] == [60, 70]
    assert [frame.captured_length for frame in host.receive_many(0)] == [80]
    assert forwarder.a_to_b == Forwarded(None, came=2, passed=2)


def test_a_bad_wire_on_a_clock_moved_by_hand() -> None:
    clock = ManualClock()
    host, a, b, other = wires(clock)
    forwarder = Forwarder(a, b, (Impairment(delay_ns=10 * MS), Impairment(loss=1.0)))
    host.send(bytes(60))
    other.send(bytes(80))
    while (frame := other.receive(0)) is None:
        forwarder.step()
    assert (frame.time_ns, clock.monotonic_ns()) == (10 * MS, 10 * MS)
    assert host.receive(0) is None
    assert forwarder.b_to_a.came == 1
    assert forwarder.b_to_a.passed == 0


def test_one_impairment_for_both_ways_has_other_dice_on_the_way_back() -> None:
    _, a, b, _ = wires(ManualClock())
    forwarder = Forwarder(a, b, Impairment(loss=0.5, delay_ns=3, seed=9))
    there, back = forwarder.a_to_b.impairment, forwarder.b_to_a.impairment
    assert there is not None
    assert back is not None
    assert (there.loss, there.delay_ns) == (back.loss, back.delay_ns) == (0.5, 3)
    fates = [[each.offer(Content(bytes(60)), 0).what for _ in range(50)] for each in (there, back)]
    assert fates[0] != fates[1]


def test_what_the_far_end_refuses_is_counted_and_the_end_ends_it() -> None:
    clock = ManualClock()
    host, a = pipe(clock=clock, mtu=2000)
    b, other = pipe(clock=clock, mtu=1000)
    host.send_many([bytes(1500), bytes(60)])
    host.close()
    there, back = forward(a, b)
    assert (there.came, there.passed, there.refused) == (2, 1, 1)
    assert back.came == 0
    with pytest.raises(LinkEnded):
        Forwarder(a, b).step(0)
    assert [frame.captured_length for frame in other.receive_many(0)] == [60]


@contextmanager
def apart(offload: bool, impair: Impairment | None = None) -> Iterator[tuple[Host, Host, Host, list[Forwarded]]]:
    """Two hosts, and a third between them on which a thread is the wire."""
    left, middle, right = Host(), Host(), Host()
    join(left, "eth0", middle, "l", offload)
    join(right, "eth0", middle, "r", offload)
    number(left, 1)
    number(right, 2)
    for interface in "l", "r":
        middle.link(interface, up=True)
    for host in (left, middle, right):
        host.until_up()
    with middle:
        ends = PacketLink("l", ring=None, promiscuous=True), PacketLink("r", ring=None, promiscuous=True)
    told: list[Forwarded] = []
    thread = threading.Thread(target=lambda: told.extend(forward(*ends, impair)))
    thread.start()
    try:
        yield left, middle, right, told
    finally:
        for end in ends:
            end.stop()
        thread.join(10)
        assert not thread.is_alive()
        for end in ends:
            end.close()


def transfer(left: Host, right: Host, content: bytes) -> bytes:
    """By TCP, between the kernels."""
    listener = right.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("10.0.0.2", 80))
    listener.listen()
    client = left.socket(socket.AF_INET, socket.SOCK_STREAM)

    def send() -> None:
        with client:
            client.connect(("10.0.0.2", 80))
            client.sendall(content)

    sending = threading.Thread(target=send)
    sending.start()
    server, _ = listener.accept()
    server.settimeout(10)
    with server, listener, server.makefile("rb") as file:
        came = file.read()
    sending.join(10)
    return came


CONTENT = bytes(range(256)) * 4_000


@live
def test_kernels_talk_through_it_with_super_segments_and_without() -> None:
    for offload in (True, False):
        with apart(offload) as (left, _, right, told):
            assert transfer(left, right, CONTENT) == CONTENT
        there, back = told
        assert there.came == there.passed > 0
        assert back.came == back.passed > 0
        if offload:
            assert there.came < len(CONTENT) / 1448 / 2  # many segments a frame
        else:
            assert there.came >= len(CONTENT) / 1448


@live
def test_tcp_gets_through_a_bad_wire() -> None:
    impair = Impairment(0.03, delay_ns=MS, reordering=0.05, duplication=0.05, corruption=0.03, seed=1)
    with apart(False, impair) as (left, _, right, told):
        assert transfer(left, right, CONTENT[:400_000]) == CONTENT[:400_000]
    there = told[0]
    assert there.impairment is not None
    counts = there.impairment.counts
    assert there.came == counts["offered"]
    assert min(counts["lost"], counts["duplicated"], counts["corrupted"], counts["reordered"]) > 0
    assert there.passed + there.refused + there.impairment.under_way == counts["copies"]


@live
def test_an_interface_deleted_in_the_middle_ends_it_with_its_name() -> None:
    left, middle = Host(), Host()
    join(left, "eth0", middle, "l")
    join(left, "eth1", middle, "r")
    for host, interface in (left, "eth0"), (left, "eth1"), (middle, "l"), (middle, "r"):
        host.link(interface, up=True)
    with middle:
        ends = PacketLink("l", ring=None), PacketLink("r", ring=None)
    told: list[str] = []

    def carry() -> None:
        with pytest.raises(InterfaceGone) as raised:
            forward(*ends, duration=30)
        told.append(raised.value.name)

    thread = threading.Thread(target=carry)
    thread.start()
    left.delete("eth1")
    thread.join(10)
    assert told == ["r"]


@live
def test_interfaces_by_name_for_a_while() -> None:
    left, middle = Host(), Host()
    join(left, "eth0", middle, "l")
    join(left, "eth1", middle, "r")
    for host, interface in (left, "eth0"), (left, "eth1"), (middle, "l"), (middle, "r"):
        host.link(interface, up=True)
    left.until_up()
    with left:
        end, other = PacketLink("eth0", ring=None), PacketLink("eth1", ring=None)
    results: list[tuple[Forwarded, Forwarded]] = []

    def carry() -> None:
        with middle:
            results.append(forward("l", "r", duration=1))

    thread = threading.Thread(target=carry)
    thread.start()
    with end, other:
        frame = bytes.fromhex("020000000009 020000000001 88b5") + bytes(50)  # for nobody here
        while thread.is_alive() and not any(came.octets == frame for came in other.receive_many(timeout=0.01)):
            end.send(frame)
    thread.join(10)
    ((there, _),) = results
    assert there.passed > 0

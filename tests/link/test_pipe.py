"""Two ends in memory: everything arrives, waiting ends when it should, and what a cable refuses is refused."""

from __future__ import annotations

import asyncio
import errno
import select
import threading

import pytest

from rawkit import UDP, Ethernet, IPv4, Packet
from rawkit.capture.offload import Offload
from rawkit.clock import ManualClock
from rawkit.link import FrameTooLong, FrameTooShort, LinkEnded, LinkError, QueueFull, Sent, Statistics, pipe
from rawkit.link.link import made_frame

FRAMES = [bytes([number]) * (14 + number) for number in range(1, 200)]


def test_what_one_end_sends_the_other_receives() -> None:
    clock = ManualClock(time_ns=1_700_000_000_000_000_000)
    left, right = pipe(clock=clock)
    for octets in FRAMES:
        left.send(octets)
        clock.advance(7)
    left.close()
    came = list(right)
    assert [frame.octets for frame in came] == FRAMES
    assert [frame.time_ns for frame in came] == [1_700_000_000_000_000_000 + 7 * n for n in range(len(FRAMES))]
    assert [frame.number for frame in came] == list(range(1, len(FRAMES) + 1))
    assert {(frame.direction, frame.interface.name, frame.linktype) for frame in came} == {("in", "right", 1)}
    assert right.statistics == Statistics(received=len(FRAMES))
    assert left.statistics == Statistics(sent=len(FRAMES))
    right.close()


def test_packets_and_views_become_octets_of_their_own() -> None:
    left, right = pipe()
    packet = Ethernet(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IPv4(dst="10.0.0.2") / UDP(dport=7) / b"!"
    reused = bytearray(60)
    with left, right:
        left.send(packet)
        left.send(memoryview(reused))
        reused[:] = b"\xff" * 60
        first, second = right.receive_many()
        assert first.octets == bytes(packet)
        assert Packet.decode(first.octets)[UDP].dport == 7
        assert type(second.octets) is bytes
        assert second.octets == bytes(60)


def test_a_frame_keeps_what_is_still_to_be_done_to_it() -> None:
    left, right = pipe()
    todo = Offload(1, 1, 54, 1448, 34, 16)
    with left, right:
        left.send(made_frame(1, 0, bytes(40_000), left._interface, "out", todo))  # longer than the MTU: to be cut
        frame = right.receive()
        assert frame is not None
        assert frame.offload == todo
        assert frame.flags is not None
        assert frame.flags.checksum_not_ready


def test_a_frame_that_was_cut_is_not_sent() -> None:
    left, right = pipe()
    with left, right:
        left.send(bytes(60))
        frame = right.receive()
        assert frame is not None
        frame.wire_length = 100
        with pytest.raises(LinkError, match="60 of its 100 octets"):
            right.send(frame)


def test_what_is_too_long_too_short_or_too_much_is_refused_by_name() -> None:
    left, right = pipe(mtu=100, capacity=3)
    with left, right:
        told = left.send_many([bytes(114), bytes(115), bytes(13), bytes(14), bytes(14), bytes(14)])
        assert told == Sent(6, [(1, "EMSGSIZE"), (2, "EINVAL"), (5, "ENOBUFS")])
        assert (told.sent, told.failed, told.errors["EMSGSIZE"]) == (3, 3, 1)
        assert left.statistics == Statistics(sent=3, failed=3)
        with pytest.raises(FrameTooLong, match="115 octets is too long: the MTU is 100") as raised:
            left.send(bytes(115))
        assert (raised.value.size, raised.value.mtu, raised.value.errno) == (115, 100, errno.EMSGSIZE)
        with pytest.raises(FrameTooShort):
            left.send(b"")
        with pytest.raises(QueueFull, match="send more slowly"):
            left.send(bytes(14))
        assert len(right.receive_many()) == 3


def test_the_descriptor_is_readable_while_something_is_there() -> None:
    left, right = pipe()

    def readable() -> bool:
        return select.select([right], [], [], 0)[0] == [right]

    with left, right:
        assert not readable()
        left.send(bytes(60))
        left.send(bytes(60))
        assert readable()
        right.receive_many()
        assert right.receive(timeout=0) is None
        assert not readable()
        left.close()
        assert readable()
        with pytest.raises(LinkEnded):
            right.receive()
        assert readable()


def test_waiting_is_by_the_clock_that_was_given() -> None:
    clock = ManualClock()
    left, right = pipe(clock=clock)
    with left, right:
        assert right.receive(timeout=1.5) is None
        assert clock.monotonic_ns() == 1_500_000_000
        with pytest.raises(LinkError, match="wait for ever"):
            right.receive()


def test_who_waits_in_another_thread_gets_a_frame_or_the_end() -> None:
    left, right = pipe()
    came: list[int] = []

    def wait() -> None:
        for frame in right:
            came.append(frame.captured_length)
            left.close() if len(came) == 2 else right.close()  # once by the other end

    thread = threading.Thread(target=wait)
    thread.start()
    left.send(bytes(60))
    thread.join(10)
    assert not thread.is_alive()
    assert came == [60]
    with pytest.raises(LinkEnded):
        right.receive()
    with pytest.raises(LinkEnded):
        left.send(bytes(60))
    left.close()


def test_closing_wakes_who_waits() -> None:
    left, right = pipe()
    ended = threading.Event()

    def wait() -> None:
        with pytest.raises(LinkEnded):
            right.receive()
        ended.set()

    thread = threading.Thread(target=wait)
    thread.start()
    while not right._busy.locked():  # until it is in there
        pass
    right.close()
    assert ended.wait(10)
    thread.join(10)
    assert right._released
    left.close()


def test_async_for() -> None:
    left, right = pipe()

    async def both() -> list[int]:
        async def say() -> None:
            for octets in FRAMES[:20]:
                left.send(octets)
                await asyncio.sleep(0)
            left.close()

        task = asyncio.create_task(say())
        lengths = [frame.captured_length async for frame in right]
        await task
        return lengths

    assert asyncio.run(both()) == [len(octets) for octets in FRAMES[:20]]
    right.close()

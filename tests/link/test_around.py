"""Links around links (record, watch), and the capture file as a link."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest

import rawkit.capture
from rawkit.capture import Frame, WriteError
from rawkit.capture.offload import Offload
from rawkit.clock import ManualClock
from rawkit.errors import FieldError
from rawkit.link import Impaired, LinkEnded, LinkError, Recorded, Replay, Watched, pipe
from rawkit.link.link import made_frame

S = 1_000_000_000


def test_what_is_recorded_is_what_passed(tmp_path: Path) -> None:
    clock = ManualClock(time_ns=5 * S)
    left, right = pipe(clock=clock, mtu=200)
    file = tmp_path / "passed.pcapng"
    with Recorded(left, file) as link, right:
        link.send(bytes(60))
        clock.advance(3)
        told = link.send_many([bytes(61), bytes(1000), bytes(62)])
        assert told.failures == [(1, "EMSGSIZE")]
        clock.advance(4)
        right.send(bytes(63))
        assert [frame.captured_length for frame in link.receive_many()] == [63]
        with rawkit.capture.read(file) as so_far:  # at any moment, up to the last whole packet
            assert len(list(so_far)) == 4
    with rawkit.capture.read(file) as capture:
        seen = [(frame.direction, frame.captured_length, frame.time_ns) for frame in capture]
        assert seen == [("out", 60, 5 * S), ("out", 61, 5 * S + 3), ("out", 62, 5 * S + 3), ("in", 63, 5 * S + 7)]
        assert [interface.name for interface in capture.interfaces] == ["left"]
        assert not capture.defects


def test_a_super_segment_is_said_to_be_one_in_the_file() -> None:
    file = io.BytesIO()
    left, right = pipe()
    with Recorded(left, file) as link, right:
        link.send(made_frame(1, 0, bytes(9000), left._interface, "out", Offload(1, 1, 54, 1448, 34, 16)))
        (frame,) = rawkit.capture.read(io.BytesIO(file.getvalue()))
        assert frame.comment == "super-segment (TCP over IPv4): to be cut to 1448 octets of data each"
        assert frame.flags is not None
        assert frame.flags.checksum_not_ready


def test_the_file_ends_with_what_was_counted() -> None:
    file = io.BytesIO()
    left, right = pipe(capacity=2)
    with Recorded(left, file) as link:
        told = right.send_many([bytes(60)] * 3)
        assert told.failed == 1
        link.receive_many()
    with rawkit.capture.read(io.BytesIO(file.getvalue())) as capture:
        assert len(list(capture)) == 2
        (counted,) = capture.notes.statistics
        assert {option.name: option.value for option in counted.options} == {"isb_ifrecv": 2, "isb_osdrop": 0}
        assert not capture.defects
    link.close()
    right.close()


def test_the_rows_of_a_matrix_are_frames_for_every_link() -> None:
    file = io.BytesIO()
    left, right = pipe()
    rows = np.arange(3 * 60, dtype=np.uint8).reshape(3, 60)
    with Recorded(Impaired(left), file) as link, right:
        assert link.send_many(rows).sent == 3
        assert [frame.octets for frame in right.receive_many()] == [row.tobytes() for row in rows]
        link.send(rows[0])
    assert len(list(rawkit.capture.read(io.BytesIO(file.getvalue())))) == 4


class _Full(io.BytesIO):
    """Takes so many octets, as a disk does."""

    def write(self, octets: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(octets) > 500:
            raise OSError(28, "No space left on device")
        return super().write(octets)


def test_a_full_disk_is_told_with_how_much_is_whole_and_the_frame_has_passed() -> None:
    left, right = pipe()
    file = _Full()
    with right:
        link = Recorded(left, file)
        told = link.send_many([bytes(60)] * 3)
        assert told.sent == 3
        link.send(bytes(60))
        with pytest.raises(WriteError, match="4 whole packets written"):
            link.send(bytes(60))
        link.close()
        assert len(list(rawkit.capture.read(io.BytesIO(file.getvalue())))) == 4
        assert [frame.captured_length for frame in right] == [60] * 5


def test_a_watcher_sees_every_frame_both_ways() -> None:
    seen: list[tuple[str | None, int]] = []
    left, right = pipe()
    with Watched(left, lambda frame: seen.append((frame.direction, frame.captured_length))) as link, right:
        link.send(bytes(60))
        right.send_many(bytes(70 + n) for n in range(3))
        link.receive()
        link.send_many(bytes(80) for _ in range(2_500))
    assert seen == [("out", 60), ("in", 70), ("in", 71), ("in", 72), *[("out", 80)] * 2_500]


def recorded(*times_ns: int | None) -> io.BytesIO:
    file = io.BytesIO()
    with rawkit.capture.PcapngWriter(file) as writer:
        for number, time_ns in enumerate(times_ns):
            writer.write_octets(bytes(60 + number), time_ns=time_ns or 0)
    return io.BytesIO(file.getvalue())


def test_replay_keeps_the_distances_and_the_frames() -> None:
    clock = ManualClock(time_ns=77 * S)
    with Replay(recorded(S, S, 3 * S, 2 * S, 4 * S), clock=clock) as link:
        when = [(frame.time_ns, clock.monotonic_ns()) for frame in link]
        assert when == [(S, 0), (S, 0), (3 * S, 2 * S), (2 * S, 2 * S), (4 * S, 4 * S)]
        assert link.statistics.received == 5
        with pytest.raises(LinkEnded):
            link.receive()


def test_replay_at_another_speed_and_with_a_timeout() -> None:
    clock = ManualClock()
    with Replay(recorded(0, 3 * S), speed=2, clock=clock) as link:
        assert link.receive(timeout=0) is not None
        assert link.receive(timeout=1) is None
        assert clock.monotonic_ns() == S
        assert link.due_ns() == 1.5 * S
        assert link.receive(timeout=1) is not None
        assert clock.monotonic_ns() == 1.5 * S


def test_replay_as_fast_as_possible() -> None:
    clock = ManualClock()
    with Replay("captures:tcp/echo", speed=None, clock=clock) as link:
        came = [frame.octets for frame in link]
    with rawkit.capture.read("captures:tcp/echo") as capture:
        assert came == [frame.octets for frame in capture]
    assert clock.monotonic_ns() == 0


def test_replay_of_another_link_type_of_nothing_and_at_no_speed() -> None:
    with Replay("captures:cooked/sll2", speed=None) as link:
        assert link.medium == 276
        with pytest.raises(LinkError, match="a recording takes nothing"):
            link.send(bytes(60))
    with Replay(recorded(), speed=None) as link:
        assert list(link) == []
    with pytest.raises(FieldError, match="speed"):
        Replay(recorded(), speed=0)


@pytest.mark.parametrize("speed", [None, 1000.0])
def test_replay_with_async_for(speed: float | None) -> None:
    async def lengths() -> list[int]:
        with Replay(recorded(0, S, 2 * S), speed=speed) as link:
            return [frame.captured_length async for frame in link]

    assert asyncio.run(asyncio.wait_for(lengths(), 10)) == [60, 61, 62]


def test_what_the_file_lacks_is_in_its_defects_and_the_frames_before_it_come() -> None:
    whole = recorded(0, 0, 0).getvalue()
    with Replay(io.BytesIO(whole[:-10]), speed=None) as link:
        frames: list[Frame] = list(link)
        assert [frame.captured_length for frame in frames] == [60, 61]
        assert link.capture.defects

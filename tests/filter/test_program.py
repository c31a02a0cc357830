"""The program and the packet test say the same: of every packet, in a machine of our own and in the kernel's."""

from __future__ import annotations

import ctypes
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.errors import RawkitError
from rawkit.filter import Filter
from rawkit.filter.instructions import Instruction, Program, check, listing, octets
from tests.filter.expressions import MATCHED
from tests.filter.frames import cut, frames
from tests.filter.machine import run

ETHERNET = 1
SEED = 20260102
SO_ATTACH_FILTER = 26


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("expression", MATCHED)
def test_the_program_agrees_with_the_packet_test(expression: str, deep: bool) -> None:
    ours = Filter(expression, deep=deep)
    program = ours.program()
    for packet, length in [*frames(ETHERNET)[::3], *cut(frames(ETHERNET), SEED, 100)]:
        assert (run(program, packet, length) != 0) == ours.matches(packet, length), f"{packet.hex()} (seed {SEED})"


@contextmanager
def filtered(program: Program) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connected sockets of this process; the kernel filters what the second one gets."""
    sending, receiving = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with sending, receiving:
        attach(receiving, program)
        receiving.setblocking(False)
        yield sending, receiving


def attach(receiving: socket.socket, program: Program) -> None:
    """`struct sock_fprog`: how many instructions, and where they are."""
    array = ctypes.create_string_buffer(octets(program))
    descriptor = len(program).to_bytes(8, "little") + ctypes.addressof(array).to_bytes(8, "little")
    receiving.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, descriptor)


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("expression", [each for each in MATCHED if "<< ip[0]" not in each])
def test_the_kernel_agrees_with_the_packet_test(expression: str, deep: bool) -> None:
    """Less shifts by more than 31, which its compilers leave to the processor."""
    ours = Filter(expression, deep=deep)
    with filtered(ours.program()) as (sending, receiving):
        for packet, _ in [*frames(ETHERNET)[::7], *cut(frames(ETHERNET), SEED, 50)]:
            if packet:
                assert passes(sending, receiving, packet) == ours.matches(packet), f"{packet.hex()} (seed {SEED})"


def passes(sending: socket.socket, receiving: socket.socket, packet: bytes) -> bool:
    sending.send(packet)
    try:
        return receiving.recv(1 << 18) == packet
    except BlockingIOError:
        return False


def test_a_program_returns_as_much_as_is_wanted() -> None:
    program = Filter("ip").program(snap_length=96)
    assert {run(program, *frame) for frame in frames(ETHERNET)} == {0, 96}


def test_far_jumps_go_by_way_of_another() -> None:
    """A conditional jump skips 255 instructions at most."""
    many = " or ".join(f"host 10.{number}.0.1" for number in range(100))
    ours = Filter(f"({many}) and tcp")
    program = ours.program()
    assert len(program) > 1000
    for packet, length in frames(ETHERNET)[::10]:
        assert (run(program, packet, length) != 0) == ours.matches(packet, length)


def test_a_program_that_is_too_long_is_refused() -> None:
    with pytest.raises(RawkitError, match="4096"):
        Filter(" or ".join(f"host 10.{number}.{number}.1" for number in range(250)) + " or ip6" * 1000).program()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([], "0 instructions; the kernel takes 1 to"),
        ([Instruction(0x15, 1, 0, 0), Instruction(0x06, 0, 0, 0)], "instruction 0 jumps to 2"),
        ([Instruction(0x05, 0, 0, 1), Instruction(0x06, 0, 0, 0)], "instruction 0 jumps to 2"),
        ([Instruction(0x00, 0, 0, 1)], "does not end with a return"),
        ([Instruction(0x02, 0, 0, 16), Instruction(0x06, 0, 0, 0)], "instruction 0 is about memory 16"),
        ([Instruction(0x60, 0, 0, 99), Instruction(0x06, 0, 0, 0)], "instruction 0 is about memory 99"),
    ],
)
def test_a_program_that_the_kernel_would_refuse_is_refused(wrong: Program, why: str) -> None:
    with pytest.raises(RawkitError, match=why):
        check(wrong)
    with pytest.raises((OSError, ValueError)), filtered(wrong):
        pass


def test_the_listing_is_tcpdumps() -> None:
    """What tcpdump -d prints of the same expression."""
    assert listing(Filter("ip[0] & 0xf = 5 and len > 60").program()) == (
        "(000) ldh      [12]\n"
        "(001) jeq      #0x800           jt 2\tjf 8\n"
        "(002) ldb      [14]\n"
        "(003) and      #0xf\n"
        "(004) jeq      #0x5             jt 5\tjf 8\n"
        "(005) ld       #pktlen\n"
        "(006) jgt      #0x3c            jt 7\tjf 8\n"
        "(007) ret      #262144\n"
        "(008) ret      #0"
    )


NUMBERS = st.one_of(
    st.integers(0, 255).map(str), st.sampled_from(["0xffffffff", "len", "ip[0]", "tcp[2:2]", "ether[6:4]"])
)
SIGNS = st.sampled_from(["+", "-", "*", "/", "%", "&", "|", "^"])
ARITHMETIC = st.recursive(
    NUMBERS, lambda inner: st.tuples(inner, SIGNS, inner).map(lambda it: f"({' '.join(it)})"), max_leaves=6
)
RELATIONS = st.tuples(ARITHMETIC, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), ARITHMETIC).map(" ".join)
TERMS = st.one_of(RELATIONS, st.sampled_from(MATCHED).map(lambda term: f"({term})"))
EXPRESSIONS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map(lambda each: f"not ({each})"),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS, st.data())
def test_any_expression_is_the_same_program_and_test(expression: str, data: st.DataObject) -> None:
    try:
        ours = Filter(expression)
        program = ours.program()
    except RawkitError:  # divided by 0, say
        return
    packet, length = data.draw(st.sampled_from(frames(ETHERNET)))
    packet = packet[: data.draw(st.integers(0, len(packet)))]
    assert (run(program, packet, length) != 0) == ours.matches(packet, length)

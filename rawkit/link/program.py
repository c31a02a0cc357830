"""Classic BPF programs: checked here, run by the kernel before a frame is kept (linux/filter.h)."""

from __future__ import annotations

import ctypes
import errno
import socket
import struct
from collections.abc import Sequence

from rawkit.errors import FieldError
from rawkit.link import kernel
from rawkit.link.errors import LinkError

Instruction = tuple[int, int, int, int]
"""code, jump if true, jump if false, k: what `tcpdump -ddd` prints."""

LONGEST = 4_096
"""Instructions (BPF_MAXINSNS)."""

_CLASS, _JUMP, _RETURN = 0x07, 0x05, 0x06
_LIMITS = (("code", 0xFFFF), ("jt", 0xFF), ("jf", 0xFF), ("k", 0xFFFFFFFF))

NOTHING: Sequence[Instruction] = ((_RETURN, 0, 0, 0),)
"""Keeps no frame."""


def beginnings(length: int) -> Sequence[Instruction]:
    """Keeps so many octets of every frame."""
    return ((_RETURN, 0, 0, length),)


def check(program: Sequence[Instruction]) -> None:
    """FieldError where the kernel could not run it: its length, its numbers, its jumps, its end."""
    if not 0 < len(program) <= LONGEST:
        raise FieldError(f"filter: {len(program)} instructions; the kernel takes 1 to {LONGEST}")
    for at, instruction in enumerate(program):
        if len(instruction) != 4:
            raise FieldError(f"filter: instruction {at} has {len(instruction)} parts; it takes code, jt, jf, k")
        for value, (name, most) in zip(instruction, _LIMITS, strict=True):
            if not 0 <= value <= most:
                raise FieldError(f"filter: instruction {at}: {name} is {value}; 0 to {most}")
        code, true, false, k = instruction
        if code & _CLASS == _JUMP:
            target = at + 1 + (k if code & 0xF0 == 0 else max(true, false))
            if target >= len(program):
                raise FieldError(f"filter: instruction {at} jumps to {target}, past the last of {len(program)}")
    if program[-1][0] & _CLASS != _RETURN:
        raise FieldError("filter: it does not end with a return")


def attach(to: socket.socket, program: Sequence[Instruction]) -> None:
    """From now on the kernel keeps of each frame as many octets as the program returns; nothing where it returns 0."""
    check(program)
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in program))
    try:
        to.setsockopt(
            socket.SOL_SOCKET, kernel.SO_ATTACH_FILTER, struct.pack("@HP", len(program), ctypes.addressof(code))
        )
    except OSError as error:
        if error.errno == errno.ENOMEM:
            why = "it is too long for sysctl net.core.optmem_max"
        else:
            why = f"{error.strerror}: an instruction is not one of classic BPF's"
        raise LinkError(f"the kernel refuses the filter of {len(program)} instructions: {why}") from error

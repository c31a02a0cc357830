"""The kernel's little machine, written from linux/filter.h and the BPF paper (McCanne and Jacobson 1993)."""

from __future__ import annotations

from collections.abc import Mapping

from rawkit.filter.instructions import Program

MASK = 0xFFFFFFFF
KNOWN = 0xFFFFF000
ALU = {
    0x00: int.__add__,
    0x10: int.__sub__,
    0x20: int.__mul__,
    0x40: int.__or__,
    0x50: int.__and__,
    0xA0: int.__xor__,
}
JUMPS = {0x10: int.__eq__, 0x20: int.__gt__, 0x30: int.__ge__, 0x40: int.__and__}


def run(program: Program, octets: bytes, length: int, known: Mapping[int, int] | None = None) -> int:
    """What the program returns: how much of the packet is wanted. `known`: what the kernel tells, by its offset."""
    a = x = place = 0
    memory = [0] * 16
    while True:
        code, jt, jf, k = program[place]
        place += 1
        kind, operand = code & 7, x if code & 8 else k
        if kind == 6:
            return k
        if kind == 5:
            skipped = k if code & 0xF0 == 0 else jt if JUMPS[code & 0xF0](a, operand) else jf
            place = (place + skipped) & MASK  # libpcap's own jump back, which no kernel takes
            continue
        if kind in (2, 3):
            memory[k] = a if kind == 2 else x
            continue
        made = load(code, k, x, octets, length, memory, known or {}) if kind < 2 else calculated(code, a, x, operand)
        if made is None:
            return 0
        a, x = (a, made) if kind == 1 or code == 7 else (made, x)


def calculated(code: int, a: int, x: int, operand: int) -> int | None:
    """A or X after an operation; None where something is divided by 0."""
    operation = code & 0xF0
    if code & 7 == 7:
        return x if code & 0x80 else a
    if operation in (0x30, 0x90):
        return None if operand == 0 else a // operand if operation == 0x30 else a % operand
    if operation in (0x60, 0x70):
        return (a << operand if operation == 0x60 else a >> operand) & MASK if operand < 32 else 0
    return ALU[operation](a, operand) & MASK


def load(
    code: int, k: int, x: int, octets: bytes, length: int, memory: list[int], known: Mapping[int, int]
) -> int | None:
    """A value; None past the packet's end."""
    mode, size = code & 0xE0, {0x00: 4, 0x08: 2, 0x10: 1}[code & 0x18]
    if mode == 0x00:
        return k
    if mode == 0x60:
        return memory[k]
    if mode == 0x80:
        return length
    if mode == 0x20 and k >= KNOWN:
        return known[k - KNOWN]
    at = k + (x if mode == 0x40 else 0)
    if at + (1 if mode == 0xA0 else size) > len(octets):
        return None
    return (octets[at] & 15) * 4 if mode == 0xA0 else int.from_bytes(octets[at : at + size], "big")

"""Classic BPF: the kernel's little machine (linux/filter.h), its instructions as numbers and in tcpdump's words."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import NamedTuple

from rawkit.errors import FieldError

LD, LDX, ST, STX, ALU, JMP, RET, MISC = range(8)
WORD, HALF, BYTE = 0x00, 0x08, 0x10
IMMEDIATE, ABSOLUTE, INDIRECT, MEMORY, LENGTH, HEADER_LENGTH = 0x00, 0x20, 0x40, 0x60, 0x80, 0xA0
ADD, SUB, MUL, DIV, OR, AND, LSH, RSH, NEG, MOD, XOR = (number << 4 for number in range(11))
ALWAYS, EQUAL, GREATER, NOT_LESS, SET = (number << 4 for number in range(5))
X = 0x08
"""Beside an operation: the other operand is the register X, not a constant."""

TAX, TXA = MISC, MISC | 0x80

MAX_INSTRUCTIONS = 4096
"""BPF_MAXINSNS"""

SCRATCH = 16
"""Words of memory (BPF_MEMWORDS)."""

KNOWN = 0xFFFFF000
"""SKF_AD_OFF: loads from here on give what the kernel knows of a packet."""

_RECORD = Struct("=HBBI")
_LIMITS = (("code", 0xFFFF), ("jt", 0xFF), ("jf", 0xFF), ("k", 0xFFFFFFFF))
_SIZES = {WORD: "ld", HALF: "ldh", BYTE: "ldb"}
_OPERATIONS = {
    ADD: "add",
    SUB: "sub",
    MUL: "mul",
    DIV: "div",
    OR: "or",
    AND: "and",
    LSH: "lsh",
    RSH: "rsh",
    NEG: "neg",
    MOD: "mod",
    XOR: "xor",
}
_JUMPS = {ALWAYS: "ja", EQUAL: "jeq", GREATER: "jgt", NOT_LESS: "jge", SET: "jset"}
_KNOWN = {0: "proto", 4: "type", 8: "ifidx", 44: "vlan_tci", 48: "vlanp", 60: "vlan_tpid"}


class Instruction(NamedTuple):
    """As `struct sock_filter`: operation, instructions that a jump skips where its condition holds or not, constant."""

    code: int
    jt: int
    jf: int
    k: int


Program = Sequence[tuple[int, int, int, int]]
"""What `tcpdump -ddd` prints: of each instruction code, jt, jf, k."""


def octets(program: Program) -> bytes:
    """An array of `struct sock_filter`, as setsockopt(SO_ATTACH_FILTER) takes it."""
    return b"".join(_RECORD.pack(*instruction) for instruction in program)


def check(program: Program) -> None:
    """FieldError where the kernel could not run it: its length, its numbers, its jumps, its memory, its end."""
    if not 0 < len(program) <= MAX_INSTRUCTIONS:
        raise FieldError(f"filter: {len(program)} instructions; the kernel takes 1 to {MAX_INSTRUCTIONS}")
    for at, instruction in enumerate(program):
        if len(instruction) != 4:
            raise FieldError(f"filter: instruction {at} has {len(instruction)} parts; it takes code, jt, jf, k")
        for value, (name, most) in zip(instruction, _LIMITS, strict=True):
            if not 0 <= value <= most:
                raise FieldError(f"filter: instruction {at}: {name} is {value}; 0 to {most}")
        code, true, false, k = instruction
        if code & 7 == JMP:
            target = at + 1 + (k if code & 0xF0 == ALWAYS else max(true, false))
            if target >= len(program):
                raise FieldError(f"filter: instruction {at} jumps to {target}, past the last of {len(program)}")
        in_memory = code & 7 in (ST, STX) or (code & 7 in (LD, LDX) and code & 0xE0 == MEMORY)
        if in_memory and k >= SCRATCH:
            raise FieldError(f"filter: instruction {at} is about memory {k}; there are {SCRATCH} words")
    if program[-1][0] & 7 != RET:
        raise FieldError("filter: it does not end with a return")


def listing(program: Program) -> str:
    """The program as tcpdump -d writes it."""
    return "\n".join(_line(place, Instruction(*instruction)) for place, instruction in enumerate(program))


def _line(place: int, instruction: Instruction) -> str:
    code, jt, jf, k = instruction
    kind, operation = code & 7, code & 0xF0
    if kind == JMP and operation != ALWAYS:
        other = "x" if code & X else f"#{k:#x}"
        return f"({place:03}) {_JUMPS[operation]:8} {other:16} jt {place + 1 + jt}\tjf {place + 1 + jf}"
    name, operand = _words(code, k, place)
    return f"({place:03}) {name:8} {operand}".rstrip(" ") if operand else f"({place:03}) {name:8} "


def _words(code: int, k: int, place: int) -> tuple[str, str]:
    """An instruction's name and operand."""
    kind = code & 7
    if kind in (LD, LDX):
        return _load(code, k)
    if kind in (ST, STX):
        return ("st" if kind == ST else "stx"), f"M[{k}]"
    if kind == ALU:
        return _OPERATIONS[code & 0xF0], "x" if code & X else _constant(code & 0xF0, k)
    if kind == JMP:
        return "ja", str(place + 1 + k)
    if kind == RET:
        return "ret", f"#{k}"
    return ("txa" if code == TXA else "tax"), ""


def _constant(operation: int, k: int) -> str:
    return f"#{k:#x}" if operation in (AND, OR, XOR) else f"#{k}"


def _load(code: int, k: int) -> tuple[str, str]:
    x = "x" if code & 7 == LDX else ""
    mode = code & 0xE0
    if mode == IMMEDIATE:
        return f"ld{x}", f"#{k:#x}"
    if mode == LENGTH:
        return f"ld{x}", "#pktlen"
    if mode == MEMORY:
        return f"ld{x}", f"M[{k}]"
    if mode == HEADER_LENGTH:
        return "ldxb", f"4*([{k}]&0xf)"
    name = _SIZES[code & 0x18]
    if mode == INDIRECT:
        return name, f"[x + {k}]"
    return name, f"[{_KNOWN.get(k - KNOWN, k)}]"

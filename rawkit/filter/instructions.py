"""Classic BPF: the kernel's little machine (linux/filter.h), its instructions as numbers and in tcpdump's words."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import NamedTuple

from rawkit.errors import RawkitError

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


Program = Sequence[Instruction]


def octets(program: Program) -> bytes:
    """An array of `struct sock_filter`, as setsockopt(SO_ATTACH_FILTER) takes it."""
    return b"".join(_RECORD.pack(*instruction) for instruction in program)


def check(program: Program) -> None:
    """RawkitError where the kernel would refuse the program: too long, a jump past its end, no end, odd memory."""
    if not 0 < len(program) <= MAX_INSTRUCTIONS:
        raise RawkitError(f"the filter's program has {len(program)} instructions; the kernel takes {MAX_INSTRUCTIONS}")
    for place, (code, jt, jf, k) in enumerate(program):
        ahead = max(jt, jf) if code & 7 == JMP and code & 0xF0 != ALWAYS else k if code == JMP else 0
        if place + 1 + ahead >= len(program) and code & 7 != RET:
            raise RawkitError(f"the filter's program leaves its end at instruction {place}")
        if (code & 7 in (ST, STX) or (code & 7 in (LD, LDX) and code & 0xE0 == MEMORY)) and k >= SCRATCH:
            raise RawkitError(f"the filter's program has no memory {k} at instruction {place}")


def listing(program: Program) -> str:
    """The program as tcpdump -d writes it."""
    return "\n".join(_line(place, instruction) for place, instruction in enumerate(program))


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

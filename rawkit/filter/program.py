"""A condition as a program for the kernel: classic BPF.

It is written from its end to its beginning, because every jump of this machine goes forward: when a jump is written, the
instructions it goes to are there already. A place in the program is counted from its end.
"""

from __future__ import annotations

from rawkit.errors import RawkitError
from rawkit.filter import instructions as bpf
from rawkit.filter.condition import (
    AUTHENTICATION,
    FRAGMENT,
    MAX_WALK,
    PASSED,
    Always,
    At,
    Calculation,
    Chain,
    Compare,
    Condition,
    Constant,
    Either,
    Known,
    Length,
    Load,
    Opposite,
    Value,
    Walk,
    Walked,
    every,
    opposite,
    same,
    some,
)
from rawkit.filter.instructions import Instruction

WHOLE_PACKET = 262_144
"""Octets of a packet that matches which the kernel shall hand over."""

PAST_EVERY_PACKET = 0x7FFFFFFF
"""Offsets from here on are the kernel's own (negative), but no packet is so long."""

FARTHEST = 255
"""Instructions that a conditional jump can skip."""

SIZES = {1: bpf.BYTE, 2: bpf.HALF, 4: bpf.WORD}
KNOWN = {"packet type": 4, "interface": 8, "VLAN tag": 44, "VLAN tag is there": 48}
OPERATIONS = {
    "+": bpf.ADD,
    "-": bpf.SUB,
    "*": bpf.MUL,
    "/": bpf.DIV,
    "%": bpf.MOD,
    "&": bpf.AND,
    "|": bpf.OR,
    "^": bpf.XOR,
    "<<": bpf.LSH,
    ">>": bpf.RSH,
}
JUMPS = {
    "=": (bpf.EQUAL, True),
    "!=": (bpf.EQUAL, False),
    ">": (bpf.GREATER, True),
    "<=": (bpf.GREATER, False),
    ">=": (bpf.NOT_LESS, True),
    "<": (bpf.NOT_LESS, False),
}
"""Relation -> the jump that asks it, and whether it holds where the jump's condition does."""


def program(condition: Condition, snap_length: int = WHOLE_PACKET) -> list[Instruction]:
    """The program, checked: it returns `snap_length` for a packet that matches, else 0."""
    writer = Writer()
    no = writer.write(bpf.RET, 0)
    yes = writer.write(bpf.RET, snap_length)
    writer.go(writer.condition(condition, yes, no))
    written = writer.backwards[::-1]
    bpf.check(written)
    return written


class Writer:
    """The instructions so far, the last one first."""

    def __init__(self) -> None:
        self.backwards: list[Instruction] = []
        self.walked = 0
        """Where memory holds what the innermost `Walk` came to."""

    @property
    def here(self) -> int:
        """The place of the instruction that was written last: what comes to be before it goes on with it."""
        return len(self.backwards)

    def write(self, code: int, k: int = 0, jt: int = 0, jf: int = 0) -> int:
        """One instruction; its place."""
        if self.here >= bpf.MAX_INSTRUCTIONS:
            raise RawkitError(f"the filter's program has more than the {bpf.MAX_INSTRUCTIONS} instructions the kernel takes")
        self.backwards.append(Instruction(code, jt, jf, k))
        return self.here

    def go(self, place: int) -> None:
        """Go on at `place`: nothing, where that comes next."""
        if place != self.here:
            self.write(bpf.JMP | bpf.ALWAYS, self.here - place)

    def near(self, place: int) -> int:
        """A place that a conditional jump reaches, from where one goes on to `place`."""
        if self.here + 2 - place > FARTHEST:  # two: another may have to be written for the jump's other end
            self.go(place)
            return self.here
        return place

    def jump(self, code: int, k: int, yes: int, no: int) -> int:
        """One of two places, by a condition over the register A."""
        yes, no = self.near(yes), self.near(no)
        return self.write(bpf.JMP | code, k, self.here - yes, self.here - no)

    # --- conditions: written so that they go on at `yes` or `no`

    def condition(self, condition: Condition, yes: int, no: int, slot: int = 0) -> int:
        """Where it begins. Memory from `slot` on is free."""
        if isinstance(condition, Always):
            return yes if condition.holds else no
        if isinstance(condition, Opposite):
            return self.condition(condition.condition, no, yes, slot)
        if isinstance(condition, Compare):
            return self.compare(condition, yes, no, slot)
        if isinstance(condition, Walk):
            return self.walk(condition, yes, no, slot)
        return self.chain(condition, yes, no, slot)

    def walk(self, walk: Walk, yes: int, no: int, slot: int) -> int:
        """The loop, written out; memory holds the number and the place of the header that it came to."""
        outer, self.walked = self.walked, slot
        self.enter(self.condition(walk.condition, yes, no, slot + 2))
        done = self.here
        for _ in range(MAX_WALK):
            self.step(walk, done, slot)
        self.walked = outer
        self.store(walk.start, slot + 1, slot + 2)
        return self.store(walk.number, slot, slot + 2)

    def step(self, walk: Walk, done: int, slot: int) -> int:
        """Past one extension header; at any other one goes on at `done`."""
        number, place = Walked("number"), Walked("place")
        units = Load(1, 1, place)
        of_8, of_4 = (Calculation("*", units, Constant(each)) for each in (8, 4))
        size = Calculation("+", Either(is_number(AUTHENTICATION), of_4, of_8), Constant(8))
        self.write(bpf.ST, slot + 1)
        self.write(bpf.LD | bpf.MEMORY, slot + 2)
        self.store(Load(0, 1, place), slot, slot + 3)
        further = self.store(Calculation("+", place, size), slot + 2, slot + 3)
        passed = some(*(is_number(each) for each in (*PASSED, AUTHENTICATION)))
        return self.enter(self.condition(every(*_stays(walk), passed), further, done, slot + 2))

    def store(self, value: Value, slot: int, free: int) -> int:
        """Into memory; what is free from `free` on is there for the calculation."""
        self.write(bpf.ST, slot)
        return self.value(value, free)

    def chain(self, chain: Chain, yes: int, no: int, slot: int) -> int:
        for joint, term in reversed(chain.rest):
            asked = self.condition(term, yes, no, slot)
            yes, no = (asked, no) if joint == "and" else (yes, asked)
        return self.condition(chain.first, yes, no, slot)

    def compare(self, compare: Compare, yes: int, no: int, slot: int) -> int:
        code, as_asked = JUMPS[compare.relation]
        if not as_asked:
            yes, no = no, yes
        left, right = compare.left, compare.right
        if right == Constant(0) and code == bpf.EQUAL and isinstance(left, Calculation) and left.operator == "&":
            if isinstance(left.right, Constant):  # jset: is any of these bits set
                self.jump(bpf.SET, left.right.value, no, yes)
                return self.value(left.left, slot)
        if isinstance(right, Constant):
            self.jump(code, right.value, yes, no)
            return self.value(left, slot)
        self.jump(code | bpf.X, 0, yes, no)
        return self.two(left, right, slot)

    # --- values: written so that A holds them when what was written before goes on

    def two(self, left: Value, right: Value, slot: int) -> int:
        """One value in A, the other in X."""
        if slot >= bpf.SCRATCH:
            raise RawkitError(f"the filter's arithmetic needs more than the {bpf.SCRATCH} words of memory that there are")
        self.write(bpf.LDX | bpf.MEMORY, slot)
        self.value(left, slot + 1)
        self.write(bpf.ST, slot)
        return self.value(right, slot)

    def value(self, value: Value, slot: int) -> int:
        if isinstance(value, Constant):
            return self.write(bpf.LD | bpf.IMMEDIATE, value.value)
        if isinstance(value, Length):
            return self.write(bpf.LD | bpf.LENGTH)
        if isinstance(value, Known):
            return self.write(bpf.LD | bpf.ABSOLUTE, bpf.KNOWN + KNOWN[value.what])
        if isinstance(value, Load):
            return self.load(value, slot)
        if isinstance(value, Either):
            return self.either(value, slot)
        if isinstance(value, Walked):
            return self.write(bpf.LD | bpf.MEMORY, self.walked + (value.what == "place"))
        code = bpf.ALU | OPERATIONS[value.operator]
        if isinstance(value.right, Constant):
            self.write(code, value.right.value)
            return self.value(value.left, slot)
        self.write(code | bpf.X)
        return self.two(value.left, value.right, slot)

    def load(self, load: Load, slot: int) -> int:
        offset = min(load.offset, PAST_EVERY_PACKET)
        if load.index is None:
            return self.write(bpf.LD | bpf.ABSOLUTE | SIZES[load.size], offset)
        self.write(bpf.LD | bpf.INDIRECT | SIZES[load.size], offset)
        header = _header_length(load.index)
        if header is not None:
            return self.write(bpf.LDX | bpf.HEADER_LENGTH | bpf.BYTE, header)
        self.write(bpf.TAX)
        return self.value(load.index, slot)

    def either(self, value: Either, slot: int) -> int:
        after = self.here
        otherwise = self.value(value.otherwise, slot)
        self.go_over(after)
        then = self.value(value.then, slot)
        return self.enter(self.condition(value.condition, then, otherwise, slot))

    def go_over(self, place: int) -> None:
        """Skip what was written since `place`."""
        self.write(bpf.JMP | bpf.ALWAYS, self.here - place)

    def enter(self, place: int) -> int:
        """`place` as the one that was written last."""
        self.go(place)
        return self.here


def is_number(number: int) -> Condition:
    """Whether a walk came to a header of this number."""
    return Compare(Walked("number"), "=", Constant(number))


def _stays(walk: Walk) -> list[Condition]:
    """What must not hold for a header to be passed, each as its opposite."""
    stays = [] if walk.until is None else [opposite(is_number(walk.until))]
    if walk.whole:
        first = same(At(2, Walked("place")), 2, 0, 0xFFF8)
        stays.append(some(opposite(is_number(FRAGMENT)), first))
    return stays


def _header_length(value: Value) -> int | None:
    """The octet whose low half, times 4, this value is: the machine has one instruction for IPv4's header length."""
    if isinstance(value, Calculation) and value.operator == "*" and value.right == Constant(4):
        words = value.left
        if isinstance(words, Calculation) and words.operator == "&" and words.right == Constant(15):
            loaded = words.left
            if isinstance(loaded, Load) and loaded.size == 1 and loaded.index is None:
                return loaded.offset
    return None

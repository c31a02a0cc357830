"""A condition as a program for the kernel: classic BPF.

It is written from its end to its beginning, because every jump of this machine goes forward: when a jump is written,
the instructions it goes to are there already. A place in the program is counted from its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

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
    is_number,
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

LONGEST_DRAFT = 16 * bpf.MAX_INSTRUCTIONS
"""Instructions before those are left out that nothing leads to."""

SIZES = {1: bpf.BYTE, 2: bpf.HALF, 4: bpf.WORD}
KNOWN = {"packet type": 4, "interface": 8, "VLAN tag": 44, "VLAN tag is there": 48}
Loaded = tuple[int, int]
"""Operation and constant of an instruction that loads from a fixed place."""

Facts = Mapping[Loaded, int]
"""What such instructions are known to load."""

NOTHING: Facts = {}

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
    written = reached(writer.backwards[::-1])
    bpf.check(written)
    return written


def reached(written: list[Instruction]) -> list[Instruction]:
    """Less what no jump leads to any more."""
    after = [_after(place, instruction) for place, instruction in enumerate(written)]
    kept = {0}
    for place in range(len(written)):  # every jump goes forward
        if place in kept:
            kept |= set(after[place])
    left = sorted(kept)
    new = {place: at for at, place in enumerate(left)}
    return [_moved(written[place], *(new[to] - at - 1 for to in after[place])) for at, place in enumerate(left)]


def _after(place: int, instruction: Instruction) -> tuple[int, ...]:
    """Where it goes on."""
    if instruction.code & 7 == bpf.RET:
        return ()
    if instruction.code == bpf.JMP | bpf.ALWAYS:
        return (place + 1 + instruction.k,)
    if instruction.code & 7 == bpf.JMP:
        return place + 1 + instruction.jt, place + 1 + instruction.jf
    return (place + 1,)


def _moved(instruction: Instruction, *skipped: int) -> Instruction:
    """The same with new distances."""
    if len(skipped) == 2:
        return instruction._replace(jt=skipped[0], jf=skipped[1])
    return instruction._replace(k=skipped[0]) if instruction.code == bpf.JMP | bpf.ALWAYS else instruction


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
        if self.here >= LONGEST_DRAFT:
            raise RawkitError(f"the filter's program is far longer than a kernel's {bpf.MAX_INSTRUCTIONS} instructions")
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

    def beyond(self, place: int, facts: Facts, held: Loaded | None) -> int:
        """A place further on, past loads of what A holds already, and past questions that `facts` answer."""
        while True:
            load, asked = self.backwards[place - 1], self.backwards[place - 2]
            known = facts.get((load.code, load.k))
            if known is None or asked.code != bpf.JMP | bpf.EQUAL:
                break
            further = place - 2 - (asked.jt if known == asked.k else asked.jf)
            if self.backwards[further - 1].code & 7 not in (bpf.LD, bpf.LDX, bpf.RET):  # it asks of what A holds
                break
            place = further
        load = self.backwards[place - 1]
        return place - 1 if held == (load.code, load.k) else place

    def jump(self, code: int, k: int, yes: int, no: int) -> int:
        """One of two places, by a condition over the register A."""
        yes, no = self.near(yes), self.near(no)
        return self.write(bpf.JMP | code, k, self.here - yes, self.here - no)

    # --- conditions: written so that they go on at `yes` or `no`

    def condition(self, condition: Condition, yes: int, no: int, slot: int = 0, facts: Facts = NOTHING) -> int:
        """Where it begins. Memory from `slot` on is free; `facts` hold wherever it is asked."""
        if isinstance(condition, Always):
            return yes if condition.holds else no
        if isinstance(condition, Opposite):
            return self.condition(condition.condition, no, yes, slot, facts)
        if isinstance(condition, Compare):
            return self.compare(condition, yes, no, slot, facts)
        if isinstance(condition, Walk):
            return self.walk(condition, yes, no, slot)
        return self.chain(condition, yes, no, slot, facts)

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
        place = Walked("place")
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

    def chain(self, chain: Chain, yes: int, no: int, slot: int, facts: Facts) -> int:
        terms = [chain.first, *(term for _, term in chain.rest)]
        known = list(accumulate(terms[:-1], lambda so_far, term: {**so_far, **implied(term)}, initial=facts))
        for at in range(len(terms) - 1, 0, -1):
            joint = chain.rest[at - 1][0]
            all_before = all(each == "and" for each, _ in chain.rest[:at])
            asked = self.condition(terms[at], yes, no, slot, known[at] if all_before else facts)
            yes, no = (asked, no) if joint == "and" else (yes, asked)
        return self.condition(chain.first, yes, no, slot, facts)

    def compare(self, compare: Compare, yes: int, no: int, slot: int, facts: Facts) -> int:
        code, as_asked = JUMPS[compare.relation]
        if not as_asked:
            yes, no = no, yes
        left, right = compare.left, compare.right
        held = loaded(left)
        met = {**facts, held: right.value} if held and isinstance(right, Constant) and code == bpf.EQUAL else facts
        yes, no = self.beyond(yes, met, held), self.beyond(no, facts, held)
        bits = _bits(left) if code == bpf.EQUAL and right == Constant(0) else None
        if bits is not None:
            self.jump(bpf.SET, bits[1], no, yes)
            return self.value(bits[0], slot)
        if isinstance(right, Constant):
            self.jump(code, right.value, yes, no)
            return self.value(left, slot)
        self.jump(code | bpf.X, 0, yes, no)
        return self.two(left, right, slot)

    # --- values: written so that A holds them when what was written before goes on

    def two(self, left: Value, right: Value, slot: int) -> int:
        """One value in A, the other in X."""
        if slot >= bpf.SCRATCH:
            raise RawkitError(
                f"the filter's arithmetic needs more than the {bpf.SCRATCH} words of memory that there are"
            )
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


def loaded(value: Value) -> Loaded | None:
    """The one instruction that loads a value from a fixed place; None where it takes more."""
    if not isinstance(value, Load) or value.index is not None:
        return None
    return bpf.LD | bpf.ABSOLUTE | SIZES[value.size], value.offset


def implied(condition: Condition) -> Facts:
    """What is known of fixed places where a condition holds."""
    if isinstance(condition, Compare) and condition.relation == "=" and isinstance(condition.right, Constant):
        held = loaded(condition.left)
        return {held: condition.right.value} if held else NOTHING
    if isinstance(condition, Chain) and all(joint == "and" for joint, _ in condition.rest):
        return {**implied(condition.first), **{k: v for _, each in condition.rest for k, v in implied(each).items()}}
    return NOTHING


def _stays(walk: Walk) -> list[Condition]:
    """What must not hold for a header to be passed, each as its opposite."""
    stays = [] if walk.until is None else [opposite(is_number(walk.until))]
    if walk.whole:
        first = same(At(2, Walked("place")), 2, 0, 0xFFF8)
        stays.append(some(opposite(is_number(FRAGMENT)), first))
    return stays


def _bits(value: Value) -> tuple[Value, int] | None:
    """A value of which some bits are taken, and which: the machine can ask whether any of them is set."""
    if isinstance(value, Calculation) and value.operator == "&" and isinstance(value.right, Constant):
        return value.left, value.right.value
    return None


def _header_length(value: Value) -> int | None:
    """The octet whose low half, times 4, this value is: the machine has one instruction for IPv4's header length."""
    if isinstance(value, Calculation) and value.operator == "*" and value.right == Constant(4):
        words = value.left
        if isinstance(words, Calculation) and words.operator == "&" and words.right == Constant(15):
            loaded = words.left
            if isinstance(loaded, Load) and loaded.size == 1 and loaded.index is None:
                return loaded.offset
    return None

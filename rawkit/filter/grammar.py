"""From words to a tree, by the rules of pcap-filter(7).

`and` and `or` are of one rank and join from left to right; `not` binds tighter. A value alone takes the qualifiers of
the term before it: `port 80 or 443`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rawkit.errors import nearest
from rawkit.filter import words
from rawkit.filter.errors import FilterError
from rawkit.filter.tokens import Token, tokens
from rawkit.filter.tree import (
    Arithmetic,
    Cast,
    Chained,
    Everything,
    Expression,
    FromLink,
    Joint,
    Layer,
    LLCType,
    Network,
    Node,
    Not,
    Number,
    Octets,
    PacketLength,
    Protocol,
    Qualifiers,
    Relation,
    Selection,
    Span,
    Value,
)
from rawkit.filter.values import value_of
from rawkit.wire import IPv4Address, IPv6Address

MAX_DEPTH = 50
"""Brackets, negations and octets (`tcp[tcp[12]]`) inside one another."""

MAX_OPERATORS = 14
"""Between the numbers of one relation: more may need more than the 16 words of memory of the kernel's machine."""

RANKS = (("|",), ("^",), ("&",), ("<<", ">>"), ("+", "-"), ("*", "/", "%"))
"""Operators between numbers as in C, those that bind least first."""

RELATIONS = (">", "<", ">=", "<=", "=", "!=")
OPERATORS = {sign for rank in RANKS for sign in rank}
VALUES = ("word", "number", "dotted", "ipv6", "mac")


Resolve = Callable[[str], Sequence[str]]
"""From a host's name to its addresses; [] where it has none."""


def parse(text: str, resolve: Resolve | None = None) -> Node:
    """The tree of an expression; FilterError, with the place, where it is none. `resolve` looks up hosts' names."""
    return Parser(text, resolve).whole()


class Parser:
    """One expression's tokens, and how far they are read."""

    def __init__(self, text: str, resolve: Resolve | None = None) -> None:
        self.text = text
        self.resolve = resolve
        self.tokens = tokens(text)
        self.position = 0
        self.depth = 0
        self.operators = 0
        """In the relation that is being read."""

    # --- what comes next

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self, *texts: str) -> Token | None:
        """The next token where it is one of these keywords or signs, and past it."""
        token = self.next
        if token.kind not in ("keyword", "sign") or token.text not in texts:
            return None
        self.position += 1
        return token

    def need(self, sign: str) -> Token:
        token = self.take(sign)
        if token is None:
            raise self.wrong(f"{sign!r} is missing here")
        return token

    def wrong(self, why: str, token: Token | None = None) -> FilterError:
        return FilterError(self.text, (token or self.next).begin, why)

    def unexpected(self) -> FilterError:
        """What to say of a token that nothing begins with."""
        token = self.next
        if token.kind == "end":
            return self.wrong("it ends where a term is missing")
        if token.kind == "word":
            return self.wrong(
                f"{token.text!r} is no word of the filter language{nearest(token.text, sorted(words.KEYWORDS))}"
            )
        if token.kind in VALUES:
            hint = {"mac": "ether host", "number": "port"}.get(token.kind, "host")
            return self.wrong(f"{token.text} alone says nothing of itself; write {hint} {token.text}")
        return self.wrong(f"{token.text!r} cannot stand here")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.wrong(f"brackets, negations and octets are more than {MAX_DEPTH} deep")

    # --- terms joined

    def whole(self) -> Node:
        if self.next.kind == "end":
            return Everything(span=(0, 0))
        node, _ = self.joined()
        if self.next.kind != "end":
            raise self.unexpected_after()
        return node

    def unexpected_after(self) -> FilterError:
        """What to say of a token after a whole term."""
        if self.next.text == ")":
            return self.wrong("')' closes no bracket")
        if self.next.kind == "word" or not self.begins_term():
            return self.unexpected()
        return self.wrong("'and' or 'or' is missing before this")

    def begins_term(self) -> bool:
        return self.next.kind in ("keyword", *VALUES) or self.next.text == "("

    def joined(self) -> tuple[Node, Qualifiers | None]:
        """Terms with and, or between them; and the qualifiers that a value alone takes after them."""
        first, qualifiers = self.term()
        rest: list[tuple[Joint, Node]] = []
        while joint := self.joint():
            if self.begins_value():
                term = self.values(qualifiers, self.next)
            else:
                term, qualifiers = self.term()
            rest.append((joint, term))
        return chained(first, rest), qualifiers

    def joint(self) -> Joint | None:
        if self.take("and"):
            return "and"
        return "or" if self.take("or") else None

    def begins_value(self) -> bool:
        """Whether a value alone comes next, behind whatever brackets and negations."""
        at = self.position
        while self.tokens[at].text in ("(", "not") and self.tokens[at].kind != "word":
            at += 1
        token = self.tokens[at]
        if token.kind != "number":
            return token.kind in VALUES
        while self.tokens[at + 1].text == ")":
            at += 1
        return self.tokens[at + 1].text not in (*OPERATORS, *RELATIONS)

    def term(self) -> tuple[Node, Qualifiers | None]:
        first = self.next
        if self.take("not"):
            self.deeper()
            node, qualifiers = self.term()
            self.depth -= 1
            return Not(node, span=self.since(first)), qualifiers
        if self.begins_relation():
            return self.relation(), None
        if self.take("("):
            self.deeper()
            node, _ = self.joined()
            self.need(")")
            self.depth -= 1
            return node, None
        return self.selection()

    # --- values with qualifiers

    def selection(self) -> tuple[Node, Qualifiers | None]:
        """`tcp dst port 80`, or one of the terms that are made otherwise."""
        first = self.next
        made = SPECIAL.get(first.text) if first.kind == "keyword" else None
        if made is not None:
            self.position += 1
            return made(self, first), None
        self.refuse_other_links()
        protocol = self.take(*words.PROTOCOLS)
        name = protocol.text if protocol else ""
        if cast := self.take("broadcast", "multicast"):
            return Cast(name, cast.text, span=self.since(first)), None
        direction = self.direction()
        kind = self.take(*words.KINDS) or (None if direction else self.take("proto", "protochain", "gateway"))
        if not direction and not kind:
            if protocol is None:
                raise self.unexpected()
            return Protocol(name, span=self.since(first)), None
        qualifiers = Qualifiers(name, direction, kind.text if kind else "")
        return self.values(qualifiers, first), qualifiers

    def refuse_other_links(self) -> None:
        for link, of_it in words.OF_OTHER_LINKS.items():
            if self.next.kind == "keyword" and self.next.text in of_it:
                raise self.wrong(f"{self.next.text!r} is asked of {link} only, and rawkit decodes none")

    def direction(self) -> str:
        """`src`, `dst`, and both of them with `or` or `and` between."""
        first = self.take(*words.DIRECTIONS)
        if first is None:
            return ""
        joint, second = self.next, self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        if joint.text in ("and", "or") and second.text in words.DIRECTIONS and second.text != first.text:
            self.position += 2
            return f"src {joint.text} dst"
        return first.text

    def values(self, qualifiers: Qualifiers | None, first: Token) -> Node:
        """One value, or several in brackets with and, or between them; not before each."""
        if self.take("not"):
            self.deeper()
            begin = self.tokens[self.position - 1]
            value = self.values(qualifiers, self.next)
            self.depth -= 1
            return Not(value, span=self.since(begin))
        if not self.take("("):
            return self.one_value(qualifiers, first)
        self.deeper()
        first_value = self.values(qualifiers, self.next)
        rest: list[tuple[Joint, Node]] = []
        while joint := self.joint():
            rest.append((joint, self.values(qualifiers, self.next)))
        self.need(")")
        self.depth -= 1
        return chained(first_value, rest)

    def one_value(self, qualifiers: Qualifiers | None, first: Token) -> Node:
        token = self.next
        if token.kind not in VALUES:
            raise self.missing_value(qualifiers)
        if qualifiers is None:
            raise self.wrong(f"{token.text} alone takes the qualifiers of the term before it, which has none")
        self.position += 1
        if token.kind == "word" and qualifiers.kind in ("", "host") and self.resolve:
            return self.looked_up(qualifiers, token, self.resolve(token.value), self.since(first))
        value = self.value(qualifiers, token)
        return Selection(qualifiers, value, span=self.since(first))

    def looked_up(self, qualifiers: Qualifiers, token: Token, found: Sequence[str], span: Span) -> Node:
        """Any of a host's addresses, as far as the protocol has such."""
        addresses = [IPv6Address(each) if ":" in each else IPv4Address(each) for each in found]
        kinds = {"": (IPv4Address, IPv6Address), "ip6": (IPv6Address,)}.get(qualifiers.protocol, (IPv4Address,))
        fit = [each for each in addresses if isinstance(each, kinds)]
        if not fit:
            raise self.wrong(f"no {qualifiers.protocol} address of {token.value!r} was found".replace("  ", " "), token)
        terms = [Selection(qualifiers, Network(each, (1 << 8 * len(each.packed)) - 1), span=span) for each in fit]
        return chained(terms[0], [("or", term) for term in terms[1:]])

    def missing_value(self, qualifiers: Qualifiers | None) -> FilterError:
        kind = qualifiers.kind if qualifiers else ""
        what = "a value" if not kind else f"the value of {kind!r}"
        if self.next.kind != "keyword":
            return self.wrong(f"{what} is missing here")
        return self.wrong(
            f"{what} is missing here; {self.next.text!r} has a meaning of its own, write \\{self.next.text}"
        )

    def value(self, qualifiers: Qualifiers, token: Token) -> Value:
        """The value that a token tells; a mask or prefix after it belongs to it."""
        mask = None
        if token.kind in ("dotted", "ipv6") and self.take("/"):
            mask = self.plain_number("the length of the prefix")
        elif token.kind == "dotted" and self.take("mask"):
            mask = self.next
            if mask.kind != "dotted":
                raise self.wrong("a mask is missing here, as in 255.255.255.0")
            self.position += 1
        return value_of(self.text, qualifiers, token, mask)

    def plain_number(self, what: str) -> Token:
        token = self.next
        if token.kind != "number":
            raise self.wrong(f"{what} is missing here")
        self.position += 1
        return token

    def bracketed_number(self) -> int | None:
        """A number in whatever brackets, where there is one."""
        at = self.position
        while self.tokens[at].text == "(":
            at += 1
        if self.tokens[at].kind != "number":
            return None
        opened, self.position = at - self.position, at + 1
        for _ in range(opened):
            self.need(")")
        return int(self.tokens[at].value)

    def since(self, first: Token) -> tuple[int, int]:
        return first.begin, self.tokens[self.position - 1].end

    # --- relations

    def begins_relation(self) -> bool:
        """Whether arithmetic comes next. Behind a bracket only trying tells."""
        token = self.next
        after = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        if token.kind == "number":
            return after.text in (*OPERATORS, *RELATIONS)
        if token.text in ("-", "len"):
            return True
        if token.text != "(" or token.kind != "sign":
            return after.text == "["
        before, depth = self.position, self.depth
        self.operators = 0
        try:
            self.arithmetic()
            return self.next.text in RELATIONS
        except FilterError:
            return False
        finally:
            self.position, self.depth = before, depth

    def relation(self) -> Relation:
        first = self.next
        self.operators = 0
        left = self.arithmetic()
        operator = self.take(*RELATIONS)
        if operator is None:
            raise self.wrong("a relation is missing here: > < >= <= = !=")
        right = self.arithmetic()
        return Relation(operator.text, left, right, span=self.since(first))

    def arithmetic(self, rank: int = 0) -> Expression:
        if rank == len(RANKS):
            return self.operand()
        left = self.arithmetic(rank + 1)
        while operator := self.take(*RANKS[rank]):
            self.operators += 1
            if self.operators > MAX_OPERATORS:
                raise self.wrong(f"a relation has more than {MAX_OPERATORS} operators", operator)
            left = Arithmetic(operator.text, left, self.arithmetic(rank + 1))
        return left

    def operand(self) -> Expression:
        token = self.next
        if self.take("-"):
            self.deeper()
            value = Arithmetic("-", Number(0), self.operand())
            self.depth -= 1
            return value
        if self.take("("):
            self.deeper()
            inner = self.arithmetic()
            self.need(")")
            self.depth -= 1
            return inner
        if self.take("len"):
            return PacketLength()
        if token.kind == "number":
            self.position += 1
            return Number(token.value, token.text)
        if token.kind == "keyword" and token.text in words.PROTOCOLS:
            return self.octets()
        raise self.wrong("a number, len or octets as in tcp[0:2] are missing here")

    def octets(self) -> Octets:
        """`tcp[13:2]`"""
        protocol = self.next
        self.position += 1
        self.need("[")
        self.deeper()
        index = self.arithmetic()
        self.depth -= 1
        size = 1
        if self.take(":"):
            token = self.plain_number("the number of octets")
            size = token.value
            if size not in (1, 2, 4):
                raise self.wrong(f"1, 2 or 4 octets can be read at a time, not {size}", token)
        self.need("]")
        return Octets(protocol.text, index, size)

    # --- terms that begin with a word of their own

    def less_or_greater(self, first: Token) -> Relation:
        number = self.plain_number("a length")
        sign = "<=" if first.text == "less" else ">="
        return Relation(sign, PacketLength(), Number(number.value, number.text), span=self.since(first))

    def layer(self, first: Token) -> Layer:
        at = self.next
        number = self.bracketed_number()
        most = words.LAYERS[first.text]
        if number is not None and number > most:
            raise self.wrong(f"{first.text} {number}: the largest number there is {most}", at)
        return Layer(first.text, number, span=self.since(first))

    def from_link(self, first: Token) -> FromLink:
        number = None
        if first.text == "ifindex":
            number = self.bracketed_number()
            if number is None:
                raise self.wrong("the interface's number is missing here")
        return FromLink(first.text, number, span=self.since(first))

    def llc(self, first: Token) -> LLCType:
        token = self.next
        if token.kind not in ("word", "keyword") or token.text in ("and", "or", "not"):
            return LLCType("", span=self.since(first))
        if token.text not in words.LLC_TYPES:
            raise self.wrong(f"{token.text!r} is no kind of LLC frame{nearest(token.text, words.LLC_TYPES)}")
        self.position += 1
        return LLCType(token.text, span=self.since(first))


def chained(first: Node, rest: list[tuple[Joint, Node]]) -> Node:
    """A chain, or the term alone."""
    return Chained(first, tuple(rest)) if rest else first


SPECIAL: dict[str, Callable[[Parser, Token], Node]] = {
    "less": Parser.less_or_greater,
    "greater": Parser.less_or_greater,
    **dict.fromkeys(words.LAYERS, Parser.layer),
    **dict.fromkeys(("inbound", "outbound", "ifindex"), Parser.from_link),
    "llc": Parser.llc,
}

"""What is wrong with an expression is said at its place, with what to write instead."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.errors import RawkitError
from rawkit.filter import Filter, FilterError
from rawkit.filter.grammar import MAX_DEPTH, MAX_OPERATORS
from tests.filter.expressions import MATCHED, REFUSED


@pytest.mark.parametrize(
    ("expression", "at", "why"),
    [
        ("tcp prot 80", "prot", "'prot' is no word of the filter language; did you mean 'proto'?"),
        ("tcp port", "", "the value of 'port' is missing here"),
        ("ip proto tcp", "tcp", r"'tcp' has a meaning of its own, write \\tcp"),
        ("port htp", "htp", "did you mean 'http'?"),
        ("port 80-90", "80-90", "write portrange for a range"),
        ("port 70000", "70000", "the largest is 65535"),
        ("port 08", "08", "octal"),
        ("udp port http", "http", "port http is tcp's, not udp's"),
        ("arp port 5", "5", "arp has no ports"),
        ("tcp or 80", "80", "takes the qualifiers of the term before it, which has none"),
        ("80", "80", "write port 80"),
        ("tcp and 10.0.0.1", "10.0.0.1", "takes the qualifiers of the term before it"),
        ("(tcp", "", "')' is missing here"),
        ("tcp)", ")", "')' closes no bracket"),
        ("tcp udp", "udp", "'and' or 'or' is missing before this"),
        ("tcp and", "", "it ends where a term is missing"),
        ("net 10.0.0.1/8", "10.0.0.1", "that network is 10.0.0.0"),
        ("net 10.0.0.0/40", "40", "at most 32 bits"),
        ("host 10.0.0.0/8", "8", "write net before it"),
        ("host 300.1.1.1", "300.1.1.1", "at most 255"),
        ("host localhost", "localhost", "no name is looked up here"),
        ("host 02:00:00:00:00:01", "02:", "write ether host before it"),
        ("tcp host 10.0.0.1", "10.0.0.1", "tcp has no addresses"),
        ("ip6 host 10.0.0.1", "10.0.0.1", "ip6 has no such address"),
        ("ip[0:3] = 1", "3]", "1, 2 or 4 octets"),
        ("ip[0]", "", "a relation is missing here"),
        ("ip[0] = 1 / 0", "ip[0]", "divided by 0"),
        ("ip[0] >> 32 = 0", "ip[0]", "shifted by 31 at most"),
        ("stp[0] = 1", "stp[0]", "no octets that can be asked for"),
        ("tcp # 1", "#", "no word begins with '#'"),
        ("vlan 5000", "5000", "the largest number there is 4095"),
        ("type mgt", "type", "an 802.11 link only"),
        ("ether", "ether", "asks nothing"),
        ("ip broadcast", "ip broadcast", "the network's mask"),
        ("gateway 10.0.0.1", "10.0.0.1", "write ether host MAC and not host ADDRESS"),
        ("llc foo", "foo", "no kind of LLC frame"),
        ("mpls and arp", "arp", "only ip and ip6"),
        ("inbound", "inbound", "the kernel knows it"),
    ],
)
def test_the_place_and_the_reason(expression: str, at: str, why: str) -> None:
    with pytest.raises(FilterError) as raised:
        Filter(expression)
    error = raised.value
    assert expression[error.at :].startswith(at)
    assert (error.at == len(expression)) == (not at)
    assert why.replace("\\\\", "\\") in error.why
    first, second, third = str(error).split("\n")
    assert (first, second) == (f"filter: {error.why}", f"  {expression}")
    assert third == " " * (error.at + 2) + "^"


def test_an_expression_of_several_lines_is_shown_on_one() -> None:
    with pytest.raises(FilterError) as raised:
        Filter("tcp\nand\tprot")
    assert str(raised.value).split("\n")[1:] == ["  tcp and prot", "          ^"]


@pytest.mark.parametrize("opened", ["(", "not ", "-"])
def test_brackets_have_a_limit(opened: str) -> None:
    """And what is within it can be compiled."""
    inner, closed = ("1 = 1", ")") if opened == "-" else ("tcp", ")" if opened == "(" else "")
    closed = "" if opened == "-" else closed
    assert Filter(opened * MAX_DEPTH + inner + closed * MAX_DEPTH).program()
    with pytest.raises(FilterError, match=f"more than {MAX_DEPTH} deep"):
        Filter(opened * (MAX_DEPTH + 1) + inner + closed * (MAX_DEPTH + 1))


def test_arithmetic_has_a_limit() -> None:
    """And what is within it can be compiled: a sum of many, at the bottom of octets of octets."""
    most = " + ".join(["ip[0]"] * (MAX_OPERATORS + 1))
    within = "tcp[" * (MAX_DEPTH - 1) + most + "]" * (MAX_DEPTH - 1)
    for expression in (f"{most} > 5", f"{within} = 5", f"{most} > 5 and {most} > 6"):
        found = Filter(expression)
        assert found.program()
        found.matches(bytes(100))
    for expression in (f"{most} + 1 > 5", f"tcp[{within}] = 5 and tcp[0] = 1".replace("tcp[tcp", "tcp[tcp[0 + tcp")):
        with pytest.raises(FilterError, match="more than"):
            Filter(expression)
    with pytest.raises(FilterError, match=f"more than {MAX_DEPTH} deep"):
        Filter("ip[" * (MAX_DEPTH + 1) + "0" + "]" * (MAX_DEPTH + 1) + " = 5")


def test_a_long_chain_has_none() -> None:
    long = Filter(" or ".join(["tcp and udp"] * 5_000))
    assert not long.matches(bytes(64))


@pytest.mark.parametrize("link_type", [105, 147, 0x10000])
def test_a_link_that_is_not_known_is_refused_by_its_number(link_type: int) -> None:
    with pytest.raises(FilterError, match=f"link type {link_type} cannot be filtered"):
        Filter("tcp", link_type)


WORDS = sorted({word for each in (*MATCHED, *REFUSED) for word in each.split()})


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=12).map(" ".join))
def test_whatever_is_written_is_read_or_refused(expression: str) -> None:
    with suppress(RawkitError):
        found = Filter(expression)
        found.matches(bytes(range(100)))
        found.program()


@given(st.sampled_from(MATCHED), st.data())
def test_a_damaged_expression_is_read_or_refused(expression: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(expression) - 1))
    changed = expression[:at] + data.draw(st.characters()) + expression[at + data.draw(st.integers(0, 1)) :]
    with suppress(RawkitError):
        Filter(changed).program()

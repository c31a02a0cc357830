"""What holds for everything this room draws: safe text, colour that changes nothing, nothing that raises."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.protocols import TCP, UDP, Ethernet, IPv4, IPv6, catalog
from rawkit.show import (
    checksum_steps,
    diagram,
    explanation,
    field_explanation,
    hexdump,
    line,
    octet_table,
    tree,
    verdict_lines,
)
from rawkit.show.diagrams import grid
from rawkit.show.escape import letters, quoted, visible
from rawkit.show.paint import CODES, ansi, plain
from rawkit.show.sums import folded
from rawkit.wire import Checksum, Packet, Region, regions
from tests.show.captures import frames, ours

DRAWN: list[Callable[..., str]] = [checksum_steps, hexdump, line, octet_table, tree, verdict_lines]


def without_colour(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("draw", DRAWN)
def test_colour_changes_nothing_else(draw: Callable[..., str]) -> None:
    for path in ours():
        for frame in frames(path)[:4]:
            assert without_colour(draw(frame, paint=ansi)) == draw(frame) == draw(frame, paint=plain)


@given(st.binary(max_size=100), st.sampled_from([Ethernet, IPv4, IPv6, TCP, None]))
def test_any_octets_can_be_drawn(octets: bytes, first: type | None) -> None:
    packet = Packet.decode(octets, first=first)
    for draw in DRAWN:
        assert all(row.isprintable() for row in draw(packet).split("\n"))


@given(st.text())
def test_visible_text_acts_on_no_terminal(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert not set(shown) & set("\x00\x07\x08\n\r\x1b\x7f\x85\x9b\u200e\u202e\u2028\u2066\ufeff\ufffe\uffff\U000e0041")
    assert visible("a\x1b]0;title\x07\u202eb\x9b1m") == r"a\x1b]0;title\x07\u202eb\x9b1m"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0x00, 0x1F),
        (0x7F, 0x9F),
        (0xAD, 0xAD),
        (0x61C, 0x61C),
        (0x180E, 0x180E),
        (0x200B, 0x200F),
        (0x2028, 0x202E),
        (0x2060, 0x206F),
        (0xD800, 0xDFFF),
        (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB),
        (0xFFFE, 0xFFFF),
        (0xE0000, 0xE007F),
    ],
)
def test_what_hides_or_acts_is_written_out_from_the_first_to_the_last(first: int, last: int) -> None:
    assert not any(chr(number) in visible(chr(number)) for number in range(first, last + 1))
    assert all(visible(chr(number)) == chr(number) for number in (first - 1, last + 1) if number not in (-1, 0x10000))


def test_plain_text_stays_as_it_is() -> None:
    assert visible("Käse, 東京, ünï") == "Käse, 東京, ünï"
    assert letters(b"a\x00\xffz~\x7f") == "a..z~."
    assert quoted(b'say "hi"\n') == r'"say \"hi\"\n"'
    assert quoted(bytes(60)) == "0x" + "00" * 48 + "..."
    assert (quoted(b"GET", of=3), quoted(b"GET", of=4)) == ('"GET"', '"GET"...')


def test_text_from_the_network_comes_out_escaped() -> None:
    packet = IPv4(src="10.0.0.1", dst="10.0.0.2", protocol=17) / bytes.fromhex("0035003500000000") / b"\x1b[2J\n"
    for draw in DRAWN:
        assert "\x1b" not in draw(packet)


def test_every_role_has_a_colour() -> None:
    assert all(ansi("x", role) != "x" for role in CODES)
    assert ansi("", "bad") == ""


@pytest.mark.parametrize("kind", list(catalog.classes()), ids=lambda kind: kind.__name__)
def test_every_declaration_can_be_drawn(kind: type) -> None:
    rows = diagram(kind).split("\n")
    fixed = [row for row in rows[2:] if row.startswith(" |")]
    layout = kind.layout  # type: ignore[attr-defined]
    bits = sum((len(row.rstrip()) - 2) // 2 for row in fixed)
    assert bits == layout.size * 8
    assert {len(row) for row in rows[2:]} <= {2 * octets + 2 for octets in (8, 16, 24, 32)}
    assert all(len(row) <= 100 for row in explanation(kind, width=100).split("\n"))


@pytest.mark.parametrize("kind", list(catalog.classes()), ids=lambda kind: kind.__name__)
def test_colour_changes_nothing_else_in_an_explanation(kind: Any) -> None:
    for width in (66, 80):
        assert without_colour(explanation(kind, width=width, paint=ansi)) == explanation(kind, width=width)
        for name in kind.layout.fields:
            told = field_explanation(kind, name, width=width, paint=ansi)
            assert without_colour(told) == field_explanation(kind, name, width=width)


@pytest.mark.parametrize("kind", list(catalog.classes()), ids=lambda kind: kind.__name__)
def test_no_name_in_a_diagram_is_cut(kind: type) -> None:
    drawn = [cell for row in grid(kind.layout.fixed) for cell in row]  # type: ignore[attr-defined]
    assert [cell.label for cell in drawn if len(cell.label) > cell.width] == []


def sums(text: str) -> list[int]:
    """The numbers that the steps arrive at: complements, and CRCs as they are on the wire."""
    return [int(found, 16) for found in re.findall(r"(?:one's complement|lowest octet first): 0x([0-9a-f]+)", text)]


def test_the_steps_arrive_at_the_checksum() -> None:
    for path in ours():
        for frame in frames(path):
            verdicts = [each for each in frame.packet.check() if each.checksum and each.state != "unverifiable"]
            for verdict, result in zip(verdicts, sums(checksum_steps(frame)), strict=True):
                if verdict.state in ("good", "bad"):
                    assert result == verdict.expected or {result, verdict.expected} == {0, 0xFFFF}


@pytest.mark.parametrize(
    ("total", "folds"), [(0xFFFF, 0), (0x1_0000, 1), (0x1_FFFE, 1), (0x1_FFFF, 2), (0xFFFF_FFFF, 2)]
)
def test_carries_are_folded_in_until_there_are_none(total: int, folds: int) -> None:
    rows = list(folded(total, Checksum()))
    assert [row.startswith("  carry folded in: ") for row in rows] == [False, *[True] * folds, False]
    assert rows[-1] == f"  one's complement: 0x{0xFFFF - (total % 0xFFFF or 0xFFFF):04x}"


def unverified(packet: Packet) -> list[str]:
    """What the steps say of the last checksum, which cannot be verified."""
    return checksum_steps(packet).split("\n\n")[-1].split("\n")[1:]


def test_no_sum_is_begun_that_cannot_be_right() -> None:
    octets = bytes(IPv4(src="10.0.0.1", dst="10.0.0.2", flags="MF") / UDP(checksum=0x6082) / b"hello")
    verdict = "  UDP.checksum at offset 26: 0x6082, unverifiable: not all that it covers is here"
    fragment = Packet.decode(octets, first=IPv4)
    assert unverified(fragment) == [verdict, "  not worked out: it covers a whole datagram, and this is one fragment"]
    cut = Packet.decode(octets[:6] + b"\0\0" + octets[8:-1], first=IPv4, wire_length=len(octets))
    assert unverified(cut) == [verdict, "  not worked out: it covers 1 octet that was not captured"]
    alone = Packet.decode(octets[20:], first=UDP)
    assert unverified(alone)[1] == "  not worked out: it covers a pseudo-header, which the packet does not tell"


@pytest.mark.parametrize(
    ("network", "told"),
    [(IPv4, ["zero, protocol", "length"]), (IPv6, ["length", "length", "zero", "zero, next header"])],
)
def test_the_words_of_the_pseudo_header_have_names(network: type[IPv4 | IPv6], told: list[str]) -> None:
    rows = re.findall(r"^  pseudo .{19}(.*)$", checksum_steps(network() / UDP()), re.MULTILINE)
    assert [each for each in rows if "address" not in each] == told


def test_the_dump_holds_every_octet_once() -> None:
    for path in ours():
        for frame in frames(path):
            rows = [row for row in hexdump(frame).split("\n") if row.startswith("    0x")]
            assert bytes.fromhex("".join(row[13:52] for row in rows)) == frame.octets


def test_the_pseudo_header_is_the_one_that_is_summed() -> None:
    packet = IPv6(src="fe80::1", dst="fe80::2") / TCP(sport=1, dport=2) / b"odd"
    region: Region = regions(packet)[1]
    pseudo = region.pseudo_header()
    assert pseudo is not None
    words = re.findall(r"^  pseudo   ([0-9a-f]{4})", checksum_steps(packet), re.MULTILINE)
    assert bytes.fromhex("".join(words)) == pseudo

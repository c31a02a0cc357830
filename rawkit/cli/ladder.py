"""What `rawkit explain FILE` shows: the ladder of one conversation, or the list of them."""

from __future__ import annotations

import json
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from textwrap import wrap

from rawkit import capture
from rawkit.analysis import Conversation, Conversations, became, explain, gather
from rawkit.analysis.lesson import lesson
from rawkit.capture import Capture
from rawkit.capture.output import Output
from rawkit.cli import colour, columns, damage, filtering, progress, ratio
from rawkit.cli.called import program
from rawkit.cli.main import one_line, say
from rawkit.errors import RawkitError
from rawkit.filter import FrameFilter
from rawkit.show.conversation_list import Row, besides, conversation_list
from rawkit.show.counts import counted, joined
from rawkit.show.escape import visible
from rawkit.show.ladder import ASCII, ladder
from rawkit.show.lesson import lesson_text
from rawkit.timeline import End


@dataclass(frozen=True)
class Wish:
    """What of a capture shall be shown, and how."""

    number: int | None = None
    every: bool = False
    only: str = ""
    lesson: bool = False
    as_json: bool = False
    width: int | None = None
    color: str = "auto"
    svg: str | None = None
    force: bool = False
    max_ratio: int | None = None
    wanted: FrameFilter | None = None


def explain_file(path: str, wish: Wish) -> int:
    """Explain one conversation of a capture, all of them, or the only one; list them where there are several.

    What can be read of a damaged file is explained first, then the damage is told. The exit code.
    """
    with capture.read(path, max_ratio=ratio.limit(wish.max_ratio)) as opened:
        if wish.svg is not None and opened.is_read_from(wish.svg):
            raise RawkitError(f"{visible(wish.svg)}: is the capture itself: name another file for the picture")
        keep = wish.number if not wish.only else None
        found = gather(filtering.matching(progress.reading(opened, size_of(opened)), wish.wanted), keep)
        if wish.number is not None and not 1 <= wish.number <= len(found.all):
            damage.report(opened)  # which may be why it is not there
            raise RawkitError(f"{visible(path)}: no conversation {wish.number}: {how_many(found)}")
        show(found, path, wish, opened.comments)
        sys.stdout.flush()
        damage.say_frame_check(opened)
        return damage.report(opened)


def size_of(opened: Capture) -> int | None:
    """Octets of the file; None where it has no size, or its packets are compressed."""
    path = Path(opened.path)
    return path.stat().st_size if path.is_file() and not opened.compression else None


def show(found: Conversations, path: str, wish: Wish, comments: Sequence[str] = ()) -> None:
    """Print the ladders or the list."""
    if wish.number is not None:
        chosen = [found.all[wish.number - 1]]
    elif wish.only:
        chosen = [each for each, row in listed(found) if wish.only.lower() in " ".join(row.texts).lower()]
        if not chosen:
            raise RawkitError(f"{visible(path)}: no conversation with {visible(wish.only)!r} in it; {how_many(found)}")
    else:
        chosen = found.all
    if wish.svg is not None:
        if len(chosen) != 1:
            these = f"there are {len(chosen):,}: choose with -n or --only" if chosen else "there is no TCP or UDP one"
            raise RawkitError(f"{visible(path)}: --svg draws one conversation, and {these}")
        picture(found, chosen[0], wish.svg, wish.force)
    elif not chosen:
        nothing(found, wish, comments)
    elif wish.every or len(chosen) == 1:
        told: set[str] = set()
        for each in chosen:
            explained(found, each, wish, told, heading=len(chosen) > 1)
    elif wish.lesson and wish.as_json:
        raise RawkitError(
            f"{visible(path)}: --lesson is of conversations, and there are {len(chosen):,}: choose with -n or --all"
        )
    else:
        table(found, chosen, path, wish)


def explained(found: Conversations, chosen: Conversation, wish: Wish, told: set[str], heading: bool) -> None:
    """One conversation, as its ladder or as JSON. `told`: the sentences of the lessons before it, and then its own."""
    timeline = explain(chosen)
    if wish.lesson:
        timeline = replace(timeline, lesson=lesson(timeline))
    if wish.as_json:
        print(json.dumps(timeline.to_json()))
        return
    if heading:
        print(f"{'' if chosen.number == 1 else chr(10)}Conversation {chosen.number:,} of {len(found.all):,}\n")
    others = not_drawn(found, chosen)
    paint = colour.painter(wish.color)
    width, ascii_only = columns.for_ladder(wish.width), not drawable()
    print(ladder(timeline, width, paint, ascii_only=ascii_only, others=others), end="")
    if wish.lesson:
        print(f"\n{lesson_text(timeline, width, paint, ascii_only=ascii_only, told=told)}", end="")
        told.update(sentence.text for sentence in timeline.lesson)


def picture(found: Conversations, chosen: Conversation, target: str, force: bool) -> None:
    """One conversation as SVG: whole, or no file at all."""
    from rawkit.show.ladder_svg import ladder_svg

    drawn = ladder_svg(explain(chosen), not_drawn(found, chosen)).encode()
    with Output(target, force=force, of_packets=False) as output:
        output.append(drawn, packets=0)
    if target != "-":
        say(f"{one_line(target)}: conversation {chosen.number:,} as a picture, {counted(chosen.packets, 'packet')}")


def not_drawn(found: Conversations, chosen: Conversation) -> str:
    """The sentence about packets that the ladder of one conversation leaves out."""
    return besides(*not_shown(found, chosen), found.untold)


def not_shown(found: Conversations, chosen: Conversation) -> tuple[Counter[str], int]:
    """Packets of no conversation, by their last header, and packets of other conversations that a ladder leaves out."""
    shown = Counter(each.layer for each in chosen.companions)
    elsewhere = sum(each.packets for each in found.all) - chosen.packets - shown.pop("", 0)
    return found.others - shown, elsewhere


def listed(found: Conversations) -> Iterator[tuple[Conversation, Row]]:
    """Every conversation with its line of the table."""
    for each in progress.through(found.all, len(found.all), "explaining"):
        first, second = each.ends
        ends = (End(*first), End(*second))
        yield each, Row(each.number, each.protocol, ends, each.packets, each.octets, *became(each), each.tunnel)


def table(found: Conversations, chosen: list[Conversation], path: str, wish: Wish) -> None:
    """The table of conversations; as JSON one object a line, without what happened in them."""
    numbers = {each.number for each in chosen}
    rows = [row for each, row in listed(found) if each.number in numbers]
    if wish.as_json:
        for row in rows:
            print(json.dumps(asdict(row)))
        return
    width = wish.width or columns.terminal_width()
    print(conversation_list(rows, width, colour.painter(wish.color)), end="")
    command = f"{visible(program())} explain {visible(shlex.quote(path))}"
    which = f"-n {rows[0].number}{' --lesson' if wish.lesson else ''}"
    print(f"\n{counted(len(rows), 'conversation')}. One of them as a ladder: {command} {which}")
    if found.untold:
        print(f"{counted(found.untold, 'packet')} of further conversations: more than are told apart.")


def nothing(found: Conversations, wish: Wish, comments: Sequence[str]) -> None:
    """What there is instead of conversations; as JSON none. What the file says of itself may be all it has to tell."""
    if wish.as_json:
        return
    kinds = joined(f"{number:,} {name}" for name, number in found.others.most_common()) if found.others else ""
    readable = " that can be read" if found.unread & found.others.keys() else ""
    text = f"No TCP or UDP conversation{readable} in {counted(found.frames, 'packet')}{': ' + kinds if kinds else ''}."
    for part in (text, *comments):
        print("\n".join(wrap(visible(part), columns.for_text(wish.width))))


def how_many(found: Conversations) -> str:
    """`it has 3`, `it has none`"""
    return f"it has {len(found.all)}" if found.all else "it has no TCP or UDP conversation"


def drawable() -> bool:
    """Whether standard output's encoding has the signs that the ladder is drawn with."""
    try:
        "".join(chr(sign) for sign in ASCII).encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

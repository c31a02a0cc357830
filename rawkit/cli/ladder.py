"""What `rawkit explain FILE` shows: the ladder of one conversation, or the list of them."""

from __future__ import annotations

import json
import shlex
import sys
from collections import Counter
from dataclasses import asdict

from rawkit import capture
from rawkit.analysis import Conversation, Conversations, explain, gather
from rawkit.cli import colour, columns, damage
from rawkit.cli.called import program
from rawkit.errors import RawkitError
from rawkit.show.conversation_list import Row, besides, conversation_list, joined
from rawkit.show.escape import visible
from rawkit.show.ladder import ASCII, ladder
from rawkit.show.ladder_text import counted
from rawkit.timeline import End


def explain_file(
    path: str, number: int | None = None, as_json: bool = False, width: int | None = None, color: str | None = None
) -> int:
    """Explain conversation `number` of a capture, or the only one; list them where there are several. The exit code.

    What can be read of a damaged file is explained first, then the damage is told.
    """
    with capture.read(path) as opened:
        found = gather(opened, keep=number or 1)
        if number is not None and not 1 <= number <= len(found.all):
            damage.report(opened)  # which may be why it is not there
            raise RawkitError(f"{visible(path)}: no conversation {number}: {how_many(found)}")
        show(found, path, number, as_json, width, color or "auto")
        sys.stdout.flush()
        return damage.report(opened)


def show(found: Conversations, path: str, number: int | None, as_json: bool, width: int | None, color: str) -> None:
    """Print the ladder or the list."""
    if number is None and len(found.all) != 1:
        listed(found, path, as_json, color)
        return
    chosen = found.all[(number or 1) - 1]
    timeline = explain(chosen)
    if as_json:
        print(json.dumps(timeline.to_json()))
        return
    others = besides(*not_shown(found, chosen), found.untold)
    room = columns.for_ladder(width)
    print(ladder(timeline, room, colour.painter(color), ascii_only=not drawable(), others=others), end="")


def not_shown(found: Conversations, chosen: Conversation) -> tuple[Counter[str], int]:
    """Packets of no conversation, by their last header, and packets of other conversations that a ladder leaves out."""
    shown = Counter(each.layer for each in chosen.companions)
    elsewhere = sum(each.packets for each in found.all) - chosen.packets - shown.pop("", 0)
    return found.others - shown, elsewhere


def listed(found: Conversations, path: str, as_json: bool, color: str) -> None:
    """The table of conversations; as JSON one object a line, without what happened in them."""
    rows = [Row(each.number, each.protocol, ends_of(each), each.packets, each.octets) for each in found.all]
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row)))
    elif not rows:
        kinds = joined(f"{number:,} {name}" for name, number in found.others.most_common()) if found.others else ""
        print(f"No TCP or UDP conversation in {counted(found.frames, 'packet')}{': ' + kinds if kinds else ''}.")
    else:
        print(conversation_list(rows, colour.painter(color)), end="")
        how_to = f"One of them as a ladder: {visible(program())} explain {visible(shlex.quote(path))} -n 1"
        print(f"\n{counted(len(rows), 'conversation')}. {how_to}")
        if found.untold:
            print(f"{counted(found.untold, 'packet')} of further conversations: more than are told apart.")


def ends_of(conversation: Conversation) -> tuple[End, End]:
    """The ends as the list shows them."""
    first, second = conversation.ends
    return End(*first), End(*second)


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

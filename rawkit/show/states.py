"""RFC 9293's connection states, drawn from the table in `protocols/tcp_states.py`."""

from __future__ import annotations

import textwrap

from rawkit.protocols.tcp_states import CALLS, MEANINGS, TRANSITIONS, Event, State, Transition
from rawkit.show.paint import Paint, plain
from rawkit.show.paragraphs import named

NAME_WIDTH = max(len(state) for state in State)
SENDS_WIDTH = max(len(f"[{each.sends}]") for each in TRANSITIONS)


def state_table(*, width: int = 80, paint: Paint = plain) -> str:
    """Every state with what it means, and every arrow out of it: event, what is sent, next state; below it, why.

    Arrows that lead to one state for the same reason from many are told once, at the end. No line is longer than
    `width`, from 40 columns on.
    """
    shared = common()
    moves = [each for each in TRANSITIONS if each.next is not each.state and each not in shared]
    lines = named("TCP's states", " (RFC 9293 section 3.3.2) and what leads from one to the next", width, paint)
    legend = "on an event  [what is sent]  -->  the next state;  *: in the RFC's figure 5 or its notes"
    lines += ["", *textwrap.wrap(legend, width, initial_indent="  ", subsequent_indent="  ")]
    events = max(len(event_text(each.event)) for each in moves)
    for state in State:
        lines += ["", *named(state.value, f": {MEANINGS[state]}", width, paint)]
        for move in moves:
            if move.state is state:
                lines += arrow(move, events, width, paint)
        stays = [each.event.value for each in TRANSITIONS if each.state is state and each.next is state]
        if stays:
            told = f"stays on: {', '.join(stays)}"
            lines += textwrap.wrap(told, width, initial_indent="    ", subsequent_indent=" " * 14)
    return "\n".join([*lines, "", *common_lines(shared, width)])


def arrow(move: Transition, events: int, width: int, paint: Paint) -> list[str]:
    """One arrow, and below it its reason. Where a line is too short for the arrow, it takes a second one."""
    event = f"  {'*' if move.figure else ' '} {event_text(move.event):<{events}}"
    sends = f"[{move.sends}]" if move.sends else ""
    leads = f"{sends:<{SENDS_WIDTH}} --> "
    name = paint(move.next, "name")
    fits = len(event) + 2 + len(leads) + NAME_WIDTH <= width
    drawn = [f"{event}  {leads}{name}"] if fits else [event.rstrip(), f"      {leads}{name}"]
    return drawn + textwrap.wrap(move.sentence, width, initial_indent=" " * 6, subsequent_indent=" " * 6)


def event_text(event: Event) -> str:
    """An event, with the socket call that makes it; of several the plainest."""
    call = CALLS.get(event)
    return f"{event} = {call.partition(' or ')[0]}" if call else event.value


def event_in_full(event: Event) -> str:
    """An event, with every socket call that makes it, and when."""
    return f"{event} = {CALLS[event]}" if event in CALLS else event.value


def common() -> list[Transition]:
    """The arrows to CLOSED that are the same from nearly everywhere."""
    return [
        each
        for each in TRANSITIONS
        if each.event in (Event.RST, Event.ABORT, Event.USER_TIMEOUT) and each.next is State.CLOSED
    ]


def common_lines(shared: list[Transition], width: int) -> list[str]:
    """The shared arrows, an event each, with the states they start from."""
    lines = ["From many states to CLOSED:"]
    for event in dict.fromkeys(each.event for each in shared):
        for sends in dict.fromkeys(each.sends for each in shared if each.event is event):
            states = ", ".join(each.state for each in shared if each.event is event and each.sends == sends)
            what = f"{event_in_full(event)}{f' [{sends}]' if sends else ''}: {states}"
            lines += textwrap.wrap(what, width, initial_indent="    ", subsequent_indent=" " * 8)
    return lines

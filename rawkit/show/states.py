"""RFC 9293's connection states, drawn from the table in `protocols/tcp_states.py`."""

from __future__ import annotations

import textwrap

from rawkit.protocols.tcp_states import CALLS, MEANINGS, TRANSITIONS, Event, State, Transition
from rawkit.show.paint import Paint, plain

NAME_WIDTH = max(len(state) for state in State)


def state_table(*, width: int = 96, paint: Paint = plain) -> str:
    """Every state with what it means, and every arrow out of it: event, what is sent, next state.

    Arrows that lead to one state for the same reason from many are told once, at the end.
    """
    lines = [
        paint("TCP's states (RFC 9293 section 3.3.2) and what leads from one to the next", "name"),
        "",
        "  on an event  [what is sent]  -->  the next state;  * figure 5 of the RFC has it too",
    ]
    shared = common()
    for state in State:
        lines += ["", f"{paint(state.value, 'name')}: {MEANINGS[state]}"]
        moves = [each for each in TRANSITIONS if each.state is state and each.next is not state and each not in shared]
        stays = [each.event.value for each in TRANSITIONS if each.state is state and each.next is state]
        lines += [arrow(move, paint) for move in moves]
        if stays:
            told = f"stays on: {', '.join(stays)}"
            lines += textwrap.wrap(told, width, initial_indent="    ", subsequent_indent=" " * 14)
    return "\n".join([*lines, "", *common_lines(shared, width)])


def arrow(move: Transition, paint: Paint) -> str:
    """One arrow with its reason."""
    mark = "*" if move.figure else " "
    sends = f"[{move.sends}]" if move.sends else ""
    told = f"  {mark} {event_text(move.event):<34} {sends:<9} --> "
    return told + f"{paint(f'{move.next:<{NAME_WIDTH}}', 'name')}  {move.sentence}"


def event_text(event: Event) -> str:
    """An event, with the socket call that makes it."""
    call = CALLS.get(event)
    return f"{event} = {call.partition(' or ')[0].partition(' with ')[0]}" if call else event.value


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
            what = f"{event_text(event)}{f' [{sends}]' if sends else ''}: {states}"
            lines += textwrap.wrap(what, width, initial_indent="    ", subsequent_indent=" " * 8)
    return lines

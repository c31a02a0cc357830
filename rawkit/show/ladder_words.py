"""What a ladder says of a call or a packet, the same whether it is drawn in letters or as a picture."""

from __future__ import annotations

from rawkit.show.escape import quoted, visible
from rawkit.timeline import Call, Segment

UNSCALED = "×?"
"""Behind a window whose scale is not known."""


def lasts(call: Call) -> bool:
    """Whether a call is drawn as an interval: packets pass before it returns, or it never does."""
    if call.begins_after is None:
        return False
    return call.returns_after is None or call.returns_after > call.begins_after + 1


def call_lines(call: Call, returned: bool, room: int) -> list[str]:
    """`send(12)`, in two lines where it is longer than `room`; with a mark when only possibility speaks for it."""
    asked = f"{call.name}({', '.join(call.arguments)})"
    doubt = " ?" if call.certainty == "possible" else ""
    if not returned:
        texts = [call.text if call.result and not lasts(call) else asked]
    elif not call.result:
        texts = [f"{asked} returns"]
    elif lasts(call) and call.result.startswith("E"):
        texts = [f"fails {call.result}"]
    else:
        texts = [call.text] if len(call.text + doubt) <= room else [asked, f"= {call.result}"]
    texts[-1] += doubt
    return [visible(text) for text in texts]


def deeds_line(segment: Segment) -> str:
    """What a packet did, and who sent it where that was neither end."""
    return visible(", ".join(segment.does) + (f" (from {segment.via})" if segment.via else ""))


def numbers(segment: Segment, everything: bool) -> list[str]:
    """`SYN ACK`, `seq=0`, `ack=1`, `len=12`, the least important last.

    With `everything` a range of numbers where there are several, and the window: `seq=1..12`, `win=64256`.
    """
    parts = [visible(segment.label)]
    if segment.protocol == "tcp" and segment.seq is not None:
        if segment.last is not None:
            several = everything and segment.last > segment.seq
            parts.append(f"seq={segment.seq}" + (f"..{segment.last}" if several else ""))
        parts += [f"ack={segment.ack}"] if segment.ack is not None else []
    parts += [f"len={segment.length}"] if segment.length else []
    if everything and segment.window is not None and "RST" not in segment.label:  # a reset's window means nothing
        parts.append(f"win={segment.window}{UNSCALED}" if segment.room is None else f"win={segment.room}")
    return parts


def preview(segment: Segment, room: int) -> str:
    """The beginning of a packet's data as a quotation of at most `room` letters; "" where it has none."""
    for shown in range(len(segment.data), 0, -1):
        text = quoted(segment.data, shown, of=segment.length)
        if len(text) <= room:
            return text
    return ""

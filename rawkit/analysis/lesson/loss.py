"""Loss: what was sent again, and why a program does not notice."""

from __future__ import annotations

from rawkit.analysis.lesson.story import CENTRAL, SPECIAL, Story, Teller, copied, sentence, waits
from rawkit.show.counts import counted
from rawkit.timeline import Sentence

REPEATS = ("retransmission", "fast retransmission", "spurious retransmission", "duplicate")


def carried(story: Story, index: int) -> str:
    """`octets 1 to 1,460 were`; what a segment without data occupies a number with."""
    start, stop = story.data(index)
    if stop == start:
        return "the end of data (FIN) was"
    return f"octet {start:,} was" if stop == start + 1 else f"octets {start:,} to {stop - 1:,} were"


def timed_out(story: Story) -> Sentence | None:
    """Sent again for want of an acknowledgement."""
    marked = [index for index in story.marked["retransmission"] if not story.has(index, "SYN")]
    if not marked:
        return None
    again = story.at(marked[0])
    alike = [other for other in story.spoken[again.end] if story.at(other).seq == again.seq]
    sent = [other for other in alike if story.at(other).last is not None and not story.has(other, "SYN")]
    if copied(story, sent):
        return None
    if len(sent) < 2:
        how = (
            f"{carried(story, marked[0])} sent late: most likely a first copy was lost before the place of the capture"
        )
    else:
        how = (
            f"{carried(story, marked[0])} sent {len(sent):,} times{waits(story, sent)}, most likely because no "
            "acknowledgement had come: the kernel keeps what it sent until then"
        )
    others = len(set(marked) - set(sent))
    more = f" {counted(others, 'other packet')} repeated something too." if others else ""
    text = f"{how}. The program took no part.{more}"
    return sentence("retransmission", "RFC 6298 section 5", [*sent, *marked], text)


def fast(story: Story) -> Sentence | None:
    """Sent again because the other end asked for it."""
    marked = story.marked["fast retransmission"]
    if not marked:
        return None
    again = story.at(marked[0])
    before = [index for index in story.spoken[1 - again.end] if index < marked[0]]
    asked = [index for index in before if "duplicate ACK" in story.at(index).marks and story.at(index).ack == again.seq]
    if asked:
        times = counted(len(asked), "time")
        why = f"the other kernel had said {times} more that it waits for them ({story.packets(*asked)})"
    elif any("SACK" in story.at(index).marks for index in before):
        why = "the other kernel had named what it got behind them (SACK)"
    else:
        why = "an acknowledgement in the middle of what was on its way showed that they were missing, most likely"
    text = f"{carried(story, marked[0])} sent again without waiting for a timer: {why}. This is a fast retransmission."
    return sentence("fast retransmission", "RFC 5681 section 3.2", [*asked, *marked], text)


def once(story: Story) -> Sentence | None:
    """Exactly once is made at the end."""
    marked = {index for mark in REPEATS for index in story.marked[mark] if index in story.fresh}
    again = sorted(index for index in marked if story.at(index).length > story.fresh[index])
    repeated = sum(story.at(index).length - story.fresh[index] for index in again)
    if not repeated:
        return None
    were = "octet of data was" if repeated == 1 else "octets of data were"
    text = (
        f"{repeated:,} {were} on the wire more than once. recv() gives each once all the same, for its number tells "
        'that it was there: "exactly once" is made at the ends, and not on the way.'
    )
    return sentence("exactly once", "RFC 9293 section 3.4", again, text)


def smaller(story: Story) -> Sentence | None:
    """Path MTU discovery."""
    if not story.marked["path MTU lowered"]:
        return None
    index = story.marked["path MTU lowered"][0]
    error = story.at(index)
    text = (
        f'{error.via or story.who(error.end)} said that a packet was too large for its next link: "{error.does[0]}". '
        "The kernel remembers that, and makes smaller packets from now on; the program need not know."
    )
    rfc = "RFC 9293 section 3.7.2" if story.tcp else "RFC 8085 section 3.2"
    return sentence("path MTU", rfc, story.marked["path MTU lowered"], text)


SENTENCES: dict[Teller, int] = {
    timed_out: SPECIAL,
    fast: SPECIAL,
    once: CENTRAL,
    smaller: SPECIAL,
}

"""Opening a connection: the handshake, and what comes instead of one."""

from __future__ import annotations

from rawkit.analysis.lesson.story import CENTRAL, COMMON, SPECIAL, Story, Teller, copied, sentence, waits
from rawkit.analysis.words import octets
from rawkit.timeline import Sentence


def handshake(story: Story) -> Sentence | None:
    """What connect() waits for."""
    call = next((call for call in story.calls("connect") if call.caused and call.returns_after), None)
    if call is None or call.result or call.returns_after is None or story.marked["simultaneous open"]:
        return None
    syns = story.syns(call.end)
    answers = [index for index in story.answers(1 - call.end) if index <= call.returns_after]
    if not answers:
        return None
    sent = "its SYN" if len(syns) == 1 else f"one of {len(syns):,} SYNs"
    text = (
        f"connect() returned when {sent} was answered: this is one round trip, in which the kernels also tell each "
        "other where their numbers begin."
    )
    if len(syns) == len(answers) == 1:
        text += story.waited(syns[0], answers[0], " The capture saw {} between the two.")
    return sentence("handshake", "RFC 9293 section 3.5", [*syns, *answers], text)


def accepted(story: Story) -> Sentence | None:
    """What accept() did, or that nothing shows it."""
    answers = story.answers(1)
    established = next(
        (state for state in story.timeline.states if (state.end, state.name) == (1, "ESTABLISHED")), None
    )
    if not answers or established is None or story.marked["simultaneous open"]:
        return None
    named = [answers[-1], *([established.segment] if established.segment else [])]
    if any(call.certainty != "possible" for call in story.calls("accept", 1)):
        text = (
            f"accept() sent nothing: {story.who(1)}'s kernel had made the connection by itself, and accept() only took "
            "it from a queue."
        )
        return sentence("accept", "RFC 9293 section 3.5", named, text)
    text = f"Nothing shows that {story.who(1)}'s program called accept(): its kernel completed the handshake by itself"
    taken = min(story.acknowledged[0] - 1, story.timeline.data_octets[0])
    last = story.heard(1, taken) if taken > 0 else None
    if last is not None:
        return sentence("accept", "RFC 9293 section 3.5", [*named, last], f"{text}, and acknowledged {octets(taken)}.")
    return sentence("accept", "RFC 9293 section 3.5", named, f"{text}.")


def asked_again(story: Story) -> Sentence | None:
    """A request, or the answer to one, that was repeated."""
    again = [index for index in story.marked["retransmission"] if story.has(index, "SYN")]
    if not again:
        return None
    end, answer = story.at(again[0]).end, story.has(again[0], "ACK")
    sent = story.answers(end) if answer else story.syns(end)
    if copied(story, sent):
        return None
    what, call = ("SYN ACK", "accept() knew nothing of it") if answer else ("SYN", "connect() only waited")
    text = (
        f"{story.who(end)}'s kernel sent its {what} {len(sent):,} times{waits(story, sent)}, most likely because "
        f"nothing had come back. The program took no part: {call}."
    )
    return sentence("asked again", "RFC 6298 section 5", sent, text)


def no_answer(story: Story) -> Sentence | None:
    """Requests, and nothing else."""
    sent = story.syns(0)
    if len(sent) != len(story.own):
        return None
    text = (
        "Nothing that came back is in this capture. That is no refusal, for a refusal is a packet: a host that is not "
        "there, a filter and a lost packet look the same, and connect() can only wait."
    )
    return sentence("no answer", "RFC 9293 section 3.8.3", sent, text)


def refused(story: Story) -> Sentence | None:
    """A reset instead of an answer."""
    for index in story.marked["refused"]:
        end = story.at(index).end
        syn = max((syn for syn in story.syns(1 - end) if syn < index), default=None)
        call = next(story.calls("connect", 1 - end), None)
        if syn is not None and call is not None and call.result:
            text = (
                f"connect() failed with {call.result}{story.waited(syn, index, ', {} after its SYN')}: most likely no "
                f"socket listens on port {story.timeline.ends[end].port}, and {story.who(end)}'s kernel said so with "
                "a reset. No program was asked. A refusal comes at once; only silence takes a timer."
            )
            return sentence("refused", "RFC 9293 section 3.5.2", [syn, index], text)
    return None


def unreachable(story: Story) -> Sentence | None:
    """An ICMP error that ends connect()."""
    call = next((call for call in story.calls("connect") if call.result and call.returns_after), None)
    if call is None or call.returns_after is None or story.at(call.returns_after).protocol != "icmp":
        return None
    error = story.at(call.returns_after)
    text = (
        f"connect() failed with {call.result}: {error.via or story.who(error.end)} sent an ICMP error, "
        f'"{error.does[0]}", and it quotes the SYN. So the kernel found the socket that it is about.'
    )
    return sentence("unreachable", "RFC 9293 section 3.9.2.2", [*call.caused, call.returns_after], text)


def both_asked(story: Story) -> Sentence | None:
    """A simultaneous open."""
    for index in story.marked["simultaneous open"]:
        syns = [syn for syn in story.syns(1 - story.at(index).end) if syn < index]
        text = (
            "Both ends asked at once: nobody listened or accepted, and yet it is one connection (a simultaneous open)."
        )
        return sentence("simultaneous open", "RFC 9293 section 3.5", [*syns[-1:], index], text)
    return None


def data_in_syn(story: Story) -> Sentence | None:
    """TCP Fast Open."""
    index = next((syn for syn in story.syns(0) if story.at(syn).length), None)
    if index is None:
        return None
    text = (
        f"{octets(story.at(index).length)} of data went in the SYN itself, a round trip earlier than otherwise: most "
        "likely this is TCP Fast Open."
    )
    return sentence("data in the SYN", "RFC 7413 section 4.2.2", [index], text)


SENTENCES: dict[Teller, int] = {
    asked_again: SPECIAL,
    no_answer: SPECIAL,
    refused: SPECIAL,
    unreachable: SPECIAL,
    both_asked: SPECIAL,
    handshake: CENTRAL,
    data_in_syn: SPECIAL,
    accepted: COMMON,
}

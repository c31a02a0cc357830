"""Before a first packet can leave: addresses, names, ports, and the neighbour's network card."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from textwrap import shorten

from rawkit.analysis.asking import to_many
from rawkit.analysis.lesson.story import COMMON, SPECIAL, USUAL, Story, Teller, sentence
from rawkit.show.counts import joined
from rawkit.timeline import Sentence

EPHEMERAL = range(32768, 65536)
"""Ports that a kernel gives to whoever names none: Linux takes them up to 60999, RFC 6335 section 6 from 49152 on."""

PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918 section 3."""

LONGEST_ANSWER = 80
"""Characters of what DNS answered."""


def addresses(story: Story) -> list[IPv4Address | IPv6Address]:
    """Those of both ends, as far as they are IP's."""
    try:
        return [ip_address(end.address.partition("%")[0]) for end in story.timeline.ends]
    except ValueError:
        return []


def loopback(story: Story) -> Sentence | None:
    """Nothing left the computer."""
    found = addresses(story)
    if not found or not all(address.is_loopback for address in found):
        return None
    text = f"No packet left the computer: {found[1]} is its loopback address, and no network card has to do with it."
    rfc = "RFC 4291 section 2.5.3" if story.ipv6 else "RFC 1122 section 3.2.1.3"
    return sentence("loopback", rfc, story.own[:1], text)


def private(story: Story) -> Sentence | None:
    """An address that other networks have too."""
    found = [address for address in dict.fromkeys(addresses(story)) if any(address in network for network in PRIVATE)]
    if not found:
        return None
    are = "is a private address" if len(found) == 1 else "are private addresses"
    text = (
        f"{joined(map(str, found))} {are}, which any network may use. An address and a port name one socket here, and "
        "not across the Internet."
    )
    return sentence("private addresses", "RFC 1918 section 3", story.own[:1], text)


def ports(story: Story) -> Sentence | None:
    """Where the numbers of a socket come from."""
    client, server = story.timeline.ends
    unasked = story.timeline.protocol == "tcp" and not any(call.name == "connect" for call in story.timeline.calls)
    if client.role != "client" or client.port not in EPHEMERAL or to_many((server.address, server.port)) or unasked:
        return None
    text = (
        f"The client's program named port {server.port}. Its own port, {client.port}, most likely was its kernel's "
        "choice, as for every socket without bind(). The two addresses and the two ports together say which socket a "
        "packet is for."
    )
    return sentence("ports", "RFC 6056 section 2.2", story.own[:1], text)


def name(story: Story) -> Sentence | None:
    """A look-up in DNS before the conversation."""
    asked = [index for index in range(1, story.own[0]) if story.at(index).protocol == "dns"]
    if not asked:
        return None
    call = "connect()" if story.tcp else "sendto()"
    answer = shorten(story.at(asked[-1]).does[0], LONGEST_ANSWER, placeholder=" ...")
    text = (
        f'A name was looked up first, most likely by the program: "{answer}". The kernel knows no '
        f"names: {call} takes an address."
    )
    return sentence("name", "RFC 1034 section 5.2.1", asked, text)


def neighbour(story: Story) -> Sentence | None:
    """The kernel asks for a network card before it can send what a call gave it."""
    for call in story.timeline.calls:
        if call.name not in ("connect", "sendto") or not call.caused or call.begins_after is None:
            continue
        left = call.caused[0]
        around = range(call.begins_after + 1, left)
        asked = [index for index in around if story.at(index).protocol in ("arp", "ndp")]
        if asked and story.at(asked[0]).end == call.end:
            ask = story.at(asked[0])
            what = "SYN" if call.name == "connect" else "datagram"
            text = (
                f"{call.name}() did not send its {what} at once: the kernel first "
                f"{ask.does[0].replace('asks', 'asked', 1)}, for a frame needs the number of a network card. The "
                f"{what} ({story.packets(left)}) waited for the answer{story.waited(asked[0], left, ', {} in all')}."
            )
            rfc = "RFC 4861 section 7.2.2" if ask.protocol == "ndp" else "RFC 1122 section 2.3.2.2"
            return sentence("neighbour", rfc, [*asked, left], text)
    return None


SENTENCES: dict[Teller, int] = {
    loopback: COMMON,
    name: SPECIAL,
    neighbour: COMMON,
    private: USUAL,
    ports: USUAL,
}

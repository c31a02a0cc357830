"""Where frames come from and go to: interfaces, capture files, memory.

The one rule: a link moves octets and never looks into them. Every link has the same face (`Link`), so that whatever
speaks through one can speak through any; what a link hands over is a `Frame` of its own octets, with all that the
kernel knows of it: when it came to the nanosecond, which way it went, on which interface, its VLAN tag put back, and
what was left to the network card (`frame.offload`).

Ends: `PacketLink` (an interface), `RawIPLink` (IP, which the kernel routes), `TunLink` (an interface of one's own),
`Replay` (a capture file), `pipe` (two ends in memory). Around any link: `Recorded` (to a capture file), `Watched` (a
callback), `Impaired` (a bad wire, as an `Impairment` says). `forward` is the wire between two.

>>> from rawkit import Ethernet, IPv4, UDP
>>> left, right = pipe()
>>> with left, right:
...     left.send(Ethernet(dst="02:00:00:00:00:02") / IPv4(dst="10.0.0.2") / UDP(dport=7))
...     print(right.receive().packet[UDP].dport)
7

Where things are: `link` is the face, `end` what links with a file descriptor have in common, `wrapper` what those
around others have; `errors` tells what went wrong and what to do; `impairment` decides what a bad wire does, without a
clock, and `impair` and `forward` do it. `packet` is put together from `fetch` (two ways to do so), `arrival`
(what the kernel tells beside the octets), `batch` (sending many), `program` (kernel filters) and `interface`; `kernel`
has Linux's numbers.

Not done: all interfaces at once ("any"); interfaces whose frames no link type of capture files describes.
"""

from rawkit.link.errors import (
    FrameTooLong,
    FrameTooShort,
    InterfaceDown,
    InterfaceGone,
    LinkEnded,
    LinkError,
    NoSuchInterface,
    NotPermitted,
    QueueFull,
    SendFailed,
)
from rawkit.link.forward import Forwarded, Forwarder, forward
from rawkit.link.impair import Impaired
from rawkit.link.impairment import Decision, Impairment
from rawkit.link.link import Link, Sent, Statistics
from rawkit.link.packet import PacketLink
from rawkit.link.pipe import PipeEnd, pipe
from rawkit.link.raw_ip import RawIPLink
from rawkit.link.record import Recorded
from rawkit.link.replay import Replay
from rawkit.link.tun import TunLink
from rawkit.link.watch import Watched

__all__ = [
    "Decision",
    "Forwarded",
    "Forwarder",
    "FrameTooLong",
    "FrameTooShort",
    "Impaired",
    "Impairment",
    "InterfaceDown",
    "InterfaceGone",
    "Link",
    "LinkEnded",
    "LinkError",
    "NoSuchInterface",
    "NotPermitted",
    "PacketLink",
    "PipeEnd",
    "QueueFull",
    "RawIPLink",
    "Recorded",
    "Replay",
    "SendFailed",
    "Sent",
    "Statistics",
    "TunLink",
    "Watched",
    "forward",
    "pipe",
]

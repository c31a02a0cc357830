"""Many packets at once: conversations, and what the programs at their ends must have done.

    observed       what is kept of a packet                     conversations  told apart by the end points
    fragments      pieces of datagrams              tunnels        what a packet is inside of
    tcp/, udp      a conversation -> its timeline               icmp_errors    what they mean to a socket
    lesson/        a timeline -> what the sockets did

Its one rule: **claim what the packets show, and call the rest by its name**: an inferred call says how sure it is, an
unknown state is "?", and a packet that is not in the capture is not invented.

>>> from rawkit import bundled, read
>>> with read(bundled.path("tcp/echo.pcap")) as capture:
...     found = gather(capture)
>>> timeline = explain(found.all[0])
>>> [call.text for call in timeline.calls if call.end == 0]
['connect()', 'send(12)', 'recv() = 12', 'close()']
>>> timeline.final_state(0), timeline.counts["packets_by_no_call"]
('TIME-WAIT', 5)
"""

from rawkit.analysis.conversations import Conversation, Conversations, gather
from rawkit.analysis.glance import glance
from rawkit.analysis.overview import Overview, overview
from rawkit.analysis.tcp.walk import tcp_timeline
from rawkit.analysis.udp import udp_timeline
from rawkit.timeline import Timeline


def explain(conversation: Conversation) -> Timeline:
    """What happened in a conversation, as far as its packets show."""
    return tcp_timeline(conversation) if conversation.protocol == "tcp" else udp_timeline(conversation)


def became(conversation: Conversation) -> Overview:
    """The state that both ends came to, and what went wrong: by a glance where that is enough."""
    return glance(conversation) or overview(explain(conversation))


__all__ = ["Conversation", "Conversations", "Overview", "became", "explain", "gather", "overview"]

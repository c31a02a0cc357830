"""Hosts in network namespaces of our own, wires between them that do as they are told, and a recorder.

What `make_captures` needs, and no more. One process plays every host: a namespace is entered only to open a socket, and
the socket stays there. Nothing is joined to the machine's own network, so no octet can leave. As an ordinary user a
user namespace is made first.
"""

from scripts.netlab.host import LONGEST_SECONDS, Host, leave_the_network
from scripts.netlab.networks import Network
from scripts.netlab.recorder import Recorded, Recorder
from scripts.netlab.wire import Match, Order, Wire

__all__ = ["LONGEST_SECONDS", "Host", "Match", "Network", "Order", "Recorded", "Recorder", "Wire", "leave_the_network"]

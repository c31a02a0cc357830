"""The protocols, one a file: what every header holds, declared once.

A protocol file is a list of fields with their meaning, unit, source, and who fills them in when one uses a socket;
where declarations do not suffice there is a small pure function. `numbers.py` holds the number spaces, `bindings.py`
says which number means which header, `catalog.py` finds classes and fields by the names that people type.

The one rule: **a fact about a header stands in its declaration, nowhere else.** Lines, trees, diagrams, filters and
columns are drawn from it.

>>> from rawkit.protocols import IPv4, MSS, TCP
>>> syn = IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=40000, dport=80, flags="S", options=[MSS(1460)])
>>> syn[IPv4].total_length, syn[TCP].data_offset, hex(syn[TCP].checksum)
(44, 6, '0xe793')
>>> from rawkit.wire import Packet
>>> Packet.decode(bytes(syn), first=IPv4)[TCP].options
(MSS(value=1460),)
"""

import rawkit.protocols.bindings as bindings
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4, IPv4Flags
from rawkit.protocols.ipv4_options import (
    InternetTimestamp,
    IPv4EndOfOptions,
    IPv4NoOperation,
    IPv4Option,
    IPv4UnknownOption,
    LooseSourceRoute,
    RecordRoute,
    RouterAlert,
    StrictSourceRoute,
)
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.tcp import TCP, TCPFlags
from rawkit.protocols.tcp_options import (
    MSS,
    SACK,
    EndOfOptions,
    FastOpen,
    MD5Signature,
    NoOperation,
    SACKPermitted,
    TCPOption,
    Timestamps,
    UnknownTCPOption,
    UserTimeout,
    WindowScale,
)
from rawkit.protocols.udp import UDP

__all__ = [
    "MSS",
    "SACK",
    "TCP",
    "UDP",
    "EndOfOptions",
    "Ethernet",
    "FastOpen",
    "IPv4",
    "IPv4EndOfOptions",
    "IPv4Flags",
    "IPv4NoOperation",
    "IPv4Option",
    "IPv4UnknownOption",
    "IPv6",
    "InternetTimestamp",
    "LooseSourceRoute",
    "MD5Signature",
    "NoOperation",
    "RecordRoute",
    "RouterAlert",
    "SACKPermitted",
    "StrictSourceRoute",
    "TCPFlags",
    "TCPOption",
    "Timestamps",
    "UnknownTCPOption",
    "UserTimeout",
    "WindowScale",
    "bindings",
]

"""Which number means which header. A new protocol is one file and one line here."""

from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.numbers import ETHERTYPES, IP_PROTOCOLS, TCP_PORTS, UDP_PORTS
from rawkit.protocols.tcp import TCP
from rawkit.protocols.udp import UDP

ETHERTYPES.bind(0x0800, IPv4)
ETHERTYPES.bind(0x86DD, IPv6)

IP_PROTOCOLS.bind(6, TCP)
IP_PROTOCOLS.bind(17, UDP)

UDP_PORTS.bind(53, "rawkit.interop.dns:decode")
UDP_PORTS.bind(5353, "rawkit.interop.dns:decode_multicast")
UDP_PORTS.bind(5355, "rawkit.interop.dns:decode_llmnr")
TCP_PORTS.bind(53, "rawkit.interop.dns:decode_stream")

__all__: list[str] = []

"""Which number means which header. A new protocol is one file and one line here."""

from rawkit.protocols.ah import AuthenticationHeader
from rawkit.protocols.arp import ARP
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.ipv6_extensions import IPv6DestinationOptions, IPv6Fragment, IPv6HopByHop
from rawkit.protocols.ipv6_routing import routing
from rawkit.protocols.llc import llc
from rawkit.protocols.numbers import ADDRESS_FAMILIES, ETHERTYPES, IP_PROTOCOLS, LLC_SAPS, TCP_PORTS, UDP_PORTS
from rawkit.protocols.snap import snap
from rawkit.protocols.tcp import TCP
from rawkit.protocols.udp import UDP
from rawkit.protocols.vlan import VLAN, ServiceVLAN
from rawkit.wire.chain import fuse

ETHERTYPES.bind(0x0800, IPv4)
ETHERTYPES.bind(0x0806, ARP)
ETHERTYPES.bind(0x8035, ARP)  # reverse ARP has the same form (RFC 903)
ETHERTYPES.bind(0x8100, VLAN)
ETHERTYPES.bind(0x86DD, IPv6)
ETHERTYPES.bind(0x88A8, ServiceVLAN)
ETHERTYPES.bind(0x9100, VLAN)  # stacks of tags before IEEE 802.1ad
ETHERTYPES.bind(4, llc)  # Linux's ETH_P_802_2, in cooked captures; elsewhere numbers below 1536 are lengths
ETHERTYPES.bind_length(llc)

LLC_SAPS.bind(0xAA, snap)

ADDRESS_FAMILIES.bind(2, IPv4)
ADDRESS_FAMILIES.bind(30, IPv6)  # macOS
ADDRESS_FAMILIES.bind(24, IPv6)  # NetBSD, OpenBSD
ADDRESS_FAMILIES.bind(28, IPv6)  # FreeBSD

IP_PROTOCOLS.bind(0, IPv6HopByHop)
IP_PROTOCOLS.bind(6, TCP)
IP_PROTOCOLS.bind(17, UDP)
IP_PROTOCOLS.bind(43, routing)
IP_PROTOCOLS.bind(44, IPv6Fragment)
IP_PROTOCOLS.bind(51, AuthenticationHeader)
IP_PROTOCOLS.bind(60, IPv6DestinationOptions)

UDP_PORTS.bind(53, "rawkit.interop.dns:decode")
UDP_PORTS.bind(5353, "rawkit.interop.dns:decode_multicast")
UDP_PORTS.bind(5355, "rawkit.interop.dns:decode_llmnr")
TCP_PORTS.bind(53, "rawkit.interop.dns:decode_stream")

fuse(Ethernet, [IPv4, TCP], [IPv4, UDP])

__all__: list[str] = []

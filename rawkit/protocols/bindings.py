"""Which number means which header. A new protocol is one file and one line here."""

import rawkit.protocols.icmpv4_messages as icmpv4
import rawkit.protocols.icmpv6_messages as icmpv6
import rawkit.protocols.mld as mld
import rawkit.protocols.ndp as ndp
import rawkit.protocols.ppp_authentication as authentication
import rawkit.protocols.ppp_control as control
from rawkit.protocols.ah import AuthenticationHeader
from rawkit.protocols.arp import ARP
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.geneve import Geneve
from rawkit.protocols.gre import gre
from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv6 import ICMPv6
from rawkit.protocols.igmp import igmp
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.ipv6_extensions import IPv6DestinationOptions, IPv6Fragment, IPv6HopByHop
from rawkit.protocols.ipv6_routing import routing
from rawkit.protocols.llc import llc
from rawkit.protocols.mpls import MPLS, mpls_payload
from rawkit.protocols.numbers import (
    ADDRESS_FAMILIES,
    CHAP_CODES,
    COOKED_PROTOCOLS,
    ETHERTYPES,
    ICMPV4_TYPES,
    ICMPV6_TYPES,
    IP_PROTOCOLS,
    IPCP_CODES,
    IPV6CP_CODES,
    LCP_CODES,
    LLC_SAPS,
    MPLS_STACK,
    PAP_CODES,
    PPP_PROTOCOLS,
    TCP_PORTS,
    UDP_PORTS,
)
from rawkit.protocols.ppp import ppp
from rawkit.protocols.pppoe import PPPoEDiscovery, PPPoESession
from rawkit.protocols.sctp import SCTP
from rawkit.protocols.snap import snap
from rawkit.protocols.tcp import TCP
from rawkit.protocols.udp import UDP
from rawkit.protocols.udp_lite import UDPLite
from rawkit.protocols.vlan import VLAN, ServiceVLAN
from rawkit.protocols.vxlan import VXLAN
from rawkit.wire.fused import fuse

ETHERTYPES.bind(0x0800, IPv4)
ETHERTYPES.bind(0x0806, ARP)
ETHERTYPES.bind(0x8035, ARP)  # reverse ARP has the same form (RFC 903)
ETHERTYPES.bind(0x8100, VLAN)
ETHERTYPES.bind(0x6558, Ethernet)  # inside GRE, Geneve and the like
ETHERTYPES.bind(0x86DD, IPv6)
ETHERTYPES.bind(0x8847, MPLS)
ETHERTYPES.bind(0x8848, MPLS)
ETHERTYPES.bind(0x8863, PPPoEDiscovery)
ETHERTYPES.bind(0x8864, PPPoESession)
ETHERTYPES.bind(0x880B, ppp)
ETHERTYPES.bind(0x88A8, ServiceVLAN)
ETHERTYPES.bind(0x9100, VLAN)  # stacks of tags before IEEE 802.1ad
ETHERTYPES.bind_length(llc)

COOKED_PROTOCOLS.bind(4, llc)

LLC_SAPS.bind(0xAA, snap)

MPLS_STACK.bind(0, MPLS)
MPLS_STACK.bind(1, mpls_payload)

PPP_PROTOCOLS.bind(0x0021, IPv4)
PPP_PROTOCOLS.bind(0x0057, IPv6)
PPP_PROTOCOLS.bind(0x0281, MPLS)
PPP_PROTOCOLS.bind(0x0283, MPLS)
PPP_PROTOCOLS.bind(0x8021, control.IPCP)
PPP_PROTOCOLS.bind(0x8057, control.IPv6CP)
PPP_PROTOCOLS.bind(0xC021, control.LCP)
PPP_PROTOCOLS.bind(0xC023, authentication.PAP)
PPP_PROTOCOLS.bind(0xC223, authentication.CHAP)
for code in (1, 2, 3, 4):
    LCP_CODES.bind(code, control.LCPConfigure)
    IPCP_CODES.bind(code, control.IPCPConfigure)
    IPV6CP_CODES.bind(code, control.IPv6CPConfigure)
LCP_CODES.bind(8, control.LCPProtocolReject)
for code in (9, 10, 11):
    LCP_CODES.bind(code, control.LCPEcho)
PAP_CODES.bind(1, authentication.PAPRequest)
PAP_CODES.bind(2, authentication.PAPReply)
PAP_CODES.bind(3, authentication.PAPReply)
CHAP_CODES.bind(1, authentication.CHAPValue)
CHAP_CODES.bind(2, authentication.CHAPValue)

ADDRESS_FAMILIES.bind(2, IPv4)
ADDRESS_FAMILIES.bind(30, IPv6)  # macOS
ADDRESS_FAMILIES.bind(24, IPv6)  # NetBSD, OpenBSD
ADDRESS_FAMILIES.bind(28, IPv6)  # FreeBSD

IP_PROTOCOLS.bind(0, IPv6HopByHop)
IP_PROTOCOLS.bind(1, ICMPv4)
IP_PROTOCOLS.bind(2, igmp)
IP_PROTOCOLS.bind(4, IPv4)  # RFC 2003
IP_PROTOCOLS.bind(6, TCP)
IP_PROTOCOLS.bind(17, UDP)
IP_PROTOCOLS.bind(41, IPv6)  # RFC 4213
IP_PROTOCOLS.bind(43, routing)
IP_PROTOCOLS.bind(44, IPv6Fragment)
IP_PROTOCOLS.bind(47, gre)
IP_PROTOCOLS.bind(51, AuthenticationHeader)
IP_PROTOCOLS.bind(58, ICMPv6)
IP_PROTOCOLS.bind(60, IPv6DestinationOptions)
IP_PROTOCOLS.bind(132, SCTP)
IP_PROTOCOLS.bind(136, UDPLite)
IP_PROTOCOLS.bind(137, MPLS)  # RFC 4023

ICMPV4_TYPES.bind(0, icmpv4.ICMPv4EchoReply)
ICMPV4_TYPES.bind(3, icmpv4.ICMPv4DestinationUnreachable)
ICMPV4_TYPES.bind(4, icmpv4.ICMPv4SourceQuench)
ICMPV4_TYPES.bind(5, icmpv4.ICMPv4Redirect)
ICMPV4_TYPES.bind(8, icmpv4.ICMPv4EchoRequest)
ICMPV4_TYPES.bind(9, icmpv4.ICMPv4RouterAdvertisement)
ICMPV4_TYPES.bind(10, icmpv4.ICMPv4RouterSolicitation)
ICMPV4_TYPES.bind(11, icmpv4.ICMPv4TimeExceeded)
ICMPV4_TYPES.bind(12, icmpv4.ICMPv4ParameterProblem)
ICMPV4_TYPES.bind(13, icmpv4.ICMPv4TimestampRequest)
ICMPV4_TYPES.bind(14, icmpv4.ICMPv4TimestampReply)
ICMPV4_TYPES.bind(15, icmpv4.ICMPv4InformationRequest)
ICMPV4_TYPES.bind(16, icmpv4.ICMPv4InformationReply)
ICMPV4_TYPES.bind(17, icmpv4.ICMPv4AddressMaskRequest)
ICMPV4_TYPES.bind(18, icmpv4.ICMPv4AddressMaskReply)

ICMPV6_TYPES.bind(1, icmpv6.ICMPv6DestinationUnreachable)
ICMPV6_TYPES.bind(2, icmpv6.ICMPv6PacketTooBig)
ICMPV6_TYPES.bind(3, icmpv6.ICMPv6TimeExceeded)
ICMPV6_TYPES.bind(4, icmpv6.ICMPv6ParameterProblem)
ICMPV6_TYPES.bind(128, icmpv6.ICMPv6EchoRequest)
ICMPV6_TYPES.bind(129, icmpv6.ICMPv6EchoReply)
ICMPV6_TYPES.bind(130, mld.mld_query)
ICMPV6_TYPES.bind(131, mld.MLDReport)
ICMPV6_TYPES.bind(132, mld.MLDDone)
ICMPV6_TYPES.bind(133, ndp.RouterSolicitation)
ICMPV6_TYPES.bind(134, ndp.RouterAdvertisement)
ICMPV6_TYPES.bind(135, ndp.NeighborSolicitation)
ICMPV6_TYPES.bind(136, ndp.NeighborAdvertisement)
ICMPV6_TYPES.bind(137, ndp.Redirect)
ICMPV6_TYPES.bind(143, mld.MLDv2Report)

UDP_PORTS.bind(4789, VXLAN)
UDP_PORTS.bind(6081, Geneve)
UDP_PORTS.bind(53, "rawkit.interop.dns:decode")
UDP_PORTS.bind(5353, "rawkit.interop.dns:decode_multicast")
UDP_PORTS.bind(5355, "rawkit.interop.dns:decode_llmnr")
UDP_PORTS.bind(67, "rawkit.interop.dhcp:decode")
UDP_PORTS.bind(68, "rawkit.interop.dhcp:decode")
UDP_PORTS.bind(123, "rawkit.interop.ntp:decode")
UDP_PORTS.bind(161, "rawkit.interop.snmp:decode")
UDP_PORTS.bind(162, "rawkit.interop.snmp:decode")
TCP_PORTS.bind(53, "rawkit.interop.dns:decode_stream")
TCP_PORTS.bind(80, "rawkit.interop.http:decode")
TCP_PORTS.bind(8080, "rawkit.interop.http:decode")
TCP_PORTS.bind(443, "rawkit.interop.tls:decode")
TCP_PORTS.recognise(b"\x16\x03", "rawkit.interop.tls:recognise")
for method in (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH"):
    TCP_PORTS.recognise(method + b" ", "rawkit.interop.http:recognise")
TCP_PORTS.recognise(b"HTTP/1.", "rawkit.interop.http:recognise")

fuse(Ethernet, [IPv4, TCP], [IPv4, UDP])

__all__: list[str] = []

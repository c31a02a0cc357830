"""The number spaces: which numbers say what follows a header. `bindings.py` fills in the headers that rawkit knows.

Numbers without a header of ours are named, so that what stays octets is at least called by its name.
"""

from rawkit.wire import Applications, Numbers

ETHERTYPES = Numbers(
    "EtherType",
    {
        0x0842: "Wake-on-LAN",
        0x22F3: "TRILL",
        0x6001: "DEC MOP dump and load",
        0x6002: "DEC MOP remote console",
        0x6003: "DECnet",
        0x6004: "DEC LAT",
        0x6007: "DEC LAVC",
        0x6558: "transparent Ethernet bridging",
        0x8035: "RARP",
        0x8041: "DEC LAST",
        0x809B: "AppleTalk",
        0x80F3: "AARP",
        0x8137: "IPX",
        0x8808: "Ethernet flow control",
        0x8809: "Slow protocols (LACP)",
        0x880B: "PPP",
        0x8847: "MPLS",
        0x8848: "MPLS multicast",
        0x8863: "PPPoE discovery",
        0x8864: "PPPoE session",
        0x887B: "HomePlug",
        0x888E: "EAPOL",
        0x8892: "PROFINET",
        0x8899: "Realtek loop detection",
        0x88A2: "ATA over Ethernet",
        0x88A4: "EtherCAT",
        0x88B5: "local experimental 1",
        0x88B6: "local experimental 2",
        0x88B8: "GOOSE",
        0x88BA: "IEC 61850 sampled values",
        0x88C7: "IEEE 802.11 pre-authentication",
        0x88CA: "TIPC",
        0x88CC: "LLDP",
        0x88D9: "LLTD",
        0x88E1: "HomePlug AV",
        0x88E5: "MACsec",
        0x88E7: "IEEE 802.1ah backbone service tag",
        0x88F5: "MVRP",
        0x88F6: "MMRP",
        0x88F7: "PTP",
        0x8902: "connectivity fault management",
        0x8906: "FCoE",
        0x8914: "FCoE initialization",
        0x8915: "RoCE",
        0x893A: "IEEE 1905.1",
        0x894F: "network service header",
        0x9000: "loopback test",
    },
)
"""IEEE 802 EtherTypes."""

COOKED_PROTOCOLS = Numbers("EtherType", {1: "IPX without LLC", 12: "CAN", 13: "CAN FD"}, extends=ETHERTYPES)
"""What a cooked capture numbers protocols by: EtherTypes, and below them Linux's own (ETH_P_* in linux/if_ether.h)."""

LLC_SAPS = Numbers(
    "service access point",
    {
        0x00: "null",
        0x06: "IP",
        0x42: "spanning tree",
        0xE0: "IPX",
        0xF0: "NetBIOS",
        0xFE: "OSI network layer",
        0xFF: "global",
    },
)
"""IEEE 802.2's numbers of protocols."""

MPLS_STACK = Numbers("bottom-of-stack bit", {0: "another label follows", 1: "the last label"})
"""MPLS has no number for what follows, but a bit that says whether it is one more label."""

PPP_PROTOCOLS = Numbers(
    "PPP protocol",
    {
        0x0001: "padding",
        0x0023: "OSI",
        0x0029: "AppleTalk",
        0x002B: "IPX",
        0x002D: "Van Jacobson compressed TCP/IP",
        0x002F: "Van Jacobson uncompressed TCP/IP",
        0x0031: "bridging",
        0x003D: "multilink",
        0x0053: "encryption",
        0x00FB: "compression of one link",
        0x00FD: "compression",
        0x0283: "MPLS multicast",
        0x8023: "OSI control",
        0x8029: "AppleTalk control",
        0x802B: "IPX control",
        0x8031: "bridging control",
        0x8053: "encryption control",
        0x80FB: "compression control of one link",
        0x80FD: "compression control",
        0x8281: "MPLS control",
        0xC025: "link quality report",
        0xC029: "callback control",
        0xC02B: "bandwidth allocation control",
        0xC227: "EAP",
    },
)
"""IANA's PPP protocols: from 0x8000 on they agree how one of the others is spoken, from 0xc000 on how the link is."""

CONTROL_CODES = {
    1: "configure request",
    2: "configure ack",
    3: "configure nak",
    4: "configure reject",
    5: "terminate request",
    6: "terminate ack",
    7: "code reject",
}
"""RFC 1661 section 5: the messages by which PPP's ends agree, on whatever it is."""

LCP_CODES = Numbers(
    "LCP code",
    CONTROL_CODES
    | {
        8: "protocol reject",
        9: "echo request",
        10: "echo reply",
        11: "discard request",
        12: "identification",
        13: "time remaining",
        14: "reset request",
        15: "reset ack",
    },
)
IPCP_CODES = Numbers("IPCP code", CONTROL_CODES)
IPV6CP_CODES = Numbers("IPv6CP code", CONTROL_CODES)
PAP_CODES = Numbers("PAP code", {1: "authenticate request", 2: "authenticate ack", 3: "authenticate nak"})
CHAP_CODES = Numbers("CHAP code", {1: "challenge", 2: "response", 3: "success", 4: "failure"})
"""Which message follows in each of PPP's own protocols."""

ADDRESS_FAMILIES = Numbers("address family", {7: "OSI", 23: "IPX"})
"""What BSD systems number address families by."""

HARDWARE_TYPES = {
    1: "Ethernet",
    6: "IEEE 802",
    7: "ARCNET",
    15: "Frame Relay",
    18: "Fibre Channel",
    24: "IEEE 1394",
    32: "InfiniBand",
    512: "PPP",
    768: "IP-in-IP",
    769: "IPv6-in-IPv6",
    772: "loopback",
    776: "IPv6-in-IP",
    778: "GRE",
    801: "IEEE 802.11",
    803: "IEEE 802.11 radiotap",
    824: "netlink",
    65534: "none (tun)",
}
"""IANA's ARP hardware types up to 255; beyond, Linux's own (ARPHRD in linux/if_arp.h)."""

IP_PROTOCOLS = Numbers(
    "IP protocol",
    {
        2: "IGMP",
        4: "IP-in-IP",
        8: "EGP",
        41: "IPv6-in-IP",
        46: "RSVP",
        47: "GRE",
        50: "ESP",
        59: "no next header",
        88: "EIGRP",
        89: "OSPF",
        97: "EtherIP",
        103: "PIM",
        108: "IPComp",
        112: "VRRP",
        115: "L2TP",
        132: "SCTP",
        136: "UDP-Lite",
        137: "MPLS-in-IP",
        253: "experimental 1",
        254: "experimental 2",
        255: "reserved",
    },
)
"""IANA's assigned Internet protocol numbers, shared by IPv4 and IPv6."""

OF_ONE_VERSION = {0: 6, 1: 4, 2: 4, 43: 6, 44: 6, 58: 6, 60: 6}
"""Numbers that belong to one version of IP: its ICMP (RFC 792, RFC 4443), IGMP (RFC 9776 section 4), its extension
headers (RFC 8200 section 4).

They are read wherever they stand; but nobody sends them in the other version.
"""

ICMPV4_TYPES = Numbers(
    "ICMP type",
    {
        0: "echo reply",
        3: "destination unreachable",
        4: "source quench",
        5: "redirect",
        8: "echo request",
        9: "router advertisement",
        10: "router solicitation",
        11: "time exceeded",
        12: "parameter problem",
        13: "timestamp request",
        14: "timestamp reply",
        15: "information request",
        16: "information reply",
        17: "address mask request",
        18: "address mask reply",
        30: "traceroute",
        42: "extended echo request",
        43: "extended echo reply",
        253: "experimental 1",
        254: "experimental 2",
    },
)
"""IANA's ICMP message types."""

ICMPV6_TYPES = Numbers(
    "ICMPv6 type",
    {
        1: "destination unreachable",
        2: "packet too big",
        3: "time exceeded",
        4: "parameter problem",
        100: "private experiment",
        101: "private experiment",
        128: "echo request",
        129: "echo reply",
        130: "multicast listener query",
        131: "multicast listener report",
        132: "multicast listener done",
        133: "router solicitation",
        134: "router advertisement",
        135: "neighbor solicitation",
        136: "neighbor advertisement",
        137: "redirect",
        138: "router renumbering",
        139: "node information query",
        140: "node information reply",
        143: "multicast listener report v2",
        144: "home agent address discovery request",
        145: "home agent address discovery reply",
        148: "certification path solicitation",
        149: "certification path advertisement",
        155: "RPL",
        160: "extended echo request",
        161: "extended echo reply",
        200: "private experiment",
        201: "private experiment",
    },
)
"""IANA's ICMPv6 message types."""

UDP_PORTS = Applications("UDP port", "dport", "sport")
"""Headers behind UDP, by destination port; dissectors of UDP payloads, by port."""

TCP_PORTS = Applications("TCP port", "dport", "sport")
"""Dissectors of TCP payloads, by port."""

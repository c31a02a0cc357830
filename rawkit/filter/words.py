"""The words of the language and their numbers, as pcap-filter(7) lists them."""

from __future__ import annotations

LINK = ("ether", "link", "fddi", "tr", "wlan", "ppp", "slip")
"""Words for whatever the link's own header is."""

IP_WORDS = {
    "tcp": 6,
    "udp": 17,
    "sctp": 132,
    "icmp": 1,
    "igmp": 2,
    "igrp": 9,
    "pim": 103,
    "vrrp": 112,
    "carp": 112,
    "icmp6": 58,
    "ah": 51,
    "esp": 50,
}
"""Protocols inside IP that have a word of their own."""

ONLY_IPV4 = ("icmp", "igmp", "igrp", "vrrp", "carp")
ONLY_IPV6 = ("icmp6",)

ETHERTYPE_WORDS = {
    "ip": 0x0800,
    "ip6": 0x86DD,
    "arp": 0x0806,
    "rarp": 0x8035,
    "decnet": 0x6003,
    "lat": 0x6004,
    "sca": 0x6007,
    "moprc": 0x6002,
    "mopdl": 0x6001,
    "atalk": 0x809B,
    "aarp": 0x80F3,
    "pppoed": 0x8863,
}
"""Protocols on a link that an EtherType tells."""

SAP_WORDS = {"iso": 0xFE, "stp": 0x42, "ipx": 0xE0, "netbeui": 0xF0}
"""Protocols on a link that IEEE 802.2 tells, by their service access point."""

ISO_WORDS = {"esis": 0x82, "isis": 0x83, "clnp": 0x81}
ISIS_WORDS = {
    "l1": (26, 24, 18, 15, 17),
    "l2": (27, 25, 20, 16, 17),
    "iih": (15, 16, 17),
    "lsp": (18, 20),
    "snp": (24, 25, 26, 27),
    "csnp": (24, 25),
    "psnp": (26, 27),
}
"""IS-IS by the types of its messages (ISO 10589)."""

ETHER_PROTO_NAMES = ETHERTYPE_WORDS | SAP_WORDS | {"loopback": 0x9000}
"""What `ether proto NAME` takes."""
del ETHER_PROTO_NAMES["pppoed"]

KINDS = ("host", "net", "port", "portrange")
DIRECTIONS = ("src", "dst")
PROTOCOLS = (*LINK, *IP_WORDS, *ETHERTYPE_WORDS, *SAP_WORDS, *ISO_WORDS, *ISIS_WORDS, "radio")
LAYERS = {"vlan": 0xFFF, "mpls": 0xFFFFF, "pppoes": 0xFFFF, "geneve": 0xFFFFFF}
"""Words that step into what they name; the largest number each takes."""

NUMBERS = {
    "icmptype": 0,
    "icmpcode": 1,
    "icmp6type": 0,
    "icmp6code": 1,
    "tcpflags": 13,
    "icmp-echoreply": 0,
    "icmp-unreach": 3,
    "icmp-sourcequench": 4,
    "icmp-redirect": 5,
    "icmp-echo": 8,
    "icmp-routeradvert": 9,
    "icmp-routersolicit": 10,
    "icmp-timxceed": 11,
    "icmp-paramprob": 12,
    "icmp-tstamp": 13,
    "icmp-tstampreply": 14,
    "icmp-ireq": 15,
    "icmp-ireqreply": 16,
    "icmp-maskreq": 17,
    "icmp-maskreply": 18,
    "icmp6-destinationunreach": 1,
    "icmp6-packettoobig": 2,
    "icmp6-timeexceeded": 3,
    "icmp6-parameterproblem": 4,
    "icmp6-echo": 128,
    "icmp6-echoreply": 129,
    "icmp6-multicastlistenerquery": 130,
    "icmp6-multicastlistenerreportv1": 131,
    "icmp6-multicastlistenerdone": 132,
    "icmp6-routersolicit": 133,
    "icmp6-routeradvert": 134,
    "icmp6-neighborsolicit": 135,
    "icmp6-neighboradvert": 136,
    "icmp6-redirect": 137,
    "icmp6-routerrenum": 138,
    "icmp6-nodeinformationquery": 139,
    "icmp6-nodeinformationresponse": 140,
    "icmp6-ineighbordiscoverysolicit": 141,
    "icmp6-ineighbordiscoveryadvert": 142,
    "icmp6-multicastlistenerreportv2": 143,
    "icmp6-homeagentdiscoveryrequest": 144,
    "icmp6-homeagentdiscoveryreply": 145,
    "icmp6-mobileprefixsolicit": 146,
    "icmp6-mobileprefixadvert": 147,
    "icmp6-certpathsolicit": 148,
    "icmp6-certpathadvert": 149,
    "icmp6-multicastrouteradvert": 151,
    "icmp6-multicastroutersolicit": 152,
    "icmp6-multicastrouterterm": 153,
    "tcp-fin": 0x01,
    "tcp-syn": 0x02,
    "tcp-rst": 0x04,
    "tcp-push": 0x08,
    "tcp-ack": 0x10,
    "tcp-urg": 0x20,
    "tcp-ece": 0x40,
    "tcp-cwr": 0x80,
}
"""Offsets and values that have a name."""

LLC_TYPES = {
    "": 0,
    "i": 0,
    "s": 0,
    "u": 0,
    "rr": 0x01,
    "rnr": 0x05,
    "rej": 0x09,
    "ui": 0x03,
    "ua": 0x63,
    "disc": 0x43,
    "sabme": 0x6F,
    "test": 0xE3,
    "xid": 0xAF,
    "frmr": 0x87,
}
"""IEEE 802.2's control field, less its poll bit."""

OF_OTHER_LINKS = {
    "an 802.11 link": ("type", "subtype", "dir", "addr1", "addr2", "addr3", "addr4", "ra", "ta"),
    "OpenBSD's packet filter log": (
        *("ifname", "on", "rnr", "rulenum", "reason", "rset", "ruleset", "srnr", "subrulenum", "action"),
    ),
    "an ATM link": (
        *("lane", "vpi", "vci", "oam", "oamf4", "oamf4ec", "oamf4sc", "oamf4e", "oamf4s", "metac", "bcc", "sc"),
        *("ilmic", "connectmsg", "metaconnect"),
    ),
}
"""Words that mean something only on links that rawkit does not decode."""

PLAIN = ("and", "or", "not", "proto", "protochain", "gateway", "broadcast", "multicast", "less", "greater")
OTHERS = (
    "len",
    "length",
    "inbound",
    "outbound",
    "ifindex",
    "llc",
    "mask",
    "host",
    "net",
    "port",
    "portrange",
    "src",
    "dst",
)

KEYWORDS = frozenset(
    (*PLAIN, *OTHERS, *PROTOCOLS, *LAYERS, *(word for words in OF_OTHER_LINKS.values() for word in words))
)


IP_PROTOCOL_NAMES = IP_WORDS | {
    "ip": 0,
    "ipencap": 4,
    "egp": 8,
    "dccp": 33,
    "ipv6": 41,
    "ipv6-route": 43,
    "ipv6-frag": 44,
    "rsvp": 46,
    "gre": 47,
    "ipv6-icmp": 58,
    "ipv6-nonxt": 59,
    "ipv6-opts": 60,
    "eigrp": 88,
    "ospf": 89,
    "ipip": 94,
    "etherip": 97,
    "ipcomp": 108,
    "l2tp": 115,
    "udplite": 136,
    "mpls-in-ip": 137,
}
"""What `ip proto NAME` takes: the names of /etc/protocols that are met."""
for _word in ("icmp6", "carp", "igrp"):
    del IP_PROTOCOL_NAMES[_word]

"""What a frame starts with: the link type numbers of capture files, their names, and our header for each.

Numbers and names are those of the registry at https://www.tcpdump.org/linktypes.html. A header is named by a string and
imported when the first frame is decoded. A number without one, known or not, decodes to raw octets: never to a guess.
"""

from __future__ import annotations

from typing import Any

from rawkit.wire.reference import resolve

_HEADERS = {
    0: "rawkit.protocols.loopback:Loopback",
    1: "rawkit.protocols.ethernet:Ethernet",
    9: "rawkit.protocols.ppp:ppp",
    12: "rawkit.protocols.raw_ip:raw_ip",
    14: "rawkit.protocols.raw_ip:raw_ip",
    50: "rawkit.protocols.ppp:ppp_serial",
    51: "rawkit.protocols.pppoe:pppoe",
    101: "rawkit.protocols.raw_ip:raw_ip",
    108: "rawkit.protocols.loopback:LoopbackBE",
    113: "rawkit.protocols.sll:SLL",
    228: "rawkit.protocols.ipv4:IPv4",
    229: "rawkit.protocols.ipv6:IPv6",
    276: "rawkit.protocols.sll:SLL2",
}

SNOOP_BASE = 0x10000
"""A snoop link type without a number of its own in the registry is this plus the snoop number (registry: 16 bits)."""

_NAMES = {
    0: "NULL",
    1: "ETHERNET",
    2: "EXP_ETHERNET",
    3: "AX25",
    4: "PRONET",
    5: "CHAOS",
    6: "IEEE802_5",
    7: "ARCNET_BSD",
    8: "SLIP",
    9: "PPP",
    10: "FDDI",
    12: "RAW (12)",
    14: "RAW (14)",
    50: "PPP_HDLC",
    51: "PPP_ETHER",
    99: "SYMANTEC_FIREWALL",
    100: "ATM_RFC1483",
    101: "RAW",
    102: "SLIP_BSDOS",
    103: "PPP_BSDOS",
    104: "C_HDLC",
    105: "IEEE802_11",
    106: "ATM_CLIP",
    107: "FRELAY",
    108: "LOOP",
    109: "ENC",
    112: "NETBSD_HDLC",
    113: "LINUX_SLL",
    114: "LTALK",
    115: "ECONET",
    116: "IPFILTER",
    117: "PFLOG",
    118: "CISCO_IOS",
    119: "IEEE802_11_PRISM",
    120: "IEEE802_11_AIRONET",
    121: "HHDLC",
    122: "IP_OVER_FC",
    123: "SUNATM",
    127: "IEEE802_11_RADIOTAP",
    129: "ARCNET_LINUX",
    138: "APPLE_IP_OVER_IEEE1394",
    139: "MTP2_WITH_PHDR",
    140: "MTP2",
    141: "MTP3",
    142: "SCCP",
    143: "DOCSIS",
    144: "LINUX_IRDA",
    147: "USER0",
    148: "USER1",
    149: "USER2",
    150: "USER3",
    151: "USER4",
    152: "USER5",
    153: "USER6",
    154: "USER7",
    155: "USER8",
    156: "USER9",
    157: "USER10",
    158: "USER11",
    159: "USER12",
    160: "USER13",
    161: "USER14",
    162: "USER15",
    163: "IEEE802_11_AVS",
    165: "BACNET_MS_TP",
    166: "PPP_PPPD",
    169: "GPRS_LLC",
    170: "GPF_T",
    171: "GPF_F",
    177: "LINUX_LAPD",
    182: "MFR",
    187: "BLUETOOTH_HCI_H4",
    189: "USB_LINUX",
    192: "PPI",
    195: "IEEE802_15_4_WITHFCS",
    196: "SITA",
    197: "ERF",
    201: "BLUETOOTH_HCI_H4_WITH_PHDR",
    202: "AX25_KISS",
    203: "LAPD",
    204: "PPP_WITH_DIR",
    205: "C_HDLC_WITH_DIR",
    206: "FRELAY_WITH_DIR",
    207: "LAPB_WITH_DIR",
    209: "IPMB_LINUX",
    210: "FLEXRAY",
    212: "LIN",
    215: "IEEE802_15_4_NONASK_PHY",
    220: "USB_LINUX_MMAPPED",
    224: "FC_2",
    225: "FC_2_WITH_FRAME_DELIMS",
    226: "IPNET",
    227: "CAN_SOCKETCAN",
    228: "IPV4",
    229: "IPV6",
    230: "IEEE802_15_4_NOFCS",
    231: "DBUS",
    235: "DVB_CI",
    236: "MUX27010",
    237: "STANAG_5066_D_PDU",
    239: "NFLOG",
    240: "NETANALYZER",
    241: "NETANALYZER_TRANSPARENT",
    242: "IPOIB",
    243: "MPEG_2_TS",
    244: "NG40",
    245: "NFC_LLCP",
    247: "INFINIBAND",
    248: "SCTP",
    249: "USBPCAP",
    250: "RTAC_SERIAL",
    251: "BLUETOOTH_LE_LL",
    252: "WIRESHARK_UPPER_PDU",
    253: "NETLINK",
    254: "BLUETOOTH_LINUX_MONITOR",
    255: "BLUETOOTH_BREDR_BB",
    256: "BLUETOOTH_LE_LL_WITH_PHDR",
    257: "PROFIBUS_DL",
    258: "PKTAP",
    259: "EPON",
    260: "IPMI_HPM_2",
    261: "ZWAVE_R1_R2",
    262: "ZWAVE_R3",
    263: "WATTSTOPPER_DLM",
    264: "ISO_14443",
    265: "RDS",
    266: "USB_DARWIN",
    268: "SDLC",
    270: "LORATAP",
    271: "VSOCK",
    272: "NORDIC_BLE",
    273: "DOCSIS31_XRA31",
    274: "ETHERNET_MPACKET",
    275: "DISPLAYPORT_AUX",
    276: "LINUX_SLL2",
    277: "SERCOS_MONITOR",
    278: "OPENVIZSLA",
    279: "EBHSCR",
    280: "VPP_DISPATCH",
    281: "DSA_TAG_BRCM",
    282: "DSA_TAG_BRCM_PREPEND",
    283: "IEEE802_15_4_TAP",
    284: "DSA_TAG_DSA",
    285: "DSA_TAG_EDSA",
    286: "ELEE",
    287: "Z_WAVE_SERIAL",
    288: "USB_2_0",
    289: "ATSC_ALP",
    290: "ETW",
    292: "ZBOSS_NCP",
    293: "USB_2_0_LOW_SPEED",
    294: "USB_2_0_FULL_SPEED",
    295: "USB_2_0_HIGH_SPEED",
    296: "AUERSWALD_LOG",
    297: "ZWAVE_TAP",
    298: "SILABS_DEBUG_CHANNEL",
    299: "FIRA_UCI",
}


class LinkType(int):
    """A link type number that knows its name.

    >>> LinkType(113)
    LinkType(113, 'LINUX_SLL')
    >>> LinkType(4321).name
    'unknown link type 4321'
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """The registry's name, or one that says the number is unknown."""
        if self >= SNOOP_BASE:
            return f"snoop link type {self - SNOOP_BASE}"
        return _NAMES.get(self, f"unknown link type {int(self)}")

    @property
    def header(self) -> Any:
        """What `Packet.decode` starts with: a header class (or a chooser), None where only raw octets are known."""
        return resolve(_HEADERS[self]) if self in _HEADERS else None

    def __repr__(self) -> str:
        return f"LinkType({int(self)}, {self.name!r})"

    def __str__(self) -> str:
        return self.name


ETHERNET = LinkType(1)

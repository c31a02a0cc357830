"""Numbers of Linux that Python's `socket` module does not have, and the C library's calls."""

from __future__ import annotations

import ctypes

LIBC = ctypes.CDLL(None, use_errno=True)

ETH_P_ALL = 3  # linux/if_ether.h
TPID_OF_8021Q = 0x8100

SOL_PACKET = 263  # linux/socket.h; what follows is of linux/if_packet.h
PACKET_ADD_MEMBERSHIP, PACKET_RX_RING, PACKET_STATISTICS, PACKET_AUXDATA = 1, 5, 6, 8
PACKET_VERSION, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 10, 15, 23
PACKET_MR_PROMISC = 1
TPACKET_V3 = 2
TP_STATUS_USER = 1 << 0
TP_STATUS_CSUMNOTREADY, TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID = 1 << 3, 1 << 4, 1 << 6
PACKET_OUTGOING = 4  # a packet type

SO_ATTACH_FILTER, SO_TIMESTAMPNS = 26, 35  # asm-generic/socket.h; the control message of a time has the same number

IP_MTU, IPV6_MTU, IPV6_FLOWINFO, IPV6_HDRINCL = 14, 24, 11, 36  # linux/in.h, linux/in6.h

TUNSETIFF = 0x400454CA  # linux/if_tun.h
IFF_TUN, IFF_TAP, IFF_NO_PI = 0x0001, 0x0002, 0x1000

SIOCGIFNAME, SIOCGIFFLAGS, SIOCGIFMTU, SIOCGIFHWADDR, SIOCGIFINDEX = 0x8910, 0x8913, 0x8921, 0x8927, 0x8933
IFF_LOOPBACK = 8  # linux/if.h
IFNAMSIZ = 16

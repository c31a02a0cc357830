"""Raw IP: packets without any link header (tun devices, LINKTYPE_RAW): the first four bits tell which IP."""

from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.wire import Chooser

raw_ip = Chooser("IP", 1, lambda head, _: {4: IPv4, 6: IPv6}.get(head[0] >> 4), (IPv4, IPv6))
"""IPv4 or IPv6, told by the version."""

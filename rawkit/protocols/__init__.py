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

from collections.abc import Iterator
from typing import Any

import rawkit.protocols.bindings as bindings
from rawkit.protocols.ah import AuthenticationHeader
from rawkit.protocols.arp import ARP
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.geneve import Geneve, GeneveOption, UnknownGeneveOption
from rawkit.protocols.gre import GRE, EnhancedGRE, GREChecksum, GRERouting
from rawkit.protocols.group_records import (
    IGMPAllowNewSources,
    IGMPBlockOldSources,
    IGMPChangeToExclude,
    IGMPChangeToInclude,
    IGMPModeIsExclude,
    IGMPModeIsInclude,
    IGMPRecord,
    IGMPUnknownRecord,
    MLDAllowNewSources,
    MLDBlockOldSources,
    MLDChangeToExclude,
    MLDChangeToInclude,
    MLDModeIsExclude,
    MLDModeIsInclude,
    MLDRecord,
    MLDUnknownRecord,
)
from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv4_messages import (
    ICMPv4AddressMaskReply,
    ICMPv4AddressMaskRequest,
    ICMPv4DestinationUnreachable,
    ICMPv4EchoReply,
    ICMPv4EchoRequest,
    ICMPv4InformationReply,
    ICMPv4InformationRequest,
    ICMPv4ParameterProblem,
    ICMPv4Redirect,
    ICMPv4RouterAdvertisement,
    ICMPv4RouterSolicitation,
    ICMPv4SourceQuench,
    ICMPv4TimeExceeded,
    ICMPv4TimestampReply,
    ICMPv4TimestampRequest,
)
from rawkit.protocols.icmpv6 import ICMPv6
from rawkit.protocols.icmpv6_messages import (
    ICMPv6DestinationUnreachable,
    ICMPv6EchoReply,
    ICMPv6EchoRequest,
    ICMPv6PacketTooBig,
    ICMPv6ParameterProblem,
    ICMPv6TimeExceeded,
)
from rawkit.protocols.igmp import IGMP, IGMPQuery, IGMPReport
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
from rawkit.protocols.ipv6_extensions import IPv6DestinationOptions, IPv6Fragment, IPv6HopByHop
from rawkit.protocols.ipv6_options import IPv6Option, IPv6RouterAlert, IPv6UnknownOption, JumboPayload, Pad1, PadN
from rawkit.protocols.ipv6_routing import IPv6Routing, IPv6SegmentRouting, IPv6UnknownRouting
from rawkit.protocols.llc import LLC, LLCNumbered
from rawkit.protocols.loopback import Loopback, LoopbackBE, LoopbackLE
from rawkit.protocols.mld import MLDDone, MLDQuery, MLDReport, MLDv2Query, MLDv2Report
from rawkit.protocols.mpls import MPLS
from rawkit.protocols.ndp import (
    NeighborAdvertisement,
    NeighborFlags,
    NeighborSolicitation,
    Redirect,
    RouterAdvertisement,
    RouterFlags,
    RouterSolicitation,
)
from rawkit.protocols.ndp_options import (
    LinkMTU,
    NDPOption,
    PrefixFlags,
    PrefixInformation,
    RecursiveDNSServers,
    RedirectedHeader,
    SourceLinkLayerAddress,
    TargetLinkLayerAddress,
    UnknownNDPOption,
)
from rawkit.protocols.ppp import PPP, PPPCompressed, PPPFramed, PPPFramedCompressed
from rawkit.protocols.ppp_authentication import CHAP, PAP, CHAPValue, PAPReply, PAPRequest
from rawkit.protocols.ppp_control import (
    IPCP,
    LCP,
    IPCPConfigure,
    IPv6CP,
    IPv6CPConfigure,
    LCPConfigure,
    LCPEcho,
    LCPProtocolReject,
)
from rawkit.protocols.ppp_options import (
    AddressAndControlFieldCompression,
    AsyncControlCharacterMap,
    AuthenticationProtocol,
    InterfaceIdentifier,
    IPCPAddress,
    IPCPOption,
    IPCPPrimaryDNS,
    IPCPSecondaryDNS,
    IPv6CPOption,
    LCPOption,
    MagicNumber,
    MaximumReceiveUnit,
    ProtocolFieldCompression,
    UnknownIPCPOption,
    UnknownIPv6CPOption,
    UnknownLCPOption,
)
from rawkit.protocols.pppoe import PPPoEDiscovery, PPPoESession
from rawkit.protocols.pppoe_tags import (
    PPPoEACCookie,
    PPPoEACName,
    PPPoEACSystemError,
    PPPoEEndOfTags,
    PPPoEGenericError,
    PPPoEHostUniq,
    PPPoEMaxPayload,
    PPPoERelaySessionId,
    PPPoEServiceName,
    PPPoEServiceNameError,
    PPPoETag,
    PPPoEVendorSpecific,
    UnknownPPPoETag,
)
from rawkit.protocols.raw_ip import raw_ip
from rawkit.protocols.sctp import SCTP
from rawkit.protocols.sctp_chunks import (
    SCTPCWR,
    SCTPECNE,
    SCTPAbort,
    SCTPAbortFlags,
    SCTPChunk,
    SCTPCompleteFlags,
    SCTPCookieAck,
    SCTPCookieEcho,
    SCTPData,
    SCTPDataFlags,
    SCTPError,
    SCTPHeartbeat,
    SCTPHeartbeatAck,
    SCTPInit,
    SCTPInitAck,
    SCTPSack,
    SCTPShutdown,
    SCTPShutdownAck,
    SCTPShutdownComplete,
    SCTPUnknownChunk,
)
from rawkit.protocols.sll import SLL, SLL2
from rawkit.protocols.snap import SNAP, SNAPVendor
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
from rawkit.protocols.udp_lite import UDPLite
from rawkit.protocols.vlan import VLAN, ServiceVLAN
from rawkit.protocols.vxlan import VXLAN, VXLANFlags
from rawkit.wire import Header, Option

__all__ = [
    "ARP",
    "CHAP",
    "GRE",
    "IGMP",
    "IPCP",
    "LCP",
    "LLC",
    "MPLS",
    "MSS",
    "PAP",
    "PPP",
    "SACK",
    "SCTP",
    "SCTPCWR",
    "SCTPECNE",
    "SLL",
    "SLL2",
    "SNAP",
    "TCP",
    "UDP",
    "VLAN",
    "VXLAN",
    "AddressAndControlFieldCompression",
    "AsyncControlCharacterMap",
    "AuthenticationHeader",
    "AuthenticationProtocol",
    "CHAPValue",
    "EndOfOptions",
    "EnhancedGRE",
    "Ethernet",
    "FastOpen",
    "GREChecksum",
    "GRERouting",
    "Geneve",
    "GeneveOption",
    "ICMPv4",
    "ICMPv4AddressMaskReply",
    "ICMPv4AddressMaskRequest",
    "ICMPv4DestinationUnreachable",
    "ICMPv4EchoReply",
    "ICMPv4EchoRequest",
    "ICMPv4InformationReply",
    "ICMPv4InformationRequest",
    "ICMPv4ParameterProblem",
    "ICMPv4Redirect",
    "ICMPv4RouterAdvertisement",
    "ICMPv4RouterSolicitation",
    "ICMPv4SourceQuench",
    "ICMPv4TimeExceeded",
    "ICMPv4TimestampReply",
    "ICMPv4TimestampRequest",
    "ICMPv6",
    "ICMPv6DestinationUnreachable",
    "ICMPv6EchoReply",
    "ICMPv6EchoRequest",
    "ICMPv6PacketTooBig",
    "ICMPv6ParameterProblem",
    "ICMPv6TimeExceeded",
    "IGMPAllowNewSources",
    "IGMPBlockOldSources",
    "IGMPChangeToExclude",
    "IGMPChangeToInclude",
    "IGMPModeIsExclude",
    "IGMPModeIsInclude",
    "IGMPQuery",
    "IGMPRecord",
    "IGMPReport",
    "IGMPUnknownRecord",
    "IPCPAddress",
    "IPCPConfigure",
    "IPCPOption",
    "IPCPPrimaryDNS",
    "IPCPSecondaryDNS",
    "IPv4",
    "IPv4EndOfOptions",
    "IPv4Flags",
    "IPv4NoOperation",
    "IPv4Option",
    "IPv4UnknownOption",
    "IPv6",
    "IPv6CP",
    "IPv6CPConfigure",
    "IPv6CPOption",
    "IPv6DestinationOptions",
    "IPv6Fragment",
    "IPv6HopByHop",
    "IPv6Option",
    "IPv6RouterAlert",
    "IPv6Routing",
    "IPv6SegmentRouting",
    "IPv6UnknownOption",
    "IPv6UnknownRouting",
    "InterfaceIdentifier",
    "InternetTimestamp",
    "JumboPayload",
    "LCPConfigure",
    "LCPEcho",
    "LCPOption",
    "LCPProtocolReject",
    "LLCNumbered",
    "LinkMTU",
    "Loopback",
    "LoopbackBE",
    "LoopbackLE",
    "LooseSourceRoute",
    "MD5Signature",
    "MLDAllowNewSources",
    "MLDBlockOldSources",
    "MLDChangeToExclude",
    "MLDChangeToInclude",
    "MLDDone",
    "MLDModeIsExclude",
    "MLDModeIsInclude",
    "MLDQuery",
    "MLDRecord",
    "MLDReport",
    "MLDUnknownRecord",
    "MLDv2Query",
    "MLDv2Report",
    "MagicNumber",
    "MaximumReceiveUnit",
    "NDPOption",
    "NeighborAdvertisement",
    "NeighborFlags",
    "NeighborSolicitation",
    "NoOperation",
    "PAPReply",
    "PAPRequest",
    "PPPCompressed",
    "PPPFramed",
    "PPPFramedCompressed",
    "PPPoEACCookie",
    "PPPoEACName",
    "PPPoEACSystemError",
    "PPPoEDiscovery",
    "PPPoEEndOfTags",
    "PPPoEGenericError",
    "PPPoEHostUniq",
    "PPPoEMaxPayload",
    "PPPoERelaySessionId",
    "PPPoEServiceName",
    "PPPoEServiceNameError",
    "PPPoESession",
    "PPPoETag",
    "PPPoEVendorSpecific",
    "Pad1",
    "PadN",
    "PrefixFlags",
    "PrefixInformation",
    "ProtocolFieldCompression",
    "RecordRoute",
    "RecursiveDNSServers",
    "Redirect",
    "RedirectedHeader",
    "RouterAdvertisement",
    "RouterAlert",
    "RouterFlags",
    "RouterSolicitation",
    "SACKPermitted",
    "SCTPAbort",
    "SCTPAbortFlags",
    "SCTPChunk",
    "SCTPCompleteFlags",
    "SCTPCookieAck",
    "SCTPCookieEcho",
    "SCTPData",
    "SCTPDataFlags",
    "SCTPError",
    "SCTPHeartbeat",
    "SCTPHeartbeatAck",
    "SCTPInit",
    "SCTPInitAck",
    "SCTPSack",
    "SCTPShutdown",
    "SCTPShutdownAck",
    "SCTPShutdownComplete",
    "SCTPUnknownChunk",
    "SNAPVendor",
    "ServiceVLAN",
    "SourceLinkLayerAddress",
    "StrictSourceRoute",
    "TCPFlags",
    "TCPOption",
    "TargetLinkLayerAddress",
    "Timestamps",
    "UDPLite",
    "UnknownGeneveOption",
    "UnknownIPCPOption",
    "UnknownIPv6CPOption",
    "UnknownLCPOption",
    "UnknownNDPOption",
    "UnknownPPPoETag",
    "UnknownTCPOption",
    "UserTimeout",
    "VXLANFlags",
    "WindowScale",
    "bindings",
    "raw_ip",
]


def _declared(base: Any) -> Iterator[Any]:
    """The classes of this room below `base`."""
    for cls in base.__subclasses__():
        if cls.__module__.startswith(f"{__name__}."):
            yield cls
        yield from _declared(cls)


for _class in (*_declared(Header), *_declared(Option)):
    # Type checkers read the list above; to everybody else a protocol is known as soon as it is bound.
    if _class.__name__ not in globals():
        globals()[_class.__name__] = _class
        __all__.append(_class.__name__)

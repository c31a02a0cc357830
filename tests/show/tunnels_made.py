"""Packets in packets made here, for tshark and for tcpdump to say what they are: by the protocol that they show."""

from __future__ import annotations

from rawkit.protocols import (
    CHAP,
    IPCP,
    LCP,
    MPLS,
    PAP,
    PPP,
    UDP,
    VXLAN,
    AuthenticationProtocol,
    CHAPValue,
    Ethernet,
    Geneve,
    InterfaceIdentifier,
    IPCPAddress,
    IPCPConfigure,
    IPCPPrimaryDNS,
    IPCPSecondaryDNS,
    IPv4,
    IPv6,
    IPv6CP,
    IPv6CPConfigure,
    LCPConfigure,
    LCPEcho,
    LCPProtocolReject,
    MagicNumber,
    MaximumReceiveUnit,
    PAPReply,
    PAPRequest,
    PPPCompressed,
    PPPoEACCookie,
    PPPoEACName,
    PPPoEDiscovery,
    PPPoEEndOfTags,
    PPPoEGenericError,
    PPPoEHostUniq,
    PPPoEMaxPayload,
    PPPoERelaySessionId,
    PPPoEServiceName,
    PPPoESession,
    UnknownGeneveOption,
    UnknownIPv6CPOption,
    UnknownPPPoETag,
)
from rawkit.wire import Header, Packet
from tests.show.test_records import network

INNER = IPv4(src="10.1.0.1", dst="10.1.0.2") / UDP(sport=1000, dport=7) / b"data"

FOR_TSHARK: dict[str, list[Packet]] = {
    "VXLAN": [
        network() / UDP(sport=50000) / each / Ethernet() / INNER
        for each in (VXLAN(vni=0x123456), VXLAN(flags="IGDA", group_policy=5, vni=1, reserved=3))
    ],
    "Geneve": [
        network() / UDP(sport=50000) / Geneve(vni=0x123456, control=1, reserved=5) / Ethernet() / INNER,
        network() / UDP(sport=50000) / Geneve(critical=1, options=[UnknownGeneveOption(kind=0x102, type=0x80)]) / INNER,
        network() / UDP() / Geneve(options=[UnknownGeneveOption(kind=5, type=1, data=bytes(8))] * 2) / INNER,
    ],
    "PPPoE discovery": [
        Ethernet() / PPPoEDiscovery(tags=[PPPoEServiceName(), PPPoEHostUniq(b"\1\2")]),
        Ethernet() / PPPoEDiscovery(code=7, tags=[PPPoEServiceName(b"net"), PPPoEACName(b"a"), PPPoEACCookie(b"abc")]),
        Ethernet() / PPPoEDiscovery(code=0xA7, session_id=5),
    ],
    "PPPoE session": [
        Ethernet() / PPPoESession(session_id=0x1234) / each
        for each in (
            *(PPP() / INNER, PPP() / IPv6() / UDP(), PPPCompressed() / INNER, PPP() / MPLS(label=20) / INNER),
            PPP() / LCP(identifier=1) / LCPConfigure(options=[MaximumReceiveUnit(1492), MagicNumber(7)]),
            PPP() / LCP(code=3) / LCPConfigure(options=[AuthenticationProtocol(data=b"\5")]),
            *(PPP() / LCP(code=9) / LCPEcho(magic_number=5), PPP() / LCP(code=5) / b"bye"),
            PPP() / LCP() / LCPProtocolReject(rejected_protocol=0x3D) / b"abcd",
            PPP() / IPCP() / IPCPConfigure(options=[IPCPAddress("10.0.0.1")]),
            PPP() / IPCP(code=4) / IPCPConfigure(options=[IPCPPrimaryDNS("10.0.0.2"), IPCPSecondaryDNS("10.0.0.3")]),
            PPP() / IPv6CP(code=2) / IPv6CPConfigure(options=[InterfaceIdentifier(b"12345678")]),
            PPP() / IPv6CP(code=4) / IPv6CPConfigure(options=[UnknownIPv6CPOption(kind=3, data=b"?")]),
            *(PPP() / PAP() / PAPRequest(peer_id=b"joe") / b"\6secret", PPP() / PAP(code=2) / PAPReply(message=b"hi")),
            *(PPP() / CHAP() / CHAPValue(value=b"1234") / b"bras", PPP() / CHAP(code=3) / b"welcome"),
        )
    ],
}

PPP_MESSAGES: tuple[Header | Packet, ...] = (
    *(LCP(code=code) / bytes(8) for code in (0, *range(5, 8), 10, *range(12, 17))),
    *(IPCP(code=code) / bytes(8) for code in (0, *range(5, 9))),
    *(IPv6CP(code=code) / bytes(8) for code in range(5, 9)),
    *(PAP(code=2) / PAPReply(message=b"hi"), PAP(code=3, identifier=9) / PAPReply(message=b"no"), PAP(code=5)),
    *(CHAP(code=1) / CHAPValue(value=b"12") / b"bras", CHAP(code=2) / CHAPValue(value=b"34") / b"me"),
    *(CHAP(code=3) / b"welcome", CHAP(code=4) / b"no", CHAP(code=5)),
)

FOR_TCPDUMP: dict[str, list[Packet]] = {
    "Geneve": [
        network() / UDP(sport=50000) / Geneve(vni=77, control=1) / Ethernet() / INNER,
        network() / UDP() / Geneve(critical=1, options=[UnknownGeneveOption(kind=0x102, type=0x80)]) / INNER,
    ],
    "PPPoE": [
        Ethernet() / PPPoEDiscovery(tags=[PPPoEServiceName(), PPPoEHostUniq(b"\1\2\xab")]),
        Ethernet() / PPPoEDiscovery(code=7, tags=[PPPoEServiceName(b"net"), PPPoEACName(b"a"), PPPoEACCookie(b"\xab")]),
        Ethernet() / PPPoEDiscovery(code=0x19, tags=[PPPoEMaxPayload(1500), PPPoERelaySessionId(b"abc")]),
        Ethernet() / PPPoEDiscovery(code=0x65, session_id=5, tags=[PPPoEGenericError(b"no"), PPPoEEndOfTags()]),
        Ethernet() / PPPoEDiscovery(code=0x55, tags=[UnknownPPPoETag(kind=0x999, data=b"?")]),
        Ethernet() / PPPoEDiscovery(code=0xA7, session_id=5),
        *(Ethernet() / PPPoESession(session_id=5) / each for each in (PPP() / INNER, PPPCompressed() / INNER)),
    ],
    "PPP": [Ethernet() / PPPoESession(session_id=5) / PPP() / each for each in PPP_MESSAGES],
}

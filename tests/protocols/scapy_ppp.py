"""PPP and what is around it, as scapy builds it too: cases of test_scapy.py."""

from __future__ import annotations

from typing import Any

import rawkit as R
from rawkit.wire import Header, Packet
from tests.protocols.both import UDP, case, ether, s_ether, s_udp, s_v4, s_v6, scapy, v4, v6


def session(*parts: Header | bytes) -> Packet:
    return Packet(ether(), R.PPPoESession(session_id=5), *parts)


def s_session(**ppp: Any) -> Any:
    return s_ether() / scapy.PPPoE(sessionid=5) / scapy.PPP(**ppp)


@case
def pppoe_initiation() -> tuple[Packet, Any]:
    tags = [R.PPPoEServiceName(), R.PPPoEHostUniq(b"\1\2\3")]
    theirs = scapy.PPPoETag(tag_type=0x0101) / scapy.PPPoETag(tag_type=0x0103, tag_value=b"\1\2\3")
    return Packet(ether(), R.PPPoEDiscovery(tags=tags)), s_ether() / scapy.PPPoED(code=0x09) / theirs


@case
def pppoe_offer() -> tuple[Packet, Any]:
    tags = [
        R.PPPoEServiceName(b"internet"),
        R.PPPoEACName(b"bras"),
        R.PPPoEACCookie(bytes(16)),
        R.PPPoEVendorSpecific(b"\0\0\x0d\xe9\1\2ab"),
        R.PPPoERelaySessionId(b"relay"),
        R.PPPoEMaxPayload(1500),
        R.UnknownPPPoETag(kind=0x0999, data=b"?"),
        R.PPPoEEndOfTags(),
    ]
    values = [
        *((0x0101, b"internet"), (0x0102, b"bras"), (0x0104, bytes(16)), (0x0105, b"\0\0\x0d\xe9\1\2ab")),
        *((0x0110, b"relay"), (0x0120, b"\x05\xdc"), (0x0999, b"?"), (0, b"")),
    ]
    theirs = s_ether() / scapy.PPPoED(code=0x07, sessionid=0)
    for kind, value in values:
        theirs = theirs / scapy.PPPoETag(tag_type=kind, tag_value=value)
    return Packet(ether(), R.PPPoEDiscovery(code=0x07, tags=tags)), theirs


@case
def pppoe_refusal() -> tuple[Packet, Any]:
    tags = [R.PPPoEServiceNameError(b"none"), R.PPPoEACSystemError(b"full"), R.PPPoEGenericError()]
    theirs = s_ether() / scapy.PPPoED(code=0x65)
    for kind, value in ((0x0201, b"none"), (0x0202, b"full"), (0x0203, b"")):
        theirs = theirs / scapy.PPPoETag(tag_type=kind, tag_value=value)
    return Packet(ether(), R.PPPoEDiscovery(code=0x65, tags=tags)), theirs


@case
def pppoe_session_of_ipv4() -> tuple[Packet, Any]:
    return session(R.PPP()) / v4() / UDP / b"data", s_session(proto=0x0021) / s_v4() / s_udp()


@case
def pppoe_session_of_ipv6() -> tuple[Packet, Any]:
    return session(R.PPP()) / v6() / UDP / b"data", s_session(proto=0x0057) / s_v6() / s_udp()


@case
def ppp_in_hdlc_like_framing() -> tuple[Packet, Any]:
    theirs = scapy.HDLC() / scapy.PPP(proto=0x0021) / s_v4() / s_udp()
    return R.PPPFramed() / v4() / UDP / b"data", theirs


@case
def pppoe_session_with_a_short_number() -> tuple[Packet, Any]:
    return session(R.PPPCompressed()) / v4() / UDP / b"data", s_session(proto=b"\x21") / s_v4() / s_udp()


@case
def ppp_in_hdlc_like_framing_with_a_short_number() -> tuple[Packet, Any]:
    return R.PPPFramedCompressed() / v6() / UDP / b"data", scapy.HDLC() / scapy.PPP(proto=b"\x57") / s_v6() / s_udp()


@case
def lcp_configure() -> tuple[Packet, Any]:
    options = [
        R.MaximumReceiveUnit(1492),
        R.AuthenticationProtocol(protocol=0xC223, data=b"\5"),
        R.MagicNumber(0x12345678),
        R.UnknownLCPOption(kind=9, data=b"\2"),
    ]
    told = [
        scapy.PPP_LCP_MRU_Option(max_recv_unit=1492),
        scapy.PPP_LCP_Auth_Protocol_Option(auth_protocol=0xC223, algorithm=5),
        scapy.PPP_LCP_Magic_Number_Option(magic_number=0x12345678),
        scapy.PPP_LCP_Option(type=9, data=b"\2"),
    ]
    ours = session(R.PPP(), R.LCP(identifier=3), R.LCPConfigure(options=options))
    return ours, s_session() / scapy.PPP_LCP_Configure(id=3, options=told)


@case
def lcp_reject() -> tuple[Packet, Any]:
    options = [R.AsyncControlCharacterMap(0), R.ProtocolFieldCompression(), R.AddressAndControlFieldCompression()]
    told = [scapy.PPP_LCP_ACCM_Option(accm=0), scapy.PPP_LCP_Option(type=7), scapy.PPP_LCP_Option(type=8)]
    ours = session(R.PPP(), R.LCP(code=4), R.LCPConfigure(options=options))
    return ours, s_session() / scapy.PPP_LCP_Configure(code=4, id=0, options=told)


@case
def lcp_echo() -> tuple[Packet, Any]:
    ours = session(R.PPP(), R.LCP(code=10, identifier=7), R.LCPEcho(magic_number=1), b"abc")
    return ours, s_session() / scapy.PPP_LCP_Echo(code=10, id=7, magic_number=1, data=b"abc")


@case
def lcp_protocol_reject() -> tuple[Packet, Any]:
    ours = session(R.PPP(), R.LCP(identifier=1), R.LCPProtocolReject(rejected_protocol=0x8057), b"abc")
    theirs = scapy.PPP_LCP_Protocol_Reject(id=1, rejected_protocol=0x8057, rejected_information=b"abc")
    return ours, s_session() / theirs


@case
def lcp_terminate() -> tuple[Packet, Any]:
    return session(R.PPP(), R.LCP(code=5, identifier=1), b"bye"), (
        s_session() / scapy.PPP_LCP_Terminate(code=5, id=1, data=b"bye")
    )


@case
def ipcp() -> tuple[Packet, Any]:
    options = [
        R.IPCPAddress("10.0.0.1"),
        R.IPCPPrimaryDNS("10.0.0.2"),
        R.IPCPSecondaryDNS("10.0.0.3"),
        R.UnknownIPCPOption(kind=2, data=b"\0\x2d\x0f\1"),
    ]
    told = [
        scapy.PPP_IPCP_Option_IPAddress(data="10.0.0.1"),
        scapy.PPP_IPCP_Option_DNS1(data="10.0.0.2"),
        scapy.PPP_IPCP_Option_DNS2(data="10.0.0.3"),
        scapy.PPP_IPCP_Option(type=2, data=b"\0\x2d\x0f\1"),
    ]
    ours = session(R.PPP(), R.IPCP(code=2, identifier=3), R.IPCPConfigure(options=options))
    return ours, s_session() / scapy.PPP_IPCP(code=2, id=3, options=told)


@case
def pap_request() -> tuple[Packet, Any]:
    ours = session(R.PPP(), R.PAP(identifier=1), R.PAPRequest(peer_id=b"joe"), b"\6secret")
    return ours, s_session() / scapy.PPP_PAP_Request(id=1, username=b"joe", password=b"secret")


@case
def pap_reply() -> tuple[Packet, Any]:
    ours = session(R.PPP(), R.PAP(code=3, identifier=1), R.PAPReply(message=b"no"))
    return ours, s_session() / scapy.PPP_PAP_Response(code=3, id=1, message=b"no")


@case
def chap_challenge() -> tuple[Packet, Any]:
    ours = session(R.PPP(), R.CHAP(identifier=1), R.CHAPValue(value=b"12345678"), b"bras")
    theirs = scapy.PPP_CHAP_ChallengeResponse(code=1, id=1, value=b"12345678", optional_name=b"bras")
    return ours, s_session() / theirs


@case
def chap_success() -> tuple[Packet, Any]:
    ours = session(R.PPP(), R.CHAP(code=3, identifier=1), b"welcome")
    return ours, s_session() / scapy.PPP_CHAP(code=3, id=1, data=b"welcome")

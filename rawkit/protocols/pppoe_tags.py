"""Tags of PPPoE's discovery (RFC 2516 section 5 and appendix A): type, length, value."""

from __future__ import annotations

from rawkit.wire import HeaderLength, Option, octets, u16

TAG_NAMES = {
    0x0000: "End-Of-List",
    0x0101: "Service-Name",
    0x0102: "AC-Name",
    0x0103: "Host-Uniq",
    0x0104: "AC-Cookie",
    0x0105: "Vendor-Specific",
    0x0106: "Credits",
    0x0107: "Metrics",
    0x0108: "Sequence Number",
    0x0109: "Credit Scale Factor",
    0x0110: "Relay-Session-Id",
    0x0111: "HURL",
    0x0112: "MOTM",
    0x0120: "PPP-Max-Payload",
    0x0121: "IP_Route_Add",
    0x0201: "Service-Name-Error",
    0x0202: "AC-System-Error",
    0x0203: "Generic-Error",
}
"""IANA's PPPoE tag values."""

HOST = "pppd's PPPoE plugin"
CONCENTRATOR = "the access concentrator"
BOTH = f"{HOST}, or {CONCENTRATOR}"


class PPPoETag(Option, rfc="RFC 2516 section 5", wireshark="pppoed"):
    """One thing that is asked, offered or agreed on."""

    kind = u16("which tag", names=TAG_NAMES, wireshark="", show="0x{:04x}".format, filled_by=BOTH)
    length = u16("octets of the value", unit="octets", role=HeaderLength(plus=4), wireshark="", filled_by=BOTH)


class UnknownPPPoETag(PPPoETag, unknown=True):
    """A tag that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the tag says", wireshark="", filled_by=BOTH)
    kind: int = u16("which tag", names=TAG_NAMES, wireshark="", show="0x{:04x}".format, filled_by=BOTH)


class PPPoEEndOfTags(PPPoETag, kind=0x0000, ends=True):
    """Nothing after this is a tag. Need not be there."""


class PPPoEServiceName(PPPoETag, kind=0x0101):
    """Which service is asked for, or offered."""

    name: bytes = octets("the service; empty: any", wireshark="tags.service_name", filled_by=BOTH)


class PPPoEACName(PPPoETag, kind=0x0102):
    """Which concentrator this is."""

    name: bytes = octets("unique among the concentrators", wireshark="tags.ac_name", filled_by=CONCENTRATOR)


class PPPoEHostUniq(PPPoETag, kind=0x0103):
    """By which the host knows an answer to its own question; the concentrator gives it back as it is."""

    data: bytes = octets("whatever the host likes", wireshark="tags.host_uniq", filled_by=HOST)


class PPPoEACCookie(PPPoETag, kind=0x0104):
    """By which the concentrator knows that a host can hear it, before it keeps anything of it."""

    data: bytes = octets("whatever the concentrator likes", wireshark="tags.ac_cookie", filled_by=CONCENTRATOR)


class PPPoEVendorSpecific(PPPoETag, kind=0x0105):
    """What a vendor has to say, or a device on the way: on which line the host is."""

    data: bytes = octets(
        "the vendor's number (a zero octet and three more), then as it likes",
        default=bytes(4),
        wireshark="",
        filled_by="a device on the way",
    )


class PPPoERelaySessionId(PPPoETag, kind=0x0110):
    """By which a relay between host and concentrator knows whose packet this is."""

    data: bytes = octets("whatever the relay likes", wireshark="tags.relay_session_id", filled_by="a relay")


class PPPoEMaxPayload(PPPoETag, kind=0x0120, rfc="RFC 4638 section 3"):
    """How much more than 1492 octets fit into one frame."""

    octets: int = u16("octets of PPP in a frame", default=1500, unit="octets", wireshark="", filled_by=BOTH)


class PPPoEServiceNameError(PPPoETag, kind=0x0201):
    """The service is not to be had."""

    text: bytes = octets("why, or nothing", wireshark="tags.service_name_error", filled_by=CONCENTRATOR)


class PPPoEACSystemError(PPPoETag, kind=0x0202):
    """The concentrator cannot serve the host now."""

    text: bytes = octets("why", wireshark="tags.ac_system_error", filled_by=CONCENTRATOR)


class PPPoEGenericError(PPPoETag, kind=0x0203):
    """Something else went wrong."""

    text: bytes = octets("what", wireshark="tags.generic_error", filled_by=BOTH)

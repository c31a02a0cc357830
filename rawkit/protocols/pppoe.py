"""PPP over Ethernet (RFC 2516): how two ends find each other on a shared link, and PPP between them."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.protocols.ppp import ppp
from rawkit.protocols.pppoe_tags import PPPoETag
from rawkit.wire import Accepts, Chooser, Header, HeaderLength, TotalLength, bits, tail, u8, u16

CODES = {0x09: "PADI", 0x07: "PADO", 0x19: "PADR", 0x65: "PADS", 0xA7: "PADT", 0x00: "session"}
"""RFC 2516 section 5: active discovery initiation, offer, request, session-confirmation, terminate."""

PPPD = "pppd's PPPoE plugin, or the access concentrator"
SESSION = "the kernel's PPPoE socket (AF_PPPOX)"


class PPPoEDiscovery(Header, rfc="RFC 2516 section 5", wireshark="pppoe", closed=True):
    """One step of finding a concentrator and agreeing on the number of a session."""

    version: int = bits(4, "always 1", abbreviation="VER", must=1, filled_by=PPPD)
    type: int = bits(4, "always 1", abbreviation="TYPE", must=1, filled_by=PPPD)
    code: int = u8("which step", default=0x09, names=CODES, filled_by=PPPD, show="0x{:02x}".format)
    session_id: int = u16(
        "number of the session; 0 until it is confirmed", filled_by="the access concentrator", show="0x{:04x}".format
    )
    length: int = u16(
        "octets of the tags", unit="octets", role=HeaderLength(plus=6), wireshark="payload_length", filled_by=PPPD
    )
    tags: Accepts[tuple[PPPoETag, ...], Sequence[PPPoETag] | bytes] = tail(
        PPPoETag, "what is asked, offered, agreed on", wireshark="", filled_by=PPPD
    )


class PPPoESession(Header, rfc="RFC 2516 section 6", wireshark="pppoe", carries=ppp):
    """PPP of one of several sessions on an Ethernet."""

    version: int = bits(4, "always 1", abbreviation="VER", must=1, filled_by=SESSION)
    type: int = bits(4, "always 1", abbreviation="TYPE", must=1, filled_by=SESSION)
    code: int = u8("always 0: PPP follows", must=0, names=CODES, filled_by=SESSION, show="0x{:02x}".format)
    session_id: int = u16(
        "number of the session, as discovery confirmed it",
        filled_by="connect() on a PPPoE socket",
        show="0x{:04x}".format,
    )
    length: int = u16(
        "octets of PPP",
        unit="octets",
        role=TotalLength(payload_only=True),
        wireshark="payload_length",
        filled_by=SESSION,
    )


pppoe = Chooser("PPPoE", 2, lambda head, _: PPPoEDiscovery if head[1] else PPPoESession, (PPPoEDiscovery, PPPoESession))
"""Either, told by the code, where no EtherType tells them apart (LINKTYPE_PPP_ETHER)."""

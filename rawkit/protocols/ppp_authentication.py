"""Who is at the other end of a PPP link: by a password in clear (PAP, RFC 1334), or by a challenge (CHAP, RFC 1994)."""

from __future__ import annotations

from rawkit.protocols.numbers import CHAP_CODES, PAP_CODES
from rawkit.protocols.ppp_control import IDENTIFIER, LENGTH, PPPD
from rawkit.wire import Accepts, Count, Header, NextHeader, octets, u8


class PAP(Header, rfc="RFC 1334 section 2.2", wireshark="pap"):
    """Password authentication: name and password, and whether they are right."""

    code: int = u8("which message", default=255, role=NextHeader(PAP_CODES), names=PAP_CODES, filled_by=PPPD)
    identifier: int = IDENTIFIER
    length: int = LENGTH


class PAPRequest(Header, rfc="RFC 1334 section 2.2.1", wireshark="pap", part_of=PAP):
    """Who I am; the password follows, an octet of its length first."""

    peer_id_length: int = u8(
        "octets of the name", unit="octets", role=Count("peer_id"), wireshark="peer_id.length", filled_by=PPPD
    )
    peer_id: Accepts[bytes, bytes | str] = octets(
        "the sender's name", length=lambda request: request.peer_id_length, filled_by=PPPD
    )


class PAPReply(Header, rfc="RFC 1334 section 2.2.2", wireshark="pap", part_of=PAP):
    """Whether it is right (ack) or not (nak), and a sentence about it."""

    message_length: int = u8(
        "octets of the sentence", unit="octets", role=Count("message"), wireshark="message.length", filled_by=PPPD
    )
    message: Accepts[bytes, bytes | str] = octets(
        "for a person to read", length=lambda reply: reply.message_length, filled_by=PPPD
    )


class CHAP(Header, rfc="RFC 1994 section 4", wireshark="chap"):
    """Challenge handshake: a random value, what a shared secret makes of it, and whether that is right."""

    code: int = u8("which message", default=255, role=NextHeader(CHAP_CODES), names=CHAP_CODES, filled_by=PPPD)
    identifier: int = IDENTIFIER
    length: int = LENGTH


class CHAPValue(Header, rfc="RFC 1994 section 4.1", wireshark="chap", part_of=CHAP):
    """A challenge, or the response to one; the sender's name follows."""

    value_size: int = u8("octets of the value", unit="octets", role=Count("value"), filled_by=PPPD)
    value: Accepts[bytes, bytes | str] = octets(
        "drawn at random; in a response, hashed with the secret", length=lambda chap: chap.value_size, filled_by=PPPD
    )

"""What PPP, its own protocols and PPPoE say in one line, in tcpdump's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rawkit.show.escape import quoted, visible
from rawkit.show.values import named

if TYPE_CHECKING:
    from rawkit import protocols as room
    from rawkit.show.phrases import Scene
    from rawkit.wire import Option

STEPS = {
    0x00: "Vendor-Extension",
    0x01: "Conf-Request",
    0x02: "Conf-Ack",
    0x03: "Conf-Nack",
    0x04: "Conf-Reject",
    0x05: "Term-Request",
    0x06: "Term-Ack",
    0x07: "Code-Reject",
    0x08: "Prot-Reject",
    0x09: "Echo-Request",
    0x0A: "Echo-Reply",
    0x0B: "Disc-Req",
    0x0C: "Ident",
    0x0D: "Time-Rem",
    0x0E: "Reset-Req",
    0x0F: "Reset-Ack",
}
"""tcpdump's words for the codes of LCP and of the protocols like it."""

PASSWORDS = {1: "Auth-Req", 2: "Auth-ACK", 3: "Auth-NACK"}
CHALLENGES = {1: "Challenge", 2: "Response", 3: "Success", 4: "Fail"}

TAGS = {"PPPoEEndOfTags": "EOL", "PPPoERelaySessionId": "Relay-Session-ID"}
"""tcpdump's words for tags that IANA calls otherwise, by the class's name."""


def ppp(scene: Scene) -> str:
    """Goes without saying, unless nobody here knows what it carries."""
    header: room.PPP | room.PPPCompressed | room.PPPFramed | room.PPPFramedCompressed = scene.header
    if not scene.last:
        return ""
    return f"PPP protocol 0x{header.protocol:04x}{named(header, 'protocol')}, length {scene.length}"


def control(name: str) -> Callable[[Scene], str]:
    """`LCP, Conf-Request (0x01), id 3, length 19`; tcpdump counts two octets of PPP, too."""

    def said(scene: Scene) -> str:
        header: room.LCP | room.IPCP | room.IPv6CP = scene.header
        step = STEPS.get(header.code, "Unknown Opcode")
        return f"{name}, {step} (0x{header.code:02x}), id {header.identifier}, length {header.length}"

    return said


def pap(scene: Scene) -> str:
    """`PAP, Auth-Req (0x01), id 1, Peer joe`; the password is not for everybody who looks."""
    header: room.PAP = scene.header
    told = [f"PAP, {PASSWORDS.get(header.code, 'unknown')} (0x{header.code:02x})", f"id {header.identifier}"]
    follows = scene.layers[scene.index + 1 :]
    if follows:
        name, text = ("Peer", "peer_id") if type(follows[0]).__name__ == "PAPRequest" else ("Msg", "message")
        told.append(f"{name} {words(getattr(follows[0], text) or b'')}")
    return ", ".join(told)


def chap(scene: Scene) -> str:
    """`CHAP, Challenge (0x01), id 1, Value 3132, Name bras`."""
    header: room.CHAP = scene.header
    told = [f"CHAP, {CHALLENGES.get(header.code, 'unknown')} (0x{header.code:02x})", f"id {header.identifier}"]
    follows = scene.layers[scene.index + 1 :]
    if follows:
        told += [f"Value {(follows[0].value or b'').hex()}", f"Name {words(scene.packet.payload)}"]
    elif header.code in CHALLENGES:
        told.append(f"Msg {words(scene.packet.payload)}")
    return ", ".join(told)


def words(octets: bytes) -> str:
    """Octets that somebody wrote to be read."""
    return visible(octets.decode("utf-8", "replace"))


def discovery(scene: Scene) -> str:
    """`PPPoE PADO [ses 0x5] [Service-Name "internet"] [AC-Cookie 0x1234]`."""
    header: room.PPPoEDiscovery = scene.header
    names = type(header).layout.fields["code"].names or {}
    told = [names.get(header.code, f"PAD-{header.code:x}")]
    told += [f"[ses 0x{header.session_id:x}]"] if header.session_id else []
    return " ".join(["PPPoE", *told, *map(tag, header.tags)])


def tag(option: Option) -> str:
    """`[Host-Uniq 0x0102]`: as text where it can be read, as octets where not."""
    kind = type(option).layout.fields["kind"]
    number: int = option.kind  # type: ignore[attr-defined]
    name = TAGS.get(type(option).__name__) or (kind.names or {}).get(number, f"TAG-0x{number:x}")
    value = option.layout.octets[4:]
    readable = value.isascii() and value.decode("ascii", "replace").isprintable()
    shown = quoted(value, 96) if readable else f"0x{value.hex().upper()}"
    return f"[{name} {shown}]" if value else f"[{name}]"


def session(scene: Scene) -> str:
    """`PPPoE  [ses 0x5]`; the code, which is 0, would stand between the spaces."""
    header: room.PPPoESession = scene.header
    return f"PPPoE  [ses 0x{header.session_id:x}]" + (f" length {scene.length}" if scene.last else "")


PHRASES: dict[str, Callable[[Scene], str]] = {
    "CHAP": chap,
    "IPCP": control("IPCP"),
    "IPv6CP": control("IP6CP"),
    "LCP": control("LCP"),
    "PAP": pap,
    "PPP": ppp,
    "PPPCompressed": ppp,
    "PPPFramed": ppp,
    "PPPFramedCompressed": ppp,
    "PPPoEDiscovery": discovery,
    "PPPoESession": session,
}

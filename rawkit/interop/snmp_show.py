"""An SNMP message for people: tcpdump's line, and Wireshark's fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rawkit.interop import snmp_values as types
from rawkit.interop.texts import clipped, text

if TYPE_CHECKING:
    from rawkit.interop.snmp import SNMP, Variable

MAX_SHOWN = 32
"""Variables in a summary line."""

MAX_OCTETS = 32
"""Octets of one value in a summary line."""

LETTERS = {types.AUTHENTICATED: "a", types.ENCRYPTED: "p", types.REPORTABLE: "r"}
"""Flags of version 3 -> tcpdump's letters."""

SAID = {
    "Response": "GetResponse",
    "GetBulkRequest": "GetBulk",
    "InformRequest": "Inform",
    "SNMPv2-Trap": "V2Trap",
}
"""PDU -> tcpdump's word, where it has another."""

ERRORS = (
    "noError",
    "tooBig",
    "noSuchName",
    "badValue",
    "readOnly",
    "genErr",
    "noAccess",
    "wrongType",
    "wrongLength",
    "wrongEncoding",
    "wrongValue",
    "noCreation",
    "inconsistentValue",
    "resourceUnavailable",
    "commitFailed",
    "undoFailed",
    "authorizationError",
    "notWritable",
    "inconsistentName",
)
"""RFC 3416 section 3, error-status."""

TRAPS = (
    "coldStart",
    "warmStart",
    "linkDown",
    "linkUp",
    "authenticationFailure",
    "egpNeighborLoss",
    "enterpriseSpecific",
)
"""RFC 1157 section 4.1.6, generic-trap."""

ENTERPRISE_SPECIFIC = 6

REQUESTS = ("GetRequest", "GetNextRequest", "GetBulkRequest")
"""PDUs whose variables have no values yet."""


def summary(message: SNMP) -> str:
    """`C="private" GetRequest(25) .1.3.6.1.2.1.1.1.0`: the community where it is not "public"."""
    parts = [*security(message)]
    if message.encrypted is not None:
        return " ".join([*parts, f"encrypted, {len(message.encrypted)} octets"])
    parts.append(f"{SAID.get(message.pdu, message.pdu)}({message.pdu_length})")
    parts += numbers(message)
    parts += [binding(message, each) for each in message.variables[:MAX_SHOWN]]
    return " ".join(parts) + (" ..." if len(message.variables) > MAX_SHOWN else "")


def security(message: SNMP) -> Iterator[str]:
    """Who says they ask: the community, or version 3's flags, user and context."""
    if message.community is not None:
        if message.community != b"public":
            yield f'C="{clipped(message.community)}"'
        return
    flags = "".join(letter for bit, letter in LETTERS.items() if message.message_flags & bit)
    yield f"F={flags}"
    yield f'U="{clipped(message.user or b"")}"'
    if message.encrypted is None:
        yield f"E={hexadecimal(message.context_engine_id)}"
        yield f'C="{clipped(message.context_name)}"'


def hexadecimal(octets: bytes) -> str:
    """`80_00_1f_88`."""
    return octets[:MAX_OCTETS].hex("_") + ("..." if len(octets) > MAX_OCTETS else "")


def numbers(message: SNMP) -> Iterator[str]:
    """What a PDU says before its variables."""
    if message.pdu == "Trap":
        yield f".{message.enterprise}"
        yield message.agent_address
        yield named(TRAPS, message.generic_trap, "gt=")
        if message.generic_trap == ENTERPRISE_SPECIFIC:
            yield f"s={message.specific_trap}"
        yield str(message.time_stamp)
    elif message.pdu == "GetBulkRequest":
        yield from (
            f"{letter}={n}" for letter, n in (("N", message.non_repeaters), ("M", message.max_repetitions)) if n
        )
    elif message.error_status:
        yield f"{named(ERRORS, message.error_status, 'err=')}@{message.error_index}"


def named(names: tuple[str, ...], number: int, otherwise: str) -> str:
    return names[number] if 0 <= number < len(names) else f"{otherwise}{number}"


def binding(message: SNMP, variable: Variable) -> str:
    """`.1.3.6.1.2.1.1.1.0="a router"`; in requests the name alone."""
    name = f".{variable.name}"
    if message.pdu in REQUESTS and variable.tag == types.NULL:
        return name
    return f"{name}={value_text(variable)}"


def value_text(variable: Variable) -> str:
    value, tag = variable.value, variable.tag
    if tag in (types.NO_SUCH_OBJECT, types.NO_SUCH_INSTANCE, types.END_OF_MIB_VIEW):
        return f"[{variable.type}]"
    if tag == types.OID:
        return f".{value}"
    if isinstance(value, bytes):
        printable = value.isascii() and value.decode("latin-1").isprintable()
        return f'"{clipped(value)}"' if printable else hexadecimal(value)
    return "" if value is None else str(value)


VALUE_NAMES = {
    types.INTEGER: "snmp.value.int",
    types.STRING: "snmp.value.octets",
    types.NULL: "snmp.value.null",
    types.OID: "snmp.value.oid",
    types.IP_ADDRESS: "snmp.value.ipv4",
    types.COUNTER32: "snmp.value.counter",
    types.GAUGE32: "snmp.value.g32",
    types.TIME_TICKS: "snmp.value.timeticks",
    types.OPAQUE: "snmp.value.opaque",
    types.COUNTER64: "snmp.value.counter",
    types.NO_SUCH_OBJECT: "snmp.noSuchObject",
    types.NO_SUCH_INSTANCE: "snmp.noSuchInstance",
    types.END_OF_MIB_VIEW: "snmp.endOfMibView",
}


def fields(message: SNMP) -> Iterator[tuple[str, Any]]:
    """Version and security, the PDU's numbers, the variables."""
    if message.community is not None:
        yield "snmp.version", 0 if message.version == "v1" else 1
        yield "snmp.community", text(message.community)
    else:
        yield from v3_fields(message)
    if message.encrypted is not None:
        yield "snmp.encryptedPDU", message.encrypted.hex(":")
        return
    yield "snmp.data", message.pdu_tag & 0x1F
    yield from pdu_fields(message)
    yield "snmp.variable_bindings", len(message.variables)
    for variable in message.variables:
        yield "snmp.name", variable.name
        value = variable.value
        shown = value.hex(":") if isinstance(value, bytes) else "" if value is None else value
        yield VALUE_NAMES.get(variable.tag, "rawkit.value"), shown


def v3_fields(message: SNMP) -> Iterator[tuple[str, Any]]:
    """RFC 3412's header and RFC 3414's parameters."""
    flags = message.message_flags
    yield "snmp.msgVersion", 3
    yield "snmp.msgID", message.message_id
    yield "snmp.msgMaxSize", message.max_size
    yield "snmp.msgFlags", f"{flags:02x}"
    yield "snmp.v3.flags.report", bool(flags & types.REPORTABLE)
    yield "snmp.v3.flags.crypt", bool(flags & types.ENCRYPTED)
    yield "snmp.v3.flags.auth", bool(flags & types.AUTHENTICATED)
    yield "snmp.msgSecurityModel", message.security_model
    if message.user is not None:
        yield "snmp.msgAuthoritativeEngineID", message.engine_id.hex(":")
        yield "snmp.msgAuthoritativeEngineBoots", message.engine_boots
        yield "snmp.msgAuthoritativeEngineTime", message.engine_time
        yield "snmp.msgUserName", text(message.user)
    if message.encrypted is None:
        yield "snmp.contextEngineID", message.context_engine_id.hex(":")
        yield "snmp.contextName", text(message.context_name)


def pdu_fields(message: SNMP) -> Iterator[tuple[str, Any]]:
    if message.pdu == "Trap":
        yield "snmp.enterprise", message.enterprise
        yield "snmp.agent_addr", message.agent_address
        yield "snmp.generic_trap", message.generic_trap
        yield "snmp.specific_trap", message.specific_trap
        yield "snmp.time_stamp", message.time_stamp
        return
    yield "snmp.request_id", message.request_id
    if message.pdu == "GetBulkRequest":
        yield "snmp.non_repeaters", message.non_repeaters
        yield "snmp.max_repetitions", message.max_repetitions
    else:
        yield "snmp.error_status", message.error_status
        yield "snmp.error_index", message.error_index

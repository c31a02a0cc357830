"""SNMP, its values read by scapy: versions 1 (RFC 1157), 2c (RFC 1901) and 3 (RFC 3412), on UDP ports 161 and 162.

`packet[SNMP]` has the PDU's kind and numbers and the variables with their values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rawkit.errors import Defect
from rawkit.interop import snmp_values as types
from rawkit.interop.snmp_show import fields, summary
from rawkit.interop.snmp_values import INTEGER, OID, STRING, Values
from rawkit.show.counts import counted
from rawkit.wire import Application

VERSIONS = {0: "v1", 1: "v2c", 3: "v3"}

PDUS = {
    0xA0: "GetRequest",
    0xA1: "GetNextRequest",
    0xA2: "Response",
    0xA3: "SetRequest",
    0xA4: "Trap",
    0xA5: "GetBulkRequest",
    0xA6: "InformRequest",
    0xA7: "SNMPv2-Trap",
    0xA8: "Report",
}
"""RFC 3416 section 3; Trap is version 1's (RFC 1157 section 4.1.6)."""

TYPES = {
    types.INTEGER: "INTEGER",
    types.STRING: "OCTET STRING",
    types.NULL: "NULL",
    types.OID: "OBJECT IDENTIFIER",
    types.IP_ADDRESS: "IpAddress",
    types.COUNTER32: "Counter32",
    types.GAUGE32: "Gauge32",
    types.TIME_TICKS: "TimeTicks",
    types.OPAQUE: "Opaque",
    types.COUNTER64: "Counter64",
    types.NO_SUCH_OBJECT: "noSuchObject",
    types.NO_SUCH_INSTANCE: "noSuchInstance",
    types.END_OF_MIB_VIEW: "endOfMibView",
}
"""RFC 2578 section 2 and RFC 3416 section 3."""

USER_BASED = 3
"""The security model of RFC 3414, whose parameters are known."""


@dataclass(frozen=True)
class Variable:
    """An object's name (`1.3.6.1.2.1.1.1.0`) and its value: an int, octets, the text of an OID or address, None.

    `type` is RFC 2578's word, or "noSuchObject", "noSuchInstance", "endOfMibView" in place of a value.
    """

    name: str
    type: str
    value: Any
    tag: int


class SNMP(Application):
    """One message. Made from its octets (a `Defect` is raised where they are none).

    `version` is "v1", "v2c" or "v3"; `community` octets (None in version 3); `pdu` RFC 3416's word, "" where it is
    encrypted; `variables` are `Variable`s. `request_id`, `error_status`, `error_index` are ints; a GetBulkRequest has
    `non_repeaters` and `max_repetitions` in place of the last two; a version 1 Trap has `enterprise`, `agent_address`,
    `generic_trap`, `specific_trap` and `time_stamp` (hundredths of a second) instead. Version 3 adds `message_id`,
    `max_size`, `message_flags`, `security_model`, `user`, `engine_id`, `engine_boots`, `engine_time`,
    `context_engine_id`, `context_name` and `encrypted`.
    """

    wireshark = "snmp"

    community: bytes | None = None
    encrypted: bytes | None = None
    """The scoped PDU of version 3, where it is encrypted."""
    user: bytes | None = None
    """Who asks, in version 3; None where another security model than RFC 3414's says so."""
    pdu = ""
    pdu_tag = pdu_length = error_status = error_index = non_repeaters = max_repetitions = 0
    variables: tuple[Variable, ...] = ()

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        whole = Values(octets, 0, len(octets))
        message = whole.inside("message")
        number = message.take("version", INTEGER)
        if number not in VERSIONS:
            raise Defect("SNMP", "version", 0, number, "0, 1 or 3", "a version nobody knows")
        self.version = VERSIONS[number]
        if self.version == "v3":
            self._read_v3(message)
        else:
            self.community = message.take("community", STRING)
            self._read_pdu(message)
        self.defects = (*behind(message, "inside it"), *behind(whole, "behind it"))

    def _read_v3(self, message: Values) -> None:
        """RFC 3412 section 6."""
        header = message.inside("msgGlobalData")
        self.message_id = header.take("msgID", INTEGER)
        self.max_size = header.take("msgMaxSize", INTEGER)
        flags = header.take("msgFlags", STRING)
        self.message_flags = flags[0] if flags else 0
        self.security_model = header.take("msgSecurityModel", INTEGER)
        security = message.inside("msgSecurityParameters", STRING)
        if self.security_model == USER_BASED:
            self._read_user(security.inside("UsmSecurityParameters"))
        if self.message_flags & types.ENCRYPTED:
            self.encrypted = message.take("encryptedPDU", STRING)
            return
        scoped = message.inside("plaintext")
        self.context_engine_id = scoped.take("contextEngineID", STRING)
        self.context_name = scoped.take("contextName", STRING)
        self._read_pdu(scoped)

    def _read_user(self, security: Values) -> None:
        """RFC 3414 section 2.4."""
        self.engine_id = security.take("msgAuthoritativeEngineID", STRING)
        self.engine_boots = security.take("msgAuthoritativeEngineBoots", INTEGER)
        self.engine_time = security.take("msgAuthoritativeEngineTime", INTEGER)
        self.user = security.take("msgUserName", STRING)

    def _read_pdu(self, outer: Values) -> None:
        """RFC 3416 section 3, RFC 1157 section 4.1.6."""
        self.pdu_tag, begin, end = outer.header("pdu", *PDUS)
        self.pdu, self.pdu_length = PDUS[self.pdu_tag], end - begin
        pdu = Values(self.octets, begin, end)
        if self.pdu == "Trap":
            self.enterprise = pdu.take("enterprise", OID)
            self.agent_address = pdu.take("agent-addr", types.IP_ADDRESS)
            self.generic_trap = pdu.take("generic-trap", INTEGER)
            self.specific_trap = pdu.take("specific-trap", INTEGER)
            self.time_stamp = pdu.take("time-stamp", types.TIME_TICKS)
        else:
            self.request_id = pdu.take("request-id", INTEGER)
            if self.pdu == "GetBulkRequest":
                self.non_repeaters = pdu.take("non-repeaters", INTEGER)
                self.max_repetitions = pdu.take("max-repetitions", INTEGER)
            else:
                self.error_status = pdu.take("error-status", INTEGER)
                self.error_index = pdu.take("error-index", INTEGER)
        self.variables = tuple(variables(pdu.inside("variable-bindings")))

    def summary(self) -> str:
        """One line in tcpdump's habit: `GetRequest(25) .1.3.6.1.2.1.1.1.0`."""
        return summary(self)

    def fields(self) -> list[tuple[str, Any]]:
        """(Wireshark's name, value) in the order of the message."""
        return list(fields(self))


def variables(bindings: Values) -> list[Variable]:
    """All variables of a list."""
    found = []
    while bindings:
        binding = bindings.inside("variable")
        name = binding.take("name", OID)
        tag, value = binding.typed("value")
        found.append(Variable(name, TYPES.get(tag, f"tag 0x{tag:02x}"), value, tag))
    return found


def behind(values: Values, where: str) -> Iterator[Defect]:
    """What comes after the last value that a message has."""
    if values:
        found = counted(values.end - values.at, "octet")
        yield Defect("SNMP", "message", values.at, found, "nothing", f"more than the message {where}")


def decode(octets: bytes) -> SNMP:
    """A UDP payload."""
    return SNMP(octets)

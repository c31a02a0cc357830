"""What an ICMP error means to the program whose packet it quotes: words, and the error that Linux gives its socket.

Types and codes: RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1, RFC 4443 section 3. Which error they
become, and which of them a UDP socket is told at all: Linux, asked with each code; as Python's `errno` names them.
"""

from __future__ import annotations

UNREACHABLE_V4 = {
    0: ("network unreachable", "ENETUNREACH"),
    1: ("host unreachable", "EHOSTUNREACH"),
    2: ("protocol unreachable", "ENOPROTOOPT"),
    3: ("port unreachable", "ECONNREFUSED"),
    4: ("too large, and may not be fragmented", "EMSGSIZE"),
    5: ("source route failed", "EOPNOTSUPP"),
    6: ("network unknown", "ENETUNREACH"),
    7: ("host unknown", "EHOSTDOWN"),
    8: ("source host isolated", "ENONET"),
    9: ("network prohibited", "ENETUNREACH"),
    10: ("host prohibited", "EHOSTUNREACH"),
    11: ("network unreachable for this type of service", "ENETUNREACH"),
    12: ("host unreachable for this type of service", "EHOSTUNREACH"),
    13: ("prohibited", "EHOSTUNREACH"),
    14: ("prohibited for this precedence", "EHOSTUNREACH"),
    15: ("precedence too low", "EHOSTUNREACH"),
}
UNREACHABLE_V6 = {
    0: ("no route", "ENETUNREACH"),
    1: ("prohibited", "EACCES"),
    2: ("beyond the source address's scope", "EHOSTUNREACH"),
    3: ("address unreachable", "EHOSTUNREACH"),
    4: ("port unreachable", "ECONNREFUSED"),
    5: ("prohibited by policy", "EACCES"),
    6: ("route rejected", "EACCES"),
    7: ("source route failed", "EPROTO"),
}
MESSAGES_V4 = {
    3: ("unreachable", "EHOSTUNREACH"),
    4: ("slow down (source quench)", ""),
    5: ("there is a better way (redirect)", ""),
    11: ("time to live exceeded", "EHOSTUNREACH"),
    12: ("header not understood", "EPROTO"),
}
MESSAGES_V6 = {
    1: ("unreachable", "EHOSTUNREACH"),
    2: ("packet too big", "EMSGSIZE"),
    3: ("hop limit exceeded", "EHOSTUNREACH"),
    4: ("header not understood", "EPROTO"),
}

PASSING = frozenset({"", "EMSGSIZE"})
"""Errors that change how the kernel sends and do not fail a TCP connection (RFC 1122 section 4.2.3.9, RFC 1191)."""


SOFT_V4 = frozenset({(3, 0), (3, 1), (3, 5), (3, 11), (3, 12), (11, 0), (11, 1)})
SOFT_V6 = frozenset({(1, 0), (1, 2), (1, 3), (3, 0), (3, 1)})
"""(type, code) of errors that may pass: a UDP socket hears of them only with IP_RECVERR (RFC 1122 section 4.1.3.3)."""


def meaning(ipv6: bool, kind: int, code: int) -> tuple[str, str, bool]:
    """(words, errno's name or "", whether it is soft) of an ICMP error message."""
    messages, unreachable, at = (MESSAGES_V6, UNREACHABLE_V6, 1) if ipv6 else (MESSAGES_V4, UNREACHABLE_V4, 3)
    general = messages.get(kind, (f"ICMP type {kind} code {code}", ""))
    words, error = unreachable.get(code, general) if kind == at else general
    return words, error, (kind, code) in (SOFT_V6 if ipv6 else SOFT_V4)

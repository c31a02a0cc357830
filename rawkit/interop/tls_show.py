"""TLS for people: a line, and Wireshark's fields."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import dpkt.ssl

from rawkit.interop.texts import clipped, count
from rawkit.interop.tls_hello import Hello, suite_name, version_name
from rawkit.interop.tls_records import APPLICATION_DATA, CHANGE_CIPHER_SPEC, Message, Record

if TYPE_CHECKING:
    from rawkit.interop.tls import TLS

MAX_SHOWN = 8
"""Records in a summary line."""

LEVELS = {1: "warning", 2: "fatal"}
"""Of alerts, RFC 5246 section 7.2."""

TLS_1_3 = 0x0304


def summary(segment: TLS) -> str:
    """`TLS: ClientHello example.com, TLS 1.3`; what is encrypted, and what the segment cuts."""
    if segment.continuation:
        return f"TLS, {count(len(segment.octets))} (continuation, or not TLS)"
    said = "; ".join(map(record_text, segment.records[:MAX_SHOWN]))
    more = "; ..." if len(segment.records) > MAX_SHOWN else ""
    return f"TLS: {said}{more}{' (continues)' if segment.continues else ''}"


def record_text(record: Record) -> str:
    parts = [message_text(message) for message in record.messages]
    if record.rest:
        parts.insert(0, f"{count(record.rest)} more of the last message")
    if record.encrypted:
        parts.append(f"{record.name}, {count(record.length)} encrypted")
    elif record.alert is not None:
        parts.append(alert_text(*record.alert))
    return ", ".join(parts) or record.name


def message_text(message: Message) -> str:
    """`ClientHello example.com, TLS 1.3`, `ServerHello TLS 1.2 TLS_RSA_WITH_AES_128_CBC_SHA`."""
    hello = message.hello
    if hello is None:
        return message.name
    if not hello.client:
        name = "HelloRetryRequest" if hello.retry else message.name
        return f"{name} {hello.best_version} {suite_name(hello.cipher_suites[0])}"
    name = f" {clipped(hello.server_name.encode())}" if hello.server_name else ""
    protocols = f" ({' '.join(clipped(each.encode()) for each in hello.alpn[:MAX_SHOWN])})" if hello.alpn else ""
    return f"{message.name}{name}, {hello.best_version}{protocols}"


def alert_text(level: int, description: int) -> str:
    """`Alert fatal handshake failure`, the description by dpkt's name of it."""
    name = dpkt.ssl.alert_description_str.get(description, f"_AD_{description}")
    words = name.partition("_AD_")[2].lower().replace("_", " ")
    return f"Alert {LEVELS.get(level, level)} {words}"


def fields(segment: TLS) -> Iterator[tuple[str, Any]]:
    hidden = version_1_3(segment)
    for record in segment.records:
        opaque = hidden and record.type == APPLICATION_DATA
        yield "tls.record.opaque_type" if opaque else "tls.record.content_type", record.type
        yield "tls.record.version", record.version
        yield "tls.record.length", record.length
        for message in record.messages:
            yield "tls.handshake.type", message.type
            yield "tls.handshake.length", message.length
            if message.hello is not None:
                yield from hello_fields(message.hello)
        if record.alert is not None:
            yield "tls.alert_message.level", record.alert[0]
            yield "tls.alert_message.desc", record.alert[1]
        if record.encrypted:
            yield "rawkit.encrypted", len(record.octets)


def record_parts(record: Record) -> Iterator[tuple[str, int, int, str]]:
    """Where the fields of a record's header are."""
    at = record.offset
    yield "tls.record.content_type", at, at + 1, f"{record.type} ({record.name})"
    yield "tls.record.version", at + 1, at + 3, version_name(record.version)
    yield "tls.record.length", at + 3, at + 5, str(record.length)


def version_1_3(segment: TLS) -> bool:
    """Whether the segment itself shows that TLS 1.3 is spoken: chosen in a ServerHello, or by application data right
    after a ChangeCipherSpec, which only its compatibility mode has (RFC 8446 appendix D.4).
    """
    hellos = [message.hello for message in segment.messages if message.hello is not None]
    chosen = any(TLS_1_3 in hello.versions for hello in hellos if not hello.client)
    return chosen or (CHANGE_CIPHER_SPEC, APPLICATION_DATA) in pairwise(record.type for record in segment.records)


def hello_fields(hello: Hello) -> Iterator[tuple[str, Any]]:
    yield "tls.handshake.version", hello.version
    yield "tls.handshake.random", hello.random.hex(":")
    yield "tls.handshake.session_id_length", len(hello.session_id)
    if hello.session_id:
        yield "tls.handshake.session_id", hello.session_id.hex(":")
    if hello.client:
        yield "tls.handshake.cipher_suites_length", 2 * len(hello.cipher_suites)
    for suite in hello.cipher_suites:
        yield "tls.handshake.ciphersuite", suite
        yield "rawkit.ciphersuite", suite_name(suite)
    if hello.client:
        yield "tls.handshake.comp_methods_length", len(hello.compression_methods)
    for method in hello.compression_methods:
        yield "tls.handshake.comp_method", method
    if hello.extensions_length is not None:
        yield "tls.handshake.extensions_length", hello.extensions_length
    for kind, octets in hello.extensions:
        yield "tls.handshake.extension.type", kind
        yield "tls.handshake.extension.len", len(octets)
    yield from known_extensions(hello)


def known_extensions(hello: Hello) -> Iterator[tuple[str, Any]]:
    """The three that are read."""
    if hello.server_name is not None:
        yield "tls.handshake.extensions_server_name", hello.server_name
    for protocol in hello.alpn:
        yield "tls.handshake.extensions_alpn_str", protocol
    for version in hello.versions:
        yield "tls.handshake.extensions.supported_version", version

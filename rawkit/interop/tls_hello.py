"""ClientHello and ServerHello (RFC 8446 section 4.1, RFC 5246 section 7.4.1), read by dpkt.

Where their parts end is worked out here: dpkt takes a length that lies for the truth, and fails at a hello whose end is
in the next segment. What is whole of such a one is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import dpkt.ssl
import dpkt.ssl_ciphersuites

from rawkit.errors import Defect
from rawkit.interop.texts import text

CLIENT_HELLO, SERVER_HELLO = 1, 2

RANDOM_END = 34
"""Octets of the version and the random value."""

SERVER_NAME, ALPN, SUPPORTED_VERSIONS = 0, 16, 43
"""Extensions: RFC 6066 section 3, RFC 7301, RFC 8446 section 4.2.1."""

VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}

HELLO_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random value of a ServerHello that asks for another ClientHello, RFC 8446 section 4.1.3."""


@dataclass(frozen=True)
class Hello:
    """`version` is the field's, `versions` those of the supported_versions extension (one, in a ServerHello).

    `cipher_suites` are numbers, of which a ServerHello has one, `extensions` (type, octets). `complete` is False where
    it goes on in later segments: then the lists are of what is here.
    """

    client: bool
    version: int
    random: bytes
    session_id: bytes
    cipher_suites: tuple[int, ...]
    compression_methods: tuple[int, ...]
    extensions: tuple[tuple[int, bytes], ...]
    server_name: str | None
    alpn: tuple[str, ...]
    versions: tuple[int, ...]
    complete: bool
    extensions_length: int | None
    """As the hello says; None where it has none, or their beginning is not here."""

    @property
    def retry(self) -> bool:
        return not self.client and self.random == HELLO_RETRY

    @property
    def best_version(self) -> str:
        """The highest version offered, or the one chosen."""
        return version_name(max((each for each in self.versions if each in VERSIONS), default=self.version))


def version_name(number: int) -> str:
    return VERSIONS.get(number, f"version 0x{number:04x}")


def suite_name(number: int) -> str:
    """dpkt's name of a cipher suite, or its number."""
    suite = dpkt.ssl_ciphersuites.BY_CODE.get(number)
    return str(suite.name) if suite is not None else f"0x{number:04x}"


def read_hello(client: bool, body: bytes, complete: bool, offset: int) -> Hello | None:
    """A hello from its octets, which begin at `offset` in the payload.

    None where its end is in a later segment and not even its lists are here. A `Defect` is raised where its lengths
    do not fit into one another.
    """
    name = "ClientHello" if client else "ServerHello"
    cut = Defect("TLS", name, offset, f"{len(body)} octets", "all that its lengths announce", "message cut short")
    begin = fixed_end(client, body)
    if begin > len(body):
        if complete:
            raise cut
        return None
    length = int.from_bytes(body[begin : begin + 2], "big") if len(body) >= begin + 2 else None
    if complete and length is not None and begin + 2 + length != len(body):
        found, expected = length, len(body) - begin - 2
        raise Defect("TLS", f"{name}.extensions", offset + begin, found, expected, "length of the extensions")
    whole = last_whole(body, begin + 2)
    if complete and length is not None and whole != len(body):
        raise Defect("TLS", f"{name}.extensions", offset + whole, "an extension", "its end", "extension past the end")
    listed = body[begin + 2 : whole] if length is not None else b""
    read = (dpkt.ssl.TLSClientHello if client else dpkt.ssl.TLSServerHello)(
        body[:begin] + len(listed).to_bytes(2, "big") + listed
    )
    extensions = tuple(getattr(read, "extensions", ()))
    contents = dict(reversed(extensions))
    ciphers, methods = suites(client, read)
    return Hello(
        client,
        read.version,
        read.random,
        read.session_id,
        ciphers,
        methods,
        extensions,
        server_name(contents.get(SERVER_NAME, b"")),
        tuple(protocol_names(contents.get(ALPN, b""))),
        supported_versions(client, contents.get(SUPPORTED_VERSIONS, b"")),
        complete,
        length,
    )


def suites(client: bool, read: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Numbers of cipher suites and compression methods."""
    if client:
        return tuple(suite.code for suite in read.ciphersuites), tuple(read.compression_methods)
    return (read.ciphersuite.code,), (read.compression_method,)


def fixed_end(client: bool, body: bytes) -> int:
    """Where the extensions begin; past the end of a body that is cut before."""
    at = vector_end(body, RANDOM_END, 1)
    if not client:
        return at + 3
    return vector_end(body, vector_end(body, at, 2), 1)


def vector_end(body: bytes, at: int, size: int) -> int:
    """Behind a list that begins with its length in `size` octets (RFC 8446 section 3.4)."""
    if at + size > len(body):
        return len(body) + 1
    return at + size + int.from_bytes(body[at : at + size], "big")


def last_whole(body: bytes, at: int) -> int:
    """Behind the last extension that is here as a whole."""
    while at + 4 <= len(body) and (end := vector_end(body, at + 2, 2)) <= len(body):
        at = end
    return at


def vectors(octets: bytes, size: int) -> Iterator[bytes]:
    """The members of a list, each with its length before it in `size` octets; as far as they are whole."""
    at = 0
    while at + size <= len(octets) and (end := vector_end(octets, at, size)) <= len(octets):
        yield octets[at + size : end]
        at = end


def server_name(extension: bytes) -> str | None:
    """The host name in it (RFC 6066 section 3); a server's extension is empty."""
    if len(extension) < 5 or extension[2] != 0:
        return None
    return text(next(vectors(extension[3:], 2), b"")) or None


def protocol_names(extension: bytes) -> Iterator[str]:
    """RFC 7301 section 3.1."""
    return map(text, vectors(extension[2:], 1))


def supported_versions(client: bool, extension: bytes) -> tuple[int, ...]:
    """RFC 8446 section 4.2.1."""
    octets = extension[1:] if client else extension
    return tuple(int.from_bytes(octets[at : at + 2], "big") for at in range(0, len(octets) - 1, 2))

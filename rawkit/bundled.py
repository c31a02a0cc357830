"""The captures that come with rawkit, wherever it is installed, and what is said of each.

`rawkit/captures` is a link to the top-level folder in a clone, and a folder of its own in an installed package. What
reads captures takes `captures:tcp/echo` for a path (see `named`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rawkit.errors import RawkitError, nearest

FOLDER = Path(__file__).parent / "captures"

PREFIX = "captures:"
"""What a name begins with that means one of these and no file."""

CONCEPTS = (
    "socket = endpoint, descriptor",
    "socket address = address + port + protocol",
    "well-known, ephemeral, non-privileged ports",
    "demultiplexing by port; thousands of connections",
    "loopback",
    "stream: reliable, ordered, exactly once, no message boundaries",
    "datagram: connectionless, discrete, may be lost or overtaken",
    '"UDP is faster"',
    "raw socket",
    "Unix domain socket, IPC",
    "socket(), bind(), listen()",
    "accept()",
    "connect()",
    "send(), sendall()",
    "recv()",
    "sendto(), recvfrom(); connectionless server and client",
    "close(), shutdown()",
    "states: CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK "
    "TIME-WAIT",
    "TIME-WAIT, ghost packets",
    "SO_REUSEADDR, SO_REUSEPORT, SO_LINGER",
    "SO_KEEPALIVE",
    "SO_SNDBUF, SO_RCVBUF",
    "timeouts, blocking",
    "TCP_NODELAY",
    'segmentation; "broken into smaller packets"',
    "checksums",
    "retransmission, reassembly, flow and congestion control",
    "concurrency: threads, processes, async",
    "HTTP, SMTP, FTP, DNS, SNMP, chat, streaming, games",
    'Beliefs to test: "reliable and secure channel", "guarantees that data will arrive", "exactly once", '
    '"one send is one recv", "unique across the Internet"',
)
"""What introductions to sockets name, in the order in which it is taught: every capture is about some of these."""


@dataclass(frozen=True)
class Bundled:
    """A capture that comes along. `name` is as one writes it behind `captures:`; `concepts`, the main one first."""

    name: str
    packets: int
    sentence: str
    concepts: tuple[str, ...]


def names() -> list[str]:
    """Every bundled capture as `topic/name.pcap`, sorted."""
    return sorted(found.relative_to(FOLDER).as_posix() for found in FOLDER.glob("*/*.pcap*"))


def path(name: str) -> Path:
    """Where the bundled capture `name` is: `tcp/echo`, or in full `tcp/echo.pcap`. RawkitError when there is none."""
    known = {found.rpartition(".")[0]: found for found in names()}
    chosen = known.get(name, name)
    if chosen not in known.values():
        ends = {short.rpartition("/")[2]: short for short in known}
        near = nearest(ends.get(name, name), known.values() if "." in name else known)
        raise RawkitError(f"no bundled capture {name!r}{near} (rawkit captures lists them)")
    return FOLDER / chosen


def named(source: str) -> Path | None:
    """Where `captures:tcp/echo` is; None for what is no such name. RawkitError where none is called so."""
    return path(source.removeprefix(PREFIX)) if source.startswith(PREFIX) else None


def described() -> list[Bundled]:
    """What is said of each, in the order of their names."""
    import tomllib

    found = []
    for name in names():
        said = tomllib.loads((FOLDER / name).with_suffix(".toml").read_text(encoding="utf-8"))
        short = name.rpartition(".")[0]
        found.append(Bundled(short, said["packets"], said["sentence"], tuple(said["concepts"])))
    return found

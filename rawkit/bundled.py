"""The captures that come with rawkit, wherever it is installed, and what is said of each.

`rawkit/captures` is a link to the top-level folder in a clone, and a folder of its own in an installed package. What
reads captures takes `captures:tcp/echo` for a path (see `named`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rawkit.errors import RawkitError, nearest

FOLDER = Path(__file__).parent / "captures"

PREFIX = "captures:"
"""What a name begins with that means one of these and no file."""


@dataclass(frozen=True)
class Concept:
    """Something that introductions to sockets name, and a capture can show."""

    key: str
    """As a capture's facts have it."""
    heading: str
    """For people, on one line."""
    words: str = ""
    """What else it is called, and looked for by."""


CONCEPTS = (
    Concept("endpoint", "A socket: one end of a conversation, and a program's handle for it", "endpoint descriptor fd"),
    Concept("address", "A socket's address: IP address, port and protocol", "ARP NDP neighbour MAC Ethernet"),
    Concept("ports", "Ports: well-known, ephemeral, non-privileged", "registered port number implicit bind"),
    Concept("demultiplexing", "Demultiplexing: which socket a packet is for", "four-tuple 4-tuple port wildcard"),
    Concept("loopback", "Loopback: both ends on one host", "localhost 127.0.0.1 ::1 local"),
    Concept(
        "stream",
        "A TCP stream: in order, nothing missing, nothing twice, no borders",
        "SOCK_STREAM reliable message boundaries framing exactly once",
    ),
    Concept(
        "datagram",
        "UDP datagrams: each by itself; lost, doubled and overtaken like any packet",
        "SOCK_DGRAM connectionless unreliable discrete",
    ),
    Concept("faster", '"UDP is faster": what it does without', "handshake round trip latency speed"),
    Concept("raw", "Raw sockets: packets by hand, beside the kernel's own", "SOCK_RAW ICMP"),
    Concept("unix", "Unix domain sockets: no packet at all", "AF_UNIX IPC interprocess"),
    Concept("listen", "socket(), bind(), listen(): nothing is sent", "server backlog passive"),
    Concept("accept", "accept(): the connection is there already", "backlog queue server"),
    Concept("connect", "connect(): the handshake, and what it needs first", "three-way SYN client active open"),
    Concept("send", "send(), sendall(): handed to the kernel, and when it goes on", "write buffer partial"),
    Concept("recv", "recv(): as much as is there, in other pieces than were sent", "read end of file EOF empty"),
    Concept("sendto", "sendto(), recvfrom(): no connection at either end", "connectionless client server"),
    Concept("close", "close(), shutdown(): the end of data, or a reset", "FIN RST half-close abort"),
    Concept("states", "What a connection goes through: RFC 9293's states", "state machine"),
    Concept("time-wait", "TIME-WAIT, and segments of a connection that is over", "ghost old duplicate 2MSL PAWS"),
    Concept("reuse", "SO_REUSEADDR, SO_REUSEPORT, SO_LINGER", "address already in use EADDRINUSE"),
    Concept("keep-alive", "SO_KEEPALIVE: is anybody still there?", "keepalive probe idle"),
    Concept("buffers", "SO_SNDBUF, SO_RCVBUF: buffers, and the windows that come of them", "zero window scale full"),
    Concept("timeouts", "Calls that wait, and kernels that try again", "timeout blocking settimeout RTO backoff"),
    Concept("nodelay", "TCP_NODELAY: small segments held back, and acknowledgements", "Nagle delayed ACK cork"),
    Concept(
        "segmentation",
        "Segmentation and fragmentation: one call, several packets",
        "broken into smaller packets MSS MTU TSO GSO offload",
    ),
    Concept("checksums", "Checksums: who adds them up, and who need not", "offload partial bad pseudo-header CRC"),
    Concept(
        "recovery",
        "Lost, late, doubled: how TCP repairs it; flow and congestion control",
        "retransmission reassembly out of order duplicate SACK RTO cwnd slow start",
    ),
    Concept("concurrency", "Many clients at once", "concurrency concurrent threads processes async select"),
    Concept(
        "applications", "Applications: HTTP, SMTP, FTP, DNS, SNMP, TLS, chat, streaming, games", "web mail DHCP NTP"
    ),
    Concept(
        "beliefs",
        'Beliefs to test: "it will arrive", "exactly once", "one send is one recv", "secure"',
        "reliable channel guarantees that data will arrive unique across the Internet",
    ),
    Concept("tunnels", "Tunnels and tags: packets in packets", "VLAN VPN encapsulation overlay"),
    Concept(
        "captures", "What a capture can lack, or have twice", "damaged cut snapped mirrored one-sided clock format"
    ),
)
"""In the order in which it is taught: every capture is about some of these."""


@dataclass(frozen=True)
class Bundled:
    """A capture that comes along. `name` is as one writes it behind `captures:`.

    `concepts` are keys, the main one first; `states` are those of RFC 9293 that an end of a conversation comes to.
    """

    name: str
    packets: int
    sentence: str
    concepts: tuple[str, ...]
    states: tuple[str, ...] = ()


def names() -> list[str]:
    """Every bundled capture as `topic/name.pcap`, sorted by what is before the ending."""
    found = (path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.pcap*"))
    return sorted(found, key=lambda name: name.rpartition("."))


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
        states = tuple(sorted(states_in(said["facts"])))
        found.append(Bundled(short, said["packets"], said["sentence"], tuple(said["concepts"]), states))
    return found


def states_in(facts: dict[str, Any]) -> set[str]:
    """Every state that the facts of a capture name, of one conversation or of several."""
    ends = [each.get(end, {}) for each in (facts, *facts.get("conversations", ())) for end in ("client", "server")]
    return {state for end in ends for state in end.get("states", ())}

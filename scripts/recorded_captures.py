"""The captures recorded from real kernel sockets: one function a capture, which plays it.

Each runs in namespaces of its own and in a fixed order: a call that blocks, or a wait for what must arrive, is what
orders the packets. Remaking one gives the same conversation with other sequence numbers, ports and times.
"""

import http.client
import http.server
import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from scripts.netlab import (
    LONGEST_SECONDS,
    Host,
    Network,
    Recorded,
    Recorder,
    one_host,
    two_hosts,
    two_hosts_apart,
    two_hosts_with_ipv6,
)

Play = Callable[[Network], None]


@dataclass(frozen=True)
class Plan:
    play: Play
    network: Callable[[], Network]


RECORDED: dict[str, Plan] = {}  # name under captures/ -> what records it

ECHO, DAYTIME, DNS, HTTP = 7, 13, 53, 80  # well-known ports
LINE = b"hello, wire\n"


def recorded(name: str, network: Callable[[], Network] = two_hosts) -> Callable[[Play], Play]:
    """Enter a function under its capture's name, suffix included, with the network it plays in."""

    def enter(play: Play) -> Play:
        RECORDED[name] = Plan(play, network)
        return play

    return enter


def record(name: str) -> list[Recorded]:
    """Play it once more."""
    plan = RECORDED[name]
    with plan.network() as network:
        recorder = Recorder(network.client, network.interface)
        plan.play(network)
        return recorder.frames()


def stream(network: Network, host: Host) -> socket.socket:
    """A TCP socket of this host."""
    return host.socket(network.family, socket.SOCK_STREAM)


def datagrams(network: Network, host: Host, protocol: int = 0) -> socket.socket:
    """A UDP socket of this host, or one for ICMP's echo."""
    return host.socket(network.family, socket.SOCK_DGRAM, protocol)


def connected(network: Network, port: int) -> tuple[socket.socket, socket.socket]:
    """A client's socket and the one that `accept()` gave the server; the listener is closed, which sends nothing."""
    with stream(network, network.server) as listener:
        listener.bind((network.address, port))
        listener.listen()
        client = stream(network, network.client)
        client.connect((network.address, port))
        server, _ = listener.accept()
    server.settimeout(LONGEST_SECONDS)
    return client, server


def until_readable(waiting: socket.socket) -> None:
    """Wait for something to arrive, and leave it unread."""
    if not select.select([waiting], [], [], LONGEST_SECONDS)[0]:
        raise TimeoutError("nothing arrived")


def until_reset(waiting: socket.socket) -> None:
    """Wait for a reset, and leave its error untold."""
    poll = select.poll()
    poll.register(waiting, 0)  # errors and hang-ups are told unasked
    if not poll.poll(LONGEST_SECONDS * 1000):
        raise TimeoutError("no reset arrived")


def expect(found: bytes, wanted: bytes) -> None:
    """A recording of something else than was planned is no fixture."""
    if found != wanted:
        raise ValueError(f"received {found!r} where the play has {wanted!r}")


@contextmanager
def failing(error: type[OSError]) -> Iterator[None]:
    """The play has this call fail."""
    try:
        yield
    except error:
        return
    raise ValueError(f"no {error.__name__}")


@recorded("tcp/echo.pcap")
@recorded("tcp/echo-ipv6.pcap", two_hosts_with_ipv6)
@recorded("tcp/echo-loopback.pcap", one_host)
def tcp_echo(network: Network) -> None:
    """One line there and back; the client closes first."""
    client, server = connected(network, ECHO)
    with server:
        with client:
            client.sendall(LINE)
            server.sendall(server.recv(4096))
            expect(client.recv(4096), LINE)
        expect(server.recv(4096), b"")


@recorded("tcp/refused.pcap")
def tcp_refused(network: Network) -> None:
    with stream(network, network.client) as client, failing(ConnectionRefusedError):
        client.connect((network.address, ECHO))


@recorded("tcp/reset-unread.pcap")
def tcp_reset_unread(network: Network) -> None:
    """The server closes with a line unread in its queue: RFC 1122 section 4.2.2.13 has it say so with a reset."""
    client, server = connected(network, ECHO)
    with client:
        client.sendall(LINE)
        until_readable(server)
        server.close()
        with failing(ConnectionResetError):
            client.recv(4096)


@recorded("tcp/reset-after-close.pcap")
def tcp_reset_after_close(network: Network) -> None:
    """The server closes, and the client sends all the same: nobody can take it any more, which the reset says."""
    client, server = connected(network, ECHO)
    with client:
        server.close()
        expect(client.recv(4096), b"")
        client.sendall(LINE)
        until_reset(client)
        expect(client.recv(4096), b"")  # and no ConnectionResetError: the end of data came before the reset
        with failing(BrokenPipeError):
            client.sendall(LINE)


@recorded("tcp/half-close.pcap")
def tcp_half_close(network: Network) -> None:
    """The client says that it has no more to send; the server answers three times after that."""
    client, server = connected(network, ECHO)
    with client:
        client.sendall(LINE)
        expect(server.recv(4096), LINE)
        client.shutdown(socket.SHUT_WR)
        expect(server.recv(4096), b"")
        for answer in b"one\n", b"two\n", b"three\n":
            server.sendall(answer)
            expect(client.recv(4096), answer)
        server.close()
        expect(client.recv(4096), b"")


@recorded("tcp/server-closes-first.pcap")
def tcp_server_closes_first(network: Network) -> None:
    """As RFC 867's daytime does: the server speaks, closes, and so has the TIME-WAIT."""
    client, server = connected(network, DAYTIME)
    with client:
        server.sendall(b"Saturday, November 21, 2026\r\n")
        server.close()
        expect(client.recv(4096), b"Saturday, November 21, 2026\r\n")
        expect(client.recv(4096), b"")


@recorded("tcp/simultaneous-close.pcap", two_hosts_apart)
def tcp_simultaneous_close(network: Network) -> None:
    """Both close while the wire is held, so that the two FINs cross in it."""
    client, server = connected(network, ECHO)
    client.sendall(LINE)
    server.sendall(server.recv(4096))
    expect(client.recv(4096), LINE)
    with network.held():
        client.close()
        server.close()


class OnePage(http.server.BaseHTTPRequestHandler):
    """The same short page for whoever asks."""

    def do_GET(self) -> None:
        page = b"<!doctype html><title>wire</title><p>Hello from the other end of it.\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002 (the name is http.server's)
        """Say nothing."""


@recorded("tcp/http.pcap")
def tcp_http(network: Network) -> None:
    """Python's own client and server, HTTP/1.0 style: the server closes when the page is sent."""
    with network.server:
        server = socketserver.TCPServer((network.address, HTTP), OnePage)
    with server, stream(network, network.client) as client:
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        client.connect((network.address, HTTP))
        browser = http.client.HTTPConnection(network.address)
        browser.sock = client
        browser.request("GET", "/")
        browser.getresponse().read()
        serving.join()
        browser.close()


def exchange(network: Network, datagram: bytes) -> None:
    """One datagram there and back, from a client that never called bind()."""
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, ECHO))
        client.sendto(datagram, (network.address, ECHO))
        server.sendto(*server.recvfrom(0x10000))
        expect(client.recvfrom(0x10000)[0], datagram)


@recorded("udp/echo.pcap")
@recorded("udp/echo-ipv6.pcap", two_hosts_with_ipv6)
def udp_echo(network: Network) -> None:
    exchange(network, LINE)


@recorded("ipv4/fragments.pcap")
@recorded("ipv6/fragments.pcap", two_hosts_with_ipv6)
def fragments(network: Network) -> None:
    """4,000 octets in one datagram, over an MTU of 1,500."""
    exchange(network, bytes(number % 251 for number in range(4000)))


@recorded("udp/port-unreachable.pcap")
def udp_port_unreachable(network: Network) -> None:
    """Only a connected UDP socket learns from ICMP that nobody listens, and only at its next call."""
    with datagrams(network, network.client) as client:
        client.connect((network.address, ECHO))
        client.sendto(LINE, (network.address, ECHO))
        with failing(ConnectionRefusedError):
            client.recvfrom(4096)


ZONE = {("wire.example.", "A"): "10.0.0.2", ("wire.example.", "AAAA"): "fd00::2"}


def answered(query: bytes) -> bytes:
    """What a name server that knows `ZONE` and nothing else says."""
    answer = dns.message.make_response(dns.message.from_wire(query))
    answer.flags |= dns.flags.AA
    question = answer.question[0]
    found = ZONE.get((question.name.to_text(), question.rdtype.name))
    if found is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    else:
        answer.answer.append(dns.rrset.from_text(question.name, 300, "IN", question.rdtype.name, found))
    return answer.to_wire()


@recorded("dns/lookup.pcap")
def dns_lookup(network: Network) -> None:
    """An address, an IPv6 address, and a name that there is not."""
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, DNS))
        for name, kind in ("wire.example", "A"), ("wire.example", "AAAA"), ("nobody.example", "A"):
            client.sendto(dns.message.make_query(name, kind).to_wire(), (network.address, DNS))
            query, asker = server.recvfrom(4096)
            server.sendto(answered(query), asker)
            client.recvfrom(4096)


@recorded("icmp/ping.pcap")
@recorded("icmp/ping-ipv6.pcap", two_hosts_with_ipv6)
def ping(network: Network) -> None:
    """Three echo requests of 56 octets; the kernel of the other host answers."""
    is_ipv6 = network.family == socket.AF_INET6
    protocol, request = (socket.IPPROTO_ICMPV6, 128) if is_ipv6 else (socket.IPPROTO_ICMP, 8)
    network.client.sysctl("ipv4/ping_group_range", "0 0")  # of both versions
    with datagrams(network, network.client, protocol) as client:
        for number in range(1, 4):
            body = bytes([0, number]) + bytes(range(56))  # sequence number, data; the kernel fills in the rest
            client.sendto(bytes([request, 0, 0, 0, 0, 0]) + body, (network.address, 0))
            expect(client.recv(4096)[6:], body)

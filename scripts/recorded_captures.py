"""The captures recorded from real kernel sockets: one function a capture, which plays it and returns frames.

Each runs in namespaces of its own and in a fixed order: a call that blocks, or a wait for what must arrive, is what
orders the packets. Remaking one gives the same conversation with other sequence numbers, ports and times.
"""

import http.client
import http.server
import select
import socket
import socketserver
import threading
from collections.abc import Callable

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from scripts.netlab import LONGEST_SECONDS, Host, Recorded, Recorder, two_hosts, two_hosts_apart

Play = Callable[[], list[Recorded]]
RECORDED: dict[str, Play] = {}  # name under captures/ -> what records it

CLIENT, SERVER, SERVER_IPV6 = "10.0.0.1", "10.0.0.2", "fd00::2"
ECHO, DAYTIME, DNS, HTTP = 7, 13, 53, 80  # well-known ports
LINE = b"hello, wire\n"


def recorded(name: str) -> Callable[[Play], Play]:
    """Enter a function under its capture's name, suffix included."""

    def enter(play: Play) -> Play:
        RECORDED[name] = play
        return play

    return enter


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def connected(client_host: Host, server_host: Host, address: str, port: int) -> tuple[socket.socket, socket.socket]:
    """A client's socket and the one that `accept()` gave the server; the listener is closed, which sends nothing."""
    with server_host.socket(family(address), socket.SOCK_STREAM) as listener:
        listener.bind((address, port))
        listener.listen()
        client = client_host.socket(family(address), socket.SOCK_STREAM)
        client.connect((address, port))
        server, _ = listener.accept()
    server.settimeout(LONGEST_SECONDS)
    return client, server


def until_readable(waiting: socket.socket) -> None:
    """Wait for something to arrive, and leave it unread."""
    if not select.select([waiting], [], [], LONGEST_SECONDS)[0]:
        raise TimeoutError("nothing arrived")


def expect(found: bytes, wanted: bytes) -> None:
    """A recording of something else than was planned is no fixture."""
    if found != wanted:
        raise ValueError(f"received {found!r} where the play has {wanted!r}")


def echo(client_host: Host, server_host: Host, address: str) -> None:
    """One line there and back; the client closes first."""
    client, server = connected(client_host, server_host, address, ECHO)
    with server:
        with client:
            client.sendall(LINE)
            server.sendall(server.recv(4096))
            expect(client.recv(4096), LINE)
        expect(server.recv(4096), b"")


@recorded("tcp/echo.pcap")
def tcp_echo() -> list[Recorded]:
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    echo(client_host, server_host, SERVER)
    return wire.frames()


@recorded("tcp/echo-ipv6.pcap")
def tcp_echo_ipv6() -> list[Recorded]:
    client_host, server_host = two_hosts(ipv6=True)
    wire = Recorder(client_host)
    echo(client_host, server_host, SERVER_IPV6)
    return wire.frames()


@recorded("tcp/echo-loopback.pcap")
def tcp_echo_loopback() -> list[Recorded]:
    host = Host("alone")
    wire = Recorder(host, "lo")
    echo(host, host, "127.0.0.1")
    return wire.frames()


@recorded("tcp/refused.pcap")
def tcp_refused() -> list[Recorded]:
    client_host, _ = two_hosts()
    wire = Recorder(client_host)
    with client_host.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        try:
            client.connect((SERVER, ECHO))
        except ConnectionRefusedError:
            return wire.frames()
    raise ValueError("somebody listens")


@recorded("tcp/reset-unread.pcap")
def tcp_reset_unread() -> list[Recorded]:
    """The server closes with a line unread in its queue: RFC 1122 section 4.2.2.13 has it say so with a reset."""
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    client, server = connected(client_host, server_host, SERVER, ECHO)
    with client:
        client.sendall(LINE)
        until_readable(server)
        server.close()
        try:
            client.recv(4096)
        except ConnectionResetError:
            return wire.frames()
    raise ValueError("no reset")


@recorded("tcp/half-close.pcap")
def tcp_half_close() -> list[Recorded]:
    """The client says that it has no more to send; the server answers three times after that."""
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    client, server = connected(client_host, server_host, SERVER, ECHO)
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
    return wire.frames()


@recorded("tcp/server-closes-first.pcap")
def tcp_server_closes_first() -> list[Recorded]:
    """As RFC 867's daytime does: the server speaks, closes, and so has the TIME-WAIT."""
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    client, server = connected(client_host, server_host, SERVER, DAYTIME)
    with client:
        server.sendall(b"Saturday, November 21, 2026\r\n")
        server.close()
        expect(client.recv(4096), b"Saturday, November 21, 2026\r\n")
        expect(client.recv(4096), b"")
    return wire.frames()


@recorded("tcp/simultaneous-close.pcap")
def tcp_simultaneous_close() -> list[Recorded]:
    """Both close while the wire is held, so that the two FINs cross in it."""
    client_host, server_host, between = two_hosts_apart()
    try:
        wire = Recorder(client_host)
        client, server = connected(client_host, server_host, SERVER, ECHO)
        client.sendall(LINE)
        server.sendall(server.recv(4096))
        expect(client.recv(4096), LINE)
        with between.held():
            client.close()
            server.close()
        return wire.frames()
    finally:
        between.close()


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
def tcp_http() -> list[Recorded]:
    """Python's own client and server, HTTP/1.0 style: the server closes when the page is sent."""
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    with server_host:
        server = socketserver.TCPServer((SERVER, HTTP), OnePage)
    with server, client_host.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        client.connect((SERVER, HTTP))
        browser = http.client.HTTPConnection(SERVER)
        browser.sock = client
        browser.request("GET", "/")
        browser.getresponse().read()
        serving.join()
        browser.close()
    return wire.frames()


def exchange(client_host: Host, server_host: Host, address: str, datagram: bytes) -> None:
    """One datagram there and back, from a client that never called bind()."""
    with (
        server_host.socket(family(address), socket.SOCK_DGRAM) as server,
        client_host.socket(family(address), socket.SOCK_DGRAM) as client,
    ):
        server.bind((address, ECHO))
        client.sendto(datagram, (address, ECHO))
        server.sendto(*server.recvfrom(0x10000))
        expect(client.recvfrom(0x10000)[0], datagram)


@recorded("udp/echo.pcap")
def udp_echo() -> list[Recorded]:
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    exchange(client_host, server_host, SERVER, LINE)
    return wire.frames()


@recorded("udp/echo-ipv6.pcap")
def udp_echo_ipv6() -> list[Recorded]:
    client_host, server_host = two_hosts(ipv6=True)
    wire = Recorder(client_host)
    exchange(client_host, server_host, SERVER_IPV6, LINE)
    return wire.frames()


@recorded("udp/port-unreachable.pcap")
def udp_port_unreachable() -> list[Recorded]:
    """Only a connected UDP socket learns from ICMP that nobody listens, and only at its next call."""
    client_host, _ = two_hosts()
    wire = Recorder(client_host)
    with client_host.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect((SERVER, ECHO))
        client.sendto(LINE, (SERVER, ECHO))
        try:
            client.recvfrom(4096)
        except ConnectionRefusedError:
            return wire.frames()
    raise ValueError("somebody answered")


@recorded("ipv4/fragments.pcap")
def ipv4_fragments() -> list[Recorded]:
    """4,000 octets in one datagram, over an MTU of 1,500."""
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    exchange(client_host, server_host, SERVER, bytes(number % 251 for number in range(4000)))
    return wire.frames()


@recorded("ipv6/fragments.pcap")
def ipv6_fragments() -> list[Recorded]:
    client_host, server_host = two_hosts(ipv6=True)
    wire = Recorder(client_host)
    exchange(client_host, server_host, SERVER_IPV6, bytes(number % 251 for number in range(4000)))
    return wire.frames()


ZONE = {("wire.example.", "A"): SERVER, ("wire.example.", "AAAA"): SERVER_IPV6}


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
def dns_lookup() -> list[Recorded]:
    """An address, an IPv6 address, and a name that there is not."""
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    with (
        server_host.socket(socket.AF_INET, socket.SOCK_DGRAM) as server,
        client_host.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        server.bind((SERVER, DNS))
        for name, kind in ("wire.example", "A"), ("wire.example", "AAAA"), ("nobody.example", "A"):
            client.sendto(dns.message.make_query(name, kind).to_wire(), (SERVER, DNS))
            query, asker = server.recvfrom(4096)
            server.sendto(answered(query), asker)
            client.recvfrom(4096)
    return wire.frames()


def ping(client_host: Host, address: str, protocol: int, echo_request: int) -> None:
    """Three echo requests of 56 octets; the kernel of the other host answers."""
    client_host.sysctl("ipv4/ping_group_range", "0 0")
    with client_host.socket(family(address), socket.SOCK_DGRAM, protocol) as client:
        for number in range(1, 4):
            client.sendto(bytes([echo_request, 0, 0, 0, 0, 0, 0, number]) + bytes(range(56)), (address, 0))
            expect(client.recv(4096)[6:], bytes([0, number]) + bytes(range(56)))


@recorded("icmp/ping.pcap")
def icmp_ping() -> list[Recorded]:
    client_host, _ = two_hosts()
    wire = Recorder(client_host)
    ping(client_host, SERVER, socket.IPPROTO_ICMP, 8)
    return wire.frames()


@recorded("icmp/ping-ipv6.pcap")
def icmp_ping_ipv6() -> list[Recorded]:
    client_host, _ = two_hosts(ipv6=True)
    wire = Recorder(client_host)
    ping(client_host, SERVER_IPV6, socket.IPPROTO_ICMPV6, 128)
    return wire.frames()

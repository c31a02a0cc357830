"""Which play makes which capture, and the words that the plays are written in."""

import errno
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rawkit.lab import Host, Network
from rawkit.lab.host import LONGEST_SECONDS
from scripts.plays.networks import Stage, two_hosts
from scripts.plays.recorder import Recorded, Recorder

Play = Callable[[Stage], object]
"""What it returns stays open until the recording has ended."""


@dataclass(frozen=True)
class Plan:
    play: Play
    stage: Callable[[Network], Stage]
    at: str
    story: str = ""
    """What a pcapng file says of itself."""


RECORDED: dict[str, Plan] = {}  # name under captures/ -> what records it

ECHO, DISCARD, DAYTIME, FTP_DATA, FTP, SMTP, DNS, HTTP, NTP, SNMP, HTTPS = 7, 9, 13, 20, 21, 25, 53, 80, 123, 161, 443
"""Well-known ports."""

CLIENT, SERVER = "10.0.0.1", "10.0.0.2"
LINE = b"hello, wire\n"


def recorded(
    name: str, stage: Callable[[Network], Stage] = two_hosts, at: str = "client", story: str = ""
) -> Callable[[Play], Play]:
    """Enter a function under its capture's name, suffix included, with the network it plays in.

    Recorded `at` the client, the server, or one of the other hosts; with a `story` as pcapng, which has a place for it.
    """

    def enter(play: Play) -> Play:
        RECORDED[name] = Plan(play, stage, at, story)
        return play

    return enter


def record(name: str) -> list[Recorded]:
    """Play it once more."""
    plan = RECORDED[name]
    with Network() as network, plan.stage(network) as stage:
        hosts = {"client": stage.client, "server": stage.server, **stage.others}
        recorder = Recorder(hosts[plan.at], stage.interface)
        still_open = plan.play(stage)
        frames = recorder.frames()
        del still_open
        return frames


def stream(network: Stage, host: Host) -> socket.socket:
    """A TCP socket of this host."""
    return patient(host.socket(network.family, socket.SOCK_STREAM))


def datagrams(network: Stage, host: Host, protocol: int = 0) -> socket.socket:
    """A UDP socket of this host, or one for ICMP's echo."""
    return patient(host.socket(network.family, socket.SOCK_DGRAM, protocol))


def patient(opened: socket.socket) -> socket.socket:
    """A socket that gives up after some seconds instead of waiting for ever."""
    opened.settimeout(LONGEST_SECONDS)
    return opened


@contextmanager
def listening(network: Stage, port: int, backlog: int = 5) -> Iterator[socket.socket]:
    """A server's socket that listens; that it is closed at the end sends nothing."""
    with stream(network, network.server) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((network.address, port))
        listener.listen(backlog)
        yield listener


def accepted(listener: socket.socket) -> socket.socket:
    """The next connection, which gives up after some seconds too."""
    server, _ = listener.accept()
    server.settimeout(LONGEST_SECONDS)
    return server


def connected(network: Stage, port: int, client: socket.socket | None = None) -> tuple[socket.socket, socket.socket]:
    """A client's socket and the one that `accept()` gave the server."""
    client = client or stream(network, network.client)
    with listening(network, port) as listener:
        client.connect((network.address, port))
        return client, accepted(listener)


def until_readable(waiting: socket.socket) -> None:
    """Wait for something to arrive, and leave it unread."""
    if not select.select([waiting], [], [], LONGEST_SECONDS)[0]:
        raise TimeoutError("nothing arrived")


def until_urgent(waiting: socket.socket) -> None:
    """Wait for an urgent octet, and leave it unread."""
    if not select.select([], [], [waiting], LONGEST_SECONDS)[2]:
        raise TimeoutError("no urgent octet arrived")


def until_writable(waiting: socket.socket) -> None:
    """Wait for a connection that `connect()` did not wait for."""
    if not select.select([], [waiting], [], LONGEST_SECONDS)[1]:
        raise TimeoutError("not connected")


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


def expect_all(reader: socket.socket, wanted: bytes) -> None:
    """The same for what may come in several pieces."""
    found = b""
    while len(found) < len(wanted):
        found += reader.recv(0x10000) or b"the end"
    expect(found, wanted)


@contextmanager
def failing(number: int) -> Iterator[None]:
    """The play has this call fail with this `errno`."""
    try:
        yield
    except OSError as error:
        if error.errno == number:
            return
        raise
    raise ValueError(f"no {errno.errorcode[number]}")


def there_and_back(client: socket.socket, server: socket.socket) -> None:
    """One line, and the same in answer."""
    client.sendall(LINE)
    server.sendall(server.recv(4096))
    expect(client.recv(4096), LINE)


def converse(client: socket.socket, server: socket.socket) -> None:
    """One line there and back; then the client closes, and the server when it learns of that."""
    with server:
        with client:
            there_and_back(client, server)
        expect(server.recv(4096), b"")


@contextmanager
def meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """The server's part, while the block plays the client's; what goes wrong there is raised here."""
    wrong: list[BaseException] = []

    def serve() -> None:
        try:
            act()
        except BaseException as error:
            wrong.append(error)

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield
    finally:
        serving.join()
    if wrong:
        raise wrong[0]

"""What tests do as one user or another: each function is run in a program of its own (`users.act`)."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from rawkit.errors import RawkitError
from rawkit.lab import Host, Network, become_root

PATIENCE_S = 60
LINE = b"hello, wire\n"


def converse(client: Host, server: Host, address: str) -> None:
    """A line there and back over TCP, between kernels."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with server.socket(family) as listener, client.socket(family) as asking:
        for each in (listener, asking):
            each.settimeout(10)
        listener.bind((address, 7))
        listener.listen()
        asking.connect((address, 7))
        answering, _ = listener.accept()
        with answering:
            asking.sendall(LINE)
            answering.sendall(answering.recv(100))
            assert asking.recv(100) == LINE


def two_hosts() -> None:
    """Both IPs, a socket that the kernel's and a packet socket see the same of, and programs on the hosts."""
    outside = socket.if_nameindex()
    with Network(ipv6=True) as net:
        a, b = net.host("a"), net.host("b")
        assert net.link(a, b) == ("eth0", "eth0")
        with b.packet_socket("eth0", outgoing=False) as watching:
            watching.settimeout(10)
            for address in b.addresses:
                converse(a, b, address)
            while (frame := watching.recv(2000))[12:14] != b"\x08\x06":
                assert frame[12:14] == b"\x86\xdd"  # before the ARP there is only what IPv6 says of groups
            assert frame[:12] == b"\xff" * 6 + bytes.fromhex("020000000001")
        named = a.run(["hostname"], capture_output=True, text=True)
        assert (named.returncode, named.stdout) == (0, "a\n")
        assert socket.if_nameindex() == outside
    assert socket.if_nameindex() == outside


def is_sealed() -> None:
    """No interface but its own and loopback, no route out, and no way to what listens on the machine itself."""
    with Network() as net, socket.socket() as outside, socket.socket(socket.AF_UNIX) as named:
        a, b = net.host("a"), net.host("b")
        net.link(a, b)
        assert set(a.interfaces) == {"lo", "eth0"}
        outside.bind(("127.0.0.1", 0))
        outside.listen()
        name = f"\0rawkit-test-{os.getpid()}"
        named.bind(name)
        named.listen()
        for address, expected in (
            (outside.getsockname(), errno.ECONNREFUSED),  # the host's own loopback, where nobody listens
            (("192.0.2.1", 80), errno.ENETUNREACH),
        ):
            with a.socket() as trying:
                assert trying.connect_ex(address) == expected
        with a.socket(socket.AF_UNIX) as trying:
            assert trying.connect_ex(name) == errno.ECONNREFUSED


def raises_inside() -> None:
    """An exception in the block passes, and the network is gone."""
    try:
        with Network() as net:
            running = net.host("a").start(["sleep", "1000"])
            raise KeyError("mine")
    except KeyError:
        assert running.wait(10) == -9
    else:
        raise AssertionError("it did not pass")


def in_threads() -> None:
    """A process with threads has networks, and its threads ask at once."""
    with Network() as net:
        hosts = [net.host(f"h{number}") for number in range(3)]
        switch = net.bridge("switch")
        for host in hosts:
            net.link(host, switch)
        seen: list[str] = []

        def look(host: Host) -> None:
            for _ in range(20):
                seen.append(host.run(["hostname"], capture_output=True, text=True).stdout.strip() + host.address)

        threads = [threading.Thread(target=look, args=(host,)) for host in hosts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(seen) == sorted(f"h{number}10.0.0.{number + 1}" for number in range(3) for _ in range(20))


def goes_inside() -> None:
    """A program that has become root of its own namespaces is on a host itself, with all its libraries."""
    become_root()
    with Network() as net:
        a, b = net.host("a"), net.host("b")
        net.link(a, b)
        assert [name for _, name in socket.if_nameindex()] == ["lo"]
        with a.inside():
            assert [name for _, name in socket.if_nameindex()] == ["lo", "eth0"]
            with b.inside(), socket.create_server((b.address, 7)) as listener:
                pass
        assert [name for _, name in socket.if_nameindex()] == ["lo"]
        assert listener.fileno() == -1


def waits_to_be_killed(fork: str = "") -> None:
    """Prints what is there, and waits: the namespaces, the processes, and that a grandchild runs.

    With a fork, that has the owner's descriptors and lives on.
    """
    net = Network().__enter__()
    a, b = net.host("a"), net.host("b")
    net.link(a, b)
    script = "sleep 1000 & setsid sleep 1001 & echo started; wait"
    process = a.start(["sh", "-c", script], stdout=-1)
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    shown = "readlink /proc/self/ns/net /proc/self/ns/uts /proc/self/ns/user"
    for host in (a, b):
        sys.stdout.write(host.run(["sh", "-c", shown], capture_output=True, text=True).stdout)
    print("ready", process.pid, flush=True)
    if fork and not os.fork():
        time.sleep(PATIENCE_S)
    sys.stdin.read()


def sees_its_own_processes() -> None:
    """In /proc a program finds itself by the number it has, and process 1 is the keeper; outside, all is as before."""
    before = Path("/proc/self/mountinfo").read_text()
    with Network() as net:
        look = "echo $$; read own rest < /proc/self/stat; echo $own; ls -d /proc/[0-9]*"
        lines = net.host("a").run(["sh", "-c", look], capture_output=True, text=True).stdout.split()
        assert lines[0] == lines[1]
        assert lines[2] == "/proc/1"
        assert len(lines) < 6
        assert Path("/proc/self/mountinfo").read_text() == before


def keeper_is_killed() -> None:
    """Somebody kills the keeper: what ran has ended, and every question says that the network is gone."""
    with Network() as net:
        a = net.host("a")
        with a.start(["sleep", "1000"]) as running:
            assert net._keeper is not None
            net._keeper._process.kill()
            assert running.wait(10) == -9
        for ask in (a.socket, lambda: a.run(["true"]), lambda: a.interfaces, lambda: net.host("b")):
            assert "the network is gone" in mistake(ask)


def mistake(ask: Callable[[], object]) -> str:
    """What it is told to have done wrong."""
    try:
        ask()
    except RawkitError as error:
        return str(error)
    raise AssertionError("nothing is wrong")

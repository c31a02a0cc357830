"""The captures recorded from real kernel sockets: one function a capture, which plays the program and returns the frames.

Each runs in namespaces of its own, in one thread and in a fixed order, so that a call that blocks is what orders the
packets. Remaking one gives the same conversation with other sequence numbers, ports and times.
"""

import socket
from collections.abc import Callable

from netlab import Recorded, Recorder, two_hosts

RECORDED: dict[str, Callable[[], list[Recorded]]] = {}  # name under captures/ -> what records it


def recorded(name: str) -> Callable[[Callable[[], list[Recorded]]], Callable[[], list[Recorded]]]:
    """Enter a function under its capture's name, suffix included."""

    def enter(record: Callable[[], list[Recorded]]) -> Callable[[], list[Recorded]]:
        RECORDED[name] = record
        return record

    return enter


@recorded("tcp/echo.pcap")
def tcp_echo() -> list[Recorded]:
    """The plainest echo pair, from the first ARP request to the last acknowledgement."""
    client_host, server_host = two_hosts()
    wire = Recorder(client_host)
    listener = server_host.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("10.0.0.2", 7))
    listener.listen()
    client = client_host.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.connect(("10.0.0.2", 7))
    server, _ = listener.accept()
    client.sendall(b"hello, wire\n")
    server.sendall(server.recv(4096))
    assert client.recv(4096) == b"hello, wire\n"
    client.close()
    assert server.recv(4096) == b""
    server.close()
    listener.close()
    return wire.frames()

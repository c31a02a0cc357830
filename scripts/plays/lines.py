"""Text in lines: a letter by SMTP, a file by FTP with its second connection."""

import ftplib
import smtplib
import socket
from collections.abc import Callable, Iterable, Iterator
from io import BufferedRWPair

from rawkit.lab.host import LONGEST_SECONDS
from scripts.plays.networks import Stage
from scripts.plays.plan import (
    FTP,
    FTP_DATA,
    LINE,
    SERVER,
    SMTP,
    accepted,
    expect,
    listening,
    meanwhile,
    recorded,
    stream,
)

NAME = "wire.example"

Answers = dict[str, Callable[[str], Iterable[str]]]
"""What a server replies to a line, by the line's first word; acting between two replies where it does more."""


def just(*replies: str) -> Callable[[str], Iterable[str]]:
    """The same replies to whatever the rest of the line is."""
    return lambda line: replies


def attend(lines: BufferedRWPair, greeting: str, answers: Answers) -> None:
    """Greet, then answer line after line until the client has closed."""
    lines.write(greeting.encode() + b"\r\n")
    lines.flush()
    for line in lines:
        text = line.decode().rstrip()
        word = text.split()[0].upper()
        for reply in answers[word](text):
            lines.write(reply.encode() + b"\r\n")
            lines.flush()


@recorded("applications/smtp.pcap")
def smtp(network: Stage) -> None:
    """Python's smtplib delivers a short letter to a server that takes every one (RFC 5321)."""

    def serve() -> None:
        with accepted(listener) as server, server.makefile("rwb") as lines:

            def take_letter(line: str) -> Iterator[str]:
                yield "354 a dot alone ends it"
                while lines.readline() != b".\r\n":
                    pass
                yield "250 taken"

            greeting, bye = f"220 {NAME} takes letters", just("221 bye")
            answers = {"EHLO": just(f"250 {NAME}"), "MAIL": just("250 go on"), "RCPT": just("250 known here")}
            attend(lines, greeting, {**answers, "DATA": take_letter, "QUIT": bye})

    with listening(network, SMTP) as listener, meanwhile(serve), network.client.inside():
        post = smtplib.SMTP(network.address, SMTP, local_hostname="client.example", timeout=LONGEST_SECONDS)
        post.sendmail("ada@client.example", [f"bob@{NAME}"], "Subject: wire\n\nHello at the other end.\n")
        post.quit()


def serve_file(network: Stage, listener: socket.socket) -> None:
    """A server of one file (RFC 959), by a second connection: opened by the client (PASV) or by the server (PORT)."""
    prepared: list[Callable[[], socket.socket]] = []

    def passive(line: str) -> Iterator[str]:
        opened = stream(network, network.server)
        opened.bind((SERVER, 0))
        opened.listen()
        prepared.append(lambda: accepted(opened))
        yield f"227 Entering Passive Mode ({numbered(*opened.getsockname())})"

    def active(line: str) -> Iterator[str]:
        *address, high, low = line.split()[1].split(",")

        def connect() -> socket.socket:
            opened = stream(network, network.server)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((SERVER, FTP_DATA))
            opened.connect((".".join(address), int(high) * 256 + int(low)))
            return opened

        prepared.append(connect)
        yield "200 I shall call you"

    def retrieve(line: str) -> Iterator[str]:
        yield "150 here it comes"
        with prepared.pop()() as second:
            second.sendall(LINE)
        yield "226 that was all"

    with accepted(listener) as server, server.makefile("rwb") as lines:
        easy = {"USER": just("331 whoever you are"), "PASS": just("230 welcome"), "TYPE": just("200 octets")}
        attend(
            lines,
            f"220 {NAME} has a file",
            {**easy, "PASV": passive, "PORT": active, "RETR": retrieve, "QUIT": just("221 bye")},
        )


def numbered(address: str, port: int) -> str:
    """As FTP writes an address and a port: six numbers."""
    return ",".join([*address.split("."), str(port // 256), str(port % 256)])


def fetch(network: Stage, passive: bool) -> None:
    """Python's ftplib logs in, fetches the file, and quits."""
    received: list[bytes] = []
    with listening(network, FTP) as listener, meanwhile(lambda: serve_file(network, listener)), network.client.inside():
        ftp = ftplib.FTP()
        ftp.connect(network.address, FTP, timeout=LONGEST_SECONDS)
        ftp.login()
        ftp.set_pasv(passive)
        ftp.retrbinary("RETR hello.txt", received.append)
        ftp.quit()
    expect(b"".join(received), LINE)


@recorded("applications/ftp-passive.pcap")
def ftp_passive(network: Stage) -> None:
    """The client opens the second connection, to a port that the server names on the first."""
    fetch(network, passive=True)


@recorded("applications/ftp-active.pcap")
def ftp_active(network: Stage) -> None:
    """The server opens the second connection, from port 20 to a port that the client names on the first."""
    fetch(network, passive=False)

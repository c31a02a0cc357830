"""`rawkit net up FILE`: a network for a person, while a shell or a command runs on one of its hosts."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import click

from rawkit.cli.main import one_line, say
from rawkit.errors import RawkitError
from rawkit.lab import Host, Network
from rawkit.lab.description import EXAMPLE, read


@click.group("net")
def command() -> None:
    """Set up a network of your own: hosts, routers and switches inside this machine, sealed, and gone at the end.

    It needs no root: `rawkit doctor` says what forbids it where it does not work.
    """


@command.command(short_help="Print a description that says all there is to say.")
def example() -> None:
    """Print a description that says all there is to say: rawkit net example > lab.toml."""
    print(EXAMPLE.read_text(), end="")


@command.command(short_help="Set up what FILE describes, and run something there.")
@click.argument("file", type=click.Path())
@click.option("--on", "name", metavar="HOST", help="Where COMMAND runs; else on the first host of the file.")
@click.argument("words", metavar="[-- COMMAND...]", nargs=-1, type=click.UNPROCESSED)
def up(file: str, name: str | None, words: tuple[str, ...]) -> int:
    """Set up the network that FILE describes, and run COMMAND on one of its hosts; without COMMAND, a shell.

    When COMMAND ends, or rawkit is ended, the network is gone, and so is whatever else runs in it. COMMAND is root of
    the network, and of nothing else. The exit code is that of COMMAND; what is wrong with FILE is 2, and 3 is a machine
    that allows no namespaces.
    """
    description = read(file)
    with description.network() as net:
        description.build(net)
        host = net[description.names[0] if name is None else name]
        if words:
            code = run(host, words)
        else:
            say_what_is_there(net, host)
            code = run_shell(host)
    return 128 - code if code < 0 else code


def say_what_is_there(net: Network, here: Host) -> None:
    """Every host with its interfaces, to know what to type."""
    ends = {(one, its): f"{other.name} {others}" for one, its, other, others in net.links}
    ends |= {(other, others): f"{one.name} {its}" for one, its, other, others in net.links}
    for host in net.hosts.values():
        for interface in host.interfaces.values():
            if (host, interface.name) in ends:
                addresses = " ".join(interface.addresses)
                cable = f"{host.name} {interface.name} -- {ends[host, interface.name]}"
                say(f"{cable:32} {addresses}".rstrip())
    say(f"this is {here.name}; exit ends the network")


def run(host: Host, words: Sequence[str], has_terminal: bool = False) -> int:
    """Run a command with this process's standard streams; how it ended, as `subprocess` says it."""
    sys.stdout.flush()
    try:
        with keys_are_the_command_s(), host.start(words, has_terminal=has_terminal) as process:
            return process.wait()
    except (FileNotFoundError, NotADirectoryError):
        raise RawkitError(f"no program {one_line(words[0])!r} to run on {host.name}") from None


@contextmanager
def keys_are_the_command_s() -> Iterator[None]:
    """A terminal's Ctrl-C interrupts whoever runs there, and ends no network with a Python prompt on it."""
    if sys.stdin is None or not sys.stdin.isatty():
        yield
        return
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, interrupt)


def run_shell(host: Host) -> int:
    """The user's shell. It takes the terminal, where there is one; at the end that is ours again."""
    shell = [os.environ.get("SHELL") or "/bin/sh"]
    if sys.stdin is None or not sys.stdin.isatty():
        return run(host, shell)
    ours = os.tcgetpgrp(sys.stdin.fileno())
    try:
        return run(host, shell, has_terminal=True)
    finally:
        stopping = signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # what a process in the background gets for this
        with suppress(OSError):  # the terminal may be gone
            os.tcsetpgrp(sys.stdin.fileno(), ours)
        signal.signal(signal.SIGTTOU, stopping)

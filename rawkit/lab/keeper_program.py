"""The program that keeps a network's namespaces: `rawkit.lab.keeper` starts it and asks it, one request at a time.

It is a program of its own because only a process with one thread may make a user namespace, and stays in it for good.
It is process 1 of a process namespace, so that whatever was started on a host ends when it ends: the kernel sees to
that (pid_namespaces(7)). And it ends when the owner closes the control socket, or dies of whatever.

A request is one JSON object, with file descriptors beside it: `id`, `do` (a method of `Keeper`), `host` (its number,
where the request is about one), and what else the method takes. The answer has the `id` and `value`, or what is wrong:
`errno`, `strerror` and perhaps `filename`.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from rawkit.lab import kernel

LARGEST_MESSAGE = 1 << 18
MOST_DESCRIPTORS = 8
INDICES = ("index", "ifindex", "oif", "master")
"""Settings of netlink that are numbers of interfaces; names are given."""

Answer = tuple[Any, Sequence[int]]
"""A value for JSON, and file descriptors, which are closed here after they are sent."""


def main(control: socket.socket, owner: int) -> None:
    """Make the namespaces, tell the owner, and serve until `control` is closed or `owner` (a pidfd) is readable."""
    try:
        kernel.leave(kernel.NEW_NET | kernel.NEW_PID | kernel.NEW_UTS | kernel.NEW_MOUNTS)
    except OSError as error:
        control.send(encoded(0, failure(error)))
        return
    child = os.fork()
    if child:  # who waits for this process waits until everything in the process namespace has ended
        control.close()
        for number in (signal.SIGINT, signal.SIGQUIT):  # a terminal's keys are for the owner and for what it runs
            signal.signal(number, signal.SIG_IGN)
        os.waitpid(child, 0)
        return
    kernel.die_with_parent(signal.SIGKILL)
    with suppress(OSError):  # without it, programs that look for themselves in /proc (ps) do not work
        kernel.show_own_processes()
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGCHLD):
        signal.signal(number, do_nothing)  # unlike SIG_IGN, no program that is started here inherits it
    Keeper(control, owner).serve()


def do_nothing(number: int, frame: FrameType | None) -> None:
    """Handles a signal."""


class Keeper:
    """The namespaces of the hosts, and what was started in them."""

    def __init__(self, control: socket.socket, owner: int) -> None:
        self.control = control
        self.owner = owner
        self.hosts: list[tuple[int, int]] = []  # each the descriptors of its network and its name
        self.routes: dict[int, Any] = {}  # number of a host -> its netlink socket
        self.running: dict[int, int] = {}  # process -> the socket that is to be told how it ended
        self.verbs: dict[str, Callable[..., Answer]] = {
            "host": self.host,
            "namespace": self.namespace,
            "socket": self.socket,
            "start": self.start,
            "sysctl": self.sysctl,
            "netlink": self.netlink,
            "interfaces": self.interfaces,
        }

    def serve(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # nobody waits any more: the next look tells
            self.control.send(encoded(0, {"value": None}))
        woken, wake = socket.socketpair()
        for end in (woken, wake):
            end.setblocking(False)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        poll = select.poll()
        for descriptor in (self.control.fileno(), self.owner, woken.fileno()):
            poll.register(descriptor, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self.owner in ready:
                return
            if woken.fileno() in ready:
                woken.recv(4096)
                self.reap()
            if self.control.fileno() in ready and not self.answer():
                return

    def answer(self) -> bool:
        """Deal with one request; False when the owner has closed."""
        message, descriptors, _, _ = socket.recv_fds(self.control, LARGEST_MESSAGE, MOST_DESCRIPTORS)
        if not message:
            return False
        request = json.loads(message)
        number, verb = request.pop("id"), self.verbs[request.pop("do")]
        given: Sequence[int] = ()
        try:
            if descriptors:
                request["descriptors"] = descriptors
            if "host" in request:
                for each in self.hosts[request["host"]]:
                    kernel.enter(each)
            value, given = verb(**request)
            reply = encoded(number, {"value": value})
        except Exception as error:
            reply = encoded(number, failure(error))
        finally:
            close(descriptors)
        try:
            socket.send_fds(self.control, [reply], given)
        except (BrokenPipeError, ConnectionResetError):
            return False  # he has closed meanwhile
        finally:
            close(given)
        return True

    def reap(self) -> None:
        """Tell how the processes ended that have; orphans of theirs end here too."""
        while True:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not process:
                return
            if process in self.running:
                told = self.running.pop(process)
                os.write(told, b"%d" % os.waitstatus_to_exitcode(status))
                os.close(told)

    # What can be asked.

    def host(self, name: str) -> Answer:
        """Another host; its number is how many there were before it."""
        kernel.unshare(kernel.NEW_NET | kernel.NEW_UTS)
        socket.sethostname(name)
        self.hosts.append((kernel.namespace("net"), kernel.namespace("uts")))
        return None, ()

    def namespace(self, host: int) -> Answer:
        """The descriptor of the host's network."""
        return None, [os.dup(self.hosts[host][0])]

    def socket(self, host: int, family: int, kind: int, protocol: int) -> Answer:
        return None, [socket.socket(family, kind, protocol).detach()]

    def start(
        self,
        host: int,
        arguments: list[str],
        environment: dict[str, str],
        folder: str,
        has_terminal: bool,
        descriptors: list[int],
    ) -> Answer:
        """A program with three descriptors for its standard streams; the fourth is told how it ended, as `os` says it.

        Answers with a descriptor that stands for the process.
        """
        into, out, errors, told = descriptors
        process = subprocess.Popen(
            arguments,
            stdin=into,
            stdout=out,
            stderr=errors,
            env=environment,
            cwd=folder,
            preexec_fn=take_terminal if has_terminal else None,  # this process has one thread, so that it may
        )
        process.returncode = 0  # reap() waits for it
        self.running[process.pid] = os.dup(told)
        return None, [os.pidfd_open(process.pid)]

    def sysctl(self, host: int, name: str, value: str | None) -> Answer:
        """/proc/sys/net shows the network of whoever opens it."""
        path = Path("/proc/sys/net", name)
        if value is not None:
            path.write_text(value)
        return path.read_text().strip(), ()

    def netlink(self, host: int, noun: str, verb: str, settings: dict[str, Any]) -> Answer:
        """`settings` as pyroute2 has them, but for interfaces, which are named, and for the host of a cable's peer."""
        for each in INDICES:
            if isinstance(settings.get(each), str):
                settings[each] = index(settings[each])
        if "peer" in settings:
            settings["peer"]["net_ns_fd"] = self.hosts[settings["peer"].pop("host")][0]
        getattr(self.of(host), noun)(verb, **settings)
        return None, ()

    def interfaces(self, host: int) -> Answer:
        """What netlink says of every interface, and of its addresses."""
        routes = self.of(host)
        found = {}
        for link in routes.get_links():
            about = link.get_attr("IFLA_LINKINFO")
            found[link["index"]] = {
                "index": link["index"],
                "name": link.get_attr("IFLA_IFNAME"),
                "mac": link.get_attr("IFLA_ADDRESS"),
                "mtu": link.get_attr("IFLA_MTU"),
                "state": link.get_attr("IFLA_OPERSTATE"),
                "kind": about.get_attr("IFLA_INFO_KIND") if about else "",
                "addresses": [],
            }
        for each in routes.get_addr():
            found[each["index"]]["addresses"].append(f"{each.get_attr('IFA_ADDRESS')}/{each['prefixlen']}")
        return list(found.values()), ()

    def of(self, host: int) -> Any:
        """The netlink socket of a host, which stays in it."""
        if host not in self.routes:
            from pyroute2 import IPRoute  # here, because it takes longer to load than all the rest

            self.routes[host] = IPRoute()
        return self.routes[host]


def take_terminal() -> None:
    """In a process that is to become a shell: a process group of its own has the terminal, as shells expect."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # what a process in the background gets for this
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)


def index(interface: str) -> int:
    try:
        return socket.if_nametoindex(interface)
    except OSError as error:
        error.strerror = f"no interface {interface!r}"
        raise


def failure(error: Exception) -> dict[str, Any]:
    """What went wrong, for the answer; pyroute2's errors have a number and a text too, but are no OSError."""
    if isinstance(error, OSError):
        return {"errno": error.errno or 0, "strerror": error.strerror or str(error), "filename": error.filename}
    code = getattr(error, "code", 0)
    return {"errno": code, "strerror": os.strerror(code) if code else f"{type(error).__name__}: {error}"}


def encoded(number: int, content: dict[str, Any]) -> bytes:
    return json.dumps({"id": number, **content}).encode()


def close(descriptors: Sequence[int]) -> None:
    for each in descriptors:
        os.close(each)

"""The owner's side of the process that keeps a network's namespaces (`keeper_program`)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from rawkit.errors import RawkitError
from rawkit.lab.forbidden import NoNamespaces, refusal
from rawkit.lab.keeper_program import LARGEST_MESSAGE, MOST_DESCRIPTORS, close

PATIENCE_S = 5
"""After that, a keeper that was told to end is made to."""

PROGRAM = """\
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
import socket, sys
sys.path[:] = sys.argv[3:]
from rawkit.lab.keeper_program import main
main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
"""
"""With the owner's own search path, wherever that has rawkit from."""


class NetworkGone(RawkitError):
    """The process that kept the network has ended, and nothing of the network is left."""

    def __init__(self) -> None:
        super().__init__("the network is gone: it has ended, or the process that kept it was killed")


class Keeper:
    """A running keeper. May be asked by any thread. NotPermitted where the machine allows no namespaces."""

    def __init__(self) -> None:
        if sys.platform != "linux":
            raise NoNamespaces("namespaces are Linux's", "a Linux machine, or one in a virtual machine")
        self._lock = threading.Lock()
        self._asked = 0
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ExitStack() as undo:
            undo.callback(self._control.close)
            with theirs:
                self._process = _started(theirs.fileno())
            undo.callback(self.close)
            try:
                self._receive(0)
            except OSError as error:
                raise refusal(error) from None
            undo.pop_all()

    def ask(self, do: str, descriptors: Sequence[int] = (), **what: object) -> tuple[Any, list[int]]:
        """The answer's value and its file descriptors; OSError with the number that the kernel gave."""
        with self._lock:
            if self._control.fileno() < 0:
                raise NetworkGone
            self._asked += 1
            message = json.dumps({"id": self._asked, "do": do, **what}).encode()
            try:
                socket.send_fds(self._control, [message], descriptors)
            except (BrokenPipeError, ConnectionResetError):
                raise NetworkGone from None
            return self._receive(self._asked)

    def _receive(self, number: int) -> tuple[Any, list[int]]:
        """The answer to this request; one whose asker was interrupted while waiting is passed over."""
        while True:
            try:
                message, descriptors, _, _ = socket.recv_fds(self._control, LARGEST_MESSAGE, MOST_DESCRIPTORS)
            except ConnectionResetError:
                message = b""
            if not message:
                raise NetworkGone
            answer = json.loads(message)
            if answer["id"] != number:
                close(descriptors)
            elif "errno" in answer:
                raise OSError(answer["errno"], answer["strerror"], answer.get("filename"))
            else:
                return answer["value"], descriptors

    def close(self) -> None:
        """End it, and with it everything on its hosts; returns when that has ended."""
        self._control.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _started(control: int) -> subprocess.Popen[bytes]:
    """The program, with its end of the control socket and a descriptor by which it sees this process end."""
    owner = os.pidfd_open(os.getpid())
    try:
        path = [os.path.abspath(each) for each in sys.path]  # noqa: PTH100  # "" is the current folder
        command = [sys.executable, "-P", "-c", PROGRAM, str(control), str(owner), *path]
        return subprocess.Popen(command, pass_fds=(control, owner), stdin=subprocess.DEVNULL)
    finally:
        os.close(owner)

"""The owner's side of the process that keeps a network's namespaces (`keeper_program`)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from rawkit.errors import RawkitError
from rawkit.lab.forbidden import refusal
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
        self._lock = threading.Lock()
        self._asked = 0
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        owner = os.pidfd_open(os.getpid())
        with theirs:
            descriptors = (theirs.fileno(), owner)
            path = [os.path.abspath(each) for each in sys.path]  # noqa: PTH100  # "" is the current folder
            command = [sys.executable, "-P", "-c", PROGRAM, *map(str, descriptors), *path]
            self._process = subprocess.Popen(command, pass_fds=descriptors, stdin=subprocess.DEVNULL)
        os.close(owner)
        try:
            self._receive(0)
        except OSError as error:
            self.close()
            raise refusal(error) from None
        except BaseException:
            self.close()
            raise

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
            message, descriptors, _, _ = socket.recv_fds(self._control, LARGEST_MESSAGE, MOST_DESCRIPTORS)
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

"""A program on a host: like `subprocess`, but started by the keeper, so that it ends with the network."""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, CalledProcessError, CompletedProcess, TimeoutExpired
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any

from rawkit.lab.keeper import Keeper

Argument = str | bytes | os.PathLike[str]
Stream = int | IO[Any] | None
"""None is this process's own; else PIPE, DEVNULL, STDOUT (for errors), a file, or a file's descriptor."""

GONE = -signal.SIGKILL
"""How a program ended that ended with its network."""


class Process:
    """A program that runs on a host. `with` kills it at the end, if it still runs, and closes its pipes."""

    def __init__(self, arguments: Sequence[str], descriptor: int, status: socket.socket, pipes: list[IO[bytes] | None]):
        self.args = arguments
        self.stdin, self.stdout, self.stderr = pipes
        self.returncode: int | None = None
        """How it ended: as its program said, or minus the number of the signal that ended it; None while it runs."""
        self._descriptor, self._status = descriptor, status
        self.pid = _pid(descriptor)
        """Its number as this process sees it; it sees another one itself."""

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.wait()
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe:
                pipe.close()

    def poll(self) -> int | None:
        """`returncode`, as it is now."""
        return self._ended(0) if self.returncode is None else self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """`returncode`, once there is one; TimeoutExpired after `timeout` seconds."""
        code = self._ended(timeout) if self.returncode is None else self.returncode
        if code is None:
            raise TimeoutExpired(self.args, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.poll() is None:
            try:
                signal.pidfd_send_signal(self._descriptor, number)
            except ProcessLookupError:
                return  # just now

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if not select.select([self._status], [], [], timeout)[0]:
            return None
        told = self._status.recv(16)
        self.returncode = int(told) if told else GONE
        self._status.close()
        os.close(self._descriptor)
        return self.returncode


def start(
    keeper: Keeper,
    host: int,
    arguments: Sequence[Argument],
    stdin: Stream = None,
    stdout: Stream = None,
    stderr: Stream = None,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    has_terminal: bool = False,
) -> Process:
    """Start a program; FileNotFoundError and PermissionError as `subprocess` has them.

    With `has_terminal` it is a shell whose standard input is a terminal, and gets that terminal's keys alone.
    """
    words = [os.fsdecode(each) for each in arguments]
    ours, theirs = socket.socketpair()
    with theirs, ExitStack() as passed:
        try:
            streams = _Streams(passed)
            into, out = streams.given(stdin, 0), streams.given(stdout, 1)
            errors = out if stderr == STDOUT else streams.given(stderr, 2)
            _, (descriptor,) = keeper.ask(
                "start",
                [into, out, errors, theirs.fileno()],
                host=host,
                arguments=words,
                environment=dict(os.environ if env is None else env),
                folder=os.fspath(Path.cwd() if cwd is None else cwd),
                has_terminal=has_terminal,
            )
        except BaseException:
            ours.close()
            raise
    return Process(words, descriptor, ours, streams.pipes)


class _Streams:
    """The descriptors for a program's standard streams, and our ends of those that are pipes."""

    def __init__(self, passed: ExitStack) -> None:
        self.pipes: list[IO[bytes] | None] = [None, None, None]
        self._passed = passed

    def given(self, stream: Stream, number: int) -> int:
        if stream is None:
            return number if _is_open(number) else self._nothing()
        if stream == DEVNULL:
            return self._nothing()
        if stream == PIPE:
            return self._pipe(number)
        return stream if isinstance(stream, int) else stream.fileno()

    def _nothing(self) -> int:
        descriptor = os.open(os.devnull, os.O_RDWR)
        self._passed.callback(os.close, descriptor)
        return descriptor

    def _pipe(self, number: int) -> int:
        out, into = os.pipe()
        ours, theirs = (into, out) if number == 0 else (out, into)
        self._passed.callback(os.close, theirs)
        self.pipes[number] = os.fdopen(ours, "wb" if number == 0 else "rb", 0 if number == 0 else -1)
        return theirs


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def run(
    keeper: Keeper,
    host: int,
    arguments: Sequence[Argument],
    input: bytes | str | None = None,  # noqa: A002  # as subprocess.run has it
    capture_output: bool = False,
    text: bool = False,
    timeout: float | None = None,
    check: bool = False,
    **how: Any,
) -> CompletedProcess[Any]:
    """Start a program and wait for it. What it says goes through files, so that no reader is needed meanwhile."""
    with ExitStack() as files:
        if input is not None:
            how["stdin"] = files.enter_context(_holding(input))
        if capture_output:
            how["stdout"], how["stderr"] = (files.enter_context(TemporaryFile()) for _ in range(2))
        with start(keeper, host, arguments, **how) as process:
            code = process.wait(timeout)
        out, errors = (_content(how[each], text) if capture_output else None for each in ("stdout", "stderr"))
    if check and code:
        raise CalledProcessError(code, list(process.args), out, errors)
    return CompletedProcess(list(process.args), code, out, errors)


@contextmanager
def _holding(content: bytes | str) -> Iterator[IO[bytes]]:
    with TemporaryFile() as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.seek(0)
        yield file


def _content(file: IO[bytes], text: bool) -> bytes | str:
    file.seek(0)
    content = file.read()
    return content.decode() if text else content


def _pid(descriptor: int) -> int:
    """The process that a descriptor stands for: pidfd_open(2), proc(5); -1 where it has ended already."""
    for line in Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return 0

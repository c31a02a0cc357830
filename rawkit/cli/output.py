"""Standard output: there even where the process was started without one, and named where writing to it fails."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

NAME = "standard output"


class Nowhere(io.TextIOBase):
    """Takes every text and keeps none. It has no `buffer`, so that a capture written there is refused and not lost."""

    def write(self, text: str, /) -> int:
        return len(text)


class Named:
    """A text stream whose errors say which it is: `print` knows no file's name."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> Any:
        try:
            return self._stream.write(text)
        except OSError as error:
            error.filename = NAME
            raise

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            error.filename = NAME
            raise


@contextmanager
def named() -> Iterator[None]:
    """Inside, `sys.stdout` names itself; in a process that was started without one (`rawkit ... >&-`) it is nowhere."""
    stream: Any = Nowhere() if sys.stdout is None else Named(sys.stdout)
    with redirect_stdout(stream):
        yield


def flush() -> None:
    """Deliver what was printed so far."""
    if sys.stdout is not None:
        sys.stdout.flush()


def discard() -> None:
    """Let the interpreter's last flush go to nowhere: it would complain about what cannot be delivered."""
    if sys.stdout is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)

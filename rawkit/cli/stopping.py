"""Being told to stop (SIGTERM, SIGHUP) passes through every `with`, as an error does: files are whole or absent."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked the process to end. As `KeyboardInterrupt`, no `except Exception` takes it for an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number
        """The exit code, as a shell reports a process that the signal ended."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, the signals raise `Stopped`. One that is ignored (nohup) or has a handler of its own stays as it is."""
    ours = [number for number in SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        ours = []  # only the main thread may say what a signal does
    for number in ours:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> None:
    """A closing terminal may say so twice: that interrupts no tidying up. Who asks again is not kept waiting."""
    for each, from_now in ((signal.SIGHUP, signal.SIG_IGN), (signal.SIGTERM, signal.SIG_DFL)):
        if signal.getsignal(each) is _stop:
            signal.signal(each, from_now)
    raise Stopped(number)

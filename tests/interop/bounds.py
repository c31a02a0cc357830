"""What no input and no import may do: take long, say a word, keep a file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 5
"""The bar of every hostile input; the processor's time, which is loose, because a test must not depend on a machine."""


@contextmanager
def within_bounds() -> Iterator[None]:
    """What is done meanwhile takes at most `SECONDS`."""
    begin = time.process_time()
    yield
    assert time.process_time() - begin < SECONDS


def runs_silently(program: str, home: Path) -> None:
    """A program in a fresh interpreter ends well, prints nothing, and leaves nothing in the user's folders."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"HOME": str(home), "XDG_CACHE_HOME": f"{home}/cache"},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not list(home.rglob("*"))

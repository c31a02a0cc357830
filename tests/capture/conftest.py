"""What several tests of files need."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator

import pytest


@pytest.fixture
def file_size_limit(request: pytest.FixtureRequest) -> Iterator[int]:
    """The system refuses to let a file grow beyond this, as a full disk would: works for anyone, root included.

    A parameter is how many octets beyond ten records of 100 it takes (default 50).
    """
    limit = 24 + 100 * 10 + getattr(request, "param", 50)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)

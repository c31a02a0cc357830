"""Networks for tests, where the machine allows them; elsewhere each test of one is skipped, and named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from rawkit.lab import Host, Network
from tests.lab.users import USERS, why_not


@pytest.fixture(scope="session")
def namespaces() -> None:
    if why_not():
        pytest.skip(f"no namespaces ({why_not()})")


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest, namespaces: None) -> str:
    """Each user that a test is to run as."""
    return str(request.param)


class Pair(NamedTuple):
    network: Network
    a: Host
    b: Host


@pytest.fixture(scope="module")
def pair(namespaces: None) -> Iterator[Pair]:
    """Two hosts and a cable, for the tests of a module that leave them as they are."""
    with Network() as network:
        a, b = network.host("a"), network.host("b")
        network.link(a, b)
        yield Pair(network, a, b)

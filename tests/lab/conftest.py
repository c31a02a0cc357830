"""Networks that the tests of a module share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from rawkit.lab import Host, Network


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

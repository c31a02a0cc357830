"""The constructor that `help` and editors show: true before the first header is made, and afterwards."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from rawkit.protocols import catalog
from rawkit.wire import Header
from rawkit.wire.header import HeaderType

FRESH = """
import inspect
from rawkit import MSS, UDP, Ethernet
before = [str(inspect.signature(each)) for each in (UDP, MSS, Ethernet)]
UDP(), MSS(), Ethernet()
assert before == [str(inspect.signature(each)) for each in (UDP, MSS, Ethernet)]
print(*before, sep="\\n")
"""


def test_it_is_known_before_the_first_header_is_made() -> None:
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "(*, sport=0, dport=AUTO, length=AUTO, checksum=AUTO)",
        "(value=0, *, kind=2, length=AUTO)",
        "(*, dst=MACAddress('00:00:00:00:00:00'), src=MACAddress('00:00:00:00:00:00'), type=AUTO)",
    ]


@pytest.mark.parametrize("kind", list(catalog.classes()), ids=lambda kind: kind.__name__)
def test_every_constructor_takes_what_it_says(kind: type[Header]) -> None:
    """The defaults that it shows, given by hand, make the same header."""
    shown = inspect.signature(kind).bind()
    shown.apply_defaults()
    assert set(shown.arguments) == set(kind.layout.fields)
    assert kind(*shown.args, **shown.kwargs) == kind()


def test_the_bases_and_the_metaclass_have_their_own() -> None:
    assert "type" not in inspect.signature(Header).parameters
    assert "namespace" in inspect.signature(HeaderType).parameters

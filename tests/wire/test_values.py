"""Flags and addresses as values of their own."""

from __future__ import annotations

import pytest

from rawkit.errors import FieldError
from rawkit.protocols import IPv4Flags, TCPFlags
from rawkit.wire import MACAddress


def test_flags_hold_letters_when_all_of_them_are_set() -> None:
    """As the sets of Python's own `enum.Flag`."""
    assert "S" in TCPFlags("SA")
    assert "SA" in TCPFlags("SPA")
    assert "SF" not in TCPFlags("S")
    assert "DF" not in IPv4Flags("MF")
    assert "" in TCPFlags("")


@pytest.mark.parametrize("text", ["2:0:0:0:0:1", "02-00-00-00-00-01", "0200.0000.0001", "02:00-00:00:00:01"])
def test_spellings_of_a_mac_address(text: str) -> None:
    assert MACAddress(text) == "02:00:00:00:00:01"


@pytest.mark.parametrize(
    "text", [" 1:+2:3_3:4:5:6", "1:2:3:4:5:6 ", "1:2:3:4:5", "1::3:4:5:6", "0102:03:04:05:06", "02000000.0001."]
)
def test_what_is_no_mac_address(text: str) -> None:
    with pytest.raises(FieldError, match="no MACAddress"):
        MACAddress(text)

"""Flags and addresses as values of their own."""

from __future__ import annotations

import ipaddress

import pytest

from rawkit.errors import FieldError
from rawkit.protocols import IPv4, IPv4Flags, IPv6, RecordRoute, TCPFlags
from rawkit.wire import Address, IPv4Address, IPv6Address, MACAddress
from rawkit.wire.address import KEPT_ADDRESSES
from rawkit.wire.field import KEPT_FLAGS, FlagNumbers


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


def test_the_standard_library_s_addresses_are_taken() -> None:
    four, six = ipaddress.IPv4Address("10.0.0.1"), ipaddress.IPv6Address("fd00::1")
    assert (IPv4Address(four), IPv6Address(six)) == ("10.0.0.1", "fd00::1")
    header = IPv4(src=four, options=[RecordRoute(route=[four, "10.0.0.2"])])
    assert (header.src, header.options[0].route) == ("10.0.0.1", ("10.0.0.1", "10.0.0.2"))  # type: ignore[attr-defined]
    assert IPv6(dst=six).dst == "fd00::1"
    assert (IPv4() / b"").replace(IPv4, dst=four)[IPv4].dst == "10.0.0.1"


def test_the_standard_library_s_address_of_another_kind_is_not_taken() -> None:
    six = ipaddress.IPv6Address("fd00::1")
    with pytest.raises(FieldError, match=r"IPv4\.src: IPv6Address\('fd00::1'\) is no IPv4Address"):
        IPv4(src=six)  # type: ignore[arg-type]
    with pytest.raises(FieldError, match="is no MACAddress"):
        MACAddress(six)
    with pytest.raises(FieldError, match="is no IPv4Address"):
        IPv4Address(ipaddress.IPv4Network("10.0.0.0/24"))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [IPv4Address, IPv6Address, MACAddress])
def test_addresses_are_in_the_order_of_their_numbers(kind: type[Address]) -> None:
    low, same, high = kind(9), kind(9), kind(10)
    assert (low < same, low <= same, low > same, low >= same) == (False, True, False, True)
    assert (low < high, low <= high, low > high, low >= high) == (True, True, False, False)
    assert sorted([high, low]) == [low, high]


def test_the_tables_are_of_a_size_that_is_told() -> None:
    assert (KEPT_ADDRESSES, KEPT_FLAGS) == (65_536, 1_024)


def test_addresses_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rawkit.wire.address.KEPT_ADDRESSES", 3)
    interned, packings = type(IPv4Address.interned)(IPv4Address), type(IPv4Address.packings)(IPv4Address)
    sizes = []
    for number in range(8):
        octets = bytes([10, 0, 0, number])
        assert packings[interned[octets]] == octets
        sizes.append((len(interned), len(packings)))
    assert sizes == [(1, 1), (2, 2), (3, 3), (1, 1), (2, 2), (3, 3), (1, 1), (2, 2)]


def test_spellings_of_flags_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rawkit.wire.field.KEPT_FLAGS", 2)
    numbers = FlagNumbers(TCPFlags)
    assert [numbers[letters] for letters in ("S", "A", "SA", "SA")] == [2, 16, 18, 18]
    assert len(numbers) == 2

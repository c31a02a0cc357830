"""The recordings that come with rawkit are found in a clone and in an installed package."""

from __future__ import annotations

import pytest

from rawkit import bundled
from rawkit.errors import RawkitError


def test_every_bundled_capture_is_there_with_its_facts() -> None:
    assert bundled.names()
    for name in bundled.names():
        assert bundled.path(name).with_suffix(".toml").is_file()


def test_an_unknown_name_suggests_the_nearest() -> None:
    known = bundled.names()[0]
    with pytest.raises(RawkitError, match=f"did you mean '{known}'"):
        bundled.path(known + "x")


def test_a_path_out_of_the_folder_is_no_name() -> None:
    with pytest.raises(RawkitError):
        bundled.path("../pyproject.toml")

"""The recordings that come with rawkit are found in a clone and in an installed package, and by their names."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import rawkit
from rawkit import bundled
from rawkit.errors import RawkitError


def test_every_bundled_capture_is_there_with_its_facts() -> None:
    assert bundled.names()
    for name in bundled.names():
        assert bundled.path(name).with_suffix(".toml").is_file()


def test_each_is_called_by_its_name_with_its_ending_or_without() -> None:
    shorts = [name.rpartition(".")[0] for name in bundled.names()]
    assert len(set(shorts)) == len(shorts)
    for short, name in zip(shorts, bundled.names(), strict=True):
        assert bundled.path(short) == bundled.path(name)


def test_what_is_said_of_each() -> None:
    found = {each.name: each for each in bundled.described()}
    assert list(found) == [name.rpartition(".")[0] for name in bundled.names()]
    assert found["tcp/echo"].packets == 12
    assert all(each.sentence.endswith(".") and each.concepts for each in found.values())


@pytest.mark.parametrize(
    ("wrong", "near"), [("tcp/ehco", "tcp/echo"), ("tcp/echo.pcp", "tcp/echo.pcap"), ("half-close", "tcp/half-close")]
)
def test_an_unknown_name_suggests_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(RawkitError, match=f"did you mean '{near}'"):
        bundled.path(wrong)


@pytest.mark.parametrize("name", ["../pyproject.toml", "tcp/../tcp/echo", "/etc/passwd", "", "tcp"])
def test_a_path_out_of_the_folder_is_no_name(name: str) -> None:
    with pytest.raises(RawkitError):
        bundled.path(name)


def test_a_name_is_read_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with rawkit.read("captures:tcp/echo") as capture:
        assert len(list(capture)) == 12
        assert capture.path == "captures:tcp/echo"
    with pytest.raises(RawkitError, match="no bundled capture 'tcp/ehco'"):
        rawkit.read("captures:tcp/ehco")


def test_a_file_of_such_a_name_is_read_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("captures:mine").write_bytes(bundled.path("tcp/echo").read_bytes())
    with rawkit.read("./captures:mine") as capture:
        assert len(list(capture)) == 12


def test_an_installed_package_has_every_capture_and_its_facts() -> None:
    project = Path(__file__).parent.parent
    declared = tomllib.loads((project / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["rawkit"]
    packed = {path.resolve() for pattern in declared for path in (project / "rawkit").glob(pattern)}
    captures = {bundled.path(name).resolve() for name in bundled.names()}
    assert captures | {path.with_suffix(".toml") for path in captures} <= packed

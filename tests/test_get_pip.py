"""pip from the package index: found, judged by its digest, and able to install itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from venv import EnvBuilder

import pytest

from scripts import get_pip
from tests.local_index import index_of


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of an index that has pip; it is the one that pip is configured for."""
    folder = tmp_path / "index"
    folder.mkdir()
    configuration = tmp_path / "pip.conf"
    with index_of(folder, "pip") as address:
        configuration.write_text(f"[global]\nindex-url = {address}/\n")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
        monkeypatch.delenv("PIP_INDEX_URL", raising=False)
        yield folder


def test_the_index_gives_pip_to_a_python_without(index: Path, tmp_path: Path) -> None:
    EnvBuilder(symlinks=True, with_pip=False).create(tmp_path / "env")
    python = tmp_path / "env/bin/python"
    assert not get_pip.succeeds([python, "-I", "-m", "pip", "--version"])
    assert get_pip.index_wheel(python)
    assert get_pip.succeeds([python, "-I", "-m", "pip", "--version"])


def test_what_has_another_digest_is_not_taken(index: Path, tmp_path: Path) -> None:
    (index / f"pip-{version('pip')}-py3-none-any.whl").write_bytes(b"something else")
    assert not get_pip.index_wheel(Path(sys.executable))


def test_an_index_that_cannot_be_asked_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    assert not get_pip.index_wheel(Path(sys.executable))


DIGEST = "#sha256=" + 64 * "0"


def test_the_newest_that_can_run_and_was_not_withdrawn() -> None:
    links = [
        f'<a href="a/pip-9.0.1-py2.py3-none-any.whl{DIGEST}">',
        f'<a href="a/pip-9.9-py3-none-any.whl{DIGEST}" data-requires-python="&gt;=3.7">',
        f'<a href="a/pip-24.0-py3-none-any.whl{DIGEST}">',
        f'<a href="a/pip-24.1b1-py3-none-any.whl{DIGEST}">',
        f'<a href="a/pip-25.0-py3-none-any.whl{DIGEST}" data-yanked="">',
        f'<a href="a/pip-98.0-py3-none-any.whl{DIGEST}" data-requires-python=">=3.{sys.version_info.minor + 1}">',
        '<a href="a/pip-99.0-py3-none-any.whl">',
    ]
    wheels = get_pip.Wheels()
    wheels.feed("\n".join(links))
    assert max(wheels.found) == ([24, 0], f"a/pip-24.0-py3-none-any.whl{DIGEST}")


def test_settings_as_pip_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert get_pip.pip_setting("index-url") is None
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = a\n")
    assert get_pip.pip_setting("index-url") == "a"
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = a\n[install]\nindex-url = b\n")
    assert get_pip.pip_setting("index-url") == "b"
    monkeypatch.setenv("PIP_INDEX_URL", "c")
    assert get_pip.pip_setting("index-url") == "c"

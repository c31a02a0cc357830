"""A package index on the loopback interface that has wheels of what the tests' own environment holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name that it has
        pass


@contextmanager
def index_of(folder: Path, *names: str) -> Iterator[str]:
    """Its address, while it is served from `folder`."""
    for name in names:
        add(name, folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=folder)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()
        thread.join()


def add(name: str, folder: Path) -> None:
    """A distribution's wheel, and its page (PEP 503). A wheel is a zip file of what it installs."""
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    wheel = folder / f"{name}-{installed.version}-py3-none-any.whl"
    with ZipFile(wheel, "w") as file:
        for each in installed.files or ():
            if ".." not in each.parts and each.suffix != ".pyc":
                file.write(each.locate(), each)
    page = folder / "simple" / name / "index.html"
    page.parent.mkdir(parents=True)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    page.write_text(f'<a href="../../{wheel.name}#sha256={digest}" data-requires-python="&gt;=3.9">{wheel.name}</a>')

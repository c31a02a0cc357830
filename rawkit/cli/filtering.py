"""A filter beside the name of a file: only the packets that match are taken."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from rawkit import bundled
from rawkit.capture import Frame
from rawkit.errors import RawkitError
from rawkit.filter import FilterError, FrameFilter, Resolve


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command `--deep` and `--names`, handed over by these names."""
    command = click.option(
        "--names", is_flag=True, help="In a filter: look up hosts by name; without this nothing is ever looked up."
    )(command)
    return click.option(
        "--deep", is_flag=True, help="In a filter: look behind VLAN tags and IPv6 extension headers, too."
    )(command)


def wanted(expression: str | None, deep: bool, names: bool) -> FrameFilter | None:
    """The filter, read; None where there is none. UsageError where options of one come without it."""
    if expression is None:
        if deep or names:
            raise click.UsageError(f"{'--deep' if deep else '--names'} is for a filter, and there is none")
        return None
    return FrameFilter(expression, deep=deep, resolve=resolver(names))


def matching(frames: Iterable[Frame], filter_: FrameFilter | None) -> Iterator[Frame]:
    """Those that match, or all where there is no filter."""
    return iter(frames) if filter_ is None else filter(filter_, frames)


def resolver(names: bool) -> Resolve | None:
    """What looks up a host's name; None where nothing may be looked up."""
    return look_up if names else None


def look_up(name: str) -> list[str]:
    """The addresses of a host; [] where nobody knows it."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # the latter: what no name can be
        return []
    return list(dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found))


def apart(words: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """Files and, where the last word is no file, the filter that it is. RawkitError where it is neither."""
    *files, last = words
    if not files or last == "-" or last.startswith(bundled.PREFIX) or Path(last).exists():
        return words, None
    try:
        FrameFilter(last, resolve=lambda name: ["0.0.0.0", "::"])
    except FilterError as wrong:
        if "/" in last or Path(last).suffix:
            return words, None  # a file that is not there: reading says so
        raise RawkitError(f"{last}: no such file, and as a {wrong}") from None
    return tuple(files), last

"""Every protocol that can be explained, with what else it is called."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from rawkit.protocols import catalog
from rawkit.show.paint import Paint, plain
from rawkit.show.paragraphs import clean, named, wrapped

HEAD = "Names of protocols, in any case; in brackets, what else they are called. Fields: tcp.dport, tcp.flags.syn."


def protocol_list(*, width: int = 80, paint: Paint = plain) -> str:
    """Headers with their messages, options by family, and what other libraries read."""
    lines = [*wrapped(HEAD, width)]
    lines += ["", paint("Headers", "name")]
    for cls in sorted(catalog.headers(), key=lambda cls: cls.__name__.lower()):
        names = ", ".join(name for name in catalog.other_names(cls) if "." not in name)
        messages = joined(catalog.messages(cls))
        told = [summary(cls.__doc__), f"With {messages}." if messages else ""]
        lines += entry(cls.__name__, f"{f' ({names})' if names else ''}: {' '.join(told)}", width, paint)
    lines += ["", paint("Options", "name")]
    for family, options in catalog.families().items():
        lines += entry(family.__name__, f": {joined(options)}", width, paint)
    lines += ["", paint("Read by other libraries (see `read -v`)", "name")]
    for name, module in catalog.applications().items():
        lines += entry(name, f": {summary(import_module(module).__doc__)}", width, paint)
    return "\n".join(lines)


def application_explanation(name: str, *, width: int = 80) -> str:
    """What rawkit has to say of a protocol that another library reads."""
    about = clean(import_module(catalog.applications()[name]).__doc__).split("\n\n")[0]
    there = "Its fields are not declared here: `read -v FILE` shows those of a message."
    return "\n".join(wrapped(f"{about}\n\n{there}", width))


def summary(doc: str | None) -> str:
    """The first line of what is said of a class or a module."""
    return clean(doc).partition("\n")[0]


def entry(name: str, text: str, width: int, paint: Paint) -> list[str]:
    """A name and what is said of it."""
    return named(name, text, width, paint, indent="  ", hanging=" " * 6)


def joined(kinds: Iterable[catalog.Class]) -> str:
    """`MSS, WindowScale`."""
    return ", ".join(kind.__name__ for kind in kinds)

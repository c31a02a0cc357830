"""`import rawkit` opens and loads nothing; its names load on first use."""

from __future__ import annotations

import ast
import pkgutil
import pydoc
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import rawkit

PROJECT = Path(__file__).parent.parent
HEAVY = {"numpy", "scapy", "dpkt", "rich", "click", "dns", "pyroute2"}

# Runs in a fresh interpreter: prints what `import rawkit` does that it may not. Python itself opens our source files.
WATCH = """
import sys
seen = []
FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.spawn", "pty.")
def hook(event, arguments):
    opens = event == "open" and not str(arguments[0]).endswith((".py", ".pyc"))
    opens = opens and ".pyc." not in str(arguments[0])  # the temporary name of a .pyc that is being written
    if armed and (opens or event.startswith(FORBIDDEN)):
        seen.append((event, str(arguments[0])))
armed = False
sys.addaudithook(hook)
armed = True
{action}
armed = False
print([*seen, *sorted({heavy!r} & set(sys.modules))])
"""


def watched(action: str) -> str:
    program = WATCH.replace("{action}", action).replace("{heavy!r}", repr(HEAVY))
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, cwd=PROJECT, check=True
    )
    return done.stdout.strip()


def test_import_opens_and_loads_nothing() -> None:
    assert watched("import rawkit") == "[]"


def test_the_names_load_nothing_heavy_either() -> None:
    assert watched("import rawkit; rawkit.Packet; rawkit.read; rawkit.IPv4; rawkit.RawkitError") == "[]"


@pytest.mark.parametrize("action", ["open('/dev/null')", "import socket; socket.socket()", "import click"])
def test_the_watch_itself_sees(action: str) -> None:
    assert watched(action) != "[]"


def test_every_name_loads() -> None:
    for name in rawkit._names():
        assert getattr(rawkit, name) is not None
    assert set(rawkit._names()) <= set(dir(rawkit))


def test_protocol_names_do_not_hide_ours() -> None:
    assert not set(rawkit._ROOM_OF) & set(import_module("rawkit.protocols").__all__)


def test_the_same_object_as_in_its_room() -> None:
    from rawkit.wire import Packet

    assert rawkit.Packet is Packet


def test_type_checkers_are_told_the_same_names() -> None:
    tree = ast.parse(Path(rawkit.__file__).read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told: dict[str, tuple[str, ...]] = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        told[node.module or ""] = (*told.get(node.module or "", ()), *(alias.name for alias in node.names))
    assert told.pop("rawkit.protocols") == ("*",)
    assert {room: sorted(names) for room, names in told.items()} == {
        room: sorted(names) for room, names in rawkit._ROOMS.items()
    }


def test_help_tells_of_every_name_that_is_no_protocols() -> None:
    shown = pydoc.plain(pydoc.render_doc(rawkit))
    description, _, listed = shown.partition("PACKAGE CONTENTS")
    for name in rawkit._ROOM_OF:
        assert re.search(rf"^ {{8}}({name} {{2,}}\S|.*\balso .*\b{name}\b)", description, re.MULTILINE), name
    rows = description.partition("47201")[2]
    told = re.findall(r"^ {8}(\w+) {2,}\S", rows, re.MULTILINE)
    assert set(told) <= set(rawkit._ROOM_OF)
    for name in ("class Packet", "class TCP", "checksum", "read"):
        assert re.search(rf"^ {{4}}{name}\(", listed, re.MULTILINE), name


def test_help_and_the_readme_tell_of_every_room() -> None:
    description = (rawkit.__doc__ or "").partition("The one rule")[0]
    house = (PROJECT / "README.md").read_text().partition("## The house")[2].partition("captures/")[0]
    for room in {each.name for each in pkgutil.iter_modules(rawkit.__path__)} - {"__main__"}:
        assert re.search(rf" {{2}}{room} {{2,}}\S", description), room
        assert re.search(rf"\b{room}(/|\.py) ", house), room


def test_a_misspelt_name_suggests_the_nearest() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Paket'; did you mean 'Packet'"):
        getattr(rawkit, "Paket")  # noqa: B009  # an attribute would be an error to the type checker, as it should
    with pytest.raises(ImportError):
        exec("from rawkit import Paket")


def test_a_private_name_asks_no_room() -> None:
    assert not hasattr(rawkit, "__wrapped__")


def test_a_star_import_gives_every_public_name() -> None:
    code = "from rawkit import *; print(Packet.__name__, TCP.__name__, read.__name__, fields.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["Packet", "TCP", "read", "fields"]

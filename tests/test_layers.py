"""Imports go down only, and the heavy or differently licensed libraries stay in their rooms."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent

FLOORS = (
    ("errors", "clock"),
    ("wire", "bundled"),
    ("protocols", "timeline"),
    ("capture", "show", "filter"),
    ("link", "analysis"),
    ("stack", "sockets", "tools"),
    ("trace", "interop"),
    ("lab",),
    ("cli",),
    ("__main__",),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
SAME_FLOOR = {("sockets", "stack")}  # the socket-compatible face is the stack's own front
THE_WHOLE = "__init__"  # rawkit/__init__.py names every room and loads none

HOMES = {"scapy": ("interop",), "dpkt": ("interop",), "click": ("cli",), "rich": ("show", "cli"), "pyroute2": ("lab",)}
GPL_LINE = "# SPDX-License-Identifier: GPL-2.0-only"


@dataclass(frozen=True)
class Import:
    """One module that one file imports, wherever in the file: at the top, in a function, for type checkers only."""

    file: Path  # relative to the tree's root
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.module}"


def room_of(file: Path) -> str:
    """`rawkit/wire/field.py` is in `wire`, `rawkit/clock.py` is `clock`."""
    return file.parts[1].removesuffix(".py")


def imports(root: Path) -> Iterator[Import]:
    for path in sorted((root / "rawkit").rglob("*.py")):
        file = path.relative_to(root)
        for node in ast.walk(ast.parse(path.read_text(), str(path))):
            for module in modules(node, file):
                yield Import(file, node.lineno, module)  # type: ignore[attr-defined]  # imports have a line


def modules(node: ast.AST, file: Path) -> list[str]:
    """The full names of what an import statement imports; a name from `rawkit` itself counts as `rawkit.name`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        package = file.parts[: -node.level]
        base = ".".join((*package, base)).rstrip(".")
    return [f"rawkit.{alias.name}" for alias in node.names] if base == "rawkit" else [base]


def goes_up(found: Import) -> str:
    """Why this import of one of our own rooms is wrong; "" when it is not."""
    here, target = room_of(found.file), found.module.removeprefix("rawkit").lstrip(".").split(".")[0]
    if target == "__version__" or here in (THE_WHOLE, target) or (here, target) in SAME_FLOOR:
        return ""
    if target not in FLOOR_OF:
        return f"{found}: not a room; import names from the room they live in"
    if here not in FLOOR_OF:
        return f"{found}: the room {here!r} has no floor in this test"
    if FLOOR_OF[target] >= FLOOR_OF[here]:
        return f"{found}: {here} (floor {FLOOR_OF[here]}) may import only lower floors, {target} is {FLOOR_OF[target]}"
    return ""


def strays(found: Import, root: Path) -> str:
    """Why this import of a library is wrong; "" when it is not."""
    library = found.module.split(".")[0]
    if library in HOMES and room_of(found.file) not in HOMES[library]:
        return f"{found}: only {' and '.join(HOMES[library])} may import {library}"
    if library == "scapy" and GPL_LINE not in (root / found.file).read_text().splitlines()[:5]:
        return f"{found}: a file that imports scapy starts with {GPL_LINE!r}"
    return ""


def violations(root: Path) -> list[str]:
    everything = list(imports(root))
    ours = [goes_up(found) for found in everything if found.module.split(".")[0] == "rawkit"]
    others = [strays(found, root) for found in everything]
    with_scapy = sorted({str(found.file) for found in everything if found.module.split(".")[0] == "scapy"})
    crowd = [f"only one file may import scapy: {', '.join(with_scapy)}"] if len(with_scapy) > 1 else []
    return [wrong for wrong in ours + others + crowd if wrong]


BY_NAME = {  # what lower floors know of upper ones: a name, resolved when it is first used (rawkit/wire/reference.py)
    ("wire", "rawkit.protocols.ethernet:Ethernet"),  # the first header, where Packet.decode is not told
    ("wire", "rawkit.show:line"),  # packet.summary(), .show(), .hexdump()
    ("wire", "rawkit.show:tree"),
    ("wire", "rawkit.show:hexdump"),
    ("wire", "rawkit.interop.scapy:to_scapy"),  # packet.to_scapy(), Packet.from_scapy()
    ("wire", "rawkit.interop.scapy:from_scapy"),
    ("wire", "rawkit.interop.dpkt:to_dpkt"),
    ("wire", "rawkit.interop.dpkt:from_dpkt"),
    ("protocols", "rawkit.interop.dns:decode"),  # dissectors, by port
    ("protocols", "rawkit.interop.dns:decode_stream"),
    ("protocols", "rawkit.interop.dns:decode_multicast"),
    ("protocols", "rawkit.interop.dns:decode_llmnr"),
    ("protocols", "rawkit.interop.dhcp:decode"),
    ("protocols", "rawkit.interop.http:decode"),
    ("protocols", "rawkit.interop.http:recognise"),  # and by first octets, on any other port
    ("protocols", "rawkit.interop.ntp:decode"),
    ("protocols", "rawkit.interop.snmp:decode"),
    ("protocols", "rawkit.interop.tls:decode"),
    ("protocols", "rawkit.interop.tls:recognise"),
}


def references(root: Path) -> set[tuple[str, str]]:
    """(room, "module:name") of every name of an upper floor that stands in a string."""
    found = set()
    for path in sorted((root / "rawkit").rglob("*.py")):
        file = path.relative_to(root)
        for node in ast.walk(ast.parse(path.read_text(), str(path))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if re.fullmatch(r"rawkit(\.\w+)+:\w+", text) and goes_up(Import(file, 0, text.partition(":")[0])):
                found.add((room_of(file), text))
    return found


def test_names_of_upper_floors_in_strings_are_these() -> None:
    assert {(room, name) for room, name in references(PROJECT) if room != name.split(".")[1]} == BY_NAME


def test_imports_go_down_only() -> None:
    assert not violations(PROJECT)


def test_the_gpl_line_is_on_no_other_file() -> None:
    marked = {path.relative_to(PROJECT) for path in (PROJECT / "rawkit").rglob("*.py") if GPL_LINE in path.read_text()}
    assert marked == {found.file for found in imports(PROJECT) if found.module.split(".")[0] == "scapy"}


def test_the_licence_is_told_wherever_licences_are() -> None:
    (file,) = {found.file for found in imports(PROJECT) if found.module.split(".")[0] == "scapy"}
    assert (PROJECT / file).read_text().startswith(f"{GPL_LINE}\n")
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "BSD-3-Clause AND GPL-2.0-only"
    assert (PROJECT / "rawkit/interop/GPL-2.0-only.txt").read_text().lstrip().startswith("GNU GENERAL PUBLIC LICENSE")
    for document in ("LICENSE", "README.md", "CONTRIBUTING.md"):
        assert str(file) in (PROJECT / document).read_text(), document


def complaints(tmp_path: Path, file: str, text: str) -> str:
    path = tmp_path / "rawkit" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return "\n".join(violations(tmp_path))


def test_sees_an_import_that_goes_up(tmp_path: Path) -> None:
    assert "wire/field.py:1" in complaints(tmp_path, "wire/field.py", "import rawkit.protocols.ipv4\n")


def test_sees_an_import_of_the_own_floor(tmp_path: Path) -> None:
    assert "only lower floors" in complaints(tmp_path, "show/line.py", "from rawkit.capture import Frame\n")


def test_sees_an_import_inside_a_function(tmp_path: Path) -> None:
    text = "def late():\n    from rawkit import cli\n"
    assert "errors.py:2" in complaints(tmp_path, "errors.py", text)


def test_sees_an_import_for_type_checkers(tmp_path: Path) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from rawkit.stack.tcp import Sender\n"
    assert "protocols/tcp.py:3" in complaints(tmp_path, "protocols/tcp.py", text)


def test_sees_a_relative_import(tmp_path: Path) -> None:
    assert "only lower floors" in complaints(tmp_path, "wire/__init__.py", "from ..cli.main import main\n")
    assert "only lower floors" in complaints(tmp_path, "wire/field.py", "from .. import cli\n")


def test_sees_a_name_taken_from_the_top(tmp_path: Path) -> None:
    assert "not a room" in complaints(tmp_path, "cli/read.py", "from rawkit import Packet\n")


def test_sees_a_room_without_a_floor(tmp_path: Path) -> None:
    assert "no floor" in complaints(tmp_path, "attic/box.py", "from rawkit.wire import Packet\n")


def test_sees_a_library_out_of_its_room(tmp_path: Path) -> None:
    assert "may import dpkt" in complaints(tmp_path, "capture/pcap.py", "import dpkt.pcap\n")
    assert "may import scapy" in complaints(tmp_path, "show/tree.py", "def f():\n    from scapy.all import IP\n")


def test_sees_scapy_without_its_licence_line_and_in_two_files(tmp_path: Path) -> None:
    assert "starts with" in complaints(tmp_path, "interop/one.py", "import scapy\n")
    marked = f"{GPL_LINE}\nimport scapy\n"
    assert complaints(tmp_path, "interop/one.py", marked) == ""
    assert "only one file" in complaints(tmp_path, "interop/two.py", marked)


def test_lets_imports_go_down(tmp_path: Path) -> None:
    text = "import struct\nfrom rawkit.wire import Packet\nfrom rawkit import errors\nfrom .frame import Frame\n"
    assert complaints(tmp_path, "capture/pcap.py", text) == ""

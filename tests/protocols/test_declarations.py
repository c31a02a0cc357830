"""What every declaration must have, and that each Wireshark name in one is a field that Wireshark has."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import rawkit.protocols
from rawkit.protocols.catalog import Class, classes, wireshark_name
from rawkit.wire import Flags, Header
from rawkit.wire.chooser import members
from rawkit.wire.field import Field, FlagsField, Repeat

every_class = pytest.mark.parametrize("cls", list(classes()), ids=lambda cls: cls.__name__)


@cache
def wireshark_fields() -> frozenset[str]:
    """The names of all fields that tshark knows."""
    tshark = shutil.which("tshark")
    if tshark is None:
        pytest.skip("tshark is not installed")
    lines = subprocess.run(
        [tshark, "-G", "fields"], capture_output=True, text=True, errors="replace", check=True
    ).stdout
    return frozenset(line.split("\t")[2] for line in lines.splitlines() if line.startswith("F\t"))


def parts(field: Field) -> list[Field]:
    """The fields that repeat in a field."""
    return list(field.items) if isinstance(field, Repeat) else []


@every_class
def test_a_fields_name_in_wireshark_exists(cls: Class) -> None:
    names = {wireshark_name(cls, name) for name in cls.layout.fields}
    for field in cls.layout.fields.values():
        names |= {f"{cls.layout.wireshark}.{part.wireshark}" for part in parts(field) if part.wireshark}
        if isinstance(field, FlagsField):
            names |= {bit.wireshark for bit in field.kind.bits}
    assert names - {""} <= wireshark_fields()


@every_class
def test_it_says_what_it_is_for_and_where_it_stands(cls: Class) -> None:
    assert cls.__doc__
    assert cls.layout.rfc
    assert all(field.doc for field in cls.layout.fields.values())


@every_class
def test_it_says_who_fills_it_in(cls: Class) -> None:
    silent = [name for name, field in cls.layout.fields.items() if not field.filled_by]
    assert not silent


@pytest.mark.parametrize("cls", [cls for cls in classes() if issubclass(cls, Header)], ids=lambda cls: cls.__name__)
def test_what_a_header_announces_can_be_built_behind_it(cls: Class) -> None:
    numbers = cls.layout.next_numbers
    announced = {each for follows in numbers.classes.values() for each in members(follows)} if numbers else set()
    assert not [each.__name__ for each in announced if each.layout.part_of and cls not in each.layout.part_of]


def test_every_public_name_is_there_once() -> None:
    names = rawkit.protocols.__all__
    assert len(set(names)) == len(names)
    assert all(hasattr(rawkit.protocols, name) for name in names)


def listed() -> list[str]:
    """The names that `protocols/__init__.py` lists, for type checkers to read."""
    tree = ast.parse(Path(rawkit.protocols.__file__).read_text())
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    (names,) = [node.value for node in assigned if [ast.unparse(target) for target in node.targets] == ["__all__"]]
    return ast.literal_eval(names)  # type: ignore[no-any-return]


def test_every_class_in_the_room_is_listed_for_type_checkers() -> None:
    public = {getattr(rawkit.protocols, name) for name in listed()}
    folder = Path(rawkit.protocols.__file__).parent
    for path in folder.glob("*.py"):
        module = sys.modules.get(f"rawkit.protocols.{path.stem}")
        for value in vars(module).values() if module else ():
            own = isinstance(value, type) and value.__module__ == f"rawkit.protocols.{path.stem}"
            if own and (hasattr(value, "_layout") or issubclass(value, Flags)):
                assert value in public, value

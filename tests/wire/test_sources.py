"""What roles write of generated functions stands by itself, and names nothing but what wire/source.py says."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

import pytest

from rawkit.protocols.catalog import Class, classes
from rawkit.wire import build, dissect, fill
from rawkit.wire.field import Field
from rawkit.wire.role import Role
from rawkit.wire.source import DISSECT, FILL, word

every_class = pytest.mark.parametrize("cls", list(classes()), ids=lambda cls: cls.__name__)


def roles(cls: Class) -> list[tuple[Field, Role]]:
    return [(field, field.role) for field in cls.layout.fixed if field.role is not None]


def named(text: str) -> tuple[set[str], set[str]]:
    """The names that a text reads, and those that it sets; SyntaxError where it does not stand by itself."""
    names = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    return {each.id for each in names if isinstance(each.ctx, ast.Load)}, {
        each.id for each in names if isinstance(each.ctx, ast.Store)
    }


def hold(lines: list[str], reads: Iterable[str], sets: set[str]) -> None:
    """Assert that the lines name no more than that, beside what they set themselves."""
    found, made = named("\n".join(lines))
    assert made <= sets
    assert found <= {*reads, *made}


@every_class
def test_of_build(cls: Class) -> None:
    for field, role in roles(cls):
        if field.computed:
            known = {"_cls", *build.names(cls.layout), *cls.layout.fields}
            hold([role.draft_source(cls.layout, field, "8")], known, set())


@every_class
def test_of_fill(cls: Class) -> None:
    for field, role in roles(cls):
        scope: dict[str, Any] = {}
        lines = role.fill_source(field, scope)
        hold(lines, {*FILL, *fill.names(cls.layout), *scope}, {"value", "pseudo", "reach", "stop"})


@every_class
def test_of_dissect(cls: Class) -> None:
    layout = cls.layout
    words = {word(field) for field in dissect.control_fields(layout)}
    for field, role in roles(cls):
        scope: dict[str, Any] = {}
        known = {*DISSECT, *dissect.names(layout), *words}
        hold(role.body_source(layout, field), known, {"body"})
        follows = role.follows_source(layout, field, scope)
        hold(follows, {*known, *scope, "body"}, {"follows"})
        hold(role.end_source(layout, field), {*known, "body", "follows"}, {"follows", "end", "wire_end", "stop"})

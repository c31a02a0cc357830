"""A wrong fact is noticed: facts beside captures changed one at a time, and each time some check of them fails."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts.built_captures import BUILT
from tests import test_captures as checks
from tests.analysis import test_captures as ladders

CHANGES = 200
FREE = ("sentence", "concepts")
"""What is for people to judge."""

Place = tuple[str | int, ...]
Facts = dict[str, Any]


def places(value: Any, before: Place = ()) -> Iterator[Place]:
    """Where a text or a number is."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*before, key))
    else:
        yield before


def changed(facts: Facts, place: Place) -> Facts:
    """Another number, or another text, in this place."""
    other = deepcopy(facts)
    inner: Any = other
    for key in place[:-1]:
        inner = inner[key]
    value = inner[place[-1]]
    inner[place[-1]] = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"x{value}"
    return other


def checks_of(facts: Path) -> Iterator[Callable[[], None]]:
    """All that pytest runs for this file: each test that is marked with it, with every decoder that it takes."""
    for check in vars(checks).values():
        marked = {mark.args[0]: mark.args[1] for mark in getattr(check, "pytestmark", ()) if mark.name == "parametrize"}
        if facts in marked.get("facts", ()):
            for decoder in marked.get("decoder", [None]):
                yield partial(check, facts, *[decoder] if decoder else [])
    capture = checks.capture_of(facts)
    if capture in ladders.TOLD:
        yield lambda: ladders.test_what_the_programs_did_is_what_was_inferred(capture)
    if (name := str(capture.relative_to(checks.CAPTURES))) in BUILT:
        yield lambda: checks.test_building_it_again_gives_the_same_octets(name)


def notices(facts: Path) -> bool:
    for check in checks_of(facts):
        try:
            check()
        except Exception:  # a check may fail by any error: a port that is a text, a header that there is not
            return True
    return False


def test_of_facts_changed_one_at_a_time_each_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {facts: checks.load(facts) for facts in checks.FACTS}
    told = dict(known)
    monkeypatch.setattr(checks, "load", told.__getitem__)
    monkeypatch.setattr(ladders, "facts_of", lambda path: told[path.with_suffix(".toml")].get("facts", {}))
    everywhere = [(facts, place) for facts, said in known.items() for place in places(said) if place[0] not in FREE]
    everywhere.remove((checks.CAPTURES / "unix/echo.toml", ("link",)))  # no frame is there to say otherwise
    seed = random.getrandbits(32)
    print("seed", seed)
    unnoticed = []
    for facts, place in random.Random(seed).sample(everywhere, CHANGES):
        told[facts] = changed(known[facts], place)
        if not notices(facts):
            unnoticed.append((checks.name_of(facts), place))
        told[facts] = known[facts]
    assert not unnoticed


def test_what_is_not_changed_is_not_noticed() -> None:
    assert not any(notices(facts) for facts in checks.FACTS[::10])

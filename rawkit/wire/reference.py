"""Things named by a string, `"package.module:name"`, and imported when first used: how lower floors reach up."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def resolve(reference: str) -> Any:
    """What `"package.module:name"` names."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)

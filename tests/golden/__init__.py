"""Golden text: what people read, kept under tests/golden/ and compared word for word.

A changed text is a decision: `scripts/rewrite_golden` writes the files anew, and the diff shows it: look.
"""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path

FOLDER = Path(__file__).parent
REWRITE = "RAWKIT_REWRITE_GOLDEN"


def assert_golden(name: str, text: str, ending: str = ".txt") -> None:
    """Fail with a diff unless `text` is what tests/golden/NAME.txt holds; with $RAWKIT_REWRITE_GOLDEN set, write it."""
    path = FOLDER / f"{name}{ending}"
    if not text.endswith("\n"):
        text += "\n"
    if os.environ.get(REWRITE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    assert path.exists(), f"no golden text {name!r}: look at the output, then run scripts/rewrite_golden"
    kept = path.read_text(encoding="utf-8")
    if text != kept:
        lines = unified_diff(kept.splitlines(), text.splitlines(), f"golden/{name}{ending}", "now", lineterm="")
        raise AssertionError("the text changed (scripts/rewrite_golden keeps it so):\n" + "\n".join(lines))

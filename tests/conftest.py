"""What all tests share: the captures that nobody here made, and the list of what was skipped."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent


def shared_captures_folder() -> Path | None:
    """Where captures that this project did not make are, if they are: $RAWKIT_SHARED_CAPTURES, or beside the clone."""
    given = os.environ.get("RAWKIT_SHARED_CAPTURES")
    folder = Path(given) if given else PROJECT.parent / "shared" / "captures"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def shared_captures() -> Path:
    folder = shared_captures_folder()
    if folder is None:
        pytest.skip("no shared captures (RAWKIT_SHARED_CAPTURES, or ../shared/captures)")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """After the run: how many tests were skipped, which, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    by_reason: dict[str, list[str]] = defaultdict(list)
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        by_reason[reason.removeprefix("Skipped: ")].append(report.nodeid)
    terminalreporter.section(f"skipped: {len(skipped)}")
    for reason, tests in sorted(by_reason.items()):
        terminalreporter.write_line(f"{reason} ({len(tests)})")
        for test in tests:
            terminalreporter.write_line(f"    {test}")

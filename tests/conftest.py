"""What all tests share: Hypothesis's settings, the captures that nobody here made, the list of what was skipped."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import settings

PROJECT = Path(__file__).parent.parent
NO_SHARED = "no captures of others (RAWKIT_SHARED_CAPTURES, or ../shared/captures)"


def remembers_examples() -> bool:
    """Whether Hypothesis can write where it remembers failing examples; not in a clone of somebody else."""
    place = Path(os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY", ".hypothesis")).absolute()
    nearest = next(each for each in (place, *place.parents) if each.exists())
    return os.access(nearest, os.W_OK | os.X_OK)


# No test depends on the clock, and what failed can be run again: by the printed blob, or by the seed.
settings.register_profile("rawkit", deadline=None, print_blob=True)
settings.register_profile("rawkit, forgetful", settings.get_profile("rawkit"), database=None)
settings.load_profile("rawkit" if remembers_examples() else "rawkit, forgetful")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """One seed for the run, also where it is spread over several processes; the clone for the programs it starts."""
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(random.getrandbits(32))


def shared_captures_folder() -> Path | None:
    """Where captures that this project did not make are, if they are: $RAWKIT_SHARED_CAPTURES, or beside the clone."""
    given = os.environ.get("RAWKIT_SHARED_CAPTURES")
    folder = Path(given) if given else PROJECT.parent / "shared" / "captures"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def shared_captures() -> Path:
    folder = shared_captures_folder()
    if folder is None:
        pytest.skip(NO_SHARED)
    return folder


@pytest.fixture(scope="session")
def namespaces() -> None:
    """For tests that make networks: where the machine allows none, each is skipped, and named."""
    from tests.lab.users import why_not

    if why_not():
        pytest.skip(f"no namespaces ({why_not()})")


@pytest.fixture(params=("me", "nobody") if os.geteuid() == 0 else ("me",))
def user(request: pytest.FixtureRequest, namespaces: None) -> str:
    """Each user that a test of networks is to run as, by `tests.lab.users`: root and an ordinary one, where we may."""
    return str(request.param)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """After the run: how to draw the same examples again where a test failed; what was skipped, and why."""
    if terminalreporter.stats.get("failed"):
        seed = terminalreporter.config.option.hypothesis_seed
        terminalreporter.write_line(f"the same random examples again: --hypothesis-seed={seed}")
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

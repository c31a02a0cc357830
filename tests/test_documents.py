"""What README and CONTRIBUTING show is true: their Python runs, the ladder is the one that the command prints."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent


def python_of(document: str, of_networks: bool = False) -> str:
    """The document's Python blocks, one after another; those that make networks, or the others."""
    blocks = re.findall(r"^```python\n(.*?)^```", (PROJECT / document).read_text(), re.MULTILINE | re.DOTALL)
    return "\n".join(block for block in blocks if ("rawkit.lab" in block) == of_networks)


def runs(code: str) -> None:
    assert code
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "README.md"])
def test_the_python_in_a_document_runs(document: str) -> None:
    runs(python_of(document))


@pytest.mark.usefixtures("namespaces")
def test_the_networks_in_the_readme_are_made() -> None:
    runs(python_of("README.md", of_networks=True))


def test_the_protocol_to_add_is_as_short_as_promised() -> None:
    first = python_of("CONTRIBUTING.md").split("from rawkit import Ethernet")[0]
    assert len([line for line in first.splitlines() if line.strip()]) <= 20


def test_the_ladder_in_the_readme_is_the_command_s() -> None:
    command = [sys.executable, "-m", "rawkit", "explain", "captures/tcp/echo.pcap", "--width", "80"]
    printed = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True).stdout
    assert printed.rstrip() in (PROJECT / "README.md").read_text()


def test_the_sentence_in_the_readme_is_of_the_lesson() -> None:
    readme = (PROJECT / "README.md").read_text()
    (block,) = re.findall(r"^```text\n( send, packets.*?)^```", readme, re.MULTILINE | re.DOTALL)
    command = [sys.executable, "-m", "rawkit", "explain", "captures/tcp/echo.pcap", "--width", "80", "--lesson"]
    printed = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True).stdout
    assert block in printed
    assert printed.count("  RFC ") == 10  # as many as it says


def test_the_json_in_the_readme_is_the_command_s() -> None:
    """An excerpt: some events, in their order, and all of what else is there."""
    (block,) = re.findall(r"^```json\n(.*?)^```", (PROJECT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    shown = json.loads(block)
    command = [sys.executable, "-m", "rawkit", "explain", "captures/tcp/echo.pcap", "--json"]
    printed = json.loads(subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True).stdout)
    every = [json.dumps(event) for event in printed["events"]]
    places = [every.index(json.dumps(event)) for event in shown["events"]]
    assert places == sorted(places)
    assert {event["event"] for event in shown["events"]} == {"call", "state", "segment"}
    assert {name: shown[name] for name in shown if name != "events"} == {
        name: printed[name] for name in printed if name != "events"
    }

"""The command line's frame: finding commands, and what every kind of failure looks like to a person."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from rawkit.cli.main import COMMANDS, main
from rawkit.errors import CaptureError, Defect, FieldError, RawkitError
from tests.cli.run import CAPTURES

Install = Callable[[Callable[[], Any]], None]
ECHO = CAPTURES / "tcp" / "echo.pcap"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a function in the place of `rawkit read`."""
    monkeypatch.delenv("RAWKIT_TRACEBACK", raising=False)

    def install(body: Callable[[], Any]) -> None:
        module = ModuleType("rawkit.cli.read")
        module.command = click.command("read")(body)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "rawkit.cli.read", module)

    return install


def raiser(error: BaseException) -> Callable[[], None]:
    def body() -> None:
        click.echo("what could be read")
        raise error

    return body


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (CaptureError("a.pcap", 24, "not a capture"), 1, "a.pcap: offset 24: not a capture"),
        (Defect("ipv4", "ihl", 14, 3, 5, "too short"), 1, "ipv4.ihl at offset 14: too short (found 3, expected 5)"),
        (FieldError("tcp.dprt: no such field"), 2, "tcp.dprt: no such field"),
        (RawkitError("no bundled capture 'x'"), 2, "no bundled capture 'x'"),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "x.pcap"),
            2,
            "x.pcap: No such file or directory; nothing in '.' has a name like it",
        ),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "x"), 2, "x: Is a directory; name a file in it"),
        (FileExistsError(errno.EEXIST, "File exists", "out.pcap"), 2, "out.pcap: File exists"),
        (PermissionError(errno.EPERM, "Operation not permitted"), 3, "Operation not permitted"),
        (
            PermissionError(errno.EACCES, "Permission denied", b"x.pcap"),
            3,
            "x.pcap: Permission denied; ls -ld shows who may, chmod or sudo changes it",
        ),
        (OSError(errno.EIO, "Input/output error", "x.pcap"), 1, "x.pcap: Input/output error"),
        (click.BadParameter("must be positive"), 2, "Invalid value: must be positive (see: rawkit read --help)"),
    ],
)
def test_an_error_is_one_line_and_a_code(
    fake: Install, capsys: pytest.CaptureFixture[str], error: Exception, code: int, said: str
) -> None:
    fake(raiser(error))
    assert main(["read"]) == code
    out, err = capsys.readouterr()
    assert out == "what could be read\n"
    assert err == f"rawkit: {said}\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            FileNotFoundError(errno.ENOENT, "No such file", "a\x1b[2J\nb"),
            r"a\x1b[2J\nb: No such file; nothing in '.' has a name like it",
        ),
        (CaptureError("a\x1b]0;x\x07\n", 0, "not a capture"), r"a\x1b]0;x\x07\n: offset 0: not a capture"),
        (RawkitError("no \u202epacp in 'a\r'"), r"no \u202epacp in 'a\r'"),
        (FieldError("no field\n    tcp \x9b31m\n        ^"), "no field\n    tcp \\x9b31m\n        ^"),
        (click.BadParameter("\x1b[31m"), r"Invalid value: \x1b[31m (see: rawkit read --help)"),
    ],
)
def test_nothing_in_a_message_acts_on_the_terminal(
    fake: Install, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    fake(raiser(error))
    main(["read"])
    assert capsys.readouterr().err == f"rawkit: {said}\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ecko.pcap", "; did you mean 'echo.pcap'?"),
        ("folder/echo.pcap", "; there is no folder 'folder'"),
        ("dangling", "; it is a link to nothing"),
        ("zzz", "; nothing in '.' has a name like it"),
    ],
)
def test_a_missing_file_is_told_with_what_there_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("echo.pcap").touch()
    Path("dangling").symlink_to("nowhere")
    assert main(["read", name]) == 2
    assert capsys.readouterr().err == f"rawkit: {name}: No such file or directory{said}\n"


def test_a_bug_says_so_and_how_to_see_where(fake: Install, capsys: pytest.CaptureFixture[str]) -> None:
    fake(raiser(ZeroDivisionError("oh")))
    assert main(["read"]) == 70
    err = capsys.readouterr().err
    assert err.startswith("rawkit: this is a bug in rawkit: ZeroDivisionError: oh")
    assert err.count("\n") == 1
    assert "RAWKIT_TRACEBACK=1" in err


def test_the_traceback_on_demand(
    fake: Install, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(raiser(ZeroDivisionError("oh")))
    monkeypatch.setenv("RAWKIT_TRACEBACK", "1")
    assert main(["read"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_quiet(fake: Install, capsys: pytest.CaptureFixture[str]) -> None:
    fake(raiser(KeyboardInterrupt()))
    assert main(["read"]) == 130
    assert capsys.readouterr().err == ""


def test_a_commands_own_code_is_the_exit_code(fake: Install) -> None:
    fake(lambda: 1)
    assert main(["read"]) == 1
    fake(lambda: click.get_current_context().exit(3))
    assert main(["read"]) == 3
    fake(lambda: None)
    assert main(["read"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["raed"], "no command 'raed'; did you mean 'read'? (see: rawkit --help)"),
        (["zzzzzz"], "no command 'zzzzzz' (see: rawkit --help)"),
        (["--colour"], "No such option '--colour'"),
        (["read", "--foo"], "No such option '--foo'"),
    ],
)
def test_wrong_usage(fake: Install, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    fake(lambda: None)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("rawkit: ")
    assert said.replace("'", "") in err.replace("'", "")  # click 8.2 quotes no option
    assert err.count("\n") == 1


def test_help_names_every_command_and_loads_none(capsys: pytest.CaptureFixture[str]) -> None:
    loaded = set(sys.modules)
    assert main([]) == 0
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {name} " in shown for name in COMMANDS)
    assert not {f"rawkit.cli.{name}" for name in COMMANDS} & (set(sys.modules) - loaded)


def test_every_command_has_its_file() -> None:
    assert [name for name in COMMANDS if find_spec(f"rawkit.cli.{name}") is None] == []


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("rawkit ")


# In a process of its own: what happens at the interpreter's end counts too.

TALKATIVE = """
import sys, types, click
from rawkit.cli.main import main
fake = types.ModuleType("rawkit.cli.read")
fake.command = click.command("read")(lambda: [click.echo("\\u2192 packet") for _ in range({lines})] and None)
sys.modules["rawkit.cli.read"] = fake
sys.exit(main(["read"]))
"""


def talkative(lines: int, **variables: str) -> subprocess.Popen[bytes]:
    program = TALKATIVE.replace("{lines}", str(lines))
    environment = {**os.environ, **variables}
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )


@pytest.mark.parametrize("lines", [1, 50_000])  # fails in the last flush; fails while it writes
def test_a_closed_pipe_ends_quietly(lines: int) -> None:
    with talkative(lines) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_terminal_without_the_character_gets_a_question_mark() -> None:
    with talkative(1, PYTHONIOENCODING="latin-1") as process:
        out, err = process.communicate()
    assert out == b"? packet\n"
    assert err == b""


def shell(arguments: str) -> tuple[int, bytes]:
    """Exit code and standard error of `rawkit ARGUMENTS` in a shell that knows {echo}, a capture."""
    command = f'"{sys.executable}" -m rawkit {arguments.replace("{echo}", shlex.quote(str(ECHO)))}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        "--version",
        "--help",
        "demo",
        "read {echo}",
        "read -v -x {echo}",
        "read --json {echo}",
        "read --summary {echo}",
        "explain {echo}",
        "explain tcp",
        "checksum {echo}",
        "hexdump {echo}",
        "craft ether",
        "read {echo} 2>&-",
    ],
)
def test_nothing_to_write_to(arguments: str) -> None:
    assert shell(arguments + " >&-") == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("buffered", [True, False])  # fails in the last flush; fails while it writes
@pytest.mark.parametrize("arguments", ["explain tcp", "read {echo}", "--help"])
def test_what_cannot_be_written_is_told_with_where(
    monkeypatch: pytest.MonkeyPatch, arguments: str, buffered: bool
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "" if buffered else "1")
    assert shell(f"{arguments} >/dev/full") == (1, b"rawkit: standard output: No space left on device\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("convert --to pcap {echo} - >&-", b"rawkit: standard output: it is closed, or takes text only\n"),
        ("craft ether -o - >&-", b"rawkit: standard output: it is closed, or takes text only\n"),
        ("read - <&-", b"rawkit: standard input: it is closed\n"),
    ],
)
def test_a_capture_from_or_to_what_is_closed(arguments: str, said: bytes) -> None:
    assert shell(arguments) == (1, said)

"""`rawkit COMMAND ...`: finds the command, runs it, and turns whatever it raises into one line and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from errno import ELOOP, ENAMETOOLONG, ENXIO
from importlib import import_module

import click

from rawkit import __version__
from rawkit.cli import output
from rawkit.cli.advice import advice
from rawkit.cli.stopping import Stopped, stoppable
from rawkit.errors import CaptureError, Defect, NotPermitted, RawkitError, nearest

SUCCESS = 0
DAMAGED_INPUT = 1
WRONG_USAGE = 2
NOT_PERMITTED = 3
BUG = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as a shell reports it

NO_NAME_OF_A_FILE = (ENXIO, ELOOP, ENAMETOOLONG)
"""Of a socket, of links in a circle, of more octets than a name can have."""

OF_PYTHON = {"max_ratio=None": "--max-ratio 0"}
"""What to do in the library's words, and in those of the command line."""

# The one-line help is here and not in the commands, so that `rawkit --help` loads none of them.
COMMANDS = {
    "demo": "Start here: a recorded conversation, explained.",
    "captures": "List the captures that come along, by what they show.",
    "read": "Show what a capture holds, one line a packet.",
    "explain": "Explain a conversation in a capture, a protocol, or one of its fields.",
    "checksum": "Work out a packet's checksums, word by word.",
    "hexdump": "Show a packet's octets, each with its field.",
    "craft": "Build a packet from a line of text; nothing is sent.",
    "filter": "Explain a filter, and which packets of a capture it matches.",
    "convert": "Write a capture in another format, losing nothing the format can hold.",
    "net": "Set up a network of your own, and run something on one of its hosts.",
    "doctor": "Say what this machine allows, and how to allow the rest.",
}


class Commands(click.Group):
    """The commands of the table, each loaded from its own file when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"rawkit.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no command {args[0]!r}{nearest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rawkit", message="%(prog)s %(version)s")
def group() -> None:
    """The packets behind your sockets: read, build and explain them.

    Exit codes: 0 success, 1 damaged input (after showing what could be read), 2 wrong usage, 3 not permitted.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (the process's own by default) and return its exit code."""
    _print_what_the_terminal_cannot()
    try:
        with stoppable(), output.named():
            code = _run(list(sys.argv[1:] if arguments is None else arguments))
            output.flush()
    except BrokenPipeError:  # the reader has seen enough, as in `rawkit read FILE | head`
        output.discard()
        return SUCCESS
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Stopped as stopped:
        return stopped.code
    except Exception as error:
        return report(error)
    return code


def _run(arguments: list[str]) -> int:
    """What click's own `main` does, less its way of reporting errors."""
    try:
        with group.make_context("rawkit", arguments or ["--help"]) as context:
            result = group.invoke(context)
    except click.exceptions.Exit as exit_:  # --help, --version, and a command's own ctx.exit(code)
        return exit_.exit_code
    return result if isinstance(result, int) else SUCCESS


def report(error: Exception) -> int:
    """Say on standard error what went wrong, and return the exit code that says it too."""
    message, code = _verdict(error)
    if os.environ.get("RAWKIT_TRACEBACK"):
        traceback.print_exception(error)
    try:
        output.flush()  # what was delivered before the error comes first
    except OSError:
        output.discard()
    with suppress(OSError):  # nobody listens any more; the code still tells
        say(message)
    return code


def say(message: str) -> None:
    """A message for the person, not for the pipe. Nothing in it acts on the terminal; its own lines stay lines."""
    click.echo("rawkit: " + "\n".join(one_line(part) for part in message.split("\n")), err=True)


def in_options(advice: str) -> str:
    """What the library says is to be done, in the words of the command line."""
    for parameter, option in OF_PYTHON.items():
        advice = advice.replace(parameter, option)
    return advice


def one_line(text: object) -> str:
    """A text from outside, a file's name among them, that shall not break its line either."""
    from rawkit.show.escape import visible  # here, because `rawkit --help` loads nothing that shows packets

    return visible(text)


def _verdict(error: Exception) -> tuple[str, int]:
    """(the message, the exit code) of an exception."""
    match error:
        case click.ClickException():
            return _usage(error)
        case CaptureError() | Defect():
            return one_line(error), DAMAGED_INPUT
        case NotPermitted():
            return str(error), NOT_PERMITTED
        case RawkitError() if isinstance(error, OSError):  # the system's, in our words
            return one_line(error), DAMAGED_INPUT
        case RawkitError():
            return str(error), WRONG_USAGE
        case PermissionError():
            return _in_words(error), NOT_PERMITTED
        case FileNotFoundError() | FileExistsError() | IsADirectoryError() | NotADirectoryError():
            return _in_words(error), WRONG_USAGE
        case OSError() if error.errno in NO_NAME_OF_A_FILE:
            return _in_words(error), WRONG_USAGE
        case OSError():
            return _in_words(error), DAMAGED_INPUT
    kind = type(error).__name__
    return f"this is a bug in rawkit: {kind}: {one_line(error)} (RAWKIT_TRACEBACK=1 shows where; please report it)", BUG


def _usage(error: click.ClickException) -> tuple[str, int]:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # its message is the command's whole help
        return f"what to do is missing\n{error.format_message()}", WRONG_USAGE
    context = getattr(error, "ctx", None)
    hint = f" (see: {context.command_path} --help)" if context else ""
    return error.format_message().rstrip(".") + hint, WRONG_USAGE


def _in_words(error: OSError) -> str:
    """`FILE: No such file or directory`, without the number that `str` puts before it; and what to do."""
    reason = (error.strerror or str(error)) + one_line(advice(error))
    return f"{one_line(os.fsdecode(error.filename))}: {reason}" if isinstance(error.filename, str | bytes) else reason


def _print_what_the_terminal_cannot() -> None:
    """A character that the terminal's encoding lacks comes out as `?`, and not as an exception."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")

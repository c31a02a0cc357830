"""Options that would be ignored beside another one are refused, so that nobody waits for what does not come."""

from __future__ import annotations

import click
from click.core import ParameterSource

from rawkit.show.counts import joined


def refuse(chosen: str, *ignored: str) -> None:
    """UsageError where parameter `chosen` was given on the command line and any of the `ignored` with it."""
    beside = given(*ignored)
    if beside and (name := given(chosen)):
        raise click.UsageError(f"{name[0]} does not go with {joined(beside)}, which would be ignored")


def given(*names: str) -> list[str]:
    """Which of the parameters of these names were given on the command line: each by its option's long name."""
    context = click.get_current_context()
    options = {each.name: each.opts[-1] for each in context.command.params}
    return [options[name] for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]

"""Options that would be ignored beside another one are refused, so that nobody waits for what does not come."""

from __future__ import annotations

import click
from click.core import ParameterSource


def refuse(chosen: str, *ignored: str) -> None:
    """UsageError where parameter `chosen` was given on the command line and any of the `ignored` with it."""
    context = click.get_current_context()
    given = {
        each.name: each.opts[-1]  # its long name
        for each in context.command.params
        if each.name and context.get_parameter_source(each.name) is ParameterSource.COMMANDLINE
    }
    if chosen in given and (beside := [given[name] for name in ignored if name in given]):
        *others, last = beside
        names = f"{', '.join(others)} and {last}" if others else last
        raise click.UsageError(f"{given[chosen]} does not go with {names}, which would be ignored", context)

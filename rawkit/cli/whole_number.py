"""Numbers on the command line: what is none, or too small or great, is told what to write."""

from __future__ import annotations

from typing import Any

import click


class WholeNumber(click.IntRange):
    """A whole number from `least` on, up to `most` where there is one."""

    def __init__(self, least: int, most: int | None = None) -> None:
        super().__init__(least, most)
        self.takes = f"a whole number from {least} {'on' if most is None else f'to {most}'}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"takes {self.takes}, and this is {str(value)!r}", param, ctx)

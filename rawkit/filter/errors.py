"""What is wrong with an expression, and where."""

from __future__ import annotations

from rawkit.errors import FieldError


class FilterError(FieldError):
    """A filter that cannot be read, or asks what this link cannot tell. `at` is the place in `expression`."""

    def __init__(self, expression: str, at: int, why: str) -> None:
        super().__init__(expression, at, why, field="filter")
        self.expression = expression
        self.at = at
        self.why = why

    def __str__(self) -> str:
        shown = self.expression.translate({ord(sign): " " for sign in "\r\n\t"})
        return f"filter: {self.why}\n  {shown}\n  {' ' * self.at}^"

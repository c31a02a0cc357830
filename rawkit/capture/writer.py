"""What the writers of all formats have in common: the output behind them, its flushing and its end."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rawkit.capture.output import Output


class Writer:
    """A capture file being written; a context manager."""

    _output: Output

    @property
    def written(self) -> int:
        """Packets whole in the file; those of the last moment come with the next flush."""
        return self._output.records

    def flush(self) -> None:
        self._output.flush()

    def flush_if_due(self) -> None:
        """Call in a live loop also when nothing came: writes out what has waited for a second."""
        self._output.flush_if_due()

    def close(self) -> None:
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._output.leave(failed=error is not None)

"""What the writers of all formats have in common: the output behind them, its flushing and its end."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rawkit.capture.output import Output


class Writer:
    """A capture file being written; a context manager.

    A live file holds each packet as soon as it was written. Any other appears under its name when it is closed.
    """

    _output: Output

    @property
    def written(self) -> int:
        """Packets whole in the file; those still gathered come with the next flush."""
        return self._output.packets

    def flush(self) -> None:
        """Give on the packets gathered so far, of a file that is not live."""
        self._output.flush()

    def close(self) -> None:
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._output.__exit__(kind, error, trace)

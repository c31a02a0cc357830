"""zstd by the optional zstandard library: imported on first use, asked for by name when it is missing."""

from __future__ import annotations

import shlex
import sys
from importlib import import_module
from typing import Any

from rawkit.errors import RawkitError

PIECE = 1_024
"""Packed octets to be given to the library at a time, since it unpacks all it is given: at most 32 MiB of so few."""


class Damaged(Exception):
    """The library could not unpack what it was given."""


class Member:
    """One zstd frame being unpacked, with the face of zlib's decompressobj."""

    unconsumed_tail = b""

    def __init__(self) -> None:
        self._library = module()
        self._unpacker = self._library.ZstdDecompressor().decompressobj()

    @property
    def eof(self) -> bool:
        return bool(self._unpacker.eof)

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the frame's end."""
        return bytes(self._unpacker.unused_data)

    def decompress(self, octets: bytes, _count: int) -> bytes:
        """All that the octets give: give at most `PIECE`."""
        try:
            return bytes(self._unpacker.decompress(octets))
        except self._library.ZstdError as wrong:
            raise Damaged(str(wrong)) from wrong


def module() -> Any:
    """The library; a RawkitError that says how to get it where it is not installed."""
    try:
        return import_module("zstandard")
    except ImportError:
        how = f"{shlex.quote(sys.executable)} -m pip install zstandard"
        raise RawkitError(f"zstd needs a library: {how}; or unpack the file first") from None

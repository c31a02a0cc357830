"""Where a written file stands: under its name once it is whole, or not at all; a live file under its name at once.

A finished file appears when it is kept; until then it stands beside its place under a temporary name. Only a regular
file, or a link to one, is ever made or replaced: pipes and devices, and links to them, are written to as they are.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EBADF, EEXIST
from fcntl import F_GETFL, fcntl
from pathlib import Path
from typing import BinaryIO
from weakref import finalize

from rawkit.errors import FieldError

Target = str | bytes | os.PathLike[str] | BinaryIO
"""A path, "-" for standard output, or an open binary file."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Place:
    """An open `file` for octets, without a buffer of its own where it is the system's; `path` names it in messages."""

    def __init__(self, target: Target, *, live: bool, force: bool) -> None:
        """`live`: under its name at once. `force`: in the place of an existing file."""
        self._force = force
        self._ours = False
        self._final: Path | None = None
        self.temporary: Path | None = None
        """Where the file stands until it is kept; None when it has no other name."""
        if not isinstance(target, str | bytes | os.PathLike):
            self.path, self.file = str(getattr(target, "name", "capture")), _unbuffered(target)
        elif (name := os.fsdecode(target)) == "-":
            self.path, self.file = "standard output", _standard_output()
        elif not name:
            raise FieldError("the name of the file to write is empty")
        else:
            self.path, self._ours = name, True
            with _named(name):
                self.file = self._open(Path(name), live)

    def _open(self, path: Path, live: bool) -> BinaryIO:
        stands = _stands(path)
        if stands and not _is_replaceable(path):
            return _as_it_is(path, self._force)
        if stands and not self._force:
            raise _exists(path)
        if live:
            path.unlink(missing_ok=True)
            return _unbuffered_descriptor(os.open(path, _CREATE, 0o600))
        temporary = path.with_name(f".rawkit.{os.urandom(4).hex()}.partial")  # not longer with a longer name
        # However this place comes to its end, also by a signal as soon as the file is there.
        self._remains = finalize(self, temporary.unlink, missing_ok=True)
        self._final, self.temporary = path, temporary
        try:
            return _unbuffered_descriptor(os.open(temporary, _CREATE, 0o600))
        except OSError:  # there is none
            self._remains.detach()
            raise

    def keep(self) -> None:
        """The file is whole: it appears under its name."""
        if self.temporary is None or self._final is None:
            return
        with _named(self.path):
            os.fsync(self.file.fileno())
            if self._force:
                self.temporary.replace(self._final)
                return
            try:
                os.link(self.temporary, self._final)  # unlike a rename, never replaces a file that came meanwhile
            except FileExistsError:
                raise _exists(self._final) from None
            except OSError:  # a file system without links
                if os.path.lexists(self._final):
                    raise _exists(self._final) from None
                self.temporary.rename(self._final)

    def leave(self) -> None:
        """Close it. What was not kept leaves nothing behind; the caller's own file and standard output stay open."""
        if self._ours:
            with suppress(OSError):
                self.file.close()
        if self.temporary is not None:
            self.temporary.unlink(missing_ok=True)
            self._remains.detach()


def _stands(path: Path) -> bool:
    """Whether there is anything of that name. A name that cannot be is the system's error, before any work is done."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _is_replaceable(path: Path) -> bool:
    """True where a new file can take the place of what is there: a regular file, or a link to one or to nothing."""
    if not path.is_symlink():
        return stat.S_ISREG(path.lstat().st_mode)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return True
    return stat.S_ISREG(mode) and not _is_descriptor(path)


def _is_descriptor(link: Path) -> bool:
    """Whether the link leads through an open file's number, as /dev/stdout and /dev/fd/1 do, even to a regular file."""
    while link.is_symlink():
        if link.parent.resolve().is_relative_to("/proc"):
            return True
        link = link.parent / link.readlink()
    return False


def _as_it_is(path: Path, force: bool) -> BinaryIO:
    """A pipe, a device, or whatever has the descriptor's number, opened; a directory refuses."""
    if stat.S_ISREG(path.stat().st_mode) and not force:
        raise _exists(path)
    file = _unbuffered_descriptor(os.open(path, os.O_WRONLY | os.O_CLOEXEC))
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.truncate(0)
    return file


def _unbuffered_descriptor(number: int) -> BinaryIO:
    return open(number, "wb", buffering=0)  # a descriptor


def _unbuffered(file: BinaryIO) -> BinaryIO:
    """The same file less Python's buffer, whose part of an interrupted write could neither be told nor taken back."""
    if isinstance(file, io.TextIOBase) or not hasattr(file, "write"):
        raise FieldError(f"target: {file!r}; give a path, '-' for standard output, or a file opened with 'wb'")
    file.flush()
    with suppress(OSError, ValueError, AttributeError):  # of what is no file of the system's
        if fcntl(file.fileno(), F_GETFL) & os.O_APPEND:  # the shell's >> stands at the beginning until then
            file.seek(0, os.SEEK_END)
    return file.raw if isinstance(file, io.BufferedWriter | io.BufferedRandom) else file  # type: ignore[return-value]


def _standard_output() -> BinaryIO:
    """Where octets go; a closed standard output and one that takes text alone have no such place."""
    octets: BinaryIO | None = getattr(sys.stdout, "buffer", None)
    if octets is None:
        raise OSError(EBADF, "it is closed, or takes text only", "standard output")
    sys.stdout.flush()
    return _unbuffered(octets)


@contextmanager
def _named(name: str) -> Iterator[None]:
    """The system's errors, with the name that the caller gave and not the temporary one."""
    try:
        yield
    except OSError as wrong:
        raise type(wrong)(wrong.errno, wrong.strerror, name) from None


def _exists(path: Path) -> FileExistsError:
    return FileExistsError(EEXIST, "exists already; give another name, or force it (--force)", str(path))

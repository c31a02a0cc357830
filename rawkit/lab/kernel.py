"""The few system calls about namespaces that Python 3.11 has no words for (namespaces(7), user_namespaces(7))."""

from __future__ import annotations

import ctypes
import os
from errno import EPERM
from pathlib import Path

NEW_MOUNTS, NEW_UTS, NEW_USER, NEW_PID, NEW_NET = 0x00020000, 0x04000000, 0x10000000, 0x20000000, 0x40000000
"""CLONE_NEW... of linux/sched.h."""
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x4000, 0x40000  # linux/mount.h
PR_SET_PDEATHSIG = 1  # linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Leave namespaces for new ones; OSError where the kernel refuses. The user's needs a process of one thread."""
    _succeed(_libc.unshare(flags), "unshare")


def enter(namespace: int) -> None:
    """This thread goes into a namespace that a file descriptor stands for."""
    _succeed(_libc.setns(namespace, 0), "setns")


def namespace(kind: str) -> int:
    """A file descriptor of this thread's own namespace: "net", "uts"."""
    return os.open(f"/proc/thread-self/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC)


def die_with_parent(signal: int) -> None:
    """Get this signal when the thread that made this process ends."""
    _succeed(_libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0), "prctl")


def show_own_processes() -> None:
    """Mount a /proc that shows the processes of this process namespace, in this mount namespace alone.

    OSError where that is forbidden, as in a container that hides parts of /proc.
    """
    _succeed(_libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount")  # or it were seen outside, too
    _succeed(_libc.mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, None), "mount")


def leave(flags: int) -> None:
    """`unshare(flags)`; whoever may not do that becomes root of a user namespace first, with himself as its only user.

    For the whole process and for good. OSError where that is forbidden (`rawkit.lab.forbidden` says by what).
    """
    try:
        unshare(flags)
    except OSError as error:
        if error.errno != EPERM:
            raise
        user, group = os.geteuid(), os.getegid()
        unshare(flags | NEW_USER)
        Path("/proc/self/setgroups").write_text("deny")  # before gid_map, or the kernel refuses: user_namespaces(7)
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")


def become_root() -> None:
    """Put this process into an empty network namespace for good; an ordinary user becomes root of a user namespace.

    For programs of one thread that want to be on hosts themselves (`Host.inside`). NotPermitted where it is forbidden.
    """
    from rawkit.lab.forbidden import refusal

    try:
        leave(NEW_NET)
    except OSError as error:
        raise refusal(error) from None


def _succeed(result: int, call: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")

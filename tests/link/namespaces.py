"""Tests that touch interfaces run in a child process, in network namespaces that it makes for itself.

`@live` runs a test twice where we are root (as root, and as an ordinary user in a user namespace), and once where we
are not. Nothing of it is left when the child has ended, and no interface of the machine is in reach.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.link.hosts import Host, join, leave_the_network, number

LONGEST_SECONDS = 40
NOBODY = 65534
PR_SET_DUMPABLE = 4  # linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)


def two_hosts(offload: bool = False, ipv6: bool = False) -> tuple[Host, Host]:
    """One Ethernet between two hosts (10.0.0.1 and .2, fd00::1 and ::2), both ends called eth0, in operation."""
    left, right = Host(ipv6), Host(ipv6)
    join(left, "eth0", right, "eth0", offload)
    number(left, 1, ipv6)
    number(right, 2, ipv6)
    left.until_up()
    right.until_up()
    return left, right


def become_nobody() -> None:
    """For good: an ordinary user, who may still look at his own process in /proc."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    _libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # else /proc/self belongs to root: proc(5)


def in_a_child(what: Callable[[], object], *, user: bool, namespaces: bool = True) -> None:
    """Run it there; fail with its traceback. As an ordinary `user` if we are root, as whoever we are otherwise."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # that we fork with threads about: the child starts none of them
        child = os.fork()
    if child == 0:
        os.setsid()
        code = 1
        try:
            os.close(reading)
            if user and os.geteuid() == 0:
                become_nobody()
            if namespaces:
                leave_the_network()
            what()
            code = 0
        except BaseException as wrong:  # whatever it is, the parent tells it
            kind = b"skip:" if isinstance(wrong, pytest.skip.Exception) else b"fail:"
            text = str(wrong) if kind == b"skip:" else traceback.format_exc()
            os.write(writing, kind + text.encode()[-60_000:])
        finally:
            os._exit(code)
    os.close(writing)
    told = _told(child, reading)
    if told.startswith("skip:"):
        pytest.skip(told[5:])
    if told:
        pytest.fail(told[5:], pytrace=False)


def _told(child: int, reading: int) -> str:
    """What the child writes up to its end, which comes in time or by force; nothing when all went well."""
    told = b""
    deadline = time.monotonic() + LONGEST_SECONDS
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
            if not (more := pipe.read(65536)):
                break
            told += more
        else:
            told = b"fail:it has not ended in time"
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not told and os.waitstatus_to_exitcode(status) != 0:
        told = f"fail:it ended with {os.waitstatus_to_exitcode(status)}".encode()
    return told.decode(errors="replace")


def why_no_namespaces() -> str:
    """The setting that forbids them; "" where they work."""
    if os.geteuid() == 0:
        return ""
    for name in ("kernel/unprivileged_userns_clone", "user/max_user_namespaces"):
        setting = Path("/proc/sys", name)
        if setting.exists() and setting.read_text().strip() == "0":
            return f"sysctl {name.replace('/', '.')} is 0: no namespaces for ordinary users"
    return ""


USERS = ["root", "user"] if os.geteuid() == 0 else ["user"]


def live(test: Callable[[], None]) -> Callable[[str], None]:
    """The test, run in namespaces of its own, as root and as an ordinary user."""

    @pytest.mark.parametrize("who", USERS)
    def run(who: str) -> None:
        if why := why_no_namespaces():
            pytest.skip(why)
        in_a_child(test, user=who == "user")

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run

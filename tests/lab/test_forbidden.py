"""Where namespaces are forbidden: one line that says by which setting, here or on a machine that is described."""

from __future__ import annotations

import subprocess
import sys
from errno import EINVAL, ENOSPC, EPERM
from pathlib import Path

import pytest

from rawkit.lab.forbidden import STILL, refusal

TRY = """
import ctypes, os, sys
from pathlib import Path
libc = ctypes.CDLL(None, use_errno=True)
{how}
from rawkit.cli.main import report
from rawkit.lab import Network
try:
    with Network():
        pass
except Exception as error:
    sys.exit(report(error))
"""

LIMIT = """
user, group = os.geteuid(), os.getegid()
assert libc.unshare(0x10000000) == 0  # CLONE_NEWUSER: these limits are of a user namespace
Path("/proc/self/setgroups").write_text("deny")
Path("/proc/self/uid_map").write_text(f"0 {user} 1")
Path("/proc/self/gid_map").write_text(f"0 {group} 1")
Path("/proc/sys/user/max_net_namespaces").write_text("0")
"""

SECCOMP = """
import struct
FILTER = [  # linux/seccomp.h: the call's number is at 0; 0x00050001 is SECCOMP_RET_ERRNO with EPERM
    (0x20, 0, 0, 0), (0x15, 0, 1, {unshare}), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000),
]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in FILTER))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(FILTER), ctypes.addressof(code)))
assert libc.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS
assert libc.prctl(22, 2, program, 0, 0) == 0  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
"""
UNSHARE = {"x86_64": 272, "aarch64": 97}
"""The call's number, by machine."""


def tried(how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", TRY.replace("{how}", how)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.usefixtures("namespaces")
def test_a_limit_of_the_system() -> None:
    done = tried(LIMIT)
    assert done.returncode == 3
    allowing = "user.max_net_namespaces is 0; to allow it: sysctl -w user.max_net_namespaces=10000"
    assert done.stderr == f"rawkit: no network of one's own here: {allowing}; {STILL}\n"


@pytest.mark.usefixtures("namespaces")
def test_a_seccomp_filter() -> None:
    machine = subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
    if machine not in UNSHARE:
        pytest.skip(f"the number of unshare() on {machine} is not known here")
    done = tried(SECCOMP.replace("{unshare}", str(UNSHARE[machine])))
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "most likely by the seccomp filter" in done.stderr
    assert "--security-opt seccomp=unconfined" in done.stderr


def machine(folder: Path, **settings: int) -> Path:
    """A /proc that says this of sysctls (`kernel__name=0`), and no more."""
    (folder / "self/ns").mkdir(parents=True)
    (folder / "self/ns/user").touch()
    (folder / "self/status").write_text(f"Name:\tx\nSeccomp:\t{settings.pop('seccomp', 0)}\n")
    for name, value in settings.items():
        path = folder / "sys" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{value}\n")
    return folder


@pytest.mark.parametrize(
    ("number", "settings", "text"),
    [
        (
            EPERM,
            {"kernel__unprivileged_userns_clone": 0},
            "kernel.unprivileged_userns_clone is 0; to allow it: sysctl -w",
        ),
        (
            EPERM,
            {"kernel__apparmor_restrict_unprivileged_userns": 1},
            "kernel.apparmor_restrict_unprivileged_userns is 1",
        ),
        (EPERM, {"kernel__unprivileged_userns_clone": 1, "seccomp": 2}, "most likely by the seccomp filter"),
        (EPERM, {}, "no setting that is known here"),
        (
            ENOSPC,
            {"user__max_user_namespaces": 0},
            "user.max_user_namespaces is 0; to allow it: sysctl -w user.max_user_namespaces=10000",
        ),
        (ENOSPC, {"user__max_user_namespaces": 9}, "too many namespaces"),
        (EINVAL, {}, "a kernel without user or network namespaces"),
    ],
)
def test_the_setting_is_named(tmp_path: Path, number: int, settings: dict[str, int], text: str) -> None:
    told = str(refusal(OSError(number, "not here"), machine(tmp_path, **settings)))
    assert text in told
    assert "\n" not in told

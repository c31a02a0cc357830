"""Which setting of the machine forbids namespaces, and what would allow them."""

from __future__ import annotations

from errno import EINVAL, ENOSPC, ENOSYS, EUSERS
from pathlib import Path

from rawkit.errors import NotPermitted

STILL = "reading, explaining and building packets works without one"

LIMITS = ("max_user_namespaces", "max_net_namespaces", "max_pid_namespaces", "max_uts_namespaces")
SECCOMP_FILTER = 2  # of "Seccomp:" in /proc/PID/status: proc(5)


def refusal(error: OSError, proc: Path = Path("/proc")) -> NotPermitted:
    """The one line for a person who cannot have a network of his own because of `error`."""
    return NotPermitted(f"no network of one's own here: {reason(error, proc)}; {STILL}")


def reason(error: OSError, proc: Path = Path("/proc")) -> str:
    """What the kernel refused, by which setting that is most likely, and how to change it."""
    for limit in LIMITS:
        if error.errno in (ENOSPC, EUSERS) and setting(proc, f"user/{limit}") == "0":
            return f"user.{limit} is 0; sysctl -w user.{limit}=10000 allows it"
    if error.errno in (ENOSPC, EUSERS):
        return f"{error.strerror} (too many namespaces, or too deep in one another: see sysctl -a --pattern ^user.max_)"
    if error.errno in (EINVAL, ENOSYS) or not (proc / "self/ns/user").exists():
        return f"{error.strerror} (a kernel without user or network namespaces, or one that is not Linux)"
    if setting(proc, "kernel/unprivileged_userns_clone") == "0":
        return "kernel.unprivileged_userns_clone is 0; sysctl -w kernel.unprivileged_userns_clone=1 allows it, or sudo"
    if setting(proc, "kernel/apparmor_restrict_unprivileged_userns") == "1":
        name = "kernel.apparmor_restrict_unprivileged_userns"
        return f"{name} is 1; sysctl -w {name}=0 allows it, or an AppArmor profile with `userns,`, or sudo"
    if seccomp(proc) == SECCOMP_FILTER:
        allowing = "docker run --security-opt seccomp=unconfined --cap-add SYS_ADMIN, or its like, allows it"
        return f"{error.strerror}, most likely by the seccomp filter that this process runs under; {allowing}"
    return f"{error.strerror} (no setting that is known here forbids it: in a chroot, or by SELinux?)"


def setting(proc: Path, name: str) -> str | None:
    """The value of a sysctl; None where this kernel has none of that name, or does not show it."""
    try:
        return (proc / "sys" / name).read_text().strip()
    except OSError:
        return None


def seccomp(proc: Path) -> int:
    """The mode that a process runs in: 0 is none."""
    for line in (proc / "self/status").read_text().splitlines():
        if line.startswith("Seccomp:"):
            return int(line.split()[1])
    return 0

"""Which setting of the machine forbids namespaces, and what would allow them."""

from __future__ import annotations

from errno import EINVAL, ENOSPC, ENOSYS, EUSERS
from pathlib import Path

from rawkit.errors import NotPermitted

STILL = "reading, explaining and building packets works without one"

LIMITS = tuple(f"max_{kind}_namespaces" for kind in ("user", "net", "pid", "uts", "mnt"))
SECCOMP_FILTER = 2  # of "Seccomp:" in /proc/PID/status: proc(5)


class NoNamespaces(NotPermitted):
    """This user cannot have a network of one's own here: `why`, and `how` that would be allowed."""

    def __init__(self, why: str, how: str) -> None:
        super().__init__(f"no network of one's own here: {why}; to allow it: {how}; {STILL}")
        self.why = why
        self.how = how


def refusal(error: OSError, proc: Path = Path("/proc")) -> NoNamespaces:
    """What the kernel refused, by which setting that is most likely, and how to change it."""
    why, how = _reason(error, proc)
    return NoNamespaces(why, how)


def _reason(error: OSError, proc: Path) -> tuple[str, str]:
    said = error.strerror or str(error)
    if error.errno in (ENOSPC, EUSERS):
        for limit in LIMITS:
            if _setting(proc, f"user/{limit}") == "0":
                return f"user.{limit} is 0", f"sysctl -w user.{limit}=10000"
        return (
            f"{said} (too many namespaces, or too deep in one another)",
            "larger limits: sysctl -a --pattern ^user.max_",
        )
    if error.errno in (EINVAL, ENOSYS) or not (proc / "self/ns/user").exists():
        return f"{said} (a kernel without user or network namespaces)", "another kernel"
    if _setting(proc, "kernel/unprivileged_userns_clone") == "0":
        return "kernel.unprivileged_userns_clone is 0", "sysctl -w kernel.unprivileged_userns_clone=1, or sudo"
    if _setting(proc, "kernel/apparmor_restrict_unprivileged_userns") == "1":
        name = "kernel.apparmor_restrict_unprivileged_userns"
        return f"{name} is 1", f"sysctl -w {name}=0, or an AppArmor profile with `userns,`, or sudo"
    if _seccomp(proc) == SECCOMP_FILTER:
        how = "docker run --security-opt seccomp=unconfined --cap-add SYS_ADMIN, or its like"
        return f"{said}, most likely by the seccomp filter that this process runs under", how
    return f"{said} (by no setting that is known here: in a chroot, or by SELinux?)", "sudo may do"


def _setting(proc: Path, name: str) -> str | None:
    """The value of a sysctl; None where this kernel has none of that name, or does not show it."""
    try:
        return (proc / "sys" / name).read_text().strip()
    except OSError:
        return None


def _seccomp(proc: Path) -> int:
    """The mode that a process runs in: 0 is none."""
    for line in (proc / "self/status").read_text().splitlines():
        if line.startswith("Seccomp:"):
            return int(line.split()[1])
    return 0

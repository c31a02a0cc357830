"""Classic BPF programs, run by the kernel before a frame is kept (linux/filter.h)."""

from __future__ import annotations

import ctypes
import errno
import socket
import struct

from rawkit.filter.instructions import RET, Program, check, octets
from rawkit.link import kernel
from rawkit.link.errors import LinkError

KEEP = RET  # a program that only returns says how much of every frame is kept

NOTHING: Program = ((KEEP, 0, 0, 0),)
"""Keeps no frame."""


def beginnings(length: int) -> Program:
    """Keeps so many octets of every frame."""
    return ((KEEP, 0, 0, length),)


def attach(to: socket.socket, program: Program) -> None:
    """From now on the kernel keeps of each frame as many octets as the program returns; nothing where it returns 0."""
    check(program)
    code = ctypes.create_string_buffer(octets(program))
    try:
        to.setsockopt(
            socket.SOL_SOCKET, kernel.SO_ATTACH_FILTER, struct.pack("@HP", len(program), ctypes.addressof(code))
        )
    except OSError as error:
        if error.errno == errno.ENOMEM:
            why = "it is too long for sysctl net.core.optmem_max"
        else:
            why = f"{error.strerror}: an instruction is not one of classic BPF's"
        raise LinkError(f"the kernel refuses the filter of {len(program)} instructions: {why}") from error

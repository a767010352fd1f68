"""Landlock's rights, and the rules that a `Confinement` comes to: the kernel keeps a process and all that it starts to a
list of paths, without root (Linux 5.13 and later). Flags: the kernel's `linux/landlock.h`.
"""

from __future__ import annotations

import os

from irlens.confinement.policy import Confinement

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_IOCTL = 1 << 15
_EVERYTHING = (1 << 16) - 1


def rules(given: Confinement) -> list[tuple[str, int]]:
    """Paths and what may be done with each; what the kernel does not know of it is taken off where the rules are used."""
    return [
        *((path, READ_FILE | READ_DIR) for path in given.read),
        *((path, READ_FILE | EXECUTE) for path in given.execute),
        *((path, _EVERYTHING) for path in given.write),
        *(
            (path, READ_FILE | WRITE_FILE | READ_DIR | _IOCTL)
            for path in (*given.devices, os.devnull)
            if given.opens
        ),
    ]

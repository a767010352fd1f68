"""A working directory for children: one that is empty and stays so, since it is deleted already.

Between making and deleting it a child may be killed, and then the empty folder stays. `sweep` removes such folders.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time

_NAME = re.compile(r"irlens-(\d+)-[0-9a-f]{16}")
"""As `leave` names it, and `launch.py`, which imports nothing of this package."""
_SURELY_LEFT_S = 30.0
"""Seconds. A child that lives has deleted its folder long before, in whatever namespace its number is."""


def leave() -> None:
    """Leave for such a directory. Where it cannot be made or deleted, for the root, which is nobody's project (Windows
    deletes no folder that is in use)."""
    folder = os.path.join(_temporary(), f"irlens-{os.getpid()}-{os.urandom(8).hex()}")
    try:
        os.mkdir(folder, 0o700)
        os.chdir(folder)
        os.rmdir(folder)
    except OSError:
        os.chdir(os.path.abspath(os.sep))


def _temporary() -> str:
    """As `tempfile.gettempdir` has it, which writes a file to see whether it can: that of a child that is killed stays."""
    if tempfile.tempdir is not None or os.name != "posix":
        return tempfile.gettempdir()
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return next((path for path in named if path and os.access(path, os.W_OK | os.X_OK)), "/tmp")


def sweep() -> None:
    """Remove what children left that were killed as they started, of this user's and however long ago."""
    try:
        with os.scandir(tempfile.gettempdir()) as entries:
            names = [entry.path for entry in entries if _NAME.fullmatch(entry.name)]
    except OSError:
        return
    for path in names:
        with contextlib.suppress(OSError):
            seen = os.lstat(path)
            is_ours = not hasattr(os, "getuid") or seen.st_uid == os.getuid()
            owner = int(_NAME.fullmatch(os.path.basename(path))[1])  # type: ignore[index]
            if is_ours and (time.time() - seen.st_mtime > _SURELY_LEFT_S or not _lives(owner)):
                os.rmdir(path)  # which does nothing to a folder that has something in it


def _lives(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            state = stat.read(4096).rpartition(b")")[2].split()[:1]
    except OSError:  # no Linux, or gone since
        return True
    return state != [b"Z"]  # nobody waited for it yet, and it makes and deletes nothing more

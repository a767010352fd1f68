"""What a program that is not ours needs around it: its libraries, its loader, whether it starts others."""

from __future__ import annotations

import glob
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache

from irlens.confinement import environment, policy
from irlens.confinement.policy import Confinement

_LOADERS = ("/lib/ld-*.so*", "/lib64/ld-*.so*", "/usr/lib/ld-*.so*", "/usr/lib64/ld-*.so*")
"""Where the System V ABI and musl have the dynamic loader, which the kernel runs as a program."""
_ASK_S = 10.0
_PARTS = ("lib", "lib64", "libexec", "share", "pyvenv.cfg")


def program(path: str, folder: str, memory_bytes: int, output_bytes: int) -> Confinement:
    """For a run of the program at `path`, an absolute path, that may write in `folder` alone, or nowhere where that is
    empty, files of at most `output_bytes`. A script may start the programs of the system, as its interpreter must; nothing
    else may."""
    read, execute = _needs(path, _changed(path))
    return Confinement(
        read=read,
        execute=execute,
        write=(folder,) if folder else (),
        processes=is_script(path),
        anything=is_script(path),
        memory_bytes=memory_bytes,
        file_bytes=output_bytes,
    )


def with_parts(given: Confinement, path: str, folders: Sequence[str]) -> Confinement:
    """For a compiler at `path`, whose driver starts the programs beside it and those of the system, and which reads its
    headers and what lies below `folders`."""
    around = _around(path)
    return given.also(
        read=tuple(dict.fromkeys((*given.read, *policy.system_paths(), *around, *folders))),
        execute=tuple(dict.fromkeys((*given.execute, "/usr", "/bin", "/opt", *around))),
        processes=True,
    )


def is_script(path: str) -> bool:
    """Whether another program interprets it."""
    return _interpreter(path, _changed(path)) is not None


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=64)
def _needs(path: str, changed_ns: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What it reads, and what it runs. `changed_ns` makes a replaced program another one."""
    real = os.path.realpath(path)
    loaders = [found for pattern in _LOADERS for found in glob.glob(pattern)]
    interpreter = _interpreter(path, changed_ns)
    if interpreter is None:
        libraries = libraries_of(real)
        read = (path, real, *loaders, *libraries, *map(os.path.realpath, libraries), *policy.FACTS)
        return tuple(dict.fromkeys(read)), tuple(dict.fromkeys((real, *loaders, *libraries[-1:])))
    read = (*policy.system_paths(), *_around(path), *_around(interpreter))
    return tuple(dict.fromkeys(read)), (real, interpreter, *loaders, "/usr", "/bin", "/sbin", "/opt")


@lru_cache(maxsize=64)
def _interpreter(path: str, changed_ns: int) -> str | None:
    """Of a script, what its first line names; None for a compiled program."""
    try:
        with open(path, "rb") as file:
            first = file.readline(256)
    except OSError:
        return None
    words = first[2:].split() if first.startswith(b"#!") else []
    return os.fsdecode(words[0]) if words else None


def _around(path: str) -> list[str]:
    """A program, and where it lies in the `bin` of an installation, that folder and those beside it which hold its parts.
    A folder of another name may be anybody's, with anything in it."""
    found = []
    for place in dict.fromkeys((path, os.path.realpath(path))):
        found.append(place)
        folder = os.path.dirname(place)
        if os.path.basename(folder) in ("bin", "sbin"):
            prefix = os.path.dirname(folder)
            found += [folder, *(os.path.join(prefix, name) for name in _PARTS)]
    return found


@lru_cache(maxsize=64)
def libraries_of(path: str) -> tuple[str, ...]:
    """The libraries that the loader would give the program, the loader itself last; none for one that is linked whole.
    The program is named by the user or found on PATH, and is given no input here."""
    if sys.platform != "linux":
        return ()
    ask = {**environment.plain(), "LD_TRACE_LOADED_OBJECTS": "1"}
    try:
        said = subprocess.run(
            [path, "--version"], env=ask, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_ASK_S,
            errors="replace", check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ()
    # "NAME => /PATH (0xADDRESS)", and of the loader "/PATH (0xADDRESS)"
    words = [line.split() for line in said.stdout.splitlines()]
    return tuple(
        line[-2]
        for line in words
        if len(line) > 1 and line[-2].startswith("/") and line[-1].startswith("(0x")
    )

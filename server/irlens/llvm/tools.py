"""Running somebody else's program on a text: `opt`, `llvm-mc`, `clang`, GNU `as`. Always a child process,
confined as far as the system can (`irlens.confinement`), with a time limit.

It knows no tool by name; which ones may be run is decided where they are found.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import IO

from irlens.cancel import Cancelled, CancelToken
from irlens.confinement import environment, programs, walls
from irlens.workers.spawn import group

_SLICE_S, _LOOK_S = 0.02, 0.25
_VERSION_LIMIT_S = 10.0
_MOST_ABOUT = 64 << 10
"""Bytes of what a program prints about itself; what prints more is none of those that irlens starts."""
_MOST_OUTPUT = 256 << 20
"""Bytes of what a tool prints or leaves. LLVM's report of the passes of a large module may well have 100 MB."""
_MOST_WORDS = 64 << 20


@dataclass(frozen=True)
class ToolRun:
    """How a run ended. `returncode` is negative for a signal."""

    returncode: int
    stdout: bytes
    stderr: str


class ToolTimedOut(Exception):
    """The tool was killed after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer in {seconds:g} s")
        self.seconds = seconds


def run_tool(
    command: Sequence[str],
    stdin: bytes,
    *,
    limit_s: float,
    memory_bytes: int = 0,
    cancel: CancelToken | None = None,
    output: str = "",
    words_bytes: int = _MOST_WORDS,
    output_bytes: int = _MOST_OUTPUT,
    compiler_reads: Sequence[str] | None = None,
) -> ToolRun:
    """Run `command` on `stdin`, confined: it reads its own installation and writes nothing but what it prints. With
    `output` it may write into an empty directory, and the file of that name that it left there takes the place of what it
    printed. Of what it says on stderr the first `words_bytes` are kept. It is ended where it prints or leaves more than
    `output_bytes`. With `compiler_reads` it is a compiler, which may start its own parts and read below those folders.

    Raises `ToolTimedOut`, `Cancelled`, and `OSError` when it cannot be started.
    """
    program = _program(command)
    needs_folder = bool(output) or programs.is_script(program)
    made = tempfile.TemporaryDirectory(prefix="irlens-") if needs_folder else nullcontext("")
    # Files, not pipes: a tool that prints without end fills neither this process nor a pipe that nobody empties, and
    # `Popen.communicate` forgets the rest of its input after a first time-out.
    scratch = tempfile.TemporaryFile
    with made as folder, scratch() as given, scratch() as out, scratch() as err:
        given.write(stdin)
        given.seek(0)
        # Its clock is this process's; should that be killed, its processor time is still bounded.
        confined = programs.program(program, folder, memory_bytes, output_bytes)
        if compiler_reads is not None:
            confined = programs.with_parts(confined, program, compiler_reads)
        confined = confined.also(processor_s=2 * int(limit_s) + 10)
        process = subprocess.Popen(
            walls.launcher(confined, command),
            stdin=given,
            stdout=out,
            stderr=err,
            cwd=folder or None,
            # clang reads files of options beside itself and in /etc, which it may not.
            env={
                **environment.plain(),
                **({"TMPDIR": folder} if folder else {}),
                "CLANG_NO_DEFAULT_CONFIG": "1",
            },
            **group(),
        )
        try:
            _wait(process, limit_s, cancel, (out, err), output_bytes)
        finally:
            _end(process)
        stdout = _file(os.path.join(folder, output)) if output else _read(out, output_bytes)
        return ToolRun(process.returncode, stdout, _read(err, words_bytes).decode("utf-8", "replace"))


def _program(command: Sequence[str]) -> str:
    """The program's path. What cannot be started is said as the system says it, before the launcher would."""
    if any("\0" in part for part in command):
        raise OSError(errno.EINVAL, "an argument holds a NUL byte")
    if not os.access(command[0], os.X_OK):
        os.stat(command[0])
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), command[0])
    return command[0]


def _wait(
    process: subprocess.Popen[bytes],
    limit_s: float,
    cancel: CancelToken | None,
    printed: Sequence[IO[bytes]],
    most: int,
) -> None:
    """Until the tool ends, has printed too much, the limit is over or the token is up. Leaves the tool unreaped where it
    can: its process group is then sure to be its own still."""
    deadline = time.monotonic() + limit_s
    ended = _watch(process.pid)
    try:
        while True:
            if cancel is not None and cancel.cancelled:
                raise Cancelled
            left = deadline - time.monotonic()
            if left <= 0:
                raise ToolTimedOut(limit_s)
            if any(os.fstat(file.fileno()).st_size > most for file in printed):
                return  # where no limit of the system's has stopped it
            wait = min(left, _LOOK_S if cancel is None else _SLICE_S)
            if ended is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(wait)
                    return
            elif select.select([ended], [], [], wait)[0]:
                return
    finally:
        if ended is not None:
            os.close(ended)


def _watch(pid: int) -> int | None:
    """A descriptor that can be read once the process has ended, where the system has such a thing: `Popen.wait` with a
    time-out looks every 50 ms only."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the tool with whatever it started."""
    if process.returncode is None:
        try:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        except OSError:
            process.kill()
    process.wait()


def _read(file: IO[bytes], most: int) -> bytes:
    """The file's first `most` bytes."""
    file.seek(0)
    # Room is made for as much as is asked for, and address space may be short.
    return file.read(min(most, os.fstat(file.fileno()).st_size))


def _file(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return b""
    with open(descriptor, "rb") as file:
        return _read(file, _MOST_OUTPUT)


def on_path(names: Iterable[str], folders: Iterable[str] = ()) -> list[str]:
    """Absolute paths of the programs among `names` on PATH, then of those in `folders`, each file once.

    A PATH entry that is not absolute is passed over: it would make the working directory choose a program.
    """
    names = list(names)
    search = [part for part in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(part)]
    found: dict[str, str] = {}
    for path in (os.pathsep.join(search), *folders):
        for name in names:
            program = shutil.which(name, path=path)
            if program is not None and os.path.isabs(program):
                found.setdefault(os.path.realpath(program), program)
    return list(found.values())


def version_of(program: str) -> tuple[str, str]:
    """The program's version and the first line it prints about itself; ("", why) where it does not run."""
    try:
        run = _about(program, os.stat(program).st_mtime_ns)
    except OSError as error:
        return "", f"it cannot be run ({error.strerror})"
    if isinstance(run, str):
        return "", f"it cannot be run ({run})"
    text = run.stdout.decode("utf-8", "replace")
    number = re.search(r"\bversion (\d{1,9}(?:\.\d{1,9}){1,9})(?!\d)", text) or re.search(
        r"(?<![\d.])(\d{1,9}+\.\d{1,9}+(?>(?:\.\d{1,9}+){0,9}))\s*$", text, re.M
    )
    first = text.strip().splitlines()[0].strip() if text.strip() else run.stderr.strip()
    return (number[1] if number else ""), first


def about(program: str) -> str:
    """All that a program prints about itself; empty where it does not run."""
    try:
        run = _about(program, os.stat(program).st_mtime_ns)
    except OSError:
        return ""
    return "" if isinstance(run, str) else run.stdout.decode("utf-8", "replace")


@lru_cache(maxsize=64)
def _about(program: str, changed_ns: int) -> ToolRun | str:
    """What it prints, or why it did not end; that is remembered, too, so that a program that hangs is waited for once.
    `changed_ns` makes a program that was replaced another one. Asked twice: on a busy machine a program is slow once, and
    must not count as missing for that."""
    ask = partial(run_tool, [program, "--version"], b"", output_bytes=_MOST_ABOUT)
    try:
        return ask(limit_s=_VERSION_LIMIT_S)
    except ToolTimedOut:
        pass
    try:
        return ask(limit_s=3 * _VERSION_LIMIT_S)
    except ToolTimedOut as late:
        return str(late)

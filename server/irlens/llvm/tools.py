"""Running somebody else's program on a text: `opt`, `llvm-mc`, `clang`, GNU `as`. Always a child process,
with a time limit, a memory limit where the system has one, and an empty directory of its own to write into.

It knows no tool by name; which ones may be run is decided where they are found.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from irlens.cancel import Cancelled, CancelToken

_SLICE_S = 0.02
_VERSION_LIMIT_S = 10.0


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
) -> ToolRun:
    """Run `command` on `stdin`. With `output`, the file of that name that the tool left in its directory
    takes the place of what it printed.

    Raises `ToolTimedOut`, `Cancelled`, and `OSError` when it cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="irlens-") as directory:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=directory,
            start_new_session=True,
        )
        try:
            _limit_memory(process.pid, memory_bytes)
            deadline = time.monotonic() + limit_s
            request: bytes | None = stdin
            while True:
                left = max(0.0, deadline - time.monotonic())
                try:
                    wait = left if cancel is None else min(left, _SLICE_S)
                    stdout, stderr = process.communicate(request, timeout=wait)
                    if output:
                        stdout = _contents(os.path.join(directory, output))
                    return ToolRun(process.returncode, stdout, stderr.decode("utf-8", "replace"))
                except subprocess.TimeoutExpired:
                    request = None
                    if cancel is not None and cancel.cancelled:
                        raise Cancelled from None
                    if time.monotonic() >= deadline:
                        raise ToolTimedOut(limit_s) from None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the tool with whatever it started (clang runs a second process)."""
    if process.poll() is None:
        try:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        except OSError:
            process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                pass  # unsent input of a tool that is gone
    process.wait()


def _contents(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _limit_memory(pid: int, memory_bytes: int) -> None:
    if memory_bytes <= 0:
        return
    try:
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
    except (ImportError, AttributeError, OSError, ValueError):
        pass  # only Linux has prlimit, and the tool may have ended already


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
    except ToolTimedOut as error:
        return "", f"it cannot be run ({error})"
    text = run.stdout.decode("utf-8", "replace")
    number = re.search(r"\bversion (\d+(?:\.\d+)+)", text) or re.search(
        r"(?<![\d.])(\d++\.\d++(?:\.\d++)*+)\s*$", text, re.M
    )
    first = text.strip().splitlines()[0].strip() if text.strip() else run.stderr.strip()
    return (number[1] if number else ""), first


def about(program: str) -> str:
    """All that a program prints about itself; empty where it does not run."""
    try:
        return _about(program, os.stat(program).st_mtime_ns).stdout.decode("utf-8", "replace")
    except (OSError, ToolTimedOut):
        return ""


@lru_cache(maxsize=64)
def _about(program: str, changed_ns: int) -> ToolRun:
    """`changed_ns` makes a program that was replaced another one."""
    return run_tool([program, "--version"], b"", limit_s=_VERSION_LIMIT_S)

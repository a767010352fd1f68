"""Assembling a `.s` inside a worker, with llvmlite: the text becomes the module-level assembly of an empty
module, and the object made from that is the assembled file.

LLVM ends the process at the first assembly error. Where the system can fork, each attempt is a fork of the
warm worker, so that an error costs a few milliseconds; the line in error is blanked and the rest is tried
again, which gives all errors and not only the first. Where it cannot, this module is not used: the worker
itself ends, and the client reads the one error from its stderr.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import warnings
from collections.abc import Callable

from irlens.confinement import policy
from irlens.llvm.answers import Diagnostic
from irlens.llvm.reports import assembler_diagnostics, cause_of_death
from irlens.llvm.second_opinion import STRUCTURE
from irlens.workers.serve import Refused
from irlens.workers.wire import read_tail

MAX_ERRORS = 20
"""Errors looked for in one text; each costs one more attempt."""
_STRUCTURE = tuple(word.encode() for word in STRUCTURE)
_ATTEMPT_LIMIT_S = 60.0
_PR_SET_PDEATHSIG = 1


def assemble(text: bytes, attempt: Callable[[bytes], bytes]) -> tuple[bytes | None, list[Diagnostic]]:
    """The object (None with errors) and every diagnostic. `attempt` assembles or ends the process."""
    lines = text.split(b"\n")
    found: list[Diagnostic] = []
    while True:
        rest = b"\n".join(lines)
        made, stderr = _forked(attempt, rest)
        new = assembler_diagnostics(stderr, text.decode("utf-8", "replace"))
        found += [diagnostic for diagnostic in new if diagnostic not in found]
        errors = [diagnostic for diagnostic in new if diagnostic.severity == "error"]
        if made is not None or not errors or len(found) >= MAX_ERRORS:
            break
        blanked = False
        for error in errors:
            if error.line < len(lines) and lines[error.line].strip():
                structural = lines[error.line].lstrip().startswith(_STRUCTURE)
                lines[error.line] = b""
                blanked = not structural
        if not blanked:
            break
    if any(diagnostic.severity == "error" for diagnostic in found):
        return None, sorted(found, key=lambda diagnostic: diagnostic.line)
    return made, found


class AssemblerDied(Exception):
    """The attempt ended without an object and without an error that names a line."""


def _forked(job: Callable[[bytes], bytes], text: bytes) -> tuple[bytes | None, str]:
    """Run `job` on `text` in a fork of this process: its bytes (None when the fork exited), what it printed.

    Raises `AssemblerDied` when it was killed, or printed no reason.
    """
    sys.stderr.flush()
    before = os.fstat(2).st_size
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # The worker's other thread only waits in a read; the fork uses nothing that it could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _child(job, text, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        made = stream.read()
    _, status = os.waitpid(pid, 0)
    stderr = read_tail(2, max(0, os.fstat(2).st_size - before))
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return made, stderr
    if code < 0 or "error: <" not in stderr:
        raise AssemblerDied(cause_of_death(code, stderr))
    return None, stderr


def _die_with_parent() -> None:
    """Linux ends this process with the worker; a timer does elsewhere, and on Linux what it cannot."""
    signal.setitimer(signal.ITIMER_REAL, _ATTEMPT_LIMIT_S)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _child(job: Callable[[bytes], bytes], text: bytes, writer: int) -> None:
    """The fork: it never returns, and does not outlive the worker."""
    code = 3
    try:
        # Nothing of the worker's pipes may stay open here, or its death would not be seen while this runs.
        os.closerange(3, writer)
        os.closerange(writer + 1, 1 << 12)
        _die_with_parent()
        policy.close_for_good()
        with os.fdopen(writer, "wb") as stream:
            stream.write(job(text))
        code = 0
    except Refused as refused:
        os.write(2, f"error: <inline asm>:1:1: {refused}\n".encode())
        code = 1
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)

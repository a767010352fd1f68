"""Who compiles for a search: one LLVM for every list of it, so that sizes can be compared.

- `LibraryCompiler`: the libLLVM of an installed `opt`: every pass it has, no process for each list;
- `OptCompiler`: an `opt` that is linked whole: a process for each list, code generation by llvmlite;
- `LlvmliteCompiler`: llvmlite, with the passes that it can add.

`Compilers` takes the first of them that is at hand, unless the setting `llvm.measureWith` says llvmlite. All are
thread-safe; a list that kills its worker loses only its own result.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, Unrunnable
from irlens.ir import pass_policy
from irlens.ir.pipeline import PipelineError, print_pipeline
from irlens.ir.repair import repair
from irlens.llvm import library, opt
from irlens.llvm.client import LLVM, LLVMLITE_RELEASE
from irlens.llvm.measured import Measured
from irlens.llvm.plan import plan
from irlens.llvm.reports import cause_of_death
from irlens.llvm.tools import ToolTimedOut
from irlens.notices import say_once
from irlens.source.positions import to_utf8
from irlens.workers.pool import IDLE_S, Pool, WorkerDied, WorkerTimedOut, python_worker

_START_S = 10.0
_PATIENT_S = 60.0
"""The second time, where the first was too slow: nothing else may be measured with instead."""
_LATELY = 16
_SIGKILL = 9
"""Ends a process from outside, as where memory is short: another time the list may well be measured."""
_READS = "verify"
"""Of all lists the one that takes a module as it is: what an `opt` runs it on, it can read."""


class Compiler(Protocol):
    """`name` tells who measured, with the version: results of another name cannot be compared. `release` is LLVM's
    major version, `whole` whether every pass of it can be run."""

    name: str
    release: int
    whole: bool

    def measure(
        self,
        ir: bytes,
        lists: Sequence[str],
        *,
        opt_level: int = 2,
        count: bool = False,
        functions: bool = False,
        limit_s: float = 10.0,
        cancel: CancelToken | None = None,
    ) -> list[Measured]:
        """One result a list, in order; "" is the module as it is. `opt_level` is of code generation, `limit_s`
        seconds a list. `count` and `functions` ask for more (see `Measured`). Raises `Cancelled` only."""

    def run(self, ir: str, passes: str, *, limit_s: float = 10.0, cancel: CancelToken | None = None) -> str:
        """The module after the list. Raises `LLVMRefused`, `LLVMStopped`, `Unrunnable`, `PipelineError`."""

    def can(self, passes: str) -> bool:
        """Whether it has all of the passes."""

    def close(self) -> None:
        """End what was started for this compiler alone."""


class Compilers:
    """The compilers at hand, started when they are first needed: `jobs` processes of the installed LLVM. `setting`
    names an `opt`; None is whatever is found. `measure_with` is the setting of that name: `llvmlite` leaves what is
    installed alone. Thread-safe.

    Who compiles does not depend on how fast anything is, so that all numbers of a session are one LLVM's."""

    def __init__(
        self, llvm: LLVM, jobs: int, setting: str | None = None, measure_with: str = "installed"
    ) -> None:
        self._llvm, self._jobs, self._setting = llvm, jobs, setting
        self._use_installed = measure_with != "llvmlite"
        self._lock = threading.Lock()
        self._installed: Compiler | None = None
        self._decided = False
        self._lately: dict[bytes, Compiler] = {}
        """Who compiles a module, by its content: asking costs a compilation."""

    def of(self, ir: str) -> Compiler:
        """The compiler for a search over this module: the installed LLVM, and llvmlite where there is none, or where
        that one cannot read this module, which is said once. Raises `LLVMRefused` and `LLVMStopped` where neither
        reads it, and `LLVMStopped` where the installed one takes too long."""
        block = to_utf8(ir)
        key = hashlib.blake2b(block, digest_size=16).digest()
        with self._lock:
            known = self._lately.get(key)
        if known is None:
            known = self._choose(ir, block)
            with self._lock:
                self._lately[key] = known
                while len(self._lately) > _LATELY:
                    del self._lately[next(iter(self._lately))]
        return known

    def _choose(self, ir: str, block: bytes) -> Compiler:
        if not self._use_installed:
            return self._by_llvmlite(ir)
        with self._lock:
            if not self._decided:
                self._installed = self._install()
                self._decided = True
            installed = self._installed
        if installed is None:
            return self._by_llvmlite(ir)
        first = installed.measure(block, [_READS])[0]
        if first.how == "late":  # a busy machine, or a large module
            first = installed.measure(block, [_READS], limit_s=_PATIENT_S)[0]
        if first.how == "measured":
            return installed
        if first.how == "late":
            raise LLVMStopped(
                f"{installed.name} cannot measure this module: {first.why.rstrip('.')}. Try again when the machine is less busy, "
                "or cut the module down (llvm-extract)."
            )
        other = self._by_llvmlite(ir)
        say_once(
            f"{installed.name} cannot compile a module ({first.why}); {other.name} measures it instead. "
            "Its sizes do not compare with the others."
        )
        return other

    def _by_llvmlite(self, ir: str) -> Compiler:
        self._llvm.emit_object(ir)  # raises what is wrong with it
        return LlvmliteCompiler(self._llvm)

    def _install(self) -> Compiler | None:
        """Raises `LLVMStopped` where the installed one does not start in time: the next call tries again."""
        found = library.find(self._setting)
        if found is not None:
            compiler = LibraryCompiler(found.path, found.opt, self._jobs)
            try:
                version = compiler.version()
            except LLVMStopped:
                compiler.close()
                raise
            if version == found.opt.version:
                return compiler
            compiler.close()  # it does not load, lacks a function, or is not the LLVM of this `opt`
        tool = opt.usable(self._setting)
        return OptCompiler(self._llvm, tool) if tool is not None else None

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            if self._installed is not None:
                self._installed.close()
            self._installed, self._decided = None, False
            self._lately.clear()


class LibraryCompiler:
    """The libLLVM at `path`, which belongs to `tool`, in `jobs` workers of its own."""

    whole = True

    def __init__(self, path: str, tool: opt.Opt, jobs: int, memory_limit_mb: int = 2048) -> None:
        command, environment = python_worker("irlens.llvm.library_worker", str(memory_limit_mb << 20), path)
        self._pool = Pool(command, jobs, env=environment, idle_s=IDLE_S)
        self.name = f"LLVM {tool.version} (libLLVM of {tool.name})"
        self.release = tool.release

    def measure(
        self,
        ir: bytes,
        lists: Sequence[str],
        *,
        opt_level: int = 2,
        count: bool = False,
        functions: bool = False,
        limit_s: float = 10.0,
        cancel: CancelToken | None = None,
    ) -> list[Measured]:
        arguments = {"opt_level": opt_level, "count": count, "functions": functions}
        refused = [_why_refused(passes) for passes in lists]
        wanted = [passes for passes, why in zip(lists, refused, strict=True) if not why]
        measured = iter(_measure(self._pool, ir, wanted, arguments, limit_s, cancel))
        return [Measured("unrunnable", why=why) if why else next(measured) for why in refused]

    def run(self, ir: str, passes: str, *, limit_s: float = 10.0, cancel: CancelToken | None = None) -> str:
        if passes:
            pass_policy.check(passes)
        job = {"op": "run", "args": {"passes": passes}}
        try:
            answer = self._pool.run(job, to_utf8(ir), limit_s=limit_s, cancel=cancel)
        except WorkerTimedOut as late:
            raise LLVMStopped(
                f"{self.name} did not end within {late.seconds:g} s. Shorten the list."
            ) from late
        except WorkerDied as death:
            cause = cause_of_death(death.returncode, death.stderr)
            raise LLVMStopped(f"{self.name} stopped on this list: {cause}. Change the list.") from death
        if "stopped" in answer.header:
            raise LLVMStopped(
                f"{self.name} stopped on this list: {answer.header['stopped']}. Change the list."
            )
        if "refused" in answer.header:
            raise LLVMRefused(f"{self.name} refuses this: {answer.header['refused']}. Change the list.")
        return answer.block.decode("utf-8", "replace")

    def version(self) -> str:
        """LLVM's version as the library itself says it; "" where it cannot be loaded. Raises `LLVMStopped` where its
        process does not start in time, or is ended by others."""
        for limit_s in (_START_S, _PATIENT_S):
            try:
                header = self._pool.run({"op": "version"}, b"", limit_s=limit_s, cancel=None).header
            except WorkerTimedOut:
                continue
            except WorkerDied as death:
                if death.hung or (death.returncode == -_SIGKILL and not death.stderr):
                    continue
                return ""  # it said why
            return str(header.get("llvm", ""))
        raise LLVMStopped(
            f"{self.name} does not start. Try again when the machine is less busy, or set `irlens.llvm.measureWith` to "
            "`llvmlite` (`--measure-with` in a shell)."
        )

    def can(self, passes: str) -> bool:
        return True

    def close(self) -> None:
        self._pool.close()


class LlvmliteCompiler:
    """llvmlite, in the workers of `llvm`, which stay its own."""

    whole = False

    def __init__(self, llvm: LLVM) -> None:
        self._llvm = llvm
        self.name = llvm.llvmlite_name()
        self.release = LLVMLITE_RELEASE

    def measure(
        self,
        ir: bytes,
        lists: Sequence[str],
        *,
        opt_level: int = 2,
        count: bool = False,
        functions: bool = False,
        limit_s: float = 10.0,
        cancel: CancelToken | None = None,
    ) -> list[Measured]:
        arguments = {"opt_level": opt_level, "count": count, "functions": functions}
        found: list[Measured | None] = []
        wanted = []
        for passes in lists:
            steps, why = _steps(passes)
            found.append(Measured("unrunnable", why=why) if why else None)
            if not why:
                wanted.append(steps)
        measured = iter(_measure(self._llvm, ir, wanted, arguments, limit_s, cancel))
        return [each if each is not None else next(measured) for each in found]

    def run(self, ir: str, passes: str, *, limit_s: float = 10.0, cancel: CancelToken | None = None) -> str:
        return self._llvm.run_passes(ir, passes, timeout_s=limit_s, cancel=cancel).ir if passes else ir

    def can(self, passes: str) -> bool:
        return not _steps(passes)[1]

    def close(self) -> None:
        """The workers are another's."""


class OptCompiler:
    """An `opt` process for each list, and llvmlite for its object."""

    whole = True

    def __init__(self, llvm: LLVM, tool: opt.Opt) -> None:
        self._llvm, self._tool = llvm, tool
        self.name = f"{tool.name}, code by {llvm.llvmlite_name()}"
        self.release = tool.release

    def measure(
        self,
        ir: bytes,
        lists: Sequence[str],
        *,
        opt_level: int = 2,
        count: bool = False,
        functions: bool = False,
        limit_s: float = 10.0,
        cancel: CancelToken | None = None,
    ) -> list[Measured]:
        arguments = {"opt_level": opt_level, "count": count, "functions": functions}
        text = ir.decode("utf-8", "surrogateescape")
        found = []
        for passes in lists:
            try:
                after = self.run(text, passes, limit_s=limit_s, cancel=cancel)
            except (Unrunnable, PipelineError) as error:
                found.append(Measured("unrunnable", why=str(error)))
            except LLVMStopped as error:
                late = isinstance(error.__cause__, ToolTimedOut)
                found.append(Measured("late" if late else "crashed", why=str(error)))
            except LLVMRefused as error:
                found.append(Measured("refused", why=str(error)))
            else:
                made = to_utf8(after)
                found += _measure(self._llvm, made, [[]], arguments, limit_s, cancel)
        return found

    def run(self, ir: str, passes: str, *, limit_s: float = 10.0, cancel: CancelToken | None = None) -> str:
        if not passes:
            return ir
        block = to_utf8(ir)
        try:
            return opt.run(
                self._tool,
                block,
                passes,
                opt.AS_BUILT,
                limit_s=limit_s,
                memory_bytes=2048 << 20,
                cancel=cancel,
            )
        except opt.CannotRead as unread:
            raise Unrunnable(
                f"{self._tool.name} cannot read this IR (line {unread.line + 1}: {unread.message}). "
                "Give a newer `opt`.",
                (),
            ) from unread

    def can(self, passes: str) -> bool:
        return True

    def close(self) -> None:
        """The workers are another's, and `opt` ends with each list."""


class _Runs(Protocol):
    def run(
        self, job: dict[str, Any], block: bytes, *, limit_s: float, cancel: CancelToken | None
    ) -> Any: ...


def _measure(
    pool: _Runs,
    ir: bytes,
    lists: list[Any],
    arguments: dict[str, Any],
    limit_s: float,
    cancel: CancelToken | None,
) -> list[Measured]:
    """All in one job, within the time of one list; where that takes the worker down, one by one, to find the list
    that does."""
    if not lists:
        return []
    job = {"op": "measure", "args": {"lists": lists, **arguments}}
    try:
        answer = pool.run(job, ir, limit_s=limit_s, cancel=cancel)
    except WorkerTimedOut as late:
        ending = Measured("late", why=f"no answer within {late.seconds:g} s")
    except WorkerDied as death:
        cause = cause_of_death(death.returncode, death.stderr)
        if not death.started:  # no list did that
            return [Measured("unrunnable", why=f"LLVM's worker does not start: {cause}")] * len(lists)
        by_others = death.returncode == -_SIGKILL
        ending = Measured("late" if by_others else "crashed", why=cause, stderr=death.stderr)
    else:
        if "measured" in answer.header:
            return [
                Measured("refused", why=each["refused"])
                if "refused" in each
                else Measured("measured", **each)
                for each in answer.header["measured"]
            ]
        ending = Measured("crashed", why=answer.header.get("stopped", "it gave no numbers"))
    if len(lists) == 1:
        return [ending]
    return [each for alone in lists for each in _measure(pool, ir, [alone], arguments, limit_s, cancel)]


def _why_refused(passes: str) -> str:
    """Why irlens does not run the list, whoever could; "" where it does."""
    try:
        if passes:
            pass_policy.check(passes)
    except (Unrunnable, PipelineError) as error:
        return str(error)
    return ""


def _steps(passes: str) -> tuple[list[dict[str, Any]], str]:
    """What llvmlite does for the list, or why it cannot."""
    if not passes:
        return [], ""
    try:
        pipe, _ = repair(passes, LLVMLITE_RELEASE)
    except PipelineError as error:
        return [], str(error)
    if why := _why_refused(print_pipeline(pipe)):
        return [], why
    chosen = plan(pipe)
    if chosen.missing:
        return [], f"llvmlite cannot run {opt.named(chosen.missing)}"
    return [asdict(step) for step in chosen.steps], ""


def spelled(passes: str, release: int) -> str:
    """The list as this LLVM release spells it. Raises `PipelineError`."""
    return print_pipeline(repair(passes, release)[0]) if passes else passes

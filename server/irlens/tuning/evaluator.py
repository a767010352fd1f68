"""Pass lists of one module, measured: each once, over all cores, from the cache where it is known there."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, Unrunnable
from irlens.ir.pipeline import PipelineError, parse_pipeline, walk
from irlens.llvm import mca
from irlens.llvm.compilers import Compiler
from irlens.llvm.mca import Mca
from irlens.llvm.measured import Measured
from irlens.source.positions import to_utf8
from irlens.tuning.cache import Cache, scope_of
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.objective import Objective
from irlens.tuning.trust import why_banned
from irlens.tuning.vocabulary import forbidden

MOST_A_JOB = 8
"""Lists that a worker is given at once: the way to it costs as much as a short list."""
_LEAST_S = 1.0
_CUT = "the time of the search was over"


class Evaluator:
    """Measures lists on the module `ir`. `known` has all results so far. `mca` estimates cycles, where these are the
    objective (None: the one beside the `opt` that is found). Use from one thread."""

    def __init__(
        self,
        ir: str,
        compiler: Compiler,
        objective: Objective,
        *,
        jobs: int = 2,
        cache: Cache | None = None,
        limit_s: float = 10.0,
        mca: Mca | None = None,
    ) -> None:
        self.ir, self.compiler, self.objective, self.jobs = ir, compiler, objective, jobs
        self.limit_s, self.mca = limit_s, mca
        self.known: dict[str, Evaluation] = {}
        self.compiled = 0
        """Lists that were really run; the others were in the cache."""
        self._block = to_utf8(ir)
        self._cache = cache
        self._scope = scope_of(ir, compiler.name, objective.key)
        self._pace_s = 0.0
        """Seconds that a list took last: where they take long, each is given alone, since a job has the time of one."""
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="tune")

    def evaluate(
        self, lists: Sequence[str], cancel: CancelToken | None = None, within_s: float | None = None
    ) -> list[Evaluation]:
        """One result a list, in order. With `within_s` seconds left a list has no longer than that, but a second at
        least; what that cuts short is "cut", not "late". Raises `Cancelled`."""
        new = [passes for passes in dict.fromkeys(lists) if passes not in self.known]
        barred = {passes: why for passes in new if (why := _why_forbidden(passes))}
        ready = [Evaluation(passes, None, how="forbidden", why=why) for passes, why in barred.items()]
        left = [
            passes for passes in new if passes not in barred
        ]  # since it was kept, it may have been barred
        kept = self._cache.find(self._scope, left) if self._cache is not None else {}
        self.known |= kept
        left = [passes for passes in left if passes not in kept]
        limit_s = self.limit_s if within_s is None else min(self.limit_s, max(_LEAST_S, within_s))
        most = 1 if self._pace_s * MOST_A_JOB > limit_s / 4 else MOST_A_JOB
        size = max(1, min(most, math.ceil(len(left) / self.jobs)))
        chunks = [left[at : at + size] for at in range(0, len(left), size)]
        measure = lambda chunk: self._measure(chunk, limit_s, cancel)  # noqa: E731
        done = list(self._threads.map(measure, chunks)) if len(chunks) > 1 else list(map(measure, chunks))
        made = [each for part in done for each in part]
        if limit_s < self.limit_s:  # no fault of a list that the search has no time left
            made = [replace(each, how="cut", why=_CUT) if each.how == "late" else each for each in made]
        self.compiled += len(made)
        if self._cache is not None:
            self._cache.keep(self._scope, made)
        self.known |= {each.passes: each for each in (*ready, *made)}
        return [self.known[passes] for passes in lists]

    def module_after(self, passes: str, cancel: CancelToken | None = None) -> str:
        """The module's text after the list. Raises as `Compiler.run`."""
        return self.compiler.run(self.ir, passes, limit_s=self.limit_s, cancel=cancel) if passes else self.ir

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _measure(self, chunk: Sequence[str], limit_s: float, cancel: CancelToken | None) -> list[Evaluation]:
        if self.objective.what == "cycles":
            return [self._cycles(passes, limit_s, cancel) for passes in chunk]
        started = time.monotonic()
        measured = self.compiler.measure(
            self._block,
            chunk,
            opt_level=self.objective.opt_level,
            count=self.objective.what == "instructions",
            limit_s=limit_s,
            cancel=cancel,
        )
        self._pace_s = (time.monotonic() - started) / len(chunk)
        return [self._evaluation(*pair) for pair in zip(chunk, measured, strict=True)]

    def _evaluation(self, passes: str, measured: Measured) -> Evaluation:
        if measured.how != "measured":
            return Evaluation(passes, None, how=measured.how, why=measured.why)
        value = self.objective.value(measured)
        return Evaluation(passes, value, measured.bytes, measured.digest)

    def _cycles(self, passes: str, limit_s: float, cancel: CancelToken | None) -> Evaluation:
        """As the others, with `llvm-mca`'s estimate as the value. It is given the module as text."""
        level = self.objective.opt_level
        (made,) = self.compiler.measure(
            self._block, [passes], opt_level=level, limit_s=limit_s, cancel=cancel
        )
        if made.how != "measured":
            return Evaluation(passes, None, how=made.how, why=made.why)
        try:
            after = self.module_after(passes, cancel)
            tool = self.mca if self.mca is not None else mca.find()
            value = tool.cycles(after, opt_level=level, limit_s=limit_s, cancel=cancel)
        except LLVMStopped as error:
            return Evaluation(passes, None, how="late", why=str(error))
        except (LLVMRefused, Unrunnable, PipelineError) as error:
            return Evaluation(passes, None, how="refused", why=str(error))
        return Evaluation(passes, value, made.bytes, made.digest)


def _why_forbidden(passes: str) -> str:
    """Why the list must not be offered, or cannot be read; "" where it may be run."""
    if not passes:
        return ""
    try:
        pipe = parse_pipeline(passes)
    except PipelineError as error:
        return str(error)
    for element in walk(pipe):
        why = forbidden(element.name)
        if why:
            return f"{element.name} is never used: {why}"
    why = why_banned(passes)
    return f"it is known to break code: {why}" if why else ""

"""A pass list on the programs of the suite, in the emulator, before and after: may it be offered at all?

One and a half to two seconds on two cores for a list and LLVM that were not seen before; from the cache after that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from irlens.assist.guard import Guarded, Prepared, guard, prepare
from irlens.assist.tools import Tools
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, LLVMRefused, LLVMStopped
from irlens.ir.pipeline import PipelineError
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, LibraryCompiler, LlvmliteCompiler, OptCompiler
from irlens.tuning.cache import Cache
from irlens.tuning.suite import Program, programs
from irlens.tuning.trust import Says, Trial, keep, kept

INPUTS = 8
"""At least, for each function. The systematic ones come on top: about 48 are run."""
_BUDGET_S = 20.0
"""Seconds for one program. What no machine needs: past it nothing is known of the list."""
_ENOUGH = 0.8
"""Share of a program's functions that must have been compared."""
_lock = threading.Lock()
_prepared: dict[tuple[str, str], Prepared] = {}
_tried: dict[tuple[str, str], Trial] = {}
"""Of this process, for who has no cache."""
_One = tuple[Says, int, str, str]


def trial(
    passes: str,
    compiler: Compiler,
    tools: Tools,
    *,
    cache: Cache | None = None,
    suite: Sequence[Program] | None = None,
    limit_s: float = 10.0,
    cancel: CancelToken | None = None,
) -> Trial:
    """What the list does to the suite's programs (`suite` None: all of them), `limit_s` seconds of LLVM for each.
    Each list is tried once for each LLVM in this process, with a `cache` in all. Raises `Cancelled`."""
    real = isinstance(compiler, LibraryCompiler | LlvmliteCompiler | OptCompiler) and type(tools.llvm) is LLVM
    known = _tried.get((compiler.name, passes)) if real and suite is None else None
    if known is None and cache is not None and suite is None:
        known = kept(cache, compiler.name, passes)
    if known is not None:
        return known
    many = replace(tools, emulator=tools.emulators)
    one: Callable[[Program], _One] = lambda program: _try(program, passes, compiler, many, limit_s, cancel)  # noqa: E731
    with ThreadPoolExecutor(4, thread_name_prefix="trial") as threads:
        every = list(threads.map(one, programs() if suite is None else suite))
    # What is certain comes first: a program that breaks says more than one that was not run.
    says, _, program, why = min(
        every, key=lambda each: ("breaks", "crashes", "refuses", "open", "keeps").index(each[0])
    )
    found = Trial(passes, says, sum(each[1] for each in every), program, why)
    if real and suite is None and says != "open":
        _tried[compiler.name, passes] = found
    if cache is not None and suite is None:
        keep(cache, compiler.name, found)
    return found


def _try(
    program: Program,
    passes: str,
    compiler: Compiler,
    tools: Tools,
    limit_s: float,
    cancel: CancelToken | None,
) -> _One:
    """What became of one program, how many functions did the same, and the words for it."""
    try:
        was = _before(program, tools, cancel)
    except IrlensError as error:
        return "open", 0, program.name, str(error)
    try:
        after = compiler.run(program.ir, passes, limit_s=limit_s, cancel=cancel) if passes else program.ir
    except LLVMStopped as error:
        return "crashes", 0, program.name, str(error)
    except LLVMRefused as error:
        return "refuses", 0, program.name, str(error)
    except (IrlensError, PipelineError) as error:
        return "open", 0, program.name, str(error)
    try:
        # Those that only the program calls are run by those that call them.
        found = guard(
            was,
            after,
            tools,
            functions=tuple(was.exported),
            budget_s=_BUDGET_S,
            inputs=INPUTS,
            cancel=cancel,
        )
    except IrlensError as error:
        return "open", 0, program.name, str(error)
    if found.broken:
        return "breaks", len(found.agreed), program.name, counterexample(found)
    if len(found.agreed) < _ENOUGH * (len(found.agreed) + len(found.unknown)):
        return "open", len(found.agreed), program.name, f"too little could be compared: {found.unknown[0][1]}"
    return "keeps", len(found.agreed), "", ""


def counterexample(found: Guarded) -> str:
    """The first function that differs, with the input that shows it, in one line."""
    name, agreement = found.broken[0].name, found.broken[0].agreement
    shown = agreement.counterexample
    given = "; ".join((*shown.arguments, *shown.memory, *shown.calls)) if shown is not None else ""
    return f"{name}: {agreement.reason}" + (f" Input: {given}" if given else "")


def _before(program: Program, tools: Tools, cancel: CancelToken | None) -> Prepared:
    """The program as it was, once in each process: it depends on nothing but its text and llvmlite."""
    key = (tools.llvm.llvmlite_name(), program.ir)
    with _lock:
        known = _prepared.get(key)
    if known is None:
        known = prepare(program.ir, tools, cancel)
        with _lock:
            _prepared[key] = known
    return known

"""What is done before a list is offered: made short, made again, run beside the module as it was and on the suite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from irlens.assist.guard import BUDGET_S, Guarded, Prepared, guard, prepare
from irlens.assist.tools import Tools
from irlens.assist.trial import counterexample, trial
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, LLVMRefused, LLVMStopped, Unrunnable
from irlens.ir.passes import OZ
from irlens.ir.pipeline import PipelineError
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, LibraryCompiler, LlvmliteCompiler
from irlens.llvm.library import find as find_library
from irlens.tuning.baseline import Baseline
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.marking import Marking
from irlens.tuning.reproducer import Failure, Went
from irlens.tuning.search import Found, Progress, minimise
from irlens.tuning.suite import programs
from irlens.tuning.trust import Trial

_READY_TIMES = 3
"""So much more time has the module itself to be made ready, once, than each list to be compared."""
_MOST_CHECKED = 8
"""Lists that are checked, smallest first, before the module is left as it is."""
_THE_USUAL = ("default<O1>", "default<Os>", "default<Oz>")
"""Pipelines that compile most of the world's code."""


class Disputed:
    """The module as it was, and the functions of it that the emulator says -O1, -Os and -Oz all break. Rather than
    LLVM's errors these are code that is undefined on the inputs tried, or something the emulator does not do as a
    machine would (`setjmp`): they cannot be compared."""

    def __init__(self, ir: str, compiler: Compiler, tools: Tools) -> None:
        self._ir, self._compiler, self._tools = ir, compiler, tools
        self._known: dict[str, bool] = {}
        self._was: Prepared | None = None

    def compare(self, after: str, cancel: CancelToken | None) -> Guarded | None:
        """What the emulator says, without accusations of such functions; None where it cannot be asked (the module
        makes no object it can run)."""
        try:
            if self._was is None:  # not in the time that comparing has
                self._was = prepare(self._ir, self._tools, cancel, budget_s=_READY_TIMES * BUDGET_S)
            found = guard(self._was, after, self._tools, cancel=cancel)
        except (LLVMRefused, LLVMStopped):
            return None
        return self.settled(found, cancel) if found.broken else found

    def settled(self, found: Guarded, cancel: CancelToken | None) -> Guarded:
        """The same without accusations of such functions, which become unknown."""
        asked = [each.name for each in found.broken if each.name not in self._known]
        if asked:
            accused = set(asked)
            for passes in _THE_USUAL:
                accused &= self._broken(passes, sorted(accused), cancel)
            self._known |= {name: name in accused for name in asked}
        left = tuple(each for each in found.broken if not self._known[each.name])
        why = "-O1, -Os and -Oz are held to break it too, so it cannot be compared"
        unknown = [(each.name, why) for each in found.broken if self._known[each.name]]
        return replace(found, broken=left, unknown=(*found.unknown, *unknown))

    def _broken(self, passes: str, names: list[str], cancel: CancelToken | None) -> set[str]:
        if not names:
            return set()
        try:
            after = self._compiler.run(self._ir, passes, cancel=cancel)
            found = guard(self._was or self._ir, after, self._tools, functions=names, cancel=cancel)
        except (IrlensError, PipelineError):
            return set()
        return {each.name for each in found.broken}


@dataclass
class Checked:
    """The best that can be trusted: the evaluation, its module, what the emulator said; what was refused on the way
    (`refused` for the report, `failures` for a reproducer), and how many compilations all that took. `as_text` is the
    value of the module's text, which LLVM's printer takes the order of uses from: code generation can come to
    other bytes with it."""

    best: Evaluation
    ir: str
    as_text: int | None = None
    guard: Guarded | None = None
    refused: list[Evaluation] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    used: int = 0


def checked_best(
    as_is: str,
    base: Baseline,
    found: Found,
    evaluator: Evaluator,
    tools: Tools,
    cache: Cache,
    cancel: CancelToken | None,
    tell: Progress,
) -> Checked:
    """The smallest that passes every check, down to the module as it stands, whose text is `as_is`. A list that comes
    to no less than what takes no search (`Baseline.floor`) is not looked at. Raises `Cancelled`."""
    ir = base.marks.text
    checked = Checked(base.as_is, as_is, base.as_is.value)
    oz_text: int | None = None
    marking = Marking(ir, evaluator)
    disputed = Disputed(ir, evaluator.compiler, tools)
    digests: set[str] = set()
    finds = [each for each in found.history if each.value is not None and each.value < base.floor]
    ranked = sorted(finds, key=lambda each: each.value or 0)
    if _smaller(base.oz, base.as_is):
        ranked.append(base.oz)
    for candidate in ranked:
        if len(digests) >= _MOST_CHECKED:
            break
        if candidate.digest in digests:
            continue
        digests.add(candidate.digest)
        tell(f"shortening and checking {candidate.passes}", None)
        best, more = (candidate, 0) if candidate.passes == OZ else minimise(candidate, evaluator, 40, cancel)
        checked.used += more + 1
        digests.add(best.digest)
        if best.passes != OZ and (why := marking.why_no_find(best, cancel)):
            checked.refused.append(replace(best, value=None, how="only marks", why=why))
            continue
        after, guarded, failure = _check(ir, best, evaluator, tools, cache, disputed, cancel)
        if failure is None:
            value = _value_of_text(after, evaluator, cancel)
            if best.passes != OZ:
                if oz_text is None:
                    oz_text = _value_of_text(evaluator.module_after(OZ, cancel), evaluator, cancel)
                if value is None or oz_text is None or value > oz_text:
                    why = f"as text it comes to {value}, and -Oz to {oz_text}"
                    checked.refused.append(
                        Evaluation(best.passes, None, best.bytes, best.digest, "not trusted", why)
                    )
                    continue
            checked.best, checked.ir, checked.guard, checked.as_text = best, after, guarded, value
            break
        checked.failures.append(failure)
        checked.refused.append(
            Evaluation(best.passes, None, best.bytes, best.digest, "not trusted", failure.why)
        )
    return checked


def _check(
    ir: str,
    best: Evaluation,
    evaluator: Evaluator,
    tools: Tools,
    cache: Cache,
    disputed: Disputed,
    cancel: CancelToken | None,
) -> tuple[str, Guarded | None, Failure | None]:
    """The module after the list, what the emulator said of it, and what speaks against the list, if anything does."""
    passes, compiler = best.passes, evaluator.compiler
    try:
        after, why = _made_again(ir, best, evaluator, tools, cancel)
        if why:
            return after, None, Failure(passes, "not the same twice", why)
        guarded = disputed.compare(after, cancel)
    except LLVMStopped as error:
        return ir, None, Failure(passes, "crashed", str(error))
    except (LLVMRefused, Unrunnable, PipelineError) as error:
        return ir, None, Failure(passes, "not the same twice", f"it ran once, then not: {error}")
    if guarded is not None and guarded.broken:
        return after, guarded, Failure(passes, "breaks the module", counterexample(guarded))
    tried = trial(passes, compiler, tools, cache=cache, limit_s=evaluator.limit_s, cancel=cancel)
    if not tried.trusted and not (passes == OZ and tried.says == "open"):
        return after, guarded, _of_the_suite(tried)
    return after, guarded, None


def _value_of_text(after: str, evaluator: Evaluator, cancel: CancelToken | None) -> int | None:
    text = Evaluator(
        after, evaluator.compiler, evaluator.objective, jobs=1, limit_s=evaluator.limit_s, mca=evaluator.mca
    )
    try:
        (measured,) = text.evaluate([""], cancel)
    finally:
        text.close()
    return measured.value


def _of_the_suite(tried: Trial) -> Failure:
    where = f"program {tried.program} of the suite"
    why = {
        "breaks": f"it changes what {where} does: {tried.why}",
        "crashes": f"LLVM stops with it on {where}: {tried.why}",
        "refuses": f"LLVM refuses {where} after it: {tried.why}",
    }.get(tried.says, f"it could not be tried on {where}: {tried.why}")
    source = next((each.ir for each in programs() if each.name == tried.program), "")
    what: Went = "crashed" if tried.says == "crashes" else "breaks the suite"
    return Failure(tried.passes, what, why, source, tried.program)


def _smaller(one: Evaluation, other: Evaluation) -> bool:
    return one.value is not None and other.value is not None and one.value < other.value


def _made_again(
    ir: str, best: Evaluation, evaluator: Evaluator, tools: Tools, cancel: CancelToken | None
) -> tuple[str, str]:
    """The module after the list, and why it is not to be trusted: a process that has seen nothing yet must come to
    the same text and to the value that was measured."""
    after = evaluator.module_after(best.passes, cancel)
    with fresh(evaluator.compiler, tools) as other:
        again = Evaluator(
            ir, other, evaluator.objective, jobs=1, limit_s=evaluator.limit_s, mca=evaluator.mca
        )
        try:
            second = again.module_after(best.passes, cancel)
            (measured,) = again.evaluate([best.passes], cancel)
        finally:
            again.close()
    if second != after:
        return after, "run again in a new process it made another module: it does not do the same twice"
    if measured.value != best.value:
        said = measured.value if measured.value is not None else measured.why
        return after, f"run again it came to {said}, not {best.value}: it does not do the same twice"
    return after, ""


@contextmanager
def fresh(compiler: Compiler, tools: Tools) -> Iterator[Compiler]:
    """The same compiler in a process of its own. What a list makes may depend on addresses, and those of one process
    are the same again more often than not. Where it is another's (a cluster's) it is taken as it is."""
    if isinstance(compiler, LibraryCompiler):
        found = find_library(tools.llvm.opt_setting)
        if found is not None:
            alone = LibraryCompiler(found.path, found.opt, 1)
            try:
                yield alone if alone.name == compiler.name else compiler
            finally:
                alone.close()
            return
    if isinstance(compiler, LlvmliteCompiler) and type(tools.llvm) is LLVM:
        with LLVM(workers=1) as llvm:
            yield LlvmliteCompiler(llvm)
        return
    yield compiler  # `opt` is a new process for each list

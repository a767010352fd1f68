"""Single functions made smaller within their module, which otherwise stays as it is: what a list would bring, and
the change itself.

A function is cut out with what it refers to (`ir.cut`), lists are tried on that small module, and the strongest are
put back into the whole one (`ir.graft`) and measured there: the number that is shown is that of what is applied.
-Oz is measured the same way, and is clang's: the function is given the attributes of clang -Oz first, for the
lists too (`tuning.baseline`). Results are kept under the text that was cut out, so that a change elsewhere in the file
costs nothing here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from irlens.assist.guard import BUDGET_S, Guarded, guard
from irlens.assist.tools import Tools
from irlens.assist.trial import trial
from irlens.assist.words import sentence
from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, UnusableInput
from irlens.ir.cut import cut
from irlens.ir.graft import Graft, graft, grafted
from irlens.ir.optnone import SHORT_ADVICE
from irlens.ir.outline import outline
from irlens.ir.passes import OZ
from irlens.ir.pipeline import PipelineError
from irlens.ir.size_attributes import cold_functions, size_marks
from irlens.llvm.compilers import Compiler
from irlens.llvm.measured import Measured
from irlens.source.positions import to_utf8
from irlens.tuning.baseline import baseline
from irlens.tuning.cache import Cache, scope_of
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.library import library, spelled_for
from irlens.tuning.marking import Marking
from irlens.tuning.objective import Objective
from irlens.tuning.search import Budget, Found, search
from irlens.tuning.strategies import Ours, spellings

LEAST_SHARE, LEAST_BYTES = 0.02, 8
"""What a list must save under -Oz to be worth a hint."""
_MOST_PLACED = 3
"""Lists that are put back and measured in the whole module, besides -Oz."""
_GUARD_S = 2.0
_LIST_LIMIT_S = 5.0


@dataclass(frozen=True)
class Tuned:
    """Bytes of a function in the object of its whole module, or, where `name` is "", text + data of all of it: as it
    is, after -Oz, and after `passes`, the best list found ("" where -Oz or the text as it is is not beaten; `best` is
    then the smaller of these). For a function, -Oz and the list are applied to it alone. -Oz and lists work on code with
    clang -Oz's attributes; `plain` is -Oz without them, where that comes to something else. `guard` is what the
    emulator said of the list, `by` the LLVM that measured. `optnone` is a sentence where passes skip the function, or
    functions of the module, and what to do."""

    name: str
    now: int
    oz: int
    best: int
    passes: str
    guard: str
    by: str
    plain: int | None = None
    optnone: str = ""

    @property
    def saved(self) -> float:
        """Share under the reference, 0 to 1."""
        return 1 - self.best / self.reference if self.reference else 0.0

    @property
    def reference(self) -> int:
        """The smallest that takes no search: -Oz, with its attributes and without, and the code as it stands."""
        return min(self.oz, self.now, self.oz if self.plain is None else self.plain)

    @property
    def is_worth_a_hint(self) -> bool:
        """Whether a list beats what takes no search by enough to say so."""
        enough = self.reference - self.best >= LEAST_BYTES and self.saved >= LEAST_SHARE
        return bool(self.passes) and enough

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Applied:
    """A list applied to one function. Bytes of the function, and of the whole module's text + data, before and
    after."""

    change: Graft
    before: int
    after: int
    module_before: int
    module_after: int
    guarded: Guarded | None

    @property
    def words(self) -> str:
        """What it came to; the numbers are measured."""
        checked = f"; {self.guarded.words}" if self.guarded else ""
        return (
            f"{self.before} -> {self.after} bytes, the module {self.module_before} -> {self.module_after} "
            f"(measured){checked}"
        )


class FunctionTuner:
    """Searches the functions of one module. `budget` counts lists tried on each function, on the module too."""

    def __init__(self, ir: str, compiler: Compiler, tools: Tools, cache: Cache, budget: int) -> None:
        self.ir = ir
        self._compiler, self._tools, self._cache, self._budget = compiler, tools, cache, budget
        self._whole = _measured(compiler, ir, None)
        self._optnone = frozenset(size_marks(ir).optnone)
        self.names = [
            f.name for f in outline(ir).functions if f.is_definition and f.name in self._whole.functions
        ]
        self.names.sort(key=lambda name: -self._whole.functions[name])

    def function(self, name: str, cancel: CancelToken | None = None) -> Tuned:
        """Raises `UnusableInput` where the function cannot be taken out or put back, `LLVMRefused` and
        `LLVMStopped` where it cannot be compiled, `Cancelled`."""
        now = self._whole.functions[name]
        if name in self._optnone:
            why = f"{name} is optnone, so passes skip it. {SHORT_ADVICE}"
            return Tuned(name, now, now, now, "", "", self._compiler.name, optnone=why)
        as_it_stands = cut(self.ir, name)
        part = size_marks(as_it_stands).text
        scope = scope_of(part, self._compiler.name, "here")
        oz = self._placed(part, name, OZ, scope, cancel)
        if oz.value is None:
            raise LLVMStopped(f"-Oz of {name} alone: {sentence(oz.why)} Optimize the whole module.")
        plain: int | None = None
        floor = min(now, oz.value)
        if part is not as_it_stands:
            bare = scope_of(as_it_stands, self._compiler.name, "here")
            without = self._placed(as_it_stands, name, OZ, bare, cancel).value
            by_marks = self._placed(part, name, "", scope, cancel).value
            plain = without if without != oz.value else None
            floor = min(each for each in (floor, without, by_marks) if each is not None)
        best = Tuned(name, now, oz.value, min(now, oz.value), "", "", self._compiler.name, plain)
        found, marking = self._search(part, cancel)
        for candidate in _candidates(found):
            placed = self._placed(part, name, candidate.passes, scope, cancel)
            if (
                placed.value is None
                or placed.value >= min(best.best, floor)
                or placed.bytes >= min(oz.bytes, 0)
            ):
                continue  # bytes that a constant takes elsewhere are no gain
            if marking.why_no_find(candidate, cancel):
                continue
            said = self._guarded(part, name, candidate.passes, cancel)
            if said is not None:
                best = replace(best, best=placed.value, passes=candidate.passes, guard=said)
        return best

    def module(self, cancel: CancelToken | None = None) -> Tuned:
        """The same for the whole module. Raises as `function`."""
        base, evaluator = baseline(self.ir, Objective(), self._evaluator, cancel)
        evaluator.close()
        if base.oz.value is None or base.as_is.value is None:
            raise LLVMRefused(
                f"It cannot be measured: {sentence(base.oz.why or base.as_is.why)} Fix it and try again."
            )
        best = Tuned(
            "",
            base.as_is.value,
            base.oz.value,
            min(base.oz.value, base.as_is.value),
            "",
            "",
            self._compiler.name,
            base.plain_oz,
            base.marks.optnone_words,
        )
        found, marking = self._search(base.marks.text, cancel)
        for candidate in _candidates(found):
            if candidate.value is None or candidate.value >= min(best.best, base.floor):
                continue
            if marking.why_no_find(candidate, cancel):
                continue
            said = self._guarded(base.marks.text, "", candidate.passes, cancel)
            if said is not None:
                best = replace(best, best=candidate.value, passes=candidate.passes, guard=said)
        return best

    def _evaluator(self, ir: str) -> Evaluator:
        return Evaluator(ir, self._compiler, Objective(), jobs=1, cache=self._cache, limit_s=_LIST_LIMIT_S)

    def _search(self, ir: str, cancel: CancelToken | None) -> tuple[Found, Marking]:
        evaluator = self._evaluator(ir)
        strategy = Ours(
            spelled_for(library("build", self._compiler.whole), self._compiler.release),
            self._compiler.release,
            self._budget,
            may=spellings(self._compiler),
        )
        try:
            found = search(strategy, evaluator, Budget(self._budget), cancel=cancel)
        finally:
            evaluator.close()
        if found.oz.value is None or found.as_is.value is None:
            raise LLVMRefused(
                f"It cannot be measured: {sentence(found.oz.why or found.as_is.why)} Fix it and try again."
            )
        return found, Marking(ir, evaluator)

    def _placed(
        self, part: str, name: str, passes: str, scope: str, cancel: CancelToken | None
    ) -> Evaluation:
        """`value` is the function's size in the whole module, `bytes` what the module's gains (negative: saves)."""
        kept = self._cache.find(scope, [passes]).get(passes)
        if kept is not None:
            return kept
        try:
            change = _change(self.ir, name, part, passes, self._compiler, cancel)
            made = _measured(self._compiler, grafted(self.ir, change), cancel)
        except (UnusableInput, LLVMRefused, LLVMStopped, PipelineError) as error:
            result = Evaluation(passes, None, how="refused", why=str(error))
        else:
            more = made.bytes - self._whole.bytes
            result = Evaluation(passes, made.functions.get(name), more, made.digest)
        self._cache.keep(scope, [result])
        return result

    def _guarded(self, part: str, name: str, passes: str, cancel: CancelToken | None) -> str | None:
        """What the emulator says of it; None where that shows the list to change what the code does."""
        if passes != OZ and not self._of_the_suite(passes, cancel):
            return None
        scope = scope_of(part, self._compiler.name, "guard")
        kept = self._cache.find(scope, [passes]).get(passes)
        if kept is None:
            try:
                if name:
                    change = _change(self.ir, name, part, passes, self._compiler, cancel)
                    after = grafted(self.ir, change)
                else:
                    after = self._compiler.run(part, passes, limit_s=_LIST_LIMIT_S, cancel=cancel)
                said = _guard(self.ir, after, name, self._tools, _GUARD_S, cancel)
            except (UnusableInput, LLVMRefused, LLVMStopped, PipelineError) as error:
                kept = Evaluation(passes, None, how="refused", why=str(error))
            else:
                words = said.words if said is not None else "not run"
                kept = Evaluation(passes, 0 if said is not None and said.broken else 1, why=words)
            self._cache.keep(scope, [kept])
        return kept.why if kept.value == 1 else None

    def _of_the_suite(self, passes: str, cancel: CancelToken | None) -> bool:
        """Whether the list keeps what the programs of the suite do; tried once for each LLVM."""
        tried = trial(
            passes, self._compiler, self._tools, cache=self._cache, limit_s=_LIST_LIMIT_S, cancel=cancel
        )
        return tried.trusted


def apply_to_function(
    ir: str,
    name: str,
    passes: str,
    compiler: Compiler,
    tools: Tools,
    cancel: CancelToken | None = None,
    cache: Cache | None = None,
) -> Applied:
    """The function, with the attributes of clang -Oz, after the list, in its module.

    Raises `UnusableInput` where that is not smaller, cannot be placed, is shown to do something else, or the list does
    not keep what the suite's programs do; `LLVMRefused`, `LLVMStopped`, `PipelineError`, `Cancelled`.
    """
    marks = size_marks(cut(ir, name))
    if name in marks.optnone:
        raise UnusableInput(f"Nothing was changed: {name} is optnone, so passes skip it. {SHORT_ADVICE}")
    change = _change(ir, name, marks.text, passes, compiler, cancel)
    text = grafted(ir, change)
    if passes != OZ and name in cold_functions(text) - cold_functions(ir):
        raise UnusableInput(
            f"Nothing was changed: the list marks {name} cold, and nothing says that it is rarely run. Use another list."
        )
    before, after = (_measured(compiler, each, cancel) for each in (ir, text))
    applied = Applied(
        change,
        before.functions.get(name, 0),
        after.functions.get(name, 0),
        before.bytes,
        after.bytes,
        _guard(ir, text, name, tools, BUDGET_S, cancel),
    )
    if applied.guarded is not None and applied.guarded.broken:
        raise UnusableInput(f"Nothing was changed: {sentence(applied.guarded.words)} Use another list.")
    if passes != OZ:
        tried = trial(passes, compiler, tools, cache=cache, limit_s=_LIST_LIMIT_S, cancel=cancel)
        if not tried.trusted:
            raise UnusableInput(
                f"Nothing was changed: the list does not keep what program {tried.program} of the suite does "
                f"({tried.why}). Use another list."
            )
    if applied.after >= applied.before:
        raise UnusableInput(
            f"Nothing was changed: {name} gets no smaller ({applied.words}). Try another list."
        )
    return applied


def _change(
    ir: str, name: str, part: str, passes: str, compiler: Compiler, cancel: CancelToken | None
) -> Graft:
    after = compiler.run(part, passes, limit_s=_LIST_LIMIT_S, cancel=cancel)
    return graft(ir, name, part, after)


def _measured(compiler: Compiler, ir: str, cancel: CancelToken | None) -> Measured:
    block = to_utf8(ir)
    (found,) = compiler.measure(block, [""], functions=True, cancel=cancel)
    if found.how != "measured":
        raise LLVMRefused(f"This module cannot be measured: {sentence(found.why)} Mend it and try again.")
    return found


def _guard(
    before: str, after: str, name: str, tools: Tools, budget_s: float, cancel: CancelToken | None
) -> Guarded | None:
    """None where the emulator cannot be asked."""
    try:
        return guard(
            before, after, tools, functions=[name] if name else None, budget_s=budget_s, cancel=cancel
        )
    except (LLVMRefused, LLVMStopped):
        return None


def _candidates(found: Found) -> list[Evaluation]:
    """The smallest first, one of each object."""
    better: dict[str, Evaluation] = {}
    for each in sorted(found.history, key=lambda each: (each.value is None, each.value)):
        if each.value is not None and each.value < (found.oz.value or 0):
            better.setdefault(each.digest, each)
    return list(better.values())[:_MOST_PLACED]

"""Lists whose gain is a mark and no better code: functions that they call `cold`, which nobody said of them.

Code that is marked cold is made for size and moved out of the way; hot code that is marked so runs slower. clang -Oz does
not do that, so such a list is not compared with it. What LLVM infers at -Oz too is not held against a list.
"""

from __future__ import annotations

from irlens.cancel import CancelToken
from irlens.errors import IrlensError
from irlens.ir.outline import outline
from irlens.ir.passes import OZ
from irlens.ir.pipeline import PipelineError
from irlens.ir.size_attributes import cold_functions, marked_cold
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator

_NAMED = 3


class Marking:
    """Of the module `ir`, which has the attributes of clang -Oz, measured by `evaluator`. Use from one thread."""

    def __init__(self, ir: str, evaluator: Evaluator) -> None:
        self._ir, self._evaluator = ir, evaluator
        self._allowed: frozenset[str] | None = None

    def newly_cold(self, after: str, cancel: CancelToken | None) -> tuple[str, ...]:
        """The module's functions that are cold in `after`, neither in the module nor after -Oz. Functions that passes
        made of cold parts are not meant. Raises as `Compiler.run` where -Oz cannot be run."""
        cold = cold_functions(after)
        if not cold:
            return ()
        if self._allowed is None:
            by_oz = self._evaluator.module_after(OZ, cancel)
            self._allowed = cold_functions(self._ir) | cold_functions(by_oz)
        ours = {function.name for function in outline(self._ir).functions if function.is_definition}
        return tuple(sorted((cold & ours) - self._allowed))

    def why_no_find(self, found: Evaluation, cancel: CancelToken | None = None) -> str:
        """Why the list is no find: it marks functions cold; with what -Oz comes to on code that is marked the same
        way. "" where it does not. Raises `Cancelled`."""
        try:
            names = self.newly_cold(self._evaluator.module_after(found.passes, cancel), cancel)
        except (IrlensError, PipelineError):
            return ""  # whoever checks the list next says so
        if not names:
            return ""
        with_marks = self._oz_with(names, cancel)
        shown = ", ".join(names[:_NAMED]) + (" and others" if len(names) > _NAMED else "")
        said = f"; -Oz with the same marks: {with_marks}" if with_marks is not None else ""
        return f"it marks {shown} cold, and nothing says that this code is rarely run{said}"

    def _oz_with(self, names: tuple[str, ...], cancel: CancelToken | None) -> int | None:
        of = self._evaluator
        text = marked_cold(self._ir, names)
        other = Evaluator(text, of.compiler, of.objective, jobs=1, limit_s=of.limit_s, mca=of.mca)
        try:
            (measured,) = other.evaluate([OZ], cancel)
        finally:
            other.close()
        return measured.value

"""What a search has to beat: what everybody has without one.

`-Oz` is what clang makes at -Oz: its pipeline on functions that carry its attributes (`ir.size_attributes`). The search
runs on the module with these attributes too, so that no list is smaller for having put `minsize` on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from irlens.cancel import CancelToken
from irlens.ir.passes import OZ
from irlens.ir.size_attributes import SizeMarks, size_marks
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.objective import Objective


@dataclass(frozen=True)
class Baseline:
    """`as_is` is the module as it stands, `plain` the -Oz pipeline on that; `marked` the module with clang -Oz's
    attributes and no pass run, `oz` the pipeline on that: the -Oz of every comparison. `marks` has the module of the
    search. Where nothing is lacking `plain` is `oz` and `marked` is `as_is`."""

    marks: SizeMarks
    as_is: Evaluation
    plain: Evaluation
    marked: Evaluation
    oz: Evaluation

    @property
    def floor(self) -> int:
        """The smallest that takes no search: a list is a find only below it."""
        values = [each.value for each in (self.as_is, self.plain, self.marked, self.oz)]
        return min(value for value in values if value is not None)

    @property
    def plain_oz(self) -> int | None:
        """-Oz on the module as it stands, where that comes to another number than `oz`."""
        return self.plain.value if self.plain.value != self.oz.value else None


def marks_for(ir: str, objective: Objective) -> SizeMarks:
    """The module that the search runs on. Cycles are searched without the attributes: they cost time."""
    marks = size_marks(ir)
    return marks if objective.what != "cycles" else replace(marks, text=ir, lacking=())


def baseline(
    ir: str, objective: Objective, evaluator_of: Callable[[str], Evaluator], cancel: CancelToken | None = None
) -> tuple[Baseline, Evaluator]:
    """The baseline of the module, and the evaluator of the search; `evaluator_of` makes one of a text, and is called
    for no other than the one returned without closing it again. Values are None where LLVM refuses the module, or the
    pipeline cannot be run on it. Raises `Cancelled`."""
    marks = marks_for(ir, objective)
    plainly = evaluator_of(ir)
    as_is, plain = plainly.evaluate(["", OZ], cancel)
    if not marks.lacking or as_is.value is None:
        return Baseline(replace(marks, text=ir, lacking=()), as_is, plain, as_is, plain), plainly
    evaluator = evaluator_of(marks.text)
    marked, oz = evaluator.evaluate(["", OZ], cancel)
    if marked.value is None or oz.value is None:  # spelled in a way that we put the marks in a wrong place of
        evaluator.close()
        return Baseline(replace(marks, text=ir, lacking=()), as_is, plain, as_is, plain), plainly
    plainly.close()
    evaluator.compiled += plainly.compiled
    return Baseline(marks, as_is, plain, marked, oz), evaluator


def oz_words(oz: int, plain: int | None) -> str:
    """-Oz in a sentence: `plain` is the pipeline's value on code without clang -Oz's attributes, where that differs."""
    return f"-Oz {oz}" if plain is None else f"-Oz {plain} ({oz} with clang -Oz's attributes)"

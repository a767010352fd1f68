"""What LLVM prints while it runs passes under `-print-changed`: read into one event for each pass.

LLVM names a pass there by its C++ class, so that name is turned into the one that a pipeline gives it. Passes
that only compute or throw away an analysis, and managers, which hold other passes, are no events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from irlens.ir.passes import registry

_START = "*** IR Dump At Start ***"
_AFTER, _END = "*** IR Dump After ", " ***"
_UNCHANGED, _FILTERED = " omitted because no change", " filtered out"
_GONE = re.compile(r"\*\*\* IR Pass (?P<pass>\S.*) invalidated \*\*\*$")
_OTHER = re.compile(r"\*\*\* IR (?:Pass|Dump|Deleted) .* \*\*\*$")
_ANALYSES = ("RequireAnalysisPass<", "InvalidateAnalysisPass<", "InvalidateAllAnalysesPass")

_CLASSES = {
    "AlwaysInlinerPass": "always-inline",
    "ArgumentPromotionPass": "argpromotion",
    "ConstantMergePass": "constmerge",
    "ControlHeightReductionPass": "chr",
    "CorrelatedValuePropagationPass": "correlated-propagation",
    "DeadArgumentEliminationPass": "deadargelim",
    "EliminateAvailableExternallyPass": "elim-avail-extern",
    "EntryExitInstrumenterPass": "ee-instrument",
    "ForceFunctionAttrsPass": "forceattrs",
    "GlobalDCEPass": "globaldce",
    "HotColdSplittingPass": "hotcoldsplit",
    "IndVarSimplifyPass": "indvars",
    "InferFunctionAttrsPass": "inferattrs",
    "InlinerPass": "inline",
    "LoopFullUnrollPass": "loop-unroll-full",
    "LoopIdiomRecognizePass": "loop-idiom",
    "LoopLoadEliminationPass": "loop-load-elim",
    "LoopStrengthReducePass": "loop-reduce",
    "LowerExpectIntrinsicPass": "lower-expect",
    "MemProfRemoveInfo": "memprof-remove-attributes",
    "MergeFunctionsPass": "mergefunc",
    "MergedLoadStoreMotionPass": "mldst-motion",
    "PostOrderFunctionAttrsPass": "function-attrs",
    "PromotePass": "mem2reg",
    "RegToMemPass": "reg2mem",
    "ReversePostOrderFunctionAttrsPass": "rpo-function-attrs",
    "SinkingPass": "sink",
    "StripSymbolsPass": "strip",
    "UnifyFunctionExitNodesPass": "mergereturn",
    "UnifyLoopExitsPass": "unify-loop-exits",
    "WarnMissedTransformationsPass": "transform-warning",
}
"""Classes whose name is not the pass's when case, dashes and `Pass` are set aside (LLVM's PassRegistry.def)."""


@dataclass(frozen=True)
class PassEvent:
    """One pass on one unit: a function, `[module]`, a loop. `text` is the IR after it where it changed something,
    None where it did not; "" where what it worked on is gone."""

    class_name: str
    on: str
    text: str | None

    @property
    def name(self) -> str:
        """As a pipeline spells it; the class where no pass of that name is known."""
        return pass_name(self.class_name) or self.class_name


@dataclass(frozen=True)
class PassDump:
    """`start` is the IR before the first pass; "" where LLVM printed none, since no pass was interested."""

    start: str
    events: tuple[PassEvent, ...]


def read_dump(text: str) -> PassDump:
    """The dump of one run. Lines before the first mark, warnings say, are left out."""
    start = ""
    events: list[PassEvent] = []
    for mark, body in _sections(text):
        if mark == _START:
            start = body
            continue
        after = _after(mark)
        if after is None:
            gone = _GONE.match(mark)
            if gone is not None and not gone["pass"].startswith(_ANALYSES):
                events.append(PassEvent(gone["pass"], "", ""))
            continue
        class_name, on = after
        if on.endswith(_FILTERED) or class_name.startswith(_ANALYSES):
            continue
        unchanged = on.endswith(_UNCHANGED)
        events.append(PassEvent(class_name, on.removesuffix(_UNCHANGED), None if unchanged else body))
    return PassDump(start, tuple(events))


def _after(mark: str) -> tuple[str, str] | None:
    """The pass of a mark, and what it ran on with what LLVM says of it. Names of functions hold what they like."""
    if not mark.startswith(_AFTER) or not mark.endswith(_END):
        return None
    class_name, between, on = mark[len(_AFTER) : -len(_END)].partition(" on ")
    return (class_name, on) if between and class_name.strip() else None


def pass_name(class_name: str) -> str | None:
    """The name that a pipeline gives the pass of a C++ class: `SROAPass` is `sroa`."""
    plain = class_name.partition("<")[0]
    if plain in _CLASSES:
        return _CLASSES[plain]
    folded = _fold(plain)
    names = _by_folded_name()
    return names.get(folded) or names.get(folded.removesuffix("pass"))


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Each mark with what stands below it. IR has no line that begins as a mark does."""
    mark = ""
    body: list[str] = []
    for line in text.split("\n"):
        if line.startswith("*** IR ") and (line == _START or _OTHER.match(line)):
            if mark:
                yield mark, "\n".join(body).strip("\n")
            mark, body = line, []
        else:
            body.append(line)
    if mark:
        yield mark, "\n".join(body).strip("\n")


@cache
def _by_folded_name() -> dict[str, str]:
    return {
        _fold(name.partition("<")[0]): name for name in registry() if not name.startswith(("print", "dot-"))
    }


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())

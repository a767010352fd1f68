"""Can llvmlite run this pipeline, and as what? Pure: a pass list in, steps or reasons out.

llvmlite has no textual pipelines. It can add about 50 passes by method and build the default pipeline of a
speed level. A pipeline is expressible where that gives what LLVM would do with the text:

- a function pass works on its function alone, so `function(a,b)` equals "a on all functions, then b";
- loop and CGSCC passes do not have that independence: `loop(a,b)` runs a and b on each loop in turn, and
  llvmlite can only run a on all loops first, so groups of those are left to `opt`;
- a pass with parameters other than its defaults is left to `opt`;
- llvmlite builds O0 to O3 only. Os and Oz become what LLVM itself made of them later: O2, with `optsize`
  (and `minsize` for Oz) on the functions that do not say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from irlens.ir.pass_policy import why_refused
from irlens.ir.passes import lookup
from irlens.ir.pipeline import Pass, Pipeline, walk

SIZE_ATTRIBUTES = {"Os": ("optsize",), "Oz": ("optsize", "minsize")}
_SPEED_LEVELS = {"O0": 0, "O1": 1, "O2": 2, "O3": 3, "Os": 2, "Oz": 2}
_DEFAULTS = ("instcombine<no-verify-fixpoint>",)
"""Parameters that say what llvmlite does without them."""
_GROUPS = ("module", "cgscc", "function", "loop", "loop-mssa")


@dataclass(frozen=True)
class Step:
    """Either `methods` of one llvmlite module pass manager, in order, or the default pipeline of `level`,
    with `attributes` set first on the functions that allow it."""

    methods: tuple[str, ...] = ()
    level: int | None = None
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """`steps` do the whole pipeline when `missing` is empty; else `missing` names what llvmlite cannot do,
    in the words of the pipeline."""

    steps: tuple[Step, ...]
    missing: tuple[str, ...]


def plan(pipeline: Pipeline) -> Plan:
    """What llvmlite would do for the pipeline."""
    steps: list[Step] = []
    missing: list[str] = []
    for element in pipeline.passes:
        _add(element, "module", steps, missing)
    return Plan(tuple(steps), tuple(dict.fromkeys(missing)))


def _add(element: Pass, level: str, steps: list[Step], missing: list[str]) -> None:
    if element.children:
        _add_group(element, steps, missing)
    elif element.name == "default" and element.params in _SPEED_LEVELS and level == "module":
        attributes = SIZE_ATTRIBUTES.get(element.params or "", ())
        steps.append(Step(level=_SPEED_LEVELS[element.params or ""], attributes=attributes))
    else:
        info = lookup(element)
        method = info.llvmlite_method if info is not None else None
        if (
            method is None
            or why_refused(element)
            or (
                element.params is not None
                and info is not None
                and info.name == element.name
                and element.text not in _DEFAULTS
            )
        ):
            missing.append(element.text)
        elif steps and steps[-1].methods:
            steps[-1] = Step(methods=(*steps[-1].methods, method))
        else:
            steps.append(Step(methods=(method,)))


def _add_group(element: Pass, steps: list[Step], missing: list[str]) -> None:
    if element.name not in _GROUPS or (element.params is not None and element.text != "function<eager-inv>"):
        missing.append(element.text)
        return
    before = len(missing)
    for child in element.children:
        _add(child, element.name, steps, missing)
    ordered = element.name in ("cgscc", "loop", "loop-mssa")
    if ordered and len(element.children) > 1 and len(missing) == before:
        missing.append(f"{element.name}(...) with {len(element.children)} passes in turn")


def size_repairs(pipeline: Pipeline, marked: dict[str, int]) -> tuple[str, ...]:
    """What was changed so that llvmlite could run Os or Oz; `marked` counts functions by attribute."""
    said = []
    for element in walk(pipeline):
        if element.name == "default" and element.params in SIZE_ATTRIBUTES:
            attributes = SIZE_ATTRIBUTES[element.params or ""]
            count = max((marked.get(attribute, 0) for attribute in attributes), default=0)
            how = (
                f"with {' and '.join(attributes)} set on {count} function{'' if count == 1 else 's'}"
                if count
                else f"on functions that have {' and '.join(attributes)} already"
            )
            said.append(f"{element.text} was run as default<O2> {how}: llvmlite has no size levels")
    return tuple(dict.fromkeys(said))

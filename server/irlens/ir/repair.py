"""Put right what LLVM would refuse in a pipeline, and say what was done.

Passes in the wrong list, names of another release, a trailing comma, a parenthesis that can only be missing
at one place. What LLVM takes is left alone; what would need a guess is left for LLVM to refuse.
"""

from __future__ import annotations

from dataclasses import replace

from irlens.ir.nesting import (
    Level,
    coarser,
    has,
    implicit_level,
    inside,
    is_container,
    own_level,
    problems,
    stands,
    wrap,
)
from irlens.ir.passes import lookup, optimisation_level, registry
from irlens.ir.pipeline import Pass, Pipeline, PipelineError, parse_pipeline, print_pipeline, refuse_options

MAX_MENDS = 16
"""Faults mended in one text. More than that is not a pipeline with slips in it."""


def repair(pipeline: Pipeline | str, llvm: int | None = None) -> tuple[Pipeline, tuple[str, ...]]:
    """The pipeline that LLVM will take, and a sentence for each change.

    A text is mended as text first; `PipelineError` where that cannot be done without guessing. Unknown and
    removed passes stay, so that whoever runs the pipeline can name them. `llvm` is the release that will run
    it (16 to 22); None means 19 or later.
    """
    notes: list[str] = []
    if isinstance(pipeline, str):
        pipeline = _mend(pipeline, notes)
    pipeline = Pipeline(_rename(pipeline.passes, llvm, notes))
    if any(problem.code == "pass-nesting" for problem in problems(pipeline, llvm)):
        pipeline = _renest(pipeline, notes)
    return pipeline, tuple(dict.fromkeys(notes))


# Text


def _mend(text: str, notes: list[str]) -> Pipeline:
    """Parse, mending one slip at a time. Raises the last `PipelineError` where a slip has no sure remedy."""
    refuse_options(text)
    for _ in range(MAX_MENDS):
        try:
            pipeline = parse_pipeline(text)
        except PipelineError as error:
            text = _mend_one(text, error, notes)
            continue
        return pipeline
    return parse_pipeline(text)


def _mend_one(text: str, error: PipelineError, notes: list[str]) -> str:
    at = error.column
    if error.fault == "space":
        rest = text[at:].lstrip()
        before, after = text[:at], rest
        if before[-1:] in ("", ",", "(") or rest[:1] in ("", ",", "(", ")", "<"):
            notes.append("spaces removed")
            return before + after
    if error.fault == "empty" and text[at : at + 1] == "," and at < len(text) - 1:
        notes.append("doubled comma removed")
        return text[:at] + text[at + 1 :]
    if error.fault == "empty" and at and text[at - 1] == ",":
        notes.append("trailing comma removed")
        return text[: at - 1] + text[at:]
    if error.fault == "unclosed":
        notes.append("')' added at the end")
        closed = text + ")"
        if closed.count("(") == closed.count(")") and _misnested(closed):
            raise error  # it may have been meant elsewhere
        return closed
    if error.fault == "unopened" and not text[at:].strip(") \t\n"):
        notes.append("')' too many removed")
        return text[:at]
    if error.fault == "comma":
        notes.append("missing comma added after ')'")
        return f"{text[:at]},{text[at:]}"
    raise error


def _misnested(text: str) -> bool:
    try:
        return any(problem.code == "pass-nesting" for problem in problems(parse_pipeline(text)))
    except PipelineError:
        return True


# Names


def _rename(passes: tuple[Pass, ...], llvm: int | None, notes: list[str]) -> tuple[Pass, ...]:
    done = []
    for element in passes:
        info = registry().get(element.name)
        if info is not None and info.renamed_to and (llvm is None or not has(info, llvm)):
            notes.append(f"{element.name} is now called {info.renamed_to}")
            element = replace(element, name=info.renamed_to)
        elif info is not None and info.renamed_from and llvm is not None and not has(info, llvm):
            notes.append(f"{element.name} is called {info.renamed_from} in LLVM {llvm}")
            element = replace(element, name=info.renamed_from)
        elif lookup(element) is None and not element.children:
            level = optimisation_level(element.text)
            if level is not None:
                notes.append(f"{element.text} written as default<{level}>")
                element = Pass("default", level, (), element.column)
        done.append(replace(element, children=_rename(element.children, llvm, notes)))
    return tuple(done)


# Nesting

_Placed = tuple[Level, Pass]
"""An element with the level of the list that takes it."""


def _renest(pipeline: Pipeline, notes: list[str]) -> Pipeline:
    """Each element in a list that takes it. Where a top-level list mixes levels, what LLVM would have run
    together stays together."""
    level = implicit_level(pipeline.passes) or "module"
    placed = _place(pipeline.passes, level, notes)
    coarsest = level
    for own, _ in placed:
        coarsest = own if coarser(own, coarsest) else coarsest
    if coarsest == level:
        return Pipeline(tuple(element for _, element in placed))
    passes = _merge(placed, coarsest)
    if coarsest != "module":
        passes = (wrap(passes, coarsest, "module"),)
    mended = Pipeline(passes)
    first = pipeline.passes[0].text
    notes.append(
        f"a list that starts with {first} takes {level} passes only: written as {print_pipeline(mended)}"
    )
    return mended


def _place(passes: tuple[Pass, ...], level: Level, notes: list[str]) -> list[_Placed]:
    """The elements of a list of `level`, wrapped where they are too fine for it, marked with a coarser level
    where they are too coarse."""
    placed: list[_Placed] = []
    for element in passes:
        for own, part in _parts(element, level, notes):
            if own is not None and coarser(own, level):
                placed.append((own, part))
                continue
            if stands(part, level):
                placed.append((level, part))
                continue
            placed.append(_fit(part, level, notes))
    return placed


def _fit(element: Pass, level: Level, notes: list[str]) -> _Placed:
    """An element that does not stand in a list of `level`: wrapped, or marked for a coarser list."""
    own = own_level(element)
    if own is None:
        return level, element
    if own == "loop-mssa" and level == "loop":
        # In a list of its own: other loop passes may not keep MemorySSA, which LLVM refuses in loop-mssa.
        notes.append(f"{element.text} needs MemorySSA: put inside loop-mssa(...)")
        return "function", wrap((element,), own, "function")
    if not coarser(level, own):
        return own, element
    whole = wrap((element,), own, level)
    shown = element.text + ("(...)" if element.children else "")
    shape = "function(loop-mssa(...))" if own == "loop-mssa" and level != "function" else f"{whole.name}(...)"
    notes.append(f"{shown} put inside {shape}")
    return level, whole


def _parts(element: Pass, level: Level, notes: list[str]) -> list[tuple[Level | None, Pass]]:
    """A container cut where it holds something too coarse; a level beside a part says which list that part
    needs, None that the container itself is meant. Anything else as it is."""
    if not is_container(element):
        return [(None, element)]
    within = inside(element, level)
    trial: list[str] = []
    placed = _place(element.children, within, trial)
    if all(own == within for own, _ in placed):
        notes += trial
        return [(None, replace(element, children=tuple(child for _, child in placed)))]
    if element.name in ("repeat", "devirt", "coro-cond"):
        return [(None, element)]  # cut in two, it would no longer mean the same
    notes += trial
    parts: list[tuple[Level | None, Pass]] = []
    kept: list[Pass] = []
    for own, child in placed:
        if own == within:
            kept.append(child)
            continue
        if kept:
            parts.append((None, replace(element, children=tuple(kept))))
            kept = []
        notes.append(f"{child.text}{'(...)' if child.children else ''} taken out of {element.name}(...)")
        parts.append((own, child))
    if kept:
        parts.append((None, replace(element, children=tuple(kept))))
    return parts


def _merge(placed: list[_Placed], level: Level) -> tuple[Pass, ...]:
    """The elements as one list of `level`: finer neighbours share a container, from the finest level up."""
    for fine in ("loop-mssa", "loop", "machine-function", "function", "cgscc"):
        if not coarser(level, fine):
            continue
        up: Level = "function" if fine in ("loop", "loop-mssa", "machine-function") else level
        merged: list[_Placed] = []
        run: list[Pass] = []
        for own, element in [*placed, (level, None)]:
            if own == fine and element is not None:
                run.append(element)
                continue
            if run:
                merged.append((up, wrap(tuple(run), fine, up)))
                run = []
            if element is not None:
                merged.append((own, element))
        placed = merged
    return tuple(element for _, element in placed)

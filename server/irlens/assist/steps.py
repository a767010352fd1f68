"""Steps: what each pass of a pipeline does to one function, as LLVM ran it. Measured only; no model is asked.

LLVM runs the whole pipeline once, on what `irlens.assist.scope` chooses, and reports what every pass changed, so a step
here is what the pass did in its place, with inlining and analyses as they then were, and not what it would do alone.
Values, metadata and attribute groups keep their numbers from step to step (`irlens.ir.stable`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from irlens.assist.limit import Limit
from irlens.assist.scope import Scope, scope_of, without_cut
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import IrlensError, LLVMRefused, LLVMStopped, UnusableInput
from irlens.ir.optnone import note, optnone
from irlens.ir.outline import function_named, outline
from irlens.ir.pass_dump import PassEvent, read_dump
from irlens.ir.passes import registry
from irlens.ir.stable import Prepared, Stable, with_names
from irlens.ir.unnamed import Named, named, shown
from irlens.llvm.answers import PassRun
from irlens.llvm.client import LLVM, LLVMLITE_RELEASE
from irlens.source.alike import Matcher

Progress = Callable[[str, float | None], None]

WHOLE_MODULE_BELOW = 256 << 10
"""Characters of IR. Up to here every change is reported with the whole module, so that the function's bytes can
be measured; above, with the function alone."""
MEASURING_S = 4.0
"""Time for measuring bytes after each change; later ones have none."""


@dataclass(frozen=True)
class Step:
    """One pass on one unit. `changed` is whether this function's text is another now; `ir` is that text, None
    where it is that of the step before, "" where the function is gone. `elsewhere`: the pass changed the module,
    but not this function. `bytes` is the function's size in the object, None where it was not measured.
    `added` and `removed` count lines against the step before."""

    name: str
    class_name: str
    summary: str
    on: str
    changed: bool
    elsewhere: bool
    instructions: int
    blocks: int
    bytes: int | None
    added: int
    removed: int
    ir: str | None


@dataclass(frozen=True)
class StepsResult:
    """`start` is the function as it was, `end` as it came out, "" where it is gone: a pass that works on one function
    may change or remove another, which LLVM does not report as a step of that one. `by` names who ran the pipeline,
    `repairs` what was changed in it to run it. `notes` are sentences to show with the result: what the pipeline was run
    on, what keeps passes off. `why_no_bytes` is a sentence where sizes are missing.

    Each `ir` is for reading (`irlens.ir.stable`): numbers stay what they were, so they need not ascend."""

    function: str
    pipeline: str
    start_ir: str
    start_instructions: int
    start_blocks: int
    start_bytes: int | None
    steps: tuple[Step, ...]
    end_ir: str
    end_instructions: int
    end_blocks: int
    by: str
    repairs: tuple[str, ...]
    notes: tuple[str, ...]
    why_no_bytes: str
    seconds: float


MOST_READ = 8 << 20
"""Characters of a report that are read: some 5 s of work at most. Of a module with many loops, a pass on loops prints the
module as often."""


def steps(
    ir: str,
    pipeline: str,
    function: str,
    llvm: LLVM,
    *,
    limit_s: float | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> StepsResult:
    """Run `pipeline` on `ir` and say what each pass did to `function`. After `limit_s` seconds no further step is looked at
    or measured, which the result says.

    Raises `UnusableInput` where the function is not defined, `LLVMRefused`, `LLVMStopped` (where the passes were not
    run in time, too), `Unrunnable`, `irlens.ir.pipeline.PipelineError`, and `Cancelled`.
    """
    with Limit(limit_s, cancel) as limit:
        return _steps(ir, pipeline, function, llvm, limit, progress or (lambda message, fraction: None))


def _steps(ir: str, pipeline: str, function: str, llvm: LLVM, limit: Limit, tell: Progress) -> StepsResult:
    found = function_named(outline(ir), function)
    if found is None or not found.is_definition:
        raise UnusableInput(f"The module does not define @{function}. Choose a function that it defines.")
    names = named(ir)
    function_name = names.name(function)
    scope = scope_of(names.text, pipeline, function_name, LLVMLITE_RELEASE)
    tell(f"LLVM runs {pipeline}", 0.1)
    try:
        try:
            made = _run(scope, pipeline, function_name, llvm, limit.token)
        except LLVMRefused:
            if scope.is_whole:
                raise
            scope = without_cut(names.text, scope)
            made = _run(scope, pipeline, function_name, llvm, limit.token)
    except Cancelled:
        if not limit.is_over:
            raise
        raise LLVMStopped(
            f"{limit.seconds:g} s were over before LLVM had run the passes. Run fewer passes at a time, or cut the "
            "module down (llvm-extract)."
        ) from None
    run, prepared, is_module = made
    dump = read_dump(run.report)
    sizes = _Sizes(llvm, function_name, is_module, limit)
    view = _View(names, Stable(prepared), function, function_name)
    text = view.of(dump.start or prepared.ir)
    start = (text, *_counts(text, function), sizes.of(scope.ir if is_module else ""))
    found_steps: list[Step] = []
    size = start[3]
    left = MOST_READ
    left_out = ""
    for index, event in enumerate(dump.events):
        left -= len(event.text or "")
        if left < 0:
            left_out = (
                f"Only the first {index:,} of {len(dump.events):,} pass runs are shown: what LLVM printed up to there has "
                f"{MOST_READ >> 20} MB. Run fewer passes at a time."
            )
            break
        if limit.is_over:
            left_out = (
                f"Only the first {index:,} of {len(dump.events):,} pass runs are shown: {limit.seconds:g} s were over. Run "
                "fewer passes at a time."
            )
            break
        limit.token.check()
        tell("measuring each step", 0.3 + 0.7 * index / len(dump.events))
        step = _step(event, text, size, view, is_module, sizes)
        found_steps.append(step)
        if step.ir is not None:
            text, size = step.ir, step.bytes
    # What a pass did to this function while it worked on another, inlining the last call of it say, is in no report.
    end = view.of(run.ir)
    return StepsResult(
        function,
        run.pipeline,
        *start,
        tuple(found_steps),
        end,
        *_counts(end, function),
        run.by,
        run.repairs,
        tuple(
            each
            for each in (left_out, view.words(scope.words), note(tuple(map(shown, optnone(ir, [function])))))
            if each
        ),
        sizes.why_none,
        limit.spent_s,
    )


def _run(
    scope: Scope, pipeline: str, function: str, llvm: LLVM, cancel: CancelToken | None
) -> tuple[PassRun, Prepared, bool]:
    """The run with its report, what it was made of, and whether the report has the whole module at each change."""
    # With a comma in the name everything is reported, where LLVM 22 stops at a call graph node that went empty.
    is_module = len(scope.ir) <= WHOLE_MODULE_BELOW and "," not in function
    prepared = with_names(scope.ir, function)
    run = llvm.dump_passes(prepared.ir, pipeline, function, whole_module=is_module, cancel=cancel)
    return run, prepared, is_module


class _View:
    """The function as people see it, in texts that LLVM printed."""

    def __init__(self, names: Named, stable: Stable, function: str, function_name: str) -> None:
        self._names, self._stable = names, stable
        self.function, self.function_name = function, function_name

    def of(self, text: str) -> str:
        return self._names.restored(self._stable.shown(text))

    def has(self, text: str) -> bool:
        return function_named(outline(text), self.function_name) is not None

    def words(self, text: str) -> str:
        text = self._stable.words(text)
        return text.replace(self.function_name, shown(self.function)) if self._names.prefix else text


def _step(event: PassEvent, before: str, size: int | None, view: _View, whole: bool, sizes: _Sizes) -> Step:
    info = registry().get(event.name)
    after = before
    # Of a loop that is gone nothing is printed: what became of its function the next change shows.
    if event.text:
        # Reported alone, a function that a pass did not touch is not printed; with the module, it is not there any more.
        if view.has(event.text):
            after = view.of(event.text)
        else:
            after = "" if whole or event.on == "[module]" else before
    changed = after != before
    added, removed = _line_changes(before, after) if changed else (0, 0)
    instructions, blocks = _counts(after, view.function)
    return Step(
        name=event.name,
        class_name=event.class_name,
        summary=info.summary if info is not None else "",
        on=view.words(event.on),
        changed=changed,
        elsewhere=bool(event.text) and not changed,
        instructions=instructions,
        blocks=blocks,
        bytes=sizes.of(event.text if whole and event.text else "")
        if changed and after
        else (0 if changed else size),
        added=added,
        removed=removed,
        ir=after if changed else None,
    )


class _Sizes:
    """Measures a function in modules, while there is time for it."""

    def __init__(self, llvm: LLVM, function: str, possible: bool, limit: Limit) -> None:
        self._llvm, self._function, self._limit = llvm, function, limit
        self._left_s = MEASURING_S
        self.why_none = (
            ""
            if possible
            else "Sizes per pass are not available: the module is too large to be printed and measured after each pass."
        )

    def of(self, module: str) -> int | None:
        if not module or self._left_s <= 0:
            return None
        started = time.monotonic()
        try:
            facts = self._llvm.outline(module, cancel=self._limit.token)
        except IrlensError as error:
            self.why_none = self.why_none or str(error)
            return None
        except Cancelled:
            if not self._limit.is_over:
                raise
            self.why_none = (
                f"{self._limit.seconds:g} s were over, so later steps have no bytes. Run fewer passes."
            )
            self._left_s = 0.0
            return None
        finally:
            self._left_s -= time.monotonic() - started
            if self._left_s <= 0 and not self._limit.is_over:
                self.why_none = f"Measuring took more than {MEASURING_S:g} s, so later steps have no bytes."
        self.why_none = self.why_none or facts.why
        return next((each.bytes for each in facts.functions if each.name == self._function), None)


def _counts(text: str, function: str) -> tuple[int, int]:
    found = function_named(outline(text), function)
    return (found.instructions, found.blocks) if found is not None else (0, 0)


def _line_changes(before: str, after: str) -> tuple[int, int]:
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    matcher = Matcher(old, new)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return len(new) - same, len(old) - same


def as_json(result: StepsResult) -> dict[str, object]:
    """The answer to `irlens/steps`."""
    return {
        "function": result.function,
        "pipeline": result.pipeline,
        "start": {
            "instructions": result.start_instructions,
            "blocks": result.start_blocks,
            "bytes": result.start_bytes,
            "ir": result.start_ir,
        },
        "steps": [
            {
                "name": step.name,
                "class": step.class_name,
                "summary": step.summary,
                "on": step.on,
                "changed": step.changed,
                "elsewhere": step.elsewhere,
                "instructions": step.instructions,
                "blocks": step.blocks,
                "bytes": step.bytes,
                "added": step.added,
                "removed": step.removed,
                "ir": step.ir,
            }
            for step in result.steps
        ],
        "end": {
            "instructions": result.end_instructions,
            "blocks": result.end_blocks,
            "ir": result.end_ir,
        },
        "by": result.by,
        "repairs": list(result.repairs),
        "notes": list(result.notes),
        "whyNoBytes": result.why_no_bytes,
        "seconds": round(result.seconds, 3),
    }

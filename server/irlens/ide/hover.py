"""What a hover says: facts of a function, or what a pass is and does to this file.

Everything comes from what is known when the hover is asked for; what is not known yet is said to be under way.
The model's numbers stand under "predicted", LLVM's under "measured", never in one column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from irlens.assist.predict import FunctionPrediction
from irlens.escape import code_span, markdown
from irlens.ide import symbols
from irlens.ide.known import FunctionSizes, LiftNote, PassEffect
from irlens.ide.symbols import Symbol, Use
from irlens.ir.passes import container_summary, lookup
from irlens.ir.pipeline import Pipeline, print_pipeline
from irlens.ir.runlines import PassUse, run_lines, use_at
from irlens.ir.unnamed import shown
from irlens.llvm.session import short_name
from irlens.source.positions import utf8_length
from irlens.source.snapshot import DocumentSnapshot

_ROWS = 10
"""Functions shown of a pass's effect: where there are more, the ones it changes most. In the order of the file."""

_PASSES = re.compile(r"-?-(?:passes|p)=")

MEASURING = "measuring…"


@dataclass(frozen=True)
class FunctionSubject:
    """The hovered function, and the name under the cursor."""

    function: Symbol
    use: Use


@dataclass(frozen=True)
class PassSubject:
    """The hovered pass; `pipeline` is the text that runs it alone."""

    use: PassUse
    pipeline: str

    @property
    def is_known(self) -> bool:
        """Whether it is a pass that irlens knows, and no container."""
        return lookup(self.use.element) is not None


def subject(snapshot: DocumentSnapshot, line: int, column: int) -> FunctionSubject | PassSubject | None:
    """What stands at a position (UTF-8 bytes) that a hover can say something of."""
    if snapshot.language == "llvm" and (found := _pass_at(snapshot, line, column)) is not None:
        return PassSubject(found, print_pipeline(Pipeline((found.element,))))
    use = symbols.use_at(snapshot, line, column)
    function = symbols.function_named(snapshot, use.name) if use is not None else None
    if function is not None and use is not None:
        return FunctionSubject(function, use)
    # The whole line that begins a function stands for it, whatever of it the cursor is on.
    if snapshot.language != "llvm" or "@" not in snapshot.line(line):
        return None  # without a look at the whole text, which takes a while where it is large
    function = symbols.function_at(snapshot, line)
    if function is not None and function.name_line == line:
        return FunctionSubject(function, Use(function.name, line, function.name_start, function.name_end))
    return None


def _pass_at(snapshot: DocumentSnapshot, line: int, column: int) -> PassUse | None:
    """A pass in a RUN line, or in another comment that spells `-passes=`."""
    found = use_at(run_lines(snapshot.plain, (line, line)), line, column)
    if found is not None:
        return found
    text = snapshot.line(line)
    start = _option_in_comment(text)
    if start is None:
        return None
    # Read as a RUN line whose pipeline stands where the comment's does.
    prefix = "; RUN: opt "
    shift = utf8_length(text[:start]) - len(prefix)
    uses = use_at(run_lines(prefix + text[start:]), 0, column - shift)
    if uses is None:
        return None
    return PassUse(uses.element, line, uses.column + shift, uses.end_column + shift)


def _option_in_comment(text: str) -> int | None:
    """Where the first option stands in the last comment that has one."""
    last = None
    for last in _PASSES.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    comment = -1 if last is None else text.rfind(";", 0, last.start())
    option = _PASSES.search(text, comment + 1) if comment >= 0 else None
    return None if option is None else option.start()


def function_text(
    snapshot: DocumentSnapshot, function: Symbol, sizes: FunctionSizes, lift: LiftNote | None
) -> str:
    """Markdown of a function's facts."""
    sigil = "@" if snapshot.language == "llvm" else ""
    if not function.is_definition:
        return f"**{code_span(sigil + function.name)}** is declared here and defined elsewhere."
    counted = sizes.instructions.get(function.name, function.instructions)
    size = _size(sizes, function.name)
    lines = [f"**{code_span(sigil + function.name)}**: {counted} instruction{'s' * (counted != 1)}, {size}"]
    if lift is not None:
        source = "\n".join(snapshot.lines[function.start_line : function.end_line + 1])
        earlier = "" if source == lift.source else " (of an earlier text of this function)"
        by = markdown(lift.model)
        lines.append(f"Last lift{earlier}, by {by}: {lift.verdict.words}. {_sentence(lift.reason)}")
    return "\n\n".join(lines)


def pass_text(found: PassSubject, effect: PassEffect) -> str:
    """Markdown of what a pass is and does to the file."""
    element = found.use.element
    info = lookup(element)
    if info is None:
        summary = container_summary(element)
        if summary is None:
            return f"**{code_span(element.text)}**: no pass of this name is known."
        return f"**{code_span(element.text)}**: {markdown(summary)}"
    head = f"**{code_span(element.text)}** · {info.kind} pass"
    if info.renamed_to:
        head += f" · now called {code_span(info.renamed_to)}"
    parts = [head]
    if info.summary:
        parts.append(markdown(info.summary))
    parts.append(_effect(effect))
    return "\n\n".join(parts)


def shown_rows(effect: PassEffect) -> tuple[FunctionPrediction, ...]:
    """The functions that a hover shows: those that the pass changes most, in the order of the file."""
    most = sorted(range(len(effect.functions)), key=lambda at: (-_change(effect.functions[at]), at))
    return tuple(effect.functions[at] for at in sorted(most[:_ROWS]))


def _size(sizes: FunctionSizes, name: str) -> str:
    if name in sizes.bytes:
        return f"{sizes.bytes[name]} bytes (measured by {short_name(sizes.by) or 'LLVM'})"
    if sizes.stage in ("under way", "not asked") or name in sizes.under_way:
        return f"size: {MEASURING}"
    return f"size unknown{': ' + _prose(sizes.why) if sizes.why else ''}"


def _effect(effect: PassEffect) -> str:
    if effect.measured == "failed":
        return f"LLVM did not run it on this file: {_prose(effect.why)}"
    if effect.measured != "known":
        return f"Run alone on this file: {MEASURING}"
    rows = shown_rows(effect)
    has_predictions = any(_said(row) for row in rows)
    names = ["function", "before", *(["predicted after"] if has_predictions else []), "measured after"]
    table = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for row in rows:
        cells = [
            code_span(shown(row.name), in_table=True),
            _numbers(row.before_instructions, row.before_bytes),
            *([_predicted(row)] if has_predictions else []),
            _measured(row),
        ]
        table.append(f"| {' | '.join(cells)} |")
    text = "\n".join(table)
    if left := len(effect.functions) - len(rows):
        changed = "changed less" if any(map(_change, rows)) else "unchanged too"
        text += f"\n\nand {left:,} more function{'s' * (left != 1)}, {changed}"
    if effect.predicted == "under way":
        text += "\n\npredicting…"
    by = next((row.measured.by for row in rows if row.measured is not None), "")
    notes = [f"Measured: {markdown(by)}."] if by else []
    if effect.model:
        kept = ", cached" if any(row.kept for row in rows) else ""
        notes.append(f"Predicted: {markdown(effect.model)}, a model, not checked{kept}.")
    notes += [note for row in rows for note in _of_prediction(row)]
    if why := next((row.why_not_measured for row in rows if row.measured is None), ""):
        notes.append(f"Not measured: {_sentence(why)}")
    notes += map(_sentence, effect.notes)
    if effect.predicted == "known" and effect.why:
        notes.append(f"No prediction: {_sentence(effect.why)}")
    return text + ("\n\n" + " ".join(notes) if notes else "")


def _change(row: FunctionPrediction) -> int:
    return 0 if row.measured is None else abs(row.before_instructions - row.measured.instructions)


def _said(row: FunctionPrediction) -> bool:
    """Whether the model gave a number."""
    reply = row.predicted
    return reply is not None and (reply.instructions is not None or reply.bytes is not None)


def _predicted(row: FunctionPrediction) -> str:
    reply = row.predicted
    if reply is None or not _said(row):
        return "–"
    size = reply.bytes if row.bytes_of == "function" else None  # an object's size is no function's size
    return _numbers(reply.instructions, size)


def _of_prediction(row: FunctionPrediction) -> list[str]:
    """What cannot stand in a column: sizes of another kind than the table's, and what LLVM says of the predicted IR."""
    notes = []
    if row.object_before is not None and row.predicted is not None and row.predicted.bytes is not None:
        after = "not" if row.object_after is None else f"{row.object_after} B"
        notes.append(
            f"{code_span(row.name)} as an object of its own (text + data, -O0 code generation): {row.object_before} B now, "
            f"{row.predicted.bytes} B predicted, {after} measured."
        )
    if row.predicted_ir is not None:
        says = _prose(row.predicted_ir.words.rstrip("."))
        notes.append(f"The predicted IR of {code_span(row.name)} {says}.")
    return notes


def _measured(row: FunctionPrediction) -> str:
    if row.measured is None:
        return "not measured"
    if not row.measured.ir:
        return "removed"
    return _numbers(row.measured.instructions, row.measured.bytes)


def _numbers(instructions: int | None, size: int | None) -> str:
    parts = []
    if instructions is not None:
        parts.append(f"{instructions} instr.")
    if size is not None:
        parts.append(f"{size} B")
    return ", ".join(parts)


def _sentence(text: str) -> str:
    text = _prose(text)
    return text if text.endswith(".") else text + "."


def _prose(text: str) -> str:
    """What an error or a check said, in one paragraph."""
    return markdown(" ".join(text.split()))

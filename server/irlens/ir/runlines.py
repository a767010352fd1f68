"""Pass pipelines in `; RUN:` lines: where they stand, what they name, what is wrong with them.

A RUN line is read as lit reads it: `\\` at its end joins it with the next RUN line, a shell splits it into
commands and words. Only calls of `opt` count. What a substitution (`%{passes}`, `$x`) stands for is unknown,
so nothing is said about a pipeline that holds one, nor about a command that is meant to fail (`not opt`) or
that loads a plugin, whose passes nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

from irlens.ir import pass_policy
from irlens.ir.nesting import problems
from irlens.ir.passes import lookup
from irlens.ir.pipeline import Pass, Pipeline, PipelineError, parse_pipeline, walk
from irlens.source.positions import utf8_length
from irlens.source.snapshot import split_lines

Severity = Literal["error", "warning", "information", "hint"]

MOST_FINDINGS = 500
"""Findings of one text: nobody reads more."""
MOST_LINES = 2000
"""RUN lines that are read of one text, each with those that it goes on in."""
_LONGEST = 1 << 16
"""Characters of a RUN line, joined with those it goes on in. Longer ones are nobody's, and are passed over."""
_RUN = re.compile(r"^\s*(?:;|//|#).*?(?<![\w-])RUN:")
_OPT = re.compile(r"(?:.*[/\\])?%?opt(?:-\d+)?(?:\.exe)?")
_OPTION = re.compile(r"(?:--?passes|--?p)(?:=(?P<value>.*))?", re.DOTALL)
_PLUGIN = re.compile(r"--?load(?:-pass-plugin)?(?:=|$)")


@dataclass(frozen=True)
class Finding:
    """One thing to say about a RUN line. Line from 0, columns in UTF-8 bytes, `end_column` exclusive."""

    line: int
    column: int
    end_column: int
    message: str
    severity: Severity
    code: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class PassUse:
    """One element of a pipeline (a pass or a container) and where its name and parameters stand."""

    element: Pass
    line: int
    column: int
    end_column: int


@dataclass(frozen=True)
class RunLine:
    """One pipeline given to `opt` in a RUN line.

    `text` is the pipeline with quotes and line joins taken out; `line`, `column` and `end_column` (UTF-8
    bytes) say where it stands, `end_column` on `end_line`. `uses` is empty where `error` is set or where a
    substitution hides what is there. `judged` is false where nothing may be said about it.
    """

    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    uses: tuple[PassUse, ...]
    pipeline: Pipeline | None
    error: PipelineError | None
    judged: bool
    places: tuple[tuple[int, int], ...]
    """Line and column of each character of `text`, and of its end."""


_Char = tuple[str, int, int]
"""A character with its line and UTF-8 byte column."""


@dataclass(frozen=True)
class _Word:
    """A shell word without its quotes; `end` is one past its last character in the file."""

    chars: tuple[_Char, ...]
    end: tuple[int, int]

    @property
    def text(self) -> str:
        return "".join(char for char, _, _ in self.chars)


def run_lines(text: str, lines: tuple[int, int] | None = None) -> list[RunLine]:
    """Every pipeline that a RUN line of `text` gives to `opt`, in order; with `lines`, those of RUN lines that reach
    into these (from 0, both ends included). Never raises. No more than `MOST_LINES` RUN lines are read."""
    if "RUN:" not in text:
        return []
    return [
        found for command in _commands(text, lines) if (start := _opt_at(command)) is not None
        for found in _pipelines(command, start)
    ]  # fmt: skip


def use_at(lines: list[RunLine], line: int, column: int) -> PassUse | None:
    """The innermost pass or container whose name stands at a position (UTF-8 bytes), for a hover."""
    for run in lines:
        for use in run.uses:
            if use.line == line and use.column <= column <= use.end_column:
                return use
    return None


def diagnose_run_lines(
    text: str,
    *,
    runnable: Callable[[str], bool] | None = None,
    llvm: int | None = None,
    lines: tuple[int, int] | None = None,
) -> list[Finding]:
    """What is wrong with the pipelines of RUN lines: malformed text, unknown, renamed and misplaced passes,
    and those that irlens does not run.

    `runnable` says of a pass (as the pipeline names it) whether some runner at hand can run it; None: do not
    look. `llvm` is the release the pipelines are for; None means any of 16 to 22. `lines` as in `run_lines`.
    Where there are more RUN lines than are read, the first that is not read says so.
    """
    runs = run_lines(text, lines)
    found = (finding for run in runs if run.judged for finding in _findings(run, runnable, llvm))
    return list(islice(chain(found, _unread(text, lines)), MOST_FINDINGS))


def _unread(text: str, lines: tuple[int, int] | None) -> Iterator[Finding]:
    group = next(islice(_groups(text, lines), MOST_LINES, None), None) if "RUN:" in text else None
    if group is not None:
        number, line, start = group[0]
        message = (
            f"Only the first {MOST_LINES:,} RUN lines are checked, and this is the next. Split the file to have all of "
            "its RUN lines checked."
        )
        column = utf8_length(line[:start])
        yield Finding(number, column - len("RUN:"), column, message, "information", "unread-run-lines")


def _findings(run: RunLine, runnable: Callable[[str], bool] | None, llvm: int | None) -> Iterator[Finding]:
    if run.error is not None:
        line, column = run.places[min(run.error.column, len(run.text))]
        after = run.places[min(run.error.column + 1, len(run.text))]
        end = after[1] if after[0] == line and after[1] > column else column + 1
        yield Finding(line, column, end, str(run.error), "error", "pipeline-syntax")
    if run.pipeline is None:
        return
    said = set()
    for problem in problems(run.pipeline, llvm):
        line, column, end = _range(run, problem.element)
        said.add(problem.element.column)
        yield Finding(line, column, end, problem.message, problem.severity, problem.code, problem.suggestions)
    for refusal in pass_policy.refusals(run.pipeline):
        if refusal.element.column not in said and lookup(refusal.element) is not None:
            said.add(refusal.element.column)
            line, column, end = _range(run, refusal.element)
            yield Finding(line, column, end, refusal.message, "information", "refused-pass")
    if runnable is None:
        return
    for use in run.uses:
        element = use.element
        if element.children or element.column in said or lookup(element) is None or runnable(element.text):
            continue
        message = (
            f"Nothing here can run {element.text}. Install an opt that has it, or name one in the settings."
        )
        yield Finding(use.line, use.column, use.end_column, message, "information", "unrunnable-pass")


def _range(run: RunLine, element: Pass) -> tuple[int, int, int]:
    """Where an element's name and parameters stand; what is joined from two lines ends with the first."""
    line, column = run.places[element.column]
    end = column
    for index in range(element.column, min(element.end_column, len(run.text))):
        if run.places[index][0] != line:
            break
        end = run.places[index][1] + utf8_length(run.text[index])
    return line, column, end


def _pipelines(command: list[_Word], opt: int) -> Iterator[RunLine]:
    before, words = command[:opt], command[opt + 1 :]
    judged = not any(word.text == "not" for word in before)
    judged = judged and not any(_PLUGIN.match(word.text) for word in words)
    skip = False
    for index, word in enumerate(words):
        if skip:
            skip = False
            continue
        match = _OPTION.fullmatch(word.text)
        if match is None:
            continue
        if match["value"] is not None:
            value = _Word(word.chars[match.start("value") :], word.end)
        elif index + 1 < len(words):
            value, skip = words[index + 1], True
        else:
            continue
        if value.chars:
            yield _run_line(value, judged)


def _run_line(value: _Word, judged: bool) -> RunLine:
    text = value.text
    places = (*((line, column) for _, line, column in value.chars), value.end)
    pipeline = error = None
    if "%" in text or "$" in text or "`" in text:
        judged = False
    try:
        pipeline = parse_pipeline(text)
    except PipelineError as fault:
        error = fault
    run = RunLine(text, *places[0], *places[-1], (), pipeline, error, judged, places)
    if pipeline is None:
        return run
    uses = tuple(PassUse(element, *_range(run, element)) for element in walk(pipeline))
    return RunLine(text, *places[0], *places[-1], uses, pipeline, None, judged, places)


def _opt_at(command: list[_Word]) -> int | None:
    return next((index for index, word in enumerate(command) if _OPT.fullmatch(word.text)), None)


# lit and the shell


_Piece = tuple[int, str, int]
"""A RUN line as it stands: its number, its text, and where the text behind `RUN:` begins."""


def _commands(text: str, lines: tuple[int, int] | None) -> Iterator[list[_Word]]:
    for group in islice(_groups(text, lines), MOST_LINES):
        yield from _split(_joined(group))


def _groups(text: str, lines: tuple[int, int] | None) -> Iterator[list[_Piece]]:
    """RUN lines, each with those that it goes on in. Cheap: a file may be made of nothing else."""
    first, last = lines or (0, len(text))
    group: list[_Piece] = []
    length = 0
    for number, line in enumerate(split_lines(text)):
        if not group and number > last:
            return
        match = _RUN.match(line) if "RUN:" in line else None
        if match is None:
            continue
        if length + len(line) > _LONGEST:
            group, length = [], 0
            continue
        group.append((number, line, match.end()))
        length += len(line)
        if not line[match.end() :].rstrip().endswith("\\"):
            if number >= first:
                yield group
            group, length = [], 0
    if group and group[-1][0] >= first:
        yield group


def _joined(group: list[_Piece]) -> list[_Char]:
    """What follows `RUN:`, joined with the next RUN line where it ends in a backslash."""
    joined: list[_Char] = []
    quote = ""
    for number, line, start in group:
        body = line[start:].rstrip()
        column = utf8_length(line[:start])
        chars = []
        for char in body:
            chars.append((char, number, column))
            column += utf8_length(char)
        if joined:
            # What a line break inside a word is followed by is indentation, not part of the word.
            lead = len(body) - len(body.lstrip())
            chars = chars[lead:] if quote and not joined[-1][0].isspace() else chars
        continues = bool(chars) and chars[-1][0] == "\\"
        joined += chars[:-1] if continues else chars
        quote = _quote_after(chars[:-1], quote)
    return joined


def _quote_after(chars: list[_Char], quote: str) -> str:
    """The quotes that are open behind these, where `quote` are before them."""
    for char, _, _ in chars:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
    return quote


def _split(chars: list[_Char]) -> Iterator[list[_Word]]:
    """Commands as lists of words, the way a shell splits a line; redirections stay as words."""
    command: list[_Word] = []
    word: list[_Char] = []
    started, quote, escaped = False, "", False
    end = (0, 0)

    def close() -> None:
        nonlocal word, started
        if started:
            command.append(_Word(tuple(word), end))
        word, started = [], False

    for item in chars:
        char, line, column = item
        after = (line, column + utf8_length(char))
        if escaped:
            word.append(item)
            started, escaped, end = True, False, after
        elif quote:
            if char == quote:
                quote = ""
                if not word:
                    end = (line, column)
            elif char == "\\" and quote == '"':
                escaped = True
            else:
                word.append(item)
                end = after
        elif char in "'\"":
            quote, started = char, True
        elif char == "\\":
            escaped = True
        elif char.isspace():
            close()
        elif char in "|;&":
            close()
            if command:
                yield command
            command = []
        else:
            word.append(item)
            started, end = True, after
    close()
    if command:
        yield command

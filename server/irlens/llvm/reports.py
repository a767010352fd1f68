"""What LLVM prints about a text, read into diagnostics with places. Pure: strings in, plain data out.

LLVM's parser gives one error with line and column. Its verifier gives messages with the printed values they
are about, and no place: the place is looked for in the text. Its assembler prints through the inline-assembly
handler, as do GNU as, clang and llvm-mc in their own forms.
"""

from __future__ import annotations

import re
import signal
from collections import Counter

from irlens.llvm.answers import Diagnostic, Severity
from irlens.source.positions import utf8_length

_PARSE = re.compile(r"^<string>:(\d+):(\d+): (error|warning): (.*)$", re.M)
_INLINE_ASM = re.compile(
    r"^(?P<severity>error|warning|note|remark): <(?P<place>inline asm|instantiation)>"
    r":(?P<row>\d+):(?P<column>\d+): (?P<message>.*)$"
)
_TOOL = re.compile(
    r"^<(?P<place>stdin|instantiation)>:(?P<row>\d+):(?P<column>\d+): "
    r"(?P<severity>(?:fatal )?error|warning|note): (?P<message>.*)$"
)
_GNU_AS = re.compile(
    r"^\{standard input\}:(?P<row>\d+): (?P<severity>(?:Fatal e|E)rror|Warning|Info): (?P<message>.*)$"
)
_PLACE = re.compile(r"(?:^|[/\\: ])([^/\\: ]{1,200}:\d{1,9}): ")
_RUNNING = re.compile(r"\d+\.\s+Running (pass .*)")
"""The innermost comes last in LLVM's report of a crash."""
_OF_A_CRASH = re.compile(r"#\d+ |\d+\.\s|Stack dump|PLEASE submit|Aborted|Segmentation fault")
_ASSERTION = re.compile(r"Assertion `(.*)' failed")
_VALUE = re.compile(
    r"^(?:\s|(?:ptr|i\d+|label|void|half|bfloat|float|double|fp128|x86_fp80|metadata|token|target)\b|[\[{<%@!;$])"
)
_RESULT = re.compile(r"^\s*(%[-\w.$]+|%\"[^\"]*\")\s*=\s*")
_GLOBAL = re.compile(r"[@$](?:[-\w.$]+|\"[^\"]*\")")
_METADATA = re.compile(r"^(!\d+)\s*=")
_TOKEN = re.compile(r"[%@!#]?[-\w.$]+|\"[^\"]*\"|[^\s\w]")
_LABEL = re.compile(r"^label (%[-\w.$]+|%\"[^\"]*\")")
_DEFINE = re.compile(r"^\s*(?:define|declare)\b")
HOW_TO_GIVE_TIME = (
    "Raise the setting irlens.llvm.timeLimit (`--time-limit` in a shell), or give a smaller input."
)
MAX_VERIFIER_DIAGNOSTICS = 50


def text_lines(text: str) -> list[str]:
    """Lines as LLVM and the assemblers count them; `str.splitlines` would split at form feeds too."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def nul_diagnostic(text: bytes) -> Diagnostic | None:
    """The first NUL byte, which LLVM's C interface would take for the end of the text."""
    at = text.find(b"\0")
    if at < 0:
        return None
    line = text.count(b"\n", 0, at)
    column = at - (text.rfind(b"\n", 0, at) + 1)
    return Diagnostic(
        line,
        column,
        "a NUL byte: what stands after it would not be read. Remove it, or check that this is a text file",
        code="nul-byte",
        end_column=column + 1,
    )


MOST_DIAGNOSTICS = 1_000
"""Of one report; whoever has more has one fault many times, and a report may have millions."""
_MOST_PLACES = 50
"""Different lines of inline assembly that are looked for in a module."""


def parse_diagnostics(report: str) -> list[Diagnostic]:
    """LLVM's report of a failed parse. Where it names no line the diagnostic stands on the first one."""
    found = [
        Diagnostic(int(line) - 1, int(column) - 1, message, _severity(severity), "llvm-parse")
        for line, column, severity, message in _PARSE.findall(report)
    ]
    if found:
        return found
    message = next(
        (line for line in report.splitlines() if line.strip() and line != "LLVM IR parsing error"), ""
    )
    message = re.sub(r"^<string>:\s*(error:\s*)?", "", message.strip())
    return [
        Diagnostic(0, None, message or "LLVM does not parse it and does not say why", "error", "llvm-parse")
    ]


def parser_warnings(stderr: str) -> list[Diagnostic]:
    """What LLVM mends by itself while it parses, such as debug information it drops. It names no line."""
    return [
        Diagnostic(0, None, line.removeprefix("warning: "), "warning", "llvm-parse")
        for line in stderr.splitlines()
        if line.startswith("warning: ")
    ]


def assembler_diagnostics(report: str, text: str) -> list[Diagnostic]:
    """What an assembler printed about `text`: LLVM's inline-assembly handler, llvm-mc and clang on stdin, or
    GNU as.

    LLVM places an error inside a macro or a repetition within the expanded text, "<instantiation>": it is
    put on the line of the definition that reads as the line LLVM shows, else on the first definition.
    """
    found: list[Diagnostic] = []
    lines = report.split("\n")
    expanded: _Expanded | None = None
    for index, line in enumerate(lines):
        if len(found) > MOST_DIAGNOSTICS:
            break
        column = ""
        if match := _INLINE_ASM.match(line) or _TOOL.match(line):
            place, row, column = match["place"], match["row"], match["column"]
            severity, message = match["severity"], match["message"]
            if place == "instantiation":
                shown = lines[index + 1] if index + 1 < len(lines) else ""
                expanded = expanded or _Expanded(text)
                row, column = str(expanded.line_of(shown) + 1), ""
        elif match := _GNU_AS.match(line):
            row, severity, message = match["row"], match["severity"], match["message"]
        else:
            continue
        severity = severity.lower().removeprefix("fatal ")
        if severity in ("error", "warning"):
            at = int(column) - 1 if column else None
            found.append(Diagnostic(int(row) - 1, at, message, _severity(severity), "asm"))
    return found


class _Expanded:
    """Which line of a text a line of what its macros and repetitions come to was written on."""

    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text_lines(text)]
        self._first = {line: number for number, line in reversed(list(enumerate(lines)))}
        self._definition = next(
            (i for i, line in enumerate(lines) if line.startswith((".macro", ".rept", ".irp"))), 0
        )

    def line_of(self, shown: str) -> int:
        """The first line that reads so, else the first definition."""
        return self._first.get(shown.strip(), self._definition)


def codegen_diagnostics(report: str, ir: bytes) -> list[Diagnostic]:
    """What LLVM printed before it gave lowering up with exit code 1: errors in inline assembly, and what a
    target cannot do. An inline-assembly error stands on the line of the IR that has the text LLVM shows."""
    found: list[Diagnostic] = []
    lines = report.split("\n")
    rows = [(i, row) for i, row in enumerate(text_lines(ir.decode("utf-8", "replace"))) if "asm" in row]
    places: dict[str, int] = {}
    for index, line in enumerate(lines):
        if len(found) > MOST_DIAGNOSTICS:
            break
        if match := _INLINE_ASM.match(line):
            if match["severity"] != "error":
                continue
            shown = lines[index + 1].strip() if index + 1 < len(lines) else ""
            if shown not in places:
                enough = len(places) >= _MOST_PLACES
                places[shown] = next((i for i, row in rows if shown and not enough and shown in row), 0)
            at = places[shown]
            found.append(
                Diagnostic(at, None, f"inline assembly: {match['message']}", "error", "llvm-codegen")
            )
        elif line.startswith("error: "):
            message = re.sub(r"^error: (?:<unknown>:0:0: )?", "", line)
            found.append(Diagnostic(0, None, message, "error", "llvm-codegen"))
    return found


def last_words(stderr: str) -> str:
    """The line of a dying process's output that says why, or its last one; empty when it said nothing.
    An assertion is given without the path that the file had where LLVM was built, a crash by the innermost pass that
    ran; a stack frame says nothing to anybody."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    for line in lines:
        before, mark, _ = line.partition("Assertion `")
        if mark and (place := _PLACE.search(before)) and (what := _ASSERTION.match(line, len(before))):
            return f"assertion failed in {place[1]}: {what[1]}"
    running = [match for line in lines if (match := _RUNNING.match(line))]
    # What follows LLVM's report of a crash is of its handler's making.
    crash = lines.index("Stack dump:") if "Stack dump:" in lines and running else len(lines)
    for mark in ("LLVM ERROR", "rror:"):
        for line in lines[:crash]:
            if mark in line:
                return line
    if running:
        return f"it crashed in {running[-1][1]}"
    said = [line for line in lines if not _OF_A_CRASH.match(line)]
    return said[-1] if said else ""


def cause_of_death(returncode: int | None, stderr: str) -> str:
    """Why a process ended: its last words, and how it went. `returncode` as `subprocess` has it."""
    if any(mark in stderr for mark in ("out of memory", "bad_alloc", "Allocation failed")):
        return "it ran out of memory"
    last, how = last_words(stderr).rstrip("."), _ending(returncode)
    return f"{last} ({how.partition(':')[0]})" if last else how


def _ending(returncode: int | None) -> str:
    if returncode is None:
        return "no answer"
    if returncode >= 0:
        return f"exit code {returncode}"
    try:
        name = signal.Signals(-returncode).name
    except ValueError:
        return f"killed by signal {-returncode}"
    meaning = {
        "SIGSEGV": "it crashed, as LLVM does on very deep nesting",
        "SIGABRT": "it gave up",
        "SIGKILL": "something outside irlens killed it; the system may be out of memory",
    }
    return f"{name}: {meaning[name]}" if name in meaning else f"killed by {name}"


def verifier_diagnostics(report: str, text: str) -> list[Diagnostic]:
    """The verifier's messages, each with its values and its place in `text` as well as it can be found.

    A value that is printed several times (the same instruction in two functions) is matched in the order
    of the messages, which is the order of the functions. What cannot be found stands on the first line.
    """
    searcher = _Places(text_lines(text))
    found = []
    for message, values in _messages(report)[:MAX_VERIFIER_DIAGNOSTICS]:
        # In "does not dominate all uses" the use comes last and is where the reader must look.
        of_use = "dominate" in message and len(values) > 1
        line, column, end = searcher.find(list(reversed(values)) if of_use else values)
        definition, at, _ = searcher.find(values[:1]) if of_use else (line, None, None)
        detail = "; ".join(value.strip() for value in values)
        said = f"{message} ({detail})" if detail else message
        other = definition if at is not None and definition != line else None
        found.append(Diagnostic(line, column, said, "error", "llvm-verify", end, other))
    return found


def _messages(report: str) -> list[tuple[str, list[str]]]:
    groups: list[tuple[str, list[str]]] = []
    for line in report.splitlines():
        if not line.strip():
            continue
        if _VALUE.match(line) and groups:
            groups[-1][1].append(line)
        else:
            groups.append((line.strip(), []))
    return groups


class _Places:
    """Finds printed values in a text. Remembers what it gave, so that the second mention of a value goes to
    its second place."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._given: Counter[str] = Counter()
        self._tokens: dict[int, tuple[str, ...]] = {}

    def find(self, values: list[str]) -> tuple[int, int | None, int | None]:
        for value in values:
            candidates = self._candidates(value)
            if candidates:
                nth = min(self._given[value], len(candidates) - 1)
                self._given[value] += 1
                return self._range(candidates[nth])
        return 0, None, None

    def _range(self, line: int) -> tuple[int, int, int]:
        code = _without_comment(self._lines[line])
        start = len(code) - len(code.lstrip())
        return line, utf8_length(code[:start]), utf8_length(code.rstrip())

    def _candidates(self, value: str) -> list[int]:
        if metadata := _METADATA.match(value):
            return self._starting(metadata[1])
        if label := _LABEL.match(value):
            name = label[1][1:]
            return [i for i, line in enumerate(self._lines) if line.lstrip().startswith(name + ":")]
        if value.startswith("  "):
            return self._instructions(value)
        if name := _GLOBAL.search(value):
            pattern = re.compile(re.escape(name[0]) + r"(?![-\w.$])")
            heads = [
                i
                for i, line in enumerate(self._lines)
                if (_DEFINE.match(line) or line.lstrip().startswith(name[0])) and pattern.search(line)
            ]
            return heads[:1]
        return []

    def _starting(self, name: str) -> list[int]:
        pattern = re.compile(r"^\s*" + re.escape(name) + r"\s*=")
        return [i for i, line in enumerate(self._lines) if pattern.match(line)]

    def _instructions(self, value: str) -> list[int]:
        wanted = _tokens(value)
        exact = [i for i in range(len(self._lines)) if self._line_tokens(i) == wanted]
        if exact:
            return exact
        # The printer adds what the writer left out (align, attributes, metadata): nearest by common tokens
        # among the lines that give the same result, or that have the same first word.
        result = _RESULT.match(value)
        head = wanted[:3] if result else wanted[:1]
        alike = [i for i in range(len(self._lines)) if self._line_tokens(i)[: len(head)] == head]
        if not alike:
            return []
        overlap = {i: _overlap(wanted, self._line_tokens(i)) for i in alike}
        best = max(overlap.values())
        return [i for i in alike if overlap[i] == best]

    def _line_tokens(self, line: int) -> tuple[str, ...]:
        if line not in self._tokens:
            self._tokens[line] = _tokens(self._lines[line])
        return self._tokens[line]


def _tokens(line: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(_without_comment(line)))


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other) or 1)


def _without_comment(line: str) -> str:
    quoted = False
    for index, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            return line[:index]
    return line


def _severity(word: str) -> Severity:
    return {"error": "error", "warning": "warning", "note": "information"}.get(word.lower(), "error")  # type: ignore[return-value]

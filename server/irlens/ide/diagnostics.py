"""What is wrong with a text, at exact places. LLVM and the pass registry are asked; no model is.

Columns are UTF-8 bytes here; the shell converts them to what its client counts in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from irlens import escape
from irlens.assist.diagnose import NOT_READ, diagnose_asm, module_findings
from irlens.cancel import CancelToken
from irlens.ir.runlines import Finding, diagnose_run_lines
from irlens.llvm.answers import Diagnostic, Severity
from irlens.llvm.client import LLVM
from irlens.source.positions import to_utf8
from irlens.source.snapshot import DocumentSnapshot

MOST_ITEMS = 1000
"""Findings of a text that are shown: nobody reads more, and an editor takes long to draw them."""
_TOKEN = re.compile(rb'[%@!#$.]*"(?:[^"\\]|\\.)*"|[%@!#$.]*[-\w.$]+|.', re.DOTALL)

_CPP = re.compile(
    r"^[ \t]*#[ \t]*(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|error)\b", re.MULTILINE
)


@dataclass(frozen=True)
class Fix:
    """Replace bytes `start` to `end` of the finding's line with `text`."""

    title: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Item:
    """One finding: bytes `start` to `end` (exclusive) of `line`, all counted from 0."""

    line: int
    start: int
    end: int
    message: str
    severity: Severity
    code: str
    fixes: tuple[Fix, ...] = ()
    definition: int | None = None
    """The line of the definition that it is about, where that is another."""


def of_ir(
    snapshot: DocumentSnapshot,
    llvm: LLVM,
    *,
    runnable: Callable[[str], bool] | None = None,
    cancel: CancelToken | None = None,
) -> tuple[Item, ...]:
    """Parser and verifier errors and findings in RUN lines, in the order of their lines.

    `runnable` says whether some runner at hand can run a pass; None means "do not look". Raises `LLVMStopped`
    where LLVM died on the text.
    """
    text = _for_llvm(snapshot)
    items = [item_of(found, snapshot.lines) for found in module_findings(text, llvm, cancel=cancel)]
    items += [_of_finding(found) for found in diagnose_run_lines(text, runnable=runnable)]
    return _shown(sorted(items, key=lambda item: (item.line, item.start)), len(items))


def _shown(items: list[Item], count: int) -> tuple[Item, ...]:
    """The first of them, and a word where there are more."""
    if count <= MOST_ITEMS:
        return tuple(items)
    last = items[MOST_ITEMS - 1]
    more = f"and {count - MOST_ITEMS:,} more findings. Fix the first ones."
    return (*items[:MOST_ITEMS], Item(last.line, last.start, last.end, more, "information", "more-findings"))


def of_asm(
    snapshot: DocumentSnapshot, triple: str, llvm: LLVM, *, cancel: CancelToken | None = None
) -> tuple[Item, ...]:
    """The assembler's findings. Raises `Unrunnable` where no assembler for the target is at hand."""
    found = diagnose_asm(_for_llvm(snapshot), triple, llvm, cancel=cancel)
    return _shown(
        [item_of(diagnostic, snapshot.lines) for diagnostic in islice(found, MOST_ITEMS + 1)], len(found)
    )


def _for_llvm(snapshot: DocumentSnapshot) -> str:
    """The text with the same places in it, as LLVM reads texts: it counts lines by "\n" alone, LSP by "\r" too;
    a byte-order mark, which is no error to anybody else, makes way for as many bytes of space."""
    text = snapshot.plain
    return "   " + text[1:] if text.startswith("\ufeff") else text


def needs_preprocessor(name: str, text: str) -> bool:
    """A `.S` with C's directives is no assembly before `cpp` has read it: errors in it would be false.
    `name` is the file's path or URI."""
    return name.endswith(".S") and _CPP.search(text) is not None


def unprocessed(path: str) -> str:
    """What to do with assembly that the C preprocessor has not read."""
    made = os.path.splitext(path)[0] + ".i.s"
    command = f"gcc -E -P -x assembler-with-cpp {escape.shell_path(path)} -o {escape.shell_path(made)}"
    return f"the C preprocessor has not read it. Run `{command}` and give irlens the file that it writes."


def about_file(message: str) -> Item:
    """A warning about the file as a whole, at its first line."""
    return Item(0, 0, 0, message, "warning", "llvm-stopped")


def not_read(message: str) -> Item:
    """What kind of file this is, where irlens does not read it: a word at its first line, no fault of the file's."""
    return Item(0, 0, 0, message, "information", NOT_READ)


def item_of(found: Diagnostic, lines: tuple[str, ...]) -> Item:
    """Give a diagnostic an end, and keep both ends inside the text (LLVM may point past its last line)."""
    line = min(found.line, max(0, len(lines) - 1))
    text = to_utf8(lines[line]) if lines else b""
    if found.column is None or found.line > line:
        indent = len(text) - len(text.lstrip())
        return _item(found, line, indent, len(text.rstrip()) or indent)
    start = min(found.column, len(text))
    end = found.end_column
    if end is None:
        token = _TOKEN.match(text, start)
        end = token.end() if token else len(text)
    end = max(start, min(end, len(text)))
    return _item(found, line, start, end)


def _item(found: Diagnostic, line: int, start: int, end: int) -> Item:
    return Item(line, start, end, found.message, found.severity, found.code, definition=found.definition)


def run_line_items(snapshot: DocumentSnapshot, start_line: int, end_line: int) -> tuple[Item, ...]:
    """The findings in the RUN lines at these lines alone, with their fixes; quick, needs no LLVM."""
    found = diagnose_run_lines(snapshot.plain, lines=(start_line, end_line))
    return tuple(_of_finding(each) for each in found)


def _of_finding(found: Finding) -> Item:
    fixes = tuple(
        Fix(f"Replace with `{name}`", found.column, found.end_column, name) for name in found.suggestions
    )
    return Item(found.line, found.column, found.end_column, found.message, found.severity, found.code, fixes)

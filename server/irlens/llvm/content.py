"""What is looked at before any LLVM or assembler sees a text: `irlens.ir.content` and `irlens.asm`, as diagnostics.

Every door asks here: the workers for what they are given, and whoever starts a program on a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from irlens.asm.expansion import too_large
from irlens.asm.file_directives import find
from irlens.asm.includes import Completed
from irlens.errors import LLVMRefused
from irlens.ir.content import Unsafe, for_llvm
from irlens.llvm.answers import Assembled, Diagnostic

CODES = ("file-directive", "asm-too-large")
"""Of the diagnostics with which irlens itself refuses to assemble a text."""

MOST = 1000
"""Findings of one text that are told."""


def module_for_llvm(block: bytes) -> bytes:
    """The module as LLVM may have it. Raises `LLVMRefused` where it must not have it."""
    try:
        return for_llvm(block)
    except Unsafe as unsafe:
        found = unsafe.finding
        raise LLVMRefused(f"line {found.line + 1}: {found.message}", module_diagnostics(block)) from unsafe


def module_diagnostics(block: bytes) -> tuple[Diagnostic, ...]:
    """Why irlens does not compile the module; nothing where it does. A warning: LLVM itself would."""
    try:
        for_llvm(block)
    except Unsafe as unsafe:
        found = unsafe.finding
        return (Diagnostic(found.line, found.column, found.message, "warning", found.code),)
    return ()


@lru_cache(maxsize=2)
def assembly_diagnostics(text: bytes) -> tuple[Diagnostic, ...]:
    """Why irlens does not assemble the text; nothing where it does."""
    source = text.decode("utf-8", "replace")
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = [
        Diagnostic(
            each.line,
            len(lines[each.line][: each.column].encode()),
            each.message,
            "error",
            "file-directive",
            len(lines[each.line][: each.end_column].encode()),
        )
        for each in find(source)[:MOST]
    ]
    large = too_large(source)
    if large is not None:
        found.append(Diagnostic(large.line, None, large.message, "error", "asm-too-large"))
    return tuple(sorted(found, key=lambda each: each.line))


def moved_back(made: Assembled, put_in_front: Mapping[int, int]) -> Assembled:
    """What was assembled, its columns without the letters that irlens put in front of lines."""
    if not put_in_front:
        return made
    found = []
    for each in made.diagnostics:
        more = put_in_front.get(each.line, 0)
        column = None if each.column is None else max(0, each.column - more)
        end = None if each.end_column is None else max(0, each.end_column - more)
        found.append(replace(each, column=column, end_column=end))
    return replace(made, diagnostics=tuple(found))


def placed(made: Assembled, whole: Completed) -> Assembled:
    """What was assembled, with its diagnostics at the lines of the text that was given."""
    found = []
    for each in made.diagnostics:
        line = whole.lines[min(each.line, len(whole.lines) - 1)]
        stands_there = whole.lines.count(line) == 1
        found.append(
            replace(each, line=line)
            if stands_there
            else replace(each, line=line, column=None, end_column=None)
        )
    return replace(made, diagnostics=tuple(found))

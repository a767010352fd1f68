"""Put a module that LLVM printed in the place of the one in a file, keeping what LLVM does not print.

LLVM drops comments. The comments at the head of a file (what it is, RUN lines) and RUN lines further down
belong to its author, so they stay; the rest of the file is the module and is replaced in one piece, so that
one undo brings it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_RUN = re.compile(r"^\s*;\s*RUN:")
_MODULE_ID = re.compile(r"^; ModuleID = ")


@dataclass(frozen=True)
class Replacement:
    """Lines from `start_line` (0-based) to the end of the file become `text`."""

    start_line: int
    text: str


def replace_module(lines: tuple[str, ...], printed: str, line_end: str = "\n") -> Replacement:
    """`lines` are the file's without their ends; `printed` is the new module as LLVM prints it.

    RUN lines below the head move to its end, continued ones with all their parts.
    """
    head = _head_length(lines)
    moved = _run_lines(lines[head:])
    module = printed.split("\n")
    while module and (not module[0].strip() or _MODULE_ID.match(module[0])):
        module.pop(0)
    while module and not module[-1].strip():
        module.pop()
    if moved:
        moved.append("")
    return Replacement(head, line_end.join([*moved, *module]) + line_end)


def _head_length(lines: tuple[str, ...]) -> int:
    """Lines before the first one that is neither blank nor a comment; LLVM's own first line is no comment."""
    for index, line in enumerate(lines):
        bare = line.strip()
        if (bare and not bare.startswith(";")) or _MODULE_ID.match(line):
            return index
    return len(lines)


def _run_lines(lines: tuple[str, ...]) -> list[str]:
    kept: list[str] = []
    continued = False
    for line in lines:
        if _RUN.match(line) or (continued and line.lstrip().startswith(";")):
            kept.append(line)
            continued = line.rstrip().endswith("\\")
        else:
            continued = False
    return kept

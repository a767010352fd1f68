"""What an edit of a lift in normal form is, and what the makers of edits share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from irlens.ir.normal_words import CALLS

Numbers = list[tuple[int, int]]
"""Pairs (what the recompilation has, what the original has there)."""


@dataclass(frozen=True)
class Edit:
    """`words` says what is changed, for people."""

    lines: tuple[str, ...]
    words: str


def replaced(lines: tuple[str, ...], at: int, line: str, words: str) -> Edit:
    return Edit((*lines[:at], line, *lines[at + 1 :]), words)


def is_call(line: str) -> bool:
    return re.sub(r"^%\d+= ", "", line).split(" ")[0].split(".")[0] in CALLS


def first_type(words: list[str]) -> int:
    """Where the type of the result stands among the words of a head."""
    marks = ("fn", "optsize", "minsize", "zeroext", "signext")
    return next((at for at, word in enumerate(words) if word not in marks), 1)

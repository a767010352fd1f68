"""Texts with a mark in them: `$0` is where the cursor stands."""

from __future__ import annotations

from irlens.source.positions import utf8_length
from irlens.source.snapshot import DocumentSnapshot, Language

CURSOR = "$0"


def at_cursor(text: str, language: Language = "llvm") -> tuple[DocumentSnapshot, int, int]:
    """The text without its mark as a snapshot, and the mark's line and column (UTF-8 bytes)."""
    before, mark, after = text.partition(CURSOR)
    assert mark, "the text has no $0"
    suffix = "ll" if language == "llvm" else "s"
    snapshot = DocumentSnapshot(f"file:///w/a.{suffix}", 1, language, before + after)
    line = len(DocumentSnapshot("", 0, language, before).lines) - 1
    return snapshot, line, utf8_length(before.rpartition("\n")[2])

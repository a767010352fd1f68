"""Changes to a text, as data: what a client sends on a keystroke and what a feature asks a client to do.

Positions are lines from 0 and columns in UTF-8 bytes; in `ClientChange` columns are in the client's unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from irlens.source.positions import Encoding
from irlens.source.snapshot import DocumentSnapshot


@dataclass(frozen=True)
class TextEdit:
    """Replace what stands from start to end (exclusive) by `text`."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True)
class ClientChange:
    """One content change of `textDocument/didChange`; columns in the client's unit. `range` None: the whole
    text is new. `range` is (start line, start column, end line, end column)."""

    text: str
    range: tuple[int, int, int, int] | None = None


def whole_document(snapshot: DocumentSnapshot, text: str) -> TextEdit:
    """The edit that makes `text` the document's text."""
    line, column = snapshot.position(len(snapshot.text))
    return TextEdit(0, 0, line, column, text)


def apply_edits(snapshot: DocumentSnapshot, edits: Iterable[TextEdit]) -> str:
    """The text after `edits`, which all speak of the text before any of them (as LSP has it).

    Edits at the same place are inserted in their order. Raises `ValueError` where two overlap.
    """
    spans = []
    for order, edit in enumerate(edits):
        start = snapshot.offset(edit.start_line, edit.start_column)
        end = snapshot.offset(edit.end_line, edit.end_column)
        start, end = min(start, end), max(start, end)
        spans.append((start, end, order, edit.text))
    out, at = [], 0
    for start, end, _, text in sorted(spans, key=lambda span: span[:3]):
        if start < at:
            raise ValueError("Two edits overlap. Apply them one after the other.")
        out += [snapshot.text[at:start], text]
        at = end
    out.append(snapshot.text[at:])
    return "".join(out)


def apply_changes(
    snapshot: DocumentSnapshot, changes: Iterable[ClientChange], version: int, encoding: Encoding | str
) -> DocumentSnapshot:
    """The next snapshot: each change speaks of the text that the one before it left."""
    for change in changes:
        text = change.text
        if change.range is not None:
            start = snapshot.client_offset(change.range[0], change.range[1], encoding)
            end = snapshot.client_offset(change.range[2], change.range[3], encoding)
            start, end = min(start, end), max(start, end)
            text = snapshot.text[:start] + change.text + snapshot.text[end:]
        snapshot = replace(snapshot, text=text)
    return replace(snapshot, version=version)

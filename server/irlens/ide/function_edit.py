"""Put one function that passes have changed in the place of the one in a file, as edits that leave the rest alone."""

from __future__ import annotations

from irlens.ir.graft import Graft
from irlens.source.edits import TextEdit
from irlens.source.positions import utf8_length
from irlens.source.snapshot import DocumentSnapshot


def function_edits(snapshot: DocumentSnapshot, change: Graft) -> list[TextEdit]:
    """The edits, in order of place; the client makes one undo step of them. Line ends are the file's."""
    line_end = "\r\n" if "\r\n" in snapshot.text else "\n"
    found = []
    for insertion in change.insertions:
        text = line_end.join(insertion.lines)
        if insertion.line < len(snapshot.lines):
            found.append(TextEdit(insertion.line, 0, insertion.line, 0, text + line_end))
        else:  # the file's last line has no end
            last = len(snapshot.lines) - 1
            column = utf8_length(snapshot.line(last))
            found.append(TextEdit(last, column, last, column, line_end + text))
    column = utf8_length(snapshot.line(change.end_line))
    found.append(TextEdit(change.start_line, 0, change.end_line, column, line_end.join(change.lines)))
    # An insertion at the same place comes first.
    return sorted(
        found, key=lambda edit: (edit.start_line, edit.start_column, edit.end_line, edit.end_column)
    )


def edited(snapshot: DocumentSnapshot, change: Graft) -> str:
    """The whole file after these edits."""
    line_end = "\r\n" if "\r\n" in snapshot.text else "\n"
    lines = list(snapshot.lines)
    lines[change.start_line : change.end_line + 1] = change.lines
    moved = len(change.lines) - (change.end_line + 1 - change.start_line)
    for insertion in reversed(change.insertions):
        line = insertion.line + (moved if insertion.line > change.start_line else 0)
        lines[line:line] = insertion.lines
    return line_end.join(lines)

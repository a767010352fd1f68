"""A document as a client keeps it: what a change makes of it, so that the next change is in it.

Written after the specification and for itself, so that it can disagree with irlens.
"""

from __future__ import annotations

import re
from typing import Any

_LINE_END = re.compile(r"\r\n|\n|\r")
Json = dict[str, Any]


class Edited:
    """A text in UTF-16 columns."""

    def __init__(self, text: str) -> None:
        self.text = text

    def change(self, change: Json) -> Json:
        """Apply a change, its lines brought into the text first; the change as it is to be sent."""
        if "range" not in change:
            self.text = change["text"]
            return change
        starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        places = [self._place(change["range"][side], starts) for side in ("start", "end")]
        (first, _), (last, _) = places
        if last < first:
            places.reverse()
            (first, _), (last, _) = places
        self.text = self.text[:first] + change["text"] + self.text[last:]
        return {"range": {"start": places[0][1], "end": places[1][1]}, "text": change["text"]}

    def _place(self, position: Json, starts: list[int]) -> tuple[int, Json]:
        """Where the position is in the text, and the position. Columns past the line's end stand for the end."""
        line = position["line"] % len(starts)
        end = _LINE_END.search(self.text, starts[line])
        content = self.text[starts[line] : end.start() if end else len(self.text)]
        column, index = 0, 0
        while index < len(content) and column < position["character"]:
            column += 2 if ord(content[index]) > 0xFFFF else 1
            index += 1
        # In the middle of a character there is no place: its end is sent.
        sent = column if index < len(content) else max(column, position["character"])
        return starts[line] + index, {"line": line, "character": sent}

"""The parts of a test that `split-file` takes apart: several files in one, each after a line such as `;--- a.ll`.

As in llvm/tools/split-file. Text in, parts out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

_MARKER = re.compile(r"^(?://|.)--- (\S[^ \t\r\n]*+(?>(?:[ \t]++[^ \t\r\n]++)*))[ \t]*+\r?$", re.MULTILINE)


MOST_PARTS = 200
"""Parts that are read: each is as long as all that stands before it."""


@dataclass(frozen=True)
class Part:
    """One file: its name, the line from 0 at which it begins, and what stands in it."""

    name: str
    line: int
    body: str

    @property
    def text(self) -> str:
        """The body with an empty line for each line of the whole that stands before it, so that lines are those of the
        whole. Made anew each time: of all parts at once they would be the square of the whole."""
        return "\n" * self.line + self.body


def parts(text: str) -> tuple[Part, ...]:
    """The first `MOST_PARTS` + 1 parts of `text`; none where no RUN line of it calls `split-file`: such lines are then
    comments."""
    if not any(
        "split-file" in line.partition("RUN:")[2] for line in text.split("\n") if "split-file" in line
    ):
        return ()
    found = list(islice(_MARKER.finditer(text), MOST_PARTS + 2))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    made = []
    before = at = 0
    for match, end in zip(found[: MOST_PARTS + 1], ends, strict=False):
        before += text.count("\n", at, match.end())
        at = match.end()
        made.append(Part(match[1], before, text[match.end() : end]))
    return tuple(made)

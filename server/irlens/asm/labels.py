"""Places inside functions made to last: an assembler forgets `.LBB0_3`, and an object does not say where it was.

Each gets a name beside it that assemblers keep. It stands on the place's own line, so that no line moves, and nothing
refers to it, so that no byte changes. Text that repeats lines gets none, where one name would be given twice.
"""

from __future__ import annotations

import re

from irlens.asm.outline import functions, lines_of

PREFIX = "irlens.label."
"""What the names begin with."""

_LABEL = re.compile(r"[ \t]*([A-Za-z_.$][\w.$@]*|\d+)[ \t]*:(?!:)")
_IN_MACRO = re.compile(r"^[ \t]*\.(?:macro|rept|irpc?)\b", re.MULTILINE)


def with_lasting_labels(text: str) -> tuple[str, dict[str, str]]:
    """The text with second names of labels, and the label that each stands for."""
    if _IN_MACRO.search(text):
        return text, {}
    lines = list(lines_of(text))
    found: dict[str, str] = {}
    begin = {function.start_line for function in functions(text)}
    for number, each in enumerate(lines):
        label = _LABEL.match(each)
        if label is not None and number not in begin:
            name = f"{PREFIX}{number}"
            found[name] = label[1]
            lines[number] = f"{name}: {each}"
    return "\n".join(lines), found

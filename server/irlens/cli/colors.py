"""Color on terminals: what is painted, and whether this stream wants it.

Text stays text: a `Paint` is one part of a line that `console.say` prints, and only that puts the codes around it, after
what is in it was escaped.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TextIO

_CODES = {
    "green": "32",
    "yellow": "33",
    "red": "1;31",
    "magenta": "1;35",
    "cyan": "1;36",
    "caret": "1;32",
    "bold": "1",
    "dim": "2",
}
RESET = "\x1b[0m"
CODES = (*(f"\x1b[{code}m" for code in _CODES.values()), RESET)
"""All that is ever written to a terminal."""

_VERDICTS = {
    "round-trips": "green",
    "agrees": "green",
    "compiles": "yellow",
    "verifies": "yellow",
    "rejected": "red",
    "disagrees": "red",
    "unknown": "yellow",
}
_SEVERITIES = {"error": "red", "warning": "magenta"}
_OFF = ("", "0")


@dataclass(frozen=True)
class Paint:
    """Text in a color: a key of `_CODES`, or "" for none."""

    text: str
    color: str

    def __str__(self) -> str:
        return self.text

    def coded(self, text: str) -> str:
        """`text` between this color's codes."""
        return f"\x1b[{_CODES[self.color]}m{text}{RESET}" if self.color else text


def outcome(word: str, shown: str | None = None) -> Paint:
    """A verdict or an outcome, perhaps in another form of the word."""
    return Paint(shown or word, _VERDICTS.get(word, ""))


def severity(word: str) -> Paint:
    return Paint(word, _SEVERITIES.get(word, "cyan"))


def wanted(stream: TextIO) -> bool:
    """Whether the stream gets color: a terminal does, unless the environment says no; nothing else does, unless it says
    yes (https://no-color.org, https://force-color.org, https://bixense.com/clicolors)."""
    said = os.environ
    if said.get("NO_COLOR"):
        return False
    if "FORCE_COLOR" in said:
        return said["FORCE_COLOR"] not in _OFF
    if said.get("CLICOLOR_FORCE", "0") not in _OFF:
        return True
    if said.get("CLICOLOR") == "0" or said.get("TERM") == "dumb":
        return False
    if os.name == "nt" and "WT_SESSION" not in said:  # older consoles print the codes
        return False
    return stream.isatty()

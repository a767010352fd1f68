"""Functions and variables without a name (`@0`, `@1`): a name for them while LLVM works on the module. Pure.

LLVM numbers them anew whenever it prints, and its object has no symbol for them. Under a name of ours they stay the
same through any pass and can be measured; `Named.restored` gives back the numbers that the file has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import count

_TOKEN = re.compile(r'"[^"]*"|;[^\n]*|[%$!]"[^"]*"|@(?P<number>\d+)(?![-\w$.])')
_LIKE_OURS = re.compile(r"unnamed(\d{0,9})\.")
_LOOKS_UNNAMED = re.compile(r"@\d+(?![-\w$.])")


@dataclass(frozen=True)
class Named:
    """`text` is the module with names for what had none; `prefix` stands before the number in such a name, "" where
    nothing had to be named."""

    text: str
    prefix: str

    def name(self, written: str) -> str:
        """What LLVM calls the function that the file, and `irlens.ir.outline`, call `written`."""
        return f"{self.prefix}{written}" if self.prefix and written.isdigit() else written

    def number(self, name: str) -> str:
        """The reverse of `name`."""
        return name[len(self.prefix) :] if self.prefix and name.startswith(self.prefix) else name

    def restored(self, text: str) -> str:
        """IR that LLVM printed, with the numbers of the file."""
        return self._given.sub(r"@\1", text) if self.prefix else text

    @cached_property
    def _given(self) -> re.Pattern[str]:
        return re.compile(rf"@{re.escape(self.prefix)}(\d+)(?![-\w$.])")


def named(ir: str) -> Named:
    """The module, each `@N` of it under a name; the text itself where there is none."""
    if not _LOOKS_UNNAMED.search(ir):
        return Named(ir, "")
    used = set(_LIKE_OURS.findall(ir))
    free = next(number for number in count() if str(number or "") not in used)
    prefix = f"unnamed{free or ''}."
    return Named(_TOKEN.sub(lambda m: f"@{prefix}{m['number']}" if m["number"] else m[0], ir), prefix)


def shown(name: str) -> str:
    """A function's name for people: `@1` for one that has only a number."""
    return f"@{name}" if name.isdigit() else name

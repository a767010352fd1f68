"""Names, numbers and strings in a line of IR, told apart so that one kind can be found or replaced. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_TOKEN = re.compile(
    r'(?P<global>@(?:"[^"]*"|[-\w$.]+))|[%$!]"[^"]*"|"[^"]*"|%[-\w$.]+'
    r"|(?P<node>!\d+)\b|(?P<group>#\d+)\b"
)


def references(text: str, kind: str) -> Iterator[str]:
    """What the text refers to, with its sigil. `kind` is `global` (@f), `node` (!7) or `group` (#0)."""
    return (match[kind] for match in _TOKEN.finditer(text) if match[kind] is not None)


def replaced(text: str, kind: str, new: Callable[[str], str]) -> str:
    """The text with `new` in the place of each reference of the kind."""
    return _TOKEN.sub(lambda match: new(match[0]) if match[kind] is not None else match[0], text)

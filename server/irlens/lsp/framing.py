"""Frames of the base protocol: header lines, an empty line, a body of so many bytes.

The limits stand here, for `greeting` and for the server alike. A frame that cannot be followed ends the
connection (`Unframed`), since nobody can tell where the next one begins; a body that is too large but has a
believable length is passed over without being kept. Imports nothing heavy: `greeting` needs it first.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

LARGEST_BODY = 256 << 20
"""Bytes of a body that is read. An editor sends whole documents; none of 256 MiB is worked on."""
LARGEST_SKIPPED = 4 << 30
"""Bytes of a body that is passed over. A length beyond is a lie, or a stream that is no LSP."""
LONGEST_LINE = 4096
"""Bytes of a header line; real ones have 60."""
MOST_LINES = 64

_LENGTH, _TYPE = b"content-length", b"content-type"
_DIGITS = 19
"""More digits than any length has; `int` refuses thousands of them."""


DEEPEST = 100
"""Levels of nesting of a message. The deepest of LSP's own are about 12; each level costs its readers a call."""


class Unframed(Exception):
    """The stream cannot be followed any more. The text says what was seen."""


class Head:
    """The header of one message, taken line by line.

    A `strict` head refuses every line that the base protocol does not know, such as those of HTTP. Else what
    is no header is passed over, since a wrapper script may print a line before the editor speaks.
    """

    def __init__(self, *, strict: bool) -> None:
        self.length: int | None = None
        """Bytes of the body, once it is told."""
        self._strict = strict
        self._lines = 0

    def take(self, line: bytes) -> bool:
        """Read one line; true when the header is complete. Raises `Unframed`."""
        name, colon, value = line.partition(b":")
        name = name.strip().lower()
        if not line.strip():
            if self.length is None and self._strict:
                raise Unframed("a header without Content-Length")
            return self.length is not None
        self._lines += 1
        if self._strict and (self._lines > MOST_LINES or len(line) > LONGEST_LINE):
            raise Unframed("a header longer than any that an LSP client sends")
        if colon and name == _LENGTH:
            self._read_length(value.strip())
        elif self._strict and not (colon and name == _TYPE):
            raise Unframed(f"a line that is no LSP header: {line[:60].strip()!r}")
        return False

    def _read_length(self, digits: bytes) -> None:
        if not digits.isdigit() or len(digits.lstrip(b"0")) > _DIGITS:
            raise Unframed(f"a Content-Length that is no length: {digits[:40]!r}")
        length = int(digits.lstrip(b"0") or b"0")
        if length > LARGEST_SKIPPED:
            raise Unframed(f"a Content-Length of {length:,} bytes; {LARGEST_BODY:,} is the most that is read")
        if self.length is not None and self.length != length:
            raise Unframed(f"two Content-Lengths in one header, {self.length:,} and {length:,}")
        self.length = length


def read_json(body: bytes) -> Any:
    """The value that a body holds. Raises `ValueError` where it is not JSON in UTF-8, or nested too deep."""
    try:
        # Lone surrogates may stand as three bytes each: some editors write a broken text so.
        value = json.loads(body.decode("utf-8", "surrogatepass"), parse_constant=_refuse_constant)
    except RecursionError:
        value = None
        is_too_deep = True
    else:
        is_too_deep = _is_deeper_than(value, DEEPEST)
    if is_too_deep:
        raise ValueError(f"it is nested more than {DEEPEST} deep")
    return value


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _is_deeper_than(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True

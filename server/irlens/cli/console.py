"""What commands print: the one way to stdout and stderr.

Names of files and functions, fields of models, words of servers and tools go to a terminal that acts on control sequences,
and to logs whose readers take a line for a message. While a command runs, all that is printed passes `Guard`, so that
nobody has to think of it; `say` prints one line that stays one, `exact` what programs read.
"""

from __future__ import annotations

import json
import shutil
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TextIO, cast

from irlens import escape
from irlens.cli import colors
from irlens.cli.colors import Paint

CLEAR_LINE = "\r\x1b[K"
"""What removes the line of progress on a terminal."""


class Guard:
    """A text stream that spells out what a terminal would act on; line feeds and tabs pass."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(escape.lines(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def guarded() -> Iterator[None]:
    """All that is printed in the block passes a `Guard`."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, Guard(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `sys.excepthook`: an error that nobody expected may have a name in its text."""
    sys.stderr.write(escape.lines("".join(traceback.format_exception(kind, error, trace))))


def say(*parts: str | Paint, file: TextIO | None = None, flush: bool = False) -> None:
    """One line, whatever the parts hold, which stand one behind the other; `Paint` in color where that is wanted."""
    stream = sys.stdout if file is None else file
    if not any(isinstance(part, Paint) for part in parts) or not colors.wanted(stream):
        print(escape.line("".join(map(str, parts))), file=stream, flush=flush)
        return
    line = "".join(
        part.coded(escape.line(part.text)) if isinstance(part, Paint) else escape.line(part) for part in parts
    )
    _under(stream).write(f"{line}\n")  # its codes would not pass a guard
    if flush:
        stream.flush()


def exact(text: str) -> None:
    """Text for programs, on stdout: unchanged there, and safe where stdout is a terminal."""
    _under(sys.stdout).write(escape.lines(text) if sys.stdout.isatty() else text)


def exact_json(value: object, indent: int | None = None, *, flush: bool = False) -> None:
    """JSON and a line end on stdout, in printable ASCII."""
    exact(json.dumps(value, indent=indent).replace("\x7f", "\\u007f") + "\n")
    if flush:
        sys.stdout.flush()


def overwrite(text: str) -> None:
    """A line in place of the last one that was written so; nothing where stderr is no terminal."""
    if sys.stderr.isatty():
        # A line that wraps cannot be overwritten.
        line = escape.line(text)[: shutil.get_terminal_size().columns - 1]
        _under(sys.stderr).write(f"{CLEAR_LINE}{line}")
        sys.stderr.flush()


def _under(stream: TextIO) -> TextIO:
    return stream.stream if isinstance(stream, Guard) else stream

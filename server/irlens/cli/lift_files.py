"""Where lifts go with `-o`: a folder with a file for each function, or one module of all of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from irlens import escape
from irlens import output as files
from irlens.assist.lift import LiftResult
from irlens.assist.lift_module import module_of
from irlens.assist.lift_text import file_with_head
from irlens.assist.tools import Tools
from irlens.cli import streams
from irlens.cli.console import say
from irlens.cli.inputs import IR_SUFFIXES
from irlens.errors import UnusableInput
from irlens.evidence.original import Original
from irlens.model.types import ModelInfo

_MOST_SHOWN = 8


class Output:
    """Nothing is written where `path` is None. `is_module`: one file for all, else the path is a folder's."""

    def __init__(self, path: str | None, is_module: bool) -> None:
        self.path = path
        self.is_module = is_module
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}
        """The last number that was put behind a name."""

    def add(self, result: LiftResult, info: ModelInfo | None, source_name: str) -> None:
        """Write a function's file, if it has IR. Raises `UnusableInput`."""
        if self.path is None or self.is_module or result.ir is None:
            return
        path = os.path.join(self.path, self._file_name(result.name))
        link = files.link_below(self.path, path)
        if link is not None:
            raise UnusableInput(
                f"{link}: it is a link, and in the -o folder irlens writes through none. Delete it, or choose another folder."
            )
        try:
            os.makedirs(self.path, exist_ok=True)
        except OSError as error:
            raise UnusableInput(
                f"{self.path}: the folder cannot be made ({error.strerror}). Choose another -o folder."
            ) from error
        _write(path, file_with_head(result, info, source_name))

    def write_module(
        self, results: Sequence[LiftResult], original: Original, triple: str, source_name: str, tools: Tools
    ) -> bool:
        """Write all functions as one module; False where there is none to write. What is not in it is told on stderr."""
        assert self.path is not None
        made = module_of(results, original, triple, source_name, tools)
        if made is None:
            say(f"irlens: {self.path} is not written: no function is lifted", file=sys.stderr)
            return False
        _write(self.path, made.text)
        for note in made.notes[:_MOST_SHOWN]:
            say(f"irlens: {self.path}: {' '.join(note.split())}", file=sys.stderr)
        if len(made.notes) > _MOST_SHOWN:
            say(
                f"irlens: {self.path}: {len(made.notes) - _MOST_SHOWN} more notes are at its top",
                file=sys.stderr,
            )
        return True

    def _file_name(self, function: str) -> str:
        """A name of its own for each function, also where case makes no difference."""
        stem = escape.file_name(function)
        folded = stem.casefold()
        name, number = stem, self._last.get(folded, 1)
        while name.casefold() in self._taken:
            number += 1
            name = f"{stem}-{number}"
        self._last[folded] = number
        self._taken.add(name.casefold())
        return f"{name}.ll"


def output_for(path: str | None, source: str) -> Output:
    """What `-o` asks for. Raises `UnusableInput` before anything is lifted where it cannot be written."""
    if path is None:
        return Output(None, False)
    if path == "-":
        raise UnusableInput(
            "-o - names no file. --ir prints the IR; -o OUT.ll writes one module, -o DIR a file each."
        )
    is_module = path.endswith(IR_SUFFIXES) and not os.path.isdir(path)
    if is_module:
        if not streams.is_stream(source) and os.path.realpath(path) == os.path.realpath(source):
            raise UnusableInput(f"{path}: -o would write over the file that is read. Choose another -o path.")
        why = files.why_unwritable(path)
    else:
        why = files.why_no_folder(path)
    if why is not None:
        raise UnusableInput(
            f"{path}: cannot be written ({why}). Choose another -o path: OUT.ll for one module, or a folder."
        )
    return Output(path, is_module)


def _write(path: str, text: str) -> None:
    try:
        files.write(path, text)
    except OSError as error:
        raise UnusableInput(
            f"{path}: cannot be written ({error.strerror or error}). Choose another -o path."
        ) from error

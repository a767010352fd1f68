"""Where in the text a function could not be lifted: the instruction as it is written, and its line."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable

from irlens.asm.marks import SECTION, marked
from irlens.asm.outline import lines_of
from irlens.errors import IrlensError

_SHOWN = re.compile(r"^(?:`[^`]*` at|At) \S+: ")
"""The lifter's own words for an instruction and its place."""


def with_line(error: IrlensError, text: str, function: str, assemble: Callable[[str], bytes]) -> str:
    """The error's text, with the line of the assembly in place of an offset where the error has one. `assemble` gives the
    object of a text. Never raises but what calls a job off."""
    offset = getattr(error, "offset", None)
    message = str(error)
    if offset is None:
        return message
    line = _line_at(text, function, offset, assemble)
    if line is None:
        return message
    written = " ".join(lines_of(text)[line].partition("#")[0].split()) or " ".join(
        lines_of(text)[line].split()
    )
    return f"`{written}` at line {line + 1}: {_SHOWN.sub('', message, count=1)}"


def _line_at(text: str, function: str, offset: int, assemble: Callable[[str], bytes]) -> int | None:
    with_marks = marked(text, function)
    if with_marks is None:
        return None
    try:
        numbers = _numbers(assemble(with_marks.text))
    except IrlensError:
        return None
    return with_marks.line_at(numbers, offset)


def _numbers(object_file: bytes) -> tuple[int, ...]:
    """What stands in the section of the marks; empty where there is none."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        section = ELFFile(io.BytesIO(object_file)).get_section_by_name(SECTION)
        data = section.data() if section is not None else b""
    except (ELFError, struct.error, ValueError, KeyError, IndexError, AttributeError, TypeError):
        return ()
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

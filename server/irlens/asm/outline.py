"""Functions of a GNU assembly text, as clang and gcc print it, for x86-64 and AArch64.

Tolerant: any text gives an outline, and nothing here raises. Reads text; knows nothing of files and of LLVM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_LINE_END = re.compile(r"\r\n|\r|\n")
_LABEL = re.compile(r'^[ \t]*(?:([A-Za-z_.$][\w.$@]*)|"((?:[^"\\]|\\.)*)")[ \t]*:(?!:)')
_TYPE = re.compile(
    r'^[ \t]*\.type[ \t]+(?:([\w.$@]+?)|"((?:[^"\\]|\\.)*)")[ \t]*,[ \t]*[@%#"]?(?:STT_)?(\w+)', re.IGNORECASE
)
_SIZE = re.compile(r'^[ \t]*\.size[ \t]+(?:([\w.$@]+?)|"((?:[^"\\]|\\.)*)")[ \t]*,')
_SECTION = re.compile(r"^[ \t]*\.(text|data|bss|rodata|(?:push)?section[ \t]+([^\s,]+))(?![\w.])")
_LOCAL_LABEL = re.compile(r"\.?L[\w.$]*$|\d+$")
_INSTRUCTION = re.compile(r"^[ \t]*(?:[A-Za-z][\w.]*)(?:[ \t]|$)")


@dataclass(frozen=True)
class AsmFunction:
    """One function. Lines count from 0; `start_line` is the label's, `end_line` the last one that belongs to
    it (its `.size` line where it has one), inclusive."""

    name: str
    start_line: int
    end_line: int

    @property
    def body_lines(self) -> range:
        """The lines after the label."""
        return range(self.start_line + 1, self.end_line + 1)


@lru_cache(maxsize=4)  # a check normalises the same file once for every candidate
def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text as an editor counts them: `\\n`, `\\r\\n` and `\\r` end one, nothing else does."""
    return tuple(_LINE_END.split(text))


def functions(text: str) -> list[AsmFunction]:
    """Functions in file order.

    A label is a function's where `.type` says so; in a text without any such line, every label of a code
    section that does not look local is.
    """
    return list(_functions(text))


@lru_cache(maxsize=4)
def _functions(text: str) -> tuple[AsmFunction, ...]:
    lines = lines_of(text)
    typed: dict[str, str] = {}
    for line in lines:
        if "type" in line.lower():
            match = _TYPE.match(line)
            if match:
                typed[match[1] if match[1] is not None else match[2]] = match[3].lower()
    knows = "function" in typed.values() or "gnu_indirect_function" in typed.values()
    found: list[AsmFunction] = []
    open_name, open_line, last_used = "", -1, -1
    in_code = True

    def close(end: int) -> None:
        nonlocal open_name
        if open_name:
            found.append(AsmFunction(open_name, open_line, end))
            open_name = ""

    for number, line in enumerate(lines):
        section = _SECTION.match(line)
        if section:
            close(last_used)
            in_code = _is_code(section)
            continue
        size = _SIZE.match(line)
        if size:
            if open_name == (size[1] if size[1] is not None else size[2]):
                close(number)
            continue
        label = _LABEL.match(line)
        if label:
            name = label[1] if label[1] is not None else label[2]
            kind = typed.get(name)
            is_function = kind in ("function", "gnu_indirect_function") if kind else not knows and in_code
            if is_function and not _LOCAL_LABEL.match(name):
                close(last_used)
                open_name, open_line = name, number
            last_used = number
        elif line.strip() and (_INSTRUCTION.match(line) or line.lstrip().startswith(".cfi")):
            last_used = number
    close(last_used)
    return tuple(found)


def _is_code(section: re.Match[str]) -> bool:
    name = section[2] or "." + section[1]
    return name.startswith((".text", ".init", ".fini", ".ltext")) or name in ("__TEXT",)

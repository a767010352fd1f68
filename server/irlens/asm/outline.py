"""Functions of a GNU assembly text, as clang and gcc print it, for x86-64 and AArch64.

Tolerant: any text gives an outline, and nothing here raises. Reads text; knows nothing of files and of LLVM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from irlens.asm import listing
from irlens.asm.filtered import DATA
from irlens.asm.readable import readable
from irlens.asm.symbols import PLAIN_NAME, QUOTED_NAME, format_of, is_local, unquoted
from irlens.source.memo import of_text

_LINE_END = re.compile(r"\r\n|\r|\n")
LABEL = re.compile(
    rf"^[ \t]*(?:\.(?:intel_syntax noprefix|text|data|section \.rodata); )*({PLAIN_NAME}|{QUOTED_NAME}|\d+)[ \t]*:(?!:)"
)
_TYPE = re.compile(
    rf'^[ \t]*\.type[ \t]+({PLAIN_NAME}|{QUOTED_NAME})[ \t]*,[ \t]*[@%#"]?(?:STT_)?(\w+)', re.IGNORECASE
)
_SIZE = re.compile(rf"^[ \t]*\.size[ \t]+({PLAIN_NAME}|{QUOTED_NAME})[ \t]*,")
_GLOBAL = re.compile(rf"^[ \t]*\.(?:globl|global|weak)[ \t]+({PLAIN_NAME}|{QUOTED_NAME})")
_ALIAS = re.compile(
    rf"^[ \t]*(?:\.(?:set|equ|equiv|thumb_set)[ \t]+({PLAIN_NAME}|{QUOTED_NAME})[ \t]*,|({PLAIN_NAME}|{QUOTED_NAME})[ \t]*==?)"
    rf"[ \t]*({PLAIN_NAME}|{QUOTED_NAME})[ \t]*(?:[#;]|//|$)"
)
_SECTION = re.compile(
    r"^[ \t]*(?:\.intel_syntax noprefix; )?\.(text|data|bss|rodata|(?:push)?section[ \t]+([^\s,]+))(?![\w.])"
)
_INSTRUCTION = re.compile(r"^[ \t]*(?:[A-Za-z][\w.]*)(?:[ \t]|$)")
_JUMP = re.compile(
    r"^[ \t]*(?:j[a-z]+|loop\w*|b(?:\.?[a-z]{2})?|cbn?z[ \t]+\w+[ \t]*,"
    rf"|tbn?z[ \t]+\w+[ \t]*,[ \t]*#?\w+[ \t]*,)[ \t]+({PLAIN_NAME})"
)
_CALL = re.compile(rf"^[ \t]*(?:call[a-z]*|bl)[ \t]+({PLAIN_NAME})")
_KINDS = ("function", "gnu_indirect_function")


@dataclass(frozen=True)
class AsmFunction:
    """One function. Lines count from 0; `start_line` is the label's, `end_line` the last one that belongs to
    it (its `.size` line where it has one), inclusive."""

    name: str
    start_line: int
    end_line: int
    alias_of: str = ""
    """The function that this is another name of (`checked = add`); its one line is where that is said."""

    @property
    def body_lines(self) -> range:
        """The lines after the label."""
        return range(self.start_line + 1, self.end_line + 1)


@of_text  # a check normalises the same file once for every candidate
def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text as an editor counts them: `\\n`, `\\r\\n` and `\\r` end one, nothing else does."""
    return tuple(_LINE_END.split(text))


def functions(text: str) -> list[AsmFunction]:
    """Functions in file order.

    A label is a function's where `.type` says so; in a text without any such line, every label of a code
    section is that is neither local in its object format nor the target of jumps of the function it stands in.
    """
    return list(_functions(text))


@of_text  # asked for each function of a file in turn
def _by_name(text: str) -> dict[str, AsmFunction]:
    return {each.name: each for each in reversed(_functions(text))}


def function_named(text: str, name: str) -> AsmFunction | None:
    """The function of that name, of an alias the function that it stands for (under its own name)."""
    found = _by_name(text)
    first, seen = found.get(name), {name}
    while first is not None and first.alias_of and first.alias_of not in seen:
        seen.add(first.alias_of)
        first = found.get(first.alias_of)
    return first


class _Facts:
    """What the whole text says of its names, before any function is cut out of it."""

    def __init__(self, lines: tuple[str, ...], text: str) -> None:
        self.format = format_of(text)
        self.kinds: dict[str, str] = {}
        self.aliases: dict[str, tuple[str, int]] = {}
        self.entered: set[str] = set()
        """Names that something calls, or that other files see."""
        jumped: dict[str, int] = {}
        """The last line that jumps to each name."""
        local = False
        for number, line in enumerate(lines):
            if match := _TYPE.match(line):
                self.kinds[unquoted(match[1])] = match[2].lower()
            elif match := _ALIAS.match(line):
                self.aliases.setdefault(unquoted(match[1] or match[2]), (unquoted(match[3]), number))
            elif match := _GLOBAL.match(line) or _CALL.match(line):
                self.entered.add(match[1].partition("@")[0] if match[1][0] != '"' else unquoted(match[1]))
            elif match := _JUMP.match(line):
                jumped[match[1]] = number
            local = local or line.startswith((".L", '".L'))
        self.knows = any(kind in _KINDS for kind in self.kinds.values())
        # A compiler marks the labels inside of functions; where there is no such mark a person may have written any.
        self.jumped = {} if local and self.format != "macho" else jumped

    def begins(self, name: str, number: int, in_code: bool, open_line: int) -> bool:
        """Whether the label `name` at a line begins a function. `open_line` is where the last one began, or -1."""
        if is_local(name, self.format):
            return False
        kind = self.kinds.get(name)
        if kind is not None:
            return kind in _KINDS
        if self.knows or not in_code:
            return False
        if open_line < 0 or name in self.entered:
            return True
        return self.jumped.get(name, -1) <= open_line


@of_text
def _functions(text: str) -> tuple[AsmFunction, ...]:
    listed = listing.read(text)
    if listed is not None:
        return tuple(AsmFunction(each.name, each.line, each.last_line) for each in listed.functions)
    text = readable(text).text
    lines = lines_of(text)
    facts = _Facts(lines, text)
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
            if not LABEL.match(line):
                continue
        size = _SIZE.match(line)
        if size:
            if open_name == unquoted(size[1]):
                close(number)
            continue
        label = LABEL.match(line)
        if label:
            name = unquoted(label[1])
            data = name not in facts.kinds and _data_follows(lines, number, label.end())
            if not data and facts.begins(name, number, in_code, open_line if open_name else -1):
                close(last_used)
                open_name, open_line = name, number
            last_used = number
        elif line.strip() and (_INSTRUCTION.match(line) or line.lstrip().startswith(".cfi")):
            last_used = number
    close(last_used)
    return _with_aliases(found, facts)


def _data_follows(lines: tuple[str, ...], number: int, column: int) -> bool:
    """Whether what stands behind a label is data. Empty lines and other labels are passed over."""
    rest = lines[number][column:]
    for line in (rest, *lines[number + 1 : number + 8]):
        if line.strip() and not LABEL.match(line) and not line.lstrip().startswith(("#", "//")):
            return DATA.match(line) is not None
    return False


def _with_aliases(found: list[AsmFunction], facts: _Facts) -> tuple[AsmFunction, ...]:
    """With the names that are set to a function, or to such a name."""
    known = {each.name for each in found}
    means: dict[str, bool] = dict.fromkeys(known, True)
    for name in facts.aliases:
        chain = []
        while name not in means and name in facts.aliases:
            means[name] = False  # what leads back to itself means nothing
            chain.append(name)
            name = facts.aliases[name][0]
        for each in chain:
            means[each] = means.get(name, False)
    added = [
        AsmFunction(name, number, number, target)
        for name, (target, number) in facts.aliases.items()
        if name not in known
        and means[name]
        and facts.kinds.get(name, "function") in _KINDS
        and not is_local(name, facts.format)
    ]
    return tuple(sorted([*found, *added], key=lambda each: each.start_line)) if added else tuple(found)


def _is_code(section: re.Match[str]) -> bool:
    name = section[2] or "." + section[1]
    return name.startswith((".text", ".init", ".fini", ".ltext")) or name in ("__TEXT",)

"""IR whose instructions say which line they stand on, so that code made from it can be traced back to them.

LLVM carries a debug location from an instruction to the machine code that it becomes. `with_lines` writes one on
every instruction of a function: the number of its own line. It reads text; what is no IR comes back as other text
that is no IR, for LLVM to refuse.
"""

from __future__ import annotations

import re

from irlens.ir.outline import function_named, outline
from irlens.source.snapshot import split_lines

_STRING_OR_COMMENT = re.compile(r'"[^"]*"|;.*')
_LABEL = re.compile(r'\s*(?:"[^"]*"|[-\w$.]+):\s*$')
_GOES_ON = re.compile(r"\s*(?:to label\b|unwind\b|cleanup\b|catch\b|filter\b)")
_KNOWS_LINES = re.compile(r"!dbg\b|!llvm\.dbg\.cu\b|#dbg_")


def with_lines(ir: str, function: str) -> str | None:
    """`ir` with the lines of `function`, counted from 1, as debug locations. None where it has no such definition,
    or debug locations of its own."""
    found = function_named(outline(ir), function)
    if found is None or not found.is_definition or _KNOWS_LINES.search(ir):
        return None
    lines = [_bare(line) for line in split_lines(ir)]
    free = max((int(number) for number in re.findall(r"!(\d+)", ir)), default=0) + 1
    unit, file, kind, program = (f"!{free + index}" for index in range(4))
    first_location = free + 4
    headers = range(found.start_line, found.end_line + 1)
    opening = next((number for number in headers if lines[number].endswith("{")), None)
    if opening is None:
        return None
    lines[opening] = f"{lines[opening][:-1].rstrip()} !dbg {program} {{"
    locations: list[str] = []
    for start, end in _instructions(lines, opening + 1, found.end_line):
        lines[end] += f", !dbg !{first_location + len(locations)}"
        locations.append(f"!DILocation(line: {start + 1}, column: 1, scope: {program})")
    nodes = [
        f"distinct !DICompileUnit(language: DW_LANG_C, file: {file}, isOptimized: true, emissionKind: LineTablesOnly)",
        '!DIFile(filename: "a.ll", directory: "/")',
        "!DISubroutineType(types: !{})",
        f'distinct !DISubprogram(name: "f", scope: {file}, file: {file}, line: {opening + 1}, type: {kind}, '
        f"scopeLine: {opening + 1}, spFlags: DISPFlagDefinition | DISPFlagOptimized, unit: {unit})",
        *locations,
        '!{i32 2, !"Debug Info Version", i32 3}',
    ]
    flag = f"!{free + len(nodes) - 1}"
    table = [f"!{free + index} = {node}" for index, node in enumerate(nodes)]
    named = [f"!llvm.dbg.cu = !{{{unit}}}", f"!llvm.module.flags = !{{{flag}}}"]
    return "\n".join([*lines, *named, *table]) + "\n"


def _instructions(lines: list[str], start: int, end: int) -> list[tuple[int, int]]:
    """First and last line of each instruction between two lines; one in brackets may take several."""
    found: list[tuple[int, int]] = []
    depth = 0
    for number in range(start, end):
        line = lines[number]
        if not line or (depth == 0 and _LABEL.match(line)):
            continue
        if found and (depth > 0 or _GOES_ON.match(line)):
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
        plain = _STRING_OR_COMMENT.sub("", line)
        depth += sum(plain.count(each) for each in "([{") - sum(plain.count(each) for each in ")]}")
    return found


def _bare(line: str) -> str:
    """Without a comment and the space at the end."""
    return _STRING_OR_COMMENT.sub(lambda match: match[0] if match[0][0] == '"' else "", line).rstrip()

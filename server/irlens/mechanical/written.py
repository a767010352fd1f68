"""One function of a module as LLVM prints it, taken apart into blocks of lines and put together again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from irlens.ir.outline import function_named, outline

NAME = r'(?:[-\w$.]+|"[^"]*")'
USE = re.compile(rf"%({NAME})")
"""A value or a block where it is named, but for a block's own line."""
DEFINITION = re.compile(rf"^\s+%({NAME}) = (.*)$")
_LABEL = re.compile(rf"^({NAME}):")
_TO = re.compile(rf"\blabel %({NAME})")


@dataclass
class Block:
    """`label` is empty where LLVM printed none, `head` its line. `lines` are the instructions; a switch is in one line."""

    label: str
    head: str
    lines: list[str] = field(default_factory=list)

    @property
    def targets(self) -> list[str]:
        """Labels of the blocks that follow."""
        return list(dict.fromkeys(_TO.findall(self.lines[-1]))) if self.lines else []


@dataclass
class Written:
    """A definition: the lines before it, its own first lines, its blocks, and the rest from its closing brace."""

    before: list[str]
    header: list[str]
    blocks: list[Block]
    after: list[str]

    @property
    def text(self) -> str:
        body: list[str] = []
        for index, block in enumerate(self.blocks):
            if index:
                body.append("")
            body += [block.head] if block.head else []
            body += block.lines
        return "\n".join([*self.before, *self.header, *body, *self.after])


def written(ir: str, function: str) -> Written | None:
    """The definition of `function`, or None where the text has none."""
    found = function_named(outline(ir), function)
    if found is None or not found.is_definition:
        return None
    lines = ir.split("\n")
    opening = found.start_line
    while opening < found.end_line and not lines[opening].rstrip().endswith("{"):
        opening += 1
    blocks: list[Block] = []
    for line in lines[opening + 1 : found.end_line]:
        label = _LABEL.match(line)
        if label or not blocks:
            blocks.append(Block(label[1] if label else "", line if label else ""))
        if label or not line.strip():
            continue
        own = blocks[-1].lines
        if own and own[-1].lstrip().startswith("switch ") and "]" not in own[-1]:
            own[-1] += f" {line.strip()}" if line.strip() != "]" else " ]"
        else:
            own.append(line)
    return Written(
        lines[: found.start_line], lines[found.start_line : opening + 1], blocks, lines[found.end_line :]
    )

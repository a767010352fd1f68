"""Put one function that passes have changed back into the module that it was cut from (`cut`).

The rest of the module stays as it is, byte for byte. What the function needs and the module lacks (declarations,
constants, attribute groups, metadata) is added under new numbers and names; nothing is renumbered or renamed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from irlens.errors import UnusableInput
from irlens.ir.cut import LOCAL, defined, linkage_of, symbol_of
from irlens.ir.metadata import Nodes, matched
from irlens.ir.outline import IrFunction, outline
from irlens.ir.prototype import types_of
from irlens.ir.tokens import references, replaced

_GLOBAL = re.compile(r'\s*(@(?:"[^"]*"|[-\w$.]+))\s*=\s*(.*)')
_GROUP = re.compile(r"\s*attributes\s+(#\d+)\s*=\s*\{(.*)\}")
_NODE = re.compile(r"\s*(!\d+)\s*=\s*(.*)")
_TYPE = re.compile(r'\s*(%(?:"[^"]*"|[-\w$.]+))\s*=\s*type\b')
_ATTRS = re.compile(r"\s*; Function Attrs:")
_LOCAL_ADDRESS = re.compile(r"\blocal_unnamed_addr\s+")


@dataclass(frozen=True)
class Insertion:
    """Whole lines to put in before line `line` (from 0; the number of lines is the end)."""

    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Graft:
    """Lines `start_line` to `end_line` (both included, from 0) become `lines`; `insertions` are in order of line and
    never inside that range."""

    start_line: int
    end_line: int
    lines: tuple[str, ...]
    insertions: tuple[Insertion, ...]


def graft(ir: str, name: str, cut_text: str, after: str) -> Graft:
    """How the function of `after` (what passes made of `cut_text`) goes back into `ir`. Raises `UnusableInput` where
    it cannot: the passes made functions of their own, or took the function apart."""
    old, new, part = _Text(ir), _Text(after), _Text(cut_text)
    target = defined(old.functions, name)
    made = defined(new.functions, name)
    if any(f.is_definition and f is not made for f in new.functions):
        raise UnusableInput(f"The passes make other functions of parts of {name}. Optimise the whole module.")
    header, *body = new.lines[made.start_line : made.end_line + 1]
    if _signature(header, new, made) != _signature(old.lines[target.start_line], old, target):
        raise UnusableInput(f"The passes change how {name} is called. Optimise the whole module.")
    header = _as_it_was(header, old.lines[target.start_line])
    first, made_first = old.with_comment(target), new.with_comment(made)
    comment = new.lines[made_first : made.start_line] if first < target.start_line else []
    function = [*comment, header, *body]
    names, added = _added_symbols([header, *body], old, new, part)
    groups = _Groups(old.groups, new.groups)
    nodes, extra_nodes = matched(
        old.nodes,
        new.nodes,
        [header, *body, *added.globals],
        old.lines[target.start_line : target.end_line + 1],
    )

    def placed(line: str) -> str:
        line = replaced(line, "global", lambda each: names.get(each, each))
        line = replaced(line, "group", groups.number)
        return replaced(line, "node", lambda each: nodes.get(each, each))

    function = [line if _ATTRS.match(line) else placed(line) for line in function]
    variables = [placed(line) for line in added.globals]
    declarations = [placed(line) for line in added.declarations]
    end = len(old.lines) - (1 if old.lines[-1] == "" else 0)
    found = [
        Insertion(old.after_last(_TYPE, first), tuple(added.types)),
        Insertion(old.after_last(_GLOBAL, first), tuple(variables)),
        Insertion(old.after_declarations(), tuple(declarations)),
        Insertion(old.after_last(_GROUP, end), tuple(groups.added)),
        Insertion(old.after_last(_NODE, end), tuple(extra_nodes)),
    ]
    insertions = sorted((each for each in found if each.lines), key=lambda each: each.line)
    return Graft(first, target.end_line, tuple(function), tuple(insertions))


def grafted(ir: str, change: Graft) -> str:
    """The module's text with the change made."""
    lines = ir.split("\n")
    out: list[str] = []
    at = 0
    steps = [(each.line, each.line, each.lines) for each in change.insertions]
    steps.append((change.start_line, change.end_line + 1, change.lines))
    for start, end, new in sorted(steps, key=lambda step: (step[0], step[1])):
        out += [*lines[at:start], *new]
        at = end
    return "\n".join([*out, *lines[at:]])


class _Text:
    """A module's lines, with what stands where."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.functions = outline(text).functions
        inside = {line for f in self.functions for line in range(f.start_line, f.end_line + 1)}
        self.outside = [number for number in range(len(self.lines)) if number not in inside]
        self.globals = self._named(_GLOBAL)
        self.nodes: Nodes = self._named(_NODE)
        self.groups = {number: " ".join(content.split()) for number, content in self._named(_GROUP).items()}
        self.types = {m[1]: self.lines[n] for n in self.outside if (m := _TYPE.match(self.lines[n]))}
        self.function_names = {symbol_of(self.lines, function): function for function in self.functions}

    def _named(self, pattern: re.Pattern[str]) -> dict[str, str]:
        return {m[1]: m[2] for number in self.outside if (m := pattern.match(self.lines[number]))}

    def with_comment(self, function: IrFunction) -> int:
        """The line of LLVM's comment on the function's attributes, or else where it begins."""
        before = function.start_line - 1
        return before if before >= 0 and _ATTRS.match(self.lines[before]) else function.start_line

    def after_last(self, pattern: re.Pattern[str], otherwise: int) -> int:
        """The line after the last that matches."""
        return next((n + 1 for n in reversed(self.outside) if pattern.match(self.lines[n])), otherwise)

    def after_declarations(self) -> int:
        declared = [f for f in self.functions if not f.is_definition] or list(self.functions)
        return declared[-1].end_line + 1


@dataclass
class _Added:
    globals: list[str]
    declarations: list[str]
    types: list[str]


def _added_symbols(function: list[str], old: _Text, new: _Text, part: _Text) -> tuple[dict[str, str], _Added]:
    """New names for what is added and whose name is taken, and the lines that are added."""
    names: dict[str, str] = {}
    added = _Added([], [], [])
    had = {*old.globals, *old.function_names}
    in_part = {*part.globals, *part.function_names}
    seen: set[str] = set()
    texts = list(function)
    while texts:
        for each in references(texts.pop(), "global"):
            if each in seen or each in in_part:
                continue
            seen.add(each)
            if each in new.globals:
                line = new.globals[each]
                if not line.startswith(LOCAL):
                    raise UnusableInput(f"The passes make a variable {each} that other files see. Leave it.")
                if each in had:
                    names[each] = _fresh(each, {*had, *new.globals, *names.values()})
                added.globals.append(f"{each} = {line}")
                texts.append(line)
            elif each in had:
                _check_same(each, old)
            elif each in new.function_names:
                declared = new.function_names[each]
                added.declarations += new.lines[declared.start_line : declared.end_line + 1]
            else:
                raise UnusableInput(f"{each} is nowhere to be found after the passes. Leave the function.")
    added.types = [line for each, line in new.types.items() if each not in old.types]
    return names, added


def _check_same(symbol: str, old: _Text) -> None:
    """What the passes call by a name of the C library is what the module calls so, unless it is the file's own."""
    function = old.function_names.get(symbol)
    if function is None or (function.is_definition and linkage_of(old.lines[function.start_line]) in LOCAL):
        raise UnusableInput(f"The passes use the library's {symbol}, and the file has its own. Leave it.")


def _fresh(symbol: str, taken: set[str]) -> str:
    bare = symbol[:-1] if symbol.endswith('"') else symbol
    end = symbol[len(bare) :]
    number = 1
    while f"{bare}.{number}{end}" in taken:
        number += 1
    return f"{bare}.{number}{end}"


class _Groups:
    """Attribute groups of the new text as those of the old one; what it lacks is added."""

    def __init__(self, old: dict[str, str], new: dict[str, str]) -> None:
        self._new = new
        self._by_content = {content: number for number, content in reversed(old.items())}
        self._next = max((int(number[1:]) for number in old), default=-1) + 1
        self.added: list[str] = []

    def number(self, group: str) -> str:
        content = self._new.get(group)
        if content is None:
            return group
        if content not in self._by_content:
            self._by_content[content] = f"#{self._next}"
            self.added.append(f"attributes #{self._next} = {{ {content} }}")
            self._next += 1
        return self._by_content[content]


def _as_it_was(header: str, before: str) -> str:
    """The header with the linkage that the function has, and without what is known of its address here alone."""
    linkage = linkage_of(before)
    now = linkage_of(header)
    if now:
        header = header.replace(f"define {now} ", "define ", 1)
    if linkage:
        header = header.replace("define ", f"define {linkage} ", 1)
    return header if _LOCAL_ADDRESS.search(before) else _LOCAL_ADDRESS.sub("", header, count=1)


def _signature(header: str, text: _Text, function: IrFunction) -> tuple[str, ...]:
    """The types of result and parameters."""
    return types_of(header, symbol_of(text.lines, function))

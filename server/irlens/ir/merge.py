"""Modules of one function each, put together into one module. Text in, text out.

All of them come from one file, so one name means one thing: a definition takes the place of declarations, and equal
data is there once. Only private constants are named anew, because lifts number them each for itself. A part that cannot
be placed is left out, with the reason; where two parts declare one name in two ways, the first way is taken and it is
said, because a call says for itself how it passes its values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from irlens.ir.cut import symbol_of
from irlens.ir.outline import outline, plain_name
from irlens.ir.prototype import types_of
from irlens.ir.tokens import references, replaced

_NAME = r'(?:"[^"]*"|[-\w$.]+)'
_GLOBAL = re.compile(rf"\s*(@{_NAME})\s*=\s*(.*)")
_GROUP = re.compile(r"\s*attributes\s+(#\d+)\s*=\s*\{(.*)\}")
_NODE = re.compile(r"\s*(!\d+)\s*=\s*(.*)")
_TYPE = re.compile(rf"\s*(%{_NAME})\s*=\s*type\s+(.*)")
_LAYOUT = re.compile(r"\s*target\s+datalayout\b")
_DROPPED = re.compile(
    r"\s*+(?:$|;.*+$|target\s++triple|source_filename|uselistorder|![-\d._]*+[A-Za-z][^\s=]*+\s*+=)"
)
_EXTERNAL = re.compile(
    r"(?:(?:dso_local|hidden|protected|default|local_unnamed_addr|unnamed_addr) )*(?:external|extern_weak)\b"
)
_PRIVATE = re.compile(r"private\b.*?\bconstant\b")
_ALIGN = re.compile(r", align \d+$")
_COUNTER = re.compile(r"\.\d+$")
_UNNAMED = re.compile(r"@\d+$")


@dataclass(frozen=True)
class Part:
    """A module; `name` is the function it is there for, "" for one that brings data alone. `comment` are lines to put
    before the function, without their semicolons."""

    name: str
    text: str
    comment: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merged:
    """`left_out` says by function why it is not in `text`; `conflicts` are sentences. `lines` are the lines (from 0, the
    end exclusive) of each function."""

    text: str
    left_out: dict[str, str]
    conflicts: tuple[str, ...]
    lines: dict[str, tuple[int, int]]


class _Unplaced(Exception):
    """Why a part cannot be placed."""


@dataclass
class _Module:
    """What a part brings, by name with the sigil."""

    layout: str = ""
    types: dict[str, str] = field(default_factory=dict)
    globals: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)
    declared: dict[str, list[str]] = field(default_factory=dict)
    defined: dict[str, list[str]] = field(default_factory=dict)


def merge(parts: Sequence[Part], triple: str, head: Sequence[str] = ()) -> Merged:
    """The module of all parts for `triple`; `head` are comment lines for its top, without their semicolons."""
    whole = _Whole({part.name for part in parts if part.name})
    left_out: dict[str, str] = {}
    for part in parts:
        try:
            whole.add(part, _read(part.text))
        except _Unplaced as reason:
            left_out[part.name] = str(reason)
    text, lines = whole.written(triple, head)
    return Merged(text, left_out, tuple(whole.conflicts), lines)


def external_data(text: str) -> list[str]:
    """Names of the variables that a module declares and does not define."""
    inside = {number for f in outline(text).functions for number in range(f.start_line, f.end_line + 1)}
    found = []
    for number, line in enumerate(text.split("\n")):
        match = _GLOBAL.match(line)
        if match is not None and number not in inside and _EXTERNAL.match(match[2]):
            found.append(plain_name(match[1]))
    return found


def _read(text: str) -> _Module:
    """Raises `_Unplaced` for a line that has no place in another module."""
    lines = text.split("\n")
    functions = outline(text).functions
    made = _Module()
    inside = {number for f in functions for number in range(f.start_line, f.end_line + 1)}
    for function in functions:
        kept = made.defined if function.is_definition else made.declared
        kept[symbol_of(lines, function)] = lines[function.start_line : function.end_line + 1]
    for number, line in enumerate(lines):
        if number in inside:
            continue
        if match := _GLOBAL.match(line):
            made.globals[match[1]] = match[2]
        elif match := _GROUP.match(line):
            made.groups[match[1]] = " ".join(match[2].split())
        elif match := _NODE.match(line):
            made.nodes[match[1]] = match[2]
        elif match := _TYPE.match(line):
            made.types[match[1]] = match[2]
        elif _LAYOUT.match(line):
            made.layout = line.strip()
        elif not _DROPPED.match(line):
            raise _Unplaced(f"`{line.strip()[:60]}` has no place in a module of several functions")
    return made


class _Whole:
    """The module so far. `own` are the names of the functions that parts are there for."""

    def __init__(self, own: set[str]) -> None:
        self._own = own
        self._layout = ""
        self._types: dict[str, str] = {}
        self._globals: dict[str, str] = {}
        self._by_content: dict[str, str] = {}
        """Names of private constants."""
        self._declared: dict[str, list[str]] = {}
        self._defined: dict[str, list[str]] = {}
        self._comments: dict[str, tuple[str, ...]] = {}
        self._groups: dict[str, str] = {}
        self._nodes: list[str] = []
        self._whose: dict[str, str] = {}
        """By symbol, the part that brought it."""
        self._ways: dict[str, dict[tuple[str, ...], str]] = {}
        """By function, the types that it has, and the part that says so first."""

    @property
    def conflicts(self) -> list[str]:
        """A sentence for each function that has several types."""
        return [
            f"{symbol} is " + ", and ".join(f"{_shown(types)} in {whose}" for types, whose in ways.items())
            for symbol, ways in self._ways.items()
            if len(ways) > 1
        ]

    def add(self, part: Part, module: _Module) -> None:
        """All of the part or, where `_Unplaced` is raised, nothing of it."""
        names = self._names_for(module)
        self._refuse(part, module, names)
        groups = {number: self._group(content) for number, content in module.groups.items()}
        nodes = {number: f"!{len(self._nodes) + at}" for at, number in enumerate(module.nodes)}

        def placed(line: str) -> str:
            line = replaced(line, "global", lambda each: names.get(each, each))
            line = replaced(line, "group", lambda each: groups.get(each, ""))
            return replaced(line, "node", lambda each: nodes.get(each, each))

        self._layout = self._layout or module.layout
        self._types.update(module.types)
        self._nodes += [placed(text) for text in module.nodes.values()]
        for symbol, rest in module.globals.items():
            self._add_global(part, names.get(symbol, symbol), placed(rest))
        for symbol, lines in module.declared.items():
            self._add_declaration(part, symbol, [placed(line).rstrip() for line in lines])
        for symbol, lines in module.defined.items():
            name = plain_name(symbol)
            if name != part.name and name in self._own:
                continue  # that function has a part of its own
            self._defined[symbol] = [placed(line).rstrip() for line in lines]
            self._note(symbol, lines, part.name)
            self._whose[symbol] = part.name
            if name == part.name:
                self._comments[symbol] = part.comment

    def _names_for(self, module: _Module) -> dict[str, str]:
        """New names for the private constants whose names others have, the same one where the data is the same."""
        names: dict[str, str] = {}
        taken = {*self._globals, *self._declared, *self._defined, *module.globals}
        for symbol, rest in module.globals.items():
            if not _PRIVATE.match(rest):
                continue
            refers = any(each in module.globals for each in references(rest, "global"))
            known = None if refers else self._by_content.get(rest)
            if known is not None:
                names[symbol] = known
                continue
            new = symbol
            number = 0
            bare = _COUNTER.sub("", symbol.rstrip('"'))
            quote = '"' if symbol.endswith('"') else ""
            while new in self._globals or new in self._declared or (new != symbol and new in taken):
                number += 1
                new = f"{bare}.{number}{quote}"
            names[symbol] = new
            taken.add(new)
            if not refers:
                self._by_content[rest] = new
        return names

    def _refuse(self, part: Part, module: _Module, names: dict[str, str]) -> None:
        for name, content in module.types.items():
            if self._types.get(name, content) != content:
                raise _Unplaced(f"its type {name} is not the one of other functions")
        for symbol in {*module.globals, *module.defined}:
            if _UNNAMED.match(symbol):
                raise _Unplaced(f"{symbol} has no name of its own")
        for symbol, lines in module.defined.items():
            if (
                symbol in self._defined
                and self._defined[symbol] != lines
                and plain_name(symbol) not in self._own
            ):
                raise _Unplaced(f"its {symbol} is not the one of {self._whose[symbol]}")
        for symbol, rest in module.globals.items():
            known = self._globals.get(names.get(symbol, symbol))
            if known is None or _EXTERNAL.match(known) or _EXTERNAL.match(rest) or _PRIVATE.match(rest):
                continue
            if _ALIGN.sub("", known) != _ALIGN.sub("", rest):
                raise _Unplaced(f"its data {symbol} is not the one of {self._whose[symbol]}")

    def _add_global(self, part: Part, symbol: str, rest: str) -> None:
        known = self._globals.get(symbol)
        if known is None or (_EXTERNAL.match(known) and not _EXTERNAL.match(rest)):
            self._globals[symbol] = rest
            self._whose[symbol] = part.name
        elif _EXTERNAL.match(known) and _EXTERNAL.match(rest) and "thread_local" in rest > known:
            self._globals[symbol] = rest

    def _add_declaration(self, part: Part, symbol: str, lines: list[str]) -> None:
        self._note(symbol, lines, part.name)
        if symbol not in self._declared:
            self._declared[symbol] = lines
            self._whose.setdefault(symbol, part.name)

    def _note(self, symbol: str, lines: list[str], whose: str) -> None:
        if whose:  # data does not say how the functions that it refers to are called
            self._ways.setdefault(symbol, {}).setdefault(types_of(" ".join(lines), symbol), whose)

    def _group(self, content: str) -> str:
        return self._groups.setdefault(content, f"#{len(self._groups)}")

    # Writing

    def written(self, triple: str, head: Sequence[str]) -> tuple[str, dict[str, tuple[int, int]]]:
        """The text, and where the functions are in it."""
        out = [f"; {line}".rstrip() for line in head]
        out += [""] if head else []
        out += [self._layout] if self._layout else []
        out += [f'target triple = "{triple}"', ""]
        sections = [
            [f"{name} = type {content}" for name, content in self._types.items()],
            [
                f"{symbol} = {rest}"
                for symbol, rest in self._globals.items()
                if symbol not in self._defined and not (_EXTERNAL.match(rest) and symbol in self._declared)
            ],
            [
                line
                for symbol, lines in self._declared.items()
                if symbol not in self._defined and _is_free(self._globals.get(symbol))
                for line in lines
            ],
        ]
        for section in sections:
            out += [*section, ""] if section else []
        lines: dict[str, tuple[int, int]] = {}
        for symbol, body in self._defined.items():
            out += [f"; {line}".rstrip() for line in self._comments.get(symbol, ())]
            lines[self._whose[symbol]] = (len(out), len(out) + len(body))
            out += [*body, ""]
        out += [f"attributes {number} = {{ {content} }}" for content, number in self._groups.items()]
        out += [f"!{number} = {text}" for number, text in enumerate(self._nodes)]
        return "\n".join(out).rstrip() + "\n", lines


def _is_free(variable: str | None) -> bool:
    """Whether a function can be declared by the name of the variable."""
    return variable is None or _EXTERNAL.match(variable) is not None


def _shown(types: tuple[str, ...]) -> str:
    return f"{types[0]} ({', '.join(types[1:])})"

"""One function's text after one pass and the next, printed so that only what changed differs. Pure.

LLVM numbers values, blocks, metadata and attribute groups anew whenever it prints. `with_names` gives the numbered
values of a function names before LLVM sees it, which LLVM keeps from pass to pass; `Stable` turns what it prints back:
`%12` is the value that the file calls `%12`, `!7` and `#0` are the file's, a value that a pass made without a name gets
a number that the file does not use and keeps it, and predecessors are listed in the order of their blocks.

The text is for reading. LLVM wants numbers in ascending order, so a value that was moved may stop it from being parsed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from irlens.ir.extract import split_parameters
from irlens.ir.outline import function_named, outline
from irlens.ir.tokens import replaced
from irlens.source.alike import Matcher
from irlens.source.positions import to_utf8
from irlens.source.snapshot import split_lines

_STRING = r'[%@!$c]?"[^"]*"'
_LOCAL = re.compile(rf"(?P<other>{_STRING}|;.*|[@$][-\w$.]+)|%(?P<number>\d+)(?![-\w$.])")
_LABEL = re.compile(r'(?P<label>[-\w$.]+|"[^"]*"):(?P<rest>\s*(?:;.*)?)$')
_DEFINED = re.compile(r"\s*%(\d+)\s*=")
_NUMBERED_TYPE = re.compile(r"^[ \t]*+%\d++[ \t]*+=[ \t]*+type\b", re.MULTILINE)
_NAMED_PARAMETER = re.compile(r'(?:^|\s)%(?:"[^"]*"|[-\w$.]+)$|^\.\.\.$')
_NUMBERED_PARAMETER = re.compile(r"(?:^|\s)%(\d+)$")
_NODE = re.compile(r"(!\d+)\s*=\s*(.*)")
_LIKE_OURS = re.compile(r"n(?:(\d{1,9})_)?\d++\.")
_GROUP = re.compile(r"attributes\s+(#\d+)\s*=\s*\{(.*)\}")
_PREDECESSORS = re.compile(r"; preds = (.*)")
_A_NAME = re.compile(r'%(?:"[^"]*"|[-\w$.]+)')
_COMMENT_COLUMN = 50
"""Where LLVM's printer begins the comment of a label."""
_DEPTH = 4
"""How far down metadata nodes are compared by what they say."""


@dataclass(frozen=True)
class Prepared:
    """`ir` is the module for LLVM; `function` and `file_lines` are the name and the lines of the function as they are in
    it. `prefix` stands before the number in the names of values, "" where they were left as they are, and `entry` is the
    number of the block that has no label in the file, None where it has one."""

    ir: str
    function: str
    file_lines: tuple[str, ...]
    prefix: str
    entry: int | None


def with_names(ir: str, function: str) -> Prepared:
    """The module with names for the function's numbered values and blocks, where all of them can be told from the text
    alone: a value whose number is not written leaves all as they are."""
    lines = split_lines(ir)
    target = function_named(outline(ir), function)
    if target is None or not target.is_definition:
        return Prepared(ir, function, (), "", None)
    first, last = target.start_line, target.end_line + 1
    own = list(lines[first:last])
    plain = Prepared(ir, function, tuple(own), "", None)
    if _NUMBERED_TYPE.search(ir) or ("blockaddress" in ir):
        return plain
    header_end = next((at for at, line in enumerate(own) if line.rstrip().endswith("{")), None)
    if header_end is None or header_end + 1 >= len(own):
        return plain
    header = " ".join(own[: header_end + 1])
    parameters = _parameters(header)
    if parameters is None or not all(_NAMED_PARAMETER.search(each.strip()) for each in parameters):
        return plain
    numbers = [int(match[1]) for each in parameters if (match := _NUMBERED_PARAMETER.search(each.strip()))]
    body = own[header_end + 1 : -1]
    head = next((line for line in body if line.strip() and not line.lstrip().startswith(";")), "")
    entry = None if _LABEL.match(head) else max(numbers, default=-1) + 1
    defined = {*numbers, *(() if entry is None else (entry,))}
    for line in body:
        if match := _DEFINED.match(line):
            defined.add(int(match[1]))
        elif (label := _LABEL.match(line)) and label["label"].isdigit():
            defined.add(int(label["label"]))
    used = {int(m["number"]) for line in own for m in _LOCAL.finditer(line) if m["number"]}
    if not used <= defined or not (numbers or used or entry is not None):
        return plain
    prefix = _free_prefix(own)

    def renamed(line: str) -> str:
        label = _LABEL.match(line)
        if label and label["label"].isdigit():
            line = f"{prefix}{label['label']}.:{label['rest']}"
        return _LOCAL.sub(lambda m: m[0] if m["number"] is None else f"%{prefix}{m['number']}.", line)

    new = [renamed(line) for line in own]
    if entry is not None:
        new.insert(header_end + 1, f"{prefix}{entry}.:")
    whole = "\n".join([*lines[:first], *new, *lines[last:]])
    return Prepared(whole, function, tuple(new), prefix, entry)


def _free_prefix(own: list[str]) -> str:
    """One that stands before no number and dot in these lines. It is short whatever they hold."""
    used = {like[1] or "" for line in own for like in _LIKE_OURS.finditer(line)}
    return next(f"n{number}_" if number else "n" for number in count() if str(number or "") not in used)


def _parameters(header: str) -> list[str] | None:
    """Of a definition; None where they cannot be told."""
    name = re.search(r'@(?:"[^"]*"|[-\w$.]+)\s*\(', header)
    if name is None:
        return None
    depth, start = 1, name.end()
    for at in range(start, len(header)):
        depth += (header[at] == "(") - (header[at] == ")")
        if depth == 0:
            return split_parameters(header[start:at])
    return None


_Reference = tuple[str, str]
"""A kind (`value`, `node`, `group`) and the number that LLVM printed."""


@dataclass
class _Line:
    """A line in parts: text, and references whose number is LLVM's. `label` is set where the line begins a block, and
    `predecessors` are then the parts of its comment."""

    parts: list[str | _Reference] = field(default_factory=list)
    label: bool = False
    predecessors: list[list[str | _Reference]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The line without LLVM's numbers."""
        return "".join(part if isinstance(part, str) else f"<{part[0]}>" for part in self.parts)

    @property
    def references(self) -> list[_Reference]:
        return [part for part in self.parts if not isinstance(part, str)]


class Stable:
    """Successive texts of one function, each shown with the numbers of those before it. Not thread-safe."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        prefix = re.escape(prepared.prefix) if prepared.prefix else r"(?!)"
        self._given = re.compile(rf"{prefix}(\d+)\.([-\w$.]*)$")
        self._token = re.compile(
            rf"(?P<string>{_STRING}|;.*|[@$][-\w$.]+)|%(?P<name>[-\w$.]+)|(?P<node>!\d+)\b|(?P<group>#\d+)\b"
        )
        self._before = [self._read(line) for line in prepared.file_lines]
        self._numbers: dict[_Reference, str] = {}
        for line in self._before:
            for reference in line.references:
                self._numbers[reference] = reference[1]
        self._taken = {kind: self._highest(kind) for kind in ("value", "node", "group")}
        own = _Definitions(prepared.ir)
        for kind in ("node", "group"):
            known = own.nodes if kind == "node" else own.groups
            self._taken[kind] = max([self._taken[kind], *(int(each[1:]) for each in known)])
        self._by_mark: dict[_Reference, dict[str, None]] = {}
        for reference in self._numbers:
            self._learn(own, reference, reference[1])
        self._definitions = own
        self._is_first = True

    def shown(self, text: str) -> str:
        """The function in `text`, which LLVM printed: a module, whose metadata are then compared by what they say, or
        the function alone. "" where it is not there."""
        lines = split_lines(text)
        target = function_named(outline(text), self._prepared.function)
        if target is None or not target.is_definition:
            return ""
        own = [self._read(line) for line in lines[target.start_line : target.end_line + 1]]
        outside = [*lines[: target.start_line], *lines[target.end_line + 1 :]]
        self._definitions = _Definitions.of(outside, self._definitions)
        numbers = self._numbered(own)
        self._before, self._numbers, self._is_first = own, numbers, False
        return "\n".join(self._written(own, numbers))

    def words(self, text: str) -> str:
        """What LLVM says about the function, with the values and blocks that have a number in the file under it."""
        return _A_NAME.sub(lambda match: f"%{self._plain(match[0][1:])}", text)

    def _read(self, text: str) -> _Line:
        label = _LABEL.match(text)
        if label is None:
            return _Line(self._parts(text))
        name = label["label"]
        line = _Line(label=True)
        if name.isdigit():
            line.parts = [("value", name), ":"]
        else:
            line.parts = [f"{self._plain(name)}:"]
        comment = _PREDECESSORS.search(label["rest"])
        if comment:
            line.predecessors = [self._parts(each) for each in _A_NAME.findall(comment[1])]
        elif label["rest"].strip():
            line.parts.append(f" {label['rest'].strip()}")
        return line

    def _parts(self, text: str) -> list[str | _Reference]:
        parts: list[str | _Reference] = []
        at = 0
        for match in self._token.finditer(text):
            if match["string"] is not None:
                continue
            if match["name"] is not None:
                if match["name"].isdigit():
                    part: list[str | _Reference] = ["%", ("value", match["name"])]
                else:
                    part = [f"%{self._plain(match['name'])}"]
            else:
                kind = "node" if match["node"] else "group"
                part = [(kind, match[0])]
            parts += [text[at : match.start()], *part]
            at = match.end()
        return [*parts, text[at:]]

    def _plain(self, name: str) -> str:
        """A name as it is shown: one of ours as the number in the file. What LLVM derives from it needs quotes."""
        given = self._given.match(name)
        if given is None:
            return name
        if not given[2]:
            return given[1]
        return f'"{given[1]}{given[2] if given[2].startswith(".") else "." + given[2]}"'

    def _highest(self, kind: str) -> int:
        numbers = [int(number.lstrip("!#")) for of, number in self._numbers if of == kind]
        if kind == "value" and self._prepared.prefix:
            text = "\n".join(self._prepared.file_lines)
            numbers += map(int, re.findall(rf"\b{self._prepared.prefix}(\d+)\.", text))
        return max(numbers, default=-1)

    def _fresh(self, kind: str) -> str:
        self._taken[kind] += 1
        return {"value": "", "node": "!", "group": "#"}[kind] + str(self._taken[kind])

    def _numbered(self, own: list[_Line]) -> dict[_Reference, str]:
        """A number for each reference of this version."""
        definitions = self._definitions
        has_content = bool(definitions.nodes or definitions.groups)
        wanted = sorted(set(_all_references(own)), key=_order)
        # Without definitions the place is all there is to tell a node by, as it always is for a value.
        by_place = {each for each in wanted if each[0] == "value" or not has_content or self._is_first}
        aligned = self._aligned(own) if by_place else {}
        numbers: dict[_Reference, str] = {}
        used: set[tuple[str, str]] = set()
        # What is used stays so: of the numbers of nodes that say the same, each is looked at once.
        marked: dict[_Reference, Iterator[str]] = {}
        for reference in wanted:
            kind = reference[0]
            candidates: Iterable[str] = ()
            known = None
            if kind != "value" and has_content:
                mark = (kind, definitions.mark(reference))
                known = self._by_mark.get(mark)
                if known and mark not in marked:
                    marked[mark] = iter(list(known))
                candidates = marked.get(mark, ())
            if not known and reference in by_place and reference in aligned:
                candidates = [aligned[reference]]
            number = next((each for each in candidates if (kind, each) not in used), None)
            if number is None:
                number = self._fresh(kind)
            numbers[reference] = number
            used.add((kind, number))
            self._learn(definitions, reference, number)
        return numbers

    def _learn(self, definitions: _Definitions, reference: _Reference, number: str) -> None:
        if reference[0] == "value" or not (definitions.nodes or definitions.groups):
            return
        self._by_mark.setdefault((reference[0], definitions.mark(reference)), {})[number] = None

    def _aligned(self, own: list[_Line]) -> dict[_Reference, str]:
        """The number that each reference has where the same line stood before; by majority, no number twice."""
        before = self._before
        if not any(line.references for line in before):
            return {}
        votes: dict[_Reference, Counter[str]] = {}
        keys = [line.key for line in before], [line.key for line in own]
        for block in Matcher(*keys).get_matching_blocks():
            for index in range(block.size):
                was, now = before[block.a + index], own[block.b + index]
                for old, new in zip(was.references, now.references, strict=True):
                    votes.setdefault(new, Counter())[self._numbers[old]] += 1
        ranked = sorted(
            (
                (count, reference, number)
                for reference, found in votes.items()
                for number, count in found.items()
            ),
            key=lambda vote: (-vote[0], _order(vote[1])),
        )
        chosen: dict[_Reference, str] = {}
        used: set[tuple[str, str]] = set()
        for _, reference, number in ranked:
            if reference not in chosen and (reference[0], number) not in used:
                chosen[reference] = number
                used.add((reference[0], number))
        return chosen

    def _written(self, own: list[_Line], numbers: dict[_Reference, str]) -> Iterator[str]:
        def text(parts: Iterable[str | _Reference]) -> str:
            return "".join(part if isinstance(part, str) else numbers[part] for part in parts)

        labels = [text(line.parts).partition(":")[0] for line in own if line.label]
        places = {f"%{label}": at for at, label in enumerate(labels)}
        is_entry = True
        for line in own:
            written = text(line.parts)
            if line.label:
                if is_entry and self._prepared.entry is not None and written == f"{self._prepared.entry}:":
                    is_entry = False
                    continue
                is_entry = False
                if line.predecessors:
                    names = sorted(
                        map(text, line.predecessors), key=lambda name: (places.get(name, -1), name)
                    )
                    written = f"{written:<{_COMMENT_COLUMN}}; preds = {', '.join(names)}"
            elif written.startswith(" "):
                is_entry = False
            yield written


class _Definitions:
    """What the numbers of metadata nodes and attribute groups stand for in a module, as marks that are equal where the
    meaning is: nodes are compared some levels down, groups without regard to the order of their words."""

    def __init__(self, ir: str | list[str]) -> None:
        self.nodes: dict[str, str] = {}
        self.groups: dict[str, str] = {}
        for line in split_lines(ir) if isinstance(ir, str) else ir:
            if line.startswith("!") and (match := _NODE.match(line)):
                self.nodes[match[1]] = match[2]
            elif line.startswith("attributes") and (match := _GROUP.match(line)):
                self.groups[match[1]] = match[2]
        self._marks: dict[tuple[str, int], str] = {}

    @classmethod
    def of(cls, lines: list[str], known: _Definitions) -> _Definitions:
        """Those of the lines; `known` where they are the same, with what it has found out."""
        made = cls(lines)
        return known if (known.nodes, known.groups) == (made.nodes, made.groups) else made

    def mark(self, reference: _Reference) -> str:
        kind, number = reference
        if kind == "group":
            return " ".join(sorted(self.groups.get(number, number).split()))
        return self._of_node(number, _DEPTH)

    def _of_node(self, number: str, depth: int) -> str:
        text = self.nodes.get(number)
        if text is None or depth == 0:
            return "?"
        mark = self._marks.get((number, depth))
        if mark is None:
            inner = replaced(
                text, "node", lambda each: "self" if each == number else self._of_node(each, depth - 1)
            )
            mark = hashlib.blake2b(to_utf8(inner), digest_size=12).hexdigest()
            self._marks[number, depth] = mark
        return mark


def _all_references(lines: list[_Line]) -> Iterator[_Reference]:
    for line in lines:
        yield from line.references
        for each in line.predecessors:
            yield from (part for part in each if not isinstance(part, str))


def _order(reference: _Reference) -> tuple[str, int]:
    return reference[0], int(reference[1].lstrip("!#"))

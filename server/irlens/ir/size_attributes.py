"""The attributes with which `clang -Oz` marks every function, and who lacks them. Pure.

`clang -Oz` puts `minsize` and `optsize` on each function that it compiles, but for one that is `optnone`, which the
verifier allows neither on. The pipeline `default<Oz>` alone does not: what it makes of functions from -O1 or -O2
is larger than what clang makes at -Oz, since most of what -Oz does asks for `minsize`. A size is only "-Oz" with both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from irlens.ir.optnone import SHORT_ADVICE
from irlens.ir.outline import outline
from irlens.source.positions import byte_to_index
from irlens.source.snapshot import split_lines

OPTNONE = "optnone"
COLD = "cold"
SIZE_ATTRIBUTES = ("minsize", "optsize")
_GROUP = re.compile(r'^[ \t]*attributes[ \t]+(#\d+)[ \t]*=[ \t]*\{((?:"[^"\n]*"|[^"}\n])*)\}', re.MULTILINE)
_TOKEN = re.compile(r'"[^"]*"?|;.*|[(){}]|#\d+|[-\w$.@!%]+')
_BEFORE_ATTRIBUTES = ("unnamed_addr", "local_unnamed_addr")


@dataclass(frozen=True)
class _Header:
    """A definition, where its attributes begin (line from 0, index in that line), and what they are."""

    name: str
    line: int
    column: int
    attributes: frozenset[str]


@dataclass(frozen=True)
class SizeMarks:
    """`text` is the module as `clang -Oz` marks it. `lacking` names the functions that the marks were put on,
    `optnone` those that no pass changes, `functions` is how many the module defines."""

    text: str
    lacking: tuple[str, ...]
    optnone: tuple[str, ...]
    functions: int

    @property
    def optnone_words(self) -> str:
        """A sentence on functions that passes skip, with what to do; "" where there is none."""
        if not self.optnone:
            return ""
        first = self.optnone[0]
        if self.functions == 1:
            return f"Function {first} is optnone, so passes skip it. {SHORT_ADVICE}"
        if len(self.optnone) == 1:
            return f"Function {first} is optnone, so passes skip it (1 of {self.functions} functions). {SHORT_ADVICE}"
        which = "All" if len(self.optnone) == self.functions else f"{len(self.optnone)} of"
        return (
            f"{which} {self.functions} functions are optnone ({first} is the first), so passes skip them. "
            f"{SHORT_ADVICE}"
        )

    def opt_options(self) -> tuple[str, ...]:
        """What has `opt` put the same marks on, before a list that starts with `forceattrs`; () where none is lacking.
        Named one by one where there is an `optnone` function, which `opt` would mark with all others."""
        if not self.lacking:
            return ()
        prefixes = [f"{name}:" for name in self.lacking] if self.optnone else [""]
        return tuple(f"-force-attribute={prefix}{word}" for prefix in prefixes for word in SIZE_ATTRIBUTES)


def size_marks(ir: str) -> SizeMarks:
    """The module with the attributes of `clang -Oz`. The text is the same object where nothing is lacking."""
    headers = list(_headers(ir))
    wanted = {
        header.name: missing
        for header in headers
        if OPTNONE not in header.attributes
        and (missing := [word for word in SIZE_ATTRIBUTES if word not in header.attributes])
    }
    optnone = tuple(header.name for header in headers if OPTNONE in header.attributes)
    return SizeMarks(_with(ir, headers, wanted), tuple(wanted), optnone, len(headers))


def cold_functions(ir: str) -> frozenset[str]:
    """The functions that the module defines and marks `cold`."""
    return frozenset(header.name for header in _headers(ir) if COLD in header.attributes)


def marked_cold(ir: str, names: Collection[str]) -> str:
    """The module with `cold` on the definitions of these names that lack it."""
    headers = list(_headers(ir))
    wanted = {
        header.name: [COLD] for header in headers if header.name in names and COLD not in header.attributes
    }
    return _with(ir, headers, wanted)


def _with(ir: str, headers: list[_Header], wanted: Mapping[str, list[str]]) -> str:
    if not wanted:
        return ir
    lines = split_lines(ir)
    for header in headers:
        if words := wanted.get(header.name):
            line = lines[header.line]
            before, after = line[: header.column], line[header.column :]
            lines[header.line] = f"{before.rstrip()} {' '.join(words)} {after.lstrip()}".rstrip()
    return "\n".join(lines)


def _headers(ir: str) -> Iterator[_Header]:
    groups: dict[str, frozenset[str]] = {}
    for match in _GROUP.finditer(ir):
        words = frozenset(re.sub(r'"[^"]*"', " ", match[2]).split())
        groups[match[1]] = groups.get(match[1], frozenset()) | words
    lines = split_lines(ir)
    for function in outline(ir).functions:
        if not function.is_definition:
            continue
        start = byte_to_index(lines[function.name_line], function.name_end_column)
        header = _header(function.name, lines, function.name_line, start, function.end_line, groups)
        if header is not None:
            yield header


def _header(
    name: str, lines: list[str], line: int, start: int, last: int, groups: Mapping[str, frozenset[str]]
) -> _Header | None:
    """What follows the name: parameters, then what may stand before attributes, then these, then `{`."""
    depth, place = 0, None
    attributes: set[str] = set()
    in_address_space = False
    for number in range(line, last + 1):
        for token in _TOKEN.finditer(lines[number], start if number == line else 0):
            text = token[0]
            if text == "(":
                depth += 1
            elif text == ")":
                depth -= 1
                if depth == 0 and (place is None or in_address_space):
                    place, in_address_space = (number, token.end()), False
            elif depth or place is None or text.startswith((";", '"')):
                continue
            elif text == "{":
                return _Header(name, *place, frozenset(attributes))
            elif text in _BEFORE_ATTRIBUTES and not attributes:
                place = (number, token.end())
            elif text == "addrspace" and not attributes:
                in_address_space = True
            elif text.startswith("#"):
                attributes |= groups.get(text, frozenset())
            else:
                attributes.add(text)
    return None

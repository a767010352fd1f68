"""Every regular expression of the package, and texts made to keep each one busy.

Patterns are found in the source: each call into `re` whose pattern can be read or put together from its module, with
the methods that it is used through. Texts are made from the parsed pattern: for each repeat what leads up to it, a
long run of what it takes, and an end that it does not take.
"""

from __future__ import annotations

import ast
import gc
import importlib
import re
import re._parser as sre  # type: ignore[import-not-found]
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[2] / "server" / "irlens"
METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
_ANY = 'x1 ;"'
"""What "." is tried with."""
_MOST_UNITS = 14
_LONG = 40
"""Repeats up to this often are no runs."""

_FIRST_LOOK, _UNSUSPICIOUS_S = 2000, 0.0002
"""Letters of a first look, and the time in which not even the quickest scan is done a thousand times over them."""

Text = str | bytes


@dataclass(frozen=True)
class Pattern:
    """A pattern at its place, and how it is used."""

    place: str
    pattern: Text
    flags: int
    methods: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.place} {self.pattern!r:.120}"

    def calls(self) -> Iterator[tuple[str, Callable[[Text], object]]]:
        compiled = re.compile(self.pattern, self.flags)
        empty: Any = b"" if isinstance(self.pattern, bytes) else ""
        for method in self.methods:
            use = getattr(compiled, method)
            if method in ("sub", "subn"):
                yield method, lambda text, use=use: use(empty, text)
            elif method == "finditer":
                yield method, lambda text, use=use: sum(1 for _ in use(text))
            else:
                yield method, use


# Where patterns are


def patterns(skip: tuple[str, ...] = ()) -> list[Pattern]:
    """Those of every module below the package, without the folders in `skip`."""
    files = [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not any(path.is_relative_to(PACKAGE / folder) for folder in skip)
    ]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    everywhere = _methods_by_name(trees.values())
    found: dict[tuple[Text, int], Pattern] = {}
    for path, tree in trees.items():
        here = _methods_by_name([tree])
        used = {**everywhere, **{name: here.get(name, set()) for name in everywhere if name.startswith("_")}}
        for one in _of_module(path, tree, used, here):
            known = found.get((one.pattern, one.flags))
            methods = one.methods if known is None else tuple(sorted({*known.methods, *one.methods}))
            found[one.pattern, one.flags] = Pattern(one.place, one.pattern, one.flags, methods)
    return list(found.values())


def _methods_by_name(trees: Any) -> dict[str, set[str]]:
    """By a variable's name the methods of `re.Pattern` that are called on it. A private name is its module's own."""
    used: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                for name in _names(node.value):
                    used.setdefault(name, set()).add(node.attr)
    return used


def _names(node: ast.expr) -> Iterator[str]:
    """`X` of `X`, `a.X`, `X[...]`, `(X if c else Y)`."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Subscript):
        yield from _names(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _names(node.body)
        yield from _names(node.orelse)


def _of_module(
    path: Path, tree: ast.Module, used: dict[str, set[str]], here: dict[str, set[str]]
) -> Iterator[Pattern]:
    place = str(path.relative_to(PACKAGE))
    variables = _globals(path)
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in (*METHODS, "compile")
            and node.args
        ):
            continue
        pattern = _text(node.args[0], variables)
        flags = _flags(node)
        if isinstance(pattern, re.Pattern):
            pattern, flags = pattern.pattern, pattern.flags & ~re.UNICODE.value
        try:
            re.compile(pattern, flags)
        except re.error:
            continue
        if node.func.attr != "compile":
            methods: tuple[str, ...] = (node.func.attr,)
        else:
            names = [name for name, value in _assigned(tree, node)]
            of_name = {method for name in names for method in used.get(name, set())}
            if not of_name:
                others = [*_aliases(tree, names), *_parameters(tree)]
                of_name = {method for name in others for method in here.get(name, set())}
            methods = tuple(sorted(of_name or {"search", "fullmatch", "sub"}))
        yield Pattern(f"{place}:{node.lineno}", pattern, flags, methods)


def _assigned(tree: ast.Module, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """The variables in whose value the call stands."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) or node.value is None:
            continue
        if call in ast.walk(node.value):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for name in _names(target):
                    yield name, node.value


def _aliases(tree: ast.Module, names: list[str]) -> Iterator[str]:
    """Variables of the module that may have the value of one of these."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(inner, ast.Name) and inner.id in names for inner in ast.walk(node.value)
        ):
            for target in node.targets:
                yield from (inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name))


def _parameters(tree: ast.Module) -> Iterator[str]:
    """Those of functions that take a pattern."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.arg)
            and node.annotation is not None
            and "Pattern" in ast.unparse(node.annotation)
        ):
            yield node.arg


def _globals(path: Path) -> dict[str, Any]:
    name = ".".join(("irlens", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    try:
        return vars(importlib.import_module(name))
    except Exception:  # a library that is not here
        return {}


def _text(node: ast.expr, variables: dict[str, Any]) -> Any:
    """The pattern, with a word in place of what only a run can know."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(_text(part, variables)) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, variables)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left, variables), _text(node.right, variables)
        return left + (right.encode() if isinstance(left, bytes) and isinstance(right, str) else right)
    if isinstance(node, ast.Name | ast.Attribute):
        try:
            value = eval(compile(ast.Expression(node), "", "eval"), dict(variables))
        except Exception:
            return "word"
        return value if isinstance(value, str | bytes | re.Pattern) else "word"
    return "word"


def _flags(node: ast.Call) -> int:
    given = [word.value for word in node.keywords if word.arg == "flags"]
    last = node.args[-1] if len(node.args) > 1 else None
    candidates = [*given, *([last] if last is not None else [])]
    for candidate in candidates:
        names = re.findall(r"\bre\.([A-Z]+)\b", ast.unparse(candidate))
        if names:
            return int(sum({int(getattr(re, name)) for name in names}))
    return 0


# What keeps them busy


@dataclass(frozen=True)
class Shape:
    """A text of any length: `head`, then `unit` again and again, then `tail`."""

    head: str
    unit: str
    tail: str

    def text(self, length: int) -> str:
        return self.head + self.unit * max(1, length // len(self.unit)) + self.tail


def shapes(pattern: Pattern) -> list[Shape]:
    """The texts that might take long, each once."""
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    parsed = sre.parse(source, pattern.flags & ~int(re.UNICODE))
    found: dict[Shape, None] = {}
    letters = list(dict.fromkeys([" ", "\n", *_letters(parsed)]))[:_MOST_UNITS]
    runs = list(_runs(parsed, ""))
    heads = list(dict.fromkeys(["", *(head for head, _ in runs)]))[:6]
    units = list(
        dict.fromkeys(
            [
                *(unit for _, unit in runs),
                *(head for head, _ in runs),
                *(head + unit for head, unit in runs),
                *letters,
                *(_sample(parsed, 0), _sample(parsed, 1)),
            ]
        )
    )
    for first in letters:
        for second in letters:
            for tail in ("", "\0"):
                found[Shape("", first + second, tail)] = None
    for head in heads:
        for unit in filter(None, units):
            for tail in ("", "\0", "\n\0", "!"):
                found[Shape(head, unit, tail)] = None
    for head, unit in runs:
        for tail in ("", "\0", "\n\0", '"', *letters[:4]):
            if unit:
                found[Shape(head, unit, tail)] = None
    return list(found)


def _items(parsed: Any) -> Iterator[tuple[str, Any]]:
    for code, value in parsed:
        yield str(code), value


def _letters(parsed: Any) -> Iterator[str]:
    for code, value in _items(parsed):
        if code == "SUBPATTERN":
            yield from _letters(value[-1])
        elif code in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from _letters(value[2])
        elif code == "BRANCH":
            for branch in value[1]:
                yield from _letters(branch)
        elif code in ("ASSERT", "ASSERT_NOT"):
            yield from _letters(value[1])
        elif code == "ATOMIC_GROUP":
            yield from _letters(value)
        else:
            yield from _choices(code, value)


def _choices(code: str, value: Any) -> list[str]:
    """Letters that one place of a pattern takes."""
    if code == "LITERAL":
        return [chr(value)]
    if code == "ANY":
        return list(_ANY)
    if code == "NOT_LITERAL":
        return [letter for letter in _ANY if ord(letter) != value][:2]
    if code == "CATEGORY":
        return {
            "CATEGORY_DIGIT": ["1"],
            "CATEGORY_SPACE": [" ", "\n", "\t"],
            "CATEGORY_WORD": ["a", "1"],
            "CATEGORY_NOT_SPACE": ["x", "1", ";"],
            "CATEGORY_NOT_WORD": [" ", ";"],
        }.get(str(value), [" ", "x"])
    if code == "IN":
        negated = str(value[0][0]) == "NEGATE"
        taken = []
        for inner, what in _items(value):
            if inner == "RANGE":
                taken += [chr(what[0]), chr(what[1])]
            elif inner != "NEGATE":
                taken += _choices(inner, what)
        if not negated:
            return taken[:5]
        return [letter for letter in 'x1 ;".@%(,=\\' if letter not in taken][:4]
    return []


def _sample(parsed: Any, choice: int) -> str:
    """A text that the pattern takes, nearly: looks ahead and back are left out."""
    text = ""
    for code, value in _items(parsed):
        if code == "SUBPATTERN":
            text += _sample(value[-1], choice)
        elif code in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            text += _sample(value[2], choice) * min(max(value[0], choice), 4)
        elif code == "BRANCH":
            text += _sample(value[1][choice % len(value[1])], choice)
        elif code == "ATOMIC_GROUP":
            text += _sample(value, choice)
        elif letters := _choices(code, value):
            text += letters[choice % len(letters)]
    return text


def _runs(parsed: Any, head: str) -> Iterator[tuple[str, str]]:
    """For each repeat without end: what leads up to it, and what it takes once."""
    for code, value in _items(parsed):
        if code in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if int(value[1]) > _LONG:
                body = list(value[2])
                single = _choices(str(body[0][0]), body[0][1]) if len(body) == 1 else []
                for unit in (*single, _sample(value[2], 0), _sample(value[2], 1)):
                    yield head, unit
            yield from _runs(value[2], head)
            head += _sample(value[2], 0) * min(max(value[0], 1), 4)
        elif code == "SUBPATTERN":
            yield from _runs(value[-1], head)
            head += _sample(value[-1], 0)
        elif code == "ATOMIC_GROUP":
            yield from _runs(value, head)
            head += _sample(value, 0)
        elif code == "BRANCH":
            for branch in value[1]:
                yield from _runs(branch, head)
            head += _sample(value[1][0], 0)
        elif code in ("ASSERT", "ASSERT_NOT"):
            yield from _runs(value[1], head)
        elif letters := _choices(code, value):
            head += letters[0]


# How long it takes


def slow(pattern: Pattern, *, length: int, most_s: float, growth: float) -> list[str]:
    """What takes the pattern longer than in proportion to the length of a text.

    A text counts where `length` letters of it take more than `most_s` seconds of processor time and more than `growth`
    times as long as a fourth of them (4 is in proportion, 16 is the square of it).
    """
    found = []
    all_shapes = shapes(pattern)
    for method, call in pattern.calls():
        for shape in all_shapes:
            for size in (24, _FIRST_LOOK, length):
                took = _seconds(call, _as(pattern, shape.text(size)))
                if took > most_s or (size == _FIRST_LOOK and took < _UNSUSPICIOUS_S):
                    break
            if took > most_s and (size < length or _grows(pattern, call, shape, length, growth)):
                found.append(f"{method} of {shape!r}: {took:.3f} s for {size} letters")
                break
    return found


def _grows(
    pattern: Pattern, call: Callable[[Text], object], shape: Shape, length: int, growth: float
) -> bool:
    short, long = _as(pattern, shape.text(length // 4)), _as(pattern, shape.text(length))
    # The least of several, as on a busy machine a millisecond may be five.
    return min(_seconds(call, long) for _ in range(5)) > growth * min(_seconds(call, short) for _ in range(5))


def _as(pattern: Pattern, text: str) -> Text:
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def _seconds(call: Callable[[Text], object], text: Text) -> float:
    # Thousands of matches would make the collector look at all that other tests left.
    collecting = gc.isenabled()
    gc.disable()
    start = time.process_time()
    try:
        call(text)
        return time.process_time() - start
    finally:
        if collecting:
            gc.enable()

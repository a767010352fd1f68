"""Edits of a function's instructions: operands, constants, comparisons, calls, order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from irlens.evidence.edit import Edit, Numbers, is_call, replaced

COMMUTATIVE = frozenset(["add", "mul", "and", "or", "xor", "fadd", "fmul"])
MIRRORED = {
    "eq": "eq", "ne": "ne", "slt": "sgt", "sgt": "slt", "sle": "sge", "sge": "sle",
    "ult": "ugt", "ugt": "ult", "ule": "uge", "uge": "ule",
}  # fmt: skip
"""The same comparison with its operands swapped."""
OPPOSITE = {
    "eq": "ne", "ne": "eq", "slt": "sge", "sge": "slt", "sgt": "sle", "sle": "sgt",
    "ult": "uge", "uge": "ult", "ugt": "ule", "ule": "ugt",
}  # fmt: skip
OTHER_SIGN = {
    "slt": "ult", "ult": "slt", "sgt": "ugt", "ugt": "sgt", "sle": "ule", "ule": "sle", "sge": "uge", "uge": "sge",
}  # fmt: skip
STRICTER = {"sge": ("sgt", -1), "uge": ("ugt", -1), "sle": ("slt", 1), "ule": ("ult", 1),
            "sgt": ("sge", 1), "ugt": ("uge", 1), "slt": ("sle", -1), "ult": ("ule", -1)}  # fmt: skip
"""The same comparison with a constant, whose value is then changed by so much."""
ZEROS = {"i32": ("ptr null", "i64 0"), "i64": ("i32 0", "ptr null"), "ptr": ("i32 0", "i64 0")}
INTEGERS = {"i32": "i64", "i64": "i32"}
"""What else a zero, and what else a constant, handed over may be."""
MOST_BLOCKS = 12
"""Of functions with more, blocks stay where they are."""


def call_arguments(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    """What is handed over in another width: a zero that is a null, an `int` that is a `long`, a `char` that the caller
    extended."""
    for at, line in enumerate(lines):
        if not is_call(line):
            continue
        for match in re.finditer(r"(?<= )(i32|i64|ptr) (0|null|-?\d+)(?= |$)", line):
            kind, value = match[1], match[2]
            others = ZEROS[kind] if value in ("0", "null") else (f"{INTEGERS[kind]} {value}",)
            for other in others:
                changed = line[: match.start()] + other + line[match.end() :]
                yield replaced(lines, at, changed, f"`{match[0]}` is `{other}`")
        for match in re.finditer(r"(?<= )(i1|i8|i16) (?=\S)", line):
            for mark in ("zeroext", "signext"):
                changed = f"{line[: match.start()]}{match[1]}.{mark} {line[match.end() :]}"
                yield replaced(lines, at, changed, f"{match[1]} is handed over {mark}")


def constants(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    """Numbers that the original has: in their place, or as far away from the one that is there."""
    for made, wanted in numbers:
        for at, line in enumerate(lines[1:], 1):
            for match in re.finditer(r"(?<=[ \[])-?\d+(?=x| |$)", line):
                value = int(match[0])
                new = wanted if value == made else value + wanted - made
                changed = f"{line[: match.start()]}{new}{line[match.end() :]}"
                yield replaced(lines, at, changed, f"{value} is {new}")


def compares(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    for at, line in enumerate(lines):
        match = re.fullmatch(r"(%\d+)= icmp\.(?:samesign\.)?(\w+)\.(\S+) (\S+) (\S+)", line)
        if match is None:
            continue
        name, predicate, kind, left, right = match.groups()
        head = f"{name}= icmp."
        yield replaced(
            lines,
            at,
            f"{head}{MIRRORED[predicate]}.{kind} {right} {left}",
            f"{name} compares the other way round",
        )
        opposite = f"{head}{OPPOSITE[predicate]}.{kind} {left} {right}"
        turned = [opposite if other == line else _turned(other, name) for other in lines]
        yield Edit(tuple(turned), f"{name} is its opposite, and its uses are turned")
        yield replaced(lines, at, opposite, f"{name} is its opposite")
        if predicate in OTHER_SIGN:
            yield replaced(
                lines,
                at,
                f"{head}{OTHER_SIGN[predicate]}.{kind} {left} {right}",
                f"{name} compares with the other sign",
            )
            if re.fullmatch(r"-?\d+", right):
                other, step = STRICTER[predicate]
                yield replaced(
                    lines,
                    at,
                    f"{head}{other}.{kind} {left} {int(right) + step}",
                    f"{name} compares with {other}",
                )


def _turned(line: str, condition: str) -> str:
    """A branch or a choice on `condition` with its two ways exchanged."""
    match = re.fullmatch(rf"(br {condition}|%\d+= select\.\S+ {condition}) (\S+) (\S+)", line)
    return f"{match[1]} {match[3]} {match[2]}" if match else line


def operands(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    for at, line in enumerate(lines):
        match = re.fullmatch(r"(%\d+= ([a-z]+)\.\S+) (\S+) (\S+)", line)
        if match and match[2] in COMMUTATIVE and match[4].startswith("%"):
            yield replaced(
                lines, at, f"{match[1]} {match[4]} {match[3]}", f"operands of {line.split('=')[0]} swapped"
            )
        match = re.fullmatch(r"(%\d+= )(zext|sext)(\.\S+ \S+)", line)
        if match:
            other = "sext" if match[2] == "zext" else "zext"
            yield replaced(lines, at, f"{match[1]}{other}{match[3]}", f"{match[2]} is {other}")
        match = re.fullmatch(r"(%\d+= phi\.\S+) (\S+ L\d+) (\S+ L\d+)", line)
        if match:
            yield replaced(
                lines, at, f"{match[1]} {match[3]} {match[2]}", f"ways into {line.split('=')[0]} swapped"
            )


def calls(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    """Tail calls that are none, and the other way round; results of another width."""
    for at, line in enumerate(lines):
        if not is_call(line):
            continue
        match = re.fullmatch(r"(?:(%\d+)= )?(n?call)(?:\.(?:zeroext|signext))?\.(\S+) (.*)", line)
        if match is None:
            continue
        name, kind, result, rest = match.groups()
        begin = f"{name}= " if name else ""
        other = "call" if kind == "ncall" else "ncall"
        yield replaced(lines, at, f"{begin}{other}.{result} {rest}", f"{other} for {kind}")
        if name and result in ("i32", "i64", "ptr"):
            for other in ("i32", "i64", "ptr"):
                yield replaced(lines, at, f"{begin}{kind}.{other} {rest}", f"the call gives {other}")


def blocks(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    """Blocks in another order: code is laid out along it where nothing else decides. One block is moved to the end or
    to the place before it."""
    starts = [at for at, line in enumerate(lines) if re.fullmatch(r"L\d+:", line)]
    if not 1 < len(starts) <= MOST_BLOCKS:
        return
    pieces = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    front = lines[: starts[0]]
    for index, piece in enumerate(pieces):
        rest = pieces[:index] + pieces[index + 1 :]
        for place in sorted({len(rest), index - 1} - {index, -1}):
            order = [*rest[:place], piece, *rest[place:]]
            yield Edit(
                tuple([*front, *(line for each in order for line in each)]), f"{piece[0]} in another place"
            )


def order(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    """Neighbours that do not need each other, exchanged."""
    for at in range(1, len(lines) - 1):
        one, two = lines[at], lines[at + 1]
        names = [line.split("= ")[0] if re.match(r"%\d+= ", line) else "" for line in (one, two)]
        plain = all(re.match(r"%\d+= (?!phi)|store\.", line) for line in (one, two))
        if not plain or (names[0] and re.search(rf"{names[0]}(?!\d)", two)):
            continue
        if all(names):
            a, b = names
            rest = [re.sub(rf"{a}(?!\d)|{b}(?!\d)", _exchanged(a, b), line) for line in lines]
            rest[at], rest[at + 1] = rest[at + 1], rest[at]
            yield Edit(tuple(rest), f"{a} after {b}")
        else:
            yield Edit((*lines[:at], two, one, *lines[at + 2 :]), f"{one.split(' ')[0]} later")


def _exchanged(one: str, other: str) -> Callable[[re.Match[str]], str]:
    return lambda match: other if match[0] == one else one


def flags(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    for at, line in enumerate(lines):
        match = re.fullmatch(r"(%\d+= )(add|sub|mul|shl)((?:\.n[us]w)*)(\.i\d+ .*)", line)
        if match:
            for flags in (".nsw", ".nuw", ""):
                if flags != match[3]:
                    yield replaced(
                        lines,
                        at,
                        f"{match[1]}{match[2]}{flags}{match[4]}",
                        f"{match[2]} with{flags or 'out flags'}",
                    )
        match = re.fullmatch(r"(%\d+= zext)(\.nneg)?(\.\S+ .*)", line)
        if match:
            other = "" if match[2] else ".nneg"
            yield replaced(lines, at, f"{match[1]}{other}{match[3]}", f"zext{other}")

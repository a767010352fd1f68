"""Edits of what a function takes and gives, which machine code shows least of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from irlens.evidence.edit import Edit, Numbers, first_type, is_call, replaced

PASSED_ON = 4
"""Arguments at most that are handed on at once."""


def signature(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    """Types of the result and of parameters, and parameters that are not used."""
    words = lines[0].split(" ")
    first = first_type(words)
    kinds = ("i32", "i64", "ptr", "i8", "i16", "i1")
    for at in range(first + 1, len(words)):
        if words[at] not in kinds:
            continue
        for other in kinds:
            if other != words[at]:
                changed = " ".join([*words[:at], other, *words[at + 1 :]])
                yield replaced(lines, 0, changed, f"a parameter is {other} for {words[at]}")
        if words[at] in ("i8", "i16", "i1", "i32"):
            for mark in ("zeroext", "signext"):
                if words[at - 1] != mark:
                    rest = words[:at] if words[at - 1] not in ("zeroext", "signext") else words[: at - 1]
                    yield replaced(lines, 0, " ".join([*rest, mark, *words[at:]]), f"a parameter is {mark}")
    parameters = [word for word in words[first + 1 :] if word in (*kinds, "double", "float")]
    for position in range(len(parameters)):
        if not any(re.search(rf"%{position}(?!\d)", line) for line in lines[1:]):
            continue
        for count in (1, 2):
            yield _with_parameters(lines, first, position, ["i64"] * count)
    yield from _gives(lines, words, first)


def _gives(lines: tuple[str, ...], words: list[str], first: int) -> Iterator[Edit]:
    """A result that is only what stands in its register by chance, or what the one call gives."""

    def with_result(kind: str, body: list[str]) -> tuple[str, ...]:
        return (" ".join([*words[:first], kind, *words[first + 1 :]]), *body)

    if words[first] != "void":
        body = ["ret" if line.startswith("ret.") else line for line in lines[1:]]
        yield Edit(with_result("void", body), "it gives nothing")
        return
    calls = [found for line in lines if (found := re.match(r"(%\d+)= n?call\.(i32|i64|ptr) ", line))]
    if len(calls) == 1:
        name, kind = calls[0].groups()
        body = [f"ret.{kind} {name}" if line == "ret" else line for line in lines[1:]]
        yield Edit(with_result(kind, body), "it gives what it calls")


def result(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    """The result in another width, with all that it is made of: machine code often shows only half of a register."""
    words = lines[0].split(" ")
    first = first_type(words)
    own = words[first]
    for other in ("i32", "i64", "ptr"):
        if own not in ("i32", "i64", "ptr") or own == other:
            continue
        changed = _retyped(list(lines), own, other)
        if changed is not None:
            changed[0] = " ".join([*words[:first], other, *words[first + 1 :]])
            yield Edit(tuple(changed), f"the result is {other} for {own}")


def _retyped(lines: list[str], own: str, other: str) -> list[str] | None:
    """The values that reach a `ret` in type `other`; None where one of them is neither chosen among others, nor called
    for, nor a constant."""
    defined = {line.split("= ")[0]: at for at, line in enumerate(lines) if re.match(r"%\d+= ", line)}
    waiting: list[str] = []
    done: set[str] = set()
    for at, line in enumerate(lines):
        if line.startswith("ret."):
            value = line.split(" ")[1]
            lines[at] = f"ret.{other} {_constant(value, other)}"
            waiting.append(value)
    while waiting:
        value = waiting.pop()
        if not value.startswith("%") or value in done:
            continue
        done.add(value)
        place = defined.get(value)
        if place is None:
            return None
        words = lines[place].split(" ")
        head = words[1]
        if re.fullmatch(rf"n?call\.{own}", head):
            words[1] = head.replace(own, other)
        elif head == f"phi.{own}":
            words[1] = f"phi.{other}"
            waiting += words[2::2]
            words[2::2] = [_constant(word, other) for word in words[2::2]]
        elif head == f"select.{own}":
            words[1] = f"select.{other}"
            waiting += words[3:5]
            words[3:5] = [_constant(word, other) for word in words[3:5]]
        else:
            return None
        lines[place] = " ".join(words)
    return lines


def _constant(word: str, kind: str) -> str:
    if word in ("0", "null"):
        return "null" if kind == "ptr" else "0"
    return word


def _with_parameters(lines: tuple[str, ...], first: int, position: int, kinds: list[str]) -> Edit:
    """New parameters, unused, before parameter `position`; values are numbered anew."""
    words = lines[0].split(" ")
    at = first + 1
    for _ in range(position):
        at += 2 if words[at] in ("zeroext", "signext") else 1
    head = " ".join([*words[:at], *kinds, *words[at:]])
    count = len(kinds)

    def moved(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"%{number + count if number >= position else number}"

    body = [re.sub(r"%(\d+)", moved, line) for line in lines[1:]]
    return Edit((head, *body), f"{count} unused before parameter {position}")


def handed_on(lines: tuple[str, ...], numbers: Numbers) -> Iterator[Edit]:
    """Arguments that stay in their registers from the function's head to a call, so that nothing shows them."""
    words = lines[0].split(" ")
    first = first_type(words)
    given = [word for word in words[first + 1 :] if word not in ("zeroext", "signext")]
    if "..." in given:
        return
    for at, line in enumerate(lines):
        if not is_call(line) or "..." in line:
            continue
        match = re.match(r"((?:%\d+= )?\w*call\.\S+ \S+)((?: \S+ \S+)*)$", line)
        if match is None:
            continue
        pairs = re.findall(r" (\S+) (\S+)", match[2])
        for position in range(len(pairs), -1, -1):
            for count in range(1, PASSED_ON + 1):
                wanted = position + count
                if wanted > 8:
                    break
                new = max(0, wanted - len(given))
                edit = _with_parameters(lines, first, len(given), ["i64"] * new) if new else Edit(lines, "")
                kinds = [*given, *["i64"] * new]
                call = re.match(r"((?:%\d+= )?\w*call\.\S+ \S+)((?: \S+ \S+)*)$", edit.lines[at])
                assert call is not None
                its = re.findall(r" (\S+) (\S+)", call[2])
                handed = [(kinds[k], f"%{k}") for k in range(position, wanted)]
                all_of = [*its[:position], *handed, *its[position:]]
                changed = call[1] + "".join(f" {kind} {value}" for kind, value in all_of)
                yield replaced(edit.lines, at, changed, f"{count} arguments are handed on to the call")

"""Addresses in one spelling: distances in bytes, without the types that machine code does not know.

    %2= gep.{ptr,i32,i32} %1 0 2        %2= gep.i8 %1 12
    %2= gep.[4x{i64,ptr}] @1 0 %5 1     %2= gep.i128 @1 %5      %3= gep.i8 %2 8
    %2= gep.{ptr,ptr} %1 0 0            (left out: %2 is %1)
    %2= bitcast.i32.float 1080033280    (left out: %2 is ~406)

Pointers have 8 bytes, as on both targets. `llvm.lifetime` marks go as well: they are no code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from irlens.ir.normal_words import EXTENSIONS, SIZE_MARKS, natural_alignment

_RESULT = re.compile(r"%(\d+)= ")
_USE = re.compile(r"(?<![\w.@%])%(\d+)\b(?!=)")
_FLOAT_BITS = re.compile(r"bitcast\.i(32|64)\.(float|double) (-?\d+)")
_WORDS = {1: "i8", 2: "i16", 4: "i32", 8: "i64", 16: "i128"}


def bytewise(text: str) -> str:
    """A function in normal form with every `gep` whose type has a size in the one spelling, and its values numbered
    anew."""
    head, *body = text.split("\n")
    free = parameters = _parameters(head)
    stands_for: dict[int, str] = {}
    """What to write for each value of `text`: a new number, or another of its own values or globals."""
    steps: list[str] = []
    for line in body:
        result = _RESULT.match(line)
        if result is None:
            if "@llvm.lifetime." not in line:
                steps.append(line)
            continue
        rest = line[result.end() :]
        base, chain = ("", [rest])
        if rest.startswith("gep."):
            base, chain = _chain(rest.split(" "))
        elif constant := _FLOAT_BITS.fullmatch(rest):
            base, chain = _float(int(constant[3]), int(constant[1])), []
        for number, step in enumerate(chain):
            # The first step is on the old base, the others each on the step before it.
            steps.append(
                f"%{free}= " + (step if number == 0 else step.replace(f" {base}", f" %={free - 1}", 1))
            )
            free += 1
        stands_for[int(result[1])] = f"%={free - 1}" if chain else base
    for number in range(parameters):
        stands_for[number] = f"%={number}"

    def placed(match: re.Match[str]) -> str:
        word = match[0]
        for _ in range(len(stands_for) + 1):
            old = re.fullmatch(r"%(\d+)", word)
            if old is None or int(old[1]) not in stands_for:
                break
            word = stands_for[int(old[1])]
        return word

    return "\n".join([head, *(_USE.sub(placed, step).replace("%=", "%") for step in steps)])


def _float(bits: int, width: int) -> str:
    """The word of a floating-point constant that is given as an integer."""
    digits = (bits & (1 << width) - 1).to_bytes(width // 8, "big").hex()
    return "~" + (digits.rstrip("0") or "0")


def _parameters(head: str) -> int:
    words = [word for word in head.split()[1:] if word not in (*SIZE_MARKS, *EXTENSIONS, "...")]
    return max(0, len(words) - 1)


def _chain(words: list[str]) -> tuple[str, list[str]]:
    """The base of a `gep`, and the steps from it; the gep as it is where its type has no size."""
    head, base, *indices = words
    type_word = head.split(".")[-1] if "[" not in head and "{" not in head else _type_of(head)
    parsed = _parse(type_word)
    if parsed is None or not indices or base.startswith("v"):
        return base, [" ".join(words)]
    size, inner = _size(parsed), parsed
    if size is None:
        return base, [" ".join(words)]
    offset = 0
    scaled: list[tuple[int, str]] = []
    for place, index in enumerate(indices):
        if place:
            if inner.kind == "struct" and index.isdigit() and int(index) < len(inner.inside):
                start = _field(inner, int(index))
                if start is None:
                    return base, [" ".join(words)]
                offset += start
                inner = inner.inside[int(index)]
                continue
            if inner.kind != "array":
                return base, [" ".join(words)]
            inner = inner.inside[0]
        step = _size(inner) if place else size
        if step is None:
            return base, [" ".join(words)]
        if re.fullmatch(r"-?\d+", index):
            offset += step * int(index)
        else:
            scaled.append((step, index))
    chain = [f"gep.{_WORDS.get(step, f'[{step}xi8]')} {base} {index}" for step, index in scaled if step]
    if offset:
        chain.append(f"gep.i8 {base} {offset}")
    return base, chain


@dataclass(frozen=True)
class _Type:
    """`kind` is plain (`bytes` is its size; vectors are plain), array (`count` of the one inside) or struct."""

    kind: str
    inside: tuple[_Type, ...] = ()
    count: int = 0
    bytes: int = 0


def _type_of(head: str) -> str:
    """The type word of `gep.inbounds.[4x{i64,ptr}]`."""
    return head[min(at for at in (head.find("["), head.find("{")) if at >= 0) :]


def _parse(word: str) -> _Type | None:
    found, rest = _parse_some(word)
    return found if not rest else None


def _parse_some(word: str) -> tuple[_Type | None, str]:
    if match := re.match(r"\[(\d+)x", word):
        inner, rest = _parse_some(word[match.end() :])
        if inner is None or not rest.startswith("]"):
            return None, word
        return _Type("array", (inner,), int(match[1])), rest[1:]
    if word.startswith("{"):
        parts = []
        rest = word[1:]
        while rest and not rest.startswith("}"):
            inner, rest = _parse_some(rest)
            if inner is None:
                return None, word
            parts.append(inner)
            rest = rest.removeprefix(",")
        return (_Type("struct", tuple(parts)), rest[1:]) if rest else (None, word)
    match = re.match(r"v\d+(?:i\d+|ptr|float|double)|i\d+|ptr|float|double", word)
    size = natural_alignment(match[0]) if match else None
    if match is None or size is None:
        return None, word
    return _Type("plain", bytes=size), word[match.end() :]


def _align(type_: _Type) -> int:
    if type_.kind == "plain":
        return type_.bytes
    return max((_align(inner) for inner in type_.inside), default=1)


def _size(type_: _Type) -> int | None:
    """Bytes from one element to the next."""
    if type_.kind == "plain":
        return type_.bytes
    if type_.kind == "array":
        inner = _size(type_.inside[0])
        return None if inner is None else inner * type_.count
    end = _field(type_, len(type_.inside))
    return None if end is None else -(-end // _align(type_)) * _align(type_)


def _field(type_: _Type, number: int) -> int | None:
    """Where a struct's field begins; the end of the last one for the number behind it."""
    at = 0
    for index, inner in enumerate(type_.inside):
        at = -(-at // _align(inner)) * _align(inner)
        if index == number:
            return at
        size = _size(inner)
        if size is None:
            return None
        at += size
    return at

"""What a word of the embedded model's replies may be: whether letters begin one that may stand in a place, and whether
they are one. Types, constants, symbols; what values there are is given (`irlens_grammar`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from irlens.ir.normal_words import NotNormal, float_text, type_text

JOINED = ("ptr", "i1", "i8", "i16", "i32", "i64", "float", "double")
"""Types that are one word with the value of an argument (`irlens.packed`)."""
SCALARS = (*JOINED, "i128", "half", "x86_fp80")
_SIMPLE = ("undef", "poison")
_COMPOSITE = re.compile(r"[\[{v][][{},a-z0-9_]*$")
_ODD_INTEGER = re.compile(r"i[1-9]\d{0,2}$")
_SYMBOL = re.compile(r"@([1-9]\d*)(?:\+(-?(?:0|[1-9]\d{0,9})))?$")
_SYMBOL_BEGUN = re.compile(r"@(\d*)(\+-?\d{0,10})?$")
_FLOAT_DIGITS = {"float": 8, "double": 16}
_VECTOR = re.compile(r"v\d++(.+)\Z")


class Slot(Protocol):
    """A place for one word."""

    def begins(self, letters: str) -> bool:
        """May a word that stands here begin so?"""
        ...

    def whole(self, word: str) -> bool:
        """May this word stand here?"""
        ...


@dataclass(frozen=True)
class OneOf:
    words: tuple[str, ...]

    def begins(self, letters: str) -> bool:
        return any(word.startswith(letters) for word in self.words)

    def whole(self, word: str) -> bool:
        return word in self.words


@dataclass(frozen=True)
class Either:
    slots: tuple[Slot, ...]

    def begins(self, letters: str) -> bool:
        return any(slot.begins(letters) for slot in self.slots)

    def whole(self, word: str) -> bool:
        return any(slot.whole(word) for slot in self.slots)


@dataclass(frozen=True)
class Matching:
    """By two patterns: of the whole word and of its beginnings."""

    pattern: str
    beginning: str

    def begins(self, letters: str) -> bool:
        return re.fullmatch(self.beginning, letters) is not None

    def whole(self, word: str) -> bool:
        return re.fullmatch(self.pattern, word) is not None


NUMBER = Matching(r"0|[1-9]\d{0,6}", r"0|[1-9]\d{0,6}|")
"""A count, or an index of an aggregate."""


@dataclass(frozen=True)
class Type:
    """A type word; `also` are words that may stand in its place."""

    also: tuple[str, ...] = ()

    def begins(self, letters: str) -> bool:
        return type_begins(letters) or any(word.startswith(letters) for word in self.also)

    def whole(self, word: str) -> bool:
        return word in self.also or is_type(word)


@dataclass(frozen=True)
class Value:
    """A value of a type: one of `names`, a constant, or one of `symbols` globals. Of a type that is not known, any."""

    type_word: str | None
    names: tuple[str, ...]
    symbols: int

    def begins(self, letters: str) -> bool:
        first = letters[:1]
        if first == "%":
            return any(name.startswith(letters) for name in self.names)
        if first == "@":
            return self._is("ptr") and symbol_begins(letters, self.symbols)
        return constant_begins(letters, self.type_word)

    def whole(self, word: str) -> bool:
        first = word[:1]
        if first == "%":
            return word in self.names
        if first == "@":
            return self._is("ptr") and is_symbol(word, self.symbols)
        return is_constant(word, self.type_word)

    def _is(self, type_word: str) -> bool:
        return self.type_word in (None, type_word)


@dataclass(frozen=True)
class Behind:
    """A word of a place, with something in front."""

    front: str
    slot: Slot

    def begins(self, letters: str) -> bool:
        if len(letters) <= len(self.front):
            return self.front.startswith(letters)
        return letters.startswith(self.front) and self.slot.begins(letters[len(self.front) :])

    def whole(self, word: str) -> bool:
        return word.startswith(self.front) and self.slot.whole(word[len(self.front) :])


@dataclass(frozen=True)
class Argument:
    """An argument of a call: type and value as one word, or the type alone (its value is the next word), or the dots
    before variable ones."""

    value: Callable[[str], Value]

    def begins(self, letters: str) -> bool:
        type_word, joined, rest = letters.partition("_")
        if joined and type_word in JOINED:
            return self.value(type_word).begins(rest)
        if any(f"{type_}_".startswith(letters) for type_ in JOINED) or "...".startswith(letters):
            return True
        return type_begins(letters, marks=True)

    def whole(self, word: str) -> bool:
        if word == "...":
            return True
        type_word, joined, rest = word.partition("_")
        if joined and type_word in JOINED:
            return self.value(type_word).whole(rest)
        type_word, *marks = word.split(".")
        if any(mark not in ("zeroext", "signext") for mark in marks):
            return False
        return is_type(type_word) and (bool(marks) or type_word not in JOINED)


@lru_cache(4096)
def is_type(word: str) -> bool:
    try:
        return word != "void" and bool(type_text(word))
    except NotNormal:
        return False


def type_begins(letters: str, *, marks: bool = False) -> bool:
    if marks and "." in letters:
        head, mark = letters.split(".", 1)
        return is_type(head) and ("zeroext".startswith(mark) or "signext".startswith(mark))
    if any(type_.startswith(letters) for type_ in SCALARS):
        return True
    return _COMPOSITE.match(letters) is not None or _ODD_INTEGER.match(letters) is not None


def symbol_begins(letters: str, symbols: int) -> bool:
    match = _SYMBOL_BEGUN.match(letters)
    if match is None:
        return False
    if match[2] is not None:
        return 0 < int(match[1] or 0) <= symbols
    return any(f"{number}".startswith(match[1]) for number in range(1, symbols + 1))


def is_symbol(word: str, symbols: int) -> bool:
    match = _SYMBOL.match(word)
    return match is not None and int(match[1]) <= symbols


def constant_begins(letters: str, type_word: str | None) -> bool:
    """May a constant of the type begin so? An empty beginning may be a value, too."""
    first = letters[:1]
    if first and first in "-0123456789":
        return _integer(letters, type_word, begun=True)
    if first == "~":
        return _float(letters, type_word)
    if first in ("<", "s", "z") and _takes_zero(type_word):
        if letters.startswith(("<", "splat(")):
            return re.fullmatch(r"[-<>()~,@%\w]*", letters) is not None
        return "splat(".startswith(letters) or "zero".startswith(letters)
    return any(word.startswith(letters) for word in _words(type_word))


def is_constant(word: str, type_word: str | None) -> bool:
    first = word[:1]
    if first and first in "-0123456789":
        return _integer(word, type_word)
    if first == "~":
        return len(word) > 1 and _float(word, type_word, whole=True)
    if word == "zero":
        return _takes_zero(type_word)
    vector = _VECTOR.match(type_word or "")
    if word.startswith("splat(") and word.endswith(")"):
        return vector is not None and is_constant(word[6:-1], vector[1])
    if word.startswith("<") and word.endswith(">"):
        return vector is not None and all(is_constant(part, vector[1]) for part in word[1:-1].split(","))
    return word in _words(type_word)


def _words(type_word: str | None) -> Iterable[str]:
    if type_word == "i1":
        return (*_SIMPLE, "true", "false")
    return (*_SIMPLE, "null") if type_word == "ptr" else _SIMPLE


def _takes_zero(type_word: str | None) -> bool:
    return type_word is not None and type_word[0] in "v[{"


def _integer(word: str, type_word: str | None, *, begun: bool = False) -> bool:
    width = re.fullmatch(r"i(\d+)", type_word or "")
    if width is None or type_word == "i1":
        return False
    if begun and word == "-":
        return True
    if not re.fullmatch(r"0|-?[1-9]\d{0,38}", word):
        return False
    bits = int(width[1])
    return -(1 << (bits - 1)) <= int(word) < 1 << bits


def _float(word: str, type_word: str | None, *, whole: bool = False) -> bool:
    digits = _FLOAT_DIGITS.get(type_word or "")
    if digits is None or not re.fullmatch(r"~[0-9a-f]*", word) or len(word) - 1 > digits:
        return False
    if whole:
        try:
            float_text(word, type_word or "")
        except NotNormal:
            return False
    return True

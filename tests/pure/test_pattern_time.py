"""No regular expression takes longer than in proportion to its text, whoever wrote the text."""

from __future__ import annotations

import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as sre  # type: ignore[import-not-found]
from collections.abc import Iterator
from typing import Any

import pytest

from support.patterns import Pattern, patterns, slow

OFFLINE = ("training", "evals")
"""Folders that read only what their user made for them, and that no editor and no command on a stranger's file runs."""

ALL = patterns(skip=OFFLINE)


def test_the_patterns_are_found() -> None:
    assert len(ALL) > 250
    assert {"source", "ide", "ir", "asm", "llvm", "evidence", "mechanical"} <= {
        one.place.split("/")[0] for one in ALL
    }


@pytest.mark.parametrize(
    "bad",
    [
        Pattern("", r".*;.*?(-passes=)", 0, ("match",)),
        Pattern("", r"\s*(?:[\w.$]+:)?\s*[A-Za-z]", 0, ("match",)),
        Pattern("", r"\s+$", 0, ("search",)),
        Pattern("", r"(a+)+b", 0, ("match",)),
        Pattern("", r"(?:a|a)*b", 0, ("search",)),
        Pattern("", rb"[ \t]*;.*x", 0, ("search",)),
        Pattern("", r"foo.*bar", 0, ("findall",)),
        Pattern("", r"^--- (\S.*?)[ \t]*$", re.MULTILINE, ("finditer",)),
        Pattern("", r'"(?:[^"\\]|\\.)*"', 0, ("search",)),
    ],
    ids=lambda one: repr(one.pattern),
)
def test_a_slow_pattern_is_seen(bad: Pattern) -> None:
    assert slow(bad, length=16_000, most_s=0.02, growth=7)


@pytest.mark.parametrize(
    "good",
    [
        Pattern("", r"\s*+;", 0, ("match",)),
        Pattern("", r"[\w.$]+", 0, ("finditer", "sub")),
        Pattern("", r"^a[^\n]*", 8, ("findall",)),
    ],
    ids=lambda one: repr(one.pattern),
)
def test_a_quick_pattern_is_none(good: Pattern) -> None:
    assert not slow(good, length=16_000, most_s=0.02, growth=7)


@pytest.mark.parametrize("pattern", ALL, ids=str)
def test_a_pattern_takes_time_in_proportion(pattern: Pattern) -> None:
    found = slow(pattern, length=16_000, most_s=0.02, growth=7)
    if found:  # milliseconds on a busy machine say little: once more
        found = slow(pattern, length=16_000, most_s=0.02, growth=7)
    assert not found, "\n".join(found)


def _bodies(pattern: Any) -> Iterator[Any]:
    """What is repeated possessively in a parsed pattern, at any depth."""
    for operation, argument in pattern:
        if operation is constants.POSSESSIVE_REPEAT:
            yield argument[2]
        parts = argument if isinstance(argument, tuple | list) else (argument,)
        for part in parts:
            for each in part if isinstance(part, tuple | list) else (part,):
                if isinstance(each, sre.SubPattern):
                    yield from _bodies(each)


@pytest.mark.parametrize("pattern", patterns(), ids=str)
def test_groups_are_not_repeated_possessively(pattern: Pattern) -> None:
    """Python before 3.11.5, Debian 12's among them, goes on from where the last repetition failed. `(?>(?:...)*)` means
    the same as `(?:...)*+`, and is right there."""
    single = (constants.LITERAL, constants.NOT_LITERAL, constants.ANY, constants.IN)
    for body in _bodies(sre.parse(pattern.pattern, pattern.flags)):
        assert len(body) == 1
        assert body[0][0] in single

"""Read the files of cases that a user names for an evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar, get_origin, get_type_hints

from irlens.errors import UnusableInput
from irlens.files import read_regular

Case = TypeVar("Case")
MOST_BYTES = 1 << 30
"""Larger files of cases are refused."""


def text_of(path: Path, errors: str = "strict") -> str:
    """The text of a file, which is UTF-8. Raises `UnusableInput`; never waits for a pipe or a device."""
    try:
        return read_regular(path, MOST_BYTES).decode("utf-8", errors)
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8 text"
        raise UnusableInput(f"{path}: cannot be read ({why}). Check the file, or leave it out.") from problem


def of_right_types(case: Case) -> Case:
    """A dataclass whose values came from a file, where its texts are texts and its numbers numbers. Raises `TypeError`."""
    for name, kind in get_type_hints(type(case)).items():
        value = getattr(case, name)
        wanted = get_origin(kind) or kind
        if wanted in (str, int, tuple) and not isinstance(value, wanted):
            raise TypeError(f"{name} is {type(value).__name__}, not {wanted.__name__}")
        if wanted is tuple and not all(isinstance(each, str) for each in value):
            raise TypeError(f"{name} holds more than texts")
    return case

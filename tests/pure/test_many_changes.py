"""Many changes in one message: made at once they come to what they come to one by one, and no text makes them slow."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from irlens.source import edits
from irlens.source.edits import ClientChange, Unfollowable, apply_changes
from irlens.source.snapshot import DocumentSnapshot, lines_with_ends
from support.timing import within

LETTERS = "ab \té€😀\n\r"
ENCODINGS = ("utf-8", "utf-16", "utf-32")


def document(text: str) -> DocumentSnapshot:
    return DocumentSnapshot("file:///a.ll", 1, "llvm", text)


def one_by_one(text: str, changes: list[ClientChange], encoding: str) -> str | None:
    lines = lines_with_ends(text)
    try:
        for change in changes:
            assert change.range is not None
            edits._apply(lines, change.text, change.range, encoding)
    except Unfollowable:
        return None
    return "".join(lines)


def drawn(chance: Random) -> tuple[str, list[ClientChange], str]:
    """A text and changes of it from the end to the beginning; some split a character or reach past the end."""
    encoding = chance.choice(ENCODINGS)
    letters = LETTERS if chance.random() < 0.5 else "é😀a\n"
    text = "".join(chance.choice(letters) for _ in range(chance.randint(0, 120)))
    lines = lines_with_ends(text)
    places = set()
    for _ in range(chance.randint(2, 40)):
        line = chance.randrange(len(lines))
        most = sum(edits.units(letter, encoding) for letter in lines[line].rstrip("\r\n"))
        places.add((line, chance.randint(0, most + (chance.random() < 0.05))))
    ordered = sorted(places, reverse=True)
    changes = []
    while ordered:
        end = ordered.pop(0)
        start = ordered.pop(0) if ordered and chance.random() < 0.5 else end
        new = "".join(chance.choice(LETTERS) for _ in range(chance.randint(0, 3)))
        changes.append(ClientChange(new, (*start, *end)))
    return text, changes, encoding


def test_made_at_once_they_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "_WORTH_IT", 2)
    chance = Random(7)
    followed = refused = 0
    for _ in range(4_000):
        text, changes, encoding = drawn(chance)
        expected = one_by_one(text, changes, encoding)
        try:
            made: str | None = apply_changes(document(text), changes, 2, encoding).text
        except Unfollowable:
            made = None
        assert made == expected, (text, changes, encoding)
        followed += expected is not None
        refused += expected is None
    assert min(followed, refused) > 300


def test_half_characters_that_meet_become_one() -> None:
    text = "a\ud83d" + "b" * 20 + "\ude00"
    changes = [ClientChange("", (0, column, 0, column + 1)) for column in range(21, 1, -1)]
    assert apply_changes(document(text), changes, 2, "utf-16").text == "a😀"


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("é" * 450_000, [ClientChange("x", (0, 9_000 - i, 0, 9_000 - i)) for i in range(9_000)]),
        ("a" * 1_000_000, [ClientChange("x", (0, 9_000 - i, 0, 9_000 - i)) for i in range(9_000)]),
        ("\n" * 1_000_000, [ClientChange("\n", (9_000 - i, 0, 9_000 - i, 0)) for i in range(9_000)]),
        ("\r\n" * 500_000, [ClientChange("\r\n", (9_000 - i, 0, 9_000 - i, 0)) for i in range(9_000)]),
    ],
    ids=["one line", "one ASCII line", "many lines", "many lines of Windows"],
)
def test_thousands_of_cursors_are_no_matter(text: str, changes: list[ClientChange]) -> None:
    made = within(
        5, apply_changes, document(text), changes, 2, "utf-16"
    ).text  # 5 to 10 s one by one; some 0.5 s
    assert len(made) == len(text) + sum(len(change.text) for change in changes)


def test_what_would_take_too_long_is_refused_and_not_begun() -> None:
    forward = [ClientChange("\n", (i, 0, i, 0)) for i in range(9_000)]
    with pytest.raises(Unfollowable, match="too many changes"):
        within(5, apply_changes, replace(document("\n" * 1_000_000)), forward, 2, "utf-16")

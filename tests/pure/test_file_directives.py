"""Directives that open files are found in every spelling, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from irlens.asm.file_directives import find
from support.asm_attacks import ATTACKS, DOUBTFUL, HARMLESS
from support.timing import within

MACRO = ".macro m a b\n\\a\\b\n.endm\n"


@pytest.mark.parametrize("name", [*ATTACKS, *DOUBTFUL])
def test_every_spelling_is_found(name: str) -> None:
    assert find({**ATTACKS, **DOUBTFUL}[name])


@pytest.mark.parametrize("name", ATTACKS)
def test_they_are_found_in_the_middle_of_a_file(name: str) -> None:
    assert find("\t.text\nf:\n\tmovl $1, %eax\n\tret\n" + ATTACKS[name] + "\t.data\n")


@pytest.mark.parametrize("name", HARMLESS)
def test_nothing_else_is(name: str) -> None:
    assert find(HARMLESS[name]) == ()


@pytest.mark.parametrize("character", ["\0", "\x01", "\x0c", "\x7f"])
def test_control_characters_are_blanks(character: str) -> None:
    """In the string of `module asm` NUL is `\\00`, and assemblers take it for a blank."""
    assert find(f'{character}.incbin "bait"\n')
    assert find(f'.incbin{character}"bait"\n')
    assert find(f'.macro m a b\n{character}\\a\\b "bait"\n.endm\nm .inc bin\n')


def test_the_place_is_the_words() -> None:
    (found,) = find('\tnop\n\tret\n\t.incbin "/etc/passwd"\n')
    assert (found.line, found.column, found.end_column, found.name, found.kind) == (
        2,
        1,
        8,
        "incbin",
        "direct",
    )
    assert found.message.startswith(".incbin opens a file")


@pytest.mark.parametrize(
    "text",
    [
        "movl " + ".include " * 300_000, ".i/*" * 500_000, MACRO + "a/*" * 500_000 + "*/ ", MACRO + ".inc\\a " * 100_000,
        MACRO + "\\a" * 500_000, MACRO + '"' * 1_000_000, MACRO + "\\" * 1_000_000, '.include "x"\n' * 100_000,
        MACRO + "a:" * 500_000, MACRO + "a" * 1_000_000, " " * 2_000_000 + ".include", MACRO + "&" * 1_000_000,
        "# " + "a/* " * 250_000 + "*/b",
        "a/**/;" * 170_000, "a/**/;" * 170_000 + "\U0001f600", "#a/**/\n" * 130_000, "x a/**/;" * 100_000 + "\r\n",
        MACRO + " ".join(f"\\{a}\\().{b}\\c\\{c}" for a in "incbudel" for b in "incbudel" for c in "incbudelsrgqot"),
    ],
    ids=range(18),
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    within(10, find, text)

"""Directives that open files are found in every spelling, and nothing else is taken for one."""

from __future__ import annotations

import time

import pytest
from tests.support.asm_attacks import ATTACKS, HARMLESS

from irlens.asm.file_directives import find

MACRO = ".macro m a b\n\\a\\b\n.endm\n"


@pytest.mark.parametrize("name", ATTACKS)
def test_every_spelling_is_found(name: str) -> None:
    assert find(ATTACKS[name])


@pytest.mark.parametrize("name", ATTACKS)
def test_they_are_found_in_the_middle_of_a_file(name: str) -> None:
    assert find("\t.text\nf:\n\tmovl $1, %eax\n\tret\n" + ATTACKS[name] + "\t.data\n")


@pytest.mark.parametrize("name", HARMLESS)
def test_nothing_else_is(name: str) -> None:
    assert find(HARMLESS[name]) == ()


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
        MACRO + " ".join(f"\\{a}\\().{b}\\c\\{c}" for a in "incbudel" for b in "incbudel" for c in "incbudelsrgqot"),
    ],
    ids=range(13),
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    find(text)
    assert time.process_time() - started < 10

"""Rebuilding programs: the search for what makes tests fail, and assembly whose functions can be replaced."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from irlens.evals.transplant.assembly import prepared, replaceable
from irlens.evals.transplant.culprits import culprits

TEXT = """\
\t.file\t"a.c"
\t.text
\t.section\t.text.unlikely,"ax",@progbits
\t.type\thelp.cold, @function
help.cold:
\tcall\tabort
\t.size\thelp.cold, .-help.cold
\t.text
\t.type\thelp, @function
help:
\tmovl\tcount(%rip), %eax
\tje\thelp.cold
\tret
\t.size\thelp, .-help
\t.globl\tasked
\t.type\tasked, @function
asked:
\tjmp\thelp
\t.size\tasked, .-asked
\t.local\tcount
\t.comm\tcount,4,8
\t.section\t.rodata
\t.type\ttable, @object
table:
\t.long\t1
"""


@given(st.integers(0, 40), st.sets(st.integers(0, 39), max_size=6))
def test_every_part_that_fails_by_itself_is_found(count: int, guilty: set[int]) -> None:
    asked = []

    def fails(parts: Sequence[int]) -> bool:
        asked.append(parts)
        return bool(guilty & set(parts))

    found, explained = culprits(list(range(count)), fails)
    expected = guilty & set(range(count))
    assert set(found) == expected
    assert len(found) == len(expected)
    assert explained
    assert len(asked) <= 1 + 9 * len(expected)


def test_parts_that_fail_together_lose_one_of_them() -> None:
    found, explained = culprits(list(range(30)), lambda parts: {3, 20} <= set(parts))
    assert (found, explained) == ([20], True)


def test_what_fails_with_nothing_replaced_is_no_parts_fault() -> None:
    assert culprits([1, 2, 3], lambda parts: True) == ([], False)
    assert culprits([], lambda parts: True) == ([], False)


def test_the_search_ends_after_so_many() -> None:
    found, explained = culprits(list(range(9)), lambda parts: len(parts) > 0, most=4)
    assert (found, explained) == ([0, 1, 2, 3], False)


def test_a_part_that_was_split_off_is_no_function_of_its_own() -> None:
    assert replaceable(TEXT) == ["help", "asked"]


def test_names_that_no_c_has_are_left_alone() -> None:
    """Top-level assembly can name a function anything, and names become files and symbols' options."""
    text = '\t.text\n\t.globl\t"../../x"\n\t.type\t"../../x", @function\n"../../x":\n\tret\n'
    assert replaceable(text + TEXT) == ["help", "asked"]


def test_functions_to_be_replaced_are_weak_and_local_symbols_are_seen() -> None:
    made = prepared(TEXT, ["asked", "help"])
    lines = made.text.split("\n")
    assert "\t.weak\tasked" in lines
    assert "\t.globl\tasked" not in lines
    assert "\t.weak\thelp" in lines
    assert "\t.globl\tcount" in lines
    assert "\t.globl\ttable" in lines
    assert not any(".local" in line for line in lines)
    assert lines[lines.index("count:") + 1] == "\t.zero\t4"
    assert set(made.local) == {"help", "help.cold", "count", "table"}


def test_marks_say_which_function_ran() -> None:
    made = prepared(TEXT, marks="k1")
    assert "help:\n\tmovb\t$1, .Lran0(%rip)\n\tmovl" in made.text
    assert '.Lran1:\n\t.byte 0\n\t.asciz "k1 asked"' in made.text
    assert "help.cold:\n\tcall" in made.text

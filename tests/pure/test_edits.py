"""Small edits of a lift in normal form: text in, text out."""

from __future__ import annotations

import pytest

from irlens.evidence.edits import edits
from irlens.ir.normal import decode


def made(lift: str, original: str = "", recompiled: str = "") -> dict[str, str]:
    """Words and text of every edit; of several with the same words the first."""
    lines = tuple(lift.split("\n"))
    found: dict[str, str] = {}
    for edit in edits(lines, original.splitlines(), recompiled.splitlines()):
        found.setdefault(edit.words, "\n".join(edit.lines))
    return found


ABOVE = """fn i64 ptr i32
%2= icmp.sgt.i32 %1 4
br %2 L1 L2
L1:
%3= call.i64 @1 ptr %0 i32 0
br L2
L2:
%4= phi.i64 %3 L1 0 L0
ret.i64 %4"""


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("`i32 0` is `ptr null`", "%3= call.i64 @1 ptr %0 ptr null"),
        ("the result is i32 for i64", "%4= phi.i32 %3 L1 0 L0"),
        ("the result is ptr for i64", "%4= phi.ptr %3 L1 null L0"),
        ("%2 compares the other way round", "%2= icmp.slt.i32 4 %1"),
        ("%2 is its opposite, and its uses are turned", "br %2 L2 L1"),
        ("%2 compares with the other sign", "%2= icmp.ugt.i32 %1 4"),
        ("%2 compares with sge", "%2= icmp.sge.i32 %1 5"),
        ("ncall for call", "%3= ncall.i64 @1 ptr %0 i32 0"),
        ("ways into %4 swapped", "%4= phi.i64 0 L0 %3 L1"),
        ("a parameter is i64 for i32", "fn i64 ptr i64"),
        ("1 unused before parameter 1", "fn i64 ptr i64 i32"),
        ("it gives nothing", "fn void ptr i32"),
        ("2 arguments are handed on to the call", "fn i64 ptr i32 i64 i64"),
    ],
)
def test_one_detail_is_changed(words: str, line: str) -> None:
    assert line in made(ABOVE)[words].split("\n")


def test_a_result_is_retyped_with_all_that_it_is_made_of() -> None:
    text = made(ABOVE)["the result is i32 for i64"]
    assert "i64" not in text
    assert "%3= call.i32 @1 ptr %0 i32 0" in text


def test_a_result_that_is_reckoned_is_not_retyped() -> None:
    lift = "fn i64 i64\n%1= add.i64 %0 1\nret.i64 %1"
    assert not [words for words in made(lift) if words.startswith("the result is")]


def test_new_parameters_move_the_numbers_of_values() -> None:
    text = made("fn i32 i32\n%1= add.i32 %0 1\nret.i32 %1")["2 unused before parameter 0"]
    assert text == "fn i32 i64 i64 i32\n%3= add.i32 %2 1\nret.i32 %3"


def test_constants_come_from_where_the_assemblies_differ() -> None:
    found = made("fn void\n%0= alloca.[40xi8]\nncall.void @1 ptr %0 i32 7", "subq $48 %rsp", "subq $56 %rsp")
    assert "%0= alloca.[32xi8]" in found["40 is 32"]
    assert "48 is 56" not in found  # no number of the lift is what the recompilation has
    exact = made("fn i32\nret.i32 48", "movl $56 %eax", "movl $48 %eax")
    assert exact["48 is 56"] == "fn i32\nret.i32 56"


def test_lines_that_differ_in_more_than_numbers_give_no_constants() -> None:
    assert "48 is 56" not in made("fn i32\nret.i32 48", "movl $56 %eax", "movl $48 %ecx")


def test_neighbours_change_places_only_where_one_does_not_need_the_other() -> None:
    lift = "fn i32 ptr\n%1= load.i32 %0\n%2= add.i32 %1 1\n%3= load.i32 %0\n%4= add.i32 %2 %3\nret.i32 %4"
    found = made(lift)
    assert "%1 after %2" not in found
    assert "%2= load.i32 %0\n%3= add.i32 %1 1" in found["%2 after %3"]


def test_blocks_move_whole() -> None:
    found = made("fn i32 i1\nbr %0 L1 L2\nL1:\nret.i32 1\nL2:\nret.i32 2")
    assert found["L2: in another place"] == "fn i32 i1\nbr %0 L1 L2\nL2:\nret.i32 2\nL1:\nret.i32 1"


@pytest.mark.parametrize("lift", [ABOVE, "fn i32\nret.i32 0", "fn void\nret", "fn void\nunreachable"])
def test_edits_differ_from_what_they_are_of_and_come_in_one_order(lift: str) -> None:
    lines = tuple(lift.split("\n"))
    found = list(edits(lines, ["ret"], ["retq"]))
    assert all(edit.lines != lines and edit.words for edit in found)
    assert found == list(edits(lines, ["ret"], ["retq"]))


def test_edits_can_be_read_as_normal_form() -> None:
    from irlens.ir.normal import Symbol

    for text in made(ABOVE).values():
        decode(text, [Symbol("callee")], "x86_64-unknown-linux-gnu", "f")

"""Debug locations on the instructions of a function: each names its own line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.ir.line_table import with_lines

SWITCH = """; a head
@text = constant [3 x i8] c"; {\\00"

define i32 @pick(i32 %a) #0 {
entry:                ; preds: none
  %b = add i32 %a, 1, !range !7   ; a remark; with {
  switch i32 %b, label %rest [
    i32 1, label %rest
    i32 2, label %rest
  ]

rest:
  %c = call i32 @may(ptr @text)
  ret i32 %b
}

declare i32 @may(ptr)
!7 = !{i32 0, i32 9}
"""


def test_every_instruction_names_its_line_and_brackets_are_one() -> None:
    traced = with_lines(SWITCH, "pick")
    assert traced is not None
    lines = traced.split("\n")
    nodes = dict(re.findall(r"^(!\d+) = !DILocation\(line: (\d+),", traced, re.MULTILINE))
    named = {
        number + 1: int(nodes[found[1]])
        for number, line in enumerate(lines)
        if (found := re.search(r", !dbg (!\d+)$", line))
    }
    # The switch's location is written behind its bracket, and names the line that it begins on.
    assert named == {6: 6, 10: 7, 13: 13, 14: 14}
    assert lines[2].startswith("define") or re.search(r"define i32 @pick\(i32 %a\) #0 !dbg !\d+ \{", traced)
    assert "!8 = distinct !DICompileUnit" in traced  # behind the numbers that are taken


@pytest.mark.parametrize("ir", ["", "declare void @f()", "define void @g() {\n  ret void\n}\n"])
def test_without_the_function_there_is_nothing_to_trace(ir: str) -> None:
    assert with_lines(ir, "f") is None


def test_a_function_with_locations_of_its_own_is_left_alone() -> None:
    assert with_lines("define void @f() !dbg !1 {\n  ret void, !dbg !2\n}\n", "f") is None


@given(st.text(alphabet='define @f(){}[]:;"!\n %=,1x', max_size=200))
def test_any_text_is_taken(text: str) -> None:
    with_lines(text, "f")
    with_lines(f"define void @f() {{\n{text}\n}}\n", "f")

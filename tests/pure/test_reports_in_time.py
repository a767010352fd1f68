"""What assemblers say of a text is read in time that grows with what they say, and is placed on the text's own lines."""

from __future__ import annotations

import pytest

from irlens.asm.gnu_forms import without_line_markers
from irlens.llvm.mca import mark
from irlens.llvm.reports import MOST_DIAGNOSTICS, assembler_diagnostics, codegen_diagnostics
from support.timing import within


def test_errors_within_repetitions_cost_no_look_at_the_text_each() -> None:
    """62 s for 500 of them in a text of 190,000 lines, when each looked through it."""
    text = ".rept 500\nbad 1\n.endr\n" + "# a line\n" * 190_000
    report = "".join(
        f"<instantiation>:{row}:1: error: invalid instruction\nbad 1\n^\n" for row in range(1, 501)
    )
    found = within(5, assembler_diagnostics, report, text)
    assert {each.line for each in found} == {1}


def test_no_more_is_read_than_anybody_is_shown() -> None:
    report = "<stdin>:1:1: error: invalid instruction\n" * 300_000
    assert len(within(5, assembler_diagnostics, report, "bad\n")) == MOST_DIAGNOSTICS + 1


def test_errors_of_inline_assembly_cost_no_look_at_the_module_each() -> None:
    ir = "".join(f'call void asm "bad{i}", ""()\n' for i in range(50_000)).encode()
    report = "".join(f"error: <inline asm>:1:2: invalid\n\tbad{i}x\n\t^\n" for i in range(5_000))
    within(8, codegen_diagnostics, report, ir)


@pytest.mark.parametrize("marker", ['# 1 "a.c"', '# 33 "dir/a b.S" 2', '# 1 "<built-in>" 1 3'])
def test_markers_of_a_preprocessor_are_emptied_and_no_line_is_moved(marker: str) -> None:
    assert without_line_markers(f"nop\n{marker}\nret\n") == "nop\n\nret\n"


@pytest.mark.parametrize("line", ['# 1 "a" ; nop', "# 1 a", '.ascii "# 1 \\"a\\""', '#define X "1"', "# 12"])
def test_other_lines_stay(line: str) -> None:
    assert without_line_markers(f"{line}\n") == f"{line}\n"


@pytest.mark.parametrize("character", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_a_comment_is_not_broken_up_into_statements(character: str) -> None:
    """What `str.splitlines` takes for a line's end is none for an assembler."""
    marked, blocks = mark(f'f:\n\tnop\n# x{character}.incbin "bait"\n', "#")
    assert blocks == 1
    assert f'# x{character}.incbin "bait"' in marked
    assert "\n.incbin" not in marked

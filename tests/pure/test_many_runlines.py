"""Files made of RUN lines: what stands at the cursor is read there and nowhere else, and the whole up to a number."""

from __future__ import annotations

import pytest

from irlens.ide import code_actions, hover
from irlens.ide.hover import PassSubject
from irlens.ir import runlines
from irlens.ir.runlines import MOST_LINES, diagnose_run_lines, run_lines
from irlens.source.snapshot import DocumentSnapshot

MANY = 90_000
LINE = "; RUN: opt -passes=instcombin,dce %s"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the RUN lines that were taken apart."""
    numbers: list[int] = []
    joined = runlines._joined

    def counted(group: list[tuple[int, str, int]]) -> object:
        numbers.extend(number for number, _, _ in group)
        return joined(group)

    monkeypatch.setattr(runlines, "_joined", counted)
    return numbers


def test_only_the_run_line_at_the_cursor_is_taken_apart(read: list[int]) -> None:
    snapshot = DocumentSnapshot("file:///a.ll", 0, "llvm", "\n".join([LINE] * MANY))
    subject = hover.subject(snapshot, MANY - 1, LINE.index("dce"))
    assert isinstance(subject, PassSubject)
    assert subject.pipeline == "dce"
    assert read == [MANY - 1]
    read.clear()
    found = code_actions.corrections(snapshot, MANY - 9, MANY - 8)
    assert {each.item.line for each in found} == {MANY - 9, MANY - 8}
    assert read == [MANY - 9, MANY - 8]


def test_of_a_whole_file_a_number_of_run_lines_is_read_and_the_next_one_says_so(read: list[int]) -> None:
    good = "; RUN: opt -passes=dce %s"
    text = "\n".join([good] * MANY)
    (finding,) = diagnose_run_lines(text)
    assert (finding.line, finding.column, finding.end_column) == (MOST_LINES, 2, 6)
    assert "Split the file" in finding.message
    assert read == list(range(MOST_LINES))
    assert diagnose_run_lines("\n".join([good] * MOST_LINES)) == []
    snapshot = DocumentSnapshot("file:///a.ll", 0, "llvm", "\n".join([LINE] * MANY))
    read.clear()
    code_actions.corrections(snapshot, 0, MANY)
    assert len(read) == MOST_LINES


JOINED = "; RUN: opt \\\n; RUN:   -passes='dce,\\\ndefine void @f() {\n; RUN:  instcombine' %s\n; RUN: opt -passes=licm %s\n"


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ((0, 0), ["dce,instcombine"]),
        ((1, 1), ["dce,instcombine"]),
        ((2, 2), ["dce,instcombine"]),
        ((3, 3), ["dce,instcombine"]),
        ((4, 4), ["licm"]),
        ((3, 4), ["dce,instcombine", "licm"]),
        ((5, 9), []),
        (None, ["dce,instcombine", "licm"]),
    ],
)
def test_a_run_line_is_read_with_those_that_it_goes_on_in(
    lines: tuple[int, int] | None, wanted: list[str]
) -> None:
    assert [run.text for run in run_lines(JOINED, lines)] == wanted


def test_a_run_line_that_nothing_follows_is_read_too() -> None:
    assert [run.text for run in run_lines("; RUN: opt -passes=dce \\", (0, 0))] == ["dce"]
    assert run_lines("; RUN: opt -passes=dce \\\n\n", (1, 1)) == []

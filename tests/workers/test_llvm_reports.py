"""What LLVM and the assemblers print, read into diagnostics; and the frames between client and worker."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.llvm.answers import Diagnostic
from irlens.llvm.reports import (
    assembler_diagnostics,
    cause_of_death,
    codegen_diagnostics,
    nul_diagnostic,
    parse_diagnostics,
    verifier_diagnostics,
)
from irlens.workers.wire import BrokenFrame, read_frame, write_frame


def test_a_parse_error_counts_from_zero() -> None:
    report = "<string>:3:7: error: value doesn't match function result type 'i32'\n  ret i64 0\n      ^\n"
    assert parse_diagnostics(report) == [Diagnostic(2, 6, "value doesn't match function result type 'i32'")]


def test_a_parse_error_without_a_place_still_says_what_is_wrong() -> None:
    (diagnostic,) = parse_diagnostics("<string>: error: something else\n")
    assert (diagnostic.line, diagnostic.column, diagnostic.message) == (0, None, "something else")
    assert parse_diagnostics("")[0].severity == "error"


TWICE = """define void @f(ptr %p) {
  %x = load i32, ptr %p ; here
  ret void
}
define void @g(ptr %p) {
  %x = load i32, ptr %p, align 8, !tbaa !3
  ret void
}
!0 = !{i32 9, !"flag"}
"""


def test_the_second_mention_of_an_instruction_goes_to_its_second_place() -> None:
    report = "First!\n  %x = load i32, ptr %p, align 4\nSecond!\n  %x = load i32, ptr %p, align 4\n"
    first, second = verifier_diagnostics(report, TWICE)
    assert first.line == 1
    assert second.line in (1, 5)
    assert first.column == 2
    assert first.end_column == len("  %x = load i32, ptr %p")
    exact = "A!\n  %x = load i32, ptr %p, align 8, !tbaa !3\n"
    assert verifier_diagnostics(exact, TWICE)[0].line == 5


@pytest.mark.parametrize(
    ("value", "line"),
    [("ptr @g", 4), ("label %entry", 0), ('!0 = !{i32 9, !"flag"}', 8), ("i32 9", 0), ("ptr @unknown", 0)],
)
def test_other_values_are_found_or_stand_on_the_first_line(value: str, line: int) -> None:
    assert verifier_diagnostics(f"Wrong!\n{value}\n", TWICE)[0].line == line


def test_messages_keep_their_values() -> None:
    (diagnostic,) = verifier_diagnostics("Wrong thing!\nptr @g\ni32 9\n", TWICE)
    assert diagnostic.message == "Wrong thing! (ptr @g; i32 9)"


def test_each_assemblers_form_is_read() -> None:
    text = "f:\n foo\n"
    llvm = "error: <inline asm>:2:2: invalid instruction mnemonic 'foo'\n foo\n ^~~\n\n"
    tool = "<stdin>:2:2: error: unrecognized instruction mnemonic\n foo\n ^\n"
    gnu = "{standard input}: Assembler messages:\n{standard input}:2: Error: no such instruction: `foo'\n"
    assert [(d.line, d.column, d.severity) for d in assembler_diagnostics(llvm, text)] == [(1, 1, "error")]
    assert [(d.line, d.column, d.severity) for d in assembler_diagnostics(tool, text)] == [(1, 1, "error")]
    assert [(d.line, d.column, d.severity) for d in assembler_diagnostics(gnu, text)] == [(1, None, "error")]
    assert assembler_diagnostics("{standard input}:1: Warning: hm\n", text)[0].severity == "warning"
    assert assembler_diagnostics("{standard input}:1: Fatal error: no\n", text)[0].severity == "error"
    assert assembler_diagnostics("nothing of note\n", text) == []


def test_code_generation_errors_are_found_in_the_ir() -> None:
    ir = b'define void @f() {\n  call void asm "bogus", ""()\n  ret void\n}\n'
    report = "error: <inline asm>:1:2: invalid instruction mnemonic 'bogus'\n\tbogus\n\t^~~~~\n\n"
    assert [(d.line, d.code) for d in codegen_diagnostics(report, ir)] == [(1, "llvm-codegen")]
    unplaced = codegen_diagnostics("error: <unknown>:0:0: in function f void (): no such thing\n", ir)
    assert unplaced[0].message == "in function f void (): no such thing"


@pytest.mark.parametrize(
    ("returncode", "stderr", "words"),
    [
        (-11, "", "SIGSEGV: it crashed"),
        (-9, "", "SIGKILL: something outside irlens killed it"),
        (-6, "LLVM ERROR: Cannot select: x\nStack dump:\n0. y\n", "LLVM ERROR: Cannot select: x (SIGABRT)"),
        (-6, "terminate called\n  what():  std::bad_alloc\n", "it ran out of memory"),
        (
            -6,
            'p: /a/b/NewGVN.cpp:3: void f(): Assertion `x < 1 && "y"\' failed.\n',
            "assertion failed in NewGVN.cpp:3",
        ),
        (1, "", "exit code 1"),
        (None, "", "no answer"),
        (-250, "", "killed by signal 250"),
    ],
)
def test_a_death_has_words(returncode: int | None, stderr: str, words: str) -> None:
    assert cause_of_death(returncode, stderr).startswith(words)


@given(st.binary())
def test_the_first_nul_is_where_it_is(text: bytes) -> None:
    diagnostic = nul_diagnostic(text)
    if diagnostic is None:
        assert b"\0" not in text
    else:
        assert diagnostic.column is not None
        lines = text.split(b"\n")
        assert lines[diagnostic.line][diagnostic.column] == 0
        assert b"\0" not in b"\n".join(
            [*lines[: diagnostic.line], lines[diagnostic.line][: diagnostic.column]]
        )


@given(st.text(), st.text())
def test_reading_a_report_never_raises(report: str, text: str) -> None:
    parse_diagnostics(report)
    assembler_diagnostics(report, text)
    codegen_diagnostics(report, text.encode("utf-8", "surrogatepass"))
    cause_of_death(1, report)
    assert all(diagnostic.line <= text.count("\n") for diagnostic in verifier_diagnostics(report, text))


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), st.binary())
def test_a_frame_comes_back_as_it_went(header: dict[str, object], block: bytes) -> None:
    stream = io.BytesIO()
    write_frame(stream, header, block)
    write_frame(stream, {}, b"")
    whole = stream.getvalue()
    stream.seek(0)
    assert read_frame(stream) == (header, block)
    assert read_frame(stream) == ({}, b"")
    assert read_frame(stream) is None
    assert read_frame(io.BytesIO(whole[:-1][: len(whole) // 3])) is None


@pytest.mark.parametrize("data", [b"x" * 64, b"irL1" + b"\xff" * 12, b"irL1\0\0\0\x02" + b"\0" * 8 + b"[]"])
def test_what_is_no_frame_is_not_read_as_one(data: bytes) -> None:
    with pytest.raises(BrokenFrame):
        read_frame(io.BytesIO(data))

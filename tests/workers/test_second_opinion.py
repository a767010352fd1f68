"""LLVM and GNU as on one text: what either takes is no error, and what neither takes is one at its line."""

# ruff: noqa: E501 (a sample reads best on one line)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.errors import UnusableInput
from irlens.llvm import assemblers
from irlens.llvm.answers import Assembled, Diagnostic
from irlens.llvm.client import LLVM
from irlens.llvm.second_opinion import settled
from irlens.llvm.traps import with_traps
from irlens.objects.kinds import elf_sibling, foreign, makes_elf

X86, A64 = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
LOOP = "\t.text\nf:\n1:\tloopq\t1b\n\tret\n"
GCC_INTEL = "\t.intel_syntax noprefix\n\t.text\nf:\n\tmovsx\trax, edi\n\tmov\tedx, OFFSET FLAT:f\n\tcall\t[QWORD PTR 32[r13]]\n\tret\n"
GCC_DEBUG = (
    '\t.file\t"a.c"\n\t.text\n\t.file 0 "/tmp" "a.c"\nf:\n\t.file 1 "a.c"\n\t.loc 1 9 23 view -0\n\tret\n'
    '\t.section\t.debug_info,"",@progbits\n\t.long\t.LVUS1\n'
)
has_gnu = pytest.mark.skipif(not assemblers.find_gnu(X86), reason="no GNU as for x86-64")


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as started:
        yield started


def error(line: int, message: str, column: int | None = None) -> Diagnostic:
    return Diagnostic(line, column, message, "error", "asm")


def refused(*found: Diagnostic, by: str = "LLVM") -> Assembled:
    return Assembled(None, found, by)


def test_the_errors_of_a_text_that_gnu_as_takes_become_one_note() -> None:
    first = refused(error(3, "no", 4), error(5, "nor this"))
    made = settled(first, "text", lambda text: Assembled(b"o", (), "GNU as 2"))
    assert (made.object, made.by) == (b"o", "GNU as 2")
    (note,) = made.diagnostics
    assert (note.line, note.column, note.severity) == (3, 4, "information")
    assert note.message == "GNU as 2 takes this line and 1 more line; LLVM does not (no)"


def test_where_both_refuse_only_the_lines_that_both_refuse_are_errors() -> None:
    first = refused(error(0, "llvm only"), error(1, "llvm's words", 7))

    def ask(text: str) -> Assembled:
        return (
            refused(error(1, "gnu's words"), by="GNU as") if "bad" in text else Assembled(b"o", (), "GNU as")
        )

    made = settled(first, "a\nbad\nc", ask)
    assert made.object is None
    assert made.diagnostics == (error(1, "llvm's words", 7),)


def test_errors_that_gnu_as_finds_late_are_looked_for() -> None:
    def ask(text: str) -> Assembled:
        if "bad" in text:
            return refused(error(1, "bad"), by="GNU as")
        return refused(error(2, "late"), by="GNU as") if "late" in text else Assembled(b"o", (), "GNU as")

    made = settled(refused(error(1, "bad"), error(2, "late")), "a\nbad\nlate", ask)
    assert [each.line for each in made.diagnostics] == [1, 2]


def test_what_irlens_itself_refuses_is_never_asked_of_another() -> None:
    mine = Assembled(None, (Diagnostic(0, None, "a NUL byte", "error", "nul-byte"),), "LLVM")
    assert settled(mine, "x", lambda text: Assembled(b"o", (), "GNU as")) == mine


def test_without_gnu_as_llvm_is_right() -> None:
    first = refused(error(0, "no"))
    assert settled(first, "x", lambda text: None) == first


@pytest.mark.parametrize("text", [GCC_INTEL, GCC_DEBUG], ids=["intel", "debug"])
def test_what_gcc_prints_needs_no_gnu_as(llvm: LLVM, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(assemblers, "find_gnu", lambda triple: [])
    made = llvm.assemble(text, X86)
    assert made.diagnostics == ()
    assert made.object is not None


@has_gnu
def test_check_and_lift_have_one_answer(llvm: LLVM) -> None:
    made = llvm.assemble(LOOP, X86)
    assert [each.severity for each in made.diagnostics] == ["information"]
    assert made.object == llvm.object_of(LOOP, X86)


@has_gnu
def test_a_typo_among_what_only_gnu_as_takes(llvm: LLVM) -> None:
    made = llvm.assemble(LOOP.replace("ret", "frobnicate"), X86)
    assert [(each.line, each.severity) for each in made.diagnostics] == [(3, "error")]


@has_gnu
def test_the_files_that_assembly_names_stay_closed(llvm: LLVM, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    made = llvm.assemble(f'{LOOP}\t.incbin "{secret}"\n', X86)
    assert made.object is None
    assert made.by == "irlens"


@has_gnu
def test_a_program_that_is_named_has_the_last_word() -> None:
    found = [tool for tool in assemblers.find(X86) if tool.kind == "llvm-mc"]
    if not found:
        pytest.skip("no llvm-mc")
    with LLVM(workers=1, assembler=found[0].path) as named:
        assert [each.severity for each in named.assemble(LOOP, X86).diagnostics] == ["error"]


def test_an_error_behind_a_line_marker_has_the_line_of_the_text(llvm: LLVM) -> None:
    made = llvm.assemble('f:\n#APP\n# 812 "a.c" 1\n\tfrobnicate\n# 0 "" 2\n#NO_APP\n\tret\n', X86)
    assert [each.line for each in made.diagnostics if each.severity == "error"] == [3]


A64_NEWER = "f:\n\tldaddal w8, w0, [x0]\n\tptrue p0.s\n\tsdot v0.4s, v1.16b, v2.16b\n\tfadd v0.8h, v0.8h, v1.8h\n\tretaa\n\taese v0.16b, v1.16b\n"


@pytest.mark.parametrize("kind", ["llvm-mc", "clang"])
def test_aarch64_has_all_its_features_unless_the_text_says_which(kind: str) -> None:
    tools = [tool for tool in assemblers.find(A64) if tool.kind == kind]
    if not tools:
        pytest.skip(f"no {kind}")

    def lines(text: str) -> list[int]:
        made = assemblers.assemble(
            tools[0], text.encode(), A64, limit_s=30, memory_bytes=2 << 30, cancel=None
        )
        assert made is not None
        return [each.line for each in made.diagnostics]

    assert lines(A64_NEWER) == []
    assert lines("\t.arch armv8.2-a+sve+dotprod+fp16+crypto+pauth\n" + A64_NEWER) == []
    assert 2 in lines("\t.arch armv8-a\n" + A64_NEWER), "no LSE in what the text names"


TWO = "\t.text\n\t.type good,@function\ngood:\n\tret\n\t.size good, .-good\n\t.type odd,@function\nodd:\n\tfrobnicate\n\tret\n\t.size odd, .-odd\n"


def test_one_bad_line_costs_its_own_function(llvm: LLVM) -> None:
    whole = llvm.size(llvm.object_of(TWO, X86, wanted=["good"])).functions
    assert whole["good"] == 1
    with pytest.raises(
        UnusableInput, match=r"`frobnicate` at line 8 is refused by .*Correct this instruction"
    ):
        llvm.object_of(TWO, X86, wanted=["odd"])
    with pytest.raises(UnusableInput, match="line 8: "):
        llvm.object_of(TWO, X86)
    outside = TWO + "\tfrobnicate\n"
    with pytest.raises(UnusableInput):
        llvm.object_of(outside, X86, wanted=["good"])


def test_a_trap_stands_for_an_instruction_only() -> None:
    made = with_traps(TWO, X86, ["good"], [error(7, "no")])
    assert made is not None
    assert made.split("\n")[7] == "\tud2"
    assert with_traps(TWO.replace("\tfrobnicate", "\t.frobnicate"), X86, ["good"], [error(7, "no")]) is None
    assert with_traps(TWO, X86, ["odd"], [error(7, "no")]) is None


def test_formats_and_their_elf_siblings() -> None:
    assert makes_elf(X86)
    assert not makes_elf("x86_64-pc-windows-msvc")
    assert elf_sibling("arm64-apple-macosx14.0.0") == A64
    assert elf_sibling("x86_64-w64-mingw32") == X86
    assert elf_sibling("i386-pc-linux-gnu") == "i386-pc-linux-gnu"
    assert foreign(b"\xcf\xfa\xed\xfe\x0c\0\0\x01") == ("a macOS object (Mach-O)", A64)
    assert foreign(b"\x64\x86\0\0") == ("a Windows object (COFF)", X86)
    assert foreign(b"\x7fELF") is None


def test_every_assembler_is_asked_for_its_own_target_only() -> None:
    assert assemblers.find_gnu("x86_64-apple-macosx") == []
    assert all("as" in Path(tool.path).name for tool in assemblers.find_gnu(X86))

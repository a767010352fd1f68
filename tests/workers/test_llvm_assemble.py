"""Assembling a `.s`: objects, and every error at its own line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.errors import LLVMStopped, Unrunnable
from irlens.llvm import assemblers, client
from irlens.llvm.answers import Diagnostic
from irlens.llvm.assemblers import Assembler
from irlens.llvm.client import LLVM
from irlens.objects.kinds import architecture

X86 = "x86_64-unknown-linux-gnu"
A64 = "aarch64-unknown-linux-gnu"

ATT = """\t.text
\t.globl\tf
\t.type\tf,@function
f:
\tleal\t(%rdi,%rsi), %eax
\tretq
.Lend:
\t.size\tf, .Lend-f
"""
INTEL = """\t.intel_syntax noprefix
\t.globl f
\t.type f,@function
f:
\tlea eax, [rdi+rsi]
\tret
\t.size f, .-f
"""
ARM = """\t.globl f
\t.type f,%function
f:
\tadd w0, w0, w1
\tadrp x1, v
\tldr w1, [x1, :lo12:v]
\tret
\t.size f, .-f
"""
BROKEN = '\t.text\nf:\n\tbogus %rax\n\tretq\n\tmovq\tx\n\t.warning "é careful"\n g:\tmovl $1, %nowhere\n'


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as started:
        yield started


@pytest.fixture
def on_x86(llvm: LLVM) -> LLVM:
    if architecture(llvm.versions()["host"]) != "x86_64":
        pytest.skip("llvmlite assembles x86-64 on x86-64 hosts only")
    return llvm


@pytest.mark.parametrize("text", [ATT, INTEL, ATT.replace("\n", "\r\n")], ids=["att", "intel", "crlf"])
def test_both_dialects_make_the_same_object(on_x86: LLVM, text: str) -> None:
    made = on_x86.assemble(text, X86)
    assert made.diagnostics == ()
    assert made.object is not None
    assert on_x86.size(made.object).functions == {"f": 4}
    assert made.by.startswith("llvmlite")


def test_what_llvm_prints_it_also_assembles(on_x86: LLVM) -> None:
    ir = "@v = global i32 3\ndefine i32 @f(i32 %a) {\n"
    ir += "  %x = load i32, ptr @v\n  %y = add i32 %x, %a\n  ret i32 %y\n}\n"
    made = on_x86.assemble(on_x86.lower(ir, X86), X86)
    assert made.object is not None
    assert on_x86.size(made.object) == on_x86.size(on_x86.emit_object(ir, X86))


def test_every_error_has_its_line_and_byte_column(on_x86: LLVM) -> None:
    made = on_x86.assemble(BROKEN, X86)
    assert made.object is None
    errors = [diagnostic for diagnostic in made.diagnostics if diagnostic.severity == "error"]
    assert [(diagnostic.line, diagnostic.column) for diagnostic in errors] == [(2, 1), (4, 1), (6, 13)]
    assert "invalid instruction mnemonic 'bogus'" in errors[0].message
    (warning,) = [diagnostic for diagnostic in made.diagnostics if diagnostic.severity == "warning"]
    assert (warning.line, warning.message) == (5, "é careful")
    assert {diagnostic.code for diagnostic in made.diagnostics} == {"asm"}


def test_a_warning_alone_does_not_keep_the_object_back(on_x86: LLVM) -> None:
    made = on_x86.assemble('.warning "look"\nf: retq\n', X86)
    assert made.object is not None
    assert made.diagnostics == (Diagnostic(0, 0, "look", "warning", "asm"),)


def test_an_error_in_a_macro_stands_on_the_line_of_its_definition(on_x86: LLVM) -> None:
    made = on_x86.assemble(".macro twice\n  bogus\n.endm\nf:\n twice\n retq\n", X86)
    assert [diagnostic.line for diagnostic in made.diagnostics] == [1]


def test_a_lost_condition_does_not_breed_errors(on_x86: LLVM) -> None:
    made = on_x86.assemble("f: retq\n.if undefined_thing\n retq\n.endif\n", X86)
    assert [diagnostic.line for diagnostic in made.diagnostics] == [1]


def test_an_error_found_at_the_end_of_the_file_has_its_line(on_x86: LLVM) -> None:
    made = on_x86.assemble("f:\n retq\n .long a - b\n", X86)
    assert [(diagnostic.line, diagnostic.severity) for diagnostic in made.diagnostics] == [(2, "error")]


def test_a_nul_byte_is_an_error_at_its_place(llvm: LLVM) -> None:
    for triple in (X86, A64):
        made = llvm.assemble("f:\n ret\n\0\n", triple)
        assert made.object is None
        assert [(diagnostic.line, diagnostic.code) for diagnostic in made.diagnostics] == [(2, "nul-byte")]


def test_many_errors_are_bounded(on_x86: LLVM) -> None:
    made = on_x86.assemble("bogus\n" * 500, X86)
    assert made.object is None
    assert 1 < len(made.diagnostics) <= 25


def test_where_the_system_cannot_fork_the_first_error_is_found(
    on_x86: LLVM, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_CAN_FORK", False)
    monkeypatch.setattr(assemblers, "find_gnu", lambda triple: [])
    (diagnostic,) = on_x86.assemble(BROKEN, X86).diagnostics
    assert (diagnostic.line, diagnostic.column, diagnostic.severity) == (2, 1, "error")
    assert on_x86.assemble(ATT, X86).object is not None


def test_an_assembler_that_is_killed_costs_one_answer(on_x86: LLVM) -> None:
    for text, words in (
        ("a: .space 60000000, 7\nb: .space (b-a)*50, 7\n", "it ran out of memory"),
        ("a = " + "(" * 200_000, "SIGSEGV"),
    ):
        with LLVM(workers=1, memory_limit_mb=256) as small:
            with pytest.raises(LLVMStopped, match=f"LLVM stopped on this input: {words}"):
                small.assemble(text, X86)
            assert small.assemble(ATT, X86).object is not None


# --- the other target --------------------------------------------------------------------------------------


def _tools_for_arm() -> list[Assembler]:
    found = assemblers.find(A64)
    if not found:
        missing = "no assembler for AArch64 (on Debian and Ubuntu: apt-get install llvm-19)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def test_the_other_target_is_assembled_by_an_installed_tool(on_x86: LLVM) -> None:
    tools = _tools_for_arm()
    made = on_x86.assemble(ARM, A64)
    assert made.object is not None
    assert on_x86.size(made.object).functions == {"f": 16}
    assert made.by in {tool.name for tool in tools}


def test_each_installed_tool_says_the_same_of_the_same_text() -> None:
    broken = ARM.replace("\tret\n", "\tbogus x0\n\tret\n\talso_bogus\n")
    for tool in _tools_for_arm():
        with LLVM(workers=1, assembler=tool.path) as chosen:
            good = chosen.assemble(ARM, A64)
            assert good.by == tool.name
            assert good.object is not None
            assert chosen.size(good.object).functions == {"f": 16}
            bad = chosen.assemble(broken, A64)
            assert bad.object is None
            assert [diagnostic.line for diagnostic in bad.diagnostics] == [6, 8], tool


def test_with_no_tool_the_user_is_told_what_to_install(on_x86: LLVM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemblers, "_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(
        Unrunnable, match=r"No assembler for aarch64.*apt-get install.*setting `llvm.assembler`"
    ):
        on_x86.assemble(ARM, A64)


def _program(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


_GNU_VERSION = """if [ "$1" = --version ]; then
  echo 'GNU assembler (GNU Binutils) 2.40'
  echo "This assembler was configured for a target of \\`aarch64-linux-gnu'."
  exit 0
fi
echo '{standard input}:1: Error: this is not my language' >&2; exit 1"""


def test_the_program_of_the_setting_assembles_what_llvmlite_could(on_x86: LLVM, tmp_path: Path) -> None:
    mine = _program(
        tmp_path / "llvm-mc",
        "if [ $1 = --version ]; then echo 'LLVM version 19.1.7'; else\n"
        "echo '<stdin>:1:2: error: mine says no' >&2; exit 1; fi",
    )
    with LLVM(workers=1, assembler=mine) as chosen:
        made = chosen.assemble(ATT, X86)
        assert (made.object, made.by) == (None, "llvm-mc 19.1.7")
        assert [(found.line, found.message) for found in made.diagnostics] == [(0, "mine says no")]
        assert chosen.versions()["assemblers"]["x86_64"][0] == f"llvm-mc 19.1.7 ({mine})"


def test_a_gnu_as_for_another_target_is_not_asked(on_x86: LLVM, tmp_path: Path) -> None:
    arm = _program(tmp_path / "as", _GNU_VERSION)
    with LLVM(workers=1, assembler=arm) as chosen:
        made = chosen.assemble(ATT, X86)
        assert made.diagnostics == ()
        assert made.by.startswith("llvmlite")
        assert "not my language" in chosen.assemble(ARM, A64).diagnostics[0].message


@pytest.mark.parametrize("triple", [X86, A64])
def test_a_setting_that_names_no_assembler_is_said(on_x86: LLVM, tmp_path: Path, triple: str) -> None:
    for name in (str(tmp_path / "nowhere"), "no-such-assembler", _program(tmp_path / "clang", "exit 3")):
        with LLVM(workers=1, assembler=name) as wrong, pytest.raises(Unrunnable) as said:
            wrong.assemble(ATT, triple)
        assert str(said.value).startswith(f"{name}, which the setting `llvm.assembler` names, cannot be used")
        assert str(said.value).endswith("Name an llvm-mc, clang or GNU as.")


@pytest.mark.parametrize(
    ("triple", "expected"),
    [("arm64-apple-macosx", "aarch64"), ("x86_64-pc-linux-gnu", "x86_64"), ("amd64", "x86_64"), ("", "")],
)
def test_architectures_have_one_spelling(triple: str, expected: str) -> None:
    assert architecture(triple) == expected

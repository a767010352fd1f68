"""No text makes an assembler or LLVM open a file, by whatever door: tried with the real ones, on every spelling known."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.asm_attacks import ATTACKS, HARMLESS

from irlens.asm.file_directives import find
from irlens.errors import LLVMRefused, UnusableInput
from irlens.llvm import assemblers, opt
from irlens.llvm.assemblers import Assembler
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import LlvmliteCompiler, OptCompiler
from irlens.llvm.mca import Mca

X86 = "x86_64-unknown-linux-gnu"
A64 = "aarch64-unknown-linux-gnu"
BAIT = '.ascii "THE SECRET"\n'
BOMB = ".rept 100000000\nnop\n.endr\n"
IR = 'target triple = "x86_64-unknown-linux-gnu"\ndefine void @f() {\n  ret void\n}\n'
BPF = """target triple = "bpfel"
define i32 @f(i32 %a) !dbg !4 {
  %b = add i32 %a, 1, !dbg !6
  ret i32 %b, !dbg !6
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "@PLACE@", directory: "/")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!4 = distinct !DISubprogram(name: "f", file: !1, type: !5, unit: !0, spFlags: DISPFlagDefinition)
!5 = !DISubroutineType(types: !{null})
!6 = !DILocation(line: 1, scope: !4)
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def _programs() -> list[list[str]]:
    """What assembles x86-64 here, each as a command that reads standard input and writes out.o."""
    found = [["as", "--64", "-o", "out.o", "-"]] if shutil.which("as") else []
    for tool in assemblers.find(X86):
        if tool.kind != "GNU as":
            found.append(assemblers._command(tool, X86))
            if tool.kind == "llvm-mc":
                found.append(assemblers._command(tool, "x86_64-apple-darwin"))
    return found


def test_what_a_real_assembler_reads_is_found(tmp_path: Path) -> None:
    """The oracle of the list of spellings: each of them opens the bait with some assembler, and is found."""
    (tmp_path / "bait").write_text(BAIT)
    opened = set()
    for command in _programs():
        output = tmp_path / command[command.index("-o") + 1]
        for name, text in (*ATTACKS.items(), *HARMLESS.items()):
            output.unlink(missing_ok=True)
            said = subprocess.run(
                command, input=text.encode(), cwd=tmp_path, capture_output=True, check=False
            ).stderr
            made = output.read_bytes() if output.is_file() else b""
            if b"THE SECRET" in made + said:
                opened.add(name)
                assert find(text), name
    if any(command[0] == "as" for command in _programs()) and len(_programs()) > 1:
        assert set(ATTACKS) - opened == set()


@pytest.mark.parametrize("name", ATTACKS)
def test_the_client_refuses_it(
    llvm: LLVM, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bait").write_text(BAIT)
    bait = str(tmp_path / "bait")
    for triple in (X86, A64):
        made = llvm.assemble(ATTACKS[name].replace('"bait"', f'"{bait}"'), triple, built_in=True)
        assert made.object is None
        assert made.by == "irlens"
        assert {each.code for each in made.diagnostics if each.severity == "error"} == {"file-directive"}
        assert not any("SECRET" in each.message for each in made.diagnostics)
        with pytest.raises(UnusableInput, match="says irlens"):
            llvm.object_of(ATTACKS[name].replace('"bait"', f'"{bait}"'), triple)


def test_a_bomb_is_refused_at_its_line(llvm: LLVM) -> None:
    for triple in (X86, A64):
        (found,) = llvm.assemble("\tnop\n" + BOMB, triple, built_in=True).diagnostics
        assert (found.line, found.severity, found.code) == (1, "error", "asm-too-large")


def test_no_tool_is_started_on_it(tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = tmp_path / "llvm-mc"
    program.write_text(f"#!/bin/sh\ntouch {started}\n")
    program.chmod(0o755)
    tool = Assembler("llvm-mc", str(program), "19.0.0")
    for text in (ATTACKS["plain"], BOMB):
        made = assemblers.assemble(tool, text.encode(), X86, limit_s=10, memory_bytes=0, cancel=None)
        assert made is not None
        assert made.object is None
    assert not started.exists()


@pytest.mark.parametrize(
    "assembly",
    [
        'module asm ".incbin \\22@PLACE@\\22"\n',
        'module asm "\\2Eincbi\\6E \\22@PLACE@\\22"\n',
        'define void @g() {\n  call void asm sideeffect ".incbin \\22@PLACE@\\22", ""()\n  ret void\n}\n',
        '@"\\2Eincbin" = global i32 0\ndefine void @g() {\n'
        '  call void asm sideeffect "${0:c} \\22@PLACE@\\22", "i"(ptr @"\\2Eincbin")\n  ret void\n}\n',
    ],
    ids=["module", "escaped", "inline", "operand"],
)
def test_a_module_with_assembly_that_reads_is_compiled_by_nobody(
    llvm: LLVM, tmp_path: Path, assembly: str
) -> None:
    (tmp_path / "bait").write_text(BAIT)
    ir = IR + assembly.replace("@PLACE@", str(tmp_path / "bait"))
    parsed = llvm.parse(ir)
    assert parsed.verified
    (found,) = parsed.diagnostics
    assert (found.severity, found.code) == ("warning", "file-directive")
    assert "asm" in ir.splitlines()[found.line]
    for job in (
        lambda: llvm.emit_object(ir),
        lambda: llvm.lower(ir),
        lambda: llvm.run_passes(ir, "function(sroa)"),
        lambda: llvm.run_passes(ir, "thinlto-pre-link<O2>"),
        lambda: llvm.dump_passes(ir, "function(sroa)", "f"),
        lambda: llvm.signatures(ir, "f"),
        lambda: LlvmliteCompiler(llvm).run(ir, "function(sroa)"),
    ):
        with pytest.raises(LLVMRefused, match="irlens does not compile this module"):
            job()
    (measured,) = LlvmliteCompiler(llvm).measure(ir.encode(), ["function(sroa)"])
    assert measured.how == "refused"
    outline = llvm.outline(ir)  # counting compiles nothing
    assert outline.sizes is None
    assert outline.functions[0].name == "f"
    tool = opt.usable()
    if tool is not None:
        with pytest.raises(LLVMRefused, match="irlens does not compile this module"):
            OptCompiler(llvm, tool).run(ir, "lowertypetests")
    with pytest.raises(LLVMRefused, match="opens a file"):
        Mca("/nowhere/llvm-mca", "/nowhere/llc", "19").cycles(ir)


def test_bpf_reads_no_source_files(llvm: LLVM, tmp_path: Path) -> None:
    source = tmp_path / "source.c"
    source.write_text("THE SECRET\n")
    ir = BPF.replace("@PLACE@", str(source))
    assert llvm.parse(ir).verified
    for triple in (None, "bpf", "bpfeb"):
        with pytest.raises(LLVMRefused, match="BPF reads the source files"):
            llvm.emit_object(ir, triple)
        with pytest.raises(LLVMRefused, match="BPF reads the source files"):
            llvm.lower(ir, triple)
    assert LlvmliteCompiler(llvm).measure(ir.encode(), [""])[0].how == "refused"
    assert llvm.emit_object(ir.replace('"bpfel"', f'"{X86}"'))
    assert llvm.emit_object(IR.replace(X86, "bpfel"))


def test_a_list_of_files_to_write_goes_nowhere(llvm: LLVM) -> None:
    ir = IR + '!llvm.gcov = !{!0}\n!0 = !{!"/tmp/x", !"/tmp/y", !1}\n!1 = !{}\n'
    assert "gcov" not in llvm.run_passes(ir, "function(sroa)").ir
    tool = opt.usable()
    if tool is not None:
        assert "gcov" not in OptCompiler(llvm, tool).run(ir, "verify")

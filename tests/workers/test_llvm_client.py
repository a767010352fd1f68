"""Every operation of the LLVM client on real workers: what it answers, and where it places what is wrong."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.errors import LLVMRefused
from irlens.llvm.client import LLVM
from irlens.llvm.objects import NotAnObject, sizes

X86 = "x86_64-unknown-linux-gnu"
A64 = "aarch64-unknown-linux-gnu"

ADD = "define i32 @add(i32 %a, i32 %b) {\n  %r = add i32 %a, %b\n  ret i32 %r\n}\n"

DATA = """@zeros = global [100 x i8] zeroinitializer
@numbers = global [3 x i32] [i32 1, i32 2, i32 3]
@constant = constant [5 x i8] c"abcd\\00"
@thread = thread_local global i32 0
@pointer = constant ptr @numbers
define ptr @where() uwtable {
  ret ptr @zeros
}
define internal i32 @hidden(i32 %a) noinline {
  ret i32 %a
}
define i32 @calls(i32 %a) uwtable {
  %r = call i32 @hidden(i32 %a)
  %s = add i32 %r, 1
  ret i32 %s
}
"""

PAPER = """define dso_local i32 @add_two(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, ptr %3, align 4
  store i32 %1, ptr %4, align 4
  %5 = load i32, ptr %3, align 4
  %6 = load i32, ptr %4, align 4
  %7 = add nsw i32 %5, %6
  ret i32 %7
}
attributes #0 = { minsize nounwind optsize uwtable }
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def test_good_ir_has_no_diagnostics(llvm: LLVM) -> None:
    parsed = llvm.parse(ADD)
    assert (parsed.parsed, parsed.verified, parsed.diagnostics) == (True, True, ())


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_parse_error_has_its_line_and_byte_column(llvm: LLVM, line_end: str) -> None:
    text = line_end.join(["; 😀 first", 'define i32 @"é😀"() { ret i64 0', "}", ""])
    parsed = llvm.parse(text)
    (diagnostic,) = parsed.diagnostics
    assert not parsed.parsed
    assert diagnostic.code == "llvm-parse"
    assert diagnostic.line == 1
    assert diagnostic.column == len('define i32 @"é😀"() { ret '.encode())
    assert "i32" in diagnostic.message


def test_verifier_errors_are_placed_in_their_own_function(llvm: LLVM) -> None:
    body = """define i32 @NAME(i1 %c) {
  br i1 %c, label %x, label %z
x:
  %v = add i32 1, 2
  br label %z
z:
  %w = add i32 %v, 2 ; uses %v
  ret i32 %w
}
"""
    text = body.replace("NAME", "first") + body.replace("NAME", "second")
    parsed = llvm.parse(text)
    assert parsed.parsed
    assert not parsed.verified
    assert [diagnostic.line for diagnostic in parsed.diagnostics] == [6, 15]
    assert {diagnostic.column for diagnostic in parsed.diagnostics} == {2}
    assert all("dominate" in diagnostic.message for diagnostic in parsed.diagnostics)
    lines = text.split("\n")
    assert [lines[diagnostic.definition or 0].strip() for diagnostic in parsed.diagnostics] == [
        "%v = add i32 1, 2"
    ] * 2
    assert len({diagnostic.definition for diagnostic in parsed.diagnostics}) == 2
    assert {diagnostic.code for diagnostic in parsed.diagnostics} == {"llvm-verify"}


def test_a_verifier_error_about_a_global_stands_on_its_definition(llvm: LLVM) -> None:
    parsed = llvm.parse("; a comment\n\ndefine void @f(i32 byval(i32) %x) {\n  ret void\n}\n")
    (diagnostic,) = parsed.diagnostics
    assert (diagnostic.line, diagnostic.column) == (2, 0)


def test_what_llvm_drops_while_parsing_is_a_warning(llvm: LLVM) -> None:
    flags = '!llvm.module.flags = !{!0}\n!0 = !{i32 2, !"Debug Info Version", i32 1}\n'
    unit = "!llvm.dbg.cu = !{!1}\n!1 = distinct !DICompileUnit(language: DW_LANG_C99, file: !2)\n"
    parsed = llvm.parse(flags + unit + '!2 = !DIFile(filename: "a.c", directory: "/")\n')
    assert parsed.verified
    (diagnostic,) = parsed.diagnostics
    assert diagnostic.severity == "warning"
    assert "debug info" in diagnostic.message
    assert llvm.parse(ADD).diagnostics == ()


def test_text_after_a_nul_byte_is_not_silently_dropped(llvm: LLVM) -> None:
    text = ADD + "; é\0\nnot IR at all\n"
    (diagnostic,) = llvm.parse(text).diagnostics
    assert (diagnostic.code, diagnostic.line, diagnostic.column) == ("nul-byte", 4, 4)
    with pytest.raises(LLVMRefused) as refused:
        llvm.emit_object(text)
    assert refused.value.diagnostics == (diagnostic,)


def test_bytes_that_are_no_utf8_are_llvms_to_judge(llvm: LLVM) -> None:
    assert llvm.parse(b"; \xff\xfe in a comment\n" + ADD.encode()).verified
    (diagnostic,) = llvm.parse(b"@x = global i32 \xff").diagnostics
    assert (diagnostic.line, diagnostic.column) == (0, 16)


def test_the_same_text_gives_the_same_names_each_time(llvm: LLVM) -> None:
    text = "%struct.foo = type { i32, i64 }\ndefine i64 @f(ptr %p) {\n"
    text += (
        "  %q = getelementptr %struct.foo, ptr %p, i32 0, i32 1\n  %v = load i64, ptr %q\n  ret i64 %v\n}\n"
    )
    printed = {llvm.run_passes(text, "verify").ir for _ in range(3)}
    assert len(printed) == 1
    assert "%struct.foo = type" in printed.pop()


@pytest.mark.parametrize("triple", [X86, A64])
def test_outline_counts_and_measures_each_function(llvm: LLVM, triple: str) -> None:
    outline = llvm.outline(DATA, triple)
    assert [facts.name for facts in outline.functions] == ["where", "hidden", "calls"]
    assert [facts.instructions for facts in outline.functions] == [1, 1, 3]
    assert [facts.blocks for facts in outline.functions] == [1, 1, 1]
    assert outline.instructions == 5
    assert outline.sizes is not None
    measured = llvm.size(llvm.emit_object(DATA, triple))
    assert outline.sizes == measured
    assert all(facts.bytes == measured.functions[facts.name] > 0 for facts in outline.functions)


def test_outline_of_a_module_that_cannot_be_lowered_still_counts(llvm: LLVM) -> None:
    outline = llvm.outline(
        "declare i32 @llvm.aarch64.crc32b(i32, i32)\ndefine i32 @f(i32 %a) {\n"
        "  %r = call i32 @llvm.aarch64.crc32b(i32 %a, i32 1)\n  ret i32 %r\n}\n",
        X86,
    )
    assert (outline.functions[0].instructions, outline.functions[0].bytes) == (2, None)
    assert outline.sizes is None
    assert "crc32b" in outline.why


def test_outline_keeps_the_triple_as_written_and_lowers_for_it(llvm: LLVM) -> None:
    outline = llvm.outline(f'target triple = "{A64}"\n' + ADD)
    assert outline.triple == A64
    assert outline.functions[0].bytes == 8
    assert llvm.outline(ADD).triple == ""


def test_lower_speaks_both_assemblies(llvm: LLVM) -> None:
    assert "leal\t(%rdi,%rsi), %eax" in llvm.lower(ADD, X86)
    assert "add\tw0, w0, w1" in llvm.lower(ADD, A64)
    assert llvm.lower(ADD, X86, opt_level=0) != llvm.lower(ADD, X86, opt_level=2)


def test_code_is_where_a_compiler_puts_it(llvm: LLVM) -> None:
    measured = llvm.size(llvm.emit_object(DATA, X86))
    assert measured.sections[".text"] > 0
    assert ".ltext" not in measured.sections
    assert (measured.sections[".bss"], measured.sections[".data"]) == (100, 12)


def test_a_target_that_llvm_does_not_know_is_refused(llvm: LLVM) -> None:
    with pytest.raises(LLVMRefused, match=r"no code generator for the target 'pdp11'.*Name another"):
        llvm.lower(ADD, "pdp11")


def test_ir_that_does_not_verify_is_not_lowered(llvm: LLVM) -> None:
    with pytest.raises(LLVMRefused, match="verifier") as refused:
        llvm.emit_object("define void @f(i32 byval(i32) %x) {\n  ret void\n}\n")
    assert refused.value.diagnostics[0].line == 0


def test_bad_inline_assembly_is_a_refusal_at_its_line(llvm: LLVM) -> None:
    text = 'define void @f() {\n  call void asm sideeffect "bogus %eax", ""()\n  ret void\n}\n'
    with pytest.raises(LLVMRefused, match=r"line 2: inline assembly: .*bogus") as refused:
        llvm.emit_object(text, X86)
    assert [diagnostic.line for diagnostic in refused.value.diagnostics] == [1]
    assert llvm.parse(text).verified


@pytest.mark.parametrize("triple", [X86, A64])
@pytest.mark.parametrize("ir", [ADD, DATA, PAPER], ids=["add", "data", "paper"])
def test_sizes_are_those_of_binutils(llvm: LLVM, tmp_path: Path, triple: str, ir: str) -> None:
    if shutil.which("size") is None:
        pytest.skip("binutils are not installed")
    file = tmp_path / "object.o"
    file.write_bytes(llvm.emit_object(ir, triple))
    _compare_with_binutils(file)


def test_sizes_of_the_systems_own_objects_are_those_of_binutils() -> None:
    if shutil.which("size") is None:
        pytest.skip("binutils are not installed")
    files = sorted(Path("/usr/lib").glob("*-linux-gnu/*crt*.o"))
    if not files:
        pytest.skip("no system objects to measure")
    for file in files:
        _compare_with_binutils(file)


def _compare_with_binutils(file: Path) -> None:
    printed = subprocess.run(["size", str(file)], capture_output=True, text=True, check=True).stdout
    text, data, bss = map(int, printed.splitlines()[1].split()[:3])
    ours = sizes(file.read_bytes())
    assert (ours.text, ours.data, ours.bss) == (text, data, bss), file


def test_the_papers_example_has_the_papers_sizes(llvm: LLVM) -> None:
    """The size of the object at -O0 code generation: 17 bytes of code and 48 of .eh_frame before, 5 and 48
    after -Oz, as the paper on LLM Compiler prints for its example."""
    before = llvm.size(llvm.emit_object(PAPER, X86, opt_level=0))
    run = llvm.run_passes(PAPER, "module(default<Oz>)")
    after = llvm.size(llvm.emit_object(run.ir, X86, opt_level=0))
    assert (before.functions["add_two"], before.total) == (17, 65)
    assert (after.functions["add_two"], after.total) == (5, 53)
    assert llvm.outline(PAPER).instructions == 8
    assert llvm.outline(run.ir).instructions == 2


def test_what_is_no_object_is_refused(llvm: LLVM) -> None:
    for data in (b"", b"not an object", b"\x7fELF" + b"\xff" * 60, llvm.emit_object(ADD, X86)[:200]):
        with pytest.raises(LLVMRefused):
            llvm.size(data)
        with pytest.raises(NotAnObject):
            sizes(data)


def test_versions_say_what_is_at_hand(llvm: LLVM) -> None:
    about = llvm.versions()
    assert about["llvmlite"].startswith("0.50")
    assert about["llvm"].startswith("22.")
    assert all(set(found) == {"path", "version", "usable", "why_not"} for found in about["opt"])
    assert set(about["assemblers"]) == {"x86_64", "aarch64"}
    host = about["host"].partition("-")[0]
    assert about["assemblers"][host][0].startswith("llvmlite")


def test_empty_text_is_an_empty_module(llvm: LLVM) -> None:
    assert llvm.parse("").verified
    assert llvm.outline("").functions == ()

"""IR that is no IR, tests of several files, functions that no pass changes, lines of machine code."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.asm.marks import marked
from irlens.assist.diagnose import module_findings
from irlens.ir.kind import other_kind, written_by
from irlens.ir.optnone import optnone_functions, words
from irlens.source.split_file import MOST_PARTS, parts

if TYPE_CHECKING:
    from irlens.llvm.client import LLVM

KINDS = {
    "MLIR": "// a comment\nmodule {\n  func.func @f() {\n    return\n  }\n}\n",
    "MLIR, with attributes": 'module @m attributes {llvm.target_triple = "x86_64"} {\n}\n',
    "MLIR, a function": "func.func @f(%a: i32) -> i32 {\n  return %a : i32\n}\n",
    "machine IR": "# RUN: llc %s\n--- |\n  define void @f() {\n    ret void\n  }\n...\n---\nname: f\nbody: |\n  bb.0:\n",
    "LLVM bitcode": "BC\xc0\xde5\x14",
    "LLVM bitcode, decoded": "BC\udcc0\udcde5\x14",
    "assembly": '\t.file "a.c"\n\t.text\nf:\n\tret\n',
    "C or C++": "#include <stdio.h>\nint main(void) { return 0; }\n",
}
IR = [
    "define void @f() {\n  ret void\n}\n",
    "; ModuleID = 'x'\nsource_filename = \"x\"\n",
    '^0 = module: (path: "c.o")\n',
    'module asm ".text"\n',
    "%T = type { i32 }\n",
    "",
    "; only a comment\n",
]


@pytest.mark.parametrize("name", KINDS)
def test_what_is_no_ir_is_told_by_its_name(name: str) -> None:
    text = KINDS[name].replace("# RUN: llc %s\n", "")
    assert other_kind(text).startswith(name.partition(",")[0])
    assert other_kind(text.replace("\n", "\r\n")) == other_kind(text)


@pytest.mark.parametrize("text", IR)
def test_ir_is_ir(text: str) -> None:
    assert other_kind(text) == ""


@given(st.text())
def test_any_text(text: str) -> None:
    assert isinstance(other_kind(text), str)
    assert isinstance(written_by(text), str)
    assert isinstance(optnone_functions(text), tuple)
    assert isinstance(parts(text), tuple)


SPLIT = "; RUN: split-file %s %t\n;--- a.ll\ndefine void @f() {\n  ret void\n}\n//--- sub/b.s\nf: ret\n;--- c.txt\nx\n"


def test_a_split_file_has_parts_with_the_lines_of_the_whole() -> None:
    found = parts(SPLIT)
    assert [part.name for part in found] == ["a.ll", "sub/b.s", "c.txt"]
    whole = SPLIT.split("\n")
    for part in found:
        for number, line in enumerate(part.text.split("\n")):
            assert line in ("", whole[number])
    assert "define void @f() {" in found[0].text
    assert "f: ret" not in found[0].text


def test_many_parts_take_no_more_room_than_the_file() -> None:
    text = "; RUN: split-file %s %t\n" + ";--- a.ll\n" * 100_000
    tracemalloc.start()
    found = parts(text)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == MOST_PARTS + 1  # the last is told as the first that is not read
    assert most < 64 << 20
    assert found[-1].line == MOST_PARTS + 1
    assert found[-1].text.count("\n") == MOST_PARTS + 2


def test_the_first_part_that_is_not_read_is_told() -> None:
    text = "; RUN: split-file %s %t\n" + ";--- a.txt\n" * (MOST_PARTS + 3)
    (finding,) = module_findings(text, cast("LLVM", None))  # no part is IR, so nothing is asked
    assert (finding.line, finding.code) == (MOST_PARTS + 1, "unread-parts")
    assert module_findings(text.replace(";--- a.txt\n", "", 3), cast("LLVM", None)) == []


def test_the_same_comments_elsewhere_take_nothing_apart() -> None:
    assert parts(SPLIT.replace("; RUN: split-file", "; see split-file")) == ()
    assert parts("; RUN: split-file %s %t\ndefine void @f() {\n}\n") == ()


OPTNONE = """define i32 @"a b"(i32 %x) #0 {
  ret i32 %x
}
define void @inline() optnone noinline {
  ret void
}
define void @free() "optnone" #1 {
  ret void
}
declare void @far() #0
attributes #0 = { noinline nounwind optnone "x"="optnone" }
attributes #1 = { nounwind "why"="optnone" }
"""


def test_functions_that_no_pass_changes() -> None:
    assert optnone_functions(OPTNONE) == ("a b", "inline")
    assert words(OPTNONE).startswith("@a b and 1 more function are optnone")
    assert "-disable-O0-optnone" in words(OPTNONE)
    assert words("define void @f() {\n  ret void\n}\n") == ""


ASM = "\t.text\nf:\n\tmovq %rdi, %rax\n\t.p2align 4\n.L1:\tret\n\t.size f, .-f\n"


def test_marks_stand_before_instructions_only() -> None:
    found = marked(ASM, "f")
    assert found is not None
    assert found.lines == (2, 4)
    assert found.text.split("\n")[4] == ".Lirlens_mark4: .L1:\tret"
    assert found.line_at((0, 16), 3) == 2
    assert found.line_at((0, 16), 16) == 4
    assert found.line_at((0,), 0) is None, "numbers of another text"
    assert marked(ASM, "g") is None

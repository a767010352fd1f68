"""The built-in AArch64 assembler: the same code as LLVM's own, on a host that has no assembler for it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from elftools.elf.elffile import ELFFile

from irlens.llvm import assemblers
from irlens.llvm.client import LLVM

AARCH64 = "aarch64-unknown-linux-gnu"

IR = """
@table = external global [4 x ptr]
@word = private unnamed_addr constant [4 x i8] c"abc\\00"
declare void @sink(ptr)
declare i64 @source(i64)

define i64 @walk(ptr %p, i64 %n, i32 %kind) {
entry:
  switch i32 %kind, label %other [ i32 0, label %a  i32 1, label %b  i32 2, label %c  i32 3, label %d ]
a:
  call void @sink(ptr @word)
  br label %other
b:
  %v = load i64, ptr getelementptr (i8, ptr @table, i64 8)
  ret i64 %v
c:
  %w = load i8, ptr %p
  %z = icmp eq i8 %w, 7
  br i1 %z, label %other, label %d
d:
  %r = tail call i64 @source(i64 %n)
  ret i64 %r
other:
  %i = phi i64 [ 0, %entry ], [ 1, %a ], [ 2, %c ], [ %next, %other ]
  %next = add i64 %i, 3
  %more = icmp ult i64 %next, %n
  br i1 %more, label %other, label %done
done:
  ret i64 %next
}

define double @scale(double %x) {
  %y = fmul double %x, 3.25
  ret double %y
}
"""


@pytest.fixture
def llvm(monkeypatch: pytest.MonkeyPatch) -> Iterator[LLVM]:
    monkeypatch.setattr(assemblers, "find", lambda triple: [])
    with LLVM(workers=1) as client:
        if assemblers.architecture(client.versions()["host"]) != "x86_64":
            pytest.skip("this host assembles AArch64 itself, or keystone is not there")
        yield client


def code_and_relocations(object_file: bytes) -> tuple[dict[str, bytes], set[tuple[object, ...]]]:
    """Bytes of the sections that are loaded, and relocations with file-local symbols as section and offset."""
    elf = ELFFile(io.BytesIO(object_file))
    assert elf["e_machine"] == "EM_AARCH64"
    sections = {
        section.name: section.data()
        for section in elf.iter_sections()
        if section["sh_flags"] & 2 and section["sh_size"] and section.name != ".eh_frame"
    }
    found = set()
    symbols = elf.get_section_by_name(".symtab")
    for section in elf.iter_sections():
        if section["sh_type"] != "SHT_RELA" or "eh_frame" in section.name:
            continue
        for relocation in section.iter_relocations():
            symbol = symbols.get_symbol(relocation["r_info_sym"])
            name, addend = symbol.name, relocation["r_addend"]
            if symbol["st_info"]["bind"] == "STB_LOCAL":
                name = elf.get_section(symbol["st_shndx"]).name
                addend += symbol["st_value"]
            found.add(
                (section.name, relocation["r_offset"], relocation["r_info_type"], name, addend),
            )
    return sections, found


@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_object_is_llvms_own(llvm: LLVM, level: int) -> None:
    text = llvm.lower(IR, AARCH64, opt_level=level)
    made = llvm.assemble(text, AARCH64, built_in=True)
    assert made.diagnostics == ()
    assert made.object is not None
    assert made.by.startswith("keystone")
    wanted = llvm.emit_object(IR, AARCH64, opt_level=level)
    sections, relocations = code_and_relocations(made.object)
    wanted_sections, wanted_relocations = code_and_relocations(wanted)
    assert sections == wanted_sections
    assert relocations == wanted_relocations
    assert len(relocations) > 4


def test_gcc_s_way_of_writing(llvm: LLVM) -> None:
    text = """\t.text
\t.align\t2
\t.p2align 4,,11
\t.global\tpick
\t.type\tpick, %function
pick:
\tadrp\tx1, .LANCHOR0
\tadd\tx1, x1, :lo12:.LANCHOR0
\tldr\tw0, [x1, #:lo12:.LANCHOR0 + 4]
\tbeq\t.L2
\tb .L2
.L2:
\tret
\t.size\tpick, .-pick
\t.data
.LANCHOR0:
\t.word\t7 - 2
\t.hword\t1
"""
    made = llvm.assemble(text, AARCH64, built_in=True)
    assert made.object is not None, made.diagnostics
    sections, _ = code_and_relocations(made.object)
    assert sections[".data"] == bytes([5, 0, 0, 0, 1, 0])
    assert len(sections[".text"]) == 24
    beq, b = (int.from_bytes(sections[".text"][at : at + 4], "little") for at in (12, 16))
    assert (beq >> 5 & 0x7FFFF, b & 0x3FFFFFF) == (2, 1)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("f:\n frobnicate x0\n", 1, "frobnicate"),
        (".macro m\n ret\n.endm\nf:\n m\n", 0, ".macro"),
        ("f:\n ldr x0, =0x12345678\n", 1, "literal pool"),
    ],
)
def test_what_it_cannot_read_is_named_by_line(llvm: LLVM, text: str, line: int, said: str) -> None:
    made = llvm.assemble(text, AARCH64, built_in=True)
    assert made.object is None
    assert made.diagnostics[0].line == line
    assert said in made.diagnostics[0].message

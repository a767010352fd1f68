"""What a lift may not bring besides its function."""

from __future__ import annotations

import pytest

from irlens.asm.symbols import defines_symbol
from irlens.ir.brings import Source, more_than

ASM = "\t.globl\tf\nf:\n\tret\ncounter:\n\t.long\t3\n\t.comm\troom,4,4\n\t.cfi_personality 155,DW.ref.__gxx_personality_v0\n"
F = "define i32 @f(i32 %x) {\n  ret i32 %x\n}\n"

REFUSED = {
    "@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] zeroinitializer\n" + F: "@llvm.global_ctors",
    "@llvm.used = appending global [1 x ptr] [ptr @x], section \"llvm.metadata\"\n" + F: "@llvm.used",
    F + "define ptr @malloc(i64 %n) {\n  ret ptr null\n}\n": "a definition of @malloc",
    F + 'define weak i32 @"\\6Dalloc"(i64 %n) {\n  ret i32 0\n}\n': "a definition of @malloc",
    F + "define linkonce_odr i32 @g() {\n  ret i32 0\n}\n": "a definition of @g",
    "@environ = global ptr null\n" + F: "a definition of @environ",
    "@x = common global i32 0\n" + F: "a definition of @x",
    "@p = internal global ptr @f, section \".init_array\"\n" + F: 'section ".init_array"',
    "@p = internal global ptr @f, section \".init_array,\\22aw\\22\"\n" + F: 'section ".init_array,\\22aw\\22"',
    "@p = private constant [2 x i8] c\"x\\00\", section \".ctors\", align 1\n" + F: 'section ".ctors"',
    F.replace(" {", ' section ".init_array" {'): 'section ".init_array"',
    F.replace(" {", ' section ".fini_array.1" {'): 'section ".fini_array.1"',
    F.replace(" {", ' section ".text,\\22ax\\22" {'): 'section ".text,\\22ax\\22"',
    F.replace(" {", ' partition "p" {'): 'partition "p"',
    F.replace(" {", " prefix i32 5 {"): "`prefix` on @f",
    F.replace(" {", " prologue i8 144 {"): "`prologue` on @f",
    F.replace(" {", ' gc "shadow-stack" {'): "`gc` on @f",
    F.replace(" {", " personality ptr @evil {"): "`personality` @evil",
    "@g = alias i32 (i32), ptr @f\n" + F: "@g, an alias",
    "@g = internal alias i32 (i32), ptr @f\n" + F: "@g, an alias",
    "@g = ifunc i32 (i32), ptr @f\n" + F: "@g, an alias",
    F + "!llvm.gcov = !{!0}\n!0 = !{!\"/etc/x\"}\n": "!llvm.gcov",
    F + "!llvm.linker.options = !{!0}\n": "!llvm.linker.options",
    F + "!llvm.dependent-libraries = !{!0}\n": "!llvm.dependent-libraries",
    "module asm \".globl x\"\n" + F: "module asm",
    F.replace("ret i32 %x", "ret i32 %x, !pcsections !0"): "!pcsections",
}  # fmt: skip

TAKEN = [
    F,
    "@counter = dso_local global i32 3, align 4\n" + F,
    "@room = global i32 0\n" + F,
    "@room = external global i8, section \".init_array\"\n" + F,
    "@.str = private unnamed_addr constant [30 x i8] c\"ifunc alias, section .init_array\\00\", align 1\n" + F,
    "%alias = type { i32 }\n@t = internal global %alias zeroinitializer, section \".data.rel.ro\"\n" + F,
    F.replace(" {", ' section ".text.hot" prefix_like {').replace(" prefix_like", ""),
    F.replace(" {", " personality ptr @__gxx_personality_v0 {"),
    F.replace(" {", ' "probe-stack"="prologue gc" #0 {') + "attributes #0 = { nounwind }\n",
    F + "define internal i32 @helper(i32 %x) {\n  ret i32 %x\n}\n",
    F + "declare ptr @malloc(i64)\n!llvm.ident = !{!0}\n!llvm.module.flags = !{!0}\n!0 = !{!\"llvm.gcov\"}\n",
]  # fmt: skip


def source() -> Source:
    return Source(lambda name: defines_symbol(ASM, name), lambda name: name in ASM)


@pytest.mark.parametrize("ir", REFUSED, ids=REFUSED.values())
def test_what_would_run_or_replace_or_order_is_found(ir: str) -> None:
    assert more_than(ir, "f", source()) == REFUSED[ir]


@pytest.mark.parametrize("ir", TAKEN)
def test_a_function_and_its_data_are_all_it_may_be(ir: str) -> None:
    assert more_than(ir, "f", source()) == ""


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("f", True),
        ("counter", True),
        ("room", True),
        ("ret", False),
        ("oom", False),
        ("coun", False),
        ("__gxx_personality_v0", False),
    ],
)
def test_symbols_that_assembly_defines(name: str, is_there: bool) -> None:
    assert defines_symbol(ASM, name) is is_there


def test_other_ways_to_define_one() -> None:
    text = 'x = 5\n\t.set y, x\n a: b: nop; c: nop\n"a b": nop\n\t.lcomm z,8\n\tx2==3\n'
    assert [name for name in ("x", "y", "a", "b", "c", "a b", "z", "x2", "nop") if defines_symbol(text, name)] == [
        "x", "y", "a", "b", "c", "a b", "z",
    ]  # fmt: skip

"""What a lift may not bring besides its function."""

from __future__ import annotations

import pytest

from irlens.asm.symbols import defines_symbol
from irlens.ir.brings import Source, only

ASM = "\t.globl\tf\nf:\n\tret\ncounter:\n\t.long\t3\n\t.comm\troom,4,4\n\t.cfi_personality 155,DW.ref.__gxx_personality_v0\n"
F = "define i32 @f(i32 %x) {\n  ret i32 %x\n}\n"

REFUSED = {
    "@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] zeroinitializer\n" + F: "@llvm.global_ctors",
    "@\"llvm.used\" = appending global [1 x ptr] [ptr @x], section \"llvm.metadata\"\n" + F: "@llvm.used",
    F + "define ptr @malloc(i64 %n) {\n  ret ptr null\n}\n": "a definition of @malloc",
    F + 'define weak i32 @"\\6Dalloc"(i64 %n) {\n  ret i32 0\n}\n': "a definition of @malloc",
    F + "define linkonce_odr i32 @g() {\n  ret i32 0\n}\n": "a definition of @g",
    F + 'define "x"="@f(" ptr @malloc(i64 %n) {\n  ret ptr null\n}\n': "a definition of @malloc",
    F + 'define %"x @f(" @malloc(i64 %n) {\n  ret %"x @f(" zeroinitializer\n}\n': "a definition of @malloc",
    "@environ = global ptr null\n" + F: "a definition of @environ",
    "@x = common global i32 0\n" + F: "a definition of @x",
    "@p = internal global ptr @f, section \".init_array\"\n" + F: 'section ".init_array"',
    "@p = internal global ptr @f, section \".init_array,\\22aw\\22\"\n" + F: 'section ".init_array,\\22aw\\22"',
    "@p = private constant [2 x i8] c\"x\\00\", section \".ctors\", align 1\n" + F: 'section ".ctors"',
    '@p = internal global %"t c" { ptr @f }, section ".init_array"\n' + F: 'section ".init_array"',
    '@p = internal global ptr @f, section "__DATA,__const,mod_init_funcs"\n' + F: 'section "__DATA,__const,mod_init_funcs"',
    "@p = internal global ptr @f, partition \"p\"\n" + F: '`partition "p"` on @p',
    F.replace(" {", ' section ".init_array" {'): 'section ".init_array"',
    F.replace(" {", ' section ".fini_array.1" {'): 'section ".fini_array.1"',
    F.replace(" {", ' section ".text,\\22ax\\22" {'): 'section ".text,\\22ax\\22"',
    F.replace(" {", ' partition "p" {'): "`partition` on @f",
    F.replace(" {", " prefix i32 5 {"): "`prefix` on @f",
    F.replace(" {", " prologue i8 144 {"): "`prologue` on @f",
    F.replace(" {", ' gc "shadow-stack" {'): "`gc` on @f",
    F.replace(" {", " personality ptr @evil {"): "`personality` @evil on @f",
    F.replace(" {", " personality ptr inttoptr (i64 4198400 to ptr) {"): "`personality` on @f",
    F.replace(" {", " personality ptr getelementptr (i8, ptr @__gxx_personality_v0, i64 1) {"): "`personality` on @f",
    "@g = alias i32 (i32), ptr @f\n" + F: "@g, an alias",
    "@g = internal alias i32 (i32), ptr @f\n" + F: "@g, an alias",
    "@g = thread_local(initialexec) alias i32, ptr @counter\n" + F: "@g, an alias",
    "@g = ifunc i32 (i32), ptr @f\n" + F: "@g, an alias",
    "module asm \".globl x\"\n" + F: "module asm",
    F.replace("ret i32 %x", "call void @llvm.write_register.i64(metadata !0, i64 0)\n  ret i32 %x"):
        "`call void @llvm.write_register.i64(metadata !0, i64 0)`",
    "what is this\n" + F: "`what is this`",
}  # fmt: skip

TAKEN = [
    F,
    "@counter = dso_local global i32 3, align 4\n" + F,
    "@room = global i32 0\n" + F,
    "@room = external global i8\n" + F,
    "@.str = private unnamed_addr constant [30 x i8] c\"ifunc alias, section .init_array\\00\", align 1\n" + F,
    "%alias = type { i32 }\n@t = internal global %alias zeroinitializer, section \".data.rel.ro\"\n" + F,
    "@t = internal global <{ i8, [2 x i32] }> <{ i8 1, [2 x i32] [i32 1, i32 2] }>, align 1\n" + F,
    F.replace(" {", ' section ".text.hot" align 16 {'),
    F.replace(" {", " personality ptr @__gxx_personality_v0 {"),
    F.replace(" {", " local_unnamed_addr #0 align 32 {") + 'attributes #0 = { nounwind memory(none) "frame-pointer"="all" }\n',
    F + "define internal i32 @helper(i32 %x) {\n  ret i32 %x\n}\n",
    F + "declare ptr @malloc(i64) #0\n!llvm.ident = !{!0}\n!llvm.module.flags = !{!1}\n!0 = !{!\"llvm.gcov\"}\n"
    "!1 = !{i32 8, !\"PIC Level\", i32 2}\n",
    F.replace("ret i32 %x", "ret i32 %x, !prof !0, !range !1"),
    F.replace("ret i32 %x", 'call void @llvm.experimental(metadata !"round.tonearest")\n  ret i32 %x'),
    'define i32 @"a \\22b"(i32 %x) {\n  ret i32 %x\n}\n',
]  # fmt: skip
LEFT_OUT = {
    F + "!llvm.gcov = !{!0}\n!0 = !{!\"/etc/x\"}\n": F + "!0 = !{!\"/etc/x\"}\n",
    F + "!llvm.linker.options = !{!0}\n": F,
    F + "!llvm.dependent-libraries = !{!0}\n": F,
    F + "!llvm.module.flags = !{!0, !1}\n!0 = !{i32 1, !\"Objective-C Image Info Section\", !\".init_array\"}\n!1 = !{i32 8, "
    "!\"PIC Level\", i32 2}\n": F + "!llvm.module.flags = !{!1}\n!0 = !{i32 1, !\"Objective-C Image Info Section\", "
    "!\".init_array\"}\n!1 = !{i32 8, !\"PIC Level\", i32 2}\n",
    F.replace("ret i32 %x", "ret i32 %x, !pcsections !0, !range !1"): F.replace("ret i32 %x", "ret i32 %x, !range !1"),
    F.replace(" {", " !pcsections !0 !prof !1 {"): F.replace(" {", " !prof !1 {"),
    F.replace(" {", " comdat($_ZNSt6vectorIiE9push_backEi) {"): F,
    "$x = comdat any\n" + F.replace(" {", " comdat {"): F,
    "@t = internal global ptr @f, comdat($x), align 8\n" + F: "@t = internal global ptr @f, align 8\n" + F,
    "@t = internal global ptr @f #0\n" + F + 'attributes #0 = { "data-section"=".init_array" }\n':
        "@t = internal global ptr @f #0\n" + F + 'attributes #0 = { "none" }\n',
    F.replace(" {", " #0 {") + 'attributes #0 = { nounwind "implicit-section-name"=".init_array" "target-cpu"="x86-64" }\n':
        F.replace(" {", " #0 {") + 'attributes #0 = { nounwind "target-cpu"="x86-64" }\n',
    F.replace("  ret", "    #dbg_value(i32 %x, !1, !DIExpression(), !2)\n  ret"): F,
    F + "uselistorder ptr @f, { 1, 0 }\n^0 = module: (path: \"x\")\n": F,
}  # fmt: skip
"""What is left out of a module, and what then stays."""


def source() -> Source:
    return Source(lambda name: defines_symbol(ASM, name), lambda name: name in ASM)


@pytest.mark.parametrize("ir", REFUSED, ids=REFUSED.values())
def test_what_would_run_or_replace_is_refused(ir: str) -> None:
    assert only(ir.rstrip("\n"), "f", source()).refused == REFUSED[ir]


@pytest.mark.parametrize("ir", TAKEN)
def test_a_function_and_its_data_stay_as_they_are(ir: str) -> None:
    function = "f" if "@f(" in ir else 'a "b'
    found = only(ir.rstrip("\n"), function, source())
    assert (found.refused, found.ir) == ("", ir.rstrip("\n"))


@pytest.mark.parametrize("ir", LEFT_OUT)
def test_what_only_describes_or_orders_is_left_out(ir: str) -> None:
    found = only(ir.rstrip("\n"), "f", source())
    assert (found.refused, found.ir) == ("", LEFT_OUT[ir].rstrip("\n"))


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

"""How a mechanical lift reads: names, order of blocks, nothing twice, and the head of its file; text in, text out."""

from __future__ import annotations

import re

import pytest

from irlens.asm.labels import PREFIX, with_lasting_labels
from irlens.asm.marks import marked
from irlens.mechanical.lift import plain_declarations, sized
from irlens.mechanical.names import named, raw_label, raw_name, raw_step, register, type_of
from irlens.mechanical.once import once

RAW = """target triple = "x86_64-unknown-linux-gnu"

define i32 @f(ptr %a0, i32 %a1) {
b0.0_:
  %t1 = getelementptr i8, ptr %a0, i64 16
  %rax.5_ = load i32, ptr %t1, align 1
  %v7.not = icmp eq i32 %rax.5_, 0
  br i1 %v7.not, label %common.ret, label %b2.c_

b3.20_:                                           ; preds = %b2.c_
  %rax.90_ = call i32 @strlen(ptr %a0)
  br label %common.ret

b2.c_:                                            ; preds = %b0.0_
  %t4 = getelementptr i8, ptr %a0, i64 16
  %v9 = load i32, ptr %t4, align 1
  %rax.t5_ = zext i32 %v9 to i64
  %v10 = icmp ugt i64 %rax.t5_, 7
  br i1 %v10, label %b3.20_, label %common.ret

common.ret:                                       ; preds = %b0.0_, %b2.c_, %b3.20_
  %common.ret.op = phi i32 [ 0, %b0.0_ ], [ 1, %b2.c_ ], [ %rax.90_, %b3.20_ ]
  ret i32 %common.ret.op
}

declare i32 @strlen(ptr)
"""
NAMED = """target triple = "x86_64-unknown-linux-gnu"

define i32 @f(ptr %arg0, i32 %arg1) {
entry:
  %arg0.16 = getelementptr i8, ptr %arg0, i64 16
  %eax = load i32, ptr %arg0.16, align 1
  %cmp = icmp eq i32 %eax, 0
  br i1 %cmp, label %return, label %entry.1

entry.1:  ; preds = %entry
  %arg0.16.val = load i32, ptr %arg0.16, align 1
  %rax = zext i32 %arg0.16.val to i64
  %cmp_2 = icmp ugt i64 %rax, 7
  br i1 %cmp_2, label %L7, label %return

L7:  ; preds = %entry.1
  %strlen = call i32 @strlen(ptr %arg0)
  br label %return

return:  ; preds = %entry, %entry.1, %L7
  %result = phi i32 [ 0, %entry ], [ 1, %entry.1 ], [ %strlen, %L7 ]
  ret i32 %result
}

declare i32 @strlen(ptr)
"""


def test_values_have_the_names_of_registers_and_blocks_those_of_labels() -> None:
    assert named(once(RAW, "f"), "f", {0x20: ".L7"}) == NAMED


def test_what_is_not_there_is_left_alone() -> None:
    for text in ("", "define", "declare void @f()\n", RAW):
        assert named(text, "g", {}) == text
        assert once(text, "g") == text


def test_names_that_are_alike_stay_apart() -> None:
    """A label may be called as a value, a global or LLVM's own."""
    labels = {0xC: "eax", 0x20: "entry"}
    text = named(RAW, "f", labels)
    made = re.findall(r"^(?:  %)?([\w$.]+)(?: =|:)", text, re.MULTILINE)
    assert len(made) == len(set(made)), made
    assert text.count(" = ") == RAW.count(" = ")
    assert {"eax", "eax_2", "entry", "eax.1"} <= set(made)


@pytest.mark.parametrize(
    ("label", "shown"),
    [(".LBB2_3", "LBB2_3"), ("1", "L1"), ("..B1.4", "B1.4"), ("wei%rd", "wei_rd"), (".L$x", "L$x")],
)
def test_labels_are_llvms_to_write(label: str, shown: str) -> None:
    assert f"\n{shown}:" in named(RAW, "f", {0x20: label})


def test_a_cold_part_comes_last() -> None:
    text = RAW.replace("b2.c_", "b2.m40_")
    assert text != RAW
    blocks = re.findall(r"^([\w.]+):", named(text, "f", {0x20: "hot", -0x40: "f.cold"}), re.MULTILINE)
    assert blocks == ["entry", "hot", "f.cold", "return"]


def test_nothing_is_shared_that_may_differ() -> None:
    """Loads, calls, what stands on another way, and what has other poison flags."""
    text = """define void @f(ptr %p, i32 %x, i1 %c) {
e:
  %a = load i32, ptr %p
  %b = load i32, ptr %p
  %s = add nsw i32 %x, 1
  %t = add i32 %x, 1
  %g = call i32 @h()
  %i = call i32 @h()
  br i1 %c, label %l, label %r

l:
  %u = mul i32 %x, 3
  call void @use(i32 %u)
  br label %r

r:
  %v = mul i32 %x, 3
  call void @use(i32 %v)
  ret void
}
"""
    assert once(text, "f") == text
    again = text.replace("%v = mul i32 %x, 3", "%v = add nsw i32 %x, 1")
    assert once(again, "f") == text.replace("  %v = mul i32 %x, 3\n", "").replace("%v)", "%s)")


def test_what_follows_from_the_same_is_the_same() -> None:
    """A chain of repetitions goes with its head; a phi may name what stands behind it."""
    text = """define i64 @f(i32 %x) {
e:
  %a = zext i32 %x to i64
  %b = shl i64 %a, 2
  br label %l

l:
  %p = phi i64 [ 0, %e ], [ %d, %l ]
  %c = zext i32 %x to i64
  %d = shl i64 %c, 2
  %q = icmp eq i64 %p, %d
  br i1 %q, label %l, label %o

o:
  ret i64 %d
}
"""
    kept = once(text, "f")
    assert "%c" not in kept
    assert "%d" not in kept
    assert "[ %b, %l ]" in kept
    assert "ret i64 %b" in kept


def test_a_switch_keeps_its_cases() -> None:
    cases = "\n".join(f"    i32 {number}, label %{'l' if number % 3 else 'm'}" for number in range(20))
    text = f"define void @f(i32 %x) {{\ne:\n  switch i32 %x, label %l [\n{cases}\n  ]\n\nl:\n  ret void\n\nm:\n  ret void\n}}\n"
    shown = named(text, "f", {})
    pairs = re.findall(r"i32 (\d+), label %([\w.]+)", shown)
    assert {(int(number), label) for number, label in pairs if label != pairs[0][1] or number != "x"} == {
        (number, "entry.1" if number % 3 else "entry.2") for number in range(20)
    }
    assert max(len(line) for line in shown.split("\n")) < 100


@pytest.mark.parametrize(
    ("home", "kind", "name"),
    [
        ("rax", "i32", "eax"), ("rax", "ptr", "rax"), ("rax", "i8", "al"), ("rsi", "i8", "sil"), ("r9", "i16", "r9w"),
        ("x8", "i32", "w8"), ("x8", "i64", "x8"), ("x0", "i1", "w0"), ("v2", "double", "d2"), ("v2", "float", "s2"),
        ("xmm3", "double", "xmm3"), ("local_18", "i32", "local_18"),
    ],
)  # fmt: skip
def test_a_register_is_called_by_its_width(home: str, kind: str, name: str) -> None:
    assert register(home, kind) == name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("add nuw nsw i32 %a, 1", "i32"), ("load volatile ptr, ptr %p, align 1", "ptr"), ("icmp eq ptr %a, null", "i1"),
        ("trunc nuw i64 %a to i8", "i8"), ("select i1 %c, double %a, double %b", "double"), ("phi i64 [ 0, %e ]", "i64"),
        ("getelementptr i8, ptr %p, i64 4", "ptr"), ("tail call i32 @f()", "i32"),
    ],
)  # fmt: skip
def test_the_type_of_what_an_instruction_gives(text: str, kind: str) -> None:
    assert type_of(text) == kind


def test_steps_and_values_of_a_register_have_names_of_their_own() -> None:
    assert raw_name("rax", 5) != raw_step("rax", 5)
    assert raw_name("", 5) != raw_step("", 5)
    assert raw_label(1, -16) != raw_label(1, 16)


def test_sizes_are_the_objects_or_none() -> None:
    text = '@a = external global i8\n@"b c" = external dso_local constant i8\n@d = external global i8\n'
    assert sized(text, {"a": (15, 8), "b c": (4, 1), "e": (9, 1)}) == (
        '@a = external global [15 x i8], align 8\n@"b c" = external dso_local constant [4 x i8]\n@d = external global i8\n'
    )


def test_intrinsics_are_declared_without_what_llvm_knows() -> None:
    text = (
        "define void @f() #1 {\n  ret void\n}\n\n; Function Attrs: nofree nounwind\ndeclare i32 @llvm.ctpop.i32(i32) #0\n\n"
        "attributes #0 = { nofree nounwind }\nattributes #1 = { cold }\n"
    )
    assert plain_declarations(text) == (
        "define void @f() #1 {\n  ret void\n}\n\ndeclare i32 @llvm.ctpop.i32(i32)\n\nattributes #1 = { cold }\n"
    )


ASM = "\t.text\nf:\n# %bb.0:\n\ttestl %edi, %edi\n\tje .L2\n1:\tdecl %edi\n\tjne 1b\n.L2:\n\tretq\n"


def test_labels_get_names_that_last_on_lines_that_stay() -> None:
    text, meant = with_lasting_labels(ASM)
    assert meant == {f"{PREFIX}5": "1", f"{PREFIX}7": ".L2"}
    assert text.split("\n")[5] == f"{PREFIX}5: 1:\tdecl %edi"
    assert text.count("\n") == ASM.count("\n")
    assert with_lasting_labels(f".rept 2\nnop\n.endr\n{ASM}")[1] == {}


def test_instructions_get_marks_behind_a_jump_table_too() -> None:
    table = "\t.section .rodata\n.L4:\n\t.long .L2-.L4\n\t.text\n"
    cold = "\t.section .text.unlikely\n\tud2\n"
    plain = marked(ASM, "f")
    assert plain is not None
    assert plain.lines == (3, 4, 5, 6, 8)
    with_table = marked(ASM.replace(".L2:\n", f"{table}.L2:\n") + cold, "f")
    assert with_table is not None
    assert with_table.lines == (3, 4, 5, 6, 12)
    assert marked(ASM, "g") is None

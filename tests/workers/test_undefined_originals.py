"""LLVM, or a candidate, is held to nothing on inputs on which the original is undefined; on all others it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import Version, versions_alike
from irlens.ir.defined import UNDEFINED, checked
from irlens.llvm.client import LLVM

X86 = "x86_64-unknown-linux-gnu"
RIGHT = {
    "nsw": ("i1", "i32 %x", "%y = add nsw i32 %x, 1\n%c = icmp sgt i32 %y, %x\nret i1 %c", "ret i1 true"),
    "nuw": ("i1", "i8 %x", "%y = add nuw i8 %x, 1\n%c = icmp ugt i8 %y, %x\nret i1 %c", "ret i1 true"),
    "mul nsw": ("i32", "i32 %x", "%y = mul nsw i32 %x, 4\n%z = sdiv i32 %y, 4\nret i32 %z", "ret i32 %x"),
    "shl nuw": ("i32", "i32 %x", "%y = shl nuw i32 %x, 3\n%z = lshr i32 %y, 3\nret i32 %z", "ret i32 %x"),
    "shift": (
        "i32",
        "i32 %x, i32 %n",
        "%y = shl i32 %x, %n\nret i32 %y",
        "%m = zext i32 %n to i64\n%w = zext i32 %x to i64\n%y = shl i64 %w, %m\n%z = trunc i64 %y to i32\nret i32 %z",
    ),
    "exact": ("i32", "i32 %x", "%y = lshr exact i32 %x, 4\n%z = shl i32 %y, 4\nret i32 %z", "ret i32 %x"),
    "exact division": ("i32", "i32 %x", "%y = sdiv exact i32 %x, 6\n%z = mul i32 %y, 6\nret i32 %z", "ret i32 %x"),
    "disjoint": ("i32", "i32 %x, i32 %y", "%r = or disjoint i32 %x, %y\nret i32 %r", "%r = add i32 %x, %y\nret i32 %r"),
    "nneg": ("i64", "i32 %x", "%r = zext nneg i32 %x to i64\nret i64 %r", "%r = sext i32 %x to i64\nret i64 %r"),
    "trunc nsw": ("i64", "i64 %x", "%t = trunc nsw i64 %x to i32\n%r = sext i32 %t to i64\nret i64 %r", "ret i64 %x"),
    "samesign": ("i1", "i32 %x, i32 %y", "%r = icmp samesign ult i32 %x, %y\nret i1 %r", "%r = icmp slt i32 %x, %y\nret i1 %r"),
    "nonnull": ("i32", "ptr nonnull %p", "%c = icmp eq ptr %p, null\n%r = select i1 %c, i32 1, i32 2\nret i32 %r", "ret i32 2"),
    "range": ("i32", "i32 range(i32 -3, 10) %x", "%c = icmp slt i32 %x, 10\n%r = zext i1 %c to i32\nret i32 %r", "ret i32 1"),
    "align": ("i64", "ptr align 16 %p", "%n = ptrtoint ptr %p to i64\n%r = and i64 %n, 15\nret i64 %r", "ret i64 0"),
    "assume": (
        "i32",
        "i32 %x",
        "%c = icmp ult i32 %x, 16\ncall void @llvm.assume(i1 %c)\n%r = and i32 %x, 15\nret i32 %r",
        "ret i32 %x",
    ),
    "unreachable": (
        "i32",
        "i32 %x",
        "%c = icmp sgt i32 %x, 9\nbr i1 %c, label %u, label %o\nu:\nunreachable\no:\nret i32 %x",
        "%r = call i32 @llvm.smin.i32(i32 %x, i32 9)\nret i32 %r",
    ),
    "ctlz": (
        "i32",
        "i32 %x",
        "%r = call i32 @llvm.ctlz.i32(i32 %x, i1 true)\nret i32 %r",
        "%r = call i32 @llvm.ctlz.i32(i32 %x, i1 false)\nret i32 %r",
    ),
    "abs": ("i1", "i32 %x", "%a = call i32 @llvm.abs.i32(i32 %x, i1 true)\n%r = icmp sge i32 %a, 0\nret i1 %r", "ret i1 true"),
    "nnan": ("i1", "float %x, float %y", "%s = fadd nnan float %x, %y\n%r = fcmp ord float %s, %s\nret i1 %r", "ret i1 true"),
    "to integers": (
        "i32",
        "double %x",
        "%r = fptosi double %x to i32\nret i32 %r",
        "%w = fptosi double %x to i64\n%r = trunc i64 %w to i32\nret i32 %r",
    ),
    "note": (
        "i32",
        "ptr %p",
        "%x = load i32, ptr %p, !range !0\n%c = icmp ult i32 %x, 7\n%r = zext i1 %c to i32\nret i32 %r",
        "%x = load i32, ptr %p\nret i32 1",
    ),
    "uninitialised": (
        "i32",
        "i1 %c, i32 %x",
        "%p = alloca i32\nbr i1 %c, label %s, label %e\ns:\nstore i32 %x, ptr %p\nbr label %e\ne:\n"
        "%r = load i32, ptr %p\nret i32 %r",
        "ret i32 %x",
    ),
    "nsw of a vector": (
        "<4 x i32>",
        "<4 x i32> %x",
        "%y = add nsw <4 x i32> %x, <i32 1, i32 2, i32 3, i32 4>\n%c = icmp sgt <4 x i32> %y, %x\n"
        "%r = sext <4 x i1> %c to <4 x i32>\nret <4 x i32> %r",
        "ret <4 x i32> splat (i32 -1)",
    ),
    "shift of a vector": (
        "<2 x i64>",
        "<2 x i64> %x, <2 x i64> %n",
        "%y = lshr <2 x i64> %x, %n\nret <2 x i64> %y",
        "%m = and <2 x i64> %n, <i64 63, i64 63>\n%y = lshr <2 x i64> %x, %m\nret <2 x i64> %y",
    ),
    "division of a vector": (
        "<4 x i32>",
        "<4 x i32> %x",
        "%y = sdiv exact <4 x i32> %x, splat (i32 2)\n%z = mul <4 x i32> %y, splat (i32 2)\nret <4 x i32> %z",
        "ret <4 x i32> %x",
    ),
    "samesign of a vector": (
        "<4 x i32>",
        "<4 x i32> %x, <4 x i32> %y",
        "%c = icmp samesign ult <4 x i32> %x, %y\n%r = sext <4 x i1> %c to <4 x i32>\nret <4 x i32> %r",
        "%c = icmp slt <4 x i32> %x, %y\n%r = sext <4 x i1> %c to <4 x i32>\nret <4 x i32> %r",
    ),
    "an element": (
        "i32",
        "<4 x i32> %x, i32 %n",
        "%r = extractelement <4 x i32> %x, i32 %n\nret i32 %r",
        "%m = and i32 %n, 3\n%r = extractelement <4 x i32> %x, i32 %m\nret i32 %r",
    ),
    "a copy that overlaps": (
        "void",
        "ptr %p, ptr %q",
        "call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %q, i64 48, i1 false)\nret void",
        "call void @llvm.memmove.p0.p0.i64(ptr %p, ptr %q, i64 48, i1 false)\nret void",
    ),
    "room on the stack": (
        "i32",
        "i64 %n",
        "%p = alloca i32, i64 %n\ncall void @take(ptr %p)\nret i32 1",
        "%m = shl i64 %n, 2\n%p = alloca i8, i64 %m\ncall void @take(ptr %p)\nret i32 1",
    ),
    "pure": (
        "i32",
        "i32 %x",
        "%a = call i32 @pure(i32 %x)\n%b = call i32 @pure(i32 %x)\n%r = sub i32 %a, %b\nret i32 %r",
        "ret i32 0",
    ),
}  # fmt: skip
"""Result, parameters, an original, and what it may be made into."""
WRONG = {
    "nsw": "ret i1 false", "nuw": "ret i1 false", "mul nsw": "%y = add i32 %x, 1\nret i32 %y",
    "shl nuw": "%y = and i32 %x, 255\nret i32 %y", "exact": "%y = lshr i32 %x, 4\nret i32 %y", "disjoint": "ret i32 %x",
    "nneg": "%y = zext i32 %x to i64\n%r = add i64 %y, 1\nret i64 %r", "range": "ret i32 0", "assume": "ret i32 3",
    "unreachable": "ret i32 9", "ctlz": "%r = call i32 @llvm.cttz.i32(i32 %x, i1 true)\nret i32 %r",
    "to integers": "%y = fptosi double %x to i32\n%r = or i32 %y, 1\nret i32 %r",
    "pure": "%a = call i32 @pure(i32 %x)\nret i32 %a", "nsw of a vector": "ret <4 x i32> zeroinitializer",
    "shift of a vector": "ret <2 x i64> %x", "division of a vector": "%y = add <4 x i32> %x, splat (i32 6)\nret <4 x i32> %y",
    "a copy that overlaps": "call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %q, i64 40, i1 false)\nret void",
    "an element": "%r = extractelement <4 x i32> %x, i32 0\nret i32 %r",
}  # fmt: skip
DECLARED = """
declare void @llvm.assume(i1)
declare void @take(ptr)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)
declare i32 @llvm.smin.i32(i32, i32)
declare i32 @llvm.ctlz.i32(i32, i1)
declare i32 @llvm.cttz.i32(i32, i1)
declare i32 @llvm.abs.i32(i32, i1)
declare i32 @pure(i32) memory(none) nounwind willreturn
!0 = !{i32 0, i32 7}
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as made:
        yield made


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(workers=1) as made:
        yield made


def function(name: str, body: str) -> str:
    result, parameters, *_ = RIGHT[name]
    return f"define {result} @f({parameters}) {{\n{body}\n}}\n{DECLARED}"


def outcome(name: str, body: str, llvm: LLVM, emulator: Emulator) -> str:
    both = (Version(function(name, text), "f", False) for text in (RIGHT[name][2], body))
    return versions_alike(*both, X86, llvm, emulator, inputs=200).outcome


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_where_the_original_is_defined_is_not_accused(
    name: str, llvm: LLVM, emulator: Emulator
) -> None:
    assert outcome(name, RIGHT[name][3], llvm, emulator) != "disagrees"


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_where_the_original_is_defined_is_found(
    name: str, llvm: LLVM, emulator: Emulator
) -> None:
    assert outcome(name, WRONG[name], llvm, emulator) == "disagrees"


@pytest.mark.parametrize("name", [name for name in RIGHT if name not in ("uninitialised", "pure")])
def test_every_kind_is_checked_and_llvm_takes_the_checks(name: str, llvm: LLVM) -> None:
    made = checked(llvm.printed(function(name, RIGHT[name][2])))
    assert f"store volatile i8 %irlens.1, ptr @{UNDEFINED}" in made.ir or "irlens." in made.ir
    assert not made.incomplete
    assert llvm.parse(made.ir).verified, made.ir


@pytest.mark.parametrize(
    "body",
    [
        "%r = fadd nsz double %x, %x\nret double %r",
        "%r = fadd fast double %x, %x\nret double %r",
        "%r = fadd double %x, undef\nret double %r",
        "%v = insertelement <2 x double> zeroinitializer, double %x, i32 0\n%w = fadd nnan <2 x double> %v, %v\n"
        "%r = extractelement <2 x double> %w, i32 0\nret double %r",
    ],
)
def test_what_is_not_checked_is_said(body: str, llvm: LLVM) -> None:
    text = f"define double @f(double %x) {{\n{body}\n}}\ndefine double @g(double %x) {{\nret double %x\n}}\n"
    assert set(checked(llvm.printed(text)).incomplete) == {"f"}

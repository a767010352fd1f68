"""The embedded model's prompts and replies: text in, text out."""

from __future__ import annotations

import pytest

from irlens.errors import ReplyUnreadable, UnusableInput
from irlens.model.prompts.irlens import IrlensFamily, packed, unpacked
from irlens.model.types import LiftSource

X86 = "x86_64-unknown-linux-gnu"
LIFTED = """target triple = "x86_64-unknown-linux-gnu"

@.str = private unnamed_addr constant [3 x i8] c"hi\\00", align 1

declare i64 @puts(ptr)

define i64 @greet(ptr %a0, i64 %a1) {
b0:
  %t = getelementptr { ptr, i32, i32 }, ptr %a0, i64 0, i32 2
  store i32 5, ptr %t, align 1
  %r = tail call i64 @puts(ptr nonnull @.str)
  ret i64 %r
}
"""


def source(lifted: str | None = LIFTED, **more: object) -> LiftSource:
    return LiftSource("greet:\n\tretq\n", "greet", X86, lifted, **more)  # type: ignore[arg-type]


def test_the_model_reads_the_mechanical_lift() -> None:
    prompt = IrlensFamily().lift(source())
    assert prompt is not None
    assert prompt.text == (
        "x64 fn i64 ptr i64 %2= gep.i8 %0 12 store.i32 5 %2 %3= call.i64 @1 ptr_@2 ret.i64 %3 =>"
    )
    kept = IrlensFamily().lift(source(frame_kept=True))
    assert kept is not None
    assert kept.text.startswith("x64.O0 fn ")


def test_names_and_data_come_back_from_the_source() -> None:
    prompt = IrlensFamily().lift(source())
    assert prompt is not None
    reply = prompt.read("fn void ptr %1= gep.i8 %0 12 store.i32 5 %1 %2= call.i32 @1 ptr_@2 ret ;")
    assert not reply.truncated
    assert "define void @greet(ptr %v0)" in reply.ir
    assert "call i32 @puts(ptr @.str)" in reply.ir
    assert 'c"hi\\00"' in reply.ir


@pytest.mark.parametrize("reply", ["fn void ptr call.void @3 ;", "fn void %0= ;", "nonsense ;", ""])
def test_what_names_nothing_is_refused(reply: str) -> None:
    prompt = IrlensFamily().lift(source())
    assert prompt is not None
    with pytest.raises(ReplyUnreadable, match="smaller function"):
        prompt.read(reply)


def test_without_a_mechanical_lift_its_reason_is_given() -> None:
    with pytest.raises(UnusableInput, match="Ghidra leaves it open"):
        IrlensFamily().lift(source(None, not_lifted="Ghidra leaves it open. Choose another."))
    with pytest.raises(UnusableInput, match="Lift it first"):
        IrlensFamily().lift(source(None))


def test_packing_joins_types_and_values_and_nothing_else() -> None:
    text = "\n".join(
        [
            "fn i32 ptr i64 ...",
            "%2= call.i32 @1 ptr %0 i64 -3 i1 false ... double ~40f ptr null",
            "%3= phi.ptr %0 L0 null L1",
            "%4= alloca.[4xi8]",
            "ret.i32 %2",
        ]
    )
    flat = packed(text)
    assert "ptr_%0 i64_-3 i1_false ... double_~40f ptr_null %3= phi.ptr %0 L0" in flat
    assert flat.startswith("fn i32 ptr i64 ... %2=")
    assert unpacked(flat).split() == text.split()


def test_a_prediction_has_its_counts_behind_its_ir() -> None:
    module = "define i32 @f(i32 %a) {\n  %b = add i32 %a, 0\n  ret i32 %b\n}\n"
    prompt = IrlensFamily().predict(module, "f", "instcombine", 2, 5)
    assert prompt is not None
    assert prompt.text == "run x64 instcombine 2 5 fn i32 i32 %1= add.i32 %0 0 ret.i32 %1 =>"
    reply = prompt.read("fn i32 i32 ret.i32 %0 = 1 3 ;")
    assert (reply.instructions, reply.bytes, reply.truncated) == (1, 3, False)
    assert reply.ir is not None
    assert "ret i32 %v0" in reply.ir
    cut = prompt.read("fn i32 i32 ret.i32 %0")
    assert (cut.instructions, cut.bytes, cut.truncated) == (None, None, True)
    counts = prompt.read("fn i32 i32 bogus.i32 = 1 3 ;")
    assert (counts.instructions, counts.bytes, counts.ir) == (1, 3, None)
    with pytest.raises(ReplyUnreadable, match="neither IR nor counts"):
        prompt.read("bogus")

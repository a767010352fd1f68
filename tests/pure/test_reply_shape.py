"""What the embedded model's replies may go on with: words in, yes or no out."""

from __future__ import annotations

import pytest

from irlens.model.prompts.irlens_reply import Words
from irlens.model.types import ReplyShape

LOOP = (
    "fn i32 ptr i32 %2= icmp.eq.i32 %1 0 br %2 L2 L1 "
    "L1: %3= phi.i32 %7 L1 0 L0 %4= phi.i32 %6 L1 0 L0 %5= load.i32 %0 %6= add.i32 %4 %5 %7= add.i32 %3 1 "
    "%8= icmp.ult.i32 %7 %1 br %8 L1 L2 "
    "L2: %9= phi.i32 0 L0 %6 L1 call.void @1 ptr_%0 i32_-3 ... double_~3ff ret.i32 %9 ;"
)
ROTATED = (
    "fn i32 ptr %1= load.i32 %0 br L2 L1: %2= add.i32 %3 1 br L3 "
    "L2: %3= load.i32 %0 %4= icmp.eq.i32 %3 0 br %4 L1 L3 L3: %5= phi.i32 %2 L1 %3 L2 ret.i32 %5 ;"
)
MIXED = (
    "fn void ptr x86_fp80 {ptr,i64} %3= alloca.[4xi8] %4= fptrunc.x86_fp80.double %1 %5= extractvalue.{ptr,i64} %2 1 "
    "%6= gep.i8 %0 i32:%5 store.double.a4 %4 %6 %7= call.ptr @llvm.stacksave.p0 call.void @2 x86_fp80 %1 ptr_@1+8 "
    "%8= insertelement.v2i32 <1,poison> 7 1 %9= shufflevector.v2i32.v4i32 %8 poison <0,1,0,1> "
    "switch.i64 %5 L1 0 L2 -1 L2 L1: unreachable L2: ret ;"
)


def reach(text: str, task: str = "lift", symbols: int = 2) -> Words:
    """The reply after these words, each of which it allows."""
    words = Words(ReplyShape(task, symbols))  # type: ignore[arg-type]
    for word in text.split():
        assert words.allows(f" {word}"), f"{word} is not allowed in {text}"
        words.take(f" {word}")
    return words


@pytest.mark.parametrize("text", [LOOP, ROTATED, MIXED])
def test_a_right_answer_is_allowed_word_by_word_and_letter_by_letter(text: str) -> None:
    assert reach(text).may_end()
    words = Words(ReplyShape("lift", 2))
    for letter in f" {text}".replace(" ", "\0 ").split("\0"):
        for at, one in enumerate(letter):
            piece = one if at != 1 else letter[:2]
            if at == 0 and letter.startswith(" "):
                continue
            assert words.allows(piece), f"{piece!r} of {letter!r}"
            words.take(piece)
    assert words.may_end()


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ("", "define"),
        ("fn i32 i32", "%2="),  # values are numbered in order
        ("fn i32 i32 %1= add.i32", "%1"),  # not defined yet
        ("fn i32 i32 %1= add.i64", "%0"),  # another type
        ("fn i32 i32 %1= zext.i64.i32", "%0"),
        ("fn i32 i32 %1=", "trunc.i32.i64"),
        ("fn i32 i32 %1=", "fadd.i32"),
        ("fn i32 i32 %1=", "call.void"),
        ("fn i32 i32", "call.i32"),  # its value has a number
        ("fn i32 i32 call.void", "@3"),  # two symbols only
        ("fn i32 i32 call.void @1", "ptr_%0"),
        ("fn i32 i32 %1= add.i32 %0 5", "ret.i64"),
        ("fn i32 i32 %1= add.i32 %0 5", "ret"),
        ("fn i32 i32 %1= add.i32 %0", "4294967296"),
        ("fn i32 i32 %1= add.i32 %0", "~3ff"),
        ("fn i32 i32 %1=", "phi.i32"),  # the entry has no predecessors
        ("fn void br", "L0"),
        ("fn void br L1", "ret"),  # a block ends in its branch
        ("fn void br L1", "L2:"),
        ("fn void br L1", ";"),  # L1 is not there
        ("fn void ret", "ret"),
        ("fn i1 i1 br %0 L1", "L1"),
        # %2 is not defined on the way over L0
        ("fn i32 i32 %1= icmp.eq.i32 %0 0 br %1 L1 L2 L1: %2= add.i32 %0 1 br L2 L2:", "ret.i32 %2"),
        ("fn i32 i32 %1= icmp.eq.i32 %0 0 br %1 L1 L2 L1: br L2 L2: %2= phi.i32 1", "L3 ret.i32"),
        # a phi names each of its predecessors, and no other
        ("fn i32 i32 %1= icmp.eq.i32 %0 0 br %1 L1 L2 L1: br L2 L2: %2= phi.i32 1 L1", "ret.i32"),
        ("fn i32 i32 br L1 L1: %1= phi.i32 0 L0 %2 L2 %2= add.i32 %1 1 br L2 L2:", "ret.i32"),
    ],
)
def test_what_llvm_would_refuse_is_not(before: str, word: str) -> None:
    words = reach(before)
    *first, last = word.split()
    for each in first:
        if not words.allows(f" {each}"):
            return
        words.take(f" {each}")
    if words.allows(f" {last}"):  # as the beginning of another word
        words.take(f" {last}")
        assert not words.allows(" "), "the word could stand as it is"


def test_counts_follow_a_prediction() -> None:
    words = reach("fn i32 i32 ret.i32 %0 =", "predict")
    assert not words.allows(" ;")
    assert reach("fn i32 i32 ret.i32 %0 = 3 12 ;", "predict").may_end()
    assert not reach("fn i32 i32 ret.i32 %0").allows(" =")


def test_a_pass_list_is_one_that_is_known() -> None:
    assert reach("default<Oz> 23 12 ;", "tune").may_end()
    assert not Words(ReplyShape("tune")).allows(" default<O9>")


def test_nothing_follows_the_end() -> None:
    words = reach("fn void ret ;")
    assert not words.allows(" fn")
    assert not words.allows(";")

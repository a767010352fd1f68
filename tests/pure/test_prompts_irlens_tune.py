"""The embedded model's prompt for pass lists, and the reading of what comes back."""

from __future__ import annotations

import pytest

from irlens.errors import ReplyUnreadable
from irlens.ir.passes import lookup
from irlens.ir.pipeline import parse_pipeline, walk
from irlens.llvm.plan import plan
from irlens.model.prompts.irlens import TUNE_LISTS, IrlensFamily, read_tune, tune_answer
from irlens.model.types import TuneReply

ONE = 'target triple = "x86_64-unknown-linux-gnu"\ndeclare void @g()\ndefine i32 @f(i32 %x) {\n  ret i32 %x\n}\n'


def test_every_list_is_one_that_llvmlite_can_run() -> None:
    assert TUNE_LISTS[0] == "default<Oz>"
    for text in TUNE_LISTS:
        pipeline = parse_pipeline(text)
        assert not plan(pipeline).missing, text
        leaves = [element for element in walk(pipeline) if not element.children]
        assert all(element.name == "default" or lookup(element) for element in leaves), text


def test_the_question_is_the_normal_form_of_the_one_function() -> None:
    prompt = IrlensFamily().tune(ONE)
    assert prompt is not None
    assert prompt.text == "tune x64 fn i32 i32 ret.i32 %0 =>"
    arm = IrlensFamily().tune(ONE.replace("x86_64", "aarch64"))
    assert arm is not None
    assert arm.text.startswith("tune a64 ")


@pytest.mark.parametrize(
    "ir",
    [
        "",
        "declare void @g()\n",
        ONE + "define void @h() {\n  ret void\n}\n",
        "define i32 @f(i32 %x) {\n"
        + "".join(f"  %v{n} = add i32 %x, {n}\n" for n in range(41))
        + "  ret i32 %x\n}\n",
        "define i32 @f(x86_fp80 %x) {\n  what\n}\n",
    ],
)
def test_no_question_for_other_modules(ir: str) -> None:
    assert IrlensFamily().tune(ir) is None


@pytest.mark.parametrize("passes", TUNE_LISTS)
def test_what_is_trained_is_read_back(passes: str) -> None:
    assert read_tune(" " + tune_answer(passes, 23, 12) + " and more") == TuneReply(passes, 23, 12)


def test_oz_with_sizes_that_save_nothing_is_still_oz() -> None:
    # The sizes do not say that nothing smaller can be had: most answers that guess so are wrong.
    assert read_tune("default<Oz> 12 12 ;") == TuneReply("default<Oz>", 12, 12)


@pytest.mark.parametrize(
    "reply",
    ["default<Os>", "default<Os> 12", "default<Os> x y ;", "default<Os> 12 ;", "default<Os> ٣ 99999999 ;"],
)
def test_a_list_without_its_sizes_is_still_a_list(reply: str) -> None:
    read = read_tune(reply)
    assert read.pipeline == "default<Os>"
    assert read.after_bytes is None


@pytest.mark.parametrize(
    "reply",
    ["", ";", "; default<Oz> 1 2", "23 12 ;", "fn i32 ret.i32 %0 ;", "default<Oz>,rm 1 2 ;", "\0" * 99],
)
def test_noise_is_unreadable_and_says_what_to_do(reply: str) -> None:
    with pytest.raises(ReplyUnreadable, match=r"Use the fixed lists"):
        read_tune(reply)

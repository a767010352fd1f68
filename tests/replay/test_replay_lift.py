"""Disassembly: published prompts out, published replies in, and every way in which they were seen to go wrong."""

from __future__ import annotations

import pytest

from irlens.assist.lift import Candidate, LiftResult, lift
from irlens.assist.tools import Tools
from irlens.evidence.verdict import Verdict
from irlens.model.prompts.llm_compiler import LlmCompilerFamily
from irlens.model.types import LiftSource
from support import listings
from support.fake_model import FakeModel

SOURCE = LiftSource(listings.OPTIMISED_ASM, "sum", listings.TRIPLE)
WRONG = listings.DISASSEMBLED.replace("add nsw", "sub nsw")


def asked(tools: Tools, *replies: str, wanted: str = "model") -> tuple[LiftResult, FakeModel]:
    model = FakeModel(LlmCompilerFamily(fine_tuned=True), context=16384)
    for reply in replies:
        model.reply(reply)
    result = lift(SOURCE, model, tools, wanted=wanted, candidates=len(replies))  # type: ignore[arg-type]
    return result, model


def of_model(result: LiftResult) -> Candidate:
    return next(each for each in result.candidates if each.origin == "model")


@pytest.mark.parametrize(
    ("asm", "reply", "prompt"),
    [
        (listings.OPTIMISED_ASM, listings.DISASSEMBLED, listings.DISASSEMBLE_PROMPT),
        (listings.RAW_ASM, listings.DISASSEMBLED_RAW, listings.DISASSEMBLE_RAW_PROMPT),
    ],
)
def test_the_listing_goes_out_byte_for_byte_and_its_reply_round_trips(
    tools: Tools, asm: str, reply: str, prompt: str
) -> None:
    model = FakeModel(LlmCompilerFamily(fine_tuned=True), context=16384).reply(reply)
    result = lift(LiftSource(asm, "sum", listings.TRIPLE), model, tools, candidates=4)
    assert model.prompts == [prompt]
    assert model.asked[0].options.temperature == 0.0
    assert (result.verdict, result.origin, result.evidence["codegen"]) == (
        Verdict.ROUND_TRIPS,
        "model",
        "-O0",
    )


def test_clang_s_own_head_and_ident_are_put_as_the_model_saw_them(tools: Tools) -> None:
    text = listings.OPTIMISED_ASM.replace('.file\t"-"', '.file\t"sum.c"').replace(
        "\t.addrsig", '\t.ident\t"clang version 19.1.7"\n\t.addrsig'
    )
    model = FakeModel(LlmCompilerFamily(fine_tuned=True), context=16384).reply(listings.DISASSEMBLED)
    lift(LiftSource(text, "sum", listings.TRIPLE), model, tools, candidates=1)
    assert model.prompts == [listings.DISASSEMBLE_PROMPT]


@pytest.mark.parametrize("before", ["  ", "\n\n", "Sure, here it is:\n\n"])
def test_what_stands_before_the_code_does_no_harm(tools: Tools, before: str) -> None:
    result, _ = asked(tools, before + listings.DISASSEMBLED)
    assert result.verdict == Verdict.ROUND_TRIPS


def test_ir_that_verifies_but_is_wrong_is_shown_to_be(tools: Tools) -> None:
    result, _ = asked(tools, WRONG)
    assert result.verdict == Verdict.DISAGREES
    assert "the result differs" in result.reason
    emulation = result.evidence["emulation"]
    assert isinstance(emulation, dict)
    assert emulation["outcome"] == "disagrees"
    assert emulation["counterexample"]


def test_a_wrong_answer_leaves_the_function_to_the_mechanical_lifter(tools: Tools) -> None:
    result, _ = asked(tools, WRONG, wanted="best")
    assert (result.origin, result.verdict) == ("mechanical", Verdict.ROUND_TRIPS)
    assert of_model(result).verdict == Verdict.DISAGREES


def test_optnone_and_typed_pointers_are_read_and_run(tools: Tools) -> None:
    """LLVM still reads pointers with a type. Unoptimised code does the same as the optimised original."""
    result, _ = asked(tools, f"<code>{listings.OLD_IR}</code>")
    assert result.verdict == Verdict.AGREES
    assert "Both did the same" in result.reason


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (listings.DISASSEMBLED.replace("@sum", "@other"), "it does not define @sum"),
        (f"<code>{listings.OPTIMISED_ASM}</code>", "it does not parse: line 1"),
        (listings.DISASSEMBLED[:420], "the reply was cut off after "),
        ("<code>define i32 @sum(i32 %x, i32 %y) {\n  ret i64 0\n}\n</code>", "line 2"),
        ("I cannot disassemble this.", "the reply is not IR: it has no <code>"),
        ("<|im_start|>assistant\n" + listings.DISASSEMBLE_PROMPT, "raw text, not its chat endpoint"),
        ("", "the reply is not IR: it has no <code>"),
    ],
)
def test_what_is_no_lift_is_rejected_with_words(tools: Tools, reply: str, words: str) -> None:
    result, _ = asked(tools, reply)
    assert (result.verdict, result.ir) == (Verdict.REJECTED, None)
    assert words in " ".join(result.reason.split())


def test_a_reply_cut_off_behind_the_function_is_whole_enough(tools: Tools) -> None:
    upto = listings.DISASSEMBLED.index("attributes #0") - 1
    result, _ = asked(tools, listings.DISASSEMBLED[:upto])
    assert result.verdict >= Verdict.AGREES


def test_a_rejected_answer_does_not_hide_a_better_one(tools: Tools) -> None:
    result, model = asked(tools, listings.DISASSEMBLED[:420], WRONG, listings.DISASSEMBLED, WRONG)
    assert result.verdict == Verdict.ROUND_TRIPS
    assert model.left == 1, "a round trip ends it"
    assert [each.verdict for each in result.candidates] == [
        Verdict.ROUND_TRIPS,
        Verdict.DISAGREES,
        Verdict.REJECTED,
    ]


def test_the_plain_weights_are_not_asked(tools: Tools) -> None:
    model = FakeModel(LlmCompilerFamily(fine_tuned=False))
    result = lift(SOURCE, model, tools, candidates=1)
    assert model.prompts == []
    assert result.origin == "mechanical"
    assert "was not trained to lift assembly" in result.why_origin

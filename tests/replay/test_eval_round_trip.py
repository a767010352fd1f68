"""The paper's measures of disassembly and emulation, on replies in the published shapes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.evals import lift, predict
from irlens.evals.lift_cases import LiftCase, comparable
from irlens.evals.predict_cases import PredictCase
from irlens.evals.round_trip import likeness, printed
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.model.prompts.llm_compiler import LlmCompilerFamily
from support import listings
from support.fake_model import FakeModel


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def scripted(*replies: str) -> FakeModel:
    model = FakeModel(LlmCompilerFamily(fine_tuned=True), context=16384)
    for reply in replies:
        model.reply(reply)
    return model


def case(asm: str, ir: str) -> LiftCase:
    return LiftCase("p", "-O0", listings.TRIPLE, "sum", asm, 2, comparable(ir, "sum").text)


def test_comments_and_white_space_are_no_difference_and_instructions_are() -> None:
    bare = "sum:\n\t.cfi_startproc\n\tmovl %esi,  %eax\n\taddl\t%edi, %eax\n\tretq\n.Lfunc_end7:\n\t.size\tsum, .Lfunc_end7-sum\n\t.cfi_endproc\n"  # noqa: E501
    head = "\t.text\n\t.type\tsum,@function\n"
    ours = printed(head + bare, "sum", listings.TRIPLE)
    theirs = printed(listings.OPTIMISED_ASM, "sum", listings.TRIPLE)
    assert ours[: len(theirs)] == theirs
    assert printed(head + bare.replace("addl", "subl"), "sum", listings.TRIPLE) != ours
    assert printed(head + bare, "other", listings.TRIPLE) == []


def test_a_right_answer_is_exact_a_wrong_one_alike_and_one_that_does_not_lower_neither(llvm: LLVM) -> None:
    same, score = likeness(listings.OPTIMISED, "sum", listings.TRIPLE, listings.OPTIMISED_ASM, 0, llvm)
    assert (same, score) == (True, 1.0)
    wrong = listings.OPTIMISED.replace("add nsw", "sub nsw")
    same, score = likeness(wrong, "sum", listings.TRIPLE, listings.OPTIMISED_ASM, 0, llvm)
    assert not same
    assert score is not None
    assert 0.3 < score < 1.0
    assert likeness("no IR", "sum", listings.TRIPLE, listings.OPTIMISED_ASM, 0, llvm) == (False, None)


def test_table_5_has_both_denominators(llvm: LLVM) -> None:
    wrong = listings.DISASSEMBLED.replace("add nsw", "sub nsw")
    cut_off = listings.DISASSEMBLED[:400]
    cases = [
        case(listings.OPTIMISED_ASM, listings.OPTIMISED),
        case(listings.RAW_ASM, listings.RAW),
        case(listings.OPTIMISED_ASM, listings.OPTIMISED),
        case(listings.OPTIMISED_ASM, listings.OPTIMISED),
    ]
    model = scripted(listings.DISASSEMBLED, listings.DISASSEMBLED_RAW, wrong, cut_off)
    with MechanicalLifter() as lifter:
        report = lift.evaluate(cases, [model], llvm, lifter, candidates=1, mending=False)
    (found,) = report["table5"]
    assert (found["prompts"], found["not_asked"], found["round_trips"], found["exact"]) == (4, 0, 3, 2)
    assert (found["of_prompts"], found["exact_of_prompts"], found["exact_of_round_trips"]) == (
        75.0,
        50.0,
        66.7,
    )
    scores = [row["round_trip_bleu"] for row in report["functions"]]
    assert scores[:2] == [1.0, 1.0]
    assert scores[3] is None
    assert found["round_trip_bleu"] == round(sum(scores[:3]) / 3, 3)
    assert "As Table 5 of the paper" in lift.as_table(report)


def test_table_7_counts_what_was_not_answered(llvm: LLVM) -> None:
    wrong = listings.emulated(listings.OPTIMISED.replace("add nsw", "sub nsw"))
    not_ir = listings.emulated("define i32 @sum(")
    replies = [listings.EMULATED_IR, wrong, not_ir, "I cannot do that"]
    cases = [PredictCase("p", listings.TRIPLE, "sum", listings.OZ, listings.RAW, 8) for _ in replies]
    report = predict.evaluate(cases, [scripted(*replies)], llvm)
    (found,) = report["table7"]
    assert found["unmeasured"] == 0
    assert (found["prompts"], found["answered"], found["compiles"], found["exact"]) == (4, 3, 2, 1)
    assert (found["compiles_of_prompts"], found["exact_of_prompts"]) == (50.0, 25.0)
    assert "As Table 7 of the paper" in predict.as_table(report)
    first = report["functions"][0]
    assert (first["predicted"], first["measured"]) == ([2, 53], [2, 53]), "objects with objects"
    assert (first["bytes_exact"], first["size_error"]) == (True, 0.0)

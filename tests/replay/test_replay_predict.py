"""Emulation: published prompts out, published replies in, and every way in which they were seen to go wrong."""

from __future__ import annotations

import pytest

from irlens.assist.predict import FunctionPrediction, as_json, predict
from irlens.ir.pipeline import PipelineError
from irlens.llvm.client import LLVM
from irlens.model.prompts.llm_compiler import LlmCompilerFamily
from support import listings
from support.fake_model import FakeModel

MINUS = listings.OPTIMISED.replace("add nsw", "sub nsw")


def asked(llvm: LLVM, reply: str, passes: str = listings.OZ) -> tuple[FunctionPrediction, FakeModel]:
    model = FakeModel(LlmCompilerFamily(fine_tuned=False), context=16384).reply(reply)
    [found] = predict(listings.RAW, passes, None, model, llvm).functions
    return found, model


def test_the_listing_goes_out_byte_for_byte_and_its_reply_is_what_llvm_makes(llvm: LLVM) -> None:
    found, model = asked(llvm, listings.EMULATED_IR)
    assert model.prompts == [listings.EMULATE_IR_PROMPT]
    assert model.asked[0].options.temperature == 0.0
    assert found.predicted is not None
    assert (found.predicted.instructions, found.predicted.bytes) == (2, 53)
    assert (found.object_before, found.object_after) == (65, 53)
    assert found.measured is not None
    assert found.measured.instructions == 2
    assert found.predicted_ir is not None
    assert (found.predicted_ir.says, found.predicted_ir.words) == ("same", "is what LLVM made")


def test_the_prompt_for_assembly_is_the_listing_s_and_its_reply_is_read() -> None:
    family = LlmCompilerFamily(fine_tuned=False)
    prompt = family.emulate_assembly(listings.RAW, listings.OZ, 8, 65)
    assert prompt.text == listings.EMULATE_ASM_PROMPT
    reply = prompt.read(listings.EMULATED_ASM)
    assert (reply.instructions, reply.bytes, reply.asm) == (2, 53, listings.OPTIMISED_ASM)


@pytest.mark.parametrize(
    "reply",
    [
        "  " + listings.EMULATED_IR,
        "\n\nAnd the" + listings.EMULATED_IR.removeprefix("The"),
        listings.EMULATED_IR.replace("sise", "size"),
        listings.EMULATED_IR + "<|im_end|>\n<|im_start|>user",
    ],
)
def test_the_forms_that_real_replies_take_are_all_read(llvm: LLVM, reply: str) -> None:
    found, _ = asked(llvm, reply)
    assert found.predicted is not None
    assert (found.predicted.instructions, found.predicted.bytes) == (2, 53)
    assert found.predicted_ir is not None
    assert found.predicted_ir.says == "same"


@pytest.mark.parametrize(
    ("reply", "says", "words"),
    [
        (
            listings.emulated(listings.RAW, 8, 65),
            "input",
            "is the input unchanged, which is not what LLVM made",
        ),
        (listings.emulated(listings.OLD_IR, 8, 65), "differs", "is not what LLVM made"),
        (listings.emulated(MINUS), "differs", "is not what LLVM made"),
        (
            listings.emulated(listings.OPTIMISED.replace("@sum", "@other")),
            "other function",
            "is of another function: it does not define @sum",
        ),
        (listings.EMULATED_IR[:520], "refused", "was cut off, and is refused by LLVM: line"),
        (listings.emulated("define i32 @sum() {\n  ret i64 0\n}\n"), "refused", "is refused by LLVM: line 2"),
    ],
)
def test_predicted_ir_that_is_not_llvm_s_is_said_to_be_what_it_is(
    llvm: LLVM, reply: str, says: str, words: str
) -> None:
    found, _ = asked(llvm, reply)
    assert found.predicted is not None
    assert found.predicted_ir is not None
    assert found.predicted_ir.says == says
    assert found.predicted_ir.words.startswith(words)
    assert found.measured is not None
    assert (found.measured.instructions, found.object_after) == (2, 53), "measured is LLVM's all the same"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("The LLVM-IR will be fine.", "neither counts nor <code>"),
        ("", "neither counts nor <code>"),
        ("<|im_start|>assistant\n" + listings.EMULATE_IR_PROMPT, "raw text, not its chat endpoint"),
    ],
)
def test_what_cannot_be_read_is_no_prediction(llvm: LLVM, reply: str, why: str) -> None:
    found, _ = asked(llvm, reply)
    assert found.predicted is None
    assert found.predicted_ir is None
    assert why in found.why_not_predicted
    assert found.measured is not None


def test_counts_without_code_are_a_prediction(llvm: LLVM) -> None:
    found, _ = asked(llvm, listings.EMULATED_IR.partition("\n")[0])
    assert found.predicted is not None
    assert (found.predicted.bytes, found.predicted.ir, found.predicted_ir) == (53, None, None)


def test_a_pipeline_that_changes_nothing_is_said_to(llvm: LLVM) -> None:
    found, _ = asked(llvm, listings.emulated(listings.RAW, 8, 65), passes="function(loop-simplify)")
    assert found.predicted_ir is not None
    assert found.predicted_ir.words == "is what LLVM made, which left the function as it was"
    assert (found.object_before, found.object_after) == (65, 65)


def test_the_json_has_both_units_apart(llvm: LLVM) -> None:
    model = FakeModel(LlmCompilerFamily(fine_tuned=False), context=16384).reply(listings.EMULATED_IR)
    report = as_json(predict(listings.RAW, listings.OZ, None, model, llvm))
    [function] = report["functions"]  # type: ignore[misc]
    assert function["predicted"]["bytes_of"] == "object"
    assert function["predicted"]["ir_says"] == "same"
    assert function["object_bytes"] == {"before": 65, "measured": 53}
    assert function["measured"]["bytes"] == 4, "of the function's symbol, as a build has it"


def test_a_module_of_several_functions_is_shown_to_the_model_one_by_one(llvm: LLVM) -> None:
    two = listings.RAW.replace(
        "; Function Attrs", "define i32 @one() {\n  ret i32 1\n}\n\n; Function Attrs", 1
    )
    model = FakeModel(LlmCompilerFamily(fine_tuned=False), context=16384).reply(listings.EMULATED_IR)
    predict(two, listings.OZ, "sum", model, llvm)
    assert model.prompts == [listings.EMULATE_IR_PROMPT], "the same prompt as of the module that has it alone"


def test_a_quote_in_the_passes_never_reaches_the_model(llvm: LLVM) -> None:
    model = FakeModel(LlmCompilerFamily(fine_tuned=False), context=16384)
    with pytest.raises(PipelineError):
        predict(listings.RAW, "function(dce)'; rm -rf", None, model, llvm)
    assert model.prompts == []

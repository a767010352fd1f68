"""Flag tuning: published prompts out, published replies in, and every way in which a pass list was seen to go wrong."""

from __future__ import annotations

import pytest

from irlens.assist.tools import Tools
from irlens.assist.tune import Budget, Objective, TuneOptions, TuneResult, tune
from irlens.ir.extract import llvm_extract
from irlens.llvm.compilers import LlvmliteCompiler
from irlens.model.prompts.llm_compiler import LlmCompilerFamily
from support import listings
from support.fake_model import FakeModel

OPTIONS = TuneOptions(Objective("size", "paper"), Budget(12, 20.0), jobs=1)
TWO = listings.LOOP.replace(
    "; Function Attrs", "define dso_local i32 @one() #0 {\n  ret i32 1\n}\n\n; Function Attrs", 1
)


def asked(tools: Tools, ir: str, *replies: str, context: int = 16384) -> tuple[TuneResult, FakeModel]:
    model = FakeModel(LlmCompilerFamily(fine_tuned=True), context=context)
    for reply in replies:
        model.reply(reply)
    return tune(ir, model, tools, OPTIONS), model


def named(tools: Tools, passes: str, ir: str = listings.LOOP) -> TuneResult:
    """What came of a list that the model names four times over."""
    result, _ = asked(tools, ir, *[listings.reduced_by(passes)] * 4)
    assert result.model_passes == passes, "it is reported as it was named"
    return result


def test_the_listing_goes_out_byte_for_byte_and_its_list_measures_as_printed(tools: Tools) -> None:
    result, model = asked(tools, listings.RAW, *[listings.REDUCED] * 4)
    assert model.prompts == [listings.TUNE_PROMPT] * 4
    assert [asked_.options.temperature > 0 for asked_ in model.asked] == [False, True, True, True]
    assert (result.before, result.oz, result.best) == (65, 53, 53)
    assert (result.model_passes, result.model_value) == (listings.OZ, 53)


@pytest.mark.parametrize("before", ["  ", "\n\n", "Well: "])
def test_what_stands_before_the_sentence_does_no_harm(tools: Tools, before: str) -> None:
    result, _ = asked(tools, listings.RAW, *[before + listings.REDUCED] * 4)
    assert result.model_value == 53


def test_cannot_be_reduced_is_an_answer_and_llvm_searches_all_the_same(tools: Tools) -> None:
    result, model = asked(tools, listings.RAW, listings.NOT_REDUCED)
    assert len(model.prompts) == 1, "it has nothing to say: sampling would only guess"
    assert result.model_passes is None
    assert result.why_no_model_list == "the model says that nothing smaller can be had"
    assert result.best == 53


@pytest.mark.parametrize(
    ("passes", "repaired"),
    [
        ("function(licm),module(default<Oz>)", "licm put inside loop-mssa"),
        ("module(licm<allowspeculation>)", "loop-mssa"),
        ("function(flattencfg),module(default<Oz>)", "flattencfg is now called flatten-cfg"),
        ("function(lowerswitch),module(default<Oz>)", "lowerswitch is now called lower-switch"),
        ("module(default<Oz>),", "trailing comma removed"),
        ("module(default<Oz>),function(dce", "')' added at the end"),
        ("loop(loop-rotate),module(default<Oz>)", "loop-rotate"),
    ],
)
def test_a_list_with_a_slip_is_put_right_and_measured_and_that_is_said(
    tools: Tools, passes: str, repaired: str
) -> None:
    result = named(tools, passes)
    assert "repaired: " in result.model_note
    assert repaired in result.model_note
    if result.model_value is None:  # repaired all the same, but llvmlite alone does not have every pass
        assert not tools.compilers.of(listings.LOOP).whole
        assert any("llvmlite cannot run" in each.why for each in result.left_out)


@pytest.mark.parametrize(
    ("passes", "why"),
    [
        ("function(loop(loop-reroll)),module(default<Oz>)", "loop-reroll"),
        ("module(default<Oz>),function(instsimplfy)", "instsimplfy"),
        ("module(internalize),module(default<Oz>)", "internalize"),
        ("module(default<Oz>),function()", "empty|missing|pass"),
    ],
)
def test_a_list_that_cannot_be_run_is_left_out_with_the_reason(tools: Tools, passes: str, why: str) -> None:
    result = named(tools, passes)
    assert result.model_value is None
    reasons = [each.why for each in result.left_out if passes.split(",")[0] in each.passes]
    assert reasons
    assert any(word in reasons[0] for word in why.split("|")), reasons
    assert result.best <= result.oz


def test_a_list_that_regresses_is_measured_and_not_offered(tools: Tools) -> None:
    result = named(tools, "function(reg2mem)", listings.RAW)
    assert result.model_value is not None
    assert result.model_value > result.oz
    assert result.best == result.oz == 53


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (listings.reduced_by("module(default<Oz>),func")[:-2], "its pass list was cut off"),
        ("The code has object file size of 65", "it names no pass list"),
        ("", "it names no pass list"),
        ("<|im_start|>assistant\n" + listings.TUNE_PROMPT, "raw text, not its chat endpoint"),
    ],
)
def test_a_reply_without_a_list_says_why(tools: Tools, reply: str, why: str) -> None:
    result, _ = asked(tools, listings.RAW, reply)
    assert result.model_passes is None
    assert why in result.why_no_model_list
    assert result.best == 53


def test_a_module_that_does_not_fit_is_asked_function_by_function_and_that_is_said(tools: Tools) -> None:
    family = LlmCompilerFamily(fine_tuned=True)
    of_function = family.tune(llvm_extract(TWO, "scaled"))
    of_module = family.tune(TWO)
    assert of_function is not None
    assert of_module is not None
    counts = FakeModel(family).count_tokens
    context = counts(of_module.text)
    assert counts(of_function.text) < context
    result, model = asked(
        tools, TWO, listings.reduced_by("module(default<Os>)"), listings.NOT_REDUCED, context=context
    )
    assert model.prompts[0] == of_function.text, "the longest first, as llvm-extract cuts it out"
    assert len(model.prompts) == 2
    assert result.model_passes == "module(default<Os>)"
    assert result.model_value is not None, "measured on the whole module"
    assert f"the module has {context:,} tokens" in result.model_note
    assert "asked of scaled, one, each alone with what it refers to" in result.model_note


def test_llvmlite_alone_refuses_what_it_does_not_have_and_says_so(tools: Tools) -> None:
    model = FakeModel(LlmCompilerFamily(fine_tuned=True), context=16384)
    for _ in range(4):
        model.reply(listings.reduced_by("module(default<Oz>),module(iroutliner)"))
    result = tune(listings.RAW, model, tools, OPTIONS, compiler=LlvmliteCompiler(tools.llvm))
    assert result.model_value is None
    assert any("iroutliner" in each.why for each in result.left_out)
    assert result.best == 53

"""Random lists of the paper's passes, and predictions of what they do."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from irlens.evals import predict
from irlens.evals.paper_passes import MOST, passes, random_list
from irlens.evals.predict_cases import PredictCase, chosen_predict_cases, read_predict_cases
from irlens.ir.pipeline import parse_pipeline
from irlens.llvm.client import LLVM
from irlens.model.prompts.llm_compiler import LlmCompilerFamily
from support import listings
from support.fake_model import FakeModel

EVAL = Path(__file__).parents[2] / "examples" / "eval"


def test_the_table_has_the_paper_s_counts() -> None:
    assert Counter(level for level, _ in passes()) == {
        "module": 53,
        "cgscc": 7,
        "function": 87,
        "loop": 18,
        "loop-mssa": 2,
    }
    names = Counter(name for _, name in passes())
    assert {name for name, count in names.items() if count > 1} == {"instcombine", "guard-widening"}


def test_lists_are_of_1_to_50_passes_and_parse() -> None:
    rng = random.Random(1)
    lists = [random_list(rng) for _ in range(300)]
    lengths = {len(parse_pipeline(each).passes) for each in lists}
    assert (min(lengths), max(lengths)) == (1, MOST)
    assert len(set(lists)) > 295
    assert any("module(default<Oz>)" in each for each in lists)
    assert all("licm" not in each or "function(loop-mssa(" in each or "licm)" in each for each in lists)


def test_the_same_seed_gives_the_same_lists_to_the_same_functions() -> None:
    one = read_predict_cases(EVAL, "random", 7)
    assert one == read_predict_cases(EVAL, "random", 7)
    assert one != read_predict_cases(EVAL, "random", 8)
    assert len(chosen_predict_cases(one, 5, 1)) == 5
    assert len({case.pipeline for case in one}) > len(one) * 0.9


def test_a_list_that_llvm_does_not_run_is_no_prompt(llvm: LLVM) -> None:
    model = FakeModel(LlmCompilerFamily(fine_tuned=False), context=16384)
    cases = []
    for passes_ in (listings.OZ, "function(loop(loop-reroll))"):
        cases.append(PredictCase("p", listings.TRIPLE, "sum", passes_, listings.RAW, 8))
        model.reply(listings.EMULATED_IR)
    report = predict.evaluate(cases, [model], llvm)
    (found,) = report["table7"]
    assert (found["prompts"], found["unmeasured"], found["exact"]) == (1, 1, 1)

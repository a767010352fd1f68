"""`irlens eval flags` with replies in the published shapes: what each comes to in the table, measured by LLVM."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from irlens.assist.tools import Tools
from irlens.assist.witness import Witness
from irlens.cancel import Cancelled, CancelToken
from irlens.cli.main import main
from irlens.emulator.client import Emulator
from irlens.errors import ModelUnavailable
from irlens.evals import flags
from irlens.evals.always import OZ, Always
from irlens.evals.flags_cases import Unit, units_of
from irlens.evals.tune import ModuleCase, read_module_cases
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compilers
from irlens.mechanical.client import MechanicalLifter
from irlens.model.prompts.llm_compiler import LlmCompilerFamily
from support import listings
from support.fake_model import FakeModel

ROOT = Path(__file__).parents[2]
EVAL = ROOT / "examples" / "eval"
WRONG = (
    "function(instcombine<no-verify-fixpoint>,newgvn),cgscc(attributor-cgscc),function(newgvn),default<Oz>"
)
"""The suite's word: LLVM 19 breaks programs with it."""


@pytest.fixture(scope="module")
def bench() -> Iterator[flags.Bench]:
    tools = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    with closing(tools), closing(Compilers(tools.llvm, 1)) as compilers:
        yield flags.Bench(compilers.of, tools, Witness(tools))


def scripted(*replies: str, context: int = 16384) -> FakeModel:
    model = FakeModel(LlmCompilerFamily(fine_tuned=True), context=context)
    for reply in replies:
        model.reply(reply)
    return model


def units(*irs: str) -> list[Unit]:
    return [Unit(f"{number}.ll", "", ir) for number, ir in enumerate(irs)]


def line(report: dict) -> dict:
    (found,) = report["summary"]
    return found


def test_the_example_of_the_paper_comes_to_the_paper_s_sizes(bench: flags.Bench) -> None:
    report = flags.evaluate(units(listings.RAW), [scripted(listings.REDUCED)], bench)
    (row,) = report["functions"]
    assert (row["as_is_bytes"], row["oz_bytes"], row["bytes"]) == (65, 53, 53)
    assert (row["outcome"], row["passes"], row["predicted"]) == ("used", "module(default<Oz>)", [65, 53])
    found = line(report)
    assert (found["n"], found["improved"], found["regressed"], found["zero_shot"]) == (1, 0, 0, 0.0)
    assert (found["before_error"], found["after_error"]) == (0.0, 0.0)


def test_every_ending_has_a_column_and_counts_as_it_says(bench: flags.Bench) -> None:
    replies = [
        listings.reduced_by("cgscc(function(instcombine<no-verify-fixpoint>))", 146, 140),  # smaller than -Oz
        listings.reduced_by("function(reg2mem)"),  # larger
        listings.reduced_by("module(default<Oz>),function(instsimplfy)"),  # no such pass
        listings.reduced_by("module(default<Oz>),fun")[:-2],  # cut off
        listings.NOT_REDUCED,
    ]
    asked = units(listings.LOOP, listings.RAW, listings.RAW, listings.RAW, listings.OPTIMISED)
    report = flags.evaluate(asked, [scripted(*replies)], bench)
    assert [row["outcome"] for row in report["functions"]] == [
        "used",
        "used",
        "refused",
        "no answer",
        "kept as is",
    ]
    found = line(report)
    sizes = {row["unit"]: (row["oz_bytes"], row["bytes"]) for row in report["functions"]}
    (loop_oz, loop), (raw_oz, raw) = sizes["0.ll"], sizes["1.ll"]
    assert loop < loop_oz
    assert raw > raw_oz
    assert (found["n"], found["improved"], found["regressed"]) == (5, 1, 1)
    whole = sum(oz for oz, _ in sizes.values())
    gained, lost = loop_oz - loop, raw - raw_oz
    assert found["zero_shot"] == round(100 * (gained - lost) / whole, 2)
    assert found["with_oz_backup"] == round(100 * gained / whole, 2)
    assert (found["refused"], found["no_answer"], found["kept_as_is"], found["too_long"]) == (1, 1, 1, 0)
    assert found["after_error"] is not None
    assert "instsimplfy" in report["functions"][2]["reason"]
    assert "cut off" in report["functions"][3]["reason"]


def test_too_long_ones_count_as_oz_and_are_counted(bench: flags.Bench) -> None:
    model = scripted(listings.reduced_by("function(reg2mem)"))
    tokens = model.count_tokens(listings.TUNE_PROMPT)
    short = replace(bench, limit=tokens)
    long = listings.RAW.replace("%add = add", "%more = mul i32 %0, %1\n  %add = add")
    report = flags.evaluate(units(listings.RAW, long), [model], short)
    found = line(report)
    assert (found["n"], found["asked"], found["too_long"], found["regressed"]) == (2, 1, 1, 1)
    assert model.left == 0
    second = report["functions"][1]
    assert second["bytes"] is None
    assert found["bytes"] == report["functions"][0]["bytes"] + second["oz_bytes"]


def test_a_list_that_breaks_the_suite_is_not_counted(bench: flags.Bench) -> None:
    if not bench.compiler_of(listings.LOOP).whole:
        pytest.skip("no opt here that has the pass")
    report = flags.evaluate(units(listings.LOOP), [scripted(listings.reduced_by(WRONG))], bench)
    (row,) = report["functions"]
    assert (row["outcome"], row["bytes"]) == ("distrusted", None)
    assert "of the suite" in row["reason"]
    assert line(report)["bytes"] == line(report)["oz_bytes"]


def test_what_llvm_does_not_compile_is_in_no_other_column(bench: flags.Bench) -> None:
    model = scripted(listings.REDUCED)
    report = flags.evaluate(
        units(listings.RAW, "define i32 @f() {\n  ret i64 0\n}\n"), [model, Always(OZ)], bench
    )
    assert [found["unmeasured"] for found in report["summary"]] == [1, 1]
    assert [found["n"] for found in report["summary"]] == [1, 1]


def test_modules_that_do_not_fit_are_asked_about_function_by_function() -> None:
    cases = read_module_cases(EVAL / "calls.raw.ll")
    model = scripted()
    (whole,) = units_of(cases, model)
    assert (whole.function, whole.ir) == ("", cases[0].ir)
    prompt = model.family().tune(cases[0].ir)
    assert prompt is not None
    split = units_of(cases, model, limit=model.count_tokens(prompt.text) - 1)
    assert [unit.function for unit in split][:2] == ["allocate_words", "release_if"]
    assert len(split) == 8
    assert all(unit.ir.count("define ") == 1 for unit in split)
    small = scripted(context=model.count_tokens(prompt.text))
    assert units_of(cases, small) == split, "neither does it fit where the context is too short for it"
    assert units_of(cases, model, limit=1, split="never")[0].function == ""
    assert len(units_of([ModuleCase("a.ll", listings.RAW)], model, split="always")) == 1


def test_a_run_that_was_stopped_goes_on(bench: flags.Bench, tmp_path: Path) -> None:
    asked = units(listings.RAW, listings.LOOP)
    first = scripted(listings.REDUCED)
    stop = CancelToken()
    with pytest.raises(Cancelled):
        flags.evaluate(
            asked,
            [first],
            bench,
            output=tmp_path,
            cancel=stop,
            progress=lambda message, fraction: stop.cancel(),
        )
    second = scripted(listings.NOT_REDUCED)
    report = flags.evaluate(asked, [second], bench, output=tmp_path)
    assert [row["outcome"] for row in report["functions"]] == ["used", "kept as is"]
    assert json.loads((tmp_path / "eval-flags.json").read_text()) == report
    with (tmp_path / "eval-flags.csv").open() as file:
        assert [row["unit"] for row in csv.DictReader(file)] == ["0.ll", "1.ll"]


def test_a_model_that_cannot_be_used_ends_the_run(bench: flags.Bench) -> None:
    model = FakeModel(LlmCompilerFamily(fine_tuned=True))
    model.fail(ModelUnavailable("The server does not answer. Start it."))
    with pytest.raises(ModelUnavailable, match="Start it"):
        flags.evaluate(units(listings.RAW), [model], bench)


def test_the_embedded_model_by_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "irlens", "eval", "flags", str(EVAL), "--json", "--output", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    ours, *fixed = report["summary"]
    assert ours["model"].startswith("irlens-small")
    assert [each["model"] for each in fixed] == [f"always {each.passes}" for each in flags.BASELINES]
    assert ours["n"] + ours["unmeasured"] == report["count"]
    assert ours["asked"] + ours["not_asked"] + ours["too_long"] == ours["n"]
    assert ours["no_answer"] < ours["asked"], "it was asked, and read"
    assert fixed[0]["zero_shot"] == 0.0, "-Oz against itself"
    assert (tmp_path / "eval-flags.csv").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere"], "there is no .ll file in it. Give a folder of modules."),
        ([str(EVAL), "--prompt-limit", "0"], "Give a positive one."),
        ([str(EVAL), "--model", "nosuch.gguf"], "Check the path given as the model."),
        ([str(EVAL), "--model", "llm-compiler-7b-ftd"], "Run: irlens model pull llm-compiler-7b-ftd"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_what_to_do(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "flags", *words]) == 2
    assert says in capsys.readouterr().err

"""Lift, predict and tune with a scripted model and the real LLVM: every judgement below is LLVM's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from irlens.assist import lift as lifting
from irlens.assist import predict as predicting
from irlens.assist import tune as tuning
from irlens.assist import tune_ask
from irlens.assist.lift_text import as_json, file_with_head
from irlens.assist.tools import Tools
from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.client import Emulator
from irlens.errors import LLVMRefused, ModelUnavailable, UnusableInput
from irlens.evidence.verdict import Verdict
from irlens.llvm import assemblers
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.model.types import LiftSource
from irlens.tuning.cache import Memory
from support.fake_model import FakeModel
from support.scripted_family import ScriptedFamily

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCE = LiftSource((EXAMPLES / "list.s").read_text(), "next_of", "aarch64-unknown-linux-gnu")
MODULE = (EXAMPLES / "checksum.ll").read_text()

RIGHT = "define ptr @next_of(ptr %n) {\n  %p = load ptr, ptr %n\n  ret ptr %p\n}\n"
NEAR = RIGHT.replace("load ptr, ptr %n", "load ptr, ptr %n\n  store ptr null, ptr %n")
FAR = "define ptr @next_of(ptr %n) {\n  %a = ptrtoint ptr %n to i64\n  %b = mul i64 %a, %a\n  %p = inttoptr i64 %b to ptr\n  ret ptr %p\n}\n"  # noqa: E501


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture(scope="module")
def tools(llvm: LLVM) -> Iterator[Tools]:
    with Emulator() as emulator, MechanicalLifter() as lifter:
        made = Tools(llvm, emulator, lifter)
        yield made
        made.close()


@pytest.fixture
def model() -> FakeModel:
    return FakeModel(ScriptedFamily())


# --- lift ---------------------------------------------------------------------------------------------


def test_the_first_round_trip_ends_the_search(tools: Tools, model: FakeModel) -> None:
    model.reply(FAR).reply(RIGHT).reply(NEAR)
    result = lifting.lift(SOURCE, model, tools, wanted="model", candidates=3)
    assert result.verdict == Verdict.ROUND_TRIPS
    assert result.ir is not None
    assert "load ptr" in result.ir
    assert model.left == 1
    assert (result.replies, len(result.candidates)) == (2, 2)


def test_greedy_first_then_sampled_with_different_seeds(tools: Tools, model: FakeModel) -> None:
    model.reply(FAR).reply(FAR).reply(FAR)
    result = lifting.lift(SOURCE, model, tools, wanted="model", candidates=3)
    temperatures = [asked.options.temperature for asked in model.asked]
    assert temperatures[0] == 0.0
    assert all(t > 0 for t in temperatures[1:])
    assert len({asked.options.seed for asked in model.asked[1:]}) == 2
    assert (result.replies, len(result.candidates)) == (3, 1), "equal answers are one candidate"


def test_candidates_are_ranked_and_each_says_why(tools: Tools, model: FakeModel) -> None:
    model.reply("no IR at all").reply(FAR).reply("define broken").reply(NEAR)
    result = lifting.lift(SOURCE, model, tools, wanted="model", candidates=4)
    assert [c.verdict for c in result.candidates] == [
        Verdict.DISAGREES,
        Verdict.DISAGREES,
        Verdict.REJECTED,
        Verdict.REJECTED,
    ]
    assert result.ir == result.candidates[0].ir
    assert "store ptr null" in (result.ir or ""), "the nearer one is ranked first"
    assert all(c.reason for c in result.candidates)
    report = as_json(result)
    assert report["verdict"] == "disagrees"
    assert [c["verdict"] for c in report["candidates"]] == ["disagrees", "disagrees", "rejected", "rejected"]


def test_nothing_is_shown_when_everything_is_rejected(tools: Tools, model: FakeModel) -> None:
    model.reply("no").reply("define broken")
    result = lifting.lift(SOURCE, model, tools, wanted="model", candidates=2)
    assert result.verdict == Verdict.REJECTED
    assert result.ir is None
    with pytest.raises(ValueError, match="no file"):
        file_with_head(result, model.info(), "list.s")


def test_the_head_says_model_verdict_and_evidence(tools: Tools, model: FakeModel) -> None:
    model.reply(RIGHT)
    right = file_with_head(lifting.lift(SOURCE, model, tools, wanted="model"), model.info(), "list.s")
    assert right.startswith("; value_of, lifted by irlens from list.s (by the model ") or "list.s" in right
    assert right.split("\n")[2] == "", "two lines"
    assert model.info().name in right
    assert "round-trips" in right
    assert "SHOWN" not in right
    assert tools.llvm.parse(right).verified, "the head is a comment"
    model.reply(NEAR)
    near = file_with_head(
        lifting.lift(SOURCE, model, tools, wanted="model", candidates=1), model.info(), "list.s"
    )
    assert "SHOWN TO BE WRONG" in near


def test_a_cancel_in_the_middle_of_an_answer_ends_the_lift(tools: Tools, model: FakeModel) -> None:
    never = threading.Event()
    model.reply(RIGHT, hold=never)
    token = CancelToken()
    outcome: list[BaseException] = []

    def run() -> None:
        try:
            lifting.lift(SOURCE, model, tools, wanted="model", cancel=token)
        except Cancelled as cancelled:
            outcome.append(cancelled)

    thread = threading.Thread(target=run)
    thread.start()
    assert model.started.wait(10)
    token.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert len(outcome) == 1


def test_what_lift_cannot_do_is_said(tools: Tools, model: FakeModel) -> None:
    with pytest.raises(UnusableInput):
        lifting.lift(LiftSource(SOURCE.text, "nowhere", SOURCE.triple), model, tools)
    model.fail(ModelUnavailable("The file is truncated. Download it again."))
    with pytest.raises(ModelUnavailable, match="Download"):
        lifting.lift(SOURCE, model, tools, wanted="model")
    small = FakeModel(ScriptedFamily(), context=2)
    result = lifting.lift(SOURCE, small, tools, wanted="model")
    assert result.evidence["context"] == 2
    assert "context" in result.reason
    assert as_json(result)["verdict"] == "rejected"


UNCOVERED = LiftSource(
    "\t.text\n\t.type f,@function\nf:\n\tmovl %edi, %eax\n\txorl %ecx, %ecx\n\tcpuid\n\tretq\n\t.size f, .-f\n",
    "f",
    "x86_64-unknown-linux-gnu",
)
SAME_BUT_OTHERWISE = RIGHT.replace(
    "ret ptr %p",
    "%s = alloca ptr\n  store volatile ptr %p, ptr %s\n  %q = load volatile ptr, ptr %s\n  ret ptr %q",
)
"""The same result by other instructions: it cannot round-trip."""


def test_what_does_the_same_by_other_instructions_agrees(tools: Tools, model: FakeModel) -> None:
    model.reply(SAME_BUT_OTHERWISE)
    result = lifting.lift(SOURCE, model, tools, candidates=1)
    assert (result.verdict, result.origin) == (Verdict.AGREES, "model")
    emulation = as_json(result)["evidence"]["emulation"]
    assert emulation["outcome"] == "agrees"
    assert emulation["inputs"] >= 60
    assert emulation["covered"] == 1.0


def test_the_mechanical_lifter_steps_in_where_the_model_is_wrong(tools: Tools, model: FakeModel) -> None:
    model.reply(NEAR).reply(FAR)
    result = lifting.lift(SOURCE, model, tools, candidates=2)
    assert result.origin == "mechanical"
    assert result.verdict >= Verdict.AGREES
    assert "no answer of the model agrees" in result.why_origin
    assert [c.origin for c in result.candidates] == ["mechanical", "model", "model"]
    assert "mechanical" in file_with_head(result, model.info(), "list.s")
    near = next(c for c in result.candidates if c.ir and "null" in c.ir)
    assert near.evidence is not None
    assert near.evidence.emulation is not None
    assert near.evidence.emulation.outcome == "disagrees"


def test_who_lifts_can_be_chosen(tools: Tools, model: FakeModel) -> None:
    mechanical = lifting.lift(SOURCE, model, tools, wanted="mechanical")
    assert (mechanical.origin, mechanical.replies) == ("mechanical", 0)
    assert mechanical.verdict >= Verdict.AGREES
    assert mechanical.ir is not None
    assert not {"no-builtins", "source_filename", "#0"} & set(mechanical.ir.replace('"', " ").split())
    model.reply(FAR)
    alone = lifting.lift(SOURCE, model, tools, wanted="model", candidates=1)
    assert (alone.origin, alone.verdict) == ("model", Verdict.DISAGREES)


def test_without_a_model_the_mechanical_lifter_does_it(tools: Tools, model: FakeModel) -> None:
    model.fail(ModelUnavailable("The file is truncated. Download it again."))
    result = lifting.lift(SOURCE, model, tools)
    assert result.origin == "mechanical"
    assert "truncated" in result.why_origin
    assert lifting.lift(SOURCE, None, tools).verdict >= Verdict.AGREES


def test_what_nobody_can_lift_keeps_its_counterexample(tools: Tools, model: FakeModel) -> None:
    model.reply("define i32 @f(i32 %x) {\n  ret i32 %x\n}\n")
    result = lifting.lift(UNCOVERED, model, tools, candidates=1)
    assert (result.verdict, result.origin) == (Verdict.DISAGREES, "model")
    floor = next(c for c in result.candidates if c.origin == "mechanical")
    assert result.why_origin == "the mechanical lift got no further than the model's answer"
    assert "cpuid" in floor.reason.lower()
    head = file_with_head(result, model.info(), "f.s")
    assert head.startswith("; SHOWN TO BE WRONG: ")
    _, second, empty = head.split("\n")[:3]
    assert "this IR returned" in second
    assert empty == ""
    assert len(second) <= 200
    assert tools.llvm.parse(head).verified, "the head is a comment"


# --- predict ------------------------------------------------------------------------------------------


def test_predicted_and_measured_stand_side_by_side(llvm: LLVM, model: FakeModel) -> None:
    model.reply("7 77")
    [one] = predicting.predict(MODULE, "default<Oz>", "twice", model, llvm).functions
    assert one.predicted is not None
    assert (one.predicted.instructions, one.predicted.bytes) == (7, 77), "the model's numbers as it gave them"
    assert one.measured is not None
    assert one.measured.instructions == 2
    assert one.before_instructions > one.measured.instructions
    assert "shl" in one.measured.ir


def test_a_reply_that_cannot_be_read_costs_the_prediction_only(llvm: LLVM, model: FakeModel) -> None:
    model.reply("no numbers here at all")
    model.prompt_family = UnreadableFamily()
    [one] = predicting.predict(MODULE, "dce", "twice", model, llvm).functions
    assert one.predicted is None
    assert "could not be read" in one.why_not_predicted
    assert one.measured is not None


class UnreadableFamily(ScriptedFamily):
    def predict(self, *arguments: object, **more: object) -> object:
        from irlens.errors import ReplyUnreadable
        from irlens.model.types import Prompt

        def refuse(reply: str) -> object:
            raise ReplyUnreadable(f"no numbers in {reply!r}. Ask again.")

        return Prompt("predict", refuse, 16)


def test_each_function_is_measured_in_its_module(llvm: LLVM) -> None:
    result = predicting.predict(MODULE, "default<Oz>", None, None, llvm)
    assert [f.name for f in result.functions] == [
        "twice",
        "difference",
        "rotate",
        "checksum",
        "header_checksum",
        "checksum_pair",
    ]
    assert all(f.measured and f.measured.bytes and f.measured.bytes > 0 for f in result.functions)


def test_a_removed_function_measures_nothing_left(llvm: LLVM) -> None:
    gone = "define internal i32 @gone() {\n  ret i32 1\n}\n"
    ir = gone + "define i32 @kept() {\n  %r = call i32 @gone()\n  ret i32 %r\n}\n"
    removed, kept = predicting.predict(ir, "default<O2>", None, None, llvm).functions
    assert removed.measured is not None
    assert (removed.measured.instructions, removed.measured.bytes, removed.measured.ir) == (0, 0, "")
    assert kept.measured is not None
    assert kept.measured.instructions == 1


def test_a_pass_that_nothing_can_run_is_said_and_the_model_is_still_asked(
    llvm: LLVM, model: FakeModel
) -> None:
    model.reply("3 30")
    [one] = predicting.predict(MODULE, "no-such-pass", "twice", model, llvm).functions
    assert one.measured is None
    assert "no-such-pass" in one.why_not_measured
    assert one.predicted is not None


def test_a_module_that_does_not_verify_is_refused(llvm: LLVM) -> None:
    with pytest.raises(LLVMRefused):
        predicting.predict(MODULE[:900], "dce", None, None, llvm)
    with pytest.raises(UnusableInput, match="twice"):
        predicting.predict(MODULE, "dce", "nowhere", None, llvm)


# --- tune ---------------------------------------------------------------------------------------------


FEW = tuning.TuneOptions(budget=tuning.Budget(12))


def replies(model: FakeModel, text: str) -> None:
    """The same to every question of one search."""
    for _ in range(tune_ask.ANSWERS):
        model.reply(text)


def test_never_larger_than_oz_and_the_numbers_can_be_had_again(tools: Tools) -> None:
    result = tuning.tune(MODULE, None, tools, FEW)
    assert result.best <= result.oz < result.before
    compiler = tools.compilers.of(MODULE)
    after = compiler.run(MODULE, result.best_passes or "verify")
    for block, passes in ((MODULE, result.best_passes), (after, ""), (result.best_ir, "")):
        [measured] = compiler.measure(block.encode(), [passes])
        assert measured.bytes == result.best
    assert result.guard is not None
    assert result.guard.broken == ()
    assert min(each.value for each in result.tried if each.value is not None) <= result.best
    assert result.compilations > 2
    assert result.by == compiler.name


def test_the_same_seed_has_the_same_answer(tools: Tools) -> None:
    cache = Memory()
    first = tuning.tune(MODULE, None, tools, FEW, cache=cache)
    again = tuning.tune(MODULE, None, tools, replace(FEW, jobs=1), cache=cache)
    assert (again.best, again.best_passes, again.tried) == (first.best, first.best_passes, first.tried)
    assert first.compiled > 0
    assert again.compiled == 0


def test_a_worse_list_of_the_model_does_not_win(tools: Tools, model: FakeModel) -> None:
    replies(model, "function(reg2mem)")
    result = tuning.tune(MODULE, model, tools, FEW)
    assert result.model_passes == "function(reg2mem)"
    assert result.model_value is not None
    assert result.model_value > result.oz
    assert result.best_passes != result.model_passes
    assert result.best <= result.oz


def test_a_list_that_does_not_exist_is_left_out_by_name(tools: Tools, model: FakeModel) -> None:
    replies(model, "function(make-it-small)")
    result = tuning.tune(MODULE, model, tools, FEW)
    assert result.model_value is None
    [left_out] = [t for t in result.left_out if t.passes == "function(make-it-small)"]
    assert "make-it-small" in left_out.why


def test_a_list_that_changes_the_meaning_is_left_out_whoever_names_it(tools: Tools, model: FakeModel) -> None:
    replies(model, "internalize,default<Oz>")
    result = tuning.tune(MODULE, model, tools, FEW)
    assert result.model_value is None
    [left_out] = [t for t in result.left_out if t.passes == "internalize,default<Oz>"]
    assert left_out.how == "forbidden"
    assert "other files call" in left_out.why


def test_a_better_list_of_the_model_wins(tools: Tools, model: FakeModel) -> None:
    # Two copies of one function, which -Oz keeps and mergefunc makes one.
    body = MODULE[MODULE.index("define dso_local i32 @checksum(") :]
    body = body[: body.index("\n}\n") + 3]
    copies = MODULE + "\n" + body.replace("@checksum(", "@checksum_again(")
    replies(model, "default<Oz>,mergefunc")
    result = tuning.tune(copies, model, tools, FEW)
    assert result.model_value is not None
    assert result.model_value < result.oz
    assert result.best <= result.model_value


def test_a_module_that_is_already_smallest_is_left_as_it_is(tools: Tools) -> None:
    ir = "define i32 @f(i32 %a) minsize nounwind optsize {\n  ret i32 %a\n}\n"
    result = tuning.tune(ir, None, tools, FEW)
    assert (result.best_passes, result.best_ir) == ("", ir)
    assert result.best == result.before == result.oz


def test_a_module_that_does_not_parse_is_not_tuned(tools: Tools) -> None:
    with pytest.raises(LLVMRefused, match="try again"):
        tuning.tune(MODULE[:900], None, tools, FEW)


def test_without_an_opt_llvmlite_tunes_and_says_what_it_lacks(tools: Tools) -> None:
    with LLVM(workers=1, opt="/nowhere/opt") as alone:
        without = Tools(alone, tools.emulator, tools.lifter)
        result = tuning.tune(MODULE, None, without, FEW)
        assert result.best <= result.oz < result.before
        assert result.by == alone.llvmlite_name()
        assert "were not searched. Install an `opt`" in result.not_searched
        assert alone.size(alone.emit_object(result.best_ir)).total == result.best


def test_a_cancel_ends_a_search(tools: Tools) -> None:
    token = CancelToken()

    def cancel(message: str, fraction: float | None) -> None:
        if "lists, best" in message:
            token.cancel()

    with pytest.raises(Cancelled):
        tuning.tune(MODULE, None, tools, tuning.TuneOptions(), cancel=token, progress=cancel)


# --- assembly that the model does not read, or that nobody installed an assembler for ------------------

INTEL = LiftSource(
    "\t.intel_syntax noprefix\n\t.text\n\t.type\tf, @function\nf:\n\tlea\teax, [rdi+rsi*2]\n\tret\n\t.size\tf, .-f\n",
    "f",
    "x86_64-unknown-linux-gnu",
)


def test_intel_syntax_is_lifted_mechanically(tools: Tools, model: FakeModel) -> None:
    result = lifting.lift(INTEL, model, tools)
    assert (result.origin, result.verdict, result.replies) == ("mechanical", Verdict.AGREES, 0)
    assert "Intel syntax" in result.why_origin
    with pytest.raises(UnusableInput, match="Intel"):
        lifting.lift(INTEL, model, tools, wanted="model")
    with pytest.raises(UnusableInput, match="no function g"):
        lifting.lift(LiftSource(INTEL.text, "g", INTEL.triple), model, tools)
    cut = INTEL.text[: INTEL.text.index("\tret")]
    with pytest.raises(UnusableInput, match="cut off"):
        lifting.lift(LiftSource(cut, "f", INTEL.triple), model, tools)


def test_aarch64_is_lifted_where_no_assembler_is_installed(
    tools: Tools, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assemblers, "find", lambda triple: [])
    model.reply(FAR)
    result = lifting.lift(SOURCE, model, tools, candidates=1)
    assert result.origin == "mechanical"
    assert result.verdict >= Verdict.AGREES
    [wrong] = [c for c in result.candidates if c.origin == "model"]
    assert wrong.evidence is not None
    assert wrong.evidence.emulation is not None, "it was run, so it was assembled"


def test_an_answer_that_misses_by_a_detail_is_mended_and_says_how(tools: Tools, model: FakeModel) -> None:
    ir = "declare i32 @g(ptr, ptr)\ndefine i32 @f(ptr %p) {\n  %r = tail call i32 @g(ptr %p, ptr null)\n  ret i32 %r\n}\n"
    source = LiftSource(tools.llvm.lower(ir, "aarch64-unknown-linux-gnu"), "f", "aarch64-unknown-linux-gnu")
    model.reply(ir.replace("ptr null", "i32 0").replace("(ptr, ptr)", "(ptr, i32)"))
    result = lifting.lift(source, model, tools, wanted="model", candidates=1)
    assert result.verdict == Verdict.ROUND_TRIPS
    assert "mended: `i32 0` is `ptr null`" in result.why_origin
    assert [candidate.changes for candidate in result.candidates] == [("`i32 0` is `ptr null`",), ()]
    assert as_json(result)["candidates"][0]["changes"] == ["`i32 0` is `ptr null`"]  # type: ignore[index]

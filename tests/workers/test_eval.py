"""`irlens eval` with scripted models and the real LLVM; and the embedded model on our own examples, so that a
worse one cannot slip in."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.client import Emulator
from irlens.evals import lift, predict
from irlens.evals.copying import Copying
from irlens.evals.lift_cases import LiftCase, read_lift_cases
from irlens.evals.predict_cases import PredictCase
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from support.fake_model import FakeModel
from support.scripted_family import ScriptedFamily

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "eval"
X86 = "x86_64-unknown-linux-gnu"
ASM = "f:\n\tleal\t1(%rdi), %eax\n\tretq\n"
GOOD = "define i32 @f(i32 %a) {\n  %r = add i32 %a, 1\n  ret i32 %r\n}\n"
WRONG = GOOD.replace("1\n", "2\n")
BROKEN = "define i32 @f(i32 %a) {\n  ret i64 %a\n}\n"
CASE = LiftCase("own", "-O2", X86, "f", ASM, 2, "fn i32 i32\n%1= add.i32 %0 1\nret.i32 %1", ())


@pytest.fixture(scope="module")
def llvm() -> LLVM:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture(scope="module")
def lifter() -> Iterator[MechanicalLifter]:
    with MechanicalLifter() as client:
        yield client


def scripted(*replies: str) -> FakeModel:
    model = FakeModel(ScriptedFamily())
    for reply in replies:
        model.reply(reply)
    return model


def test_candidates_are_judged_until_one_round_trips(llvm: LLVM, lifter: MechanicalLifter) -> None:
    model = scripted(BROKEN, WRONG, GOOD, "not asked for")
    row = lift.lift_case(CASE, model, llvm, lifter, 4)
    assert row["verdicts"] == ["rejected", "compiles", "round-trips"]
    assert not row["exact"]
    assert model.left == 1
    assert [asked.options.temperature for asked in model.asked] == [0.0, lift.TEMPERATURE, lift.TEMPERATURE]
    assert len({asked.options.seed for asked in model.asked}) == 3


def test_the_original_is_exact_and_alike(llvm: LLVM, lifter: MechanicalLifter) -> None:
    row = lift.lift_case(CASE, scripted(GOOD), llvm, lifter, 1)
    assert row["exact"]
    assert row["bleu"] == 1.0
    assert row["tokens"] > 0
    other = lift.lift_case(CASE, scripted(WRONG), llvm, lifter, 1)
    assert not other["exact"]
    assert 0 < other["bleu"] < 1


def test_the_emulator_says_which_of_those_that_compile_are_wrong(
    llvm: LLVM, lifter: MechanicalLifter
) -> None:
    roundabout = (
        "define i32 @f(i32 %a) {\n  %b = mul i32 %a, 5\n  %c = shl i32 %a, 2\n  %d = sub i32 %b, %c\n"
        "  %e = freeze i32 %d\n  %r = add i32 %e, 1\n  ret i32 %r\n}\n"
    )
    with Emulator() as emulator:
        wrong = lift.lift_case(CASE, scripted(WRONG), llvm, lifter, 1, emulator=emulator)
        right = lift.lift_case(CASE, scripted(WRONG, roundabout), llvm, lifter, 2, emulator=emulator)
    assert (wrong["verdicts"], wrong["emulation"]) == (["disagrees"], "disagrees")
    assert (right["verdicts"], right["emulation"]) == (["disagrees", "agrees"], "agrees")


def test_an_unreadable_answer_is_rejected_with_its_reason(llvm: LLVM, lifter: MechanicalLifter) -> None:
    row = lift.lift_case(CASE, scripted("what?"), llvm, lifter, 1)
    assert row["verdicts"] == ["rejected"]
    assert "no function" in row["reason"]


def test_a_function_that_does_not_fit_counts_as_not_lifted(llvm: LLVM, lifter: MechanicalLifter) -> None:
    model = FakeModel(ScriptedFamily(), context=2)
    row = lift.lift_case(CASE, model, llvm, lifter, 2)
    assert row["verdicts"] == []
    assert row["reason"]
    assert lift.summary([{**row, "model": "m"}], 1)[0]["round_trips"] == 0.0


def test_a_stopped_run_goes_on_and_a_different_one_does_not(
    llvm: LLVM, lifter: MechanicalLifter, tmp_path: Path
) -> None:
    cases = [CASE, LiftCase("own", "-O1", X86, "f", ASM, 2, CASE.answer, ())]
    cancel = CancelToken()

    def stop(message: str, fraction: float | None) -> None:
        cancel.cancel()

    with pytest.raises(Cancelled):
        lift.evaluate(
            cases, [scripted(GOOD)], llvm, lifter, candidates=1, output=tmp_path, cancel=cancel, progress=stop
        )
    part = tmp_path / "eval-lift.part"
    assert len(part.read_text().splitlines()) == 2
    with part.open("a") as file:
        file.write('{"case": "cut o')  # killed while it wrote
    again = scripted(WRONG)
    report = lift.evaluate(cases, [again], llvm, lifter, candidates=1, output=tmp_path)
    assert again.left == 0
    assert [row["verdicts"] for row in report["functions"]] == [["round-trips"], ["compiles"]]
    assert not part.exists()
    assert json.loads((tmp_path / "eval-lift.json").read_text()) == json.loads(json.dumps(report))
    with (tmp_path / "eval-lift.csv").open() as file:
        assert [row["verdicts"] for row in csv.DictReader(file)] == ["round-trips", "compiles"]


def test_a_run_of_other_cases_starts_anew(llvm: LLVM, lifter: MechanicalLifter, tmp_path: Path) -> None:
    part = tmp_path / "eval-lift.part"
    part.write_text('{"evaluation": "lift"}\n{"case": "x", "model": "scripted"}\n')
    model = scripted(GOOD)
    report = lift.evaluate([CASE], [model], llvm, lifter, candidates=1, output=tmp_path)
    assert model.left == 0
    assert len(report["functions"]) == 1


IR = f'target triple = "{X86}"\ndefine i32 @f(i32 %a) {{\n  %b = add i32 %a, 0\n  %c = mul i32 %b, 3\n  ret i32 %c\n}}\n'


def test_what_the_model_reads_is_measured_beside_it(llvm: LLVM, lifter: MechanicalLifter) -> None:
    """The mechanical lift as an answer: it comes back as it was, and is the original's IR here."""
    report = lift.evaluate([CASE], [scripted(WRONG), Copying()], llvm, lifter, candidates=1)
    theirs, copied = report["functions"]
    assert theirs["verdicts"] == ["compiles"]
    assert copied["verdicts"] == ["round-trips"]
    assert copied["exact"]
    broken = LiftCase("own", "-O2", X86, "f", "f:\n\tcpuid\n\tretq\n", 2)
    assert lift.lift_case(broken, Copying(), llvm, lifter, 1)["reason"]


def test_predictions_are_held_against_what_llvm_measures(llvm: LLVM) -> None:
    from irlens.llvm.client import LLVM as Client

    assert isinstance(llvm, Client)
    case = PredictCase("own", X86, "f", "default<O2>", IR, 3)
    right = predict.predict_case(case, scripted("2 4"), llvm)
    assert right["measured"][0] == 2
    assert right["instructions_exact"]
    assert right["bytes_exact"] == (right["measured"][1] == 4)
    assert not right["unchanged"]
    wrong = predict.predict_case(case, scripted(f"3 {2 * right['measured'][1]}"), llvm)
    assert not wrong["instructions_exact"]
    assert wrong["size_error"] == 1.0
    assert not wrong["ir_exact"]
    found = predict.summary([{**right, "model": "m"}, {**wrong, "model": "m"}])
    assert found[0]["instructions"] == 50.0


def test_an_unchanged_function_is_seen(llvm: LLVM) -> None:
    case = PredictCase("own", X86, "f", "simplifycfg", IR, 3)
    assert predict.predict_case(case, scripted("3 8"), llvm)["unchanged"]


def irlens(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "irlens", "eval", *arguments]


@pytest.mark.parametrize("what", ["lift", "predict"])
def test_the_embedded_model_is_not_worse_than_the_one_that_was_measured(what: str, tmp_path: Path) -> None:
    """`make eval` writes the committed result anew. Engines round differently on other CPUs: one answer may tip."""
    committed = json.loads((EXAMPLES / "results" / f"eval-{what}.json").read_text())
    done = subprocess.run(
        irlens(what, str(EXAMPLES), "--candidates", "1", "--output", str(tmp_path), "--json"),
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    now = json.loads(done.stdout)
    assert now["cases"] == committed["cases"], "the examples have changed: run `make eval`"
    measures = (
        ("verifies", "compiles", "round_trips", "exact")
        if what == "lift"
        else ("answered", "instructions", "ir")
    )
    before, after = committed["summary"][0], now["summary"][0]
    assert after["n"] == before["n"] > 25
    for measure in measures:
        slack = 100 / before["n"] + 0.1
        assert after[measure] >= before[measure] - slack, measure
        assert after[measure] <= before[measure] + 3 * slack, f"{measure} is better: run `make eval`"


def test_the_committed_result_is_of_the_model_in_the_package() -> None:
    from irlens.evals.lift_run import label
    from irlens.model.client import Model

    with Model() as model:
        its = label(model.info())
    for what in ("lift", "predict"):
        committed = json.loads((EXAMPLES / "results" / f"eval-{what}.json").read_text())
        assert committed["models"][0] == its, "run `make eval`"


def test_an_interrupt_ends_the_run_and_keeps_what_was_done(tmp_path: Path) -> None:
    process = subprocess.Popen(
        irlens("lift", str(EXAMPLES), "--candidates", "64", "--output", str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    part = tmp_path / "eval-lift.part"
    end = time.monotonic() + 60
    while not (part.exists() and len(part.read_text().splitlines()) > 1):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "goes on" in errors
    assert part.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lift", "nowhere"], "no such file"),
        (["predict", "nowhere"], "no such file"),
        (["lift", str(EXAMPLES), "--candidates", "0"], "less than 1"),
        (["lift", str(EXAMPLES), "--model", "nowhere.gguf"], "nowhere.gguf"),
    ],
)
def test_what_cannot_be_measured_is_refused(arguments: list[str], says: str) -> None:
    done = subprocess.run(irlens(*arguments), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_cases_of_the_examples_name_their_symbols() -> None:
    [case] = [one for one in read_lift_cases(EXAMPLES) if one.function == "on_key" and one.target == "x86_64"]
    assert case.symbols == ("handle_event",)

"""`irlens eval tune`: searches side by side on real modules, with LLVM's numbers and a witness that can say no."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.assist.tools import Tools
from irlens.assist.witness import Witness
from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.client import Emulator
from irlens.errors import UnusableInput
from irlens.evals import tune
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler
from irlens.mechanical.client import MechanicalLifter
from support.fake_compiler import FakeCompiler
from support.fake_model import FakeModel
from support.scripted_family import ScriptedFamily

ROOT = Path(__file__).parents[2]
CHECKSUM = tune.ModuleCase("checksum.ll", (ROOT / "examples" / "checksum.ll").read_text())
WRONG = (
    "function(instcombine<no-verify-fixpoint>,newgvn),cgscc(attributor-cgscc),function(newgvn),default<Oz>"
)
"""LLVM 19 makes checksums that are always 1 with it."""


class Believing(Witness):
    """Accuses what the test says."""

    def __init__(self, *wrong: str) -> None:
        self._wrong = wrong

    def accuses(
        self, ir: str, compiler: Compiler, passes: str, cancel: CancelToken | None = None
    ) -> dict[str, str]:
        return {"function": "f", "why": "the test says so"} if passes in self._wrong else {}


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    yield made
    made.close()


def lines(report: dict) -> dict[tuple[str, int], dict]:
    return {(line["strategy"], line["compilations"]): line for line in report["summary"]}


def test_every_strategy_has_a_line_a_budget_and_the_model_one_more(tools: Tools, tmp_path: Path) -> None:
    model = FakeModel(ScriptedFamily())
    for _ in range(4):
        model.reply("default<Oz>,mergefunc")
    report = tune.evaluate(
        [CHECKSUM], model, tools.compilers.of, Witness(tools), budgets=(4, 8), random_to=12, output=tmp_path
    )
    found = lines(report)
    names = ("fixed", "random", "genetic", "ours", "ours with model")
    assert set(found) == {(name, n) for name in names for n in (4, 8)} | {("random", 12), ("one answer", 1)}
    assert found["ours with model", 4]["over_oz_backup"] >= found["one answer", 1]["over_oz_backup"]
    assert found["one answer", 1]["modules"] == 1
    assert all(line["over_oz_backup"] >= max(0.0, line["over_oz"]) for line in report["summary"])
    assert all(
        found[name, 8]["over_oz_backup"] >= found[name, 4]["over_oz_backup"]
        for name in ("fixed", "random", "genetic")
    ), "more of the same lists"
    assert "| ours | 8 |" in tune.as_table(report)
    [row] = csv.DictReader((tmp_path / "eval-tune.csv").open())
    assert row["module"] == "checksum.ll"
    assert int(row["oz"]) < int(row["as_is"])
    assert not (tmp_path / "eval-tune.part").exists()


def test_a_list_that_breaks_the_module_does_not_count(tools: Tools) -> None:
    compiler = tools.compilers.of(CHECKSUM.ir)
    if not compiler.whole:
        pytest.skip("there is no opt: bash tests/install-opt.sh")
    witness = Witness(tools, budget_s=20.0)
    assert witness.accuses(CHECKSUM.ir, compiler, "default<Oz>,mergefunc") == {}
    if compiler.release == 19:
        assert witness.accuses(CHECKSUM.ir, compiler, WRONG)["function"] == "checksum"


def test_the_next_best_takes_the_place_of_what_is_accused() -> None:
    effects = {"mergefunc": -90, "iroutliner": -60}
    module = tune.ModuleCase("a.ll", "define void @f() {\n  ret void\n}\n")

    def run(*wrong: str) -> dict:
        fake = FakeCompiler(effects)
        return lines(tune.evaluate([module], None, lambda ir: fake, Believing(*wrong), budgets=(14,)))[
            "fixed", 14
        ]

    assert (run()["over_oz"], run()["broken"]) == (18.0, 0)
    accused = run("default<Oz>,mergefunc")
    assert (accused["over_oz"], accused["improved"]) == (12.0, 1)
    assert accused["broken"] == 2, "another list makes the same object"


def test_worse_than_oz_is_a_regression_and_the_backup_takes_it_back() -> None:
    rows = [
        {"module": "a", "oz": 100, "free": 100, "as_is": 200, "found": {"fixed 2": (110, 1, 0)}},
        {"module": "b", "oz": 300, "free": 280, "as_is": 280, "found": {"fixed 2": (270, 0, 0)}},
        {"module": "c", "oz": 100, "free": 100, "as_is": 100, "found": {"fixed 2": (None, 2, 0)}},
        {"module": "d", "oz": None, "as_is": 100, "found": {}},
    ]
    [line] = tune.summary(rows)
    assert (line["modules"], line["improved"], line["regressed"]) == (3, 1, 1)
    assert (line["over_oz"], line["over_oz_backup"]) == (4.0, 6.0)
    assert (line["finds"], line["over_free"]) == (1, round(100 * 10 / 480, 2))
    assert line["mean"] == round(100 * 0.1 / 3, 2)
    assert line["failed"] == 50.0


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    modules = [tune.ModuleCase(f"{n}.ll", f"define void @f{n}() {{\n  ret void\n}}\n") for n in range(3)]
    fake, cancel = FakeCompiler({"mergefunc": -9}), CancelToken()

    def stopping(ir: str) -> FakeCompiler:
        if ir == modules[1].ir:
            cancel.cancel()
        return fake

    about = {"budgets": (4,), "output": tmp_path, "jobs": 1}
    with pytest.raises(Cancelled):
        tune.evaluate(modules, None, stopping, Believing(), cancel=cancel, **about)
    asked = len(fake.asked)
    report = tune.evaluate(modules, None, lambda ir: fake, Believing(), **about)
    assert len(report["functions"]) == 3
    assert len(fake.asked) - asked == 2 * asked, "the first module is not done again"


def test_in_a_shell(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.ll").write_text(CHECKSUM.ir)
    command = [sys.executable, "-m", "irlens", "eval", "tune", str(tmp_path), "--no-model", "--json"]
    done = subprocess.run(
        [*command, "--budgets", "3"], capture_output=True, text=True, timeout=120, check=True
    )
    report = json.loads(done.stdout)
    assert [row["module"] for row in report["functions"]] == ["sub/a.ll"]
    wrong = subprocess.run(
        [*command, "--budgets", "x"], capture_output=True, text=True, timeout=60, check=False
    )
    assert wrong.returncode == 2
    assert "Give numbers" in wrong.stderr
    with pytest.raises(UnusableInput, match=r"no \.ll file"):
        tune.read_module_cases(ROOT / "docs")

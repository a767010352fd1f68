"""A list on one function alone, with the real LLVM: what is shown is what is applied, and the rest does not move."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.assist.tools import Tools
from irlens.assist.tune_client import BackgroundTuner
from irlens.assist.tune_functions import apply_to_function
from irlens.emulator.client import Emulator
from irlens.errors import LLVMRefused, UnusableInput
from irlens.ir.graft import grafted
from irlens.ir.outline import function_text, outline
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.tuning.trust import Trial

MODULE = (Path(__file__).parents[2] / "examples" / "checksum.ll").read_text(encoding="utf-8")
NAMES = [function.name for function in outline(MODULE).functions if function.is_definition]


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    yield made
    made.close()


@pytest.fixture
def tuner(tmp_path: Path) -> Iterator[BackgroundTuner]:
    client = BackgroundTuner(tmp_path / "tune.sqlite", None, 2048)
    yield client
    client.close()


@pytest.mark.parametrize("name", NAMES)
def test_oz_on_one_function_leaves_all_others_byte_for_byte(tools: Tools, name: str) -> None:
    applied = apply_to_function(MODULE, name, "default<Oz>", tools.compilers.of(MODULE), tools)
    text = grafted(MODULE, applied.change)
    assert (
        tools.compilers.of(text).measure(text.encode(), [""], functions=True)[0].functions[name]
        == applied.after
    )
    assert applied.after < applied.before
    assert function_text(text, name) != function_text(MODULE, name)
    for other in NAMES:
        if other != name:
            assert function_text(text, other) == function_text(MODULE, other)
    removed = set(MODULE.split("\n")) - set(text.split("\n"))
    own = {*(function_text(MODULE, name) or "").split("\n")}
    assert {line for line in removed - own if not line.startswith("; Function Attrs:")} == set()


def test_the_background_finds_every_function_at_low_priority(tuner: BackgroundTuner, tools: Tools) -> None:
    done: list[str] = []
    found = {}
    left = True
    while left:
        turn = tuner.turn(MODULE, 4, done)
        assert turn.failed == {}
        found |= {each.name: each for each in turn.tuned}
        done = list(found)
        left = turn.left
    assert set(found) == {*NAMES, ""}
    assert all(each.best <= min(each.now, each.oz) for each in found.values())
    (pid,) = tuner.worker_pids()
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    name = NAMES[0]
    passes = found[name].passes or "default<Oz>"
    promised = found[name].best if found[name].passes else found[name].oz
    assert apply_to_function(MODULE, name, passes, tools.compilers.of(MODULE), tools).after == promised


def test_a_module_that_llvm_refuses_is_an_error_and_the_next_is_searched(tuner: BackgroundTuner) -> None:
    with pytest.raises(LLVMRefused):
        tuner.turn("define i32 @f() {\n  ret i32 %nothing\n}\n", 1, [])
    assert tuner.turn(MODULE, 1, []).tuned


def test_a_list_that_breaks_the_suite_is_not_applied(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def breaks(passes: str, *rest: object, **more: object) -> Trial:
        asked.append(passes)
        return Trial(passes, "breaks", 3, "loops", "sum returned 1, not 2")

    monkeypatch.setattr("irlens.assist.tune_functions.trial", breaks)
    compiler = tools.compilers.of(MODULE)
    with pytest.raises(UnusableInput, match="program loops of the suite"):
        apply_to_function(MODULE, NAMES[0], "function(sroa)", compiler, tools)
    assert asked == ["function(sroa)"]
    assert apply_to_function(MODULE, NAMES[0], "default<Oz>", compiler, tools).after > 0, "-Oz is LLVM's own"

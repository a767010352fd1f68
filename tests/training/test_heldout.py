"""What models are judged on: nothing that was trained on, nothing twice, each function as the models see it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from irlens.evals.lists_cases import read_tune_cases
from irlens.evals.predict_cases import read_predict_cases
from irlens.ir.normal import encode
from irlens.ir.outline import outline
from irlens.model.prompts.irlens import LONGEST_TUNED, lift_prompt, packed, predict_prompt, tune_prompt
from irlens.training.heldout import collect, predict_cases, trained_on, tune_cases
from irlens.training.llvm import TRIPLES

X86, A64 = TRIPLES
IR = """\
define internal i32 @one(i32 %x) {
  %p = alloca i32
  store i32 %x, ptr %p
  %a = load i32, ptr %p
  ret i32 %a
}

define i32 @two(i32 %x) {
  %r = call i32 @one(i32 %x)
  ret i32 %r
}
"""
LONG = "define i32 @long(i32 %v0) {\n" + "".join(
    f"  %v{n + 1} = add i32 %v{n}, {n}\n" for n in range(LONGEST_TUNED)
)
LONG += f"  ret i32 %v{LONGEST_TUNED}\n}}\n"
SOURCE = """\
int seen(int x) { return x * 3; }
static int twice(int x) { return x + x; }
int also_twice(int x) { return x + x; }
int of_both(int x) { return twice(x) - 1; }
"""


def line(task: str, origin: str, question: str, assembly: str = "") -> str:
    return f"{task}\t{origin}\t{question}\tanswer ;\t{assembly}\n"


def test_what_was_trained_on_is_read_off_each_kind_of_question(tmp_path: Path) -> None:
    one, two = encode(IR, "one"), encode(IR, "two")
    (tmp_path / "pairs").mkdir()
    (tmp_path / "pairs" / "tune-00000.tsv").write_text(
        line("tune", "real", tune_prompt(one, A64)) + line("tune", "held-real", tune_prompt(two, X86))
    )
    (tmp_path / "pairs" / "predict-00000.tsv").write_text(
        line("predict", "mutated", predict_prompt(two, "sccp", X86, 2, 12))
        + line("lift", "real", lift_prompt(one, X86), "movl edi eax retq")
    )
    assemblies, predicted, tuned = trained_on(tmp_path)
    assert (predicted, tuned) == ({packed(two.text)}, {packed(one.text)})
    assert assemblies == {"movl edi eax retq"}


def test_a_function_of_its_own_is_asked_about_and_none_that_is_too_long() -> None:
    made = list(tune_cases("p", X86, IR + LONG))
    assert [(case.function, case.instructions) for case in made] == [("one", 4), ("two", 2)]
    for case in made:
        assert [each.name for each in outline(case.ir).functions if each.is_definition] == [case.function]
    assert "internal" not in made[0].ir, "a pass would drop it"
    longer = [case.function for case in predict_cases("p", X86, IR + LONG, 0)]
    assert longer == ["one", "two", "long"]


@pytest.mark.skipif(shutil.which("clang-19") is None, reason="clang-19 is not installed")
def test_functions_are_collected_once_a_target_and_not_where_they_were_trained_on(tmp_path: Path) -> None:
    package = tmp_path / "seeds" / "src" / "giflib-1.0"
    package.mkdir(parents=True)
    (package.parent / "giflib_1.0-1.dsc").touch()
    (package / "a.c").write_text(SOURCE)
    (package / "b.c").write_text(SOURCE.replace("of_both", "of_both_again"))
    (tmp_path / "pairs").mkdir()
    collect(tmp_path, "clang-19")
    found = read_tune_cases(tmp_path / "heldout-tune.jsonl")
    names = ["seen", "also_twice", "of_both"]  # `twice` is `also_twice` once more
    for target in ("x86_64", "aarch64"):
        assert [case.function for case in found if case.target == target] == names
    seen = encode(found[0].ir, "seen")
    (tmp_path / "pairs" / "tune-00000.tsv").write_text(line("tune", "real", tune_prompt(seen, X86)))
    collect(tmp_path, "clang-19")
    left = {case.function for case in read_tune_cases(tmp_path / "heldout-tune.jsonl")}
    assert left == {"also_twice", "of_both"}, "of neither target: they have the same IR"
    predicted = read_predict_cases(tmp_path / "heldout-predict.jsonl")
    assert {case.function for case in predicted} >= {"seen", "of_both"}
    assert len((tmp_path / "heldout-lift.jsonl").read_text().splitlines()) > len(names)
    assert json.loads((tmp_path / "heldout-tune.jsonl").read_text().splitlines()[0])["package"] == "giflib"

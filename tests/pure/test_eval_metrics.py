"""The arithmetic of the evaluations, against values worked out by hand."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest

from irlens.errors import UnusableInput
from irlens.evals.lift import summary
from irlens.evals.lift_cases import LiftCase, chosen_lift_cases, comparable, read_lift_cases
from irlens.evals.lift_metrics import bleu, mean, percent, table
from irlens.evals.predict_cases import read_predict_cases

EXAMPLES = Path(__file__).parents[2] / "examples" / "eval"


def test_equal_texts_have_bleu_one_and_disjoint_ones_none() -> None:
    words = "fn i32 ptr ret.i32 %0".split()
    assert bleu(words, words) == pytest.approx(1.0)
    assert bleu("a b c d".split(), "e f g h".split()) == 0.0
    assert bleu([], ["a"]) == 0.0


def test_bleu_by_hand() -> None:
    """One word of four differs, at the end: precisions 3/4, (2+1)/(3+1), (1+1)/(2+1), (0+1)/(1+1)."""
    wanted = math.exp(sum(map(math.log, (3 / 4, 3 / 4, 2 / 3, 1 / 2))) / 4)
    assert bleu("a b c x".split(), "a b c d".split()) == pytest.approx(wanted)


def test_short_answers_pay_for_their_brevity() -> None:
    full = "a b c d e f g h".split()
    assert bleu(full[:4], full) == pytest.approx(math.exp(1 - 8 / 4))


def test_a_repeated_word_counts_as_often_as_it_is_wanted() -> None:
    assert bleu("a a a a".split(), "a b".split()) < bleu("a b a b".split(), "a b".split()) < 0.6


def test_shares_and_means_of_nothing_are_none() -> None:
    assert percent([]) is None
    assert mean([None]) is None
    assert percent([True, False, False]) == 33.3
    assert mean([1.0, None, 2.0]) == 1.5


def test_a_table_has_a_line_a_row() -> None:
    assert table([{"a": 1, "b": None}]) == "| a | b |\n|---|---|\n| 1 |  |"


def row(**changes: object) -> dict[str, object]:
    plain = {
        "model": "m", "target": "x86_64", "level": "-O2", "instructions": 4, "verdicts": ["compiles"], "exact": False,
        "bleu": 0.5, "seconds": 1.0, "tokens": 10, "emulation": "", "mended": False,
    }  # fmt: skip
    return {**plain, **changes}


def test_the_summary_counts_candidates_in_order() -> None:
    rows = [
        row(verdicts=["round-trips"], exact=True, bleu=1.0),
        row(verdicts=["disagrees", "compiles", "rejected", "round-trips"]),
        row(verdicts=["rejected"] * 15 + ["round-trips"], instructions=20),
        row(verdicts=["rejected"] * 16, target="aarch64", bleu=None),
        row(verdicts=[], instructions=0),
    ]
    found = {entry["group"]: entry for entry in summary(rows, 16)}
    everything = found["all"]
    assert (everything["n"], everything["round_trips"], everything["exact"]) == (5, 20.0, 20.0)
    assert (everything["best_1"], everything["best_4"], everything["best_16"]) == (20.0, 40.0, 60.0)
    assert everything["compiles"] == 40.0
    assert found["x86_64, to 8"]["n"] == 2
    assert found["x86_64, to 32"]["n"] == 3
    assert found["aarch64"]["best_16"] == 0.0
    assert found["x86_64, -O2"]["n"] == 4


def test_a_lift_below_agrees_that_would_be_shown_is_counted() -> None:
    rows = [row(verdicts=[each]) for each in ("compiles", "verifies", "rejected", "agrees", "round-trips")]
    assert summary(rows, 1)[0]["shown_unproven"] == 40.0
    assert summary(rows, 1)[0]["mended"] == 0.0
    assert summary([row(mended=True), *rows[1:]], 1)[0]["mended"] == 20.0
    rows[0] = row(verdicts=["disagrees"])
    found = summary(rows, 1)[0]
    assert (found["shown_unproven"], found["shown_wrong"], found["agrees"]) == (20.0, 20.0, 40.0)


def test_what_machine_code_does_not_show_is_not_compared() -> None:
    one = "define i32 @f(i32 noundef %a, i32 %unread) {\n  %r = add nsw i32 %a, 1\n  ret i32 %r\n}\n"
    other = "define i32 @f(i32 %0) {\n  %2 = add i32 %0, 1\n  ret i32 %2\n}\n"
    third = other.replace("add", "sub")
    assert comparable(one, "f").text == comparable(other, "f").text
    assert comparable(one, "f").text != comparable(third, "f").text


def test_the_examples_are_read() -> None:
    cases = read_lift_cases(EXAMPLES)
    assert {case.target for case in cases} == {"x86_64", "aarch64"}
    assert {case.level for case in cases} == {"-O2", "-Os"}
    assert len(cases) > 50
    assert all(case.instructions and case.answer for case in cases)
    predicted = read_predict_cases(EXAMPLES)
    assert len(predicted) > 25
    assert len({case.pipeline for case in predicted}) == 10


def test_a_case_survives_its_file(tmp_path: Path) -> None:
    cases = read_lift_cases(EXAMPLES)
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(case.as_json() + "\n" for case in cases))
    assert read_lift_cases(file) == cases


def case(target: str, instructions: int, name: str) -> LiftCase:
    return LiftCase("p", "-O2", f"{target}-unknown-linux-gnu", name, "", instructions)


def test_a_sample_is_even_seeded_and_its_beginning_is_a_sample() -> None:
    cases = [case("x86_64", 4, f"f{n}") for n in range(100)] + [
        case("aarch64", 40, f"g{n}") for n in range(5)
    ]
    ten = chosen_lift_cases(cases, 10, 1)
    assert sum(one.target == "aarch64" for one in ten) == 5
    assert chosen_lift_cases(cases, 20, 1)[:10] == ten
    assert chosen_lift_cases(cases, 10, 2) != ten
    assert {one.target for one in chosen_lift_cases(cases, 50, 1, longest=8)} == {"x86_64"}


@pytest.mark.parametrize("text", ["{", '{"function": "f"}', "[1]"])
def test_a_bad_file_of_cases_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(text + "\n")
    for read in (read_lift_cases, read_predict_cases):
        with pytest.raises(UnusableInput, match="heldout"):
            read(file)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    for read in (read_lift_cases, read_predict_cases):
        with pytest.raises(UnusableInput, match="no case was found"):
            read(tmp_path)
        with pytest.raises(UnusableInput, match="no such file"):
            read(tmp_path / "nowhere")


def test_a_case_of_wrong_types_is_refused_by_its_line(tmp_path: Path) -> None:
    good = read_lift_cases(EXAMPLES)[0].as_json()
    path = tmp_path / "cases.jsonl"
    for wrong in ({"instructions": "x"}, {"package": 5}, {"symbols": [5]}):
        path.write_text(f"{good}\n{json.dumps({**json.loads(good), **wrong})}\n")
        with pytest.raises(UnusableInput, match=r"cases\.jsonl:2: not a case"):
            read_lift_cases(path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_out_of_the_folder_is_no_case(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    outside = tmp_path / "secret.s"
    outside.write_text("\t.text\nf:\n\tretq\n")
    (folder / "a.s").symlink_to(outside)
    with pytest.raises(UnusableInput, match="no case was found"):
        read_lift_cases(folder)

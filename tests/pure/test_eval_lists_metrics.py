"""The arithmetic of `irlens eval lists`, against values worked out by hand, and the reading of its cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.errors import UnusableInput
from irlens.evals.always import COMMONEST_WINNER, OZ
from irlens.evals.lists import NO_ANSWER, NOTHING, OTHER, Measured, as_table, named, summary
from irlens.evals.lists_cases import TuneCase, chosen_tune_cases, read_tune_cases
from irlens.ir.outline import outline
from irlens.model.prompts.irlens import TUNE_LISTS

EXAMPLES = Path(__file__).parents[2] / "examples" / "eval"
OS = "default<Os>"


def row(**changes: object) -> dict[str, object]:
    plain = {
        "model": "m", "target": "x86_64", "instructions": 4, "answered": True, "passes": OZ, "bytes": 20,
        "predicted": [30, 20], "as_is_bytes": 30, "oz_bytes": 20, "best_bytes": 20, "best_passes": OZ,
        "after": [20] * len(TUNE_LISTS), "seconds": 1.0,
    }  # fmt: skip
    return {**plain, **changes}


ROWS = [
    row(),  # -Oz is the best, and it says so
    row(passes=OS, bytes=12, best_bytes=10, predicted=[30, 13], seconds=3.0),  # better than -Oz, not the best
    row(passes=COMMONEST_WINNER, bytes=10, best_bytes=10, predicted=[31, 10], target="aarch64"),
    row(
        passes="", bytes=30, predicted=[30, 30], instructions=12, best_bytes=16
    ),  # says that nothing can be had
    row(answered=False, passes="", bytes=None, predicted=[], instructions=40, best_bytes=16),
]


def test_what_is_shown_is_never_worse_than_oz_and_what_was_named_is_counted() -> None:
    found = {entry["group"]: entry for entry in summary(ROWS)}
    everything = found["all"]
    assert (everything["n"], everything["unmeasured"], everything["answered"]) == (5, 0, 80.0)
    assert (everything["beats_oz"], everything["beatable"]) == (40.0, 80.0)
    assert (everything["best"], everything["worse"]) == (40.0, 20.0)
    assert everything["as_is_bytes"] == 150
    assert (everything["oz_bytes"], everything["bytes"], everything["best_bytes"]) == (100, 82, 72)
    assert everything["gain"] == 64.3  # 18 of the 28 that can be had
    assert (everything["before"], everything["after"]) == (60.0, 60.0)
    assert everything["seconds"] == 1.0


def test_groups_are_targets_and_lengths() -> None:
    found = {entry["group"]: entry["n"] for entry in summary(ROWS)}
    assert found == {"all": 5, "aarch64": 1, "x86_64": 4, "to 8": 3, "to 16": 4, "to 32": 4, "to 64": 5}


def test_what_was_not_measured_is_in_no_share_and_no_sum() -> None:
    found = summary([*ROWS, row(as_is_bytes=None), row(oz_bytes=None, best_bytes=5)])[0]
    assert found["unmeasured"] == 2
    assert {**found, "unmeasured": 0} == summary(ROWS)[0]
    alone = summary([row(as_is_bytes=None)])[0]
    assert (alone["n"], alone["unmeasured"], alone["answered"], alone["gain"]) == (0, 1, None, None)


def test_where_nothing_can_be_gained_there_is_no_share_of_it() -> None:
    assert summary([row()])[0]["gain"] is None


def test_a_list_that_cannot_be_run_is_neither_better_nor_worse() -> None:
    found = summary([row(passes="mergefunc", bytes=None, best_bytes=10)])[0]
    assert (found["answered"], found["beats_oz"], found["best"], found["worse"]) == (100.0, 0.0, 0.0, 0.0)
    assert found["bytes"] == 20
    assert found["after"] == 0.0, "nothing was measured that its size could be equal to"


def test_no_sizes_are_judged_of_who_gives_none() -> None:
    found = summary([row(predicted=[])])[0]
    assert (found["before"], found["after"]) == (None, None)


def test_a_better_list_than_the_fixed_ones_gains_more_than_all() -> None:
    found = summary([row(passes="mergefunc", bytes=5, best_bytes=10)])[0]
    assert (found["best"], found["gain"]) == (100.0, 150.0)


def test_of_equals_the_first_is_best() -> None:
    same = dict.fromkeys(TUNE_LISTS, 9)
    assert Measured(9, same).best == OZ
    assert Measured(9, {**same, TUNE_LISTS[2]: 8, TUNE_LISTS[5]: 8}).best == TUNE_LISTS[2]
    assert Measured(9, {**same, OZ: None, TUNE_LISTS[3]: 0}).best == TUNE_LISTS[3]
    assert Measured(9, dict.fromkeys(TUNE_LISTS)).best == OZ


def test_answers_are_counted_beside_what_would_be_best() -> None:
    rows = [*ROWS, row(passes="mergefunc", after=[20, 10, *[20] * 7], best_passes=COMMONEST_WINNER)]
    rows += [{**each, "model": "always", "passes": OZ, "answered": True} for each in rows]
    found = {entry["answer"]: entry for entry in named(rows)}
    assert list(found) == [*TUNE_LISTS, NOTHING, OTHER, NO_ANSWER]
    assert [found[each]["m"] for each in (OZ, OS, COMMONEST_WINNER, NOTHING, OTHER, NO_ANSWER)] == [1] * 6
    assert found[OZ]["always"] == len(ROWS) + 1
    assert (found[OZ]["best"], found[OZ]["beats_oz"]) == (5, 0), (
        "of one model's rows: all are of the same functions"
    )
    assert (found[COMMONEST_WINNER]["best"], found[COMMONEST_WINNER]["beats_oz"]) == (1, 1)
    assert as_table({"summary": summary(rows), "named": named(rows)}).count("| answer |") == 1
    assert named([])[0]["best"] == 0


def test_the_examples_are_read_one_function_a_module() -> None:
    cases = read_tune_cases(EXAMPLES)
    assert len(cases) > 25
    for case in cases:
        assert [each.name for each in outline(case.ir).functions if each.is_definition] == [case.function]
        assert case.instructions > 0


def test_a_case_survives_its_file(tmp_path: Path) -> None:
    cases = read_tune_cases(EXAMPLES)
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(case.as_json() + "\n" for case in cases))
    assert read_tune_cases(file) == cases
    file.write_text('{"function": "f"}\n')
    with pytest.raises(UnusableInput, match="heldout"):
        read_tune_cases(file)


def test_a_sample_is_even_over_targets_and_seeded() -> None:
    def case(target: str, instructions: int, name: str) -> TuneCase:
        return TuneCase("p", f"{target}-unknown-linux-gnu", name, "", instructions)

    cases = [case("x86_64", 4, f"f{n}") for n in range(100)] + [
        case("aarch64", 40, f"g{n}") for n in range(5)
    ]
    ten = chosen_tune_cases(cases, 10, 1)
    assert sum(one.target == "aarch64" for one in ten) == 5
    assert chosen_tune_cases(cases[::-1], 20, 1)[:10] == ten
    assert chosen_tune_cases(cases, 10, 2) != ten
    assert {one.target for one in chosen_tune_cases(cases, 50, 1, longest=8)} == {"x86_64"}

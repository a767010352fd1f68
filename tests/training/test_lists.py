"""The library's making: what a list earns its place by, and what takes it away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from irlens.assist.witness import Witness
from irlens.training import lists
from irlens.training.lists import Bench, accused, gain, greedy, rank
from support.fake_compiler import FakeCompiler

OZ = lists.OZ
ARCHIVE: dict[str, list[int | None]] = {
    OZ: [100, 100, 100],
    "mergefunc": [80, 100, 100],
    "globaldce": [90, 90, 90],
    "iroutliner": [100, None, 50],
}
BYTES = [100, 100, 100]


def test_each_next_list_adds_most_to_those_before() -> None:
    order = greedy(ARCHIVE, BYTES, [0, 1, 2], 10)
    assert order == ["iroutliner", "mergefunc", "globaldce"]
    assert [round(gain(ARCHIVE, BYTES, [0, 1, 2], order[:n]), 3) for n in range(4)] == [
        0.0,
        0.167,
        0.233,
        0.267,
    ]


class OfOne(Witness):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def accuses(self, ir: str, compiler: Any, passes: str, cancel: Any = None) -> dict[str, str]:
        self.asked.append(ir)
        return {"function": "f", "why": "wrong"} if ir == "two" else {}


def test_a_list_is_run_on_the_modules_that_it_claims_most_on(tmp_path: Path) -> None:
    for name in ("one", "two", "three", "four", "five"):
        (tmp_path / f"{name}.ll").write_text(name)
    paths = [tmp_path / f"{name}.ll" for name in ("one", "two", "three", "four", "five")]
    bench = Bench(paths, FakeCompiler(), 0, 1)
    witness = OfOne()
    assert accused("mergefunc", [90, 100, 70, 80, 99], [100] * 5, bench, witness) == {}
    assert witness.asked == ["three", "four", "one"], "the largest claims, no more than three"
    found = accused("mergefunc", [100, 50, 99, None, 100], [100] * 5, bench, witness)
    assert found == {"module": "two.ll", "function": "f", "why": "wrong"}
    asked = len(witness.asked)
    assert accused("mergefunc", [100, 100, 100, 100, 99.5], [100] * 5, bench, witness) == {}  # type: ignore[list-item]
    assert len(witness.asked) == asked, "half a per cent is no claim"


def test_the_ranked_file_has_sizes_as_shares_and_no_banned_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "why_banned", lambda passes: "it is banned" if "iroutliner" in passes else "")
    (tmp_path / "lists").mkdir()
    text = "".join(lists.line_of(passes, row) for passes, row in ARCHIVE.items())
    (tmp_path / "lists" / "paper.opt.jsonl").write_text(text)
    (tmp_path / "lists" / "paper.opt.rejected.jsonl").write_text('{"passes": "x", "why": "y"}\n')
    out = tmp_path / "library.json"
    out.write_text(json.dumps({"source": {}, "libraries": {"build opt": {"lists": []}}}))
    rank(tmp_path, 10, out)
    made = json.loads(out.read_text())
    assert made["libraries"]["build opt"] == {"lists": []}, "a part without a search stays"
    part = made["libraries"]["paper opt"]
    assert part["lists"] == ["globaldce", "mergefunc"]
    assert part["sizes"] == [[900, 900, 900], [800, 1000, 1000]]
    assert ["module", "mergefunc"] in [weight[:2] for weight in part["weights"]]

"""Pairs for `tune`: what the answers say is what LLVM measures."""

from __future__ import annotations

import random

import pytest

from irlens.ir.normal import encode
from irlens.model.prompts.irlens import TUNE_LISTS, read_tune
from irlens.training import tune_pairs
from irlens.training.lifted import Lifting
from irlens.training.llvm import TRIPLES, Bench
from irlens.training.pairs import Seed

IR = """\
define i32 @f(i32 %x) {
  %p = alloca i32
  store i32 %x, ptr %p
  %a = load i32, ptr %p
  %b = mul i32 %a, 1
  %c = load i32, ptr %p
  %d = add i32 %b, %c
  ret i32 %d
}
"""


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def seed(origin: str = "real") -> Seed:
    normal = encode(IR, "f")
    return Seed(normal.text, normal.symbols, origin, "raw", TRIPLES[0])


def test_a_pair_shows_the_best_list_and_its_bytes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tune_pairs, "KEPT_OZ", 1.0)
    (line,) = tune_pairs.tune_pairs(bench, Lifting(), random.Random(2), seed())
    task, origin, question, answer, assembly = line.rstrip("\n").split("\t")
    assert (task, origin, assembly) == ("tune", "real", "")
    assert question.startswith("tune x64 fn i32 i32 %1= alloca.i32")
    assert question.endswith(" =>")
    reply = read_tune(answer)
    measured = tune_pairs.measure(bench, IR, TRIPLES[0], "f")
    assert set(measured) == set(TUNE_LISTS)
    assert reply.pipeline is not None
    assert measured[reply.pipeline] == min(measured.values()) == reply.after_bytes
    assert reply.before_bytes is not None
    assert reply.before_bytes > min(measured.values())


def test_of_equals_oz_is_chosen() -> None:
    assert tune_pairs.best_of(dict.fromkeys(TUNE_LISTS, 9)) == (TUNE_LISTS[0], 9)
    assert tune_pairs.best_of(dict.fromkeys(TUNE_LISTS, 9) | {TUNE_LISTS[3]: 8}) == (TUNE_LISTS[3], 8)
    assert tune_pairs.best_of({TUNE_LISTS[3]: 8}) is None


def test_a_list_for_opt_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="gvn"):
        bench.run_list(bench.parse(IR), "default<Oz>,function(gvn)")

"""The search within its budget, on a compiler whose sizes are arithmetic: every promise of `Found` and `Budget`."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.ir.passes import OZ
from irlens.llvm.compilers import Compiler
from irlens.tuning.cache import Cache, Memory
from irlens.tuning.evaluation import Evaluation, Strategy
from irlens.tuning.evaluator import MOST_A_JOB, Evaluator
from irlens.tuning.genome import read, render
from irlens.tuning.library import Chooser, Library, library, spelled_for
from irlens.tuning.objective import Objective
from irlens.tuning.search import BATCH, Budget, Found, minimise, search
from irlens.tuning.strategies import Elite, Fixed, Genetic, Ours, Random, library_share
from irlens.tuning.trust import why_banned
from irlens.tuning.vocabulary import alphabet
from support.fake_compiler import AS_IS, AT_OZ, FakeCompiler

IR = "define void @f() {\n  ret void\n}\n"
GAINS = {"mergefunc": -30, "iroutliner": -11, "gvn": -7, "loop(loop-rotate)": 25, "reg2mem": 60, "sink": -2}
PAIRS = {("sink", "gvn"): -5, ("gvn", "iroutliner"): -9}
ALLOWED = [gene for gene in alphabet(19) if not why_banned(render((gene,)))]
LIBRARY = Library(
    (
        "function(sroa),mergefunc",
        "default<Oz>,iroutliner",
        "function(gvn),default<Oz>",
        "default<Oz>,mergefunc",
    ),
    ((1000, 900, None), (950, 1000, 1000), (990, 990, 990), (1000, 1000, 930)),
    dict.fromkeys(read("mergefunc,function(gvn)"), 3.0),
    {},
)


@pytest.fixture
def evaluators() -> Iterator[list[Evaluator]]:
    made: list[Evaluator] = []
    yield made
    for each in made:
        each.close()


def ours(compilations: int = 120, seed: int = 1, first: tuple[str, ...] = ()) -> Ours:
    return Ours(LIBRARY, 19, compilations, seed=seed, first=first)


def found(
    strategy: Strategy,
    budget: Budget,
    compiler: Compiler | None = None,
    jobs: int = 2,
    cache: Cache | None = None,
) -> tuple[Found, Evaluator]:
    evaluator = Evaluator(IR, compiler or FakeCompiler(GAINS, PAIRS), Objective(), jobs=jobs, cache=cache)
    try:
        return search(strategy, evaluator, budget), evaluator
    finally:
        evaluator.close()


# --- search --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_best_is_the_first_of_the_smallest_of_all_that_was_measured(seed: int) -> None:
    result, evaluator = found(ours(seed=seed), Budget(120))
    every = [result.oz, result.as_is, *result.history]
    values = [each.value for each in every if each.value is not None]
    assert result.best.value == min(values)
    assert result.best == next(each for each in every if each.value == result.best.value)
    assert result.best.value is not None
    assert result.best.value < AT_OZ, "there is something to be had"
    assert evaluator.known[result.best.passes] == result.best


def test_the_answer_is_that_of_the_seed_alone() -> None:
    """Not of how many compile at once, nor of what a cache knows."""
    cache = Memory()
    first, evaluator = found(ours(), Budget(120), cache=cache)
    assert evaluator.compiled == 2 + sum(each.how != "forbidden" for each in first.history)
    for jobs in (1, 3, 8):
        assert found(ours(), Budget(120), jobs=jobs)[0] == first
    again, evaluator = found(ours(), Budget(120), cache=cache)
    assert again == first
    assert evaluator.compiled == 0
    half, _ = found(ours(), Budget(120), cache=_half(cache, first))
    assert half == first
    assert found(ours(seed=2), Budget(120))[0] != first


def _half(cache: Cache, result: Found) -> Cache:
    """A cache that knows every other list."""
    from irlens.tuning.cache import scope_of

    half = Memory()
    half.keep(scope_of(IR, FakeCompiler().name, Objective().key), result.history[::2])
    return half


@pytest.mark.parametrize("compilations", [0, 1, 7, 8, 9, 60])
def test_a_budget_is_kept_to_the_list(compilations: int) -> None:
    result, evaluator = found(ours(compilations), Budget(compilations, patience=10**6))
    assert len(result.history) == compilations
    assert evaluator.compiled <= compilations + 2
    assert result.why_ended == "budget"


def test_a_search_that_brings_nothing_ends_early() -> None:
    result, _ = found(Random(19), Budget(500, patience=20), FakeCompiler())
    assert result.why_ended == "nothing more pays"
    assert 20 <= len(result.history) < 20 + BATCH
    assert result.best == result.oz


def test_patience_begins_anew_with_every_gain() -> None:
    lists = [f"default<Oz>,function({','.join(['gvn'] * number)})" for number in range(1, 40)]
    lists[25] += ",mergefunc"
    result, _ = found(Fixed(lists), Budget(500, patience=24))
    assert result.best.passes == lists[25]
    assert result.why_ended == "all tried"
    assert len(result.history) == 39


def test_a_search_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("irlens.tuning.search.time.monotonic", lambda: now[0])

    class Slow(FakeCompiler):
        def _one(self, passes: str):  # type: ignore[no-untyped-def]
            now[0] += 0.5
            return super()._one(passes)

    compiler = Slow(GAINS)
    result, _ = found(ours(500), Budget(500, seconds=20.0), compiler, jobs=1)
    assert result.why_ended == "time"
    assert 100 + 20 <= now[0] <= 100 + 20 + BATCH * 0.5 + 1
    assert result.best.value is not None
    assert result.best.value < AT_OZ, "what was found in time counts"
    assert min(compiler.limits) < 10.0, "near the end a list has no longer than what is left"
    assert min(compiler.limits) >= 1.0


def test_a_strategy_that_is_at_its_end_ends_the_search() -> None:
    result, _ = found(Fixed(["dce", "dce", "function(gvn)"]), Budget(100))
    assert [each.passes for each in result.history] == ["dce", "function(gvn)"]
    assert result.why_ended == "all tried"


def test_a_module_that_oz_makes_larger_stays_as_it_is() -> None:
    compiler = FakeCompiler({OZ: 600})
    result, _ = found(Fixed(["function(reg2mem)"]), Budget(10), compiler)
    assert (result.oz.value, result.as_is.value) == (AT_OZ + 600, AS_IS)
    assert result.best == result.as_is


def test_where_oz_cannot_be_measured_nothing_is_searched() -> None:
    class Crashing(FakeCompiler):
        def _one(self, passes: str):  # type: ignore[no-untyped-def]
            return super()._one("crash-pass" if passes == OZ else passes)

    result, evaluator = found(ours(), Budget(100), Crashing())
    assert result.oz.value is None
    assert result.best == result.as_is
    assert result.history == ()
    assert evaluator.compiled == 2


def test_a_list_that_the_end_of_the_search_cut_short_is_not_called_late() -> None:
    evaluator = Evaluator(IR, FakeCompiler(GAINS, PAIRS), Objective())
    [cut] = evaluator.evaluate(["function(late-pass),mergefunc"], within_s=0.5)
    assert (cut.how, cut.value) == ("cut", None)
    assert "time of the search" in cut.why


def test_lists_that_crash_or_are_late_are_told_and_never_best() -> None:
    lists = ["function(late-pass),mergefunc", "default<Oz>,crash-pass", "default<Oz>,mergefunc"]
    result, _ = found(Fixed(lists), Budget(10))
    assert [(each.how, each.value) for each in result.history] == [
        ("late", None),
        ("crashed", None),
        ("measured", AT_OZ - 30),
    ]
    assert result.best.passes == lists[2]


def test_progress_tells_the_best_so_far() -> None:
    said: list[tuple[str, float | None]] = []
    evaluator = Evaluator(IR, FakeCompiler(GAINS, PAIRS), Objective())
    result = search(ours(60), evaluator, Budget(60), progress=lambda *words: said.append(words))
    evaluator.close()
    fractions = [fraction or 0.0 for _, fraction in said]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert f"best {result.best.value} bytes" in said[-1][0]


def test_a_cancel_ends_the_search_in_the_middle_of_a_list(evaluators: list[Evaluator]) -> None:
    compiler = FakeCompiler(GAINS)
    compiler.hold = threading.Event()
    evaluator = Evaluator(IR, compiler, Objective())
    evaluators.append(evaluator)
    token = CancelToken()
    outcome: list[BaseException] = []

    def run() -> None:
        try:
            search(ours(), evaluator, Budget(100), cancel=token)
        except Cancelled as cancelled:
            outcome.append(cancelled)

    thread = threading.Thread(target=run)
    thread.start()
    assert compiler.started.wait(10)
    token.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert len(outcome) == 1
    assert compiler.asked == []


# --- making a list short --------------------------------------------------------------------------------


def shortened(passes: str, most: int = 100) -> tuple[Evaluation, Evaluation, int, Evaluator]:
    evaluator = Evaluator(IR, FakeCompiler(GAINS, PAIRS), Objective())
    [best] = evaluator.evaluate([passes])
    short, used = minimise(best, evaluator, most)
    evaluator.close()
    return best, short, used, evaluator


@pytest.mark.parametrize("seed", range(12))
def test_a_short_list_is_no_larger_and_has_no_pass_that_does_not_pay(seed: int) -> None:
    rng = random.Random(seed)
    genome = [*read(OZ), *rng.sample(ALLOWED, 12), *read("function(sink,gvn),iroutliner,mergefunc")]
    rng.shuffle(genome)
    best, short, used, evaluator = shortened(render(tuple(genome)))
    assert short.value is not None
    assert best.value is not None
    assert short.value <= best.value
    assert used <= 100
    kept = read(short.passes)
    assert set(kept) <= set(genome)
    size = evaluator.compiler.size  # type: ignore[attr-defined]
    for at in range(len(kept)):
        if len(kept) > 1:
            assert size(render(kept[:at] + kept[at + 1 :])) > short.value, kept[at]


def test_a_pass_that_only_pays_without_another_goes_too() -> None:
    """`adce` pays only after `dce`, which costs as much: with `dce` gone, `adce` must go as well."""
    compiler = FakeCompiler({"dce": 4}, {("dce", "adce"): -4})
    evaluator = Evaluator(IR, compiler, Objective())
    [best] = evaluator.evaluate(["default<Oz>,function(dce,adce)"])
    short, _ = minimise(best, evaluator, 100)
    evaluator.close()
    assert short.passes == OZ


def test_shortening_keeps_its_budget() -> None:
    passes = ",".join(["globaldce"] * 30)
    _, short, used, _ = shortened(passes, most=5)
    assert used == 5
    assert len(read(short.passes)) == 25
    _, same, used, _ = shortened(passes, most=0)
    assert (used, same.passes) == (0, passes)


# --- the evaluator --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "passes",
    [
        "internalize,default<Oz>",
        "default<Oz>,function(lower-atomic)",
        "function(sroa",
        "module(cgscc(strip))",
    ],
)
def test_what_must_not_be_used_is_refused_whoever_names_it(passes: str, evaluators: list[Evaluator]) -> None:
    compiler, cache = FakeCompiler(), Memory()
    evaluator = Evaluator(IR, compiler, Objective(), cache=cache)
    evaluators.append(evaluator)
    [result] = evaluator.evaluate([passes])
    assert (result.how, result.value) == ("forbidden", None)
    assert result.why
    assert compiler.asked == []
    strategy = ours(first=(passes,))
    named, _ = found(strategy, Budget(20), compiler)
    assert passes in {each.passes for each in named.history if each.how == "forbidden"}
    assert passes not in compiler.asked


def test_what_a_cache_still_knows_of_a_forbidden_list_is_not_believed(evaluators: list[Evaluator]) -> None:
    from irlens.tuning.cache import scope_of

    cache = Memory()
    scope = scope_of(IR, FakeCompiler().name, Objective().key)
    cache.keep(scope, [Evaluation("internalize", 1, 1, "d")])
    evaluator = Evaluator(IR, FakeCompiler(), Objective(), cache=cache)
    evaluators.append(evaluator)
    assert evaluator.evaluate(["internalize"])[0].how == "forbidden"


def test_a_list_is_compiled_once(evaluators: list[Evaluator]) -> None:
    compiler = FakeCompiler()
    evaluator = Evaluator(IR, compiler, Objective())
    evaluators.append(evaluator)
    first = evaluator.evaluate(["dce", "adce", "dce"])
    assert [each.passes for each in first] == ["dce", "adce", "dce"]
    assert evaluator.evaluate(["adce", "dce"]) == [first[1], first[0]]
    assert sorted(compiler.asked) == ["adce", "dce"]
    assert evaluator.compiled == 2


def test_lists_go_together_while_they_are_quick(
    evaluators: list[Evaluator], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("irlens.tuning.evaluator.time.monotonic", lambda: now[0])

    class Timed(FakeCompiler):
        pace = 0.001

        def _one(self, passes: str):  # type: ignore[no-untyped-def]
            now[0] += self.pace
            return super()._one(passes)

    compiler = Timed()
    evaluator = Evaluator(IR, compiler, Objective(), jobs=1)
    evaluators.append(evaluator)
    lists = [f"function({','.join(['dce'] * number)})" for number in range(1, 33)]
    evaluator.evaluate(lists[: 2 * MOST_A_JOB])
    assert compiler.batches == [MOST_A_JOB, MOST_A_JOB]
    compiler.pace = 3.0
    evaluator.evaluate(lists[16:24])
    evaluator.evaluate(lists[24:])
    assert compiler.batches[-8:] == [1] * 8, "a job has the time of one list"


def test_objectives_take_their_own_number() -> None:
    class Counting(FakeCompiler):
        def _one(self, passes: str):  # type: ignore[no-untyped-def]
            from dataclasses import replace

            return replace(super()._one(passes), instructions=77)

    evaluator = Evaluator(IR, Counting(), Objective("instructions"))
    [result] = evaluator.evaluate([OZ])
    evaluator.close()
    assert (result.value, result.bytes) == (77, AT_OZ)


# --- strategies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda: Random(19, 3), lambda: Genetic(19, 3), lambda: ours(400)])
def test_no_strategy_tries_a_list_twice_or_oz_again(make) -> None:  # type: ignore[no-untyped-def]
    result, _ = found(make(), Budget(400, patience=10**6))
    tried = [each.passes for each in result.history]
    assert len(tried) == 400
    assert len(set(tried)) == 400
    assert not {OZ, ""} & set(tried)
    assert found(make(), Budget(400, patience=10**6))[0] == result


@pytest.mark.parametrize("make", [Random, Genetic])
def test_seeds_differ(make) -> None:  # type: ignore[no-untyped-def]
    assert make(19, 1).propose(20) != make(19, 2).propose(20)


def test_only_what_a_compiler_has_is_tried() -> None:
    may = {"dce", "adce", "globaldce", "default<Oz>", "sroa"}
    library = Library((), (), {}, {})
    for strategy in (Random(19, may=may), Genetic(19, may=may), Ours(library, 19, 200, may=may)):
        result, _ = found(strategy, Budget(100, patience=10**6))
        for each in result.history:
            texts = {gene.text for gene in read(each.passes)}
            inner = {part for text in texts for part in text.removeprefix("function(").rstrip(")").split(",")}
            assert inner <= may, each.passes


def test_genetic_breeds_from_what_was_small() -> None:
    strategy = Genetic(19, 5)
    compiler = FakeCompiler(GAINS, PAIRS)
    result, _ = found(strategy, Budget(400, patience=10**6), compiler)
    at_first = min(each.value for each in result.history[:20] if each.value is not None)
    later = min(each.value for each in result.history[20:] if each.value is not None)
    assert later < at_first


def test_the_models_lists_come_first_and_once() -> None:
    named = ("default<Oz>,iroutliner", "function(gvn)", "default<Oz>,iroutliner", OZ)
    result, _ = found(ours(first=named), Budget(20))
    tried = [each.passes for each in result.history]
    assert tried[:2] == ["default<Oz>,iroutliner", "function(gvn)"]
    assert tried.count("default<Oz>,iroutliner") == 1


def test_a_small_budget_is_the_librarys_and_a_large_one_goes_on() -> None:
    assert library_share(10) == 10
    assert library_share(24) == 24
    assert 24 < library_share(200) < 100
    result, _ = found(ours(4), Budget(4))
    assert {each.passes for each in result.history} == set(LIBRARY.lists)
    result, _ = found(ours(60), Budget(60, patience=10**6))
    assert len(result.history) == 60


def test_an_elite_has_each_object_once_and_its_shortest_list() -> None:
    elite = Elite(3)
    elite.add(Evaluation("function(dce,adce),globaldce", 90, 90, "same"))
    elite.add(Evaluation("function(dce)", 90, 90, "same"))
    elite.add(Evaluation("function(dce,sroa)", 90, 90, "same"))
    assert {elite.draw(random.Random(seed)) for seed in range(50)} == {read("function(dce)")}
    elite.add(Evaluation("crash", None))
    elite.add(Evaluation("", 1, 1, "as it is"))
    for number in range(5):
        elite.add(
            Evaluation(
                f"default<Oz>,function({','.join(['gvn'] * (number + 1))})", 80 - number, 0, f"{number}"
            )
        )
    drawn = {render(elite.draw(random.Random(seed))) for seed in range(200)}
    assert drawn == {f"default<Oz>,function({','.join(['gvn'] * number)})" for number in (3, 4, 5)}
    assert Elite(3).draw(random.Random(0)) == read(OZ)


# --- the library ----------------------------------------------------------------------------------------


def test_lists_of_modules_like_this_one_come_first() -> None:
    """Four kinds of module, three sorts of each: the kind shows in every answer, the sort in one list alone."""
    modules = [(kind, sort) for kind in range(4) for sort in range(3)]
    made = [(kind, sort) for kind in range(4) for sort in range(3)]
    lists = tuple(f"function(kind{kind},sort{sort})" for kind, sort in made)
    sizes = tuple(
        tuple((900 if each == of else 970) if each[0] == of[0] else 1020 for each in modules) for of in made
    )
    library = Library(lists, sizes, {}, {})

    def order(module: int, answers: bool) -> list[str]:
        chooser, given = Chooser(library), []
        while some := chooser.next(1):
            given += some
            if answers:
                chooser.observe(some[0], library.sizes[lists.index(some[0])][module] / 1000)
        return given

    after_answers = blindly = 0
    for module in range(len(modules)):
        given = order(module, answers=True)
        assert sorted(given) == sorted(lists), "each once, and all of them in the end"
        after_answers += given.index(lists[module])
        blindly += order(module, answers=False).index(lists[module])
    assert after_answers < 0.7 * blindly


def test_before_any_answer_the_lists_complement_each_other() -> None:
    sizes = ((900, 900, 1000), (901, 901, 1000), (1000, 1000, 950))
    chooser = Chooser(Library(("a", "b", "c"), sizes, {}, {}))
    assert chooser.next(2) == ["a", "c"], "b would help nobody whom a does not help"
    assert chooser.next(5) == ["b"]
    assert chooser.next(5) == []


def test_an_answer_that_could_not_be_had_changes_nothing() -> None:
    one, other = Chooser(LIBRARY), Chooser(LIBRARY)
    one.observe(LIBRARY.lists[0], None)
    one.observe("not of the library", 1.0)
    assert one.next(4) == other.next(4)


def test_the_library_is_spelled_for_the_llvm_that_runs_it() -> None:
    of = library("paper", True)
    assert spelled_for(of, 19) is of
    old = spelled_for(of, 16)
    assert any("no-verify-fixpoint" in each for each in of.lists)
    assert not any("no-verify-fixpoint" in each for each in old.lists)
    assert len(old.lists) == len(old.sizes)

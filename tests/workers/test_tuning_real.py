"""The search with the real LLVM: what it draws parses, what it finds is real, what it keeps is found by the next."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.ir.passes import OZ
from irlens.llvm import library as libraries
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, LibraryCompiler, LlvmliteCompiler
from irlens.tuning.cache import Cache, scope_of
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.genome import Vocabulary, crossed, mutate, read, render
from irlens.tuning.library import library
from irlens.tuning.objective import Objective
from irlens.tuning.search import Budget, Found, search
from irlens.tuning.strategies import Genetic, Ours, Random, spellings
from irlens.tuning.vocabulary import alphabet

EXAMPLES = Path(__file__).parents[2] / "examples"
MODULE = (EXAMPLES / "checksum.ll").read_text()
SMALL = "define i32 @f(i32 %a, i32 %b) {\n  %r = add i32 %a, %b\n  ret i32 %r\n}\n"


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture(scope="module")
def installed() -> Iterator[LibraryCompiler]:
    found = libraries.find()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no libLLVM of an opt is installed (on Debian and Ubuntu: apt-get install llvm-19)")
        pytest.skip("no libLLVM of an opt is installed")
    made = LibraryCompiler(found.path, found.opt, 1)
    yield made
    made.close()


def test_every_gene_is_a_pass_of_the_installed_llvm(installed: LibraryCompiler) -> None:
    genes = alphabet(installed.release)
    lists = [render((gene,)) for gene in genes]
    found = installed.measure(SMALL.encode(), lists)
    assert [
        (each.why, passes) for each, passes in zip(found, lists, strict=True) if each.how == "refused"
    ] == []


def test_every_list_on_a_walk_is_parsed(installed: LibraryCompiler) -> None:
    """Insert, delete, replace, swap, move, wrap and cross, as the search does: LLVM reads what comes of it."""
    rng = random.Random(11)
    vocabulary = Vocabulary([(gene, 1.0) for gene in alphabet(installed.release)])
    walk = [read(OZ), read("function(sroa,gvn),mergefunc,cgscc(inline)")]
    for _ in range(200):
        walk.append(mutate(rng.choice(walk[-10:]), vocabulary, rng))
        walk.append(crossed(walk[-1], rng.choice(walk), rng))
    lists = list(dict.fromkeys(text for genome in walk if (text := render(genome))))
    assert sum("cgscc(function(" in text for text in lists) > 5
    found = installed.measure(SMALL.encode(), lists)
    unparsed = [
        (each.why, passes)
        for each, passes in zip(found, lists, strict=True)
        if each.how == "refused" and any(word in each.why for word in ("unknown", "invalid", "pipeline"))
    ]
    assert unparsed == []
    assert sum(each.how == "measured" for each in found) > 0.95 * len(lists)


@pytest.mark.parametrize(
    "text", ["sroa,dce", "licm", "cgscc(function(sroa,dce),inline)", "function<eager-inv>(gvn)"]
)
def test_a_list_reads_as_llvm_reads_it(installed: LibraryCompiler, text: str) -> None:
    ours, theirs = installed.measure(MODULE.encode(), [render(read(text)), text])
    assert theirs.how == "measured"
    assert ours == theirs


@pytest.mark.parametrize("codegen", ["build", "paper"])
@pytest.mark.parametrize("whole", [True, False])
def test_the_shipped_library_can_be_run_and_keeps_its_word(
    installed: LibraryCompiler, llvm: LLVM, codegen: str, whole: bool
) -> None:
    shipped = library(codegen, whole)
    compiler: Compiler = installed if whole else LlvmliteCompiler(llvm)
    assert shipped.lists
    assert all(len(row) == len(shipped.sizes[0]) for row in shipped.sizes)
    assert len(shipped.sizes) == len(shipped.lists)
    found = compiler.measure(SMALL.encode(), shipped.lists)
    assert [each.why for each in found if each.how != "measured"] == []


def found_by(
    compiler: Compiler, strategy: object, jobs: int, cache: Cache | None = None
) -> tuple[Found, int]:
    evaluator = Evaluator(MODULE, compiler, Objective(), jobs=jobs, cache=cache)
    try:
        return search(strategy, evaluator, Budget(40)), evaluator.compiled  # type: ignore[arg-type]
    finally:
        evaluator.close()


def test_a_seed_has_one_answer_and_a_second_run_compiles_nothing(
    installed: LibraryCompiler, tmp_path: Path
) -> None:
    shipped = library("build", True)

    def strategy() -> Ours:
        return Ours(shipped, installed.release, 40, seed=5)

    cache = Cache(tmp_path / "tune.sqlite")
    first, compiled = found_by(installed, strategy(), 2, cache)
    cache.close()
    assert compiled > 20
    assert first.best.value is not None
    assert first.oz.value is not None
    assert first.best.value <= first.oz.value
    cache = Cache(tmp_path / "tune.sqlite")
    again, compiled = found_by(installed, strategy(), 1, cache)
    cache.close()
    assert again == first
    assert compiled == len([each for each in first.history if each.how in ("late", "unrunnable")])
    assert found_by(installed, strategy(), 1)[0] == first, "nor does it depend on the cache"


@pytest.mark.parametrize("make", [Random, Genetic])
def test_what_it_is_compared_with_finds_real_lists(llvm: LLVM, make: type) -> None:
    compiler = LlvmliteCompiler(llvm)
    result, _ = found_by(compiler, make(compiler.release, 1, may=spellings(compiler)), 1)
    measured = [each for each in result.history if each.how == "measured"]
    assert len(measured) > 0.9 * len(result.history)
    [again] = compiler.measure(MODULE.encode(), [measured[-1].passes])
    assert again.bytes == measured[-1].value


def test_a_module_of_the_sample_is_known_by_its_answers() -> None:
    """With the answers of a module of the sample, its best list is had sooner than in the order of the file."""
    from irlens.tuning.library import UNIT, Chooser

    shipped = library("build", True)
    modules = range(len(shipped.sizes[0]))

    def best_of(module: int) -> int:
        return min(size if (size := row[module]) is not None else UNIT for row in shipped.sizes)

    def needed(module: int, answers: bool) -> int:
        chooser, smallest, at = Chooser(shipped), UNIT, 0
        while smallest > best_of(module):
            [passes] = chooser.next(1)
            size = shipped.sizes[shipped.lists.index(passes)][module]
            at += 1
            smallest = min(smallest, size if size is not None else UNIT)
            if answers:
                chooser.observe(passes, None if size is None else size / UNIT)
        return at

    assert sum(needed(m, True) for m in modules) < 0.9 * sum(needed(m, False) for m in modules)


WRITER = """
import sys
from pathlib import Path
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
cache = Cache(Path(sys.argv[1]))
for number in range(150):
    each = Evaluation(f"{sys.argv[2]} {number}", number, number, "d")
    cache.keep("scope", [each])
    assert cache.find("scope", [each.passes]) == {each.passes: each}
cache.close()
"""


def test_two_processes_use_one_cache_at_once(tmp_path: Path) -> None:
    path = tmp_path / "tune.sqlite"
    server = str(Path(libraries.__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": server}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], env=environment) for name in "abc"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    cache = Cache(path)
    wanted = [f"{name} {number}" for name in "abc" for number in range(150)]
    assert len(cache.find("scope", wanted)) == 450
    cache.close()


def test_another_llvm_shares_no_results(llvm: LLVM, installed: LibraryCompiler, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "tune.sqlite")
    compilers: list[Compiler] = [installed, LlvmliteCompiler(llvm)]
    values: list[Evaluation] = []
    for compiler in compilers:
        evaluator = Evaluator(MODULE, compiler, Objective(), jobs=1, cache=cache)
        values += evaluator.evaluate([OZ])
        evaluator.close()
        assert evaluator.compiled == 1
    scopes = [scope_of(MODULE, compiler.name, Objective().key) for compiler in compilers]
    assert [cache.find(scope, [OZ])[OZ] for scope in scopes] == values
    cache.close()

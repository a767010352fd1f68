"""Results kept from run to run: found again under the same key only, done without where the file is of no use."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from irlens.tuning import cache as caching
from irlens.tuning.cache import Cache, Memory, scope_of
from irlens.tuning.evaluation import Evaluation

SCOPE = scope_of("define void @f()", "LLVM 19.1.7", "size build")
MEASURED = Evaluation("function(dce)", 42, 42, "abcd")
REFUSED = Evaluation("no-such-pass", None, how="refused", why="unknown pass")
CRASHED = Evaluation("function(newgvn)", None, how="crashed", why="SIGSEGV")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "somewhere" / "tune.sqlite"


def found(path: Path, lists: list[str], scope: str = SCOPE) -> dict[str, Evaluation]:
    cache = Cache(path)
    try:
        return cache.find(scope, lists)
    finally:
        cache.close()


def kept(path: Path, *results: Evaluation) -> None:
    cache = Cache(path)
    cache.keep(SCOPE, results)
    cache.close()


def test_what_was_kept_is_found_by_the_next(path: Path) -> None:
    kept(path, MEASURED, REFUSED, CRASHED)
    wanted = [MEASURED.passes, REFUSED.passes, CRASHED.passes, "function(adce)"]
    assert found(path, wanted) == {each.passes: each for each in (MEASURED, REFUSED, CRASHED)}


def test_what_may_end_otherwise_another_time_is_not_kept(path: Path) -> None:
    kept(path, *(Evaluation(how, None, how=how) for how in ("late", "unrunnable", "forbidden")))
    assert found(path, ["late", "unrunnable", "forbidden"]) == {}


@pytest.mark.parametrize(
    ("ir", "compiler", "objective"),
    [
        ("define void @g()", "LLVM 19.1.7", "size build"),
        ("define void @f()", "LLVM 19.1.6", "size build"),
        ("define void @f()", "LLVM 19.1.7", "size paper"),
        ("define void @f()", "LLVM 19.1.7", "instructions build"),
    ],
)
def test_another_module_llvm_or_objective_is_another_key(
    path: Path, ir: str, compiler: str, objective: str
) -> None:
    kept(path, MEASURED)
    assert found(path, [MEASURED.passes], scope_of(ir, compiler, objective)) == {}
    assert found(path, [MEASURED.passes]) != {}


def test_bytes_that_are_no_text_have_keys_too(path: Path) -> None:
    odd = Evaluation("function(\udcff)", None, how="refused", why="no such pass")
    cache = Cache(path)
    cache.keep(scope_of("; \udcfe\n", "LLVM", "size build"), [odd])
    assert cache.find(scope_of("; \udcfe\n", "LLVM", "size build"), [odd.passes]) == {odd.passes: odd}
    cache.close()


def useless(path: Path, how: str) -> None:
    path.parent.mkdir(parents=True)
    if how == "garbage":
        path.write_bytes(b"no database\n" * 1000)
    elif how == "cut off":
        kept(path, *(Evaluation(f"list {n}", n) for n in range(2000)))
        path.write_bytes(path.read_bytes()[:5000])
    elif how == "a folder":
        path.mkdir()
    elif how == "another table":
        with sqlite3.connect(path) as database:
            database.execute("create table results (colour text)")


@pytest.mark.parametrize("how", ["garbage", "cut off", "a folder", "another table"])
def test_a_file_that_is_of_no_use_is_begun_anew_and_nothing_is_lost(path: Path, how: str) -> None:
    useless(path, how)
    before = path.read_bytes() if path.is_file() else None
    cache = Cache(path)
    assert cache.find(SCOPE, ["list 1500"]) == {}
    cache.keep(SCOPE, [MEASURED])
    cache.close()
    if before is None:
        assert path.is_dir(), "it is not ours to remove"
        return
    assert found(path, [MEASURED.passes]) == {MEASURED.passes: MEASURED}
    assert path.with_name("tune.sqlite.damaged").read_bytes() == before


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "tune.sqlite")
    cache.keep(SCOPE, [MEASURED])
    assert cache.find(SCOPE, [MEASURED.passes]) == {}
    cache.close()


def test_a_file_that_must_not_be_written_is_still_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(path, MEASURED)
    connect = sqlite3.connect
    monkeypatch.setattr(
        caching.sqlite3, "connect", lambda name, **more: connect(f"file:{name}?mode=ro", uri=True, **more)
    )
    cache = Cache(path)
    cache.keep(SCOPE, [REFUSED])
    assert cache.find(SCOPE, [MEASURED.passes, REFUSED.passes]) == {MEASURED.passes: MEASURED}
    cache.close()


def test_it_stays_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "MOST_ROWS", 400)
    kept(path, *(Evaluation(f"list {number}", number) for number in range(401)))
    assert len(found(path, [f"list {number}" for number in range(401)])) == 300
    kept(path, MEASURED)
    assert found(path, [MEASURED.passes]) != {}


def test_threads_share_one(path: Path) -> None:
    cache = Cache(path)

    def work(number: int) -> None:
        for each in range(50):
            cache.keep(SCOPE, [Evaluation(f"{number} {each}", each)])
            assert f"{number} {each}" in cache.find(SCOPE, [f"{number} {each}"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cache.find(SCOPE, [f"{number} {each}" for number in range(4) for each in range(50)])) == 200
    cache.close()


def test_after_its_end_it_knows_nothing(path: Path) -> None:
    cache = Cache(path)
    cache.keep(SCOPE, [MEASURED])
    cache.close()
    cache.close()
    cache.keep(SCOPE, [REFUSED])
    assert cache.find(SCOPE, [MEASURED.passes]) == {}


def test_memory_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    memory = Memory()
    memory.keep(SCOPE, [MEASURED])
    assert memory.find(SCOPE, [MEASURED.passes]) == {MEASURED.passes: MEASURED}
    memory.close()
    assert list(tmp_path.iterdir()) == []

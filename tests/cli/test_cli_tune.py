"""`irlens tune` over files and folders, as a user runs it: real searches with a small budget, no model."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import psutil
import pytest

from irlens.cli.main import main
from irlens.database import seal_of
from irlens.llvm.client import LLVM

EXAMPLES = Path(__file__).parents[2] / "examples"
SMALL = """target triple = "x86_64-unknown-linux-gnu"
define i32 @{name}(i32 %a, i32 %b) {{
  %p = alloca i32
  store i32 %a, ptr %p
  %x = load i32, ptr %p
  %y = mul i32 %x, 3
  %c = icmp sgt i32 %b, {limit}
  br i1 %c, label %yes, label %no
yes:
  %z = add i32 %y, %b
  ret i32 %z
no:
  %w = sub i32 %y, %b
  ret i32 %w
}}
"""

LOOPS = (Path(__file__).parent / "loops.ll").read_text()
"""Comes out smaller without the rotation of loops that -Oz does."""


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three modules, one of them below another folder; the cache is the test's own."""
    monkeypatch.setenv("IRLENS_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "modules"
    (folder / "inner").mkdir(parents=True)
    (folder / "one.ll").write_text(SMALL.format(name="one", limit=7))
    (folder / "inner/two.ll").write_text(SMALL.format(name="two", limit=9))
    shutil.copy(EXAMPLES / "checksum.ll", folder / "checksum.ll")
    return folder


def tune(*arguments: str) -> list[str]:
    return ["tune", "--no-model", "--budget", "12", *arguments]


def all_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    out = capsys.readouterr().out
    assert out.count("\n") == 1, out
    return json.loads(out)


def text_and_data(path: Path) -> int:
    with LLVM() as llvm:
        return llvm.size(llvm.emit_object(path.read_text())).total


def test_a_folder_is_tuned_whole_and_a_module_that_cannot_be_stops_nothing(
    modules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (modules / "broken.ll").write_text("define i32 @f() {\n  ret i64 0\n}\n")
    out = modules.parent / "out"
    assert main(tune(str(modules), "-o", str(out), "--json")) == 1
    found = all_of(capsys)
    names = [Path(each["file"]).relative_to(modules).as_posix() for each in found["modules"]]
    assert names == ["checksum.ll", "inner/two.ll", "one.ll"]
    [failed] = found["failed"]
    assert failed["file"].endswith("broken.ll")
    assert failed["why"]
    for each, name in zip(found["modules"], names, strict=True):
        assert each["best"]["bytes"] <= each["before"]["bytes"]
        assert (out / name).read_text(), "each has its smallest form in the folder"
    assert found["totals"]["best"] == sum(each["best"]["bytes"] for each in found["modules"])
    assert found["totals"]["oz"] == sum(each["oz"]["bytes"] for each in found["modules"])
    assert not (out / "broken.ll").exists()


def test_a_second_run_compiles_nothing_and_answers_the_same(
    modules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(tune(str(modules), "--json"))
    first = all_of(capsys)
    assert all(each["compiled"] > 0 for each in first["modules"])
    main(tune(str(modules), "--json"))
    second = all_of(capsys)
    assert all(each["compiled"] == 0 for each in second["modules"])
    for one, other in zip(first["modules"], second["modules"], strict=True):
        assert {**one, "compiled": 0} == other
    # Even where only the compilations are known, not what became of the modules.
    for file in (modules.parent / "cache/irlens").glob("tuned.sqlite*"):
        file.unlink()
    main(tune(str(modules), "--json"))
    third = all_of(capsys)
    assert all(each["compiled"] == 0 for each in third["modules"])
    assert [each["best"] for each in third["modules"]] == [each["best"] for each in first["modules"]]


def test_without_the_cache_nothing_is_written(modules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(tune(str(modules / "one.ll"), "--no-cache", "--json"))
    assert all_of(capsys)["compiled"] > 0
    assert not (modules.parent / "cache").exists()


def test_the_table_has_a_line_a_module_and_the_totals(
    modules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tune(str(modules))) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if re.match(r" *\d+ +\d+ +\d+ ", line)]
    assert len(rows) == 4
    numbers = [[int(word) for word in row.split()[:3]] for row in rows]
    assert numbers[3] == [sum(column) for column in zip(*numbers[:3], strict=True)]
    assert "all 3 modules" in rows[3]


def test_fail_over_fails_where_a_module_can_be_smaller_by_more(
    modules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(modules.parent / "loops.ll")
    Path(path).write_text(LOOPS)
    main(tune(path, "--json"))
    report = all_of(capsys)
    reference = min(report["before"]["bytes"], report["oz"]["bytes"])
    excess = 100 * (reference / report["best"]["bytes"] - 1)
    assert excess > 0, "the example can be made smaller than -Oz"
    assert main(tune(path, "--fail-over", str(excess + 0.1))) == 0
    capsys.readouterr()
    assert main(tune(path, "--fail-over", f"{excess - 0.1}%")) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert f"{excess:.2f}% more than {report['best']['bytes']}" in line
    assert "-passes=" in line


def test_the_opt_command_makes_what_was_measured(
    modules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(modules)
    Path("loops.ll").write_text(LOOPS)
    out = modules.parent / "small.ll"
    main(tune("loops.ll", "--sarif", "-o", str(out)))
    [result] = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    command = re.search(r"\S*opt\S* -relocation-model=pic .*", result["message"]["text"])
    assert command is not None
    if shutil.which(command[0].split()[0]) is None:
        pytest.skip("there is no opt here")
    subprocess.run(command[0], shell=True, check=True, cwd=modules)
    body = re.compile(r"^(?:;|source_filename).*\n", re.M)
    assert body.sub("", (modules / "loops.small.ll").read_text()) == body.sub("", out.read_text())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "no such file"),
        (["."], "no .ll file"),
        (["modules", "-o", "modules/one.ll"], "folder"),
        (["modules", "-o", "modules"], "write over"),
        (["modules/one.ll", "modules/inner", "modules/other/one.ll", "-o", "out"], "both"),
        (["modules/one.ll", "-o", "absent/out.ll"], "cannot be written"),
        (["modules", "--report", "absent/report.html"], "--report"),
        (["--sarif", "modules/one.ll", "modules"], "--sarif"),
        (["modules", "--json", "--sarif"], "stdout"),
        (["modules", "--budget", "-1"], "whole number"),
        (["modules", "--seconds", "0"], "seconds"),
        (["modules", "--fail-over", "much"], "percentage"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_refused_before_the_search(
    modules: Path,
    arguments: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(modules.parent)
    (modules / "other").mkdir()
    (modules / "other/one.ll").write_text(SMALL.format(name="other", limit=1))
    empty = modules.parent / "empty"
    empty.mkdir()
    if arguments == ["."]:
        monkeypatch.chdir(empty)
    before = {path: path.read_bytes() for path in modules.rglob("*.ll")}
    assert main(["tune", "--no-model", *arguments]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert says in line
    assert line.endswith(".") or "--help" in line
    assert {path: path.read_bytes() for path in modules.rglob("*.ll")} == before


def test_what_an_earlier_run_wrote_is_not_tuned_again(
    modules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = modules / "small"
    for _ in range(2):
        assert main(tune(str(modules), "-o", str(out), "--json")) == 0
        assert len(all_of(capsys)["modules"]) == 3


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A run that would take long."""
    command = [sys.executable, "-m", "irlens", "tune", str(folder), "--no-model", "--json", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def wait_for_results(process: subprocess.Popen[str], cache: Path, least: int) -> None:
    """Until so many compilations are on the disk."""
    while process.poll() is None:
        try:
            with sqlite3.connect(f"file:{cache}/tune.sqlite?mode=ro", uri=True, timeout=5) as database:
                (count,) = database.execute("select count(*) from results").fetchone()
        except sqlite3.Error:
            count = 0
        if count >= least:
            return
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(process.communicate())


def test_an_interrupt_prints_what_was_found_so_far(modules: Path) -> None:
    process = start(modules, "--budget", "100000", "--seconds", "1000")
    wait_for_results(process, modules.parent / "cache", 40)
    children = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    found = json.loads(out)
    assert found["interrupted"]
    assert len(found["left"]) + len(found["modules"]) == 3
    best = [each["best_so_far"] for each in found["left"] if each["best_so_far"]]
    assert best
    assert all(each["value"] > 0 for each in best)
    assert "again to go on" in errors
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not [child for child in alive if child.status() != "zombie"]


def test_a_run_that_was_killed_goes_on_where_it_was(
    modules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("--budget", "60", "--seconds", "1000")
    process = start(modules, *arguments)
    wait_for_results(process, modules.parent / "cache", 20)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    main(tune(str(modules), "--json", *arguments))
    resumed = all_of(capsys)
    monkeypatch.setenv("IRLENS_CACHE_HOME", str(modules.parent / "fresh"))
    main(tune(str(modules), "--json", *arguments))
    fresh = all_of(capsys)
    assert [each["best"] for each in resumed["modules"]] == [each["best"] for each in fresh["modules"]]
    done = sum(each["compiled"] for each in fresh["modules"])
    assert sum(each["compiled"] for each in resumed["modules"]) <= done - 20, "what was compiled was kept"


FORGED = """declare i32 @puts(ptr)
@s = constant [3 x i8] c"id\\00"
define i32 @f(i32 %x, ptr %p) {
  %r = call i32 @puts(ptr @s)
  ret i32 %r
}
"""


def test_a_module_from_a_foreign_cache_is_not_taken_at_its_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of the right form held another module, which was written and called checked."""
    monkeypatch.setenv("IRLENS_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ll").write_text(
        "define i32 @f(i32 %x, ptr %p) {\n  %a = alloca i32\n  store i32 %x, ptr %a\n  %b = load i32, ptr %a\n"
        "  %d = mul i32 %b, 8\n  store i32 %d, ptr %p\n  ret i32 %d\n}\n"
    )
    command = tune("x.ll", "-o", "out.ll", "--json", "--budget", "30", "--seconds", "1000")
    assert main(command) == 0
    first, made = all_of(capsys), (tmp_path / "out.ll").read_text()
    assert main(command) == 0
    again = all_of(capsys)
    assert (again["compiled"], again["best"]) == (0, first["best"])

    with sqlite3.connect(tmp_path / "cache" / "tuned.sqlite") as database:
        for key, packed in database.execute("select key, answer from finished").fetchall():
            answer = json.loads(zlib.decompress(packed))
            answer["ir"] = FORGED
            forged = zlib.compress(json.dumps(answer).encode())
            row = (forged, seal_of(key, forged), key)
            database.execute("update finished set answer = ?, seal = ? where key = ?", row)
    database.close()
    assert main(command) == 0
    assert all_of(capsys)["best"] == first["best"]
    assert (tmp_path / "out.ll").read_text() == made

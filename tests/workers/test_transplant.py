"""A small program is rebuilt from its lifts, and a lift that is wrong is found by the program's own tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.assist.tools import Tools
from irlens.emulator.client import Emulator
from irlens.errors import UnusableInput
from irlens.evals.transplant import run
from irlens.evals.transplant.programs import PROGRAMS, Program
from irlens.evals.transplant.report import as_json, sentences, table
from irlens.evals.transplant.run import Outcome, evaluate
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter

pytestmark = pytest.mark.skipif(
    os.name != "posix"
    or os.uname().machine != "x86_64"
    or not all(map(shutil.which, ("gcc", "ld", "objcopy", "nm"))),
    reason="needs x86-64 Linux with gcc and binutils",
)
PART = """\
static int count;
static const int table[] = {3, 1, 4, 1, 5, 9, 2, 6};
__attribute__((noinline)) static int next(int by) { count += by; return count; }
int total;
double half(double a) { return a / 2; }
int step(int by) { total = next(by) + 1; return next(by); }
int digit(unsigned at) { return table[at & 7]; }
int never(int a) { return a * 3; }
"""
MAIN = """\
#include <stdio.h>
extern int total;
double half(double); int step(int); int digit(unsigned); int never(int);
int main(int argc, char **argv) {
    if (argc > 3) return never(argc);
    if (half(5) != 2.5) return 2;
    if (step(2) != 4 || step(3) != 10 || total != 8) return 3;
    for (int i = 0, sum = 0; i < 8; i++) { sum += digit(i); if (i == 7 && sum != 31) return 4; }
    puts("right");
    return 0;
}
"""
TINY = Program(
    "tiny",
    "",
    (
        '$CC $CFLAGS -MMD -c -o part.o part.c && grep -q "^part.o:" part.d',
        "$CC $CFLAGS -o tiny main.c part.o",
    ),
    ('test "$(./tiny)" = right',),
)


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    tools = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    yield tools
    tools.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of both runs; what the first one lifted stands there for the next."""
    folder = tmp_path_factory.mktemp("transplant")
    (folder / "source").mkdir()
    (folder / "source" / "part.c").write_text(PART)
    (folder / "source" / "main.c").write_text(MAIN)
    return folder


@pytest.fixture(scope="module")
def outcome(tools: Tools, folder: Path) -> Outcome:
    return evaluate(TINY, tools, folder / "right", source=folder / "source", jobs=2)


def test_a_program_rebuilt_from_its_lifts_passes_its_tests(outcome: Outcome, folder: Path) -> None:
    rows = {row["function"]: row for row in outcome.functions}
    assert set(rows) == {"next", "half", "step", "digit", "never", "main"}
    told = {name for name, row in rows.items() if row["told"]}
    assert {"next", "half", "step", "digit", "never"} <= told, rows
    assert {name for name, row in rows.items() if row["ran"]} == {"next", "half", "step", "digit", "main"}
    assert outcome.builds == {"-O0": [], "-O2": [], "default<O2>": []}
    assert outcome.unexplained == []
    assert re.fullmatch(
        r"tiny, rebuilt with the lifts of \d of its 6 functions \(\d of which ran\), passes its own tests\.",
        *sentences(outcome),
    )
    assert f"| tiny | 6 | {len(told)} | {len(told - {'never'})} | 0 |" in table([outcome])
    assert as_json(outcome)["false"] == 0


def test_what_runs_is_made_of_the_lifts(outcome: Outcome, folder: Path, tmp_path: Path) -> None:
    """The functions of the program that was tested last lie behind all that gcc made of the file."""
    bench = folder / "right" / "tiny-O2"
    (key,) = {row["file"] for row in outcome.functions if row["source"] == "part.c"}
    subprocess.run(["gcc", "-c", bench / "texts" / f"{key}.s", "-o", tmp_path / "gcc.o"], check=True)
    sizes = subprocess.run(["size", "-A", tmp_path / "gcc.o"], check=True, capture_output=True, text=True)
    theirs = next(int(line.split()[1]) for line in sizes.stdout.splitlines() if line.startswith(".text "))
    said = subprocess.run(["nm", "-P", bench / "tree" / "part.o"], check=True, capture_output=True, text=True)
    places = {words[0]: words[1:3] for line in said.stdout.splitlines() if len(words := line.split()) > 2}
    for row in outcome.functions:
        if row["source"] == "part.c" and row["told"]:
            kind, place = places[row["function"]]
            assert int(place, 16) >= theirs > 0
            assert kind == ("t" if row["function"] == "next" else "T")


def test_a_run_that_was_stopped_goes_on(outcome: Outcome, tools: Tools, folder: Path) -> None:
    """What was lifted is not lifted again; objects that are gone are made again."""
    bench = folder / "right" / "tiny-O2"
    rows = (folder / "right" / "tiny-O2.jsonl").read_text()
    shutil.rmtree(bench / "lifts")
    again = evaluate(TINY, tools, folder / "right", source=folder / "source")
    assert again.builds == outcome.builds
    assert len(again.replaced) == len(outcome.replaced)
    assert (folder / "right" / "tiny-O2.jsonl").read_text() == rows


def test_lifts_that_are_wrong_are_found(
    outcome: Outcome, tools: Tools, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though they were told to be right, and however many there are; one that never runs is not."""
    real = run._objects

    def wrong(tools: Tools, ir: str) -> tuple[bytes, ...]:
        for name, was, now in (("half", "5.000000e-01", "2.500000e-01"), ("never", "3", "5")):
            if f"@{name}(" in ir:
                assert was in ir, ir
                ir = ir.replace(was, now)
        if "@step(" in ir:
            ir = re.sub(r"ret (i\d+) %\S+", r"ret \1 7", ir)
        return real(tools, ir)

    monkeypatch.setattr(run, "_objects", wrong)
    found = evaluate(TINY, tools, folder / "wrong", source=folder / "source", jobs=2)
    assert {name: sorted(each) for name, each in found.builds.items()} == {
        build: ["half (part.c)", "step (part.c)"] for build in ("-O0", "-O2", "default<O2>")
    }
    assert found.unexplained == []
    assert any("fails its own tests (-O2): " in line for line in sentences(found))
    assert as_json(found)["false"] == 2


def test_a_lift_that_cannot_be_linked_is_told_as_such(
    outcome: Outcome, tools: Tools, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = run._objects

    def unlinked(tools: Tools, ir: str) -> tuple[bytes, ...]:
        if "@half(" in ir:
            ir = re.sub(r"^  ret ", "  call void @nobody_has_this()\n  ret ", ir, flags=re.M)
            ir += "\ndeclare void @nobody_has_this()\n"
        return real(tools, ir)

    monkeypatch.setattr(run, "_objects", unlinked)
    found = evaluate(TINY, tools, folder / "unlinked", source=folder / "source", jobs=2)
    assert found.builds == {
        build: ["half (part.c, cannot be built)"] for build in ("-O0", "-O2", "default<O2>")
    }
    assert as_json(found)["false"] == 0
    assert all("is not built" in line and "tests" not in line for line in sentences(found))


def test_a_program_that_fails_as_it_is_shows_nothing(tools: Tools, folder: Path) -> None:
    failing = Program("tiny", "", TINY.build, ("./tiny >/dev/null; exit 3",))
    with pytest.raises(UnusableInput, match="fails its own tests as it is"):
        evaluate(failing, tools, folder / "failing", source=folder / "source")
    broken = Program("tiny", "", ("$CC nothing.c",), ("true",))
    with pytest.raises(UnusableInput, match=r"cannot be built: .*nothing\.c"):
        evaluate(broken, tools, folder / "broken", source=folder / "source")


def test_lifted_code_is_shut_in(tools: Tools, folder: Path) -> None:
    """The tests write in the program's folder alone."""
    outside = folder / "outside"
    escaping = Program(
        "tiny",
        "",
        TINY.build,
        (f"./tiny && echo here > inside && ! echo there > {outside}",),
    )
    bench = run.Rebuilt(escaping, folder / "source", folder / "shut", "gcc", "-O2")
    assert bench.passes([])
    assert not outside.exists()


def test_every_program_is_named_once() -> None:
    names = [program.name for program in PROGRAMS]
    assert len(set(names)) == len(names) >= 6


@pytest.mark.timeout(600)
@pytest.mark.skipif(
    not all(map(shutil.which, ("apt-get", "dpkg-source"))), reason="needs Debian's apt-get and dpkg-dev"
)
def test_bzip2_with_lifts_in_it_passes_its_own_tests(tools: Tools, tmp_path: Path) -> None:
    """A sample; `make evidence` does the whole of it and of others."""
    (program,) = [each for each in PROGRAMS if each.name == "bzip2"]
    try:
        found = evaluate(program, tools, tmp_path, jobs=2, most=16)
    except UnusableInput as error:
        if "cannot be fetched" in str(error):
            pytest.skip(str(error))
        raise
    assert len(found.functions) == 16
    assert len(found.replaced) >= 8
    assert any(row["ran"] for row in found.replaced)
    assert found.builds == {"-O0": [], "-O2": [], "default<O2>": []}
    assert found.unexplained == []

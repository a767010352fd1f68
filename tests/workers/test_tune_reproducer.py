"""The folders for lists that went wrong: whole, safely named, never written over, and they show it again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.errors import UnusableInput
from irlens.llvm import library
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, LibraryCompiler, LlvmliteCompiler
from irlens.tuning.objective import Objective
from irlens.tuning.reproducer import Failure, write
from support import hostile

ONE = 'target triple = "x86_64-unknown-linux-gnu"\n\ndefine i32 @f(i32 %x) {\n  ret i32 %x\n}\n'


@pytest.fixture(scope="module")
def compiler() -> Iterator[Compiler]:
    found = library.find()
    if found is not None:
        made = LibraryCompiler(found.path, found.opt, 1)
        yield made
        made.close()
        return
    with LLVM(workers=1) as llvm:
        yield LlvmliteCompiler(llvm)


def test_what_it_has_and_that_nothing_is_written_over(compiler: Compiler, tmp_path: Path) -> None:
    failures = [
        Failure("function(sroa)", "breaks the suite", "f: it differs", "; other\n" + ONE, "bits"),
        Failure("../../x;$(touch p)'", "late", "no answer\nwithin 1 s"),
    ]
    made = write(tmp_path / "new", ONE, failures, compiler, Objective())
    assert [path.parent for path in made] == [tmp_path / "new"] * 2
    assert all(
        set(path.name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
        for path in made
    )
    first, second = made
    assert (first / "input.ll").read_text() == "; other\n" + ONE
    assert (second / "input.ll").read_text() == ONE
    readme = (first / "README.txt").read_text()
    assert "f: it differs" in readme
    assert compiler.name in readme
    assert "Run once more:  it came to" in readme
    assert (second / "passes.txt").read_text() == "../../x;$(touch p)'\n"
    (first / "input.ll").write_text("mine")
    assert write(tmp_path / "new", ONE, failures, compiler, Objective()) == []
    assert (first / "input.ll").read_text() == "mine"
    assert sorted(os.listdir(tmp_path / "new")) == sorted(path.name for path in made)


def test_its_script_runs_and_no_list_gets_out_of_its_quotes(compiler: Compiler, tmp_path: Path) -> None:
    failure = Failure("function(sroa)'$(touch escaped)`touch escaped`", "crashed", "why $(touch escaped)")
    (folder,) = write(tmp_path, ONE, [failure], compiler, Objective())
    tool = folder / "say"
    tool.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >> said\n')
    tool.chmod(0o755)
    ended = subprocess.run(
        ["sh", str(folder / "repro.sh")], env={**os.environ, "OPT": str(tool), "LLC": str(tool)}, check=False
    )
    assert ended.returncode == 0
    said = (folder / "said").read_text().splitlines()
    assert f"-passes={failure.passes}" in said
    assert "-O2" in said
    assert not (folder / "escaped").exists()


def test_nobody_gets_a_line_of_his_own_into_it(compiler: Compiler, tmp_path: Path) -> None:
    """What went wrong is told with names of functions, and a comment ends where its line does."""
    why = "f\n'; touch escaped; '\r\ntouch escaped\u2028\x1b]0;t\x07"
    (folder,) = write(
        tmp_path,
        ONE,
        [Failure("dce\ntouch escaped\x1b[2J", "late", why, program="a\nb")],
        compiler,
        Objective(),
    )
    assert (folder / "passes.txt").read_text() == "dce\ntouch escaped\x1b[2J\n"
    for name in ("repro.sh", "README.txt"):
        text = (folder / name).read_text()
        assert hostile.unseen(text, kept="\n") == []
        assert not [line for line in text.split("\n") if line.startswith(("touch", "'"))]
    said = tmp_path / "said"
    tool = tmp_path / "tool"
    tool.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {said}\n')
    tool.chmod(0o755)
    env = {**os.environ, "OPT": str(tool), "LLC": str(tool)}
    subprocess.run(["sh", str(folder / "repro.sh")], env=env, check=True)
    assert "-passes=dce\ntouch escaped\x1b[2J\n" in said.read_text()
    assert not (folder / "escaped").exists()


def test_a_real_crash_is_shown_again_with_llvms_words(compiler: Compiler, tmp_path: Path) -> None:
    if not compiler.whole:
        pytest.skip("needs an installed opt with its library")
    failure = Failure("trigger-crash-module", "crashed", "it crashed")
    (folder,) = write(tmp_path, ONE, [failure], compiler, Objective())
    assert "it ended so: crashed" in (folder / "README.txt").read_text()
    assert (folder / "stderr.txt").read_text().strip()
    ended = subprocess.run(["sh", str(folder / "repro.sh")], capture_output=True, check=False)
    assert ended.returncode != 0
    assert not (folder / "output.o").exists()


def test_a_right_list_runs_to_its_object(compiler: Compiler, tmp_path: Path) -> None:
    if not compiler.whole or not shutil.which("sh"):
        pytest.skip("needs an installed opt")
    (folder,) = write(tmp_path, ONE, [Failure("default<Oz>", "late", "once")], compiler, Objective())
    ended = subprocess.run(["sh", str(folder / "repro.sh")], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert (folder / "output.o").read_bytes()[:4] == b"\x7fELF"


def test_a_folder_that_cannot_be_written_is_said(compiler: Compiler, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableInput, match="Name another folder"):
        write(tmp_path / "file", ONE, [Failure("dce", "late", "")], compiler, Objective())


def test_a_folder_that_cannot_be_finished_is_not_left_behind(
    compiler: Compiler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from irlens.tuning import reproducer

    real = reproducer.write_new

    def full(path: Path, text: str) -> None:
        if path.name == "README.txt":
            raise OSError(28, "No space left on device")
        real(path, text)

    monkeypatch.setattr(reproducer, "write_new", full)
    with pytest.raises(UnusableInput, match="No space left"):
        write(tmp_path, ONE, [Failure("function(sroa)", "late", "why")], compiler, Objective())
    assert os.listdir(tmp_path) == []

"""What people reported, where one command leads to the next: the advice that a refusal gives works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from irlens.cli.main import main
from support.cases import CASES, write


def irlens(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "irlens", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc")
def test_the_advice_to_preprocess_works(tmp_path: Path) -> None:
    source = '#include "twice.h"\n#define N 4\n\t.text\n\t.globl f\nf:\n#ifdef N\n\tTWICE(incq %rax)\n#endif\n\tret\n'
    (tmp_path / "a b.S").write_text(source)
    (tmp_path / "twice.h").write_text("#define TWICE(x) x; x\n")
    told = irlens("check", "a b.S", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (0, "")
    command = re.search(r"Run `([^`]*)`", told.stderr)
    assert command is not None
    words = shlex.split(command[1])
    subprocess.run(words, cwd=tmp_path, check=True)
    done = irlens("check", words[-1], cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_not_lifted_names_the_instruction_and_its_line(tmp_path: Path) -> None:
    text = "\t.text\n\t.globl f\n\t.type f,@function\nf:\n\tmovq %rdi, %rax\n\t.p2align 4\n\trdtscp\n\tret\n\t.size f, .-f\n"
    (tmp_path / "r.s").write_text(text)
    done = irlens("lift", "r.s", "--origin", "mechanical", cwd=tmp_path)
    assert "f: not lifted: `rdtscp` at line 7: " in done.stdout
    assert "model's lift" not in done.stdout


@pytest.mark.parametrize(("case", "machine"), [("g-macos-arm", "aarch64"), ("g-macos-x86", "x86_64")])
def test_ir_for_macos_is_compared_and_predicted_as_its_advice_says(
    tmp_path: Path, case: str, machine: str
) -> None:
    folder = write(CASES[case], tmp_path / case)
    done = irlens("compare", "a.ll", "b.ll", cwd=folder)
    assert "f: disagrees" in done.stdout
    shown = irlens("predict", "a.ll", "--passes", "default<O2>", "--no-model", cwd=folder).stdout
    assert "checked: 1 of 1 functions" in shown
    advised = re.search(r'set its `target triple` to "([^"]+)"', shown)
    assert advised is not None
    assert advised[1].startswith(machine)
    text = re.sub(r'(target triple = )"[^"]*"', rf'\1"{advised[1]}"', (folder / "a.ll").read_text())
    (folder / "elf.ll").write_text(text)
    again = irlens("predict", "elf.ll", "--passes", "default<O2>", "--no-model", cwd=folder).stdout
    assert "? bytes" not in again


@pytest.mark.parametrize(("file", "machine"), [("m.s", "arm64"), ("x.s", "x86_64")])
def test_assembly_for_macos_is_lifted_to_ir_for_macos(tmp_path: Path, file: str, machine: str) -> None:
    folder = write(CASES["a11-macho"], tmp_path / "a11")
    done = irlens("lift", file, "--function", "sum", "--origin", "mechanical", cwd=folder)
    assert done.returncode == 0
    assert "sum: round-trips" in done.stdout
    assert f'target triple = "{machine}-apple-macosx14.0"' in done.stdout
    assert "define i32 @sum(i32 %arg0, i32 %arg1)" in done.stdout
    by_symbol = irlens("lift", file, "--function", "_sum", "--origin", "mechanical", cwd=folder)
    assert by_symbol.returncode == 0


def test_assembly_of_macos_and_linux_are_not_compared(tmp_path: Path) -> None:
    folder = write(CASES["a11-macho"], tmp_path / "a11")
    (folder / "linux.ll").write_text(
        'target triple = "aarch64-unknown-linux-gnu"\ndefine i32 @sum(i32 %a, i32 %b) {\n  ret i32 %a\n}\n'
    )
    refused = irlens("compare", "m.s", "linux.ll", cwd=folder)
    assert refused.returncode == 2
    assert "functions are called differently" in refused.stderr


@pytest.mark.parametrize("passes", ["-O2", "-mem2reg -instcombine", "mem2reg instcombine", "-passes=mem2reg"])
def test_a_pipeline_spelled_otherwise_is_told_how(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], passes: str
) -> None:
    file = os.fspath(write(CASES["k06-passes-forms"], tmp_path / "k06") / "t.ll")
    assert main(["predict", file, "--no-model", "--passes", passes]) == 2
    advised = re.search(r"Write `([^`]*)`", capsys.readouterr().err)
    assert advised is not None
    assert main(["predict", file, "--no-model", "--passes", advised[1]]) == 0

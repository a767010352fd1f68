"""`--prototype` and `--prototypes`: what is said, believed and refused; and the debug information of an object."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ASM = """\t.text
\t.globl f
\t.type f, @function
f:
\tsubq $8, %rsp
\tcall gd
\tmovl $1, x(%rip)
\taddq $8, %rsp
\tret
\t.size f, .-f
"""


def irlens(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "irlens", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "f.s").write_text(ASM)
    (tmp_path / "f.h").write_text("typedef double real;\nreal gd(void); // what it calls\n")
    void = "declare double @gd()\n@x = external global i32\ndefine void @f() {\n  call double @gd()\n"
    (tmp_path / "void.ll").write_text(f"{void}  store i32 1, ptr @x\n  ret void\n}}\n")
    return tmp_path


def lifted(folder: Path, *options: str) -> dict[str, Any]:
    ran = irlens("lift", "f.s", "--origin", "mechanical", "--json", *options, folder=folder)
    [one] = json.loads(ran.stdout)["functions"]
    assert isinstance(one, dict)
    return one


def test_a_lift_goes_by_what_is_said(folder: Path) -> None:
    one = lifted(folder, "--prototypes", "f.h", "--prototype", "real f(void)")
    assert one["prototype"] == "real f(void) (given by you)"
    assert "define double @f()" in one["ir"]
    assert "Taken to" not in one["evidence"]["reason"]
    assert lifted(folder)["prototype"] is None


def test_compare_goes_by_it(folder: Path) -> None:
    ran = irlens("compare", "f.s", "void.ll", folder=folder)
    assert "agrees" in ran.stdout
    said = ("--prototype", "double f(void)", "--prototype", "double gd(void)")
    ran = irlens("compare", "f.s", "void.ll", *said, folder=folder)
    assert ran.returncode == 1
    assert "it is double f(void), given by you" in ran.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--prototype", "real f(void)"], "--prototype 'real f(void)': "),
        (["--prototype", "int x"], "It declares no function"),
        (["--prototypes", "none.h"], "none.h: there is no such file"),
        (["--prototypes", "."], "not a file but a folder"),
        (["--prototypes", "f.s"], "--prototypes f.s: "),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_starts(
    options: list[str], said: str, folder: Path
) -> None:
    ran = irlens("lift", "f.s", "--origin", "mechanical", *options, folder=folder)
    assert ran.returncode == 2
    assert said in ran.stderr, ran.stderr
    assert "Traceback" not in ran.stderr


def test_prototypes_of_two_modules_are_refused(folder: Path) -> None:
    ran = irlens("compare", "void.ll", "void.ll", "--prototype", "void f(void)", folder=folder)
    assert ran.returncode == 2
    assert "Give A as assembly and B as IR" in ran.stderr


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc")
def test_an_object_with_debug_information_says_its_prototypes(folder: Path) -> None:
    (folder / "p.c").write_text("int g(int, int); int p(int a, int b) { return g(a, b) + 1; }\n")
    subprocess.run(["gcc", "-g", "-O2", "-c", "p.c"], cwd=folder, check=True, timeout=60)
    ran = irlens("lift", "p.o", "--function", "p", "--origin", "mechanical", folder=folder)
    assert "prototype: int p(int, int) (from the file's debug information)" in ran.stdout
    assert "call i32 @g(i32 %arg0, i32 %arg1)" in ran.stdout

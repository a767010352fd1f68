"""`irlens lift` of a whole file: a line a function, a table, one module or a folder, streams of JSON, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from irlens.cli.main import main
from irlens.ir.outline import outline
from irlens.llvm.client import LLVM

X86 = "x86_64-unknown-linux-gnu"
EXAMPLES = Path(__file__).parents[2] / "examples"

SOURCE = """
@count = internal global i32 5
@table = internal constant [3 x ptr] [ptr @first, ptr @second, ptr null]
@.str = private constant [6 x i8] c"hello\\00"
declare i32 @puts(ptr)
define i32 @first(i32 %a) noinline {
  %r = add i32 %a, 1
  ret i32 %r
}
define i32 @second(i32 %a) noinline {
  %n = load i32, ptr @count
  %m = add i32 %n, %a
  store i32 %m, ptr @count
  ret i32 %m
}
define ptr @nth(i64 %i) noinline {
  %p = getelementptr [3 x ptr], ptr @table, i64 0, i64 %i
  %f = load ptr, ptr %p
  ret ptr %f
}
define i32 @both(i32 %a) {
  call i32 @puts(ptr @.str)
  %x = call i32 @first(i32 %a)
  %y = call i32 @second(i32 %x)
  ret i32 %y
}
define i32 @greet(i32 %a) {
  call i32 @puts(ptr @.str)
  ret i32 %a
}
"""
NAMES = ["first", "second", "nth", "both", "greet"]


@pytest.fixture(scope="module")
def llvm() -> Any:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture
def assembly(tmp_path: Path, llvm: LLVM) -> Path:
    path = tmp_path / "x.s"
    path.write_text(llvm.lower(SOURCE, X86))
    return path


def lift(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main(["lift", "--origin", "mechanical", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_line_a_function_and_a_table(assembly: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = lift(capsys, assembly)
    assert code == 0
    assert err == ""
    lines = out.splitlines()
    rows = [line.split() for line in lines[1 : 1 + len(NAMES)]]
    assert sorted(row[0] for row in rows) == sorted(NAMES)
    assert all(row[1] in ("round-trips", "agrees") and row[2] == "mechanical" for row in rows)
    assert all(row[4] == "s" and float(row[3]) >= 0 for row in rows)
    assert any(line.startswith("5 functions: ") and line.endswith(" s") for line in lines)
    assert "define" not in out


def test_one_module_has_all_functions_and_their_data(
    assembly: Path, tmp_path: Path, llvm: LLVM, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "all.ll"
    code, _, _ = lift(capsys, assembly, "-o", target)
    assert code == 0
    text = target.read_text()
    parsed = llvm.parse(text)
    assert parsed.verified, parsed.diagnostics
    found = outline(text)
    assert [each.name for each in found.functions if each.is_definition] == NAMES
    assert [each.name for each in found.functions if not each.is_definition] == ["puts"]
    assert text.count("hello") == 1
    assert "@count = internal global" in text
    table = next(line for line in text.splitlines() if line.startswith("@table ="))
    assert "@first" in table
    assert "@second" in table
    llvm.emit_object(text, X86)


def test_the_module_does_what_the_assembly_does(
    assembly: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "all.ll"
    assert lift(capsys, assembly, "-o", target)[0] == 0
    assert main(["compare", str(assembly), str(target), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {each["name"]: each["evidence"]["outcome"] for each in report["functions"]} == dict.fromkeys(
        NAMES, "agrees"
    )


def test_a_folder_gets_a_file_a_function(
    assembly: Path, tmp_path: Path, llvm: LLVM, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, _ = lift(
        capsys, assembly, "--function", "first", "--function", "both", "-o", tmp_path / "out/ir"
    )
    assert code == 0
    files = sorted((tmp_path / "out/ir").iterdir())
    assert [path.name for path in files] == ["both.ll", "first.ll"]
    assert all(llvm.parse(path.read_text()).verified for path in files)


def test_names_that_are_no_file_names_get_files_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["../up", "A", "a", "x y", "x?y"]
    functions = "".join(
        f'\t.globl "{name}"\n\t.type "{name}",@function\n"{name}":\n\tleal 1(%rdi), %eax\n\tretq\n'
        f'\t.size "{name}", .-"{name}"\n'
        for name in names
    )
    path = tmp_path / "odd.s"
    path.write_text(f"\t.text\n{functions}")
    lift(capsys, path, "-o", tmp_path / "out", "--target", X86)
    assert [each.name for each in tmp_path.iterdir() if each.name not in ("out", "odd.s")] == []
    files = [each.name for each in (tmp_path / "out").iterdir()]
    assert len(files) == len({name.casefold() for name in files}) == len(names)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "no/such/folder/x.ll"], "no folder"),
        (["-o", "x.s/out"], "Not a directory"),
        (["--json", "--jsonl"], "Give one of them"),
        (["--function", "frist"], "Did you mean first?"),
        (["--jobs", "-1"], "--jobs"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_lifted(
    assembly: Path,
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(assembly.parent)
    code, _, err = lift(capsys, assembly, *words)
    assert code == 2
    assert said in (err or capsys.readouterr().out)
    assert [path.name for path in assembly.parent.iterdir()] == ["x.s"]


def test_jsonl_is_an_object_a_line(assembly: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = lift(capsys, assembly, "--jsonl", "--jobs", "2")
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert sorted(row["name"] for row in rows) == sorted(NAMES)
    assert all(row["ir"] and row["target"] == X86 for row in rows)


def test_json_is_in_the_order_of_the_file_and_sums_up(
    assembly: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = lift(capsys, assembly, "--json", "--jobs", "3")
    report = json.loads(out)
    assert [each["name"] for each in report["functions"]] == NAMES
    summary = report["summary"]
    assert summary["functions"] == sum(summary["verdicts"].values()) == summary["origins"]["mechanical"] == 5
    assert report["interrupted"] is False


def test_what_is_not_shown_to_be_right_is_exit_code_1_and_no_other_functions_loss(
    assembly: Path, tmp_path: Path, llvm: LLVM, capsys: pytest.CaptureFixture[str]
) -> None:
    with assembly.open("a") as file:
        file.write("\t.text\n\t.type jumps,@function\njumps:\n\tjmpq *%rax\n\t.size jumps, .-jumps\n")
    code, out, err = lift(capsys, assembly, "-o", tmp_path / "all.ll")
    assert code == 1
    assert "1 not lifted" in out
    assert "jumps is not lifted" in err
    text = (tmp_path / "all.ll").read_text()
    assert llvm.parse(text).verified
    assert [each.name for each in outline(text).functions if each.is_definition] == NAMES


def test_a_file_that_is_cut_off_is_refused_at_once(
    assembly: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assembly.write_text(assembly.read_text() + "\t.type end,@function\nend:\n\taddl %esi, %edi\n")
    code, out, err = lift(capsys, assembly)
    assert code == 2
    assert out == ""
    assert "cut off" in err


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    """The second function has so much to do that it is not done before the first line is read."""
    quick = "\t.type quick,@function\nquick:\n\tleal 1(%rdi), %eax\n\tretq\n\t.size quick, .-quick\n"
    steps = "".join(f"\timull ${number}, %edi, %edi\n\txorl %esi, %edi\n" for number in range(3, 900))
    slow = "".join(
        f"\t.type slow{at},@function\nslow{at}:\n{steps}\tmovl %edi, %eax\n\tretq\n\t.size slow{at}, .-slow{at}\n"
        for at in range(40)
    )
    path, target = tmp_path / "x.s", tmp_path / "all.ll"
    path.write_text(f"\t.text\n{quick}{slow}")
    words = ["lift", path, "--origin", "mechanical", "--jobs", "1", "-o", target, "--target", X86]
    process = subprocess.Popen(
        [sys.executable, "-m", "irlens", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "no model" in process.stdout.readline()
    assert process.stdout.readline().startswith("quick")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=100)
    assert process.returncode == 130, err
    assert "interrupted: " in err
    assert " of 41 functions done, written to " in err
    assert "quick" in [each.name for each in outline(target.read_text()).functions if each.is_definition]


@pytest.mark.parametrize("name", ["f\n.incbin g", "f\r", ".Lhidden", "$x.0"])
def test_an_object_whose_functions_no_assembly_can_name_is_refused_in_a_sentence(
    name: str, llvm: LLVM, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = llvm.assemble("\t.globl f_______________\nf_______________:\n\tret\n", X86).object
    assert made is not None
    path = tmp_path / "named.o"
    path.write_bytes(made.replace(b"f_______________\0", name.encode().ljust(17, b"\0")))
    assert main(["lift", str(path)]) == 2
    assert "no function was found" in capsys.readouterr().err

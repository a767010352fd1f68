"""Standard input and what a shell makes of `<(...)` in every command that reads files; diagnostics with their lines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

IR = "define i32 @f(i32 %a) {\n  %r = add i32 %a, 1\n  ret i32 %r\n}\n"
ASM = "\t.text\n\t.globl f\n\t.type f,@function\nf:\n\tleal 1(%rdi), %eax\n\tretq\n\t.size f, .-f\n"
X86 = "x86_64-unknown-linux-gnu"


def irlens(words: list[str], given: str | bytes, **options: Any) -> subprocess.CompletedProcess[str]:
    raw = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "irlens", *words],
        input=raw,
        capture_output=True,
        timeout=110,
        check=False,
        **options,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
@pytest.mark.parametrize(
    ("words", "given", "has"),
    [
        (["lift", "--origin", "mechanical"], ASM, '"round-trips"'),
        (["predict", "--passes", "dce", "--no-model"], IR, '"measured"'),
        (["tune", "--no-model", "--budget", "2"], IR, '"best'),
        (["check"], IR, '"diagnostics": []'),
    ],
    ids=["lift", "predict", "tune", "check"],
)
def test_every_command_reads_standard_input(words: list[str], given: str, has: str, name: str) -> None:
    if words[0] == "tune":  # a search each time, with what the suite said of -Oz before
        words = [*words, "--seed", str(len(name))]
    done = irlens([*words, name, "--json"], given)
    assert done.returncode == 0, done.stderr
    assert has in done.stdout


@pytest.mark.parametrize("given", [IR, ASM], ids=["IR", "assembly"])
def test_either_side_of_a_comparison_is_known_by_its_text(tmp_path: Path, given: str) -> None:
    (tmp_path / "f.ll").write_text(IR)
    for words in (["-", "f.ll"], ["f.ll", "-"]):
        done = irlens(["compare", *words, "--json", "--target", X86], given, cwd=tmp_path)
        report = json.loads(done.stdout)
        assert [report["a"], report["b"]] == ["<stdin>" if word == "-" else word for word in words]
        assert [each["evidence"]["outcome"] for each in report["functions"]] == ["agrees"]


def test_what_a_shell_makes_of_commands_is_read(tmp_path: Path) -> None:
    (tmp_path / "f.ll").write_text(IR)
    command = f"{sys.executable} -m irlens compare <(cat f.ll) <(sed 's/, 1/, 2/' f.ll) --json"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False, timeout=110
    )
    assert [each["evidence"]["outcome"] for each in json.loads(done.stdout)["functions"]] == ["disagrees"]


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (["lift", "-"], IR, "<stdin>: holds LLVM IR; expected assembly"),
        (["predict", "-", "--passes", "dce"], ASM, "<stdin>: holds assembly; expected LLVM IR"),
        (["check", "-"], "", "<stdin>: the file is empty"),
        (["check", "-"], b"BC\xc0\xde\x35\x14", "<stdin>: is LLVM bitcode"),
        (["check", "-"], b"\x7fELF\x02\x01", "<stdin>: is an object"),
        (["check", "-"], b"define void @f() {\n  ret void\0\n}\n", "<stdin>:2: a NUL byte"),
        (["compare", "-", "-"], IR, "only once"),
        (["lift", "-", "--function", "g", "--target", X86], ASM, "<stdin>: there is no function g"),
    ],
)
def test_what_cannot_be_worked_on_is_one_line(words: list[str], given: str | bytes, said: str) -> None:
    done = irlens(words, given)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_stream_without_end_is_refused() -> None:
    command = f"yes 'define void @f() {{ ret void }}' | {sys.executable} -m irlens check -"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 2
    assert "<stdin>: more than the limit" in done.stderr


def test_findings_have_their_line_and_a_caret_in_color(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = "define i32 @f(i32 %a) {\n\t%x = add i32 %a, %nosuch\n  ret i32 %x\n}\n"
    plain = irlens(["check", "-"], bad)
    (found,) = plain.stdout.splitlines()
    said = r"<stdin>:2:19: error: use of undefined value '%nosuch'( \(LLVM [\d.]+\))? \[llvm-parse\]"
    assert re.fullmatch(said, found)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    place, line, caret = irlens(["check", "-"], bad).stdout.splitlines()
    assert "\x1b[1;31merror\x1b[0m" in place
    assert line == "        %x = add i32 %a, %nosuch"
    assert caret == "\x1b[1;32m" + " " * line.index("%nosuch") + "^~~~~~~\x1b[0m"

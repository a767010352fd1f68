"""The shell, as a user runs it: real processes, the embedded model, the examples."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from irlens.cli import tools
from irlens.cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
VERDICTS = {"rejected", "disagrees", "verifies", "compiles", "agrees", "round-trips"}


def irlens(*arguments: str, cwd: Path = EXAMPLES) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "irlens", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON object on stdout."""
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_lift_answers_in_the_promised_form() -> None:
    done = irlens("lift", "bits.s", "--function", "align_up", "--candidates", "2", "--json")
    report = answer(done)
    assert report["file"] == "bits.s"
    assert report["target"].startswith("x86_64")
    [function] = report["functions"]
    assert function["name"] == "align_up"
    assert function["origin"] in ("model", "mechanical")
    assert function["why_origin"]
    assert function["verdict"] in VERDICTS
    assert function["evidence"]["verdict"] == function["verdict"]
    assert 1 <= function["replies"] <= 2
    assert len(function["candidates"]) <= function["replies"] + 1
    assert done.returncode == (0 if function["ir"] else 1)


def test_the_mechanical_lifter_alone_needs_no_model() -> None:
    done = irlens("lift", "list.s", "--origin", "mechanical", "--json")
    report = answer(done)
    assert done.returncode == 0
    assert report["model"] is None
    assert {function["origin"] for function in report["functions"]} == {"mechanical"}
    assert {function["verdict"] for function in report["functions"]} <= {"agrees", "round-trips"}
    assert all(function["replies"] == 0 for function in report["functions"])


def test_a_lift_that_round_trips_really_does(tmp_path: Path) -> None:
    """Every lift of the examples that claims it: compile the IR again from nothing and compare."""
    from irlens.asm.normal import normalise
    from irlens.llvm.client import LLVM

    claimed = 0
    with LLVM() as llvm:
        for name in ("bits.s", "list.s"):
            text = (EXAMPLES / name).read_text()
            report = answer(irlens("lift", name, "--json"))
            for function in report["functions"]:
                if function["verdict"] != "round-trips":
                    continue
                claimed += 1
                level = int(function["evidence"]["codegen"].removeprefix("-O"))
                again = llvm.lower(function["ir"], report["target"], opt_level=level)
                original = normalise(text, function["name"], report["target"])
                assert normalise(again, function["name"], report["target"]).text == original.text
    assert claimed >= 3, "the embedded model lifts at least three of the ten example functions"


def test_predict_answers_in_the_promised_form() -> None:
    done = irlens("predict", "checksum.ll", "--passes", "default<Oz>", "--function", "difference", "--json")
    [function] = answer(done)["functions"]
    assert set(function) >= {"name", "before", "predicted", "measured"}
    assert function["measured"]["instructions"] < function["before"]["instructions"]
    assert function["measured"]["by"].startswith(("opt ", "llvmlite"))
    assert "define" in function["measured"]["ir"]


def test_predict_measures_without_a_model() -> None:
    done = irlens("predict", "checksum.ll", "--passes", "sroa,instcombine", "--no-model", "--json")
    assert done.returncode == 0
    report = answer(done)
    assert len(report["functions"]) == 6
    assert all(f["predicted"] is None and f["measured"] for f in report["functions"])


def test_tune_is_never_larger_than_oz_and_writes_what_it_measured(tmp_path: Path) -> None:
    from irlens.llvm.client import LLVM
    from irlens.llvm.compilers import Compilers

    out = tmp_path / "small.ll"
    done = irlens("tune", "checksum.ll", "-o", str(out), "--json")
    report = answer(done)
    assert done.returncode == 0
    assert report["best"]["bytes"] <= report["oz"]["bytes"] < report["before"]["bytes"]
    assert report["compilations"] >= 2
    written = out.read_text()
    with LLVM(workers=1) as llvm, closing(Compilers(llvm, 1)) as compilers:
        compiler = compilers.of(written)
        (measured,) = compiler.measure(written.encode(), [""])
    assert compiler.name == report["by"]
    assert measured.bytes == report["best"]["as_text"]


def test_check_prints_lines_a_compiler_would_and_fails_on_errors(tmp_path: Path) -> None:
    (tmp_path / "bad.ll").write_text("; 😀\ndefine i32 @f() {\n  ret i64 0\n}\n")
    (tmp_path / "run.ll").write_text(
        "; RUN: opt -passes=instcombin -S %s\ndefine void @f() {\n  ret void\n}\n"
    )
    (tmp_path / "bad.s").write_text("\t.text\nf:\n\tmovq\t%rax, %rbx\n\tmovq\t%nosuch, %rbx\n\tretq\n")
    (tmp_path / "folder.ll").mkdir()
    (tmp_path / "unknown.s").write_text("section .text\nf:\n  frobnicate r9\n")
    done = irlens("check", str(tmp_path))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert any(line.startswith(f"{tmp_path}/bad.ll:3:") and ": error: " in line for line in lines)
    assert any(line.startswith(f"{tmp_path}/bad.s:4:") and ": error: " in line for line in lines)
    assert any("run.ll:1:" in line and "instcombine" in line for line in lines)
    assert not any("unknown.s" in line for line in lines), "no guess about an unknown assembler"
    assert "unknown.s" in done.stderr
    assert "this is NASM assembly" in done.stderr
    assert "--target" not in done.stderr, "no target makes it one that is read"
    assert irlens("check", str(EXAMPLES)).returncode == 0


def test_check_says_what_nobody_can_run(tmp_path: Path) -> None:
    """As the server does; an `opt` that is not there leaves llvmlite's passes alone."""
    path = tmp_path / "run.ll"
    path.write_text("; RUN: opt -passes=sroa,gvn -S %s\ndefine void @f() {\n  ret void\n}\n")
    done = irlens("check", "--json", "--opt", str(tmp_path / "nowhere"), str(path))
    assert done.returncode == 0, "it is no error of the file"
    [finding] = answer(done)["diagnostics"]
    assert finding["code"] == "unrunnable-pass"
    assert finding["severity"] == "information"
    assert (finding["line"], finding["column"]) == (1, 25)


def test_check_leaves_what_the_preprocessor_has_to_read(tmp_path: Path) -> None:
    path = tmp_path / "entry.S"
    path.write_text("#include <sys/syscall.h>\n\t.text\nf:\n\tmovq $SYS_exit, %rax\n\tsyscall\n")
    done = irlens("check", str(path))
    assert (done.returncode, done.stdout) == (0, "")
    assert "gcc -E" in done.stderr


def test_the_assembler_can_be_named(tmp_path: Path) -> None:
    tool = tmp_path / "llvm-mc"
    tool.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 'LLVM version 19.1.7' && exit 0\n"
        "echo '<stdin>:2:1: error: mine says no' >&2; exit 1\n"
    )
    tool.chmod(0o755)
    (tmp_path / "a.s").write_text("\t.text\nf:\n\tmovq\t%rax, %rbx\n\tretq\n")
    done = irlens("check", "--assembler", "./llvm-mc", "a.s", cwd=tmp_path)
    assert done.stdout == "a.s:2:1: error: mine says no [asm]\n"
    done = irlens("check", "--assembler", "./nowhere", "a.s", cwd=tmp_path)
    assert done.returncode == 2
    assert "llvm.assembler" in done.stderr


def test_check_json(tmp_path: Path) -> None:
    (tmp_path / "bad.ll").write_text("define i32 @f() {\n  ret i64 0\n}\n")
    report = answer(irlens("check", "--json", str(tmp_path / "bad.ll")))
    [finding] = report["diagnostics"]
    assert (finding["line"], finding["severity"]) == (2, "error")


@pytest.mark.parametrize("command", [["lift"], ["predict", "--passes", "dce"], ["tune"]])
def test_truncated_input_is_unusable_and_says_where(tmp_path: Path, command: list[str]) -> None:
    if command[0] == "lift":
        path = tmp_path / "cut.s"
        path.write_text("".join((EXAMPLES / "bits.s").read_text().partition("\tnegl")[:2]) + "\t%esi\n")
    else:
        path = tmp_path / "cut.ll"
        path.write_text((EXAMPLES / "checksum.ll").read_text()[:900])
    done = irlens(*command, str(path))
    assert done.returncode == 2, done.stdout + done.stderr
    [line] = done.stderr.strip().splitlines()
    assert str(path) in line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lift", "absent.s"], "no such file"),
        (["lift", "checksum.ll"], "irlens predict"),
        (["lift", "bits.s", "--function", "nowhere"], "align_up"),
        (["lift", "bits.s", "--model", "bits.c"], "bits.c"),
        (["predict", "checksum.ll", "--passes", "instcombine("], "--passes"),
        (["predict", "checksum.ll", "--passes", "dce", "--function", "nowhere"], "twice"),
        (["check", "bits.c"], ".ll"),
    ],
)
def test_unusable_input_is_one_line_with_exit_code_2(arguments: list[str], says: str) -> None:
    done = irlens(*arguments)
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert says in line
    assert "Traceback" not in done.stderr


def test_letters_that_the_terminal_does_not_have_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    (tmp_path / "é.ll").write_text('define void @"😀"() {\n  ret void\n}\n', encoding="utf-8")
    arguments = ("predict", "é.ll", "--passes", "dce", "--no-model")
    done = irlens(*arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\\U0001f600" in done.stdout
    report = answer(irlens(*arguments, "--json", cwd=tmp_path))
    assert (report["file"], report["functions"][0]["name"]) == ("é.ll", "😀")


def test_errors_are_json_too() -> None:
    done = irlens("lift", "absent.s", "--json")
    assert done.returncode == 2
    assert "no such file" in answer(done)["error"]


@pytest.mark.parametrize("marked", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
@pytest.mark.parametrize("end", [b"\r\n", b"\r"], ids=["crlf", "cr"])
def test_other_line_ends_and_a_mark_work_as_they_are(tmp_path: Path, end: bytes, marked: bytes) -> None:
    for name in ("checksum.ll", "bits.s"):
        (tmp_path / name).write_bytes(marked + (EXAMPLES / name).read_bytes().replace(b"\n", end))
    done = irlens("predict", "checksum.ll", "--passes", "dce", "--no-model", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    arguments = ("lift", "bits.s", "--function", "align_up", "--candidates", "1", "--json")
    theirs, ours = answer(irlens(*arguments, cwd=tmp_path)), answer(irlens(*arguments))
    assert theirs["functions"][0]["ir"] == ours["functions"][0]["ir"]
    (tmp_path / "bad.ll").write_bytes(
        marked + end.join([b"; \xc3\xa9", b"define void @f() {", b"  bogus", b"}"])
    )
    (tmp_path / "bad.s").write_bytes(marked + end.join([b"\t.text", b"f:", b"\tmovq\t%nosuch, %rbx", b""]))
    (tmp_path / "first.ll").write_bytes(marked + b"bogus" + end)
    done = irlens("check", "bad.ll", "bad.s", "first.ll", cwd=tmp_path)
    places = [line.split(": ")[0] for line in done.stdout.splitlines()]
    assert places == ["bad.ll:3:3", "bad.s:3:7", "first.ll:1:1"]


BAD = {
    "empty": b"",
    "binary": bytes(range(256)) * 16,
    "nul": b"define void @f() {\n  ret void\0\n}\n",
    "utf-16": "define void @f() {\n".encode("utf-16"),
    "object": b"\x7fELF\x02\x01\x01\0",
}


@pytest.mark.parametrize("command", [["lift"], ["predict", "--passes", "dce"], ["tune"], ["check"]])
def test_bad_files_are_one_line_and_exit_code_2_for_every_command(
    tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What each line says is tested with `irlens.cli.inputs`; here, that every command says it."""
    monkeypatch.chdir(tmp_path)
    suffix = ".s" if command[0] == "lift" else ".ll"
    names = []
    for kind, content in BAD.items():
        names.append(f"{kind}{suffix}")
        (tmp_path / names[-1]).write_bytes(content)
    with (tmp_path / f"huge{suffix}").open("wb") as file:
        file.truncate(100 << 20)
    (tmp_path / f"folder{suffix}").mkdir()
    for name in [*names, f"huge{suffix}", f"folder{suffix}", f"missing{suffix}", "wrong.txt"]:
        assert main([*command, name]) == 2, name
        said = capsys.readouterr()
        assert said.out == ""
        [line] = said.err.splitlines()
        assert line.startswith(f"irlens: {name}"), line
        assert line.endswith(".")


@pytest.mark.parametrize(
    "arguments",
    [
        ["lift"],
        ["predict", "checksum.ll"],
        ["tune", "absent.ll"],
        ["check", "absent.ll"],
        ["check", "bits.c"],
        ["lift", "bits.s", "--candidates", "0"],
        ["lift", "bits.s", "--candidates", "many"],
        ["predict", "checksum.ll", "--passes", "instcombine("],
        ["tune", "checksum.ll", "--no-model", "-o", "/nowhere/out.ll"],
        ["doctor", "--model", "bits.c"],
    ],
    ids=" ".join,
)
def test_every_error_with_json_is_one_object_on_stdout(arguments: list[str]) -> None:
    done = irlens(*arguments, "--json")
    assert answer(done)
    assert done.returncode == (1 if arguments[0] == "doctor" else 2)
    assert "Traceback" not in done.stderr


def test_an_output_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "out.ll").mkdir()
    done = irlens("tune", "checksum.ll", "--no-model", "-o", str(tmp_path / "out.ll"))
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["out.ll"]


def test_doctor_says_what_is_there() -> None:
    done = irlens("doctor", "--json")
    report = answer(done)
    assert report["llvm"]["llvm"].startswith("22.")
    has_opt = any(each["usable"] for each in report["llvm"]["opt"])
    assert report["llvm"]["measures"].startswith("LLVM " if has_opt else "llvmlite ")
    assert report["llvm"]["measures"].endswith(", by --measure-with installed")
    assert report["model"]["family"] == "irlens"
    assert report["model"]["read_tokens_per_second"] > 100
    assert report["model"]["written_tokens_per_second"] > 50
    assert report["model"]["why_device"]
    assert all(set(entry) == {"what", "mend", "needed"} for entry in report["missing"])
    assert done.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")
def test_doctor_says_what_stands_around_child_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    report = json.loads(irlens("doctor", "--json").stdout)
    assert "seccomp" in report["confinement"]
    monkeypatch.setenv("IRLENS_CONFINEMENT", "off")
    report = json.loads(irlens("doctor", "--json").stdout)
    assert report["confinement"] == "limits of time and memory"
    assert any(entry["mend"] == "unset IRLENS_CONFINEMENT" for entry in report["missing"])


def test_doctor_names_the_llvm_that_was_chosen_to_measure_with() -> None:
    report = answer(irlens("doctor", "--json", "--measure-with", "llvmlite"))
    assert report["llvm"]["measures"].startswith(f"llvmlite {report['llvm']['llvmlite']} (LLVM 22.")


def test_doctor_says_that_a_program_named_cannot_be_run() -> None:
    done = irlens("doctor", "--json", "--assembler", "no-such-assembler")
    assert done.returncode == 1
    assert any("no-such-assembler" in entry["mend"] for entry in answer(done)["missing"])


def test_an_interrupt_ends_the_command_and_its_children() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "irlens", "lift", "bits.s", "--candidates", "100000", "--function", "smaller"],
        cwd=EXAMPLES,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    children = _wait_for_children(process.pid)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode in (0, 1, 130), errors
    # One that was being started is not known to its parent yet: it ends when it finds its pipe closed.
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not [child for child in alive if child.status() != "zombie"]


def _wait_for_children(pid: int) -> list[Any]:
    import time

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if found := psutil.Process(pid).children(recursive=True):
                return found
        except psutil.NoSuchProcess:
            break
        time.sleep(0.02)
    raise AssertionError("no child process was started")


def test_what_takes_long_is_not_silent_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "LINE_EVERY_S", 0.0)
    assert main(["lift", str(EXAMPLES / "bits.s"), "--function", "smaller", "--ask-anew"]) == 0
    said = capsys.readouterr().err.splitlines()
    assert "candidate 1 of 4: the model reads the prompt" in said
    monkeypatch.setattr(tools, "LINE_EVERY_S", 3600.0)
    assert main(["lift", str(EXAMPLES / "bits.s"), "--function", "smaller", "--ask-anew"]) == 0
    assert capsys.readouterr().err == ""


def test_a_file_of_another_name_is_read_by_its_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = "0000000000001139 <twice>:\n    1139:\t8d 04 3f             \tlea    (%rdi,%rdi,1),%eax\n    113c:\tc3    \tret\n"
    (tmp_path / "listing.txt").write_text(listing)
    (tmp_path / "ir.txt").write_text("define i32 @f(i32 %x) {\n  ret i32 %x\n}\n")
    (tmp_path / "letter.txt").write_text(
        "Dear x86_64-unknown-linux-gnu,\n// target: x86_64-unknown-linux-gnu\nregards\n"
    )
    assert main(["check", str(tmp_path / "listing.txt"), str(tmp_path / "ir.txt")]) == 0
    capsys.readouterr()
    assert main(["check", str(tmp_path / "letter.txt")]) == 2
    assert "not a file of the kind wanted" in capsys.readouterr().err
    assert main(["lift", str(tmp_path / "ir.txt")]) == 2
    assert "not a file of the kind wanted" in capsys.readouterr().err

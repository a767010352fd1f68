"""What irlens keeps for itself may be damaged, another's or nowhere: every command goes on, or says why in one line."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from irlens.cli.main import main
from irlens.folders import data_folder, models_folder

EXAMPLES = Path(__file__).parents[2] / "examples"
DEEP = "[" * 200_000
ASM = "f:\n\tleal 1(%rdi), %eax\n\tretq\n"
MODULE = "define i32 @f(i32 %x) {\n  %y = add i32 %x, 0\n  ret i32 %y\n}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IRLENS_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("IRLENS_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.s").write_text(ASM)
    (tmp_path / "f.ll").write_text(MODULE)
    (tmp_path / "data").mkdir()
    return tmp_path


def irlens(*arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    changed = {**os.environ, **{name: value for name, value in environment.items() if value is not None}}
    for name, value in environment.items():
        if value is None:
            changed.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "irlens", *arguments],
        capture_output=True,
        text=True,
        env=changed,
        timeout=120,
        check=False,
    )


COMMANDS = {
    "lift": ["lift", "f.s", "--target", "x86_64-unknown-linux-gnu", "--candidates", "1"],
    "predict": ["predict", "f.ll", "--passes", "instcombine"],
    "tune": ["tune", "f.ll", "--budget", "4"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_damaged_caches_are_begun_anew_by_every_command(place: Path, command: str) -> None:
    first = irlens(*COMMANDS[command])
    assert first.returncode == 0, first.stderr
    files = sorted((place / "cache").glob("*.sqlite"))
    assert files
    for file in files:
        with sqlite3.connect(file) as raw:  # all of it into the file
            raw.execute("pragma wal_checkpoint(truncate)")
        raw.close()
        content = bytearray(file.read_bytes())
        at = content.find(b"CREATE TABLE")
        content[at + 14] ^= 0x80  # one bit of the schema's text
        file.write_bytes(content)
    again = irlens(*COMMANDS[command])
    assert again.returncode == 0, again.stderr
    assert "Traceback" not in again.stderr
    assert len(again.stderr.splitlines()) == len(files), again.stderr
    assert all(line.startswith("irlens: The cache ") for line in again.stderr.splitlines())
    last = irlens(*COMMANDS[command])
    assert (last.returncode, last.stderr) == (0, ""), "it was said once, and all is well again"
    if os.name == "posix":
        made = [*(place / "cache").iterdir()]
        assert {stat.S_IMODE(each.stat().st_mode) for each in made} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="homes of POSIX")
@pytest.mark.parametrize("command", [*COMMANDS, "model list", "model info"])
def test_without_a_home_every_command_works_and_says_so_once(place: Path, command: str) -> None:
    nothing = {
        "IRLENS_DATA_HOME": None,
        "IRLENS_CACHE_HOME": None,
        "XDG_DATA_HOME": None,
        "XDG_CACHE_HOME": None,
    }
    (place / "tmp").mkdir()
    done = irlens(
        *COMMANDS.get(command, command.split()), HOME="/nonexistent", TMPDIR=str(place / "tmp"), **nothing
    )
    assert done.returncode == 0, done.stderr
    [line] = done.stderr.splitlines()
    assert "/nonexistent" in line
    assert "temporary folder" in line
    assert os.listdir(place / "tmp") == [], "it goes with the command"
    assert not os.path.exists("/nonexistent")


def test_what_would_be_gone_with_the_command_is_refused(place: Path) -> None:
    nothing = {
        "IRLENS_DATA_HOME": None,
        "IRLENS_CACHE_HOME": None,
        "XDG_DATA_HOME": None,
        "XDG_CACHE_HOME": None,
    }
    for command in (["use", "embedded"], ["remove", "llm-compiler-7b:Q4_K_M"]):
        done = irlens("model", *command, HOME="/nonexistent", **nothing)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) <= 2


@pytest.mark.parametrize(
    "damage", [DEEP, "{", "", "[1]", '{"lift": 1}', "\udcff", '{"lift": "\\u0000"}', "1" * 10_000]
)
@pytest.mark.parametrize(
    "command", ["model list", "model info", "model use embedded", "model path", "doctor"]
)
def test_a_damaged_choice_is_one_line(
    place: Path,
    damage: str,
    command: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if command == "doctor":
        from irlens.cli import doctor

        monkeypatch.setattr(doctor, "_llvm", lambda *_: {})
        monkeypatch.setattr(doctor, "_evidence", lambda *_: {})
        monkeypatch.setattr(doctor, "examine", lambda model: {})
    path = data_folder() / "used-models.json"
    path.write_bytes(damage.encode("utf-8", "surrogateescape"))
    code = main(command.split())
    captured = capsys.readouterr()
    if command == "model path":
        assert code == 0
    elif damage != '{"lift": "\\u0000"}':
        assert code in (1, 2)
        assert "used-models.json is damaged. Delete it" in captured.out + captured.err
    assert len(captured.err.splitlines()) <= 1


@pytest.mark.parametrize("kind", ["pipe", "folder", "/dev/zero"])
def test_a_choice_that_is_no_file_is_one_line(
    place: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data_folder() / "used-models.json"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(kind)
    assert main(["model", "list"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "cannot be read" in line


MANIFEST = {
    "name": "llm-compiler-7b",
    "quantisation": "Q4_K_M",
    "path": "x.gguf",
    "bytes": 4,
    "sha256": "",
    "repository": "a/b",
    "revision": "",
    "pulled": "",
}


@pytest.mark.parametrize(
    "damage",
    [
        DEEP,
        "[]",
        "7",
        *(json.dumps({**MANIFEST, name: value}) for name in MANIFEST for value in (["x"], None, {}, 1.5)),
    ],
)
def test_a_damaged_manifest_is_none(place: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    for quantisation in ("Q4_K_M", "Q8_0"):
        folder = models_folder() / "llm-compiler-7b" / quantisation
        folder.mkdir(parents=True)
        (folder / "x.gguf").write_bytes(b"GGUF")
        text = damage if quantisation == "Q4_K_M" else json.dumps({**MANIFEST, "quantisation": "Q8_0"})
        (folder / "model.json").write_text(text)
    for command in (
        ["model", "list"],
        ["model", "list", "--json"],
        ["model", "path", "llm-compiler-7b:Q8_0"],
    ):
        assert main(command) == 0
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize("damage", [DEEP, "{", "[[]]", '{"tokens": "many"}', "1" * 10_000])
def test_a_header_with_damaged_notes_of_its_training_is_shown(
    place: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from support.tiny_gguf import write_tiny

    path = write_tiny(place / "m.gguf", metadata={"irlens.training": damage})
    assert main(["model", "info", str(path)]) == 0
    captured = capsys.readouterr()
    assert "the file does not say" in captured.out
    assert captured.err == ""


NAMES = [
    "x" * 5000,
    "llm-compiler-7b:" + "Q4_" * 2000,
    "x" * 200,
    "../x:Q4_K_M",
    "a\nb",
    "a\0b"[:1] + "\x1b[2J",
    ":",
    "x" * 90,
]


@pytest.mark.parametrize("what", ["remove", "pull", "use", "info", "path"])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_that_no_model_has_is_one_short_line(
    place: Path, what: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model", what, name]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith((".", "them."))
    assert len(line) < 1000
    assert "\x1b" not in line


@pytest.mark.parametrize(
    "command", ["check", "tune", "lift", "predict --passes dce", "compare f.s", "eval lift", "eval tune"]
)
@pytest.mark.parametrize("name", ["x" * 5000 + ".ll", "x" * 5000 + ".s", "f.ll/x.ll", "loop.ll", "loop.s"])
def test_a_path_that_no_file_has_is_one_line(
    place: Path, command: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for loop in ("loop.ll", "loop.s"):
        (place / loop).symlink_to(loop)
    assert main([*command.split(), name]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("irlens: ")


@pytest.mark.skipif(os.name != "posix", reason="devices of POSIX")
@pytest.mark.parametrize(
    "command", ["check", "tune --no-model", "lift", "predict --no-model --passes dce", "compare f.s"]
)
@pytest.mark.parametrize(
    "target", ["pipe", "/dev/zero", "/dev/tty", "/dev/stdin", "/proc/kmsg", "/proc/self/mem", "socket"]
)
def test_no_input_is_waited_for(place: Path, command: str, target: str) -> None:
    import socket

    if target.startswith("/proc") and not os.path.exists(target):
        pytest.skip("no such file here")
    suffix = "s" if command == "lift" else "ll"
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        Path(f"x.{suffix}").symlink_to(target)
        process = subprocess.Popen(
            [sys.executable, "-m", "irlens", *command.split(), f"x.{suffix}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.wait(60) == 2  # stdin stays open meanwhile
        finally:
            process.kill()
            _, told = process.communicate()
    [line] = told.splitlines()
    assert f"x.{suffix}: " in line


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_folder_that_stands_in_for_a_home_goes_with_a_server_that_is_ended(
    place: Path, number: int
) -> None:
    (place / "tmp").mkdir()
    environment = {**os.environ, "HOME": "/nonexistent", "TMPDIR": str(place / "tmp")}
    for name in ("IRLENS_DATA_HOME", "IRLENS_CACHE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        environment.pop(name, None)
    code = """
import time
from irlens.cli import main
from irlens.folders import cache_folder
from irlens.lsp import main as server
def serve(*arguments, **more):
    print(cache_folder(), flush=True)
    time.sleep(600)
server.serve = serve
main.main(["serve"])
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(str(place / "tmp"))
    process.send_signal(number)
    assert process.wait(60) in (-number, 130, 0)
    process.stdout.close()
    assert os.listdir(place / "tmp") == []

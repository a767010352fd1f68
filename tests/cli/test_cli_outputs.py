"""Where commands write: what a user named is refused before the work, and nothing that stands there is lost."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from irlens.cli.main import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and pipes of POSIX")
MODULE = "define i32 @f(i32 %x) {\n  %y = add i32 %x, 0\n  ret i32 %y\n}\n"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "f.ll"
    path.write_text(MODULE)
    return path


_seeds = itertools.count(1)


def tune(*arguments: str) -> list[str]:
    """A search of its own each time, by its seed; what the suite's programs say of -Oz, which takes seconds, is found once
    for all and kept."""
    return ["tune", "f.ll", "--no-model", "--budget", "4", "--seed", str(next(_seeds)), *arguments]


def test_every_option_writes_through_links_and_by_the_umask(module: Path) -> None:
    for name in ("o", "report", "sarif"):
        Path(f"{name}.old").write_text("old")
        Path(f"{name}.old").chmod(0o604)
        Path(f"{name}.link").symlink_to(f"{name}.old")
    before = os.umask(0o022)
    try:
        assert main(tune("-o", "o.link", "--report", "report.link", "--sarif", "sarif.link")) == 0
        assert main(tune("-o", "o.new", "--report", "report.new", "--sarif", "sarif.new")) == 0
    finally:
        os.umask(before)
    for name, holds in (("o", "@f"), ("report", "<!doctype html>"), ("sarif", "{")):
        assert Path(f"{name}.link").is_symlink()
        assert holds in Path(f"{name}.old").read_text().lower()
        assert stat.S_IMODE(Path(f"{name}.old").stat().st_mode) == 0o604
        assert stat.S_IMODE(Path(f"{name}.new").stat().st_mode) == 0o644


def test_a_pipe_is_written_to(module: Path) -> None:
    os.mkfifo("pipe")
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(Path("pipe").read_text()))
    reader.start()
    assert main(tune("-o", "pipe")) == 0
    reader.join()
    assert "@f" in got[0]
    assert stat.S_ISFIFO(os.lstat("pipe").st_mode)


def test_standard_output_is_written_to(module: Path) -> None:
    Path("out").symlink_to(
        "/dev/stdout"
    )  # whoever replaces what is named takes the link, not the machine's own
    command = [sys.executable, "-m", "irlens", *tune("-o", "out")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "define i32 @f" in done.stdout
    assert "best:" in done.stdout
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux")
def test_a_full_disk_is_one_line_wherever_it_shows(module: Path) -> None:
    Path("full").symlink_to("/dev/full")
    for arguments, where in (
        (tune("-o", "full"), "full: cannot be written"),
        (tune("--report", "full"), "full: cannot be written"),
        (["model", "list"], "the system refuses"),
    ):
        with open("/dev/full" if arguments[0] == "model" else os.devnull, "w") as out:
            done = subprocess.run(
                [sys.executable, "-m", "irlens", *arguments],
                stdout=out,
                stderr=subprocess.PIPE,
                text=True,
                timeout=120,
                check=False,
            )
        assert done.returncode == 2
        assert where in done.stderr
        assert "No space left" in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux")
@pytest.mark.parametrize(
    ("words", "bad_use"),
    [
        (["model", "list"], 0),
        (["--help"], 0),
        (["--version"], 0),
        ([], 0),
        (["lift", "--json", "--bogus"], 2),
    ],
)
def test_output_that_nobody_takes_is_no_matter_of_pythons(words: list[str], bad_use: int) -> None:
    """Neither a traceback nor the 120 of an interpreter that could not write what it had left."""
    command = [sys.executable, "-m", "irlens", *words]
    with open("/dev/full", "w") as full:
        both = subprocess.run(command, stdout=full, stderr=full, timeout=120, check=False)
        assert both.returncode == 2
        errors = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=full, timeout=120, check=False)
        assert errors.returncode == bad_use
        out = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False
        )
        assert out.returncode == 2
        assert out.stderr.startswith("irlens: ")
        assert len(out.stderr.splitlines()) == 1
    reader, writer = os.pipe()
    os.close(reader)
    gone = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    os.close(writer)
    assert gone.returncode == (bad_use or 1)
    assert gone.stderr == "" or bad_use


REFUSED = {
    "a file over two": (["--report", "same", "--sarif", "same"], "is the file of --report too"),
    "a module by another name": (["--report", "link.html"], "is a module that is read"),
    "a module by a hard link": (["--sarif", "hard"], "is a module that is read"),
    "-o and --sarif": (["-o", "out", "--sarif", "./out"], "is an -o path too"),
    "-o through a file": (["-o", "f.ll/x.ll"], "cannot be written"),
    "--report in no folder": (["--report", "absent/r.html"], "no folder"),
    "a loop": (["-o", "loop"], "symbolic links"),
    "a long name": (["-o", "x" * 5000], "name too long"),
    "no name": (["-o", ""], "is empty"),
    "a reproducer in a file": (["--reproducer", "f.ll/x"], "Not a directory"),
    "a socket": (["-o", "socket"], "a socket"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_written_is_refused_before_the_search(
    module: Path, case: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    from irlens.cli import tune as command

    def search(*arguments: object) -> None:
        raise AssertionError("the search began")

    monkeypatch.setattr(command, "_setup", search)
    Path("link.html").symlink_to("f.ll")
    os.link("f.ll", "hard")
    Path("loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        arguments, says = REFUSED[case]
        assert main(tune(*arguments)) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert says.lower() in line.lower()
    assert line.endswith(".")
    assert module.read_text() == MODULE


def test_a_folder_of_modules_is_refused_whole_before_the_search(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in/deep").mkdir(parents=True)
    for name in ("a.ll", "deep/b.ll"):
        Path("in", name).write_text(MODULE)
    Path("out").mkdir()
    Path("out/deep").write_text("in the way")
    assert main(["tune", "in", "--no-model", "-o", "out"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "out/deep" in line
    assert sorted(os.listdir("out")) == ["deep"]


@pytest.mark.parametrize("what", ["lift", "predict", "lists", "tune", "flags"])
def test_an_evaluation_refuses_its_folder_before_it_begins(
    module: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", what, ".", "--output", "f.ll"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("irlens: --output f.ll: cannot be written to")
    assert line.endswith("Name another folder.")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_end_no_command(module: Path, closed: str) -> None:
    for arguments, code in ((tune("-o", "out"), 0), (["tune", "absent.ll"], 2), (["model", "list"], 0)):
        line = shlex.join([sys.executable, "-m", "irlens", *arguments])
        done = subprocess.run(["sh", "-c", f"{line} {closed}"], capture_output=True, timeout=120, check=False)
        assert done.returncode == code, done
        assert b"Traceback" not in done.stderr
    assert "@f" in Path("out").read_text()
    Path("link").symlink_to("/dev/stdout")
    line = shlex.join([sys.executable, "-m", "irlens", *tune("-o", "link")])
    done = subprocess.run(["sh", "-c", f"{line} >&-"], capture_output=True, timeout=120, check=False)
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr


@pytest.mark.parametrize("what", ["a link", "a link to nothing", "a folder that is a link"])
def test_a_folder_of_somebody_elses_leads_nowhere(
    tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The user names the folder, and a repository may have filled it."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.bashrc").write_text("precious")
    inside = "sub/a.ll" if what == "a folder that is a link" else "a.ll"
    source = tmp_path / "src" / inside
    source.parent.mkdir(parents=True)
    source.write_text('source_filename = "$(touch PWNED)"\n' + MODULE)
    out = tmp_path / "out"
    out.mkdir()
    if what == "a folder that is a link":
        (out / "sub").symlink_to(tmp_path / "home")
    else:
        (out / "a.ll").symlink_to(tmp_path / "home" / (".bashrc" if what == "a link" else ".profile"))
    assert main(["tune", "--no-model", "--budget", "2", str(tmp_path / "src"), "-o", str(out)]) == 2
    assert "it is a link" in capsys.readouterr().err
    assert [each.name for each in (tmp_path / "home").iterdir()] == [".bashrc"]
    assert (tmp_path / "home/.bashrc").read_text() == "precious"


def test_an_evaluation_follows_no_link_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    out = tmp_path / "out"
    out.mkdir()
    for ending in ("part", "json", "csv"):
        (out / f"eval-lift.{ending}").symlink_to(tmp_path / "precious")
    cases = Path(__file__).parents[2] / "examples/eval"
    assert main(["eval", "lift", str(cases), "-n", "1", "--candidates", "1", "--output", str(out)]) == 2
    assert (tmp_path / "precious").read_text() == "precious"


@pytest.mark.parametrize("command", [["lift", "examples/bits.s"], ["tune", "examples/checksum.ll"]])
def test_a_dash_is_no_name_of_an_output(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`lift -o -` made a folder of that name."""
    root = Path(__file__).parents[2]
    assert main([command[0], str(root / command[1]), "-o", "-"]) == 2
    assert "-o - names no file. " in capsys.readouterr().err
    assert not Path("-").exists()


@pytest.mark.parametrize(("color", "heading"), [("1", "\x1b[1moptions\x1b[0m:"), ("0", "\noptions:")])
def test_headings_of_help_are_bold_where_color_is_wanted(
    color: str, heading: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", color)
    monkeypatch.delenv("NO_COLOR", raising=False)
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    assert heading in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="System V assembly")
def test_what_a_verdict_takes_for_granted_stands_in_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "\tpushq %rbx\n\tmovl %edi, %ebx\n\tcall helper\n\tmovl %ebx, %edx\n\tandl $7, %edx\n\tmovslq %edx, %rdx\n"
    body += "\tleaq tab(%rip), %rcx\n\tmovl %eax, (%rcx,%rdx,4)\n\taddl %ebx, %eax\n\tpopq %rbx\n\tret\n"
    names = ("f", "g")
    text = "".join(f"\t.globl {n}\n\t.type {n},@function\n{n}:\n{body}\t.size {n}, .-{n}\n" for n in names)
    (tmp_path / "a.s").write_text(f"\t.text\n{text}\t.comm tab,32,16\n")
    assert main(["lift", str(tmp_path / "a.s"), "--origin", "mechanical"]) == 0
    lines = [line for line in capsys.readouterr().out.split("\n") if line.startswith(("f ", "g "))]
    assert [
        re.search(r" s  taken to carry no result: rdx. Taken to be given no more arguments: helper$", line)
        is not None
        for line in lines
    ] == [
        True,
        True,
    ]

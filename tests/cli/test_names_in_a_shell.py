"""Files that are called what does harm to a terminal, with functions that are called so too: as a user runs the commands,
in a pipe and in a terminal."""

from __future__ import annotations

import codecs
import contextlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from irlens.cli import colors, console
from irlens.cli.main import main
from irlens.llvm.opt import command
from irlens.tuning.outcome import Failure, Outcome, Run
from irlens.tuning.sarif import sarif
from support import hostile
from support.tiny_gguf import write_tiny

BAD = "x\x1b]0;title\x07\x1b[2J\nirlens: all is well\u202e"
"""A file's stem."""
FORGED = re.compile(r"^(?:irlens: all is well|# heading)", re.MULTILINE)
CLEAR = "\r\x1b[K"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("hostile")
    (folder / f"{BAD}.ll").write_text(hostile.ir_module(), encoding="utf-8")
    (folder / f"{BAD}.s").write_text(hostile.asm_module(), encoding="utf-8")
    (folder / f"broken{BAD}.ll").write_text(hostile.ir_module() * 2, encoding="utf-8")
    return folder


_seeds = itertools.count(1)


def commands(folder: Path) -> dict[str, list[str]]:
    module, assembly = str(folder / f"{BAD}.ll"), str(folder / f"{BAD}.s")
    # A search of its own each time; what the suite's programs say of -Oz, which takes seconds, is found once and kept.
    searches = ["--no-model", "--seed", str(next(_seeds))]
    return {
        "check": ["check", str(folder)],
        "predict": ["predict", module, "--no-model", "--passes", "instcombine"],
        "compare": ["compare", module, module, "--inputs", "10"],
        "lift": ["lift", assembly, "--origin", "mechanical", "--target", "x86_64-unknown-linux-gnu"],
        "tune": ["tune", module, *searches, "--budget", "2"],
        "tune a folder": ["tune", str(folder), *searches, "--budget", "1"],
        "no such function": ["predict", module, "--no-model", "--passes", "gvn", "--function", BAD],
        "no such file": ["lift", str(folder / f"none{BAD}.s")],
        "no such pass": ["predict", module, "--no-model", "--passes", BAD],
        "no such model": ["model", "info", str(folder / f"none{BAD}.gguf")],
        "wrong use": ["predict", "--passes", "gvn", module, BAD],
    }


NAMES = tuple(commands(Path()))


def irlens(words: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "irlens", *words], capture_output=True, timeout=250, check=False, **options
    )


def in_terminal(words: list[str]) -> str:
    """All that is written to a terminal of 80 columns, as it comes out of the program, but for our own colors."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "irlens", *words],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1", "TERM": "xterm"},
    )
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while part := os.read(ours, 1 << 16):
            said += part
    os.close(ours)
    assert process.wait(timeout=250) in (0, 1, 2)
    text = codecs.decode(said, "utf-8").replace("\r\n", "\n")  # the terminal makes \r\n of a line feed
    for code in colors.CODES:
        text = text.replace(code, "")
    return text


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_gets_lines_of_text(folder: Path, name: str) -> None:
    done = irlens(commands(folder)[name])
    assert done.returncode in (0, 1, 2)
    for said in (done.stdout.decode(), done.stderr.decode()):
        assert hostile.unseen(said, kept="\n\t") == []
        assert FORGED.search(said) is None, said
        assert "Traceback" not in said
    assert done.stdout or done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_terminal_gets_nothing_but_our_own_clearing_of_a_line(folder: Path, name: str) -> None:
    said = in_terminal(commands(folder)[name])
    assert said
    assert hostile.unseen(said.replace(CLEAR, ""), kept="\n\t") == []
    assert FORGED.search(said.replace(CLEAR, "\n")) is None, said


def test_json_is_ascii_and_has_the_names_as_they_are(folder: Path) -> None:
    done = irlens([*commands(folder)["predict"], "--json"])
    assert all(0x20 <= byte < 0x7F or byte == 0x0A for byte in done.stdout)
    report = json.loads(done.stdout)
    assert report["file"] == str(folder / f"{BAD}.ll")
    assert [row["name"] for row in report["functions"]] == [name for name in hostile.NAMES if name]


def test_ir_in_a_pipe_is_what_json_has(folder: Path) -> None:
    words = commands(folder)["lift"]
    report = json.loads(irlens([*words, "--json"]).stdout)
    said = irlens([*words, "--ir"]).stdout.decode()
    lifted = [function["ir"] for function in report["functions"] if function["ir"]]
    assert lifted
    for ir in lifted:
        assert textwrap.indent(ir.strip(), "    ") in said


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_what_is_exact_is_so_unless_it_goes_to_a_terminal(
    stream: type[io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    """IR that a model wrote may have anything in a comment."""
    out = stream()
    monkeypatch.setattr(sys, "stdout", out)
    with console.guarded():
        console.exact("; \x1b]0;t\x07\n\tret\n")
        console.exact_json({"a": "\x7f\x9b"})
        print("b\x1b", end="")
    shown = "; \\1B]0;t\\07\n\tret\n" if stream is Terminal else "; \x1b]0;t\x07\n\tret\n"
    assert out.getvalue() == shown + '{"a": "\\u007f\\u009b"}\n' + "b\\1B"
    assert json.loads(out.getvalue().splitlines()[-2]) == {"a": "\x7f\x9b"}


def test_the_line_of_progress_has_no_line_break(monkeypatch: pytest.MonkeyPatch) -> None:
    err = Terminal()
    monkeypatch.setattr(sys, "stderr", err)
    with console.guarded():
        console.overwrite(f"a{BAD}")
        console.overwrite("")
    assert err.getvalue().startswith(f"{CLEAR}ax\\1B]0;title")
    assert err.getvalue().endswith(CLEAR)
    assert err.getvalue().count("\n") == 0
    assert err.getvalue().count("\x1b") == 2


def test_an_error_of_ours_is_printed_safely(monkeypatch: pytest.MonkeyPatch) -> None:
    err = Terminal()
    monkeypatch.setattr(sys, "stderr", err)
    try:
        raise ValueError(BAD)
    except ValueError as error:
        console.excepthook(ValueError, error, error.__traceback__)
    assert "ValueError" in err.getvalue()
    assert hostile.unseen(err.getvalue(), kept="\n\t") == []


def test_streams_are_as_they_were_after_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.stderr
    main(["model", "path"])
    main(["model", "info", "/nowhere\x1b.gguf"])
    assert (sys.stdout, sys.stderr) == before
    assert "\x1b" not in capsys.readouterr().err


def test_a_models_own_name_sets_no_title(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_tiny(tmp_path / "a $(touch evil).gguf", name=BAD)
    main(["model", "info", str(path)])
    said = capsys.readouterr().out
    assert said.startswith("x\\1B]0;title\\07\\1B[2J\\0Airlens: all is well\\u202E (")
    assert f"`irlens eval lift CASES --model '{path}'`" in said
    assert hostile.unseen(said, kept="\n") == []


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.values: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.values.append(data)


@pytest.fixture(scope="module")
def tuned(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The report and the SARIF of a module whose path is hostile in every way."""
    bad = folder / "-load-pass-plugin=a <img src=x onerror=alert(1)> $(touch evil) [a](https:"
    bad.mkdir()
    file = bad / f"{BAD}#?%41.ll"
    file.write_text(hostile.ir_module(), encoding="utf-8")
    page, log = folder / "report.html", folder / "log.sarif"
    words = [
        "tune",
        "--no-model",
        "--budget",
        "2",
        "--seed",
        str(next(_seeds)),
        "--report",
        str(page),
        "--sarif",
        str(log),
    ]
    done = irlens([*words, "--", "./" + bad.name], cwd=folder)
    assert done.returncode == 0, done.stderr
    yield page.read_text(encoding="utf-8"), json.loads(log.read_text(encoding="utf-8"))
    file.unlink()
    bad.rmdir()


def test_the_report_is_a_page_with_texts(tuned: tuple[str, dict[str, Any]]) -> None:
    page = Page()
    page.feed(tuned[0])
    assert not page.tags & {"img", "a", "iframe", "link"}
    assert any("onerror=alert(1)" in value for value in page.values)
    for value in page.values:
        assert hostile.unseen(value, kept="\n\u00ad") == []


def test_sarif_has_a_path_and_no_links(tuned: tuple[str, dict[str, Any]]) -> None:
    run = tuned[1]["runs"][0]
    assert run["invocations"][0]["commandLine"].startswith("irlens tune ")
    path = f"[a](evil.example) <img src=x> $(y)/{BAD}#?%41 b.ll"
    outcome = Outcome(path, "bytes", 9, 8, 7, "default<Oz>", (8, 7), 2, 1.0, "LLVM \x1b")
    failure = Failure(path, f"[a](command:b) {BAD}")
    log = sarif(Run((outcome,), (failure,), "irlens tune", {}))["runs"][0]
    [result], [notification] = log["results"], log["invocations"][0]["toolExecutionNotifications"]
    for each in (result, notification):
        uri = each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", uri)
        assert unquote(uri) == path
        assert hostile.acts(each["message"]["text"]) == []


def test_a_command_to_copy_takes_a_file_for_a_file() -> None:
    copied = command("opt", "default<Oz>", "-load-pass-plugin=x.ll", "-o.ll")
    assert " ./-load-pass-plugin=x.ll " in copied
    assert copied.endswith(" -o ./-o.ll")
    assert hostile.unseen(command("opt", "gvn", BAD)) == []

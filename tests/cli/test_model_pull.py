"""`irlens model pull` as people run it: the real command, against a hub on loopback."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from irlens.cli.main import EXIT_DONE, EXIT_INTERRUPTED, EXIT_UNUSABLE
from irlens.cli.model_pull import Shown
from irlens.model.pull import Progress, plan
from support.conditions import wait_until
from support.fake_hub import Hub, for_the_user
from support.tiny_gguf import write_tiny

REPOSITORY = "second-state/llm-compiler-7b-ftd-GGUF"
FILE = "llm-compiler-7b-ftd-Q4_K_M.gguf"
LABEL = "llm-compiler-7b-ftd:Q4_K_M"
MIB = 1 << 20


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = write_tiny(tmp_path_factory.mktemp("weights") / "x.gguf", embedding=256, vocab=3072)
    return path.read_bytes()


@pytest.fixture
def hub(weights: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with for_the_user(Hub({(REPOSITORY, FILE): weights}), tmp_path, monkeypatch) as hub:
        yield hub


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "irlens", "model", *words]


def irlens(*words: str, code: int = EXIT_DONE) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        command(*words), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, check=False
    )
    assert result.returncode == code, result.stderr
    return result


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def came(data: Path) -> int:
    return sum(path.stat().st_size for path in data.rglob("*.partial"))


def test_from_nothing_to_a_model_in_use(hub: Hub, weights: bytes) -> None:
    pulled = irlens("pull", "llm-compiler-7b-ftd", "--accept-licence")
    assert f"{LABEL}: {len(weights) / 1e6:.3g} MB, SHA-256 checked" in pulled.stdout
    assert "Built with LLM Compiler" in pulled.stdout
    assert "Copyright © Meta Platforms" in pulled.stdout
    assert pulled.stdout.endswith(f"irlens model use {LABEL}\n")
    percents = [int(found) for found in re.findall(r"^(\d+) % ", pulled.stderr, re.MULTILINE)]
    assert percents[0] == 0
    assert percents == sorted(set(percents))
    assert "\r" not in pulled.stderr
    path = Path(irlens("path", LABEL).stdout.strip())
    assert path.read_bytes() == weights
    card = json.loads(irlens("info", "llm-compiler-7b-ftd", "--json").stdout)
    assert (card["path"], card["label"], card["credit"]) == (str(path), LABEL, "Built with LLM Compiler")
    assert card["terms"]["accepted"] is True
    assert "Built with LLM Compiler" in irlens("info", LABEL).stdout
    used = irlens("use", "llm-compiler-7b-ftd")
    assert used.stdout.startswith(f"{LABEL} is used for lift, tune, predict from now on.\n")
    assert "irlens model use llm-compiler-7b --for predict" in used.stdout
    assert "  used for lift, tune, predict" in irlens("list").stdout
    listed = {one["name"]: one for one in json.loads(irlens("list", "--json").stdout)["models"]}
    assert listed[LABEL]["state"] == "here"
    assert listed[LABEL]["used_for"] == ["lift", "tune", "predict"]
    assert listed["embedded"]["used_for"] == []
    removed = irlens("remove", "llm-compiler-7b-ftd").stdout
    assert int(re.search(r"([\d,]+) bytes", removed)[1].replace(",", "")) >= len(weights)  # type: ignore[index]
    assert "It was used for lift, tune, predict; the embedded model is now." in removed
    assert not path.exists()
    assert "irlens model pull llm-compiler-7b-ftd" in irlens("path", LABEL, code=EXIT_UNUSABLE).stderr


def test_progress_where_stderr_is_a_file_is_a_line_each_ten_percent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = Shown(plan(LABEL))
    for done in range(0, 4_080, 7):
        shown.show(Progress("downloading", done * 10**6, 4_080 * 10**6, 17e6))
    lines = capsys.readouterr().err.splitlines()
    assert [int(line.split()[0]) for line in lines] == list(range(0, 100, 10))
    assert lines[5] == f"50 % {LABEL}: 2.04 GB of 4.08 GB, 17 MB/s, about 2 min left"


def test_ctrl_c_keeps_what_came(hub: Hub, weights: bytes, tmp_path: Path) -> None:
    hub.stop_at = 3 * MIB
    pull = start("pull", LABEL, "--accept-licence")
    hub.stopped.wait()
    wait_until(lambda: came(tmp_path) == 3 * MIB, "three MiB on disk")
    (child,) = psutil.Process(pull.pid).children()
    pull.send_signal(signal.SIGINT)
    _, errors = pull.communicate(timeout=30)
    assert pull.returncode == EXIT_INTERRUPTED
    assert errors.endswith(
        f"irlens: interrupted. What came is kept: run `irlens model pull {LABEL}` again to go on.\n"
    )
    child.wait(timeout=30)
    assert came(tmp_path) == 3 * MIB
    hub.stop_at = None
    hub.go.set()
    (partial,) = [
        one for one in json.loads(irlens("list", "--json").stdout)["models"] if one["state"] == "partial"
    ]
    assert (partial["name"], partial["bytes"]) == (LABEL, 3 * MIB)
    again = json.loads(irlens("pull", LABEL, "--json").stdout)
    assert (again["resumed"], again["bytes"], again["already"]) == (3 * MIB, len(weights), False)
    assert max(begin for begin, _ in hub.sent) == 3 * MIB
    assert Path(again["path"]).read_bytes() == weights


def test_a_killed_command_leaves_no_child_and_goes_on(hub: Hub, tmp_path: Path) -> None:
    hub.stop_at = 2 * MIB
    pull = start("pull", LABEL, "--accept-licence")
    hub.stopped.wait()
    wait_until(lambda: came(tmp_path) == 2 * MIB, "two MiB on disk")
    (child,) = psutil.Process(pull.pid).children()
    pull.kill()
    pull.communicate(timeout=30)
    child.wait(timeout=30)
    hub.stop_at = None
    hub.go.set()
    assert json.loads(irlens("pull", LABEL, "--json").stdout)["resumed"] == 2 * MIB


def test_two_commands_at_once(hub: Hub, weights: bytes, tmp_path: Path) -> None:
    hub.stop_at = MIB
    first = start("pull", LABEL, "--accept-licence", "--json")
    hub.stopped.wait()
    second = start("pull", LABEL, "--json")
    assert second.stderr is not None
    assert second.stderr.readline() == f"{LABEL}: another pull of it is going on; waiting for that\n"
    refused = irlens("remove", LABEL, code=EXIT_UNUSABLE)
    assert "is being pulled just now" in refused.stderr
    hub.stop_at = None
    hub.go.set()
    outcomes = [json.loads(one.communicate(timeout=60)[0]) for one in (first, second)]
    assert [one["already"] for one in outcomes] == [False, True]
    assert hub.sent == [(0, len(weights))]


def test_a_disk_that_fills_up(hub: Hub, tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: the write fails in the same place."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 * MIB, resource.RLIM_INFINITY))

    result = subprocess.run(
        command("pull", LABEL, "--accept-licence", "--json"),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=limit,
        timeout=60,
        check=False,
    )
    assert result.returncode == EXIT_UNUSABLE
    assert "make room and run" in json.loads(result.stdout)["error"]
    assert came(tmp_path) == 4 * MIB
    assert list(tmp_path.rglob("*.gguf")) == []
    assert json.loads(irlens("pull", LABEL, "--json").stdout)["resumed"] == 4 * MIB


def test_a_folder_that_cannot_be_made(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("IRLENS_DATA_HOME", str(tmp_path / "file"))
    assert "IRLENS_DATA_HOME" in irlens("pull", LABEL, "--accept-licence", code=EXIT_UNUSABLE).stderr


def test_the_licence_where_nobody_can_be_asked(hub: Hub) -> None:
    refused = irlens("pull", LABEL, "--json", code=EXIT_UNUSABLE)
    assert "--accept-licence" in json.loads(refused.stdout)["error"]
    assert hub.requests == []
    irlens("pull", LABEL, "--accept-licence")
    irlens("remove", LABEL)
    irlens("pull", LABEL)  # once is enough


def on_a_terminal(*words: str, answer: str) -> tuple[int, str]:
    """The command's exit code and what it showed; `answer` is typed when it asks."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, command(*words))
    shown, typed = b"", False
    while True:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, shown
        try:
            data = os.read(terminal, 1 << 16)
        except OSError:
            break
        if not data:
            break
        shown += data
        if b"[y/N]" in shown and not typed:
            typed = True
            os.write(terminal, answer.encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_the_licence_is_shown_and_asked_for_once(hub: Hub, weights: bytes) -> None:
    code, shown = on_a_terminal("pull", LABEL, answer="n\n")
    assert code == EXIT_UNUSABLE
    assert "LLM Compiler License Agreement (Meta, 27 June 2024)" in shown
    assert "Read it in full at https://" in shown
    assert "nothing was downloaded" in shown
    assert hub.requests == []
    for key in ("\x03", "\x04"):  # Ctrl-C, Ctrl-D
        code, shown = on_a_terminal("pull", LABEL, answer=key)
        assert code == (EXIT_INTERRUPTED if key == "\x03" else EXIT_UNUSABLE)
        # Where the terminal echoes ^C, it does so on the line of the question.
        assert "irlens: " in re.sub(r"\r|\x1b\[[\d;]*[mK]", "", shown)
    code, shown = on_a_terminal("pull", LABEL, answer="y\n")
    assert code == EXIT_DONE
    assert re.search(r"\d% llm-compiler-7b-ftd:Q4_K_M: [\d.]+ MB of [\d.]+ MB", shown)
    assert "SHA-256 checked" in shown
    irlens("remove", LABEL)
    code, shown = on_a_terminal("pull", LABEL, answer="never asked")
    assert code == EXIT_DONE
    assert "[y/N]" not in shown


def test_a_line_of_progress_never_wraps(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    Shown(plan(LABEL)).show(Progress("downloading", 10**9, 4_080 * 10**6, 17e6))
    line = capsys.readouterr().err.removeprefix("\r\x1b[K")
    assert line.startswith(f" 25% {LABEL}: 1 GB of 4.08 GB")
    assert len(line) < 60


def test_refusals_of_the_hub_reach_the_terminal(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_not_to_be_seen")
    hub.refuse = (403, "GatedRepo")
    result = irlens("pull", LABEL, "--accept-licence", code=EXIT_UNUSABLE)
    assert len(result.stderr.splitlines()) == 1
    assert "Accept its conditions at" in result.stderr
    assert "hf_not_to_be_seen" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("pull", "nothing-such"), "irlens model list"),
        (("pull", "llm-compiler-7b:Q9_9"), "it has Q2_K"),
        (("pull", "../../x"), "is not a model's name"),
        (("pull", "llm-compiler-7b:"), "is not a model's name"),
        (("pull", "embedded"), "nothing to pull"),
        (("pull", LABEL, "--from", "no-slash"), "OWNER/NAME"),
        (("pull", LABEL, "--from", "a/../b"), "OWNER/NAME"),
        (("pull", LABEL, "--from", "../x", "--accept-licence"), "no repository ../x"),
        (("pull", LABEL, "--offline"), "offline nothing is fetched"),
    ],
)
def test_bad_input_says_what_to_do(hub: Hub, words: tuple[str, ...], says: str) -> None:
    result = irlens(*words, code=EXIT_UNUSABLE)
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert hub.sent == []


def test_another_repository_does_not_silently_take_the_place(hub: Hub) -> None:
    irlens("pull", LABEL, "--accept-licence")
    result = irlens("pull", LABEL, "--from", "team/copies", code=EXIT_UNUSABLE)
    assert f"irlens model remove {LABEL}" in result.stderr

"""Nothing that irlens or a child of it does reaches for the network, unless a server is named: seen by an audit hook in
every Python process of the run, and by taking the network away where the system lets us."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
HOOK = """\
import os, sys

# Opened now and by its name in this text: a confined child opens no file for writing, and knows no variable of a test's.
_file = os.open({seen!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def _seen(event, arguments):
    if event == "socket.getaddrinfo":
        found = repr(arguments[:2])
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        found = repr(arguments[1][:2])
    else:
        return
    os.write(_file, f"{{event}} {{found}}\\n".encode())

sys.addaudithook(_seen)
with open({seen!r} + ".processes", "a") as file:
    file.write(f"{{os.getpid()}}\\n")
"""
COMMANDS = {
    "lift": ["lift", str(EXAMPLES / "bits.s"), "--candidates", "1", "--target", "x86_64-unknown-linux-gnu"],
    "tune": ["tune", str(EXAMPLES / "align_up.ll"), "--budget", "5"],
    "predict": ["predict", str(EXAMPLES / "align_up.ll"), "--passes", "default<O2>"],
    "check": ["check", str(EXAMPLES / "checksum.ll")],
    "list": ["model", "list"],
    "info": ["model", "info"],
}


def run(
    arguments: list[str], folder: Path, *before: str
) -> tuple[subprocess.CompletedProcess[str], str, int]:
    """What became of it, what was reached for, and in how many processes somebody watched."""
    seen = folder / "seen"
    (folder / "sitecustomize.py").write_text(HOOK.format(seen=str(seen)), encoding="utf-8")
    server = Path(__file__).parents[2] / "server"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(folder), str(server))),
        "IRLENS_DATA_HOME": str(folder / "data"),
        "IRLENS_CACHE_HOME": str(folder / "cache"),
    }
    done = subprocess.run(
        [*before, sys.executable, "-m", "irlens", *arguments],
        env=environment, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    watched = len((folder / "seen.processes").read_text().split())
    return done, seen.read_text() if seen.exists() else "", watched


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_asked_of_the_network(command: str, tmp_path: Path) -> None:
    done, seen, watched = run(COMMANDS[command], tmp_path)
    assert done.returncode == 0, done.stderr
    assert seen == ""
    assert watched > (1 if command in ("lift", "tune", "predict") else 0), "the children are watched too"


def test_the_watch_sees_a_server_that_is_named(tmp_path: Path) -> None:
    done, seen, _ = run([*COMMANDS["predict"], "--model", "http://127.0.0.1:9"], tmp_path)
    assert "Nothing listens at http://127.0.0.1:9" in done.stderr + done.stdout
    assert "('127.0.0.1', 9)" in seen
    assert {line.split(" ", 1)[1] for line in seen.splitlines()} <= {"('127.0.0.1', 9)", "(b'127.0.0.1', 9)"}


def test_without_a_network_all_is_as_before(tmp_path: Path) -> None:
    away = ("unshare", "--user", "--map-root-user", "--net")
    if (
        shutil.which("unshare") is None
        or subprocess.run([*away, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("the system does not let a user take the network away (unshare --net)")
    with_network, _, _ = run([*COMMANDS["predict"], "--json"], tmp_path)
    (tmp_path / "again").mkdir()
    without, _, _ = run([*COMMANDS["predict"], "--json"], tmp_path / "again", *away)
    assert without.returncode == 0, without.stderr
    times = re.compile(r'"seconds": [0-9.]+')
    assert times.sub("", without.stdout) == times.sub("", with_network.stdout) != ""

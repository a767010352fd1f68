"""The fuzzer in minutes: every seed that was kept, and fresh cases from a fixed seed for each target.

Each runs as a process of its own, since a target changes its environment and its working directory. Hours are for
`make fuzz`; see docs/fuzzing.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.engine import INDEX, SEEDS, seeds
from fuzz.expected import CHANGE, CLOSE, OPEN
from fuzz.messages import CANCEL, ENDS, NOTIFICATIONS, REQUESTS, SLOW_REQUESTS
from fuzz.targets import TARGETS
from irlens.lsp.handlers import TABLE

SECONDS = {
    "protocol": 13.0,
    "framing": 5.0,
    "ll": 9.0,
    "s": 9.0,
    "gguf": 3.0,
    "caches": 4.0,
    "settings": 2.0,
}
"""Of fresh cases, about 45 s in all."""
_TESTS, _SERVER = Path(__file__).parents[1], Path(__file__).parents[2] / "server"


def run(*arguments: str, timeout_s: float = 170.0) -> None:
    paths = [str(_SERVER), str(_TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout_s,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:]


@pytest.mark.timeout(200)
@pytest.mark.parametrize("target", TARGETS)
def test_fresh_cases_break_nothing(target: str, tmp_path: Path) -> None:
    """What is found is in the test's folder; `python -m fuzz --target NAME --case FILE` tries it again."""
    run(
        "fuzz", "--target", target, "--seconds", str(SECONDS[target]), "--seed", "16", "--shrink", "10",
        "--keep", str(tmp_path),
    )  # fmt: skip


@pytest.mark.timeout(200)
@pytest.mark.parametrize("target", [name for name in TARGETS if seeds(name)])
def test_what_was_found_once_is_found_no_more(target: str) -> None:
    run("fuzz", "--target", target, "--replay")


@pytest.mark.timeout(200)
def test_some_forty_kills_leave_no_request_without_an_answer() -> None:
    run("fuzz.kills", "--kills", "40", "--seconds", "25")


def test_every_method_that_the_server_knows_is_sent() -> None:
    sent = {*REQUESTS, *SLOW_REQUESTS, *NOTIFICATIONS, *ENDS, OPEN, CHANGE, CLOSE, CANCEL}
    assert {entry.method for entry in TABLE} <= sent


def test_every_seed_says_what_it_showed() -> None:
    kept = {path.relative_to(SEEDS).as_posix() for name in TARGETS for path in seeds(name)}
    assert kept == set(json.loads(INDEX.read_text()))
    assert {path.name for path in SEEDS.iterdir() if path.is_dir()} <= set(TARGETS)
    large = [path for path in SEEDS.rglob("*") if path.is_file() and path.stat().st_size > 64 << 10]
    assert not large

"""The cases of `tests/cases`: real inputs, the commands that are run on them, and what is expected."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

Case = dict[str, Any]

CASES: dict[str, Case] = {
    case["id"]: case
    for case in map(
        json.loads,
        (Path(__file__).parents[1] / "cases" / "real-files.jsonl").read_text("utf-8").splitlines(),
    )
}


class Said(NamedTuple):
    """What came of one command."""

    exit: int
    text: str
    """Standard output and standard error, one behind the other."""


def write(case: Case, folder: Path) -> Path:
    """Write the files of a case into the folder, which is made; returns it."""
    folder.mkdir(parents=True)
    for name, text in case["files"].items():
        (folder / name).write_bytes(text.encode())
    return folder


def run(command: dict[str, Any], folder: Path, seconds: float) -> Said:
    """Run the command there as a user does; raises `subprocess.TimeoutExpired` after that many seconds."""
    given = folder / command["stdin"] if "stdin" in command else Path(os.devnull)
    with given.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "irlens", *command["run"]],
            cwd=folder,
            stdin=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
    return Said(done.returncode, done.stdout + done.stderr)


def faults(expected: dict[str, Any], said: Said) -> list[str]:
    """What of the expectation (`exit`, `says`, `never`) does not hold, a line each; none where all holds."""
    found = []
    exits = expected.get("exit", said.exit)
    if said.exit not in (exits if isinstance(exits, list) else [exits]):
        found.append(f"exit code {said.exit}, not {exits}")
    found += [
        f"not said: {pattern}"
        for pattern in expected.get("says", ())
        if not re.search(pattern, said.text, re.MULTILINE)
    ]
    for pattern in ("Traceback", *expected.get("never", ())):
        if match := re.search(pattern, said.text, re.MULTILINE):
            found.append(f"said, and must not be: {pattern}: {match[0]!r}")
    return found

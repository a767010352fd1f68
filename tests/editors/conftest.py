"""What tests with real editors share: where the editors are, what happens when one is missing, the server.

Editors come from `tests/editors/install.sh`. Where one is missing a test is skipped with the command that
installs it; with `CI=true` it fails instead, because a skip would look like a pass.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from vscode_driver import CODE_SERVER, Code, package

ROOT = Path(__file__).resolve().parents[2]
EDITORS = ROOT / ".cache" / "editors"
"""Where install.sh puts what does not come from the system's packages."""


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def need() -> Callable[[str, Iterable[Path | str | None]], Path]:
    """The first existing path of some candidates, or the end of the test."""

    def first(what: str, candidates: Iterable[Path | str | None]) -> Path:
        for candidate in candidates:
            if candidate and Path(candidate).exists():
                return Path(candidate)
        reason = f"{what} is missing. Install it with: bash tests/editors/install.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)

    return first


@pytest.fixture(scope="session")
def irlens_on_path(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with a command `irlens` that runs this tree's server, and a file that gets each one's pid.

    The clients' own defaults start `irlens` from PATH; so this tests those, and not settings of the tests.
    `IRLENS_TEST_SERVER` names another server to try, as a shell would run it.
    """
    folder = tmp_path_factory.mktemp("bin")
    pids = folder / "pids"
    command = folder / "irlens"
    server = os.environ.get("IRLENS_TEST_SERVER", f"{shlex.quote(sys.executable)} -m irlens")
    command.write_text(
        f'#!/bin/sh\necho $$ >> "${{IRLENS_PID_FILE:-{pids}}}"\n'
        f'PYTHONPATH={shlex.quote(str(ROOT / "server"))}${{PYTHONPATH:+:$PYTHONPATH}} exec {server} "$@"\n'
    )
    command.chmod(0o755)
    return folder, pids


@pytest.fixture(scope="session")
def gone() -> Callable[[Iterable[int], float], set[int]]:
    """Wait until none of some processes runs; returns those that still do after the time."""

    def alive(pid: int) -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state != "Z"

    def wait(pids: Iterable[int], seconds: float) -> set[int]:
        left, end = set(pids), time.monotonic() + seconds
        while (left := {pid for pid in left if alive(pid)}) and time.monotonic() < end:
            time.sleep(0.05)
        return left

    return wait


@pytest.fixture(scope="session")
def run_to_end() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a program with a time limit, its whole process group ended when it is over."""

    def run(
        command: list[str], *, cwd: Path, env: dict[str, str], seconds: float
    ) -> subprocess.CompletedProcess[str]:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            output, _ = process.communicate()
            pytest.fail(f"{command[0]} did not end within {seconds} s:\n{output[-4000:]}")
        return subprocess.CompletedProcess(command, process.returncode, output, "")

    return run


# --- VS Code --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def vsix(need: Callable[..., Path]) -> Path:
    """The extension with its server, type-checked, bundled and packaged."""
    need("what builds the VS Code extension", [ROOT / "clients/vscode/node_modules/.irlens-lock"])
    need("npm", [shutil.which("npm")])
    return package(ROOT)


@pytest.fixture(scope="session")
def code(
    need: Callable[..., Path], vsix: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Code]:
    """Makes a VS Code with the extension installed, for some files and settings."""

    def make(files: dict[str, str], settings: dict[str, Any], **options: Any) -> Code:
        made = Code(
            need("Node.js", [shutil.which("node")]),
            need("VS Code's server", [ROOT / CODE_SERVER]),
            need("Chromium", [shutil.which("chromium")]),
            tmp_path_factory.mktemp("vscode"),
            files,
            settings,
            **options,
        )
        made.install(vsix)
        return made

    return make

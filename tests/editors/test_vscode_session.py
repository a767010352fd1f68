"""The VS Code extension at work, in VS Code's own extension host: sittings, and what they saw.

`vscode/session/` has what happens in each; here is what must have been seen.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from vscode_driver import Code
from vscode_files import hostile
from workspace_files import ERROR_LINE, FILES

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def seen(
    code: Callable[..., Code], irlens_on_path: tuple[Path, Path], gone: Callable[..., set[int]]
) -> dict[str, Any]:
    """What one sitting saw."""
    # VS Code takes PATH from a login shell, so the command is named.
    made = code(FILES, {"irlens.serverPath": str(irlens_on_path[0] / "irlens")})
    told = made.session("main")
    told["left"] = sorted(gone(told["pids"], 15.0))
    for pid in told["left"]:
        os.kill(pid, signal.SIGKILL)
    return told


def test_it_is_installed_and_knows_its_files(seen: dict[str, Any]) -> None:
    assert seen["installed"]
    assert seen["languages"] == {"broken.ll": "llvm", "sum.s": "asm"}


def test_an_error_is_at_its_utf16_unit_behind_an_emoji(seen: dict[str, Any]) -> None:
    before = ERROR_LINE.split("%missing")[0]
    line = FILES["broken.ll"].split("\n").index(ERROR_LINE)
    error = seen["error"]
    assert seen["errors"] == 1
    assert (error["line"], error["column"]) == (line, len(before.encode("utf-16-le")) // 2)
    assert "%missing" in error["message"]
    assert error["severity"] == 0


def test_hover_weighs_a_function(seen: dict[str, Any]) -> None:
    assert "weigh" in seen["hover"]
    assert re.search(r"\b5 instructions\b.*\b\d+ bytes\b", seen["hover"])
    assert "sum" in seen["hoverS"]


def test_an_action_changes_the_module_and_one_undo_brings_it_back(seen: dict[str, Any]) -> None:
    assert any("-Oz" in title for title in seen["actionsLl"])
    assert "define" in seen["afterOz"]
    assert seen["undoneInOneStep"]


def test_a_lift_opens_a_new_file_with_its_evidence(seen: dict[str, Any]) -> None:
    assert any("Lift" in title and "sum" in title for title in seen["actionsS"])
    lifted = seen["lifted"]
    assert lifted["name"].endswith(".ll")
    assert lifted["language"] == "llvm"
    assert lifted["text"].startswith(";")
    assert re.search(r"^;.*(round-trips|agrees|compiles|verifies)", lifted["text"], re.MULTILINE)
    assert re.search(r"^define .*@sum\(", lifted["text"], re.MULTILINE)


# --- The server's life ----------------------------------------------------------------------------


def test_five_restarts_at_once_are_one_or_two(seen: dict[str, Any]) -> None:
    # The first may have begun when the others come; those are then one together.
    assert seen["startsOfFiveRestarts"] in (1, 2)


def test_a_server_that_dies_is_started_again(seen: dict[str, Any]) -> None:
    assert "sum" in seen["hoverAfterDeath"]


def test_a_server_that_always_dies_is_left_alone_with_an_explanation(seen: dict[str, Any]) -> None:
    assert re.search(r"ended 4 times in \d+ s and is not started again", seen["loop"])
    assert "sum" in seen["hoverAfterLoop"]  # until the user asks for it


def test_no_server_is_left_behind(seen: dict[str, Any]) -> None:
    assert seen["left"] == []


def test_versions_name_everything_that_runs(seen: dict[str, Any]) -> None:
    for words in (
        "irlens extension: ",
        "VS Code: 1.",
        "the setting irlens.serverPath",
        "llvmlite",
        "irlens-small",
    ):
        assert words in seen["versions"]


# --- A workspace that is not trusted --------------------------------------------------------------


@pytest.fixture(scope="module")
def untrusted(
    code: Callable[..., Code], root: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What was seen in a workspace that sets traps, and whether one was sprung."""
    mark = tmp_path_factory.mktemp("mark") / "sprung"
    # The user's own choice of a Python is served; the server is then `python -m irlens`.
    settings = {"irlens.python": sys.executable, "security.workspace.trust.startupPrompt": "never"}
    made = code(hostile(str(mark)), settings, trust_all=False, env={"PYTHONPATH": str(root / "server")})
    (made.workspace / "program").chmod(0o755)
    told = made.session("restricted")
    told["sprung"] = mark.exists()
    return told


def test_an_untrusted_workspace_is_served_and_chooses_nothing(untrusted: dict[str, Any]) -> None:
    assert untrusted["trusted"] is False
    assert "sum" in untrusted["hover"]
    assert untrusted["settings"] == {
        "model.path": None,
        "llvm.opt": None,
        "llvm.assembler": None,
        "serverPath": None,
        "python": sys.executable,
    }
    assert untrusted["status"][0].startswith("Model: irlens-small")


def test_nothing_of_an_untrusted_workspace_is_run(untrusted: dict[str, Any]) -> None:
    assert "the setting irlens.python" in untrusted["versions"]
    assert not untrusted["sprung"]

"""irlens in real Neovims: what a user sees after doing what docs/editors/neovim.md says.

One headless sitting for each Neovim and each documented way of setting up (`neovim/session.lua`); the tests
below judge what it saw. The settings are those of the manual. Its commands: test_neovim_commands.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from neovim_driver import assert_none_left, find, manual, sit
from workspace_files import ERROR_LINE, FILES

pytestmark = pytest.mark.editor

FILETYPES = {
    "broken.ll": "llvm",
    "sum.s": "asm",
    "plain.ll": "llvm",
    "scanner.ll": "lex",
    "UPPER.S": "asm",
    "macro.s": "asm",
    "nasm.s": "nasm",
    "new.ll": "llvm",
    "new.asm": "asm",
}

BEFORE_0_11 = """
local has = vim.fn.has
vim.fn.has = function(feature)
  return feature == 'nvim-0.11' and 0 or has(feature)
end
"""
"""Makes `setup()` on 0.11 take the way it takes on 0.8 to 0.10."""


@dataclass(frozen=True)
class Sitting:
    """`version`: which Neovim; `settings`: which example of the manual; `before`: run ahead of it."""

    version: str
    settings: str
    before: str = ""


SITTINGS = {
    "0.7-setup": Sitting("0.7", "setup"),
    "0.11-enable": Sitting("0.11", "enable"),
    "0.11-configure": Sitting("0.11", "configure"),
    "0.11-setup": Sitting("0.11", "setup"),
    "0.11-setup-older": Sitting("0.11", "setup", BEFORE_0_11),
}


@pytest.fixture(scope="module", params=list(SITTINGS.values()), ids=list(SITTINGS))
def sitting(request: pytest.FixtureRequest) -> Sitting:
    return request.param


@pytest.fixture(scope="module")
def seen(
    sitting: Sitting,
    root: Path,
    need: Callable[..., Path],
    irlens_on_path: tuple[Path, Path],
    run_to_end: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """What one sitting saw."""
    nvim = find(root, sitting.version, need)
    init = sitting.before + manual(root, sitting.settings)
    folder = tmp_path_factory.mktemp("nvim")
    return sit(nvim, "session", init, FILES, folder, irlens_on_path[0], run_to_end)


def test_attaches_to_the_right_filetypes(seen: dict[str, Any]) -> None:
    assert seen["filetypes"] == FILETYPES


def test_one_server_for_one_folder(seen: dict[str, Any]) -> None:
    assert len(seen["servers"]) == 1


def test_an_error_is_at_its_byte_behind_an_emoji(seen: dict[str, Any], sitting: Sitting) -> None:
    assert seen["encoding"] == ("utf-16" if sitting.version == "0.7" else "utf-8")
    (error,) = seen["broken"]
    line = FILES["broken.ll"].split("\n").index(ERROR_LINE)
    assert (error["line"], error["column"]) == (line, len(ERROR_LINE.split("%missing")[0].encode()))
    assert "%missing" in error["message"]
    assert error["severity"] == 1
    assert error["source"] == "irlens"


def test_hover_weighs_a_function(seen: dict[str, Any]) -> None:
    assert "weigh" in seen["hover"]
    assert re.search(r"\b5 instructions\b", seen["hover"])
    assert re.search(r"\b\d+ bytes\b", seen["hover"])
    assert "sum" in seen["hover_s"]


def test_code_actions_of_a_module_are_listed_and_applied(seen: dict[str, Any]) -> None:
    assert any("-Oz" in title for title in seen["actions_ll"])
    assert "alloca" not in seen["after_oz"]
    assert "define" in seen["after_oz"]


def test_a_lift_opens_a_new_buffer_with_its_evidence(seen: dict[str, Any]) -> None:
    assert any("Lift" in title and "sum" in title for title in seen["actions_s"])
    lifted = seen["lifted"]
    assert lifted["name"].endswith(".ll")
    assert lifted["filetype"] == "llvm"
    assert lifted["listed"]
    head = [line for line in lifted["text"].split("\n") if line.startswith(";")]
    assert lifted["text"].startswith(";")
    assert re.search(r"round-trips|agrees|compiles|verifies", "\n".join(head))
    assert re.search(r"^define .*@sum\(", lifted["text"], re.MULTILINE)


def test_nothing_went_wrong_on_the_way(seen: dict[str, Any]) -> None:
    assert [text for text in seen["messages"] if re.search(r"error|invalid|deprecat", text, re.I)] == []


def test_no_process_is_left(seen: dict[str, Any], gone: Callable[..., set[int]]) -> None:
    assert_none_left(seen, gone)

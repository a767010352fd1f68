"""The commands of the Neovim plugin, in the oldest and the newest Neovim: `neovim/commands.lua` uses them as a
user would, with the real server and the model that comes with irlens; the tests below judge what it saw.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neovim_driver import assert_none_left, find, manual, sit
from workspace_files import FILES

pytestmark = pytest.mark.editor

HEAVY_LL = """target triple = "x86_64-unknown-linux-gnu"

define i32 @weigh(i32 %a) {
entry:
  %slot = alloca i32, align 4
  store i32 %a, ptr %slot, align 4
  %one = load i32, ptr %slot, align 4
  %two = add i32 %one, 0
  ret i32 %two
}
"""

# Diagnostics on save alone, and lifts that ask the model often enough to be called off in the middle.
SETTINGS = "{ irlens = { diagnostics = { onChange = false }, lift = { candidates = 64, origin = 'model' } } }"
WAYS = {
    "0.7": ("0.7", f"require('irlens').setup({{ settings = {SETTINGS} }})\n"),
    "0.11": ("0.11", f"vim.lsp.config('irlens', {{ settings = {SETTINGS} }})\n"),
}


@pytest.fixture(scope="module", params=WAYS)
def seen(
    request: pytest.FixtureRequest,
    root: Path,
    need: Callable[..., Path],
    irlens_on_path: tuple[Path, Path],
    run_to_end: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """What one sitting saw."""
    version, settings = WAYS[request.param]
    example = manual(root, "setup" if version == "0.7" else "enable")
    first, _, rest = example.partition("\n")
    init = first + "\n" + settings + (rest if version == "0.11" else "")
    folder = tmp_path_factory.mktemp("nvim")
    plugin = folder / "plugin"
    shutil.copytree(root / "clients" / "neovim", plugin)
    files = FILES | {
        "heavy.ll": HEAVY_LL,
        "fields.s": (root / "examples" / "eval" / "fields.x86_64.O2.s").read_text(),
        "not-a-model.gguf": "nothing",
    }
    told = sit(
        find(root, version, need),
        "commands",
        init,
        files,
        folder,
        irlens_on_path[0],
        run_to_end,
        {"IRLENS_PLUGIN_COPY": str(plugin)},
    )
    return told | {"version": version}


def test_starting_loads_nothing_of_it(seen: dict[str, Any]) -> None:
    print(seen)
    assert seen["loaded_at_start"] == []


def test_no_process_is_left(seen: dict[str, Any], gone: Callable[..., set[int]]) -> None:
    assert_none_left(seen, gone)

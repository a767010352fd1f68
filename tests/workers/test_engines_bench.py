"""The bench of engines runs from end to end, on a run too short to say anything too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.tiny_gguf import write_tiny


def test_each_engine_stands_beside_its_bare_loop(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "tiny.gguf", context=1024)
    command = [sys.executable, "-m", "irlens.evals.engines", str(path), "--rounds", "1", "--prompt", "64"]
    done = subprocess.run(
        [*command, "--reply", "8", "--context", "512"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = {line[:24].strip(): line[24:] for line in done.stdout.splitlines()}
    assert set(rows) == {
        f"{who}, {engine}" for who in ("ours", "bare") for engine in ("llama-cpp-python", "ctransformers")
    }
    assert all("tokens read at" in row and "written at" in row for row in rows.values())
    assert all(("of bare: read" in row) == name.startswith("ours") for name, row in rows.items())

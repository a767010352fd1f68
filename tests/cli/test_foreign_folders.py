"""A folder that somebody else made: nothing outside it is read, and nothing in it is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = str(Path(__file__).parents[2] / "server")


def irlens(folder: Path, *words: str, path: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": path}
    environment.pop("PYTHONSAFEPATH", None)
    return subprocess.run(
        [sys.executable, "-m", "irlens", *words],
        capture_output=True, text=True, cwd=folder, env=environment, timeout=100, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("suffix", [".s", ".ll"])
def test_a_link_out_of_the_folder_is_none_of_its_files(tmp_path: Path, suffix: str) -> None:
    secret = tmp_path / "token"
    secret.write_text("ghp_secrettoken\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / f"leak{suffix}").symlink_to(secret)
    (folder / f"own{suffix}").write_text(
        "f:\n\tretq\n" if suffix == ".s" else "define void @f() {\n  ret void\n}\n"
    )
    (folder / f"again{suffix}").symlink_to(folder / f"own{suffix}")
    said = irlens(tmp_path, "check", "folder", "--target", "x86_64", path=PACKAGE)
    assert "ghp_secret" not in said.stdout + said.stderr
    assert "leak" not in said.stdout + said.stderr
    assert said.returncode == 0, said


@pytest.mark.parametrize(
    "path", [f"{PACKAGE}{os.pathsep}", f".{os.pathsep}{PACKAGE}", PACKAGE], ids=["empty", ".", "-m"]
)
def test_modules_of_the_folder_are_not_imported(tmp_path: Path, path: str) -> None:
    """An empty part of PYTHONPATH, as `export PYTHONPATH=$PYTHONPATH:/x` leaves it, means where one stands."""
    for name in ("llvmlite", "platformdirs", "psutil", "pygls", "lsprotocol", "watchdog"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    (tmp_path / "a.ll").write_text("define void @f() {\n  ret void\n}\n")
    said = irlens(tmp_path, "check", "a.ll", path=path)
    assert said.returncode == 0, said
    assert not (tmp_path / "ran").exists()

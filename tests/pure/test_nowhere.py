"""The empty working directories of children, and what is left where one was killed as it made its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from irlens.confinement import nowhere
from support.conditions import wait_until


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_the_dead_left_is_removed_and_nothing_else(folder: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    number = "0123456789abcdef"
    left = folder / f"irlens-{ended.pid}-{number}"
    alive = folder / f"irlens-{os.getpid()}-{number}"
    long_ago = folder / f"irlens-{os.getpid()}-{number[::-1]}"
    full = folder / f"irlens-{ended.pid}-{number[::-1]}"
    others = [folder / "irlens-notes", folder / f"irlens-{ended.pid}", folder / "irlens-abcdefgh"]
    for path in (left, alive, long_ago, full, *others):
        path.mkdir()
    (full / "work").write_text("mine")
    os.utime(long_ago, (1, 1))
    (folder / f"irlens-{ended.pid}-{'f' * 16}").symlink_to(folder / "irlens-notes")
    nowhere.sweep()
    assert not left.exists()
    assert not long_ago.exists()
    assert alive.exists()
    assert (full / "work").read_text() == "mine"
    assert all(path.exists() for path in others)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_one_that_is_dead_and_not_waited_for_left_its_folder(folder: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    left = folder / f"irlens-{child.pid}-0123456789abcdef"
    left.mkdir()
    nowhere.sweep()
    assert left.exists()
    child.kill()
    wait_until(lambda: b") Z " in Path(f"/proc/{child.pid}/stat").read_bytes())
    nowhere.sweep()
    assert not left.exists()
    assert child.wait() != 0
    assert child.stdin is not None
    child.stdin.close()


def test_one_that_nobody_can_look_into_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    nowhere.sweep()


@pytest.mark.skipif(os.name != "posix", reason="deletes a folder that is in use")
def test_a_child_writes_no_file_to_find_its_folder(tmp_path: Path) -> None:
    """`tempfile.gettempdir` writes one to see whether it can, which stays where the child is killed then."""
    code = (
        "import os, tempfile\nfrom irlens.confinement import nowhere\nnowhere.leave()\n"
        "assert tempfile.tempdir is None\nprint(os.listdir(os.environ['TMPDIR']), os.readlink('/proc/self/cwd'))\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith(f"[] {tmp_path}/irlens-")

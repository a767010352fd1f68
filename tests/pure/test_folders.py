"""Where things are kept: the platform's folders, or what the user says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from irlens.folders import cache_folder, data_folder, models_folder


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms have other folders")
def test_the_folders_are_those_of_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("IRLENS_DATA_HOME", "IRLENS_CACHE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "irlens"
    assert models_folder() == tmp_path / ".local" / "share" / "irlens" / "models"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    assert cache_folder() == tmp_path / "c" / "irlens"


def test_a_disk_with_more_room_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IRLENS_DATA_HOME", str(tmp_path / "big"))
    monkeypatch.setenv("IRLENS_CACHE_HOME", str(tmp_path / "quick"))
    assert data_folder() == tmp_path / "big"
    assert models_folder() == tmp_path / "big" / "models"
    assert cache_folder() == tmp_path / "quick"

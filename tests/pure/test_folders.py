"""Where things are kept: the platform's folders, or what the user says."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from irlens import folders, notices, output
from irlens.errors import ModelUnavailable
from irlens.folders import cache_folder, data_folder, models_folder, why_temporary
from irlens.model import store
from irlens.tuning.cache import Cache

if sys.platform != "win32":
    import pwd

posix = pytest.mark.skipif(sys.platform == "win32", reason="homes of POSIX")


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


def no_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has not looked for its folders yet, and is told nothing of them."""
    for name in ("IRLENS_DATA_HOME", "IRLENS_CACHE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    folders._temporary.cache_clear()
    monkeypatch.setattr(notices, "_said", set())


def nobody(number: int) -> object:
    raise KeyError(number)


@posix
@pytest.mark.parametrize("home", [None, "", "relative", "/nonexistent"])
def test_without_a_home_a_folder_stands_in_that_nobody_else_may_enter(
    home: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    no_folders(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    if home is None:
        monkeypatch.delenv("HOME", raising=False)
    else:
        monkeypatch.setenv("HOME", home)
    made = cache_folder().parent
    assert data_folder() == made / "data"
    assert cache_folder() == made / "cache"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert Path(tempfile.gettempdir()) == made.parent
    assert os.listdir(tmp_path) == [], "nothing below the working directory"
    assert not os.path.exists("/nonexistent")
    [message] = [record.getMessage() for record in caplog.records]
    assert "temporary folder" in message
    assert message.endswith("IRLENS_CACHE_HOME.")
    assert why_temporary() is not None
    with pytest.raises(ModelUnavailable, match="no home folder to keep models"):
        store.choose("llm-compiler-7b:Q4_K_M", ("lift",))
    assert store.chosen("lift") is None
    output.remove_temporaries()
    assert not made.exists()


@posix
def test_the_system_knows_the_home_that_the_environment_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    no_folders(monkeypatch)
    monkeypatch.delenv("HOME", raising=False)
    assert cache_folder().is_relative_to(pwd.getpwuid(os.getuid()).pw_dir)
    assert why_temporary() is None


@posix
def test_a_home_that_is_a_file_or_gone_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("file", "gone"):
        no_folders(monkeypatch)
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("HOME", str(tmp_path / name))
        assert not cache_folder().is_relative_to(tmp_path)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert cache_folder() == tmp_path / "xdg" / "irlens"
        monkeypatch.delenv("XDG_CACHE_HOME")


@posix
def test_what_is_there_is_used_where_nothing_can_be_added(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    no_folders(monkeypatch)
    monkeypatch.setenv("HOME", str(tmp_path))
    models = tmp_path / ".local/share/irlens"
    models.mkdir(parents=True)
    monkeypatch.setattr(output, "why_no_folder", lambda path: "read-only")
    assert data_folder() == models
    assert not cache_folder().is_relative_to(tmp_path)


@posix
def test_no_room_for_a_temporary_folder_either(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    no_folders(monkeypatch)
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **more: (_ for _ in ()).throw(OSError(28, "No space")))
    cache = Cache(cache_folder() / "tune.sqlite")
    assert cache.find("scope", ["list"]) == {}
    cache.close()
    folders._temporary.cache_clear()

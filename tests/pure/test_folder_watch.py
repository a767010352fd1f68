"""Folders are watched from a thread: one that takes long to watch holds nobody up, and the latest wish wins."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from irlens.lsp.watch import FolderWatch
from support.conditions import wait_until
from support.deep import deep_folder


class _Observer:
    """An observer for which each folder takes until `go_on` is set."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.go_on = threading.Event()

    def schedule(self, handler: object, folder: str, *, recursive: bool, event_filter: list[type]) -> str:
        assert threading.current_thread() is not threading.main_thread()
        self.calls.append(("watch", folder))
        if folder == "refused":
            raise OSError("no more watches")
        assert self.go_on.wait(60)
        return folder

    def unschedule(self, folder: str) -> None:
        assert threading.current_thread() is not threading.main_thread()
        self.calls.append(("leave", folder))

    def stop(self) -> None:
        assert threading.current_thread() is not threading.main_thread()
        self.calls.append(("stop", ""))


@pytest.fixture
def observer(monkeypatch: pytest.MonkeyPatch) -> _Observer:
    found = _Observer()
    monkeypatch.setattr(FolderWatch, "_started", lambda watch: setattr(watch, "_observer", found) or found)
    return found


def test_what_is_wanted_when_a_folder_is_done_counts(observer: _Observer) -> None:
    watch = FolderWatch((".ll",), lambda path: None)
    watch.set_folders(("large", "passed over"))
    wait_until(lambda: observer.calls, "the first folder")
    for number in range(50):
        watch.set_folders((f"passed over {number}",))
    watch.set_folders(("refused", "last"))
    assert threading.active_count() < 30
    observer.go_on.set()
    wait_until(lambda: watch.folders == ("last",), "the last wish")
    assert observer.calls == [("watch", "large"), ("leave", "large"), ("watch", "refused"), ("watch", "last")]
    watch.stop()
    wait_until(lambda: observer.calls[-1] == ("stop", ""), "the end")


def test_the_end_does_not_wait_for_a_folder(observer: _Observer) -> None:
    watch = FolderWatch((".ll",), lambda path: None)
    watch.set_folders(("large", "never"))
    wait_until(lambda: observer.calls, "the first folder")
    watch.stop()
    watch.set_folders(("too late",))
    observer.go_on.set()
    wait_until(lambda: observer.calls[-1] == ("stop", ""), "the end")
    assert observer.calls == [("watch", "large"), ("stop", "")]


def test_files_are_seen_where_folders_were_changed(tmp_path: Path) -> None:
    seen: list[str] = []
    watch = FolderWatch((".ll",), seen.append)
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    watch.set_folders((str(first),))
    watch.set_folders((str(second), str(tmp_path / "nowhere")))
    wait_until(lambda: watch.folders == (str(second),), "the second folder")
    (first / "a.ll").touch()
    (second / "b.txt").touch()
    (second / "b.ll").touch()
    wait_until(lambda: seen, "the file")
    watch.stop()
    assert {Path(path).name for path in seen} == {"b.ll"}


def test_changes_are_seen_and_reading_is_not(tmp_path: Path) -> None:
    seen: list[str] = []
    watch = FolderWatch((".ll",), lambda path: seen.append(Path(path).name))
    there = tmp_path / "there.ll"
    there.write_text("1")
    watch.set_folders((str(tmp_path),))
    wait_until(lambda: watch.folders, "the folder")
    for _ in range(100):
        there.read_text()
    (tmp_path / "first.ll").write_text("")
    wait_until(lambda: "first.ll" in seen, "a new file")
    assert set(seen) == {"first.ll"}

    there.write_text("2")
    wait_until(lambda: "there.ll" in seen, "a change")
    saved = tmp_path / "saved.tmp"
    saved.write_text("")
    saved.rename(tmp_path / "saved.ll")
    wait_until(lambda: "saved.ll" in seen, "a file that is moved into place, as editors save")
    (tmp_path / "below").mkdir()
    wait_until(
        lambda: (tmp_path / "below" / "new.ll").write_text("") or "new.ll" in seen, "a new folder's file"
    )
    seen.clear()
    (tmp_path / "first.ll").unlink()
    wait_until(lambda: "first.ll" in seen, "a deletion")
    seen.clear()
    (tmp_path / "below").rename(tmp_path / "elsewhere")
    wait_until(lambda: "new.ll" in seen, "the files of a folder that is moved")
    watch.stop()


def test_a_folder_too_deep_to_be_watched_ends_nothing(tmp_path: Path) -> None:
    """watchdog calls itself for each level of a folder."""
    seen: list[str] = []
    other = tmp_path / "other"
    other.mkdir()
    with deep_folder(tmp_path):
        watch = FolderWatch((".ll",), seen.append)
        watch.set_folders((str(tmp_path), str(other)))
        wait_until(lambda: str(other) in watch.folders, "the other folder")
        (other / "a.ll").write_text("")
        wait_until(lambda: seen, "a change in the other folder")
        watch.stop()

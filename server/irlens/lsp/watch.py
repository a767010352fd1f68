"""Folders watched by `watchdog`, for clients that do not watch files themselves.

`watchdog` is imported when the first folder is watched. Its events come on its own thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

logger = logging.getLogger(__name__)


class FolderWatch:
    """Calls `changed(path)`, on a thread of its own, for each event on a file with one of the suffixes."""

    def __init__(self, suffixes: tuple[str, ...], changed: Callable[[str], object]) -> None:
        self._suffixes = suffixes
        self._changed = changed
        self._observer: BaseObserver | None = None
        self._watches: dict[str, Any] = {}

    @property
    def folders(self) -> tuple[str, ...]:
        return tuple(self._watches)

    def set_folders(self, folders: tuple[str, ...]) -> None:
        """Watch exactly these, with all below them. A folder that cannot be watched is logged."""
        for folder in set(self._watches) - set(folders):
            assert self._observer is not None
            self._observer.unschedule(self._watches.pop(folder))
        for folder in folders:
            if folder not in self._watches:
                self._add(folder)

    def stop(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer = None

    def _add(self, folder: str) -> None:
        try:
            observer = self._started()
            self._watches[folder] = observer.schedule(_handler(self._tell), folder, recursive=True)
        except OSError as error:
            logger.warning("changes of files in %s are not seen: %s", folder, error)

    def _started(self) -> BaseObserver:
        if self._observer is None:
            from watchdog.observers import Observer

            observer = Observer()
            observer.daemon = True
            observer.start()
            self._observer = observer
        return self._observer

    def _tell(self, path: str) -> None:
        if path.endswith(self._suffixes):
            try:
                self._changed(path)
            except RuntimeError:
                pass  # the loop has ended; so has the interest in files


def _handler(tell: Callable[[str], None]) -> Any:
    from watchdog.events import (
        EVENT_TYPE_CREATED,
        EVENT_TYPE_DELETED,
        EVENT_TYPE_MODIFIED,
        EVENT_TYPE_MOVED,
        FileSystemEvent,
        FileSystemEventHandler,
    )

    kinds = {EVENT_TYPE_CREATED, EVENT_TYPE_DELETED, EVENT_TYPE_MODIFIED, EVENT_TYPE_MOVED}

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            # Opening and reading a file are events too; they would make each look cause the next.
            if not event.is_directory and event.event_type in kinds:
                for path in (event.src_path, event.dest_path):
                    if path:
                        tell(path if isinstance(path, str) else path.decode("utf-8", "surrogateescape"))

    return Handler()

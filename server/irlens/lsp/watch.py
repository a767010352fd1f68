"""Folders watched by `watchdog`, for clients that do not watch files themselves.

`watchdog` is imported when the first folder is watched. Its events come on its own thread.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

logger = logging.getLogger(__name__)


class FolderWatch:
    """Calls `changed(path)`, on a thread of its own, for each event on a file with one of the suffixes.

    A folder may hold a million others, each of which is watched by itself. So folders are taken in hand on a thread, one
    after the other, and what is wanted by then counts. Any thread may call.
    """

    def __init__(self, suffixes: tuple[str, ...], changed: Callable[[str], object]) -> None:
        self._suffixes = suffixes
        self._changed = changed
        self._observer: BaseObserver | None = None
        self._watches: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._wanted: tuple[str, ...] = ()
        self._is_over = False
        self._thread: threading.Thread | None = None

    @property
    def folders(self) -> tuple[str, ...]:
        """Those that are watched by now."""
        return tuple(self._watches)

    def set_folders(self, folders: tuple[str, ...]) -> None:
        """Have exactly these watched, with all below them; returns at once. A folder that cannot be watched is
        logged."""
        with self._lock:
            if not self._is_over:
                self._wanted = folders
                self._go()

    def stop(self) -> None:
        """Watch nothing any more; returns at once."""
        with self._lock:
            self._is_over = True
            self._wanted = ()
            self._go()

    def _go(self) -> None:
        """Whoever calls has the lock."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="irlens-folders", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        """The thread: one folder at a time, until all is as it is wanted."""
        tried: set[str] = set()
        while True:
            with self._lock:
                wanted, is_over = self._wanted, self._is_over
                tried &= set(wanted)
                gone = next((folder for folder in self._watches if folder not in wanted), None)
                new = next((each for each in wanted if each not in self._watches and each not in tried), None)
                if is_over or (gone is None and new is None):
                    self._thread = None
                    break
            if gone is not None:
                assert self._observer is not None
                self._observer.unschedule(self._watches.pop(gone))
            elif new is not None:
                tried.add(new)
                self._add(new)
        if is_over and self._observer is not None:
            self._observer.stop()
            self._observer = None

    def _add(self, folder: str) -> None:
        try:
            observer = self._started()
            handler, kinds = _handler(self._tell)
            self._watches[folder] = observer.schedule(handler, folder, recursive=True, event_filter=kinds)
        except (OSError, RecursionError) as error:
            # watchdog calls itself for each level of a folder
            logger.warning("changes of files in %s are not seen: %s", folder, error)

    def _started(self) -> BaseObserver:
        if self._observer is None:
            from watchdog.observers import Observer

            # Of each folder below /proc that cannot be watched it writes a list of all the others to stderr.
            warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
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


def _handler(tell: Callable[[str], None]) -> tuple[Any, list[Any]]:
    """What takes the events, and their kinds. Opening and reading a file are events too: a compiler that reads thousands of
    headers would keep the thread busy, and each look at a file would cause the next."""
    from watchdog import events

    kinds = [
        events.FileCreatedEvent,
        events.FileModifiedEvent,
        events.FileMovedEvent,
        events.FileDeletedEvent,
        events.DirCreatedEvent,
        events.DirMovedEvent,
    ]

    class Handler(events.FileSystemEventHandler):
        def on_any_event(self, event: events.FileSystemEvent) -> None:
            if not event.is_directory:
                for path in (event.src_path, event.dest_path):
                    if path:
                        tell(path if isinstance(path, str) else path.decode("utf-8", "surrogateescape"))

    return Handler(), kinds

"""A small database in a folder of the user's, for what need not be found out twice.

Nothing in it is needed: one that cannot be opened, or is damaged, is done without.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


class Database:
    """The file at `path`, with the tables that `create` makes. Thread-safe; several processes may use one file."""

    def __init__(self, path: Path, *create: str) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=5, check_same_thread=False)
            self._connection.execute("pragma journal_mode=wal")
            self._connection.execute("pragma synchronous=off")
            for statement in create:
                self._connection.execute(statement)
        except (OSError, sqlite3.Error):
            self._connection = None

    def ask(self, what: Callable[[sqlite3.Connection], Result]) -> Result | None:
        """One transaction; None where the database cannot be used (any more)."""
        try:
            with self._lock:
                if self._connection is None:
                    return None
                with self._connection:
                    return what(self._connection)
        except sqlite3.Error:
            return None

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

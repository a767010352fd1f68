"""Modules whose search came to its end, kept from run to run: a run over many that was stopped goes on where it was.

A search that the clock ended is not kept, so that another run, with its compilations in the cache, goes further.
Nothing here is needed: a file that cannot be used is done without.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
import time
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from irlens.source.positions import to_utf8

MOST_ROWS = 20_000
"""The oldest go past it."""
_ROOMS = ("assist", "emulator", "ir", "llvm", "tuning")


class Finished:
    """Answers in the file at `path`, as data that JSON can hold. Thread-safe; processes may share one file."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(path, timeout=5, check_same_thread=False)
            database.execute("pragma journal_mode=wal")
            database.execute(
                "create table if not exists finished (key blob primary key, at real, answer blob) without rowid"
            )
        except (OSError, sqlite3.Error):
            return
        self._database = database

    def find(self, key: bytes) -> dict[str, Any] | None:
        """The answer, None where there is none."""
        if self._database is None:
            return None
        try:
            with self._lock:
                row = self._database.execute("select answer from finished where key = ?", (key,)).fetchone()
            answer = json.loads(zlib.decompress(row[0])) if row else None
        except (sqlite3.Error, zlib.error, ValueError, TypeError):
            return None
        return answer if isinstance(answer, dict) else None

    def keep(self, key: bytes, answer: dict[str, Any]) -> None:
        """Keep the answer for another run."""
        if self._database is None:
            return
        row = (key, time.time(), zlib.compress(json.dumps(answer).encode(), 3))
        with contextlib.suppress(sqlite3.Error), self._lock, self._database:
            self._database.execute("insert or replace into finished values (?,?,?)", row)

    def close(self) -> None:
        """Forget the oldest surplus and close the file."""
        if self._database is None:
            return
        with contextlib.suppress(sqlite3.Error), self._lock, self._database:
            self._database.execute(
                "delete from finished where key in (select key from finished order by at desc limit -1 offset ?)",
                (MOST_ROWS,),
            )
        self._database.close()
        self._database = None


def key_of(ir: str, *settings: object) -> bytes:
    """Names the answer: the module, everything that it depends on, and irlens itself as it is installed."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (_own(), ir, *settings):
        digest.update(to_utf8(f"{len(str(part))}:{part}\n"))
    return digest.digest()


@cache
def _own() -> str:
    """Of the code and data that make the answer: another irlens may come to another."""
    package = Path(__file__).parents[1]
    digest = hashlib.blake2b(digest_size=16)
    for room in _ROOMS:
        for file in sorted((package / room).rglob("*")):
            if file.suffix in (".py", ".json", ".ll"):
                about = file.stat()
                digest.update(f"{file.relative_to(package)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()

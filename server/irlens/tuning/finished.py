"""Modules whose search came to its end, kept from run to run: a run over many that was stopped goes on where it was.

A search that the clock ended is not kept, so that another run, with its compilations in the cache, goes further.
Nothing here is needed: a file that cannot be used is done without.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from irlens.database import Damaged, Database, seal_of
from irlens.source.positions import to_utf8

MOST_ROWS = 20_000
"""The oldest go past it."""
MOST_BYTES = 64 << 20
"""Of an answer: the largest module is smaller."""
MOST_PARTS = 4_000_000
"""Commas and opening brackets in an answer, those within texts counted: a list of empty lists takes thirty times the memory
of its text."""
_TABLE = "create table finished (key blob primary key, at real, answer blob, seal blob) without rowid"
_ROOMS = ("assist", "emulator", "ir", "llvm", "tuning")


class Finished:
    """Answers in the file at `path`, as data that JSON can hold. Thread-safe; processes may share one file."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _TABLE)

    def find(self, key: bytes) -> dict[str, Any] | None:
        """The answer, None where there is none."""

        def look(database: sqlite3.Connection) -> dict[str, Any] | None:
            row = database.execute("select answer, seal from finished where key = ?", (key,)).fetchone()
            if row is None:
                return None
            packed, seal = row
            if not isinstance(packed, bytes) or seal != seal_of(key, packed):
                raise Damaged
            return _unpacked(packed)

        return self._database.ask(look)

    def keep(self, key: bytes, answer: dict[str, Any]) -> None:
        """Keep the answer for another run."""
        packed = zlib.compress(json.dumps(answer).encode(), 3)
        row = (key, time.time(), packed, seal_of(key, packed))
        self._database.ask(
            lambda database: database.execute("insert or replace into finished values (?,?,?,?)", row)
        )

    def close(self) -> None:
        """Forget the oldest surplus and close the file."""
        self._database.ask(_forget)
        self._database.close()


def _unpacked(packed: bytes) -> dict[str, Any]:
    """Raises `Damaged` for what `keep` would not have written."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, MOST_BYTES)
        if not unpacker.eof or sum(map(text.count, (b",", b"[", b"{"))) > MOST_PARTS:
            raise Damaged
        found = json.loads(text)
    except (zlib.error, ValueError, RecursionError):
        raise Damaged from None
    if not isinstance(found, dict):
        raise Damaged
    return found


def _forget(database: sqlite3.Connection) -> None:
    database.execute(
        "delete from finished where key in (select key from finished order by at desc limit -1 offset ?)",
        (MOST_ROWS,),
    )


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

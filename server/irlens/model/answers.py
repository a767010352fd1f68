"""Answers of models, kept from run to run: the same question to the same weights has the same answer.

A key is the hash of the weights' identity, of the engine with its version, of the context, the prompt and the
options; the text kept is the reply. An answer that was cut short by a cancel is not kept, nor is one of a server,
whose weights may change behind its address. `bytes` bounds what is kept; the answers not asked for longest go first.
How fast a model was is kept here too, so that a wait can be told before it begins.
"""

from __future__ import annotations

import hashlib
import json
import math
import sqlite3
import time
from dataclasses import asdict
from pathlib import Path

from irlens.database import Damaged, Database, seal_of
from irlens.model.types import GenerateOptions, Generation

FILE_NAME = "answers.sqlite"
DEFAULT_BYTES = 64 << 20
_ANSWERS = (
    "create table answers (key blob primary key, text blob, prompt_tokens integer, tokens integer, "
    "stopped text, bytes integer, used real, seal blob) without rowid"
)
_SPEEDS = "create table speeds (model text primary key, reading real, writing real) without rowid"
_MOST_TOKENS = 1 << 31
_ROW = 120
"""Bytes of a row beside its text, about."""


class Answers:
    """Kept in the file at `path`, at most `most_bytes` of text and rows. Thread-safe; processes may share a file."""

    def __init__(self, path: Path, most_bytes: int = DEFAULT_BYTES) -> None:
        self._most = most_bytes
        self._database = Database(path, _ANSWERS, _SPEEDS)

    def find(self, key: bytes) -> Generation | None:
        """The answer, marked as kept, with no time spent on it."""

        def look(database: sqlite3.Connection) -> Generation | None:
            row = database.execute(
                "select text, prompt_tokens, tokens, stopped, seal from answers where key = ?", (key,)
            ).fetchone()
            if row is None:
                return None
            text, prompt_tokens, tokens, stopped, seal = row
            # The seal says that the row is as somebody wrote it, and not who did.
            counts = all(type(each) is int and 0 <= each < _MOST_TOKENS for each in (prompt_tokens, tokens))
            if seal != seal_of(key, *row[:-1]) or not isinstance(text, bytes) or not counts:
                raise Damaged
            if stopped not in ("end", "length", "stop"):
                raise Damaged
            read = text.decode("utf-8", "surrogatepass")
            return Generation(read, prompt_tokens, tokens, 0.0, 0.0, stopped, kept=True)

        found = self._database.ask(look)
        if found is None:
            return None
        self._database.ask(
            lambda database: database.execute("update answers set used = ? where key = ?", (time.time(), key))
        )
        return found

    def keep(self, key: bytes, answer: Generation) -> None:
        """Keep a whole answer; others are left out."""
        if answer.stopped == "cancelled" or answer.kept:
            return
        text = answer.text.encode("utf-8", "surrogatepass")
        size = len(text) + _ROW
        values = (text, answer.prompt_tokens, answer.tokens, answer.stopped)
        row = (key, *values, size, time.time(), seal_of(key, *values))
        if size <= self._most:
            self._database.ask(
                lambda database: database.execute(
                    "insert or replace into answers values (?,?,?,?,?,?,?,?)", row
                )
            )
            self._database.ask(self._bound)

    def speeds(self, model: str) -> tuple[float, float] | None:
        """Tokens a second that the model last read and wrote; 0 for what is not known."""

        def look(database: sqlite3.Connection) -> tuple[float, float] | None:
            row = database.execute(
                "select reading, writing from speeds where model = ?", (_spelled(model),)
            ).fetchone()
            if row is not None and not all(type(each) is float and 0 <= each < math.inf for each in row):
                raise Damaged
            return row

        return self._database.ask(look)

    def keep_speeds(self, model: str, reading: float, writing: float) -> None:
        self._database.ask(
            lambda database: database.execute(
                "insert or replace into speeds values (?,?,?)", (_spelled(model), reading, writing)
            )
        )

    def close(self) -> None:
        self._database.close()

    def _bound(self, database: sqlite3.Connection) -> None:
        (total,) = database.execute("select coalesce(sum(bytes), 0) from answers").fetchone()
        if type(total) is not int:
            raise Damaged
        if total <= self._most:
            return
        surplus = total - self._most * 3 // 4  # not for every answer again
        dropped = []
        for key, size in database.execute("select key, bytes from answers order by used"):
            if surplus <= 0:
                break
            if type(size) is not int:
                raise Damaged
            dropped.append((key,))
            surplus -= size
        database.executemany("delete from answers where key = ?", dropped)


def _spelled(model: str) -> str:
    """The name, in letters that SQLite takes: that of a file need not be text."""
    return model.encode("utf-8", "backslashreplace").decode()


def key_of(identity: str, engine: str, context: int, prompt: str, options: GenerateOptions) -> bytes:
    """The key of a question: 32 bytes."""
    parts = [identity, engine, str(context), json.dumps(asdict(options), sort_keys=True), prompt]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()

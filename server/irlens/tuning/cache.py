"""Results of compilations, kept from run to run: a small database in the user's cache folder.

A key is the content of the module, who compiled (name and version), the objective and the list. What was late is not
kept: another time it may not be. Nothing here is needed: a cache that cannot be used is done without.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from irlens.database import Damaged, Database, seal_of
from irlens.source.positions import to_utf8
from irlens.tuning.evaluation import Evaluation

MOST_ROWS = 400_000
"""About 100 MB. Past it a quarter of them goes."""
_KEPT = ("measured", "refused", "crashed")
_TABLE = (
    "create table results (key blob primary key, value integer, bytes integer, digest text, how text, why text, "
    "seal blob) without rowid"
)


class Cache:
    """Results in the file at `path`. Thread-safe; several processes may use one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path, _TABLE)

    def find(self, scope: str, lists: Sequence[str]) -> dict[str, Evaluation]:
        """What is known of the lists in the scope (see `scope_of`)."""
        keys = {_key(scope, passes): passes for passes in lists}
        marks = ",".join("?" * len(keys))
        question = f"select key, value, bytes, digest, how, why, seal from results where key in ({marks})"

        def look(database: sqlite3.Connection) -> dict[str, Evaluation]:
            found = {}
            for key, *values, seal in database.execute(question, list(keys)):
                if seal != seal_of(key, *values) or not _has_form(*values):
                    raise Damaged
                found[keys[key]] = Evaluation(keys[key], *values)
            return found

        return (self._database.ask(look) if keys else None) or {}

    def keep(self, scope: str, results: Iterable[Evaluation]) -> None:
        """Keep those that will be the same another time."""
        rows = []
        for each in results:
            if each.how in _KEPT:
                key, why = _key(scope, each.passes), each.why[:500].encode("utf-8", "replace").decode()
                values = (each.value, each.bytes, each.digest, each.how, why)
                rows.append((key, *values, seal_of(key, *values)))
        if rows:
            self._database.ask(
                lambda database: database.executemany(
                    "insert or replace into results values (?,?,?,?,?,?,?)", rows
                )
            )

    def close(self) -> None:
        """Forget surplus rows and close the file."""
        self._database.ask(_forget)
        self._database.close()


def _has_form(value: object, size: object, digest: object, how: object, why: object) -> bool:
    """Whether a row has what `keep` writes: a seal says only that it is as somebody wrote it."""
    is_measured = type(value) is int and value >= 0
    return (
        (is_measured or (value is None and how != "measured"))
        and type(size) is int
        and isinstance(digest, str)
        and how in _KEPT
        and isinstance(why, str)
    )


def _forget(database: sqlite3.Connection) -> None:
    # Of a table that is counted whole SQLite does not say how far it is, so that nothing could end it.
    (count,) = database.execute(
        "select count(*) from (select 1 from results limit ?)", (2 * MOST_ROWS,)
    ).fetchone()
    if count > MOST_ROWS:  # keys are hashes: any quarter is as good as another
        surplus = count - MOST_ROWS * 3 // 4
        database.execute("delete from results where key in (select key from results limit ?)", (surplus,))


class Memory(Cache):
    """The same for one process, where nothing is to be written."""

    def __init__(self) -> None:
        super().__init__(Path(":memory:"))


def scope_of(ir: str, compiler: str, objective: str) -> str:
    """The part of a key that all lists of a search share."""
    content = hashlib.blake2b(to_utf8(ir), digest_size=16).hexdigest()
    return f"{content} {compiler} {objective}"


def _key(scope: str, passes: str) -> bytes:
    text = to_utf8(f"{scope}\n{passes}")
    return hashlib.blake2b(text, digest_size=16).digest()

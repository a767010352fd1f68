"""Damaged caches: whatever is in the file, it is done without.

A case is the name of the cache's file, a line end, and the file itself.
"""

from __future__ import annotations

import functools
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fuzz.broken import Broken, escaped
from fuzz.sandbox import Sandbox
from irlens.model.answers import FILE_NAME, Answers, key_of
from irlens.model.types import GenerateOptions, Generation
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.finished import Finished

_KEY = key_of("weights", "engine", 2048, "prompt", GenerateOptions())
_ANSWER = Generation("a reply", 9, 3, 1.0, 1.0, "stop")
_RESULT = Evaluation("default<Oz>", 100, 100, "digest", "measured", "")


def _use_answers(path: Path) -> None:
    answers = Answers(path)
    found = answers.find(_KEY)
    if found is not None and not isinstance(found.text, str):
        raise Broken("a damaged cache gives an answer that is no text", repr(found)[:300])
    speeds = answers.speeds("model")
    if speeds is not None and not all(isinstance(speed, int | float) for speed in speeds):
        raise Broken("a damaged cache gives a speed that is no number", repr(speeds)[:300])
    answers.keep(_KEY, _ANSWER)
    answers.keep_speeds("model", 1.0, 2.0)
    answers.close()


def _use_results(path: Path) -> None:
    cache = Cache(path)
    for found in cache.find("scope", ["default<Oz>", "gvn"]).values():
        if not (
            isinstance(found.value, int | None)
            and isinstance(found.bytes, int | None)
            and isinstance(found.why, str)
        ):
            raise Broken("a damaged cache gives a result of other types", repr(found)[:300])
    cache.keep("scope", [_RESULT])
    cache.close()


def _use_finished(path: Path) -> None:
    finished = Finished(path)
    finished.find(b"key")
    finished.keep(b"key", {"a": 1})
    finished.close()


DOORS: dict[str, Callable[[Path], None]] = {
    FILE_NAME: _use_answers,
    "tune.sqlite": _use_results,
    "tuned.sqlite": _use_finished,
}


@functools.cache
def _whole(name: str) -> bytes:
    """A sound file with rows in it; small pages, so that a case is small."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        connection = sqlite3.connect(path)
        connection.execute("pragma page_size=512")
        connection.execute("vacuum")
        connection.close()
        DOORS[name](path)
        connection = sqlite3.connect(path)
        connection.execute("pragma journal_mode=delete")  # one file, nothing in a log beside it
        connection.close()
        return path.read_bytes()


def _with_values(name: str, values: list[Any]) -> bytes:
    """The sound file with other values in its rows, of types that the columns are not made for."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(_whole(name))
        connection = sqlite3.connect(path)
        tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})")][1:]
            for column, value in zip(columns, values, strict=False):
                if value is not ...:
                    connection.execute(f"update {table} set {column} = ?", (value,))
        connection.commit()
        connection.close()
        return path.read_bytes()


_ODD = st.sampled_from([..., ..., None, "text", b"\xff\xfe", -1, 2**63 - 1, 1e308, "", b"", float("inf")])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    name = draw(st.sampled_from(sorted(DOORS)))
    how = draw(st.integers(0, 4))
    if how == 0:
        data = bytearray(_with_values(name, draw(st.lists(_ODD, min_size=7, max_size=7))))
    else:
        data = bytearray(_whole(name))
    if how in (1, 2):
        # The head and the schema are where one bit matters most.
        place = st.integers(0, 1023) | st.integers(0, len(data) - 1)
        for at in draw(st.lists(place, min_size=1, max_size=4)):
            data[min(at, len(data) - 1)] ^= 1 << draw(st.integers(0, 7))
    elif how == 3:
        data = data[: draw(st.integers(0, len(data)))]
    elif how == 4:
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + 16] = draw(st.binary(min_size=1, max_size=64))
    return name.encode() + b"\n" + bytes(data)


class Caches:
    name = "caches"

    def __init__(self, sandbox: Sandbox) -> None:
        self._folder = sandbox.root / "data" / "caches"
        self._folder.mkdir(exist_ok=True)

    def cases(self) -> st.SearchStrategy[bytes]:
        return damaged()

    def pieces(self, case: bytes) -> None:
        return None

    def check(self, case: bytes) -> None:
        name, _, data = case.partition(b"\n")
        door = DOORS[name.decode()]
        for old in self._folder.iterdir():  # the log beside the last one too
            old.unlink()
        path = self._folder / name.decode()
        path.write_bytes(data)
        for times in ("once", "again"):
            try:
                door(path)
            except Broken:
                raise
            except Exception as error:
                raise escaped(error, f"{name.decode()} opened {times}") from error

    def finish(self) -> dict[str, str]:
        return {}

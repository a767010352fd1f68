"""Rows of a cache that are sealed and hold no answer: whoever made the file can make seals."""

from __future__ import annotations

import copy
import json
import math
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from irlens.database import seal_of
from irlens.model.answers import Answers
from irlens.model.types import Generation
from irlens.tuning import finished
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.finished import Finished
from irlens.tuning.kept_form import is_report

REPORT: dict[str, Any] = {
    "objective": {"what": "size", "codegen": "-Oz", "unit": "bytes"},
    "before": {"bytes": 28},
    "oz": {"bytes": 16, "without_attributes": None},
    "attributes": {"lacking": 0, "functions": 1, "optnone": [], "optnone_words": None, "opt_options": ["-x"]},
    "best": {"bytes": 16, "passes": "gvn", "as_text": 16},
    "saved": 0.0,
    "model": {"passes": "gvn", "bytes": 16, "note": ""},
    "why_no_model_list": None,
    "tried": [{"passes": "gvn", "bytes": 16}],
    "left_out": [{"passes": "dce", "how": "refused", "why": "why"}],
    "compilations": 3,
    "compiled": 3,
    "why_ended": "budget",
    "by": "opt 19.1.7",
    "not_searched": None,
    "guard": {
        "agreed": ["f"],
        "unknown": [{"name": "g", "why": "why"}],
        "broken": [],
        "commonest": "",
        "inputs": 64,
        "seconds": 0.1,
    },
    "seconds": 1.5,
}


def places(value: Any, *way: Any) -> Iterator[tuple[Any, ...]]:
    """Every place in it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*way, key)
        yield from places(each, *way, key)


def changed(way: tuple[Any, ...], to: Any) -> dict[str, Any]:
    made = copy.deepcopy(REPORT)
    there = made
    for key in way[:-1]:
        there = there[key]
    there[way[-1]] = to
    return made


def test_what_was_written_is_a_report() -> None:
    assert is_report(REPORT)
    assert is_report(json.loads(json.dumps(REPORT)))
    assert is_report({**REPORT, "model": None, "guard": None, "why_no_model_list": "none was asked"})


@pytest.mark.parametrize("way", list(places(REPORT)), ids=lambda way: ".".join(map(str, way)))
def test_no_part_may_be_anything_else(way: tuple[Any, ...]) -> None:
    for other in (True, -1, math.nan, math.inf, 10**400, object(), [object()], {"odd": 1}):
        if way == ("saved",) and other == -1:
            continue  # nothing was smaller than what takes no search
        assert not is_report(changed(way, other)), other
    if isinstance(way[-1], str):
        made = changed(way, None)
        there = made
        for key in way[:-1]:
            there = there[key]
        del there[way[-1]]
        assert not is_report(made)


def sealed(path: Path, table: str, key: bytes, values: tuple[Any, ...], columns: str) -> None:
    with sqlite3.connect(path) as database:
        marks = ",".join("?" * len(columns.split(",")))
        row = {"key": key, "at": 1.0, "used": 1.0, "seal": seal_of(key, *values)}
        rest = iter(values)
        whole = [row[name] if name in row else next(rest) for name in columns.split(",")]
        database.execute(f"insert or replace into {table} values ({marks})", whole)


@pytest.mark.parametrize(
    "packed",
    [
        None,
        5,
        "text",
        zlib.compress(b"[1]"),
        zlib.compress(b'{"a":[' + b"[]," * 3_000_000 + b"[]]}", 9),
    ],
    ids=["null", "number", "text", "list", "bomb"],
)
def test_a_finished_search_that_is_none_is_begun_anew(tmp_path: Path, packed: Any) -> None:
    path = tmp_path / "tuned.sqlite"
    Finished(path).close()
    sealed(path, "finished", b"k", (packed,), "key,at,answer,seal")
    path.chmod(0o600)
    kept = Finished(path)
    assert kept.find(b"k") is None
    kept.keep(b"k", {"a": 1})
    assert kept.find(b"k") == {"a": 1}
    kept.close()


def test_an_answer_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zlib.compress(json.dumps({"a": list(range(100))}).encode())
    assert finished._unpacked(packed)["a"][99] == 99
    monkeypatch.setattr(finished, "MOST_PARTS", 100)
    with pytest.raises(finished.Damaged):
        finished._unpacked(packed)


@pytest.mark.parametrize(
    "values",
    [
        ("text", 1, 1, "end"),
        (None, 1, 1, "end"),
        (b"\xff", 1, 1, "end"),
        (b"text", "one", 1, "end"),
        (b"text", 1, -1, "end"),
        (b"text", 1, 2**40, "end"),
        (b"text", 1, 1, "cancelled"),
        (b"text", 1, 1, b"end"),
    ],
    ids=str,
)
def test_a_kept_reply_that_is_none_is_not_given(tmp_path: Path, values: tuple[Any, ...]) -> None:
    path = tmp_path / "answers.sqlite"
    Answers(path).close()
    with sqlite3.connect(path) as database:
        database.execute(
            "insert into answers values (?,?,?,?,?,?,?,?)", (b"k", *values, 100, 1.0, seal_of(b"k", *values))
        )
    path.chmod(0o600)
    kept = Answers(path)
    assert kept.find(b"k") is None
    right = Generation("text", 1, 1, 1.0, 1.0, "end")
    kept.keep(b"k", right)
    found = kept.find(b"k")
    assert found is not None
    assert found.text == "text"
    kept.close()


@pytest.mark.parametrize(
    "values",
    [
        (-1, 1, "d", "measured", ""),
        (None, 1, "d", "measured", ""),
        ("one", 1, "d", "measured", ""),
        (1, None, "d", "measured", ""),
        (1, 1, b"d", "measured", ""),
        (1, 1, "d", "forbidden", ""),
        (1, 1, "d", "measured", None),
    ],
    ids=str,
)
def test_a_kept_measurement_that_is_none_is_not_given(tmp_path: Path, values: tuple[Any, ...]) -> None:
    path = tmp_path / "tune.sqlite"
    cache = Cache(path)
    cache.keep("scope", [Evaluation("gvn", 1, 1, "d")])
    cache.close()
    with sqlite3.connect(path) as database:
        ((key,),) = database.execute("select key from results")
        database.execute(
            "insert or replace into results values (?,?,?,?,?,?,?)", (key, *values, seal_of(key, *values))
        )
    cache = Cache(path)
    assert cache.find("scope", ["gvn"]) == {}
    cache.close()

"""Caches whose pages are shared between many branches of a tree, which SQLite visits once for each way to them: 20 to the
17th power of them here. Opening one, and what looks at all of a table, ends all the same."""

from __future__ import annotations

import os
import sqlite3
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from irlens import notices
from irlens.database import FORM, MOST_WORK_S
from irlens.model import answers
from irlens.model.answers import Answers
from irlens.model.types import Generation
from irlens.tuning import cache, finished
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.finished import Finished

_PAGE = 4096
_LEVELS, _FAN = 17, 20
_TABLE_LEAF, _TABLE_INNER, _INDEX_INNER = 13, 5, 2


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_said", set())


def page(kind: int, cells: list[bytes], right: int = 0, header: int = 0) -> bytes:
    """A b-tree page; https://www.sqlite.org/fileformat.html, "B-tree Pages"."""
    made = bytearray(_PAGE)
    at, pointers = _PAGE, []
    for cell in cells:
        at -= len(cell)
        made[at : at + len(cell)] = cell
        pointers.append(at)
    head = struct.pack(">BHHHB", kind, 0, len(cells), at, 0)
    head += struct.pack(">I", right) if kind in (_TABLE_INNER, _INDEX_INNER) else b""
    head += b"".join(struct.pack(">H", pointer) for pointer in pointers)
    made[header : header + len(head)] = head
    return bytes(made)


def cells_of(raw: bytes, header: int) -> list[bytes]:
    (count,) = struct.unpack(">H", raw[header + 3 : header + 5])
    starts = struct.unpack(f">{count}H", raw[header + 8 : header + 8 + 2 * count])
    ends = [*sorted(starts), _PAGE]
    return [raw[start : ends[ends.index(start) + 1]] for start in starts]


def begun(path: Path, *tables: str) -> bytearray:
    """The bytes of an empty cache."""
    made = sqlite3.connect(path)
    made.execute(f"pragma page_size={_PAGE}")
    for table in tables:
        made.execute(table)
    made.execute(f"pragma user_version={FORM}")
    made.close()
    return bytearray(path.read_bytes())


def written(path: Path, raw: bytearray) -> None:
    raw[28:32] = struct.pack(">I", len(raw) // _PAGE)
    path.write_bytes(raw)
    os.chmod(path, 0o600)


def endless_schema(path: Path, *tables: str) -> None:
    """The table of tables is such a tree: each of its leaves says again that the table has its index."""
    raw = begun(path, *tables)
    name = tables[0].split()[2].encode()
    index, last = b"sqlite_autoindex_" + name + b"_1", len(raw) // _PAGE
    record = bytes([6, 23, 13 + 2 * len(index), 13 + 2 * len(name), 1, 0]) + b"index" + index + name
    row = bytes([len(record) + 1, 101]) + record + bytes([2])
    first = last + 3
    real = page(_TABLE_LEAF, cells_of(bytes(raw[:_PAGE]), 100))
    more = [real, page(_TABLE_LEAF, [row] * 20)]
    for level in range(_LEVELS):
        below = first + level + 1 if level + 1 < _LEVELS else last + 2
        more.append(page(_TABLE_INNER, [struct.pack(">IB", below, 100)] * _FAN, below))
    top = page(_TABLE_INNER, [struct.pack(">IB", last + 1, 100)], first, 100)
    raw[100:_PAGE] = top[100:]
    written(path, raw + b"".join(more))


def endless_table(path: Path, *tables: str) -> None:
    """The first table is such a tree, of one row that the product wrote itself."""
    use = next(use for its, use in USES.values() if its == tables)
    use(path, b"k" * 16)
    raw = bytearray(path.read_bytes())
    asked = sqlite3.connect(path)
    (root,) = asked.execute(
        "select rootpage from sqlite_master where name=?", (tables[0].split()[2],)
    ).fetchone()
    asked.close()
    at, last = (root - 1) * _PAGE, len(raw) // _PAGE
    leaf = bytes(raw[at : at + _PAGE])
    [row] = cells_of(leaf, 0)
    more = []
    for level in range(_LEVELS):
        below = last + level + 1
        more.append(page(_INDEX_INNER, [struct.pack(">I", below) + row] * _FAN, below))
    raw[at : at + _PAGE] = more[0]
    written(path, raw + b"".join(more[1:]) + leaf)


def tune(path: Path, key: bytes = b"z" * 16) -> None:
    opened = Cache(path)
    opened.keep(key.hex(), [Evaluation("a", 1, 2, "d")])
    opened.close()


def tuned(path: Path, key: bytes = b"z" * 16) -> None:
    opened = Finished(path)
    opened.keep(key, {"report": {}})
    opened.close()


def answered(path: Path, key: bytes = b"z" * 16) -> None:
    opened = Answers(path)
    opened.keep(key, Generation("reply", 1, 2, 1.0, 0.5, "stop"))
    opened.close()


USES: dict[str, tuple[tuple[str, ...], Callable[..., None]]] = {
    "tune": ((cache._TABLE,), tune),
    "tuned": ((finished._TABLE,), tuned),
    "answers": ((answers._ANSWERS, answers._SPEEDS), answered),
}


@pytest.mark.parametrize("made", [endless_schema, endless_table])
@pytest.mark.parametrize("kind", USES)
def test_a_tree_without_end_is_given_up(kind: str, made: Callable[..., None], tmp_path: Path) -> None:
    tables, use = USES[kind]
    path = tmp_path / "cache.sqlite"
    made(path, *tables)
    began = time.thread_time()
    use(path)
    assert time.thread_time() - began < 3 * MOST_WORK_S
    if made is endless_schema:
        assert (tmp_path / "cache.sqlite.damaged").exists()
        use(path)  # the new one serves

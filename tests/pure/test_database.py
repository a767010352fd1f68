"""Caches that are damaged, locked, foreign or another's: done without or begun anew, at once, and said once."""

from __future__ import annotations

import logging
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irlens import database as databases
from irlens import notices
from irlens.database import PATIENCE_S, Damaged, Database, seal_of
from irlens.model.answers import Answers
from irlens.model.types import Generation
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.finished import Finished

SERVER = str(Path(databases.__file__).parents[1])
posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="owners and modes of POSIX")
LISTS = [Evaluation(f"list {number}", number, number + 1, f"{number:x}") for number in range(60)]
KEYS = [bytes([number]) * 16 for number in range(30)]
REPORTS = [{"report": {"oz": {"bytes": number}}, "ir": f"define void @f{number}()"} for number in range(30)]
REPLIES = [Generation(f"reply {number}" * 5, number, number + 2, 1.0, 0.5, "stop") for number in range(30)]


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has said nothing and waited for nobody yet."""
    monkeypatch.setattr(notices, "_said", set())
    databases._impatient.clear()


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "irlens.notices"]


def fill_tune(path: Path) -> None:
    cache = Cache(path)
    cache.keep("scope", LISTS)
    cache.close()


def read_tune(path: Path) -> None:
    cache = Cache(path)
    found = cache.find("scope", [each.passes for each in LISTS])
    assert all(found[each.passes] == each for each in LISTS if each.passes in found)
    cache.keep("scope", LISTS)
    again = cache.find("scope", [each.passes for each in LISTS])
    assert all(again[each.passes] == each for each in LISTS if each.passes in again)
    cache.close()


def fill_finished(path: Path) -> None:
    finished = Finished(path)
    for key, report in zip(KEYS, REPORTS, strict=True):
        finished.keep(key, report)
    finished.close()


def read_finished(path: Path) -> None:
    finished = Finished(path)
    for key, report in zip(KEYS, REPORTS, strict=True):
        assert finished.find(key) in (None, report)
        finished.keep(key, report)
        assert finished.find(key) in (None, report)
    finished.close()


def fill_answers(path: Path) -> None:
    answers = Answers(path)
    for key, reply in zip(KEYS, REPLIES, strict=True):
        answers.keep(key, reply)
    answers.keep_speeds("model", 100.0, 20.0)
    answers.close()


def read_answers(path: Path) -> None:
    answers = Answers(path, most_bytes=4000)  # so that old ones are dropped
    for key, reply in zip(KEYS, REPLIES, strict=True):
        found = answers.find(key)
        assert found is None or (found.text, found.tokens) == (reply.text, reply.tokens)
        answers.keep(key, reply)
    speeds = answers.speeds("model")
    assert speeds is None or all(type(each) is float and each >= 0 for each in speeds)
    answers.keep_speeds("model", 100.0, 20.0)
    answers.close()


KINDS: dict[str, tuple[Callable[[Path], None], Callable[[Path], None]]] = {
    "tune.sqlite": (fill_tune, read_tune),
    "tuned.sqlite": (fill_finished, read_finished),
    "answers.sqlite": (fill_answers, read_answers),
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("real")
    for name, (fill, _) in KINDS.items():
        fill(folder / name)
    return {name: (folder / name).read_bytes() for name in KINDS}


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("place")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("name", KINDS)
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_damage_to_a_real_file_is_survived_and_no_row_is_believed_that_was_not_written(
    name: str, real: dict[str, bytes], place: Path, data: st.DataObject
) -> None:
    content = bytearray(real[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(
            st.one_of(st.integers(0, len(content) - 1), st.integers(0, min(1200, len(content) - 1)))
        )
        match data.draw(st.sampled_from(["bit", "byte", "piece", "cut", "move"])):
            case "bit":
                content[at] ^= 1 << data.draw(st.integers(0, 7))
            case "byte":
                content[at] = data.draw(st.integers(0, 255))
            case "piece":
                content[at : at + 40] = data.draw(st.binary(min_size=40, max_size=40))
            case "cut":
                del content[max(at, 100) :]
            case "move":
                other = data.draw(st.integers(0, len(content) - 1))
                content[at : at + 200], content[other : other + 200] = (
                    content[other : other + 200],
                    content[at : at + 200],
                )
        if len(content) < 2:
            break
    for old in place.iterdir():
        old.unlink()
    path = place / name
    path.write_bytes(content)
    path.chmod(0o600)
    KINDS[name][1](path)
    KINDS[name][1](path)


@pytest.mark.parametrize("name", KINDS)
def test_any_bit_of_the_schemas_text_is_survived(name: str, real: dict[str, bytes], place: Path) -> None:
    begin = real[name].index(b"CREATE TABLE") - 60
    end = real[name].rindex(b") without rowid") + 15
    for at in range(begin, end):
        content = bytearray(real[name])
        content[at] ^= 1 << (7 if at % 3 else at % 8)
        for old in place.iterdir():
            old.unlink()
        (place / name).write_bytes(content)
        (place / name).chmod(0o600)
        KINDS[name][1](place / name)


VALUES: list[Any] = [None, 0, -1, 2**62, 1.5, float("inf"), "", "text", "\0", b"", b"\xff\xfe", b"x" * 100]


@pytest.mark.parametrize("name", KINDS)
def test_rows_of_any_type_are_survived(name: str, tmp_path: Path) -> None:
    fill, read = KINDS[name]
    rng = random.Random(1)
    path = tmp_path / name
    for _ in range(25):
        for old in tmp_path.iterdir():
            old.unlink()
        fill(path)
        with sqlite3.connect(path) as raw:
            for (table,) in raw.execute("select name from sqlite_master").fetchall():
                columns = [row[1] for row in raw.execute(f"pragma table_info({table})")]
                key = columns[0]
                for (each,) in raw.execute(f"select {key} from {table}").fetchall():
                    if rng.random() < 0.3:
                        column = rng.choice(columns[1:])
                        raw.execute(
                            f"update {table} set {column} = ? where {key} = ?", (rng.choice(VALUES), each)
                        )
        raw.close()
        read(path)
        read(path)


def test_rows_that_changed_places_are_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "tuned.sqlite"
    fill_finished(path)
    with sqlite3.connect(path) as raw:
        other = raw.execute("select answer, seal from finished where key = ?", (KEYS[1],)).fetchone()
        raw.execute("update finished set answer = ?, seal = ? where key = ?", (*other, KEYS[0]))
    raw.close()
    finished = Finished(path)
    assert finished.find(KEYS[0]) is None
    finished.keep(KEYS[0], REPORTS[0])
    assert finished.find(KEYS[0]) == REPORTS[0], "it was begun anew"
    finished.close()


@pytest.mark.parametrize(
    "packed",
    [
        zlib.compress(b"[1]"),
        zlib.compress(b"{"),
        zlib.compress(b"[" * 100_000),
        b"no stream",
        zlib.compress(b'{"a": "' + b" " * 5_000_000 + b'"}'),
        zlib.compress(b"{}")[:-3],
    ],
    ids=["a list", "no JSON", "nested", "not packed", "a bomb", "cut off"],
)
def test_sealed_rows_that_hold_no_answer_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bytes
) -> None:
    """A row of 2 MB became 4 GB of memory, and one that was no answer ended every later run."""
    monkeypatch.setattr("irlens.tuning.finished.MOST_BYTES", 1 << 20)
    path = tmp_path / "tuned.sqlite"
    fill_finished(path)
    with sqlite3.connect(path) as raw:
        row = (packed, seal_of(KEYS[0], packed), KEYS[0])
        raw.execute("update finished set answer = ?, seal = ? where key = ?", row)
    raw.close()
    finished = Finished(path)
    assert finished.find(KEYS[0]) is None
    finished.keep(KEYS[0], REPORTS[0])
    assert finished.find(KEYS[0]) == REPORTS[0]
    finished.close()


FOREIGN: dict[str, list[str]] = {
    "another table": ["create table places (url text)"],
    "ours with another column": ["create table results (key blob, seal blob)", "pragma user_version=2"],
    "a trigger": [
        "pragma user_version=2",
        "create trigger t after insert on results begin delete from results; end",
    ],
    "a view": ["drop table results", "create view results as select 1 as key", "pragma user_version=2"],
    "an endless view": [
        "drop table results",
        "create view results as with recursive n(x) as (select 1 union all select x+1 from n) select x as key from n",
    ],
    "a check": ["drop table results", "create table results (key blob check (randomblob(1000000000) > 1))"],
    "a later form": ["pragma user_version=3"],
}


@pytest.mark.parametrize("case", FOREIGN)
def test_a_schema_of_others_is_put_aside(case: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "tune.sqlite"
    if case not in ("another table", "ours with another column"):
        fill_tune(path)
    with sqlite3.connect(path) as raw:
        for statement in FOREIGN[case]:
            raw.execute(statement)
    raw.close()
    path.chmod(0o600)
    before = path.read_bytes()
    read_tune(path)
    cache = Cache(path)
    assert len(cache.find("scope", [each.passes for each in LISTS])) == len(LISTS)
    cache.close()
    assert path.with_name("tune.sqlite.damaged").read_bytes() == before
    [message] = said(caplog)
    assert str(path) in message


def test_what_an_earlier_version_wrote_goes_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "tune.sqlite"
    with sqlite3.connect(path) as raw:
        raw.execute(
            "create table if not exists results (key blob primary key, value integer, bytes integer, "
            "digest text, how text, why text) without rowid"
        )
    raw.close()
    path.chmod(0o600)
    read_tune(path)
    assert said(caplog) == []
    assert not path.with_name("tune.sqlite.damaged").exists()


@pytest.mark.parametrize(
    "what", ["folder", "pipe", "socket", "/dev/zero", "/dev/full", "a link to nothing", "parent"]
)
def test_what_is_no_file_is_done_without_and_stays(
    what: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "cache" / "tune.sqlite"
    if what == "parent":
        path.parent.write_text("a file")
    else:
        path.parent.mkdir(mode=0o700)
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "socket":
        import socket

        os.chdir(path.parent)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("tune.sqlite")
    elif what != "parent":
        path.symlink_to(what if what.startswith("/") else "nowhere")
    before = path.parent.lstat() if what == "parent" else path.lstat()
    for _ in range(2):
        read_tune(path)
    after = path.parent.lstat() if what == "parent" else path.lstat()
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)
    [message] = said(caplog)
    assert message.endswith(".")


LOCK = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("pragma locking_mode=exclusive")
database.execute("begin exclusive")
print("locked", flush=True)
time.sleep(600)
"""


def test_a_lock_costs_one_short_wait_in_all(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name, (fill, _) in KINDS.items():
        fill(tmp_path / name)
    holders = []
    for name in KINDS:
        holder = subprocess.Popen(
            [sys.executable, "-c", LOCK, str(tmp_path / name)], stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        holders.append(holder)
    waits: list[float] = []
    try:
        began = time.monotonic()
        for name, (_, read) in KINDS.items():
            at = time.thread_time()
            read(tmp_path / name)
            waits.append(time.thread_time() - at)
        spent = time.monotonic() - began
    finally:
        for holder in holders:
            holder.kill()
            holder.communicate()
    # Not 5 s for each of hundreds of questions. The rest is for a busy machine.
    assert spent - sum(waits) < PATIENCE_S + 10
    assert len(said(caplog)) == 3
    assert all("locked" in message for message in said(caplog))


def test_what_was_locked_is_asked_again_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tune.sqlite"
    fill_tune(path)
    monkeypatch.setattr(databases, "PATIENCE_S", 0.05)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("pragma locking_mode=exclusive")
    raw.execute("begin exclusive")
    cache = Cache(path)
    assert cache.find("scope", ["list 1"]) == {}
    raw.rollback()
    raw.close()
    assert cache.find("scope", ["list 1"]) == {}, "not at once"
    monkeypatch.setattr(databases.time, "monotonic", lambda: time.perf_counter() + 1e9)
    assert len(cache.find("scope", ["list 1"])) == 1
    cache.close()


def test_a_full_disk_leaves_what_is_there_to_be_read(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk."""
    path = tmp_path / "tune.sqlite"
    fill_tune(path)
    code = """
import resource, signal, sys
from pathlib import Path
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
cache = Cache(Path(sys.argv[1]))
print(len(cache.find("scope", ["list 1"])))
for number in range(3000):
    cache.keep("scope", [Evaluation(f"new {number}", None, how="refused", why="w" * 400)])
cache.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={**os.environ, "PYTHONPATH": SERVER},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    read_tune(path)


@posix
def test_files_and_folders_are_the_users_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "cache" / "irlens" / "tune.sqlite"
        database = Database(path, "create table t (x)")
        database.ask(lambda raw: raw.execute("insert into t values (1)"))
        made = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
        assert made.keys() >= {"tune.sqlite", "tune.sqlite-wal", "tune.sqlite-shm"}
        assert set(made.values()) == {0o600}
        database.close()
        for folder in (path.parent, path.parent.parent):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        # As earlier versions made them.
        path.parent.chmod(0o755)
        path.chmod(0o644)
        database = Database(path, "create table t (x)")
        assert database.ask(lambda raw: raw.execute("select x from t").fetchall()) == [(1,)]
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        database.close()
    finally:
        os.umask(before)


@posix
def test_what_others_could_have_written_is_not_believed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "tune.sqlite"
    fill_tune(path)
    path.chmod(0o666)
    cache = Cache(path)
    assert cache.find("scope", ["list 1"]) == {}
    cache.keep("scope", LISTS)
    cache.close()
    assert len(said(caplog)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    tmp_path.chmod(0o777)
    cache = Cache(path)
    assert cache.find("scope", ["list 1"]) == {}
    cache.close()
    assert "chmod go-w" in said(caplog)[-1]


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="only root has files of others")
@pytest.mark.parametrize("whose", ["tune.sqlite", "tune.sqlite-wal", "."])
def test_what_belongs_to_another_user_is_not_read(
    whose: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "tune.sqlite"
    fill_tune(path)
    if not (tmp_path / whose).exists():
        (tmp_path / whose).write_bytes(b"")
        (tmp_path / whose).chmod(0o600)
    os.chown(tmp_path / whose, 12345, 12345)
    before = path.read_bytes()
    cache = Cache(path)
    assert cache.find("scope", ["list 1"]) == {}
    cache.keep("scope", LISTS)
    cache.close()
    assert path.read_bytes() == before
    [message] = said(caplog)
    assert "another user (number 12345)" in message


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="becomes another user")
def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    path = tmp_path / "tune.sqlite"
    fill_tune(path)
    for each in (tmp_path, *tmp_path.parents):
        if each.stat().st_uid == 0 and stat.S_IMODE(each.stat().st_mode) & 0o5 != 0o5:
            each.chmod(stat.S_IMODE(each.stat().st_mode) | 0o55)
    os.chown(path, 65534, 65534)
    code = """
import sys
from pathlib import Path
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)
cache = Cache(Path(sys.argv[1]))
cache.find("scope", ["list 1"])
for number in range(50):
    cache.keep("scope", [Evaluation(f"new {number}", 1)])
cache.close()
"""
    for name in ("tune.sqlite", "new.sqlite"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name)],
            env={**os.environ, "PYTHONPATH": SERVER},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "permissions" in done.stderr


def test_two_openings_at_once_make_one_file(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
cache = Cache(Path(sys.argv[1]))
cache.keep("scope", [Evaluation(sys.argv[2], 1)])
cache.close()
"""
    command = [sys.executable, "-c", code, str(tmp_path / "tune.sqlite")]
    environment = {**os.environ, "PYTHONPATH": SERVER}
    writers = [
        subprocess.Popen([*command, str(number)], env=environment, stderr=subprocess.PIPE)
        for number in range(6)
    ]
    assert [writer.communicate(timeout=60)[1] for writer in writers] == [b""] * 6
    cache = Cache(tmp_path / "tune.sqlite")
    assert len(cache.find("scope", [str(number) for number in range(6)])) == 6
    cache.close()
    assert not (tmp_path / "tune.sqlite.damaged").exists()


def test_damage_twice_in_a_run_is_the_end_of_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(tmp_path / "x", "create table t (x)")

    def look(raw: sqlite3.Connection) -> None:
        raise Damaged

    for _ in range(4):
        assert database.ask(look) is None
    assert database.ask(lambda raw: 1) is None
    assert len(said(caplog)) == 2


def test_a_value_that_no_column_takes_costs_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "x", "create table t (x)")
    for value in ("\ud83d", 1 << 70):
        database.ask(lambda raw, value=value: raw.execute("insert into t values (?)", (value,)))  # type: ignore[misc]
    database.ask(lambda raw: raw.execute("insert into t values (1)"))
    assert database.ask(lambda raw: raw.execute("select x from t").fetchall()) == [(1,)]
    database.close()


def test_a_seal_is_of_values_and_types() -> None:
    assert seal_of(b"k", 1, "a", None) == seal_of(b"k", 1.0, "a", None)
    others = [
        (b"l", 1, "a"),
        (b"k", "1", "a"),
        (b"k", 1, b"a"),
        (b"k", 1, "a", None),
        (b"k", "a", 1),
        (b"k1", "a"),
    ]
    assert (
        len({seal_of(key, *values) for key, *values in others} | {seal_of(b"k", 1, "a")}) == len(others) + 1
    )


def test_notices_are_said_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            notices.say_once("one")
        notices.say_once("two")
    assert said(caplog) == ["one", "two"]


# What is put aside, and links


def _damaged(path: Path) -> None:
    path.write_bytes(b"no database" * 100)
    path.chmod(0o600)


def test_no_file_gives_way_to_one_that_is_put_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "tune.sqlite"
    (tmp_path / "tune.sqlite.damaged").write_text("mine")
    (tmp_path / "tune.sqlite.damaged-2").symlink_to("nowhere")
    _damaged(path)
    fill_tune(path)
    assert (tmp_path / "tune.sqlite.damaged").read_text() == "mine"
    assert os.readlink(tmp_path / "tune.sqlite.damaged-2") == "nowhere"
    assert (tmp_path / "tune.sqlite.damaged-3").read_bytes().startswith(b"no database")
    assert "tune.sqlite.damaged-3 now" in said(caplog)[-1]
    read_tune(path)


def test_damaged_files_are_not_kept_without_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "tune.sqlite"
    for number in range(databases._MOST_ASIDE + 3):
        notices._said.clear()
        _damaged(path)
        fill_tune(path)
        assert len(list(tmp_path.glob("*.damaged*"))) == min(number + 1, databases._MOST_ASIDE)
    assert "are there already" in said(caplog)[-1]


@posix
@pytest.mark.parametrize("make", [os.symlink, os.link], ids=["link", "hard link"])
@pytest.mark.parametrize("text", [b"", b"mine\n" * 200], ids=["empty", "text"])
def test_nothing_is_written_through_a_link(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, make: Callable[[Path, Path], None], text: bytes
) -> None:
    """An empty file is a database to SQLite; so a folder that somebody prepared could have any of them written."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(text)
    elsewhere.chmod(0o644)
    path = tmp_path / "cache" / "tune.sqlite"
    path.parent.mkdir(mode=0o700)
    make(elsewhere, path)
    fill_tune(path)
    assert elsewhere.read_bytes() == text
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
    assert path.is_symlink() or path.stat().st_nlink == 2, "it is the user's to delete"
    assert "is not used in this run: it is a link" in said(caplog)[-1]


@posix
@pytest.mark.parametrize("side", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("kind", ["link", "hard link", "pipe"])
def test_what_stands_beside_a_database_leads_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, side: str, kind: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"mine\n" * 200)
    path = tmp_path / "tune.sqlite"
    fill_tune(path)
    beside = Path(f"{path}{side}")
    beside.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(beside, 0o600)
    else:
        (os.symlink if kind == "link" else os.link)(elsewhere, beside)
    fill_tune(path)
    read_tune(path)
    assert elsewhere.read_bytes() == b"mine\n" * 200
    assert "is called tune.sqlite.damaged now" in said(caplog)[-1]


def test_a_journal_deletes_no_file(tmp_path: Path) -> None:
    """SQLite deletes the "super-journal" that a rollback journal names: any file, were it believed."""
    mine = tmp_path / "id_rsa"
    mine.write_text("mine")
    path = tmp_path / "tune.sqlite"
    fill_tune(path)
    data = path.read_bytes()
    size = int.from_bytes(data[16:18], "big")
    numbers = (0, 1234, len(data) // size, 512, size)
    head = databases._SUPER + b"".join(number.to_bytes(4, "big") for number in numbers)
    name = os.fsencode(mine)
    end = (0x40000000 // size + 1).to_bytes(4, "big") + name
    end += len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big") + databases._SUPER
    Path(f"{path}-journal").write_bytes(head.ljust(512, b"\0") + end)
    Path(f"{path}-journal").chmod(0o600)
    fill_tune(path)
    read_tune(path)
    assert mine.read_text() == "mine"
    assert not Path(f"{path}-journal").exists()

"""A small database in a folder of the user's, for what need not be found out twice.

Nothing in it is needed. One that cannot be opened, is locked by another process, or lies where others could have put it
is done without, at once and for the rest of the run, and that is said once. One that is damaged, or that is no database
of irlens's, is put aside and begun anew. SQLite does not see a changed byte in a row, so rows carry a seal.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from irlens.files import kind_of, status_of
from irlens.notices import say_once

Result = TypeVar("Result")
Value = bytes | str | int | float | None

FORM = 2
"""Counts the forms that the tables have had; SQLite keeps it with the file."""
PATIENCE_S = 2.0
"""How long another process may keep the lock before a run does without; later waits of the run are `_SHORT_S`."""
_SHORT_S = 0.1
_LONGEST = 256 << 20
"""Bytes of a value; what claims to be longer is damaged."""
MOST_WORK_S = 2.0
"""Seconds of a processor that opening the file, or one transaction, may take. What irlens writes takes hundredths; pages that
a prepared file shares between many branches of a tree are visited without end."""
_STEPS = 20_000
"""Of SQLite's own machine between two looks at the clock. It takes none of them while it counts a whole table: whoever
asks for a count bounds it (`limit`)."""
_AGAIN_S = 300.0
"""After so long a server asks again for what was locked."""
_EARLIER = frozenset(
    {
        "(key blob primary key, value integer, bytes integer, digest text, how text, why text) without rowid",
        "(key blob primary key, text blob, prompt_tokens integer, tokens integer, stopped text, bytes integer, "
        "used real) without rowid",
        "(model text primary key, reading real, writing real) without rowid",
        "(key blob primary key, at real, answer blob) without rowid",
    }
)
"""Tables of irlens before it counted their forms."""
_SIDES = ("-wal", "-shm", "-journal")
_SUPER = bytes.fromhex("d9d505f920a163d7")
"""The last bytes of a journal that names a super-journal (https://www.sqlite.org/fileformat.html, "The Rollback Journal")."""
_ASIDE = ".damaged"
_MOST_ASIDE = 9
"""Damaged files that are kept beside each other: a disk that damages every file shall not be filled with them."""
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL)
_UNREACHABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM)
_DAMAGED = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_INTERNAL,
    sqlite3.SQLITE_INTERRUPT,
)


_impatient = threading.Event()
"""Set once this process has waited in vain."""


class Damaged(Exception):
    """The file holds what irlens did not write."""


class _Older(Damaged):
    """An earlier version of irlens wrote it."""


class _Unusable(Exception):
    """The file is done without; the text says why and what to do."""


def seal_of(key: bytes, *values: Value) -> bytes:
    """What is kept beside the values of a row, to see whether they are as they were written: 8 bytes."""
    seal = hashlib.blake2b(digest_size=8, person=b"irlens row")
    for value in (key, *values):
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # as a column for whole numbers has it
        data = value if isinstance(value, bytes) else repr(value).encode("utf-8", "surrogatepass")
        seal.update(f"{type(value).__name__} {len(data)} ".encode())
        seal.update(data)
    return seal.digest()


class Database:
    """The file at `path`, with the tables that `create` makes (each `create table NAME (...)`). Thread-safe; several
    processes may use one file."""

    def __init__(self, path: Path, *create: str) -> None:
        self.path = path
        self._create = create
        self._lock = threading.Lock()
        self._was_renewed = False
        self._again_at: float | None = None
        self._connection: sqlite3.Connection | None = None
        self._work_ends = 0.0
        """Where the thread's processor time is when too much was done."""
        with self._lock:
            self._try(self._open)

    def ask(self, what: Callable[[sqlite3.Connection], Result]) -> Result | None:
        """One transaction; None where the database cannot be used (any more). `what` raises `Damaged` for rows that
        irlens did not write."""
        with self._lock:
            if self._again_at is not None and time.monotonic() > self._again_at:
                self._again_at = None
                self._try(self._open)
            return self._try(lambda: self._transaction(what)) if self._connection is not None else None

    def close(self) -> None:
        with self._lock:
            self._again_at = None
            self._disconnect()

    def _transaction(self, what: Callable[[sqlite3.Connection], Result]) -> Result:
        assert self._connection is not None
        self._work_ends = time.thread_time() + MOST_WORK_S
        with self._connection:
            return what(self._connection)

    def _is_too_much(self) -> bool:
        return time.thread_time() > self._work_ends

    def _try(self, what: Callable[[], Result]) -> Result | None:
        """The result, or None after what went wrong was dealt with. Whoever calls has the lock."""
        try:
            return what()
        except _Unusable as problem:
            self._do_without(str(problem))
        except sqlite3.Error as problem:
            self._deal_with(problem)
        except OSError as problem:
            self._do_without(f"{problem.strerror or problem}. Make room, or set the folder's permissions.")
        except _Older:
            self._renew(is_older=True)
        except (Damaged, UnicodeDecodeError, sqlite3.Warning):
            self._renew()
        except (UnicodeEncodeError, OverflowError):  # a value that no column takes; it is not kept
            pass
        except MemoryError:
            self._do_without("the memory does not hold it. Delete the file.")
        return None

    def _deal_with(self, problem: sqlite3.Error) -> None:
        code = _code_of(problem)
        if code in _LOCKED:
            _impatient.set()
            self._do_without("another process keeps it locked. End that process to have it again.")
            self._again_at = time.monotonic() + _AGAIN_S
        elif code in _UNWRITABLE:  # what it has may still be read
            self._say(f"it cannot be written ({problem}). Make room, or set its permissions.")
        elif code in _UNREACHABLE:
            self._do_without(f"{problem}. Make room, or set the permissions of the file and its folder.")
        elif code in _DAMAGED:
            self._renew()
        else:
            self._do_without(f"SQLite says: {problem}. Delete the file.")

    # Opening

    def _open(self) -> None:
        if str(self.path) == ":memory:":
            self._connection = sqlite3.connect(":memory:", check_same_thread=False)
            self._make_tables()
            return
        _make_private(self.path.parent)
        _take(self.path)
        deadline = time.monotonic() + (_SHORT_S if _impatient.is_set() else PATIENCE_S)
        while True:
            timeout = max(0.0, deadline - time.monotonic())
            self._connection = sqlite3.connect(self.path, timeout=timeout, check_same_thread=False)
            try:
                self._set_up()
                break
            except sqlite3.OperationalError as problem:
                # A change of the journal's mode does not wait by itself.
                if _code_of(problem) not in _LOCKED or time.monotonic() >= deadline:
                    raise
                self._disconnect()
                threading.Event().wait(_SHORT_S / 5)
        wait_s = _SHORT_S if _impatient.is_set() else PATIENCE_S
        self._connection.execute(f"pragma busy_timeout={round(1000 * wait_s)}")

    def _set_up(self) -> None:
        assert self._connection is not None
        self._work_ends = time.thread_time() + MOST_WORK_S
        self._connection.set_progress_handler(self._is_too_much, _STEPS)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        self._connection.execute("pragma trusted_schema=off")
        self._connection.execute("pragma cell_size_check=on")
        self._connection.execute("pragma synchronous=off")
        if not self._has_tables():
            self._connection.execute("pragma journal_mode=wal")
            self._make_tables()

    def _make_tables(self) -> None:
        assert self._connection is not None
        with self._connection:
            self._connection.execute("begin immediate")
            for statement in self._create:
                self._connection.execute(statement.replace("create table", "create table if not exists", 1))
            self._connection.execute(f"pragma user_version={FORM}")

    def _has_tables(self) -> bool:
        """False where the file is empty. Raises `Damaged` where it holds anything else than our tables."""
        assert self._connection is not None
        with self._connection:
            self._connection.execute("begin")  # both of one moment
            (form,) = self._connection.execute("pragma user_version").fetchone()
            rows = self._connection.execute(
                f"select type, name, sql from sqlite_master limit {len(self._create) + len(_EARLIER)}"
            ).fetchall()
        if not rows and form == 0:
            return False
        there = {name: _columns(sql) for kind, name, sql in rows if kind == "table"}
        if form == 0 and len(there) == len(rows) and set(there.values()) <= _EARLIER:
            raise _Older
        wanted = {statement.split()[2]: _columns(statement) for statement in self._create}
        if form != FORM or len(rows) != len(wanted) or there != wanted:
            raise Damaged
        return True

    # What goes wrong

    def _renew(self, *, is_older: bool = False) -> None:
        """Put the file aside and begin a new one; once, then do without."""
        self._disconnect()
        if self._was_renewed:
            self._do_without("it was damaged twice in one run. Check the disk.")
            return
        self._was_renewed = True
        aside = self.path
        try:
            if is_older:
                os.unlink(self.path)
            else:
                aside = _put_aside(self.path)
            for side in _SIDES:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(f"{self.path}{side}")
        except OSError as problem:
            self._do_without(f"it is damaged and cannot be moved ({problem.strerror}). Delete it.")
            return
        if not is_older:
            say_once(
                f"The cache {self.path} was damaged, or others could have written into it. It is called {aside.name} "
                "now, and a new one is begun. Delete the old one when you like."
            )
        self._try(self._open)

    def _do_without(self, why: str) -> None:
        self._disconnect()
        self._say(why)

    def _say(self, why: str) -> None:
        say_once(f"The cache {self.path} is not used in this run: {why}")

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()


def _code_of(problem: sqlite3.Error) -> int:
    """SQLite's primary code. Python's own errors have none: of what was read (a text that is not UTF-8), or of our use."""
    if isinstance(problem, (sqlite3.ProgrammingError, sqlite3.InterfaceError)):
        return sqlite3.SQLITE_MISUSE
    return getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF


def _columns(statement: object) -> str:
    """A `create table` from its first parenthesis on; SQLite keeps that part as it was given."""
    return statement[statement.find("(") :] if isinstance(statement, str) else ""


def _put_aside(path: Path) -> Path:
    """Give the file another name, one that nothing has: what is there may be somebody's. Returns it."""
    for number in range(1, _MOST_ASIDE + 1):
        aside = path.with_name(f"{path.name}{_ASIDE}{'' if number == 1 else f'-{number}'}")
        try:
            os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # ours from here on
        except FileExistsError:
            continue
        os.replace(path, aside)
        return aside
    raise FileExistsError(
        errno.EEXIST, f"{_MOST_ASIDE} files called {path.name}{_ASIDE} are there already", str(path)
    )


# Whose it is


def _make_private(folder: Path) -> None:
    """Have the folder, for this user alone where irlens makes it. Raises `_Unusable` where others may write in it: what
    is found there could be theirs."""
    missing = []
    there = folder
    while not os.path.lexists(there):
        missing.append(there)
        there = there.parent
    for each in reversed(missing):
        with contextlib.suppress(FileExistsError):
            os.mkdir(each, 0o700)
    status = status_of(folder)
    if not stat.S_ISDIR(status.st_mode):
        raise _Unusable(f"{folder} is not a folder. Move it out of the way.")
    if not hasattr(os, "geteuid"):
        return
    if status.st_uid not in (os.geteuid(), 0):
        raise _Unusable(
            f"its folder belongs to another user (number {status.st_uid}). Name another folder in IRLENS_CACHE_HOME."
        )
    if folder.name == "irlens" and status.st_uid == os.geteuid() and status.st_mode & 0o077:
        os.chmod(folder, 0o700)
    elif status.st_mode & 0o022:
        raise _Unusable(
            f"others may write in its folder. Run `chmod go-w {folder}`, or name another folder in IRLENS_CACHE_HOME."
        )


def _is_elsewhere(name: str) -> bool:
    """Whether SQLite would open something else there than a file of that one name: through a link, or a pipe, for which
    it would wait."""
    try:
        status = os.lstat(name)
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(status.st_mode) or status.st_nlink > 1


def _names_another(journal: str) -> bool:
    """Whether a rollback journal names a file that SQLite would delete once it has rolled back, a "super-journal". What
    irlens writes has none; whoever prepared a folder may have named anything."""
    try:
        with open(journal, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - len(_SUPER)))
            return file.read(len(_SUPER)) == _SUPER
    except FileNotFoundError:
        return False


def _take(path: Path) -> None:
    """Have the file, empty where it is new, and nobody else read it. Raises `_Unusable` for what is another user's or
    no file, and `Damaged` for a file that others could have written into."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    kind = kind_of(status_of(path).st_mode)
    if kind is not None:
        raise _Unusable(f"it is {kind}, not a file. Move it out of the way.")
    if _is_elsewhere(str(path)):
        raise _Unusable(
            "it is a link, or another file of yours has the same contents by a hard link, which would be written. Delete it."
        )
    if any(_is_elsewhere(f"{path}{side}") for side in _SIDES) or _names_another(f"{path}-journal"):
        raise Damaged
    if not hasattr(os, "geteuid"):
        return
    loose = False
    for name in (str(path), *(f"{path}{side}" for side in _SIDES)):
        try:
            status = status_of(name)
        except FileNotFoundError:
            continue
        if status.st_uid != os.geteuid():
            raise _Unusable(
                f"{name} belongs to another user (number {status.st_uid}), who could have written anything into it. "
                "Delete it, or name another folder in IRLENS_CACHE_HOME."
            )
        loose = loose or bool(status.st_mode & 0o022)
        # No descriptor instead of the names: to close one would end SQLite's locks on the file.
        if status.st_mode & 0o077:
            with contextlib.suppress(PermissionError):
                os.chmod(name, 0o600)
    if loose:
        raise Damaged

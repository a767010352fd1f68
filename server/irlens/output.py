"""Write files that a user named, so that nothing the user has is lost.

What stands at the path decides how. A regular file is replaced as a whole, with the mode and owner it had: a crash or
a full disk leaves it as it was. It is written in place instead where it has several names (hard links, which all get
the new text), where its folder cannot be written in, and where its owner could not be kept. A symbolic link stays, and
what it leads to is written. A pipe, a terminal or another device is written to and stays what it is.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import re
import select
import shutil
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from irlens.cancel import CancelToken
from irlens.files import kind_of, status_of

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_WAIT_S = 0.05
_MOST_LINKS = 40
_IN_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV)
"""What a folder says in which no file can be made or replaced."""
_temporaries: set[str] = set()
_lock = threading.Lock()

Name = str | os.PathLike[str]


def write(path: Name, text: str, cancel: CancelToken | None = None) -> None:
    """Write the text to `path`, as UTF-8. Raises `OSError` with a reason in `strerror`; a regular file is then as it
    was, and `Cancelled` while nobody reads from a pipe."""
    data = _encoded(text)
    name = os.fspath(path)
    number = _descriptor_of(name)
    if number is not None:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()  # what was printed before comes before
        _send(number, data, cancel)
        return
    try:
        status = status_of(name)
    except FileNotFoundError:
        _write_new(name, data)
        return
    if stat.S_ISREG(status.st_mode):
        _write_regular(name, data)
        return
    _refuse_unwritable_kind(status.st_mode)
    with _opened(name, os.O_WRONLY | _flags(), cancel) as handle:
        _send(handle, data, cancel)


def write_new(path: Name, text: str) -> None:
    """Make a file with this text where there is none. Raises `FileExistsError` and every other `OSError`; nothing is
    left there then."""
    data = _encoded(text)
    with _opened(os.fspath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | _flags()) as handle:
        try:
            _send(handle, data, None)
        except BaseException:
            os.unlink(path)
            raise


def link_below(folder: Name, path: Name) -> str | None:
    """The first link on the way from `folder` to `path`, which lies below it by its name; None where there is none. Whoever
    filled the folder may have put it there, and the user, who named only the folder, did not mean what it leads to."""
    place = Path(folder)
    for part in Path(os.path.relpath(path, folder)).parts:
        place = place / part
        if place.is_symlink():
            return str(place)
    return None


def why_unwritable(path: Name, *, make_folders: bool = False) -> str | None:
    """Why `write` would fail at this path, as far as it can be told without writing; None where nothing says so. With
    `make_folders` its folder need not be there yet."""
    name = os.fspath(path)
    try:
        number = _descriptor_of(name)
        if number is not None:
            return _why_descriptor_is_not_written(number)
        try:
            status = status_of(name)
        except FileNotFoundError:
            return _why_none_is_made(name, make_folders)
        _refuse_unwritable_kind(status.st_mode)
        if stat.S_ISREG(status.st_mode):
            with _opened(name, os.O_WRONLY | _flags()):
                return None
    except OSError as problem:
        return problem.strerror or str(problem)
    return None if os.access(name, os.W_OK) else os.strerror(errno.EACCES)


def why_no_folder(path: Name) -> str | None:
    """Why no file can be made in the folder `path`, which need not be there yet; None where nothing says so."""
    name = os.path.abspath(os.fspath(path))
    while True:
        try:
            status = status_of(name)
        except FileNotFoundError:
            if os.path.islink(name):
                return f"{name} is a link to a folder that is not there"
            name = os.path.dirname(name)
            continue
        except OSError as problem:
            return problem.strerror or str(problem)
        if not stat.S_ISDIR(status.st_mode):
            return f"{name} is not a folder"
        return None if os.access(name, os.W_OK | os.X_OK) else f"{name} is a folder that cannot be written in"


@contextlib.contextmanager
def temporary(path: str) -> Iterator[None]:
    """Have the file or folder at `path` removed at the end of the block, if it is still there, and where a signal ends
    the process before that (see `remove_temporaries`)."""
    with _lock:
        _temporaries.add(path)
    try:
        yield
    finally:
        _remove(path)
        with _lock:
            _temporaries.discard(path)


def remove_at_end(path: str) -> None:
    """Have the file or folder removed when the process ends, also by a signal (see `remove_temporaries`)."""
    with _lock:
        _temporaries.add(path)


def remove_temporaries() -> None:
    """Remove what is there for this process only, or under names that are not final. For a process that is about to
    end."""
    for path in list(_temporaries):  # no lock: a signal's handler may have interrupted who holds it
        _remove(path)


atexit.register(remove_temporaries)


def _encoded(text: str) -> bytes:
    """Bytes that were no UTF-8 when they were read are written as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def _flags() -> int:
    names = ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
    return sum(getattr(os, name, 0) for name in names)


def _why_descriptor_is_not_written(number: int) -> str | None:
    os.fstat(number)
    if fcntl is not None and fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        return "it is open for reading only"
    return None


def _refuse_unwritable_kind(mode: int) -> None:
    kind = kind_of(mode)
    if stat.S_ISDIR(mode) or stat.S_ISSOCK(mode) or stat.S_ISBLK(mode):
        raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL, f"it is {kind}")


def _why_none_is_made(name: str, make_folders: bool) -> str | None:
    if not name:
        return "it is empty"
    if name.endswith(os.sep):
        return f"it ends in {os.sep}, as folders do"
    target = os.path.realpath(name)  # of a link to a file that is not there yet
    parent = os.path.dirname(target) or os.curdir
    if not make_folders and not os.path.isdir(parent):
        return f"there is no folder {parent}"
    return why_no_folder(parent)


# Regular files


def _write_new(name: str, data: bytes) -> None:
    if not os.path.islink(name):
        _replace(name, data, None)
        return
    # A link to nothing: opened through it, so that what the kernel refuses to follow is not followed.
    with _opened(name, os.O_WRONLY | os.O_CREAT | _flags()) as handle:
        try:
            _overwrite(handle, data, b"")
        except BaseException:
            os.unlink(os.path.realpath(name))
            raise


def _write_regular(name: str, data: bytes) -> None:
    # Opened through the name: whoever may not write the file itself must not replace it either.
    with _opened(name, os.O_RDWR | _flags(), fall_back=os.O_WRONLY | _flags()) as handle:
        status = os.fstat(handle)
        target = os.path.realpath(name)
        if status.st_nlink == 1 and _is_at(target, status):
            try:
                _replace(target, data, handle)
                return
            except OSError as problem:
                if problem.errno not in _IN_PLACE:
                    raise
        _overwrite(handle, data, _content(handle, status.st_size))


def _is_at(target: str, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.lstat(target), status)
    except OSError:
        return False


def _replace(target: str, data: bytes, old: int | None) -> None:
    """Put a new file at `target`; `old` is the handle of the one that stands there. The temporary has a name of its
    own, which fits wherever the target's does."""
    name = os.path.join(os.path.dirname(target), f".irlens-{os.urandom(8).hex()}.tmp")
    with temporary(name):
        # What replaces a file is nobody else's to read before it has the old one's mode.
        handle = os.open(
            name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _flags(), 0o666 if old is None else 0o600
        )
        try:
            _send(handle, data, None)
            if old is not None:
                _make_alike(handle, old)
            os.fsync(handle)  # a disk that is full may say so only now
        finally:
            os.close(handle)
        os.replace(name, target)


def _make_alike(new: int, old: int) -> None:
    """Owner, attributes (access lists among them) and mode. Raises `PermissionError` where the owner cannot be kept."""
    if not hasattr(os, "fchown"):
        return
    status, made = os.fstat(old), os.fstat(new)
    if (status.st_uid, status.st_gid) != (made.st_uid, made.st_gid):
        os.fchown(new, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for attribute in os.listxattr(old):
                with contextlib.suppress(OSError):
                    os.setxattr(new, attribute, os.getxattr(old, attribute))
    os.fchmod(new, stat.S_IMODE(status.st_mode) & 0o1777)  # whoever writes a file takes away its set-id bits


def _content(handle: int, size: int) -> bytes | None:
    """What the file holds; None where it may not be read."""
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        pieces = []
        while size > 0 and (piece := os.read(handle, size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
    except OSError:
        return None


def _overwrite(handle: int, data: bytes, old: bytes | None) -> None:
    """Write over the file, which held `old`. What makes it longer is written first: a full disk shows there, before
    anything is lost. What goes wrong later is undone."""
    size = os.fstat(handle).st_size
    try:
        os.lseek(handle, size, os.SEEK_SET)
        _send(handle, data[size:], None)
        os.fsync(handle)
    except BaseException:
        os.ftruncate(handle, size)
        raise
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        _send(handle, data[:size], None)
        os.ftruncate(handle, len(data))
        os.fsync(handle)
    except BaseException:
        if old is not None:
            os.lseek(handle, 0, os.SEEK_SET)
            _send(handle, old, None)
            os.ftruncate(handle, len(old))
        raise


# Handles


@contextlib.contextmanager
def _opened(
    name: str, flags: int, cancel: CancelToken | None = None, *, fall_back: int | None = None
) -> Iterator[int]:
    """A handle of the file at `name`. A pipe that nobody reads from is waited for until `cancel`. `fall_back` are the
    flags for a file that may be written and not read."""
    while True:
        try:
            handle = os.open(name, flags, 0o666)
            break
        except OSError as problem:
            if problem.errno == errno.EACCES and fall_back is not None:
                flags, fall_back = fall_back, None
                continue
            if problem.errno != errno.ENXIO or not stat.S_ISFIFO(status_of(name).st_mode):
                raise
        _pause(cancel)
    try:
        yield handle
    finally:
        os.close(handle)


def _pause(cancel: CancelToken | None) -> None:
    if cancel is not None:
        cancel.check()
    threading.Event().wait(_WAIT_S)


def _send(handle: int, data: bytes, cancel: CancelToken | None) -> None:
    """All of the data, whatever the other side takes at a time."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(handle, rest[: 1 << 20]) :]
        except BlockingIOError:
            if cancel is not None:
                cancel.check()
            poller = select.poll()
            poller.register(handle, select.POLLOUT)
            poller.poll(_WAIT_S * 1000)


def _descriptor_of(name: str) -> int | None:
    """The number N where the path is this process's own /dev/fd/N, as /dev/stdout is; None for any other path. Such a
    file is written through the descriptor: what was printed there before must stay."""
    for _ in range(_MOST_LINKS):
        folder, last = os.path.split(name)
        if last.isdecimal() and len(last) < 8:
            real = os.path.realpath(folder or os.curdir)
            if real == "/dev/fd" or re.fullmatch(rf"/proc/{os.getpid()}(/task/\d+)?/fd", real):
                return int(last)
        try:
            name = os.path.join(folder, os.readlink(name))
        except (OSError, ValueError):
            return None
    return None


def _remove(path: str) -> None:
    try:
        if Path(path).is_dir() and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.unlink(path)
    except OSError:
        return

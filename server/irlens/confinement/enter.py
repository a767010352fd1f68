"""Put this very process behind walls that were planned elsewhere (`walls.plan`), for good.

System calls through ctypes rather than a library: those for Landlock on PyPI are younger than a year, and `launch` runs
this without site-packages, once for each run of a program, so that every import counts: it must stay at `ctypes` and
`struct`. Layouts: the kernel's `linux/landlock.h`, Documentation/userspace-api/landlock.rst, `linux/seccomp.h`.
"""

import ctypes
import os
import stat
import struct

PR_SET_NO_NEW_PRIVS = 38
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_FS_BY_VERSION = (0, (1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1)
"""Rights on files that version N of the interface knows; from 5 on the last."""
_NET_FROM, _NET = 4, 0b11
"""Binding and connecting TCP sockets."""
_SCOPE_FROM, _SCOPE = 6, 0b11
"""Abstract UNIX sockets of others, and signals to others."""
_ON_A_FILE = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
"""Of the rights, those that a file can have: to run, write, read, truncate, control."""


def landlock_version() -> int:
    """Of the kernel's interface; 0 where there is none."""
    return max(0, _call(_libc(), _CREATE, None, 0, _VERSION_FLAG))


def enter(
    rules: list[tuple[str, int]], filter_code: bytes, pid_mark: int, network: bool
) -> tuple[int, bool, str]:
    """Close everything but `rules` (paths and Landlock's rights), then put `filter_code` in force with this process's id
    in place of `pid_mark`. Landlock binds this thread and what it starts, so call it while there is one thread.

    Returns Landlock's version (0 where it is not in force), whether the filter is in force, and what is missing and why.
    """
    libc = _libc()
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    missing = []
    version, filtered = max(0, _call(libc, _CREATE, None, 0, _VERSION_FLAG)), False
    if version:
        try:
            _restrict(libc, version, rules, network)
        except OSError as error:
            version = 0
            missing.append(f"Landlock is refused ({error.strerror})")
    else:
        missing.append("the kernel has no Landlock")
    number = _SECCOMP.get(os.uname().machine)
    if filter_code and number is not None:
        try:
            _filter(
                libc, number, filter_code.replace(struct.pack("=I", pid_mark), struct.pack("=I", os.getpid()))
            )
            filtered = True
        except OSError as error:
            missing.append(f"seccomp is refused ({error.strerror})")
    else:
        missing.append(f"no filter of system calls for {os.uname().machine}")
    return version, filtered, "; ".join(missing)


def _restrict(libc: ctypes.CDLL, version: int, rules: list[tuple[str, int]], network: bool) -> None:
    handled = _FS_BY_VERSION[min(version, len(_FS_BY_VERSION) - 1)]
    closed = _NET if version >= _NET_FROM and not network else 0
    scoped = _SCOPE if version >= _SCOPE_FROM else 0
    # An older kernel refuses a longer structure.
    size = 24 if version >= _SCOPE_FROM else 16 if version >= _NET_FROM else 8
    ruleset = _checked(libc, _CREATE, struct.pack("=QQQ", handled, closed, scoped)[:size], size, 0)
    try:
        for path, rights in rules:
            _allow(libc, ruleset, path, rights & handled)
        _checked(libc, _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _ON_A_FILE
        if rights:
            _checked(libc, _ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _filter(libc: ctypes.CDLL, number: int, code: bytes) -> None:
    buffer = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("=H6xQ", len(code) // 8, ctypes.addressof(buffer))
    _checked(libc, number, _SET_MODE_FILTER, _ALL_THREADS, head)


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _checked(libc: ctypes.CDLL, number: int, *arguments: object) -> int:
    result = _call(libc, number, *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _call(libc: ctypes.CDLL, number: int, *arguments: object) -> int:
    passed = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return int(libc.syscall(ctypes.c_long(number), *passed))

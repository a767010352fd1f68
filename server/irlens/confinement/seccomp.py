"""seccomp: a filter over system calls, for what Landlock leaves open: sockets of every kind, new processes, modes and
owners of files, other processes, memory that is shared by name. It also closes the writing of files once more where a child
writes none, so that this holds on a kernel without Landlock.

Two kinds. A child of which we know what it does (our workers, a compiled program) may use the calls of a list, and any other
"does not exist" (ENOSYS), which C libraries expect of calls that are newer than the kernel. A child that may be anything (a
script, a driver of a GPU, a client of a server) may use all but those that are refused by name. Classic BPF, as in the
kernel's `linux/filter.h` and `linux/seccomp.h`.
"""

from __future__ import annotations

import errno
import os
import struct
from dataclasses import dataclass

from irlens.confinement import syscalls
from irlens.confinement.syscalls import Calls

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 0, "aarch64": 1}

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_X32 = 0x40000000
PID_MARK = 0x7E57AB1D
"""Stands for the id of the process that the filter will bind: the one id to which it may send signals."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CLONE_THREAD = 0x00010000
_CLONE_NEW = 0x7E020080
"""New namespaces of every kind, in which a process has rights that it has not outside."""
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Is it a terminal, how wide is it, how much is there to read, do not wait, close at exec or not (`asm-generic/ioctls.h`).
Others change files: their flags, their content."""
_FCNTLS = (8, 10, 15, 1024, 1026)
"""Whom a descriptor signals and how (F_SETOWN, F_SETSIG, F_SETOWN_EX), leases and notices of files (F_SETLEASE, F_NOTIFY):
by these a process has the kernel signal another (`asm-generic/fcntl.h`, `linux/fcntl.h`)."""


@dataclass(frozen=True)
class Closed:
    """What the filter closes. `others`: every call that is not on the list of ordinary ones."""

    sockets: bool
    processes: bool
    programs: bool
    writing: bool
    others: bool


def program(closed: Closed, machine: str) -> bytes:
    """The filter for `machine` as `os.uname` names it; empty for one whose numbers are not known here. Where it has
    `PID_MARK`, the process puts its own id."""
    if machine not in _COLUMN:
        return b""
    column = _COLUMN[machine]
    code = [
        _statement(_LOAD, _ARCH_AT),
        _branch(_JUMP_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _statement(_RETURN, _KILL),
        _statement(_LOAD, _NUMBER_AT),
    ]
    if machine == "x86_64":
        code += [_branch(_JUMP_AT_LEAST, _X32, 0, 1), _statement(_RETURN, _ERROR | errno.ENOSYS)]
    code += _by_argument(closed, column)
    groups: tuple[tuple[bool, Calls], ...] = (
        (closed.sockets, syscalls.SOCKETS),
        (closed.processes, syscalls.PROCESSES),
        (closed.programs, syscalls.PROGRAMS),
        (closed.writing, syscalls.WRITES),
        *(
            (True, calls)
            for calls in (syscalls.OF_OTHERS, syscalls.OF_FILES, syscalls.SHARED, syscalls.OF_THE_MACHINE)
        ),
    )
    # Told apart from what does not exist, so that a library says that it was not allowed.
    for number in _numbers([calls for shut, calls in groups if shut], column):
        code += [_branch(_JUMP_EQUAL, number, 0, 1), _refusal()]
    if closed.others:
        for number in _numbers([syscalls.ORDINARY, *(calls for shut, calls in groups if not shut)], column):
            code += [_branch(_JUMP_EQUAL, number, 0, 1), _statement(_RETURN, _ALLOW)]
        code.append(_refusal(errno.ENOSYS))
    else:
        code.append(_statement(_RETURN, _ALLOW))
    return b"".join(code)


def _numbers(groups: list[Calls], column: int) -> list[int]:
    return sorted(
        number for calls in groups for numbers in calls.values() if (number := numbers[column]) is not None
    )


def _by_argument(closed: Closed, column: int) -> list[bytes]:
    """The calls whose arguments decide."""
    code = []
    refusal, allowed = _refusal(), _statement(_RETURN, _ALLOW)
    # Its flags are in memory, where they cannot be read; the C library then takes `clone`.
    code += _if(syscalls.CLONE3[column], [_refusal(errno.ENOSYS)])
    if closed.processes:
        code += _if(syscalls.CLONE[column], [_argument(0), _branch(_JUMP_BITS, _CLONE_THREAD, 1, 0), refusal])
    code += _if(
        syscalls.CLONE[column], [_argument(0), _branch(_JUMP_BITS, _CLONE_NEW, 0, 1), refusal, allowed]
    )
    if closed.processes:
        code += _if(
            syscalls.TGKILL[column], [_argument(0), _branch(_JUMP_EQUAL, PID_MARK, 1, 0), refusal, allowed]
        )
    elif closed.others:
        code += _if(syscalls.TGKILL[column], [allowed])  # a copy ends by a signal to itself, under another id
    if closed.writing:
        code += _if(syscalls.OPENAT2[column], [_refusal(errno.ENOSYS)])
    for numbers, place in syscalls.OPENS:
        if (number := numbers[column]) is not None:
            flags = [_argument(place), _branch(_JUMP_BITS, _WRITING, 0, 1), refusal] if closed.writing else []
            code += _if(number, [*flags, allowed])
    own = [_branch(_JUMP_EQUAL, 0, 2, 0), _branch(_JUMP_EQUAL, PID_MARK, 1, 0)]
    code += _if(syscalls.PRLIMIT[column], [_argument(0), *own, refusal, allowed])
    harmful = [part for each in _FCNTLS for part in (_branch(_JUMP_EQUAL, each, 0, 1), refusal)]
    code += _if(syscalls.FCNTL[column], [_argument(1), *harmful, allowed])
    if closed.others:
        known = [part for each in _IOCTLS for part in (_branch(_JUMP_EQUAL, each, 0, 1), allowed)]
        code += _if(syscalls.IOCTL[column], [_argument(1), *known, refusal])
    return code


def _statement(code: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, 0, 0, value & 0xFFFFFFFF)


def _branch(code: int, value: int, yes: int, no: int) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value & 0xFFFFFFFF)


def _refusal(code: int = errno.EPERM) -> bytes:
    return _statement(_RETURN, _ERROR | code)


def _argument(place: int) -> bytes:
    """The low half, which is all of a flag word, of a request and of a process id."""
    return _statement(_LOAD, _ARGUMENTS_AT + 8 * place)


def _if(number: int, then: list[bytes]) -> list[bytes]:
    """`then` for that call; it falls through with the call's number loaded again."""
    block = [*then, _statement(_LOAD, _NUMBER_AT)]
    return [_branch(_JUMP_EQUAL, number, 0, len(block)), *block]

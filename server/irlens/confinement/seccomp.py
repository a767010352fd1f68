"""seccomp: a filter over system calls, for what Landlock leaves open: sockets of every kind, new processes, modes and
owners of files, other processes' memory. It also closes the writing of files once more where a child writes none, so
that this holds on a kernel without Landlock.

A list of what is refused, not of what is allowed: what an interpreter and a C library call changes with each release,
and the walls that must hold are named here one by one. The filter is classic BPF (the kernel's `linux/filter.h`,
`linux/seccomp.h`); numbers are those of the kernel's system call tables for x86-64 and AArch64.
"""

from __future__ import annotations

import errno
import os
import struct
from dataclasses import dataclass

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 0, "aarch64": 1}

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_X32 = 0x40000000
PID_MARK = 0x7E57AB1D
"""Stands for the id of the process that the filter will bind: the one id to which it may send signals."""

# Numbers on x86-64 and on AArch64; None where the architecture has no such call.
_SOCKETS: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
}  # fmt: skip
_PROCESSES: dict[str, tuple[int | None, int | None]] = {"fork": (57, None), "vfork": (58, None)}
_PROGRAMS: dict[str, tuple[int | None, int | None]] = {"execve": (59, 221), "execveat": (322, 281)}
_ALWAYS: dict[str, tuple[int | None, int | None]] = {
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kill": (62, 129),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "setsid": (112, 157), "setpgid": (109, 154),
    "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "inotify_init": (253, None), "inotify_init1": (294, 26), "kcmp": (312, 272),
    "process_madvise": (440, 440), "migrate_pages": (256, 238), "move_pages": (279, 239),
    # modes, owners, times and attributes of files, which Landlock does not know
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "setxattrat": (463, 463), "removexattrat": (466, 466), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "mknod": (133, None), "mknodat": (259, 33),
    "file_setattr": (469, 469), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    # the machine
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "open_tree_attr": (467, 467),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "syslog": (103, 116), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "personality": (135, 92),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "vhangup": (153, 58),
    "fanotify_init": (300, 262), "lookup_dcookie": (212, 18),
    # memory and queues that are shared by name
    "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
}  # fmt: skip
_WRITES: dict[str, tuple[int | None, int | None]] = {
    "creat": (85, None), "truncate": (76, 45), "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None),
    "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None),
    "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
}  # fmt: skip
_OPENS: tuple[tuple[tuple[int | None, int | None], int], ...] = (((2, None), 1), ((257, 56), 2))
"""`open` and `openat`: the numbers, and which argument holds the flags."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CLONE, _CLONE3, _OPENAT2, _TGKILL, _PRLIMIT = (56, 220), (435, 435), (437, 437), (234, 131), (302, 261)
_CLONE_THREAD = 0x00010000


@dataclass(frozen=True)
class Closed:
    """What the filter closes besides what it always does."""

    sockets: bool
    processes: bool
    programs: bool
    writing: bool


def program(closed: Closed, machine: str) -> bytes:
    """The filter for `machine` as `os.uname` names it; empty for one whose numbers are not known here. Where it has
    `PID_MARK`, the process puts its own id."""
    if machine not in _COLUMN:
        return b""
    column, pid = _COLUMN[machine], PID_MARK
    code = [
        _statement(_LOAD, _ARCH_AT),
        _branch(_JUMP_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _statement(_RETURN, _KILL),
        _statement(_LOAD, _NUMBER_AT),
    ]
    if machine == "x86_64":
        code += [_branch(_JUMP_AT_LEAST, _X32, 0, 1), _statement(_RETURN, _ERROR | errno.ENOSYS)]
    refused = dict(_ALWAYS)
    for wanted, calls in (
        (closed.sockets, _SOCKETS),
        (closed.processes, _PROCESSES),
        (closed.programs, _PROGRAMS),
        (closed.writing, _WRITES),
    ):
        refused |= calls if wanted else {}
    for number in sorted(number for numbers in refused.values() if (number := numbers[column]) is not None):
        code += _refuse(number)
    # The C library then takes `clone`, whose flags can be read here; `openat2`'s cannot either.
    if closed.processes:
        code += _refuse(_CLONE3[column], errno.ENOSYS)
        code += _if(_CLONE[column], [*_argument(0), _branch(_JUMP_BITS, _CLONE_THREAD, 1, 0), _refusal()])
        code += _if(_TGKILL[column], [*_argument(0), _branch(_JUMP_EQUAL, pid, 1, 0), _refusal()])
    if closed.writing:
        code += _refuse(_OPENAT2[column], errno.ENOSYS)
        for numbers, place in _OPENS:
            if (number := numbers[column]) is not None:
                code += _if(number, [*_argument(place), _branch(_JUMP_BITS, _WRITING, 0, 1), _refusal()])
    code += _if(
        _PRLIMIT[column],
        [*_argument(0), _branch(_JUMP_EQUAL, 0, 2, 0), _branch(_JUMP_EQUAL, pid, 1, 0), _refusal()],
    )
    code.append(_statement(_RETURN, _ALLOW))
    return b"".join(code)


def _statement(code: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, 0, 0, value & 0xFFFFFFFF)


def _branch(code: int, value: int, yes: int, no: int) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value & 0xFFFFFFFF)


def _refusal(code: int = errno.EPERM) -> bytes:
    return _statement(_RETURN, _ERROR | code)


def _refuse(number: int, code: int = errno.EPERM) -> list[bytes]:
    return [_branch(_JUMP_EQUAL, number, 0, 1), _refusal(code)]


def _argument(place: int) -> list[bytes]:
    """The low half, which is all of a flag word and of a process id."""
    return [_statement(_LOAD, _ARGUMENTS_AT + 8 * place)]


def _if(number: int, then: list[bytes]) -> list[bytes]:
    """`then` for that call; it falls through with the call's number loaded again."""
    block = [*then, _statement(_LOAD, _NUMBER_AT)]
    return [_branch(_JUMP_EQUAL, number, 0, len(block)), *block]

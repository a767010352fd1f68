"""What code that has taken a process over would try. Run inside a child; each try says what came of it.

`python -m support.attack MODULE ...` is the worker of that module with one operation more, `attack`; all else, its walls
too, is the worker's own.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HELD = "refused"


def attacks(
    victim: str, secret: str, port: int, pid: int, queue: int, without_exec: bool = False
) -> dict[str, str]:
    """Each attack and `HELD`, or what it did. `victim` is a file and `secret` another, whose folder is of another user's
    mind; `port` of a listener on this machine, `pid` of a process that is to live, `queue` the id of a System V message queue
    that holds a message."""
    folder = os.path.dirname(victim)

    def connect(family: int, kind: int, address: Any) -> str:
        with socket.socket(family, kind) as one:
            one.connect(address)
        return f"connected to {address}"

    def send() -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"secret", ("127.0.0.1", port))
        return "sent a datagram"

    def fork() -> str:
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        return "forked"

    def opened(path: str, flags: int) -> str:
        os.close(os.open(path, flags, 0o600))
        return f"opened {path}"

    def system_call(number: int, *arguments: int) -> str:
        """Without the C library's own checks."""
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        result = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(each) for each in arguments))
        if result < 0:
            raise OSError(ctypes.get_errno(), "system call")
        return f"system call {number} gave {result}"

    x86 = os.uname().machine == "x86_64"

    def shared_memory() -> str:
        said = system_call(29 if x86 else 194, 0, 4096, 0o1600)
        system_call(31 if x86 else 195, int(said.rsplit(" ", 1)[1]), 0, 0)  # it would outlive everybody
        return said

    def received() -> str:
        room = ctypes.create_string_buffer(64)
        return system_call(70 if x86 else 188, queue, ctypes.addressof(room), 32, 0, 0)

    def new_namespaces() -> str:
        """By `clone`, which is how the C library forks."""
        libc = ctypes.CDLL(None, use_errno=True)
        child = libc.syscall(
            ctypes.c_long(56 if x86 else 220), ctypes.c_long(0x10000000 | signal.SIGCHLD), 0, 0, 0, 0
        )
        if child == 0:
            os._exit(0)
        if child < 0:
            raise OSError(ctypes.get_errno(), "clone")
        os.waitpid(child, 0)
        return "made a process with namespaces of its own"

    def signalled() -> str:
        reader, writer = os.pipe()
        fcntl.fcntl(reader, fcntl.F_SETOWN, pid)
        fcntl.fcntl(reader, 10, signal.SIGURG)  # F_SETSIG
        os.close(reader)
        os.close(writer)
        return "had the kernel signal another process"

    def flagged() -> str:
        with open(secret_to_flag, "rb") as file:
            flags = fcntl.ioctl(file, 0x80086601, b"\0" * 8)
            fcntl.ioctl(file, 0x40086602, flags)
        return "set the flags of a file"

    def created_in_memory() -> str:
        os.close(os.memfd_create("x"))
        return "made a file in memory, which no limit on memory counts"

    secret_to_flag = sys.executable  # a file that it may read

    def created_in_tmp() -> str:
        path = f"/tmp/irlens-attack-{os.getpid()}"
        said = opened(path, os.O_CREAT | os.O_WRONLY)
        os.unlink(path)
        return said

    tries: dict[str, Callable[[], Any]] = {
        "write": lambda: opened(victim, os.O_WRONLY | os.O_TRUNC),
        "append": lambda: opened(victim, os.O_WRONLY | os.O_APPEND),
        "create": lambda: opened(os.path.join(folder, "new"), os.O_CREAT | os.O_WRONLY),
        "create in /tmp": created_in_tmp,
        "create where it stands": lambda: opened("new", os.O_CREAT | os.O_WRONLY),
        "create without a name": lambda: opened(folder, getattr(os, "O_TMPFILE", 0) | os.O_RDWR),
        "truncate": lambda: os.truncate(victim, 0),
        "chmod": lambda: os.chmod(victim, 0o777),
        "chown": lambda: os.chown(victim, os.getuid(), os.getgid()),
        "touch": lambda: os.utime(victim, (0, 0)),
        "attribute": lambda: os.setxattr(victim, "user.x", b"1"),
        "delete": lambda: os.unlink(victim),
        "rename": lambda: os.rename(victim, victim + ".moved"),
        "link": lambda: os.link(victim, victim + ".link"),
        "symlink": lambda: os.symlink(secret, victim + ".symlink"),
        "mkdir": lambda: os.mkdir(os.path.join(folder, "folder")),
        "rmdir": lambda: os.rmdir(os.path.join(folder, "empty")),
        "mkfifo": lambda: os.mkfifo(os.path.join(folder, "fifo")),
        "read": lambda: Path(secret).read_text(),
        "read through its own root": lambda: Path(f"/proc/self/root{secret}").read_text(),
        "list": lambda: os.listdir(os.path.dirname(secret)),
        "read passwords": lambda: Path("/etc/passwd").read_text(),
        "environment of the parent": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "memory of the parent": lambda: opened(f"/proc/{os.getppid()}/mem", os.O_RDWR),
        "connect": lambda: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", port)),
        "connect by IPv6": lambda: connect(socket.AF_INET6, socket.SOCK_STREAM, ("::1", port)),
        "send": send,
        "connect to a local socket": lambda: connect(
            socket.AF_UNIX, socket.SOCK_STREAM, os.path.join(folder, "socket")
        ),
        "raw socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
        "netlink": lambda: socket.socket(16, socket.SOCK_RAW).close(),
        "fork": fork,
        "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "new session": os.setsid,
        "kill another": lambda: os.kill(pid, signal.SIGKILL),
        "kill another's thread": lambda: system_call(234 if x86 else 131, pid, pid, signal.SIGKILL),
        "trace": lambda: system_call(101 if x86 else 117, 16, pid, 0, 0),
        "io_uring": lambda: system_call(425, 8, 0),
        "new namespaces": lambda: system_call(272 if x86 else 97, 0x10000000),
        "watch with BPF": lambda: system_call(321 if x86 else 280, 0, 0, 0),
        "bound another's files": lambda: system_call(302 if x86 else 261, pid, 7, 0, 0),
        "shared memory": shared_memory,
        "message of another": received,
        "bind another to a processor": lambda: os.sched_setaffinity(pid, {0}) or "bound it",
        "flags of a file": flagged,
        "signal another by a descriptor": signalled,
        "attribute of a file": lambda: os.listxattr(secret),
        "file in memory": created_in_memory,
        "new namespaces by clone": new_namespaces,
        "connections of the machine": lambda: Path("/proc/self/net/tcp").read_text(),
        "mounts of the machine": lambda: Path("/proc/self/mountinfo").read_text(),
    }
    if x86:
        tries["system call of the x32 kind"] = lambda: system_call(0x40000000 + 41, 2, 1, 0)
    if not without_exec:
        tries["exec"] = lambda: os.execv("/bin/true", ["true"])
    said = {}
    for name, attack in tries.items():
        try:
            said[name] = str(attack())[:200] or "it did"
        except (OSError, NotImplementedError):
            said[name] = HELD
    return said


def secrets_of(environment: dict[str, str]) -> list[str]:
    """Names of variables that hold what the test hid in its own environment."""
    return [name for name, value in environment.items() if "hidden-in-the-environment" in value]


def _facts() -> dict[str, Any]:
    with contextlib.suppress(OSError):
        return {"cwd": os.listdir("."), "environment": secrets_of(dict(os.environ))}
    return {"cwd": [], "environment": secrets_of(dict(os.environ))}


def main() -> None:
    module = importlib.import_module(sys.argv[1])
    sys.argv = sys.argv[1:]
    load = module.load

    def with_attack() -> Any:
        def attack(block: bytes) -> Any:
            found = attacks(**json.loads(block))
            return {"attacks": found, **_facts()}, b""

        return {**load(), "attack": attack}

    module.load = with_attack
    module.main()


if __name__ == "__main__":
    main()

"""What a confined child may do, as data. `walls` makes rules and a filter of it, `enter` puts a process behind them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

SWITCH = "IRLENS_CONFINEMENT"
"""Set to `off` in the environment, children run unconfined: for systems on which a wall stands in the way."""

_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/gnu/store",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime",
    "/proc/self/statm", "/proc/self/stat", "/proc/self/status", "/proc/self/maps", "/proc/self/auxv",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
    "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random",
)  # fmt: skip
"""Programs, libraries and facts of the machine; nothing that belongs to a user. `/usr/local`, `/opt`, Nix and Guix are
where compilers are installed by hand."""


@dataclass(frozen=True)
class Confinement:
    """What is left to a child. Paths are absolute; those that do not exist are passed over.

    `read` names files and folders it may read, `execute` files it may run, `write` folders in which it may do as it
    likes, `devices` device files it may use. Everything else on the file system is closed. `network` leaves sockets
    open, `processes` the starting of processes; `anything` is for a child of which nobody knows what it needs, and
    leaves it all calls of the system but those that are known to do harm. `memory_bytes` caps the address space and
    `file_bytes` the size of a file that it writes; 0 is no cap.
    """

    read: tuple[str, ...] = ()
    execute: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    network: bool = False
    processes: bool = False
    anything: bool = False
    memory_bytes: int = 0
    file_bytes: int = 0

    def also(self, **changes: object) -> Confinement:
        """The same with other fields."""
        return replace(self, **changes)  # type: ignore[arg-type]


def is_on() -> bool:
    """Whether children are to be confined: on Linux, unless the user's environment says no."""
    return sys.platform == "linux" and os.environ.get(SWITCH, "").lower() not in ("off", "0", "no")


def python_folders() -> tuple[str, ...]:
    """Where this interpreter and what it imports lie. The home folder itself and the root are never among them."""
    import sysconfig

    package = str(Path(__file__).resolve().parent.parent)
    stdlib = [
        path
        for key, path in sysconfig.get_paths().items()
        if key in ("stdlib", "platstdlib", "purelib", "platlib")
    ]
    libraries = sysconfig.get_config_var("LIBDIR")
    found = [
        package,
        *stdlib,
        *sys.path,
        *([libraries] if libraries else []),
        os.path.dirname(os.path.realpath(sys.executable)),
    ]
    return tuple(dict.fromkeys(path for path in found if os.path.isabs(path) and not is_personal(path)))


def system_paths() -> tuple[str, ...]:
    """What any program needs: libraries and facts of the machine."""
    return _SYSTEM


def worker(read: Iterable[str] = (), *, processes: bool = False, network: bool = False) -> Confinement:
    """A Python worker around a native library: it reads the system and its own code, and writes nothing."""
    return Confinement(
        read=(*_SYSTEM, *python_folders(), *read),
        processes=processes,
        network=network,
        anything=network,
        file_bytes=256 << 20,
    )


def is_personal(path: str) -> bool:
    """The root or the home folder: to open it would be to open all that is in it."""
    real = os.path.realpath(path)
    return real in ("/", "/home", "/root", os.path.realpath(os.path.expanduser("~")))

"""What a confined child may do, as data. `walls` makes rules and a filter of it, `enter` puts a process behind them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

SWITCH = "IRLENS_CONFINEMENT"
"""Set to `off` in the environment, children run unconfined: for systems on which a wall stands in the way."""

FACTS = (
    "/etc/ld.so.cache", "/etc/localtime",
    "/proc/self/statm", "/proc/self/stat", "/proc/self/status", "/proc/self/maps", "/proc/self/auxv",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
    "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random",
)  # fmt: skip
"""What a program asks of the machine that it runs on."""
_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/gnu/store",
    "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", *FACTS,
)  # fmt: skip
"""Programs, libraries and facts of the machine, for a child of which nobody knows what it needs. `/usr/local`, `/opt`,
Nix and Guix are where compilers are installed by hand."""


@dataclass(frozen=True)
class Confinement:
    """What is left to a child. Paths are absolute; those that do not exist are passed over.

    `opens` says whether it may open anything at all: where not, it gets no new descriptor, on every system with POSIX's
    limits, and the paths say nothing. `read` names files and folders it may read, `execute` files it may run, `write`
    folders in which it may do as it likes, `devices` device files it may use. Everything else on the file system is
    closed. `network` leaves sockets
    open, `processes` the starting of processes; `anything` is for a child of which nobody knows what it needs, and
    leaves it all calls of the system but those that are known to do harm. `memory_bytes` caps the address space,
    `file_bytes` the size of a file that it writes, `processor_s` its seconds of processor time; 0 is no cap.
    """

    opens: bool = True
    read: tuple[str, ...] = ()
    execute: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    network: bool = False
    processes: bool = False
    anything: bool = False
    memory_bytes: int = 0
    file_bytes: int = 0
    processor_s: int = 0

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


def closed(*, processes: bool = False) -> Confinement:
    """A Python worker around a native library that has all that it needs in memory: it opens no file any more. With
    `processes` it may fork, and the copy closes itself (`close_for_good`), since a pipe to it is a descriptor."""
    return Confinement(opens=processes, processes=processes, file_bytes=256 << 20)


def close_for_good() -> None:
    """No file is opened in this process from here on, whatever the walls are: there is no descriptor left for one but the
    standard three, which are open. (With fewer, `dup2` on to one of them would be refused too.)"""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def worker(read: Iterable[str] = (), *, processes: bool = False, network: bool = False) -> Confinement:
    """A Python worker around a native library: it reads the system and its own code, and writes nothing."""
    return Confinement(
        read=(*_SYSTEM, *python_folders(), *read),
        processes=processes,
        network=network,
        anything=network,
        file_bytes=256 << 20,
    )


_KEPT_WHOLLY = ("/etc", "/proc", "/dev", "/sys")
_KEPT = frozenset((*_KEPT_WHOLLY, "/var", "/run", "/boot", "/Users", "/System", "/Library", "/private"))
"""Folders of the system that are nobody's project, and those below which nothing is."""


def holds_secrets(path: str) -> bool:
    """Whether to open that folder would be to open the home folder too, all of it, or what the system keeps for itself."""
    real = os.path.realpath(path)
    home = Path(os.path.realpath(os.path.expanduser("~")))
    kept = real in _KEPT or real.startswith(tuple(f"{folder}/" for folder in _KEPT_WHOLLY))
    return is_personal(real) or Path(real) in home.parents or kept


def is_personal(path: str) -> bool:
    """The root or the home folder: to open it would be to open all that is in it."""
    real = os.path.realpath(path)
    return real in ("/", "/home", "/root", os.path.realpath(os.path.expanduser("~")))

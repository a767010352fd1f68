"""From what a child may do to the walls around it, for a worker of our own (`confine`) and for a program (`launcher`)."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from irlens.confinement import enter, landlock, policy, seccomp
from irlens.confinement.policy import Confinement

_LAUNCH = str(Path(__file__).with_name("launch.py"))
_OPEN_FILES = 1024


@dataclass(frozen=True)
class Walls:
    """What stands around a process. `landlock` is the version of the kernel's interface, 0 for none; `seccomp` whether the
    filter is in force; `why_not` says what is missing and why, empty where nothing is."""

    landlock: int
    seccomp: bool
    why_not: str = ""

    @property
    def complete(self) -> bool:
        return not self.why_not


def confine(given: Confinement) -> Walls:
    """Confine this thread and all that it starts, for good. Call it while there is one thread: Landlock binds the calling
    one alone. A wall that the system does not have is left out and named."""
    for kind, value in limits(given):
        with contextlib.suppress(OSError, ValueError):  # macOS refuses RLIMIT_AS; the time limit still holds
            import resource

            _, hard = resource.getrlimit(kind)
            bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (bound, bound))
    if policy.is_on():
        standing = Walls(*enter.enter(landlock.rules(given), _filter(given), seccomp.PID_MARK, given.network))
    else:
        standing = Walls(0, False, why_off())
    if not given.opens:  # last: to build the walls takes descriptors
        policy.close_for_good()
    return standing


def launcher(given: Confinement, command: Sequence[str]) -> list[str]:
    """The command that runs `command`, whose program is an absolute path, within the limits of `given` and, where there
    are walls, behind those."""
    if os.name != "posix":
        return list(command)
    nowhere = "" if given.write else "1"
    bounds = ",".join(f"{kind}={value}" for kind, value in limits(given))
    if not policy.is_on():
        return [sys.executable, "-I", "-S", _LAUNCH, "", "", "", bounds, nowhere, "--", *command]
    rules = [f"{rights}:{path}" for path, rights in landlock.rules(given)]
    return [
        sys.executable, "-I", "-S", _LAUNCH, _filter(given).hex(), str(seccomp.PID_MARK), str(int(given.network)),
        bounds, nowhere, *rules, "--", *command,
    ]  # fmt: skip


def limits(given: Confinement) -> list[tuple[int, int]]:
    """Kinds of `resource` and their bounds, soft and hard alike; none where the system has no such limits."""
    try:
        import resource
    except ImportError:
        return []

    found = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, _OPEN_FILES)]
    if given.memory_bytes:
        found.append((resource.RLIMIT_AS, given.memory_bytes))
    if given.file_bytes:
        found.append((resource.RLIMIT_FSIZE, given.file_bytes))
    if given.processor_s:
        found.append((resource.RLIMIT_CPU, given.processor_s))
    return found


def why_off() -> str:
    """Why nothing is confined here."""
    if sys.platform == "linux":
        return f"switched off by {policy.SWITCH}"
    return "there are no such walls on this system"


def _filter(given: Confinement) -> bytes:
    closed = seccomp.Closed(
        sockets=not given.network,
        processes=not given.processes,
        programs=not given.execute and not given.processes,
        writing=not given.write and not given.devices,
        others=not given.anything,
    )
    return seccomp.program(closed, os.uname().machine)

"""Passes run under a watch on the file system: what each of them opens, makes, removes or starts.

As a program (`run_all`) it loads one LLVM and runs each pass in a fork of its own, so that a crash costs that pass alone.
`watch` runs the program under strace and reads what strace saw, fork by fork. A call of `stat` on a path that is not
there marks which pass a fork runs.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

MARK = "/irlens-watch/"
LIMIT_S = 10
"""Of one pass on one small module."""
_OTHER_TARGETS = ("AMDGPU", "BPF", "Hexagon", "NVPTX", "SPIRV")
_LINE = re.compile(r"(?P<pid>\d+) +(?P<call>\w+)\((?P<rest>.*)")
_RESUMED = re.compile(r"\d+ +<\.\.\. ")
_PATH = re.compile(r'"(?P<path>(?:[^"\\]|\\.)*)"')
_WRITES = re.compile(r"O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)")
_OPENS = ("open", "openat", "openat2")
_ASKS = ("stat", "lstat", "newfstatat", "statx", "statfs", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
         "getcwd")  # fmt: skip
"""What looks at a path without opening it."""
_SYSTEM = ("/proc/self/", "/proc/mounts", "/proc/filesystems", "/proc/cpuinfo", "/sys/", "/selinux", "/dev/null", "/etc/ld.so.",
           "/usr/lib/", "/lib/", "/lib64/", "/usr/lib64/", sys.prefix, sys.base_prefix)  # fmt: skip
"""What a library may read: itself and others, and what the kernel says of the machine."""


def watch(library: str, passes: list[str], modules: list[Path], folder: Path) -> dict[str, set[str]]:
    """What each pass did with files that are not the system's, by pass: nothing where it did nothing. `library` is the
    path of a libLLVM, or "llvmlite" with the names of its methods as passes. The current directory is `folder`."""
    listed, log = folder / "passes.json", folder / "strace.log"
    listed.write_text(json.dumps(passes))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    traced = "trace=%file,%network,execve,fork,vfork"
    strace = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-s",
        "4096",
        "-e",
        traced,
        "-e",
        "signal=none",
        "-o",
        str(log),
    ]
    command = [sys.executable, __file__, library, str(listed), *map(str, modules)]
    ended = subprocess.run(
        [*strace, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"the watch ended with {ended.returncode}: {ended.stderr[-2000:]}")
    found, ran = read(log.read_text(errors="replace"))
    if len(ran) != len(passes):
        raise RuntimeError(f"{len(ran)} of {len(passes)} passes were run")
    return found


def read(log: str) -> tuple[dict[str, set[str]], set[str]]:
    """From strace's report: what each pass did with files, and the passes that ran."""
    found: dict[str, set[str]] = defaultdict(set)
    running: dict[str, str] = {}
    ran: set[str] = set()
    for line in log.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        pid, call, rest = match["pid"], match["call"], match["rest"]
        path = _PATH.search(rest)
        if path is not None and path["path"].startswith(MARK):
            running[pid] = path["path"].removeprefix(MARK)
            ran.add(running[pid])
        elif pid in running and _is_of_note(call, rest, path["path"] if path else ""):
            found[running[pid]].add(f"{call}({rest[:200]}")
    return found, ran


def _is_of_note(call: str, rest: str, path: str) -> bool:
    if call in _ASKS or call.startswith(("rt_", "exit")):
        return False
    if call in _OPENS and not _WRITES.search(rest):
        return not path.startswith(_SYSTEM)
    return not (call in _OPENS and path == "/dev/null")


def run_all(library: str, passes: list[str], modules: list[bytes]) -> None:
    """Run each pass over each module, in forks of this process."""
    run = _run_by_llvmlite() if library == "llvmlite" else _run_by_library(library)
    for name in passes:
        for module in modules:
            pid = os.fork()
            if pid == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                signal.alarm(LIMIT_S)
                os.access(MARK + name, os.F_OK)
                try:
                    run(module, name)
                finally:
                    os._exit(0)
            os.waitpid(pid, 0)


def _run_by_library(path: str):  # type: ignore[no-untyped-def]
    from irlens.llvm import content, ops_library

    content.module_for_llvm = lambda block: block  # whatever the module names is left in it
    ops_library._check = lambda passes: None  # the passes that are refused are watched too
    library = ops_library.Library(path)
    for target in _OTHER_TARGETS:
        for part in ("TargetInfo", "Target", "TargetMC", "AsmPrinter"):
            initialize = getattr(ctypes.CDLL(path), f"LLVMInitialize{target}{part}", None)
            if initialize is not None:
                initialize()

    def run(module: bytes, passes: str) -> None:
        with library._after(module, passes):
            pass

    return run


def _run_by_llvmlite():  # type: ignore[no-untyped-def]
    from irlens.llvm import content, ops, ops_passes

    content.module_for_llvm = lambda block: block
    ops.start()
    ops_passes.why_method_refused = lambda method: ""

    def run(module: bytes, method: str) -> None:
        read = ops.checked_module(module)
        machine = ops.target_machine(read.triple, 2)
        ops_passes.run_steps(read, machine, [{"methods": [method], "level": None, "attributes": []}])

    return run


if __name__ == "__main__":
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    run_all(
        sys.argv[1], json.loads(Path(sys.argv[2]).read_text()), [Path(p).read_bytes() for p in sys.argv[3:]]
    )

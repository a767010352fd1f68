"""The walls around each child: what somebody who has taken it over still can do, tried from inside."""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import socket
import stat
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from irlens.confinement import environment, policy, seccomp, syscalls, walls
from irlens.emulator.client import Emulator
from irlens.llvm import library, opt
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import LibraryCompiler
from irlens.llvm.tools import run_tool
from irlens.mechanical.client import MechanicalLifter
from irlens.model.client import Model, embedded_model_path
from irlens.model.engines.needs import confinement_of
from irlens.workers.pool import Pool, python_worker
from support import attack
from support.conditions import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")

TESTS = str(Path(__file__).parents[1])
_ARM64 = [
    f"-D__ARCH_WANT_{each}"
    for each in ("RENAMEAT", "NEW_STAT", "SET_GET_RLIMIT", "SYS_CLONE3", "MEMFD_SECRET")
]
"""What `arch/arm64/include/uapi/asm/unistd.h` asks of the generic table."""
FORKS = ("fork",)
"""What the assembler's worker may do beyond the others: it assembles each text in a copy of itself."""


@dataclass(frozen=True)
class Scene:
    """What is there to be harmed: files, a listener, a process. `harm` says what was."""

    folder: Path
    port: int
    pid: int
    queue: int

    def as_json(self) -> bytes:
        return json.dumps(
            {
                "victim": str(self.folder / "victim"),
                "secret": str(self.folder / "home/secret"),
                "port": self.port,
                "queue": self.queue,
                "pid": self.pid,
            }
        ).encode()

    def harm(self) -> list[str]:
        found = sorted(each.relative_to(self.folder).as_posix() for each in self.folder.rglob("*"))
        seen = [] if found == ["empty", "home", "home/secret", "socket", "victim"] else [f"files: {found}"]
        victim = self.folder / "victim"
        if victim.read_text() != "precious" or stat.S_IMODE(victim.stat().st_mode) != 0o644:
            seen.append("the victim changed")
        if not psutil.pid_exists(self.pid) or psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE:
            seen.append("the other process is dead")
        return seen


@contextmanager
def message_queue() -> Iterator[int]:
    """A System V queue with a message in it, by its id."""
    libc = ctypes.CDLL(None)
    queue = libc.msgget(0, 0o1600)
    libc.msgsnd(queue, struct.pack("=q8s", 1, b"secret"), 8, 0)
    try:
        yield queue
    finally:
        libc.msgctl(queue, 0, None)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    for name in (
        "HF_TOKEN",
        "IRLENS_MODEL_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "MY_VARIABLE",
        "HTTPS_PROXY",
    ):
        monkeypatch.setenv(name, "hidden-in-the-environment")
    (tmp_path / "home").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "home/secret").write_text("the secret")
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "victim").chmod(0o644)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as local:
        # A path of the length that a socket may have, and the socket where the attack looks for it.
        with_fd = os.open(tmp_path, os.O_PATH)
        local.bind(f"/proc/self/fd/{with_fd}/socket")
        local.listen()
        with message_queue() as queue:
            yield Scene(tmp_path, listener.getsockname()[1], other.pid, queue)
        os.close(with_fd)
    other.kill()
    other.wait()


def attacked(scene: Scene, module: str, *arguments: str) -> dict[str, object]:
    command, known = python_worker("support.attack", module, *arguments)
    known["PYTHONPATH"] += os.pathsep + TESTS
    pool = Pool(command, 1, env=known)
    try:
        answer = pool.run({"op": "attack"}, scene.as_json(), limit_s=60, cancel=None)
    finally:
        pool.close()
    assert "attacks" in answer.header, answer
    return answer.header


WORKERS = {
    "irlens.llvm.worker": (),
    "irlens.llvm.assembler_worker": FORKS,
    "irlens.llvm.dump_worker": (),
    "irlens.llvm.keystone_worker": (),
    "irlens.llvm.library_worker": (),
    "irlens.emulator.worker": (),
    "irlens.mechanical.worker": (),
    "irlens.model.header_worker": (),
}


@pytest.mark.parametrize("module", WORKERS)
def test_a_worker_that_is_taken_over_harms_nobody(scene: Scene, module: str) -> None:
    arguments = [str(2 << 30)]
    if module == "irlens.llvm.library_worker":
        found = library.find()
        if found is None:
            pytest.skip("no libLLVM is installed")
        arguments.append(found.path)
    seen = attacked(scene, module, *arguments)
    done = {name: what for name, what in seen["attacks"].items() if what != attack.HELD}  # type: ignore[attr-defined]
    assert set(done) == set(WORKERS[module]), done
    assert seen["cwd"] == []
    assert seen["environment"] == []
    assert scene.harm() == []


def test_the_attacks_succeed_where_nothing_stands_in_their_way(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the tests above would pass for another reason than the walls."""
    monkeypatch.setenv(policy.SWITCH, "off")
    values = json.loads(scene.as_json())
    script = "import json, sys; from support import attack; print(json.dumps(attack.attacks(**json.loads(sys.argv[1]))))"
    said = subprocess.run(
        [sys.executable, "-c", script, json.dumps({**values, "without_exec": True})],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": TESTS}, check=True, timeout=60, cwd=scene.folder,
    )  # fmt: skip
    done = {name for name, what in json.loads(said.stdout).items() if what != attack.HELD}
    assert done >= {
        "write", "append", "create", "create in /tmp", "truncate", "chmod", "chown", "touch", "delete", "symlink",
        "mkdir", "rmdir", "mkfifo", "read", "read through its own root", "list", "read passwords", "connect", "send",
        "connect to a local socket", "netlink", "fork", "spawn", "new session", "kill another", "bound another's files",
        "signal another by a descriptor",
        "shared memory", "environment of the parent", "message of another", "bind another to a processor",
        "attribute of a file", "file in memory", "connections of the machine", "mounts of the machine",
    }  # fmt: skip


def test_every_module_that_serves_jobs_is_attacked() -> None:
    """A new worker comes with its row above. The search in the background only starts others, which are attacked."""
    package = Path(library.__file__).parents[1]
    serving = {
        "irlens." + file.relative_to(package).with_suffix("").as_posix().replace("/", ".")
        for file in package.rglob("*.py")
        if "\n    serve(" in file.read_text()
    }
    assert serving - {"irlens.assist.tune_worker"} == set(WORKERS)


def test_the_workers_in_use_stand_behind_the_walls() -> None:
    """The same walls around the children that the product starts: the kernel says so of each."""
    before = {each.pid for each in psutil.Process().children()}
    with LLVM(workers=1) as llvm, Emulator(workers=1) as emulator, MechanicalLifter(workers=1) as lifter:
        llvm.versions()
        llvm.assemble("nop\n", "x86_64-unknown-linux-gnu")
        emulator.warm()
        lifter.warm()
        found = library.find()
        compiler = LibraryCompiler(found.path, found.opt, 1) if found is not None else None
        if compiler is not None:
            compiler.version()
        deadline = threading.Event()
        children: list[psutil.Process] = []
        for _ in range(600):
            children = [each for each in psutil.Process().children() if each.pid not in before]
            if len(children) >= 4 + (compiler is not None) and all(_behind(each) for each in children):
                break
            deadline.wait(0.05)
        assert len(children) >= 4 + (compiler is not None)
        assert [each.cmdline() for each in children if not _behind(each)] == []
        if compiler is not None:
            compiler.close()


def _behind(process: psutil.Process) -> bool:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return "\nSeccomp:\t2\n" in status and "\nNoNewPrivs:\t1\n" in status


def test_a_worker_is_alone_when_its_walls_are_built(tmp_path: Path) -> None:
    """Landlock binds the thread that asks for it: another one would stay outside."""
    counting = "import os, sys\nfrom irlens.workers import serve\n" + (
        "serve.confine = lambda given: sys.exit(f'threads: {len(os.listdir(\"/proc/self/task\"))}')\n"
        "import importlib\nsys.argv = [sys.argv[1], str(2 << 30), *sys.argv[2:]]\nimportlib.import_module(sys.argv[0]).main()\n"
    )
    _, known = python_worker("irlens")
    found = library.find()
    for module in WORKERS:
        if module == "irlens.llvm.library_worker" and found is None:
            continue
        more = [found.path] if module == "irlens.llvm.library_worker" and found is not None else []
        said = subprocess.run(
            [sys.executable, "-P", "-c", counting, module, *more],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=known, check=False, timeout=60,
        )  # fmt: skip
        assert said.stderr.strip() == "threads: 1", (module, said)


def test_the_model_worker_that_is_taken_over_harms_nobody(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads its weights and nothing else, and answers as ever."""
    model = Model(embedded_model_path())
    try:
        model.load()
        assert model.pid is not None
        assert _behind(psutil.Process(model.pid))
    finally:
        model.close()
    script = (
        "import json, sys\n"
        "from irlens.model import worker\n"
        "from support import attack\n"
        "real = worker.load_engine\n"
        "def load(*given):\n"
        "    loaded = real(*given)\n"
        "    found = attack.attacks(**json.loads(sys.argv[1]))\n"
        "    print(json.dumps({**found, 'environment': attack.secrets_of(dict(attack.os.environ))}), file=sys.stderr)\n"
        "    return loaded\n"
        "worker.load_engine = load\n"
        "worker.main()\n"
    )
    known = environment.python()
    known["PYTHONPATH"] += os.pathsep + TESTS
    for engine in ("ctransformers", "llama-cpp-python"):
        request = {"op": "load", "id": 1, "engine": engine, "path": embedded_model_path(), "options": {}}
        child = subprocess.Popen(
            [sys.executable, "-P", "-c", script, scene.as_json().decode()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=known,
        )  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdin.write(json.dumps(request).encode() + b"\n")
        child.stdin.flush()
        while "loaded" not in (answer := json.loads(child.stdout.readline())):
            assert "error" not in answer, answer
        child.stdin.close()
        printed = child.stderr.read().decode().splitlines()
        child.wait()
        said = json.loads(next(line for line in printed if line.startswith("{")))
        assert said.pop("environment") == []
        assert {name: what for name, what in said.items() if what != attack.HELD} == {}, engine
        assert scene.harm() == []


TOOLS = {
    "cat": ["/bin/cat", "{home}/secret"],
    "list": ["/bin/ls", "{home}"],
    "copy": ["/bin/cp", "/bin/true", "{folder}/victim"],
    "touch": ["/usr/bin/touch", "{folder}/new"],
    "remove": ["/bin/rm", "{folder}/victim"],
    "mode": ["/bin/chmod", "777", "{folder}/victim"],
    "shell that starts another": ["/bin/sh", "-c", "/bin/cat /proc/self/status; true"],
    "shell that forks": ["/bin/sh", "-c", "(true); true"],
    "shell that connects": ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/{port}"],
    "kill": ["/bin/bash", "-c", "kill -9 {pid}"],
}


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_is_taken_over_harms_nobody(scene: Scene, name: str) -> None:
    values = {"home": scene.folder / "home", "folder": scene.folder, "port": scene.port, "pid": scene.pid}
    command = [each.format(**values) for each in TOOLS[name]]
    ended = run_tool(command, b"", limit_s=20)
    assert ended.returncode != 0, ended
    assert b"the secret" not in ended.stdout
    assert scene.harm() == []


def test_a_tool_writes_in_its_own_folder_and_knows_no_secret(scene: Scene) -> None:
    ended = run_tool(["/bin/sh", "-c", "echo made > out.o"], b"", limit_s=20, output="out.o")
    assert ended.stdout == b"made\n"
    assert b"hidden-in-the-environment" not in run_tool(["/usr/bin/env"], b"", limit_s=20).stdout


def test_a_script_may_start_programs_and_no_more(scene: Scene, tmp_path: Path) -> None:
    """What names an `opt` in a container or with options is often a script."""
    script = scene.folder.parent / f"{scene.folder.name}-script"
    script.write_text(
        f"#!/bin/sh\ncat | tr a-z A-Z\ncat {scene.folder}/home/secret\necho x > {scene.folder}/new\n"
    )
    script.chmod(0o755)
    ended = run_tool([str(script)], b"heard", limit_s=20)
    assert ended.stdout == b"HEARD"
    assert scene.harm() == []


def test_an_installed_opt_runs_behind_the_walls() -> None:
    tool = opt.usable()
    if tool is None:
        pytest.skip("no opt is installed")
    ir = b"define i32 @f(i32 %a) {\n  %b = add i32 %a, 0\n  ret i32 %b\n}\n"
    assert "ret i32 %a" in opt.run(tool, ir, "instcombine", limit_s=20, memory_bytes=2 << 30)


def test_more_than_64_kib_reaches_a_tool_and_comes_back() -> None:
    text = b"0123456789abcdef" * (1 << 18)
    assert run_tool(["/bin/cat"], text, limit_s=60).stdout == text


def test_a_tool_that_prints_without_end_is_stopped_by_its_output() -> None:
    ended = run_tool(["/usr/bin/yes"], b"", limit_s=100)
    assert ended.returncode != 0
    assert len(ended.stdout) <= 256 << 20


def test_the_numbers_are_the_kernels(tmp_path: Path) -> None:
    """Beside the headers of this machine, where there are such."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    kinds = {0: ("asm/unistd.h", []), 1: ("asm-generic/unistd.h", ["-D__BITS_PER_LONG=64", *_ARM64])}
    if os.uname().machine != "x86_64":
        del kinds[0]
    tables = [
        table
        for name in dir(syscalls)
        if name.isupper() and isinstance(table := getattr(syscalls, name), dict)
    ]
    calls = {name: numbers for table in tables for name, numbers in table.items()}
    for column, (header, options) in kinds.items():
        made = subprocess.run(
            [compiler, "-E", "-dM", *options, "-include", header, "-xc", os.devnull],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            pytest.skip("no headers of the kernel")
        defined = dict(re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", made.stdout))
        compared = {name for name in calls if name in defined}
        assert len(compared) > 150
        assert {name: calls[name][column] for name in compared} == {
            name: int(defined[name]) for name in compared
        }


def test_the_filter_is_made_for_both_machines_and_no_other() -> None:
    closed = seccomp.Closed(sockets=True, processes=True, programs=True, writing=True, others=True)
    filters = {machine: seccomp.program(closed, machine) for machine in ("x86_64", "aarch64", "riscv64")}
    assert filters["riscv64"] == b""
    assert len(filters["x86_64"]) % 8 == 0
    assert len(filters["x86_64"]) // 8 < 4096  # what the kernel takes
    assert filters["x86_64"] != filters["aarch64"]


@pytest.mark.parametrize("value", ["off", "0", "no"])
def test_walls_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(policy.SWITCH, value)
    assert run_tool(["/bin/sh", "-c", "(cat /etc/passwd); true"], b"", limit_s=20).returncode == 0
    # The limits hold all the same.
    assert run_tool(["/usr/bin/yes"], b"", limit_s=100).returncode != 0
    assert walls.why_off() == f"switched off by {policy.SWITCH}"


def test_neither_the_root_nor_the_home_folder_is_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    policy.python_folders()  # what it imports is looked for while there is a path to look along
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "path", ["/", str(tmp_path), str(tmp_path / "lib"), "relative"])
    found = policy.python_folders()
    assert str(tmp_path / "lib") in found
    assert not {"/", str(tmp_path), "relative"} & set(found)


def test_an_argument_that_no_program_can_be_given_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match="NUL byte"):
        run_tool(["/bin/cat", "a\0b"], b"", limit_s=20)


def test_a_tool_ends_with_whoever_waits_for_it_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    script = "from irlens.llvm.tools import run_tool\nprint(1, flush=True)\nrun_tool(['/bin/sleep', '60'], b'', limit_s=60)\n"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment.python()
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        running = psutil.Process(parent.pid)
        (sleeper,) = wait_until(
            lambda: [each for each in running.children() if each.name() == "sleep"], "the tool"
        )
        parent.kill()
    wait_until(lambda: not sleeper.is_running() or sleeper.status() == psutil.STATUS_ZOMBIE, "its end")
    assert list(tmp_path.iterdir()) == []


def test_a_model_in_parts_opens_its_parts_and_nothing_beside_them(tmp_path: Path) -> None:
    names = ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "m-x-of-00002.gguf", "m-00003-of-00002.gguf"]
    for name in names:
        (tmp_path / name).write_bytes(b"GGUF")
    (tmp_path / "folder-00001-of-00001.gguf").mkdir()
    (tmp_path / "key").write_text("secret")
    (tmp_path / "k-00001-of-00002.gguf").write_bytes(b"GGUF")
    (tmp_path / "k-00002-of-00002.gguf").symlink_to(tmp_path / "key")
    assert "key" not in str(confinement_of("ctransformers", str(tmp_path / "k-00001-of-00002.gguf"), {}).read)
    given = confinement_of("ctransformers", str(tmp_path / names[0]), {})
    assert {str(tmp_path / name) for name in names} & set(given.read) == {
        str(tmp_path / name) for name in names[:2]
    }
    folder = str(tmp_path / "folder-00001-of-00001.gguf")
    assert folder not in confinement_of("ctransformers", folder, {}).read

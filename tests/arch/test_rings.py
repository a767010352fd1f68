"""The rings: who may import which library, which room may import which, and what a start must not load.

The rooms stand in one order, and a room imports only from rooms before it. Everything here is read off the
imports in the source (nested ones too), so a rule cannot be got round by importing inside a function; the
start-up rule is read off a fresh interpreter.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "server"
PACKAGE = SERVER / "irlens"

OWNERS: dict[str, tuple[str, ...]] = {
    "pygls": ("lsp/*",),
    "lsprotocol": ("lsp/*",),
    "llvmlite": ("llvm/ops*.py", "training/*"),
    "ctransformers": ("model/engines/*", "model/worker.py"),
    "llama_cpp": ("model/engines/*",),
    "huggingface_hub": ("model/pull_worker.py",),
    "httpx2": ("model/engines/*",),
    "torch": ("training/*",),
    "sentencepiece": ("training/*",),
    "numpy": ("training/*", "model/engines/*"),
    "gguf": ("training/*", "model/engines/*", "model/worker.py"),
    "unicorn": ("emulator/machine*.py", "emulator/worker.py"),
    "capstone": ("emulator/decode.py",),
    "pypcode": ("mechanical/pcode*.py", "mechanical/worker.py"),
    "keystone": ("llvm/keystone*.py",),
    "pycparser": ("prototypes/declarations.py",),
    "distributed": ("tuning/spread.py",),
    "dask": (),
    "tree_sitter": (),
    "tree_sitter_llvm": (),
}
"""Libraries and the files that may import them, by path below the package."""

ROOMS = (
    ("errors", "cancel", "notices", "escape"),
    ("files",),
    ("output",),
    ("folders", "database"),
    ("source",),
    ("ir", "asm"),
    ("objects",),
    ("confinement",),
    ("workers",),
    ("llvm", "model"),
    ("targets",),
    ("prototypes",),
    ("emulator", "mechanical"),
    ("evidence",),
    ("tuning",),
    ("assist",),
    ("settings",),
    ("ide",),
    ("lsp",),
    ("evals",),
    ("cli",),
    ("training",),
)
"""Rooms from the innermost out. A room may import itself and rooms of earlier rows; `DECLARED` adds one."""

DECLARED = {("__main__.py", "irlens.cli"): "`python -m irlens` is the command"}

PURE = ("source", "ir", "asm", "objects", "targets", "prototypes")
IMPURE = {
    "asyncio", "ctypes", "io", "logging", "multiprocessing", "os", "pathlib", "shutil", "signal", "socket",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib", "http",
}  # fmt: skip
"""Standard modules that reach a process, a file, a clock or a thread. Package data goes through
`pkgutil`."""

HEAVY = (
    "llvmlite",
    "ctransformers",
    "llama_cpp",
    "huggingface_hub",
    "httpx2",
    "platformdirs",
    "torch",
    "tree_sitter",
    "tree_sitter_llvm",
    "gguf",
    "numpy",
    "unicorn",
    "capstone",
    "pypcode",
    "elftools",
    "keystone",
    "watchdog",
    "distributed",
    "dask",
)


@dataclass(frozen=True)
class Import:
    path: str
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.module}"

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


def imports_of(source: str, path: str) -> Iterator[Import]:
    """Every absolute name that a file imports. A relative import counts as one of `.`, which is refused."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield Import(path, node.lineno, ".")
            elif node.module == "irlens":  # `from irlens import x` names a room
                for alias in node.names:
                    yield Import(path, node.lineno, f"irlens.{alias.name}")
            else:
                yield Import(path, node.lineno, node.module or ".")
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = ast.unparse(node.func)
            if name in ("importlib.import_module", "import_module", "__import__"):
                yield Import(path, node.lineno, str(node.args[0].value))


@cache
def all_imports() -> tuple[Import, ...]:
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        found += list(imports_of(file.read_text(encoding="utf-8"), path))
    assert len(found) > 100, f"no sources found under {PACKAGE}"
    return tuple(found)


def room_of(path: str) -> str:
    """The room of a file (`lsp/server.py`) or of a module (`irlens.lsp.server`)."""
    if path.startswith("irlens"):
        return path.split(".")[1] if "." in path else ""
    return path.split("/")[0].removesuffix(".py")


def row_of(room: str) -> int | None:
    return next((number for number, rooms in enumerate(ROOMS) if room in rooms), None)


def owner_breaches(found: tuple[Import, ...]) -> list[str]:
    return [
        str(one)
        for one in found
        if one.top in OWNERS and not any(fnmatch(one.path, pattern) for pattern in OWNERS[one.top])
    ]


def arrow_breaches(found: tuple[Import, ...]) -> list[str]:
    breaches = []
    for one in found:
        if one.module == ".":
            breaches.append(f"{one}: write the whole name")
        if one.top != "irlens" or any(
            fnmatch(one.path, path) and one.module.startswith(module) for path, module in DECLARED
        ):
            continue
        here, there = room_of(one.path), room_of(one.module)
        if there in ("", "__version__") or here == there:
            continue
        mine, its = row_of(here), row_of(there)
        same_row = mine == its and {here, there} == {"ir", "asm"}
        if mine is None or its is None or (its >= mine and not same_row):
            breaches.append(str(one))
    return breaches


def purity_breaches(found: tuple[Import, ...]) -> list[str]:
    return [str(one) for one in found if room_of(one.path) in PURE and one.top in IMPURE]


def test_each_library_has_its_place() -> None:
    assert owner_breaches(all_imports()) == []


def test_rooms_import_only_rooms_further_in() -> None:
    assert arrow_breaches(all_imports()) == []


def test_the_pure_ring_reaches_no_process_file_or_clock() -> None:
    assert purity_breaches(all_imports()) == []


def test_every_room_is_in_the_order() -> None:
    rooms = {room_of(file.relative_to(PACKAGE).as_posix()) for file in PACKAGE.rglob("*.py")}
    rooms -= {"__init__", "__main__"}
    assert {room for room in rooms if row_of(room) is None} == set()


@pytest.mark.parametrize(
    ("path", "source", "check"),
    [
        ("ide/hover.py", "from lsprotocol import types", owner_breaches),
        ("llvm/client.py", "def f():\n    import llvmlite.binding", owner_breaches),
        ("lsp/server.py", "import importlib\nimportlib.import_module('ctransformers')", owner_breaches),
        ("ir/outline.py", "import tree_sitter_llvm", owner_breaches),
        ("ir/outline.py", "from irlens.llvm.answers import Diagnostic", arrow_breaches),
        ("model/client.py", "from irlens.llvm.client import LLVM", arrow_breaches),
        ("assist/lift.py", "from irlens import ide", arrow_breaches),
        ("source/edits.py", "from .positions import x", arrow_breaches),
        ("cancel.py", "import irlens.source.edits", arrow_breaches),
        ("asm/dialect.py", "import subprocess", purity_breaches),
    ],
)
def test_a_breach_is_seen(path: str, source: str, check: object) -> None:
    assert callable(check)
    assert len(check(tuple(imports_of(source, path)))) == 1


def modules_under(room: str) -> list[str]:
    names = []
    for file in sorted((PACKAGE / room).rglob("*.py")):
        parts = file.relative_to(SERVER).with_suffix("").parts
        if parts[-1] != "__main__":
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


@pytest.mark.parametrize("room", ["lsp", "ide", "cli"])
def test_importing_a_shell_loads_nothing_heavy(room: str) -> None:
    """In a fresh interpreter, one module after the other, so that the culprit is named."""
    names = modules_under(room)
    assert names
    script = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        f"    loaded = [heavy for heavy in {HEAVY!r} if heavy in sys.modules]\n"
        "    if loaded:\n"
        "        sys.exit(f'importing {name} loads {loaded}')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SERVER)}
    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr

"""`irlens eval transplant`: programs are rebuilt with their functions replaced by lifts, and their own tests are run.

A program is built by `compiler`, which keeps the assembly of every C file. Each function of it is lifted without a model;
a lift that is told to agree, or better, is made into an object, three ways (as it stands at -O0 and -O2, and after
`default<O2>`). Then the program is built once more, with all those objects in place of the compiler's code for them, and
its own tests are run. Where they fail, the functions that make them fail are looked for by halving.

The tests, which run lifted code, run in a child that writes in the program's folder alone, has no network, and has limits
of time, memory and file sizes. The build is trusted as a package's build is: it runs the compilers, and no lifted code.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from irlens.assist.lift_file import lift_file
from irlens.assist.tools import Tools
from irlens.confinement import environment, policy, walls
from irlens.confinement.policy import Confinement
from irlens.emulator.agreement import TAKEN
from irlens.errors import IrlensError, UnusableInput
from irlens.evals import debian
from irlens.evals.native.run import BUILDS, TRIPLE
from irlens.evals.rows import append_rows, read_rows, refuse_links
from irlens.evals.transplant.assembly import replaceable
from irlens.evals.transplant.compiler import FOLDER
from irlens.evals.transplant.culprits import culprits
from irlens.evals.transplant.programs import Program

BUILD_S, TEST_S = 900.0, 600.0
"""Seconds for a build and for the tests of a program; with code that runs wild, a hundred times those of the right one."""
_MEMORY_BYTES, _FILE_BYTES = 4 << 30, 1 << 30

Row = dict[str, Any]
Tell = Callable[[str], None]
Replaced = list[tuple[str, str]]
"""Functions, by the key of their file's assembly and their name."""


@dataclass(frozen=True)
class Outcome:
    """What came of one program. `functions` has a row for each of its functions; `builds`, for each way to make objects,
    the functions that make its tests fail, and `unexplained` those ways whose failure no function explains."""

    program: str
    version: str
    functions: list[Row]
    builds: dict[str, list[str]]
    unexplained: list[str]

    @property
    def replaced(self) -> list[Row]:
        return [row for row in self.functions if row["told"]]


class Rebuilt:
    """One program in `folder`: `tree` is what it is built in, anew each time and always at the same place, so that the
    same source gives the same assembly."""

    def __init__(self, program: Program, source: Path, folder: Path, compiler: str, level: str) -> None:
        self._program, self._source, self._folder = program, source, folder.resolve()
        self._compiler, self._level = compiler, level
        self._limit_s = TEST_S
        self.was_built = True
        """Whether the program could be built the last time."""
        kept = ("texts", "made", "plain", "lifts", "objects", "tmp")
        refuse_links(self._folder, *kept, "cc", "plan.json", "said", "log", "ran", "tree")
        for name in kept:
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        self._cc = self._folder / "cc"
        self._cc.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -P -m irlens.evals.transplant.compiler "$@"\n',
            encoding="utf-8",
        )
        self._cc.chmod(0o755)

    def passes(self, replaced: Replaced, build: int = 0, *, marks: bool = False) -> bool:
        """Whether the program builds and its tests pass with these functions' lifts in it, made the `build`th way. Raises
        `UnusableInput` where it cannot be built though nothing is replaced."""
        plan: dict[str, dict[str, str]] = {}
        for key, name in replaced:
            plan.setdefault(key, {})[name] = f"{key}/{_object_name(name, build)}"
        self._write_plan(plan, marks)
        tree = self._folder / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(self._source, tree, symlinks=True)
        for name in ("objects", "tmp"):
            shutil.rmtree(self._folder / name, ignore_errors=True)
            (self._folder / name).mkdir()
        (self._folder / "ran").unlink(missing_ok=True)
        code, said = self._run(self._program.build, BUILD_S, is_build=True)
        self.was_built = not code
        if code:
            if replaced:
                return False
            raise UnusableInput(f"{self._program.name} cannot be built: {said[-2000:]}")
        began = time.monotonic()
        code, said = self._run(self._program.test, self._limit_s)
        if not replaced and not code:
            self._limit_s = max(20.0, 100 * (time.monotonic() - began))
        (self._folder / "said").write_text(said, encoding="utf-8")
        return code == 0

    def texts(self) -> dict[str, tuple[str, str]]:
        """Of each C file of the program that was compiled, by key: its name, and its assembly."""
        found = {
            path.stem: (path.with_suffix(".name").read_text().strip(), path.read_text(encoding="utf-8"))
            for path in sorted((self._folder / "texts").glob("*.s"))
        }
        return {
            key: each
            for key, each in found.items()
            if not any(fnmatch(each[0], pattern) for pattern in self._program.left)
        }

    def ran(self) -> set[tuple[str, str]]:
        """The functions that ran in the tests of a build with `marks`."""
        path = self._folder / "ran"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return {(words[0], words[1]) for line in lines if len(words := line.split(" ", 1)) == 2}

    def has(self, key: str, name: str) -> bool:
        """Whether the objects of a lift are kept."""
        return all(
            (self._folder / "lifts" / key / _object_name(name, build)).exists()
            for build in range(len(BUILDS))
        )

    def put(self, key: str, name: str, objects: Sequence[bytes]) -> None:
        """Keep the objects of a lift. What else they define is the program's own, where it has that."""
        (self._folder / "lifts" / key).mkdir(exist_ok=True)
        for build, made in enumerate(objects):
            path = self._folder / "lifts" / key / _object_name(name, build)
            path.write_bytes(made)
            others = [each for each in _defined(path) if each != name]
            subprocess.run(
                ["objcopy", *(f"--weaken-symbol={each}" for each in others), str(path)],
                check=True, capture_output=True, timeout=60,
            )  # fmt: skip

    def _write_plan(self, replaced: dict[str, dict[str, str]], marks: bool) -> None:
        plan = {
            "compiler": self._compiler, "replaced": replaced, "marks": marks,
            "place": str(self._folder / "tree" / self._program.folder),
        }  # fmt: skip
        (self._folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")

    def _run(self, commands: Sequence[str], limit_s: float, *, is_build: bool = False) -> tuple[int, str]:
        """The commands in turn, in the tree; the code of the first that fails, and what was said."""
        prefixes = {sys.prefix, sys.base_prefix}
        confined = Confinement(
            read=(*policy.system_paths(), *policy.python_folders(), *prefixes, "/etc", str(self._folder)),
            execute=("/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", *prefixes, str(self._folder)),
            write=(str(self._folder),),
            devices=("/dev/null", "/dev/zero", "/dev/urandom"),
            processes=True,
            anything=True,
            memory_bytes=_MEMORY_BYTES,
            file_bytes=_FILE_BYTES,
            processor_s=int(limit_s),
        )
        variables = {
            **environment.plain(),
            FOLDER: str(self._folder),
            "IRLENS_TRANSPLANT_RAN": str(self._folder / "ran"),
            "CC": str(self._cc),
            "CFLAGS": self._level,
            "TMPDIR": str(self._folder / "tmp"),
            "HOME": str(self._folder / "tmp"),
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C",
        }
        script = "\n".join(["set -e", *commands])
        place = self._folder / "tree" / self._program.folder
        command = ["/bin/sh", "-c", f'cd "$1"\n{script}', "sh", str(place)]
        if not is_build:
            command = walls.launcher(confined, command)
        log = self._folder / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=variables,
                start_new_session=True,
            )
            try:
                code = process.wait(limit_s)
            except subprocess.TimeoutExpired:
                code = 124
            finally:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                process.wait()
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 20_000))
            return code, file.read().decode("utf-8", "replace")


def evaluate(
    program: Program,
    tools: Tools,
    folder: Path,
    *,
    source: Path | None = None,
    compiler: str = "gcc",
    level: str = "-O2",
    jobs: int = 1,
    most: int = 0,
    seed: int = 1,
    tell: Tell = lambda what: None,
) -> Outcome:
    """Rebuild one program: all its functions are lifted, or a seeded sample of `most`. `folder` keeps what was lifted, and a
    run that was stopped goes on there. Without `source`, a folder, Debian's package is fetched. Raises `UnusableInput` where
    the program cannot be had, cannot be built, or fails its tests as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    version = ""
    if source is None:
        tell(f"{program.name}: fetching its source")
        source, version = _fetched(program, folder)
    bench = Rebuilt(program, source, folder / f"{program.name}{level}", compiler, level)
    tell(f"{program.name}: building and testing it as it is")
    if not bench.passes([], marks=True):
        raise UnusableInput(f"{program.name} fails its own tests as it is, so they would show nothing.")
    ran = bench.ran()
    if not bench.passes([]):
        raise UnusableInput(f"{program.name} passes its tests only now and then, so they would show nothing.")
    chosen = [(key, name) for key, (_, text) in bench.texts().items() for name in replaceable(text)]
    if 0 < most < len(chosen):
        chosen = sorted(random.Random(seed).sample(chosen, most))
    rows = _lifted(bench, chosen, folder / f"{program.name}{level}.jsonl", tools, jobs, tell)
    for row in rows:
        row["ran"] = (row["file"], row["function"]) in ran
    names: Replaced = [(row["file"], row["function"]) for row in rows if row["told"]]
    found: dict[str, list[str]] = {}
    unexplained: list[str] = []
    for number, build in enumerate(BUILDS):
        asked = 0

        def fails(parts: Sequence[tuple[str, str]], number: int = number, build: str = build) -> bool:
            nonlocal asked
            asked += 1
            tell(f"{program.name}: {len(parts)} functions replaced ({build}), test {asked}")
            return not bench.passes(list(parts), number)

        guilty, explained = culprits(names, fails)
        # A lift that cannot be linked says another thing than one that does something else.
        unbuilt = {each for each in guilty if fails([each]) and not bench.was_built}
        found[build] = [
            f"{name} ({bench.texts()[key][0]}{', cannot be built' if (key, name) in unbuilt else ''})"
            for key, name in guilty
        ]
        for row in rows:
            where = row["file"], row["function"]
            if where in guilty:
                kind = "unbuilt" if where in unbuilt else "fails"
                row[kind] = [*row.get(kind, []), build]
        if not explained:
            unexplained.append(build)
    return Outcome(program.name, version, rows, found, unexplained)


_FORM = {
    **dict.fromkeys(("file", "source", "function", "verdict", "reason", "ir"), str), "taken": bool, "told": bool
}  # fmt: skip


def _lifted(bench: Rebuilt, chosen: Replaced, path: Path, tools: Tools, jobs: int, tell: Tell) -> list[Row]:
    """A row for each of the functions, from `path` where it stands there."""
    known = {(row["file"], row["function"]): row for row in read_rows(path, _FORM)}
    rows: list[Row] = []
    for key, (source, text) in bench.texts().items():
        names = [name for file, name in chosen if file == key]
        for row in (known[key, name] for name in names if (key, name) in known):
            if row["told"] and not bench.has(key, row["function"]):
                _put(bench, key, row, tools)
            rows.append(row)
        left = [name for name in names if (key, name) not in known]
        for done, result in enumerate(
            lift_file(text, left, TRIPLE, None, tools, wanted="mechanical", jobs=jobs), 1
        ):
            tell(f"{source}: {done} of {len(left)} functions lifted")
            row = {
                "file": key, "source": source, "function": result.name, "verdict": str(result.verdict),
                "reason": result.reason, "taken": TAKEN in result.reason, "ir": result.ir or "",
                "told": result.ir is not None and result.verdict.is_shown_right,
            }  # fmt: skip
            if row["told"]:
                _put(bench, key, row, tools)
            append_rows(path, [row])
            rows.append(row)
    return rows


def _put(bench: Rebuilt, key: str, row: Row, tools: Tools) -> None:
    """Make the objects of a lift; where that fails it is told no more."""
    try:
        bench.put(key, row["function"], _objects(tools, row["ir"]))
    except (IrlensError, subprocess.CalledProcessError) as error:
        row |= {"told": False, "reason": f"no object was made: {error}"}


def _objects(tools: Tools, ir: str) -> tuple[bytes, ...]:
    """As `BUILDS` names them. What is local to its file is to be seen by the rest of it."""
    llvm = tools.llvm
    ir = re.sub(r"^define internal ", "define ", ir, flags=re.M)
    return (
        llvm.emit_object(ir, TRIPLE, opt_level=0),
        llvm.emit_object(ir, TRIPLE, opt_level=2),
        llvm.emit_object(llvm.run_passes(ir, "default<O2>").ir, TRIPLE, opt_level=2),
    )


def _defined(path: Path) -> list[str]:
    """The global symbols that an object defines."""
    said = subprocess.run(
        ["nm", "--defined-only", "--extern-only", "-P", str(path)], check=True, capture_output=True, text=True, timeout=60
    )  # fmt: skip
    return [line.split(" ", 1)[0] for line in said.stdout.splitlines() if line]


def _object_name(name: str, build: int) -> str:
    """A file's name: a function may be called anything, `../x` too."""
    return f"{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.{build}.o"


def _fetched(program: Program, folder: Path) -> tuple[Path, str]:
    if not shutil.which("apt-get") or not shutil.which("dpkg-source"):
        raise UnusableInput(
            f"The source of {program.name} is fetched by Debian's apt-get and dpkg-dev. Run it on Debian, or give "
            "--source DIR."
        )
    try:
        with contextlib.redirect_stdout(sys.stderr):
            debian.fetch((program.package,), folder / "sources")
    except (OSError, subprocess.SubprocessError) as error:
        raise UnusableInput(
            f"The source of {program.name} cannot be fetched ({error}). Check the network."
        ) from error
    found = debian.folders_of(folder / "sources", program.package)
    if not found:
        raise UnusableInput(f"The source of {program.name} cannot be fetched. Check the network.")
    return found[0], found[0].name.removeprefix(f"{program.package}-")

"""`irlens eval native`: what is called right is compiled and run beside the original, natively.

Each function of a C corpus is compiled by each compiler at each level, its assembly is lifted without a model, and a lift
that is told to agree, or better, is made into an object four ways (as it stands at -O0 and -O2, after `default<O2>`, and
with garbage in every register that it does not name, see `unlucky`) and called beside the original through the C
prototype, on the same arguments (`harness`). The lifted code runs in a child with no network, no file but its own, and
limits of time and memory.

Neither the lifter nor the emulator has seen the prototype, unless the assembly has debug information (`-g`); so what they
get wrong together shows here.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from irlens.assist.lift import lift
from irlens.assist.tools import Tools
from irlens.confinement import environment, policy, programs, walls
from irlens.confinement.policy import Confinement
from irlens.emulator.agreement import TAKEN
from irlens.errors import IrlensError, UnusableInput
from irlens.evals.native.corpus import Corpus
from irlens.evals.native.harness import source
from irlens.evals.native.unlucky import unlucky
from irlens.evals.rows import append_rows, read_rows
from irlens.evidence.original import Original
from irlens.model.types import LiftSource

TRIPLE = "x86_64-unknown-linux-gnu"
PREFIX = "lifted_"
TRIALS = 300
"""Calls of each function, each with other arguments."""
_LIMIT_S = 60.0
_MEMORY_BYTES = 1 << 30
_COMPILER_S, _COMPILER_BYTES, _OBJECT_BYTES = 300, 4 << 30, 256 << 20
_FLAGS = (
    "-std=gnu11",
    "-w",
    "-fno-stack-protector",
    "-fno-asynchronous-unwind-tables",
    "-fcf-protection=none",
)
BUILDS = ("-O0", "-O2", "default<O2>")
"""What a program may be built of."""
CHECKED_BUILDS = (*BUILDS, "nothing by luck")

Row = dict[str, Any]
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Configuration:
    """A compiler, by the name of its program, and a level such as `-O2`."""

    compiler: str
    level: str

    def __str__(self) -> str:
        return f"{self.compiler} {self.level}"


def compilers() -> tuple[str, ...]:
    """The C compilers at hand for x86-64."""
    clang = next(
        (name for name in ("clang", *(f"clang-{n}" for n in range(22, 13, -1))) if shutil.which(name)), None
    )
    return tuple(name for name in ("gcc", clang) if name and shutil.which(name))


def evaluate(
    corpus: Corpus,
    configurations: Sequence[Configuration],
    tools: Tools,
    *,
    count: int = 0,
    seed: int = 1,
    jobs: int = 1,
    debug: bool = False,
    output: Path | None = None,
    tell: Tell = lambda done, of, what: None,
) -> list[Row]:
    """One row for each function in each configuration; of more than `count` (0: all) a seeded sample. `debug`: the assembly
    that is lifted has debug information, and so the prototypes. With `output`, a file of JSON lines, what stands there
    already is not done again."""
    known: dict[tuple[str, str], Row] = {}
    for row in read_rows(output, _FORM) if output is not None else ():
        known[row["configuration"], row["function"]] = row
    pairs = [(each, name) for each in configurations for name in corpus.functions]
    random.Random(seed).shuffle(pairs)
    chosen: dict[Configuration, list[str]] = defaultdict(list)
    for configuration, name in pairs[: count or None]:
        chosen[configuration].append(name)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    of = sum(map(len, chosen.values()))
    for configuration, names in chosen.items():
        done = [known[key] for name in names if (key := (str(configuration), name)) in known]
        left = [name for name in names if (str(configuration), name) not in known]
        if left:
            with TemporaryDirectory(prefix="irlens-native-") as folder:
                bench = _Bench(corpus, configuration, tools, Path(folder), debug=debug)
                tell(len(rows), of, f"{configuration}: lifting")
                with ThreadPoolExecutor(jobs) as pool:
                    new = list(pool.map(bench.lifted, left))
                tell(len(rows), of, f"{configuration}: running")
                bench.run(new)
            done += new
            if output is not None:
                append_rows(output, new)
        rows += done
        tell(len(rows), of, str(configuration))
    return rows


_FORM = {
    **dict.fromkeys(
        ("configuration", "compiler", "level", "function", "kind", "verdict", "native", "what", "ir"), str
    ),
    "told": bool, "taken": bool,
}  # fmt: skip


class _Bench:
    """One configuration: its assembly, its object, the objects of its lifts."""

    def __init__(
        self, corpus: Corpus, configuration: Configuration, tools: Tools, folder: Path, *, debug: bool = False
    ) -> None:
        self._corpus, self._configuration, self._tools, self._folder = corpus, configuration, tools, folder
        (folder / "corpus.c").write_text(corpus.text, encoding="utf-8")
        self._compile(*["-g"] * debug, "-S", "-o", "corpus.s")
        self._compile("-c", "-o", "corpus.o")
        self._text = (folder / "corpus.s").read_text(encoding="utf-8", errors="surrogateescape")
        self._original = Original(self._text, TRIPLE, tools.llvm)

    def _compile(self, *words: str) -> None:
        command = [self._configuration.compiler, self._configuration.level, *_FLAGS, *words, "corpus.c"]
        made = _compiled(command, self._folder)
        if made.returncode:
            said = made.stderr.decode("utf-8", "replace").strip().split("\n")
            why = next((line for line in said if "error" in line), said[0])
            raise UnusableInput(f"{self._configuration.compiler} does not compile the file: {why}. Mend it.")

    def lifted(self, name: str) -> Row:
        """The row of a function, so far as it goes without running it; its objects lie in the folder."""
        function = self._corpus.functions[name]
        row: Row = {
            "configuration": str(self._configuration), "compiler": self._configuration.compiler,
            "level": self._configuration.level, "function": name, "kind": function.kind, "verdict": "rejected",
            "told": False, "native": "", "what": "", "ir": "", "taken": False,
        }  # fmt: skip
        began = time.monotonic()
        try:
            source = LiftSource(self._text, name, TRIPLE)
            result = lift(source, None, self._tools, wanted="mechanical", original=self._original)
            row |= {"verdict": str(result.verdict), "reason": result.reason, "ir": result.ir or ""}
            row["taken"] = TAKEN in result.reason
            row["told"] = result.ir is not None and result.verdict.is_shown_right
            if row["told"]:
                assert result.ir is not None
                self._make_objects(name, result.ir)
        except IrlensError as error:
            row["what"] = f"{type(error).__name__}: {error}"
        row["seconds"] = round(time.monotonic() - began, 3)
        return row

    def _make_objects(self, name: str, ir: str) -> None:
        llvm = self._tools.llvm
        optimised = llvm.run_passes(ir, "default<O2>").ir
        objects = (
            llvm.emit_object(ir, TRIPLE, opt_level=0),
            llvm.emit_object(ir, TRIPLE, opt_level=2),
            llvm.emit_object(optimised, TRIPLE, opt_level=2),
            llvm.emit_object(_unlucky(ir, name), TRIPLE, opt_level=2),
        )
        for number, made in enumerate(objects):
            path = self._folder / f"{name}.{number}.o"
            path.write_bytes(made)
            # Its other definitions are its own: the program has them too.
            subprocess.run(
                ["objcopy", "--redefine-sym", f"{name}={PREFIX}{name}", f"--keep-global-symbol={PREFIX}{name}", str(path)],
                check=True, capture_output=True, timeout=60,
            )  # fmt: skip

    def run(self, rows: Iterable[Row]) -> None:
        """Fill in what came of running each function that was told, with the first build that differs."""
        told = [row for row in rows if row["told"]]
        if not told:
            return
        functions = [self._corpus.functions[row["function"]] for row in told]
        (self._folder / "harness.c").write_text(source(self._corpus, functions, PREFIX), encoding="utf-8")
        made = _compiled(
            ["gcc", "-O1", "-w", "-std=gnu11", "-fno-builtin", "-c", "harness.c", "-o", "harness.o"],
            self._folder,
        )
        made.check_returncode()
        for number, build in enumerate(CHECKED_BUILDS):
            program = self._link(number, [row["function"] for row in told])
            for row in told:
                if row["native"] not in ("", "same"):
                    continue
                if program is None:
                    one = self._link(number, [row["function"]], stubs=told)
                    row["native"], row["what"] = self._called(one, row) if one else ("not linked", build)
                else:
                    row["native"], row["what"] = self._called(program, row)
                if row["native"] == "differs":
                    row["what"] += f" ({build})"

    def _link(self, number: int, names: Sequence[str], stubs: Sequence[Row] = ()) -> Path | None:
        program = self._folder / f"program{number}{'.one' if stubs else ''}"
        absent = [
            f"-Wl,--defsym={PREFIX}{row['function']}=0" for row in stubs if row["function"] not in names
        ]
        objects = [f"{name}.{number}.o" for name in names]
        made = subprocess.run(
            ["gcc", "-no-pie", "-o", str(program), "harness.o", "corpus.o", *objects, *absent, "-lm"],
            cwd=self._folder, capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        return program if made.returncode == 0 else None

    @staticmethod
    def _called(program: Path, row: Row) -> tuple[str, str]:
        """What the harness says: same, differs, not run (the original never came back) or stopped."""
        libraries = programs.libraries_of(str(program))
        confined = Confinement(
            read=(str(program), *libraries, *map(os.path.realpath, libraries), *policy.FACTS),
            execute=(str(program), *libraries[-1:]),
            memory_bytes=_MEMORY_BYTES,
            file_bytes=1 << 20,
            processor_s=int(_LIMIT_S),
        )
        command = walls.launcher(confined, [str(program), row["function"], str(TRIALS)])
        # Into files, whose size is limited as a pipe's is not: what lifted code prints may have no end.
        with TemporaryFile() as out, TemporaryFile() as errors:
            try:
                ended = subprocess.run(
                    command, env=environment.plain(), stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
                    timeout=_LIMIT_S, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return "stopped", f"no end within {_LIMIT_S:g} s"
            said, complained = (_text_of(file) for file in (out, errors))
        words = said.split()
        if ended.returncode or len(words) < 2:
            return "stopped", f"exit code {ended.returncode} {complained.strip()[-200:]}"
        if words[0] == "same":
            return ("same", "") if words[1] != "0" else ("not run", "the original came back from no trial")
        return "differs", " ".join(words[2:])


def _compiled(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """A compiler's run in the folder, behind walls: the C file may be a stranger's, and what it includes or fills without
    end is its compiler's to read and write."""
    confined = Confinement(
        read=(str(folder), *policy.system_paths()),
        execute=policy.system_paths(),
        write=(str(folder),),
        devices=("/dev/null",),
        processes=True,
        anything=True,
        memory_bytes=_COMPILER_BYTES,
        file_bytes=_OBJECT_BYTES,
        processor_s=_COMPILER_S,
    )
    variables = {**environment.plain(), "TMPDIR": str(folder)}
    with TemporaryFile() as errors:
        process = subprocess.Popen(
            walls.launcher(confined, [shutil.which(command[0]) or command[0], *command[1:]]),
            cwd=folder, env=variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(_COMPILER_S)
        except subprocess.TimeoutExpired:
            errors.write(b"error: it does not come to an end")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        errors.seek(0)
        return subprocess.CompletedProcess(command, process.returncode, b"", errors.read(1 << 20))


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _unlucky(ir: str, name: str) -> str:
    try:
        return unlucky(ir, name)
    except ValueError:
        return ir


def table(rows: Sequence[Row]) -> str:
    """Counts by compiler, level and kind: functions, told, run, and false ones per 1,000 that ran; of both, those that say
    which registers they take to carry no result."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for group in ("all", row["compiler"], row["level"], f"kind: {row['kind'] or 'none'}"):
            groups[group].append(row)
    lines = [
        "| | functions | told | run | false | per 1,000 | not run | with something taken | false of these |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    order = sorted(groups, key=lambda group: (group != "all", group.startswith("kind: "), group))
    for group in order:
        its = groups[group]
        told = [row for row in its if row["told"]]
        ran = [row for row in told if row["native"] in ("same", "differs")]
        false = sum(row["native"] == "differs" for row in ran)
        share = f"{1000 * false / len(ran):.1f}" if ran else "-"
        percent = f"{len(told)} ({100 * len(told) / len(its):.0f} %)"
        lines.append(
            f"| {group} | {len(its)} | {percent} | {len(ran)} | {false} | {share} | {len(told) - len(ran)} "
            f"| {sum(row['taken'] for row in ran)} | {sum(row['taken'] and row['native'] == 'differs' for row in ran)} |"
        )
    return "\n".join(lines)

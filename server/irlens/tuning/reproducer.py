"""A folder for each list that went wrong: what somebody needs to see it again, without irlens."""

from __future__ import annotations

import hashlib
import re
import secrets
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from irlens import escape
from irlens.errors import LLVMRefused, Unrunnable, UnusableInput
from irlens.ir import pass_policy
from irlens.ir.pipeline import PipelineError
from irlens.llvm import content, opt
from irlens.llvm.compilers import Compiler
from irlens.llvm.tools import ToolTimedOut, run_tool
from irlens.output import temporary, write_new
from irlens.source.positions import to_utf8
from irlens.tuning.objective import Objective

Went = Literal["crashed", "late", "not the same twice", "breaks the module", "breaks the suite"]


@dataclass(frozen=True)
class Failure:
    """A list that is not offered, `what` went wrong and `why` in words. `ir` is the module it shows on where that is
    not the one that was tuned but a program of the suite, which `program` names."""

    passes: str
    what: Went
    why: str
    ir: str = ""
    program: str = ""


def write(
    folder: Path,
    ir: str,
    failures: Sequence[Failure],
    compiler: Compiler,
    objective: Objective,
    *,
    limit_s: float = 10.0,
) -> list[Path]:
    """A folder in `folder` (made where it is not there) for each failure; the paths of those that are new, in order.

    Each has `input.ll`, `passes.txt`, `README.txt` (what happened, with which versions, and what became of one more
    run of at most `limit_s` seconds), `repro.sh`, and `stderr.txt` where LLVM said something as it ended. Nothing that
    is there is written over: a failure that has its folder already is passed by, and a folder is there whole or not
    at all. Raises `UnusableInput` where it cannot be written.
    """
    made = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for failure in failures:
            target = folder / _name(failure, ir, compiler.name)
            if target.exists():
                continue
            if _write_one(target, failure, ir, compiler, objective, limit_s):
                made.append(target)
    except OSError as error:
        raise UnusableInput(
            f"The reproducers cannot be written to {folder} ({error.strerror or error}). Name another folder."
        ) from error
    return made


def _write_one(
    target: Path, failure: Failure, ir: str, compiler: Compiler, objective: Objective, limit_s: float
) -> bool:
    """False where another process made the same folder meanwhile."""
    contents = _contents(failure, ir, compiler, objective, limit_s)
    half = target.with_name(f".irlens-{secrets.token_hex(8)}.tmp")
    with temporary(str(half)):
        half.mkdir()
        for name, text in contents.items():
            write_new(half / name, text)
        (half / "repro.sh").chmod(0o755)
        try:
            half.rename(target)
        except OSError:
            if not target.exists():
                raise
            return False
    return True


def _contents(
    failure: Failure, ir: str, compiler: Compiler, objective: Objective, limit_s: float
) -> dict[str, str]:
    """The text of each file of the folder."""
    text = failure.ir or ir
    block = to_utf8(text)
    (again,) = compiler.measure(block, [failure.passes], opt_level=objective.opt_level, limit_s=limit_s)
    once_more = {
        "measured": f"it came to {again.bytes} bytes",
        "refused": f"it was refused: {again.why}",
    }.get(again.how, f"it ended so: {again.how}, {again.why}")
    of = f"program {failure.program} of irlens's suite" if failure.program else "the module that was tuned"
    readme = [
        f"What happened:  {failure.what}: {failure.why}",
        f"Input:          input.ll ({of})",
        f"Passes:         {failure.passes}",
        f"LLVM:           {compiler.name}",
        f"Objective:      {objective.what}, code generation {objective.codegen} (-O{objective.opt_level})",
        f"Run once more:  {once_more}",
        "To see it:      sh repro.sh",
    ]
    said = again.stderr or (
        _words_of_opt(failure, block, compiler, limit_s) if again.how == "crashed" else ""
    )
    contents = {
        "input.ll": text,
        "passes.txt": failure.passes + "\n",
        "README.txt": "\n".join(map(escape.line, readme)) + "\n",
        "repro.sh": _script(failure, compiler, objective),
    }
    return contents | {"stderr.txt": escape.lines(said)} if said else contents


def _words_of_opt(failure: Failure, ir: bytes, compiler: Compiler, limit_s: float) -> str:
    """What the `opt` of the same LLVM says as it ends: a libLLVM that is loaded by another program says nothing."""
    tool = opt.usable()
    if tool is None or f" {tool.version} " not in f"{compiler.name} ":
        return ""
    command = [tool.path, *opt.AS_BUILT, "-S", f"-passes={failure.passes}", "-o", "-", "-"]
    try:
        pass_policy.check(failure.passes)
        return run_tool(command, content.module_for_llvm(ir), limit_s=limit_s, memory_bytes=2048 << 20).stderr
    except (OSError, ToolTimedOut, LLVMRefused, Unrunnable, PipelineError):
        return ""


def _name(failure: Failure, ir: str, compiler: str) -> str:
    """What went wrong, the first passes, and a number that only the same failure has."""
    content = "\0".join((failure.passes, failure.what, failure.program, failure.ir or ir, compiler))
    number = hashlib.blake2b(to_utf8(content), digest_size=5).hexdigest()
    words = re.sub(r"[^A-Za-z0-9]+", "-", f"{failure.what} {failure.passes}").strip("-")
    return escape.file_name(f"{words[:60].strip('-')}-{number}")


def _script(failure: Failure, compiler: Compiler, objective: Objective) -> str:
    passes = shlex.quote(f"-passes={failure.passes}")
    if (
        escape.line(failure.passes) != failure.passes
    ):  # a script is printed too, and sh has no way to spell it
        passes = '"-passes=$(cat passes.txt)"'
    said = escape.line(" ".join(f"Seen with {compiler.name}: {failure.what}: {failure.why}".split()))
    lines = [
        "#!/bin/sh",
        f"# {said}",
        "# OPT and LLC name the tools of that LLVM, where they are not the first on the PATH.",
        'cd "$(dirname "$0")" || exit 1',
        f"OPT=${{OPT:-{_tool('opt', compiler.release)}}} LLC=${{LLC:-{_tool('llc', compiler.release)}}}",
    ]
    run = f'"$OPT" {" ".join(opt.AS_BUILT)} -S {passes} input.ll'
    if failure.what == "not the same twice":
        lines += [f"{run} -o first.ll && {run} -o second.ll && diff first.ll second.ll"]
    else:
        lower = f'"$LLC" -O{objective.opt_level} -relocation-model=pic -filetype=obj output.ll -o output.o'
        lines += [f"{run} -o output.ll && {lower}"]
    if failure.what in ("breaks the module", "breaks the suite"):
        lines.append(
            "echo 'input.ll and output.ll do not do the same: README.txt has the function and the input.'"
        )
    return "\n".join(lines) + "\n"


def _tool(name: str, release: int) -> str:
    return f"$(command -v {name}-{release} || echo {name})"

"""LLVM's own `opt`, where one is installed: found, checked for its version, run out of process.

It serves the pass lists that llvmlite cannot express. The IR goes to it as the caller wrote it; what an
older `opt` cannot read is said, never rewritten.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from irlens import escape
from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, Unrunnable
from irlens.ir import pass_policy
from irlens.ir.passes import CONTAINERS, registry, suggest
from irlens.llvm import content
from irlens.llvm.reports import HOW_TO_GIVE_TIME, last_words
from irlens.llvm.tools import ToolRun, ToolTimedOut, on_path, run_tool, version_of
from irlens.source.positions import to_utf8

OLDEST, NEWEST = 16, 22
INSTALL = (
    "Install one (on Debian and Ubuntu: apt-get install llvm-19), or name it in the setting `llvm.opt` "
    "(`--opt` in a shell)."
)
AS_BUILT = ("-relocation-model=pic",)
"""Options with which `opt` does to a module what a compiler on Linux does today and our workers do: it makes tables of
distances out of tables of addresses only where code is position-independent."""
_RELEASES = range(NEWEST, OLDEST - 1, -1)
_FOLDERS = tuple(f"/usr/lib/llvm-{release}/bin" for release in _RELEASES) + tuple(
    f"{root}/opt/llvm{suffix}/bin"
    for root in ("/opt/homebrew", "/usr/local")
    for suffix in ("", *(f"@{release}" for release in _RELEASES))
)
_UNREADABLE = re.compile(r"<stdin>:(\d+):(\d+): error: (.*)")
_UNKNOWN_PASS = re.compile(r"unknown (?:[\w-]{1,40} ){0,4}pass(?: name)? '([^'\n]{0,1000})'")
_MISUSED_PASS = re.compile(r"invalid use of '([^'\n]{0,1000})' pass")


def command(program: str, passes: str, path: str, output: str = "", attributes: Sequence[str] = ()) -> str:
    """What somebody types in a shell to have the passes run as irlens runs them; `attributes` are options that put
    attributes on functions first (`SizeMarks.opt_options`)."""
    words = [*map(escape.shell_word, (program, *AS_BUILT, *attributes))]
    if attributes:
        passes = f"forceattrs,{passes}"
    words += [f"-passes={escape.shell_word(passes)}", "-S"]
    words.append(escape.shell_path(path))
    if output:
        words += ["-o", escape.shell_path(output)]
    return " ".join(words)


@dataclass(frozen=True)
class Opt:
    """An `opt` that was found. `why_not` says why it cannot be used; empty when it can."""

    path: str
    version: str
    why_not: str = ""

    @property
    def usable(self) -> bool:
        return not self.why_not

    @property
    def name(self) -> str:
        return f"opt {self.version}" if self.version else "opt"

    @property
    def release(self) -> int:
        return int(self.version.partition(".")[0] or 0)


class CannotRead(Exception):
    """This `opt` does not parse the IR. It may be newer IR than the tool, or no IR at all."""

    def __init__(self, opt: Opt, line: int, message: str) -> None:
        super().__init__(message)
        self.opt, self.line, self.message = opt, line, message


def find(setting: str | None = None) -> list[Opt]:
    """Every `opt` at hand, the one to use first. With a setting (a path or a name) only that one."""
    if setting:
        paths = [setting] if os.path.isabs(setting) else on_path([setting])
        if not paths:
            return [Opt(setting, "", "it is named in the setting `llvm.opt` but is not there")]
    else:
        paths = on_path(["opt", *(f"opt-{release}" for release in (*_RELEASES, 15, 14))], _FOLDERS)
    found = [_probe(path) for path in paths]
    return sorted(found, key=lambda opt: (not opt.usable, [-part for part in _numbers(opt.version)]))


def usable(setting: str | None = None) -> Opt | None:
    """The `opt` to use, if there is one."""
    return next((opt for opt in find(setting) if opt.usable), None)


def why_none(setting: str | None = None) -> str:
    """One sentence on why no `opt` can be used, with what to do."""
    found = find(setting)
    if not found:
        return f"No LLVM `opt` is installed. {INSTALL}"
    first = found[0]
    return f"{first.path} cannot be used: {first.why_not}. {INSTALL}"


def _probe(path: str) -> Opt:
    version, line = version_of(path)
    if not version or "LLVM" not in line:
        return Opt(
            path, version, line if line.startswith("it cannot") else "it does not say that it is LLVM's"
        )
    release = int(version.partition(".")[0])
    if release < OLDEST:
        return Opt(path, version, f"LLVM {version} is too old, irlens needs {OLDEST} to {NEWEST}")
    if release > NEWEST:
        return Opt(path, version, f"LLVM {version} is newer than irlens knows, it needs {OLDEST} to {NEWEST}")
    return Opt(path, version)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def run(
    opt: Opt,
    ir: bytes,
    pipeline: str,
    options: Sequence[str] = (),
    *,
    limit_s: float,
    memory_bytes: int,
    cancel: CancelToken | None = None,
) -> str:
    """The module after `pipeline`, as text, with `options` of `opt` besides.

    Raises `CannotRead`, `Unrunnable` with the passes that this `opt` does not have or irlens does not run (see
    `irlens.ir.pass_policy`), `PipelineError`, `LLVMRefused` where its verifier says no, `LLVMStopped` where it died or
    overran `limit_s`, `Cancelled`.
    """
    options = ["-S", "-o", "-", *options]
    ended = _run(opt, ir, pipeline, options, limit_s=limit_s, memory_bytes=memory_bytes, cancel=cancel)
    return ended.stdout.decode("utf-8", "replace")


def dump(
    opt: Opt,
    ir: bytes,
    pipeline: str,
    options: Sequence[str],
    *,
    limit_s: float,
    memory_bytes: int,
    cancel: CancelToken | None = None,
) -> tuple[str, str]:
    """The module after `pipeline`, and what this `opt` says, with `options`, while it runs. Raises as `run`."""
    options = ["-S", "-o", "-", *options]
    ended = _run(opt, ir, pipeline, options, limit_s=limit_s, memory_bytes=memory_bytes, cancel=cancel)
    return ended.stdout.decode("utf-8", "replace"), ended.stderr


def _run(
    opt: Opt,
    ir: bytes,
    pipeline: str,
    options: Sequence[str],
    *,
    limit_s: float,
    memory_bytes: int,
    cancel: CancelToken | None,
) -> ToolRun:
    pass_policy.check(pipeline)
    try:
        ir = content.module_for_llvm(ir)
    except LLVMRefused as refused:
        raise LLVMRefused(f"irlens does not compile this module: {refused}", refused.diagnostics) from refused
    command = [opt.path, *(_word(each) for each in (f"-passes={pipeline}", *options)), "-"]
    try:
        ended = run_tool(command, ir, limit_s=limit_s, memory_bytes=memory_bytes, cancel=cancel)
    except ToolTimedOut as late:
        raise LLVMStopped(f"{opt.name} timed out after {late.seconds:g} s. {HOW_TO_GIVE_TIME}") from late
    except OSError as error:
        raise Unrunnable(f"{opt.path} cannot be started ({error.strerror}). {INSTALL}") from error
    if ended.returncode == 0:
        return ended
    raise _failure(opt, ended)


def _word(text: str) -> str:
    """A word of a command line that names in a file take part in. Raises `LLVMRefused` where there can be none."""
    if "\0" in text:
        raise LLVMRefused("A name holds a NUL character, which opt cannot be given. Rename the function.")
    return to_utf8(text).decode("utf-8", "surrogateescape")


def named(passes: tuple[str, ...]) -> str:
    """The passes by name; one that no LLVM known to irlens has, with the names it may have been meant for."""
    said = []
    for name in passes:
        plain = name.partition("<")[0].partition("(")[0]
        known = name in registry() or plain in registry() or plain in CONTAINERS
        near = [] if known else suggest(name)
        said.append(f"{name} (no such pass; did you mean {' or '.join(near)}?)" if near else name)
    return ", ".join(said)


def _failure(opt: Opt, ended: ToolRun) -> Exception:
    unreadable = _UNREADABLE.search(ended.stderr)
    if unreadable:
        return CannotRead(opt, int(unreadable[1]) - 1, unreadable[3])
    passes = tuple(
        dict.fromkeys((*_UNKNOWN_PASS.findall(ended.stderr), *_MISUSED_PASS.findall(ended.stderr)))
    )
    said = _said(ended.stderr)
    if passes:
        return Unrunnable(f"{opt.name} cannot run {named(passes)}: {said}. Take it out of the list.", passes)
    if ended.returncode < 0 or "LLVM ERROR" in ended.stderr or "Stack dump" in ended.stderr:
        return LLVMStopped(f"{opt.name} stopped on this input: {said or 'it died'}. Change the pass list.")
    return LLVMRefused(
        f"{opt.name} refuses this: {said or f'exit code {ended.returncode}'}. Change the pass list."
    )


def _said(stderr: str) -> str:
    """The line that says what went wrong."""
    said = last_words(stderr)
    program, colon, rest = said.partition(": ")
    return (rest if colon and "opt" in program and not re.search(r"\s", program) else said).rstrip(".")

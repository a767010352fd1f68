"""Assemblers of the system, for targets whose assembly llvmlite cannot read on this host: found, and run.

llvmlite brings every code generator but only the host's assembly parser, so an AArch64 `.s` on an x86-64
host (and the reverse) needs an installed llvm-mc, clang or GNU as.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Literal

from irlens.cancel import CancelToken
from irlens.errors import LLVMStopped, Unrunnable
from irlens.llvm import content
from irlens.llvm.answers import Assembled, Diagnostic
from irlens.llvm.reports import assembler_diagnostics
from irlens.llvm.tools import ToolTimedOut, about, on_path, run_tool, version_of

Kind = Literal["llvm-mc", "clang", "GNU as"]

_OUTPUT = "assembled.o"  # GNU as must be able to seek in it
_BUILT_FOR = re.compile(r"configured for a target of [`'\"]?([\w.-]+)")
_RELEASES = range(22, 10, -1)
_FOLDERS = tuple(f"/usr/lib/llvm-{release}/bin" for release in _RELEASES)
_NAMES: dict[Kind, tuple[str, ...]] = {
    "llvm-mc": ("llvm-mc", *(f"llvm-mc-{release}" for release in _RELEASES)),
    "clang": ("clang", *(f"clang-{release}" for release in _RELEASES)),
}


@dataclass(frozen=True)
class Assembler:
    """A program that may assemble for `arch`; LLVM's may lack the target, which shows when it is run."""

    kind: Kind
    path: str
    version: str

    @property
    def name(self) -> str:
        return f"{self.kind} {self.version}".strip()


def architecture(triple: str) -> str:
    """The first part of a triple, in one spelling: `x86_64`, `aarch64`, or as it stands."""
    first = triple.partition("-")[0].lower()
    return {"amd64": "x86_64", "x86-64": "x86_64", "arm64": "aarch64"}.get(first, first)


def find(triple: str) -> list[Assembler]:
    """Assemblers to try for the target, best first: llvm-mc and clang of the newest LLVM, then GNU as."""
    found = [
        Assembler(kind, path, version_of(path)[0])
        for kind, names in _NAMES.items()
        for path in on_path(names, _FOLDERS)
    ]
    found.sort(
        key=lambda tool: (tool.kind, [-int(part) for part in tool.version.split(".") if part.isdigit()])
    )
    found.sort(key=lambda tool: tool.kind == "clang")
    found += [Assembler("GNU as", path, version_of(path)[0]) for path in on_path(_gnu_names(triple))]
    return [tool for tool in found if tool.version]


def named(setting: str, triple: str) -> Assembler | None:
    """The program that the setting names (a path, or a name on PATH; its name tells its kind), or None where
    it is a GNU as for another target. Raises `Unrunnable` where it is not there or does not run."""
    paths = [setting] if os.path.isabs(setting) else on_path([setting])
    version, why = version_of(paths[0]) if paths else ("", "it is not there")
    if not version:
        raise Unrunnable(
            f"{setting}, which the setting `llvm.assembler` names, cannot be used: "
            f"{why or 'it does not tell its version'}. Name an llvm-mc, clang or GNU as."
        )
    tool = Assembler(_kind(paths[0]), paths[0], version)
    if tool.kind == "GNU as":
        built_for = _BUILT_FOR.search(about(tool.path))
        if built_for is not None and architecture(built_for[1]) != architecture(triple):
            return None  # what it would say of another target's assembly is false
    return tool


def _gnu_names(triple: str) -> list[str]:
    """GNU as is built for one target, so only a name with the target in it is trusted."""
    arch = architecture(triple)
    return [f"{arch}-linux-gnu-as", f"{arch}-unknown-linux-gnu-as", f"{arch}-none-elf-as"]


def _kind(path: str) -> Kind:
    name = os.path.basename(path)
    if "llvm-mc" in name:
        return "llvm-mc"
    return "clang" if "clang" in name else "GNU as"


def no_assembler(triple: str) -> Unrunnable:
    """What to say where no assembler for the target is at hand."""
    arch = architecture(triple)
    return Unrunnable(
        f"No assembler for {arch} is at hand: llvmlite reads only this host's assembly. Install one (on "
        f"Debian and Ubuntu: apt-get install llvm, or binutils-{arch.replace('_', '-')}-linux-gnu), or name "
        "it in the setting `llvm.assembler` (`--assembler` in a shell)."
    )


def assemble(
    tool: Assembler,
    text: bytes,
    triple: str,
    *,
    limit_s: float,
    memory_bytes: int,
    cancel: CancelToken | None,
) -> Assembled | None:
    """Assemble with this tool; None when it has not the target.

    Raises `LLVMStopped` where the tool died or overran, `Cancelled`.
    """
    if refused := content.assembly_diagnostics(text):
        return Assembled(None, refused, "irlens")
    try:
        ended = run_tool(
            _command(tool, triple),
            text,
            limit_s=limit_s,
            memory_bytes=memory_bytes,
            cancel=cancel,
            output=_OUTPUT if tool.kind == "GNU as" else "",
        )
    except ToolTimedOut as late:
        raise LLVMStopped(
            f"{tool.name} stopped on this input: no answer within {late.seconds:g} s. "
            "Shorten the input, or raise the time limit."
        ) from late
    except OSError:
        return None
    found = assembler_diagnostics(ended.stderr, text.decode("utf-8", "replace"))
    failed = [diagnostic for diagnostic in found if diagnostic.severity == "error"]
    if ended.returncode == 0 and not failed:
        return Assembled(ended.stdout, tuple(found), tool.name)
    if failed:
        return Assembled(None, tuple(found), tool.name)
    lowered = ended.stderr.lower()
    if any(
        mark in lowered for mark in ("unable to get target", "unknown target", "no targets are registered")
    ):
        return None
    said = ended.stderr.strip().splitlines()[-1] if ended.stderr.strip() else f"exit code {ended.returncode}"
    if ended.returncode < 0:
        raise LLVMStopped(f"{tool.name} stopped on this input: {said}. Shorten or correct the input.")
    return Assembled(None, (Diagnostic(0, None, said, "error", "asm"),), tool.name)


def _command(tool: Assembler, triple: str) -> list[str]:
    if tool.kind == "llvm-mc":
        return [tool.path, f"--triple={triple}", "--filetype=obj", "-o", "-", "-"]
    if tool.kind == "clang":
        target = f"--target={triple}"
        return [tool.path, target, "-fno-color-diagnostics", "-x", "assembler", "-c", "-o", "-", "-"]
    return [tool.path, "-o", _OUTPUT, "-"]

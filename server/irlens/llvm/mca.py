"""Cycles as LLVM's own models of processors estimate them: `llvm-mca`, found beside the `opt` that irlens uses.

Not a measurement of a run. `llc` of the same LLVM makes the assembly, and each basic block of it is given to
`llvm-mca` once, as straight-line code on the processor's model (`-iterations=1`; for "x86-64" LLVM's model is Sandy
Bridge's). The estimate for a module is the sum of the cycles of all blocks: every block counts as taken once,
whatever the program does; caches and branch prediction are not in the model, and a call costs what `llvm-mca` says
for the instruction (100 cycles from LLVM 18 on). It compares two versions of the same code in what one pass through
all of it takes, no more.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, Unrunnable
from irlens.ir.outline import outline
from irlens.llvm import content, opt
from irlens.llvm.answers import DEFAULT_TRIPLE
from irlens.llvm.processor import processor_of
from irlens.llvm.reports import last_words
from irlens.llvm.tools import ToolTimedOut, run_tool, version_of
from irlens.source.positions import to_utf8

_MEMORY = 2048 << 20
_BLOCK = re.compile(r"^(?:\.L\w+:|(?:#|//|@|;)\s*%bb\.\d+:|[^\s.#/@;][^\s:]*:)")
"""What a basic block begins with in LLVM's assembly: a label, or the comment that stands for one."""
_MARKS = {"x86_64": "#", "i386": "#", "i686": "#", "aarch64": "//", "arm64": "//", "arm": "@"}
"""How a comment begins, by architecture; "#" for others."""


@dataclass(frozen=True)
class Mca:
    """`llvm-mca` and `llc` of one LLVM, by path."""

    mca: str
    llc: str
    version: str

    def cycles(
        self, ir: str, *, opt_level: int = 2, limit_s: float = 10.0, cancel: CancelToken | None = None
    ) -> int:
        """The estimate for the module (see above), in cycles. Raises `LLVMRefused` where the module does not lower or
        an instruction has no model, `LLVMStopped` where a tool overran `limit_s` seconds or died, `Cancelled`."""
        block = content.module_for_llvm(to_utf8(ir))
        triple = outline(ir).triple or DEFAULT_TRIPLE
        if triple.startswith("bpf"):  # whose code generator reads source files
            raise LLVMRefused("llvm-mca has no model of BPF. Use another objective.")
        # Without one llvm-mca takes the machine's own, of whatever architecture that is.
        target = [f"-mtriple={triple}", f"-mcpu={processor_of(triple) or 'generic'}"]
        lower = [
            self.llc,
            *target,
            f"-O{opt_level}",
            "-relocation-model=pic",
            "-filetype=asm",
            "-o",
            "-",
            "-",
        ]
        made = self._run(lower, block, limit_s, cancel)
        marked, blocks = mark(
            made.decode("utf-8", "surrogateescape"), _MARKS.get(triple.partition("-")[0], "#")
        )
        # What is looked through is what llvm-mca gets, to the letter.
        if refused := content.assembly_diagnostics(to_utf8(marked)):
            raise LLVMRefused(refused[0].message, refused)
        if not blocks:
            if any(function.is_definition for function in outline(ir).functions):
                raise LLVMRefused(
                    "No instructions were found in this module's assembly. Use another objective."
                )
            return 0
        estimate = [self.mca, *target, "-iterations=1", "-json", "-"]
        said = self._run(estimate, to_utf8(marked), limit_s, cancel)
        return total(said.decode("utf-8", "replace"), blocks)

    def _run(self, command: list[str], text: bytes, limit_s: float, cancel: CancelToken | None) -> bytes:
        name = f"{os.path.basename(command[0])} {self.version}"
        try:
            ended = run_tool(command, text, limit_s=limit_s, memory_bytes=_MEMORY, cancel=cancel)
        except ToolTimedOut as late:
            raise LLVMStopped(
                f"{name} gave no answer within {late.seconds:g} s. Shorten the module."
            ) from late
        except OSError as error:
            raise Unrunnable(f"{command[0]} cannot be started ({error.strerror}). {_INSTALL}") from error
        said = last_words(ended.stderr).rstrip(".")
        if ended.returncode < 0:
            raise LLVMStopped(f"{name} stopped on this module: {said or 'it died'}. Use another objective.")
        if ended.returncode:
            raise LLVMRefused(f"{name} refuses this module: {said}. Use another objective.")
        return ended.stdout


_INSTALL = "Install LLVM's tools (on Debian and Ubuntu: apt-get install llvm-19), or tune for size."


def find(setting: str | None = None) -> Mca:
    """The `llvm-mca` beside the `opt` in use (`opt.usable`), of the same version. Raises `Unrunnable` where there is
    none, with what to install."""
    tool = opt.usable(setting)
    if tool is None:
        raise Unrunnable(f"Cycles are estimated by llvm-mca, which comes with `opt`. {opt.why_none(setting)}")
    folder = Path(os.path.realpath(tool.path)).parent
    paths = []
    for name in ("llvm-mca", "llc"):
        path = str(folder / name)
        found, said = version_of(path) if os.access(path, os.X_OK) else ("", "it is not there")
        if found != tool.version:
            reason = f"it is of LLVM {found}, not {tool.version}" if found else said
            raise Unrunnable(f"Cycles need {name} beside {tool.path}: {reason}. {_INSTALL}")
        paths.append(path)
    return Mca(paths[0], paths[1], tool.version)


def mark(assembly: str, comment: str) -> tuple[str, int]:
    """The assembly with `llvm-mca`'s marks around each basic block that has instructions, and how many there are."""
    out: list[str] = []
    blocks, inside = 0, False
    for line in assembly.removesuffix("\n").split(
        "\n"
    ):  # and nowhere else: `splitlines` would break comments up
        stripped = line.strip()
        starts = bool(_BLOCK.match(line))
        instruction = line[:1] in "\t " and bool(re.match(r"[a-zA-Z]", stripped))
        ends = starts or (stripped.startswith(".") and not stripped.startswith((".cfi", ".loc", ".p2align")))
        if inside and ends:
            out.append(f"{comment} LLVM-MCA-END")
            inside = False
        if instruction and not inside:
            blocks += 1
            out.append(f"{comment} LLVM-MCA-BEGIN b{blocks}")
            inside = True
        out.append(line)
    if inside:
        out.append(f"{comment} LLVM-MCA-END")
    return "\n".join(out) + "\n", blocks


def total(report: str, blocks: int) -> int:
    """The sum over the regions of `llvm-mca -json`. Raises `LLVMRefused` where it does not have all of them."""
    try:
        regions = json.loads(report)["CodeRegions"]
        cycles = [int(region["SummaryView"]["TotalCycles"]) for region in regions]
    except (ValueError, KeyError, TypeError) as error:
        raise LLVMRefused(f"What llvm-mca says cannot be read ({error}). Use another objective.") from error
    if len(cycles) != blocks:
        raise LLVMRefused(
            f"llvm-mca has an estimate for {len(cycles)} of {blocks} blocks only. Use another objective."
        )
    return sum(cycles)

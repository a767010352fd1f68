"""Assemblers of the system, for targets whose assembly llvmlite cannot read on this host: found, and run.

llvmlite brings every code generator but only the host's assembly parser, so an AArch64 `.s` on an x86-64
host (and the reverse) needs an installed llvm-mc, clang or GNU as.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Literal

from irlens.asm import file_directives
from irlens.asm.expansion import MOST_OBJECT
from irlens.cancel import CancelToken
from irlens.confinement import policy
from irlens.confinement.enter import landlock_version
from irlens.errors import LLVMStopped, Unrunnable
from irlens.llvm import content
from irlens.llvm.answers import Assembled, Diagnostic
from irlens.llvm.reports import HOW_TO_GIVE_TIME, assembler_diagnostics
from irlens.llvm.tools import ToolTimedOut, about, on_path, run_tool, version_of
from irlens.objects.kinds import architecture, makes_elf

Kind = Literal["llvm-mc", "clang", "GNU as"]

_OUTPUT = "assembled.o"  # GNU as must be able to seek in it
_BUILT_FOR = re.compile(r"configured for a target of [`'\"]?([\w.-]+)")
_RELEASES = range(22, 10, -1)
_FOLDERS = tuple(f"/usr/lib/llvm-{release}/bin" for release in _RELEASES)
_NAMES: dict[Kind, tuple[str, ...]] = {
    "llvm-mc": ("llvm-mc", *(f"llvm-mc-{release}" for release in _RELEASES)),
    "clang": ("clang", *(f"clang-{release}" for release in _RELEASES)),
}


_A64_FEATURES = tuple(
    f"+{name}"
    for name in (
        "all v8.7a v9a lse dotprod fullfp16 fp16fml crypto aes sha2 sha3 sm4 pauth bti rcpc rcpc-immo mte bf16 i8mm "
        "ls64 sve sve2 sve2-aes sve2-bitperm sve2-sha3 sve2-sm4 f32mm f64mm sme tme"
    ).split()
)
"""All that LLVM's AArch64 has: `all`, and by name for releases before 15, which do not know that word. Names that a
release does not have are passed over with a word on stderr."""


@dataclass(frozen=True)
class Assembler:
    """A program that may assemble for `arch`; LLVM's may lack the target, which shows when it is run."""

    kind: Kind
    path: str
    version: str

    @property
    def name(self) -> str:
        return f"{self.kind} {self.version}".strip()


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
    return [*(tool for tool in found if tool.version), *find_gnu(triple)]


def find_gnu(triple: str) -> list[Assembler]:
    """Every GNU as for the target; none for a target whose objects are not ELF."""
    if not makes_elf(triple):
        return []
    found = [Assembler("GNU as", path, version_of(path)[0]) for path in on_path(_gnu_names(triple))]
    plain = [Assembler("GNU as", path, version_of(path)[0]) for path in on_path(("as", "gas"))]
    found += [tool for tool in plain if _target_of(tool) == architecture(triple)]
    return list({os.path.realpath(tool.path): tool for tool in reversed(found) if tool.version}.values())[
        ::-1
    ]


def _target_of(tool: Assembler) -> str | None:
    """The architecture that a GNU as was built for; None where it does not say."""
    built_for = _BUILT_FOR.search(about(tool.path))
    return architecture(built_for[1]) if built_for is not None else None


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
    if tool.kind == "GNU as" and _target_of(tool) not in (None, architecture(triple)):
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
    if not _closed_in() and file_directives.may_hide(text.decode("utf-8", "replace")):
        said = (
            f"This text has macros, or comments within statements, and nothing on this system keeps {tool.name} from the "
            "files that they could name: irlens does not give it the text. Expand them first."
        )
        return Assembled(None, (Diagnostic(0, None, said, "error", "file-directive"),), "irlens")
    try:
        ended = run_tool(
            _command(tool, triple),
            text,
            limit_s=limit_s,
            memory_bytes=memory_bytes,
            cancel=cancel,
            output=_OUTPUT if tool.kind == "GNU as" else "",
            words_bytes=_MOST_WORDS,
            output_bytes=MOST_OBJECT,
        )
    except ToolTimedOut as late:
        raise LLVMStopped(f"{tool.name} timed out after {late.seconds:g} s. {HOW_TO_GIVE_TIME}") from late
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


def _closed_in() -> bool:
    """Whether the kernel keeps a tool from all files but its own."""
    return policy.is_on() and landlock_version() > 0


_MOST_WORDS = 2 << 20
"""Bytes of errors that are read: each comes with its line, however long that is."""


def _command(tool: Assembler, triple: str) -> list[str]:
    """With all that the architecture has: AArch64 code for newer processors names none of them where clang printed it.
    A text that says `.arch` or `.cpu` has what it names there."""
    everything = architecture(triple) == "aarch64"
    if tool.kind == "llvm-mc":
        extra = [f"--mattr={','.join(_A64_FEATURES)}"] if everything else []
        return [tool.path, f"--triple={triple}", *extra, "--filetype=obj", "-o", "-", "-"]
    if tool.kind == "clang" and everything:  # the driver has no option for all of it
        extra = [word for feature in _A64_FEATURES for word in ("-target-feature", feature)]
        return [tool.path, "-cc1as", "-triple", triple, *extra, "-filetype", "obj", "-o", "-", "-"]
    if tool.kind == "clang":
        target = f"--target={triple}"
        return [tool.path, target, "-fno-color-diagnostics", "-x", "assembler", "-c", "-o", "-", "-"]
    return [tool.path, *(["-march=all"] if everything else []), "-o", _OUTPUT, "-"]

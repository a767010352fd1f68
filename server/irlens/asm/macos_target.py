"""macOS's conventions in an ELF object: the triples `arm64-apple-macosx-elf` and `x86_64-apple-macosx-elf`.

LLVM compiles for them as for macOS, and writes ELF with names as C has them; assembly comes to them by `asm.macho`.
"""

from __future__ import annotations

_IN_ELF = "-elf"
_MACHINES = {"arm64": "aarch64", "aarch64": "aarch64", "x86_64": "x86_64"}


def in_elf(triple: str) -> str:
    """The triple of a target of macOS or its kin in ELF; any other as it is."""
    machine, *others = triple.lower().split("-")
    known = machine in _MACHINES and others[:1] == ["apple"]
    is_macos = len(others) > 1 and others[1].startswith(("macos", "darwin", "ios"))
    return triple + _IN_ELF if known and is_macos and not is_in_elf(triple) else triple


def is_in_elf(triple: str) -> bool:
    """Whether it is such a triple."""
    return "-apple-" in triple and triple.endswith(_IN_ELF)


def own_triple(triple: str) -> str:
    """A triple as the user's file has it."""
    return triple.removesuffix(_IN_ELF) if is_in_elf(triple) else triple


def packs_arguments(triple: str) -> bool:
    """Whether arguments on the stack are as Apple has them on AArch64: each of its own size, and variable ones there."""
    return is_in_elf(triple) and _machine(triple) == "aarch64"


def assembler_target(triple: str) -> str:
    """The target to assemble for: an assembler need not know macOS, whose calling convention is LLVM's alone to know."""
    return f"{_machine(triple)}-unknown-linux-gnu" if is_in_elf(triple) else triple


def _machine(triple: str) -> str:
    machine = triple.partition("-")[0].lower()
    return _MACHINES.get(machine, machine)

"""Which machine and object format a triple is for, and what an object is that is not ELF. Text and bytes in, words out."""

from __future__ import annotations

_MACH_O = {b"\x07\0\0\x01": "x86_64", b"\x0c\0\0\x01": "aarch64"}
_COFF = {b"\x64\x86": "x86_64", b"\x64\xaa": "aarch64"}


def architecture(triple: str) -> str:
    """The first part of a triple, in one spelling: `x86_64`, `aarch64`, or as it stands."""
    first = triple.partition("-")[0].lower()
    return {"amd64": "x86_64", "x86-64": "x86_64", "arm64": "aarch64"}.get(first, first)


def makes_elf(triple: str) -> bool:
    """Whether the target's objects are ELF, as far as its name says."""
    if triple.lower().endswith("-elf"):
        return True
    other = (
        "apple",
        "darwin",
        "macos",
        "ios",
        "windows",
        "win32",
        "mingw",
        "cygwin",
        "msvc",
        "coff",
        "macho",
        "uefi",
    )
    return not any(part.startswith(other) for part in triple.lower().split("-")[1:])


def foreign(data: bytes) -> tuple[str, str] | None:
    """The format's name, and the triple of the ELF target with the same machine ("" where irlens reads no such machine).
    None for ELF, and for what is no object."""
    if data[:4] == b"\xcf\xfa\xed\xfe":
        return "a macOS object (Mach-O)", _linux(_MACH_O.get(data[4:8], ""))
    if data[:2] in _COFF:
        return "a Windows object (COFF)", _linux(_COFF[data[:2]])
    if data[:4] == b"\x03\x02\x23\x07":
        return "SPIR-V", ""
    if data[:4] == b"\0asm":
        return "WebAssembly", ""
    return None


def elf_sibling(triple: str) -> str:
    """The Linux target with the machine of `triple`, which is for macOS, Windows or the like: what IR for the one does
    can be seen with the other. `triple` itself where it is ELF's, or for a machine that irlens does not run."""
    machine = architecture(triple)
    return triple if makes_elf(triple) else _linux(machine) or triple


def _linux(machine: str) -> str:
    return f"{machine}-unknown-linux-gnu" if machine in ("x86_64", "aarch64") else ""

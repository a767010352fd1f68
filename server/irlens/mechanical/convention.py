"""Registers of both targets as P-code numbers them, and what their C calling conventions say of them.

Sources: System V ABI, AMD64 supplement, section 3.2; Procedure Call Standard for the Arm 64-bit Architecture,
section 6; register offsets as Ghidra's x86-64 and AARCH64 languages define them (pypcode 3.3.3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from irlens.asm.macos_target import packs_arguments

Variable = tuple[str, int]
"""A place that holds one value: ("r", offset) for 8 bytes (1 byte for a flag) of a register, ("u", offset)
for 8 bytes of a temporary, ("s", offset) for a slot of the frame, ("a", offset) for an atom of it."""

LETTER_TYPE = {"p": "ptr", "i": "i32", "l": "i64", "d": "double", "f": "float", "c": "i8", "h": "i16"}
"""The types that the letters of prototypes stand for. Here, and not where code is written, for the shells need it too:
they would import the whole lifter with it, which works in its child."""


def register(offset: int) -> Variable:
    return ("r", offset)


@dataclass(frozen=True)
class Convention:
    """Of one target. Vector registers are held in pieces of 8 bytes; only the lowest can be a C scalar."""

    architecture: str
    stack: Variable
    integers: tuple[Variable, ...]
    floats: tuple[Variable, ...]
    results: tuple[Variable, ...]
    float_results: tuple[Variable, ...]
    kept: frozenset[Variable]
    """What a callee gives back unchanged."""
    flags: range
    """Register offsets that are single bytes."""
    zeros: frozenset[Variable]
    """Registers that always read as zero."""
    names: dict[Variable, str]
    entry_zero: frozenset[Variable]
    """Registers that hold zero at every entry and call (the direction flag)."""
    link: Variable | None
    """The register with the return address, where it is in one."""
    return_slot: int
    """Bytes of the return address on the stack at entry."""
    stack_alignment: tuple[int, int]
    """The entry stack pointer modulo the second number is the first."""
    result_pointer: Variable | None
    """A register of its own for the address of a result in memory."""
    scratch: tuple[Variable, ...]
    """Integer registers that a callee may change."""
    packed: bool = False
    """Whether arguments on the stack take their own size each, variable ones are always there, and who passes a
    narrow integer extends it to 32 bits: Apple's AArch64."""

    def place_name(self, variable: Variable) -> str:
        """A register, or a slot of the frame as Ghidra calls it: by how far it is below the stack pointer at entry, in
        hexadecimal. Empty for any other place."""
        space, offset = variable
        if space == "s":
            return f"local_{-offset:x}" if offset < 0 else f"stack_{offset:x}"
        return self.names.get(variable, "")


def _x86_64() -> Convention:
    general = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split()
    places = [*range(0, 0x40, 8), *range(0x80, 0xC0, 8)]
    at = {name: register(place) for name, place in zip(general, places, strict=True)}
    vectors = tuple(register(0x1200 + 0x40 * number) for number in range(16))
    names = {place: name for name, place in at.items()}
    names |= {place: f"xmm{number}" for number, place in enumerate(vectors)}
    names |= {register(0x110): "fs", register(0x118): "gs"}
    return Convention(
        architecture="x86_64",
        stack=at["rsp"],
        integers=tuple(at[name] for name in ("rdi", "rsi", "rdx", "rcx", "r8", "r9")),
        floats=vectors[:8],
        results=(at["rax"], at["rdx"]),
        float_results=(vectors[0], vectors[1]),
        kept=frozenset(
            [at[name] for name in ("rbx", "rsp", "rbp", "r12", "r13", "r14", "r15")]
            + [register(0x110), register(0x118), register(0x20A)]
        ),
        flags=range(0x200, 0x240),
        zeros=frozenset(),
        names=names,
        entry_zero=frozenset({register(0x20A)}),
        link=None,
        return_slot=8,
        stack_alignment=(8, 16),
        result_pointer=None,
        scratch=tuple(at[name] for name in ("rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11")),
    )


def _aarch64() -> Convention:
    general = {f"x{number}": register(0x4000 + 8 * number) for number in range(31)}
    vectors = tuple(register(0x5000 + 0x20 * number) for number in range(32))
    names = {place: name for name, place in general.items()}
    names |= {place: f"v{number}" for number, place in enumerate(vectors)}
    names[register(8)] = "sp"
    kept = [general[f"x{number}"] for number in range(19, 30)] + list(vectors[8:16]) + [register(8)]
    return Convention(
        architecture="aarch64",
        stack=register(8),
        integers=tuple(general[f"x{number}"] for number in range(8)),
        floats=vectors[:8],
        results=(general["x0"], general["x1"]),
        float_results=(vectors[0], vectors[1]),
        kept=frozenset(kept),
        flags=range(0x100, 0x110),
        zeros=frozenset({register(0x40F8)}),
        names=names,
        entry_zero=frozenset(),
        link=general["x30"],
        return_slot=0,
        stack_alignment=(0, 16),
        result_pointer=general["x8"],
        scratch=tuple(general[f"x{number}"] for number in range(19)),
    )


CONVENTIONS = {"x86_64": _x86_64(), "aarch64": _aarch64()}
_PACKED = replace(CONVENTIONS["aarch64"], packed=True)


def convention_of(architecture: str, triple: str) -> Convention:
    """What code of the machine does that was made for the target."""
    return _PACKED if packs_arguments(triple) else CONVENTIONS[architecture]

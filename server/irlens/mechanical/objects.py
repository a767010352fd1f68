"""The stack frame of unoptimised code as variables in memory: where each begins and ends, and in which order.

Without optimisation LLVM gives the first `alloca` the highest address. Allocas in the order of descending offsets,
with the sizes and alignments below, are laid out at the offsets that the machine code has. Offsets are bytes from
the stack pointer at entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from irlens.mechanical.body import Body
from irlens.mechanical.convention import Convention
from irlens.mechanical.values import from_entry

WORDS = (1, 2, 4, 8)
"""Sizes in bytes of what is one integer, pointer or floating-point number."""
_MOST_ALIGNED = 16


@dataclass
class Object:
    """`kinds` are the IR types it is accessed with as a whole; another access makes it an array of bytes."""

    start: int
    end: int
    kinds: list[str] = field(default_factory=list)
    mixed: bool = False

    @property
    def size(self) -> int:
        return self.end - self.start

    @property
    def kind(self) -> str:
        if self.size not in WORDS or self.mixed:
            return f"[{self.size} x i8]"
        if self.kinds and self.kinds[0] in ("float", "double"):
            return self.kinds[0]
        if "ptr" in self.kinds:
            return "ptr"
        floats = [kind for kind in self.kinds if kind in ("float", "double")]
        return floats[0] if floats else f"i{self.size * 8}"


@dataclass(frozen=True)
class Reach:
    """Neighbouring bytes that the code accesses. `given`: an argument is put there, as at the start of every
    unoptimised function; `loaded` and `stored`: whether it is at all."""

    start: int
    end: int
    given: bool = False
    loaded: bool = False
    stored: bool = False


def objects_of(reaches: list[Reach], escapes: list[int], top: int) -> list[Object]:
    """From the lowest up. `escapes` are offsets whose addresses go somewhere: each begins an object that ends
    where the next begins, or at `top`. What nobody but the holder of the address can have written, or can read,
    is a part of it."""
    held = {
        offset: reach.start for offset in escapes for reach in reaches if reach.start < offset < reach.end
    }
    begun = {held.get(offset, offset) for offset in escapes}
    ends: dict[int, int] = {}
    for reach in sorted(reaches, key=lambda reach: reach.start):
        before = max(begun | set(ends), key=lambda start: (start < reach.start, start), default=reach.start)
        follows = before < reach.start and before in begun and reach.start not in begun
        if not (follows and not reach.given and reach.loaded != reach.stored):
            ends[reach.start] = reach.end
    starts = sorted({*ends, *begun})
    following = [*starts[1:], top]
    return [
        Object(start, max(after, start + 1) if start in begun else ends[start])
        for start, after in zip(starts, following, strict=False)
    ]


def allocas(objects: list[Object], convention: Convention, top: int) -> list[str]:
    """The lines that LLVM lays out at the objects' offsets, below `top`; with bytes for variables in between that
    the code never touches."""
    rest, _ = convention.stack_alignment
    lines = []
    at = top
    for number, each in enumerate(sorted(objects, key=lambda each: -each.start), 1):
        align = _alignment(each, rest)
        if (at - each.size + rest) // align * align - rest > each.start:
            lines.append(f"%gap{number} = alloca [{at - each.end} x i8], align 1")
        lines.append(f"{name(each)} = alloca {each.kind}, align {align}")
        at = each.start
    return lines


def name(each: Object) -> str:
    return f"%s{-each.start}"


def _alignment(each: Object, rest: int) -> int:
    wanted = each.size if each.kind[0] != "[" else _MOST_ALIGNED
    return aligned(each.start + rest, wanted)


def aligned(offset: int, most: int) -> int:
    """The largest power of two up to `most` bytes that divides the offset."""
    align = 1
    while align * 2 <= most and offset % (align * 2) == 0:
        align *= 2
    return align


def outgoing(body: Body, convention: Convention) -> set[int]:
    """Offsets where arguments are put for calls that fill their registers. An argument is never read back."""
    read: set[int] = set()
    stored: set[int] = set()
    for block in body.blocks:
        for effect in block.effects:
            offset = from_entry(effect.address) if effect.address is not None else None
            if offset is not None:
                (stored if effect.kind == "store" else read).add(offset)
    found: set[int] = set()
    for block in body.blocks:
        for effect in block.effects:
            call = effect.call
            offset = from_entry(call.stack) if call is not None else None
            if call is None or offset is None or not call.written >= set(convention.integers):
                continue
            while offset in stored - read:
                found.add(offset)
                offset += 8
    return found


_DEFINES = re.compile(r"(%[\w.]+) = (?!call|tail call|load volatile|alloca)")
_NAMES = re.compile(r"%[\w.]+")


def drop_dead(lines: list[list[str]], ends: list[str]) -> None:
    """Take out what nothing uses: LLVM would take out the variables as well, and with them their places."""
    while True:
        used = set(_NAMES.findall(" ".join(ends)))
        for block in lines:
            for line in block:
                found = _NAMES.findall(line)
                used.update(found[1:] if line.startswith("%") else found)
        kept = [
            [line for line in block if (made := _DEFINES.match(line)) is None or made[1] in used]
            for block in lines
        ]
        if kept == lines:
            return
        lines[:] = kept

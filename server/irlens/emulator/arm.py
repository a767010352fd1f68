"""What an AArch64 instruction compares. A word in, register numbers out.

unicorn shows the operands of comparisons for x86-64 only, so for AArch64 the few instructions that compare are
told here by their encodings (Arm Architecture Reference Manual for A-profile, section C4.1).
"""

from __future__ import annotations

from dataclasses import dataclass

ZERO = 31


@dataclass(frozen=True)
class ArmCompare:
    """`left` and `right` are register numbers (31 reads as zero); without `right`, `immediate` stands for it.
    `negated`: the right side is compared with its sign changed (`cmn`)."""

    left: int
    right: int | None
    immediate: int
    bits: int
    negated: bool = False


def compare_of(word: int) -> ArmCompare | None:
    """The comparison that the instruction makes, if any."""
    bits = 64 if word >> 31 else 32
    left, right = word >> 5 & 31, word >> 16 & 31
    if word & 0x3F800000 == 0x31000000 and left != 31:  # adds, subs (immediate)
        immediate = (word >> 10 & 0xFFF) << (12 if word >> 22 & 1 else 0)
        return ArmCompare(left, None, immediate, bits, negated=not word >> 30 & 1)
    if word & 0x3F200000 == 0x2B000000 and not word >> 10 & 0x3F:  # adds, subs (register, not shifted)
        return ArmCompare(left, right, 0, bits, negated=not word >> 30 & 1)
    if word & 0x3FE00000 == 0x2B200000 and left != 31:  # adds, subs (extended register)
        return ArmCompare(left, right, 0, 32 if word >> 13 & 3 != 3 else bits, negated=not word >> 30 & 1)
    if word & 0x3FE00410 == 0x3A400000:  # ccmn, ccmp
        negated = not word >> 30 & 1
        if word >> 11 & 1:
            return ArmCompare(left, None, right, bits, negated)
        return ArmCompare(left, right, 0, bits, negated)
    if word & 0x7E000000 == 0x34000000:  # cbz, cbnz
        return ArmCompare(word & 31, None, 0, bits)
    return None

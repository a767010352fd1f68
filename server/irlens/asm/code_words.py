"""Where machine code refers to a place by distance, read from its bytes. Bytes in, offsets and addresses out.

Sources: Intel 64 and IA-32 manual, volume 2, sections 2.1 to 2.6 and appendix A (which opcodes have a ModRM byte); the A64
encodings of the Arm manual, C4.1.
"""

from __future__ import annotations

PAGE = 0x1000
_PREFIXES = frozenset(b"\x66\x67\xf2\xf3\x2e\x36\x3e\x26\x64\x65\xf0")
_NO_MODRM_1 = frozenset(
    [*(row + low for row in range(0, 0x40, 8) for low in (4, 5, 6, 7)), *range(0x40, 0x60), *range(0x6C, 0x70),
     *range(0x70, 0x80), 0x68, 0x6A, *range(0x90, 0xC0), 0xC2, 0xC3, *range(0xC8, 0xD0), 0xD6, 0xD7,
     *range(0xE0, 0xF0), 0xF1, 0xF4, 0xF5, *range(0xF8, 0xFE)]
)  # fmt: skip
_NO_MODRM_2 = frozenset(
    [0x05, 0x06, 0x07, 0x08, 0x09, 0x0B, 0x0E, *range(0x30, 0x38), 0x77, *range(0x80, 0x90), 0xA0, 0xA1, 0xA2, 0xA8,
     0xA9, 0xAA, *range(0xC8, 0xD0)]
)  # fmt: skip


def branch_field(code: bytes) -> tuple[int, int] | None:
    """Offset and size in bytes of a direct branch's distance, which ends the instruction; None for others."""
    at = 0
    while at < len(code) and (code[at] in _PREFIXES or (code[at] & 0xF0 == 0x40)):
        at += 1
    rest = code[at:]
    if len(rest) == 5 and rest[0] in (0xE8, 0xE9):
        return at + 1, 4
    if len(rest) == 6 and rest[0] == 0x0F and rest[1] & 0xF0 == 0x80:
        return at + 2, 4
    if len(rest) == 2 and (rest[0] & 0xF0 == 0x70 or 0xE0 <= rest[0] <= 0xE3 or rest[0] == 0xEB):
        return at + 1, 1
    return None


def rip_field(code: bytes) -> int | None:
    """The offset of the 4-byte distance of an operand relative to the next instruction; None where there is none."""
    at = 0
    while at < len(code) and code[at] in _PREFIXES:
        at += 1
    if at < len(code) and code[at] & 0xF0 == 0x40:
        at += 1
    if at >= len(code):
        return None
    first = code[at]
    if first == 0xC5:
        at += 3
    elif first == 0xC4:
        at += 4
    elif first == 0x62:
        at += 5
    elif first == 0x0F:
        second = code[at + 1] if at + 1 < len(code) else 0
        if second in (0x38, 0x3A):
            at += 3
        elif second in _NO_MODRM_2:
            return None
        else:
            at += 2
    elif first in _NO_MODRM_1:
        return None
    else:
        at += 1
    if at + 5 > len(code) or code[at] & 0xC7 != 0x05:
        return None
    return at + 1


def x86_target(code: bytes, address: int) -> int | None:
    """Where a direct jump or call leads."""
    field = branch_field(code)
    if field is None:
        return None
    return address + len(code) + int.from_bytes(code[field[0] :], "little", signed=True)


def a64_target(word: int, address: int) -> int | None:
    """Where a direct branch leads."""
    if word & 0x7C000000 == 0x14000000:
        return address + 4 * signed(word & 0x3FFFFFF, 26)
    if word & 0xFF000000 == 0x54000000 or word & 0x7E000000 == 0x34000000:
        return address + 4 * signed(word >> 5 & 0x7FFFF, 19)
    if word & 0x7E000000 == 0x36000000:
        return address + 4 * signed(word >> 5 & 0x3FFF, 14)
    return None


def a64_page(word: int, address: int) -> int | None:
    """The page that `adrp` gives."""
    if word & 0x9F000000 != 0x90000000:
        return None
    pages = signed((word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3, 21)
    return (address & -PAGE) + pages * PAGE


def signed(value: int, bits: int) -> int:
    """The lowest bits of a word as a number that may be less than nothing."""
    return value - (1 << bits) if value >> bits - 1 & 1 else value

"""Places that machine code refers to by distance, read from its bytes.

Sources: the opcode maps of the Intel 64 manual (volume 2, appendix A) and the A64 encodings of the Arm manual (C4.1).
"""

from __future__ import annotations

PAGE = 0x1000
_PREFIXES = frozenset(b"\x66\x67\xf0\xf2\xf3\x2e\x36\x3e\x26\x64\x65")
_WITHOUT_MODRM = frozenset(
    bytes.fromhex("05 06 07 08 09 0b 0e 77 a0 a1 a2 a8 a9 aa")
    + bytes((*range(0x30, 0x38), *range(0x80, 0x90), *range(0xC8, 0xD0)))
)
"""Of the two-byte opcodes."""
_WITH_MODRM = frozenset(
    bytes.fromhex("63 69 6b c0 c1 c6 c7 f6 f7 fe ff")
    + bytes((*range(0x80, 0x90), *range(0xD0, 0xD4), *range(0xD8, 0xE0)))
)
"""Of the one-byte opcodes from 0x40 on."""


def rip_field(code: bytes) -> int | None:
    """Where an x86-64 instruction has the four bytes of a distance from its end; None where it has none."""
    try:
        at = _modrm(code)
        if at is None or code[at] & 0xC7 != 0x05 or at + 5 > len(code):
            return None
    except IndexError:
        return None
    return at + 1


def _modrm(code: bytes) -> int | None:
    """Where the byte is that says what the operands are. Raises `IndexError` for what ends before."""
    at = 0
    while code[at] in _PREFIXES:
        at += 1
    if code[at] in (0xC4, 0xC5, 0x62):
        at += {0xC5: 2, 0xC4: 3, 0x62: 4}[code[at]]
        return None if code[at] == 0x77 else at + 1
    if code[at] & 0xF0 == 0x40:
        at += 1
    opcode = code[at]
    if opcode == 0x0F:
        opcode = code[at + 1]
        if opcode in (0x38, 0x3A):
            return at + 3
        return None if opcode in _WITHOUT_MODRM else at + 2
    has = opcode in _WITH_MODRM or (opcode < 0x40 and opcode & 7 < 4)
    return at + 1 if has else None


def x86_target(code: bytes, address: int) -> int | None:
    """Where a direct jump or call leads."""
    at = 0
    while at < len(code) and (code[at] in _PREFIXES or code[at] & 0xF0 == 0x40):
        at += 1
    opcode = code[at : at + 2]
    width = 0
    if opcode[:1] in (b"\xe8", b"\xe9") or (
        opcode[:1] == b"\x0f" and opcode[1:] and opcode[1] & 0xF0 == 0x80
    ):
        width = 4
    elif opcode and (opcode[0] & 0xF0 == 0x70 or opcode[0] in (0xEB, 0xE0, 0xE1, 0xE2, 0xE3)):
        width = 1
    if not width or len(code) < at + 1 + width:
        return None
    return address + len(code) + int.from_bytes(code[-width:], "little", signed=True)


def a64_target(word: int, address: int) -> int | None:
    """Where a direct branch leads."""
    if word & 0x7C000000 == 0x14000000:
        return address + 4 * _signed(word & 0x3FFFFFF, 26)
    if word & 0xFF000000 == 0x54000000 or word & 0x7E000000 == 0x34000000:
        return address + 4 * _signed(word >> 5 & 0x7FFFF, 19)
    if word & 0x7E000000 == 0x36000000:
        return address + 4 * _signed(word >> 5 & 0x3FFF, 14)
    return None


def a64_page(word: int, address: int) -> int | None:
    """The page that `adrp` gives."""
    if word & 0x9F000000 != 0x90000000:
        return None
    pages = _signed((word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3, 21)
    return (address & -PAGE) + pages * PAGE


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> bits - 1 & 1 else value

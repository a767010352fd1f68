"""The relocations that compilers and assemblers write for x86-64 and AArch64, applied to bytes.

Formulas and numbers: System V ABI, AMD64 supplement, table 4.9 (https://gitlab.com/x86-psABIs/x86-64-ABI), and
ELF for the Arm 64-bit Architecture, tables of section 5.7 (https://github.com/ARM-software/abi-aa).
"""

from __future__ import annotations

from collections.abc import Callable

from irlens.objects.elf import Relocation

Target = Callable[[str], int]
"""What a relocation refers to: "value" is S + A; "tls" the same from the thread pointer; "got", "got-tls",
"tls-pair" and "tls-descriptor" the address of a GOT entry that holds it; "tls-module" that of one for the whole module,
whatever the symbol; "got-base" the GOT's address."""


class Unsupported(Exception):
    """Not known here. The text is the relocation's number and machine."""


def apply(arm: bool, body: bytearray, relocation: Relocation, place: int, target: Target) -> None:
    """Write the relocated field into `body`. `place` is the field's address. Raises `Unsupported`."""
    (_aarch64 if arm else _x86_64)(body, relocation, place, target)


_X86_GOT = {9: "got", 41: "got", 42: "got", 22: "got-tls", 19: "tls-pair", 20: "tls-module"}


def _x86_64(body: bytearray, relocation: Relocation, place: int, target: Target) -> None:
    kind, at, addend = relocation.type, relocation.offset, relocation.addend
    if kind == 0:
        return
    if kind == 1:
        _put(body, at, target("value"), 8)
    elif kind in (2, 4):
        _put(body, at, target("value") - place, 4)
    elif kind == 24:
        _put(body, at, target("value") - place, 8)
    elif kind in (10, 11):
        _put(body, at, target("value"), 4)
    elif kind == 12:
        _put(body, at, target("value"), 2)
    elif kind == 14:
        _put(body, at, target("value"), 1)
    elif kind in _X86_GOT:
        _put(body, at, target(_X86_GOT[kind]) + addend - place, 4)
    elif kind == 26:
        _put(body, at, target("got-base") + addend - place, 4)
    elif kind == 25:
        _put(body, at, target("value") - target("got-base"), 8)
    elif kind == 23:
        _put(body, at, target("tls"), 4)
    elif kind == 21:
        _put(body, at, target("value"), 4)  # from a module base of 0: see "tls-module"
    elif kind == 17:
        _put(body, at, target("value"), 8)
    else:
        raise Unsupported(f"{kind} of x86-64")


_LDST = {278: 0, 284: 1, 285: 2, 286: 3, 299: 4}


def _aarch64(body: bytearray, relocation: Relocation, place: int, target: Target) -> None:
    kind, at = relocation.type, relocation.offset
    if kind == 0 or kind == 569:
        return
    if kind in (257, 258, 259):
        _put(body, at, target("value"), {257: 8, 258: 4, 259: 2}[kind])
        return
    if kind in (260, 261, 262):
        _put(body, at, target("value") - place, {260: 8, 261: 4, 262: 2}[kind])
        return
    if kind == 314:  # PLT32
        _put(body, at, target("value") - place, 4)
        return
    word = int.from_bytes(body[at : at + 4], "little")
    if kind in (282, 283):
        word = word & ~0x03FFFFFF | ((target("value") - place) >> 2) & 0x03FFFFFF
    elif kind == 279:
        word = word & ~0x0007FFE0 | (((target("value") - place) >> 2) & 0x3FFF) << 5
    elif kind in (280, 273):
        word = word & ~0x00FFFFE0 | (((target("value") - place) >> 2) & 0x7FFFF) << 5
    elif kind == 274:
        distance = target("value") - place
        if not -(1 << 20) <= distance < 1 << 20:
            raise Unsupported(f"{kind}, which does not reach so far here,")
        word = _adr(word, distance)
    elif kind in (275, 276):
        word = _adr(word, _pages(target("value"), place))
    elif kind == 277:
        word = _imm12(word, target("value") & 0xFFF)
    elif kind in _LDST:
        word = _imm12(word, (target("value") & 0xFFF) >> _LDST[kind])
    elif kind == 311:
        word = _adr(word, _pages(target("got"), place))
    elif kind == 312:
        word = _imm12(word, (target("got") & 0xFFF) >> 3)
    elif kind == 541:
        word = _adr(word, _pages(target("got-tls"), place))
    elif kind == 542:
        word = _imm12(word, (target("got-tls") & 0xFFF) >> 3)
    elif kind == 562:
        word = _adr(word, _pages(target("tls-descriptor"), place))
    elif kind == 563:
        word = _imm12(word, (target("tls-descriptor") & 0xFFF) >> 3)
    elif kind == 564:
        word = _imm12(word, target("tls-descriptor") & 0xFFF)
    elif kind == 549:
        word = _imm12(word, (target("tls") >> 12) & 0xFFF)
    elif kind in (550, 551):
        word = _imm12(word, target("tls") & 0xFFF)
    elif 552 <= kind <= 559:
        word = _imm12(word, (target("tls") & 0xFFF) >> ((kind - 552) // 2))
    elif 263 <= kind <= 269:
        word = word & ~0x001FFFE0 | ((target("value") >> (16 * ((kind - 263) // 2))) & 0xFFFF) << 5
    else:
        raise Unsupported(f"{kind} of AArch64")
    _put(body, at, word, 4)


def _put(body: bytearray, at: int, value: int, size: int) -> None:
    if at + size > len(body):
        raise Unsupported("at the very end of a section")
    body[at : at + size] = (value & ((1 << (8 * size)) - 1)).to_bytes(size, "little")


def _pages(value: int, place: int) -> int:
    return (value >> 12) - (place >> 12)


def _adr(word: int, value: int) -> int:
    return word & 0x9F00001F | (value & 3) << 29 | ((value >> 2) & 0x7FFFF) << 5


def _imm12(word: int, value: int) -> int:
    return word & ~0x003FFC00 | value << 10


_IMM8 = {0x80, 0x83, 0xC0, 0xC1, 0x6B, 0xC6}
_IMM32 = {0x81, 0x69, 0xC7}
_IMM8_0F = {0xA4, 0xAC, 0xBA, 0x70, 0x71, 0x72, 0x73, 0xC2, 0xC4, 0xC5, 0xC6}


def immediate_bytes(body: bytearray, at: int) -> int:
    """Bytes of an immediate operand behind the 32-bit displacement at `at` in an x86-64 instruction: a
    relocation's addend counts them, and only the opcode tells how many there are."""
    if at < 2 or body[at - 1] & 0xC7 != 0x05:  # a direct branch, or no address from rip
        return 0
    opcode, register = body[at - 2], body[at - 1] >> 3 & 7
    if at >= 4 and body[at - 4] == 0x0F and body[at - 3] == 0x3A:
        return 1
    if at >= 3 and body[at - 3] == 0x0F:
        return 1 if opcode in _IMM8_0F else 0
    word = any(byte == 0x66 for byte in body[max(0, at - 4) : at - 2])
    if opcode in _IMM8 or (opcode == 0xF6 and register < 2):
        return 1
    if opcode in _IMM32 or (opcode == 0xF7 and register < 2):
        return 2 if word else 4
    return 0

"""An AArch64 assembler for hosts without one: keystone encodes the instructions, llvmlite's assembler for the
host places labels, data and relocations, and the object is then marked as AArch64's.

Enough for what compilers print; macros and literal pools are refused by line. It gives objects to run and to
lift, never diagnoses: an instruction that keystone does not know may be right.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence

from irlens.asm import a64_fixups as a64
from irlens.llvm.answers import Assembled, Diagnostic

NAME = "keystone 0.9.2 with llvmlite"
_MARKER = ".Lirlens_fixup_"
_EM_AARCH64 = 183
_SHT_RELA = 4
_RELA = struct.Struct("<QQq")
_SYMBOL_BYTES = 24
_FIELDS = {
    a64.R_JUMP26: (26, 0), a64.R_CALL26: (26, 0), a64.R_CONDBR19: (19, 5), a64.R_LD_PREL_LO19: (19, 5),
    a64.R_TSTBR14: (14, 5),
}  # fmt: skip
"""Width and place of a branch's distance, counted in instructions (Arm Architecture Reference Manual, C4)."""
_DATA_TYPES = {
    1: a64.R_ABS64, 10: a64.R_ABS32, 11: a64.R_ABS32, 12: a64.R_ABS16,
    2: a64.R_PREL32, 13: a64.R_PREL16, 24: a64.R_PREL64, 4: a64.R_PREL32,
}  # fmt: skip
"""x86-64's relocations of data (ELF x86-64 psABI, table 4.9) and what AArch64 calls the same."""
_MARK_TYPE = 9
"""R_X86_64_GOTPCREL: data never has it, so it marks an instruction's fixup until the true type is put in."""


def assemble(
    text: str,
    encode: Callable[[Sequence[str]], Sequence[int | None]],
    assemble_for_host: Callable[[str], Assembled],
) -> Assembled:
    """Assemble AArch64 `text` on an x86-64 host. Diagnostics say what was not understood, by line."""
    taken = a64.take_apart(text)
    texts = [instruction.text for instruction in taken.instructions]
    words = encode(texts) if texts else []
    unknown = [(line, f"{what} is not understood") for line, what in taken.unreadable]
    unknown += [
        (instruction.line, f"keystone does not know `{instruction.text}`")
        for instruction, word in zip(taken.instructions, words, strict=True)
        if word is None
    ]
    if unknown:
        found = tuple(Diagnostic(line, None, message, "error", "asm") for line, message in sorted(unknown))
        return Assembled(None, found, NAME)
    # A fixup's place holds its number until the object is there: relocations come in an order of their own.
    fixups = {number: each.fixup for number, each in enumerate(taken.instructions) if each.fixup is not None}
    shown = [number if number in fixups else word or 0 for number, word in enumerate(words)]
    text_for_host = a64.put_together(taken, shown, _MARKER)
    text_for_host += "".join(
        f".reloc {_MARKER}{number}, R_X86_64_GOTPCREL, {fixup.expression}\n"
        for number, fixup in fixups.items()
    )
    made = assemble_for_host(text_for_host)
    if made.object is None:
        return Assembled(None, made.diagnostics, NAME)
    fixed = {number: (words[number] or 0, fixup.type) for number, fixup in fixups.items()}
    return Assembled(_as_aarch64(made.object, fixed), made.diagnostics, NAME)


def _as_aarch64(object_file: bytes, fixed: Mapping[int, tuple[int, int]]) -> bytes:
    """The object with its machine and relocation types changed, and branches inside a section filled in.

    `fixed` gives word and relocation type for the number that stands at a fixup's place. ELF64 layout as in
    the System V ABI, "Object Files".
    """
    data = bytearray(object_file)
    struct.pack_into("<H", data, 18, _EM_AARCH64)
    (table,) = struct.unpack_from("<Q", data, 40)
    entry_size, count = struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + entry_size * i) for i in range(count)]
    for index, section in enumerate(sections):
        if section[1] != _SHT_RELA:
            continue
        symbols, target = sections[section[6]][4], section[7]
        kept = section[4]
        for at in range(section[4], section[4] + section[5], _RELA.size):
            offset, info, addend = _RELA.unpack_from(data, at)
            symbol, kind = info >> 32, _DATA_TYPES.get(info & 0xFFFFFFFF, info & 0xFFFFFFFF)
            if kind == _MARK_TYPE:
                place = sections[target][4] + offset
                word, kind = fixed[struct.unpack_from("<I", data, place)[0]]
                binding, owner, value = _symbol(data, symbols + symbol * _SYMBOL_BYTES)
                distance = value + addend - offset
                filled = _filled(word, kind, distance) if owner == target and binding == 0 else None
                struct.pack_into("<I", data, place, word if filled is None else filled)
                if filled is not None:
                    continue
            _RELA.pack_into(data, kept, offset, symbol << 32 | kind, addend)
            kept += _RELA.size
        struct.pack_into("<Q", data, table + entry_size * index + 32, kept - section[4])
    return bytes(data)


def _symbol(data: bytearray, at: int) -> tuple[int, int, int]:
    """Binding, section and value of a symbol table entry."""
    _, info, _, section, value = struct.unpack_from("<IBBHQ", data, at)
    return info >> 4, section, value


def _filled(word: int, kind: int, distance: int) -> int | None:
    """The branch or PC-relative instruction with its distance in bytes; None for others and what does not fit."""
    if kind == a64.R_ADR_PREL_LO21:
        fits = -(1 << 20) <= distance < 1 << 20
        return word | (distance & 3) << 29 | (distance >> 2 & 0x7FFFF) << 5 if fits else None
    if kind not in _FIELDS or distance % 4:
        return None
    bits, shift = _FIELDS[kind]
    units = distance >> 2
    return word | (units & (1 << bits) - 1) << shift if -(1 << bits - 1) <= units < 1 << bits - 1 else None

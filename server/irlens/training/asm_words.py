"""Normalised assembly as words: what a model would read that reads assembly itself (`train --reads`).

Kept beside the pairs to tell whether a function was seen, and for comparing inputs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from irlens.asm.normal import AsmSymbol, NormalAsm
from irlens.model.prompts.irlens import mark_of


def asm_words(normal: NormalAsm, numbers: Mapping[str, int], triple: str) -> list[str]:
    """Registers and numbers bare, so that a number is the same word in IR; then the constants, a number each. Symbols
    get their `numbers`, and others follow."""
    free = max(numbers.values(), default=0)
    placed: list[int] = []
    for symbol in normal.symbols:
        number = numbers.get(symbol.name, numbers.get(symbol.name.removeprefix(".L")))
        if number is None:
            free += 1
            number = free
        placed.append(number)
    code = " ".join(normal.code)
    if mark_of(triple) == "x64":
        code = re.sub(r"[%$]|@PLT\b", "", code)
    code = re.sub(r"@(\d+)\b", lambda match: f"@{placed[int(match[1]) - 1]}", code)
    words = code.split()
    for number, symbol in zip(placed, normal.symbols, strict=True):
        if symbol.data is not None:
            words += [f"@{number}=", *_constant_words(symbol)]
    return words


def _constant_words(symbol: AsmSymbol) -> list[str]:
    raw = symbol.data.raw if symbol.data is not None else None
    if symbol.data is None or not symbol.data.constant or not raw or len(raw) > 16 or len(raw) % 4:
        return ["data"]
    width = 8 if len(raw) % 8 == 0 else 4
    parts = [raw[at : at + width] for at in range(0, len(raw), width)]
    return ["~" + (part[::-1].hex().rstrip("0") or "0") for part in parts]

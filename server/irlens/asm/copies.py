"""Constants on AArch64 that reach their register through another: the same code, written by two releases of LLVM.

At -O0 clang 19 writes `mov w1, #4` where LLVM 22 has

    mov w8 4
    mov w1 w8

The two differ in what is left in x8, which nobody reads: `direct` writes the one for the other where that is so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SCRATCH = frozenset(range(8, 18))
"""x8 to x17: a call or a return leaves nothing in them, and hands nothing over in them. (x8 takes the address of a
result in memory; nobody puts a constant there.)"""

_CONSTANT = re.compile(r"mov ([wx])(\d+) (-?\d+)")
_COPY = re.compile(r"mov ([wx])(\d+) ([wx])(\d+)")
_WRITES_FIRST = re.compile(r"(?:mov|movi|fmov|ldr|ldrb|ldrh|ldrsb|ldrsh|ldrsw|ldur\w*|adrp|add|sub|and|orr|eor|lsl|lsr|asr|"
                           r"mul|madd|sdiv|udiv|cset|csel|sxtw|uxtw|ubfx|sbfx|neg|mvn) [wx](\d+)(?= |$)(.*)")  # fmt: skip


def direct(lines: Sequence[str]) -> list[str]:
    """Normalised AArch64 code with such constants in one step."""
    found = list(lines)
    at = 0
    while at + 1 < len(found):
        constant, copy = _CONSTANT.fullmatch(found[at]), _COPY.fullmatch(found[at + 1])
        if (
            constant
            and copy
            and int(constant[2]) in SCRATCH
            and copy[3] + copy[4] == constant[1] + constant[2]
            and copy[2] != constant[2]
            and copy[1] == constant[1]
            and _unread(found[at + 2 :], constant[2])
        ):
            found[at : at + 2] = [f"mov {copy[1]}{copy[2]} {constant[3]}"]
        else:
            at += 1
    return found


def _unread(rest: Sequence[str], number: str) -> bool:
    """Is register `number` written, or lost, before anything reads it? False where that is not known."""
    for line in rest:
        if line == "ret" or re.match(r"blr? ", line):
            return not re.search(rf"[wx]{number}(?!\d)", line)
        if line.endswith(":") or re.match(r"(?:b|br|b\.\w+|cbn?z|tbn?z|svc)(?: |$)", line):
            return False  # elsewhere it may be read; a system call takes its number from x8
        if not re.search(rf"(?<![\w])[wx]{number}(?!\d)", line):
            continue
        writes = _WRITES_FIRST.fullmatch(line)
        return writes is not None and writes[1] == number and not re.search(rf"[wx]{number}(?!\d)", writes[2])
    return False

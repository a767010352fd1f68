"""P-code said better than Ghidra says it: bit searches without their loop, signed loads into 32 bits, upper halves,
bytes turned round.

Ghidra spells `bsf`, `bsr` and `tzcnt` as a loop over the bits. The same number is a count of leading zeros, or of
the ones below the lowest one. It extends what AArch64 loads with a sign into a `w` register to 64 bits, where the
machine extends it to 32 and clears the rest (Arm Architecture Reference Manual for A-profile, C6.2, LDRSB and LDRSH).
A general register of x86-64 that is written in its low half has zeros in the other (Intel SDM vol. 1, 3.4.1.1); Ghidra
says so of most instructions, and forgets it for `lods`, `vmovd`, `xadd` and others.
"""

from __future__ import annotations

import re

from irlens.mechanical.machine_code import Op, Varnode

_SCRATCH = 0x7F000000
"""Where our own temporaries begin: above all of Ghidra's."""
KEEP_IF_ZERO = "KEEP_IF_ZERO"
"""An operation of ours: the third value where the first is zero, else the second. Of zero, the manuals leave the
result open, and processors leave the register as it was."""
_SEARCHES = ("BSF", "BSR", "TZCNT")


_SIGNED_INTO_32 = re.compile(r"ld\w*rs[bh] w", re.IGNORECASE)


_GENERAL = frozenset((*range(0, 0x40, 8), *range(0x80, 0xC0, 8)))
"""Where Ghidra has rax to rdi and r8 to r15."""


def mend(architecture: str, text: str, ops: tuple[Op, ...]) -> tuple[Op, ...]:
    """The operations of the instruction `text`, rewritten where it is a bit search of the known shape, a signed load
    into 32 bits, or forgets the upper half of a register."""
    if architecture == "x86_64":
        ops = _upper_halves(tuple(made for op in ops for made in _swapped(op)))
    if _SIGNED_INTO_32.match(text):
        return tuple(made for op in ops for made in _into_32(op))
    mnemonic = text.partition(" ")[0]
    if mnemonic not in _SEARCHES:
        return ops
    copy = next((number for number, op in enumerate(ops) if _is_result(op)), None)
    asked = [op.ins[0] for op in ops if op.name == "INT_EQUAL" and op.ins[1].space == "const"]
    sources = [varnode for varnode in asked if varnode.space == "register" and varnode.size > 1]
    if copy is None or not sources:
        return ops
    source, counted = sources[-1], ops[copy].ins[0]
    made = _leading(source, counted) if mnemonic == "BSR" else _trailing(source, counted)
    rest = ops[copy:]
    if mnemonic == "TZCNT":
        flags = tuple(
            op for op in ops[:copy] if op.name == "INT_EQUAL" and op.out and op.out.space == "register"
        )
        return (*made, *flags, *rest)
    flag = next(op for op in ops if op.name == "INT_EQUAL" and op.ins[0] == source)
    into = ops[copy].out
    assert into is not None
    chosen = Op(KEEP_IF_ZERO, into, (source, counted, into))
    return (flag, *made, chosen, *rest[1:])


def _swapped(op: Op) -> tuple[Op, ...]:
    """`movbe`'s turning round of bytes, of which Ghidra only has the name, as it spells `bswap`."""
    if op.name != "CALLOTHER:swap_bytes" or op.out is None or len(op.ins) != 2:
        return (op,)
    size, source = op.out.size, op.ins[1]
    made: list[Op] = []
    whole: Varnode | None = None
    for number in range(size):
        one, moved, so_far = (
            Varnode("unique", _SCRATCH + 0x1000 + 0x100 * number + 0x20 * part, size) for part in range(3)
        )
        by = 8 * (size - 1 - 2 * number)
        made.append(Op("INT_AND", one, (source, Varnode("const", 0xFF << 8 * number, size))))
        made.append(Op("INT_LEFT" if by > 0 else "INT_RIGHT", moved, (one, Varnode("const", abs(by), 4))))
        if whole is None:
            whole = moved
        else:
            made.append(Op("INT_OR", op.out if number == size - 1 else so_far, (whole, moved)))
            whole = so_far
    return tuple(made)


def _upper_halves(ops: tuple[Op, ...]) -> tuple[Op, ...]:
    """With zeros in the upper half of each general register of which only the lower half is written. Where operations
    branch among each other their places count, and they are left as they are."""
    if any(op.name in ("BRANCH", "CBRANCH") and op.ins[0].space == "const" for op in ops):
        return ops
    written = [op.out for op in ops if op.out is not None and op.out.space == "register"]
    whole = {out.offset for out in written if out.size == 8}
    halves = {out.offset for out in written if out.size == 4 and out.offset in _GENERAL} - whole
    return (
        *ops,
        *(Op("INT_ZEXT", Varnode("register", at, 8), (Varnode("register", at, 4),)) for at in sorted(halves)),
    )


def _into_32(op: Op) -> tuple[Op, ...]:
    if op.name != "INT_SEXT" or op.out is None or op.out.size != 8:
        return (op,)
    low = Varnode("unique", _SCRATCH, 4)
    return Op("INT_SEXT", low, op.ins), Op("INT_ZEXT", op.out, (low,))


def _is_result(op: Op) -> bool:
    return (
        op.name == "COPY"
        and op.out is not None
        and op.out.space == "register"
        and op.ins[0].space == "unique"
        and op.out.size > 1
    )


def _leading(source: Varnode, into: Varnode) -> tuple[Op, ...]:
    """The place of the highest one: width - 1 - leading zeros."""
    size = source.size
    zeros = Varnode("unique", _SCRATCH, size)
    return (
        Op("LZCOUNT", zeros, (source,)),
        Op("INT_SUB", into, (Varnode("const", size * 8 - 1, size), zeros)),
    )


def _trailing(source: Varnode, into: Varnode) -> tuple[Op, ...]:
    """The zeros below the lowest one: the ones of ~x & (x - 1)."""
    size = source.size
    inverse, below, mask = (Varnode("unique", _SCRATCH + 0x100 * number, size) for number in (1, 2, 3))
    one = Varnode("const", 1, size)
    return (
        Op("INT_NEGATE", inverse, (source,)),
        Op("INT_SUB", below, (source, one)),
        Op("INT_AND", mask, (inverse, below)),
        Op("POPCOUNT", into, (mask,)),
    )

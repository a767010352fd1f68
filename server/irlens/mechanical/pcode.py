"""Machine code to P-code with pypcode (Ghidra's instruction semantics). Runs in a worker process only."""

from __future__ import annotations

from functools import cache

import pypcode

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.machine_code import Instruction, Op, Varnode
from irlens.mechanical.pcode_fixes import mend

_LANGUAGES = {"x86_64": "x86:LE:64:default", "aarch64": "AARCH64:LE:64:v8A"}
_LONGEST = 16


@cache
def _context(architecture: str) -> pypcode.Context:
    return pypcode.Context(_LANGUAGES[architecture])


def warm() -> None:
    """Load both languages."""
    for architecture in _LANGUAGES:
        _context(architecture)


def decode(architecture: str, code: bytes, address: int) -> Instruction:
    """The instruction that begins `code`. Raises `Uncovered` where there is none."""
    context = _context(architecture)
    try:
        translation = context.translate(code[:_LONGEST], address, max_instructions=1)
    except (pypcode.BadDataError, pypcode.UnimplError) as error:
        text = disassembly(architecture, code, address)
        raise Uncovered(
            f"`{text}` has no P-code ({type(error).__name__}).",
            text.split()[0].lower() if text else "bad bytes",
        ) from error
    length = 0
    ops = []
    for op in translation.ops:
        name = op.opcode.name
        ins = tuple(Varnode(each.space.name, each.offset, each.size) for each in op.inputs)
        if name == "IMARK":
            length = sum(each.size for each in ins)
            continue
        if name == "CALLOTHER":
            shown = pypcode.PcodePrettyPrinter.fmt_op(op)
            name += ":" + shown.rpartition("= ")[2].partition("(")[0].strip()
        out = op.output
        ops.append(Op(name, None if out is None else Varnode(out.space.name, out.offset, out.size), ins))
    text = disassembly(architecture, code, address)
    return Instruction(address, length, mend(architecture, text, tuple(ops)), text)


def length(architecture: str, code: bytes, address: int) -> int:
    """Bytes of the instruction that begins `code`; 0 where there is none."""
    try:
        found = _context(architecture).disassemble(code[:_LONGEST], address, max_instructions=1)
    except (pypcode.BadDataError, pypcode.UnimplError):
        return 0
    return sum(one.length for one in found.instructions[:1])


def disassembly(architecture: str, code: bytes, address: int) -> str:
    """The instruction as text; empty where there is none."""
    try:
        found = _context(architecture).disassemble(code[:_LONGEST], address, max_instructions=1)
    except (pypcode.BadDataError, pypcode.UnimplError):
        return ""
    return " ".join(f"{one.mnem} {one.body}".strip() for one in found.instructions[:1])

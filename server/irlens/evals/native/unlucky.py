"""IR in which nothing is passed by luck: registers that it does not name hold garbage around each call and at the return.

A value may lie where its reader looks for it although the IR says nothing of it, because code generation had no reason to
put anything else there. Before a call every argument register is filled that the call does not use, behind it every
result register that its type does not name, and before a return likewise. What the IR does say stays: the compiler
keeps its values elsewhere meanwhile. Text in, text out; x86-64, System V.
"""

from __future__ import annotations

import re

_INTEGERS = ("rdi", "rsi", "rdx", "rcx", "r8", "r9")
_VECTORS = tuple(f"xmm{number}" for number in range(8))
_RESULTS = ("rax", "rdx", "xmm0", "xmm1")
_CALL = re.compile(r"^\s*(?:%[^\s=]+ = )?(?:(?:tail|notail) )?call\b(?!.*(?:@llvm\.|\basm\b))")
_RETURN = re.compile(r"^\s*ret\b")
_GARBAGE = 0x7B5A5A5A5A5A5A5B
_TAIL = re.compile(r"\b(?:tail|notail) call\b")


def unlucky(ir: str, function: str) -> str:
    """The module with garbage in `function`. Raises `ValueError` where a call has to be the last thing done."""
    lines, found, inside = ir.split("\n"), [], False
    for line in lines:
        if line.startswith("define ") and re.search(rf'@"?{re.escape(function)}"?\(', line):
            inside = True
        elif line.startswith("}"):
            inside = False
        if inside and "musttail call" in line:
            raise ValueError("a call has to be the last thing done")
        if inside and (_CALL.match(line) or _RETURN.match(line)):
            is_call = _CALL.match(line) is not None
            if is_call:
                found += [_filled((*_INTEGERS, *_VECTORS)), _TAIL.sub("call", line)]
            found.append(_filled(_RESULTS))
            if not is_call:
                found.append(line)
        else:
            found.append(line)
    return "\n".join(found)


def _filled(registers: tuple[str, ...]) -> str:
    """An instruction of LLVM's that fills registers. The compiler gives what it needs of them afterwards, or saves it before."""
    code = [f"movabsq $${_GARBAGE}, %r11"]
    code += [f"movq %r11, %{register}" for register in registers]
    clobbered = ",".join(f"~{{{register}}}" for register in ("r11", *registers, "dirflag", "fpsr", "flags"))
    return f'  call void asm sideeffect "{"; ".join(code)}", "{clobbered}"()'

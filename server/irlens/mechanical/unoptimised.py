"""Whether assembly is of a function that was compiled without optimisation: `keeps_its_frame`.

Such code keeps every variable in the stack frame and looks it up there each time. It must not know P-code: text in,
an answer out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

_X86_SLOT = re.compile(r"(-?(?<!\d)\d++) \((%rbp|%rsp)\)")
_X86_STORE = re.compile(r"mov[bwlq]? \S+ -?\d+ \(%r[bs]p\)$|movs[sd] %xmm\d+ -?\d+ \(%r[bs]p\)$")
_X86_CALL = re.compile(r"call")
_X86_END = re.compile(r"L\d+:|j")
_X86_PROLOGUE = re.compile(r"pushq |movq %rsp %rbp$|subq \$\d+ %rsp$")
_X86_ARGUMENT = re.compile(
    r"mov\w* %(?:[re]?(?:di|si|dx|cx)|[dc]l|[ds]il|r[89][dwb]?|xmm[0-7]) -?\d+ \(%r[bs]p\)$"
)
_A64_PROLOGUE = re.compile(
    r"sub sp sp |stp x29 x30 |(?:mov|add) x29 sp|str x(?:19|2\d|30) |stp x(?:19|2\d|30) "
)
_A64_ARGUMENT = re.compile(r"stu?r[bh]? [wxsdq][0-7] \[(?:sp|x29)(?: -?\d+)?\]?$")
_ADDRESS = re.compile(r"lea\w* .*\(%r[bs]p[,)]|(?:add|sub) x(?!29)\d+ (?:sp|x29) |mov x(?!29)\d+ sp")
_A64_SLOT = re.compile(r"\[(sp|x29)(?: (-?\d+))?\]?(?: |$)")
_A64_STORE = re.compile(r"stu?r")
_A64_CALL = re.compile(r"blr? ")
_A64_END = re.compile(r"L\d+:|b |b\.|cbn?z |tbn?z ")
_A64_PUSHES = re.compile(r"(?:stp|ldp) |.*!$|.*\] -?\d+$")


def keeps_its_frame(code: Iterable[str], triple: str) -> bool:
    """`code` is a function's normal form (`asm.normal.NormalAsm.code`). True where it reads a slot of the frame
    back that it has just stored, with no call or jump in between; where it begins with putting an argument into the
    frame, of which nothing takes an address; and where it jumps to the next line. Optimised code hardly ever has
    any of these."""
    lines = list(code)
    for jump, label in itertools.pairwise(lines):
        if re.fullmatch(r"(?:jmp|b) (L\d+)", jump) and label == jump.split()[1] + ":":
            return True
    x86 = not triple.startswith(("aarch64", "arm64"))
    prologue, argument = (_X86_PROLOGUE, _X86_ARGUMENT) if x86 else (_A64_PROLOGUE, _A64_ARGUMENT)
    first = next((line for line in lines if not prologue.match(line)), "")
    if argument.match(first) and not any(_ADDRESS.match(line) for line in lines):
        return True
    return _x86(lines) if x86 else _a64(lines)


def _x86(code: Iterable[str]) -> bool:
    known: set[str] = set()
    for line in code:
        if _X86_CALL.match(line) or _X86_END.match(line):
            known.clear()
            continue
        slot = _X86_SLOT.search(line)
        if slot is None:
            continue
        if _X86_STORE.match(line):
            known.add(slot[0])
        elif slot[0] in known and not line.startswith("lea"):
            return True
    return False


def _a64(code: Iterable[str]) -> bool:
    known: set[str] = set()
    for line in code:
        if _A64_CALL.match(line) or _A64_END.match(line):
            known.clear()
            continue
        slot = _A64_SLOT.search(line)
        if slot is None or _A64_PUSHES.match(line):
            continue
        if _A64_STORE.match(line):
            known.add(slot[0].strip())
        elif line.startswith("ld") and slot[0].strip() in known:
            return True
    return False

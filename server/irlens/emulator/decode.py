"""What single machine instructions read and write, as capstone says. In an emulator worker only: it is native code.

capstone's tables are trusted for registers and flags alone; what an instruction does is the emulator's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import capstone

from irlens.emulator.layout import Image

VECTORS = 100
"""Vector registers are numbered from here on."""
UNKNOWN, KEPT = 0, -1
"""For how many bits of a register are meant, see `Instruction.writes`."""


def copied(number: int) -> int:
    """As many bits as are meant in that register; its own inverse."""
    return -2 - number


_X86_FAMILIES = (
    ("rdi", "edi", "di", "dil"),
    ("rsi", "esi", "si", "sil"),
    ("rdx", "edx", "dx", "dl", "dh"),
    ("rcx", "ecx", "cx", "cl", "ch"),
    ("r8", "r8d", "r8w", "r8b"),
    ("r9", "r9d", "r9w", "r9b"),
    ("rax", "eax", "ax", "al", "ah"),
)
"""By the number that an argument register has; the result's comes last."""
_X86_WIDTHS = {
    name: bits for family in _X86_FAMILIES for name, bits in zip(family, (64, 32, 16, 8, 8), strict=False)
}
_X86_NUMBERS = {name: number for number, family in enumerate(_X86_FAMILIES) for name in family} | {
    f"{letter}mm{number}": VECTORS + number for letter in "xyz" for number in range(8)
}
_ARM_NUMBERS = {f"{letter}{number}": number for letter in "xw" for number in range(8)} | {
    f"{letter}{number}": VECTORS + number for letter in "bhsdqv" for number in range(8)
}
_ARM_ONLY_COMPARES = frozenset("cmp cmn tst ccmp ccmn fcmp fcmpe fccmp fccmpe".split())
"""For some of these capstone 5.0.9 names the first operand as written."""
_ARM_READS_FLAGS = frozenset(
    "csel csinc csinv csneg cset csetm cinc cinv cneg ccmp ccmn fcsel fccmp fccmpe adc adcs sbc sbcs ngc ngcs".split()
)
_MANY = frozenset(
    "mul imul div idiv cqo cdq cwd xchg xadd cmpxchg cmpxchg8b cmpxchg16b rdtsc rdtscp cpuid lodsb lodsd".split()
)
_MOVES = re.compile(r"(?:mov|lea|set|cmov|cvt\w*2si)")
_LANES = re.compile(
    r"v?(?:(?:add|sub|mul|div|min|max|sqrt|rcp|rsqrt|addsub|hadd|hsub)p[sd]|p(?:add|sub)u?s?[bwdq]|pmul\w+|pmadd\w+|"
    r"p(?:min|max)[su][bwd]|pavg[bw]|pcmp(?:eq|gt)[bwdq]|ps(?:ll|rl|ra)[wdq]|pabs[bwd]|pack\w+|phadd\w+)$"
)
"""Arithmetic on all lanes. Moves, shuffles, conversions and bit-wise operations are none: compilers use them for scalars."""
_ARRANGED = re.compile(r"v\d+\.(\d+)([bhsd])\b")
_ARM_LANES = re.compile(
    r"(?:f?(?:add|sub|mul|div|mla|mls|min|max|abs|neg|sqrt|cm\w)\w*+|eor|and|bic|orn|dup)$"
)
_COPIES = frozenset("movaps movapd movups movupd movdqa movdqu".split())
_BITWISE = re.compile(r"(?:and|andn|or|xor)p[sd]$|p(?:and|andn|or|xor)$")
_MAKES_ZERO = re.compile(r"(?:xor|sub|pxor|xorp[sd]|psub[bwdq]|pcmpeq[bwd])$")
"""Of a register with itself: what was in it makes no difference."""
_ONE = re.compile(
    r"(?:add|sub|mul|div|min|max|sqrt|rcp|rsqrt|round|mov)s[sd]$|cvt\w+2s[sd]$|mov[dq]$|movl?p[sd]$|unpcklps$"
)
_GENERAL_VEX = frozenset("andn bextr blsi blsmsk blsr bzhi mulx pdep pext rorx sarx shlx shrx".split())
"""Encoded as VEX, on general registers: unicorn runs these as they are meant."""
_NOT_RUN = frozenset("adcx adox".split())


@dataclass(frozen=True)
class Instruction:
    """One instruction. `writes` are the numbers of argument and result registers (see `machine_steps`), each with how many
    bits from the lowest were put there on purpose: `UNKNOWN` where that does not show, `KEPT` where it is as many as
    before, and `copied(n)` where it is as many as in register n."""

    name: str
    operands: str
    size: int
    writes: dict[int, int]
    sets_flags: bool
    reads_flags: bool
    is_move: bool
    many: bool
    """It has further results, which may be what it is there for: a division, an exchange."""
    not_run: str
    """The extension of the machine that it belongs to, where the emulator is not known to run that as a machine does."""
    reads: frozenset[int] = frozenset()
    """The numbers of registers whose value it uses. What is pushed may only be there for room, and counts as not read."""
    bitwise: tuple[int, int] | None = None
    """The two registers of a bit-wise operation; none where it is another, or one operand is in memory."""

    def __str__(self) -> str:
        return f"{self.name} {self.operands}".strip()


_MOST_KEPT = 1 << 14
_kept: dict[tuple[bool, int, bytes], Instruction | None] = {}
"""What was read before, by the bytes and their address, which jumps are written with. One image is read several times, and
the next job is often of the same object: reading it anew each time was half of a comparison."""


@cache
def _engine(arm: bool) -> capstone.Cs:
    engine = (
        capstone.Cs(capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM)
        if arm
        else capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    )
    engine.detail = True
    return engine


class Decoder:
    """Instructions of one image by address; `code(address, count)` gives its bytes."""

    def __init__(self, arm: bool, code: Callable[[int, int], bytes]) -> None:
        self._arm, self._code = arm, code
        self._known: dict[int, Instruction | None] = {}

    def at(self, address: int) -> Instruction | None:
        """The instruction there; None where capstone knows none."""
        if address not in self._known:
            code = self._code(address, 4 if self._arm else 15)
            key = (self._arm, address, code)
            if key not in _kept:
                if len(_kept) >= _MOST_KEPT:
                    _kept.clear()
                found = next(_engine(self._arm).disasm(code, address, 1), None)
                _kept[key] = None if found is None else self._read(found, code)
            self._known[address] = _kept[key]
        return self._known[address]

    def _read(self, found: capstone.CsInsn, code: bytes) -> Instruction:
        name = found.mnemonic.rpartition(" ")[2]  # without `lock`, `rep`
        try:
            reads, written = found.regs_access()
        except capstone.CsError:
            reads, written = found.regs_read, found.regs_write
        read_names = {found.reg_name(register) for register in reads}
        written_names = {found.reg_name(register) for register in written}
        return (self._arm_read if self._arm else self._x86_read)(found, name, read_names, written_names, code)

    def _x86_read(
        self, found: capstone.CsInsn, name: str, reads: set[str], written: set[str], code: bytes
    ) -> Instruction:
        operands = found.op_str
        left, _, right = (part.strip() for part in operands.partition(","))
        same = left == right
        writes: dict[int, int] = {}
        for register in written & _X86_NUMBERS.keys():
            number = _X86_NUMBERS[register]
            if number >= VECTORS:
                writes[number] = _x86_vector_bits(name, right, same)
            elif name == "mov" and _X86_WIDTHS.get(right) == 64:
                writes[number] = copied(_X86_NUMBERS[right])
            else:
                writes[number] = max(writes.get(number, 0), _X86_WIDTHS[register])
        return Instruction(
            name,
            operands,
            found.size,
            writes,
            bool({"rflags", "eflags", "flags"} & written),
            bool({"rflags", "eflags", "flags"} & reads) and not (name == "xor" and same),
            bool(_MOVES.match(name)) or (name == "xor" and same),
            name in _MANY and not (name == "imul" and right),
            _why_not_run(name, left, code),
            frozenset()
            if name == "push" or (same and _MAKES_ZERO.match(name))
            else frozenset(_X86_NUMBERS[register] for register in reads & _X86_NUMBERS.keys()),
            (_X86_NUMBERS[left], _X86_NUMBERS[right])
            if (_BITWISE.match(name) or name in ("and", "or", "xor"))
            and not same
            and {left, right} <= _X86_NUMBERS.keys()
            else None,
        )

    def _arm_read(
        self, found: capstone.CsInsn, name: str, reads: set[str], written: set[str], code: bytes
    ) -> Instruction:
        flags = "nzcv" in written or name in _ARM_ONLY_COMPARES
        writes = {}
        if name not in _ARM_ONLY_COMPARES:
            for register in written & _ARM_NUMBERS.keys():
                bits = {"x": 64, "w": 32, "b": 8, "h": 16, "s": 32, "d": 64}.get(register[0], 128)
                writes[_ARM_NUMBERS[register]] = bits
        arranged = _ARRANGED.match(found.op_str)
        if arranged and _ARM_LANES.match(name):
            bits = int(arranged[1]) * {"b": 8, "h": 16, "s": 32, "d": 64}[arranged[2]]
            writes = {number: bits if number >= VECTORS else old for number, old in writes.items()}
        elif arranged or name in ("mov", "orr", "ins", "ext", "movi"):
            writes = {number: UNKNOWN if number >= VECTORS else old for number, old in writes.items()}
        return Instruction(
            name,
            found.op_str,
            found.size,
            writes,
            flags,
            name.startswith("b.") or name in _ARM_READS_FLAGS or "nzcv" in found.op_str,
            True,  # nearly all give their register a value and do nothing else
            False,
            "",
            frozenset(_ARM_NUMBERS[register] for register in reads & _ARM_NUMBERS.keys()),
        )


def _x86_vector_bits(name: str, source: str, same: bool) -> int:
    """How many bits of a vector register are meant, as `Instruction.writes` says it."""
    if _LANES.match(name):
        return 128
    if name in _COPIES:
        if "[" in source:
            return 128
        return copied(_X86_NUMBERS[source]) if source in _X86_NUMBERS else UNKNOWN
    if _BITWISE.match(name):
        return UNKNOWN if same else KEPT
    if _ONE.match(name):
        return 32 if name.endswith("ss") or name == "movd" else 64
    return UNKNOWN


def _is_vex(code: bytes) -> bool:
    """Whether the encoding is VEX, EVEX or XOP: of legacy prefixes only those of segments may stand before."""
    at = 0
    while at < len(code) - 3 and code[at] in (0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x67):
        at += 1
    return code[at] in (0xC4, 0xC5, 0x62) or (code[at] == 0x8F and code[at + 1] & 0x1F >= 8)


def _why_not_run(name: str, left: str, code: bytes) -> str:
    if name in _NOT_RUN:
        return "ADX"
    if name == "movbe" and "[" in left:
        return "MOVBE stores"  # unicorn tells of them with the bytes as they were in the register
    return "AVX" if _is_vex(code) and name not in _GENERAL_VEX else ""


_PADDING = frozenset(("nop", "int3", "udf"))
_SCANS = re.compile(rb"\x0f[\xbc\xbd]", re.DOTALL)
_MAYBE_NOT_RUN = re.compile(rb"[\xc4\xc5\x62\x8f]|\x0f\x38[\xf1\xf6]", re.DOTALL)


_Swept = tuple[tuple[int, Instruction], ...]
_MOST_SWEPT = 16
_MOST_LENGTH = 1 << 14
_swept: dict[object, _Swept] = {}
"""The last ranges of not too many instructions that were read: the functions of one object are compared one after the other,
and every comparison has each of them looked through for several reasons."""


def swept(arm: bool, image: Image, ranges: Sequence[tuple[int, int]]) -> _Swept:
    """The instructions of some ranges of code, one behind the other."""
    holding = (
        (each.address, each.data)
        for each in image.segments
        if any(start < each.address + len(each.data) and each.address < end for start, end in ranges)
    )
    key = (arm, tuple(ranges), tuple(holding))
    found = _swept.pop(key, None)
    if found is None:
        found = tuple(_sweep(arm, image, ranges))
    if len(found) <= _MOST_LENGTH:
        _swept[key] = found  # the last one used is the last one to go
        while len(_swept) > _MOST_SWEPT:
            del _swept[next(iter(_swept))]
    return found


def _sweep(arm: bool, image: Image, ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Instruction]]:
    decoder = Decoder(arm, image.bytes_at)
    for start, end in ranges:
        at = start
        while at < end:
            one = decoder.at(at)
            if one is not None:
                yield at, one
            at += one.size if one is not None else 1


def padding(arm: bool, image: Image) -> set[int]:
    """Addresses of the bytes of the function that only bring what follows to an even address."""
    nops = ((at, one) for at, one in swept(arm, image, image.counted) if one.name in _PADDING)
    return {byte for at, one in nops for byte in range(at, at + one.size)}


def scans(image: Image) -> dict[int, str]:
    """Where x86-64 code runs bsf or bsr, and the register that is scanned; empty for one in memory."""
    if not _SCANS.search(image.code_bytes):
        return {}
    found = {at: one for at, one in swept(False, image, image.own) if one.name in ("bsf", "bsr")}
    sources = {at: one.operands.rpartition(",")[2].strip() for at, one in found.items()}
    return {at: "" if "[" in source else source for at, source in sources.items()}


def not_run(arm: bool, image: Image) -> dict[int, Instruction]:
    """The instructions of a function that the emulator is not known to run as a machine does, by address."""
    if arm or not _MAYBE_NOT_RUN.search(image.code_bytes):
        return {}
    # Of a module whose functions run inside, only those are taken apart that may have one.
    ranges = [
        (start, end) for start, end in image.own if _MAYBE_NOT_RUN.search(image.bytes_at(start, end - start))
    ]
    return {at: one for at, one in swept(arm, image, ranges) if one.not_run}

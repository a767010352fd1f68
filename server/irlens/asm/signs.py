"""What in an assembly text speaks for one machine or assembler only. Data for `irlens.asm.dialect`.

A sign occurs in no other machine's text: `%r10` is s390x's too, `x5` RISC-V's, `$1` x86's and MIPS's.
The patterns are for texts without comments and strings, and are matched case-sensitively unless they say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Sign:
    """`means` is the machine or assembler, `shown` how a message names the sign."""

    means: str
    shown: str
    pattern: re.Pattern[str]


_W_INSTRUCTIONS = """
    mov movz movk movn add adds sub subs and ands orr eor cmp cmn tst mul madd msub sdiv udiv lsl lsr asr neg
    mvn cset csetm csel cinc csinc csneg cneg bic ror clz rbit rev rev16 sxtb sxth uxtb uxth sbfx ubfx sbfiz
    ubfiz bfi bfxil ldr ldrb ldrh ldrsb ldrsh str strb strh ldur stur ldurb ldurh sturb sturh cbz cbnz tbz
    tbnz scvtf ucvtf fcvtzs fcvtzu fmov
"""
_X_INSTRUCTIONS = """
    mov movz movk movn adds subs ands orr eor cmp cmn tst madd msub sdiv udiv lsl lsr asr mvn cset csetm csel
    cinc csinc csneg cneg bic ror sxtw sbfx ubfx sbfiz ubfiz bfi bfxil ldr ldrb ldrh ldrsb ldrsh ldrsw str
    ldur stur ldursw cbz cbnz tbz tbnz smulh umulh smull umull smaddl umaddl
"""
"""With an x register first: only those that RISC-V, which has x registers too, does not have."""

_LINES = {
    "x86_64": {
        "64-bit registers such as %rax": r"%r(?:[abcd]x|[sd]i|[bs]p|ip|(?:8|9|1[0-5])[dwb])\b",
        "64-bit instructions such as retq": (
            r"^[ \t]*(?:retq|callq|pushq|popq|leaq|movabsq|cltq|cqto|endbr64)(?=\s|$)"
        ),
        ".code64": r"^[ \t]*\.code64\b",
    },
    "aarch64": {
        ":lo12:": r":(?:got_)?lo12:",
        "adrp": r"^[ \t]*adrp[ \t]+x\d+[ \t]*,",
        "stp and ldp": r"^[ \t]*(?:stp|ldp)[ \t]+[xw](?:\d+|zr)[ \t]*,[ \t]*[xw](?:\d+|zr)[ \t]*,",
        "instructions on w registers": (
            rf"^[ \t]*(?:{'|'.join(_W_INSTRUCTIONS.split())})[ \t]+(?:[ds]\d+[ \t]*,[ \t]*)?"
            r"w(?:\d|[12]\d|30|zr)[ \t]*(?:,|$)"
        ),
        "instructions on x registers": (
            rf"^[ \t]*(?:{'|'.join(_X_INSTRUCTIONS.split())})[ \t]+x(?:\d|[12]\d|30|zr)[ \t]*,"
        ),
        "pointer authentication": r"^[ \t]*(?:paci[ab]sp|auti[ab]sp|bti[ \t]+[cj]+|retaa)\b",
    },
    "32-bit x86": {
        ".code32 or .code16": r"^[ \t]*\.code(?:32|16)\b",
        "32-bit stack accesses": r"\(%e[bs]p\b",
        "32-bit instructions such as pushl": r"^[ \t]*(?:pushl|popl|calll|retl|endbr32)(?=\s|$)",
    },
    "32-bit ARM": {
        "directives such as .syntax unified": (
            r"^[ \t]*\.(?:syntax|thumb|thumb_func|arm|fpu|eabi_attribute|fnstart)\b"
        ),
        "instructions such as bx lr": (
            r"^[ \t]*(?:bx[ \t]+lr|(?:push|pop)[ \t]+\{|(?:ld|st)m[a-z]*[ \t]+\w+!?[ \t]*,[ \t]*\{)"
        ),
    },
    "RISC-V": {
        "directives such as .option nopic": (
            r"^[ \t]*\.(?:attribute[ \t]+\w+[ \t]*,|option[ \t]+(?:push|pop|(?:no)?(?:pic|rvc|relax)|arch)\b)"
        ),
        "instructions such as addi sp": (
            r"^[ \t]*(?:addiw?|ld|lw|sd|sw|mv|lui|auipc|jalr?)[ \t]+(?:[ast]\d+|sp|ra|zero)[ \t]*,"
        ),
    },
    "MIPS": {
        "registers such as $sp": r"(?<![\w.])\$(?:sp|ra|gp|fp|zero|at|[vast]\d)(?=[ \t]*[,)]|[ \t]*$)",
        ".set noreorder": r"^[ \t]*\.set[ \t]+(?:no)?(?:reorder|macro|micromips|mips16)\b",
    },
    "PowerPC": {
        # AArch64 has a `blr` too, which takes a register.
        "instructions such as mflr": (
            r"^[ \t]*(?:(?:mflr|mtlr|stwu|stdu)(?=\s|$)|blr[ \t]*(?:[#;]|$))|^[ \t]*\.abiversion\b"
        ),
    },
    "s390x": {"instructions on %r14 and the like": r"^[ \t]*(?:stmg|lmg|lghi|lgr|larl|brasl|br)[ \t]+%r\d+"},
    "SPARC": {"registers such as %o0": r"%[goil][0-7]\b"},
    "LoongArch": {"registers such as $r4": r"(?<![\w.])\$(?:r\d+|a\d)\b"},
    "PTX": {"PTX directives": r"^[ \t]*\.(?:version[ \t]+\d|target[ \t]+sm_|visible[ \t]+\.)"},
    "AMDGPU": {"AMDGPU directives": r"^[ \t]*\.(?:amdgcn_target|amdhsa_kernel|amdgpu_metadata)\b"},
    "WebAssembly": {"WebAssembly's text": r"^[ \t]*(?:\.functype\b|(?:i32|i64|f32|f64|local)\.\w+)"},
    "nasm": {
        "directives such as section .text": (
            r"^[ \t]*(?:(?:\[[ \t]*)?bits[ \t]+\d|section[ \t]+\.|segment[ \t]+\.|global[ \t]+\w"
            r"|extern[ \t]+\w|default[ \t]+rel\b|%(?:define|macro|include|if|ifdef|assign|rep)\b"
            r"|format[ \t]+ELF)"
        ),
        "data such as db and resq": (
            r"^[ \t]*(?:[\w.$@]+:?[ \t]+)?(?:res[bwdq]|times)[ \t]+\w|^[ \t]*[\w.$@]+:?[ \t]+d[bwdq][ \t]+\S"
        ),
    },
    "masm": {
        "directives such as PROC": (
            r"(?i:^[ \t]*\w+[ \t]+(?:proc|endp|segment|ends)\b|^[ \t]*\.(?:model|386|[56]86p?|xmm|stack)\b"
            r"|^[ \t]*option[ \t]+casemap|^[ \t]*include(?:lib)?[ \t]+\w)"
        )
    },
    "armasm": {"directives such as AREA": r"^[ \t]+(?:AREA[ \t]+\|?|EXPORT[ \t]+\w|ENDP\b|END[ \t]*$)"},
    "Go's assembler": {"TEXT directives": r"^TEXT[ \t]+\S*\(SB\)"},
}


@cache
def signs() -> tuple[Sign, ...]:
    """All signs, those of x86-64 and AArch64 first."""
    return tuple(
        Sign(means, shown, re.compile(pattern, re.MULTILINE))
        for means, group in _LINES.items()
        for shown, pattern in group.items()
    )

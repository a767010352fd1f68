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
    """`means` is the machine or assembler, `shown` the sign in general."""

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
        "vector registers such as v0.4s": r"(?<![\w.%$])[vz](?:\d|[12]\d|3[01])\.(?:8b|16b|4h|8h|2s|4s|1d|2d|[bhsd])\b",
        "instructions on d and s registers": (
            r"^[ \t]*f(?:add|sub|mul|div|n?madd|n?msub|nmul|neg|abs|sqrt|max(?:nm)?|min(?:nm)?|cmpe?|csel|mov|cvt"
            r"|rint\w)[ \t]+[hsd](?:\d|[12]\d|3[01])[ \t]*,"
        ),
        "pointer authentication": r"^[ \t]*(?:paci[ab]sp|auti[ab]sp|bti[ \t]+[cj]+|retaa)\b",
    },
    "SPARC": {"registers such as %o0": r"%[goil][0-7]\b"},
    "32-bit x86": {
        ".code32 or .code16": r"^[ \t]*\.code(?:32|16)\b",
        "32-bit stack accesses": r"\(%e[bs]p\b",
        "32-bit stack accesses in Intel syntax": r"\[[ \t]*e[bs]p\b|^[ \t]*(?:push|pop)[ \t]+e(?:[abcd]x|[sd]i|[bs]p)\b",
        "32-bit instructions such as pushl": r"^[ \t]*(?:pushl|popl|calll|retl|endbr32)(?=\s|$)",
        "32-bit position-independent code": r"\b__x86\.get_pc_thunk\.",
    },
    "32-bit ARM": {
        "directives such as .syntax unified": (
            r"^[ \t]*\.(?:syntax|thumb|thumb_func|arm|fpu|eabi_attribute|fnstart)\b"
            r"|^[ \t]*\.(?:arch[ \t]+armv[4-7]|cpu[ \t]+(?:cortex-[mr]|arm\d))"
        ),
        "instructions such as bx lr": (
            r"^[ \t]*(?:bx[ \t]+lr|(?:push|pop)[ \t]+\{|(?:ld|st)m[a-z]*[ \t]+\w+!?[ \t]*,[ \t]*\{)"
        ),
    },
    "Hexagon": {
        "instructions such as allocframe": (
            r"^[ \t]*(?:\{[ \t]*)?(?:allocframe[ \t]*\(|dealloc_return\b|jumpr[ \t]+r31|r\d+:?\d*[ \t]*=[ \t]*\w+\()"
        )
    },
    "RISC-V": {
        "directives such as .option nopic": (
            r"^[ \t]*\.(?:attribute[ \t]+\w+[ \t]*,|option[ \t]+(?:push|pop|(?:no)?(?:pic|rvc|relax)|arch)\b)"
        ),
        "instructions such as addi sp": (
            r"^[ \t]*(?:addiw?|ld|lw|sd|sw|mv|lui|auipc|jalr?)[ \t]+(?:[ast]\d+|sp|ra|zero)[ \t]*,"
        ),
    },
    "LoongArch": {
        "instructions on $a0 and the like": (
            r"^[ \t]*(?:(?:addi|ld|st)\.[wd]|jirl|pcaddu12i|pcalau12i|lu12i\.w|(?:add|sub)\.[wd](?=[ \t]+\$[art]))[ \t]+\$"
        )
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
    "PTX": {"PTX directives": r"^[ \t]*\.(?:version[ \t]+\d|target[ \t]+sm_|visible[ \t]+\.)"},
    "AMDGPU": {
        "AMDGPU directives": r"^[ \t]*\.(?:amdgcn_target|amdhsa_kernel|amdgpu_metadata)\b",
        "instructions such as s_waitcnt": (
            r"^[ \t]*(?:s_waitcnt|s_endpgm|s_(?:load|store)_dword\w*|s_mov_b\d+|v_mov_b\d+|v_add_\w+"
            r"|(?:global|buffer|flat|ds)_(?:load|store|read|write)_\w+)\b"
        ),
    },
    "NVIDIA SASS": {
        "instructions such as S2R": r"\b(?:IMAD|S2R|ISETP|LDG|STG|FFMA)(?:\.[A-Z0-9]+)*[ \t]+(?:P\d|R\d|\[R\d)"
    },
    "SPIR-V": {
        "instructions such as OpCapability": (
            r"^[ \t]*(?:%\w+[ \t]*=[ \t]*)?Op(?:Capability|MemoryModel|EntryPoint|Type[A-Z]\w+)\b"
        )
    },
    "DirectX shader": {"instructions such as dcl_input": r"^[ \t]*(?:[vpghdc]s_\d_\d\b|dcl_\w+)"},
    "HLSL": {
        "declarations such as cbuffer": (
            r"^[ \t]*(?:cbuffer[ \t]+\w|(?:RW)?StructuredBuffer[ \t]*<|Texture[123]D\b|SamplerState\b)|:[ \t]*SV_[A-Z]\w+"
        )
    },
    "BPF": {"assignments of registers": r"^[ \t]*[rw]\d[ \t]*[-+*/|&]?=[ \t]*(?:[rw]?\d|\*)"},
    "m68k": {"instructions such as move.l": r"^[ \t]*(?:move[amq]?|adda|addq|subq|lea|cmpi?)\.[bwl][ \t]"},
    "AVR": {"instructions such as rjmp": r"^[ \t]*(?:rjmp|rcall|ldi[ \t]+r\d+[ \t]*,)"},
    "6502": {"instructions such as lda #$00": r"^[ \t]*(?i:lda|sta|ldx|ldy)[ \t]+#?\$[0-9A-Fa-f]"},
    "Xtensa": {
        "instructions such as entry": r"^[ \t]*(?:entry[ \t]+(?:a1|sp)[ \t]*,|retw(?:\.n)?\b|[ls]32i(?:\.n)?[ \t]+a\d)"
    },
    "WebAssembly": {"WebAssembly's text": r"^[ \t]*(?:\.functype\b|(?:i32|i64|f32|f64|local)\.\w+)"},
    "GCC LTO": {"sections of bytecode": r"^[ \t]*\.section[ \t]+\.gnu\.lto_"},
    "LLVM IR": {"functions of IR": r"^(?:define|declare)[ \t][^\n]{0,200}@|^target triple = "},
    "FASM": {
        "directives such as format ELF64": (
            r"^[ \t]*format[ \t]+(?:ELF(?:64)?|PE(?:64)?|COFF|MS(?:64)?|MZ|binary)\b"
            r"|^[ \t]*(?:segment|section)\b[^\n]*\b(?:readable|writeable|executable)\b"
        )
    },
    "NASM": {
        "directives such as section .text": (
            r"^[ \t]*(?:(?:\[[ \t]*)?bits[ \t]+\d|section[ \t]+\.|segment[ \t]+\.|global[ \t]+\w"
            r"|extern[ \t]+\w|default[ \t]+rel\b|%(?:define|macro|include|if|ifdef|assign|rep)\b)"
        ),
        "data such as db and resq": (
            r"^[ \t]*(?:[\w.$@]+:?[ \t]+)?(?:res[bwdq]|times)[ \t]+\w|^[ \t]*[\w.$@]+:?[ \t]+d[bwdq][ \t]+\S"
        ),
    },
    "armasm (Keil)": {
        "directives such as AREA": r"^[ \t]+(?:AREA[ \t]+\|?|EXPORT[ \t]+\w|ENDP\b|END[ \t]*$)"
    },
    "MASM": {
        "directives such as PROC": (
            r"(?i:^[ \t]*\w+[ \t]+(?:proc|endp|segment|ends)\b|^[ \t]*\.(?:model|386|[56]86p?|xmm|stack)\b"
            r"|^[ \t]*option[ \t]+casemap|^[ \t]*include(?:lib)?[ \t]+\w)"
        )
    },
    "Go": {
        "TEXT directives": r"^TEXT[ \t]+\S*\(SB\)",
        "a listing of the compiler's": r"^\S+[ \t]+STEXT\b|^[ \t]+0x[0-9a-f]{4}[ \t]\d{5}[ \t]\(",
    },
}


_TRIPLES = {
    "32-bit x86": "i386 i486 i586 i686 x86",
    "32-bit ARM": "arm thumb armeb",
    "RISC-V": "riscv",
    "MIPS": "mips",
    "PowerPC": "powerpc ppc",
    "s390x": "s390x systemz",
    "SPARC": "sparc",
    "LoongArch": "loongarch",
    "PTX": "nvptx",
    "AMDGPU": "amdgcn amdgpu r600",
    "WebAssembly": "wasm",
    "BPF": "bpf",
    "AVR": "avr",
    "Hexagon": "hexagon",
    "m68k": "m68k",
    "MSP430": "msp430",
    "SPIR-V": "spirv",
    "Xtensa": "xtensa",
}


def machine_name(triple: str) -> str:
    """The machine of a triple that irlens does not read, as people call it; else the triple's first part."""
    first = triple.partition("-")[0].lower()
    names = ((start, name) for name, starts in _TRIPLES.items() for start in starts.split())
    return next((name for start, name in names if first.startswith(start)), first)


@cache
def signs() -> tuple[Sign, ...]:
    """All signs, those of x86-64 and AArch64 first."""
    return tuple(
        Sign(means, shown, re.compile(pattern, re.MULTILINE))
        for means, group in _LINES.items()
        for shown, pattern in group.items()
    )

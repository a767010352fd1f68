"""The folder that these tests open in every editor: a module to mend, a function to lift, odd suffixes."""

from __future__ import annotations

from irlens.llvm.client import LLVM

# The error is behind characters that count differently in bytes, in UTF-16 and in code points.
ERROR_LINE = '  %"😀é" = add i32 %one, %missing'
PREPROCESSED_S = """#define NAME(x) .globl x; .type x,@function; x:
.text
NAME(twice)
    leal (%rdi,%rdi), %eax
    ret
.size twice, .-twice
"""
FILES = {
    "broken.ll": f"""target triple = "x86_64-unknown-linux-gnu"

define i32 @weigh(i32 %a) {{
entry:
  %slot = alloca i32, align 4
  store i32 %a, ptr %slot, align 4
  %one = load i32, ptr %slot, align 4
{ERROR_LINE}
  ret i32 %"😀é"
}}
""",
    "sum.s": """\t.text
\t.file\t"sum.c"
\t.globl\tsum                             # -- Begin function sum
\t.p2align\t4, 0x90
\t.type\tsum,@function
sum:                                    # @sum
\t.cfi_startproc
# %bb.0:
\tmovl\t%edi, %eax
\taddl\t%esi, %eax
\tretq
.Lfunc_end0:
\t.size\tsum, .Lfunc_end0-sum
\t.cfi_endproc
                                        # -- End function
\t.section\t".note.GNU-stack","",@progbits
""",
    "plain.ll": "define void @f() {\n  ret void\n}\n",
    "scanner.ll": "%{\n#include <iostream>\n%}\n%%\n[a-z]+  { return 1; }\n%%\n",
    "UPPER.S": '#include "x.h"\n\tret\n',
    "macro.s": "\t.macro twice\n\tnop\n\tnop\n\t.endm\n",
    "nasm.s": "; asmsyntax=nasm\nbits 64\nret\n",
}


def object_of_triple() -> bytes:
    """An object for x86-64 that defines `triple`; nobody runs it."""
    text = "define i32 @triple(i32 %x) {\n  %y = mul i32 %x, 3\n  ret i32 %y\n}\n"
    with LLVM() as llvm:
        return llvm.emit_object(text, "x86_64-unknown-linux-gnu")

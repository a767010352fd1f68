"""Prompts and replies in the shapes that Meta published with LLM Compiler, around one function of our own.

The function adds two numbers, unoptimised as clang gives it to its passes and after -Oz: 8 and 2 instructions, and as
the paper states of its own example 65 and 53 bytes (text + data) by `clang -c` without -O. Forms: listings 2 to 5 and
7 of arXiv 2407.02524, the demonstration script beside the weights, and replies that others published.
"""

from __future__ import annotations

OZ = "module(default<Oz>)"
BEFORE_BYTES, AFTER_BYTES = 65, 53
BEFORE_INSTRUCTIONS, AFTER_INSTRUCTIONS = 8, 2
TRIPLE = "x86_64-unknown-linux-gnu"

_HEAD = """\
; ModuleID = '<stdin>'
source_filename = "-"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

"""
_GROUP = (
    'uwtable "min-legal-vector-width"="0" "no-trapping-math"="true" "stack-protector-buffer-size"="8" '
    '"target-cpu"="x86-64" "target-features"="+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic" }\n'
)
_FLAGS = """
!llvm.module.flags = !{!0, !1, !2, !3}
!llvm.ident = !{!4}

!0 = !{i32 1, !"wchar_size", i32 4}
!1 = !{i32 8, !"PIC Level", i32 2}
!2 = !{i32 7, !"PIE Level", i32 2}
!3 = !{i32 7, !"uwtable", i32 2}
!4 = !{!"clang version 17.0.6"}
"""

RAW = f"""{_HEAD}; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @sum(i32 noundef %x, i32 noundef %y) #0 {{
entry:
  %x.addr = alloca i32, align 4
  %y.addr = alloca i32, align 4
  store i32 %x, ptr %x.addr, align 4, !tbaa !5
  store i32 %y, ptr %y.addr, align 4, !tbaa !5
  %0 = load i32, ptr %x.addr, align 4, !tbaa !5
  %1 = load i32, ptr %y.addr, align 4, !tbaa !5
  %add = add nsw i32 %0, %1
  ret i32 %add
}}

attributes #0 = {{ minsize nounwind optsize {_GROUP}{_FLAGS}!5 = !{{!6, !6, i64 0}}
!6 = !{{!"int", !7, i64 0}}
!7 = !{{!"omnipotent char", !8, i64 0}}
!8 = !{{!"Simple C/C++ TBAA"}}
"""

_GUESSED = "minsize mustprogress nofree norecurse nosync nounwind optsize willreturn memory(none)"
OPTIMISED = f"""{_HEAD}; Function Attrs: {_GUESSED} uwtable
define dso_local i32 @sum(i32 noundef %x, i32 noundef %y) local_unnamed_addr #0 {{
entry:
  %add = add nsw i32 %y, %x
  ret i32 %add
}}

attributes #0 = {{ {_GUESSED} {_GROUP}{_FLAGS}"""

_ASM = """\
	.text
	.file	"-"
	.globl	sum                             # -- Begin function sum
	.type	sum,@function
sum:                                    # @sum
	.cfi_startproc
# %bb.0:                                # %entry
{code}	retq
.Lfunc_end0:
	.size	sum, .Lfunc_end0-sum
	.cfi_endproc
                                        # -- End function
	.section	".note.GNU-stack","",@progbits
	.addrsig
"""
RAW_ASM = _ASM.format(
    code="\tmovl\t%edi, -4(%rsp)\n\tmovl\t%esi, -8(%rsp)\n\tmovl\t-4(%rsp), %eax\n\taddl\t-8(%rsp), %eax\n"
)
OPTIMISED_ASM = _ASM.format(code="\tmovl\t%esi, %eax\n\taddl\t%edi, %eax\n")

LOOP = f"""{_HEAD}; Function Attrs: minsize nounwind optsize uwtable
define dso_local i32 @scaled(ptr noundef %p, i32 noundef %n, i32 noundef %k) #0 {{
entry:
  br label %for.cond

for.cond:                                         ; preds = %for.body, %entry
  %total = phi i32 [ 0, %entry ], [ %more, %for.body ]
  %i = phi i32 [ 0, %entry ], [ %next, %for.body ]
  %cmp = icmp slt i32 %i, %n
  br i1 %cmp, label %for.body, label %for.end

for.body:                                         ; preds = %for.cond
  %square = mul i32 %k, %k
  %at = getelementptr inbounds i32, ptr %p, i32 %i
  %value = load i32, ptr %at, align 4
  %product = mul i32 %value, %square
  %more = add i32 %total, %product
  %next = add nsw i32 %i, 1
  br label %for.cond

for.end:                                          ; preds = %for.cond
  ret i32 %total
}}

attributes #0 = {{ minsize nounwind optsize {_GROUP}{_FLAGS}"""
"""A function with a loop, whose `k * k` LICM takes out."""

# --- prompts, typed out in full on purpose: one changed character degrades the model -------------------

EMULATE_IR_PROMPT = (
    "[INST] Give the LLVM-IR for the following code when optimized using opt -p 'module(default<Oz>)':\n\n"
    f"<code>{RAW}</code>\n\n"
    "The input code has instruction count 8 and binary size 65 bytes. [/INST]"
)
EMULATE_ASM_PROMPT = (
    "[INST] Give the assembly for the following code when optimized using opt -p 'module(default<Oz>)':\n\n"
    f"<code>{RAW}</code>\n\n"
    "The input code has instruction count 8 and binary size 65 bytes. [/INST]"
)
TUNE_PROMPT = (
    "[INST] Tell me how to optimize this LLVM-IR for object file size:\n\n"
    f"<code>{RAW.removesuffix(chr(10))}</code> [/INST]"
)
DISASSEMBLE_PROMPT = f"[INST] Disassemble this code to LLVM-IR:\n\n<code>{OPTIMISED_ASM}</code> [/INST]"
DISASSEMBLE_RAW_PROMPT = f"[INST] Disassemble this code to LLVM-IR:\n\n<code>{RAW_ASM}</code> [/INST]"

# --- replies ------------------------------------------------------------------------------------------

EMULATED_IR = (
    f"The LLVM-IR will have instruction count 2 and binary sise 53 bytes:\n\n<code>{OPTIMISED}</code>"
)
EMULATED_ASM = (
    f"The assembly will have instruction count 2 and binary sise 53 bytes:\n\n<code>{OPTIMISED_ASM}</code>"
)
REDUCED = (
    "The code has object file size of 65 which can be reduced to 53 by running:\n\n"
    "`opt -p 'module(default<Oz>)'`"
)
NOT_REDUCED = "The code has object file size of 53 which cannot be reduced further"
DISASSEMBLED = f"<code>{OPTIMISED}</code>"
DISASSEMBLED_RAW = f"<code>{RAW}</code>"

OLD_IR = """\
; ModuleID = 'sum.c'
source_filename = "sum.c"
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

; Function Attrs: noinline nounwind optnone uwtable
define dso_local i32 @sum(i32 noundef %0, i32 noundef %1) #0 {
  %3 = alloca i32, align 4
  %4 = alloca i32, align 4
  store i32 %0, i32* %3, align 4
  store i32 %1, i32* %4, align 4
  %5 = load i32, i32* %3, align 4
  %6 = load i32, i32* %4, align 4
  %7 = add nsw i32 %5, %6
  ret i32 %7
}

attributes #0 = { noinline nounwind optnone uwtable }
"""
"""As clang 14 prints it at -O0: pointers with a type, `optnone`."""


def reduced_by(passes: str, before: int = BEFORE_BYTES, after: int = AFTER_BYTES) -> str:
    """The reply of flag tuning that names a list, to the end that generation is stopped at."""
    return (
        f"The code has object file size of {before} which can be reduced to {after} by running:\n\n"
        f"`opt -p '{passes}'`"
    )


def emulated(ir: str, instructions: int = AFTER_INSTRUCTIONS, size: int = AFTER_BYTES) -> str:
    """The reply of emulation with this code."""
    return (
        f"The LLVM-IR will have instruction count {instructions} and binary sise {size} bytes:\n\n"
        f"<code>{ir}</code>"
    )

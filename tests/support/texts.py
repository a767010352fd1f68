"""Small texts that several tests of the editor's features speak of."""

TRIPLE = "x86_64-unknown-linux-gnu"

IR = f"""; a head comment
; RUN: opt -passes=instcombine -S %s

target triple = "{TRIPLE}"

define i32 @double(i32 %x) {{
entry:
  %slot = alloca i32
  store i32 %x, ptr %slot
  %v = load i32, ptr %slot
  %r = add nsw i32 %v, %v
  ret i32 %r
}}

define i32 @caller(i32 %x) {{
  %r = call i32 @double(i32 %x)
  ret i32 %r
}}
"""

BROKEN_IR = """define i32 @f() {
  ret i32 %nothing
}
"""

ASM = """\t.text
\t.globl\tdouble_it
\t.type\tdouble_it,@function
double_it:
\tleal\t(%rdi,%rdi), %eax
\tretq
.Lfunc_end0:
\t.size\tdouble_it, .Lfunc_end0-double_it
"""

LIFTED = f"""target triple = "{TRIPLE}"

define i32 @double_it(i32 %x) {{
  %r = shl i32 %x, 1
  ret i32 %r
}}
"""

STRANGE_ASM = ASM.replace("leal\t(%rdi,%rdi), %eax", "movl\t%edi, %eax\n\tcpuid")
"""A function that the mechanical lifter does not cover."""

"""Assembly that opens the file `bait`, for one assembler or another, in every spelling that was found; and what only looks so."""

from __future__ import annotations

_MACRO = '.macro m a b\n.\\a\\b "bait"\n.endm\n'

ATTACKS = {
    "plain": '.incbin "bait"\n',
    "include": '.include "bait"\n',
    "capitals": '.INCBIN "bait"\n',
    "quoted": '".incbin" "bait"\n',
    "quoted capitals": '".InCbIn" "bait"\n',
    "a comment in the word": '.inc/**/bin "bait"\n',
    "after a statement": 'nop;.incbin "bait"\n',
    "after a label": 'a:.incbin "bait"\n',
    "after two labels": 'a: b: .incbin"bait"\n',
    "after a label with a space": 'a : .incbin "bait"\n',
    "after a quoted label": '"a b": .incbin "bait"\n',
    "after a number's label": '1 : .incbin "bait"\n',
    "after a carriage return": 'nop\r.incbin "bait"\n',
    "after a comment and a carriage return": '# foo\r.incbin "bait"\n',
    "after // and a carriage return": 'nop // x\r.incbin "bait"\n',
    "after a comment's end": '/* foo\nbar */ .incbin "bait"\n',
    "after a comment's end behind a hash": '/*\n# */ .incbin "bait"\n',
    "after a string's end behind a hash": '.ascii "abc\n# " ; .incbin "bait"\n',
    "after a string of two lines": '.ascii "a\n"; .incbin "bait"\n',
    "after a quote that is a character": ".byte '\"\n.incbin \"bait\" #\"\n",
    "after an escaped quote": '.ascii "\\"" ; .incbin "bait"\n',
    "after an escaped backslash": '.ascii "\\\\" ; .incbin "bait"\n',
    "after a comment with a quote": '/* " */ .incbin "bait" # "\n',
    "after half a comment": '#/*\n.incbin "bait" # */\n',
    "after a prefix": 'lock; .incbin "bait"\n',
    "in a condition": '.if 1 ; .incbin "bait" ; .endif\n',
    "in a repetition": '.rept 1\n.incbin "bait"\n.endr\n',
    "in a macro": '.macro m\n.incbin "bait"\n.endm\nm\n',
    "put together by .irp": '.irp x,bin\n.inc\\x "bait"\n.endr\n',
    "put together by two .irp": '.irp x,.inc\n.irp y,bin\n\\x\\y "bait"\n.endr\n.endr\n',
    "put together by .irpc": '.irpc x,n\n.i\\x\\()cbin "bait"\n.endr\n',
    "put together by a macro": _MACRO + "m inc bin\n",
    "put together by its defaults": '.macro m a=inc,b=bin\n.\\a\\b "bait"\n.endm\nm\n',
    "put together with glue": '.macro m\n.inc\\()bin "bait"\n.endm\nm\n',
    "put together around a comment": '.macro m a b\n.\\a/**/\\b "bait"\n.endm\nm inc bin\n',
    "put together of nothing but pieces": '.macro m a b c:vararg\n\\a\\b \\c\n.endm\nm .inc bin "bait"\n',
    "put together by one macro for another":
        '.macro j a b c:vararg\nk \\a\\b \\c\n.endm\n.macro k d e:vararg\n\\d \\e\n.endm\nj .inc bin "bait"\n',
    "put together in quotes": '.macro m a b\n"\\a\\b" "bait"\n.endm\nm .inc bin\n',
    "put together of quotes": '.macro m a\n.\\a "bait"\n.endm\nm "inc""bin"\n',
    "put together of half quotes": '.macro m a\n.\\a "bait"\n.endm\nm inc"bin"\n',
    "put together in a macro of a macro": '.macro o a\n.macro i x\n.in\\a\\x "bait"\n.endm\n.endm\no \\()c\ni bin\n',
    "put together with an ampersand": '.macro m a\n.inc&a "bait"\n.endm\nm bin\n',
    "put together with two ampersands": '.altmacro\n.macro m a b\n.\\a&\\b "bait"\n.endm\nm inc bin\n',
    "put together by .altmacro": '.altmacro\n.macro m\nLOCAL x\n.in&c&bin "bait"\n.endm\nm\n',
    "put together with exclamation marks": '.altmacro\n.macro m a\n\\a "bait"\n.endm\nm <.in!c!bin>\n',
    "put together with bare names": '.altmacro\n.macro m x y\nx&y "bait"\n.endm\nm .inc bin\n',
    "put together of a bare name and another":
        '.altmacro\n.macro m a b\n\\a\\()b "bait"\n.endm\nm ".""" i""ncbin\n',
    "put together of three pieces and a letter":
        '.macro m a,b,c,d\n.macro k\n\\a\\b\\()\\c\\()N "bait"\n.endm\n.endm\nm .I, NC, BI, N""\nk\n',
    "put together of bare names behind a string":
        '.altmacro\n.ascii "x\n" ;.irp a,.\n.irp b,incbin\na&INCBIN "bait"\n.endr\n.endr\n',
    "put together of a dot and three pieces":
        '.altmacro\n.macro m a b c d\n".\\b\\()\\c\\d\\()" "bait"\n.endm\nm .,in,<c>,"bin"\n',
    "put together with a parameter's odd name": '.macro m é\n.inc\\é "bait"\n.endm\nm bin\n',
    "put together by Darwin's numbers": '.macro m\n.$0$1 "bait"\n.endm\nm inc, bin\n',
    "given to a macro": '.macro m a:vararg\n\\a\n.endm\nm .incbin "bait"\n',
    "given to a macro in quotes": '.macro m a\n\\a "bait"\n.endm\nm ".incbin"\n',
    "a macro with a dot": '.macro .x\n.incbin "bait"\n.endm\n.x\n',
}  # fmt: skip

_BEFORE = (
    "data16", "addr32", "cs", "ds", "es", "fs", "gs", "ss", "rex64", "xacquire", "xrelease",
    ".att_syntax", ".intel_syntax", ".cv_stringtable", ".code16", ".code16gcc", ".code32", ".code64", ".eject", ".list",
    ".nolist", ".nopage", ".page", ".popsection", ".previous",
)  # fmt: skip
"""After some of these one parser or another begins a new statement on the same line."""
ATTACKS.update(
    {f"behind {word}": f'{word} .incbin "bait"\n' for word in _BEFORE},
)
ATTACKS |= {
    "two prefixes": 'data16 cs .include "bait"\n',
    "a comment in the macro's directive": '.m/**/acro l a b\n\\a\\b "bait"\n.endm\nl .inc bin\n',
    "a comment in .irp": '.i/**/rp x,.incbin\n\\x "bait"\n.endr\n',
    "a comment in .rept": '.re/**/pt 1\n.inc/**/bin "bait"\n.endr\n',
    "glue and a blank": '.macro m l a\n\\l .inc\\() bin "bait"\n.endm\nm , x\n',
    "glue, a blank and a parameter": '.macro m l a\n\\l .inc\\() \\a "bait"\n.endm\nm , bin\n',
    "two quotes of altmacro": '.altmacro\n.macro m x\n\\x "bait"\n.endm\nm <.inc><bin>\n',
    "two quotes in .irp": '.altmacro\n.irp x,<.inc><bin>\n\\x "bait"\n.endr\n',
    "a comment and a blank": '.inc/**/ bin "bait"\n',
    "two comments": '.inc/**//**/bin "bait"\n',
    "a comment and a blank in the macro's directive": '.m/**/ acro l a b\n\\a\\b "bait"\n.endm\nl .inc bin\n',
    "two comments there": '.m/**//**/acro l a b\n\\a\\b "bait"\n.endm\nl .inc bin\n',
    "behind a comment that opens none": '# a/*\n.m/**/acro l a b\n\\a\\b "bait"\n.endm\nl .inc bin\n',
    "a directive in quotes": '".m""acro" l a b\n\\a\\b "bait"\n.endm\nl .inc bin\n',
    "a list of characters by a bare name": '.altmacro\n.macro m p q r\n.irpc x,p\n.irpc y,q\n.irpc z,r\n.inc\\x\\y\\z "bait"\n'
    + ".endr\n" * 3
    + ".endm\nm b i n\n",
    "no scrubbing": '#NO_APP\n# x; .incbin "bait"\n#APP\n',
    "in a string behind a comment's beginning": '/* " */\n.ascii "x\n" ; .incbin "bait"\n',
}

DOUBTFUL = {
    "a list of characters without a comma": '.irpc x xb,q\n.inc\\x\\()in "bait"\n.endr\n',
    "AVR's separator": 'nop $.incbin "bait"\n',
    "in a string that an earlier line began": '.ascii "\n.ascii " .incbin "bait" \n',
    **{
        f"behind {word}": f'{word} .incbin "bait"\n'
        for word in ("lock", "acquire", "release", "whatever comes", "x = 1,")
    },
}
"""No assembler at hand opens the bait; one of another target or another release may."""

HARMLESS = {
    "a comment of AArch64": "// see .include\n\tret\n",
    "a comment in a line": "/* no .include here */\n\tret\n",
    "a string behind a comment": '/* a licence */\n\t.asciz ".include"\n',
    "a string behind a long comment": '/*\n * a licence\n */\n\t.asciz ".include"\n',
    "a string": '\t.string ".include"\n',
    "a string after a label": '\t.asciz\t".incbin is a word"\n',
    "a comment": '# .include "foo"\n\tnop\n',
    "options of gcc in a comment": "# options passed: -include stdc-predef.h -mtune=generic\n",
    "an operand": "\tcall foo.include\n\tmovq .include_table(%rip), %rax\n",
    "a longer word": "\t.includes 1\n.incbin2:\n",
    "macros of a kernel": ".macro m op reg size=l\n\\op\\size \\reg, %eax\n.L\\@: \\op\\()q $1, %rax\n.endm\nm inc %ecx\n",
    "a macro of pieces": ".macro op a b c\n\\a\\b\\().\\c x0, x1\n.endm\nop ld r1 s\n",
    "verbose output of gcc": "\tmovl\t$1, %eax\t# x, tmp.include\n",
}

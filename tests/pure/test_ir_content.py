"""Modules of IR that would make LLVM read or write files, and modules that only look so."""

from __future__ import annotations

import contextlib

import pytest

from irlens.ir.content import Unsafe, for_llvm
from support.timing import within

UNSAFE = {
    "module asm": 'module asm ".incbin \\22/etc/passwd\\22"',
    "behind NUL": 'module asm "\\00.incbin \\22/etc/passwd\\22"',
    "with escapes": 'module asm "\\2Eincbi\\6E \\22/etc/passwd\\22"',
    "inline": 'call void asm sideeffect ".include \\22x\\22", ""()',
    "a comment between": 'call void asm ; x " \n sideeffect ".include \\22x\\22", ""()',
    "a comment that a carriage return ends": 'call void asm ; x\r sideeffect ".include \\22x\\22", ""()',
    "after a quote in a comment": '/* " */ module asm ".incbin \\22x\\22"',
    "without a space": 'call i32asm".incbin \\22x\\22", ""()',
    "after a name in quotes": 'call %"T"asm".incbin \\22x\\22", ""()',
    "after a numbered type": 'call %5asm ".incbin \\22x\\22", ""()',
    "around dollars that Intel's dialect drops": 'call void asm inteldialect ".inc$$bin \\22x\\22", ""()',
    "in one dialect": 'call void asm ".i$(x$|ncbin$) \\22x\\22", ""()',
    "of symbols' names": 'call void asm ".${0:c}${1:c} \\22x\\22", "i,i"(ptr @inc, ptr @bin)',
    "of one symbol's name": 'call void asm "${0:c} \\22x\\22", "i"(ptr @".incbin")',
    "of half a symbol's name": 'call void asm "nop\\0A.inc$0 \\22x\\22", "i"(ptr @bin)',
    "of two operands": 'call void asm sideeffect "$0$1 \\22x\\22", "i,i"()',
    "by a macro": 'module asm ".macro m a b"\nmodule asm ".\\\\a\\\\b \\22x\\22"\nmodule asm ".endm"\nmodule asm "m inc bin"',
    "by a macro of another string": 'module asm ".macro m a b"\nmodule asm ".\\\\a\\\\b \\22x\\22"\nmodule asm ".endm"\n'
        'call void asm "m inc bin", ""()',
    "a bomb": 'module asm ".rept 1000000000"\nmodule asm "nop"\nmodule asm ".endr"',
    "a hidden name": "!llvm\\2Egcov = !{!0}",
    "a hidden kind of node": '!0 = !DI\\46ile(filename: "x", directory: "y")',
    "a list that cannot be read": "!llvm.gcov ; c\n = !{!0}",
    "bitcode": "BC\u00c0\u00de",
}  # fmt: skip

SAFE = {
    "prefixes": 'call void asm "lock; xaddl $0, $1", "r"()',
    "a number": 'call i32 asm "movl $$1, $0", "=r"()',
    "a label": 'call void asm "$0: nop", ""()',
    "a kernel's": 'call void asm ".pushsection .discard.$0\\0A\\09.long ${0:c} - .\\0A .popsection", "i"()',
    "a call": 'call void asm "call ${0:P}\\0Amov $1, $2", "i,r,r"()',
    "dialects": '%r = tail call i64 asm "mov$(l$|$) ($1$|$), $0", "=r"()',
    "a name and a string": '@asm = global i32 0\n@s = constant [9 x i8] c".incbin\\00\\00"',
    "a comment": '; module asm ".incbin"\n',
    "a string of the list's name": '@s = constant [16 x i8] c"!llvm.gcov = !{}!"',
    "a name that needs its escape": "!a\\20b = !{!0}\n!\\30x = !{!0}",
}


def block(text: str) -> bytes:
    return text.encode("latin-1")


@pytest.mark.parametrize("name", UNSAFE)
def test_a_module_that_names_files_does_not_come_to_llvm(name: str) -> None:
    with pytest.raises(Unsafe):
        for_llvm(block(UNSAFE[name]))


@pytest.mark.parametrize("name", SAFE)
def test_any_other_comes_as_it_is(name: str) -> None:
    assert for_llvm(block(SAFE[name])) == block(SAFE[name])


def test_the_list_of_files_to_write_is_blanked_in_place() -> None:
    text = b'define void @f() {\n  ret void\n}\n!llvm.gcov = !{!0,\n  !1}\n!0 = !{!"/etc/x"}\n!llvm.ident = !{!1}\n'
    after = for_llvm(text)
    assert b"gcov" not in after
    assert len(after) == len(text)
    assert [len(line) for line in after.split(b"\n")] == [len(line) for line in text.split(b"\n")]
    assert after.endswith(b'\n!0 = !{!"/etc/x"}\n!llvm.ident = !{!1}\n')


def test_the_place_is_that_of_the_string() -> None:
    with pytest.raises(Unsafe) as unsafe:
        for_llvm(b'target triple = "x"\n\nmodule asm "nop"\nmodule asm ".incbin \\22x\\22"\n')
    finding = unsafe.value.finding
    assert (finding.line, finding.column, finding.code) == (3, 11, "file-directive")
    assert "irlens does not compile this module" in finding.message


def test_twenty_megabytes_are_looked_through_in_time() -> None:
    body = (
        b"define i32 @f(i32 %a) {\n  %x = add i32 %a, 1, !dbg !7\n  ret i32 %x\n}\n!7 = !DILocation(line: 2, scope: !4)\n"
        * 180_000
    )
    for end in (b"", b'call void asm "nop", ""()\n', b"!llvm.gcov = !{!0}\n", b"!a\\20 = !{}\n"):
        within(15, for_llvm, body + end)


@pytest.mark.parametrize(
    "text",
    [
        b"asm ;" * 400_000,
        b'asm "nop $0",' * 100_000,
        b'asm "$0" ' * 100_000,
        b"asm " * 500_000,
        b'"' * 1_000_001,
    ],
)
def test_no_text_takes_long(text: bytes) -> None:
    def work() -> None:
        with contextlib.suppress(Unsafe):
            for_llvm(text)

    within(20, work)

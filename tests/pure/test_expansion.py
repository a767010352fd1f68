"""What grows past all bounds is told from what does not, before anything grows."""

from __future__ import annotations

import pytest

from irlens.asm.arithmetic import value_of
from irlens.asm.expansion import too_large
from support.timing import within

BOMBS = {
    "four repetitions": ".rept 1000\n" * 4 + "nop\n" + ".endr\n" * 4,
    "a fill": ".fill 2000000000\n",
    "a fill of eights": ".fill 10000000,8,1\n",
    "a space in hexadecimal": ".space 0x7fffffff\n",
    "a space by a symbol": ".set n, 1<<30\n.zero n\n",
    "a space by a product": "n = 1000*1000*100\n.skip n\n",
    "an origin": ".org 2000000000\n",
    "an alignment": ".balign 0x40000000\n",
    "many alignments": ".p2align 19\nnop\n" * 1000,
    "many spaces": ".zero 99999\n" * 1000,
    "spaces on one line": ".zero 99999;" * 1000,
    "a macro that calls itself twice": ".macro m\nm\nm\n.endm\nm\n",
    "one that counts down": '.macro m n\n.if \\n\nm "(\\n-1)"\nm "(\\n-1)"\n.endif\nnop\n.endm\nm 60\n',
    "a chain of macros":
        "".join(f".macro m{i}\n" + f"m{i + 1}\n" * 10 + ".endm\n" for i in range(9)) + ".macro m9\nnop\n.endm\nm0\n",
    "lists in lists": ".irp a," + ",".join("x" * 1000) + "\n.irp b," + ",".join("y" * 1000) + "\nnop\n.endr\n.endr\n",
    "a repetition by an argument": ".macro m n\n.rept \\n\n.rept \\n\n.rept \\n\nnop\n.endr\n.endr\n.endr\n.endm\nm 1000\n",
    "behind a condition nobody knows": ".ifdef x\n.rept 100000000\nnop\n.endr\n.endif\n",
    "in capitals": ".REPT 1000000000\nnop\n.ENDR\n",
    "on one line": ".rept 2000000 ; nop ; .endr\n",
    "in octal": ".rept 01000000000\nnop\n.endr",
    "around a string": '.rept 100000000\n.ascii "abc;"\n.endr\n',
    "blocks in blocks": ".rept 1\n" * 3000 + "nop\n" + ".endr\n" * 3000,
    "a long list of characters": ".irpc a," + "x" * 100_000 + "\n.rept 100\nnop\n.endr\n.endr\n",
    "a section whose name has .bss in it": '.section .text.bss.x,"ax"\n.zero 500000000\n',
    "a comment that names .bss": ".text # .bss\n.zero 500000000\n",
    "a section's name that says nobits": '.section "foo@nobits"\n.zero 500000000\n',
    "a comment that says zerofill": ".data # zerofill\n.zero 500000000\n",
    "behind a prefix": "data16 .zero 0x7ffffff\n",
    "behind two": "data16 cs .space 500000000\n",
    "a repetition behind one": "data16 .rept 100000000\nnop\n.endr\n",
    "in parentheses": ".zero(500000000)\n",
    "packed decimals": ".ds.p 90000000\n",
    "bundles": ".bundle_align_mode 30\n.bundle_lock\nnop\n.bundle_unlock\n",
    "a difference times much": "a: nop\nb: .fill (b-a)*2000000000\n",
    "a difference shifted": "a: nop\nb: .fill (b-a)<<30\n",
    "a repetition by a difference": "a: nop\nb: .rept (b-a)*100000000\nnop\n.endr\n",
    "a repetition of nothing": ".rept 0xfffffff\n.endr\n",
    "behind other code": "f:\n\tnop\n" * 1000 + ".rept 100000000\nnop\n.endr\n",
}  # fmt: skip

FINE = {
    "an empty section": ".bss\n.zero 500000000\n",
    "an empty section by its name": ".section .bss.x\n.zero 500000000\n",
    "an empty section by its type": '.section foo,"aw",@nobits\n.zero 500000000\n',
    "alternatives of a kernel": "661: nop\n662: .skip -(((6651f-6641f)-(662b-661b)) > 0) * ((6651f-6641f)-(662b-661b)),0x90\n",
    "a bundle": ".bundle_align_mode 5\nnop\n",
    "compiler output": "\t.p2align 4,,15\nf:\n\tmovl $1, %eax\n\t.zero 64\n\tret\n" * 1000,
    "a large array without contents": "\t.bss\nx: .zero 2000000000\n\t.text\n\tnop\n",
    "another": '\t.section .bss.x,"aw",@nobits\n\t.zero 1000000000\n',
    "a common symbol": "\t.comm x,2000000000,32\n",
    "page tables": "\t.balign 4096\n\t.fill 512,8,0\n" * 100,
    "a macro that counts":
        '.macro sum from=0,to=5\n.long \\from\n.if \\to-\\from\nsum "(\\from+1)",\\to\n.endif\n.endm\nsum 0,5\n',
    "vectors": ".macro v n\n.p2align 7\nb \\n\n.endm\n.rept 256\nv f\n.endr\n",
    "a size that hangs on addresses": ".skip -(((144f-143f)-(141b-140b)) > 0) * ((144f-143f)-(141b-140b)),0x90\n",
    "a condition that is false": ".set x, 0\n.if x\n.rept 100000000\nnop\n.endr\n.endif\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_found_at_once(name: str) -> None:
    found = within(20, too_large, BOMBS[name])
    assert found is not None
    assert found.message.endswith(("less.", "less often."))


@pytest.mark.parametrize("name", FINE)
def test_what_people_write_is_not(name: str) -> None:
    assert too_large(FINE[name]) is None


def test_the_line_is_the_one_that_grows() -> None:
    found = too_large("nop\n.macro m\n.rept 100000000\nnop\n.endr\n.endm\nnop\nm\n")
    assert found is not None
    assert found.line == 7


def test_a_large_file_is_looked_through_in_time() -> None:
    text = '\t.section .text.f,"ax",@progbits\n\t.p2align 4\nf:\n\tmovq %rax, %rbx\n' * 200_000
    assert within(30, too_large, text) is None


def test_many_symbols_cost_no_more_than_they_are() -> None:
    """16,000 assignments and as many calls with other arguments: 5 s, when each call copied the symbols."""
    text = (
        "".join(f"a{i} = 1\n" for i in range(16_000))
        + ".macro m n\nnop\n.endm\n"
        + "".join(f"m {i}\n" for i in range(16_000))
    )
    assert within(5, too_large, text) is None


def test_long_macros_cost_no_more_than_they_are() -> None:
    text = (
        ".macro m n\n" + "nop # \\n " + "x" * 9_800 + "\n.endm\n" + "".join(f"m {i}\n" for i in range(20_000))
    )
    within(5, too_large, text)


def test_macros_in_a_file_that_is_too_large_to_follow() -> None:
    found = too_large("nop\n" + ".macro m\n.endm\n" + "nop\n" * 2_000_000)
    assert found is not None
    assert found.line == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1+2*3", 7), ("(1+2)*3", 9), ("0x10", 16), ("010", 8), ("0b101", 5), ("-5/2", -2), ("1<<4|1", 17), ("!0", 1), ("~0", -1),
        ("n-1", 4), ("2 > 1", -1), ("1 && 0", 0), ("1/0", None), ("1<<99", None), ("a", None), ("1 2", None), ("", None),
        ("(" * 400, None), ("9" * 5000, None), ("2b-1b", None), ("1f", None), ("- - 3", 3),
    ],
)  # fmt: skip
def test_arithmetic(text: str, value: int | None) -> None:
    assert value_of(text, {"n": 5}) == value

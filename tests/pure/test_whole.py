"""Files that were cut off, and files that only look odd."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.asm.normal import normalise
from irlens.asm.outline import functions
from irlens.asm.whole import refuse_cut_off
from irlens.errors import UnusableInput

EXAMPLES = Path(__file__).parents[2] / "examples"
X86 = "x86_64-unknown-linux-gnu"


def look(text: str, function: str, triple: str = X86) -> None:
    refuse_cut_off(text, function, normalise(text, function, triple).code)


@pytest.mark.parametrize(("name", "triple"), [("bits.s", X86), ("list.s", "aarch64-unknown-linux-gnu")])
def test_whole_files_pass_and_every_cut_in_a_body_is_seen(name: str, triple: str) -> None:
    text = (EXAMPLES / name).read_text()
    last = functions(text)[-1]
    for function in functions(text):
        look(text, function.name, triple)
    lines = text.splitlines()
    for end in range(last.start_line + 1, last.end_line):
        cut = "\n".join(lines[:end]) + "\n"
        try:
            code = normalise(cut, last.name, triple).code
        except UnusableInput:
            continue  # nothing of the body is left, which is refused too
        if code[-1].split()[0] in ("ret", "retq", "b"):
            look(cut, last.name, triple)
        else:
            with pytest.raises(UnusableInput, match=rf"{last.name} stops in the middle.*Give the whole file"):
                look(cut, last.name, triple)


@pytest.mark.parametrize(
    "body",
    ["\tretq", "\tjmp\tg", "\tjmp\t*%rax", "\tcallq\tabort", "\tud2", "\trep retq", "\tjne\tf"],
)
def test_ends_that_are_fine_without_a_size_directive(body: str) -> None:
    look(f"f:\n\tmovl\t%edi, %eax\n{body}\n", "f")


def test_a_function_before_another_is_not_cut_off() -> None:
    look("\t.text\nf:\n\tmovl\t%edi, %eax\ng:\n\tretq\n", "f")


def test_falling_off_the_end_is_fine_where_the_size_says_so() -> None:
    look("\t.text\n\t.type f,@function\nf:\n\tmovl\t%edi, %eax\n.L:\n\t.size\tf, .L-f\n", "f")

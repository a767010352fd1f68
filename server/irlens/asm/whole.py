"""Is a function all there? One that a cut-off file ends in must not be lifted as if it were whole."""

from __future__ import annotations

import re

from irlens.asm.outline import function_named, functions, lines_of
from irlens.asm.readable import readable
from irlens.asm.symbols import PLAIN_NAME, QUOTED_NAME, quoted
from irlens.errors import UnusableInput

_LEAVES = re.compile(
    r"^(?:(?:rep|repz|bnd|notrack) )*"
    r"(?:j[a-z]+|call[a-z]*|i?ret[a-z]*|ud[12]|hlt|int3|syscall"
    r"|b[lr]?|blr|br|b\.[a-z]+|ret[a-z]*|brk|udf|eret|cbn?z|tbn?z)\b"
)
"""Mnemonics that a whole function may end in: it leaves, calls what does not return, or traps."""


def refuse_cut_off(text: str, function: str, code: tuple[str, ...]) -> None:
    """Raise `UnusableInput` where the text ends within `function`.

    `code` is its normal form's code. The signs: nothing but the end of the text closes the function (no
    `.size`, no other label, no other section), and its last instruction cannot be a function's last.
    """
    spelled = "|".join(map(re.escape, dict.fromkeys((function, f'"{function}"', quoted(function)))))
    if re.search(rf"^[ \t]*\.size[ \t]+(?:{spelled})[ \t]*,", text, re.MULTILINE):
        return
    found = functions(text)
    text = readable(text).text
    if not found or found[-1].name != function or found[-1].alias_of or not code:
        return
    rest = text.splitlines()[found[-1].end_line + 1 :]
    if any(line.strip() for line in rest) or _LEAVES.match(code[-1]):
        return
    raise UnusableInput(
        f"The function {function} stops in the middle, after `{code[-1]}`: the file was cut off. "
        "Give the whole file."
    )


def code_lines(text: str, function: str) -> tuple[str, ...]:
    """The instructions of a function as they are written, in lower case: for a text without a normal form."""
    found = function_named(text, function)
    if found is None or readable(text).is_listing:
        return ()
    text = readable(text).text
    lines = (line.partition("#")[0].strip() for line in lines_of(text)[found.start_line : found.end_line + 1])
    bare = (re.sub(rf"^(?:{PLAIN_NAME}|{QUOTED_NAME}):\s*", "", line) for line in lines)
    return tuple(" ".join(line.lower().split()) for line in bare if line and not line.startswith("."))

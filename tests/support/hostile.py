"""Names that somebody with bad intentions gives a function, and what must not be left of them in what a person is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

NAMES = (
    "x`](command:a) ![i](https://evil.example/p.png) <img src=https://evil.example>",
    "x``` `y`",
    "a|b\\|c",
    "a\n# heading\nirlens: all is well",
    "[free](command:workbench.action.terminal.sendSequence?%5B%5D)",
    "\x1b]0;title\x07\x1b[2K\r\x9b31m",
    "%{system('x')}",
    "\u202etxt.exe\u2066\u200b\u2028",
    "$(alert) $(pass) $(touch evil)",
    "../../../../tmp/evil",
    "--load=evil.so",
    "",
    "  ",
    "*a* _b_ ~~c~~ &lt; www.evil.example https://evil.example",
)
"""Each does harm in some place where a name is shown unescaped."""


def ir_name(name: str) -> str:
    """`@"..."` as LLVM writes it."""
    inner = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in '"\\' else f"\\{byte:02X}"
        for byte in name.encode("utf-8", "surrogatepass")
    )
    return f'@"{inner}"'


def ir_module(names: tuple[str, ...] = NAMES) -> str:
    """A function of each name, which is not empty (LLVM would number it), each other than the next."""
    return "".join(
        f"define i32 {ir_name(name)}(i32 %x) {{\n  %y = mul i32 %x, {number + 3}\n  %z = add i32 %y, 0\n  ret i32 %z\n}}\n\n"
        for number, name in enumerate(names)
        if name
    )


def asm_module(names: tuple[str, ...] = NAMES) -> str:
    """A function of each name that a line of assembly can hold."""
    parts = ["\t.text"]
    for name in names:
        if not name or '"' in name or "\\" in name or len(name.splitlines()) > 1 or name.endswith("\r"):
            continue
        parts += [
            f'\t.globl "{name}"',
            f'\t.type "{name}",@function',
            f'"{name}":',
            "\tleal 1(%rdi), %eax",
            "\tretq",
        ]
        parts += [f'\t.size "{name}", .-"{name}"']
    return "\n".join(parts) + "\n"


def texts_of(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a JSON value, keys left out, with the way to it."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_of(inner, f"{at}.{key}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from texts_of(inner, f"{at}[{number}]")


def unseen(text: str, kept: str = "") -> list[str]:
    """The characters of a text that cannot be seen, or that act on a terminal or on the writing direction."""
    return [
        character
        for character in text
        if character not in kept
        and (
            unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
            or character in "\u115f\u3164\ufe0f"
        )
    ]


ACTIVE = (
    re.compile(r"\]\("),  # Markdown links, which VS Code's notifications run commands of
    re.compile(r"\$\("),  # VS Code's icons
    re.compile(r"<img\b[^>]*\bsrc", re.IGNORECASE),
)
"""What editors act on in texts that should be plain."""


def acts(text: str) -> list[str]:
    """What is wrong with a text that an editor shows as plain."""
    return [
        *(f"U+{ord(character):04X}" for character in unseen(text)),
        *(p.pattern for p in ACTIVE if p.search(text)),
    ]


def active_markdown(made: str) -> list[str]:
    """What a reader of CommonMark or GFM takes for more than text in one paragraph or cell, code spans left out; by the
    rules of their specifications (CommonMark 0.31.2, chapters 4 and 6; GFM 0.29, 4.10 and 6.9), not by a parser."""
    text = without_code(made)
    text = re.sub(r"\\[!-/:-@\[-`{-~]", "x", text)  # 2.4: an escaped mark is a letter like any other
    rules = {
        "backtick": "`",
        "emphasis": r"\*|(?<!\w)_|_(?!\w)",
        "link or image": r"[\[\]]",
        "HTML or autolink": "<",
        "entity": r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);",
        "strikethrough": "~",
        "cell": r"\|",
        "extended autolink": r"(?i:\bwww\.|https?://|ftp://|[\w.+-]+@\w)",
        "line break": r"[\n\r]",
        "block": r"\A\s{0,3}(?:#{1,6}(?:\s|$)|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|>|=+\s*$|-+\s*$|```|~~~|\s{4})",
        "backslash at the end": r"\\\Z",
    }
    return [rule for rule, pattern in rules.items() if re.search(pattern, text)]


def without_code(made: str) -> str:
    """CommonMark 6.1: code spans, each put as `C`. A run of backticks with no match is text."""
    out, at = [], 0
    while (run := re.compile(r"\\`|`+").search(made, at)) is not None:
        out.append(made[at : run.start()])
        at = run.end()
        if run[0] == "\\`":
            out.append(run[0])
            continue
        end = re.compile(rf"(?<!`){run[0]}(?!`)").search(made, at)
        out.append("C" if end else run[0])
        at = end.end() if end else at
    return "".join([*out, made[at:]])

"""Lexical layer of the normal form's reader: one function's text into statements, a statement into tokens.

It knows LLVM's spelling and nothing of what an instruction means.
"""

from __future__ import annotations

import re

from irlens.ir.normal_words import NotNormal

_TOKEN = re.compile(
    r"""\s*+(?:
    (?P<text>[%@!c]?"(?>(?:[^"\\]|\\.)*)")
  | (?P<name>[%@][-a-zA-Z$._0-9]+)
  | (?P<meta>![-a-zA-Z$._0-9]*|\#[0-9]+)
  | (?P<dots>\.\.\.)
  | (?P<number>-?\d++\.\d+(?:e[+-]?\d+)?|0x[KLMHR]?[0-9A-Fa-f]+|-?\d++(?![-a-zA-Z$._]))
  | (?P<word>[-a-zA-Z$._0-9]+)
  | (?P<mark>[(){}\[\]<>,=*:|])
  )""",
    re.VERBOSE,
)
_LABEL = re.compile(r'^(?:([-a-zA-Z$._0-9]+)|"((?:[^"\\]|\\.)*)"):\s*(?:;.*)?$')


def tokens_of(text: str) -> list[str]:
    """Lexical tokens of a piece of IR. Raises `NotNormal` on a character that starts none."""
    found = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotNormal(
                f"The IR has {text[at : at + 20]!r}, which is not understood. Check it with LLVM first."
            )
        found.append(match[0].strip())
        at = match.end()
    return found


def unquoted(name: str) -> str:
    return name[1:-1] if name.startswith('"') else name


def without_metadata(statement: str) -> str:
    """The statement without `, !tbaa !5` and the like at its end."""
    return re.sub(r",\s*+![-a-zA-Z$._0-9]++ !.*", "", statement, flags=re.DOTALL)


def statements(body: list[str]) -> list[tuple[str | None, str]]:
    """(label, "") and (None, statement) in order. An entry block's own label is left out unless it is used."""
    found: list[tuple[str | None, str]] = []
    waiting = ""
    for line in body:
        line = _cut_comment(line).strip()
        if not line or line.startswith("#dbg"):
            continue
        label = _LABEL.match(line)
        if label and not waiting:
            name = label[1] if label[1] is not None else f'"{label[2]}"'
            if found:
                found.append((name, ""))
            continue
        waiting = f"{waiting} {line}".strip()
        if (
            waiting.startswith("switch")
            and not waiting.endswith("]")
            and "]" not in waiting.split("[", 1)[-1]
        ):
            continue
        found.append((None, waiting))
        waiting = ""
    if waiting:
        raise NotNormal("The function ends in the middle of an instruction. Check it with LLVM first.")
    return found


def _cut_comment(line: str) -> str:
    if ";" not in line:
        return line
    match = re.match(r'(?:[^;"]|"(?:[^"\\]|\\.)*")*', line)
    return match[0] if match else line

"""Data that an assembly file keeps under a local label (a string, a constant, a jump table), as bytes.

How it was written (`.asciz`, `.long`, `.quad`) leaves no trace: the same bytes give the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from irlens.asm.outline import lines_of
from irlens.asm.symbols import format_of, is_local
from irlens.source.memo import of_text

MOST_BYTES = 4096
"""Longer data is cut: it is compared by its first bytes and its length, and cannot be rebuilt."""

_INTEGERS = {
    "byte": 1, "1byte": 1, "value": 2, "short": 2, "hword": 2, "half": 2, "2byte": 2, "long": 4, "word": 4, "int": 4,
    "4byte": 4, "quad": 8, "xword": 8, "dword": 8, "8byte": 8,
}  # fmt: skip
_ESCAPES = {"n": 10, "t": 9, "r": 13, "b": 8, "f": 12, "v": 11, "\\": 92, '"': 34, "a": 7}

Item = int | tuple[int, str]


@dataclass(frozen=True)
class LocalData:
    """`items` are bytes, and (size, expression) where an address stands. `readonly` and `constant` (a pool of
    numbers that the compiler made, such as `.LCPI0_0`) come from the section and the label."""

    items: tuple[Item, ...]
    readonly: bool
    constant: bool
    size: int

    @property
    def text(self) -> str:
        """One word: hexadecimal digits, most significant byte of the data last, as in a dump; addresses in
        parentheses; empty where the data was not found."""
        parts = [f"{item:02x}" if isinstance(item, int) else f"({item[1]})" for item in self.items]
        cut = f"...{self.size}" if self.size > MOST_BYTES else ""
        return "".join(parts) + cut

    @property
    def raw(self) -> bytes | None:
        """The bytes, where there are no addresses in them and nothing was cut."""
        if self.size > MOST_BYTES or not all(isinstance(item, int) for item in self.items):
            return None
        return bytes(item for item in self.items if isinstance(item, int))


_SECTION = re.compile(r"\s*\.(section|text|data|bss|rodata|pushsection)\b")


@of_text
def local_labels(text: str) -> dict[str, tuple[int, str]]:
    """Line (from 0) and section directive of each label that only this file can see, in its first place."""
    found: dict[str, tuple[int, str]] = {}
    section = ""
    format_ = format_of(text)
    for number, line in enumerate(lines_of(text)):
        bare = line.strip()
        if _SECTION.match(line):
            section = bare
        elif ":" in bare and is_local(name := bare.partition(":")[0], format_) and not name.isdigit():
            found.setdefault(name, (number, section))
    return found


def read_data(
    text: str, label: str, without_comment: Callable[[str], str], code_labels: set[str]
) -> LocalData:
    """The data from `label:` to the next label, section or symbol directive of the assembly `text`.

    Expressions keep names as they are, save `code_labels`, which are put between NULs for the caller to number.
    """
    read = _read_so_far(text)
    key = (label, without_comment)
    found = read.get(key)
    if found is None:
        found = read[key] = _read(text, label, without_comment)
    items = tuple(
        item if isinstance(item, int) else (item[0], _expression(item[1], code_labels))
        for item in found.items
    )
    return LocalData(items, found.readonly, found.constant, found.size)


@of_text
def _read_so_far(text: str) -> dict[tuple[str, Callable[[str], str]], LocalData]:
    """What `_read` gave for the labels of the text; gone with the text."""
    return {}


def _read(text: str, label: str, without_comment: Callable[[str], str]) -> LocalData:
    """`read_data` with expressions as they are written: thousands of functions may name the same label. Once `MOST_BYTES`
    are read, a line costs what counting its length does."""
    place = local_labels(text).get(label)
    constant = re.match(r"\.LCPI|\.LC\d", label) is not None
    if place is None:
        return LocalData((), False, constant and label.startswith(".LCPI"), 0)
    start, section = place
    readonly = "rodata" in section or ".text" in section or section.startswith(".text")
    constant = "rodata.cst" in section
    items: list[Item] = []
    size = 0
    lines = lines_of(text)
    for index in range(start, len(lines)):
        bare = without_comment(lines[index]).strip()
        if index == start:
            bare = bare[len(label) + 1 :].strip()
        elif re.match(r"(?:[\w.$]+|\"[^\"]*\"):", bare):
            break
        match = re.match(r"\.(\w+)\s*(.*)$", bare, re.DOTALL)
        if match is None:
            if bare:
                break
            continue
        more = _directive(match[1], match[2], MOST_BYTES - len(items))
        if more is None:
            break
        size += more[0]
        items += more[1]
    return LocalData(tuple(items), readonly, constant, size)


def _directive(name: str, rest: str, room: int) -> tuple[int, list[Item]] | None:
    """How many bytes a data directive adds, and as many of its items as there is room for; None for one that ends the
    data."""
    if name in _INTEGERS:
        width = _INTEGERS[name]
        found: list[Item] = []
        for part in rest.split(",", room)[:room]:
            try:
                value = int(part.strip(), 0)
                found.extend((value % (1 << 8 * width)).to_bytes(width, "little"))
            except ValueError:
                found.append((width, part))
        return width * (rest.count(",") + 1), found[:room]
    if name in ("asciz", "string", "ascii"):
        found = []
        for text in re.findall(r'"((?>(?:[^"\\]|\\.?)*))(?:"|\Z)', rest, re.DOTALL):
            found.extend(_string(text))
            if name != "ascii":
                found.append(0)
        return len(found), found[:room]
    if name in ("zero", "space", "skip"):
        match = re.match(r"(0x[0-9a-fA-F]{1,15}|\d{1,18})(?![0-9a-fA-F])(?:\s*,\s*(\d{1,18})(?!\d))?", rest)
        if match is None:
            return None
        size = int(match[1], 0)
        return size, [int(match[2] or 0) % 256] * min(size, room)
    return (
        (0, []) if name in ("p2align", "align", "balign", "ident", "cfi_endproc", "cfi_startproc") else None
    )


def _expression(text: str, code_labels: set[str]) -> str:
    packed = re.sub(r"\s+", "", text)
    return re.sub(
        r"[A-Za-z_.$][\w.$]*",
        lambda match: f"\x00{match[0]}\x00" if match[0] in code_labels else match[0],
        packed,
    )


_OCTAL = re.compile(r"[0-7]{1,3}")


def _string(text: str) -> bytes:
    out = bytearray()
    at = 0
    while at < len(text):
        character = text[at]
        if character != "\\" or at + 1 >= len(text):
            out += character.encode("utf-8", "replace")
            at += 1
            continue
        octal = _OCTAL.match(text, at + 1)
        if octal:
            out.append(int(octal[0], 8) % 256)
            at = octal.end()
        else:
            out.append(_ESCAPES.get(text[at + 1], ord(text[at + 1]) % 256))
            at += 2
    return bytes(out)

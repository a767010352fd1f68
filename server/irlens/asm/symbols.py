"""Names of symbols in assembly: how they are spelled, and which of them are local. The one home for both.

Which names an assembler keeps to itself follows from the object format, never from a first letter alone: `.L` begins
a local name in ELF and COFF, `L` in Mach-O only, so `LZ4_compress` and `LoadLibrary` are functions like any other.
Sources: GNU as manual, section 5.3 ("Symbol Names"); LLVM's MCAsmInfo (PrivateGlobalPrefix); ELF for the Arm 64-bit
Architecture, section 5.5.3 (mapping symbols).
"""

from __future__ import annotations

import re
from typing import Literal

Format = Literal["elf", "macho", "coff"]

PLAIN_NAME = r"[^\x00-#%-\-/->@\[-^`{-\x7f][\w.$@?]*"
"""A name as it stands without quotes, with what is hung on it (`@PLT`). It begins with one of `[A-Za-z_.$?\\x80-\\U0010ffff]`,
said by what is left out: `re` takes 3 ms for a set that reaches so far up, at each start and for every pattern."""
QUOTED_NAME = r'"(?>(?:[^"\\]|\\.)*)"'

DARWIN = re.compile(
    r"^[ \t]*\.(?:section[ \t]+__[A-Z]\w*[ \t]*,[ \t]*__\w+|build_version\b|macosx_version_min\b"
    r"|ios_version_min\b|subsections_via_symbols\b)",
    re.MULTILINE,
)
"""Directives that only Mach-O has. An ELF section such as `__ex_table` has no second name behind it."""
WINDOWS = re.compile(
    r"^[ \t]*\.(?:seh_\w+|def[ \t]+\S+[ \t]*;?|section[ \t]+\.(?:rdata|drectve)\b)", re.MULTILINE
)
"""Directives that only COFF has."""

_PLACES = re.compile(r"\.(?:comm|lcomm|set|equ|equiv|lsym|zerofill)[ \t]+(?:[\w,]{1,30},[ \t]*)?\Z")
_MAPPING = re.compile(r"\$[xdat](?:\..*)?\Z", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z_.][A-Za-z0-9_.$]*\Z")


def format_of(text: str) -> Format:
    """The object format that an assembly text is written for: ELF unless it has another one's directives."""
    if DARWIN.search(text):
        return "macho"
    return "coff" if WINDOWS.search(text) else "elf"


def format_of_triple(triple: str) -> Format:
    """The object format that a target triple stands for."""
    lowered = triple.lower()
    if lowered.endswith("-elf"):
        return "elf"
    if any(mark in lowered for mark in ("apple", "darwin", "macos", "-ios")):
        return "macho"
    return "coff" if any(mark in lowered for mark in ("windows", "mingw", "win32", "cygwin")) else "elf"


def is_local(name: str, format_: Format) -> bool:
    """Whether the assembler keeps a name out of the object's symbol table, or a linker throws it away. `name` is
    without quotes."""
    if name.isdigit():
        return True
    if format_ == "macho":
        # `l` and `L` in front of a C name, which begins with `_`, make linker-private and local symbols.
        return name.startswith("L") or re.match(r"l(?:_|tmp\d|CPI\d|JTI\d)", name) is not None
    return name.startswith(".L")


def is_mapping(name: str) -> bool:
    """Whether a symbol of an ARM or AArch64 object only says what follows (`$x` code, `$d` data), and names nothing.
    Swift's `$s4main3addyS2i_SitF` is no such symbol."""
    return _MAPPING.match(name) is not None


def unquoted(written: str) -> str:
    """The symbol that a written name means: quotes and the backslashes in them taken off, as GNU as does, and LLVM
    since release 21."""
    if len(written) < 2 or written[0] != '"' or written[-1] != '"':
        return written
    inner = written[1:-1]
    return _ESCAPE.sub(r"\1", inner) if "\\" in inner else inner


def quoted(name: str) -> str:
    """A symbol as assembly spells it: as it is where that is safe, else in quotes."""
    if _NEEDS_NO_QUOTES.match(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def defines_symbol(text: str, name: str) -> bool:
    """Whether an assembly text puts the symbol somewhere: by a label, `.comm`, `.set` or `=`."""
    for written in {name, quoted(name)}:
        at = text.find(written)
        while at >= 0:
            before, behind = (
                text[max(0, at - 40) : at],
                text[at + len(written) : at + len(written) + 40].lstrip(" \t"),
            )
            begins = not before or before[-1] in " \t\n;"
            if begins and (
                behind.startswith(":") or (behind.startswith("=") and not behind.startswith("=="))
            ):
                return True
            if begins and _PLACES.search(before) and behind.startswith(","):
                return True
            at = text.find(written, at + 1)
    return False

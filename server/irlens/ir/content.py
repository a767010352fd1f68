"""What of a module of IR must not come to LLVM, whoever asks: what makes LLVM read or write files that the module names.

- `!llvm.gcov` names files for a pass to write. That pass is never run (`pass_policy`); the list is blanked all the same,
  place by place, so that lines and columns stay.
- Assembly in the module is looked through (`asm_strings`).
- A name of metadata spelled with escapes that it does not need hides what it is; bitcode hides everything.

Bytes in, bytes out; linear time, and nothing but a few searches for a module that has none of it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from irlens.ir.asm_strings import Finding, find_in_ir

_BITCODE = (b"BC\xc0\xde", b"\xde\xc0\x17\x0b")
_NEEDLESS = re.compile(rb"\\(?:[46][1-9A-Fa-f]|[57][0-9Aa]|3[0-9]|2[4DdEe]|5[Ff])")
"""Escapes for what may stand in such a name as it is: letters, digits, and `$-._`."""
_HIDDEN = re.compile(rb"![-\w$.]*\\", re.ASCII)
_GCOV = b"llvm.gcov"
_LIST = re.compile(rb"![-\w$.]+[ \t\r\n]*=[ \t\r\n]*!\{[^{}\"]*\}", re.ASCII)
_TOKEN = re.compile(
    rb"\"[^\"]*\"|;[^\r\n]*|/\*.*?(?:\*/|\Z)|(?P<name>![-A-Za-z$._\\][-\w$.\\]*)", re.ASCII | re.DOTALL
)


class Unsafe(Exception):
    """The module must not come to LLVM; `finding` says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@lru_cache(maxsize=2)  # a search gives one module again and again
def for_llvm(block: bytes) -> bytes:
    """The module as LLVM may have it, with every place where it was. Raises `Unsafe`."""
    if block[:4] in _BITCODE:
        raise Unsafe(
            Finding(0, 0, "This is LLVM bitcode. Give its text instead (llvm-dis makes it).", "bitcode")
        )
    if (found := find_in_ir(block)) is not None:
        raise Unsafe(found)
    if _GCOV not in block and not _HIDDEN.search(block):
        return block
    return _without_gcov(block)


def _without_gcov(block: bytes) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for match in _TOKEN.finditer(block):
        name = match["name"]
        if name is None or match.start() < done:
            continue
        # A digit at the beginning needs its escape.
        if _NEEDLESS.search(re.sub(rb"^!\\3[0-9]", b"!", name)):
            raise Unsafe(
                _at(
                    block,
                    match.start(),
                    "This name of metadata has escapes that it does not need. Spell it out.",
                )
            )
        if name != b"!" + _GCOV:
            continue
        whole = _LIST.match(block, match.start())
        if whole is None:
            raise Unsafe(
                _at(
                    block,
                    match.start(),
                    "This list of files to write, !llvm.gcov, cannot be read. Remove it.",
                )
            )
        pieces += [block[done : match.start()], re.sub(rb"[^\r\n]", b" ", whole[0])]
        done = whole.end()
    return b"".join((*pieces, block[done:]))


def _at(block: bytes, at: int, message: str) -> Finding:
    begins = block.rfind(b"\n", 0, at) + 1
    return Finding(block.count(b"\n", 0, at), at - begins, message, "file-metadata")

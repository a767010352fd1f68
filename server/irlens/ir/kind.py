"""What a text is that has the name of LLVM IR and is something else, by its first lines. Text in, a sentence out."""

from __future__ import annotations

import re
from itertools import islice

_LOOKED_AT, _LONGEST = 400, 300
"""Lines, and characters of a line, that are looked at."""
_MIR = re.compile(r"(?:body:[ ]*\||registers:|liveins:|name:[ ]+\S|frameInfo:)")
_MLIR = re.compile(
    r"(?:builtin\.)?module(?: @\S+)?(?: attributes \{.{0,250}\})? \{$|func\.func\b|llvm\.(?:func|mlir\.global)\b|spirv\.module\b"
    r"|gpu\.module\b|\"builtin\.module\"|#\w+ = (?:affine_map|loc|dl_spec)\b|![\w.]+ = !\w+\."
)
_ASSEMBLY = re.compile(r"\.(?:text|globl|global|file|section|build_version|intel_syntax|arch|p2align)\b")
_C = re.compile(
    r"#\s*(?:include|define|pragma|ifndef|ifdef)\b|(?:static|extern|int|void|template|namespace|using)\s+[\w<]"
)
_BITCODE = re.compile("BC(?:\xc0\xde|\ufffd|[\udc80-\udcff])")
_FIRST = {
    "LLVM bitcode. Turn it into text with `llvm-dis`": _BITCODE,
    "MLIR, which irlens does not read. Translate it with `mlir-translate --mlir-to-llvmir`": _MLIR,
    "assembly. Give it the suffix .s": _ASSEMBLY,
    "C or C++. Compile it with `clang -S -emit-llvm`": _C,
}
_OLDER = {
    re.compile(
        r"invalid field 'variables'"
    ): "LLVM 6 and older wrote `variables:`; it is `retainedNodes:` since LLVM 7",
    re.compile(r"invalid field '(?:gv|function|variable)'"): "LLVM 3.9 and older wrote debug information so",
}


def other_kind(text: str) -> str:
    """What the text is, if it is no IR and plainly something else, as the end of "this is ..."; else empty. The first
    line that is no comment decides."""
    lines = [line[:_LONGEST].strip() for line in islice(text.removeprefix("\ufeff").split("\n"), _LOOKED_AT)]
    begun = next(
        (at for at, line in enumerate(lines) if line and not line.startswith((";", "//"))), len(lines)
    )
    if begun == len(lines):
        return ""
    first = lines[begun]
    if first.startswith("---") and any(map(_MIR.match, lines)):
        return "machine IR (MIR), which irlens does not read. Give it the IR before code generation"
    return next((words for words, pattern in _FIRST.items() if pattern.match(first)), "")


def written_by(message: str) -> str:
    """What a message of LLVM's parser says of the age of the text; empty where it says nothing."""
    return next((words for pattern, words in _OLDER.items() if pattern.search(message)), "")

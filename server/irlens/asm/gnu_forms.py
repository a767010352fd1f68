"""Rewrite the few forms that gcc prints and LLVM's assembler does not take. Lines and columns stay what they are.

Text in, text out; linear time. What is rewritten means the same to LLVM as the original does to GNU as, apart from
debug information, of which no more than the types is ever kept: irlens lifts and measures code and data.
"""

from __future__ import annotations

import re

_LINE_MARKER = re.compile(r'^[ \t]*#[ \t]*\d+[ \t]+"[^"\n]*"[ \t\d\r]*$', re.MULTILINE)
_GCC_DEBUG = re.compile(r'^[ \t]*\.(?:file[ \t]+0[ \t]+"|loc[ \t][^\n"]*\bview\b)', re.MULTILINE)
_COMMENT = re.compile(r"(?:^|[ \t])(?:#|//)[ \t]")
_STABS = re.compile(r"^[ \t]*\.stab[snd][ \t][^\n]*", re.MULTILINE)
_LINKED = re.compile(
    r'^([ \t]*\.(?:push)?section[ \t]+"?__patchable_function_entries"?[ \t]*,[ \t]*"[a-np-z]*)o'
    r'([a-np-z]*"[ \t]*,[ \t]*[@%]progbits)'
    r"[ \t]*,[ \t]*[^\s,;]+",
    re.MULTILINE,
)
"""LLVM wants the function that such a section is linked to before the section, and gcc prints it behind."""
_LINE_TABLE = re.compile(r"^[ \t]*\.(?:loc|file[ \t]+\d)")
_SECTION = re.compile(
    r"^[ \t]*\.(?:(text|data|bss|previous|popsection)|(?:push)?section[ \t]+\"?([^\s,\"]+))\b"
)
_DEBUG_SECTIONS = (".debug_", ".gnu.debuglto_.debug_")
_OF_TYPES = (".debug_info", ".debug_abbrev", ".debug_str", ".debug_line_str")
"""What says which types there are. Of the other sections it needs the labels alone."""
_VIEW = re.compile(r"\.LVU\d+")
"""What gcc counts its views of lines by: the assembler sets it at `.loc`, which is blanked."""
_LABEL = re.compile(r"^[ \t]*[\w.$]+:[ \t\r]*$")
_SYNTAX = re.compile(r"^[ \t]*\.(intel|att)_syntax\b")
_WIDE_EXTENSION = re.compile(
    r"^([ \t]*(?:[\w.$]+:[ \t]*)?)movsx(?=[ \t]+r(?:[a-d]x|[sd]i|[sb]p|\d+)[ \t]*,[ \t]*"
    r"(?:e(?:[a-d]x|[sd]i|[sb]p)\b|r\d+d\b|dword[ \t]+ptr\b))",
    re.IGNORECASE,
)
_FLAT = re.compile(r"\bOFFSET FLAT:", re.IGNORECASE)
_INDIRECT = re.compile(
    r"^([ \t]*(?:[\w.$]+:[ \t]*)?(?:notrack[ \t]+|bnd[ \t]+)*(?:call|jmp)[ \t]+)\[(QWORD PTR [^;#\n]*)\]([ \t\r]*)$",
    re.IGNORECASE,
)


def without_line_markers(text: str) -> str:
    """`text` without the C preprocessor's `# 12 "file.c"` lines, by which an assembler would report errors at lines of
    another file."""
    return _LINE_MARKER.sub("", text) if "#" in text else text


def without_nul_comments(text: str) -> str:
    """`text` with a blank for each NUL in a line's comment, where clang prints characters that debug information holds."""
    if "\0" not in text:
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if "\0" in line and _COMMENT.search(line.partition("\0")[0]):
            lines[number] = line.replace("\0", " ")
    return "\n".join(lines)


def for_llvm(text: str, *, types: bool = False) -> str:
    """`text` as LLVM's assembler takes it: gcc's debug information (`.file 0`, `.loc ... view`) is blanked, with `types` all
    of it that does not tell types, and of its Intel syntax `movsx rax, edi`, `OFFSET FLAT:x` and
    `call [QWORD PTR 8[rax]]` are spelled LLVM's way."""
    if ".stab" in text:
        text = _STABS.sub("", text)
    if "__patchable_function_entries" in text:
        text = _LINKED.sub(r"\1\2", text)
    debug = _GCC_DEBUG.search(text) is not None
    intel = ".intel_syntax" in text
    if not debug and not intel:
        return text
    lines = text.split("\n")
    is_intel = in_debug = kept = False
    for number, line in enumerate(lines):
        if debug:
            section = _SECTION.match(line)
            if section is not None:
                in_debug = (section[2] or "").startswith(_DEBUG_SECTIONS)
                kept = types and section[2] in _OF_TYPES
            elif (in_debug and not kept and not (types and _LABEL.match(line))) or _LINE_TABLE.match(line):
                lines[number] = ""
                continue
            elif kept and ".LVU" in line:
                lines[number] = _VIEW.sub(lambda found: "0".ljust(len(found[0])), line)
        if intel:
            syntax = _SYNTAX.match(line)
            if syntax is not None:
                is_intel = syntax[1] == "intel"
            elif is_intel:
                lines[number] = _spelled(line)
    return "\n".join(lines)


def _spelled(line: str) -> str:
    """One line of Intel syntax, as long as it was."""
    if "FLAT:" in line.upper():
        line = _FLAT.sub(lambda found: "OFFSET" + " " * (len(found[0]) - len("OFFSET")), line)
    if "[" in line and (indirect := _INDIRECT.match(line)) is not None:
        return f"{indirect[1]} {indirect[2]} {indirect[3]}"
    # One column to the right behind the mnemonic, which no diagnostic of a line that is right has.
    return _WIDE_EXTENSION.sub(r"\1movsxd", line)

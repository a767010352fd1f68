"""Listings of IDA, Ghidra and radare2 (rizin), with bytes, written as objdump would, line n for line n.

What these tools write of operands is theirs (`cs:counter`, `EDI=>s_hi_0040084a`, `[local_14h]`), so nothing of it is taken but
names: where a branch or a distance leads is read from the bytes. Text in, text out; never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from irlens.asm.code_words import a64_page, a64_target, rip_field, x86_target

_IDA_PLACE = re.compile(r"(?P<section>[.\w]{1,40}):(?P<address>[0-9A-F]{8,16})(?=[ \t]|$)")
_IDA_BYTES = re.compile(r"[ \t]+(?P<code>[0-9A-F]{2}(?> [0-9A-F]{2})*)\+?(?=[ \t]|$)[ \t]*+(?P<text>[^\n]*)")
_IDA_BEGINS = re.compile(r"[ \t]+(?P<name>[^ \t;]+)[ \t]+proc (?:near|far)\b")
_GHIDRA = re.compile(
    r"[ \t]*(?:[.\w]{1,40}:{1,2})?(?P<address>[0-9a-f]{8,16})[ \t]+"
    r"(?P<code>[0-9a-f]{2}(?> [0-9a-f]{2})*)[ \t]+(?P<text>[^ \t].*)$"
)
_GHIDRA_MORE = re.compile(r"[ \t]{8,}(?P<code>[0-9a-f]{2}(?> [0-9a-f]{2})*)[ \t]*$")
_GHIDRA_BANNER = re.compile(r"[ \t]*\*[ \t]+(?:THUNK )?FUNCTION[ \t]+\*[ \t]*$")
_GHIDRA_NAME = re.compile(r"[ \t]{8,}(?P<name>[^ \t(*;]+)(?:[ \t]+XREF\[.*|[ \t]*)$")
_R2 = re.compile(
    r"[^0-9A-Za-z\n]*0x(?P<address>[0-9a-f]{6,16})[ \t]+(?P<code>[0-9a-f]{2,40})\.{0,2}[ \t]+(?P<text>[^ \t].*)$"
)
_R2_HEAD = re.compile(
    r"[^\w\n]*(?:\(fcn\)[ \t]+(?P<old>[^ \t]+)[ \t]+\d+[ \t]*$|\d+:[ \t]+(?P<new>[^ \t;\n][^;(\n]*)\()"
)
_LABEL_IN_OPERAND = re.compile(r"[ \t](?:short[ \t]+|near ptr[ \t]+)?(?P<name>[^ \t,]+)$")
_NAMED_DATA = re.compile(r"(?:\bcs:|\[(?:obj\.)?)(?P<name>[A-Za-z_][\w.]*)(?=\]|,|$)")
"""What stands for a place of data in an operand: IDA's `cs:counter`, Ghidra's `[counter]`, radare2's `[obj.counter]`."""
_MADE_UP = re.compile(
    r"(?:byte|word|dword|qword|xmmword|off|unk|asc|stru|flt|dbl|loc|sub|a[A-Z0-9])_?[0-9A-Z]|(?:DAT|PTR|LAB|FUN|s|u)_|str\.|fcn\.|0x"
)
"""Names that a tool made of an address or of what stands there."""
_ARM_REGISTERS = re.compile(r"\b(?:[xw](?:[0-9]|[12][0-9]|30)|[xw]zr)\b", re.IGNORECASE)
_X86_REGISTERS = re.compile(r"\b[re](?:[abcd]x|[sd]i|[sb]p)\b", re.IGNORECASE)
_WIDE_REGISTERS = re.compile(r"\br(?:[abcd]x|[sd]i|[sb]p|[89]|1[0-5])[bwd]?\b", re.IGNORECASE)
_ARM_CONDITION = re.compile(r"(cbn?z|tbn?z)[ \t]+(\w+)(?:[ \t]*,[ \t]*#?(\w+)(?=[ \t]*,))?", re.IGNORECASE)
_LONGEST_LINE = 1000
"""Characters. Longer ones are none of a tool's."""
_LEAST = 2
"""Lines with bytes that make a text a listing of one of these tools."""


@dataclass
class _Line:
    number: int
    address: int
    code: bytes
    text: str


@dataclass
class _Read:
    """`heads` are names by the number of the line that says them."""

    lines: list[_Line] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)


def is_of_windows(head: str) -> bool:
    """Whether a text that begins so shows addresses at which only Windows's programs and libraries for 64 bits lie. Functions
    are called differently there, and these tools do not say of which system a file is."""
    return _WINDOWS.search(head) is not None


def as_objdump(lines: Sequence[str]) -> list[str] | None:
    """The same number of lines, in objdump's form; None for what no such tool wrote with bytes."""
    lines = [line if len(line) <= _LONGEST_LINE and line.strip() else "" for line in lines]
    for read in (_ida, _ghidra, _radare):
        found = read(lines)
        if len(found.lines) >= _LEAST:
            return _written(found, len(lines))
    return None


def may_be(head: str) -> bool:
    """Whether a text that begins so may be one of them."""
    return _IDA_TEXT.search(head) is not None or _ANY.search(head) is not None


def is_without_bytes(text: str) -> bool:
    """Whether it is an IDA listing that shows no bytes."""
    return _IDA_TEXT.search(text[:200_000]) is not None


_IDA_TEXT = re.compile(
    r"^\.?\w{1,40}:[0-9A-F]{8,16}[ \t]+(?:\S+[ \t]+proc[ \t]+near|\S+[ \t]+endp|;|[a-z])", re.MULTILINE
)
_WINDOWS = re.compile(
    r"^(?:[^0-9A-Za-z\n]*0x|[ \t]*|[.\w]{1,40}:)0{0,7}1[48]0[0-9A-Fa-f]{6}[ \t]", re.MULTILINE
)
"""Linkers put programs at 0x140000000 and libraries at 0x180000000."""
_ANY = re.compile(
    r"^[^0-9A-Za-z\n]*0x[0-9a-f]{6,16}[ \t]+[0-9a-f]{2,40}\.{0,2}[ \t]+[a-z]"
    r"|^[ \t]*(?:[.\w]{1,40}:{1,2})?[0-9a-f]{8,16}[ \t]+[0-9a-f]{2}(?> [0-9a-f]{2})*[ \t]+[A-Za-z]"
    r"|^[.\w]{1,40}:[0-9A-F]{8,16}[ \t]+[0-9A-F]{2}[ +]",
    re.MULTILINE,
)


def _ida(lines: Sequence[str]) -> _Read:
    found = _Read()
    for number, line in enumerate(lines):
        place = _IDA_PLACE.match(line)
        if place is None:
            continue
        address, rest = int(place["address"], 16), line[place.end() :]
        if begins := _IDA_BEGINS.match(rest):
            found.heads[number] = begins["name"]
        elif match := _IDA_BYTES.match(rest):
            code, text = bytes.fromhex(match["code"]), match["text"].partition(";")[0].strip()
            last = found.lines[-1] if found.lines else None
            if last is not None and not text and address in (last.address, last.address + len(last.code)):
                last.code += code
            elif text and not text.endswith(":"):
                # In front of what is called through the linker's table IDA puts one underscore more.
                text = re.sub(r"(?i)^((?:call|jmp|bl?)[ \t]+)[_.](?=\w)", r"\1", text)
                found.lines.append(_Line(number, address, code, text))
    own = set(found.heads.values())
    for each in found.lines:
        each.text = re.sub(
            r"([ \t])(\w+)$", lambda m: f"{m[1]}_{m[2]}" if f"_{m[2]}" in own else m[0], each.text
        )
    return found


def _ghidra(lines: Sequence[str]) -> _Read:
    found = _Read()
    awaits_name = False
    for number, line in enumerate(lines):
        if _GHIDRA_BANNER.match(line):
            awaits_name = True
        elif match := _GHIDRA.match(line):
            if match["text"].startswith("??"):
                continue
            awaits_name = False
            text = re.split(r"[ \t]{3,}=|[ \t]{6,}", match["text"].partition("\t;")[0])
            word = text[0].split(None, 1)[0] if text[0].split() else ""
            operands = text[1] if len(text) > 1 and text[0] == word else text[0].removeprefix(word)
            found.lines.append(
                _Line(
                    number,
                    int(match["address"], 16),
                    bytes.fromhex(match["code"]),
                    f"{word} {operands.strip()}",
                )
            )
        elif (match := _GHIDRA_MORE.match(line)) and found.lines:
            found.lines[-1].code += bytes.fromhex(match["code"])
        elif awaits_name and (match := _GHIDRA_NAME.match(line)):
            found.heads[number] = match["name"]
            awaits_name = False
    return found


def _radare(lines: Sequence[str]) -> _Read:
    found = _Read()
    for number, line in enumerate(lines):
        if match := _R2.match(line):
            if len(match["code"]) % 2:
                continue
            text = match["text"].partition(" ;")[0].strip()
            found.lines.append(_Line(number, int(match["address"], 16), bytes.fromhex(match["code"]), text))
        elif (match := _R2_HEAD.match(line)) and (match["old"] or line.rstrip(" \t").endswith(");")):
            words = (match["old"] or match["new"]).split()
            if words and (name := _plain(words[-1].lstrip("*"))):
                found.heads[number] = name
    return found


def _written(read: _Read, count: int) -> list[str]:
    texts = "\n".join(each.text for each in read.lines[:2000])
    arm = (
        all(len(each.code) == 4 for each in read.lines)
        and _ARM_REGISTERS.search(texts) is not None
        and _X86_REGISTERS.search(texts) is None
    )
    write: Callable[[_Line], str] = _a64 if arm else _x86 if _WIDE_REGISTERS.search(texts) else _maybe_32_bits
    made = [""] * count
    for each in read.lines:
        if not each.text.strip():
            continue
        code = " ".join(f"{byte:02x}" for byte in each.code)
        made[each.number] = f"  {each.address:x}:\t{code}\t{write(each)}"
    heads = sorted(read.heads.items())
    at = 0
    for number, name in heads:
        while at < len(read.lines) and read.lines[at].number < number:
            at += 1
        if at < len(read.lines):
            made[number] = f"{read.lines[at].address:016x} <{name}>:"
    return made


def _x86(line: _Line) -> str:
    word = line.text.split(None, 1)[0].lower().replace("retn", "ret")
    target = x86_target(line.code, line.address)
    if target is not None:
        return f"{word} {target:x}{_named(line.text)}"
    at = rip_field(line.code)
    if at is None:
        return line.text.lower().replace("retn", "ret")
    distance = int.from_bytes(line.code[at : at + 4], "little", signed=True)
    place = line.address + len(line.code) + distance
    shown = f"{'-' if distance < 0 else '+'}{abs(distance):#x}"
    name = _NAMED_DATA.search(line.text)
    named = f" <{name['name']}>" if name and not _MADE_UP.match(name["name"]) else ""
    return f"{word} [rip{shown}]        # {place:x}{named}"


def _maybe_32_bits(line: _Line) -> str:
    """Where no register of 64 bits is in sight the same bytes may be an address: it is not said where they lead, so that
    the function is left out."""
    return _x86(line).partition("  # ")[0].rstrip()


def _a64(line: _Line) -> str:
    word = line.text.split(None, 1)[0].lower()
    number = int.from_bytes(line.code, "little")
    target = a64_target(number, line.address)
    if target is not None:
        condition = _ARM_CONDITION.match(line.text)
        if condition is None:
            return f"{word} {target:x}{_named(line.text)}"
        parts = [condition[2].lower(), *([f"#{condition[3]}"] if condition[3] else [])]
        return f"{word} {', '.join(parts)}, {target:x}"
    page = a64_page(number, line.address)
    if page is not None:
        return f"adrp x{number & 31}, {page:x}"
    return line.text.lower()


def _named(text: str) -> str:
    """The name that a branch shows, as objdump shows it; nothing where it shows none."""
    match = _LABEL_IN_OPERAND.search(text)
    name = _plain(match["name"]) if match else ""
    is_name = re.fullmatch(r"[A-Za-z_.$?@][\w.$?@:<>~]*", name) is not None
    return f" <{name}>" if is_name else ""


def _plain(name: str) -> str:
    """A tool's name of a function, as the program's."""
    for front in ("<EXTERNAL>::", "->", "sym.imp.", "sym.", "dbg."):
        name = name.removeprefix(front)
    return name

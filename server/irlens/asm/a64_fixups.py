"""AArch64 assembly taken apart for an assembler that can encode instructions but knows no symbols.

`take_apart` finds every instruction of a `.s`, puts a zero where it names a symbol, and says which relocation
of the AArch64 ELF ABI ("ELF for the Arm 64-bit Architecture", section 5.7) belongs there. `put_together` gives
the text back with numbers for instructions, each on its old line, for an assembler of any other architecture:
directives, labels and data need no AArch64.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from irlens.asm.outline import lines_of


@dataclass(frozen=True)
class Fixup:
    """An instruction's relocation: ELF type and the symbol expression, such as `table+8`."""

    type: int
    expression: str


@dataclass(frozen=True)
class Instruction:
    """One instruction: its line (from 0), its text without symbols, and what to fill in (None: nothing)."""

    line: int
    text: str
    fixup: Fixup | None


@dataclass(frozen=True)
class TakenApart:
    """`template` has one entry a line: literal text, or the index of an instruction, in order.
    `unreadable` are lines that need a real assembler (macros, conditions, literal pools), with what is there."""

    template: tuple[tuple[str | int, ...], ...]
    instructions: tuple[Instruction, ...]
    unreadable: tuple[tuple[int, str], ...]


class NotEncodable(ValueError):
    """An operand names a symbol in a way that is not known here."""


R_ABS64, R_ABS32, R_ABS16, R_PREL64, R_PREL32, R_PREL16 = 257, 258, 259, 260, 261, 262
R_JUMP26, R_CALL26, R_CONDBR19, R_TSTBR14, R_LD_PREL_LO19, R_ADR_PREL_LO21 = 282, 283, 280, 279, 273, 274
_ADRP = {"": 275, "got": 311, "gottprel": 541, "tlsdesc": 562}
_ADD = {"lo12": 277, "tprel_hi12": 549, "tprel_lo12": 550, "tprel_lo12_nc": 551, "tlsdesc_lo12": 564,
        "dtprel_hi12": 528, "dtprel_lo12": 529, "dtprel_lo12_nc": 530}  # fmt: skip
_LDST_LO12 = {8: 278, 16: 284, 32: 285, 64: 286, 128: 299}
_LD64 = {"got_lo12": 312, "gottprel_lo12": 542, "tlsdesc_lo12": 563}
_BRANCH = re.compile(
    r"b(?:\.?(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al|nv))?$|bl$|cbn?z$|tbn?z$", re.IGNORECASE
)
_NAME = r'(?:[A-Za-z_.$][\w.$]*|"[^"]*")'
_SYMBOL = re.compile(rf"({_NAME}(?:\s*[+-]\s*(?:0x[0-9a-fA-F]+|\d+))*|\d+[fb])\Z")
_MODIFIED = re.compile(rf"#?:(\w+):\s*({_NAME}(?:\s*[+-]\s*(?:0x[0-9a-fA-F]+|\d+))*)")
_SECTION = re.compile(r"(\.(?:text|data|bss|rodata)\b|\.(?:push)?section\s+\S+)")
_LABEL = re.compile(rf"\s*(?:{_NAME}|\d+)\s*:(?!:)")
_COMMENT = re.compile(
    r'(?P<kept>"(?>(?:[^"\\]|\\.?)*)(?:"|\Z))|/\*.*?(?:\*/|(?P<open>\Z))|//.*|^\s*#.*', re.DOTALL
)
"""In one line. A string or a comment without its end takes the rest of the line, so that nothing is tried twice."""
_RENAMED = {".word": ".long", ".xword": ".quad", ".dword": ".quad", ".hword": ".short", ".inst": ".long"}
"""Directives that have another width, or no meaning, elsewhere."""
_DROPPED = (".cfi_", ".arch", ".cpu", ".loc", ".file", ".variant_pcs", ".tlsdesccall", ".ident", ".addrsig")
_TOO_MUCH = (".macro", ".rept", ".irp", ".if", ".else", ".endif", ".include", ".incbin", ".ltorg", ".pool", ".req")  # fmt: skip
_NOP = 0xD503201F
_REGISTER_BITS = {"w": 32, "x": 64, "b": 8, "h": 16, "s": 32, "d": 64, "q": 128}


def _without_comment(match: re.Match[str]) -> str:
    return " " if match["kept"] is None and match["open"] is None else match[0]


def take_apart(text: str) -> TakenApart:
    """Split into instructions and the rest. Never raises: what cannot be read is in `unreadable`."""
    template: list[tuple[str | int, ...]] = []
    instructions: list[Instruction] = []
    unreadable: list[tuple[int, str]] = []
    in_code = True
    for number, line in enumerate(lines_of(text)):
        parts: list[str | int] = []
        for statement in _statements(_COMMENT.sub(_without_comment, line)):
            while (label := _LABEL.match(statement)) is not None:
                parts.append(label[0].strip())
                statement = statement[label.end() :]
            statement = statement.strip()
            if not statement:
                continue
            if statement.startswith(".") or re.match(rf"{_NAME}\s*=", statement):
                word = statement.split(None, 1)[0].lower()
                if word.startswith(_TOO_MUCH):
                    unreadable.append((number, word))
                section = _SECTION.match(statement)
                in_code = ".text" in section[1] if section else in_code
                parts.append(_directive(statement, in_code))
                continue
            try:
                instruction = _instruction(number, statement)
            except NotEncodable as error:
                unreadable.append((number, str(error)))
                continue
            parts.append(len(instructions))
            instructions.append(instruction)
        template.append(tuple(parts))
    return TakenApart(tuple(template), tuple(instructions), tuple(unreadable))


def put_together(taken: TakenApart, words: Sequence[int], marker: str) -> str:
    """The text with `words[i]` (32-bit encodings) for the instructions. Where one has a fixup, the label
    `MARKER<index>` stands before it, and so do all lines keep their number."""
    lines = []
    for parts in taken.template:
        written = []
        for part in parts:
            if isinstance(part, str):
                written.append(part if part.endswith(":") else f" {part};")
            else:
                label = f"{marker}{part}: " if taken.instructions[part].fixup else ""
                written.append(f"{label} .long {words[part]:#x};")
        lines.append(" ".join(written))
    return "\n".join(lines) + "\n"


def _directive(statement: str, in_code: bool) -> str:
    word, rest = [*statement.split(None, 1), ""][:2]
    lowered = word.lower()
    if lowered.startswith(_DROPPED):
        return ""
    if lowered in (".p2align", ".align", ".balign") and in_code:
        # Padding may run: it must be instructions of this architecture.
        amount, _, most = [*(part.strip() for part in rest.split(",")), "", ""][:3]
        skip = f", {most}" if most else ""
        return f"{'.balignl' if lowered == '.balign' else '.p2alignl'} {amount}, {_NOP:#x}{skip}"
    if lowered == ".align":
        return f".p2align {rest}"  # a power of two on AArch64, bytes elsewhere
    return f"{_RENAMED.get(lowered, word)} {rest}".strip()


def _instruction(line: int, statement: str) -> Instruction:
    mnemonic, _, rest = statement.replace("\t", " ").partition(" ")
    lowered = mnemonic.lower()
    operands = rest.strip()
    modified = _MODIFIED.search(operands)
    if lowered == "adrp":
        register, _, target = operands.partition(",")
        kind, expression = (modified[1].lower(), modified[2]) if modified else ("", target.strip())
        if kind not in _ADRP:
            raise NotEncodable(f":{kind}:")
        return _with(line, f"adrp {register}, #0", _ADRP[kind], expression)
    if modified is not None:
        bare = operands[: modified.start()] + "#0" + operands[modified.end() :]
        fixup = _modifier(lowered, operands, modified[1].lower())
        return _with(line, f"{mnemonic} {bare}", fixup, modified[2])
    head, _, last = operands.rpartition(",")
    last = last.strip()
    if _BRANCH.match(lowered) and _SYMBOL.match(last):
        kind = R_CONDBR19
        if lowered in ("b", "bl"):
            kind = R_JUMP26 if lowered == "b" else R_CALL26
        elif lowered.startswith("tb"):
            kind = R_TSTBR14
        spelled = re.sub(r"^b\.?(?=..$)", "b.", lowered)
        return _with(line, f"{spelled} {head + ', ' if head else ''}#0", kind, last)
    if lowered in ("adr", "ldr", "ldrsw") and _SYMBOL.match(last) and not _is_register(last):
        kind = R_ADR_PREL_LO21 if lowered == "adr" else R_LD_PREL_LO19
        return _with(line, f"{mnemonic} {head}, #0", kind, last)
    if last.startswith("="):
        raise NotEncodable("a literal pool")
    return Instruction(line, statement, None)


def _with(line: int, text: str, type_: int, expression: str) -> Instruction:
    return Instruction(line, text, Fixup(type_, re.sub(r"\s+", "", expression)))


def _is_register(word: str) -> bool:
    return re.fullmatch(r"[wxbhsdqv]\d+(?:\.\w+)?|sp|wsp|xzr|wzr|lr|fp", word, re.IGNORECASE) is not None


def _modifier(mnemonic: str, operands: str, modifier: str) -> int:
    if mnemonic in ("add", "adds") and modifier in _ADD:
        return _ADD[modifier]
    if not mnemonic.startswith(("ld", "st", "prfm")):
        raise NotEncodable(f":{modifier}: of {mnemonic}")
    if modifier in _LD64:
        return _LD64[modifier]
    if modifier != "lo12":
        raise NotEncodable(f":{modifier}: of {mnemonic}")
    ending = re.search(r"(b|h|sw)$", mnemonic.removeprefix("ld").removeprefix("st"))
    if mnemonic.startswith("prfm"):
        bits = 64
    elif ending:
        bits = {"b": 8, "h": 16, "sw": 32}[ending[1]]
    else:
        bits = _REGISTER_BITS.get(operands.strip()[:1].lower(), 0)
    if bits not in _LDST_LO12:
        raise NotEncodable(f":lo12: of {mnemonic} {operands}")
    return _LDST_LO12[bits]


def _statements(line: str) -> list[str]:
    if ";" not in line:
        return [line]
    return re.findall(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+', line) or [line]

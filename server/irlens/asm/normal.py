"""The normal form of one function's assembly: what the machine is told, and nothing of how it is written.

Out go comments, directives, spacing, label names, alignment; labels become `L1`, `L2` and symbols `@1`, `@2`
in order of first appearance; numbers are decimal and signed. What the symbols stand for is listed behind the
code, as it has meaning: the name of a global, the bytes of data that only this file can see:

    movsd @1 (%rip) %xmm1         from  movsd .LCPI0_0(%rip), %xmm1
    jmp @2@PLT                          jmp   scale@PLT                # TAILCALL
    @1 = 400c000000000000
    @2 = scale

Two functions whose normal forms are equal are the same code. GNU syntax, as clang and gcc print it; x86-64 in AT&T
order, and AArch64.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, wraps

from irlens.asm.comments import without_comment_a64, without_comment_x86
from irlens.asm.data import LocalData, read_data
from irlens.asm.outline import LABEL, function_named, functions, lines_of
from irlens.asm.readable import readable
from irlens.asm.symbols import QUOTED_NAME, Format, format_of_triple, is_local, unquoted
from irlens.errors import UnusableInput


@dataclass(frozen=True)
class AsmSymbol:
    """What one `@k` stands for. `local`: the code addresses it without the detours (PLT, GOT) for symbols of
    other objects. `data` is set for labels that only this file can see."""

    name: str
    local: bool
    data: LocalData | None = None


@dataclass(frozen=True)
class NormalAsm:
    """`text` is one line an instruction or label, then one line a symbol. `symbols[k - 1]` is `@k`.

    `places` are the lines of the file, from 0, that the lines of code stand on."""

    text: str
    symbols: tuple[AsmSymbol, ...]
    places: tuple[int, ...] = field(default=(), compare=False)

    @property
    def code(self) -> tuple[str, ...]:
        """The lines of code alone."""
        return tuple(line for line in self.text.splitlines() if not re.match(r"@\d+ = ", line))

    @property
    def symbol_numbers(self) -> dict[str, int]:
        return {symbol.name: number for number, symbol in enumerate(self.symbols, 1)}


_NAME = rf"(?:[^\x00-#%-\-/-@\[-^`{{-\x7f][\w.$]*|{QUOTED_NAME})"
_LABEL = re.compile(rf"[ \t]*({_NAME}|\d+)[ \t]*:(?!:)")
_A64_REGISTER = re.compile(
    r"(?:[wxbhsdqvzp](?:\d|[12]\d|3[01])|[wx]zr|w?sp|lr|fp|ip[01]|[nN]zcv)(?:\.\w+)?$", re.IGNORECASE
)
_A64_KEYWORDS = frozenset(
    [
        "lsl",
        "lsr",
        "asr",
        "ror",
        "msl",
        "uxtb",
        "uxth",
        "uxtw",
        "uxtx",
        "sxtb",
        "sxth",
        "sxtw",
        "sxtx",
        "eq",
        "ne",
        "cs",
        "hs",
        "cc",
        "lo",
        "mi",
        "pl",
        "vs",
        "vc",
        "hi",
        "ls",
        "ge",
        "lt",
        "gt",
        "le",
        "al",
        "nv",
        "fpcr",
        "fpsr",
        "tpidr_el0",
        "tpidrro_el0",
        "ctr_el0",
        "dczid_el0",
        "cntvct_el0",
        "ish",
        "sy",
        "ishld",
        "ishst",
        "ld",
        "st",
        "osh",
        "nsh",
        "c",
        "j",
        "jc",
        "pldl1keep",
        "pldl1strm",
        "pldl2keep",
        "pldl3keep",
        "pstl1keep",
        "pstl1strm",
    ]
)
_X86_FULL = {"ret": "retq", "call": "callq", "push": "pushq", "pop": "popq", "leave": "leaveq"}
_X86_PREFIXES = frozenset(["rep", "repe", "repz", "repne", "repnz", "lock", "notrack", "data16", "bnd"])


MOST_SYMBOLS = 4096
"""Symbols that one function may name. Code that people compile names hundreds."""

_MOST_KEPT, _LONGEST_KEPT = 32, 1 << 20
"""Normal forms that are kept, and the characters of the texts that they are of."""


class IntelSyntax(UnusableInput):
    """The function is there, in a form that has no normal form: Intel syntax, or a listing. It can still be assembled,
    or was. `what` names the form."""

    def __init__(self, message: str, what: str) -> None:
        super().__init__(message)
        self.what = what


def _kept(read: Callable[[str, str, str], NormalAsm]) -> Callable[[str, str, str], NormalAsm]:
    """Keeps the last answers for texts of no great length: a lift asks for its original's normal form a dozen times."""
    kept = lru_cache(maxsize=_MOST_KEPT)(read)

    @wraps(read)
    def reading(text: str, function: str, triple: str) -> NormalAsm:
        return (kept if len(text) <= _LONGEST_KEPT else read)(text, function, triple)

    return reading


@_kept
def normalise(text: str, function: str, triple: str) -> NormalAsm:
    """The normal form of `function` as `triple`'s assembler would read it.

    Raises `IntelSyntax` for x86-64 in that syntax, and `UnusableInput` where the function is not there, has no
    instruction, or is not in GNU syntax for x86-64 (AT&T) or AArch64.
    """
    arm = triple.startswith(("aarch64", "arm64"))
    if not arm and not triple.startswith(("x86_64", "amd64")):
        raise UnusableInput(f"Assembly for {triple} cannot be read. Give x86-64 or AArch64.")
    found = function_named(text, function)
    form = readable(text)
    if function in form.refused:
        raise UnusableInput(f"{function} of this listing cannot be taken. {form.refused[function]}")
    if form.is_listing:
        raise IntelSyntax(
            "A listing is not read by the model and not compared with a recompilation. Give what the compiler prints "
            "with -S.",
            "listings",
        )
    text = form.text
    lines = lines_of(text)
    if found is None:
        names = ", ".join(each.name for each in functions(text)[:8]) or "none"
        raise UnusableInput(f"The file has no function {function}. Choose one of: {names}.")
    if not arm and re.search(r"^[ \t]*\.intel_syntax\b", text, re.MULTILINE):
        raise IntelSyntax(
            "The file is in Intel syntax, which the model and the recompilation do not read. "
            "Give AT&T syntax (gcc -S -masm=att).",
            "Intel syntax",
        )
    writer = _Writer(text, arm, format_of_triple(triple))
    label = LABEL.match(lines[found.start_line])
    first = lines[found.start_line][label.end() :] if label else ""
    for number, line in enumerate(
        [first, *lines[found.start_line + 1 : found.end_line + 1]], found.start_line
    ):
        writer.line(line, number)
    if not any(not line.endswith(":") for line in writer.code):
        raise UnusableInput(f"The function {function} has no instruction. Choose another one.")
    return writer.finish()


class _Writer:
    """The state of one normalisation: numbers given so far."""

    def __init__(self, text: str, arm: bool, format_: Format) -> None:
        self._text = text
        self._format = format_
        self._arm = arm
        self._bare = without_comment_a64 if arm else without_comment_x86
        self._labels: dict[str, str] = {}
        self._defined: set[str] = set()
        self._names: dict[str, int] = {}
        """Numbers of the symbols, from 1."""
        self._far: set[str] = set()
        self._near: set[str] = set()
        self.code: list[str] = []
        self._places: list[int] = []

    def line(self, line: str, number: int) -> None:
        """The line of that number in the file."""
        for statement in _statements(self._bare(line)):
            at = 0
            while label := _LABEL.match(statement, at):
                self._defined.add(label[1])
                self.code.append(f"{label[1]}:")
                at = label.end()
            statement = statement[at:].strip()
            if statement and not statement.startswith("."):
                self.code.append(statement)
        self._places += [number] * (len(self.code) - len(self._places))

    def finish(self) -> NormalAsm:
        written: list[str] = []
        for item in self.code:
            if item.endswith(":") and item[:-1] in self._defined:
                written.append(item)
            else:
                written.append(self._instruction(item))
        # Labels are numbered where they first appear, and one that nothing names is left out.
        used = {match[0] for line in written for match in re.finditer(r"\x00[^\x00]*\x00", line)}
        tables = self._tables(used)
        numbers: dict[str, str] = {}

        def number(match: re.Match[str]) -> str:
            return numbers.setdefault(match[0], f"L{len(numbers) + 1}")

        lines, places = [], []
        for line, place in zip(written, self._places, strict=True):
            if line.endswith(":"):
                mark = f"\x00{line[:-1]}\x00"
                if mark not in used:
                    continue
                line = f"{mark}:"
            places.append(place)
            lines.append(re.sub(r"\x00[^\x00]*\x00", number, line))
        symbols = []
        for name, index in self._names.items():
            data = tables.get(name)
            shown = unquoted(name)
            if data is not None:
                shown = re.sub(r"\x00[^\x00]*\x00", number, data.text) or "local"
                # A jump table counts from itself, under a name that says which function of the file it belongs to.
                if name in shown:
                    shown = re.sub(rf"(?<![\w.$]){re.escape(name)}(?![\w$])", f"@{index}", shown)
            lines.append(f"@{index} = {shown}")
            local = data is not None or (name in self._near and name not in self._far)
            symbols.append(AsmSymbol(unquoted(name), local, data))
        return NormalAsm("\n".join(lines), tuple(symbols), tuple(places))

    def _tables(self, used: set[str]) -> dict[str, LocalData]:
        """Data behind the local labels that the code names; labels that jump tables name count as used."""
        found = {}
        for name in self._names:
            if is_local(unquoted(name), self._format):
                data = read_data(self._text, name, self._bare, self._defined)
                used.update(re.findall(r"\x00[^\x00]*\x00", data.text))
                found[name] = data
        return found

    def _symbol(self, name: str, offset: str, detour: str) -> str:
        if name in self._defined:
            return f"\x00{name}\x00"
        number = self._names.get(name)
        if number is None:
            if len(self._names) >= MOST_SYMBOLS:
                raise UnusableInput(
                    f"The function names more than {MOST_SYMBOLS:,} symbols, which is more than irlens compares. "
                    "Choose a smaller function."
                )
            number = self._names[name] = len(self._names) + 1
        return f"@{number}{offset}{detour}"

    def _instruction(self, statement: str) -> str:
        mnemonic, _, rest = statement.replace("\t", " ").partition(" ")
        words = [mnemonic.lower()]
        rest = rest.strip()
        while not self._arm and words[-1] in _X86_PREFIXES and rest:
            mnemonic, _, rest = rest.partition(" ")
            words.append(mnemonic.lower())
            rest = rest.strip()
        if self._arm:
            return " ".join([*words, *self._arm_operands(words[0], rest)])
        words[-1] = _X86_FULL.get(words[-1], words[-1])
        return " ".join([*words, *(self._x86_operand(words[-1], part) for part in _split(rest))])

    # --- x86-64 ------------------------------------------------------------------------------------

    def _x86_operand(self, mnemonic: str, operand: str) -> str:
        jumps = mnemonic.startswith(("j", "call", "loop"))
        star = operand.startswith("*")
        body = operand[1:] if star else operand
        literal = re.fullmatch(r"\$(-?(?:0x[0-9a-fA-F]+|\d+))", body)
        if literal:
            return f"${_signed(_integer(literal[1]), 64)}"
        symbol = re.match(rf"(\$)?({_NAME})(@[A-Za-z_0-9]+)?([+-](?:0x[0-9a-fA-F]+|\d+))?(?![\w$])", body)
        if symbol and symbol[2] != "$" and not body.startswith("%"):
            offset = f"{_integer(symbol[4]):+d}" if symbol[4] else ""
            detour = symbol[3] or ""
            if detour:
                self._far.add(symbol[2])
            else:
                self._near.add(symbol[2])
            word = (symbol[1] or "") + self._symbol(symbol[2], offset, detour)
            rest = body[symbol.end() :]
        else:
            word, rest = "", body
        backward = re.fullmatch(r"(\d+)([fb])", body) if jumps else None
        if backward:
            return f"\x00{backward[1]}\x00"
        number = re.match(r"(\$?)(-?(?:0x[0-9a-fA-F]+|\d+))(?=\(|$)", rest)
        if number and not word:
            word = f"{number[1]}{_signed(_integer(number[2]), 64)}"
            rest = rest[number.end() :]
        inner = re.sub(r"\s+", "", rest)
        inner = re.sub(r",1\)$", ")", inner)
        if word and inner.startswith("("):
            inner = " " + inner
        return ("*" if star else "") + word + inner

    # --- AArch64 -----------------------------------------------------------------------------------

    def _arm_operands(self, mnemonic: str, rest: str) -> list[str]:
        words = []
        narrow = re.match(r"w(?:\d|zr|sp)", rest) is not None
        for part in _split(rest):
            pre = "!" if part.endswith("!") else ""
            body = part.rstrip("!")
            if pre and body.endswith("]"):
                body = body[:-1]
            bracket = "[" if body.startswith("[") else ""
            body = body.lstrip("[")
            alone = bracket and body.endswith("]")
            body = body.rstrip("]").strip()
            for index, piece in enumerate(body.split()):
                word = self._arm_word(mnemonic, piece, narrow)
                words.append((bracket if index == 0 else "") + word)
            if alone:
                words[-1] += "]"
            if pre:
                words.append("!")
        if mnemonic == "mov" and len(words) == 2 and _WIDE.match(words[0]) and _FITS.match(words[1]):
            # A number into w is the same number in x, its upper half nought. LLVM 19 writes the one at -O0 where LLVM 22
            # has the other.
            number = int(words[1])
            return [f"w{words[0][1:]}", str(_signed(number, 32))] if number < 1 << 32 else words
        return words

    def _arm_word(self, mnemonic: str, piece: str, narrow: bool) -> str:
        if _A64_REGISTER.match(piece) or piece.lower() in _A64_KEYWORDS or piece.startswith("{"):
            return piece.lower()
        number = re.fullmatch(r"#?(-?(?:0x[0-9a-fA-F]+|\d+))", piece)
        if number:
            return str(_signed(_integer(number[1]), 32 if narrow else 64))
        if re.fullmatch(r"#-?\d+\.\d+(?:e[+-]?\d+)?", piece):
            return repr(float(piece[1:]))
        match = re.fullmatch(rf"#?(:\w+:)?({_NAME})([+-](?:0x[0-9a-fA-F]+|\d+))?", piece)
        if match:
            relocation, name = match[1] or "", match[2]
            if "got" in relocation:
                self._far.add(name)
            elif not mnemonic.startswith("b"):
                self._near.add(name)
            offset = f"{_integer(match[3]):+d}" if match[3] else ""
            return relocation + self._symbol(name, offset, "")
        backward = re.fullmatch(r"(\d+)([fb])", piece)
        if backward:
            return f"\x00{backward[1]}\x00"
        return re.sub(r"\s+", "", piece)


_WIDE = re.compile(r"x\d+$")
_FITS = re.compile(r"\d+$")


def _statements(line: str) -> list[str]:
    """Statements of a line: `;` separates them, save in a string."""
    if ";" not in line:
        return [line]
    parts = re.findall(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+', line)
    return parts or [line]


def _split(text: str) -> list[str]:
    """Operands: split at commas outside parentheses, braces and strings. Brackets do not hold: `[x0, x1]` is
    two parts, as the words of an address are."""
    parts, depth, current = [], 0, ""
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        if not quoted:
            depth += character in "({"
            depth -= character in ")}"
            if character == "," and depth <= 0:
                parts.append(current.strip())
                current = ""
                continue
        current += character
    parts.append(current.strip())
    return [part for part in parts if part]


def _integer(text: str) -> int:
    """Decimal, hexadecimal, or octal with a leading zero, as GNU as reads it."""
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
    if digits.lower().startswith("0x"):
        return sign * int(digits, 16)
    if len(digits) > 1 and digits[0] == "0" and re.fullmatch(r"[0-7]+", digits):
        return sign * int(digits, 8)
    return sign * int(digits)


def _signed(value: int, bits: int) -> int:
    """`value` as a signed number of `bits` where it is an unsigned one of that width."""
    return value - (1 << bits) if 1 << (bits - 1) <= value < 1 << bits else value

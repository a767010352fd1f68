"""macOS assembly (Mach-O) as ELF assembly of the same machine, line by line: line n of the result is line n of the text.

Only what is understood is rewritten: a directive, section or name that is not known refuses the text by name, and an
instruction that is not costs its function alone (see `unread_lines`). What remains different from Linux is the calling
convention, which no assembler knows of: whoever runs or lifts the result is told by its triple, `...-apple-macosx-elf`.
Sources: Apple, "Mac OS X Assembler Reference" and "Writing ARM64 Code for Apple Platforms"; LLVM's DarwinAsmParser and
AArch64MCExpr (`@PAGE` and the like).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from irlens.asm import macho_directives as directives
from irlens.asm.macho_directives import NotKnown
from irlens.asm.macos_target import in_elf, is_in_elf
from irlens.asm.symbols import format_of_triple, is_local, quoted, unquoted
from irlens.errors import UnusableInput

_MARK = "not lifted: "
_COMMENTS = {
    "aarch64": re.compile(
        r'("(?>(?:[^"\\\n]|\\.)*)(?P<quote>"?))|/\*.*?(?P<end>\*/|\Z)|//[^\n]*|;[^\n]*|^[ \t]*#[^\n]*',
        re.DOTALL | re.MULTILINE,
    ),
    "x86_64": re.compile(
        r'("(?>(?:[^"\\\n]|\\.)*)(?P<quote>"?))|/\*.*?(?P<end>\*/|\Z)|#[^\n]*', re.DOTALL | re.MULTILINE
    ),
}
_LABEL = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z_.$?][\w.$?@]*|\d+)\s*:')
_TOKEN = re.compile(
    r"(?P<skip>%\w+|\{[^{}]*+\}|[\d.]*\d[\w.]*)"
    r'|(?P<name>"(?>(?:[^"\\]|\\.)*)"?|[A-Za-z_.?][\w.$?]*)(?:(?P<first>[+-]\d+)?@(?P<kind>\w+)(?P<second>[+-]\d+)?)?'
)
_SPLIT = re.compile(r'(?:[^;"]|"(?>(?:[^"\\]|\\.)*)"?)+')
_PAGES = {"PAGE": "", "PAGEOFF": ":lo12:", "GOTPAGE": ":got:", "GOTPAGEOFF": ":got_lo12:"}
_CALL = re.compile(r"(?:bl|callq?)\s+(\S+)\s*$")
_JUMPS = re.compile(r"(?:b(?:\.?\w\w)?|cbn?z|tbn?z|j\w++)\Z")
_PLACE = re.compile(r"[A-Za-z_.$?\"][\w.$?]*+\Z")
_TAKES_SYMBOL = re.compile(r"(?:b(?:\.?\w\w)?|bl|cbn?z|tbn?z|adrp?|ldr(?:sw)?|prfm)\s")
_NOT_A_NAME = re.compile(
    r"(?:[wxbhsdqvz]\d+(?:\.\w+)?|w?sp|[wx]zr|lr|fp|[lar]s[lr]|ror|msl|[us]xt[bhwx]"
    r"|eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al|nv)\Z",
    re.IGNORECASE,
)
"""What an AArch64 assembler reads as a register, a shift, an extension or a condition."""
_BARE = re.compile(r"[A-Za-z_.$?][\w.$?]*\Z")
_MOST_PREFIXES = 15
"""Bytes of the longest x86 instruction."""
_PREFIXES = frozenset("rep repe repz repne repnz lock notrack bnd data16 cs ds es fs gs ss".split())
_FOREIGN = re.compile(r"_(?:objc_|swift_|_?\$[sSe]|OBJC_|_tlv_)")
"""Names of calls whose convention is not C's, or that say what runs only at run time."""
_C_NAME = re.compile(r"_(?!\.L|\$[xdat](?:\.|\Z))[\w.$?]+\Z")
_TRAP = {"aarch64": "udf #0 //", "x86_64": "ud2 #"}
_MARKED = re.compile(rf".*(?:udf #0 //|ud2 #) {_MARK}(.*)$", re.DOTALL)
_DIGIT = re.compile(r"-(?:macosx?|darwin|ios|tvos|watchos|xros)\d")


def as_elf(text: str, triple: str) -> tuple[str, str]:
    """The text and its triple as what is assembled, lifted and run: as they are, but for Mach-O. Functions lose the `_`
    that a C compiler puts in front there. Raises `UnusableInput` with what is not known, and its line."""
    if format_of_triple(triple) != "macho":
        return text, triple
    made = in_elf(_with_version(text, triple))
    if not is_in_elf(made):
        raise UnusableInput(
            f"Mach-O assembly for {triple} is not lifted or run. Give it for arm64-apple-macosx or x86_64-apple-macosx."
        )
    return _rewritten(text, "x86_64" if made.startswith("x86_64") else "aarch64"), made


def c_name(name: str, triple: str) -> str:
    """A function of Mach-O as C and LLVM IR call it; for every other triple the name itself."""
    return name[1:] if format_of_triple(triple) == "macho" and len(name) > 1 and name[0] == "_" else name


def unread_lines(text: str) -> dict[int, str]:
    """By number from 0, the lines of a rewritten text in whose place a trap stands, and why."""
    return {
        number: found[1] for number, line in enumerate(text.split("\n")) if (found := _MARKED.match(line))
    }


def _with_version(text: str, triple: str) -> str:
    version = directives.BUILD_VERSION.search(text)
    if version is None or _DIGIT.search(triple):
        return triple
    platform = directives.PLATFORMS.get(version[1].lower())
    return f"{triple.split('-')[0]}-apple-{platform}{version[2]}.{version[3]}" if platform else triple


@lru_cache(maxsize=4)
def _rewritten(text: str, machine: str) -> str:
    return _Rewriter(text, machine).text()


@dataclass
class _Line:
    labels: list[str]
    statements: list[str]


@dataclass
class _Rewriter:
    source: str
    machine: str
    _lines: list[_Line] = field(default_factory=list)
    _defined: set[str] = field(default_factory=set)
    _meant: dict[str, str] = field(default_factory=dict)
    """By ELF name, the Mach-O name."""

    def text(self) -> str:
        self._read()
        declared = directives.declared(statement for line in self._lines for statement in line.statements)
        entered = self._entered(declared.outside)
        layout = directives.Layout(declared, self._expression)
        written: list[str] = []
        functions: list[str] = []
        for number, line in enumerate(self._lines):
            try:
                written.append(self._line(line, layout, entered, functions))
            except NotKnown as unknown:
                raise UnusableInput(f"macOS assembly, line {number + 1}: {unknown}.") from None
        types = [f"\t.type\t{name},%function" for name in dict.fromkeys(functions)]
        return "\n".join([*written, *types, ""])

    def _read(self) -> None:
        def gone(found: re.Match[str]) -> str:
            if found["quote"] == "" or found["end"] == "":
                what = "string" if found[1] else "comment"
                number = self.source.count("\n", 0, found.start()) + 1
                raise UnusableInput(f"macOS assembly, line {number}: nothing closes this {what}. Close it.")
            return found[1] or "\n" * found[0].count("\n") or " "

        for number, line in enumerate(_COMMENTS[self.machine].sub(gone, self.source).split("\n")):
            # To an assembler a carriage return ends a line.
            if "%%" in line or "\0" in line or "\r" in line[:-1]:
                what = "`%%`" if "%%" in line else "a control character"
                raise UnusableInput(
                    f"macOS assembly, line {number + 1}: {what} is not read. Give one statement a line."
                )
            parts = _SPLIT.findall(line) if self.machine == "x86_64" else [line]
            read = _Line([], [])
            for part in parts:
                at = 0
                while (label := _LABEL.match(part, at)) is not None:
                    if read.statements:
                        raise UnusableInput(
                            f"macOS assembly, line {number + 1}: a label behind a statement is not read."
                        )
                    read.labels.append(unquoted(label[1]))
                    at = label.end()
                part = part[at:]
                if part.strip():
                    read.statements.append(" ".join(part.split()) if '"' not in part else part.strip())
            self._defined.update(read.labels)
            self._lines.append(read)

    def _entered(self, outside: set[str]) -> Callable[[str], bool]:
        """Whether a label of code begins a function: it is called or seen from outside, or nothing jumps to it."""
        called: set[str] = set()
        jumped: set[str] = set()
        for line in self._lines:
            for statement in line.statements:
                if match := _CALL.match(statement):
                    called.add(unquoted(match[1]))
                    continue
                words = statement.replace(",", " ").split()
                if words[1:] and _JUMPS.match(words[0]) and _PLACE.match(words[-1]):
                    jumped.add(unquoted(words[-1]))
        return lambda name: name[0] == "_" and (name in outside or name in called or name not in jumped)

    def _line(
        self, line: _Line, layout: directives.Layout, entered: Callable[[str], bool], functions: list[str]
    ) -> str:
        written = []
        for name in line.labels:
            spelled = name if name.isdigit() else self._symbol(name)
            written.append(f"{spelled}:")
            if name.isdigit() or is_local(name, "macho") or not layout.in_code:
                continue
            if entered(name) and not any(map(directives.is_data, line.statements)):
                layout.open = spelled
                functions.append(spelled)
        for statement in line.statements:
            if statement.startswith(".") or re.match(r"[\w.$]+\s*=", statement):
                written.append(layout.directive(statement))
            elif not layout.in_code:
                raise NotKnown(f"`{statement.split()[0]}` stands in a section of data")
            else:
                written.append(self._instruction(statement))
        return (
            "\t" + "; ".join(each for each in written if each)
            if line.statements and not line.labels
            else " ".join(written)
        )

    def _symbol(self, name: str) -> str:
        """A name as ELF has it. Raises `NotKnown`."""
        name = unquoted(name)
        if is_local(name, "macho"):
            made = f".{'L' * (name[0] == 'l')}{name}"
        elif _FOREIGN.match(name) or name.startswith(("-[", "+[")):
            raise NotKnown(
                f"{name} is of Objective-C, Swift, blocks or thread-local storage, which are not lifted"
            )
        elif _C_NAME.match(name):
            made = name[1:]
        elif name in self._defined:
            made = name
        else:
            raise NotKnown(f"{name} has no _ in front, so that no function of C has this name")
        if self._meant.setdefault(made, name) != name:
            raise UnusableInput(
                f"The names {name} and {self._meant[made]} of this macOS assembly would become one."
            )
        # In quotes it is no register.
        return f'"{made}"' if self.machine == "aarch64" and _NOT_A_NAME.match(made) else quoted(made)

    def _expression(self, text: str) -> str:
        """Data or a number, with names as ELF has them. Raises `NotKnown`."""

        def put(found: re.Match[str]) -> str:
            if found["name"] is None or found["name"] == ".":
                return found[0]
            if found["kind"]:
                raise NotKnown(f"`{found[0]}` in data is not known")
            return self._symbol(found["name"])

        return _TOKEN.sub(put, text)

    def _instruction(self, statement: str) -> str:
        try:
            return self._operands(statement)
        except NotKnown as unknown:
            return f"{_TRAP[self.machine]} {_MARK}`{statement}`: {unknown}"

    def _operands(self, statement: str) -> str:
        mnemonic, operands = [*statement.split(None, 1), ""][:2]
        if self.machine == "x86_64":
            last = mnemonic
            for _ in range(_MOST_PREFIXES):
                if last not in _PREFIXES or not operands:
                    break
                last, _, operands = operands.partition(" ")
                mnemonic = f"{mnemonic} {last}"
        elif "=" in operands:
            raise NotKnown("a literal pool is not read")

        def put(found: re.Match[str]) -> str:
            name, kind = found["name"], found["kind"]
            if name is None:
                return found[0]
            if kind:
                return self._referred(name, kind, (found["first"] or "") + (found["second"] or ""))
            plain = unquoted(name)
            if name[0] in '_"' or is_local(plain, "macho") or plain in self._defined:
                return self._symbol(name)
            if self.machine == "x86_64":
                return self._symbol(name)  # registers have a %
            return found[0]

        made = _TOKEN.sub(put, operands)
        if self.machine == "aarch64" and _TAKES_SYMBOL.match(statement):
            last = operands.rpartition(",")[2].strip()
            if _BARE.match(last) and not _NOT_A_NAME.match(last):
                self._symbol(last)
        return f"{mnemonic} {made}".rstrip()

    def _referred(self, name: str, kind: str, addend: str) -> str:
        if kind.upper().startswith("TLV"):
            raise NotKnown("a thread-local variable of macOS is not lifted")
        if self.machine == "x86_64":
            if kind.upper() != "GOTPCREL" or addend:
                raise NotKnown(f"@{kind} is not known")
            return f"{self._symbol(name)}@GOTPCREL"
        operator = _PAGES.get(kind.upper())
        if operator is None or (addend and "got" in operator):
            raise NotKnown(f"@{kind} is not known")
        return f"{operator}{self._symbol(name)}{addend}"

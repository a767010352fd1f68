"""How much an assembly text grows to when macros, repetitions and fills are done: looked at before an assembler does them,
which would take its memory and its time for a text of a few lines. An estimate: conditions that hang on addresses count
with their larger branch, sizes that do count as nothing (the assembler's own limits hold). Text in, a place out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from irlens.asm.arithmetic import value_of

MOST_BYTES = 64 << 20
"""Of what directives fill in."""
MOST_OBJECT = 96 << 20
"""Bytes of an object of assembly, the text's own included: what the estimate misses is refused where it is made."""
MOST_STATEMENTS = 1_000_000
"""That macros and repetitions make."""
_MOST_WORK = 100_000
"""Lines of macros and repetitions that are gone through."""
_DEEPEST = 100
"""GNU as nests macros so deep, LLVM 20."""

_LARGEST_WITH_MACROS = 4 << 20
_BLOCKS = re.compile(r"\.(?:macro|irpc?|irepc?|rept?)\b", re.I)
_FILLS_OR_SECTION = re.compile(
    r"\.(?:(?:space|skip|zero)(?=[ \t(])[ \t]*+(?!\d{1,2}[ \t]*[\r\n])|(?:fill|org|nops|bundle_align_mode|d[sc]b?)\b"
    r"|p2align[wl]?[ \t]+(?![0-5]\b)"
    r"|b?align[wl]?[ \t]+(?!\d\b|[1-5]\d\b)|section\b|pushsection\b|popsection\b|previous\b|text\b|data\b|bss\b|set\b|equ\b"
    r"|equiv\b)|^[ \t]*[\w.$]+[ \t]*=",
    re.I | re.M,
)
"""What can fill much, and what tells whether that takes room, in a text without macros. Small fills are left out: what
a line of them fills is not much longer than the line."""
_STATEMENT = re.compile(
    r"[ \t]*(?:(?:[\w.$]+|\"[^\"]*\")[ \t]*:[ \t]*)*(?P<word>[\w.$\\@]*)[ \t]*(?P<rest>.*)", re.S
)
_ASSIGNS = re.compile(r"[ \t]*(?P<name>[A-Za-z_.$][\w.$]*)[ \t]*==?(?P<value>[^=].*)")
_ENDS = {".macro": (".endm", ".endmacro"), ".if": (".endif",), ".rept": (".endr",)}
_REPEATS = (".rept", ".rep", ".irp", ".irpc", ".irep", ".irepc")
_NAMED_EMPTY = re.compile(r"\.(?:bss|tbss|sbss|lbss)(?:\.|$)", re.I)
"""Names of sections that hold nothing unless their directive says otherwise."""
_OF_NOTHING = ("@nobits", "%nobits", '"nobits"', "zerofill")
_LARGE = 1 << 20
_NUMBER = re.compile(r"\b(?:0x[0-9a-f]+|\d+)\b", re.I)
_LARGEST_BUNDLE = 12
"""Bits of an alignment of bundles; the machines that have them use 5."""
_DATA = {".byte": 1, ".short": 2, ".hword": 2, ".2byte": 2, ".word": 4, ".long": 4, ".int": 4, ".4byte": 4, ".quad": 8,
         ".xword": 8, ".8byte": 8, ".octa": 16}  # fmt: skip
_FILLS = {".space": 1, ".skip": 1, ".zero": 1, ".nops": 1, ".ds": 2, ".ds.b": 1, ".ds.w": 2, ".ds.l": 4, ".ds.d": 8, ".ds.x": 12,
          ".ds.p": 12, ".dcb.p": 12, ".ds.s": 4, ".dcb.s": 4,
          ".dcb": 2, ".dcb.b": 1, ".dcb.w": 2, ".dcb.l": 4, ".dcb.d": 8, ".dcb.x": 12}  # fmt: skip
_STATEMENT_BYTES = 8


@dataclass(frozen=True)
class TooLarge:
    """The line, from 0, that begins what grows too large, and what to tell the user."""

    line: int
    message: str


def too_large(text: str) -> TooLarge | None:
    """What of the text grows past the limits; None where nothing does."""
    macros = _BLOCKS.search(text)
    if macros is not None and len(text) > _LARGEST_WITH_MACROS:
        line = len(re.findall(r"\r\n|\r|\n", text[: macros.start()]))
        size = _LARGEST_WITH_MACROS >> 20
        return TooLarge(
            line, f"irlens follows macros and repetitions in files of up to {size} MiB. Split the file."
        )
    numbered = _lines(text) if macros is not None else _fills(text)
    if not numbered:
        return None
    lines = [line for _, line in numbered]
    counter = _Counter()
    at, number = 0, 0
    try:
        while at < len(lines):
            number = numbered[at][0]
            at, grown = counter.step(lines, at, 0, top=True)
            counter.total += grown
            counter.check()
    except _Exceeded as exceeded:
        return TooLarge(number, str(exceeded))
    return None


class _Exceeded(Exception):
    pass


@dataclass(frozen=True)
class _Size:
    statements: int = 0
    bytes: int = 0

    def __add__(self, other: _Size) -> _Size:
        return _Size(self.statements + other.statements, self.bytes + other.bytes)

    def times(self, count: int) -> _Size:
        return _Size(self.statements * count, self.bytes * count)


@dataclass(frozen=True)
class _Macro:
    parameters: tuple[tuple[str, str, bool], ...]
    """Name, default, whether it takes all that is left."""
    body: tuple[str, ...]


@dataclass
class _Counter:
    total: _Size = _Size()
    macros: dict[str, _Macro] = field(default_factory=dict)
    symbols: dict[str, int | None] = field(default_factory=dict)
    known: dict[tuple[str, int, tuple[str, ...]], _Size] = field(default_factory=dict)
    journal: list[tuple[str, int | None, bool]] = field(default_factory=list)
    """Assignments: the name, what it was, and whether it was."""
    work: int = 0
    empty_section: bool = False

    def check(self) -> None:
        if self.total.statements > MOST_STATEMENTS:
            raise _Exceeded(
                f"Macros and repetitions make more than {MOST_STATEMENTS:,} statements of this. Repeat less often."
            )
        if self.total.bytes > MOST_BYTES:
            raise _Exceeded(f"This fills more than {MOST_BYTES >> 20} MiB of the object. Fill less.")

    def _worked(self, line: str = "") -> None:
        self.work += 1 + len(line) // 64
        if self.work > _MOST_WORK:
            raise _Exceeded("Macros and repetitions go further here than irlens follows. Repeat less often.")

    def block(self, lines: list[str], depth: int) -> _Size:
        size, at = _Size(), 0
        while at < len(lines):
            self._worked(lines[at])
            at, grown = self.step(lines, at, depth, top=False)
            size += grown
        return size

    def step(self, lines: list[str], at: int, depth: int, *, top: bool) -> tuple[int, _Size]:
        """The statement at `at`, or the block that begins there: the next line, and what it grows to. A statement that
        stands in the text itself grows to nothing more."""
        line = _behind_prefixes(lines[at])
        match = _STATEMENT.match(line)
        word, rest = (match["word"].lower(), match["rest"]) if match else ("", "")
        if word == ".macro":
            end = _end(lines, at, ".macro")
            self._define(rest, lines[at + 1 : end])
            return end + 1, _Size()
        if word in _REPEATS:
            end = _end(lines, at, ".rept")
            return end + 1, self._repeat(word, rest, lines[at + 1 : end], _deeper(depth))
        if word.startswith(".if"):
            end = _end(lines, at, ".if")
            return end + 1, self._choose(lines[at : end + 1], _deeper(depth), top=top)
        if (assigned := _ASSIGNS.match(line)) is not None:
            self._assign(assigned["name"], assigned["value"])
        elif word in (".set", ".equ", ".equiv"):
            name, _, value = rest.partition(",")
            self._assign(name.strip(), value)
        elif word in (
            ".section",
            ".pushsection",
            ".text",
            ".data",
            ".bss",
            ".rodata",
            ".popsection",
            ".previous",
        ):
            self.empty_section = _is_empty_section(word, rest)
        elif (macro := self.macros.get(word)) is not None:
            return at + 1, self._call(word, macro, rest, depth)
        grown = _Size(0, self._filled(word, rest))
        if not top and word:
            grown += _Size(1, _DATA.get(word, 0) * (rest.count(",") + 1) or _STATEMENT_BYTES)
        return at + 1, grown

    def _define(self, head: str, body: list[str]) -> None:
        name, _, parameters = head.strip().replace(",", " ").partition(" ")
        read = []
        for each in re.findall(r"[\w.$]+(?::\w+)?(?:\s*=\s*(?:\"[^\"]*\"|[^\s,]*))?", parameters):
            plain, _, default = each.partition("=")
            plain, _, kind = plain.strip().partition(":")
            read.append((plain, default.strip().strip('"'), kind.lower() == "vararg"))
        self.macros[name.lower()] = _Macro(tuple(read), tuple(body))
        self.known.clear()

    def _call(self, word: str, macro: _Macro, rest: str, depth: int) -> _Size:
        if depth >= _DEEPEST:
            return _Size(1)
        given = _arguments(rest)
        key = (word, depth, tuple(given))
        if key in self.known:
            return self.known[key]
        values = {}
        for index, (name, default, takes_all) in enumerate(macro.parameters):
            values[name] = (
                " ".join(given[index:]) if takes_all else given[index] if index < len(given) else ""
            ) or default
        for each in given:
            name, equals, value = each.partition("=")
            if equals and name in values:
                values[name] = value
        for line in macro.body:
            self._worked(line)
        mark = len(self.journal)
        size = _Size(1) + self.block([_filled_in(line, values) for line in macro.body], depth + 1)
        if not self._changed_since(mark):  # else the next call may come to something else
            self.known[key] = size
        return size

    def _changed_since(self, mark: int) -> set[str]:
        """The names that have another value than they had when the journal was `mark` long."""
        first: dict[str, tuple[int | None, bool]] = {}
        for name, value, was in self.journal[mark:]:
            first.setdefault(name, (value, was))
        return {name for name, (value, was) in first.items() if not was or self.symbols[name] != value}

    def _repeat(self, word: str, rest: str, body: list[str], depth: int) -> _Size:
        if word in (".rept", ".rep"):
            count = self._value(rest)
            # What cannot be counted is counted once: most of it is, and the rest is the assembler's to stop.
            count = 1 if count is None else max(0, count)
            if not count:
                return _Size()
            size = self._unsure(body, depth)
            return (size if size.statements else _Size(1, size.bytes)).times(
                count
            )  # to repeat nothing costs too
        name, _, listed = _without_comment(rest).partition(",")
        if not listed:
            name, _, listed = name.strip().partition(" ")
        values = list(listed.strip().strip('"')) if word.endswith("c") else _arguments(listed) or [""]
        size = _Size()
        for value in values:
            self._worked()
            size += self._unsure([_filled_in(line, {name.strip(): value}) for line in body], depth)
        return size

    def _choose(self, lines: list[str], depth: int, *, top: bool) -> _Size:
        """The branch that is taken, or the largest where that is not known."""
        branches: list[tuple[bool | None, list[str]]] = [(self._holds(lines[0]), [])]
        inner = 0
        for line in lines[1:-1]:
            word = _word(line)
            if word.startswith(".if"):
                inner += 1
            elif word == ".endif":
                inner -= 1
            if not inner and word.startswith(".else"):
                holds = self._holds(line.replace("else", "", 1)) if word == ".elseif" else True
                branches.append((holds, []))
            else:
                branches[-1][1].append(line)
        sizes = [_Size()]
        for holds, branch in branches:
            if holds is False:
                continue
            if holds is True and len(sizes) == 1:
                return self._inside(branch, depth, top=top)
            sizes.append(self._unsure(branch, depth) if not top else self._inside(branch, depth, top=True))
            if holds is True:
                break
        return _Size(max(size.statements for size in sizes), max(size.bytes for size in sizes))

    def _inside(self, lines: list[str], depth: int, *, top: bool) -> _Size:
        if not top:
            return self.block(lines, depth)
        size, at = _Size(), 0
        while at < len(lines):
            at, grown = self.step(lines, at, depth, top=True)
            size += grown
        return size

    def _unsure(self, lines: list[str], depth: int) -> _Size:
        """As `block`, of what is done some other number of times than once: what it assigns is not known after."""
        mark = len(self.journal)
        size = self.block(lines, depth)
        for name in self._changed_since(mark):
            self._set(name, None)
        return size

    def _holds(self, line: str) -> bool | None:
        match = _STATEMENT.match(line)
        word, rest = (match["word"].lower(), _without_comment(match["rest"])) if match else ("", "")
        if word in (".ifb", ".ifnb"):
            return (not rest.strip().strip('"')) == (word == ".ifb")
        if word in (".ifc", ".ifnc", ".ifeqs", ".ifnes"):
            left, _, right = (part.strip().strip("\"'") for part in rest.partition(","))
            return (left == right) == (word in (".ifc", ".ifeqs"))
        value = value_of(rest, self.symbols)
        if value is None:
            return None
        return {".if": value != 0, ".ifne": value != 0, ".ifeq": value == 0, ".ifgt": value > 0, ".ifge": value >= 0,
                ".iflt": value < 0, ".ifle": value <= 0}.get(word)  # fmt: skip

    def _assign(self, name: str, value: str) -> None:
        self._set(name, value_of(_without_comment(value), self.symbols))

    def _set(self, name: str, value: int | None) -> None:
        self.journal.append((name, self.symbols.get(name), name in self.symbols))
        self.symbols[name] = value

    def _value(self, text: str) -> int | None:
        """What an expression comes to. Where that hangs on addresses and a large number is multiplied with them, that
        number; else None."""
        text = _without_comment(text)
        value = value_of(text, self.symbols)
        if value is None and re.search(r"[*]|<<", text):
            most = max((_number(each) for each in _NUMBER.findall(text[:1000])), default=0)
            if "<<" in text and most < 64:
                most = 1 << most
            return most if most >= _LARGE else None
        return value

    def _filled(self, word: str, rest: str) -> int:
        """Bytes that a directive fills in, besides what stands in it."""
        if self.empty_section:
            return 0
        values = [self._value(part) or 0 for part in rest.split(",")[:3]]
        if word == ".bundle_align_mode" and values[0] > _LARGEST_BUNDLE:
            raise _Exceeded("This aligns bundles of instructions to more than irlens follows. Align to less.")
        if word in _FILLS:
            return max(0, values[0]) * _FILLS[word]
        if word == ".fill":
            size = values[1] if len(values) > 1 and rest.count(",") else 1
            return max(0, values[0]) * min(max(size, 0), 8)
        if word == ".org":
            return max(0, values[0])
        if word.startswith((".align", ".balign", ".p2align")):
            # An alignment fills less than itself; `.align` counts bits on some machines, bytes on others.
            bits = word.startswith(".p2align") or (word.startswith(".align") and values[0] < 32)
            amount = 1 << min(values[0], 40) if bits and values[0] > 0 else values[0]
            return max(0, amount - 1)
        return 0


_DIRECTIVES = frozenset(
    (*_DATA, *_FILLS, *_REPEATS, ".macro", ".fill", ".org", ".align", ".balign", ".p2align", ".section", ".bss", ".text",
     ".data", ".set", ".equ", ".equiv", ".bundle_align_mode", ".nops")
)  # fmt: skip
_WORDS_ALONE = re.compile(r"[\w.$: \t]*+")
_DIRECTIVE = re.compile(r"(?:^|(?<=[ \t]))\.[\w.]++")


def _behind_prefixes(line: str) -> str:
    """The statement from the directive on, where other words stand in front of it on the line: `data16 .zero 9`."""
    words = _WORDS_ALONE.match(line).end()  # type: ignore[union-attr]
    for match in _DIRECTIVE.finditer(line, 0, words):
        if match[0].lower() in _DIRECTIVES:
            return line[match.start() :]
    return line


def _is_empty_section(word: str, rest: str) -> bool:
    """What is filled into the section takes no room in the object."""
    if word == ".bss":
        return True
    if word not in (".section", ".pushsection"):
        return False
    name, *others = (part.strip() for part in _without_comment(rest).split(","))
    said = [part for part in others if part.startswith(("@", "%")) or part.lower() in _OF_NOTHING]
    if said:
        return said[0].lower() in _OF_NOTHING
    return _NAMED_EMPTY.match(name.strip('"')) is not None


def _number(text: str) -> int:
    return int(text, 16 if text[:2].lower() == "0x" else 10)


def _deeper(depth: int) -> int:
    if depth >= _DEEPEST:
        raise _Exceeded(f"Blocks nest more than {_DEEPEST} deep here. Nest less.")
    return depth + 1


def _lines(text: str) -> list[tuple[int, str]]:
    """Statements with their lines. One that holds a string is left whole: what is in a string ends none."""
    found = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text)):
        parts = [line] if '"' in line or ";" not in line else line.split(";")
        found += [(number, part) for part in parts if part.strip()]
    return found


def _fills(text: str) -> list[tuple[int, str]]:
    """Of a text without macros, the lines that say what is filled in and where."""
    found: list[tuple[int, str]] = []
    number = at = 0
    for match in _FILLS_OR_SECTION.finditer(text):
        if match.start() < at:
            continue  # on the line that was taken
        start = max(text.rfind("\n", at, match.start()), text.rfind("\r", at, match.start())) + 1 or at
        number += len(re.findall(r"\r\n|\r|\n", text[at:start]))
        end = re.compile(r"[\r\n]|$").search(text, match.end()).start()  # type: ignore[union-attr]
        parts = text[start:end]
        found += [(number, part) for part in ([parts] if '"' in parts else parts.split(";"))]
        at = end
    return found


def _word(line: str) -> str:
    match = _STATEMENT.match(line)
    return match["word"].lower() if match else ""


def _end(lines: list[str], at: int, kind: str) -> int:
    """The line that ends the block that begins at `at`; the last one where none does."""
    depth = 0
    for index in range(at, len(lines)):
        word = _word(lines[index])
        begins = (
            word in _REPEATS if kind == ".rept" else word.startswith(".if") if kind == ".if" else word == kind
        )
        depth += begins - (word in _ENDS[kind])
        if not depth:
            return index
    return len(lines) - 1


def _arguments(text: str) -> list[str]:
    text = _without_comment(text)
    found = re.findall(r"\"(?>(?:[^\"\\]|\\.)*)\"?|<[^>]*+>?|[^,\"]+", text)
    if "," not in text and '"' not in text:
        found = text.split()
    return [each.strip().strip('"') for each in found if each.strip()]


def _without_comment(text: str) -> str:
    return re.split(r"//|/\*|\s#|\s@ ", text, maxsplit=1)[0]


def _filled_in(line: str, values: dict[str, str]) -> str:
    """The line with what stands for the parameters. What grows past use is cut."""
    if "\\" not in line:
        return line
    filled = re.sub(r"\\([A-Za-z_.$][\w.$]*)", lambda match: values.get(match[1], match[0]), line)
    return filled.replace("\\()", "")[:10_000]

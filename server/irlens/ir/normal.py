"""The normal form of one function's IR: short, and the same for all IR that differs in names only.

    fn i32 ptr              define i32 @f(ptr %v0) {
    %1= gep.i8 %0 16          %v1 = getelementptr i8, ptr %v0, i64 16
    %2= load.i32 %1           %v2 = load i32, ptr %v1
    ret.i32 %2                ret i32 %v2

Values are numbered, parameters first; blocks are `L1`, `L2`; globals are `@1`, `@2` by first use. Left out are
names, metadata, attributes that change no code, alignments that are the type's own, calling conventions other
than C (`fastcc` is the same code for ours), and whatever else the module holds. Types other than literal ones
are resolved. `call` is a tail call, `ncall` one without the mark. See `normal_read` for what has no normal
form. This is what the embedded model reads and writes; nothing in here knows models.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from irlens.ir.normal_read import FunctionReader
from irlens.ir.normal_words import FLAGS, STARTS, NotNormal, Symbol
from irlens.ir.normal_write import FunctionWriter, extent, with_real_sizes
from irlens.ir.outline import plain_name

__all__ = [
    "NormalIr",
    "NotNormal",
    "Symbol",
    "decode",
    "encode",
    "extent",
    "flat",
    "lines_of",
    "plain",
    "renumbered",
    "with_real_sizes",
]


@dataclass(frozen=True)
class NormalIr:
    """`text`: one line an instruction. `symbols[k - 1]` is what `@k` stands for."""

    text: str
    symbols: tuple[Symbol, ...]

    @property
    def instructions(self) -> int:
        """Instructions of the function, as LLVM counts them."""
        return sum(1 for line in self.text.splitlines()[1:] if not re.fullmatch(r"L\d+:", line))


_NAME = r'(?:[-a-zA-Z$._0-9]+|"(?:[^"\\]|\\.)*")'
_DEFINE = re.compile(rf"^define\b[^\n]*?@({_NAME})\(", re.MULTILINE)
_TYPE = re.compile(rf"^(%{_NAME}) = type (.+)$", re.MULTILINE)
_GLOBAL = re.compile(rf"^@({_NAME}) = (.*)$", re.MULTILINE)
_LOCAL = re.compile(
    rf"^(?:define|declare)\b[^\n]*?\b(?:dso_local|internal|private)\b[^\n]*?@({_NAME})\(", re.MULTILINE
)


def encode(module_ir: str, function: str) -> NormalIr:
    """The normal form of `function`. Raises `NotNormal` (an `UnusableInput`) where it has none."""
    for match in _DEFINE.finditer(module_ir):
        if plain_name(match[1]) == function:
            break
    else:
        raise NotNormal(f"The module does not define @{function}. Choose one that it defines.")
    text = module_ir[match.start() :]
    end = re.search(r"^\}", text, re.MULTILINE)
    if end is None:
        raise NotNormal(f"The definition of @{function} has no end. Check the file with LLVM first.")
    header, *body = text[: end.start()].splitlines()
    types = {name: body_text for name, body_text in _TYPE.findall(module_ir)}
    local = set(_LOCAL.findall(module_ir))
    definitions = {}
    for name, definition in _GLOBAL.findall(module_ir):
        name = name.strip('"')
        if re.match(r"(?:\S+ )*?(?:dso_local|internal|private)\b", definition):
            local.add(name)
        if definition.startswith("private"):
            definitions[name] = re.sub(r", !\S+ !\S+|, comdat\b[^,]*|, section \"[^\"]*\"", "", definition)
    reader = FunctionReader(header, body, types, frozenset(local), definitions)
    return NormalIr("\n".join(reader.lines), tuple(reader.symbols))


def decode(text: str, symbols: Sequence[Symbol], triple: str, function: str) -> str:
    """A module of `function` alone, with declarations derived from its uses. `text` may be a model's.

    Raises `NotNormal` where it is not in normal form. What comes out may still be wrong IR.
    """
    return FunctionWriter(text.splitlines(), symbols, triple, function).text


def flat(text: str) -> str:
    """The text in one line: no word can begin a line and stand within one."""
    return " ".join(text.split())


def lines_of(words: Sequence[str]) -> list[str]:
    """The lines of a flat text."""
    lines: list[list[str]] = []
    opened = False
    for word in words:
        result = re.fullmatch(r"%\d+=", word) is not None
        starts = result or re.fullmatch(r"L\d+:", word) is not None or word.split(".")[0] in STARTS
        if not lines or (starts and not opened):
            lines.append([word])
        else:
            lines[-1].append(word)
        opened = result
    return [" ".join(line) for line in lines]


def renumbered(normal: NormalIr, order: Mapping[str, int]) -> NormalIr:
    """The same with its symbols numbered by `order` (name to number, from 1); names that are not in it come
    after. What `@k` says then agrees with an assembly text that was numbered first."""
    free = max(order.values(), default=0)
    numbers: dict[int, int] = {}
    placed: dict[int, Symbol] = {}
    for index, symbol in enumerate(normal.symbols, 1):
        number = order.get(symbol.name)
        if number is None:
            free += 1
            number = free
        numbers[index] = number
        placed[number] = symbol
    text = re.sub(r"@(\d+)", lambda match: f"@{numbers[int(match[1])]}", normal.text)
    symbols = tuple(placed.get(number, Symbol(f"unused.{number}")) for number in range(1, free + 1))
    return NormalIr(text, symbols)


_PLAIN = re.compile(rf"\.(?:{'|'.join(sorted(FLAGS))}|a\d+)(?=\.|\s|$)", re.MULTILINE)


def plain(text: str, *, calls: bool = True) -> str:
    """Without flags, alignments and size marks, and, where `calls` are to be plain, with every call a tail call: what
    remains is nearly always enough to give the same code."""
    text = re.sub(r"^fn (?:optsize |minsize )+", "fn ", _PLAIN.sub("", text))
    if not calls:
        return text
    return re.sub(r"(^|= )(?:ncall|notail)\b", r"\1call", text, flags=re.MULTILINE)

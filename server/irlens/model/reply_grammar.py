"""A language for the shape of replies, and the same shape as GBNF.

One description (`Grammar`) has two uses: `model.reply_matcher` follows it character by character, for an engine that
chooses among tokens here, and `gbnf` writes it for a server that does so there. Rules may not call themselves, not
even through others: what nests is nested so often as it is written.

GBNF: https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md. Tried: llama.cpp of llama-cpp-python 0.3.36
takes and refuses the same as the matcher, and xgrammar 0.2.8 and llguidance 1.9.1, by which vLLM is held, read it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Exactly this."""

    text: str


@dataclass(frozen=True)
class Chars:
    """One character in one of the ranges (ends included); with `negated` one in none of them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def holds(self, char: str) -> bool:
        return self.negated != any(low <= char <= high for low, high in self.ranges)


@dataclass(frozen=True)
class Seq:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Alt:
    choices: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """`node` between `least` and `most` times; None: without an upper bound."""

    node: Node
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Ref:
    """What the rule of this name says. Names are of letters, digits and dashes."""

    rule: str


Node = Text | Chars | Seq | Alt | Repeat | Ref


@dataclass(frozen=True)
class Grammar:
    """Rules by name; a whole reply is what `root` says."""

    rules: Mapping[str, Node]


def seq(*parts: Node | str) -> Node:
    nodes = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return nodes[0] if len(nodes) == 1 else Seq(nodes)


def alt(*choices: Node | str) -> Node:
    return Alt(tuple(Text(choice) if isinstance(choice, str) else choice for choice in choices))


def maybe(*parts: Node | str) -> Node:
    return Repeat(seq(*parts), 0, 1)


def some(characters: str, *, but: bool = False) -> Chars:
    """One of the characters, where `a-z` is a range and a dash at the end is itself; with `but` any other."""
    ranges, at = [], 0
    while at < len(characters):
        wide = characters[at + 1 : at + 2] == "-" and at + 2 < len(characters)
        ranges.append((characters[at], characters[at + 2 if wide else at]))
        at += 3 if wide else 1
    return Chars(tuple(ranges), but)


def words(names: Iterable[tuple[str, Node | None]]) -> Node:
    """One of the names, each with what may follow it. Common beginnings are written once, because both uses follow
    every choice that is open."""
    table: dict[str, Node | None] = dict(names)
    return _words(sorted(table), table, 0)


def _words(names: list[str], table: Mapping[str, Node | None], at: int) -> Node:
    choices: list[Node] = []
    start = 0
    while start < len(names):
        name = names[start]
        if len(name) == at:
            choices.append(table[name] or Seq(()))
            start += 1
            continue
        end = start + 1
        while end < len(names) and names[end][at] == name[at]:
            end += 1
        last = names[end - 1]
        same = next((n for n in range(at, len(name)) if n >= len(last) or name[n] != last[n]), len(name))
        rest = _words(names[start:end], table, same)
        choices.append(Text(name[at:same]) if rest == Seq(()) else Seq((Text(name[at:same]), rest)))
        start = end
    return choices[0] if len(choices) == 1 else Alt(tuple(choices))


def gbnf(grammar: Grammar) -> str:
    """The grammar as llama.cpp and the servers built on it read it. Measured, the longest one (35 kB, pass lists): read in
    0.9 ms; llama.cpp then looks through all of 32,000 tokens in 3 ms there and in 11 ms inside a line of IR, which is
    what a server that does so for every token pays."""
    return "".join(f"{name} ::= {_gbnf(node, top=True)}\n" for name, node in grammar.rules.items())


def _gbnf(node: Node, *, top: bool = False) -> str:
    match node:
        case Text(text):
            return '"' + "".join(map(_escaped, text)) + '"'
        case Chars(ranges, negated):
            inside = "".join(
                _escaped(low) if low == high else f"{_escaped(low)}-{_escaped(high)}" for low, high in ranges
            )
            return f"[{'^' if negated else ''}{inside}]"
        case Seq(parts):
            return " ".join(_group(part) for part in parts) if parts else '""'
        case Alt(choices):
            listed = " | ".join(_gbnf(choice) for choice in choices)
            return listed if top else f"({listed})"
        case Repeat(part, least, most):
            bounds = {(0, None): "*", (1, None): "+", (0, 1): "?"}
            count = bounds.get((least, most)) or f"{{{least},{'' if most is None else most}}}"
            return _group(part, tight=True) + count
        case Ref(rule):
            return rule


def _group(node: Node, *, tight: bool = False) -> str:
    """With parentheses where a sequence or a repetition is one part of something. `tight`: before a count, which binds
    to what is directly before it; a text of several characters is one such thing."""
    written = _gbnf(node)
    return f"({written})" if tight and isinstance(node, Seq | Repeat) else written


def _escaped(char: str) -> str:
    if " " <= char <= "~" and char not in '"\\[]^-':
        return char
    code = ord(char)
    return f"\\x{code:02X}" if code < 0x100 else f"\\U{code:08X}"

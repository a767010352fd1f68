"""Texts that a grammar describes, by walking it at random."""

from __future__ import annotations

from random import Random

from irlens.model.reply_grammar import Alt, Chars, Grammar, Node, Ref, Repeat, Seq, Text

LETTERS = "".join(map(chr, range(32, 127))) + "\n\té日"


def walk(grammar: Grammar, random: Random, longest: int = 3) -> str:
    """A text that the grammar takes. What may be repeated is repeated at most `longest` times more than it must."""

    def text_of(node: Node) -> str:
        match node:
            case Text(text):
                return text
            case Chars():
                return random.choice([char for char in LETTERS if node.holds(char)])
            case Seq(parts):
                return "".join(map(text_of, parts))
            case Alt(choices):
                return text_of(random.choice(choices))
            case Ref(rule):
                return text_of(grammar.rules[rule])
            case Repeat(part, least, most):
                top = least + longest if most is None else min(most, least + longest)
                return "".join(text_of(part) for _ in range(random.randint(least, top)))

    return text_of(grammar.rules["root"])


def changed(text: str, random: Random) -> str:
    """The text with one character more, fewer or other, or cut."""
    at = random.randrange(len(text) + 1)
    match random.randrange(4):
        case 0:
            return text[:at] + random.choice(LETTERS) + text[at:]
        case 1:
            return text[:at] + text[at + 1 :]
        case 2:
            return text[:at] + random.choice(LETTERS) + text[at + 1 :]
        case _:
            return text[:at]

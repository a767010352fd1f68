"""What a reply may go on with, asked for at every token, so that a model need not be asked again for what could never
be read. An engine that can choose among tokens asks; one that cannot leaves it.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

from irlens.model.reply_grammar import gbnf
from irlens.model.reply_matcher import Matcher, Reply
from irlens.model.types import ReplyShape


class Constraint(Protocol):
    """A reply as it grows. Pieces are texts of tokens, with the space in front that parts words.

    One with an attribute `binds` that is true may never be left: where all likely tokens are refused, the likeliest
    that is allowed is taken."""

    def allows(self, piece: str) -> bool:
        """May the reply go on with `piece`?"""
        ...

    def take(self, piece: str) -> None:
        """The reply went on with `piece`, which is allowed."""
        ...

    def may_end(self) -> bool:
        """Is the reply whole as it is?"""
        ...


def constraint_of(shape: ReplyShape | None) -> Constraint | None:
    """What holds a reply of this shape in it; None for no shape."""
    if shape is None:
        return None
    if shape.family == "llm-compiler":
        return Reply(_matcher_of(shape.task, tuple(shape.passes)))
    from irlens.model.prompts.irlens_reply import Words

    return Words(shape)


def gbnf_of(shape: ReplyShape | None) -> str | None:
    """The same shape as a grammar for a server that chooses among tokens itself; None where there is none. The
    embedded model's replies have none: what a word may be depends on the types of those before it."""
    if shape is None or shape.family != "llm-compiler":
        return None
    from irlens.model.prompts.llm_compiler_replies import grammar_of

    return gbnf(grammar_of(shape.task, tuple(shape.passes)))


@cache
def _matcher_of(task: str, passes: tuple[str, ...]) -> Matcher:
    """One for all replies of a shape: it learns the ways that they go."""
    from irlens.model.prompts.llm_compiler_replies import grammar_of

    return Matcher(grammar_of(task, passes))

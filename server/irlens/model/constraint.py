"""What a reply may go on with, asked for at every token, so that a model need not be asked again for what could never
be read. An engine that can choose among tokens asks; one that cannot leaves it.
"""

from __future__ import annotations

from typing import Protocol

from irlens.model.types import ReplyShape


class Constraint(Protocol):
    """A reply as it grows. Pieces are texts of tokens, with the space in front that parts words."""

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
    from irlens.model.prompts.irlens_reply import Words

    return Words(shape)

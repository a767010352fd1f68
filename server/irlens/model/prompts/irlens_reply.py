"""The replies of the embedded model as they may be written, letter by letter (`model.constraint`).

fn i32 ptr %1= gep.i8 %0 16 ... ;              lift
fn i32 ptr ... = 3 12 ;                        predict
default<Oz> 23 12 ;                            tune
"""

from __future__ import annotations

from typing import Protocol

from irlens.model.prompts.irlens_grammar import Function
from irlens.model.prompts.irlens_slots import NUMBER, OneOf, Slot
from irlens.model.prompts.irlens_words import COUNTS, END, TUNE_LISTS
from irlens.model.types import ReplyShape


class _Words(Protocol):
    """Words so far: what may come next, and going on."""

    def expected(self) -> Slot: ...
    def advance(self, word: str) -> None: ...
    def copy(self) -> _Words: ...


class _Row:
    """Fixed places in a row."""

    def __init__(self, places: tuple[Slot, ...]) -> None:
        self._places = places

    def expected(self) -> Slot:
        return self._places[0] if self._places else OneOf(())

    def advance(self, word: str) -> None:
        self._places = self._places[1:]

    def copy(self) -> _Words:
        return _Row(self._places)


_COUNTS = (NUMBER, NUMBER, OneOf((END,)))


class _Ir:
    """A function, and the counts behind it where they are asked for."""

    def __init__(self, function: Function, row: _Row | None = None) -> None:
        self._function = function
        self._row = row

    def expected(self) -> Slot:
        return self._row.expected() if self._row else self._function.expected()

    def advance(self, word: str) -> None:
        if self._row:
            self._row.advance(word)
            return
        self._function.advance(word)
        if self._function.ended:
            self._row = _Row(_COUNTS if self._function.ended == COUNTS else ())

    def copy(self) -> _Words:
        return _Ir(self._function.copy(), self._row and _Row(self._row._places))


class Words:
    """A reply of one shape, as it grows."""

    def __init__(self, shape: ReplyShape) -> None:
        self._words: _Words
        if shape.task == "tune":
            self._words = _Row((OneOf(TUNE_LISTS), *_COUNTS))
        else:
            self._words = _Ir(Function(shape.symbols, (COUNTS,) if shape.task == "predict" else (END,)))
        self._letters = ""
        self._slot = self._words.expected()
        self._behind: Slot | None = None
        self._ended = False

    def allows(self, piece: str) -> bool:
        if self._ended or not piece:
            return False
        if not piece.startswith(" "):
            # The first word may come with no space before it.
            return self._slot.begins(self._letters + piece)
        letters = piece[1:]
        if " " in letters:
            return False
        if not self._letters:
            return self._slot.begins(letters)
        if not self._slot.whole(self._letters):
            return False
        if self._behind is None:
            after = self._words.copy()
            after.advance(self._letters)
            self._behind = after.expected()
        return self._behind.begins(letters)

    def take(self, piece: str) -> None:
        if piece.startswith(" "):
            if self._letters:
                self._words.advance(self._letters)
                self._slot = self._words.expected()
            self._letters = piece[1:]
        else:
            self._letters += piece
        self._behind = None
        self._ended = self._letters == END and self._slot.whole(END)

    def may_end(self) -> bool:
        return self._ended

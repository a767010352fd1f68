"""Which word of IR may come next in a reply of the embedded model: one function in the packed normal form
(`irlens.packed`), as far as it is written.

It knows what LLVM will ask of the whole: values are numbered in order, have the type of their use, and are defined
where their use is reached from; blocks are numbered in order, every one that is named comes; phi has what its
predecessors are, and stands first. Of edges that are not written yet it assumes the best, so nothing valid is refused;
vectors and aggregates are looked at loosely, and what they let through LLVM still refuses.
"""

from __future__ import annotations

import copy
import functools
import re
from collections import Counter
from collections.abc import Callable

from irlens.ir.normal_words import CALLS
from irlens.model.prompts.irlens_heads import COUNT, INDEX, Head, head_begins, read_head
from irlens.model.prompts.irlens_slots import Argument, Behind, Either, Matching, OneOf, Slot, Type, Value

_FARTHEST_LABEL = 12
"""Blocks ahead that a branch may name."""
_FARTHEST_VALUE = 80
"""Values ahead that a phi may name."""
_INTRINSIC = Matching(r"@llvm(?:\.[\w]+)+", r"@?l?l?v?m?|@llvm(?:\.[\w]*)*")
_MARKS = ("optsize", "minsize", "zeroext", "signext")
_NAMES = tuple(f"%{number}" for number in range(2_000))
_VALUE_WORD = re.compile(r"%(\d+)$")


class Function:
    """A function up to some word. `expected` is what may come, `advance` goes on; a copy is cheap."""

    def __init__(self, symbols: int, ends: tuple[str, ...]) -> None:
        self._symbols = symbols
        self._ends = ends
        self._types: dict[int, str | None] = {}
        """Of the values defined so far; None where a type is not worked out."""
        self._blocks: dict[int, int] = {}
        """Where they are defined."""
        self._result = ""
        self._block, self._next_label, self._farthest = 0, 1, 0
        """The block being written, the label to come next, and the highest one named."""
        self._terminated, self._only_phis = False, True
        self._edges: dict[int, tuple[int, ...]] = {}
        """Blocks that branch to a block, as often as they do."""
        self._above: dict[int, frozenset[int] | None] = {0: frozenset([0])}
        """Blocks that lie on every way to a block, itself included; None where that is open."""
        self._phis: dict[int, tuple[int, ...]] = {}
        """What the phis of a block name."""
        self._owed: dict[int, frozenset[int]] = {}
        """To which blocks with phis a block still has to branch."""
        self._promised: dict[int, str] = {}
        """Types of values that a phi named before their definition."""
        self._plan: list[Slot | Callable[[Function], Slot]] = [OneOf(("fn",))]
        self._more: tuple[Callable[[Function], Slot], ...] = ()
        self._head: Head | None = None
        self._defines = False
        self._words: list[str] = []
        self.ended = ""
        """The closing word, once it was met."""

    def copy(self) -> Function:
        other = copy.copy(self)
        for name in (
            "_types",
            "_blocks",
            "_edges",
            "_above",
            "_phis",
            "_owed",
            "_promised",
            "_plan",
            "_words",
        ):
            setattr(other, name, copy.copy(getattr(self, name)))
        return other

    # --- words -------------------------------------------------------------------------------------

    def expected(self) -> Slot:
        if self._plan:
            slot = self._plan[0]
            return slot(self) if callable(slot) else slot
        if not self._more:
            return self._start()
        after = self.copy()
        if not after._finish():
            return self._more[0](self)
        return Either((self._more[0](self), after._start()))

    def advance(self, word: str) -> None:
        """The next word is `word`, which `expected` holds."""
        slot: Slot | None = None
        if self._plan:
            place = self._plan.pop(0)
            slot = place(self) if callable(place) else place
        elif self._more and self._more[0](self).whole(word):
            self._plan = list(self._more[1:])
        else:
            if self._more:
                self._finish()
            self._begin(word)
            return
        self._words.append(word)
        if self._head is None:
            self._function_word(word)
            return
        self._promise(slot, word)
        self._widen(word)
        if not self._plan and not self._more:
            self._finish()

    def _promise(self, slot: Slot | None, word: str) -> None:
        """Remember a value that is named before its definition, and its type."""
        type_word, _, value = word.rpartition("_")
        match = _VALUE_WORD.match(value)
        if match is None or int(match[1]) < len(self._types) + self._defines:
            return
        assert self._head is not None
        if self._head.op == "phi":
            type_word = self._head.types[0]
        elif not type_word and isinstance(slot, Value):
            type_word = slot.type_word or ""
        self._promised.setdefault(int(match[1]), type_word)

    def _function_word(self, word: str) -> None:
        """A word of the head: marks, the result, parameters."""
        if word == "fn":
            self._plan = [Type((*_MARKS, "void"))]
        elif word in _MARKS:
            self._plan = [Type((*_MARKS, "void") if not self._result else _MARKS[2:])]
        elif not self._result:
            self._result = word
            self._more = (lambda _: Type((*_MARKS[2:], "...")),)
        elif word != "...":
            self._define(word)

    def _start(self) -> Slot:
        """The first word of a line, or what closes the function."""
        if not self._terminated:
            return Either((OneOf((f"%{len(self._types)}=",)), _HeadSlot(self, False)))
        words = [f"L{self._next_label}:"] if self._farthest >= self._next_label else []
        if self._complete():
            words += self._ends
        return OneOf(tuple(words))

    def _complete(self) -> bool:
        owed = any(self._owed.values())
        return self._farthest < self._next_label and not owed and not self._promised

    def _begin(self, word: str) -> None:
        self._words = [word]
        if word in self._ends:
            self.ended = word
        elif word.endswith(":"):
            self._enter(int(word[1:-1]))
        elif word.endswith("="):
            self._defines = True
            self._plan = [lambda function: _HeadSlot(function, True)]
            self._more = ()
            self._head = Head("", [])
        else:
            self._open(word)

    def _open(self, word: str) -> None:
        head = read_head(word)
        assert head is not None, "the slot holds words that can be read only"
        self._head = head
        self._words = [word]
        self._plan, self._more = self._places(head)
        if not self._plan and not self._more:
            self._finish()

    def _widen(self, word: str) -> None:
        """What a word says of the words that follow it."""
        assert self._head is not None
        if not self._head.op:
            self._open(word)
        elif self._head.op == "br" and len(self._words) == 2 and not word.startswith("L"):
            self._plan = [Function._first_target, Function._last_target]
        elif self._head.op in CALLS and len(self._words) > 2 and word != "...":
            type_word = word.split(".")[0]
            if not word.startswith(("%", "<", "splat", "zero", "@")) and Type().whole(type_word):
                self._plan = [functools.partial(Function._value, type_word=type_word)]

    # --- lines -------------------------------------------------------------------------------------

    def _value(self, type_word: str | None) -> Value:
        above = self._above.get(self._block)
        names = [
            _NAMES[number]
            for number, known in self._types.items()
            if (known is None or known == type_word) and (above is None or self._blocks[number] in above)
        ]
        if above is None:  # a block from behind may lie above this one, and define what is used here
            here = len(self._types)
            names += [
                _NAMES[number]
                for number in range(here + self._defines, here + _FARTHEST_VALUE)
                if self._promised.get(number, type_word) == type_word
            ]
        return Value(type_word, tuple(names), self._symbols)

    def fits(self, head: Head, *, defines: bool) -> bool:
        """May a line begin so here?"""
        if defines != (head.result != "void"):
            return False
        if head.op == "phi" and (not self._block or not self._only_phis):
            return False
        if head.op == "ret" and (head.types[0] if head.types else "void") != self._result:
            return False
        if head.op in ("ret", "unreachable") and not self._may_leave():
            return False
        promised = self._promised.get(len(self._types)) if defines else None
        return not promised or head.result is None or head.result == promised

    def _may_leave(self) -> bool:
        """Is a block that goes nowhere possible here? Not where a phi waits for its branch, or for a value that could
        not come any more."""
        return not self._owed.get(self._block) and (self._farthest >= self._next_label or not self._promised)

    def leaves(self, letters: str) -> bool | None:
        """Whether the function may be left with a word that begins so; None for letters of another word."""
        whole = "ret" if self._result == "void" else f"ret.{self._result}"
        if letters.startswith("ret"):
            return whole.startswith(letters) and self._may_leave()
        if letters.startswith("un"):
            return "unreachable".startswith(letters) and self._may_leave()
        return None

    def _places(
        self, head: Head
    ) -> tuple[list[Slot | Callable[[Function], Slot]], tuple[Callable[[Function], Slot], ...]]:
        """The words of a line behind its head, and the group of words that may follow any number of times."""
        if head.op in CALLS:
            return [Function._callee], (Function._argument,)
        if head.op == "phi":
            return [Function._incoming, Function._incoming_label], (
                Function._incoming,
                Function._incoming_label,
            )
        if head.op == "br":
            return [Function._condition_or_target], ()
        if head.op == "switch":
            value, target = functools.partial(Function._value, type_word=head.types[0]), Function._case_target
            return [value, target], (lambda _: Value(head.types[0], (), 0), target)
        return [functools.partial(Function._operand, place=each) for each in head.places], tuple(
            functools.partial(Function._operand, place=each) for each in head.more
        )

    def _callee(self) -> Slot:
        return Either((self._value("ptr"), _INTRINSIC))

    def _argument(self) -> Slot:
        return Argument(self._value)

    def _condition_or_target(self) -> Slot:
        return Either((self._value("i1"), self._only_target()))

    def _operand(self, place: Slot | str) -> Slot:
        if not isinstance(place, str):
            return place
        if place not in (INDEX, COUNT):
            return self._value(place)
        typed = [Behind(f"{type_}:", self._value(type_)) for type_ in ("i32", "i64", "i16", "i8")]
        return Either((self._value("i64"), *typed) if place == INDEX else tuple(typed))

    def _finish(self) -> bool:
        """Close the line; whether it may end here."""
        head = self._head
        self._more = ()
        if head is None:  # the function's own head
            self._head = Head("fn", [])
            return True
        if head.op == "phi" and not self._finish_phi():
            return False
        if head.op in ("br", "switch"):
            labels = self._words[1:] if head.op == "br" else self._words[2::2]
            targets = [int(word[1:]) for word in labels if word.startswith("L")]
            if not self._owed.get(self._block, frozenset()) <= set(targets):
                return False
            self._owed.pop(self._block, None)
            for target in targets:
                self._edges[target] = (*self._edges.get(target, ()), self._block)
                self._farthest = max(self._farthest, target)
        if head.op in ("br", "switch", "ret", "unreachable"):
            self._terminated = True
        if self._defines:
            self._define(head.result)
        self._only_phis = self._only_phis and head.op == "phi"
        self._defines = False
        self._head = Head("fn", [])
        return True

    def _define(self, type_word: str | None) -> None:
        number = len(self._types)
        self._types[number] = type_word
        self._blocks[number] = self._block
        self._promised.pop(number, None)

    def _enter(self, label: int) -> None:
        self._block, self._next_label = label, label + 1
        self._terminated, self._only_phis = False, True
        above: frozenset[int] | None = None
        for before in self._edges.get(label, ()):
            ways = self._above[before]
            if ways is not None:
                above = ways if above is None else above & ways
        self._above[label] = None if above is None else above | {label}

    # --- branches and phi ----------------------------------------------------------------------------

    def _targets(self) -> list[int]:
        """Blocks that this one may branch to."""
        ahead = range(self._block + 1, self._next_label + _FARTHEST_LABEL)
        behind = range(1, self._block + 1)
        owed = self._owed.get(self._block, frozenset())
        return [label for label in behind if label not in self._phis or label in owed] + list(ahead)

    def _labels(self, allowed: Callable[[frozenset[int], int], bool]) -> Slot:
        owed = self._owed.get(self._block, frozenset())
        return OneOf(tuple(f"L{label}" for label in self._targets() if allowed(owed - {label}, label)))

    def _only_target(self) -> Slot:
        return self._labels(lambda rest, _: not rest)

    def _first_target(self) -> Slot:
        return self._labels(lambda rest, _: len(rest) <= 1)

    def _last_target(self) -> Slot:
        first = int(self._words[-1][1:])
        return self._labels(lambda rest, label: label != first and not rest - {first})

    def _case_target(self) -> Slot:
        return self._labels(lambda *_: True)

    def _incoming(self) -> Slot:
        assert self._head is not None
        type_word = self._head.types[0]
        known = len(self._types)
        names = [
            f"%{number}"
            for number in range(known + _FARTHEST_VALUE)
            if (self._types.get(number) or self._promised.get(number) or type_word) == type_word
            and (number != known or self._head.result == type_word)
            and self._sources(f"%{number}")
        ]
        return Value(type_word, tuple(names), self._symbols)

    def _incoming_label(self) -> Slot:
        return OneOf(tuple(f"L{label}" for label in self._sources(self._words[-1])))

    def _sources(self, value: str) -> list[int]:
        """Blocks from which this value may come into the phi that is being written."""
        listed = [int(word[1:]) for word in self._words[2::2]]
        left = Counter(self._edges.get(self._block, ())) - Counter(listed)
        before = [label for label in left if self._reaches(value, label)]
        fixed = self._phis.get(self._block)
        ahead = range(self._block, self._next_label + _FARTHEST_LABEL)
        if fixed is not None:
            ours = Counter(fixed) - Counter(listed)
            return [label for label in ours if label >= self._block or label in before]
        return before + [label for label in ahead if label not in listed]

    def _reaches(self, value: str, label: int) -> bool:
        """Is it defined on every way to the end of `label`, a block that is written?"""
        match = _VALUE_WORD.match(value)
        if match is None:
            return True
        block = self._blocks.get(int(match[1]))
        above = self._above[label]
        return above is None or block in above

    def _finish_phi(self) -> bool:
        assert self._head is not None
        listed = [int(word[1:]) for word in self._words[2::2]]
        if Counter(self._edges.get(self._block, ())) - Counter(listed):
            return False
        fixed = self._phis.get(self._block)
        if fixed is not None:
            if Counter(fixed) != Counter(listed):
                return False
        else:
            self._phis[self._block] = tuple(listed)
            for label in listed:
                if label >= self._block:
                    self._owed[label] = self._owed.get(label, frozenset()) | {self._block}
                    self._farthest = max(self._farthest, label)
        return True


class _HeadSlot:
    """The first word of an instruction."""

    def __init__(self, function: Function, defines: bool) -> None:
        self._function = function
        self._defines = defines

    def begins(self, letters: str) -> bool:
        leaves = None if self._defines else self._function.leaves(letters)
        return head_begins(letters, defines=self._defines) if leaves is None else leaves

    def whole(self, word: str) -> bool:
        head = read_head(word)
        return head is not None and self._function.fits(head, defines=self._defines)

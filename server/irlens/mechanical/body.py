"""A function as blocks of pinned effects over floating values, and the passes that keep it small."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from irlens.mechanical.convention import Variable
from irlens.mechanical.flow import Place
from irlens.mechanical.prototypes import Prototype
from irlens.mechanical.values import PINNED, Graph, Value, reachable


@dataclass
class Effect:
    """Something that happens in order. `kind`: "load" (`value` is the result), "store" (`value` is stored) or
    "call"."""

    kind: str
    place: Place
    address: Value | None = None
    value: Value | None = None
    call: Call | None = None
    number: int = 0
    """Of a store or a call: where it stands among the values (see `Graph.mark`)."""


@dataclass
class Call:
    """A call. `target` is a constant address for a direct one. `registers` holds what every argument register
    had; `left` what the call left behind, as far as somebody reads it. `stack` is the stack pointer at the
    call, `outgoing` what lies there in words of 8 bytes. After `decide`, `arguments` and `result` are set."""

    place: Place
    target: Value
    registers: dict[Variable, Value]
    stack: Value
    tail: bool = False
    count: Value | None = None
    """What the register has that a variadic callee expects the number of vector registers in."""
    left: dict[Variable, Value] = field(default_factory=dict)
    outgoing: list[Value] = field(default_factory=list)
    arguments: list[Value] = field(default_factory=list)
    decided: bool = False
    name: str = ""
    outside: bool = False
    """Whether the callee is of no section of this object: only then its name says anything."""
    prototype: Prototype | None = None
    variadic: bool = False
    written: frozenset[Variable] = frozenset()
    """Integer argument registers that were written, if only with what they had, since the function's entry or
    the call before, on some path."""
    whole: frozenset[Variable] = frozenset()
    """Registers whose 64 bits the block before it wrote with one number."""
    letters: str = ""
    """Of the arguments of this call alone, where its callee takes any number (as in `prototypes`)."""


@dataclass
class BodyBlock:
    start: Place
    phis: list[Value] = field(default_factory=list)
    """In pinned order; `data` is the variable, `args` go with `before`."""
    effects: list[Effect] = field(default_factory=list)
    end: str = "stop"
    targets: list[int] = field(default_factory=list)
    condition: Value | None = None
    """Of a "branch" (1 bit) or an "indirect" jump (64 bits), or the index of a "switch"."""
    cases: list[int] = field(default_factory=list)
    """Of a "switch": the case values that go with `targets` in order."""
    results: dict[Variable, Value] = field(default_factory=dict)
    """Of a "return": what the result registers hold."""
    stack: Value | None = None
    link: Value | None = None
    before: list[int] = field(default_factory=list)
    place: Place = (0, 0)
    whole: frozenset[Variable] = frozenset()
    """As in `Call`, at a return."""


@dataclass
class Body:
    graph: Graph
    blocks: list[BodyBlock]
    entries: dict[Variable, Value]
    jumps: set[Value] = field(default_factory=set)
    """What was computed only to find a place in a jump table."""

    def operands(self, *, guesses: bool = True) -> Iterator[Value]:
        """Values that something depends on, without phis: those live through others. `guesses`: also what
        argument registers hold at calls that are not decided yet."""
        for block in self.blocks:
            for effect in block.effects:
                yield from effect_operands(effect, guesses=guesses)
            if block.condition is not None:
                yield block.condition
            yield from block.results.values()
            if block.stack is not None:
                yield block.stack
            if block.link is not None:
                yield block.link

    def live(self, *, guesses: bool = True) -> set[Value]:
        """Everything that is used. A load counts when its result is used."""
        return reachable(self.operands(guesses=guesses))

    def tidy(self) -> None:
        """Simplify again from the leaves, drop phis of one value and loads that nobody reads, until nothing
        changes."""
        for _ in range(50):
            changed = self._forward()
            self._drop_dead()
            if not changed:
                return

    def _drop_dead(self) -> None:
        live = self.live()
        for block in self.blocks:
            block.phis = [phi for phi in block.phis if phi in live]
            block.effects = [
                effect for effect in block.effects if effect.kind not in ("load",) or effect.value in live
            ]

    def _forward(self) -> bool:
        """Replace phis, and rings of phis, into which only one value comes. Each is taken to be nothing at
        first, then what comes into it, then itself once two values do."""
        phis = [phi for block in self.blocks for phi in block.phis]
        known: dict[Value, Value | None] = dict.fromkeys(phis)
        changed = True
        while changed:
            changed = False
            for phi in phis:
                if known[phi] is phi:
                    continue
                coming = {known.get(arg, arg) for arg in phi.args} - {None}
                now = phi if len(coming) > 1 else coming.pop() if coming else None
                if now is not known[phi]:
                    known[phi] = now
                    changed = True
        return self.substitute(
            {phi: value for phi, value in known.items() if value is not None and value is not phi}
        )

    def substitute(self, replaced: dict[Value, Value]) -> bool:
        """Put values in the place of pinned ones, simplifying what uses them. Answers whether anything
        changed."""
        memo: dict[Value, Value] = {}
        graph = self.graph
        changed = bool(replaced)

        def final(value: Value) -> Value:
            seen = set()
            while value in replaced and value not in seen:
                seen.add(value)
                value = replaced[value]
            return value

        def new(value: Value) -> Value:
            found = memo.get(value)
            if found is not None:
                return found
            result = final(value)
            if result is not value:
                result = new(result)
            elif value.op not in PINNED and value.args:
                args = tuple(new(arg) for arg in value.args)
                if args != value.args or value.op != "const":
                    result = graph.make(value.op, args, value.bits, value.data)
                    result.home = result.home or value.home
            memo[value] = result
            return result

        def put(value: Value) -> Value:
            nonlocal changed
            result = new(value)
            if result is not value:
                changed = True
            return result

        for block in self.blocks:
            block.phis = [phi for phi in block.phis if phi not in replaced]
            for phi in block.phis:
                phi.args = tuple(put(arg) for arg in phi.args)
            for effect in block.effects:
                _map_effect(effect, put)
            if block.condition is not None:
                block.condition = put(block.condition)
            if block.stack is not None:
                block.stack = put(block.stack)
            if block.link is not None:
                block.link = put(block.link)
            block.results = {place: put(value) for place, value in block.results.items()}
        return changed

    def drop_unreachable(self) -> None:
        """Take out edges whose condition is known and blocks that nothing reaches."""
        changed = False
        for index, block in enumerate(self.blocks):
            if block.end == "branch" and block.condition is not None:
                known = block.condition.constant
                if len(set(block.targets)) == 1:
                    block.end, block.targets, block.condition = "goto", block.targets[:1], None
                    continue
                if known is None:
                    continue
                keep = block.targets[0 if known else 1]
                gone = block.targets[1 if known else 0]
                block.end, block.targets, block.condition = "goto", [keep], None
                self.cut_edge(index, gone)
                changed = True
        if not changed:
            return
        seen = {0}
        todo = [0]
        while todo:
            for target in self.blocks[todo.pop()].targets:
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        for index, block in enumerate(self.blocks):
            if index not in seen and block.end != "gone":
                for target in dict.fromkeys(block.targets):
                    while index in self.blocks[target].before:
                        self.cut_edge(index, target)
                block.phis, block.effects, block.results = [], [], {}
                block.end, block.targets, block.condition, block.stack = "gone", [], None, None
                block.link = None
        self.tidy()

    def cut_edge(self, source: int, target: int) -> None:
        block = self.blocks[target]
        at = block.before.index(source)
        del block.before[at]
        for phi in block.phis:
            phi.args = phi.args[:at] + phi.args[at + 1 :]


def effect_operands(effect: Effect, *, guesses: bool = True) -> Iterator[Value]:
    if effect.kind == "store":
        assert effect.address is not None
        assert effect.value is not None
        yield effect.address
        yield effect.value
    elif effect.call is not None:
        call = effect.call
        yield call.target
        if call.decided:
            yield from call.arguments
        elif guesses:
            yield call.stack
            yield from call.registers.values()
            yield from call.outgoing
            if call.count is not None:
                yield call.count


def _map_effect(effect: Effect, put: Callable[[Value], Value]) -> None:
    if effect.kind == "load":
        assert effect.value is not None
        assert effect.address is not None
        effect.address = put(effect.address)
        effect.value.args = (effect.address,)
    elif effect.kind == "store":
        assert effect.value is not None
        assert effect.address is not None
        effect.address = put(effect.address)
        effect.value = put(effect.value)
    elif effect.call is not None:
        call = effect.call
        call.target = put(call.target)
        call.registers = {place: put(value) for place, value in call.registers.items()}
        call.stack = put(call.stack)
        call.count = put(call.count) if call.count is not None else None
        call.outgoing = [put(value) for value in call.outgoing]
        call.arguments = [put(value) for value in call.arguments]

"""Static single assignment over P-code's storage: registers and temporaries in pieces of 8 bytes, flags in
single bytes, and the slots of the frame that are known to be nobody else's.

Method: Braun et al., "Simple and Efficient Construction of Static Single Assignment Form" (CC 2013), with
the blocks in reverse postorder and all of them known beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from irlens.mechanical.body import Body, BodyBlock, Call, Effect
from irlens.mechanical.convention import Convention, Variable
from irlens.mechanical.flow import End, Flow, Place
from irlens.mechanical.machine_code import Op, Varnode
from irlens.mechanical.meaning import apply
from irlens.mechanical.pushes import pushes_of_return_addresses
from irlens.mechanical.rounding import refused
from irlens.mechanical.values import Graph, Value, from_entry, reachable

_RETURN_TO = Varnode("register", 0x288, 8)
"""rip, into which P-code's x86 `ret` loads the return address."""


@dataclass
class Slots:
    """Which memory operations are on frame slots of the function's own.

    `places` gives for a load or store the atoms it covers, lowest first, as (offset, bytes). An offset counts
    from the stack pointer at entry."""

    places: dict[Place, list[tuple[int, int]]] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)


class Builder:
    """Builds a `Body`; one use."""

    def __init__(self, flow: Flow, convention: Convention, slots: Slots, *, literal: bool = False) -> None:
        self.flow = flow
        self.convention = convention
        self.slots = slots
        self.graph = Graph(convention.stack_alignment, literal=literal)
        self.order = flow.reverse_postorder()
        self.index = {place: number for number, place in enumerate(self.order)}
        self.blocks = [BodyBlock(place) for place in self.order]
        for number, place in enumerate(self.order):
            flow_block = flow.blocks[place]
            self.blocks[number].before = [self.index[p] for p in flow_block.before if p in self.index]
            self.blocks[number].targets = [self.index[target] for target in flow_block.end.targets]
        if self.blocks[0].before:  # a loop to the entry: the way in from outside needs an edge of its own
            self._enter_from_outside()
        self.defined: list[dict[Variable, Value]] = [{} for _ in self.blocks]
        self.clobber: list[Call | None] = [None for _ in self.blocks]
        self.live_in: list[dict[Variable, Value]] = [{} for _ in self.blocks]
        self.done: set[int] = set()
        self.pending: list[tuple[int, Variable, Value]] = []
        self.entries: dict[Variable, Value] = {}
        self.now = 0
        self.place: Place = (0, 0)
        self.touched: list[tuple[Call, Variable, Value]] = []
        self.whole: set[Variable] = set()
        """Registers of which the block wrote all 64 bits with a number, or copied them."""
        self.counted = False
        """Whether the block last wrote but the low byte of the first result register: x86-64's al."""
        self.loaded: dict[tuple[int, Value, int], Value] = {}
        """What the block's instructions have read, by instruction, address and bits."""
        self.looking: set[tuple[int, Variable]] = set()
        self.closing = False
        """Whether every block is filled: from then on a phi is put down before its operands are looked for."""

    def _enter_from_outside(self) -> None:
        outside = BodyBlock((-1, 0))
        outside.end = "goto"
        self.blocks = [outside, *self.blocks]
        self.order = [(-1, 0), *self.order]
        self.index = {place: number for number, place in enumerate(self.order)}
        for block in self.blocks[1:]:
            block.before = [number + 1 for number in block.before]
            block.targets = [number + 1 for number in block.targets]
        self.blocks[1].before.append(0)
        outside.targets = [1]

    def build(self) -> Body:
        for number, place in enumerate(self.order):
            self.now = number
            if place[0] != -1:
                self._fill(number, place)
            self.done.add(number)
        self.closing = True
        while self.pending:
            number, variable, phi = self.pending.pop()
            phi.args = tuple(self._at_end(before, variable) for before in self.blocks[number].before)
        for call, variable, value in self.touched:
            if any(leaf.constant == 1 for leaf in reachable([value])):
                call.written |= {variable}
        body = Body(self.graph, self.blocks, self.entries)
        body.tidy()
        body.drop_unreachable()
        return body

    # Variables

    def width(self, variable: Variable) -> int:
        space, offset = variable
        if space == "s":
            return self.slots.sizes[offset] * 8
        if space == "w" or (space == "r" and offset in self.convention.flags):
            return 8
        return 64

    def get(self, variable: Variable) -> Value:
        return self._at_end(self.now, variable)

    def put(self, variable: Variable, value: Value) -> None:
        self.defined[self.now][variable] = value

    def _at_end(self, number: int, variable: Variable) -> Value:
        found = self.defined[number].get(variable)
        if found is not None:
            return found
        if variable in self.convention.zeros:
            return self.graph.const(0, 64)
        call = self.clobber[number]
        if call is not None and variable[0] == "r" and variable not in self.convention.kept:
            return self._left(call, variable, self.defined[number])
        return self._at_start(number, variable)

    def _left(self, call: Call, variable: Variable, into: dict[Variable, Value]) -> Value:
        value = call.left.get(variable)
        if value is None:
            bits = self.width(variable)
            if variable in self.convention.results[:1] and self._gives_int(call):
                bits = 32
            value = call.left[variable] = self.graph.pin("left", (), bits, (variable, call))
        if value.bits < self.width(variable):
            # The rest of the register is anything at all.
            rest = ("rest", variable[1])
            if rest not in call.left:
                call.left[rest] = self.graph.pin("left", (), self.width(variable) - value.bits, (rest, call))
            value = self.graph.piece(call.left[rest], value)
        into[variable] = value
        return value

    def _gives_int(self, call: Call) -> bool:
        prototype = call.prototype
        return prototype is not None and prototype.result == "i"

    def _at_start(self, number: int, variable: Variable) -> Value:
        known = self.live_in[number]
        found = known.get(variable)
        if found is not None:
            return found
        before = self.blocks[number].before
        if not before:
            value = self._entry(variable)
        elif len(before) == 1 and before[0] in self.done:
            value = self._at_end(before[0], variable)
        elif (number, variable) in self.looking:
            value = self._phi(number, variable)  # the search came round a loop
        elif not self.closing and all(each in self.done for each in before):
            self.looking.add((number, variable))
            values = {self._at_end(each, variable) for each in before}
            self.looking.discard((number, variable))
            if variable in known:
                return known[variable]
            value = values.pop() if len(values) == 1 else self._phi(number, variable)
        else:
            value = self._phi(number, variable)
        known[variable] = value
        return value

    def _phi(self, number: int, variable: Variable) -> Value:
        phi = self.graph.pin("phi", (), self.width(variable), variable)
        phi.home = self.convention.place_name(variable)
        self.blocks[number].phis.append(phi)
        self.pending.append((number, variable, phi))
        return phi

    def _entry(self, variable: Variable) -> Value:
        if variable[0] == "w":
            return self.graph.const(0, 8)
        if variable == self.convention.stack:
            return self.graph.raw("sp", (), 64)
        if variable in self.convention.entry_zero:
            return self.graph.const(0, self.width(variable))
        if variable not in self.entries:
            self.entries[variable] = self.graph.pin("entry", (), self.width(variable), variable)
        return self.entries[variable]

    # Storage

    def read(self, node: Varnode) -> Value:
        """The value of a varnode, `node.size` * 8 bits."""
        if node.space == "const":
            return self.graph.const(node.offset, node.size * 8)
        if node.space == "ram":
            return self.load(self.address(node.offset), node.size * 8, self.place)
        space = node.space[0]
        if space == "r" and node.offset in self.convention.flags and node.size == 1:
            return self.get(("r", node.offset))
        if node.size == 8 and node.offset % 8 == 0:
            return self.get((space, node.offset))
        start = node.offset & ~7
        value = self.get((space, start))
        for at in range(start + 8, node.offset + node.size, 8):
            value = self.graph.piece(self.get((space, at)), value)
        return self.graph.extract(value, (node.offset - start) * 8, node.size * 8)

    def write(self, node: Varnode, value: Value) -> None:
        if value.bits == 1 and node.size >= 1:
            value = self.graph.zext(value, node.size * 8)
        assert value.bits == node.size * 8, (node, value)
        if node.space == "ram":
            self.store(self.address(node.offset), value, self.place)
            return
        if node.space == "register":
            self._put_in(("r", node.offset & ~7), value)
        space = node.space[0]
        if space == "r" and node.offset in self.convention.flags and node.size == 1:
            self.put(("r", node.offset), value)
            return
        position = 0
        while position < node.size:
            at = node.offset + position
            start = at & ~7
            skip = at - start
            size = min(8 - skip, node.size - position)
            part = self.graph.extract(value, position * 8, size * 8)
            if size < 8:
                old = self.get((space, start))
                if skip:
                    part = self.graph.piece(part, self.graph.extract(old, 0, skip * 8))
                if skip + size < 8:
                    rest = self.graph.extract(old, (skip + size) * 8, 64 - (skip + size) * 8)
                    part = self.graph.piece(rest, part)
            self.put((space, start), part)
            self._touch(start, space)
            position += size

    def _put_in(self, variable: Variable, value: Value) -> None:
        """Note where a value is put first. What is only extended on its way there is put there, too."""
        name = self.convention.names.get(variable, "")
        while not value.home:
            value.home = name
            if value.op not in ("zext", "sext"):
                break
            value = value.args[0]

    def _touch(self, offset: int, space: str) -> None:
        if space == "r" and ("r", offset) in self.convention.integers:
            self.put(("w", offset), self.graph.const(1, 8))

    def address(self, number: int) -> Value:
        """An absolute address in the code. One outside the image is a number: gcc reads 0 where C has no meaning."""
        if self.flow.image.region_of(number) is None:
            return self.graph.const(number, 64)
        return self.graph.addr(number)

    def load(self, address: Value, bits: int, place: Place) -> Value:
        atoms = self.slots.places.get(place)
        if atoms is not None:
            value: Value | None = None
            for offset, _ in atoms:
                part = self.get(("s", offset))
                value = part if value is None else self.graph.piece(part, value)
            assert value is not None
            return value
        if address.op == "addr":
            target = self.flow.image.got_target(address.data)
            if target is not None and bits == 64:
                return self.graph.addr(target)
            known = self.flow.image.constant(address.data, bits // 8)
            if known is not None and not (self.graph.literal and self._moves_a_word(place)):
                return self.graph.const(known, bits)
        if self._is_guard(address) and bits == 64:
            return self.graph.raw("guard", (), 64)
        again = (place[0], address, bits)
        if self.graph.literal and again in self.loaded:  # P-code reads an operand anew for every flag
            return self.loaded[again]
        value = self.loaded[again] = self.graph.pin("load", (address,), bits, place)
        self.blocks[self.now].effects.append(Effect("load", place, address, value))
        return value

    def _moves_a_word(self, place: Place) -> bool:
        """Whether this is a plain load into an integer register, which a compiler has no need to use for numbers."""
        words = self.flow.instructions[place[0]].text.lower().split()
        return words[0] == "mov" or (words[0] == "ldr" and words[1][0] in "wx")

    def _is_guard(self, address: Value) -> bool:
        """Whether this is where the stack protector keeps its word: fs:0x28 on x86-64 Linux."""
        return (
            address.op == "add"
            and address.args[1].constant == 0x28
            and address.args[0].op == "entry"
            and self.convention.names.get(address.args[0].data) == "fs"
        )

    def store(self, address: Value, value: Value, place: Place) -> None:
        atoms = self.slots.places.get(place)
        if atoms is not None:
            low = 0
            for offset, size in atoms:
                self.put(("s", offset), self.graph.extract(value, low, size * 8))
                low += size * 8
            return
        self.blocks[self.now].effects.append(Effect("store", place, address, value, number=self.graph.mark()))

    # Blocks

    def _fill(self, number: int, start: Place) -> None:
        flow_block = self.flow.blocks[start]
        block = self.blocks[number]
        self.whole, self.counted = set(), False
        self.loaded = {}
        skipped = pushes_of_return_addresses(flow_block.ops, self.convention)
        for place, op in flow_block.ops:
            if place in skipped:
                continue
            self.place = place
            if op.name in ("CALL", "CALLIND"):
                if op.name == "CALL":
                    target = self.graph.addr(op.ins[0].offset)
                else:
                    target = self._marked(place, op.ins[0], self.read(op.ins[0]))
                self._call(target, place, tail=False)
            else:
                self._apply(op, place)
        self._finish(block, flow_block.end)

    def _apply(self, op: Op, place: Place) -> None:
        if place[1] == 0 and self.convention.architecture == "aarch64":
            name = self.flow.instructions[place[0]].text.split()[0].lower()
            if refused(name):
                raise self.flow.refuse(place[0], "Ghidra's meaning of it is not the machine's", name)
        if op.name == "LOAD":
            assert op.out is not None
            if op.out == _RETURN_TO and self.convention.return_slot:
                return
            address = self._marked(place, op.ins[1], self.read(op.ins[1]))
            self.write(op.out, self.load(address, op.out.size * 8, place))
        elif op.name == "STORE":
            value = self._marked(place, op.ins[2], self.read(op.ins[2]))
            self.store(self._marked(place, op.ins[1], self.read(op.ins[1])), value, place)
        else:
            args = tuple(self._marked(place, each, self.read(each)) for each in op.ins)
            result = apply(self, op, args, place)
            if op.out is not None and result is not None:
                self.write(op.out, result)
        if op.out is not None and op.out.space == "register":
            self._note_whole(op, op.out)

    def _note_whole(self, op: Op, out: Varnode) -> None:
        """x86-64 writes 64 bits with a small number as it writes 32; only a zero it takes from another register."""
        written = ("r", out.offset & ~7)
        if written == self.convention.results[0]:
            self.counted = out.size == 1
        source = op.ins[0] if op.ins else None
        if self.convention.return_slot:
            zero = op.name == "COPY" and source is not None and source.space == "register"
            if op.name == "INT_ZEXT" and source is not None and source.offset == out.offset:
                return
            whole = zero and source is not None and self.read(source).constant == 0
        else:
            whole = op.name == "COPY" and out.size == 8
        if whole:
            self.whole.add(written)
        else:
            self.whole.discard(written)

    def _marked(self, place: Place, node: Varnode, value: Value) -> Value:
        """A constant that is an address of the image becomes one."""
        if node.space == "const" and node.size >= 4 and self.flow.is_address(place[0], node.offset):
            number = self.graph.addr(node.offset)
            return number if node.size == 8 else self.graph.extract(number, 0, node.size * 8)
        return value

    def _call(self, target: Value, place: Place, *, tail: bool) -> Call:
        convention = self.convention
        watched = [*convention.integers, *convention.floats]
        registers = {variable: self.get(variable) for variable in watched}
        for variable in convention.floats:
            upper = ("r", variable[1] + 8)
            registers[upper] = self.get(upper)
        region = self.flow.image.region_of(target.data) if target.op == "addr" else None
        if region is not None and region.executable:  # see `keep_what_callees_keep`
            registers |= {variable: self.get(variable) for variable in convention.scratch}
        elif convention.result_pointer is not None:
            registers[convention.result_pointer] = self.get(convention.result_pointer)
        call = Call(place, target, registers, self.get(convention.stack), tail)
        symbol = self.flow.image.at(target.data) if target.op == "addr" else None
        if symbol is not None:
            call.name, call.outside = symbol.name, not self.flow.image.defines(symbol)
            call.prototype = self.flow.prototype_of(symbol.name, outside=call.outside)
        call.whole = frozenset(self.whole)
        if convention.architecture == "x86_64" and (self.counted or not self.graph.literal):
            call.count = self.get(convention.results[0])
        self._outgoing(call)
        for variable in convention.integers:
            touched = ("w", variable[1])
            self.touched.append((call, variable, self.get(touched)))
            self.put(touched, self.graph.const(0, 8))
        self.blocks[self.now].effects.append(Effect("call", place, call=call, number=self.graph.mark()))
        defined = self.defined[self.now]
        for variable in [v for v in defined if v[0] == "r" and v not in convention.kept]:
            del defined[variable]
        self.clobber[self.now] = call
        return call

    def _outgoing(self, call: Call) -> None:
        """What lies at the stack pointer, as far as this function's slots say."""
        stack = call.stack
        offset = from_entry(stack)
        if offset is None:
            return
        at = offset + (self.convention.return_slot if call.tail else 0)
        while len(call.outgoing) < 16:
            parts = []
            end = at + 8
            position = at
            while position < end and position in self.slots.sizes:
                parts.append(position)
                position += self.slots.sizes[position]
            if not parts or position > end:
                break
            value = self.get(("s", parts[0]))
            for part in parts[1:]:
                value = self.graph.piece(self.get(("s", part)), value)
            passed = (*self.convention.integers, *self.convention.floats)
            if value.op == "entry" and value.data[0] == "r" and value.data not in passed:
                break  # a saved register, or one pushed only to move the stack pointer
            if value.op == "entry" and value.data[0] == "s" and value.data[1] < self.convention.return_slot:
                break  # a slot that nothing was put in on this way
            call.outgoing.append(value)
            at += 8

    def _finish(self, block: BodyBlock, end: End) -> None:
        flow_block = self.flow.blocks[block.start]
        place = flow_block.end.place
        block.place = self.place = place
        block.end = end.kind
        held = self.read(end.varnode) if end.varnode is not None else None
        if end.kind == "branch" and held is not None:
            block.condition = self.graph.truth(held)
        elif end.kind == "indirect" and held is not None:
            block.condition = held
            block.stack = self.get(self.convention.stack)
            if not end.targets and place[0] in self.flow.leaving:
                self._leave(block, held, place)
        elif end.kind == "leave":
            self._leave(block, self.graph.addr(end.address), place)
        elif end.kind == "return":
            self._return(block)
            block.link = held
            block.stack = self.get(self.convention.stack)

    def _leave(self, block: BodyBlock, target: Value, place: Place) -> None:
        block.stack = self.get(self.convention.stack)
        self._call(target, place, tail=True)
        block.end = "return"
        block.condition = None
        self._return(block)

    def _return(self, block: BodyBlock) -> None:
        convention = self.convention
        block.whole = frozenset(self.whole)
        for variable in (*convention.results, *convention.float_results):
            block.results[variable] = self.get(variable)
        for variable in convention.float_results:
            upper = ("r", variable[1] + 8)
            block.results[upper] = self.get(upper)

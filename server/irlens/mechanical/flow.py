"""From a function's bytes to blocks of P-code, with every branch resolved to a block or to the outside.

Blocks are cut at the level of P-code operations, not of instructions: some instructions branch inside.
A jump through a register is left open; `Flow.resolve` names its targets later, when its table is understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.image import Image, Symbol
from irlens.mechanical.machine_code import Instruction, Op, Varnode
from irlens.mechanical.prototypes import NEVER_RETURN, PROTOTYPES, Prototype

Place = tuple[int, int]
"""An instruction's address and the index of one of its operations."""
Decode = Callable[[str, bytes, int], Instruction]
MAX_INSTRUCTIONS = 3000
_DEPTH = 2
"""Callees of callees whose way back is still looked for."""
_LOOKED_AT = 400
"""Bytes of a callee that is looked through for a way back."""

TRAPS = ("ud2", "brk", "hlt", "udf", "int3")


@dataclass
class End:
    """How a block ends. `kind`: "goto", "branch" (taken, else), "leave" (a jump out of the function to
    `address`), "indirect" (a jump to what `varnode` holds), "return", "trap", "stop" (behind a call that
    does not come back)."""

    kind: str
    targets: tuple[Place, ...] = ()
    varnode: Varnode | None = None
    address: int = 0
    place: Place = (0, 0)
    """Of the operation that ends the block."""


@dataclass
class FlowBlock:
    start: Place
    ops: list[tuple[Place, Op]] = field(default_factory=list)
    end: End = field(default_factory=lambda: End("stop"))
    before: list[Place] = field(default_factory=list)


class Flow:
    """The blocks of one function. `blocks` is in address order, the entry first."""

    def __init__(
        self,
        image: Image,
        function: str,
        decode: Decode,
        depth: int = 0,
        declared: Mapping[str, Prototype] = MappingProxyType({}),
    ) -> None:
        """`declared`: prototypes by name that count more than those of the C library."""
        self.image = image
        self._depth = depth
        self._declared = declared
        self.symbol = image.function(function)
        self._decode = decode
        self.instructions: dict[int, Instruction] = {}
        self._extra: dict[int, tuple[int, ...]] = {}
        self._outs: dict[Place, int] = {}
        self.leaving: set[int] = set()
        """Addresses of indirect jumps that go to another function."""
        start = self.symbol.address
        self._ranges = [range(start, start + self.symbol.size)]
        self.blocks: dict[Place, FlowBlock] = {}
        self._build()

    def of(self, function: str) -> Flow:
        """Another function of the same object."""
        return Flow(self.image, function, self._decode, self._depth + 1, self._declared)

    @property
    def own_prototype(self) -> Prototype | None:
        """The function's own, where one was declared."""
        return self._declared.get(self.symbol.name)

    def prototype_of(self, name: str, *, outside: bool) -> Prototype | None:
        """A callee's: the name of one that is `outside` of the object says which function of the C library it is."""
        found = self._declared.get(name) or (PROTOTYPES.get(name) if outside else None)
        if found is not None and found.result in "ch":
            # A caller may count on more bits than the type has, since most callees give them.
            found = replace(found, result="i")
        return found

    def resolve(self, address: int, targets: tuple[int, ...]) -> bool:
        """Name the targets of the indirect jump at `address`; answers whether that is news."""
        if self._extra.get(address) == targets:
            return False
        self._extra[address] = targets
        self._build()
        return True

    def is_address(self, instruction: int, number: int) -> bool:
        """Whether a constant of the instruction is an address of the image: it was relocated, or it is
        relative to the instruction's own place."""
        if self.image.region_of(number) is None:
            return False
        found = self.instructions[instruction]
        if any(byte in self.image.places for byte in range(instruction, found.end)):
            return True
        region = self.image.region_of(instruction)
        assert region is not None
        code = bytes(region.data[instruction - region.start : found.end - region.start])
        if self.image.architecture == "aarch64":
            return code[3] & 0x1F == 0x10  # adr, adrp
        if code[0] & 0xF0 == 0x40:
            code = code[1:]
        return code[0] == 0x8D and code[1] & 0xC7 == 5  # lea with an address relative to rip

    def inside(self, address: int) -> bool:
        return any(address in part for part in self._ranges)

    def offset(self, address: int) -> int:
        """For messages: bytes from the function's beginning."""
        return address - self.symbol.address

    def refuse(self, address: int, why: str, what: str = "") -> Uncovered:
        """An error that names the instruction."""
        instruction = self.instructions.get(address)
        text = instruction.text if instruction else "?"
        return Uncovered(
            f"`{text}` at {self.symbol.name}+{self.offset(address):#x}: {why}.",
            what or text.split()[0].lower(),
            self.offset(address),
        )

    def first_reader(self, variable: tuple[str, int]) -> int | None:
        """The address of the first instruction, from the top, that looks at a register; None where that is not to be seen.
        Saving one on the stack is no looking."""
        if variable[0] != "r":
            return None
        for address, instruction in sorted(self.instructions.items()):
            saves = instruction.text.startswith("PUSH ")
            reads = (each for op in instruction.ops for each in op.ins if each.space == "register")
            if not saves and any(each.offset <= variable[1] < each.offset + each.size for each in reads):
                return address
        return None

    def written_by(self, address: int) -> frozenset[int] | None:
        """Offsets of the 8-byte register pieces that the object's function at the address, and all that it
        calls, may write; None where that is not to be seen."""
        known = self.image.written
        if address not in known:
            known[address] = self._written_by(address)
        return known[address]

    def _written_by(self, address: int) -> frozenset[int] | None:
        found: set[int] = set()
        todo, seen = [address], set()
        while todo:
            start = todo.pop()
            if start in seen:
                continue
            seen.add(start)
            symbol = self.image.at(start)
            region = self.image.region_of(start)
            if symbol is None or region is None or not region.executable or len(seen) > 8:
                return None
            code = self._straight(self.image.function(symbol.name))
            if code is None:
                return None
            for instruction in code:
                for op in instruction.ops:
                    if op.out is not None and op.out.space == "register":
                        found.update(range(op.out.offset & ~7, op.out.offset + op.out.size, 8))
                    if op.name in ("CALLIND", "BRANCHIND") or op.name.startswith("CALLOTHER"):
                        return None
                    if op.name == "CALL" or (
                        op.name in ("BRANCH", "CBRANCH")
                        and op.ins[0].space == "ram"
                        and not symbol.address <= op.ins[0].offset < code[-1].end
                    ):
                        todo.append(op.ins[0].offset)
        return frozenset(found)

    def _straight(self, symbol: Symbol) -> list[Instruction] | None:
        """A function's instructions one after the other, or None."""
        region = self.image.region_of(symbol.address)
        assert region is not None
        found: list[Instruction] = []
        address = symbol.address
        while address < symbol.address + symbol.size:
            at = address - region.start
            try:
                instruction = self._decoded(address, bytes(region.data[at : at + 16]))
            except Uncovered:
                return None
            if instruction.length <= 0 or len(found) >= MAX_INSTRUCTIONS // 4:
                return None
            found.append(instruction)
            address = instruction.end
        return found or None

    def _decoded(self, address: int, code: bytes) -> Instruction:
        known = self.image.decoded.get(address)
        if known is None or known.length > len(code):
            known = self.image.decoded[address] = self._decode(self.image.architecture, code, address)
        return known

    def _fetch(self, address: int) -> Instruction:
        found = self.instructions.get(address)
        if found is not None:
            return found
        if len(self.instructions) >= MAX_INSTRUCTIONS:
            raise Uncovered(
                f"The function has more than {MAX_INSTRUCTIONS} instructions. Lift a smaller one.", "size"
            )
        region = self.image.region_of(address)
        assert region is not None
        at = address - region.start
        limit = next(part.stop for part in self._ranges if address in part) - region.start
        try:
            found = self._decoded(address, bytes(region.data[at : min(at + 16, limit)]))
        except Uncovered as error:
            where = f"{self.symbol.name}+{self.offset(address):#x}"
            raise Uncovered(f"At {where}: {error}", error.what, self.offset(address)) from error
        if found.length <= 0:
            raise Uncovered(f"No instruction at {self.symbol.name}+{self.offset(address):#x}.", "bad bytes")
        for byte in range(address, found.end):
            problem = self.image.places.get(byte)
            if problem:
                self.instructions[address] = found
                raise self.refuse(address, f"it refers to {problem}", "relocation " + problem.split()[0])
        self.instructions[address] = found
        return found

    def reverse_postorder(self) -> list[Place]:
        """The blocks so that all but loops come before what they lead to; the entry first."""
        entry = (self.symbol.address, 0)
        order: list[Place] = []
        seen = {entry}
        stack = [(entry, iter(self.blocks[entry].end.targets))]
        while stack:
            place, targets = stack[-1]
            for target in targets:
                if target not in seen:
                    seen.add(target)
                    stack.append((target, iter(self.blocks[target].end.targets)))
                    break
            else:
                order.append(place)
                stack.pop()
        return order[::-1]

    def _build(self) -> None:
        entry = (self.symbol.address, 0)
        leaders = {entry}
        ends: dict[Place, End] = {}
        seen: set[Place] = set()
        todo = [entry]
        while todo:
            place = todo.pop()
            while place not in seen:
                seen.add(place)
                end, following = self._step(place)
                if end is not None:
                    end.place = place
                    ends[place] = end
                    for target in end.targets:
                        leaders.add(target)
                        todo.append(target)
                if following is None:
                    break
                place = following
        self._cut(leaders, ends)

    def _step(self, place: Place) -> tuple[End | None, Place | None]:
        """What follows one operation: how a block ends there (None: it does not), and the next place."""
        address, index = place
        instruction = self._fetch(address)
        if index == 0 and instruction.text.split()[0].lower() in TRAPS:
            return End("trap"), None
        if index >= len(instruction.ops):
            return self._fall(instruction)
        op = instruction.ops[index]
        following = self._normal(instruction, index + 1)
        if op.name == "BRANCH":
            return self._jump(instruction, index, op.ins[0]), None
        if op.name == "CBRANCH":
            taken = self._jump(instruction, index, op.ins[0])
            if following is None:
                if not self.inside(instruction.end):
                    raise self.refuse(address, "the function's code ends behind it", "runs off")
                following = (instruction.end, 0)
            if taken.kind == "leave":
                # A block of its own for the way out.
                out = (address, -1)
                self._outs[out] = taken.address
                return End("branch", (out, following), op.ins[1]), None
            return End("branch", (taken.targets[0], following), op.ins[1]), None
        if op.name == "BRANCHIND":
            targets = self._extra.get(address)
            if targets is not None:
                return End("indirect", tuple((target, 0) for target in targets), op.ins[0]), None
            return End("indirect", (), op.ins[0]), None
        if op.name == "RETURN":
            return End("return", (), op.ins[0]), None
        if op.name == "CALL":
            callee = self.image.at(op.ins[0].offset)
            if callee is not None and (self._named_so(callee) or self._never_returns(callee)):
                return End("stop"), None
        if following is not None:
            return None, following
        return self._fall(instruction)

    def _named_so(self, callee: Symbol) -> bool:
        """Whether it is the C library's function of a name that never returns, and not one of the object's."""
        return callee.name in NEVER_RETURN and not self.image.defines(callee)

    def _never_returns(self, callee: Symbol) -> bool:
        """Whether the object's function has no way back: no return, no jump that leaves it."""
        known = self.image.endless
        region = self.image.region_of(callee.address)
        if region is None or not region.executable or callee.address == self.symbol.address:
            return False
        if self._depth >= _DEPTH:
            return False
        if callee.address not in known:
            known[callee.address] = False  # a ring of calls, and what is too large to look at
            if 0 < callee.size <= _LOOKED_AT:
                try:
                    blocks = self.of(callee.name).blocks.values()
                except Uncovered:
                    return False
                ends = {block.end.kind for block in blocks}
                known[callee.address] = not ends & {"return", "leave", "indirect"} and "stop" in ends
        return known[callee.address]

    def _normal(self, instruction: Instruction, index: int) -> Place | None:
        return (instruction.address, index) if index < len(instruction.ops) else None

    def _fall(self, instruction: Instruction) -> tuple[End | None, Place | None]:
        if self.inside(instruction.end):
            return None, (instruction.end, 0)
        if any(op.name in ("CALL", "CALLIND") for op in instruction.ops):
            return End("stop"), None
        raise self.refuse(instruction.address, "the function's code ends behind it", "runs off")

    def _jump(self, instruction: Instruction, index: int, target: Varnode) -> End:
        if target.space == "const":
            step = target.offset - (1 << 32 if target.offset >> 31 & 1 else 0)
            place = self._normal(instruction, index + step)
            if place is not None:
                return End("goto", (place,))
            address = instruction.end
        else:
            address = target.offset
        if self.inside(address) or self._adopt(address):
            return End("goto", ((address, 0),))
        return End("leave", address=address)

    def _adopt(self, address: int) -> bool:
        """Take in the cold part that gcc splits off a function."""
        symbol = self.image.within(address)
        region = self.image.region_of(address)
        if symbol is None or region is None or not region.executable:
            return False
        if not symbol.name.startswith(f"{self.symbol.name}.cold"):
            return False
        part = self.image.function(symbol.name)
        self._ranges.append(range(part.address, part.address + part.size))
        return True

    def _cut(self, leaders: set[Place], ends: dict[Place, End]) -> None:
        blocks: dict[Place, FlowBlock] = {}
        outs = self._outs
        main = self._ranges[0]
        for leader in sorted(leaders, key=lambda place: (place[0] not in main, place)):
            block = blocks[leader] = FlowBlock(leader)
            if leader in outs and leader[1] == -1:
                block.end = End("leave", address=outs[leader], place=(leader[0], 0))
                continue
            place = leader
            while ends.get(place, block.end).kind != "trap":
                instruction = self.instructions[place[0]]
                if place[1] < len(instruction.ops):
                    op = instruction.ops[place[1]]
                    if op.name not in ("BRANCH", "CBRANCH", "BRANCHIND", "RETURN"):
                        block.ops.append((place, op))
                if place in ends:
                    block.end = ends[place]
                    break
                following = self._normal(instruction, place[1] + 1) or (instruction.end, 0)
                if following in leaders:
                    block.end = End("goto", (following,), place=place)
                    break
                place = following
            if place in ends and ends[place].kind == "trap":
                block.end = ends[place]
        for block in blocks.values():
            for target in dict.fromkeys(block.end.targets):
                blocks[target].before.append(block.start)
        self.blocks = blocks

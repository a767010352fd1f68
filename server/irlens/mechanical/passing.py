"""The types that arguments and results are written with, at the function's own edge and at its calls."""

from __future__ import annotations

from irlens.mechanical.body import Body, Call
from irlens.mechanical.convention import LETTER_TYPE, Convention, Variable
from irlens.mechanical.data import Globals
from irlens.mechanical.flow import Flow
from irlens.mechanical.frame import Frame
from irlens.mechanical.lanes import low_float
from irlens.mechanical.narrow import demanded
from irlens.mechanical.place import schedule
from irlens.mechanical.shapes import Shapes
from irlens.mechanical.signature import Signature, calls_of, registers_of
from irlens.mechanical.values import Value

FLOAT_TYPE = {32: "float", 64: "double"}


class Passing:
    """What is known of a function before it is written down; the base of `Emitter`."""

    def __init__(
        self,
        body: Body,
        flow: Flow,
        convention: Convention,
        frame: Frame,
        own: Signature,
        results: list[Variable],
        calls: dict[str, Signature],
        triple: str,
    ) -> None:
        self.body, self.flow, self.convention = body, flow, convention
        self.frame, self.own, self.results, self.calls, self.triple = frame, own, results, calls, triple
        self.name = flow.symbol.name
        self.globals = Globals(flow.image, self.name)
        self.live = body.live()
        self.literal = body.graph.literal
        self.need = demanded(body)
        self.shapes = Shapes(body, self._wanted(), self.live)
        self.where = schedule(body, self.live)
        self.notes: dict[str, None] = {}
        self.intrinsics: dict[str, None] = {}
        self.names: dict[Value, str] = {}
        self.types: dict[Value, str] = {}
        """Of pinned values whose written type is not an integer of their width."""
        self.lines: list[list[str]] = [[] for _ in body.blocks]
        self.ends: list[str] = ["" for _ in body.blocks]
        self.casts: dict[tuple[Value, str, int], str] = {}
        self.now = 0
        self.count = 0
        self.uses_frame = False
        self._prepare()

    def _wanted(self) -> list[Value]:
        """Values that a prototype says are pointers."""
        wanted = [
            entry
            for place, letter in zip(self.own.arguments, self.own.letters, strict=False)
            if letter == "p" and (entry := self._entry(place)) is not None
        ]
        for call in calls_of(self.body):
            signature = self.calls[self._key(call)]
            for letter, value in zip(call.letters or signature.letters, call.arguments, strict=False):
                if letter == "p":
                    wanted.append(value)
            if signature.result_letter[:1] == "p" and self.convention.results[0] in call.left:
                wanted.append(call.left[self.convention.results[0]])
        return wanted

    def _key(self, call: Call) -> str:
        if call.name:
            return call.name
        number = [id(each) for each in calls_of(self.body)].index(id(call))
        return f"({number})"

    # Types of what the outside sees

    def _prepare(self) -> None:
        self.parameter_types: dict[Variable, str] = {}
        for place in self.own.arguments:
            entry = self._entry(place)
            self.parameter_types[place] = self._entry_type(place, entry)
        for place in self.own.arguments:
            entry = self._entry(place)
            if entry is not None:
                self.names[entry] = f"%{self._parameter_name(place)}"
                kind = self.parameter_types[place]
                self.types[entry] = "ptr" if kind.startswith("ptr") else kind
        self._call_types()

    def _entry(self, place: Variable) -> Value | None:
        value = self.body.entries.get(place)
        return value if value in self.live else None

    def _entry_type(self, place: Variable, entry: Value | None) -> str:
        if place == self.convention.result_pointer:
            return "ptr sret(i8)"
        said = self._said(place)
        if place in self.convention.floats:
            if entry is None:
                return said or "double"
            return "float" if self.need.get(entry, 64) <= 32 and said != "double" else "double"
        if said == "ptr":
            return said
        if entry is None:
            return said or "i64"
        if entry in self.shapes.pointers:
            return "ptr"
        if place[0] == "s" and entry.bits != 64:
            return f"i{entry.bits}"
        if place[0] == "s" and self.convention.packed:
            return "i64"  # a narrower one would take less than its word
        # The code may look at more than was passed, and narrower code does not make the type narrower.
        least = {"i32": 32, "i64": 64}.get(said, 0)
        return f"i{max(least, width_for(self.need.get(entry, 64)))}"

    def _said(self, place: Variable) -> str:
        """A parameter's type by the function's prototype; empty where there is none."""
        at = self.own.arguments.index(place)
        return LETTER_TYPE[self.own.letters[at]] if at < len(self.own.letters) else ""

    def _parameter_type(self, place: Variable) -> str:
        return self.parameter_types[place]

    def _parameter_name(self, place: Variable) -> str:
        return f"a{self.own.arguments.index(place)}"

    def _call_types(self) -> None:
        """Types of arguments and results, one choice for all calls of a function."""
        self.argument_types: dict[str, list[str]] = {}
        self.result_types: dict[str, list[str]] = {}
        groups: dict[str, list[Call]] = {}
        for call in calls_of(self.body):
            groups.setdefault(self._key(call), []).append(call)
        for key, calls in groups.items():
            signature = self.calls[key]
            if self.convention.result_pointer in signature.arguments:
                signature.results, signature.result_letter = [], ""
            if key == self.name:
                self.argument_types[key] = [self.parameter_types[place] for place in self.own.arguments]
            elif not signature.variadic:
                self.argument_types[key] = [
                    self._argument_type(signature, position, calls)
                    for position in range(len(signature.arguments))
                ]
            self.result_types[key] = [
                self._call_result_type(signature, variable, calls) for variable in signature.results
            ]
            if key == self.name:
                kinds = [self._own_result_type(variable) for variable in self.results]
                wanted = [kind for kind in kinds]
                signature.results = list(self.results)
                self.result_types[key] = wanted
            elif signature.result_letter and signature.result_letter != "v" and not signature.results:
                signature.results = registers_of(signature.result_letter, self.convention)
                self.result_types[key] = [LETTER_TYPE[letter] for letter in signature.result_letter]

    def _argument_type(self, signature: Signature, position: int, calls: list[Call]) -> str:
        values = [call.arguments[position] for call in calls]
        if position < len(signature.letters):
            return LETTER_TYPE[signature.letters[position]]
        place = signature.arguments[position]
        if place == self.convention.result_pointer:
            return "ptr sret(i8)"
        if place in self.convention.floats:
            return "float" if all(is_single(value) for value in values) else "double"
        if any(self.shapes.is_pointer(value) for value in values):
            return "ptr"
        words = place[0] == "s" and all(value.bits == 64 for value in values)
        if words and self.convention.packed:
            return "i64"
        if self.literal and (words or all(place in call.whole for call in calls)):
            return "i64"
        if all(value.bits < 64 for value in values):  # above that there was nothing
            return f"i{width_for(max(value.bits for value in values))}"
        return "i32" if all(natural_width(value) <= 32 for value in values) else "i64"

    def _call_result_type(self, signature: Signature, variable: Variable, calls: list[Call]) -> str:
        if signature.result_letter != "v":
            registers = registers_of(signature.result_letter, self.convention)
            for register, letter in zip(registers, signature.result_letter, strict=True):
                if variable == register:
                    return LETTER_TYPE[letter]
        values = [call.left[variable] for call in calls if call.left.get(variable) in self.live]
        if variable in self.convention.float_results:
            bits = max((self.need.get(value, 0) for value in values), default=64)
            return "float" if bits <= 32 else "double"
        if any(value in self.shapes.pointers for value in values):
            return "ptr"
        return f"i{max(32, width_for(max((self.need.get(value, 0) for value in values), default=64)))}"

    def _result_type(self) -> str:
        kinds = [self._own_result_type(variable) for variable in self.results]
        if not kinds:
            return "void"
        return kinds[0] if len(kinds) == 1 else "{ " + ", ".join(kinds) + " }"

    def _own_result_type(self, variable: Variable) -> str:
        letters = self.own.result_letter.strip("v")
        for register, letter in zip(registers_of(letters, self.convention), letters, strict=True):
            if variable == register:
                return LETTER_TYPE[letter]
        values = [block.results[variable] for block in self.body.blocks if block.end == "return"]
        if variable in self.convention.float_results:
            return "float" if all(is_single(value) for value in values) else "double"
        if any(self.shapes.is_pointer(value) for value in values) and all(
            self.shapes.is_pointer(value) or value.op == "const" for value in values
        ):
            return "ptr"
        returns = [block for block in self.body.blocks if block.end == "return"]
        if self.literal and all(variable in block.whole for block in returns):
            return "i64"
        widths = [self._result_width(value) for value in values]
        width = max(widths, default=64)
        return f"i{width}"

    def _result_width(self, value: Value) -> int:
        if value.bits < 64:
            return width_for(value.bits)
        if value.op == "left":
            _, call = value.data
            return 32 if self.calls[self._key(call)].result_letter[:1] == "i" else 64
        return 32 if natural_width(value) <= 32 else 64


def width_for(bits: int) -> int:
    """The written width for so many bits."""
    return next((width for width in (8, 16, 32, 64) if width >= bits), bits)


def natural_width(value: Value) -> int:
    """Bits of a 64-bit register that can be other than zero."""
    if value.op == "zext":
        return value.args[0].bits
    if value.op == "const":
        return value.data.bit_length()
    return value.bits


def is_single(value: Value) -> bool:
    """Whether a register piece holds a 32-bit float."""
    return low_float(value) == 32 or (value.op == "zext" and value.args[0].bits == 32)

"""The graph as LLVM IR in text: one function and what it refers to.

Values are integers here until something wants them otherwise: addresses become `ptr` with getelementptr on
the pointer they are built from, floating-point operands `float` or `double`.
"""

from __future__ import annotations

from collections.abc import Callable

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.body import Body, BodyBlock, Call, Effect
from irlens.mechanical.convention import Convention, Variable
from irlens.mechanical.data import Globals, quoted
from irlens.mechanical.flow import Flow
from irlens.mechanical.frame import Frame
from irlens.mechanical.lanes import FLOAT_RESULTS, low_float
from irlens.mechanical.narrow import demanded
from irlens.mechanical.place import schedule
from irlens.mechanical.prototypes import NEVER_RETURN
from irlens.mechanical.shapes import Shapes, terms
from irlens.mechanical.signature import Signature, calls_of
from irlens.mechanical.values import PINNED, Value

_PLAIN = frozenset("add sub mul and or xor udiv sdiv urem srem".split())
_COMPARE = {"eq": "eq", "ne": "ne", "ult": "ult", "ule": "ule", "slt": "slt", "sle": "sle"}
_FLOAT_TWO = frozenset("fadd fsub fmul fdiv".split())
_FLOAT_COMPARE = {"feq": "oeq", "fne": "une", "flt": "olt", "fle": "ole"}
_FLOAT_CALL = {"fabs": "fabs", "sqrt": "sqrt", "ceil": "ceil", "floor": "floor"}
_FLOAT_TYPE = {32: "float", 64: "double"}
_LETTER_TYPE = {"p": "ptr", "i": "i32", "l": "i64", "d": "double", "f": "float"}


ATTRIBUTES = 'attributes #0 = { "no-builtins" }'
"""The calls in machine code are what the compiler left of them: LLVM must not make other calls of them."""


class Emitter:
    """Writes one function; one use. `text` is the whole module."""

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
        self.call_results: dict[int, dict[Variable, str]] = {}
        self._prepare()

    # The module

    def text(self) -> str:
        for number in range(len(self.body.blocks)):
            self._block(number)
        for number in range(len(self.body.blocks)):
            self._phi_arguments(number)
        head = f'target triple = "{self.triple}"\n'
        order = sorted(range(len(self.body.blocks)), key=lambda n: (n > 0, n and self.body.blocks[n].start))
        entry = self.body.blocks[0]
        shown = []
        for number in order:
            if self.body.blocks[number].end == "gone":
                continue
            lines = self.lines[number]
            if number == 0 and self.uses_frame:
                low = self.frame.low or 0
                lines.insert(0, f"%frame = alloca [{self.frame.high - low} x i8], align 16")
            shown.append(f"b{number}:\n" + "\n".join(f"  {line}" for line in [*lines, self.ends[number]]))
        assert not entry.before
        parameters = ", ".join(
            f"{self._parameter_type(place)}{' %' + self._parameter_name(place)}"
            for place in self.own.arguments
        )
        define = (
            f"define {self._result_type()} {quoted(self.name)}({parameters}) #0 {{\n"
            + "\n".join(shown)
            + "\n}"
        )
        intrinsics = "\n".join(self.intrinsics)
        parts = [head, self.globals.text(), define, intrinsics, ATTRIBUTES]
        return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"

    def _wanted(self) -> list[Value]:
        """Values that a prototype says are pointers."""
        wanted = []
        for call in calls_of(self.body):
            signature = self.calls[self._key(call)]
            for letter, value in zip(call.letters or signature.letters, call.arguments, strict=False):
                if letter == "p":
                    wanted.append(value)
            if signature.result_letter == "p" and self.convention.results[0] in call.left:
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
        if place in self.convention.floats:
            bits = self.need.get(entry, 64) if entry is not None else 64
            return "float" if bits <= 32 else "double"
        if entry is None:
            return "i64"
        if entry in self.shapes.pointers:
            return "ptr"
        if place[0] == "s" and entry.bits != 64:
            return f"i{entry.bits}"
        return f"i{_width(self.need.get(entry, 64))}"

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
                    self._argument_type(signature, position, [call.arguments[position] for call in calls])
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
                first = (
                    self.convention.float_results
                    if signature.result_letter in "df"
                    else self.convention.results
                )[0]
                signature.results = [first]
                self.result_types[key] = [_LETTER_TYPE[signature.result_letter]]

    def _argument_type(self, signature: Signature, position: int, values: list[Value]) -> str:
        if position < len(signature.letters):
            return _LETTER_TYPE[signature.letters[position]]
        place = signature.arguments[position]
        if place == self.convention.result_pointer:
            return "ptr sret(i8)"
        if place in self.convention.floats:
            return "float" if all(_single(value) for value in values) else "double"
        if any(self.shapes.is_pointer(value) for value in values):
            return "ptr"
        if all(value.bits < 64 for value in values):  # above that there was nothing
            return f"i{_width(max(value.bits for value in values))}"
        return "i32" if all(_natural(value) <= 32 for value in values) else "i64"

    def _call_result_type(self, signature: Signature, variable: Variable, calls: list[Call]) -> str:
        if signature.result_letter and signature.result_letter != "v":
            first = (
                self.convention.float_results if signature.result_letter in "df" else self.convention.results
            )
            if variable == first[0]:
                return _LETTER_TYPE[signature.result_letter]
        values = [call.left[variable] for call in calls if call.left.get(variable) in self.live]
        if variable in self.convention.float_results:
            bits = max((self.need.get(value, 0) for value in values), default=64)
            return "float" if bits <= 32 else "double"
        if any(value in self.shapes.pointers for value in values):
            return "ptr"
        return f"i{max(32, _width(max((self.need.get(value, 0) for value in values), default=64)))}"

    def _result_type(self) -> str:
        kinds = [self._own_result_type(variable) for variable in self.results]
        if not kinds:
            return "void"
        return kinds[0] if len(kinds) == 1 else "{ " + ", ".join(kinds) + " }"

    def _own_result_type(self, variable: Variable) -> str:
        values = [block.results[variable] for block in self.body.blocks if block.end == "return"]
        if variable in self.convention.float_results:
            return "float" if all(_single(value) for value in values) else "double"
        if any(self.shapes.is_pointer(value) for value in values) and all(
            self.shapes.is_pointer(value) or value.op == "const" for value in values
        ):
            return "ptr"
        widths = [_result_width(value, self) for value in values]
        width = max(widths, default=64)
        return f"i{width}"

    # Blocks

    def _block(self, number: int) -> None:
        block = self.body.blocks[number]
        if block.end == "gone":
            return
        self.now = number
        for phi in block.phis:
            kind = self._phi_type(phi)
            self.names[phi] = f"%p{phi.number}"
            self.types[phi] = kind
        ended = False
        for effect in block.effects:
            self._effect(effect)
            if effect.call is not None and effect.call.name in NEVER_RETURN:
                ended = True
                break
        if ended:
            self.ends[number] = "unreachable"
        else:
            for value, home in self.where.items():
                if home == number and value in self.live:
                    self._late(value)
            self._end(number, block)

    def _late(self, value: Value) -> None:
        """Write a value in its block though its first use is in another one."""
        if value.op in ("add", "sub") and self.shapes.is_pointer(value):
            self.pointer(value)
        elif value not in self.names:
            self._define(value)

    def _phi_type(self, phi: Value) -> str:
        if phi in self.shapes.pointers:
            return "ptr"
        if phi in self.shapes.floats:
            return _FLOAT_TYPE[phi.bits]
        return f"i{phi.bits}"

    def _phi_arguments(self, number: int) -> None:
        block = self.body.blocks[number]
        lines = []
        for phi in block.phis:
            kind = self.types[phi]
            edges = []
            for before, value in zip(block.before, phi.args, strict=True):
                if self.body.blocks[before].end == "gone" or self.ends[before] == "unreachable":
                    continue
                self.now = before
                text = self.typed(value, kind)
                edges += [f"[ {text}, %b{before} ]"] * max(1, self.body.blocks[before].targets.count(number))
            lines.append(f"{self.names[phi]} = phi {kind} {', '.join(edges)}")
        self.lines[number][:0] = lines

    def _end(self, number: int, block: BodyBlock) -> None:
        targets = [f"label %b{target}" for target in block.targets]
        if block.end == "goto":
            text = f"br {targets[0]}"
        elif block.end == "branch":
            assert block.condition is not None
            text = f"br i1 {self.integer(block.condition)}, {targets[0]}, {targets[1]}"
        elif block.end == "switch":
            assert block.condition is not None
            kind = f"i{block.condition.bits}"
            index = self.integer(block.condition)
            # The guard in front of the jump leaves no other value.
            rest = "".join(
                f" {kind} {case}, {target}"
                for case, target in list(zip(block.cases, targets, strict=True))[1:]
            )
            text = f"switch {kind} {index}, {targets[0]} [{rest} ]"
        elif block.end == "return":
            text = self._return(block)
        elif block.end == "trap":
            self.intrinsics["declare void @llvm.trap()"] = None
            self._line("call void @llvm.trap()")
            text = "unreachable"
        elif block.end == "stop":
            text = "unreachable"
        else:
            raise self.flow.refuse(
                block.place[0], f"it jumps where nothing says ({block.end})", "indirect jump"
            )
        self.ends[number] = text

    def _return(self, block: BodyBlock) -> str:
        if not self.results:
            return "ret void"
        kinds = [self._own_result_type(variable) for variable in self.results]
        texts = [
            self.typed(block.results[variable], kind)
            for variable, kind in zip(self.results, kinds, strict=True)
        ]
        if len(kinds) == 1:
            return f"ret {kinds[0]} {texts[0]}"
        whole = self._result_type()
        built = "poison"
        for position, (kind, text) in enumerate(zip(kinds, texts, strict=True)):
            built = self._fresh(f"insertvalue {whole} {built}, {kind} {text}, {position}")
        return f"ret {whole} {built}"

    # Effects

    def _effect(self, effect: Effect) -> None:
        if effect.kind == "load":
            value = effect.value
            assert value is not None
            assert effect.address is not None
            kind = f"i{value.bits}"
            if value in self.shapes.pointers:
                kind = "ptr"
            elif value in self.shapes.floats:
                kind = _FLOAT_TYPE[value.bits]
            address = self.pointer(effect.address)
            self.names[value] = f"%v{value.number}"
            self.types[value] = kind
            self._line(f"%v{value.number} = load {kind}, ptr {address}, align 1")
        elif effect.kind == "store":
            assert effect.value is not None
            assert effect.address is not None
            value = effect.value
            kind = f"i{value.bits}"
            if value.bits == 64 and self.shapes.is_pointer(value):
                kind = "ptr"
            elif value in self.shapes.floats or value.op in FLOAT_RESULTS:
                kind = _FLOAT_TYPE[value.bits]
            text = self.typed(value, kind)
            self._line(f"store {kind} {text}, ptr {self.pointer(effect.address)}, align 1")
        elif effect.call is not None:
            self._call(effect.call)

    def _call(self, call: Call) -> None:
        key = self._key(call)
        signature = self.calls[key]
        if signature.variadic:
            kinds = []
            for position, value in enumerate(call.arguments):
                letter = call.letters[position : position + 1]
                kind = _LETTER_TYPE.get(letter, "")
                if position >= signature.fixed and letter == "l":
                    kind = (
                        "ptr" if self.shapes.is_pointer(value) else "i32" if _natural(value) <= 32 else "i64"
                    )
                kinds.append(kind or self._argument_type(signature, position, [value]))
        else:
            kinds = self.argument_types[key]
        texts = [
            f"{kind} {self.typed(value, kind.split()[0])}"
            for kind, value in zip(kinds, call.arguments, strict=True)
        ]
        results = self.result_types[key]
        returned = (
            "void" if not results else results[0] if len(results) == 1 else "{ " + ", ".join(results) + " }"
        )
        function_type = returned
        if signature.variadic:
            fixed = kinds[: signature.fixed]
            function_type = f"{returned} ({', '.join([*fixed, '...'])})"
            declared = f"{returned} {{name}}({', '.join([*fixed, '...'])})"
        else:
            declared = f"{returned} {{name}}({', '.join(kinds)})"
        if call.target.op == "addr" and call.name:
            target = quoted(call.name)
            if call.name != self.name:
                self.globals.functions[call.name] = "declare " + declared.format(name=target)
        else:
            target = self.pointer(call.target)
        text = f"call {function_type} {target}({', '.join(texts)})"
        if call.tail:
            text = f"tail {text}"
        if not results:
            self._line(text)
            return
        whole = self._fresh(text)
        for position, variable in enumerate(signature.results):
            value = call.left.get(variable)
            name = whole if len(results) == 1 else ""
            if value is None or value not in self.live:
                continue
            if not name:
                name = self._fresh(f"extractvalue {returned} {whole}, {position}")
            self.names[value] = name
            self.types[value] = results[position]

    # Values

    def _line(self, text: str) -> None:
        self.lines[self.now].append(text)

    def _fresh(self, text: str) -> str:
        self.count += 1
        name = f"%t{self.count}"
        self._line(f"{name} = {text}")
        return name

    def _cast(self, value: Value, what: str, make: Callable[[], str]) -> str:
        """A conversion, written once a block."""
        key = (value, what, self.now)
        if key not in self.casts:
            self.casts[key] = make()
        return self.casts[key]

    def typed(self, value: Value, kind: str) -> str:
        """The operand as `kind`."""
        if kind == "ptr":
            return self.pointer(value)
        if kind in ("float", "double"):
            return self.floating(value, 32 if kind == "float" else 64)
        return self.integer(value, int(kind[1:]))

    def integer(self, value: Value, bits: int | None = None) -> str:
        """The operand as an integer of `bits` bits: its low ones, or zero-extended."""
        wanted = value.bits if bits is None else bits
        if value.op == "const":
            number = value.data & (1 << wanted) - 1
            if wanted == 1:
                return "true" if number else "false"
            return str(number - (1 << wanted) if number >> (wanted - 1) else number)
        if value.op == "zext" and value.args[0].bits == wanted and value not in self.names:
            return self.integer(value.args[0])
        text, have = self._integer(value)
        if have == wanted:
            return text
        how = "trunc" if have > wanted else "zext"
        return self._cast(value, f"i{wanted}", lambda: self._fresh(f"{how} i{have} {text} to i{wanted}"))

    def _integer(self, value: Value) -> tuple[str, int]:
        """The operand and the width it is written in, which for arguments and results may be less than the
        value's."""
        if value.bits == 64 and self.shapes.is_pointer(value):
            if value.op == "addr" or value not in self.names or self.types.get(value) == "ptr":
                pointer = self.pointer(value)
                return self._cast(value, "int", lambda: self._fresh(f"ptrtoint ptr {pointer} to i64")), 64
        if value.op in PINNED:
            if value not in self.names:
                raise self._unknown(value)
            kind = self.types.get(value, f"i{value.bits}")
            name = self.names[value]
            if kind == "ptr":
                return self._cast(value, "int", lambda: self._fresh(f"ptrtoint ptr {name} to i64")), 64
            if kind in ("float", "double"):
                bits = 32 if kind == "float" else 64
                return self._cast(
                    value, "int", lambda: self._fresh(f"bitcast {kind} {name} to i{bits}")
                ), bits
            return name, int(kind[1:])
        if value.op == "guard":
            return self._cast(value, "guard", self._guard), 64
        if value not in self.names:
            self._define(value)
        if self.types.get(value, "") in ("float", "double"):
            kind, name = self.types[value], self.names[value]
            return self._cast(
                value, "int", lambda: self._fresh(f"bitcast {kind} {name} to i{value.bits}")
            ), value.bits
        return self.names[value], value.bits

    def _guard(self) -> str:
        return self._fresh("load i64, ptr addrspace(257) inttoptr (i64 40 to ptr addrspace(257)), align 8")

    def _unknown(self, value: Value) -> Uncovered:
        variable = value.data[0] if value.op == "left" else value.data
        name = self.convention.names.get(variable, str(variable))
        return Uncovered(
            f"{self.name} uses {name} where nothing says what it holds. Use the model's lift for this function.",
            "undefined register",
        )

    def floating(self, value: Value, bits: int) -> str:
        """The operand as a float (32) or double (64)."""
        kind = _FLOAT_TYPE[bits]
        if value.bits != bits:
            if value.op == "zext" and value.args[0].bits == bits:
                return self.floating(value.args[0], bits)
            if value.op == "piece" and value.args[1].bits == bits:
                return self.floating(value.args[1], bits)
            if value.op in PINNED and self.types.get(value) == kind:
                return self.names[value]
            text = self.integer(value, bits)
            return self._cast(value, kind, lambda: self._fresh(f"bitcast i{bits} {text} to {kind}"))
        if value.op in FLOAT_RESULTS and value not in self.names:
            self._define(value)
        if value in self.names and self.types.get(value) == kind:
            return self.names[value]
        text = self.integer(value, bits)
        return self._cast(value, kind, lambda: self._fresh(f"bitcast i{bits} {text} to {kind}"))

    def pointer(self, value: Value) -> str:
        """The operand as a `ptr`."""
        if value.op == "addr":
            return self.globals.pointer(value.data)
        if value.op == "const":
            return "null" if value.data == 0 else f"inttoptr (i64 {value.data} to ptr)"
        if value.op == "sp":
            return self._frame_pointer(0)
        if value in self.shapes.pointers and value.op in PINNED:
            if value not in self.names:
                raise self._unknown(value)
            if self.types.get(value) == "ptr":
                return self.names[value]
            text, bits = self._integer_plain(value)
            return self._cast(value, "ptr", lambda: self._fresh(f"inttoptr i{bits} {text} to ptr"))
        base = self.shapes.base(value)
        if base is not None and value.op in ("add", "sub"):
            return self._cast(value, "ptr", lambda: self._element(value, base))
        text = self.integer(value, 64)
        return self._cast(value, "ptr", lambda: self._fresh(f"inttoptr i64 {text} to ptr"))

    def _integer_plain(self, value: Value) -> tuple[str, int]:
        kind = self.types[value]
        return self.names[value], int(kind[1:])

    def _frame_pointer(self, offset: int) -> str:
        if self.frame.low is None:
            raise Uncovered(
                f"{self.name} uses its stack pointer in a way that is not understood. "
                "Use the model's lift for this function.",
                "stack pointer",
            )
        self.uses_frame = True
        at = offset - self.frame.low
        if at == 0:
            return "%frame"
        return self._fresh(f"getelementptr i8, ptr %frame, i64 {at}")

    def _element(self, value: Value, base: Value) -> str:
        parts, minus, number = terms(value)
        parts.remove(base)
        if base.op == "sp":
            text = self._frame_pointer(number)
        elif base.op == "addr":
            text = self.globals.pointer(base.data + number, exact=not parts and not minus)
        else:
            text = self.pointer(base)
        for part in parts:
            scale = 1
            if part.op == "shl" and part.args[1].op == "const" and part.args[1].data in (1, 2, 3, 4):
                scale, part = 1 << part.args[1].data, part.args[0]
            elif part.op == "mul" and part.args[1].op == "const" and part.args[1].data in (2, 4, 8):
                scale, part = part.args[1].data, part.args[0]
            kind = {1: "i8", 2: "i16", 4: "i32", 8: "i64", 16: "i128"}[scale]
            text = self._fresh(f"getelementptr {kind}, ptr {text}, i64 {self.integer(part, 64)}")
        for part in minus:
            taken = self._fresh(f"sub i64 0, {self.integer(part, 64)}")
            text = self._fresh(f"getelementptr i8, ptr {text}, i64 {taken}")
        if number and base.op not in ("sp", "addr"):
            text = self._fresh(f"getelementptr i8, ptr {text}, i64 {number}")
        return text

    def _define(self, value: Value) -> None:
        """Write down a pure value in the block it belongs to."""
        home = self.where.get(value, self.now)
        if home != self.now and not self.ends[home]:
            home = self.now
        self.now, before = home, self.now
        if value.op == "extract" and value.data == 0:
            text, have = self._integer(value.args[0])
            if have == value.bits:  # an argument or a result that is written in its own width
                self.names[value] = text
                self.now = before
                return
        kind, text = self._operation(value)
        name = f"%v{value.number}"
        self._line(f"{name} = {text}")
        self.names[value] = name
        if kind:
            self.types[value] = kind
        self.now = before

    def _operation(self, value: Value) -> tuple[str, str]:
        """A written type that is not the integer of the value's width, if so, and the instruction."""
        op, args, kind = value.op, value.args, f"i{value.bits}"
        if op in _PLAIN:
            if op[1:] in ("div", "rem") and args[1].op != "const":
                self.notes["A division by zero is undefined in IR; the machine traps or gives 0."] = None
            return "", f"{op} {kind} {self.integer(args[0])}, {self.integer(args[1])}"
        if op in ("shl", "lshr", "ashr"):
            return "", self._shift(value)
        if op in _COMPARE:
            return "", self._compare(op, *args)
        if op == "neg":
            return "", f"sub {kind} 0, {self.integer(args[0])}"
        if op == "not":
            return "", f"xor {kind} {self.integer(args[0])}, -1"
        if op in ("zext", "sext"):
            inner = args[0]
            return "", f"{op} i{inner.bits} {self.integer(inner, inner.bits)} to {kind}"
        if op == "extract":
            return "", self._extract(value)
        if op == "piece":
            high, low = (self.integer(arg, value.bits) for arg in args)
            high = self._fresh(f"shl {kind} {high}, {args[1].bits}")
            return "", f"or {kind} {high}, {low}"
        if op in ("scarry", "sborrow"):
            return "", self._overflow(value)
        if op == "popcount":
            return "", self._intrinsic("ctpop", kind, f"{kind} {self.integer(args[0])}", kind)
        if op == "lzcount":
            return "", self._intrinsic(
                "ctlz", kind, f"{kind} {self.integer(args[0])}, i1 false", f"{kind}, i1"
            )
        return self._float(value)

    def _float(self, value: Value) -> tuple[str, str]:
        op, args = value.op, value.args
        if op in _FLOAT_COMPARE or op == "fnan":
            source = _FLOAT_TYPE[args[0].bits]
            first = self.floating(args[0], args[0].bits)
            if op == "fnan":
                return "", f"fcmp uno {source} {first}, {first}"
            return "", f"fcmp {_FLOAT_COMPARE[op]} {source} {first}, {self.floating(args[1], args[1].bits)}"
        if op in ("fptosi", "fptoui"):
            self.notes[
                "A number too large for its integer is undefined in IR; the machine gives a fixed one."
            ] = None
            bits = args[0].bits
            return "", f"{op} {_FLOAT_TYPE[bits]} {self.floating(args[0], bits)} to i{value.bits}"
        kind = _FLOAT_TYPE[value.bits]
        if op in _FLOAT_TWO:
            left, right = (self.floating(arg, value.bits) for arg in args)
            return kind, f"{op} {kind} {left}, {right}"
        if op == "fneg":
            return kind, f"fneg {kind} {self.floating(args[0], value.bits)}"
        if op in _FLOAT_CALL:
            operand = f"{kind} {self.floating(args[0], value.bits)}"
            return kind, self._intrinsic(_FLOAT_CALL[op], f"f{value.bits}", operand, kind, kind)
        if op in ("sitofp", "uitofp"):
            return kind, f"{op} i{args[0].bits} {self.integer(args[0])} to {kind}"
        if op == "fpcast":
            source = args[0].bits
            how = "fpext" if source < value.bits else "fptrunc"
            return kind, f"{how} {_FLOAT_TYPE[source]} {self.floating(args[0], source)} to {kind}"
        raise Uncovered(f"The operation {op} has no IR here. Use the model's lift for this function.", op)

    def _intrinsic(self, name: str, suffix: str, operands: str, parameters: str, result: str = "") -> str:
        result = result or suffix
        self.intrinsics[f"declare {result} @llvm.{name}.{suffix}({parameters})"] = None
        return f"call {result} @llvm.{name}.{suffix}({operands})"

    def _compare(self, op: str, left: Value, right: Value) -> str:
        pointers = [self.shapes.is_pointer(each) for each in (left, right)]
        null = [each.op == "const" and each.data == 0 for each in (left, right)]
        if all(pointers) or (any(pointers) and any(null)):
            return f"icmp {op} ptr {self.pointer(left)}, {self.pointer(right)}"
        return f"icmp {op} i{left.bits} {self.integer(left)}, {self.integer(right)}"

    def _shift(self, value: Value) -> str:
        op, (shifted, amount), kind = value.op, value.args, f"i{value.bits}"
        first = self.integer(shifted)
        if amount.op == "const":
            return f"{op} {kind} {first}, {amount.data}"
        second = self.integer(amount, value.bits)
        if _below(amount, value.bits):
            return f"{op} {kind} {first}, {second}"
        wide = self.integer(amount)
        fits = self._fresh(f"icmp ult i{amount.bits} {wide}, {value.bits}")
        if op == "ashr":
            clamped = self._fresh(f"select i1 {fits}, {kind} {second}, {kind} {value.bits - 1}")
            return f"ashr {kind} {first}, {clamped}"
        safe = self._fresh(f"select i1 {fits}, {kind} {second}, {kind} 0")
        shift = self._fresh(f"{op} {kind} {first}, {safe}")
        return f"select i1 {fits}, {kind} {shift}, {kind} 0"

    def _extract(self, value: Value) -> str:
        inner = value.args[0]
        text, have = self._integer(inner)
        if have < value.data + value.bits:
            text, have = self.integer(inner, inner.bits), inner.bits
        if value.data:
            text = self._fresh(f"lshr i{have} {text}, {value.data}")
        return f"trunc i{have} {text} to i{value.bits}"

    def _overflow(self, value: Value) -> str:
        left, right = value.args
        kind = f"i{left.bits}"
        a, b = self.integer(left), self.integer(right)
        if value.op == "sborrow":
            result = self._fresh(f"sub {kind} {a}, {b}")
            one = self._fresh(f"xor {kind} {a}, {b}")
        else:
            result = self._fresh(f"add {kind} {a}, {b}")
            one = self._fresh(f"xor {kind} {b}, {result}")
        other = self._fresh(f"xor {kind} {a}, {result}")
        both = self._fresh(f"and {kind} {one}, {other}")
        return f"icmp slt {kind} {both}, 0"


def _width(bits: int) -> int:
    return next((width for width in (8, 16, 32, 64) if width >= bits), bits)


def _natural(value: Value) -> int:
    """Bits of a 64-bit register that can be other than zero."""
    if value.op == "zext":
        return value.args[0].bits
    if value.op == "const":
        return value.data.bit_length()
    return value.bits


def _single(value: Value) -> bool:
    """Whether a register piece holds a 32-bit float."""
    if low_float(value) == 32:
        return True
    if value.op == "zext" and value.args[0].bits == 32:
        return True
    if value.op == "const":
        return False
    return False


def _result_width(value: Value, emitter: Emitter) -> int:
    if value.bits < 64:
        return _width(value.bits)
    if value.op == "left":
        variable, call = value.data
        key = emitter._key(call)
        signature = emitter.calls[key]
        if signature.result_letter == "i":
            return 32
        return 64
    natural = _natural(value)
    return 32 if natural <= 32 else 64


def _below(amount: Value, bits: int) -> bool:
    """Whether a shift amount is certainly less than the width."""
    if amount.op == "and" and amount.args[1].op == "const":
        return amount.args[1].data < bits
    if amount.op == "zext":
        return _below(amount.args[0], bits)
    return (1 << amount.bits) <= bits


def flow_of(emitter: Emitter) -> Flow:
    return emitter.flow

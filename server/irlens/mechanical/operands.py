"""Values as operands: integers until something wants them otherwise.

Addresses become `ptr` with getelementptr on the pointer they are built from, floating-point operands `float` or
`double`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.float_compare import float_comparison
from irlens.mechanical.lanes import FLOAT_RESULTS
from irlens.mechanical.names import raw_name, raw_step
from irlens.mechanical.objects import name
from irlens.mechanical.passing import FLOAT_TYPE, Passing
from irlens.mechanical.shapes import terms
from irlens.mechanical.signature import core
from irlens.mechanical.values import PINNED, Value

_PLAIN = frozenset("add sub mul and or xor udiv sdiv urem srem".split())
_COMPARE = {"eq": "eq", "ne": "ne", "ult": "ult", "ule": "ule", "slt": "slt", "sle": "sle"}
_SWAPPED = {"ult": "ugt", "ule": "uge", "slt": "sgt", "sle": "sge"}
_FLOAT_TWO = frozenset("fadd fsub fmul fdiv".split())
_FLOAT_COMPARE = {"feq": "oeq", "fne": "une", "flt": "olt", "fle": "ole"}
_FLOAT_CALL = frozenset("fabs sqrt ceil floor round nearbyint roundeven rint trunc fma maxnum minnum".split())
"""Operations that are LLVM intrinsics of the same name."""


class Operands(Passing):
    """Writes values where they are wanted, or in the block that `schedule` found for them."""

    def _line(self, text: str) -> None:
        self.lines[self.now].append(text)

    def _fresh(self, text: str, home: str = "") -> str:
        """`home` is where the machine keeps it, if it does."""
        self.count += 1
        name = raw_step(home, self.count)
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
        if value.op == "zext" and value.args[0].bits == wanted and (self.literal or value not in self.names):
            return self.integer(value.args[0])
        text, have = self._integer(value)
        if have == wanted:
            return text
        how = "trunc" if have > wanted else "zext"
        return self._cast(value, f"i{wanted}", lambda: self._fresh(f"{how} i{have} {text} to i{wanted}"))

    def _integer(self, value: Value) -> tuple[str, int]:
        """The operand and the width it is written in, which for arguments and results may be less than the
        value's."""
        written = value in self.names and self.types.get(value) != "ptr"
        if value.bits == 64 and not written and self.shapes.is_pointer(value):
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
            f"{self.name} uses {name} where nothing says what it holds.",
            "undefined register",
        )

    def floating(self, value: Value, bits: int) -> str:
        """The operand as a float (32) or double (64)."""
        kind = FLOAT_TYPE[bits]
        if self.literal and value.op == "const":
            return _float_literal(value.data, bits)
        if self.literal and self.types.get(inner := core(value)) == kind and inner in self.names:
            return self.names[inner]
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
        """The name of a value that is written down, as an integer, and its bits."""
        kind = self.types[value]
        if kind in FLOAT_TYPE.values():
            text = self.names[value]
            return self._cast(
                value, "bits", lambda: self._fresh(f"bitcast {kind} {text} to i{value.bits}")
            ), value.bits
        return self.names[value], int(kind[1:])

    def _frame_pointer(self, offset: int) -> str:
        if self.frame.variadic and offset >= self.convention.return_slot:
            at = offset - self.convention.return_slot
            return self._fresh(f"getelementptr i8, ptr %incoming, i64 {at}") if at else "%incoming"
        held = self.frame.holding(offset)
        if held is not None:
            at = offset - held.start
            return self._fresh(f"getelementptr i8, ptr {name(held)}, i64 {at}") if at else name(held)
        if self.frame.low is None:
            raise Uncovered(
                f"{self.name} uses its stack pointer in a way that is not understood.",
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
        ahead = number if base.op not in ("sp", "addr") else 0
        for position, part in enumerate(parts, 1):
            scale = 1
            if part.op == "shl" and part.args[1].op == "const" and part.args[1].data in (1, 2, 3, 4):
                scale, part = 1 << part.args[1].data, part.args[0]
            elif part.op == "mul" and part.args[1].op == "const" and part.args[1].data in (2, 4, 8):
                scale, part = part.args[1].data, part.args[0]
            kind = {1: "i8", 2: "i16", 4: "i32", 8: "i64", 16: "i128"}[scale]
            index = self.integer(part, 64)
            home = value.home if position == len(parts) and not minus and not ahead else ""
            text = self._fresh(f"getelementptr {kind}, ptr {text}, i64 {index}", home)
        for part in minus:
            taken = self._fresh(f"sub i64 0, {self.integer(part, 64)}")
            text = self._fresh(f"getelementptr i8, ptr {text}, i64 {taken}")
        if ahead:
            text = self._fresh(f"getelementptr i8, ptr {text}, i64 {ahead}", value.home)
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
        name = raw_name(value.home, value.number)
        self._line(f"{name} = {text}")
        self.names[value] = name
        if kind:
            self.types[value] = kind
        self.now = before

    def _operation(self, value: Value) -> tuple[str, str]:
        """A written type that is not the integer of the value's width, if so, and the instruction."""
        op, args, kind = value.op, value.args, f"i{value.bits}"
        if self.literal and value.bits == 1 and (found := float_comparison(value)) is not None:
            predicate, one, other = found
            first, second = (self.floating(each, one.bits) for each in (one, other))
            return "", f"fcmp {predicate} {FLOAT_TYPE[one.bits]} {first}, {second}"
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
            source = FLOAT_TYPE[args[0].bits]
            first = self.floating(args[0], args[0].bits)
            if op == "fnan":
                return "", f"fcmp uno {source} {first}, {first}"
            return "", f"fcmp {_FLOAT_COMPARE[op]} {source} {first}, {self.floating(args[1], args[1].bits)}"
        if op in ("fptosi", "fptoui"):
            self.notes[
                "A number too large for its integer is undefined in IR; the machine gives a fixed one."
            ] = None
            bits = args[0].bits
            return "", f"{op} {FLOAT_TYPE[bits]} {self.floating(args[0], bits)} to i{value.bits}"
        kind = FLOAT_TYPE[value.bits]
        if op in _FLOAT_TWO:
            left, right = (self.floating(arg, value.bits) for arg in args)
            return kind, f"{op} {kind} {left}, {right}"
        if op == "fneg":
            return kind, f"fneg {kind} {self.floating(args[0], value.bits)}"
        if op in _FLOAT_CALL:
            operands = ", ".join(f"{kind} {self.floating(arg, value.bits)}" for arg in args)
            kinds = ", ".join([kind] * len(args))
            return kind, self._intrinsic(op, f"f{value.bits}", operands, kinds, kind)
        if op in ("sitofp", "uitofp"):
            return kind, f"{op} i{args[0].bits} {self.integer(args[0])} to {kind}"
        if op == "fpcast":
            width = args[0].bits
            how = "fpext" if width < value.bits else "fptrunc"
            return kind, f"{how} {FLOAT_TYPE[width]} {self.floating(args[0], width)} to {kind}"
        raise Uncovered(f"The operation {op} has no IR here.", op)

    def _intrinsic(self, name: str, suffix: str, operands: str, parameters: str, result: str = "") -> str:
        result = result or suffix
        self.intrinsics[f"declare {result} @llvm.{name}.{suffix}({parameters})"] = None
        return f"call {result} @llvm.{name}.{suffix}({operands})"

    def _compare(self, op: str, left: Value, right: Value) -> str:
        pointers = [self.shapes.is_pointer(each) for each in (left, right)]
        null = [each.op == "const" and each.data == 0 for each in (left, right)]
        if all(pointers) or (any(pointers) and any(null)):
            return f"icmp {op} ptr {self.pointer(left)}, {self.pointer(right)}"
        if (
            self.literal
            and op in _SWAPPED
            and (left.op == "const" or (right.op != "const" and left.number > right.number))
        ):
            op, left, right = _SWAPPED[op], right, left
        return f"icmp {op} i{left.bits} {self.integer(left)}, {self.integer(right)}"

    def _shift(self, value: Value) -> str:
        op, (shifted, amount), kind = value.op, value.args, f"i{value.bits}"
        first = self.integer(shifted)
        if amount.op == "const":
            return f"{op} {kind} {first}, {amount.data}"
        if self.literal:
            return f"{op} {kind} {first}, {self.integer(_unmasked(amount, value.bits), value.bits)}"
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


def _float_literal(number: int, bits: int) -> str:
    """As LLVM writes it: the bits of a double, for a float too."""
    if bits == 32:
        (number,) = struct.unpack(
            "<Q", struct.pack("<d", *struct.unpack("<f", struct.pack("<I", number & 0xFFFFFFFF)))
        )
    return f"0x{number:016X}"


def _unmasked(amount: Value, bits: int) -> Value:
    """A shift amount before the machine takes it modulo the width: in C a larger one has no meaning."""
    while True:
        if amount.op == "and" and amount.args[1].constant == bits - 1:
            amount = amount.args[0]
        elif amount.op in ("zext", "piece") or (amount.op == "extract" and amount.data == 0):
            amount = amount.args[-1]
        else:
            return amount


def _below(amount: Value, bits: int) -> bool:
    """Whether a shift amount is certainly less than the width."""
    if amount.op == "and" and amount.args[1].op == "const":
        return amount.args[1].data < bits
    if amount.op == "zext":
        return _below(amount.args[0], bits)
    return (1 << amount.bits) <= bits

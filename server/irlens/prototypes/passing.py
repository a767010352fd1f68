"""How a C prototype passes its values, as the signature that LLVM would be given.

Sources: System V ABI, AMD64 supplement, section 3.2.3; Procedure Call Standard for the Arm 64-bit Architecture, section
6.8; Apple's "Writing ARM64 code for Apple platforms" for what differs there. What is in doubt is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from irlens.llvm.signatures import PassedValue, Signature
from irlens.prototypes.types import CType, Prototype, Unpassable
from irlens.targets.abi import is_float

MOST_BYTES = 1 << 14
"""Of a value: on the stack each eight of them is a place of its own."""
MOST_PARAMETERS = 256
"""Twice what C has every compiler take."""
_SIZES = {"ptr": 8, "float": 4, "double": 8, "x86_fp80": 16, "fp128": 16, "i1": 1}
_NOTHING = PassedValue("void", ())


def signature_of(prototype: Prototype, *, arm: bool, apple: bool = False) -> Signature:
    """Raises `Unpassable`."""
    for kind in (prototype.returns, *prototype.parameters):
        if kind.size > MOST_BYTES:
            raise Unpassable(
                f"{kind.words} has over {MOST_BYTES:,} bytes, more than anything that is passed by value"
            )
        if kind.aggregate and any(scalar.startswith("<") for _, scalar in kind.leaves):
            raise Unpassable(f"{kind.words} has a vector for a member")
    if len(prototype.parameters) > MOST_PARAMETERS:
        raise Unpassable(f"it takes over {MOST_PARAMETERS} values")
    passed = _OnArm(apple) if arm else _OnX86()
    returns, hidden = passed.result(prototype.returns)
    parameters = [*hidden]
    for one in prototype.parameters:
        parameters += passed.parameter(one)
    return Signature(prototype.name, returns, tuple(parameters), len(parameters), prototype.variadic)


def _size_of(scalar: str) -> int:
    return _SIZES.get(scalar) or int(scalar[1:]) // 8


def _in_vector(scalar: str) -> bool:
    return is_float(scalar) or scalar.startswith("<")


def _one(scalar: str, *attributes: str) -> PassedValue:
    return PassedValue(scalar, (scalar,), attributes)


def _of_all(scalars: Sequence[str]) -> PassedValue:
    if len(scalars) == 1:
        return _one(scalars[0])
    return PassedValue("{ " + ", ".join(scalars) + " }", tuple(scalars))


class _OnX86:
    """System V. Counts the registers that are left, since a structure is passed in registers as a whole or not at all."""

    def __init__(self) -> None:
        self._integers, self._vectors = 6, 8

    def result(self, kind: CType) -> tuple[PassedValue, list[PassedValue]]:
        if not kind.size:
            return _NOTHING, []
        if not kind.aggregate:
            return _scalar(kind, as_result=True), []
        if [scalar for _, scalar in kind.leaves] == ["x86_fp80"]:
            return _one("x86_fp80"), []
        scalars = _eightbytes(kind)
        if not scalars:
            if kind.size == 32 and kind.words.endswith("_Complex"):
                raise Unpassable(f"{kind.words} comes back in two x87 registers")
            self._integers -= 1
            return _NOTHING, [PassedValue("ptr", ("ptr",), ("sret",), kind.size)]
        return _of_all(scalars), []

    def parameter(self, kind: CType) -> list[PassedValue]:
        if not kind.size:
            return []
        if not kind.aggregate:
            passed = _scalar(kind)
            scalar = passed.scalars[0]
            if scalar == "i128":
                if self._integers >= 2:
                    self._integers -= 2
            elif scalar == "x86_fp80":
                pass
            elif _in_vector(scalar):
                self._vectors -= 1
            else:
                self._integers -= 1
            return [passed]
        scalars = _eightbytes(kind)
        vectors = sum(map(_in_vector, scalars))
        integers = len(scalars) - vectors
        if not scalars or integers > max(0, self._integers) or vectors > max(0, self._vectors):
            if kind.align > 8:
                raise Unpassable(f"{kind.words} on the stack is aligned to {kind.align} bytes")
            return [PassedValue("ptr", ("ptr",), ("byval",), kind.size)]
        self._integers -= integers
        self._vectors -= vectors
        return [_one(scalar) for scalar in scalars]


class _OnArm:
    """AAPCS64. `PassedValue`s of array types are put into registers as a whole or not at all by `targets.abi`."""

    def __init__(self, apple: bool) -> None:
        self._apple = apple

    def result(self, kind: CType) -> tuple[PassedValue, list[PassedValue]]:
        if not kind.size:
            return _NOTHING, []
        passed = self._in_registers(kind, as_result=True)
        if passed is None:
            return _NOTHING, [PassedValue("ptr", ("ptr",), ("sret",), kind.size)]
        return passed, []

    def parameter(self, kind: CType) -> list[PassedValue]:
        if not kind.size:
            return []
        return [self._in_registers(kind) or _one("ptr")]

    def _in_registers(self, kind: CType, *, as_result: bool = False) -> PassedValue | None:
        if not kind.aggregate:
            passed = _scalar(kind, as_result=as_result)
            # Only Apple's callers extend narrow integers.
            return passed if self._apple else PassedValue(passed.type, passed.scalars)
        scalars = [scalar for _, scalar in kind.leaves]
        if 0 < len(scalars) <= 4 and len(set(scalars)) == 1 and is_float(scalars[0]):
            if kind.size != len(scalars) * _size_of(scalars[0]):
                raise Unpassable(f"{kind.words} has members that overlap or are padded")
            return PassedValue(f"[{len(scalars)} x {scalars[0]}]", tuple(scalars))
        if kind.size > 16:
            return None
        if kind.align > 8:
            return _one("i128")
        words = -(-kind.size // 8)
        return PassedValue("i64" if words == 1 else f"[{words} x i64]", ("i64",) * words)


def _scalar(kind: CType, *, as_result: bool = False) -> PassedValue:
    scalar = kind.leaves[0][1]
    if scalar == "i1":
        return _one("i8" if as_result else "i1", "zeroext")
    if scalar in ("i8", "i16"):
        return _one(scalar, "signext" if kind.signed else "zeroext")
    return _one(scalar)


def _eightbytes(kind: CType) -> list[str]:
    """What System V passes an aggregate as, a scalar for each eight bytes; nothing where it is passed in memory."""
    if kind.size > 16 or not kind.leaves:
        return []
    scalars = []
    for start in range(0, kind.size, 8):
        inside = [(at, scalar) for at, scalar in kind.leaves if start <= at < start + 8]
        for at, scalar in kind.leaves:
            size = _size_of(scalar)
            if at % size and scalar != "i1":
                return []  # a member that is not aligned
            if scalar in ("x86_fp80", "fp128"):
                return []
            if scalar == "i128":
                inside.append((at, scalar))
        if not inside:
            raise Unpassable(f"{kind.words} has eight bytes that hold nothing")
        size = min(8, kind.size - start)
        if any(not is_float(scalar) for _, scalar in inside):
            scalars.append(f"i{8 * size}")
        elif any(scalar == "double" for _, scalar in inside):
            scalars.append("double")
        else:
            scalars.append("float" if len({at for at, _ in inside}) == 1 and size <= 4 else "<2 x float>")
    return scalars

"""C types, as far as passing a value of one needs them, and prototypes made of them. Plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass


class Unpassable(Exception):
    """A type, or a prototype, that is not known to be passed in one way. The text says why, without an end."""


@dataclass(frozen=True)
class CType:
    """A complete type, or `void` (no leaves and no size).

    `words` is how C writes it. `size` and `align` are bytes. `leaves` are its scalars with their places in bytes from its
    beginning: "i8" to "i128", "ptr", "float", "double", "x86_fp80", "fp128", and "i1" for a truth value; none of an
    aggregate over `LARGEST` bytes, which is never passed in registers.
    """

    words: str
    size: int
    align: int
    leaves: tuple[tuple[int, str], ...] = ()
    signed: bool = False
    aggregate: bool = False


_MOST_PARTS = 10_000
LARGEST = 64
"""Bytes of an aggregate that any convention passes in registers: four long doubles on AArch64."""
VOID = CType("void", 0, 1)
POINTER = CType("void *", 8, 8, ((0, "ptr"),))


@dataclass(frozen=True)
class Prototype:
    """What a function takes and gives. `variadic`: and any number more."""

    name: str
    returns: CType
    parameters: tuple[CType, ...]
    variadic: bool = False

    @property
    def words(self) -> str:
        """As C writes it."""
        parameters = [one.words for one in self.parameters] + ["..."] * self.variadic
        between = "" if self.returns.words.endswith("*") else " "
        return f"{self.returns.words}{between}{self.name}({', '.join(parameters) or 'void'})"


def integer(words: str, size: int, signed: bool) -> CType:
    """`size` is bytes."""
    return CType(words, size, size, ((0, f"i{8 * size}"),), signed)


def pointer_to(words: str) -> CType:
    """`words` is what it points to."""
    return CType(f"{words}{'' if words.endswith('*') else ' '}*", 8, 8, ((0, "ptr"),))


def array_of(element: CType, count: int) -> CType:
    """As a member of an aggregate: alone no array is passed."""
    size = element.size * count
    leaves: tuple[tuple[int, str], ...] = ()
    if size <= LARGEST and element.leaves:  # of nothing there may be any number
        leaves = tuple(
            (number * element.size + at, scalar) for number in range(count) for at, scalar in element.leaves
        )
    return CType(f"{element.words}[{count}]", size, element.align, leaves, aggregate=True)


def vector_of(element: CType, count: int) -> CType:
    """As GNU C has it, of 16 bytes. Raises `Unpassable`: others are passed by what the processor has."""
    if element.size * count != 16 or element.aggregate or element.leaves[0][1] in ("i1", "ptr"):
        raise Unpassable("only vectors of 16 bytes are passed in one way")
    return CType(
        f"{element.words} __attribute__((vector_size(16)))",
        16,
        16,
        ((0, f"<{count} x {element.leaves[0][1]}>"),),
    )


def struct_of(words: str, members: list[tuple[int, CType]], size: int, align: int) -> CType:
    """A structure or union whose members lie at these places (bytes). Raises `Unpassable` where they have too many parts."""
    leaves: set[tuple[int, str]] = set()
    if size <= LARGEST:
        if sum(len(one.leaves) for _, one in members) > _MOST_PARTS:
            raise Unpassable(f"{words} has more than {_MOST_PARTS:,} parts")
        # Members of a union that say the same say it once: else each union of two others would be twice as long.
        leaves.update((at + inner, scalar) for at, one in members for inner, scalar in one.leaves)
    return CType(words, size, align, tuple(sorted(leaves)), aggregate=True)


def laid_out(words: str, members: list[CType], *, union: bool = False) -> CType:
    """A structure or union as C lays it out."""
    end, align, placed = 0, 1, []
    for one in members:
        start = 0 if union else -(-end // one.align) * one.align
        placed.append((start, one))
        end = max(end, start + one.size)
        align = max(align, one.align)
    return struct_of(words, placed, -(-end // align) * align, align)

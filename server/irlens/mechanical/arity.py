"""How many arguments a function of the same object can take, from the registers it reads."""

from __future__ import annotations

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.arguments import Arity, decide_calls
from irlens.mechanical.convention import Convention, Variable
from irlens.mechanical.flow import Flow
from irlens.mechanical.signature import calls_of
from irlens.mechanical.ssa import Builder, Slots

MOST_BYTES = 1200
"""Of code that is looked at; for larger functions nothing is said."""


def arity_of(flow: Flow, convention: Convention) -> Arity:
    """Answers from the image's memory: (integer registers, floating-point registers), the most there can be, or
    None where that is not to be seen."""
    image = flow.image

    def count(address: int) -> tuple[int, int] | None:
        if address not in image.arities:
            image.arities[address] = None  # a function that calls itself
            image.arities[address] = _count(flow, convention, address)
        return image.arities[address]

    return count


def _count(flow: Flow, convention: Convention, address: int) -> tuple[int, int] | None:
    symbol = flow.image.at(address)
    region = flow.image.region_of(address)
    if symbol is None or region is None or not region.executable or not 0 < symbol.size <= MOST_BYTES:
        return None
    try:
        other = flow.of(symbol.name)
        body = Builder(other, convention, Slots()).build()
        if any(block.end == "indirect" for block in body.blocks):
            return None
        decide_calls(body, convention, other, stack_known=False)
        for (
            block
        ) in body.blocks:  # what is left in a result register as it came is no result, but for the first
            block.results = {
                variable: value
                for variable, value in block.results.items()
                if value.op != "entry" or variable == convention.results[0]
            }
    except Uncovered:
        return None
    read: set[Variable] = {value.data for value in body.live() if value.op == "entry"}
    for call in calls_of(body):
        for variable, value in call.registers.items():
            if value.op == "entry" and value.data == variable:  # it may pass it on
                read.add(variable)
    if any(variable[0] == "s" for variable in read) or convention.results[0] in read - {*convention.integers}:
        return None
    return _reach(convention.integers, read), _reach(convention.floats, read)


def _reach(places: tuple[Variable, ...], read: set[Variable]) -> int:
    return max((number + 1 for number, place in enumerate(places) if place in read), default=0)

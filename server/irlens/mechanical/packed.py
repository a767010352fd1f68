"""What Apple's AArch64 convention leaves open in machine code, refused by name: see `Convention.packed`.

Source: Apple, "Writing ARM64 Code for Apple Platforms": arguments on the stack have their own size and alignment,
variable arguments are on the stack, and the caller extends integers of less than 32 bits.
"""

from __future__ import annotations

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.body import Body
from irlens.mechanical.convention import Convention
from irlens.mechanical.flow import Flow
from irlens.mechanical.frame import escaping
from irlens.mechanical.signature import Signature, calls_of
from irlens.mechanical.values import Value, from_entry

_NARROW = "which macOS packs: their places are not to be seen"


def refuse_variable_arguments(flow: Flow) -> None:
    """A function that looks for its arguments on the stack."""
    raise Uncovered(
        f"{flow.symbol.name} takes the address of its arguments on the stack, as a function of variable arguments does; "
        "for macOS such functions are not lifted.",
        "variable arguments",
    )


def refuse_hidden_arguments(
    body: Body, convention: Convention, flow: Flow, calls: dict[str, Signature]
) -> None:
    """A call of which nothing says that it passes no variable arguments, where something lies at the stack pointer that
    is read nowhere and is no variable whose address goes anywhere: it may be one. The body must have its frame in
    memory, and its calls be decided."""
    read: set[int] = set()
    stored: set[int] = set()
    for block in body.blocks:
        for effect in block.effects:
            offset = from_entry(effect.address) if effect.address is not None else None
            saved = (
                effect.kind == "store" and effect.value is not None and _is_saved(effect.value, convention)
            )
            if offset is not None and effect.value is not None and not saved:
                size = effect.value.bits // 8
                (stored if effect.kind == "store" else read).update(range(offset, offset + size))
    objects = set(escaping(body))
    for number, call in enumerate(calls_of(body)):
        signature = calls[call.name or f"({number})"]
        if call.prototype is not None or set(signature.arguments) >= set(convention.integers):
            continue
        offset = from_entry(call.stack)
        if offset is None or offset in stored - read - objects:
            raise flow.refuse(
                call.place[0],
                f"{call.name or 'what is called'} may be given variable arguments, which macOS has on the stack",
                "variable arguments",
            )


def _is_saved(value: Value, convention: Convention) -> bool:
    """Whether it is what a register that is no argument held at entry."""
    return value.op == "entry" and value.data not in (*convention.integers, *convention.floats)


def refuse_packed(
    body: Body, convention: Convention, flow: Flow, own: Signature, calls: dict[str, Signature]
) -> None:
    """Arguments on the stack that are no whole words, and narrow integers whose extension another one relies on."""
    stacked = [place for place in own.arguments if place[0] == "s"]
    if stacked:
        entries = {value.data for value in body.live() if value.op == "entry"}
        if not (entries >= set(convention.integers) or entries >= set(convention.floats)):
            raise Uncovered(
                f"{flow.symbol.name} reads its stack and not all argument registers: for macOS it may be of variable "
                "arguments, which are not lifted.",
                "variable arguments",
            )
    for number, call in enumerate(calls_of(body)):
        signature = calls[call.name or f"({number})"]
        for place, value in zip(signature.arguments, call.arguments, strict=False):
            narrow = value.bits < 64 if place[0] == "s" and not signature.variadic else value.bits < 32
            if narrow and place not in convention.floats:
                raise flow.refuse(
                    call.place[0],
                    f"it passes arguments of less than 8 bytes on the stack, {_NARROW}",
                    "packed",
                )
    for block in body.blocks:
        if block.end == "return" and any(
            value.bits < 32 for place, value in block.results.items() if place not in convention.floats
        ):
            raise flow.refuse(block.place[0], "its result is not extended to 32 bits", "narrow result")

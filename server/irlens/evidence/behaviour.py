"""Does the candidate do what the original does? Both as objects, run side by side in the emulator.

This is the glue between LLVM, which makes the objects, and `emulator`, which runs them.
"""

from __future__ import annotations

from irlens.cancel import CancelToken
from irlens.emulator.agreement import Agreement
from irlens.emulator.client import Emulator
from irlens.emulator.hints import numbers_in
from irlens.errors import EmulatorStopped, LLVMRefused, LLVMStopped, UnusableInput
from irlens.llvm.client import LLVM
from irlens.llvm.signatures import Signatures

BUILD_LEVELS = (2, 0)
"""Code generation levels of the candidate. The second build is made only where the first disagrees: what the
candidate leaves undefined (uninitialised locals, overflow that it says cannot happen) may differ between them,
and an input counts only where both builds differ from the original."""

FIRST_INPUTS, CONFIRMING_INPUTS = 64, 1000
"""Inputs at least, in the two rounds of `behaves_thoroughly`; docs/evidence.md says what each finds."""


def behaves(
    text: str,
    function: str,
    triple: str,
    ir: str,
    llvm: LLVM,
    emulator: Emulator,
    *,
    original: bytes | None = None,
    inputs: int = 64,
    seed: int = 0,
    trust_locals: bool = True,
    cancel: CancelToken | None = None,
) -> Agreement:
    """Compare `function` of the assembly `text` with the one that `ir` defines, for `triple`.

    `original` is the assembled `text` where the caller has it already. `trust_locals` (see
    `Emulator.compare`) is to be false for IR whose frame is one block of bytes, as a lifter leaves it. What
    cannot be emulated is "unknown" with the reason. Raises `UnusableInput` where the assembly does not
    assemble, `Unrunnable` where there is no assembler for the target, `LLVMRefused` and `LLVMStopped` where the
    IR makes no object, `Cancelled`.
    """
    made = llvm.object_of(text, triple, cancel=cancel) if original is None else original
    signatures = llvm.signatures(ir, function, triple, cancel=cancel)
    return _compare(
        made,
        ir,
        function,
        triple,
        signatures,
        llvm,
        emulator,
        numbers_in(text),
        inputs,
        seed,
        trust_locals,
        cancel,
    )


def behaves_thoroughly(
    text: str,
    function: str,
    triple: str,
    ir: str,
    llvm: LLVM,
    emulator: Emulator,
    *,
    original: bytes,
    seed: int = 0,
    cancel: CancelToken | None = None,
) -> Agreement:
    """`behaves` in two rounds: `FIRST_INPUTS`, to which most wrong candidates fall, and, where they do not tell
    the two apart, `CONFIRMING_INPUTS` of another seed, which also reach more of the code."""

    def ask(inputs: int, seed: int) -> Agreement:
        return behaves(
            text,
            function,
            triple,
            ir,
            llvm,
            emulator,
            original=original,
            inputs=inputs,
            seed=seed,
            cancel=cancel,
        )

    first = ask(FIRST_INPUTS, seed)
    if first.outcome == "disagrees":
        return first
    second = ask(CONFIRMING_INPUTS, seed + 1)
    return first if second.outcome == "unknown" else second


def behave_alike(
    left: str,
    right: str,
    function: str,
    triple: str,
    llvm: LLVM,
    emulator: Emulator,
    *,
    inputs: int = 64,
    seed: int = 0,
    cancel: CancelToken | None = None,
) -> Agreement:
    """Compare `function` of two modules, for `triple`: `left` is the original."""
    made = llvm.emit_object(left, triple, cancel=cancel)
    signatures = llvm.signatures(right, function, triple, cancel=cancel)
    return _compare(
        made,
        right,
        function,
        triple,
        signatures,
        llvm,
        emulator,
        numbers_in(left),
        inputs,
        seed,
        True,
        cancel,
    )


def objects_alike(
    left: bytes,
    right: bytes,
    function: str,
    emulator: Emulator,
    *,
    signatures: Signatures | None = None,
    text: str = "",
    inputs: int = 64,
    seed: int = 0,
    cancel: CancelToken | None = None,
) -> Agreement:
    """Compare `function` of two objects, `left` being the original. Without `signatures` its result is compared
    only as far as both sides agree on its width, and arguments of calls only to well-known functions. `text` is
    assembly or IR of either side, for the numbers in it."""
    try:
        return emulator.compare(
            left,
            right,
            function=function,
            signatures=signatures,
            inputs=inputs,
            seed=seed,
            hints=numbers_in(text),
            cancel=cancel,
        )
    except (UnusableInput, EmulatorStopped) as error:
        return Agreement("unknown", str(error), seed=seed)


def _compare(
    original: bytes,
    ir: str,
    function: str,
    triple: str,
    signatures: Signatures,
    llvm: LLVM,
    emulator: Emulator,
    hints: list[int],
    inputs: int,
    seed: int,
    trust_locals: bool,
    cancel: CancelToken | None,
) -> Agreement:
    builds: list[bytes] = []
    found = Agreement("unknown", "nothing was compared", seed=seed)
    hints = sorted({*hints, *numbers_in(ir)})[:400]
    for level in BUILD_LEVELS:
        try:
            builds.append(llvm.emit_object(ir, triple, opt_level=level, cancel=cancel))
        except (LLVMRefused, LLVMStopped):
            if not builds:
                raise
            return found
        try:
            found = emulator.compare(
                original,
                builds[0],
                builds=builds[1:],
                function=function,
                signatures=signatures,
                inputs=inputs,
                seed=seed,
                hints=hints,
                trust_locals=trust_locals,
                cancel=cancel,
            )
        except (UnusableInput, EmulatorStopped) as error:
            return Agreement("unknown", str(error), seed=seed)
        if found.outcome != "disagrees":
            return found
    return found

"""The ladder of evidence: how far does a candidate lift get when LLVM is asked?

Start at `climb`. It takes IR that a model wrote, as hostile text, and answers with the highest rung that
was really reached and the reason why the next one was not, or with an input on which it does something
else. It must not know models, prompts or editors.

Recompiling is tried first, since it proves more; a candidate that does not come back as it was is run beside
the original in the emulator (`behaviour`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from irlens.asm.copies import direct
from irlens.asm.normal import IntelSyntax, normalise
from irlens.asm.readable import readable
from irlens.asm.symbols import defines_symbol
from irlens.cancel import CancelToken
from irlens.emulator.agreement import Agreement, taken_for_granted
from irlens.emulator.client import Emulator
from irlens.errors import IrlensError, LLVMRefused, LLVMStopped, UnusableInput
from irlens.evidence.behaviour import THOROUGH_INPUTS, behaves
from irlens.evidence.original import Original
from irlens.evidence.verdict import Verdict
from irlens.ir.brings import Only, Source, only
from irlens.ir.outline import written_names
from irlens.llvm.client import LLVM
from irlens.model.types import LiftSource
from irlens.source.alike import Matcher, unified

CODEGEN_LEVELS = (2, 0, 1)
"""Code generation levels that a candidate is recompiled at, most likely first. A lift round-trips when one
of them gives the original back; the evidence says which, since the original's level is not in its text."""

_INLINE_ASM = re.compile(
    r'^[ \t]*+module\s+asm\b|\basm\s++(?:sideeffect|alignstack|inteldialect|unwind|")', re.M
)
_STRING_OR_COMMENT = re.compile(r'c?"(?>(?:[^"\\]|\\.?)*)(?:"|\Z)|;[^\n]*')


@dataclass(frozen=True)
class Evidence:
    """What LLVM and the emulator said of one candidate.

    `reason` is one sentence: why the candidate stopped at `verdict`, or how it reached the top.
    `ir` is the candidate as it was compiled in the end (a function attribute may have been added, see
    `frame_pointer_attribute`). `codegen` is the level of the recompilation that came nearest.
    `similarity` is the share of normalised assembly lines that agree with the original, 0 to 1, in order
    (difflib's ratio over lines); it ranks candidates and proves nothing.
    `difference` is a unified diff of normalised assembly, original against recompiled, empty on a round trip.
    `emulation` is None where nothing was emulated: it round-trips, does not compile, or `not_emulated` says why.
    """

    verdict: Verdict
    reason: str
    ir: str
    codegen: str = ""
    similarity: float = 0.0
    difference: tuple[str, ...] = field(default=())
    emulation: Agreement | None = None
    not_emulated: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "verdict": str(self.verdict),
            "reason": self.reason,
            "codegen": self.codegen or None,
            "similarity": round(self.similarity, 4),
            "difference": list(self.difference),
            "emulation": self.emulation.as_json() if self.emulation else None,
            "not_emulated": self.not_emulated or None,
        }


def climb(
    ir: str,
    source: LiftSource,
    llvm: LLVM,
    *,
    emulator: Emulator | None = None,
    original: Original | None = None,
    seed: int = 0,
    another_agrees: bool = False,
    cancel: CancelToken | None = None,
    tell: Callable[[str], None] = lambda message: None,
) -> Evidence:
    """Check `ir` against the assembly function it claims to be. Without `emulator`, `agrees` is out of reach.
    `original` is for a caller that has several candidates. With `another_agrees`, one of them has reached `agrees` already:
    this one is only run where it round-trips, for nothing less would be better.

    `tell` gets what is being checked.

    Raises `UnusableInput` when the original function cannot be normalised and `Cancelled` when the token
    goes up. A candidate that kills an LLVM worker is rejected like any other bad one.
    """
    try:
        lines = normalise(source.text, source.function, source.triple).text.splitlines()
    except IntelSyntax:
        lines = []  # there is nothing to compare a recompilation with
    if _hides_assembly(ir):
        return Evidence(Verdict.REJECTED, "it hides assembly in inline asm, which is no lift", ir)
    try:
        parsed = llvm.parse(ir, cancel=cancel)
    except LLVMStopped as stopped:
        return Evidence(Verdict.REJECTED, str(stopped), ir)
    if not parsed.verified:
        stage = "the verifier refuses it" if parsed.parsed else "it does not parse"
        first = parsed.diagnostics[0] if parsed.diagnostics else None
        detail = f": line {first.line + 1}: {first.message}" if first else ""
        return Evidence(Verdict.REJECTED, stage + detail, ir)
    if not _defines(ir, source.function):
        return Evidence(Verdict.REJECTED, f"it does not define @{source.function}", ir)
    printed = llvm.printed(ir, cancel=cancel)
    alone = _alone(printed, source)
    if alone.refused:
        return Evidence(Verdict.REJECTED, f"it brings more than the function: {alone.refused}", ir)
    if alone.ir != printed.rstrip("\n"):
        ir = alone.ir
    tell("recompiling it")
    evidence = _compile_and_compare(ir, source, lines, llvm, cancel)
    if evidence.verdict < Verdict.COMPILES or emulator is None:
        return evidence
    if another_agrees and evidence.verdict < Verdict.ROUND_TRIPS:
        return replace(evidence, ir=ir, not_emulated="It was not run: another lift agrees, and is shown.")
    original = original or Original(source.text, source.triple, llvm, source.function)
    # The variant's attributes are for recompiling only: what agrees is what was given.
    plain = replace(evidence, ir=ir) if evidence.verdict == Verdict.COMPILES else evidence
    tell("running it beside the original")
    return _emulate(plain, source, original, llvm, emulator, seed, cancel)


def _alone(printed: str, source: LiftSource) -> Only:
    """The candidate with nothing but the function and its data. The rest of it would run, or replace what a program has,
    wherever the lift is linked in, and no comparison of the function sees it."""
    text = readable(source.text).text
    return only(
        printed.rstrip("\n"),
        source.function,
        Source(lambda name: defines_symbol(text, name), lambda name: name in text),
    )


def _emulate(
    evidence: Evidence,
    source: LiftSource,
    original: Original,
    llvm: LLVM,
    emulator: Emulator,
    seed: int,
    cancel: CancelToken | None,
) -> Evidence:
    """The rung `agrees`, or the fall to `disagrees`. Where nothing can be run, for want of an assembler say, the reason is kept.

    What round-trips is run, too: the value that the function returns, or passes on, may have come through by luck, in a
    register that the IR says nothing of.
    """
    comes_back = evidence.verdict == Verdict.ROUND_TRIPS

    def ask(ir: str, inputs: int = 64) -> Agreement:
        made = original.object(cancel)
        return behaves(
            source.text,
            source.function,
            source.triple,
            ir,
            llvm,
            emulator,
            original=made,
            declared=original.declared,
            inputs=inputs,
            seed=seed,
            cancel=cancel,
        )

    try:
        agreement = ask(evidence.ir) if comes_back else ask(evidence.ir, inputs=THOROUGH_INPUTS)
        if comes_back and not agreement.unsaid:
            why = evidence.reason
        elif agreement.outcome == "agrees":
            why = agreement.reason
        else:
            wrong = agreement.outcome == "disagrees"
            verdict = Verdict.DISAGREES if wrong else Verdict.COMPILES
            return replace(evidence, verdict=verdict, reason=agreement.reason, emulation=agreement)
        run = llvm.run_passes(evidence.ir, OPTIMISED, cancel=cancel)
        unchanged = run.ir == llvm.printed(evidence.ir, run.by, cancel=cancel)
        optimised = None if unchanged else ask(run.ir, inputs=OPTIMISED_INPUTS)
    except IrlensError as error:
        return replace(evidence, not_emulated=str(error))
    if optimised is not None and optimised.outcome == "disagrees":
        reason = f"It holds as it stands, and not once it is optimised ({OPTIMISED}): {optimised.reason}"
        return replace(evidence, verdict=Verdict.DISAGREES, reason=reason, emulation=optimised)
    if comes_back:
        taken = taken_for_granted(agreement)
        return replace(evidence, reason=f"{why}. {taken}" if taken else why, emulation=agreement)
    return replace(evidence, verdict=Verdict.AGREES, reason=why, emulation=agreement)


OPTIMISED, OPTIMISED_INPUTS = "default<O2>", 256
"""What a lift is used for is to be optimised, and what leans on luck, such as where a local variable lies, falls there."""


def _compile_and_compare(
    ir: str, source: LiftSource, original: list[str], llvm: LLVM, cancel: CancelToken | None
) -> Evidence:
    best = Evidence(Verdict.VERIFIES, "LLVM makes no object from it", ir)
    if not original:
        return _compile(ir, source, llvm, cancel)
    tried = [(variant, CODEGEN_LEVELS) for variant in variants(ir, source, original)]
    for_size = [(with_attribute(tried[0][0], source.function, size), CODEGEN_LEVELS[:1]) for size in FOR_SIZE]
    nearest: list[str] = []

    def all_tries() -> Iterator[tuple[str, tuple[int, ...]]]:
        yield from tried
        yield from for_size
        for variant in near_variants(tried[0][0], source, original, nearest):
            yield variant, CODEGEN_LEVELS

    for variant, levels in all_tries():
        for level in levels:
            if cancel is not None:
                cancel.check()
            try:
                # Assembly text alone is no proof that an object can be made (fixups, relocations).
                llvm.emit_object(variant, source.triple, opt_level=level, cancel=cancel)
                text = llvm.lower(variant, source.triple, opt_level=level, cancel=cancel)
                recompiled = normalise(text, source.function, source.triple).text.splitlines()
            except (LLVMRefused, LLVMStopped, UnusableInput) as error:
                if best.verdict == Verdict.VERIFIES:
                    best = Evidence(Verdict.VERIFIES, f"LLVM makes no object from it: {error}", variant)
                break
            codegen = f"-O{level}"
            if same_code(recompiled, original, source.triple):
                reason = f"recompiled at {codegen} it gives the same normalised assembly"
                return Evidence(Verdict.ROUND_TRIPS, reason, variant, codegen, 1.0)
            similarity = Matcher(original, recompiled).ratio()
            if best.verdict == Verdict.VERIFIES or similarity > best.similarity:
                nearest = recompiled
                best = Evidence(
                    Verdict.COMPILES,
                    _first_difference(original, recompiled, codegen),
                    variant,
                    codegen,
                    similarity,
                    tuple(unified(original, recompiled, ("original", "recompiled"), 2)),
                )
    return best


def same_code(recompiled: list[str], original: list[str], triple: str) -> bool:
    """Are two normalised assemblies the same but for what two releases of LLVM write differently?"""
    if recompiled == original:
        return True
    return triple.startswith(("aarch64", "arm64")) and direct(recompiled) == direct(original)


def _compile(ir: str, source: LiftSource, llvm: LLVM, cancel: CancelToken | None) -> Evidence:
    try:
        llvm.emit_object(ir, source.triple, cancel=cancel)
    except (LLVMRefused, LLVMStopped) as error:
        return Evidence(Verdict.VERIFIES, f"LLVM makes no object from it: {error}", ir)
    return Evidence(Verdict.COMPILES, "Intel syntax and listings are not compared with a recompilation", ir)


OLD_X86_TUNING = '"target-features"="+slow-3ops-lea"'
"""What LLVM up to 19 assumes of a generic x86-64 (no `lea` with three operands) and LLVM 22 no longer does:
a tuning of the compiler that made the original, not the meaning of its code. Seen on clang 19.1.7's output."""


NO_SECOND_SCHEDULING = '"target-features"="-use-postra-scheduler"'
"""LLVM 22 puts instructions in order once more behind register allocation where clang 19 left them, seen on epilogues."""

FOR_SIZE = ("optsize", "optsize minsize")
"""What clang marks functions with at -Os and -Oz: a choice among instructions that do the same."""


def variants(ir: str, source: LiftSource, original: list[str]) -> list[str]:
    """`ir` with the attributes under which the original may have been compiled, most likely first."""
    frame_pointer = frame_pointer_attribute(original, source.triple)
    likely = ir if frame_pointer is None else with_attribute(ir, source.function, frame_pointer)
    found = [likely, ir]
    if not source.triple.startswith(("aarch64", "arm64")) and any(
        line.startswith("lea") for line in original
    ):
        found.insert(1, with_attribute(likely, source.function, OLD_X86_TUNING))
    return list(dict.fromkeys(found))


def near_variants(ir: str, source: LiftSource, original: list[str], nearest: list[str]) -> Iterator[str]:
    """What is worth trying where the recompilation came near the original: marks and options of the compiler that are
    not the meaning of the code. `nearest` is normalised assembly, empty where there is none."""
    if not nearest:
        return
    if source.triple.startswith(("aarch64", "arm64")) and sorted(original) == sorted(nearest):
        yield with_attribute(ir, source.function, NO_SECOND_SCHEDULING)
    # `tail` allows a jump for a call, and asks for none.
    if re.search(r"\btail call\b", ir) and any(re.match(r"(?:callq|blr?)\b", line) for line in original):
        yield re.sub(r"(?<!must)\b(?<!no)tail call\b", "call", ir)


def frame_pointer_attribute(original: list[str], triple: str) -> str | None:
    """The attribute that makes code generation keep a frame pointer, where the original has one; else None.

    Whether there is a frame pointer is the compiler's option (`-fno-omit-frame-pointer`; clang's default on
    AArch64 Linux), not the meaning of the code, so the recompilation is given the original's choice.
    """
    body = "\n".join(original).replace(",", " ")
    keeps = (
        re.search(r"\bmov\s+x29\s+sp\b|\badd\s+x29\s+sp\b", body)
        if triple.startswith(("aarch64", "arm64"))
        else re.search(r"\bmovq\s+%rsp\s+%rbp\b", body)
    )
    return '"frame-pointer"="all"' if keeps else None


def with_attribute(ir: str, function: str, attribute: str) -> str:
    """`ir` with `attribute` on the definition of `function`; unchanged where that line is not found."""
    lines = ir.split("\n")
    for index, line in enumerate(lines):
        if _is_definition(line, function) and line.rstrip().endswith("{"):
            if attribute not in line:
                lines[index] = line.rstrip()[:-1].rstrip() + f" {attribute} {{"
            break
    return "\n".join(lines)


def with_attributes_of(variant: str, ir: str, function: str) -> str:
    """`ir` with the attributes that `variant` was given for recompiling."""
    [head] = [line for line in variant.split("\n") if _is_definition(line, function)][:1] or [""]
    for attribute in ('"frame-pointer"="all"', OLD_X86_TUNING, NO_SECOND_SCHEDULING, *reversed(FOR_SIZE)):
        if re.search(rf"(?<= ){re.escape(attribute)}(?= )", head):
            ir = with_attribute(ir, function, attribute)
    return ir


def _is_definition(line: str, function: str) -> bool:
    return line.startswith("define") and any(f"{written}(" in line for written in written_names(function))


def _defines(ir: str, function: str) -> bool:
    return any(_is_definition(line, function) for line in ir.split("\n"))


def _hides_assembly(ir: str) -> bool:
    # Strings and comments may say "asm" without harm; an asm call's own template is cut to `asm ""`.
    bare = _STRING_OR_COMMENT.sub(lambda match: '""' if '"' in match.group()[:2] else "", ir)
    return _INLINE_ASM.search(bare) is not None


def _first_difference(original: list[str], recompiled: list[str], codegen: str) -> str:
    for index, (left, right) in enumerate(zip(original, recompiled, strict=False)):
        if left != right:
            return f"recompiled at {codegen} it differs first at line {index + 1}: `{right}` for `{left}`"
    return (
        f"recompiled at {codegen} it has {len(recompiled)} lines of normalised assembly, "
        f"the original {len(original)}"
    )

"""Does the candidate do what the original does? Both as objects, run side by side in the emulator.

This is the glue between LLVM, which makes the objects, and `emulator`, which runs them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from irlens.asm.comments import without_comment_a64, without_comment_x86
from irlens.asm.macos_target import packs_arguments
from irlens.asm.outline import function_named as asm_function_named
from irlens.asm.outline import lines_of
from irlens.asm.readable import readable
from irlens.cancel import CancelToken
from irlens.emulator import calls
from irlens.emulator.agreement import Agreement
from irlens.emulator.client import Emulator
from irlens.emulator.hints import numbers_in, numbers_to_try
from irlens.errors import EmulatorStopped, LLVMRefused, LLVMStopped, Unrunnable, UnusableInput
from irlens.ir.defined import checked
from irlens.ir.outline import function_text, outline
from irlens.llvm.client import LLVM
from irlens.llvm.signatures import Signature, Signatures
from irlens.objects.kinds import architecture
from irlens.prototypes.declared import Declared, Known

BUILD_LEVELS = (2, 0)
"""Code generation levels of IR on either side. The second builds are made only where the first disagree: what IR
leaves undefined (uninitialized locals, overflow that it says cannot happen) may differ between them, and an input
counts only where both builds of the candidate differ from the original, and the original's other build, with checks
(`ir.defined`), does the same and finds nothing undefined."""

_KEEPS_APART = re.compile(r"\bnoalias\b|!tbaa\b|!alias\.scope\b|!noalias\b")
"""What says that pointers do not lead to the same memory. Where the function says so, no input lets them: which of them are
meant is not looked at. Two assemblies say nothing, and may have been compiled by such rules."""
_ASKS_WHERE = re.compile(r"@llvm\.(?:returnaddress|addressofreturnaddress|frameaddress|sponentry)\b")
"""What a function makes of its own place is the emulator's, and another in each run of a program."""
_DECIDES_BY_NOTHING = re.compile(r"\b(?:br i1|switch i\d+) (?:undef|poison)\b")
_IR_COMMENT = re.compile(r'("(?>[^"\n]*)"?)|;[^\n]*')

THOROUGH_INPUTS = 1000
"""Inputs at least of what nothing but its behaviour speaks for; docs/evidence.md says what as many find. One round: what
is wrong mostly falls to its first inputs, and ends it there."""


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
    declared: Known | None = None,
    cancel: CancelToken | None = None,
) -> Agreement:
    """Compare `function` of the assembly `text` with the one that `ir` defines, for `triple`.

    `original` is the assembled `text` where the caller has it already. `trust_locals` (see
    `Emulator.compare`) is to be false for IR whose frame is one block of bytes, as a lifter leaves it. `declared` are
    prototypes of functions by name. What
    cannot be emulated is "unknown" with the reason. Raises `UnusableInput` where the assembly does not
    assemble, `Unrunnable` where there is no assembler for the target, `LLVMRefused` and `LLVMStopped` where the
    IR makes no object, `Cancelled`.
    """
    return versions_alike(
        Version(text, function, True, original),
        Version(ir, function, False),
        triple,
        llvm,
        emulator,
        inputs=inputs,
        seed=seed,
        trust_locals=trust_locals,
        guessed=True,
        declared=declared,
        cancel=cancel,
    )


@dataclass(frozen=True)
class Version:
    """One version of a function: the text that defines it and its name there. `is_asm` tells assembly from IR;
    `made` is the object of an assembly where the caller has it already."""

    text: str
    name: str
    is_asm: bool
    made: bytes | None = None

    def build(self, level: int, triple: str, llvm: LLVM, cancel: CancelToken | None) -> bytes:
        """The object; of IR at this level of code generation."""
        if not self.is_asm:
            return llvm.emit_object(self.text, triple, opt_level=level, cancel=cancel)
        return llvm.object_of(self.text, triple, cancel=cancel) if self.made is None else self.made

    def bare(self, triple: str) -> str:
        """The text without comments."""
        return self._without_comments(self.text, triple)

    def code(self, triple: str) -> str:
        """The function's own text without comments; the whole text where it is not found."""
        if not self.is_asm:
            own = function_text(self.text, self.name)
        else:
            found = asm_function_named(self.text, self.name)
            lines = lines_of(self.text)
            own = "\n".join(lines[found.start_line : found.end_line + 1]) if found is not None else None
        return self._without_comments(self.text if own is None else own, triple)

    def pages(self) -> set[str]:
        """Names that irlens gives to addresses of a listing, in the function."""
        found = asm_function_named(self.text, self.name)
        if found is None:
            return set()
        lines = readable(self.text).text.split("\n")[found.start_line : found.end_line + 1]
        return {name for line in lines for name in _PAGE.findall(line)}

    def _without_comments(self, text: str, triple: str) -> str:
        if not self.is_asm:
            return _IR_COMMENT.sub(r"\1", text)
        bare = without_comment_x86 if architecture(triple) == "x86_64" else without_comment_a64
        return "\n".join(map(bare, lines_of(text)))


def versions_alike(
    original: Version,
    candidate: Version,
    triple: str,
    llvm: LLVM,
    emulator: Emulator,
    *,
    renamed: Mapping[str, str] | None = None,
    inputs: int = 64,
    seed: int = 0,
    trust_locals: bool = True,
    guessed: bool = False,
    declared: Known | None = None,
    cancel: CancelToken | None = None,
) -> Agreement:
    """Compare two versions of a function, each of assembly or IR. `renamed` has the original's names for what the
    candidate calls otherwise; the two versions' own names are added. `declared` are prototypes by the original's names,
    for where the original is assembly and says nothing itself.

    How values are passed is read off the IR: the candidate's where it is IR, else the original's. Two assemblies
    have none: see `objects_alike`. Raises as `behaves`.
    """
    if why := _beyond_runs(original, candidate, triple):
        return Agreement("unknown", why, seed=seed)
    names = permuted({**(renamed or {}), candidate.name: original.name})
    signatures = None
    if not candidate.is_asm:
        its = llvm.signatures(candidate.text, candidate.name, triple, cancel=cancel)
        signatures = _renamed(its, names)
    elif not original.is_asm:
        signatures = llvm.signatures(original.text, original.name, triple, cancel=cancel)
    # What the original says of its pointers counts; where it is assembly and says nothing, what the candidate does.
    # It may have it from a callee that was inlined, so all of its module counts.
    says = candidate.code(triple) if original.is_asm else original.bare(triple)
    aliases = not (original.is_asm and candidate.is_asm) and _KEEPS_APART.search(says) is None
    ends = own = None
    if not original.is_asm:
        own = signatures if candidate.is_asm else None
        own = own or llvm.signatures(original.text, original.name, triple, cancel=cancel)
        ends = never_returning(own)
        declared = None
        if candidate.is_asm or _same_types(own.function, signatures):
            declared = {original.name: Declared(own.function, _header(original), "as it says itself")}
    if signatures is not None:
        signatures = _as_the_original_says(signatures, own)
    both = (original, candidate)
    hints = numbers_to_try([one.code(triple) for one in both], [one.bare(triple) for one in both])
    levels = BUILD_LEVELS if signatures is not None else BUILD_LEVELS[:1]
    builds: list[bytes] = []
    references: list[bytes] = []
    not_checked: Mapping[str, str] = {}
    found = Agreement("unknown", "nothing was compared", seed=seed)
    for level in levels:
        try:
            if not references:
                references.append(original.build(level, triple, llvm, cancel))
            elif not original.is_asm:
                with_checks, not_checked = checked_build(original.text, triple, llvm, cancel)
                references.append(with_checks)
            if not builds or not candidate.is_asm:
                builds.append(candidate.build(level, triple, llvm, cancel))
        except (LLVMRefused, LLVMStopped):
            if level == levels[0]:
                raise
            if original.is_asm:
                return found
            not_checked = {original.name: _header(original)}
            break
        try:
            found = emulator.compare(
                references[0],
                builds[0],
                builds=builds[1:],
                references=references[1:],
                renamed=names,
                function=original.name,
                signatures=signatures,
                inputs=inputs,
                seed=seed,
                hints=hints,
                trust_locals=trust_locals,
                packed=packs_arguments(triple),
                guessed=guessed,
                aliases=aliases,
                said_not_to_return=ends,
                declared=declared,
                cancel=cancel,
            )
        except (UnusableInput, EmulatorStopped) as error:
            return Agreement("unknown", str(error), seed=seed)
        if found.outcome != "disagrees":
            return found
    if original.is_asm and candidate.is_asm and (pages := original.pages() ^ candidate.pages()):
        why = (
            f"{found.reason.rstrip('.')}; but {min(pages)} stands for an address of a listing, which the other side may call "
            "by a name, so nothing is told."
        )
        return replace(found, outcome="unknown", reason=why)
    if original.name in not_checked:
        allows = f"but the original may allow both, or be undefined there, by `{not_checked[original.name]}`"
        why = f"{found.reason.rstrip('.')}; {allows}, so nothing is told."
        return replace(found, outcome="unknown", reason=why)
    if not original.is_asm and not candidate.is_asm and _one_for_another(found):
        why = f"A library call differs, which a compiler may replace by another: {found.reason}"
        return replace(found, outcome="unknown", reason=why)
    return found


def _same_types(one: Signature, other: Signatures | None) -> bool:
    def types(of: Signature) -> list[str]:
        return [value.type for value in (of.returns, *of.parameters)]

    return other is not None and types(one) == types(other.function)


def _header(original: Version) -> str:
    """How IR declares a function, short."""
    header = " ".join((function_text(original.text, original.name) or "").partition("{")[0].split())
    return header if len(header) <= _LONGEST_HEADER else f"{header[: _LONGEST_HEADER - 3]}..."


def _beyond_runs(original: Version, candidate: Version, triple: str) -> str:
    """Why no run could tell the two apart where they differ; empty where nothing is in the way."""
    if candidate.is_asm:
        return ""
    mine, its = "" if original.is_asm else original.code(triple), candidate.code(triple)
    if _ASKS_WHERE.search(its):
        return "The candidate asks for its return address or frame, which differ from run to run, so nothing can be told."
    if _DECIDES_BY_NOTHING.search(its) and not _DECIDES_BY_NOTHING.search(mine):
        return "The candidate decides by a value that is undefined, so it may do anything there, and nothing can be told."
    return ""


_LONGEST_HEADER = 160
_PAGE = re.compile(r"\bpage_[0-9a-f]+\b")
_CALLED = re.compile(r"called (\S+)$")


def _one_for_another(found: Agreement) -> bool:
    """Whether all that differs is which function of the C library was called, if any, as `puts` for `printf`."""
    shown = found.counterexample
    if shown is None or not re.fullmatch(r"call \d+", shown.what):
        return False
    names = [match[1] for text in (shown.original, shown.candidate) if (match := _CALLED.match(text))]
    return len(names) == 2 and all(name in calls.PROTOTYPES and calls.doer(name) is None for name in names)


def _as_the_original_says(signatures: Signatures, original: Signatures | None) -> Signatures:
    """Which callees do nothing but give a result is the original's to say, and assembly (None) does not: a candidate could
    leave out a call by saying so. With the original's callees that the candidate does not call."""
    own = original.calls if original is not None else ()
    pure = {call.name for call in own if call.pure}
    known = {call.name for call in signatures.calls}
    more = tuple(call for call in own if call.name and call.name not in known)
    calls_ = tuple(replace(call, pure=call.name in pure) for call in signatures.calls)
    return Signatures(signatures.function, (*calls_, *more))


def never_returning(signatures: Signatures | None) -> list[str]:
    """Callees that do not return in any call."""
    every = signatures.calls if signatures is not None else ()
    goes_on = {call.name for call in every if not call.noreturn}
    return sorted({call.name for call in every if call.name and call.noreturn} - goes_on)


def checked_build(
    ir: str, triple: str, llvm: LLVM, cancel: CancelToken | None
) -> tuple[bytes, dict[str, str]]:
    """An object of the module that says where it is undefined, and by name the functions of which it doesn't say all
    (`ir.defined`); without checks, and with all names, where LLVM doesn't take them. Raises as `LLVM.emit_object`."""
    try:
        made = checked(llvm.printed(ir, cancel=cancel))
        return llvm.emit_object(made.ir, triple, opt_level=0, cancel=cancel), made.incomplete
    except (LLVMRefused, Unrunnable):
        functions = {one.name: f"define @{one.name}" for one in outline(ir).functions if one.is_definition}
        return llvm.emit_object(ir, triple, opt_level=0, cancel=cancel), functions


def permuted(renamed: Mapping[str, str]) -> dict[str, str]:
    """The same names, with new ones for what bears a name that is given to something else: where `f` becomes `g`,
    what was `g` becomes `f`. Raises `ValueError` where two become one."""
    given = {name: other for name, other in renamed.items() if name != other}
    back = {other: name for name, other in given.items()}
    if len(back) < len(given):
        raise ValueError("two names become one")
    for taken in [other for other in given.values() if other not in given]:
        free = taken
        while free in back:
            free = back[free]
        given[taken] = free
    return given


def _renamed(signatures: Signatures, names: Mapping[str, str]) -> Signatures:
    def named(one: Signature) -> Signature:
        return replace(one, name=names.get(one.name, one.name))

    return Signatures(named(signatures.function), tuple(named(call) for call in signatures.calls))


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

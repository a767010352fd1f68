"""Does a module still do what it did before some passes ran? Its functions, before and after, in the emulator.

Functions of the module that are called really run, since passes inline, merge and outline them; variables are as
the program starts, since passes rely on who writes them; what the passes make of their first values is not
compared. Only calls out of the module are stubs.

A pass may also replace a call of the C library by another (`printf` by `puts`), which the stubs cannot tell from
an error: a difference in calls where one of them is of the library counts as not compared, with that reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from irlens.assist.limit import Limit
from irlens.assist.tools import Tools
from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.agreement import Agreement
from irlens.emulator.calls import PROTOTYPES
from irlens.emulator.hints import numbers_in
from irlens.emulator.inputs import STACK_HIGH, STACK_LOW
from irlens.errors import EmulatorStopped, LLVMStopped, UnusableInput
from irlens.evidence.behaviour import checked_build, never_returning
from irlens.ir.outline import IrOutline, outline
from irlens.llvm.answers import DEFAULT_TRIPLE
from irlens.llvm.signatures import Signatures
from irlens.objects.kinds import elf_sibling
from irlens.source.positions import to_utf8
from irlens.source.snapshot import split_lines

BUDGET_S = 4.0
"""Seconds for one module, from its text to the last comparison; functions that are not reached are said to be not
compared."""
INPUTS = 32
_LEVELS = (2, 0)
"""Code generation of the module after the passes: what it leaves undefined may come out either way, and only
what differs in both counts (as in `evidence.behaviour`)."""


@dataclass(frozen=True)
class Broken:
    """A function that does something else after the passes, with the input that shows it."""

    name: str
    agreement: Agreement


@dataclass(frozen=True)
class Guarded:
    """`agreed` and `unknown` name functions, the second with why; `broken` has those that differ. `inputs` is how
    many inputs each function was given at least, `seconds` wall time."""

    agreed: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    broken: tuple[Broken, ...]
    inputs: int
    seconds: float

    @property
    def words(self) -> str:
        """One sentence."""
        total = len(self.agreed) + len(self.unknown) + len(self.broken)
        if self.broken:
            first = self.broken[0]
            return (
                f"the passes change what {len(self.broken)} of {total} functions do, {first.name} first: "
                f"{first.agreement.reason}"
            )
        said = f"{len(self.agreed)} of {total} functions did the same as before on every emulated input"
        if not self.unknown:
            return said
        more = "" if len({reason for _, reason in self.unknown}) == 1 else "most often "
        return f"{said}, {len(self.unknown)} could not be checked ({more}{self.commonest})"

    @property
    def commonest(self) -> str:
        """The commonest reason why a function could not be checked; "" where all were."""
        reasons = Counter(" ".join(why.split()).rstrip(".") for _, why in self.unknown)
        return reasons.most_common(1)[0][0] if reasons else ""

    def as_json(self) -> dict[str, object]:
        return {
            "agreed": list(self.agreed),
            "unknown": [{"name": name, "why": why} for name, why in self.unknown],
            "broken": [
                {"name": broken.name, "evidence": broken.agreement.as_json()} for broken in self.broken
            ],
            "commonest": self.commonest,
            "inputs": self.inputs,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class Prepared:
    """A module as it was, ready to be compared: its object, the names it defines, those of them that passes must leave
    and those that no other file can call, how each is called (or why that is not known), and numbers worth trying."""

    text: str
    triple: str
    object: bytes
    names: tuple[str, ...]
    exported: frozenset[str]
    local: frozenset[str]
    signatures: dict[str, Signatures]
    unreadable: dict[str, str]
    hints: tuple[int, ...]


def prepare(
    before: str, tools: Tools, cancel: CancelToken | None = None, *, budget_s: float | None = None
) -> Prepared:
    """What all comparisons with this module need. Raises `Cancelled`, and `LLVMRefused` or `LLVMStopped` where the
    module makes no object, or takes more than `budget_s` seconds."""
    with Limit(budget_s, cancel) as limit:
        try:
            return _prepared(before, tools, limit.token)
        except Cancelled:
            if not limit.is_over:
                raise
            raise LLVMStopped(
                f"The module was not made ready to be compared within {budget_s:g} s. Cut it down (llvm-extract)."
            ) from None


def _prepared(before: str, tools: Tools, cancel: CancelToken) -> Prepared:
    # Both are compiled alike, so what IR for macOS or Windows does can be seen as ELF code of the same machine.
    found = outline(before)
    triple = elf_sibling(found.triple or DEFAULT_TRIPLE)
    names = _defined(found)
    made = tools.llvm.emit_object(before, triple, cancel=cancel)
    read = tools.llvm.signatures_of(before, names, triple, cancel=cancel)
    # Calls of the whole module: inlining moves them from function to function.
    signatures = {name: Signatures(function, read.calls) for name, function in read.own.items()}
    heads = _heads(before, found)
    return Prepared(
        before,
        triple,
        made,
        tuple(names),
        frozenset(name for name in names if not _MAY_GO.search(heads[name])),
        frozenset(name for name in names if _IS_LOCAL.search(heads[name])),
        signatures,
        read.unreadable,
        tuple(numbers_in(before)),
    )


def guard(
    before: str | Prepared,
    after: str,
    tools: Tools,
    *,
    functions: Sequence[str] | None = None,
    budget_s: float = BUDGET_S,
    inputs: int = INPUTS,
    seed: int = 0,
    cancel: CancelToken | None = None,
) -> Guarded:
    """Compare the functions that both modules define (or `functions` of them), each on `inputs` inputs at least. All of it,
    what it takes to get there too, has `budget_s` seconds: what they do not reach is unknown.

    Raises `Cancelled`, and `LLVMRefused` or `LLVMStopped` where a module makes no object.
    """
    wanted = None if functions is None else set(functions)
    with Limit(budget_s, cancel) as limit:
        try:
            was = before if isinstance(before, Prepared) else _prepared(before, tools, limit.token)
            builds = [
                tools.llvm.emit_object(after, was.triple, opt_level=level, cancel=limit.token)
                for level in _LEVELS
            ]
        except Cancelled:
            if not limit.is_over:
                raise
            names = before.names if isinstance(before, Prepared) else _defined(outline(before))
            late = tuple((name, _LATE) for name in names if wanted is None or name in wanted)
            return Guarded((), late, (), inputs, limit.spent_s)
        return _compared(was, after, builds, tools, wanted, limit, inputs, seed, cancel)


def _compared(
    was: Prepared,
    after: str,
    builds: list[bytes],
    tools: Tools,
    wanted: set[str] | None,
    limit: Limit,
    inputs: int,
    seed: int,
    cancel: CancelToken | None,
) -> Guarded:
    """The functions one by one, as long as there is time."""
    there = set(_defined(outline(after)))
    names = [
        name
        for name in was.names
        if (name in there or name in was.exported) and (wanted is None or name in wanted)
    ]
    agreed, unknown, broken = [], [], []
    checks: tuple[bytes, dict[str, str]] | None = None
    for name in names:
        if cancel is not None:
            cancel.check()
        left = limit.left_s
        if left <= 0:
            unknown.append((name, _LATE))
            continue
        if name not in there:
            broken.append(Broken(name, Agreement("disagrees", "Other files may call it, and it is gone.")))
            continue
        if name in was.unreadable:
            unknown.append((name, was.unreadable[name]))
            continue

        def ask(references: Sequence[bytes], name: str = name, left: float = left) -> Agreement:
            return tools.emulator.compare(
                was.object,
                builds[0],
                builds=builds[1:],
                references=references,
                function=name,
                signatures=was.signatures[name],
                inputs=inputs,
                seed=seed,
                hints=was.hints,
                inner=True,
                said_not_to_return=never_returning(was.signatures[name]),
                timeout_s=left,
                cancel=cancel,
            )

        try:
            agreement = ask(())
            if agreement.outcome == "disagrees":
                # LLVM is accused only on an input on which the module was defined.
                if checks is None:
                    checks = checked_build(was.text, was.triple, tools.llvm, cancel)
                agreement = ask((checks[0],))
        except (UnusableInput, EmulatorStopped) as error:
            unknown.append((name, str(error)))
            continue
        if agreement.outcome == "agrees":
            agreed.append(name)
        elif agreement.outcome == "unknown":
            unknown.append((name, agreement.reason))
        elif checks is not None and checks[1]:
            unknown.append((name, f"the original may be undefined on an input: {agreement.reason}"))
        elif name in was.local:
            unknown.append((name, f"{_LOCAL}: {agreement.reason}"))
        elif _past_a_variable(agreement):
            unknown.append((name, f"an address beyond a local variable differs: {agreement.reason}"))
        elif _of_the_library(agreement):
            unknown.append((name, f"a library call differs, as passes may replace them: {agreement.reason}"))
        else:
            broken.append(Broken(name, agreement))
    return Guarded(tuple(agreed), tuple(unknown), tuple(broken), inputs, limit.spent_s)


_LATE = "there was no time left to compare it"


def _defined(found: IrOutline) -> list[str]:
    return [function.name for function in found.functions if function.is_definition]


_MAY_GO = re.compile(r"\b(?:internal|private|linkonce|linkonce_odr|available_externally)\b")
_IS_LOCAL = re.compile(r"\b(?:internal|private)\b")
_LOCAL = "only this file calls it, and passes may rely on what it is called with"
"""It is compared all the same, in the functions that call it: those really run."""


def _heads(ir: str, outlined: IrOutline) -> dict[str, str]:
    """What stands before each function's name: its linkage is in there."""
    lines = split_lines(ir)
    found = {}
    for function in outlined.functions:
        line = to_utf8(lines[function.name_line])[: function.name_column]
        head = " ".join(lines[function.start_line : function.name_line])
        found[function.name] = f"{head} {line.decode('utf-8', 'replace')}"
    return found


_POINTER = re.compile(r"\b0x([0-9a-f]{9,16})\b")


def _past_a_variable(agreement: Agreement) -> bool:
    """Whether the difference is an address in the frame that is of no variable: those of variables are told apart by
    what they hold, so both versions have gone past one, which the IR leaves undefined."""
    found = agreement.counterexample
    if found is None or not found.what.startswith(("argument ", "call ", "result")):
        return False
    both = [_POINTER.findall(text) for text in (found.original, found.candidate)]
    return all(values and STACK_LOW <= int(values[-1], 16) < STACK_HIGH for values in both)


_CALLEE = re.compile(r"\bcalled (\S+?)[.,]?(?=\s|$)")


_GAVE = re.compile(r"call \d+ \((\w+)\)")
_COMPUTED = re.compile(r"(?:str|mem|is|to|ato|abs)[a-z]+$")


def _of_the_library(agreement: Agreement) -> bool:
    """Whether the difference is which function was called, and one of the two is a known library function; or the
    original called one that passes compute in place, which what a stub gave back need not agree with."""
    found = agreement.counterexample
    if found is None:
        return False
    given = _GAVE.findall("\n".join(found.calls))
    if any(name in PROTOTYPES and _COMPUTED.match(name) for name in given):
        return True
    if not re.fullmatch(r"call \d+", found.what):
        return False
    names = _CALLEE.findall(f"{found.original}\n{found.candidate}")
    return any(name in PROTOTYPES for name in names)

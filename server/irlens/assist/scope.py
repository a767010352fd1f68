"""What a pipeline is run on when somebody asks about one function: the function, cut out of its module, wherever its
passes work on one function at a time. Only what works across functions needs the module, which is said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from irlens.errors import UnusableInput
from irlens.ir.cut import cut, cut_with_callees
from irlens.ir.outline import outline
from irlens.ir.passes import interprocedural
from irlens.ir.repair import repair

WHOLE_BELOW = 256 << 10
"""Characters of a module that passes across functions are run on as a whole. In a larger one they get the function with
the functions that it calls."""
MOST_CALLEES = 48 << 10
"""Characters of those."""


@dataclass(frozen=True)
class Scope:
    """`ir` is what to run the passes on: `alone` is the function with only what it refers to, `whole` the module as it
    is, and `with callees` something between, where what comes out may differ from the whole module's. `words` is a
    sentence about it, "" where there is nothing to say."""

    ir: str
    kind: str
    words: str

    @property
    def is_whole(self) -> bool:
        return self.kind == "whole"


def scope_of(ir: str, pipeline: str, function: str, release: int) -> Scope:
    """What to run `pipeline` on, as LLVM `release` reads it. The function must be defined. Raises
    `irlens.ir.pipeline.PipelineError`."""
    across = interprocedural(repair(pipeline, release)[0])
    try:
        if not across:
            return Scope(
                cut(ir, function, slim=True),
                "alone",
                f"Run on {function} alone: the passes work on one function at a time.",
            )
        if len(ir) > WHOLE_BELOW:
            return _with_callees(ir, function, across)
    except UnusableInput as unusable:
        return whole(ir, f"the function cannot be cut out ({str(unusable).rstrip('.')})")
    return whole(ir, _works_across(across))


def whole(ir: str, why: str) -> Scope:
    """The module as it is; `why` goes on behind "since"."""
    several = sum(function.is_definition for function in outline(ir).functions) > 1
    return Scope(ir, "whole", f"Run on the whole module, since {why}." if several else "")


def without_cut(ir: str, cut_out: Scope) -> Scope:
    """The whole module, where LLVM refused what was cut out of it."""
    return replace(
        cut_out, ir=ir, kind="whole", words=whole(ir, "LLVM refuses the function cut out of it").words
    )


def _with_callees(ir: str, function: str, across: tuple[str, ...]) -> Scope:
    along = cut_with_callees(ir, function, MOST_CALLEES)
    count = "no function that it calls" if not along.callees else _counted(along.callees) + " that it calls"
    left = f" ({along.left_out} more are left out)" if along.left_out else ""
    return Scope(
        along.text,
        "with callees",
        f"Run on {function} and {count}{left}, not on the whole module of {len(ir) >> 10:,} KiB, "
        f"though {_works_across(across)}: in the whole module more may be inlined, specialized or removed.",
    )


def _works_across(across: tuple[str, ...]) -> str:
    if len(across) == 1:
        return f"{across[0]} works across functions"
    more = f" and {len(across) - 2} more passes" if len(across) > 2 else ""
    return f"{across[0]} and {across[1]}{more} work across functions"


def _counted(count: int) -> str:
    return f"{count} function{'s' * (count != 1)}"

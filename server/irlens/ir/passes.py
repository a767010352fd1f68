"""What is known of each pass: where it may stand, what it does, which LLVM has it, who can run it.

Two data files, read at first use: `passes.json` (names and kinds as `opt --print-passes` of several
releases lists them; made by `tests/support/list_passes.py`) and `pass_notes.json` (one line of our own on
what a pass does, the passes LLM Compiler was trained on, the method of llvmlite that runs a pass, renames).
This module knows nothing of nesting (`irlens.ir.nesting`) and runs nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from irlens.ir.pipeline import Pass, Pipeline, walk

Kind = Literal["module", "cgscc", "function", "loop", "loop-mssa", "machine-module", "machine-function"]

CONTAINERS = {
    "module": "Runs the passes in it over the whole module.",
    "cgscc": "Runs the passes in it over the call graph, callees before callers.",
    "devirt": "Repeats the passes in it, at most N times, while they turn indirect calls into direct ones.",
    "function": "Runs the passes in it over each function in turn.",
    "loop": "Runs the passes in it over each loop, innermost first.",
    "loop-mssa": "As loop, and keeps MemorySSA up to date for passes that need it (licm, lnicm).",
    "machine-function": "Runs the passes in it over each machine function.",
    "coro-cond": "Runs the module passes in it only where the module has coroutines.",
    "repeat": "Runs the passes in it N times (LLVM 16; gone in LLVM 19).",
}
"""Names that hold other passes, and what each does."""

TARGET_PREFIXES = (
    "aarch64-", "amdgpu-", "arc-", "arm-", "avr-", "bpf-", "dx", "generic-to-nvvm", "hexagon-", "hipstdpar-",
    "lanai-", "loongarch-", "m68k-", "mips-", "mve-", "nvptx-", "nvvm-", "polly-", "ppc-", "r600-",
    "riscv-", "si-", "sparc-", "spirv-", "systemz-", "wasm-", "webassembly-", "x86-", "xcore-",
)  # fmt: skip
"""A name that starts so may belong to a backend, whose passes `opt` knows only with its triple."""


OZ = "default<Oz>"
"""As small as LLVM makes it of its own accord; what every list is held against."""


@dataclass(frozen=True)
class PassInfo:
    """One pass by the name a pipeline gives it: `licm`, `print<domtree>`, `default<O2>`.

    `kind` is the finest level it is made for, `kinds` all levels it may stand at of its own right.
    `llvm` holds those of the checked releases (16, 17 for the passes of LLM Compiler, 19, 22) whose `opt`
    has it, `params` what may stand in `<>` in the newest of them ("" for nothing), `llvmlite_method` the
    method of llvmlite's pass managers that adds it. `summary` may be empty.
    """

    name: str
    kind: Kind
    kinds: tuple[Kind, ...]
    summary: str = ""
    params: str = ""
    llvm: tuple[int, ...] = ()
    llvmlite_method: str | None = None
    llm_compiler: bool = False
    renamed_to: str | None = None
    renamed_from: str | None = None

    @property
    def llvmlite(self) -> bool:
        """llvmlite can run it alone."""
        return self.llvmlite_method is not None

    @property
    def since(self) -> int | None:
        """The first checked release that has it; None where every checked one has (or none)."""
        return self.llvm[0] if self.llvm and self.llvm[0] > releases()[0] else None

    @property
    def until(self) -> int | None:
        """The last checked release that has it; None where the newest has (or none)."""
        return self.llvm[-1] if self.llvm and self.llvm[-1] < releases()[-1] else None


@cache
def registry() -> dict[str, PassInfo]:
    """Every pass known, by name. Read-only: the same dictionary at every call."""
    listed, notes = _data("passes.json"), _data("pass_notes.json")
    trained, methods, renamed = set(notes["llm_compiler"]), notes["llvmlite"], notes["renamed"]
    old_of = {new: old for old, new in renamed.items()}
    made = {}
    for name in sorted({*listed["passes"], *notes["summaries"], *trained, *methods}):
        entry = listed["passes"].get(name, {})
        kinds = tuple(notes["kinds"].get(name) or entry["kinds"])
        seen = set(entry.get("llvm", notes["llvm"].get(name, ())))
        if name in trained:
            seen.add(17)
        made[name] = PassInfo(
            name=name,
            kind=kinds[-1] if len(kinds) == 1 else _usual_kind(kinds),
            kinds=kinds,
            summary=notes["summaries"].get(name, ""),
            params=entry.get("params", ""),
            llvm=tuple(sorted(seen)),
            llvmlite_method=methods.get(name),
            llm_compiler=name in trained,
            renamed_to=renamed.get(name),
            renamed_from=old_of.get(name),
        )
    return made


@cache
def analyses() -> dict[str, tuple[Kind, ...]]:
    """What `require<...>` and `invalidate<...>` take, and at which levels."""
    return {name: tuple(entry["kinds"]) for name, entry in _data("passes.json")["analyses"].items()}


@cache
def releases() -> tuple[int, ...]:
    """The LLVM releases whose `opt` was asked, oldest first."""
    return tuple(_data("passes.json")["releases"])


def lookup(element: Pass) -> PassInfo | None:
    """The pass that an element names, parameters set aside; None for containers and unknown names.

    `print<domtree>` is a name, `licm<allowspeculation>` is `licm` with parameters, and
    `print<da><normalized-results>` is `print<da>` with parameters.
    """
    table = registry()
    if element.params is None:
        return table.get(element.name)
    for name in (element.text, f"{element.name}<{element.params.partition('><')[0]}>"):
        if name in table:
            return table[name]
    if element.name in ("require", "invalidate"):
        return _analysis_use(element)
    plain = table.get(element.name)
    return plain if plain is not None and plain.params else None


_LOCAL_MODULE_PASSES = frozenset(
    {
        "annotation2metadata", "lower-emutls", "no-op-cgscc", "no-op-module", "pre-isel-intrinsic-lowering",
        "print<module-debuginfo>", "strip-nonlinetable-debuginfo",
    }
)  # fmt: skip
"""Passes over a module or its call graph that do to each function what they would do to it alone."""


def interprocedural(pipeline: Pipeline) -> tuple[str, ...]:
    """The passes that look at, or change, more than one function at a time (`inline`, `default<O2>`), as the pipeline
    spells them, each once. A pass of no known name counts, so an empty answer is a promise."""
    found = []
    for element in walk(pipeline):
        if element.children and element.name in CONTAINERS:
            continue
        info = lookup(element)
        is_local = info is not None and (
            info.name in _LOCAL_MODULE_PASSES
            or any(not kind.endswith("module") and kind != "cgscc" for kind in info.kinds)
        )
        if not is_local:
            found.append(element.text)
    return tuple(dict.fromkeys(found))


def container_summary(element: Pass) -> str | None:
    """What a container does; None where the element is not one."""
    return CONTAINERS.get(element.name)


def is_target_pass(name: str) -> bool:
    """The name looks like one of a backend. Nothing is known about those, so nothing is said."""
    return name.startswith(TARGET_PREFIXES)


def suggest(name: str, limit: int = 3) -> list[str]:
    """Known names that `name` may have been meant for, best first; [] when none is near."""
    return list(_suggest(name[:100], limit))  # longer ones are no misspelling


@lru_cache(maxsize=1024)
def _suggest(name: str, limit: int) -> list[str]:
    table = registry()
    if name in table and (newer := table[name].renamed_to):
        return [newer]
    if (level := optimisation_level(name)) is not None:
        return [f"default<{level}>"]
    folded = _folded()
    if (same := folded.get(_fold(name))) is not None and same != name:
        return [same]
    limit_edits = 1 if len(name) < 5 else 2 if len(name) < 10 else 3
    near = []
    for candidate in (*folded.values(), *CONTAINERS):
        if abs(len(candidate) - len(name)) <= limit_edits:
            edits = _edits(name, candidate)
            if 0 < edits <= limit_edits:
                near.append((edits, candidate))
    return [candidate for _, candidate in sorted(near)[:limit]]


def optimisation_level(name: str) -> str | None:
    """`O2` of `O2` and `-O2`, which people write for `default<O2>`; None for anything else."""
    return name.removeprefix("-") if re.fullmatch(r"-?O[0-3sz]", name) else None


@cache
def _folded() -> dict[str, str]:
    """Names to suggest, by what `_fold` makes of them."""
    return {_fold(key): key for key, info in registry().items() if info.llvm and info.renamed_to is None}


def _fold(name: str) -> str:
    """Spelling without what people get wrong first: case, dashes, a trailing `-pass`."""
    return re.sub(r"[-_ ]", "", name.lower().removesuffix("-pass").removesuffix("pass"))


def _edits(left: str, right: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours that turn one name into the other."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _analysis_use(element: Pass) -> PassInfo | None:
    kinds = analyses().get(element.params or "")
    if kinds is None:
        return None
    what = "Computes" if element.name == "require" else "Throws away"
    summary = f"{what} the analysis {element.params}; the code stays as it is."
    return PassInfo(element.text, kinds[0], kinds, summary, llvm=releases())


def _usual_kind(kinds: tuple[Kind, ...]) -> Kind:
    """The level to name for a pass that may stand at several: function where it may, else the first."""
    return "function" if "function" in kinds and "module" not in kinds else kinds[0]


def _data(name: str) -> Any:
    from pkgutil import get_data  # here, because a start of the server need not wait for it

    data = get_data("irlens.ir", name)
    if data is None:
        raise FileNotFoundError(f"irlens was installed without irlens/ir/{name}. Install it again.")
    return json.loads(data)

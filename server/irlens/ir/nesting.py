"""Where LLVM lets a pass stand, and how to move one that stands wrong.

The rules are those of LLVM's `PassBuilder`, tried on opt 16, 19 and 22 (they agree but for `repeat<N>`):
a list takes its level from its first element; a finer pass may stand in a coarser list (LLVM adapts it),
a coarser one in a finer list may not; `loop(...)` and `loop-mssa(...)` stand only in function lists;
licm and lnicm abort outside `loop-mssa(...)` as soon as a function has a loop.

`problems` says what LLVM would refuse; `irlens.ir.repair` puts it right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from irlens.ir.passes import CONTAINERS, PassInfo, is_target_pass, lookup, registry, suggest
from irlens.ir.pipeline import Pass, Pipeline, print_pipeline

Severity = Literal["error", "warning"]
Level = Literal["module", "cgscc", "function", "loop", "loop-mssa", "machine-function"]

REPEAT_GONE = 19
"""The first checked release without `repeat<N>` (16 has it)."""

_FINENESS = {"module": 0, "cgscc": 1, "function": 2, "loop": 3, "loop-mssa": 3, "machine-function": 3}

_COARSE_FIRST: tuple[Level, ...] = ("module", "cgscc", "function", "loop", "loop-mssa", "machine-function")

_INSIDE: dict[str, Level] = {
    "module": "module",
    "coro-cond": "module",
    "cgscc": "cgscc",
    "devirt": "cgscc",
    "function": "function",
    "loop": "loop",
    "loop-mssa": "loop-mssa",
    "machine-function": "machine-function",
}

_HOLDS = {
    "module": ("module", "coro-cond", "cgscc", "function", "repeat"),
    "cgscc": ("cgscc", "devirt", "function", "repeat"),
    "function": ("function", "loop", "loop-mssa", "machine-function", "repeat"),
    "loop": ("loop", "repeat"),
    "loop-mssa": ("loop", "repeat"),
    "machine-function": (),
}
"""The containers that a list of each level may hold."""


_WHOLE = (
    "print",
    "verify",
    "require",
    "invalidate",
    "default",
    "thinlto",
    "thinlto-pre-link",
    "lto",
    "lto-pre-link",
)
"""What stands in `<>` after these belongs to the name."""


@dataclass(frozen=True)
class Problem:
    """Something LLVM would refuse (or abort on) at `element`. `message` ends in what to do."""

    element: Pass
    code: Literal["unknown-pass", "renamed-pass", "removed-pass", "pass-parameters", "pass-nesting"]
    message: str
    severity: Severity = "error"
    suggestions: tuple[str, ...] = ()


_MOST_SUGGESTED = 50
"""Unknown names of a pipeline for which near ones are looked for: more of them are no misspellings."""


def problems(pipeline: Pipeline, llvm: int | None = None) -> tuple[Problem, ...]:
    """What an `opt` of release `llvm` would refuse; with None, what every one of 16 to 22 would refuse.

    Names that look like a backend's own (`amdgpu-...`) are not judged.
    """
    found: list[Problem] = []
    level = implicit_level(pipeline.passes)
    _check(pipeline.passes, level, llvm, found, implied=True)
    return tuple(found)


def implicit_level(passes: Sequence[Pass]) -> Level | None:
    """The level LLVM takes a top-level list for, by its first element; None where that one is unknown."""
    first = passes[0]
    if first.name in ("module", "cgscc", "function", "coro-cond", "repeat"):
        return "module"
    if first.name == "devirt":
        return "cgscc"
    if first.name in ("loop", "loop-mssa", "machine-function"):
        return "function"
    info = lookup(first)
    if info is None:
        return None
    if info.kind in ("loop", "loop-mssa") and not {"module", "cgscc", "function"} & set(info.kinds):
        return info.kind
    return next((level for level in _COARSE_FIRST if level in info.kinds), None)


def is_container(element: Pass) -> bool:
    """The element holds others and its name is one that may."""
    return bool(element.children) and element.name in CONTAINERS


def inside(element: Pass, level: Level) -> Level:
    """The level of the list in a container that stands in a list of `level`."""
    if element.name == "repeat" or (element.name == "loop" and level == "loop-mssa"):
        return level
    return _INSIDE[element.name]


def stands(element: Pass, level: Level) -> bool:
    """LLVM takes the element itself, not what it holds, in a list of this level, and does not abort on it.
    Nothing is held against an unknown name."""
    if is_container(element):
        return _holds(level, element)
    info = lookup(element)
    if info is None:
        return True
    return _fits(info, level) and (info.kind != "loop-mssa" or level == "loop-mssa")


def own_level(element: Pass) -> Level | None:
    """The coarsest list that takes the element as it is; None where there is none (or it is unknown)."""
    if lookup(element) is None and not is_container(element):
        return None
    if (info := lookup(element)) is not None:
        kinds = [level for level in _COARSE_FIRST if level in info.kinds]
        return kinds[0] if kinds else None
    return next((level for level in _COARSE_FIRST if _holds(level, element)), None)


def coarser(left: Level, right: Level) -> bool:
    return _FINENESS[left] < _FINENESS[right]


def wrap(passes: tuple[Pass, ...], own: Level, level: Level) -> Pass:
    """Passes that stand in a list of level `own`, as one element of a coarser list of level `level`."""
    whole = Pass(own, None, passes, passes[0].column)
    if own in ("loop", "loop-mssa") and level != "function":
        return Pass("function", None, (whole,), whole.column)
    return whole


def _check(
    passes: Sequence[Pass], level: Level | None, llvm: int | None, found: list[Problem], *, implied: bool
) -> None:
    where = f"a list of {level} passes"
    if implied and level != "module":
        where = f"this list, which LLVM takes for {level} passes because it starts with {passes[0].text}"
    for element in passes:
        if element.name in CONTAINERS:
            _check_container(element, level, llvm, found, where)
        else:
            _check_pass(element, level, llvm, found, where)


def _check_container(
    element: Pass, level: Level | None, llvm: int | None, found: list[Problem], where: str
) -> None:
    if not element.children:
        message = f"'{element.name}' needs passes in parentheses. Write {element.text}(...)."
        found.append(Problem(element, "pass-nesting", message))
        return
    if not _parameters_fit(element):
        message = f"'{element.text}' is not a container LLVM knows. Write {_usage(element.name)}."
        found.append(Problem(element, "pass-parameters", message))
    if element.name == "repeat" and llvm is not None and llvm >= REPEAT_GONE:
        message = f"repeat<N> is gone in LLVM {REPEAT_GONE} and later. Write the passes out N times."
        found.append(Problem(element, "removed-pass", message))
    if level is not None and not _holds(level, element):
        message = f"{element.name}(...) cannot stand in {where}. {_advice(element, level)}"
        found.append(Problem(element, "pass-nesting", message))
        level = None
    within = inside(element, level) if level is not None else _INSIDE.get(element.name)
    _check(element.children, within, llvm, found, implied=False)


def _check_pass(
    element: Pass, level: Level | None, llvm: int | None, found: list[Problem], where: str
) -> None:
    info = lookup(element)
    if info is None or not info.llvm:
        if not is_target_pass(element.name):
            found.append(_unknown(element, suggests=len(found) < _MOST_SUGGESTED))
        return
    if element.children:
        message = f"'{element.name}' is a pass and holds no others. Put ',' where '(' is, or remove them."
        found.append(Problem(element, "pass-nesting", message))
        return
    if (changed := _other_release(element, info, llvm)) is not None:
        found.append(changed)
    if level is None:
        return
    if not _fits(info, level):
        message = (
            f"{element.text} is a {info.kind} pass and cannot stand in {where}. {_advice(element, level)}"
        )
        found.append(Problem(element, "pass-nesting", message))
    elif info.kind == "loop-mssa" and level != "loop-mssa":
        place = "function" if level == "loop" else level
        message = (
            f"{element.name} needs MemorySSA: LLVM aborts here as soon as a function has a loop. "
            f"Write {_wrapped(element, 'loop-mssa', place)}{' outside this list' if level == 'loop' else ''}."
        )
        found.append(Problem(element, "pass-nesting", message, "warning"))


def _unknown(element: Pass, *, suggests: bool) -> Problem:
    if element.params is not None and element.name in registry() and element.name not in _WHOLE:
        message = f"'{element.name}' takes no parameters. Remove <{element.params}>."
        return Problem(element, "pass-parameters", message, suggestions=(element.name,))
    name = element.text if element.params is None else _nearest_spelling(element)
    near = tuple(suggest(name)) if suggests else ()
    if near:
        advice = f"Did you mean {' or '.join(near)}?"
    else:
        advice = "See `opt --print-passes` for the names there are."
    # With no name near it, it may well be a pass of somebody's own LLVM: worth a word, not an error.
    severity: Severity = "error" if near else "warning"
    return Problem(element, "unknown-pass", f"LLVM has no pass '{element.text}'. {advice}", severity, near)


def _nearest_spelling(element: Pass) -> str:
    """`print<domtre>` is looked for whole, `simplifycgf<keep-loops>` without its parameters."""
    return element.text if element.name in _WHOLE else element.name


def _other_release(element: Pass, info: PassInfo, llvm: int | None) -> Problem | None:
    """A name that the release does not have, though another has it."""
    if info.renamed_to and (llvm is None or not has(info, llvm)):
        new = registry()[info.renamed_to]
        message = f"{info.name} is called {new.name} in LLVM {new.llvm[0]} and later. Write {new.name}."
        severity: Severity = "error" if llvm is not None else "warning"
        return Problem(element, "renamed-pass", message, severity, (new.name,))
    if llvm is None or has(info, llvm):
        return None
    if info.renamed_from:
        message = f"LLVM {llvm} calls {info.name} {info.renamed_from}. Write {info.renamed_from}."
        return Problem(element, "renamed-pass", message, suggestions=(info.renamed_from,))
    if llvm > info.llvm[-1]:
        message = f"{info.name} is gone: LLVM {info.llvm[-1]} has it, LLVM {llvm} does not. Remove it."
        return Problem(element, "removed-pass", message)
    message = (
        f"{info.name} is newer than LLVM {llvm}: LLVM {info.llvm[0]} has it. Remove it, or use a newer opt."
    )
    return Problem(element, "unknown-pass", message)


def has(info: PassInfo, llvm: int) -> bool:
    """Whether release `llvm` has the pass, as far as the checked releases around it tell. A release between
    one with it and one without it gets the benefit of the doubt."""
    if info.renamed_from and llvm in registry()[info.renamed_from].llvm:
        return False
    before = [release for release in info.llvm if release <= llvm]
    after = [release for release in info.llvm if release >= llvm]
    if before and after:
        return True
    checked = (16, 17, 19, 22) if 17 in info.llvm else (16, 19, 22)
    if before:
        return not any(before[-1] < release <= llvm for release in checked)
    return not any(llvm <= release < after[0] for release in checked)


def _fits(info: PassInfo, level: Level) -> bool:
    """LLVM takes the pass in a list of this level, its own or a coarser one (analysis uses: only its own)."""
    if info.name.startswith(("require<", "invalidate<")):
        return (level if level != "loop-mssa" else "loop") in info.kinds
    if level == "machine-function" or set(info.kinds) == {"machine-function"}:
        return level in info.kinds
    return any(_FINENESS.get(kind, 9) >= _FINENESS[level] for kind in info.kinds if "machine" not in kind)


def _holds(level: Level, element: Pass) -> bool:
    if element.name == "function" and element.params:
        return level == "cgscc" or (level == "module" and "no-rerun" not in element.params)
    return element.name in _HOLDS[level]


def _parameters_fit(element: Pass) -> bool:
    if element.name in ("devirt", "repeat"):
        return element.params is not None and element.params.isascii() and element.params.isdigit()
    if element.name == "function":
        return set((element.params or "").split(";")) <= {"", "eager-inv", "no-rerun"}
    return element.params is None


def _usage(name: str) -> str:
    return f"{name}<N>(...) with a number N" if name in ("devirt", "repeat") else f"{name}(...)"


def _advice(element: Pass, level: Level) -> str:
    """What to do about an element that cannot stand in a list of this level."""
    own = own_level(element)
    if own is None:
        return "Move it out of the list."
    if coarser(level, own):
        return f"Write {_wrapped(element, own, level)}."
    shown = f"{element.text}(...)" if element.children else element.text
    return f"Close the {level} list before it, and name the levels: function(...),{shown}."


def _wrapped(element: Pass, own: Level, level: Level) -> str:
    return print_pipeline(Pipeline((wrap((element,), own, level),)))

"""Which passes may run. A list of what may, not of what may not: whoever wrote a file also wrote its pass lists and the
metadata that passes obey, and LLVM has passes that write where the metadata says.

`pass_policy.json` has the names, each of which was run under a watch on the file system, with every LLVM at hand, over
a module that tries to name files (`tests/workers/test_watched_passes.py` does it again). Every way to LLVM asks here, the
worker processes once more. Text in, text out: nothing is run here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from typing import Any

from irlens.errors import Unrunnable
from irlens.ir.passes import CONTAINERS, analyses, registry, releases, suggest
from irlens.ir.pipeline import Pass, Pipeline, parse_pipeline, walk

ADVICE = "Take it out of the list."
_ADVICE_MANY = "Take them out of the list."
_MOST_NAMED = 3
_LONGEST_SHOWN = 80

_NAMES_WITH_PARAMETERS = ("print", "verify", "require", "invalidate")
"""What stands in `<>` after these belongs to the name."""
_FLAG = re.compile(r"[\w+-]*")
"""A parameter without a value names no file."""
_NUMBER = re.compile(r"(?<![\w\[\]|, -])[\w\[\]|, -]++=-?\d+")
_WORD = re.compile(r"(?:mode|preserve-gv|guard)=[\w.$-]+")
"""The parameters that take a word: a kind of token, the name of a global value."""


@dataclass(frozen=True)
class Refusal:
    """An element that irlens does not run, and why, as the second half of a sentence."""

    element: Pass
    why: str

    @property
    def message(self) -> str:
        text = self.element.text
        shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
        near = [] if self.why != _UNKNOWN else suggest(self.element.text)
        meant = f" (did you mean {' or '.join(near)}?)" if near else ""
        return f"irlens does not run {shown}{meant}: {self.why}."


def warm() -> None:
    """Read the tables now: a process that is about to be closed reads no file later."""
    for table in (registry, analyses, releases, _allowed, _refused, _names_of_methods):
        table()


def refusals(pipeline: Pipeline) -> tuple[Refusal, ...]:
    """What of the pipeline is not run, in order."""
    found = ((element, why_refused(element)) for element in walk(pipeline))
    return tuple(Refusal(element, why) for element, why in found if why)


def check(pipeline: Pipeline | str) -> None:
    """Raise `Unrunnable`, with the names, where the pipeline has an element that is not run; `PipelineError` where a
    text is no pipeline."""
    found = refusals(parse_pipeline(pipeline) if isinstance(pipeline, str) else pipeline)
    if found:
        names = tuple(dict.fromkeys(refusal.element.text for refusal in found))
        messages = list(dict.fromkeys(refusal.message for refusal in found))
        more = len(messages) - _MOST_NAMED
        said = [*messages[:_MOST_NAMED], *([f"It does not run {more} more of the list."] if more > 0 else [])]
        raise Unrunnable(f"{' '.join(said)} {ADVICE if len(messages) == 1 else _ADVICE_MANY}", names)


def why_refused(element: Pass) -> str:
    """Why irlens does not run the element; "" where it may run. What the element holds is not looked at."""
    if element.name in CONTAINERS:
        return "" if element.params is None or _FLAG.fullmatch(element.params) else _BAD_PARAMETER
    name, parameters = _split(element)
    if (why := _refused().get(name)) is not None:
        return why
    if name not in _allowed():
        return _UNKNOWN
    return "" if all(map(_is_harmless, parameters)) else _BAD_PARAMETER


def why_method_refused(method: str) -> str:
    """Why the method of llvmlite's pass managers may not be called; "" where it may."""
    names = _names_of_methods().get(method, ())
    if not names:
        return _UNKNOWN
    return next((why for name in names if (why := _refused().get(name)) is not None), "")


_UNKNOWN = "irlens does not know this pass, and a pass can write files"
_BAD_PARAMETER = "irlens does not know this parameter, and a parameter can name a file"


def _split(element: Pass) -> tuple[str, Sequence[str]]:
    """The name that the list has, and the parameters: `print<da><normalized-results>` is `print<da>` with one,
    `default<O2>` is `default` with one, `print<da>` has none."""
    if element.params is None:
        return element.name, ()
    first, _, rest = element.params.partition("><")
    whole = f"{element.name}<{first}>"
    if whole in _refused() or whole in _allowed() or element.name in _NAMES_WITH_PARAMETERS:
        return whole, rest.split(";") if rest else ()
    return element.name, element.params.split(";")


def _is_harmless(parameter: str) -> bool:
    return any(pattern.fullmatch(parameter) for pattern in (_FLAG, _NUMBER, _WORD))


@cache
def _allowed() -> frozenset[str]:
    uses = (f"{verb}<{name}>" for verb in ("require", "invalidate") for name in analyses())
    data = _data()
    return frozenset((*data["allowed"], *data["allowed_of_targets"], *data["pipelines"], *uses))


@cache
def _refused() -> dict[str, str]:
    refused: dict[str, str] = _data()["refused"]
    return refused


@cache
def _names_of_methods() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for info in registry().values():
        if info.llvmlite_method is not None:
            names[info.llvmlite_method] = (*names.get(info.llvmlite_method, ()), info.name)
    return names


@cache
def _data() -> dict[str, Any]:
    data = get_data("irlens.ir", "pass_policy.json")
    if data is None:
        raise FileNotFoundError("irlens was installed without irlens/ir/pass_policy.json. Install it again.")
    read: dict[str, Any] = json.loads(data)
    return read

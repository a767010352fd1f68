"""What `irlens eval flags` asks a model about: whole modules, and where one does not fit its functions, each cut out as
`llvm-extract` does it, which is how the paper came from 713 translation units to 2,398 (its Table 10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from irlens.cancel import CancelToken
from irlens.evals.tune import ModuleCase
from irlens.ir.extract import llvm_extract
from irlens.ir.outline import outline
from irlens.model.prompts.family import PromptFamily
from irlens.model.types import ModelInfo

PROMPT_LIMIT = 15_000
"""Tokens of a prompt; the paper leaves the rest of 16,384 to the reply."""
Split = Literal["auto", "always", "never"]


class Counts(Protocol):
    """Of `irlens.model.client.Model` what is needed here."""

    def info(self) -> ModelInfo: ...

    def family(self) -> PromptFamily: ...

    def count_tokens(self, text: str, *, cancel: CancelToken | None = None) -> int: ...


@dataclass(frozen=True)
class Unit:
    """What is asked about and measured by itself: a module, or with `function` one function of it alone."""

    module: str
    function: str
    ir: str

    @property
    def name(self) -> str:
        return f"{self.module}:{self.function}" if self.function else self.module


def units_of(
    cases: Sequence[ModuleCase],
    model: Counts,
    *,
    limit: int = PROMPT_LIMIT,
    split: Split = "auto",
    cancel: CancelToken | None = None,
    tell: Callable[[str], None] = lambda message: None,
) -> list[Unit]:
    """The units of all modules. With "auto" a module is split where this model's prompt of it has more than `limit`
    tokens or does not fit its context, or where it is only asked about single functions, which is how the embedded one
    was trained; "never" leaves such modules whole. Raises `ModelUnavailable` and `Cancelled`."""
    limit = min(limit, model.info().context - 1)
    found: list[Unit] = []
    for number, case in enumerate(cases):
        if cancel is not None:
            cancel.check()
        tell(f"counting the tokens of {case.name}, {number} of {len(cases)}")
        functions = [each.name for each in outline(case.ir).functions if each.is_definition]
        whole = split == "never" or not functions
        if split == "auto" and not whole:
            tokens = prompt_tokens(case.ir, model, cancel)
            whole = tokens is not None and tokens <= limit
        if whole:
            found.append(Unit(case.name, "", case.ir))
        else:
            found += [Unit(case.name, name, llvm_extract(case.ir, name)) for name in functions]
    return found


def prompt_tokens(ir: str, model: Counts, cancel: CancelToken | None = None) -> int | None:
    """Tokens of the model's prompt for the module; None where it has none for such a module."""
    prompt = model.family().tune(ir)
    return None if prompt is None else model.count_tokens(prompt.text, cancel=cancel)

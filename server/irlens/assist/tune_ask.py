"""Which pass lists a model names for a module: of the whole of it, or where it cannot be asked that, of its functions.

A model reads so much and no more. What the paper does with a module that is too long is done here too: one function
with what it refers to is a module of its own (llm-compiler.md 2.3), and a list that is good for a function is worth a
try on the module that has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from irlens.assist.asking import Progress, ask
from irlens.assist.words import counted
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, PromptTooLong, ReplyUnreadable
from irlens.ir.extract import extract, llvm_extract
from irlens.ir.outline import outline
from irlens.model.types import Prompt, TuneReply

if TYPE_CHECKING:
    from irlens.model.client import Model

ANSWERS = 4
"""Asked of a model: of a whole module the same greedily, then sampled; of functions each once."""
_TEMPERATURE = 0.8


@dataclass
class Named:
    """The lists that a model named, each once, the greedy answer first. `why_none` says why there is none; `asked`
    what was asked, where that is not the whole module; `kept` counts answers that were kept from before."""

    lists: list[str] = field(default_factory=list)
    why_none: str = ""
    asked: str = ""
    answers: int = 0
    kept: int = 0
    credit: str = ""

    @property
    def note(self) -> str:
        """What is to be known of how they came about; "" where nothing is."""
        kept = f"{self.kept} of {counted(self.answers, 'answer')} kept from before" if self.kept else ""
        return "; ".join(filter(None, (self.asked, kept, self.credit if self.lists else "")))


def ask_for_lists(
    ir: str, model: Model | None, cancel: CancelToken | None, tell: Progress | None = None
) -> Named:
    """The lists that the model names. Raises `Cancelled`; a model that cannot answer is a reason."""
    if model is None:
        return Named(why_none="no model was asked")
    named = Named()
    try:
        named.credit = model.info(cancel=cancel).credit
        prompt = model.family().tune(ir)
        if prompt is not None:
            try:
                _ask_of_module(prompt, model, named, cancel, tell)
                return named
            except PromptTooLong as too_long:
                named.asked = f"the module has {too_long.prompt_tokens:,} tokens, more than the context of {too_long.context:,}"
        _ask_of_functions(ir, model, named, cancel, tell)
    except IrlensError as error:
        named.why_none = str(error)
    return named


def _ask_of_module(
    prompt: Prompt[TuneReply], model: Model, named: Named, cancel: CancelToken | None, tell: Progress | None
) -> None:
    first = ""
    for number in range(ANSWERS):
        why = _answer(
            prompt, model, number, named, f"answer {number + 1} of {ANSWERS}: the model", cancel, tell
        )
        first = first or why
        if not named.lists:
            break  # it has nothing to say of this module; sampling would only guess
    named.why_none = "" if named.lists else first


def _ask_of_functions(
    ir: str, model: Model, named: Named, cancel: CancelToken | None, tell: Progress | None
) -> None:
    why = f"{model.info().name} was not trained to name pass lists for a module like this"
    asked: list[str] = []
    too_long = 0
    for name, prompt in _prompts(ir, model):
        try:
            said = _answer(prompt, model, 0, named, f"the model, of {name} alone,", cancel, tell)
        except PromptTooLong:
            too_long += 1
            continue
        asked.append(name)
        why = said or why
        if len(asked) >= ANSWERS:
            break
    if asked:
        of = f"asked of {', '.join(asked)}, each alone with what it refers to"
        named.asked = f"{named.asked}: {of}" if named.asked else of
    elif too_long:
        why = f"so has each of the {too_long} functions that it could be asked about"
    elif named.asked:
        why = "and there is no function in it that it could be asked about alone"
    if not named.lists:
        named.why_none = "; ".join(filter(None, (named.asked, why)))


def _prompts(ir: str, model: Model) -> Iterator[tuple[str, Prompt[TuneReply]]]:
    """Of each function that the model can be asked about, the longest first: it has most of the bytes."""
    functions = [each for each in outline(ir).functions if each.is_definition]
    if len(functions) < 2:
        return
    # As the paper cut out what did not fit, for a model that was trained on that.
    cut_out = llvm_extract if model.family().bytes_of == "object" else extract
    for each in sorted(functions, key=lambda one: one.start_line - one.end_line):
        prompt = model.family().tune(cut_out(ir, each.name))
        if prompt is not None:
            yield each.name, prompt


def _answer(
    prompt: Prompt[TuneReply],
    model: Model,
    number: int,
    named: Named,
    part: str,
    cancel: CancelToken | None,
    tell: Progress | None,
) -> str:
    """Ask once more and take the list; why there is none, or "". Raises `PromptTooLong`, `Cancelled`,
    `ModelUnavailable`."""
    temperature = _TEMPERATURE if number else 0.0
    generation = ask(
        model, prompt, temperature=temperature, seed=number, cancel=cancel, tell=tell, part=part, fraction=0.0
    )
    named.answers += 1
    named.kept += generation.kept
    try:
        reply = prompt.read(generation.text)
    except ReplyUnreadable as unreadable:
        return f"the model's reply could not be read: {unreadable}"
    if not reply.pipeline:
        return "the model says that nothing smaller can be had"
    if reply.pipeline not in named.lists:
        named.lists.append(reply.pipeline)
    return ""

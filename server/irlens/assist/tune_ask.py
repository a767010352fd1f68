"""Which pass lists a model names for a module: of the whole of it, or where it cannot be asked that, of its functions.

A model reads so much and no more. What the paper does with a module that is too long is done here too: one function
with what it refers to is a module of its own (llm-compiler.md 2.3), and a list that is good for a function is worth a
try on the module that has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import IrlensError, PromptTooLong, ReplyUnreadable
from irlens.ir.extract import extract
from irlens.ir.outline import outline
from irlens.model.client import Model
from irlens.model.types import GenerateOptions, Prompt, TuneReply

ANSWERS = 4
"""Asked of a model: of a whole module the same greedily, then sampled; of functions each once."""
_TEMPERATURE = 0.8


def ask_for_lists(ir: str, model: Model | None, cancel: CancelToken | None) -> tuple[list[str], str]:
    """The lists that the model names, each once, the greedy answer first; or why there is none."""
    if model is None:
        return [], "no model was asked"
    try:
        prompt = model.family().tune(ir)
        if prompt is not None:
            try:
                return _ask(prompt, model, cancel)
            except PromptTooLong:
                pass
        return _ask_of_functions(ir, model, cancel)
    except IrlensError as error:
        return [], str(error)


def _ask(prompt: Prompt[TuneReply], model: Model, cancel: CancelToken | None) -> tuple[list[str], str]:
    named: list[str] = []
    first = ""
    for number in range(ANSWERS):
        passes, why = _answer(prompt, model, number, cancel)
        first = first or why
        if passes and passes not in named:
            named.append(passes)
        if not named:
            break  # it has nothing to say of this module; sampling would only guess
    return named, "" if named else first


def _ask_of_functions(ir: str, model: Model, cancel: CancelToken | None) -> tuple[list[str], str]:
    named: list[str] = []
    why = f"{model.info().name} was not trained to name pass lists for a module like this"
    asked = 0
    for prompt in _prompts(ir, model):
        try:
            passes, said = _answer(prompt, model, 0, cancel)
        except PromptTooLong:
            continue
        asked += 1
        why = said or why
        if passes and passes not in named:
            named.append(passes)
        if asked >= ANSWERS:
            break
    return named, "" if named else why


def _prompts(ir: str, model: Model) -> Iterator[Prompt[TuneReply]]:
    """Of each function that the model can be asked about, the longest first: it has most of the bytes."""
    functions = [each for each in outline(ir).functions if each.is_definition]
    if len(functions) < 2:
        return
    for each in sorted(functions, key=lambda one: one.start_line - one.end_line):
        prompt = model.family().tune(extract(ir, each.name))
        if prompt is not None:
            yield prompt


def _answer(
    prompt: Prompt[TuneReply], model: Model, number: int, cancel: CancelToken | None
) -> tuple[str, str]:
    """The list, or "" and why there is none. Raises `PromptTooLong`, `Cancelled`, `ModelUnavailable`."""
    options = GenerateOptions(
        max_tokens=prompt.max_tokens,
        stop=prompt.stop,
        shape=prompt.shape,
        temperature=_TEMPERATURE if number else 0.0,
        seed=number,
    )
    generation = model.generate(prompt.text, options, cancel=cancel)
    if generation.stopped == "cancelled":
        raise Cancelled
    try:
        reply = prompt.read(generation.text)
    except ReplyUnreadable as unreadable:
        return "", f"the model's reply could not be read: {unreadable}"
    return reply.pipeline or "", "" if reply.pipeline else "the model says that nothing smaller can be had"

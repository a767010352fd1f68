"""What is told of a question: the wait before it, how far it is, and that its answer was kept."""

from __future__ import annotations

import pytest

from irlens.assist.asking import ask, reading
from irlens.assist.tune_ask import ask_for_lists
from irlens.assist.words import duration
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong
from irlens.model.prompts.llm_compiler import LlmCompilerFamily
from irlens.model.types import Prompt
from support.fake_model import FakeModel

FOUND = "The code has object file size of 65 which can be reduced to 53 by running:\n\n`opt -p '{}'`"
TWO = """define i32 @first(i32 %x) {
  %y = add i32 %x, 1
  %z = mul i32 %y, 3
  ret i32 %z
}

define i32 @second(i32 %x) {
  %y = call i32 @first(i32 %x)
  ret i32 %y
}
"""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (40.4, "40 s"),
        (89, "89 s"),
        (95, "2 min"),
        (442, "7 min"),
        (5399, "90 min"),
        (5400, "1.5 h"),
    ],
)
def test_a_wait_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("read", "whole", "left", "words"),
    [
        (0, 40, 0.1, "reads the prompt"),
        (0, 12_345, 442.0, "reads 12,345 tokens, about 7 min to go"),
        (0, 12_345, None, "reads 12,345 tokens, at a speed not known yet"),
        (4_096, 12_345, 60.0, "has read 4,096 of 12,345 tokens, about 60 s to go"),
        (12_345, 12_345, 0.0, "has read 12,345 of 12,345 tokens"),
    ],
)
def test_reading_in_words(read: int, whole: int, left: float | None, words: str) -> None:
    assert reading(read, whole, left) == words


def prompt(words: int = 600) -> Prompt[str]:
    return Prompt("word " * words, lambda reply: reply, max_tokens=100, stop=("end",))


def test_a_long_prompt_is_announced_before_it_is_read_and_the_answer_is_counted() -> None:
    told: list[tuple[str, float | None]] = []
    model = FakeModel().reply("one two three")
    reply = ask(
        model, prompt(), tell=lambda *said: told.append(said), part="candidate 1: the model", fraction=0.5
    )
    assert reply.text == "one two three"
    assert told == [
        ("candidate 1: the model reads 600 tokens, at a speed not known yet", 0.5),
        ("candidate 1: the model answers: 1 token", 0.5),
        ("candidate 1: the model answers: 2 tokens", 0.5),
        ("candidate 1: the model answers: 3 tokens", 0.5),
    ]
    assert model.asked[0].options.stop == ("end",)


def test_a_cancel_is_raised() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        ask(FakeModel().reply("text"), prompt(), cancel=cancel)


def test_a_module_that_does_not_fit_is_asked_about_function_by_function_and_that_is_said() -> None:
    family = LlmCompilerFamily(fine_tuned=True)
    whole = family.tune(TWO)
    assert whole is not None
    context = len(whole.text.split())
    model = FakeModel(family, context=context)
    model.reply(FOUND.format("function(dce)")).reply(FOUND.format("module(default<Oz>)"))
    named = ask_for_lists(TWO, model, None)
    assert named.lists == ["function(dce)", "module(default<Oz>)"]
    assert named.note.startswith(f"the module has {context} tokens, more than the context of {context}: ")
    assert named.note.endswith("asked of first, second, each alone with what it refers to")
    assert all(asked.prompt.count("define") == 1 for asked in model.asked)


def test_functions_that_do_not_fit_either_leave_no_list_and_a_reason() -> None:
    named = ask_for_lists(TWO, FakeModel(LlmCompilerFamily(fine_tuned=True), context=20), None)
    assert named.lists == []
    assert named.why_none.endswith("so has each of the 2 functions that it could be asked about")


@pytest.mark.parametrize(
    "error", [ModelUnavailable("It died. Try again."), PromptTooLong("x", prompt_tokens=9, context=1)]
)
def test_a_model_that_fails_is_a_reason(error: Exception) -> None:
    one = TWO[: TWO.index("\n\n")]
    named = ask_for_lists(one, FakeModel(LlmCompilerFamily(fine_tuned=True)).fail(error), None)
    assert named.lists == []
    assert named.why_none

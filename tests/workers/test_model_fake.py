"""The scripted model must be mistaken for the real one: same methods, same manners."""

from __future__ import annotations

import inspect
import threading

import pytest

from irlens.cancel import CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong
from irlens.model.client import Model
from irlens.model.types import GenerateOptions, Generation
from support.fake_model import FakeModel

OPTIONS = GenerateOptions()


@pytest.mark.parametrize("name", ["info", "family", "load", "count_tokens", "generate", "close"])
def test_methods_take_what_the_real_ones_take(name: str) -> None:
    assert inspect.signature(getattr(FakeModel, name)) == inspect.signature(getattr(Model, name))


def test_replies_in_order_word_by_word() -> None:
    fake = FakeModel().reply("one two three").fail(ModelUnavailable("gone")).reply("last")
    pieces: list[str] = []
    assert fake.generate("first", OPTIONS, on_text=pieces.append).text == "one two three"
    assert pieces == ["one", " two", " three"]
    with pytest.raises(ModelUnavailable, match="gone"):
        fake.generate("second", OPTIONS)
    assert fake.generate("third", OPTIONS).stopped == "end"
    assert (fake.prompts, fake.left) == (["first", "second", "third"], 0)
    with pytest.raises(AssertionError, match="nothing is scripted"):
        fake.generate("fourth", OPTIONS)


def test_length_and_context_are_kept_to() -> None:
    fake = FakeModel(context=3).reply("one two three")
    with pytest.raises(PromptTooLong):
        fake.generate("a b c", OPTIONS)
    assert fake.left == 1
    reply = fake.generate("a b", GenerateOptions(max_tokens=2))
    assert (reply.text, reply.stopped) == ("one two", "length")


def test_a_held_reply_waits_for_its_event_or_for_a_cancel() -> None:
    hold, token = threading.Event(), CancelToken()
    fake = FakeModel().reply("kept back", hold=hold).reply("kept back", hold=hold)
    replies: list[Generation] = []

    def ask(cancel: CancelToken | None) -> threading.Thread:
        fake.started.clear()
        thread = threading.Thread(target=lambda: replies.append(fake.generate("p", OPTIONS, cancel=cancel)))
        thread.start()
        assert fake.started.wait(10)
        assert fake.state == "busy"
        return thread

    cancelled = ask(token)
    token.cancel()
    cancelled.join(10)
    answered = ask(None)
    hold.set()
    answered.join(10)
    assert [(reply.text, reply.stopped) for reply in replies] == [("", "cancelled"), ("kept back", "end")]
    assert fake.state == "ready"

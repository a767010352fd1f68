"""The GBNF of a shape says what its matcher says: asked of llama.cpp's own grammar, character by character."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irlens.model.constraint import constraint_of, gbnf_of
from irlens.model.prompts.llm_compiler_replies import grammar_of
from irlens.model.types import ReplyShape
from support.grammar_walk import changed, walk
from support.tiny_gguf import write_tiny

llama = pytest.importorskip("llama_cpp.llama_cpp", reason="the llama extra is not installed")

Task = Literal["lift", "predict", "tune"]
END, FIRST_BYTE = 2, 3


class Grammar:
    """llama.cpp's grammar over the vocabulary of a small model, which has a token for every byte."""

    def __init__(self, vocabulary: Any, text: str) -> None:
        self._vocabulary = vocabulary
        self._sampler = llama.llama_sampler_init_grammar(vocabulary, text.encode(), b"root")
        assert self._sampler, "llama.cpp does not read the grammar"

    def longest(self, text: str) -> tuple[str, bool]:
        """The beginning of the text that it takes, and whether that is a whole reply."""
        llama.llama_sampler_reset(self._sampler)
        for at, char in enumerate(text):
            for token in (FIRST_BYTE + byte for byte in char.encode()):
                if not self._allows(token):
                    return text[:at], False
                llama.llama_sampler_accept(self._sampler, token)
        return text, self._allows(END)

    def close(self) -> None:
        llama.llama_sampler_free(self._sampler)

    def _allows(self, token: int) -> bool:
        one = (llama.llama_token_data * 1)(llama.llama_token_data(id=token, logit=1.0, p=0.0))
        row = llama.llama_token_data_array(one, 1, -1, False)
        llama.llama_sampler_apply(self._sampler, ctypes.byref(row))
        return one[0].logit > -1e30


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path: Path = write_tiny(tmp_path_factory.mktemp("model") / "tiny.gguf", vocab=360)
    params = llama.llama_model_default_params()
    params.vocab_only = True
    model = llama.llama_model_load_from_file(str(path).encode(), params)
    yield llama.llama_model_get_vocab(model)
    llama.llama_model_free(model)


@pytest.fixture(scope="module")
def grammars(vocabulary: Any) -> Iterator[dict[str, Grammar]]:
    tasks: tuple[Task, ...] = ("lift", "predict", "tune")
    shapes = {task: gbnf_of(ReplyShape(task, family="llm-compiler")) for task in tasks}
    made = {task: Grammar(vocabulary, text) for task, text in shapes.items() if text}
    assert len(made) == 3
    yield made
    for grammar in made.values():
        grammar.close()


def matched(task: Task, text: str) -> tuple[str, bool]:
    reply = constraint_of(ReplyShape(task, family="llm-compiler"))
    assert reply is not None
    for at, char in enumerate(text):
        if not reply.allows(char):
            return text[:at], False
        reply.take(char)
    return text, reply.may_end()


@given(st.sampled_from(["lift", "predict", "tune"]), st.randoms(use_true_random=False), st.integers(0, 3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_take_the_same(grammars: dict[str, Grammar], task: Task, random: Random, changes: int) -> None:
    text = walk(grammar_of(task, ()), random)
    for _ in range(changes):
        text = changed(text, random)
    assert grammars[task].longest(text) == matched(task, text)


def test_llama_cpp_refuses_a_pass_that_does_not_exist(grammars: dict[str, Grammar]) -> None:
    start = "The code has object file size of 65 which can be reduced to 53 by running:\n\n`opt -p '"
    assert grammars["tune"].longest(start + "module(nosuch)'`") == (start + "module(no", False)
    assert grammars["tune"].longest(start + "module(sroa)'`") == (start + "module(sroa)'`", True)

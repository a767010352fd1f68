"""Settings from whatever a client sends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.lsp.configuration import CommandLine, Configuration
from irlens.settings import Scope, Settings, describe, merge


def test_nested_and_dotted_names_are_the_same() -> None:
    nested, problems = merge(Settings(), {"model": {"gpuLayers": 4}, "lift": {"candidates": 2}}, trusted=True)
    dotted, _ = merge(Settings(), {"model.gpuLayers": 4, "irlens.lift.candidates": 2}, trusted=True)
    assert nested == dotted
    assert not problems
    assert (nested.model.gpu_layers, nested.lift.candidates) == (4, 2)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"lift": {"candidates": 0}}, "at least 1"),
        ({"lift": {"candidates": 65}}, "at most 64"),
        ({"lift": {"candidates": "4"}}, "a whole number"),
        ({"lift": {"candidates": 2.5}}, "a whole number"),
        ({"lift": {"candidates": True}}, "a whole number"),
        ({"diagnostics": {"enabled": 1}}, "true or false"),
        ({"model": {"path": 7}}, "a text"),
        ({"lift": {"origin": "oracle"}}, "one of best, model, mechanical"),
        ({"llvm": {"timeLimit": "soon"}}, "a number"),
        ({"llvm": {"timeLimit": float("nan")}}, "at least 0.1"),
        ("everything", "not an object"),
    ],
)
def test_a_value_that_cannot_be_used_falls_back_and_is_said(raw: object, said: str) -> None:
    settings, problems = merge(Settings(), raw, trusted=True)
    assert settings == Settings()
    (problem,) = problems
    assert said in problem


def test_null_and_empty_text_mean_not_set() -> None:
    base = replace(Settings(), model=replace(Settings().model, path="a.gguf"))
    assert merge(base, {"model": {"path": ""}}, trusted=True)[0].model.path is None
    assert merge(base, {"model": {"path": None}, "lift": None}, trusted=True)[0].model.path is None
    assert merge(base, {}, trusted=True)[0] == base


def test_an_untrusted_workspace_chooses_no_file_and_no_resources() -> None:
    raw = {
        "model": {"path": "/evil.gguf", "threads": 500},
        "llvm": {"opt": "/evil", "assembler": "/evil", "workers": 30},
        "lift": {"candidates": 9},
    }
    settings, problems = merge(Settings(), raw, trusted=False)
    assert settings.model == Settings().model
    assert settings.llvm == Settings().llvm
    assert settings.lift.candidates == 9
    assert len(problems) == 5
    assert all("not trusted" in problem for problem in problems)


def test_every_file_to_load_or_run_is_a_machine_setting() -> None:
    rows = {row.name: row for row in describe()}
    assert rows["irlens.model.path"].scope is Scope.MACHINE
    assert rows["irlens.llvm.opt"].scope is Scope.MACHINE
    assert rows["irlens.llvm.assembler"].scope is Scope.MACHINE
    assert all(row.description.endswith(".") for row in rows.values())
    assert rows["irlens.model.path"].nullable
    assert rows["irlens.llvm.timeLimit"].type == "number"


def test_the_command_line_is_stronger_than_the_client() -> None:
    configuration = Configuration(CommandLine(model="mine.gguf", assembler="mine"))
    theirs = {"model": {"path": "theirs.gguf"}, "llvm": {"opt": "opt-19", "assembler": "theirs"}}
    configuration.initialize(theirs)
    configuration.update({"irlens": {"model": {"path": "other.gguf"}}})
    assert configuration.now.model.path == "mine.gguf"
    assert (configuration.now.llvm.opt, configuration.now.llvm.assembler) == ("opt-19", "mine")


def test_a_problem_is_said_once() -> None:
    configuration = Configuration(CommandLine())
    assert configuration.initialize({"lift": {"candidates": 0}})
    assert configuration.update({"lift": {"candidates": 0}}) == ()
    assert configuration.update({"lift": {"candidates": 99}})


def test_trust_is_not_read_from_settings_but_can_be_given_later() -> None:
    configuration = Configuration(CommandLine())
    configuration.initialize({"workspaceTrusted": False})
    configuration.update({"workspaceTrusted": True, "model": {"path": "a.gguf"}})
    assert configuration.now.model.path is None
    configuration.trust(True)
    assert configuration.now.model.path == "a.gguf"


def test_what_an_update_leaves_out_is_as_it_was_at_the_start() -> None:
    configuration = Configuration(CommandLine())
    configuration.initialize({"lift": {"candidates": 3}})
    configuration.update({"lift": {"candidates": 5}})
    configuration.update({})
    assert configuration.now.lift.candidates == 3


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
_NAMES = st.sampled_from([row.name for row in describe()] + ["model", "irlens", "lift.candidates"])


@given(st.dictionaries(_NAMES, _JSON, max_size=5) | _JSON, st.booleans())
def test_no_settings_raise(raw: object, trusted: bool) -> None:
    settings, problems = merge(Settings(), raw, trusted=trusted)
    assert isinstance(settings, Settings)
    assert all(problem.endswith(".") for problem in problems)

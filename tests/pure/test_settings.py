"""Settings from whatever a client sends."""

from __future__ import annotations

import re
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


def test_what_is_not_set_is_no_attempt_at_anything() -> None:
    # Settings pages send every setting, those that nobody has touched too.
    untouched = {
        info.name: "" if info.type == "string" and info.nullable else info.default for info in describe()
    }
    assert merge(Settings(), untouched, trusted=False) == (Settings(), ())
    assert merge(Settings(), untouched, trusted=True) == (Settings(), ())


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
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(
        [10**400, -(10**400), 10**4000, 2**63, 1e308, float("inf"), float("-inf"), float("nan")]
    )
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["\0", "a\ud83d", "a\nb", "x" * 100_000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
_NAMES = st.sampled_from([row.name for row in describe()] + ["model", "irlens", "lift.candidates"])


@given(st.dictionaries(_NAMES, _JSON, max_size=5) | _JSON, st.booleans())
def test_no_settings_raise(raw: object, trusted: bool) -> None:
    settings, problems = merge(Settings(), raw, trusted=trusted)
    assert isinstance(settings, Settings)
    assert all(problem.endswith(".") and len(problem) < 400 for problem in problems)
    for info in describe():
        value = _value(settings, info.name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert info.minimum is None or value >= info.minimum
            assert info.maximum is None or value <= info.maximum


def _value(settings: Settings, name: str) -> object:
    for part in name.split(".")[1:]:
        settings = getattr(settings, re.sub(r"(?=[A-Z])", "_", part).lower())
    return settings


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(value, id=name)
        for name, value in {
            "10^400": 10**400,
            "-10^400": -(10**400),
            "10^5000": 10**5000,
            "inf": float("inf"),
            "-inf": float("-inf"),
            "nan": float("nan"),
            "true": True,
            "false": False,
            "list": [],
            "object": {},
            "text": "1",
        }.items()
    ],
)
def test_no_number_is_taken_that_is_none(value: object) -> None:
    for info in describe():
        if info.type not in ("number", "integer"):
            continue
        settings, problems = merge(Settings(), {info.name: value}, trusted=True)
        assert settings == Settings()
        assert len(problems) == (0 if value == {} else 1), info.name


def test_settings_nested_without_end_are_no_settings() -> None:
    raw: dict = {"lift": {"candidates": 3}}
    for _ in range(100_000):
        raw = {"x": raw, "lift": {"candidates": 3}}
    settings, problems = merge(Settings(), raw, trusted=True)
    assert settings.lift.candidates == 3
    assert not problems


@pytest.mark.parametrize("text", ["/opt\0", "a\ud83d", "a\nb", "\x1b[2J"])
def test_a_text_that_names_nothing_is_refused(text: str) -> None:
    for info in describe():
        if info.type == "string":
            settings, (problem,) = merge(Settings(), {info.name: text}, trusted=True)
            assert settings == Settings()
            assert "\x1b" not in problem


@pytest.mark.parametrize("said", [False, None, 0, 1, "true", "false", [], {}, [True]])
def test_what_is_not_true_is_no_trust(said: object) -> None:
    configuration = Configuration(CommandLine())
    configuration.initialize({"workspaceTrusted": said, "model": {"path": "a.gguf"}})
    assert configuration.now.model.path is None
    configuration.trust(True)
    assert configuration.now.model.path == "a.gguf"
    configuration.trust(said)
    assert configuration.now.model.path is None


@pytest.mark.parametrize("options", [{"workspaceTrusted": True}, {}, None, [], {"settings": {}}])
def test_over_tcp_no_message_raises_trust(options: object) -> None:
    configuration = Configuration(CommandLine(trusts_client=False))
    configuration.initialize(options)
    configuration.trust(True)
    (problem,) = configuration.update({"llvm": {"opt": "/evil"}, "lift": {"candidates": 2}})
    assert (configuration.now.llvm.opt, configuration.now.lift.candidates) == (None, 2)
    assert "--trust-client" in problem

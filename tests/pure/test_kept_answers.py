"""What a model answered is kept: found again, bounded, never a half answer; and how fast it was."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from irlens.model.answers import Answers, key_of
from irlens.model.speed import Speed
from irlens.model.types import GenerateOptions, Generation, ReplyShape

ANSWER = Generation("<code>define\ud800</code>", 120, 9, 3.0, 1.0, "stop", evaluated=120)
KEY = key_of("weights", "engine 1", 2048, "prompt", GenerateOptions())


def test_an_answer_is_found_again_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "answers.sqlite"
    answers = Answers(path)
    assert answers.find(KEY) is None
    answers.keep(KEY, ANSWER)
    found = answers.find(KEY)
    assert found == replace(ANSWER, seconds=0.0, first_token_s=0.0, evaluated=0, kept=True)
    answers.close()
    assert Answers(path).find(KEY) == found


@pytest.mark.parametrize(
    "other",
    [
        key_of("other weights", "engine 1", 2048, "prompt", GenerateOptions()),
        key_of("weights", "engine 2", 2048, "prompt", GenerateOptions()),
        key_of("weights", "engine 1", 4096, "prompt", GenerateOptions()),
        key_of("weights", "engine 1", 2048, "prompt ", GenerateOptions()),
        key_of("weights", "engine 1", 2048, "prompt", GenerateOptions(seed=1)),
        key_of("weights", "engine 1", 2048, "prompt", GenerateOptions(max_tokens=7)),
        key_of("weights", "engine 1", 2048, "prompt", GenerateOptions(stop=("x",))),
        key_of("weights", "engine 1", 2048, "prompt", GenerateOptions(shape=ReplyShape("lift"))),
    ],
    ids=("weights", "engine", "context", "prompt", "seed", "max_tokens", "stop", "shape"),
)
def test_another_question_has_another_answer(tmp_path: Path, other: bytes) -> None:
    answers = Answers(tmp_path / "answers.sqlite")
    answers.keep(KEY, ANSWER)
    assert answers.find(other) is None


def test_what_was_cancelled_or_kept_already_is_not_kept(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers.sqlite")
    answers.keep(KEY, replace(ANSWER, stopped="cancelled"))
    answers.keep(KEY, replace(ANSWER, kept=True))
    assert answers.find(KEY) is None


def test_it_is_bounded_and_what_was_asked_last_stays(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    answers = Answers(path, most_bytes=20_000)
    keys = [key_of("weights", "engine", 1, str(number), GenerateOptions()) for number in range(60)]
    long = replace(ANSWER, text="x" * 900)
    answers.keep(keys[0], long)
    for key in keys[1:]:
        answers.keep(key, long)
        assert answers.find(keys[0]) is not None, "asked for again and again"
    with sqlite3.connect(path) as database:
        (total,) = database.execute("select sum(bytes) from answers").fetchone()
    assert 10_000 < total <= 20_000
    assert answers.find(keys[-1]) is not None
    assert answers.find(keys[1]) is None
    answers.keep(KEY, replace(ANSWER, text="x" * 30_000))
    assert answers.find(KEY) is None, "larger than all that may be kept"


@pytest.mark.parametrize("damage", ["directory", "text", "older"])
def test_a_file_that_cannot_be_used_is_done_without(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "answers.sqlite"
    if damage == "directory":
        path.mkdir()
    elif damage == "text":
        path.write_text("no database " * 1000)
    else:
        with sqlite3.connect(path) as database:
            database.execute("create table answers (key blob, something integer)")
    answers = Answers(path)
    assert answers.find(KEY) is None
    answers.keep(KEY, ANSWER)
    assert (answers.find(KEY) is None) == (damage == "directory"), "what is damaged is begun anew"
    answers.close()


def test_speeds_are_learned_from_answers_long_enough_and_outlive_the_run(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    speed = Speed(Answers(path), "7B on the CPU")
    assert (speed.reading, speed.writing) == (0.0, 0.0)
    speed.learn(replace(ANSWER, evaluated=4, tokens=2))
    assert (speed.reading, speed.writing) == (0.0, 0.0)
    speed.learn(ANSWER)
    assert (speed.reading, speed.writing) == (120.0, 4.0)
    speed.learn(replace(ANSWER, evaluated=0, first_token_s=0.0, seconds=4.0))
    assert (speed.reading, speed.writing) == (120.0, 2.0)
    again = Speed(Answers(path), "7B on the CPU")
    assert (again.reading, again.writing) == (120.0, 2.0)
    assert Speed(Answers(path), "13B").reading == 0.0
    assert Speed(None, "7B on the CPU").reading == 0.0

"""How fast a model reads and writes, as it was measured, so that a wait can be told before it begins."""

from __future__ import annotations

from irlens.model.answers import Answers
from irlens.model.types import Generation

LEAST_READ, LEAST_WRITTEN = 32, 8
"""Tokens; fewer say little about the speed."""


class Speed:
    """Tokens a second; 0 while unknown. `answers`, if there is one, keeps them from run to run under `model`."""

    def __init__(self, answers: Answers | None, model: str) -> None:
        self._answers, self._model = answers, model
        known = answers.speeds(model) if answers is not None else None
        self.reading, self.writing = known or (0.0, 0.0)

    def learn(self, answer: Generation) -> None:
        """Take the speed of an answer for the model's, where it is long enough to tell."""
        before = (self.reading, self.writing)
        if answer.evaluated >= LEAST_READ and answer.first_token_s > 0:
            self.reading = answer.evaluated / answer.first_token_s
        spent = answer.seconds - answer.first_token_s
        if answer.tokens > LEAST_WRITTEN and spent > 0:
            self.writing = (answer.tokens - 1) / spent
        if self._answers is not None and (self.reading, self.writing) != before:
            self._answers.keep_speeds(self._model, self.reading, self.writing)

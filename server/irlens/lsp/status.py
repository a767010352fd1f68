"""The `irlens/status` notification: what the server is doing, in words an editor can show.

`{"state", "reason", "model": {"name", "state", "reason", "engine", "device"}, "tasks": {"lift": {the same}, ...},
"questions": [{"uri", "kind", "text"}]}`

`state` is "starting", "ready" or "degraded"; `model.state` is that of `irlens.model.client`; `engine` and
`device` are empty while no model is known. `tasks` has the model of each task; it is empty until the models were looked
at. `model` is the one that most tasks use, or another while that one is at work. `questions` are the files that
irlens cannot read as they are: `kind` is "target" where the user can say what a file is for (`irlens/target`), else
"unsupported". The newest is the last. Sent when it changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Literal

from irlens import escape

METHOD = "irlens/status"

State = Literal["starting", "ready", "degraded"]
Question = Literal["target", "unsupported"]
MOST_QUESTIONS = 100
"""Files that are named; a folder may hold thousands that irlens cannot read."""


class Status:
    """Keeps the present status and sends it when it differs from the last one. Loop thread only."""

    def __init__(self, send: Callable[[str, dict[str, Any]], None]) -> None:
        self._send = send
        self._state: State = "starting"
        self._reason = ""
        self._model = {
            "name": "",
            "state": "absent",
            "reason": "not asked for yet",
            "engine": "",
            "device": "",
        }
        self._tasks: dict[str, dict[str, str]] = {}
        self.changes = 0
        """How often a model's state was told; who looks at the models can see whether it looked at old states."""
        self._questions: dict[str, tuple[Question, str]] = {}
        self._sent: dict[str, Any] | None = None
        self._live = False

    def start(self) -> None:
        """The client may be notified from now on."""
        self._live = True
        self.set("ready", "")

    def set(self, state: State, reason: str) -> None:
        self._state, self._reason = state, reason
        self._tell()

    @property
    def has_several_models(self) -> bool:
        return len({_identity(model) for model in self._tasks.values()}) > 1

    def model(self, state: str, reason: str) -> bool:
        """The state of some model has changed; whether the models are to be looked at. They are where they are known:
        it may be the state of one that was just replaced by another, and a loaded one says what it runs on."""
        self.changes += 1
        if not self.has_several_models:
            self._model = {**self._model, "state": state, "reason": reason}
            self._tasks = {
                task: {**model, "state": state, "reason": reason} for task, model in self._tasks.items()
            }
            self._tell()
        return bool(self._tasks)

    def serve(self, tasks: Mapping[str, Mapping[str, str]]) -> None:
        """Which model serves which task, and its state; each has the keys of `model`."""
        self._tasks = {task: {key: model[key] for key in self._model} for task, model in tasks.items()}
        models = list(self._tasks.values())
        share = Counter(_identity(model) for model in models)
        # One at work goes first, and one that cannot be used last.
        self._model = max(models, key=lambda model: (_RANK.get(model["state"], 1), share[_identity(model)]))
        self._tell()

    def ask(self, uri: str, kind: Question, text: str) -> None:
        if self._questions.get(uri) == (kind, text):
            return  # a file asks once
        self._questions.pop(uri, None)  # the newest comes last
        self._questions[uri] = kind, text
        while len(self._questions) > MOST_QUESTIONS:
            del self._questions[next(iter(self._questions))]
        self._tell()

    def answered(self, uri: str) -> None:
        """There is no question about this file any more."""
        if self._questions.pop(uri, None) is not None:
            self._tell()

    def _tell(self) -> None:
        value: dict[str, Any] = {"state": self._state, "reason": self._reason, "model": self._model}
        value["tasks"] = self._tasks
        value["questions"] = [
            {"uri": uri, "kind": kind, "text": text} for uri, (kind, text) in self._questions.items()
        ]
        value = escape.data(value, keep=("uri",))
        if self._live and value != self._sent:
            self._sent = value
            self._send(METHOD, value)


_RANK = {"failed": 0, "loading": 2, "busy": 3}


def _identity(model: Mapping[str, str]) -> tuple[str, ...]:
    return model["name"], model["engine"], model["device"]

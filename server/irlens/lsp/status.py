"""The `irlens/status` notification: what the server is doing, in words an editor can show.

`{"state", "reason", "model": {"name", "state", "reason", "engine", "device"}, "question"?: {"uri", "text"}}`

`state` is "starting", "ready" or "degraded"; `model.state` is that of `irlens.model.client`; `engine` and
`device` are empty while no model is known. `question` is
what irlens must be told before it can go on, such as the target of an assembly file. Sent when it changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

METHOD = "irlens/status"

State = Literal["starting", "ready", "degraded"]


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
        self._questions: dict[str, str] = {}
        self._sent: dict[str, Any] | None = None
        self._live = False

    def start(self) -> None:
        """The client may be notified from now on."""
        self._live = True
        self.set("ready", "")

    def set(self, state: State, reason: str) -> None:
        self._state, self._reason = state, reason
        self._tell()

    def model(self, state: str, reason: str) -> None:
        self._model = {**self._model, "state": state, "reason": reason}
        self._tell()

    def use_model(self, name: str, engine: str, device: str) -> None:
        """Which model it is; its state is told when it changes."""
        self._model = {**self._model, "name": name, "engine": engine, "device": device}

    def ask(self, uri: str, question: str) -> None:
        self._questions.pop(uri, None)  # the newest question is the one shown
        self._questions[uri] = question
        self._tell()

    def answered(self, uri: str) -> None:
        """There is no question about this file any more."""
        if self._questions.pop(uri, None) is not None:
            self._tell()

    def _tell(self) -> None:
        value: dict[str, Any] = {"state": self._state, "reason": self._reason, "model": self._model}
        if self._questions:
            uri, text = next(reversed(self._questions.items()))
            value["question"] = {"uri": uri, "text": text}
        if self._live and value != self._sent:
            self._sent = value
            self._send(METHOD, value)

"""A scripted model with the methods of `irlens.model.client.Model`: no process, no weights, no chance.

fake = FakeModel(family)
fake.reply("<code>...</code>")            # the next request gets this
fake.reply("slow", hold=event)            # ... this one only after event.set(), or a cancel
fake.fail(ModelUnavailable("..."))        # ... this one raises
assert fake.prompts == [...]              # what it was asked, in order
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import PromptTooLong
from irlens.model.client import OnRead, State
from irlens.model.prompts.family import PromptFamily
from irlens.model.types import GenerateOptions, Generation, ModelInfo


@dataclass(frozen=True)
class Scripted:
    """One answer. `hold`: nothing is given out before it is set; a cancel ends the wait."""

    text: str = ""
    hold: threading.Event | None = None
    error: Exception | None = None


@dataclass(frozen=True)
class Asked:
    prompt: str
    options: GenerateOptions


@dataclass
class FakeModel:
    """Gives out scripted replies in order, word by word. A request without a script is a test's fault and
    raises `AssertionError`. One token is one word; `context` is in such tokens."""

    prompt_family: PromptFamily | None = None
    name: str = "scripted"
    context: int = 4096
    on_state: Callable[[State, str], None] | None = None
    asked: list[Asked] = field(default_factory=list)
    started: threading.Event = field(default_factory=threading.Event)
    """Set as soon as a request is being answered (a held one too)."""
    closed: bool = False
    state: State = "absent"
    reason: str = ""
    pid: int | None = None

    def __post_init__(self) -> None:
        self._script: deque[Scripted] = deque()
        self._turn = threading.Lock()

    # Scripting

    def reply(self, text: str, *, hold: threading.Event | None = None) -> FakeModel:
        self._script.append(Scripted(text, hold))
        return self

    def fail(self, error: Exception) -> FakeModel:
        self._script.append(Scripted(error=error))
        return self

    @property
    def prompts(self) -> list[str]:
        return [asked.prompt for asked in self.asked]

    @property
    def left(self) -> int:
        """Scripted answers that nobody has asked for."""
        return len(self._script)

    # The model's methods

    def info(self, *, cancel: CancelToken | None = None) -> ModelInfo:
        family = self.prompt_family.name if self.prompt_family else "none"
        return ModelInfo(
            name=self.name,
            path=f"{self.name}.gguf",
            family=family,
            architecture="llama",
            quantisation="F32",
            parameters=1000,
            context=self.context,
            engine="script",
            device="none",
        )

    def family(self, *, cancel: CancelToken | None = None) -> PromptFamily:
        assert self.prompt_family is not None, "give FakeModel the family whose prompts the test needs"
        return self.prompt_family

    def load(self, *, cancel: CancelToken | None = None) -> None:
        self._set("ready")

    def count_tokens(self, text: str, *, cancel: CancelToken | None = None) -> int:
        return len(text.split())

    def generate(
        self,
        prompt_text: str,
        options: GenerateOptions,
        *,
        cancel: CancelToken | None = None,
        on_text: Callable[[str], None] | None = None,
        on_read: OnRead | None = None,
    ) -> Generation:
        count = self.count_tokens(prompt_text)
        if count >= self.context:
            raise PromptTooLong(
                f"The prompt has {count} tokens and the context is {self.context}. Choose a smaller one.",
                prompt_tokens=count,
                context=self.context,
            )
        with self._turn:
            self.asked.append(Asked(prompt_text, options))
            assert self._script, f"nothing is scripted for this prompt: {prompt_text[:200]!r}"
            scripted = self._script.popleft()
            self._set("busy")
            if on_read is not None:
                on_read(0, count, None)
            try:
                return self._answer(scripted, count, options, cancel, on_text)
            finally:
                self._set("ready")

    def close(self) -> None:
        self.closed = True
        self._set("absent")

    def _answer(
        self,
        scripted: Scripted,
        prompt_tokens: int,
        options: GenerateOptions,
        cancel: CancelToken | None,
        on_text: Callable[[str], None] | None,
    ) -> Generation:
        self.started.set()
        given: list[str] = []
        try:
            _wait(scripted.hold, cancel)
            if scripted.error is not None:
                raise scripted.error
            for word in scripted.text.split(" "):
                if cancel is not None:
                    cancel.check()
                if len(given) == options.max_tokens:
                    return Generation("".join(given), prompt_tokens, len(given), 0.0, 0.0, "length")
                piece = f" {word}" if given else word
                given.append(piece)
                if on_text is not None:
                    on_text(piece)
        except Cancelled:
            return Generation("".join(given), prompt_tokens, len(given), 0.0, 0.0, "cancelled")
        return Generation("".join(given), prompt_tokens, len(given), 0.0, 0.0, "end")

    def _set(self, state: State) -> None:
        self.state = state
        if self.on_state is not None:
            self.on_state(state, self.reason)


def _wait(hold: threading.Event | None, cancel: CancelToken | None) -> None:
    """Until `hold` is set. Raises `Cancelled` as soon as `cancel` is."""
    if hold is None:
        return
    either = threading.Event()
    forget = cancel.on_cancel(either.set) if cancel is not None else lambda: None
    watcher = threading.Thread(target=lambda: (hold.wait(), either.set()), daemon=True)
    watcher.start()
    either.wait()
    forget()
    if cancel is not None:
        cancel.check()

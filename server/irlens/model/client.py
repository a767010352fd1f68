"""The model as the rest of irlens sees it: a thread-safe object that answers one request at a time.

It owns the worker process, starts it when first needed, and starts it again, a bounded number of times, when
it died. No weights and no inference library here: what is known of the file comes from its header.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from types import TracebackType
from typing import Any, Literal, NoReturn

from irlens import errors
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong
from irlens.model.answers import Answers, key_of
from irlens.model.child import Canceller, Child, ChildGone
from irlens.model.choice import Wanted
from irlens.model.engine import EngineOptions
from irlens.model.known import known_of
from irlens.model.line import Line
from irlens.model.named import Task, embedded_model_path
from irlens.model.prompts.family import PromptFamily
from irlens.model.receiving import OnRead, Receiving
from irlens.model.speed import Speed
from irlens.model.types import GenerateOptions, Generation, ModelInfo

__all__ = ["Model", "OnRead", "State", "embedded_model_path"]

State = Literal["absent", "loading", "ready", "busy", "failed"]
"""absent: nothing is loaded, and nothing was tried or there is no file; failed: the last try did not work."""

DEATHS_ALLOWED, DEATHS_WINDOW_S = 3, 300.0
"""After so many deaths within the window, requests are refused until the oldest of them is out of it."""

CANCEL_GRACE_S = 10.0
"""How long the worker may take to notice a cancel before it is killed. One part of a prompt on a large model
on a slow CPU takes a second or two."""


class Model:
    """One model behind a worker process.

    `name` is what `model.named` reads: a path, a name of the catalogue, a server's address; None means what was
    chosen for `task`, else the embedded model. `options` say how it is loaded; `engine` which engine loads it.
    `answers` keeps what it answered; without it every question is asked. `on_state(state, reason)` is called at every
    change, on whichever thread makes it; it must be quick and must not raise.

    Every method may be called from any thread. Requests are served one at a time, in order of arrival.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        task: Task | None = None,
        engine: Wanted = "auto",
        options: EngineOptions | None = None,
        gpu_layers: int | None = None,
        threads: int | None = None,
        batch_size: int | None = None,
        context: int | None = None,
        family: str | None = None,
        answers: Answers | None = None,
        on_state: Callable[[State, str], None] | None = None,
    ) -> None:
        self._options = options or EngineOptions(gpu_layers, threads, batch_size, context)
        self._known = known_of(name, task, engine, self._options, family)
        self._answers = answers
        self._on_state = on_state
        self._state: State = "absent"
        self._reason = "not asked for yet"
        self._line = Line()
        self._child: Child | None = None
        self._loaded_as: dict[str, Any] = {}
        self._speed: Speed | None = None
        self._placing = 0
        self._gpu_failed = ""
        self._deaths: deque[float] = deque(maxlen=DEATHS_ALLOWED)
        self._number = 0
        self._closed = False

    # What is known without loading

    @property
    def state(self) -> State:
        return self._state

    @property
    def reason(self) -> str:
        """Why it is in this state; may be empty."""
        return self._reason

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none."""
        child = self._child
        return child.pid if child else None

    def info(self, *, cancel: CancelToken | None = None) -> ModelInfo:
        """What the model is. Of a file its header tells; a server is asked, once. Raises `ModelUnavailable`, `Cancelled`
        while a server is asked."""
        self._told(cancel)
        return self._known.info(self._loaded_as)

    def family(self, *, cancel: CancelToken | None = None) -> PromptFamily:
        """The prompts this model was trained for. Raises as `info`."""
        self._told(cancel)
        return self._known.family(self._loaded_as)

    def _told(self, cancel: CancelToken | None) -> None:
        if self._known.needs_loading and not self._loaded_as:
            self.load(cancel=cancel)

    @property
    def speed(self) -> Speed:
        """How fast it was so far, in this process or an earlier one."""
        if self._speed is None:
            info = self.info()
            self._speed = Speed(self._answers, f"{info.path} {info.engine} {self._options.gpu_layers}")
        return self._speed

    # Requests

    def load(self, *, cancel: CancelToken | None = None) -> None:
        """Start the worker and load the weights now rather than at the first request."""
        with self._line.turn(cancel), self._working():
            self._loaded(cancel)

    def count_tokens(self, text: str, *, cancel: CancelToken | None = None) -> int:
        """How many tokens `text` takes as a prompt. Raises `ModelUnavailable`, `Cancelled` while waiting."""
        with self._line.turn(cancel), self._working() as child_of:
            return self._ask(child_of(cancel), {"op": "count", "text": text})["count"]

    def generate(
        self,
        prompt_text: str,
        options: GenerateOptions,
        *,
        cancel: CancelToken | None = None,
        on_text: Callable[[str], None] | None = None,
        on_read: OnRead | None = None,
    ) -> Generation:
        """One reply to a prompt. `on_text` gets its pieces as they come, `on_read` how far the prompt is read, on this
        thread. A question that was asked before is answered from what is kept: `Generation.kept`.

        A cancel does not raise: it gives what there is, `stopped="cancelled"`. Raises `PromptTooLong`, and
        `ModelUnavailable` when the model cannot be loaded or the worker dies; the next request then starts a
        fresh worker. What `on_text` or `on_read` raises ends the reply and is passed on.
        """
        # A worker that had to be killed, or was never asked, leaves no counts but these.
        uncounted = Generation("", 0, 0, 0.0, 0.0, "cancelled")
        try:
            with suppress(ModelUnavailable):  # told below, by whoever tells the state too
                self._known.learn(cancel)
        except Cancelled:
            return uncounted
        key = self._key(prompt_text, options)
        kept = self._answers.find(key) if self._answers is not None and key else None
        if kept is not None:
            if on_text is not None and kept.text:
                on_text(kept.text)
            return kept
        reply = Receiving(on_text, on_read)
        try:
            with self._line.turn(cancel), self._working() as child_of:
                child = child_of(cancel)
                if cancel is not None:
                    cancel.check()
                reply.speed = self.speed
                request = {"op": "generate", "prompt": prompt_text, "options": asdict(options)}
                ended = self._ask(child, request, reply, cancel)["ended"]
        except Cancelled:
            return replace(uncounted, text="".join(reply.pieces), tokens=len(reply.pieces))
        answer = Generation(text="".join(reply.pieces), **ended)
        self.speed.learn(answer)
        key = self._key(
            prompt_text, options
        )  # of the weights that answered, which may be newer than those asked for
        if self._answers is not None and key:
            self._answers.keep(key, answer)
        return answer

    def _key(self, prompt_text: str, options: GenerateOptions) -> bytes | None:
        """Under which an answer is kept; None where none is. Needs no loaded weights."""
        if self._answers is None or self._known.needs_loading:  # a server's are not kept
            return None
        child = self._child
        if child is None or not child.alive:
            self._known.look_again()
        info = self.info()
        identity = self._known.identity(self._loaded_as)
        return key_of(identity, info.engine, info.context, prompt_text, options) if identity else None

    def close(self) -> None:
        """End the worker. A request under way fails with `ModelUnavailable`; later ones do too."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        with self._line.turn(None):
            self._drop_child()
            self._set("absent", "closed")

    def __del__(self) -> None:
        # Nobody can ask it any more, so nobody waits: what `close` waits for is not waited for here.
        child = getattr(self, "_child", None)
        if child is not None:
            child.close()

    def __enter__(self) -> Model:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _working(self) -> Iterator[Callable[[CancelToken | None], Child]]:
        """Tell of the states around a request, and turn the worker's death into an answer."""
        try:
            yield self._loaded
        except ChildGone as gone:
            self._drop_child()
            if self._closed:
                self._refuse_closed()
            self._deaths.append(time.monotonic())
            reason = f"the model's process ended ({gone})"
            self._set("failed", reason)
            raise ModelUnavailable(
                f"The model stopped: {reason}. Try again: it is started anew; if memory is short, set a "
                "smaller context."
            ) from None
        except ModelUnavailable as problem:
            if not self._closed:
                self._set("failed", str(problem))
            raise
        finally:
            if self._child is not None and self._state in ("busy", "loading"):
                self._set("ready", "")

    # The worker; only for whoever has the turn

    def _loaded(self, cancel: CancelToken | None) -> Child:
        """The worker with the weights in it, started if need be; the state is then busy. A worker that is cancelled while
        it loads is killed."""
        if self._closed:
            self._refuse_closed()
        if self._child is not None and not self._child.alive:
            # It died between requests: nobody's answer is lost, so nobody is told.
            self._deaths.append(time.monotonic())
            self._drop_child()
        if self._child is None:
            self._known.look_again()
            self._known.learn(cancel)
            request = self._known.request()
            self._bound_restarts()
            self._set("loading", self._known.name())
            self._child = _start(request)
            if self._closed:
                self._drop_child()
                self._refuse_closed()
            try:
                self._loaded_as = self._load(self._child, request, cancel)
            except (ModelUnavailable, Cancelled):
                self._drop_child()
                raise
        self._set("busy", "")
        return self._child

    def _load(self, child: Child, request: dict[str, Any], cancel: CancelToken | None) -> dict[str, Any]:
        """What the worker says when it has loaded the model. One that dies while it places layers on a GPU of its own
        accord is replaced by one that places none."""
        options = self._options
        if self._gpu_failed:
            options = replace(options, gpu_layers=0)
        request = {**request, "op": "load", "options": asdict(options)}
        self._placing = 0
        try:
            loaded = self._ask(child, request, cancel=cancel)["loaded"]
        except ChildGone as gone:
            if not self._placing or options.gpu_layers is not None or self._closed:
                raise
            self._gpu_failed = f"placing {self._placing} layers on the GPU ended the model's process ({gone})"
            self._drop_child()
            self._child = _start(request)
            return self._load(self._child, request, cancel)
        if self._gpu_failed:
            loaded["why_device"] = self._gpu_failed
        return loaded

    def _bound_restarts(self) -> None:
        if len(self._deaths) < DEATHS_ALLOWED:
            return
        wait = DEATHS_WINDOW_S - (time.monotonic() - self._deaths[0])
        if wait > 0:
            raise ModelUnavailable(
                f"The model's process died {DEATHS_ALLOWED} times within {DEATHS_WINDOW_S:.0f} s, so it is "
                f"not started again for {wait:.0f} s. Set a smaller context or choose another model."
            )

    def _ask(
        self,
        child: Child,
        request: dict[str, Any],
        reply: Receiving | None = None,
        cancel: CancelToken | None = None,
    ) -> dict[str, Any]:
        """Send a request and return the last of its answers; what comes before goes to `reply`."""
        self._number += 1
        with child.watched():
            return self._asked(child, request, self._number, reply, cancel)

    def _asked(
        self,
        child: Child,
        request: dict[str, Any],
        number: int,
        reply: Receiving | None,
        cancel: CancelToken | None,
    ) -> dict[str, Any]:
        child.send({**request, "id": number})
        canceller = Canceller(child, number, CANCEL_GRACE_S)
        forget = cancel.on_cancel(canceller.cancel) if cancel is not None else lambda: None
        failure: BaseException | None = None
        try:
            while True:
                answer = child.receive()
                if answer.get("id") != number:
                    continue
                if "placing" in answer:
                    self._placing = answer["placing"]
                    continue
                if "text" in answer or "read" in answer:
                    if reply is not None and failure is None:
                        try:
                            reply.take(answer)
                        except BaseException as problem:
                            # The rest of the reply must still be read, or the next request would get it.
                            failure = problem
                            canceller.cancel()
                    continue
                break
        except ChildGone:
            if canceller.killed:
                self._drop_child()
                self._set("absent", "killed: it did not stop when told to")
                raise (failure or Cancelled()) from None
            raise
        finally:
            forget()
            canceller.done()
        if failure is not None:
            raise failure
        if "error" in answer:
            _raise_error(answer["error"])
        return answer

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()

    def _refuse_closed(self) -> NoReturn:
        raise ModelUnavailable("The model was closed. Restart the server, or run the command again.")

    def _set(self, state: State, reason: str) -> None:
        if (state, reason) == (self._state, self._reason):
            return
        self._state, self._reason = state, reason
        if self._on_state is not None:
            self._on_state(state, reason)


def _start(request: dict[str, Any]) -> Child:
    """A worker for what `request` will have it load."""
    try:
        return Child(asks_server=request["engine"] == "server")
    except OSError as problem:
        raise ModelUnavailable(
            f"The model's process cannot be started: {problem}. Free some memory or processes and try again."
        ) from problem


def _raise_error(error: dict[str, Any]) -> NoReturn:
    message = error["message"]
    if error["kind"] == PromptTooLong.__name__:
        raise PromptTooLong(message, prompt_tokens=error["prompt_tokens"], context=error["context"])
    raise getattr(errors, error["kind"], ModelUnavailable)(message)

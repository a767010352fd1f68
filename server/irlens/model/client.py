"""The model as the rest of irlens sees it: a thread-safe object that answers one request at a time.

It owns the worker process, starts it when first needed, and starts it again, a bounded number of times, when
it died. No weights and no inference library here: what is known of the file comes from its header.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NoReturn

from irlens import errors
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong
from irlens.model.child import Canceller, Child, ChildGone
from irlens.model.engine import EngineOptions
from irlens.model.engines.ctransformers import NAME, context_of, unsupported
from irlens.model.gguf_header import Header, read_header
from irlens.model.line import Line
from irlens.model.prompts import family_for
from irlens.model.prompts.family import PromptFamily
from irlens.model.types import GenerateOptions, Generation, ModelInfo

State = Literal["absent", "loading", "ready", "busy", "failed"]
"""absent: nothing is loaded, and nothing was tried or there is no file; failed: the last try did not work."""

DEATHS_ALLOWED, DEATHS_WINDOW_S = 3, 300.0
"""After so many deaths within the window, requests are refused until the oldest of them is out of it."""

CANCEL_GRACE_S = 10.0
"""How long the worker may take to notice a cancel before it is killed. One part of a prompt on a large model
on a slow CPU takes a second or two."""

_HASHED_BYTES = 64 << 20
"""Larger files are not hashed: it would take longer than a user waits for."""


def embedded_model_path() -> str | None:
    """The model in the package; None where the package was built without one."""
    found = sorted((Path(__file__).resolve().parents[1] / "data").glob("*.gguf"))
    return str(found[0]) if found else None


class Model:
    """One model file behind a worker process.

    `path` None means the embedded model. `context` (tokens) is bounded by what the file was trained with;
    `threads` and `batch_size` None let the engine choose. `on_state(state, reason)` is called at every
    change, on whichever thread makes it; it must be quick and must not raise.

    Every method may be called from any thread. Requests are served one at a time, in order of arrival.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        gpu_layers: int = 0,
        threads: int | None = None,
        batch_size: int | None = None,
        context: int | None = None,
        family: str | None = None,
        on_state: Callable[[State, str], None] | None = None,
    ) -> None:
        self._path = path or embedded_model_path()
        self._options = EngineOptions(gpu_layers, threads, batch_size, context)
        self._family = family
        self._on_state = on_state
        self._state: State = "absent"
        self._reason = "not asked for yet" if self._path else "no model file"
        self._line = Line()
        self._child: Child | None = None
        self._device = ""
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

    def info(self) -> ModelInfo:
        """What the file is. Reads its header, loads nothing. Raises `ModelUnavailable`."""
        header = self._header
        planned = f"GPU ({self._options.gpu_layers} layers)" if self._options.gpu_layers else "CPU"
        return ModelInfo(
            name=header.name,
            path=header.path,
            family=self.family().name,
            architecture=header.architecture,
            quantisation=header.quantisation,
            parameters=header.parameters,
            context=context_of(header, self._options.context),
            engine=NAME,
            device=self._device or planned,
            sha256=self._sha256,
        )

    def family(self) -> PromptFamily:
        """The prompts this model was trained for. Raises `ModelUnavailable`."""
        header = self._header
        metadata = dict(header.metadata)
        if self._family:
            metadata["irlens.family"] = self._family
        return family_for(metadata, Path(header.path).name)

    @property
    def _header(self) -> Header:
        """Read anew until it is good, so that a file put there later is found."""
        if "_good_header" not in self.__dict__ and not self._path:
            raise ModelUnavailable(
                "There is no model: this package was built without its own. Give a file with --model."
            )
        return self._good_header

    @cached_property
    def _good_header(self) -> Header:
        assert self._path is not None
        header = read_header(self._path)
        reason = unsupported(header)
        if reason:
            raise ModelUnavailable(reason)
        return header

    @cached_property
    def _sha256(self) -> str:
        if self._header.size > _HASHED_BYTES:
            return ""
        with open(self._header.path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    # Requests

    def load(self, *, cancel: CancelToken | None = None) -> None:
        """Start the worker and load the weights now rather than at the first request."""
        with self._line.turn(cancel), self._working():
            self._loaded()

    def count_tokens(self, text: str, *, cancel: CancelToken | None = None) -> int:
        """How many tokens `text` takes as a prompt. Raises `ModelUnavailable`, `Cancelled` while waiting."""
        with self._line.turn(cancel), self._working() as child_of:
            return self._ask(child_of(), {"op": "count", "text": text})["count"]

    def generate(
        self,
        prompt_text: str,
        options: GenerateOptions,
        *,
        cancel: CancelToken | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """One reply to a prompt. `on_text` gets its pieces as they come, on this thread.

        A cancel does not raise: it gives what there is, `stopped="cancelled"`. Raises `PromptTooLong`, and
        `ModelUnavailable` when the file cannot be loaded or the worker dies; the next request then starts a
        fresh worker. What `on_text` raises ends the reply and is passed on.
        """
        pieces: list[str] = []
        # A worker that had to be killed, or was never asked, leaves no counts but these.
        uncounted = Generation("", 0, 0, 0.0, 0.0, "cancelled")

        def take(text: str) -> None:
            pieces.append(text)
            if on_text is not None:
                on_text(text)

        try:
            with self._line.turn(cancel), self._working() as child_of:
                child = child_of()
                if cancel is not None:
                    cancel.check()
                request = {"op": "generate", "prompt": prompt_text, "options": asdict(options)}
                ended = self._ask(child, request, take, cancel)["ended"]
        except Cancelled:
            return replace(uncounted, text="".join(pieces), tokens=len(pieces))
        return Generation(text="".join(pieces), **ended)

    def close(self) -> None:
        """End the worker. A request under way fails with `ModelUnavailable`; later ones do too."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        with self._line.turn(None):
            self._drop_child()
            self._set("absent", "closed")

    def __enter__(self) -> Model:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _working(self) -> Iterator[Callable[[], Child]]:
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
            if self._path and not self._closed:
                self._set("failed", str(problem))
            raise
        finally:
            if self._child is not None and self._state in ("busy", "loading"):
                self._set("ready", "")

    # The worker; only for whoever has the turn

    def _loaded(self) -> Child:
        """The worker with the weights in it, started if need be; the state is then busy."""
        if self._closed:
            self._refuse_closed()
        if self._child is not None and not self._child.alive:
            # It died between requests: nobody's answer is lost, so nobody is told.
            self._deaths.append(time.monotonic())
            self._drop_child()
        if self._child is None:
            header = self._header
            self._bound_restarts()
            self._set("loading", header.name)
            self._child = _start()
            if self._closed:
                self._drop_child()
                self._refuse_closed()
            try:
                request = {"op": "load", "path": header.path, "options": asdict(self._options)}
                self._device = self._ask(self._child, request)["loaded"]["device"]
            except ModelUnavailable:
                self._drop_child()
                raise
        self._set("busy", "")
        return self._child

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
        take: Callable[[str], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> dict[str, Any]:
        """Send a request and return the last of its answers; pieces of text go to `take`."""
        self._number += 1
        number = self._number
        child.send({**request, "id": number})
        canceller = Canceller(child, number, CANCEL_GRACE_S)
        forget = cancel.on_cancel(canceller.cancel) if cancel is not None else lambda: None
        failure: BaseException | None = None
        try:
            while True:
                answer = child.receive()
                if answer.get("id") != number:
                    continue
                if "text" in answer:
                    if take is not None and failure is None:
                        try:
                            take(answer["text"])
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


def _start() -> Child:
    try:
        return Child()
    except OSError as problem:
        raise ModelUnavailable(
            f"The model's process cannot be started: {problem}. Free some memory or processes and try again."
        ) from problem


def _raise_error(error: dict[str, Any]) -> NoReturn:
    message = error["message"]
    if error["kind"] == PromptTooLong.__name__:
        raise PromptTooLong(message, prompt_tokens=error["prompt_tokens"], context=error["context"])
    raise getattr(errors, error["kind"], ModelUnavailable)(message)

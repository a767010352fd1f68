"""The model worker as its parent sees it: a process, two pipes, the last lines it printed.

No policy: when to start another, what to say and whom to serve is the client's.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from irlens.confinement import environment
from irlens.workers.spawn import group, spawn

_KEPT_LINES = 20
_LONGEST_LINE = 1 << 16
_LONGEST_MESSAGE = 16 << 20
"""Bytes. The process that sends it may be in a stranger's hands; a reply comes in pieces of some hundred."""
QUIET_S = 10.0
"""Silence during a request after which the worker is asked whether it is there. It may well be at work: the first part
of a prompt takes minutes on a large model."""
PONG_S = 20.0
"""How long it then has for any word at all. The thread that answers does nothing else."""


class ChildGone(Exception):
    """The worker is no longer there. The text says how it ended and what it printed last."""


class Child:
    """One worker process, which asks a server where `asks_server` is true, and then knows the key and the proxies of the
    environment. `send` may be called from any thread, `receive` from one at a time."""

    def __init__(self, asks_server: bool = False) -> None:
        known = environment.python()
        # -P: the working directory may be a stranger's checkout; nothing in it may pass for a module.
        self._process = spawn(
            [sys.executable, "-P", "-m", "irlens.model.worker"],
            env={**known, **environment.of_a_server()} if asks_server else known,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **group(),
        )
        self._heard = time.monotonic()
        self._hangs = False
        self._lock = threading.Lock()
        self._printed: deque[str] = deque(maxlen=_KEPT_LINES)
        self._printing = threading.Thread(target=self._keep_stderr, daemon=True)
        self._printing.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: dict[str, Any]) -> None:
        """Raises `ChildGone`."""
        data = json.dumps(message).encode() + b"\n"
        assert self._process.stdin is not None
        try:
            with self._lock:
                self._process.stdin.write(data)
                self._process.stdin.flush()
        except (OSError, ValueError):
            raise ChildGone(self._how_it_ended()) from None

    def receive(self) -> dict[str, Any]:
        """The next message, however long it takes, unless the worker gives no sign of life (see `watched`). Raises
        `ChildGone`."""
        assert self._process.stdout is not None
        while True:
            try:
                line = self._process.stdout.readline(_LONGEST_MESSAGE)
            except (OSError, ValueError):
                line = b""
            if not line.endswith(b"\n"):
                self.kill()  # where it lives it has sent more than any message of ours
                raise ChildGone(self._how_it_ended())
            self._heard = time.monotonic()
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):
                message = None
            if not isinstance(message, dict):
                self.kill()
                raise ChildGone("it sent what is no answer")
            if "pong" not in message:
                return message

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """During a request: a worker that is silent for `QUIET_S` seconds is asked for a sign of life, and killed where it
        gives none within `PONG_S` more."""
        over = threading.Event()
        self._heard = time.monotonic()
        watching = threading.Thread(target=self._watch, args=(over,), name="irlens-model-watch", daemon=True)
        watching.start()
        try:
            yield
        finally:
            over.set()

    def _watch(self, over: threading.Event) -> None:
        asked: float | None = None
        while not over.wait(min(QUIET_S, PONG_S) / 4):
            now = time.monotonic()
            if now - self._heard < QUIET_S:
                asked = None
            elif asked is None or asked < self._heard:
                asked = now
                self._ping()
            elif now - asked >= PONG_S:
                self._hangs = True
                self.kill()
                return

    def _ping(self) -> None:
        # A worker that reads nothing may hold up `send` in another thread, and this one must go on counting.
        if self._lock.acquire(blocking=False):
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(b'{"op": "ping"}\n')
                self._process.stdin.flush()
            except (OSError, ValueError):
                pass
            finally:
                self._lock.release()

    def kill(self) -> None:
        """End it now, whatever it does, with all of its group: what it started holds its pipes open, and `close` would
        wait for that. Safe to call at any time, from any thread."""
        with contextlib.suppress(OSError):
            leads = hasattr(os, "killpg") and self._process.poll() is None
            if leads and os.getpgid(self._process.pid) == self._process.pid:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def close(self) -> None:
        """End it and free what it held."""
        self.kill()
        self._process.wait()
        self._printing.join(timeout=1)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._printing.join(timeout=1)
        if self._hangs:
            return f"it gave no sign of life for {QUIET_S + PONG_S:g} s"
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        last = next((line for line in reversed(self._printed) if line), "")
        return f"{how}; it last printed: {last}" if last else how

    def _keep_stderr(self) -> None:
        assert self._process.stderr is not None
        for line in iter(lambda: self._process.stderr.readline(_LONGEST_LINE), b""):  # type: ignore[union-attr]
            self._printed.append(line.decode("utf-8", "replace").rstrip())


class Canceller:
    """Passes the cancel of request `number` on to the worker, and kills the worker if that did not help
    after `grace_s` seconds."""

    def __init__(self, child: Child, number: int, grace_s: float) -> None:
        self._child = child
        self._number = number
        self._timer = threading.Timer(grace_s, self._kill)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._done = False
        self.killed = False

    def cancel(self) -> None:
        # The timer first: should the pipe be full because the worker hangs, killing it is what frees us.
        with self._lock:
            if self._done or self._timer.ident is not None:
                return
            self._timer.start()
        try:
            self._child.send({"op": "cancel", "id": self._number})
        except ChildGone:
            return

    def done(self) -> None:
        """The request is over: the worker must not be killed for it any more."""
        with self._lock:
            self._done = True
        self._timer.cancel()

    def _kill(self) -> None:
        with self._lock:
            if not self._done:
                self.killed = True
                self._child.kill()

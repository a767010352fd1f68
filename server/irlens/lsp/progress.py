"""Work-done progress, and the way back: a progress bar's cancel button reaches the job.

pygls's own progress keeps every token for ever and breaks when the task that creates one is cancelled, so
irlens keeps its own table. A job starts at once; its bar appears when the client has agreed to it.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types

from irlens import escape
from irlens.cancel import CancelToken

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer

logger = logging.getLogger(__name__)

_LEAST_GAP_S = 0.1
"""Reports closer together than this are left out: an editor redraws for each."""


class ProgressTable:
    """The bars that are up, by token."""

    def __init__(self) -> None:
        self._jobs: dict[types.ProgressToken, CancelToken] = {}
        self.least_gap_s = _LEAST_GAP_S

    def add(self, token: types.ProgressToken, cancel: CancelToken) -> None:
        self._jobs[token] = cancel

    def remove(self, token: types.ProgressToken) -> None:
        self._jobs.pop(token, None)

    def cancel(self, token: types.ProgressToken) -> bool:
        """Call the job off; false when there is none (it may just have ended)."""
        cancel = self._jobs.get(token) if is_token(token) else None
        if cancel is not None:
            cancel.cancel()
        return cancel is not None


class Bar:
    """One job's progress. `report` may be called from any thread; `begin` and `end` from the loop's."""

    def __init__(
        self, server: IrlensServer, title: str, cancel: CancelToken, token: types.ProgressToken | None = None
    ) -> None:
        self._server = server
        self._title = title
        self._cancel = cancel
        self._given = token is not None
        self._token: types.ProgressToken = token if token is not None else f"irlens-{uuid.uuid4()}"
        self._loop = asyncio.get_running_loop()
        self._up = False
        self._over = False
        self._last_s = 0.0

    def begin(self) -> None:
        """Ask for the bar and come back at once."""
        if self._given:
            self._start()
        elif _offers_progress(self._server):
            params = types.WorkDoneProgressCreateParams(token=self._token)
            future = self._server.protocol.send_request(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params)
            future.add_done_callback(
                lambda done: None if done.cancelled() or done.exception() else self._start()
            )

    def report(self, message: str, fraction: float | None, *, always: bool = False) -> None:
        """`always`: what stays true for long is told, however soon after the last report."""
        now = time.monotonic()
        if always or now - self._last_s >= self._server.progress_table.least_gap_s:
            self._last_s = now
            self._loop.call_soon_threadsafe(self._report, message, fraction)

    def end(self, message: str) -> None:
        self._over = True
        self._server.progress_table.remove(self._token)
        if self._up:
            self._up = False
            self._send(types.WorkDoneProgressEnd(message=message))

    def _start(self) -> None:
        if self._over:
            return  # the job was quicker than the client's answer
        self._up = True
        self._server.progress_table.add(self._token, self._cancel)
        self._send(
            types.WorkDoneProgressBegin(title=escape.message(self._title), cancellable=True, percentage=0)
        )

    def _report(self, message: str, fraction: float | None) -> None:
        if self._up:
            percentage = None if fraction is None else max(0, min(100, round(fraction * 100)))
            said = escape.message(message)
            self._send(types.WorkDoneProgressReport(message=said, percentage=percentage, cancellable=True))

    def _send(self, value: object) -> None:
        self._server.protocol.notify(types.PROGRESS, types.ProgressParams(token=self._token, value=value))


def is_token(value: object) -> bool:
    """Whether a client's token can be one; None stands for no token."""
    return value is None or (isinstance(value, int | str) and not isinstance(value, bool))


def _offers_progress(server: IrlensServer) -> bool:
    window = server.client_capabilities.window
    return window is not None and bool(window.work_done_progress)

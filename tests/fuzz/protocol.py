"""The protocol under fire: the real server on its pipes, one process until it dies.

A case is the bytes of a stretch of a session. What has to come back is read off the bytes themselves, so that a seed
needs no more than them.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from hypothesis.strategies import SearchStrategy

from fuzz import messages, processes
from fuzz.broken import Broken
from fuzz.client import CAPABILITIES, Session
from fuzz.expected import Expected, expected, frames
from fuzz.sandbox import Sandbox
from support.tiny_gguf import write_tiny

REPLY_LIMIT_S = 150.0
"""For the slowest request of a case: it may wait in line behind others, on a busy machine."""
_SLICE_S, _IDLE_SLICES = 4.0, 3
"""A request is given up earlier when no process has worked for so many slices of so many seconds."""
SETTLE_LIMIT_S = 30.0
MOST_GROWTH_MB = 96.0
"""Of the server alone, from the first measurement after a warm-up to the end."""
MOST_IDLE_S = 0.1
"""Processor time of the tree in two idle seconds."""
_WARM_CASES = 8


class Protocol:
    """One server for all cases until one ends it."""

    name = "protocol"

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._model: Path | None = None
        self._session: Session | None = None
        self._cases = self._messages = self._requests = self._servers = 0
        self._first_mb = self._most_mb = self._most_tree_mb = self._last_mb = 0.0
        self._busy_s = 0.0
        self._sync = 0

    def cases(self) -> SearchStrategy[bytes]:
        return messages.sessions()

    def pieces(self, case: bytes) -> list[bytes]:
        return [head + body for head, body in frames(case)]

    def check(self, case: bytes) -> None:
        session = self._session or self._start()
        try:
            started = time.monotonic()
            silent, either = self._stretch(session, case)
            self._busy_s += time.monotonic() - started
        except Broken:
            self._end()
            raise
        # The server goes on after these.
        session.complaints()
        if silent > 0:
            raise Broken("a message with an id and a method got no reply", f"{silent} of {either}")

    def finish(self) -> dict[str, str]:
        """Wait for the server to fall quiet; then its memory, its processor time, its end and its children."""
        session, self._session = self._session, None
        if session is None:
            return {}
        try:
            idle = processes.idle_processor_s(
                session.process.pid, over_s=2.0, patience_s=90.0, enough_s=MOST_IDLE_S
            )
            now = processes.held(session.process.pid)
            rate = self._messages / max(self._busy_s, 0.001)
            figures = {
                "messages": f"{self._messages:,} in {self._busy_s:.0f} s ({rate:.0f} a second)",
                "requests": f"{self._requests:,}",
                "servers": str(self._servers),
                "server memory": f"{self._first_mb:.0f} MB warm, {self._most_mb:.0f} at most, {now.memory:.0f} at the end",
                "memory of all": f"{self._most_tree_mb:.0f} MB at most, {now.tree_memory:.0f} at the end",
                "idle": f"{idle:.2f} s of processor in 2 s",
            }
            if idle > MOST_IDLE_S:
                raise Broken("the server works though nobody asks", figures["idle"])
            if self._first_mb and now.memory > self._first_mb + MOST_GROWTH_MB:
                raise Broken("the server's memory grows", figures["server memory"])
            dead = processes.zombies(session.process.pid)
            if len(dead) > processes.MOST_ZOMBIES:
                raise Broken("children that ended are not waited for", str(dead))
            code = session.leave()
            session.complaints()
            if code != 0:
                raise Broken("the exit code after shutdown and exit is not 0", str(code))
            if orphans := session.orphans():
                raise Broken("children outlive the server", ", ".join(orphans))
            return figures
        finally:
            session.kill()

    def _start(self) -> Session:
        if self._model is None:
            self._model = write_tiny(self._sandbox.root / "data" / "tiny.gguf", context=2048)
        session = Session(self._sandbox.environment(), self._sandbox.work)
        # A model that answers noise, and at once. No pause: what is published follows the text closely.
        settings = {
            "model": {"path": str(self._model)},
            "lift": {"candidates": 1},
            "diagnostics": {"pause": 0},
        }
        # What is pushed as configuration counts only where the client cannot be asked.
        workspace = {**CAPABILITIES["workspace"], "configuration": False}
        session.initialize(options=settings, capabilities={**CAPABILITIES, "workspace": workspace})
        self._session, self._servers = session, self._servers + 1
        self._first_mb = 0.0
        return session

    def _end(self) -> None:
        if self._session is not None:
            self._session.kill()
        self._session = None

    def _stretch(self, session: Session, case: bytes) -> tuple[int, int]:
        """How many of how many messages that may be answered under null got no reply at all."""
        wanted = expected(case)
        # As it was at the start, whatever the case before has set.
        session.notify("irlens/trust", {"trusted": True})
        session.notify("workspace/didChangeConfiguration", {"settings": {}})
        session.sync()
        refused = session.refused
        session.expect(wanted.requests, wanted.allowed)
        for part in _parts(case):
            session.write(part)

        # Replies of the loop come in order; those of tasks come when they come.
        def silent() -> int:
            return (session.allowed() & wanted.either).total() - (session.refused - refused)

        self._replies(session, lambda: not session.unanswered() and silent() <= 0)
        unanswered = session.unanswered()
        if unanswered:
            raise Broken(f"no reply to {', '.join(sorted(set(unanswered.values())))[:120]}")
        session.sync()
        for uri, version in wanted.versions.items():
            session.wait(
                lambda uri=uri, version=version: (
                    session.published.get(uri, (None, 0))[0] == version or bool(session.log.failures)
                ),
                SETTLE_LIMIT_S,
                f"no diagnostics of the last version of a document ({uri.rpartition('.')[2]})",
            )
        left = max(0, silent())
        for uri in wanted.opened:
            session.notify(messages.CLOSE, {"textDocument": {"uri": uri}})
            session.closed(uri)
        session.sync()
        for uri in wanted.opened:
            session.closed(uri)
        self._count(session, wanted)
        return left, wanted.either.total()

    def _replies(self, session: Session, all_there: Callable[[], bool]) -> None:
        """Wait for every reply: as long as it may take while somebody works, not so long when nobody does."""
        deadline = time.monotonic() + REPLY_LIMIT_S
        idle = 0
        while not all_there() and idle < _IDLE_SLICES and time.monotonic() < deadline:
            before = processes.processor_s(session.process.pid)
            if session.is_soon(all_there, _SLICE_S):
                return
            is_idle = processes.processor_s(session.process.pid) - before < _SLICE_S / 100
            idle = idle + 1 if is_idle else 0

    def _count(self, session: Session, wanted: Expected) -> None:
        self._cases += 1
        self._messages += wanted.count
        self._requests += len(wanted.requests)
        if self._cases % 8 == 0 or not self._first_mb:
            session.look()
            now = processes.held(session.process.pid)
            if not self._first_mb and self._cases >= _WARM_CASES:
                self._first_mb = now.memory
            self._most_mb = max(self._most_mb, now.memory)
            self._most_tree_mb = max(self._most_tree_mb, now.tree_memory)


def _parts(stream: bytes) -> Iterator[bytes]:
    """The stream in writes of any size, the same for the same stream: most whole, some cut anywhere."""
    chance = Random(zlib.crc32(stream))
    at = 0
    while at < len(stream):
        size = chance.choice((1, 7, 60, 500, 4000, 1 << 16))
        yield stream[at : at + size]
        at += size

"""The language server's state and life. `create_server` makes one; there is none at module level.

It holds what a session holds (documents, settings, caches, jobs) and nothing else: what a feature says is in
`irlens.ide`, how a message becomes a call is in `handlers`, what runs where is in `work`. Everything here
runs on the event loop's thread unless its docstring says otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from irlens import __version__, escape
from irlens.lsp import facts, handlers
from irlens.lsp.backends import Backends, ChildProcesses
from irlens.lsp.configuration import CommandLine, Configuration
from irlens.lsp.documents import Documents
from irlens.lsp.framing import Unframed
from irlens.lsp.known import Known
from irlens.lsp.previews import Previews
from irlens.lsp.progress import ProgressTable
from irlens.lsp.protocol import IrlensProtocol
from irlens.lsp.reading import TooLarge, next_body
from irlens.lsp.status import Status
from irlens.lsp.targets import Targets
from irlens.lsp.watch import FolderWatch
from irlens.lsp.work import Latest, Pause, Work
from irlens.settings import Settings

logger = logging.getLogger(__name__)


_MOST_TOLD = 200
"""Different warnings that a session shows; later ones are in the log."""

_converter = cache(default_converter)
"""One for all sessions of a process: it writes code for each kind of message that it meets, a tenth of a second for those
of a session."""


class IrlensServer(LanguageServer):
    """One session with one client."""

    protocol: IrlensProtocol

    def __init__(self, command_line: CommandLine, backends: Backends | None) -> None:
        super().__init__(
            "irlens",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=IrlensProtocol,
            converter_factory=_converter,
            max_workers=1,
        )
        self.configuration = Configuration(command_line)
        self.documents = Documents()
        self.known = Known()
        self.targets = Targets()
        self.work = Work()
        self.latest = Latest()
        self.disk = handlers.files.queue(self)
        self.pause = Pause()
        self.progress_table = ProgressTable()
        self.folder_watch: FolderWatch | None = None
        self.jobs: set[asyncio.Task[None]] = set()
        """Commands under way; they run to their end whatever else happens."""
        self.created: dict[str, str] = {}
        """Path and URI of files that an action's edit makes and that are to be shown when they are there."""
        self.previews = Previews()
        self.initialized = False
        self.status = Status(self.protocol.notify)
        self.backends: Backends = backends or ChildProcesses(self.settings)
        self.backends.listen(self._model_state_from_thread)
        self.encoding = "utf-16"
        self.watch_parent = False
        """Whether the client's process is on this machine, so that its end is ours."""
        self.strict = False
        """Whether a line that is no header ends the connection."""
        self.exit_code: int | None = None
        self.closing: list[Any] = [self.previews.close]
        """Called once, without arguments, when the session ends: watchers put their stop here."""
        self._left: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told: set[str] = set()

    @property
    def settings(self) -> Settings:
        return self.configuration.now

    def target_of(self, uri: str) -> str | None:
        """The user's word on the target of this very assembly file, `targets.IGNORE` among them. `settings.asm.target` is
        for files whose text leaves it open."""
        return self.targets.of(uri)

    # Life

    async def run(self, reader: asyncio.StreamReader, first: bytes | None = None) -> int:
        """Serve what comes from `reader` until `exit`, the end of the stream, or the parent's death.

        `first` is the body of a message that was read before.
        Returns the exit code: 0 after `shutdown` and `exit`, else 1.
        """
        self._loop = asyncio.get_running_loop()
        self._left = asyncio.Event()
        reading = asyncio.ensure_future(self._read(reader, first))
        leaving = asyncio.ensure_future(self._left.wait())
        try:
            await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if reading.done() and (error := reading.exception()) is not None:
                logger.error("reading stopped", exc_info=error)
            reading.cancel()
            leaving.cancel()
            await self._close()
        return 1 if self.exit_code is None else self.exit_code

    def leave(self, exit_code: int) -> None:
        """End the session once the present message is dealt with."""
        if self.exit_code is None:
            self.exit_code = exit_code
        if self._left is not None:
            self._left.set()

    async def _read(self, reader: asyncio.StreamReader, first: bytes | None) -> None:
        if first is not None:
            self.receive(first)
        while self.exit_code is None:
            try:
                body = await next_body(reader, strict=self.strict)
            except Unframed as error:
                self.protocol.refuse_stream(f"The connection ends: irlens saw {error}.")
                return
            except TooLarge as large:
                self.protocol.unreadable_body(str(large), may_be_change=True)
                self.warn(f"The editor sent {large}. Work on a smaller file.")
                continue
            if body is None:
                logger.info("the client closed the connection")
                return
            self.receive(body)
            await asyncio.sleep(0)  # a burst of messages must not hold up what is done already

    def receive(self, body: bytes) -> None:
        """Deal with the body of one message."""
        try:
            self.protocol.receive(body)
        except BrokenPipeError:
            self.leave(1)

    async def _close(self) -> None:
        self.disk.close()
        self.latest.close()
        self.work.close()
        for close in self.closing:
            close()
        # Ending child processes may take a moment; a stuck one must not keep the server.
        try:
            await asyncio.wait_for(asyncio.to_thread(self.backends.close), 5.0)
        except Exception:
            logger.exception("child processes did not end in order")

    # What the protocol calls

    def on_initialize(self, params: types.InitializeParams, encoding: str) -> None:
        self.process_id = params.process_id
        self.encoding = str(getattr(encoding, "value", encoding))
        for problem in self.configuration.initialize(params.initialization_options):
            self.warn(problem)
        self.targets.read(handlers.configuration.plain(params.initialization_options))
        self.backends.configure(self.settings)

    def did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        handlers.sync.did_open(self, params)

    def did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        handlers.sync.did_change(self, params)

    def did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        handlers.sync.did_close(self, params)

    def lost_track(self, uri: str | None, reason: str) -> None:
        """A change could not be read; None where it may have been of any document."""
        handlers.sync.lose(self, uri, reason)

    def execute(self, params: types.ExecuteCommandParams) -> None:
        handlers.actions.execute(self, params)

    # What the user sees

    def warn(self, message: str) -> None:
        """One clear message, once a session for the same text; the log has it every time."""
        if message in self._told or len(self._told) >= _MOST_TOLD:
            logger.warning("%s", message)
        else:
            self._told.add(message)
            self.tell(message)

    def tell(self, message: str) -> None:
        """The same, every time."""
        logger.warning("%s", message)
        self.show(message, types.MessageType.Warning)

    def show(self, message: str, kind: types.MessageType) -> None:
        self.window_show_message(
            types.ShowMessageParams(type=kind, message=f"irlens: {escape.message(message)}")
        )

    def report_server_error(self, error: Exception, source: Any) -> None:
        """pygls calls this for its own failures and for ours, which are in the log already: no pop-up."""
        logger.debug("%s: %s", getattr(source, "__name__", source), error)

    def call_soon(self, call: Callable[[], object]) -> None:
        """Run `call` on the loop. Any thread; nothing happens once the loop has ended."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(call)

    def _model_state_from_thread(self, state: str, reason: str) -> None:
        """Any thread."""
        self.call_soon(lambda: self._model_state(state, reason))

    def _model_state(self, state: str, reason: str) -> None:
        if self.status.model(state, reason):
            facts.name_models(self)


def create_server(
    *, command_line: CommandLine | None = None, backends: Backends | None = None
) -> IrlensServer:
    """A server ready to `run`. `backends` None means real child processes."""
    server = IrlensServer(command_line or CommandLine(), backends)
    handlers.register(server)
    return server

"""Start the server on stdio or TCP. `serve` is what `irlens serve` calls.

On stdio the order is everything: claim the descriptors, answer `initialize`, and only then load the server
(see `stdio` and `greeting`). Nothing heavier than `json` may be imported above.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from irlens.lsp import greeting, stdio

if TYPE_CHECKING:
    import asyncio

    from irlens.lsp.configuration import CommandLine

logger = logging.getLogger(__name__)


def serve(
    tcp: tuple[str, int] | None = None,
    model: str | None = None,
    opt: str | None = None,
    assembler: str | None = None,
    log_file: str | None = None,
) -> int:
    """Serve one client on stdio, or clients on `tcp` until interrupted. Returns the exit code.

    `model`, `opt` and `assembler` are files that no client's settings can change.
    """
    chosen = {"model": model, "opt": opt, "assembler": assembler}
    if tcp is None:
        fd_in, fd_out = stdio.claim()
        _log(log_file)
        if os.isatty(fd_in):
            print(
                "irlens: waiting for an editor on stdin; for a person there is `irlens --help`.",
                file=sys.stderr,
            )
        greeted = greeting.greet(fd_in, fd_out)
        code = _run_stdio(fd_in, fd_out, greeted, chosen)
        # The reading thread may still wait for a client that never closes its end, and a job's thread for a
        # child that was killed; neither may keep a finished server alive.
        logging.shutdown()
        sys.stderr.flush()
        os._exit(code)
    _log(log_file)
    return _run_tcp(*tcp, chosen)


def _run_stdio(fd_in: int, fd_out: int, greeted: greeting.Greeting, chosen: dict[str, str | None]) -> int:
    import asyncio

    from irlens.lsp.configuration import CommandLine
    from irlens.lsp.server import create_server

    async def run() -> int:
        server = create_server(command_line=CommandLine(**chosen))
        server.watch_parent = True
        server.protocol.answered = greeted.answered
        server.protocol.set_writer(stdio.FdWriter(fd_out))
        reader = asyncio.StreamReader()
        reader.feed_data(greeted.read)
        loop = asyncio.get_running_loop()
        stdio.pump(fd_in, loop, reader)
        return await server.run(reader)

    try:
        return asyncio.run(run())
    except KeyboardInterrupt:
        return 130


def _run_tcp(host: str, port: int, chosen: dict[str, str | None]) -> int:
    import asyncio

    from irlens.lsp.configuration import CommandLine

    async def run() -> None:
        server = await asyncio.start_server(
            lambda reader, writer: _connection(reader, writer, CommandLine(**chosen)), host, port
        )
        addresses = ", ".join("{}:{}".format(*socket.getsockname()[:2]) for socket in server.sockets)
        print(f"irlens: listening on {addresses}", file=sys.stderr, flush=True)
        async with server:
            await server.serve_forever()

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(
            f"irlens: cannot listen on {host}:{port} ({error.strerror}). Choose another address with --tcp.",
            file=sys.stderr,
        )
        return 2
    return 0


async def _connection(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, command_line: CommandLine
) -> None:
    """One client, one session with workers of its own, which end with it."""
    from irlens.lsp.server import create_server

    server = create_server(command_line=command_line)
    server.protocol.set_writer(writer)
    try:
        await server.run(reader)
    except Exception:
        logger.exception("a session ended in an error")
    finally:
        writer.close()


class _Lines(logging.Formatter):
    """A line a record, whatever is in its message: none can look like two. Tracebacks follow, indented."""

    def format(self, record: logging.LogRecord) -> str:
        from irlens import escape

        record.message = record.getMessage()
        record.asctime = self.formatTime(record)
        parts = [escape.line(self.formatMessage(record))]
        if record.exc_info:
            trace = escape.lines(self.formatException(record.exc_info))
            parts += [f"  {line}" for line in trace.split("\n")]
        return "\n".join(parts)


def _log(log_file: str | None) -> None:
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if log_file:
        try:
            handler = logging.FileHandler(log_file)
        except OSError as error:
            print(f"irlens: {log_file} cannot be written ({error.strerror}); logging here.", file=sys.stderr)
    handler.setFormatter(_Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False  # a closed stderr is no reason to fail
    logging.getLogger().addHandler(handler)
    wanted = os.environ.get("IRLENS_LOG", "").upper()
    logging.getLogger("irlens").setLevel(wanted if wanted in logging.getLevelNamesMapping() else logging.INFO)

"""Start the server on stdio or TCP. `serve` is what `irlens serve` calls.

On stdio the order is everything: claim the descriptors, answer `initialize`, and only then load the server
(see `stdio` and `greeting`). Nothing heavier than `json` may be imported above.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from irlens.lsp import greeting, logs, stdio

if TYPE_CHECKING:
    from irlens.lsp import tcp


def serve(
    tcp: tcp.Address | None = None,
    model: str | None = None,
    opt: str | None = None,
    assembler: str | None = None,
    log_file: str | None = None,
    *,
    trusts_client: bool = False,
) -> int:
    """Serve one client on stdio, or clients one after the other on `tcp` until interrupted. Returns the exit code.

    `model`, `opt` and `assembler` are files that no client's settings can change. On stdio the client is the process
    that started this one; over TCP only `trusts_client` lets a client choose programs and models.
    """
    chosen = {"model": model, "opt": opt, "assembler": assembler}
    if tcp is not None:
        from irlens.lsp import tcp as over_tcp
        from irlens.lsp.configuration import CommandLine

        _log(log_file)
        return over_tcp.serve(tcp, CommandLine(**chosen, trusts_client=trusts_client))
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


def _run_stdio(fd_in: int, fd_out: int, greeted: greeting.Greeting, chosen: dict[str, str | None]) -> int:
    import asyncio

    from irlens.lsp.configuration import CommandLine
    from irlens.lsp.server import create_server

    async def run() -> int:
        server = create_server(command_line=CommandLine(**chosen))  # type: ignore[arg-type]
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


def _log(log_file: str | None) -> None:
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if log_file:
        try:
            handler = logging.FileHandler(log_file, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            print(f"irlens: {log_file} cannot be written ({error.strerror}); logging here.", file=sys.stderr)
    handler.setFormatter(logs.Short("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(logs.Fewer())
    logging.raiseExceptions = False  # a closed stderr is no reason to fail
    logging.getLogger().addHandler(handler)
    wanted = os.environ.get("IRLENS_LOG", "").upper()
    logging.getLogger("irlens").setLevel(wanted if wanted in logging.getLevelNamesMapping() else logging.INFO)

"""Serve on TCP: for one client at a time that has the token, on this machine unless more is asked for.

Whoever reaches the port could read files and run programs as the user. So a connection must begin with an
`initialize` that holds the token (`initializationOptions.token`) before anything else is looked at, a line that is
no header of LSP (a web page's request) ends it, and what the client sends chooses no program and no model
(`configuration`).
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
import logging
import os
import secrets
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from irlens.errors import UnusableInput
from irlens.lsp.framing import Unframed, read_json
from irlens.lsp.reading import TooLarge, next_body

if TYPE_CHECKING:
    from irlens.lsp.configuration import CommandLine

logger = logging.getLogger(__name__)

TOKEN_VARIABLE = "IRLENS_SERVE_TOKEN"
HANDSHAKE_S = 10.0
"""Seconds that a connection may take to send its `initialize`."""
LEAVING_S = 2.0
"""Seconds that a client waits for the one before it to be gone."""
MOST_UNREAD = 64 << 20
"""Bytes of answers that a client has not read yet."""
_LARGEST_HANDSHAKE = 1 << 20
MOST_WAITING = 32
"""Connections without a token at a time."""
_SHORTEST_TOKEN = 16
_REFUSED = -32000


@dataclass(frozen=True)
class Address:
    """Where to listen. `allow_remote`: also where other machines can reach it. `token_file`: its first line is the
    token; None: that of the environment, else a new one."""

    host: str
    port: int
    allow_remote: bool = False
    token_file: str | None = None


def serve(address: Address, command_line: CommandLine) -> int:
    """Listen until interrupted. Returns the exit code."""
    try:
        if not address.allow_remote:
            refuse_remote(address.host)
        token, where = _token(address.token_file)
    except UnusableInput as error:
        return _fail(str(error))
    try:
        asyncio.run(_listen(address, _Door(token, command_line), where))
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        reason = error.strerror or str(error)
        return _fail(
            f"cannot listen on {_shown(address.host, address.port)} ({reason}). Choose another address with --tcp."
        )
    return 0


def refuse_remote(host: str) -> None:
    """Raise `UnusableInput` unless only this machine can reach the host's addresses."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnusableInput(f"--tcp {host} names no address ({reason}). Listen on 127.0.0.1.") from error
    if not all(_is_loopback(str(each)) for each in found):
        raise UnusableInput(
            f"--tcp {host} can be reached from other machines, and what goes over it is not encrypted. Listen on "
            "127.0.0.1, or say --allow-remote too if that is meant."
        )


def _is_loopback(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _token(file: str | None) -> tuple[str, str]:
    """The token, and where a person finds it. It leaves the environment, so that no child inherits it."""
    of_environment = os.environ.pop(TOKEN_VARIABLE, None)
    if file is not None:
        where = file
        try:
            lines = Path(file).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise UnusableInput(
                f"--token-file {file} cannot be read ({reason}). Name a text file."
            ) from error
        token = lines[0].strip() if lines else ""
    elif of_environment is not None:
        where, token = f"the environment's {TOKEN_VARIABLE}", of_environment.strip()
    else:
        token = secrets.token_urlsafe(32)
        return token, f"token {token}"
    if len(token) < _SHORTEST_TOKEN:
        raise UnusableInput(
            f"The token of {where} has {len(token)} characters; at least {_SHORTEST_TOKEN} are wanted. Make one with "
            "`openssl rand -hex 32`."
        )
    return token, f"the token is that of {where}"


async def _listen(address: Address, door: _Door, where: str) -> None:
    server = await asyncio.start_server(door.connected, address.host, address.port)
    addresses = ", ".join(_shown(*each.getsockname()[:2]) for each in server.sockets)
    # The address stands last: scripts read it off the end of the line.
    print(
        f"irlens: for a client with initializationOptions.token ({where}), listening on {addresses}",
        file=sys.stderr,
        flush=True,
    )
    async with server:
        await server.serve_forever()


class _Bounded:
    """A stream whose session ends where its client reads too little: answers that nobody takes are not kept for ever."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        self._writer.write(data)
        waiting = self._writer.transport.get_write_buffer_size()
        if waiting > MOST_UNREAD and not self._writer.transport.is_closing():
            logger.warning("the client reads nothing: %d bytes wait for it; its session ends", waiting)
            self._writer.transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


class _Door:
    """Lets one client in at a time."""

    def __init__(self, token: str, command_line: CommandLine) -> None:
        self._token = token.encode("utf-8", "surrogatepass")
        self._command_line = command_line
        self._waiting: dict[asyncio.StreamWriter, str] = {}
        """Connections that have sent no `initialize` yet, the oldest first, and whose they are."""
        self._is_free = asyncio.Event()
        self._is_free.set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = _shown(*(writer.get_extra_info("peername") or ("?", 0))[:2])
        try:
            first = await self._admit(reader, writer, peer)
            if first is not None:
                await self._serve(reader, writer, first)
        except Exception:
            logger.exception("the session of %s ended in an error", peer)
        finally:
            writer.close()

    async def _admit(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: str
    ) -> bytes | None:
        """The `initialize` of a client that may come in, without its token; None for others, who are told."""
        # A client sends its `initialize` at once. So the newest is let wait: whoever holds connections open holds the
        # door shut to nobody.
        while len(self._waiting) >= MOST_WAITING:
            oldest = next(iter(self._waiting))
            logger.warning(
                "%s is turned away: others came, and it had sent no `initialize`", self._waiting.pop(oldest)
            )
            oldest.transport.abort()
        self._waiting[writer] = peer
        try:
            message = await asyncio.wait_for(_first_message(reader), HANDSHAKE_S)
        except (Unframed, TooLarge) as error:
            logger.warning("%s is turned away: it sent %s", peer, error)
            return None
        except TimeoutError:
            logger.warning("%s is turned away: it sent no `initialize` within %g s", peer, HANDSHAKE_S)
            return None
        except OSError:
            return None
        finally:
            self._waiting.pop(writer, None)
        if message is None:
            return None
        if not self._has_token(message):
            logger.warning("%s is turned away: its token is missing or wrong", peer)
            words = "The token is missing or wrong. Send the token that `irlens serve` shows as initializationOptions.token."
        elif not await self._enter():
            logger.warning("%s is turned away: another client is connected", peer)
            words = (
                "irlens serves one client at a time. End the other session, or start another `irlens serve`."
            )
        else:
            return json.dumps(message).encode()
        refusal = {"code": _REFUSED, "message": words}
        body = json.dumps({"jsonrpc": "2.0", "id": _id_of(message), "error": refusal}).encode()
        writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        return None

    def _has_token(self, message: dict[str, Any]) -> bool:
        """Whether it is an `initialize` with the token, which is taken out of it."""
        params = message.get("params") if message.get("method") == "initialize" else None
        options = params.get("initializationOptions") if isinstance(params, dict) else None
        token = options.pop("token", None) if isinstance(options, dict) else None
        given = token.encode("utf-8", "surrogatepass") if isinstance(token, str) else b""
        return hmac.compare_digest(given, self._token)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes) -> None:
        """One session with workers of its own, which end with it."""
        from irlens.lsp.server import create_server

        is_here = True

        def leave() -> None:
            nonlocal is_here
            if is_here:  # once: the place may be another's by the second time
                is_here = False
                self._is_free.set()

        try:
            server = create_server(command_line=self._command_line)
            server.strict = True
            server.protocol.set_writer(_Bounded(writer))
            server.closing.append(leave)  # the next client need not wait for the workers' end
            await server.run(reader, first)
        finally:
            leave()

    async def _enter(self) -> bool:
        """Take the only place; false where it is taken, and stays so for a moment: a client may just be leaving."""
        deadline = time.monotonic() + LEAVING_S
        while not self._is_free.is_set():
            try:
                await asyncio.wait_for(self._is_free.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return False
        self._is_free.clear()
        return True


async def _first_message(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    body = await next_body(reader, strict=True, largest=_LARGEST_HANDSHAKE, passes_over=False)
    if body is None:
        return None
    try:
        message = read_json(body)
    except ValueError as error:
        raise Unframed(f"a message that cannot be read ({error})") from error
    if not isinstance(message, dict):
        raise Unframed("a message that is no object")
    return message


def _id_of(message: dict[str, Any]) -> int | str | None:
    msg_id = message.get("id")
    return msg_id if isinstance(msg_id, int | str) else None


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _fail(message: str) -> int:
    print(f"irlens: {message}", file=sys.stderr)
    return 2

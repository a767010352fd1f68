"""HTTP to a model server: one request at a time, each bounded in time and size and cancelled at once (`served_watch`).

Redirects are not followed, so that neither key nor prompt goes where nobody sent them. Proxies are the environment's,
as httpx takes them, but this machine's own servers are never asked through one. The key is in the header of each
request and nowhere else: what a server sends back is searched for it before it is shown.
"""

from __future__ import annotations

import asyncio
import email.utils
import json
import random
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2

from irlens.errors import ModelUnavailable
from irlens.model.engines.served_place import KEY_VARIABLE, Address, ServerOptions
from irlens.model.engines.served_watch import TooSlow, Watch

Value = TypeVar("Value")

LARGEST_ANSWER = 16 << 20
"""Bytes of an answer that is no stream. The largest that is asked for lists the tokens of a long text."""
_SHOWN = 300
"""Characters of a server's own words in an error."""
_FIRST_RETRY_S, _BUSY_RETRY_S, _LONGEST_RETRY_S = 0.25, 1.0, 30.0
"""Before the second try, doubled for each further one: for a connection refused, and for a server that says it is busy
or still loading."""
_BUSY = (429, 503)


@dataclass
class Answer:
    """What a server said: `data` is its JSON, None where it is none; `text` the body as it came."""

    status: int
    headers: httpx2.Headers
    text: str
    data: Any


class _Busy(Exception):
    """Worth another try, or one only: nothing of an answer came. `asked_s` is how long the server asked to be left
    alone, `pause_s` the first pause where it did not."""

    def __init__(
        self,
        error: ModelUnavailable,
        pause_s: float,
        asked_s: float | None = None,
        *,
        once: bool = False,
    ) -> None:
        super().__init__(str(error))
        self.error, self.pause_s, self.asked_s, self.once = error, pause_s, asked_s, once


class Wire:
    """A connection to one server. Not to be used from two threads."""

    def __init__(self, address: Address, key: str | None, options: ServerOptions) -> None:
        self.address = address
        self._key = key
        self._options = options
        self._loop = asyncio.new_event_loop()
        headers = {"user-agent": "irlens", "accept-encoding": "identity"}
        if key:
            headers["authorization"] = f"Bearer {key}"
        try:
            self._client = httpx2.AsyncClient(
                headers=headers,
                verify=_trust(options.certificates),
                timeout=httpx2.Timeout(None, connect=options.connect_s),
                follow_redirects=False,
                trust_env=not address.loopback,
            )
        except (ImportError, ValueError, httpx2.InvalidURL) as problem:
            self._loop.close()
            raise ModelUnavailable(
                f"A proxy named in the environment cannot be used: {self.clean(str(problem))}. Correct HTTP_PROXY, "
                f"HTTPS_PROXY or ALL_PROXY, or add {address.host} to NO_PROXY."
            ) from None

    def close(self) -> None:
        """End the connections. Nothing may be asked afterwards."""
        if not self._loop.is_closed():
            self._loop.run_until_complete(self._client.aclose())
            self._loop.close()

    def run(self, work: Awaitable[Value]) -> Value:
        """Do it now, on this thread."""
        return self._loop.run_until_complete(_awaited(work))

    async def ask(self, watch: Watch, path: str, body: dict[str, Any] | None = None) -> Answer:
        """A GET, or a POST of JSON, with the retries that are allowed. Any status but those of a busy server is an
        answer. Raises `ModelUnavailable`, `Stopped`."""

        async def once() -> Answer:
            async with self._response(path, body) as response:
                return await self._read(response)

        try:
            return await watch.over(self._tried(once))
        except TooSlow:
            raise ModelUnavailable(
                f"{self.address.base} did not answer {path} in time. It is busy or hangs: try again, or look at the "
                "server's log."
            ) from None

    @asynccontextmanager
    async def stream(self, path: str, body: dict[str, Any]) -> AsyncIterator[httpx2.Response]:
        """The same for an answer that is read as it comes. Leaving the block closes its connection."""
        opened: list[Any] = []

        async def once() -> httpx2.Response:
            context = self._response(path, body)
            response = await context.__aenter__()
            opened.append(context)
            return response

        response = await self._tried(once)
        try:
            with self.named_problems():
                yield response
        finally:
            await opened[-1].__aexit__(None, None, None)

    async def _tried(self, once: Callable[[], Awaitable[Value]]) -> Value:
        for attempt in range(self._options.retries + 1):
            try:
                return await once()
            except _Busy as busy:
                asked = busy.asked_s
                if attempt == self._options.retries or (busy.once and attempt):
                    raise busy.error from None
                if asked is not None and asked > _LONGEST_RETRY_S:
                    raise ModelUnavailable(
                        f"{str(busy.error).split('. ')[0]}, and asks to be left alone for {asked:,.0f} s. "
                        "Try again then."
                    ) from None
                pause = busy.pause_s * 2**attempt if asked is None else asked
                await asyncio.sleep(pause * random.uniform(1.0, 1.5))
        raise AssertionError("the last try returns or raises")

    @asynccontextmanager
    async def _response(self, path: str, body: dict[str, Any] | None) -> AsyncIterator[httpx2.Response]:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        headers = {} if body is None else {"content-type": "application/json"}
        with self.named_problems(retriable=True):
            request = self._client.build_request(
                "GET" if body is None else "POST", self.address.base + path, content=content, headers=headers
            )
            response = await self._client.send(request, stream=True)
        try:
            self._refuse_compressed(response)
            response.encoding = "utf-8"  # whatever an answer says of itself: JSON and event streams are
            if response.status_code in _BUSY:
                answer = await self._read(response)
                raise _Busy(self.refused(answer), _BUSY_RETRY_S, _retry_after(response.headers))
            if response.is_redirect:
                raise self._redirected(response)
            yield response
        finally:
            await response.aclose()

    def _refuse_compressed(self, response: httpx2.Response) -> None:
        """It was asked for as it is. A kilobyte that is compressed three times over becomes a terabyte, and is unpacked in
        one go, in which nobody looks at a clock."""
        encodings = response.headers.get("content-encoding", "")
        if encodings.strip().lower() not in ("", "identity"):
            raise ModelUnavailable(
                f"{self.address.base} compresses what it was asked to send as it is ({self.clean(encodings)[:40]}). Have that "
                "turned off in the server, or in the proxy in front of it."
            )

    async def _read(self, response: httpx2.Response) -> Answer:
        """A whole answer, if it is not too large."""
        parts, size = [], 0
        with self.named_problems():
            async for part in response.aiter_bytes():
                size += len(part)
                if size > LARGEST_ANSWER:
                    raise ModelUnavailable(
                        f"{self.address.base} answered {response.url.path} with more than {LARGEST_ANSWER:,} bytes, "
                        "which no model server does. Check the address."
                    )
                parts.append(part)
        text = b"".join(parts).decode("utf-8", "replace")
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            data = None
        return Answer(response.status_code, response.headers, text, data)

    async def read(self, response: httpx2.Response) -> Answer:
        """The rest of a stream that turned out to be none."""
        return await self._read(response)

    def refused(self, answer: Answer) -> ModelUnavailable:
        """What is to be told of a status that is none of success."""
        base, status = self.address.base, answer.status
        said = self.said(answer)
        words = f": {said}" if said else ""
        if status in (401, 403):
            if self._key:
                return ModelUnavailable(
                    f"{base} does not accept the key ({status}){words}. Correct it in the file that "
                    f"irlens.model.keyFile (--key-file) names, or in {KEY_VARIABLE}."
                )
            return ModelUnavailable(
                f"{base} asks for a key ({status}){words}. Put it into a file and name that in irlens.model.keyFile "
                f"(--key-file), or set {KEY_VARIABLE}."
            )
        if status in (404, 405, 501):
            return ModelUnavailable(
                f"{base} has no raw completion endpoint there ({status}){words}. irlens asks /v1/completions below the "
                "address: a server that offers chat only cannot be used; if its API is below another path, put that "
                "path into the address."
            )
        if status == 413:
            return ModelUnavailable(
                f"{base} refuses requests of this size ({status}){words}. Have the limit of the server, or of the proxy "
                "in front of it, raised; or choose a smaller function."
            )
        if status == 407:
            return ModelUnavailable(
                f"The proxy on the way to {base} asks for a password ({status}). Correct HTTP_PROXY or HTTPS_PROXY, or "
                f"add {self.address.host} to NO_PROXY."
            )
        if status in _BUSY:
            what = "is loading or overloaded" if status == 503 else "has too many requests"
            return ModelUnavailable(f"{base} {what} ({status}){words}. Try again in a while.")
        if status >= 500:
            return ModelUnavailable(
                f"{base} failed ({status}){words}. Try again; if it stays so, look at the server's log."
            )
        return ModelUnavailable(
            f"{base} refused the request ({status}){words}. Check the address and the model's name there."
        )

    def said(self, answer: Answer) -> str:
        """The server's own words, short and safe to show; "" for a page meant for a browser."""
        found = error_of(answer.data)
        if found:
            return self.clean(found)
        if answer.text.lstrip()[:1] == "<":
            return "a web page came back"
        return self.clean(answer.text) if answer.data is None else ""

    def clean(self, text: str) -> str:
        """One short line of `text`, without the key. It ends without a full stop."""
        if self._key:
            text = text.replace(self._key, "(the key)")
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
        return line.rstrip(". ") if len(line) <= _SHOWN else line[:_SHOWN] + " (cut short)"

    def _redirected(self, response: httpx2.Response) -> ModelUnavailable:
        to = self.clean(response.headers.get("location", "").split("?")[0]) or "somewhere else"
        return ModelUnavailable(
            f"{self.address.base} redirects ({response.status_code}) to {to}. Redirects are not followed, as the key "
            "and the prompt would go there: give the right address as the model's name."
        )

    def named_problems(self, *, retriable: bool = False) -> _Named:
        return _Named(self, retriable)

    def named(self, problem: Exception, retriable: bool) -> Exception:
        """What went wrong below HTTP, in words."""
        base, causes = self.address.base, list(_causes(problem))

        def any_is(*kinds: type[BaseException]) -> BaseException | None:
            return next((cause for cause in causes if isinstance(cause, kinds)), None)

        unknown = any_is(ssl.SSLCertVerificationError)
        if unknown is not None:
            why = getattr(unknown, "verify_message", "") or "its certificate is not trusted"
            return ModelUnavailable(
                f"{base} is not trusted: {self.clean(why)}. Check the address; if it is right, "
                "name a file with the authority's certificate (PEM) in SSL_CERT_FILE."
            )
        if any_is(ssl.SSLError):
            return ModelUnavailable(
                f"{base} does not answer as an https server does. Try http:// in its address, or check the port."
            )
        if isinstance(problem, httpx2.ProxyError):
            return ModelUnavailable(
                f"The proxy on the way to {base} refused: {self.clean(str(problem))}. Correct HTTP_PROXY or HTTPS_PROXY, "
                f"or add {self.address.host} to NO_PROXY."
            )
        if any_is(socket.gaierror):
            return ModelUnavailable(
                f"No machine is known by the name {self.address.host}. Check the address and the network."
            )
        if isinstance(problem, httpx2.ConnectTimeout):
            return ModelUnavailable(
                f"{base} cannot be reached: no connection within {self._options.connect_s:g} s. Check the address, the "
                "network and the firewall."
            )
        if isinstance(problem, httpx2.ConnectError):
            if any_is(ConnectionRefusedError):
                error = ModelUnavailable(
                    f"Nothing listens at {base}. Start the server, or check host and port."
                )
                return _Busy(error, _FIRST_RETRY_S) if retriable else error
            return ModelUnavailable(
                f"{base} cannot be reached: {self.clean(str(problem))}. Check the address and the network."
            )
        if isinstance(problem, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
            return ModelUnavailable(
                f"{base} is not an address that can be asked: {self.clean(str(problem))}. Correct it."
            )
        if retriable:
            # A server that restarted closed its end of a connection that was kept open for the next request.
            error = ModelUnavailable(
                f"{base} closed the connection without an answer. If it is an https server, write https:// in its "
                "address; else look at the server's log."
            )
            return _Busy(error, _FIRST_RETRY_S, once=True)
        return ModelUnavailable(
            f"The connection to {base} broke in the middle of an answer. The server may have stopped: try again, and "
            "look at its log if it stays so."
        )


@dataclass
class _Named:
    """Turns what the library raises in the block into what the user is told."""

    wire: Wire
    retriable: bool

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, problem: BaseException | None, trace: Any) -> None:
        if isinstance(problem, httpx2.HTTPError | httpx2.InvalidURL | httpx2.StreamError | OSError):
            raise self.wire.named(problem, self.retriable) from None


async def _awaited(work: Awaitable[Value]) -> Value:
    return await work


def error_of(data: Any) -> str:
    """The message in an error of any of the servers' forms; "" where there is none."""
    for _ in range(3):
        if not isinstance(data, dict):
            break
        data = next((data[key] for key in ("error", "message", "detail") if data.get(key)), None)
    if isinstance(data, list) and data and isinstance(data[0], dict):
        data = data[0].get("msg")
    return data if isinstance(data, str) else ""


def _trust(certificates: str | None) -> ssl.SSLContext:
    if not certificates:
        return httpx2.create_ssl_context(trust_env=True)
    try:
        return ssl.create_default_context(cafile=certificates)
    except (OSError, ssl.SSLError) as problem:
        why = getattr(problem, "strerror", None) or "it is no PEM file"
        raise ModelUnavailable(
            f"The certificates in {certificates} cannot be used: {why}. Name a file of PEM certificates."
        ) from None


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds, of either form the header has; None where it has none that can be read."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _causes(problem: BaseException) -> Iterator[BaseException]:
    todo, seen = [problem], set()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [next_one for next_one in (one.__cause__, one.__context__) if next_one is not None]
        if isinstance(one, BaseExceptionGroup):
            todo += one.exceptions

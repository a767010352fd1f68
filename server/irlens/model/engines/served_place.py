"""Where a served model is and what it takes to ask it: the address, the key, the time-outs.

No network and no library here.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from irlens.errors import ModelUnavailable
from irlens.files import read_regular

KEY_VARIABLE = "IRLENS_MODEL_KEY"
_LONGEST_KEY = 4096
_LARGEST_KEY_FILE = 1 << 20
_CHAT = ("/chat/completions", "/api/chat", "/api/generate", "/chat")
_OUR_ENDS = ("/v1/completions", "/completions", "/v1/models", "/v1")


@dataclass(frozen=True)
class ServerOptions:
    """How to ask a server. Times are in seconds.

    `model` is the name there, needed only where the server has several. `key_file` holds the key in its first line;
    without it the environment's IRLENS_MODEL_KEY is taken, if it is set. `context` (tokens) is believed where the
    server does not tell its own, else it only makes that smaller. `first_s` is how long the first piece of a reply may
    take, the evaluation of the prompt and the wait for others among it; `between_s` how long each further piece may.
    `retries` are made only while nothing of the reply has arrived. `certificates` is a PEM file of authorities to
    trust instead of the system's."""

    model: str | None = None
    key_file: str | None = None
    context: int | None = None
    connect_s: float = 10.0
    first_s: float = 600.0
    between_s: float = 60.0
    answer_s: float = 60.0
    retries: int = 3
    certificates: str | None = None


@dataclass(frozen=True)
class Address:
    """A server's address without what stands behind its prefix: requests go to `base` + "/v1/completions". `model` is
    what was written behind a "#": the model's name there."""

    base: str
    host: str
    encrypted: bool
    model: str | None = None

    @property
    def loopback(self) -> bool:
        """This machine, which no proxy is asked for."""
        name = self.host.rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            number = ipaddress.ip_address(name)
        except ValueError:
            return False
        return number.is_loopback or number.is_unspecified

    @property
    def place(self) -> str:
        """For the user: host and port, and whether others on the way can read along."""
        where = self.base.split("://", 1)[1]
        return where if self.encrypted or self.loopback else f"{where}, not encrypted"


def read_address(given: str) -> Address:
    """The address as a user writes it, with or without the API's own path. Raises `ModelUnavailable`."""
    text = given.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _unusable(text, "it is not an address") from None
    if parts.username is not None or parts.password is not None:
        # What is part of an address ends up in logs, titles and error texts.
        raise ModelUnavailable(
            f"The address of {host} holds a user name or a password, which would be shown wherever the address is. "
            f"Leave them out, and give a key in a file (irlens.model.keyFile, or --key-file) or in {KEY_VARIABLE}."
        )
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise _unusable(text, "it is not an http address")
    if parts.query:
        raise _unusable(text, 'it goes on after its path, with a "?"')
    if any(letter.isspace() or not letter.isprintable() for letter in text):
        raise _unusable(text, "it holds spaces or characters that cannot be printed")
    path = parts.path.rstrip("/")
    lower = path.lower()
    if lower.endswith(_CHAT):
        raise ModelUnavailable(
            f"{text} is a chat endpoint: it wraps every prompt in a chat template, and LLM Compiler then only repeats "
            "its input. Give the address without that path: the server is asked at its raw /v1/completions."
        )
    for end in _OUR_ENDS:
        if lower.endswith(end):
            path = path[: -len(end)].rstrip("/")
            break
    scheme = parts.scheme.lower()
    shown = f"[{host}]" if ":" in host else host
    base = f"{scheme}://{shown}{'' if port is None else f':{port}'}{path}"
    return Address(base, host, scheme == "https", unquote(parts.fragment) or None)


def read_key(key_file: str | None) -> str | None:
    """The key from the file's first line, else from the environment; None where there is none. It appears in no error.
    Raises `ModelUnavailable`."""
    if key_file:
        try:
            text = read_regular(key_file, _LARGEST_KEY_FILE).decode("utf-8")
            key = text.split("\n", 1)[0][: _LONGEST_KEY + 1].strip()
        except (OSError, UnicodeDecodeError) as problem:
            why = "it is not text" if isinstance(problem, UnicodeDecodeError) else problem.strerror
            raise ModelUnavailable(
                f"The server's key cannot be read from {key_file}: {why}. Put the key into the first line of that "
                "file, or name the right one in irlens.model.keyFile (--key-file)."
            ) from None
        if not key:
            raise ModelUnavailable(
                f"{key_file} has no key in its first line. Put the server's key there, and nothing else."
            )
        where = key_file
    else:
        key, where = os.environ.get(KEY_VARIABLE, "").strip(), KEY_VARIABLE
        if not key:
            return None
    if len(key) > _LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise ModelUnavailable(
            f"What {where} holds is not a key: keys are printable ASCII without spaces, of at most {_LONGEST_KEY:,} "
            "characters. Put the key alone there."
        )
    return key


def _unusable(text: str, why: str) -> ModelUnavailable:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:200])
    return ModelUnavailable(
        f"{shown!r} cannot be used as a server's address: {why}. Write http://HOST:PORT or https://HOST/PREFIX, with #MODEL "
        "behind it where the server has several."
    )

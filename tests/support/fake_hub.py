"""A hub on loopback that speaks what huggingface_hub asks of the real one to download a file.

As there, the hub itself only redirects: the bytes come from another host (here another port, under the name
`localhost`), which must never see the user's token. It writes down every request, and on demand cuts the connection,
stops in the middle, damages, shortens, refuses or forgets files.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
_PIECE = 64 << 10


@dataclass(frozen=True)
class Request:
    """One request. `start` is the first byte asked for, `end` how far the answer went, both counted in the file."""

    method: str
    path: str
    start: int = 0
    end: int = 0
    authorization: str | None = None
    agent: str = ""


@dataclass
class Hub:
    """What there is, what goes wrong, and what was asked.

    `cut_at`: where in the file the connections of the next answers are cut, one after the other. `stop_at`: an answer
    stops there until `go` is set, after setting `stopped`. `sends` replaces a file's bytes (the hub promises those of
    `files`). `declared` replaces the size it promises. `refuse` is (status, error code) for the files of a repository,
    unless the token is `token`. `busy`: the hub answers 503. `no_ranges`: files are only sent whole.
    """

    files: dict[tuple[str, str], bytes]
    address: str = ""
    storage: str = ""
    cut_at: list[int] = field(default_factory=list)
    stop_at: int | None = None
    sends: bytes | None = None
    declared: int | None = None
    refuse: tuple[int, str] | None = None
    token: str | None = None
    no_hash: bool = False
    no_ranges: bool = False
    busy: bool = False
    requests: list[Request] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    @property
    def sent(self) -> list[tuple[int, int]]:
        """From where to where each answer of the storage went."""
        return [(one.start, one.end) for one in self.requests if one.path.startswith("/storage/")]


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve until the block ends; sets the addresses."""
    servers = []
    try:
        for port_of, host in (("address", "127.0.0.1"), ("storage", "localhost")):
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
            server.daemon_threads = True
            servers.append(server)
            setattr(hub, port_of, f"http://{host}:{server.server_address[1]}")
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield hub
    finally:
        hub.go.set()
        for server in servers:
            server.shutdown()
            server.server_close()


@cache
def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: Any) -> None:
            return

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever asked was killed
                super().handle()

        def do_HEAD(self) -> None:
            self._resolve()

        def do_GET(self) -> None:
            if self.path.startswith("/storage/"):
                self._storage()
            elif self.path.startswith("/api/models/"):
                self._list()
            else:
                self._resolve()

        def _note(self, start: int = 0, end: int = 0) -> None:
            agent = self.headers.get("User-Agent", "")
            hub.requests.append(
                Request(self.command, self.path, start, end, self.headers.get("Authorization"), agent)
            )

        def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _refused(self, repository: str) -> bool:
            if hub.busy:
                self._answer(503)
            elif not any(name == repository for name, _ in hub.files):
                # As the real one: who is not logged in is not told whether it is private or not there.
                self._answer(401, X_Error_Code="RepoNotFound", X_Error_Message="Repository not found")
            elif hub.refuse and (
                hub.token is None or self.headers.get("Authorization") != f"Bearer {hub.token}"
            ):
                status, code = hub.refuse
                self._answer(status, X_Error_Code=code, X_Error_Message="no")
            else:
                return False
            return True

        def _list(self) -> None:
            self._note()
            found = re.fullmatch(r"/api/models/([^/]+/[^/?]+)(?:/revision/[^?]*)?(?:\?.*)?", self.path)
            if not found:
                self._answer(404)
            elif not self._refused(found[1]):
                siblings = [{"rfilename": file} for name, file in hub.files if name == found[1]]
                body = {"id": found[1], "sha": COMMIT, "siblings": siblings}
                self._answer(200, json.dumps(body).encode(), Content_Type="application/json")

        def _resolve(self) -> None:
            self._note()
            found = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", self.path)
            if not found:
                self._answer(404)
                return
            repository, revision, file = found.groups()
            if self._refused(repository):
                return
            content = hub.files.get((repository, file))
            if content is None or revision not in ("main", COMMIT):
                self._answer(404, X_Error_Code="EntryNotFound" if content is None else "RevisionNotFound")
                return
            headers = {
                "X_Repo_Commit": COMMIT,
                "ETag": '"0123456789"',
                "X_Linked_Size": str(hub.declared or len(content)),
                "Location": f"{hub.storage}/storage/{repository}/{file}?signature=secret",
            }
            if not hub.no_hash:
                headers["X_Linked_Etag"] = f'"{_sha256(content)}"'
            self._answer(302, **headers)

        def _storage(self) -> None:
            owner, name, file = self.path.removeprefix("/storage/").split("?")[0].split("/", 2)
            content = hub.sends if hub.sends is not None else hub.files[f"{owner}/{name}", file]
            start = 0
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", "" if hub.no_ranges else self.headers.get("Range", ""))
            if asked:
                start = int(asked[1])
                if start >= len(content):
                    self._note(start, start)
                    self._answer(416, Content_Range=f"bytes */{len(content)}")
                    return
            self.send_response(206 if asked else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.send_header("Accept-Ranges", "bytes")
            if asked:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.end_headers()
            cut = hub.cut_at.pop(0) if hub.cut_at else len(content)
            at = start
            try:
                while at < cut:
                    upto = min(at + _PIECE, cut)
                    if hub.stop_at is not None and at < hub.stop_at <= upto:
                        upto = hub.stop_at
                    self.wfile.write(content[at:upto])
                    at = upto
                    if at == hub.stop_at:
                        hub.stopped.set()
                        hub.go.wait()
            except OSError:
                pass
            self._note(start, at)
            if at < len(content):
                self.close_connection = True

    return Handler


@contextmanager
def for_the_user(hub: Hub, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Serve the hub to whoever runs in this environment: its address, a data folder of its own below `folder`, and
    nothing of the real user's."""
    patch.setenv("IRLENS_DATA_HOME", str(folder / "data"))
    patch.setenv("HF_HOME", str(folder / "hf"))
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "HF_TOKEN_PATH", "HUGGING_FACE_HUB_TOKEN"):
        patch.delenv(name, raising=False)
    with serving(hub):
        patch.setenv("HF_ENDPOINT", hub.address)
        yield hub

"""The child process that downloads one model: `python -m irlens.model.pull_worker`.

It reads one job, a JSON line on fd 0, and tells on what was fd 1 how it goes on, a JSON line each:
{"waiting": true}, {"begins": {"file", "total", "have"}}, {"have": bytes}, {"checking": true}, and at last
{"done": {...}} or {"error": {"kind", ...}}. It ends when fd 0 does, so never outlives its parent; it may be killed at
any moment, and the same job then goes on where it stood.

huggingface_hub finds the file, sends the user's own token and retries. Its own download to a folder begins anew in
every process (version 2.4 gives the partial file a new random name and deletes it on failure), so the partial file is
ours: it is named by the SHA-256 that it must come to, and the library's `http_get` is asked for the rest of it.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from filelock import FileLock, Timeout
from huggingface_hub import HfApi, constants, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers

from irlens import __version__
from irlens.errors import ModelUnavailable
from irlens.model import catalogue, store

MARGIN_BYTES = 64 << 20
"""Room that must stay on the disk beside the model."""
_CHUNK_BYTES = 1 << 20
"""What is lost at most when the process is killed; the library's own 10 MiB also make a slow download look stuck."""
_APART_S = 0.1
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

ALIVE_EVERY_S = 5.0
"""Seconds between signs of life; the parent gives up a worker that gives none for much longer."""


class Failed(Exception):
    """`kind` is one of `irlens.model.pull.Kind`; the fields are what its message tells."""

    def __init__(self, kind: str, **fields: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.fields = fields


class Pull:
    """One job. `tell` sends an event to the parent."""

    def __init__(self, job: dict[str, Any], answers: BinaryIO) -> None:
        self._name, self._quantisation = job["name"], job["quantisation"]
        self._repository, self._file = job["repository"], job["file"]
        self.folder = store.folder_of(self._name, self._quantisation)
        self._answers = answers
        self._telling = threading.Lock()
        self._told = 0.0

    def tell(self, **event: Any) -> None:
        data = json.dumps(event).encode() + b"\n"
        try:
            with self._telling:
                while data:
                    data = data[self._answers.write(data) :]
        except BrokenPipeError:
            os._exit(0)

    def tell_that_it_lives(self) -> None:
        """From now on, now and then, whatever the network does. Never returns."""
        never = threading.Event()
        while not never.wait(ALIVE_EVERY_S):
            self.tell(alive=True)

    def run(self) -> None:
        lock = store.lock_of(self._name, self._quantisation)
        with self._turn(lock):
            there = store.find(self._name, self._quantisation)
            if there is not None:
                self.tell(done={"already": True, "resumed": 0})
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            self._pull()

    def _turn(self, lock: FileLock) -> FileLock:
        """Held by this process, so that it stays held while this process writes, whatever becomes of the parent."""
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self.tell(waiting=True)
            lock.acquire(poll_interval=0.1)
        return lock

    def _pull(self) -> None:
        file = self._file or self._find_file()
        # Asked first of all: who may not have the file is told so here, and what it must come to is known.
        found = get_hf_file_metadata(
            hf_hub_url(self._repository, file), library_name="irlens", library_version=__version__
        )
        sha256, revision = (found.etag or "").lower(), found.commit_hash
        if not _SHA256.fullmatch(sha256) or found.size is None or revision is None:
            raise Failed("unverifiable", file=file)
        final, partial = self.folder / Path(file).name, self.folder / f"{sha256}{store.PARTIAL}"
        if partial.is_symlink() or (partial.exists() and not partial.is_file()):
            partial.unlink()  # it is none of ours: what is downloaded would go where it leads
        if not partial.exists() and final.exists() and final.stat().st_size == found.size:
            # Killed between giving it its name and writing the manifest: it only needs to be checked again.
            os.replace(final, partial)
        with open(partial, "r+b" if partial.exists() else "w+b", buffering=0) as out:
            have = out.seek(0, io.SEEK_END)
            if have > found.size:
                have = out.truncate(0)
                out.seek(0)
            self.check_room(found.size - have)
            self.tell(begins={"file": file, "total": found.size, "have": have})
            # The commit that was asked about, not whatever `main` is by now.
            url = hf_hub_url(self._repository, file, revision=revision)
            try:
                if self._fetch(url, out, found.size):
                    have = 0
            except _TooMuch as more:
                partial.unlink()
                raise Failed("too-much", file=file, total=found.size) from more
            os.fsync(out.fileno())
            size = out.seek(0, io.SEEK_END)
        if size != found.size:
            raise Failed("truncated", file=file, have=size, total=found.size)
        self.tell(checking=True)
        with open(partial, "rb") as check:
            is_sha256 = hashlib.file_digest(check, "sha256").hexdigest()
        if is_sha256 != sha256:
            partial.unlink()
            raise Failed("corrupt", file=file, expected=sha256, found=is_sha256)
        os.replace(partial, final)
        store.keep(
            store.Pulled(
                self._name,
                self._quantisation,
                final,
                size,
                sha256,
                self._repository,
                revision,
                date.today().isoformat(),
            )
        )
        for other in self.folder.glob(f"*{store.PARTIAL}"):
            other.unlink()
        self.tell(done={"already": False, "resumed": have})

    def _find_file(self) -> str:
        """The repository's file of that quantisation, where the catalogue does not name it."""
        siblings = (
            HfApi(library_name="irlens", library_version=__version__).model_info(self._repository).siblings
        )
        names = sorted(one.rfilename for one in siblings or () if one.rfilename.lower().endswith(".gguf"))
        kinds = {name: catalogue.quantisation_in(name) for name in names}
        for name, kind in kinds.items():
            if kind == self._quantisation:
                return name
        there = sorted({kind for kind in kinds.values() if kind})
        raise Failed("no-quantisation", there=there)

    def check_room(self, needed: int) -> None:
        """Raise `Failed` where the disk cannot take so many bytes more."""
        free = shutil.disk_usage(self.folder).free
        if needed and free < needed + MARGIN_BYTES:
            raise Failed("no-room", needed=needed, free=free)

    def _fetch(self, url: str, out: BinaryIO, total: int) -> bool:
        """The rest of the file; whether it had to be sent from its beginning. The library goes on by itself after most
        interruptions, but not after all: here as long as each attempt brings something."""
        headers = build_hf_headers(library_name="irlens", library_version=__version__)
        headers["Accept-Encoding"] = "identity"
        counting = _Counting(out, total, self._progress)
        while True:
            before = out.seek(0, io.SEEK_END)
            try:
                http_get(
                    url,
                    counting,  # type: ignore[arg-type]
                    resume_size=before,
                    headers=headers,
                    expected_size=total,
                )
                break
            except HfHubHTTPError:
                raise
            except OSError as problem:
                if problem.errno is not None:
                    raise
                break  # the library's own check of the size; the sizes are compared above, with more to say
            except Exception as problem:
                if not _is_network(problem) or out.seek(0, io.SEEK_END) <= before:
                    raise
        return counting.begun_anew

    def _progress(self, have: int) -> None:
        now = time.monotonic()
        if now >= self._told + _APART_S:
            self._told = now
            self.tell(have=have)


class _TooMuch(Exception):
    """The server sends more than the file has."""


class _Counting:
    """What `http_get` needs of a file, telling after each write how long the file is. No write takes it past `total` bytes:
    the library compares sizes when all has come, and from a server that never ends the disk would be full by then. Raises
    `_TooMuch` instead."""

    def __init__(self, file: BinaryIO, total: int, told: Any) -> None:
        self._file = file
        self._total = total
        self._told = told
        self.begun_anew = False
        """The server does not send parts of files."""

    def write(self, data: bytes) -> int:
        if self._file.tell() + len(data) > self._total:
            raise _TooMuch
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._told(self._file.tell())
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def truncate(self, size: int | None = None) -> int:
        self.begun_anew = True
        return self._file.truncate(size)


def reason_of(problem: Exception) -> dict[str, Any]:
    """What went wrong as kind and fields. No text of the library's: it may hold signed addresses."""
    match problem:
        case Failed():
            return {"kind": problem.kind, **problem.fields}
        case ModelUnavailable():
            return {"kind": "own", "message": str(problem)}
        case GatedRepoError():
            return {"kind": "login" if problem.response.status_code == 401 else "gated"}
        case RepositoryNotFoundError() | RevisionNotFoundError() | HFValidationError():
            return {"kind": "no-repository"}
        case EntryNotFoundError():
            return {"kind": "no-file"}
        case OfflineModeIsEnabled():
            return {"kind": "offline"}
        case HfHubHTTPError():
            status = problem.response.status_code
            kind = {401: "login", 403: "gated", 404: "no-file", 429: "busy"}.get(status, "hub")
            return {"kind": kind, "status": status}
        case OSError() if problem.errno in _NO_ROOM:
            return {"kind": "disk-full"}
        case OSError() if problem.errno is not None:
            return {"kind": "folder", "why": problem.strerror}
        case _ if _is_network(problem):
            return {"kind": "unreachable", "why": type(problem).__name__}
        case _:
            return {"kind": "unexpected", "why": f"{type(problem).__name__} in huggingface_hub"}


def _is_network(problem: Exception) -> bool:
    """By the module's name: which HTTP library huggingface_hub uses is its own affair, and has changed before."""
    return any(
        base.__name__ == "TransportError" and base.__module__.split(".")[0] in ("httpx", "httpx2")
        for base in type(problem).__mro__
    )


def _end_with_parent(requests: BinaryIO) -> NoReturn:
    while requests.read(1 << 10):
        continue
    os._exit(0)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGXFSZ"):
        signal.signal(
            signal.SIGXFSZ, signal.SIG_IGN
        )  # a file grown beyond a limit is an error that can be told
    requests, answers = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    line = b""
    while not line.endswith(b"\n"):
        byte = requests.read(1)
        if not byte:
            return
        line += byte
    threading.Thread(target=_end_with_parent, args=(requests,), daemon=True).start()
    constants.DOWNLOAD_CHUNK_SIZE = _CHUNK_BYTES
    pull = Pull(json.loads(line), answers)
    threading.Thread(target=pull.tell_that_it_lives, daemon=True).start()
    try:
        pull.run()
    except Exception as problem:
        pull.tell(error=reason_of(problem))


if __name__ == "__main__":
    main()

"""Pulling a model of the catalogue, as the shells see it: plan what to fetch, then have a child process fetch it.

The child (`pull_worker`) downloads, checks and records; here it is started, watched and ended, and what went wrong
becomes an error that ends in what to do. Nothing of huggingface_hub is imported in this process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable
from irlens.escape import shell_word
from irlens.model import catalogue, store
from irlens.model.catalogue import DEFAULT_QUANTISATION, Entry
from irlens.model.store import Pulled

Kind = Literal[
    "licence", "offline", "login", "gated", "no-repository", "no-file", "no-quantisation", "unverifiable",
    "truncated", "too-much", "corrupt", "no-room", "disk-full", "folder", "busy", "hub", "unreachable", "stopped", "unexpected",
    "own",
]  # fmt: skip
"""no-room: found before the download; disk-full: in the middle of it. hub: it answered with an error of its own."""

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
HANG_S = 60.0
"""Silence after which the child is given up: it says every few seconds that it lives, whatever the network does."""
_TRUE = ("1", "ON", "YES", "TRUE")


class PullFailed(ModelUnavailable):
    """The model was not pulled; `kind` says why, the text also what to do."""

    def __init__(self, message: str, kind: Kind) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Plan:
    """What is to be fetched. `file` None: the repository is asked which of its files it is. `gigabytes` None: not
    known before."""

    model: Entry
    quantisation: str
    repository: str
    file: str | None
    gigabytes: float | None

    @property
    def label(self) -> str:
        return f"{self.model.name}:{self.quantisation}"

    @property
    def command(self) -> str:
        preferred = self.model.quantisations.get(self.quantisation)
        given = preferred is not None and preferred.repository == self.repository
        return f"irlens model pull {self.label}" + ("" if given else f" --from {shell_word(self.repository)}")


@dataclass(frozen=True)
class Progress:
    """waiting: for another pull of the same model. `done` and `total` are bytes of the file, what an earlier pull
    brought included; `bytes_per_second` is of this one, None before it can be told."""

    stage: Literal["waiting", "downloading", "checking"]
    done: int = 0
    total: int = 0
    bytes_per_second: float | None = None


@dataclass(frozen=True)
class Outcome:
    """`already`: it was there, or another pull brought it. `resumed`: bytes that an earlier pull had brought."""

    model: Pulled
    already: bool
    resumed: int
    seconds: float


def plan(name: str, repository: str | None = None) -> Plan:
    """What `NAME[:QUANTISATION]` means. Raises `ModelUnavailable` for what the catalogue does not have."""
    given, quantisation = catalogue.split_name(name)
    model = catalogue.entry(given)
    quantisation = quantisation or DEFAULT_QUANTISATION
    if repository is not None:
        if repository.count("/") != 1 or not all(repository.split("/")):
            raise ModelUnavailable(f"{repository!r} is not a repository. Give it as OWNER/NAME.")
        for file in model.files:
            if (file.repository, file.quantisation) == (repository, quantisation):
                return Plan(model, quantisation, repository, file.name, file.gigabytes)
        return Plan(model, quantisation, repository, None, None)
    found = model.quantisations.get(quantisation)
    if found is None:
        raise ModelUnavailable(
            f"The catalogue has no {quantisation} of {model.name}; it has {', '.join(model.quantisations)}. "
            f"Give one of those, or a repository that has it with --from OWNER/NAME."
        )
    return Plan(model, quantisation, found.repository, found.name, found.gigabytes)


def is_offline() -> bool:
    """Whether the hub's own switch says that nothing is to be fetched."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in _TRUE


def pull(
    wanted: Plan,
    *,
    offline: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> Outcome:
    """Have the model here, checked. `on_progress` is called on this thread, about ten times a second at most.

    Raises `PullFailed`, and `Cancelled`; what was downloaded by then is kept, and the next pull goes on there.
    """
    there = store.find(wanted.model.name, wanted.quantisation)
    if there is not None:
        return Outcome(there, True, 0, 0.0)
    if offline or is_offline():
        raise PullFailed(_message(wanted, "offline", {}), "offline")
    if not store.accepted(wanted.model.licence.key):
        raise PullFailed(_message(wanted, "licence", {}), "licence")
    began = time.monotonic()
    ended = _Run(wanted, on_progress or (lambda progress: None)).until_ended(cancel)
    found = store.find(wanted.model.name, wanted.quantisation)
    if found is None:
        raise PullFailed(_message(wanted, "stopped", {"why": "it left no file"}), "stopped")
    return Outcome(found, ended["already"], ended["resumed"], time.monotonic() - began)


class _Run:
    """One child, from its start to its end."""

    def __init__(self, wanted: Plan, on_progress: Callable[[Progress], None]) -> None:
        self._wanted = wanted
        self._on_progress = on_progress
        self._total = self._at_first = 0
        self._began = 0.0
        self._heard = 0.0
        self._hangs = False

    def until_ended(self, cancel: CancelToken | None) -> dict[str, Any]:
        if cancel is not None:
            cancel.check()
        # A file: a pipe that nobody empties would stop a child that prints much.
        with tempfile.TemporaryFile() as printed:
            child = self._start(printed)
            forget = cancel.on_cancel(child.kill) if cancel is not None else lambda: None
            over = threading.Event()
            self._heard = time.monotonic()
            threading.Thread(target=self._give_up, args=(child, over), daemon=True).start()
            try:
                return self._watch(child, printed, cancel)
            finally:
                over.set()
                forget()
                child.kill()
                child.wait()
                for pipe in (child.stdin, child.stdout):
                    try:
                        if pipe is not None:
                            pipe.close()
                    except OSError:
                        continue

    def _give_up(self, child: subprocess.Popen[bytes], over: threading.Event) -> None:
        """Kill a child that gives no sign of life: one that is stopped would be waited for for ever."""
        while not over.wait(min(HANG_S / 4, 5.0)):
            if time.monotonic() - self._heard >= HANG_S:
                self._hangs = True
                child.kill()
                return

    def _start(self, printed: Any) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                # -P: the working directory may be a stranger's checkout; nothing in it may pass for a module.
                [sys.executable, "-P", "-m", "irlens.model.pull_worker"],
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=printed,
            )
        except OSError as problem:
            raise self._failed("stopped", {"why": problem.strerror}) from problem

    def _watch(
        self, child: subprocess.Popen[bytes], printed: Any, cancel: CancelToken | None
    ) -> dict[str, Any]:
        assert child.stdin is not None
        assert child.stdout is not None
        job = {
            "name": self._wanted.model.name,
            "quantisation": self._wanted.quantisation,
            "repository": self._wanted.repository,
            "file": self._wanted.file,
        }
        try:
            child.stdin.write(json.dumps(job).encode() + b"\n")
            child.stdin.flush()
        except OSError:
            pass  # it ended already; how, is told below
        for line in child.stdout:
            if not line.endswith(b"\n"):
                break
            self._heard = time.monotonic()
            event = json.loads(line)
            if "done" in event:
                return event["done"]
            if "error" in event:
                raise self._failed(event["error"]["kind"], event["error"])
            self._tell(event)
        if cancel is not None and cancel.cancelled:
            raise Cancelled
        how = (
            f"its process gave no sign of life for {HANG_S:g} s"
            if self._hangs
            else _how_it_ended(child.wait(), printed)
        )
        raise self._failed("stopped", {"why": how})

    def _tell(self, event: dict[str, Any]) -> None:
        if event.get("waiting"):
            self._on_progress(Progress("waiting"))
        elif event.get("checking"):
            self._on_progress(Progress("checking", self._total, self._total))
        elif "begins" in event:
            self._total, self._at_first = event["begins"]["total"], event["begins"]["have"]
            self._began = time.monotonic()
            self._on_progress(Progress("downloading", self._at_first, self._total))
        elif "have" in event:
            have, seconds = event["have"], time.monotonic() - self._began
            speed = (have - self._at_first) / seconds if seconds > 0 and have > self._at_first else None
            self._on_progress(Progress("downloading", have, self._total, speed))

    def _failed(self, kind: Kind, fields: dict[str, Any]) -> PullFailed:
        return PullFailed(_message(self._wanted, kind, fields), kind)


def size_text(count: float) -> str:
    """Bytes as people read them, in units of ten: `4.08 GB`, `25.3 MB`, `512 kB`, `12 bytes`."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:,.3g} {unit}" if count < 1000 * size else f"{count / size:,.0f} {unit}"
    return f"{count:,.0f} bytes"


def _message(wanted: Plan, kind: Kind, fields: dict[str, Any]) -> str:
    label, repository, command = wanted.label, wanted.repository, wanted.command
    file = fields.get("file") or wanted.file or label
    hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    others = [one for one in wanted.model.repositories if one != repository]
    elsewhere = f"another repository with --from (known: {', '.join(others)})"
    match kind:
        case "own":
            return fields["message"]
        case "licence":
            return (
                f"{wanted.model.title} comes under the {wanted.model.licence.title}, which was not accepted yet. Read it "
                f"at {wanted.model.licence.where}, then run: {command} --accept-licence"
            )
        case "offline":
            return (
                f"{label} is not here, and offline nothing is fetched. Run `{command}` without --offline and with "
                "HF_HUB_OFFLINE unset, or copy the file here and run: irlens model use PATH"
            )
        case "login":
            return (
                f"The hub lets only users with a valid token have {file} of {repository}. Ask for access at "
                f"{hub}/{repository}, log in with `hf auth login` or set HF_TOKEN, and run `{command}` again."
            )
        case "gated":
            return (
                f"The hub refused {file} of {repository}: your account has no access to it. Accept its conditions at "
                f"{hub}/{repository}, see that the token may read it, and run `{command}` again."
            )
        case "no-repository":
            return (
                f"There is no repository {repository} on {hub}, or it is private. Try {elsewhere}; for a private one "
                "log in with `hf auth login` or set HF_TOKEN."
            )
        case "no-file":
            return f"{repository} has no file {file} any more. Try {elsewhere}."
        case "no-quantisation":
            there = ", ".join(fields["there"]) or "no GGUF file that names its quantisation"
            return f"{repository} has no {wanted.quantisation}; it has {there}. Give NAME:QUANTISATION with another."
        case "unverifiable":
            return (
                f"The hub at {hub} gives no SHA-256 for {file}, so it could not be checked and was not downloaded. See "
                "that HF_ENDPOINT is a hub, or download the file yourself and run: irlens model use PATH"
            )
        case "truncated":
            return (
                f"The download of {file} ended at {fields['have']:,} of {fields['total']:,} bytes. What came is kept: run "
                f"`{command}` again to go on."
            )
        case "too-much":
            return (
                f"The server sends more of {file} than the {fields['total']:,} bytes that the hub at {hub} says it has. "
                f"What came is deleted. Run `{command}` again; if it stays so, try {elsewhere}."
            )
        case "corrupt":
            return (
                f"{file} was damaged on its way and is deleted: its SHA-256 is {fields['found']}, the hub says "
                f"{fields['expected']}. Run `{command}` again; if it stays so, try {elsewhere}."
            )
        case "no-room":
            return (
                f"{label} needs {size_text(fields['needed'])} more and the disk of {store.folder_of(*_key(wanted))} has "
                f"{size_text(fields['free'])} free. Make room, take a smaller quantisation, or name a folder on another "
                "disk in IRLENS_DATA_HOME."
            )
        case "disk-full":
            return (
                f"The disk of {store.folder_of(*_key(wanted))} is full, or a limit on file sizes is reached. What came is "
                f"kept: make room and run `{command}` again to go on."
            )
        case "folder":
            return (
                f"{store.folder_of(*_key(wanted))} cannot be written to: {fields['why']}. Mend its permissions, or name "
                "another folder in IRLENS_DATA_HOME."
            )
        case "busy":
            return f"The hub asks to wait: too many requests. Run `{command}` again in some minutes."
        case "hub":
            return f"The hub at {hub} failed (HTTP {fields['status']}). What came is kept: run `{command}` again later."
        case "unreachable":
            return (
                f"{hub} cannot be reached, or went silent ({fields['why']}). What came is kept: see to the network, then "
                f"run `{command}` again to go on."
            )
        case "stopped":
            return (
                f"The download stopped: {fields['why']}. What came is kept: run `{command}` again to go on."
            )
        case _:
            return (
                f"The download failed: {fields['why']}. What came is kept: run `{command}` again; if it stays so, "
                "download the file yourself and run: irlens model use PATH"
            )


def _key(wanted: Plan) -> tuple[str, str]:
    return wanted.model.name, wanted.quantisation


def _how_it_ended(code: int, printed: Any) -> str:
    how = f"its process ended with signal {-code}" if code < 0 else f"its process ended with exit code {code}"
    printed.seek(0)
    lines = printed.read().decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f"{how} ({last})" if last and code > 0 else how


def _environment() -> dict[str, str]:
    """The user's own settings of the hub (endpoint, token, proxies, folders) hold; these do not vary."""
    path = os.pathsep.join(filter(None, [_PACKAGE_ROOT, os.environ.get("PYTHONPATH")]))
    fixed = {
        "PYTHONPATH": path,
        "HF_HUB_DISABLE_XET": "1",  # its client cannot go on with a partial file of ours
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_DEBUG": "",  # prints requests with the token in them
    }
    return {**os.environ, **fixed}

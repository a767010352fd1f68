"""Pulling from a hub on loopback: whole, cut and resumed, damaged, refused, without room, twice at once.

Here through `irlens.model.pull`, which starts the real child; the command itself is in `cli/test_model_pull.py`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable
from irlens.folders import models_folder
from irlens.model import pull as pull_module
from irlens.model import store
from irlens.model.gguf_header import read_header
from irlens.model.pull import Outcome, Progress, PullFailed, plan, pull
from irlens.model.pull_worker import MARGIN_BYTES, Failed, Pull, reason_of
from support.conditions import wait_until
from support.fake_hub import COMMIT, Hub, for_the_user
from support.tiny_gguf import write_tiny

REPOSITORY = "second-state/llm-compiler-7b-ftd-GGUF"
FILE = "llm-compiler-7b-ftd-Q4_K_M.gguf"
NAME = "llm-compiler-7b-ftd"
LABEL = f"{NAME}:Q4_K_M"
MIB = 1 << 20


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real GGUF of about 8 MiB."""
    path = write_tiny(tmp_path_factory.mktemp("weights") / "x.gguf", embedding=256, vocab=3072)
    return path.read_bytes()


@pytest.fixture
def hub(weights: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "5")
    with for_the_user(Hub({(REPOSITORY, FILE): weights}), tmp_path, monkeypatch) as hub:
        store.accept("llm-compiler")
        yield hub


def fails(kind: str, **arguments: object) -> PullFailed:
    with pytest.raises(PullFailed) as caught:
        pull(plan(LABEL), **arguments)  # type: ignore[arg-type]
    assert caught.value.kind == kind, str(caught.value)
    return caught.value


def partials() -> list[Path]:
    return sorted(store.folder_of(NAME, "Q4_K_M").glob(f"*{store.PARTIAL}"))


def test_pulled_whole(hub: Hub, weights: bytes) -> None:
    seen: list[Progress] = []
    outcome = pull(plan(LABEL), on_progress=seen.append)
    assert (outcome.already, outcome.resumed) == (False, 0)
    assert outcome.model.path.read_bytes() == weights
    assert outcome.model.sha256 == hashlib.sha256(weights).hexdigest()
    assert (outcome.model.repository, outcome.model.revision) == (REPOSITORY, COMMIT)
    assert store.resolve(NAME) == store.resolve(LABEL.upper()) == outcome.model.path
    assert read_header(str(outcome.model.path)).name == "tiny"
    assert partials() == []
    assert seen[0] == Progress("downloading", 0, len(weights))
    assert seen[-1] == Progress("checking", len(weights), len(weights))
    done = [one.done for one in seen]
    assert done == sorted(done)
    # What was asked about is what was fetched, whatever `main` became in between.
    assert [one.path.split("/")[4] for one in hub.requests if "/resolve/" in one.path] == ["main", COMMIT]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes of POSIX")
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_stands_in_the_way_leads_no_download_elsewhere(
    hub: Hub, weights: bytes, tmp_path: Path, kind: str
) -> None:
    folder = store.folder_of(NAME, "Q4_K_M")
    folder.mkdir(parents=True)
    partial = folder / f"{hashlib.sha256(weights).hexdigest()}{store.PARTIAL}"
    (tmp_path / "mine").write_text("mine")
    if kind == "link":
        partial.symlink_to(tmp_path / "mine")
    else:
        os.mkfifo(partial)
    assert pull(plan(LABEL)).model.path.read_bytes() == weights
    assert (tmp_path / "mine").read_text() == "mine"


def test_what_is_here_is_not_fetched_again(hub: Hub) -> None:
    pull(plan(LABEL))
    asked = len(hub.requests)
    assert pull(plan(LABEL)).already
    assert pull(plan(LABEL), offline=True).already
    assert len(hub.requests) == asked


def test_a_cut_connection_is_taken_up_where_it_broke(hub: Hub, weights: bytes) -> None:
    hub.cut_at = [3 * MIB, 5 * MIB]
    assert pull(plan(LABEL)).model.path.read_bytes() == weights
    assert [start for start, _ in hub.sent] == [0, 3 * MIB, 5 * MIB]
    assert hub.sent[-1][1] == len(weights)


def test_a_server_that_goes_silent_is_asked_again(
    hub: Hub, weights: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "1")
    hub.stop_at = 3 * MIB
    assert pull(plan(LABEL)).model.path.read_bytes() == weights
    hub.go.set()
    wait_until(lambda: len(hub.sent) == 2, "both answers are written down")
    assert (3 * MIB, len(weights)) in hub.sent


def test_a_server_that_sends_no_parts(hub: Hub, weights: bytes) -> None:
    hub.sends = weights[: 2 * MIB]
    fails("truncated")
    hub.sends, hub.no_ranges = None, True
    outcome = pull(plan(LABEL))
    assert (outcome.resumed, outcome.model.path.read_bytes()) == (0, weights)


def test_a_cancelled_pull_keeps_what_came_and_the_next_goes_on_there(hub: Hub, weights: bytes) -> None:
    hub.stop_at = 4 * MIB
    cancel = CancelToken()

    def cancel_in_the_middle() -> None:
        hub.stopped.wait()
        wait_until(lambda: partials() and partials()[0].stat().st_size == 4 * MIB, "four MiB on disk")
        cancel.cancel()

    thread = threading.Thread(target=cancel_in_the_middle)
    thread.start()
    with pytest.raises(Cancelled):
        pull(plan(LABEL), cancel=cancel)
    thread.join()
    hub.stop_at = None
    hub.go.set()
    assert store.pulled() == ()
    assert store.partial_bytes(NAME, "Q4_K_M") == 4 * MIB
    with pytest.raises(ModelUnavailable, match=f"in part only. Run: irlens model pull {LABEL}"):
        store.resolve(LABEL)
    assert list(models_folder().rglob("*.gguf")) == []
    outcome = pull(plan(LABEL))
    assert outcome.resumed == 4 * MIB
    assert outcome.model.path.read_bytes() == weights
    assert max(start for start, _ in hub.sent) == 4 * MIB


def test_a_damaged_file_is_deleted(hub: Hub, weights: bytes) -> None:
    hub.sends = weights[:-1] + bytes([weights[-1] ^ 1])
    message = str(fails("corrupt"))
    assert hashlib.sha256(weights).hexdigest() in message
    assert hashlib.sha256(hub.sends).hexdigest() in message
    assert "is deleted" in message
    assert (partials(), store.pulled()) == ([], ())
    hub.sends = None
    assert pull(plan(LABEL)).resumed == 0


def test_a_damaged_beginning_is_found_after_resuming(hub: Hub, weights: bytes) -> None:
    folder = store.folder_of(NAME, "Q4_K_M")
    folder.mkdir(parents=True)
    (folder / f"{hashlib.sha256(weights).hexdigest()}{store.PARTIAL}").write_bytes(bytes(MIB))
    fails("corrupt")
    assert hub.sent == [(MIB, len(weights))]
    assert partials() == []


def test_a_shortened_file_is_not_taken(hub: Hub, weights: bytes) -> None:
    hub.sends = weights[: 2 * MIB]
    message = str(fails("truncated"))
    assert f"at {2 * MIB:,} of {len(weights):,} bytes" in message
    assert store.pulled() == ()
    hub.sends = None
    assert pull(plan(LABEL)).resumed == 2 * MIB


def test_a_server_that_sends_more_than_the_file_has_fills_no_disk(hub: Hub, weights: bytes) -> None:
    hub.sends = weights + bytes(64 * MIB)
    message = str(fails("too-much"))
    assert f"than the {len(weights):,} bytes" in message
    assert (partials(), store.pulled()) == ([], ())
    wait_until(lambda: bool(hub.sent))
    assert hub.sent[-1][1] < len(weights) + 32 * MIB
    hub.sends = None
    assert pull(plan(LABEL)).resumed == 0


def test_killed_between_its_name_and_its_manifest(hub: Hub, weights: bytes) -> None:
    pull(plan(LABEL))
    folder = store.folder_of(NAME, "Q4_K_M")
    (folder / store.MANIFEST).unlink()
    assert store.pulled() == ()
    sent = len(hub.sent)
    assert pull(plan(LABEL)).resumed == len(weights)
    assert len(hub.sent) == sent


def test_a_manifest_that_is_damaged_or_whose_file_changed_is_none(hub: Hub, weights: bytes) -> None:
    path = pull(plan(LABEL)).model.path
    path.write_bytes(weights[:-1])
    assert store.pulled() == ()
    assert pull(plan(LABEL)).model.path.read_bytes() == weights
    (path.parent / store.MANIFEST).write_text("{")
    assert store.pulled() == ()


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [(401, "login", "hf auth login"), (403, "gated", "Accept its conditions")],
)
def test_a_gated_repository(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, status: int, kind: str, advice: str
) -> None:
    hub.refuse, hub.token = (status, "GatedRepo"), "hf_right"
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    message = str(fails(kind))
    assert advice in message
    assert f"{hub.address}/{REPOSITORY}" in message
    assert "hf_wrong" not in message
    monkeypatch.setenv("HF_TOKEN", "hf_right")
    assert pull(plan(LABEL)).model.path.exists()


def test_the_token_is_the_hubs_alone(hub: Hub, tmp_path: Path) -> None:
    """The one that `hf auth login` stores is used by the library, and goes nowhere else."""
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf" / "token").write_text("hf_stored")
    hub.refuse, hub.token = (401, "GatedRepo"), "hf_stored"
    pull(plan(LABEL))
    of_storage = {one.authorization for one in hub.requests if one.path.startswith("/storage/")}
    of_hub = {one.authorization for one in hub.requests if not one.path.startswith("/storage/")}
    assert (of_hub, of_storage) == ({"Bearer hf_stored"}, {None})
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert len(kept) >= 3
    assert not [path for path in kept if b"hf_stored" in path.read_bytes()]


def test_nothing_is_told_of_the_machine(hub: Hub) -> None:
    pull(plan(LABEL))
    agents = {one.agent for one in hub.requests}
    assert all(
        agent.startswith("irlens/") and "torch" not in agent and "agent/" not in agent for agent in agents
    )
    assert {one.path.split("/")[1] for one in hub.requests} == {"second-state", "storage"}


def test_no_room_is_found_before_anything_is_fetched(hub: Hub) -> None:
    hub.declared = 10**15
    message = str(fails("no-room"))
    assert "needs 1,000,000 GB more" in message
    assert "IRLENS_DATA_HOME" in message
    assert hub.sent == []


def test_what_is_here_already_needs_no_room(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, as the disk is a pretended one."""
    job = {"name": NAME, "quantisation": "Q4_K_M", "repository": REPOSITORY, "file": FILE}
    with open(tmp_path / "told", "wb", buffering=0) as told:
        worker = Pull(job, told)
        worker.folder.mkdir(parents=True)
        monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=MARGIN_BYTES + 1000))
        worker.check_room(0)
        worker.check_room(1000)
        with pytest.raises(Failed):
            worker.check_room(1001)


def test_a_file_that_is_gone(hub: Hub, weights: bytes) -> None:
    hub.files = {(REPOSITORY, "README.md"): b"-"}
    message = str(fails("no-file"))
    assert FILE in message
    assert "legraphista/llm-compiler-7b-ftd-IMat-GGUF" in message


def test_a_repository_that_is_gone(hub: Hub) -> None:
    hub.files = {("somebody/else", "x"): b"-"}
    assert "no repository second-state" in str(fails("no-repository"))


def test_a_hub_that_is_down(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    message = str(fails("unreachable"))
    assert message.startswith("http://127.0.0.1:9 cannot be reached")
    hub.busy = True
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    assert "HTTP 503" in str(fails("hub"))


def test_a_server_that_gives_no_hash_is_not_trusted(hub: Hub) -> None:
    hub.no_hash = True
    assert "no SHA-256" in str(fails("unverifiable"))
    assert hub.sent == []


def test_offline(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    fails("offline", offline=True)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "irlens model use PATH" in str(fails("offline"))
    assert hub.requests == []


def test_a_licence_must_be_accepted_first(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRLENS_DATA_HOME", str(tmp_path / "other"))
    assert f"irlens model pull {LABEL} --accept-licence" in str(fails("licence"))
    assert hub.requests == []


def test_another_repository_and_a_file_that_the_catalogue_does_not_name(hub: Hub, weights: bytes) -> None:
    for file in ("README.md", "sub/x.iq4_xs.gguf", "x-Q8_0.gguf", "x-Q8_0.gguf.part"):
        hub.files["team/copies", file] = weights
    outcome = pull(plan(f"{NAME}:IQ4_XS", "team/copies"))
    assert outcome.model.path.name == "x.iq4_xs.gguf"
    assert outcome.model.repository == "team/copies"
    with pytest.raises(PullFailed, match="team/copies has no Q4_K_M; it has IQ4_XS, Q8_0"):
        pull(plan(LABEL, "team/copies"))


def test_twice_at_once_fetches_once(hub: Hub, weights: bytes) -> None:
    hub.stop_at = MIB
    outcomes: list[Outcome] = []
    waits = threading.Event()

    def second() -> None:
        outcomes.append(
            pull(plan(LABEL), on_progress=lambda now: waits.set() if now.stage == "waiting" else None)
        )

    first = threading.Thread(target=lambda: outcomes.append(pull(plan(LABEL))))
    first.start()
    hub.stopped.wait()
    other = threading.Thread(target=second)
    other.start()
    assert waits.wait(30)
    hub.stop_at = None
    hub.go.set()
    first.join()
    other.join()
    assert [one.already for one in outcomes] == [False, True]
    assert hub.sent == [(0, len(weights))]


@pytest.mark.parametrize(
    ("sent", "told"), [(signal.SIGKILL, "signal 9"), (signal.SIGSTOP, "gave no sign of life for 7 s")]
)
def test_a_pull_whose_child_is_killed_or_stopped_says_so_and_goes_on(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, sent: signal.Signals, told: str
) -> None:
    import psutil

    hub.stop_at = 2 * MIB

    def kill() -> None:
        hub.stopped.wait()
        wait_until(lambda: partials() and partials()[0].stat().st_size == 2 * MIB, "two MiB on disk")
        (child,) = [
            one
            for one in psutil.Process().children()
            if one.status() != psutil.STATUS_ZOMBIE and "irlens.model.pull_worker" in " ".join(one.cmdline())
        ]
        child.send_signal(sent)

    thread = threading.Thread(target=kill)
    thread.start()
    if sent == signal.SIGSTOP:
        monkeypatch.setattr(pull_module, "HANG_S", 7.0)
    assert told in str(fails("stopped"))
    thread.join()
    hub.stop_at = None
    hub.go.set()
    assert pull(plan(LABEL)).resumed == 2 * MIB


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk-full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk-full"),
        (PermissionError(errno.EACCES, "Permission denied"), "folder"),
        (OSError("odd"), "unexpected"),
        (ModelUnavailable("x. y."), "own"),
    ],
)
def test_what_the_disk_says_is_told_apart(problem: Exception, kind: str) -> None:
    assert reason_of(problem)["kind"] == kind

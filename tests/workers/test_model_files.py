"""Files that cannot be used: the user is told which of the many things is wrong, and what to do."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.cli.main import main
from irlens.errors import ModelUnavailable
from irlens.model import named
from irlens.model.client import Model
from irlens.model.engines.ctransformers import unsupported
from irlens.model.gguf_header import read_header
from irlens.model.gpu import Device, fit
from irlens.model.headers import header_of
from irlens.model.types import GenerateOptions
from irlens.workers.client import WorkerClient
from support.conditions import wait_until
from support.tiny_gguf import write_tiny


def head(version: bytes = struct.pack("<I", 3), tensors: int = 0, pairs: int = 0) -> bytes:
    return b"GGUF" + version + struct.pack("<QQ", tensors, pairs)


NOT_EVEN_A_HEADER = {
    "empty": (b"", "not a GGUF file: it is empty"),
    "text": (b"hello, world", "not a GGUF file: it is something else"),
    "zip": (b"PK\x03\x04" + b"\0" * 60, "zip archive"),
    "ggml": (b"tjgg" + b"\0" * 60, "an old GGML file"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
    "version 1": (head(struct.pack("<I", 1)), "GGUF version 1"),
    "version 9": (head(struct.pack("<I", 9)), "GGUF version 9"),
    "big-endian": (head(struct.pack(">I", 3)), "big-endian"),
    "magic only": (b"GGUF", "truncated or damaged"),
    "pairs missing": (head(pairs=4), "truncated or damaged"),
    "absurd counts": (head(tensors=1 << 60), "truncated or damaged"),
    "long key": (head(pairs=1) + struct.pack("<Q", 1 << 50), "truncated or damaged"),
    "unknown value": (head(pairs=1) + struct.pack("<QcI", 1, b"k", 77), "truncated or damaged"),
    "long array": (
        head(pairs=1) + struct.pack("<QcIIQ", 1, b"k", 9, 4, 1 << 40),
        "truncated or damaged",
    ),
    "long array of strings": (
        head(pairs=1) + struct.pack("<QcIIQ", 1, b"k", 9, 8, 1 << 40),
        "truncated or damaged",
    ),
    "array in an array": (
        head(pairs=1) + struct.pack("<QcIIQ", 1, b"k", 9, 9, 1) + b"\0" * 99,
        "truncated or damaged",
    ),
    "nothing in it": (head(), "architecture"),
}


@pytest.mark.parametrize("case", NOT_EVEN_A_HEADER)
def test_bytes_that_are_no_model(tmp_path: Path, case: str) -> None:
    data, reason = NOT_EVEN_A_HEADER[case]
    path = tmp_path / "model.gguf"
    path.write_bytes(data)
    refused(path, reason)


GB = 1 << 30
BEYOND_ALL_NEED = {
    "a key of 7 GB": (head(pairs=1) + struct.pack("<Q", 7 * GB), "a key of 7,516,192,768 bytes"),
    "a text of 7 GB": (head(pairs=1) + struct.pack("<QcIQ", 1, b"k", 8, 7 * GB), "more than 64 MiB"),
    "500 million texts": (
        head(pairs=1) + struct.pack("<QcIIQ", 1, b"k", 9, 8, 500_000_000),
        "500,000,000 strings",
    ),
    "an array of 7 GB": (head(pairs=1) + struct.pack("<QcIIQ", 1, b"k", 9, 0, 7 * GB), "more than 64 MiB"),
    "16 million tensors": (head(tensors=1 << 24), "16,777,216 tensors"),
    "16 million entries": (head(pairs=1 << 24), "16,777,216 entries"),
    "a long name": (head(tensors=1) + struct.pack("<Q", 5000), "a tensor's name of 5,000 bytes"),
    "many arrays of texts": (
        head(pairs=9) + 9 * (struct.pack("<QcIIQ", 1, b"k", 9, 8, 1 << 18) + b"\0" * (8 << 18)),
        "2,359,296 strings",
    ),
    "many long texts": (
        head(pairs=40) + 40 * (struct.pack("<QcIQ", 1, b"k", 8, 1 << 20) + b"x" * (1 << 20)),
        "more than 8 MiB of texts",
    ),
    "empty entries": (head(pairs=1 << 16), "architecture"),
}
"""Beginnings of sparse files of 8 GB. The last is read: keys of no letters, values of one byte."""


@pytest.mark.parametrize("case", BEYOND_ALL_NEED)
def test_a_header_beyond_all_need_costs_neither_time_nor_memory(tmp_path: Path, case: str) -> None:
    data, reason = BEYOND_ALL_NEED[case]
    path = tmp_path / "model.gguf"
    with path.open("wb") as file:
        file.write(data)
        file.truncate(8 * GB)
    refused(path, reason)
    # The same in this process, as the model's own reads it.
    tracemalloc.start()
    began = time.thread_time()
    try:
        with contextlib.suppress(ModelUnavailable):
            read_header(str(path))
        spent, (_, peak) = time.thread_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 << 20
    assert spent < 30, "with every allocation traced"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
@pytest.mark.parametrize("kind", ["named pipe", "device", "socket"])
def test_what_is_no_file_is_refused_at_once_at_every_door(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "model.gguf"
    if kind == "named pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("model.gguf")
    refused(path, f"is a {kind}, not a file")
    (tmp_path / "f.s").write_text("f:\n\tmovl $1, %eax\n\tretq\n")
    (tmp_path / "f.ll").write_text("define void @f() {\n  ret void\n}\n")
    for command in (
        ["model", "info", str(path)],
        ["model", "use", str(path)],
        ["lift", "f.s", "--origin", "model", "--target", "x86_64-unknown-linux-gnu", "--model", str(path)],
        ["predict", "f.ll", "--passes", "dce", "--model", str(path)],
    ):
        main(command)
        captured = capsys.readouterr()
        assert f"is a {kind}, not a file" in captured.out + captured.err, command


def test_a_cancel_ends_the_reading_of_a_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tiny(tmp_path / "model.gguf")
    began = threading.Event()
    run = WorkerClient.run

    def slow(self: WorkerClient, *arguments: Any, **more: Any) -> Any:
        self.warm()
        wait_until(lambda: self.worker_pids() != ())
        os.kill(self.worker_pids()[0], signal.SIGSTOP)
        began.set()
        return run(self, *arguments, **more)

    monkeypatch.setattr(WorkerClient, "run", slow)
    cancel = CancelToken()
    threading.Thread(target=lambda: (began.wait(60), cancel.cancel())).start()
    with Model(str(path), threads=1) as model:
        assert model.generate("text", GenerateOptions(max_tokens=1), cancel=cancel).stopped == "cancelled"
        with pytest.raises(Cancelled):
            model.load(cancel=cancel)
        assert model.pid is None


def test_what_a_child_read_is_what_is_read_here(tmp_path: Path) -> None:
    path = str(
        write_tiny(tmp_path / "model.gguf", metadata={"general.description": "\u00e4\u2581", "x.y": "z"})
    )
    assert header_of(path) == read_header(path)


def test_a_large_header_of_a_real_kind_is_read(tmp_path: Path) -> None:
    """A vocabulary of 300,000 with its merges, 20,000 tensors, and a text of 9 MB that is passed over."""
    path = tmp_path / "model.gguf"
    word = struct.pack("<Q", 12) + b"twelve bytes"
    tensor = struct.pack("<Q", 20) + b"blk.00.attn_q.weight" + struct.pack("<I2QIQ", 2, 64, 64, 0, 0)
    pieces = [head(tensors=20_000, pairs=4)]
    for key in (b"tokens", b"merges"):
        pieces += [struct.pack("<Q", 6), key, struct.pack("<IIQ", 9, 8, 300_000), word * 300_000]
    pieces += [struct.pack("<Q6sIIQ", 6, b"scores", 9, 6, 300_000), b"\0" * 1_200_000]
    pieces += [struct.pack("<Q4sIQ", 4, b"json", 8, 9 << 20), b"{" * (9 << 20), tensor * 20_000]
    path.write_bytes(b"".join(pieces))
    header = header_of(str(path))
    assert header.array_lengths == {"tokens": 300_000, "merges": 300_000, "scores": 300_000}
    assert len(header.tensors) == 20_000
    assert header.parameters == 20_000 * 64 * 64
    assert "json" not in header.metadata


def test_a_number_of_layers_that_no_file_has_is_not_counted_out(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "model.gguf")
    data = path.read_bytes()
    key = b"llama.block_count" + struct.pack("<II", 4, 2)
    assert data.count(key) == 1
    path.write_bytes(data.replace(key, key[:-4] + struct.pack("<I", 0xFFFFFFF0)))
    header = read_header(str(path))
    placed = fit(header, 256, 32, [Device("GPU", 8 << 30, 8 << 30)], flash_attention=True, cache_last=False)
    assert placed.of <= len(header.tensors) + 1


UNSUPPORTED: dict[str, tuple[dict[str, Any], str]] = {
    "architecture": ({"architecture": "phi3"}, "architecture phi3"),
    "IQ quants": ({"quantisation": "IQ4_NL"}, "IQ4_NL"),
    "BF16": ({"quantisation": "BF16"}, "BF16"),
    "BPE vocabulary": ({"tokenizer": "gpt2"}, "gpt2 vocabulary"),
    "no byte tokens": ({"vocab": 200}, "byte tokens"),
    "tied embeddings": ({"output": False}, "output.weight"),
}


@pytest.mark.parametrize("case", UNSUPPORTED)
def test_models_that_the_engine_cannot_run(tmp_path: Path, case: str) -> None:
    arguments, reason = UNSUPPORTED[case]
    refused(write_tiny(tmp_path / "model.gguf", **arguments), reason)


@pytest.mark.parametrize("share", [0.999, 0.5, 0.02])
def test_a_truncated_file(tmp_path: Path, share: float) -> None:
    path = write_tiny(tmp_path / "model.gguf")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    refused(path, "truncated")


def test_no_file_and_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(tmp_path / "absent.gguf", "There is no file")
    refused(tmp_path, "is a directory")
    (tmp_path / "secret.gguf").write_bytes(head())
    real = os.open

    def forbidding(path: Any, *args: Any, **more: Any) -> Any:
        if str(path).endswith("secret.gguf"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **more)

    monkeypatch.setattr(os, "open", forbidding)
    refused(tmp_path / "secret.gguf", "may not be read")


def test_a_good_file_put_in_place_of_a_bad_one_is_used(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    with Model(str(path), engine="ctransformers", threads=1) as model:
        with pytest.raises(ModelUnavailable, match="There is no file"):
            model.count_tokens("text")
        write_tiny(path)
        assert model.count_tokens("define") == 2


def test_a_file_that_the_library_itself_refuses(tmp_path: Path) -> None:
    """All that is checked beforehand is right, and yet: a tensor has another shape than the head says."""
    path = write_tiny(tmp_path / "model.gguf", embedding=64)
    data = path.read_bytes()
    key = b"llama.feed_forward_length" + struct.pack("<II", 4, 128)
    assert data.count(key) == 1
    path.write_bytes(data.replace(key, key[:-4] + struct.pack("<I", 96)))
    with (
        Model(str(path), engine="ctransformers", threads=1) as model,
        pytest.raises(ModelUnavailable, match=r"could not load .* does not say why"),
    ):
        model.count_tokens("text")


@pytest.mark.parametrize("quantisation", ["F32", "F16", "Q8_0", "Q4_0", "Q5_1", "Q4_K", "Q6_K"])
def test_what_a_header_tells(tmp_path: Path, quantisation: str) -> None:
    path = write_tiny(
        tmp_path / "model.gguf", quantisation=quantisation, embedding=256, feed_forward=256, name="Some Name"
    )
    header = read_header(str(path))
    assert unsupported(header) is None
    assert (header.name, header.architecture, header.context) == ("Some Name", "llama", 256)
    assert header.quantisation.startswith(quantisation)
    matrices = 2 * 512 * 256 + 2 * (4 * 256 * 256 + 3 * 256 * 256)
    assert header.parameters == matrices + 5 * 256
    assert header.bytes_per_context_token == 2 * 2 * 2 * 256
    assert header.data_end <= header.size < header.data_end + 64
    assert header.array_lengths["tokenizer.ggml.tokens"] == 512


def refused(path: Path, reason: str) -> None:
    """Both ways in say `reason` and end in what to do, and no process was started for it."""
    with Model(str(path), engine="ctransformers", threads=1) as model:
        with pytest.raises(ModelUnavailable) as asked:
            model.info()
        with pytest.raises(ModelUnavailable) as used:
            model.generate("text", GenerateOptions(max_tokens=1))
        assert str(asked.value) == str(used.value) == model.reason
        assert reason in str(used.value)
        assert str(path) in str(used.value)
        assert str(used.value).endswith(".")
        assert (model.state, model.pid) == ("failed", None)


def test_a_package_without_its_model_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "embedded_model_path", lambda: None)
    with Model() as model:
        assert model.state == "absent"
        for ask in (model.info, model.family, model.load):
            with pytest.raises(ModelUnavailable, match="--model"):
                ask()

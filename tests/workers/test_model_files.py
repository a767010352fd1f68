"""Files that cannot be used: the user is told which of the many things is wrong, and what to do."""

from __future__ import annotations

import builtins
import struct
from pathlib import Path
from typing import Any

import pytest

from irlens.errors import ModelUnavailable
from irlens.model import named
from irlens.model.client import Model
from irlens.model.engines.ctransformers import unsupported
from irlens.model.gguf_header import read_header
from irlens.model.types import GenerateOptions
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
    "nothing in it": (head(), "architecture"),
}


@pytest.mark.parametrize("case", NOT_EVEN_A_HEADER)
def test_bytes_that_are_no_model(tmp_path: Path, case: str) -> None:
    data, reason = NOT_EVEN_A_HEADER[case]
    path = tmp_path / "model.gguf"
    path.write_bytes(data)
    refused(path, reason)


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
    real = builtins.open

    def forbidding(path: Any, *args: Any, **more: Any) -> Any:
        if str(path).endswith("secret.gguf"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **more)

    monkeypatch.setattr(builtins, "open", forbidding)
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

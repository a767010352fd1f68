"""Which engine runs a file, where a name leads to: said with the reason, and what to do where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.errors import ModelUnavailable
from irlens.model import choice, store
from irlens.model.choice import Wanted, choose
from irlens.model.gguf_header import Header, Tensor
from irlens.model.named import Place, embedded_model_path, place_of

LARGE, SMALL = 4 << 30, 3 << 20
IQ4_NL, Q4_K = 20, 12


def header(size: int = LARGE, kind: int = Q4_K, architecture: str = "llama") -> Header:
    metadata = {
        "general.architecture": architecture,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))],
    }
    names = ("token_embd.weight", "output_norm.weight", "output.weight")
    tensors = tuple(Tensor(name, (256, 4), kind, 0) for name in names)
    return Header("m.gguf", size, 3, metadata, {}, tensors, 0)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    versions: dict[str, str | None] = {"ctransformers": "0.2.27", "llama-cpp-python": "0.3.36"}
    for engine, files in choice._FILES.items():
        monkeypatch.setattr(files, "installed", lambda engine=engine: versions[engine])
    return versions


def test_a_large_file_runs_on_the_maintained_engine(installed: dict[str, str | None]) -> None:
    found = choose(header())
    assert (found.engine, found.label) == ("llama-cpp-python", "llama-cpp-python 0.3.36")
    assert "fastest" in found.why


def test_what_is_not_installed_is_the_reason_for_the_other(installed: dict[str, str | None]) -> None:
    installed["llama-cpp-python"] = None
    found = choose(header())
    assert (found.engine, found.why) == ("ctransformers", "llama-cpp-python is not installed")


@pytest.mark.parametrize("bad", [{"kind": IQ4_NL}, {"architecture": "qwen2"}])
def test_what_only_one_can_load_runs_there(installed: dict[str, str | None], bad: dict) -> None:
    assert choose(header(**bad)).engine == "llama-cpp-python"
    assert choose(header(size=SMALL, **bad)).engine == "llama-cpp-python"
    installed["llama-cpp-python"] = None
    with pytest.raises(ModelUnavailable, match=r"ctransformers.*irlens\[llama\]"):
        choose(header(**bad))


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ("server", "is a file"),
        ("llama-cpp-python", r"not installed.*irlens\[llama\]"),
        ("ctransformers", "IQ4_NL"),
    ],
)
def test_an_engine_that_is_set_is_taken_or_says_why_not(
    installed: dict[str, str | None], wanted: Wanted, reason: str
) -> None:
    installed["llama-cpp-python"] = None
    with pytest.raises(ModelUnavailable, match=reason):
        choose(header(kind=IQ4_NL), wanted)


def test_an_engine_that_is_set_is_taken(installed: dict[str, str | None]) -> None:
    for wanted in ("ctransformers", "llama-cpp-python"):
        assert choose(header(), wanted).engine == wanted
        assert "settings" in choose(header(), wanted).why


# Names


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IRLENS_DATA_HOME", str(tmp_path))
    return tmp_path


def test_no_name_is_the_embedded_model_until_another_is_chosen(data: Path) -> None:
    embedded = Place("file", str(embedded_model_path()))
    assert place_of(None) == place_of(None, "lift") == place_of("embedded") == embedded
    store.choose("/models/other.gguf", ("predict",))
    assert place_of(None, "lift") == embedded
    assert place_of(None, "predict") == Place("file", "/models/other.gguf")
    assert place_of("embedded", "predict") == embedded


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("http://localhost:8080", Place("server", "http://localhost:8080")),
        ("HTTPS://team.example/llm", Place("server", "HTTPS://team.example/llm")),
        ("some/model.gguf", Place("file", "some/model.gguf")),
        ("model.gguf", Place("file", "model.gguf")),
        ("./model", Place("file", "./model")),
    ],
)
def test_a_name_is_an_address_or_a_path(data: Path, name: str, place: Place) -> None:
    assert place_of(name) == place


def test_a_name_that_is_neither_is_the_catalogues(data: Path) -> None:
    with pytest.raises(ModelUnavailable, match="irlens model pull llm-compiler-7b-ftd"):
        place_of("llm-compiler-7b-ftd")
    with pytest.raises(ModelUnavailable, match="irlens model list"):
        place_of("no-such-model")


def test_the_hash_of_a_large_model_is_the_one_it_was_checked_with(data: Path) -> None:
    folder = store.folder_of("llm-compiler-7b", "Q4_K_M")
    folder.mkdir(parents=True)
    file = folder / "weights.gguf"
    file.write_bytes(b"GGUF" * 10)
    assert store.sha256_of(file) == ""
    store.keep(store.Pulled("llm-compiler-7b", "Q4_K_M", file, 40, "ab" * 32, "o/r", "1", "2026-11-28"))
    assert store.sha256_of(file) == "ab" * 32
    assert store.sha256_of(folder / "other.gguf") == ""
    file.write_bytes(b"GGUF")
    assert store.sha256_of(file) == "", "it is not the file that was checked"

"""What only the llama-cpp-python engine has to say: files, quantisations, copies of prompts, a GPU that is not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from irlens.errors import ModelUnavailable
from irlens.model.engine import EngineOptions
from irlens.model.engines.llama_cpp_files import NAME_OF, installed, unsupported
from irlens.model.gguf_header import read_header
from irlens.model.types import GenerateOptions
from support.engines import run
from support.tiny_gguf import write_tiny

pytest.importorskip("llama_cpp", reason="the llama extra is not installed")

from irlens.model.engines import llama_cpp
from irlens.model.engines.llama_cpp import LlamaCppEngine
from irlens.model.engines.llama_cpp_library import library

PROMPT = "define i32 add nsw i32 ret entry label call void tail"
ONE = GenerateOptions(max_tokens=1)


def engine_of(path: Path, **options: int) -> LlamaCppEngine:
    return LlamaCppEngine(str(path), EngineOptions(threads=1, **options))  # type: ignore[arg-type]


def test_it_says_what_it_is(tmp_path: Path) -> None:
    engine = engine_of(write_tiny(tmp_path / "tiny.gguf"))
    assert engine.name == f"{NAME_OF} {installed()}"
    assert engine.device == "CPU, 1 thread"
    assert (engine.context, engine_of(tmp_path / "tiny.gguf", context=99).context) == (256, 99)


@pytest.mark.parametrize("quantisation", ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"])
def test_k_quants_compute_what_their_weights_say(tmp_path: Path, quantisation: str) -> None:
    """Logits of random weights beside those of the same weights in F32."""
    sizes = {"embedding": 256, "feed_forward": 256, "layers": 2, "vocab": 512}
    both = []
    for dequantised in (False, True):
        path = tmp_path / f"{dequantised}.gguf"
        write_tiny(path, quantisation=quantisation, dequantised=dequantised, **sizes)  # type: ignore[arg-type]
        engine = engine_of(path)
        run(engine, PROMPT, ONE)
        both.append(engine._logits.copy())
    packed, plain = both
    lengths = float((packed @ packed) * (plain @ plain)) ** 0.5
    assert lengths > 1.0
    assert float(packed @ plain) / lengths > 0.99


@pytest.mark.parametrize("quantisation", ["F16", "BF16", "Q8_0", "Q4_0", "Q5_1", "IQ4_NL"])
def test_types_that_the_other_engine_has_not_are_loaded_too(tmp_path: Path, quantisation: str) -> None:
    path = write_tiny(tmp_path / "tiny.gguf", quantisation=quantisation)
    assert unsupported(read_header(str(path))) is None
    assert run(engine_of(path), PROMPT, GenerateOptions(max_tokens=5))[1].prompt_tokens == 12


def test_what_cannot_be_loaded_is_explained_with_the_librarys_own_reason(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "model.gguf", architecture="nosuch")
    with pytest.raises(ModelUnavailable, match=r"unknown model architecture: 'nosuch'.*current llama\.cpp\."):
        engine_of(path)
    path = write_tiny(tmp_path / "tied.gguf", output=False)
    assert run(engine_of(path), PROMPT, ONE)[1].tokens == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [({"architecture": ""}, "names no architecture"), ({"tokenizer": "none"}, "no vocabulary")],
)
def test_what_the_header_tells_is_refused_before_loading(
    tmp_path: Path, arguments: dict[str, str], reason: str
) -> None:
    path = write_tiny(tmp_path / "model.gguf", **arguments)  # type: ignore[arg-type]
    with pytest.raises(ModelUnavailable, match=reason):
        engine_of(path)


def test_a_truncated_file_is_refused_before_loading(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "model.gguf")
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ModelUnavailable, match=r"truncated.*again\."):
        engine_of(path)


def test_layers_on_a_gpu_that_the_library_was_built_without(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "model.gguf")
    llama, _, _ = library()
    if llama.llama_supports_gpu_offload():
        assert engine_of(path, gpu_layers=1).device.startswith("GPU (1 layer")
        return
    with pytest.raises(ModelUnavailable, match=r"without a GPU.*gpu_layers to 0\."):
        engine_of(path, gpu_layers=1)


def test_copies_of_prompts_are_bounded_by_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tiny(tmp_path / "tiny.gguf")
    prompts = [f"{word} " * 50 for word in ("define", "ret", "call", "void")]
    engine = engine_of(path)
    run(engine, prompts[0], ONE)
    size = engine._llama.llama_state_seq_get_size(engine._ctx, 0)
    assert 50 * 512 <= size < 60 * 512, "two layers of 64 numbers of two bytes, keys and values"

    def copies(room: int, free: int) -> int:
        engine = engine_of(path)
        engine._room = room
        monkeypatch.setattr(llama_cpp, "_free_memory", lambda: free)
        for prompt in prompts:
            run(engine, prompt, ONE)
        return len(engine._kept)

    assert [copies(room, 1 << 40) for room in (0, size, 2 * size, 9 * size)] == [0, 1, 2, 3]
    assert [copies(9 * size, free) for free in (4 * size - 4, 4 * size)] == [0, 3]


def test_a_short_prompt_is_not_worth_a_copy(tmp_path: Path) -> None:
    engine = engine_of(write_tiny(tmp_path / "tiny.gguf"))
    for word in ("define", "ret", "call"):
        run(engine, f"{word} " * 10, ONE)
    assert not engine._kept


OFFLINE = """
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith("socket.") else None)
from irlens.model.engine import EngineOptions
from irlens.model.engines.llama_cpp import LlamaCppEngine
from irlens.model.types import GenerateOptions
engine = LlamaCppEngine(sys.argv[1], EngineOptions())
engine.generate("define", GenerateOptions(max_tokens=3), lambda text: None, lambda: False)
reached = [event for event in seen if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto")]
sys.exit(f"reached for the network: {reached}" if reached else 0)
"""


def test_nothing_reaches_for_the_network_and_nothing_is_printed(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "tiny.gguf")
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

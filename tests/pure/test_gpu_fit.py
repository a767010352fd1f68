"""How many layers fit a GPU: sums over headers of the 7B's and the 13B's shape (llm-compiler.md 2.1)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.model.engines import devices
from irlens.model.gguf_header import Header, Tensor
from irlens.model.gpu import MIB, RESERVED, Device, Fit, evaluation_bytes, fit

GIB = 1 << 30
Q4_K, Q6_K, F32 = 12, 14, 0
SHAPES = {"7B": (4096, 11008, 32, 32), "13B": (5120, 13824, 40, 40)}


def header_of(shape: str, context: int = 16384) -> Header:
    """As llama.cpp writes it in Q4_K_M, more or less: every matrix in Q4_K, the output in Q6_K."""
    width, wide, layers, heads = SHAPES[shape]
    tensors = [
        Tensor("token_embd.weight", (width, 32_000), Q4_K, 0),
        Tensor("output_norm.weight", (width,), F32, 0),
        Tensor("output.weight", (width, 32_000), Q6_K, 0),
    ]
    for number in range(layers):
        tensors += [
            Tensor(f"blk.{number}.attn_norm.weight", (width,), F32, 0),
            Tensor(f"blk.{number}.ffn_norm.weight", (width,), F32, 0),
            *(Tensor(f"blk.{number}.attn_{name}.weight", (width, width), Q4_K, 0) for name in "qkv"),
            Tensor(f"blk.{number}.attn_output.weight", (width, width), Q4_K, 0),
            *(Tensor(f"blk.{number}.ffn_{name}.weight", (width, wide), Q4_K, 0) for name in ("gate", "up")),
            Tensor(f"blk.{number}.ffn_down.weight", (wide, width), Q4_K, 0),
        ]
    metadata = {
        "general.architecture": "llama",
        "llama.context_length": context,
        "llama.embedding_length": width,
        "llama.feed_forward_length": wide,
        "llama.block_count": layers,
        "llama.attention.head_count": heads,
    }
    return Header("m.gguf", 1, 3, metadata, {"tokenizer.ggml.tokens": 32_000}, tuple(tensors), 0)


def on(free_gib: float, shape: str = "7B", context: int = 16384, *, old: bool = False, count: int = 1) -> Fit:
    gpus = [Device(f"GPU {number}", int(free_gib * GIB), 80 * GIB) for number in range(count)]
    return fit(header_of(shape), context, 512, gpus, flash_attention=not old, cache_last=old)


def test_the_cache_is_counted_and_is_what_the_reference_says() -> None:
    """13.4 GB and 8.6 GB for the whole context (llm-compiler.md 2.1)."""
    assert header_of("13B").bytes_per_context_token * 16384 == pytest.approx(13.4e9, rel=0.01)
    assert header_of("7B").bytes_per_context_token * 16384 == pytest.approx(8.6e9, rel=0.01)


def test_a_large_gpu_takes_all() -> None:
    for shape, layers in (("7B", 33), ("13B", 41)):
        found = on(80, shape)
        assert (found.layers, found.of) == (layers, layers)
        assert found.why.startswith("all of it fits GPU 0 (80.0 GiB free)")


def test_the_7b_fits_16_gib_and_the_13b_does_not_with_a_full_context() -> None:
    assert on(16).layers == 33
    part = on(16, "13B")
    assert 0 < part.layers < 41
    assert "all would take" in part.why
    assert "context of 16,384 tokens" in part.why
    assert on(16, "13B", context=4096).layers == 41


def test_no_room_is_no_layer_and_says_so() -> None:
    found = on(0.6)
    assert (found.layers, found.bytes) == (0, 0)
    assert "no layer fits" in found.why


def test_the_old_llama_cpp_counts_its_cache_as_two_layers_and_needs_more_for_scores() -> None:
    assert (on(80, old=True).layers, on(80, old=True).of) == (35, 35)
    tight = on(8, old=True)
    # All weights go before the first half of the cache does.
    assert tight.layers == 33
    header = header_of("7B")
    old = evaluation_bytes(header, 16384, 512, flash_attention=False)
    assert old > evaluation_bytes(header, 16384, 512, flash_attention=True) + GIB


@pytest.mark.parametrize(
    ("context", "batch", "flash", "measured"),
    [
        (2048, 64, False, 23.5),
        (2048, 64, True, 12.31),
        (2048, 512, False, 188.01),
        (2048, 512, True, 98.51),
        (16384, 64, False, 139.0),
        (16384, 64, True, 14.06),
        (16384, 512, False, 1112.01),
        (16384, 512, True, 112.51),
    ],
)
def test_the_buffers_are_an_upper_bound_of_what_llama_cpp_reserved(
    context: int, batch: int, flash: bool, measured: float
) -> None:
    """MiB that llama.cpp of llama-cpp-python 0.3.36 logged for two layers of the 7B's shape."""
    counted = evaluation_bytes(header_of("7B"), context, batch, flash_attention=flash) / MIB
    assert measured <= counted <= 1.27 * measured


@given(st.integers(0, 40 * 1024), st.integers(1, 4), st.sampled_from(["7B", "13B"]), st.booleans())
def test_what_is_placed_never_takes_more_than_there_is(
    free_mib: int, count: int, shape: str, old: bool
) -> None:
    found = on(free_mib / 1024, shape, old=old, count=count)
    assert 0 <= found.layers <= found.of
    assert found.bytes <= count * free_mib * MIB - (RESERVED * count if found.layers else 0)
    more = on(free_mib / 1024 + 4, shape, old=old, count=count)
    assert more.layers >= found.layers


# nvidia-smi, as it answers and as it fails


def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def test_the_driver_tells_names_and_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smi(tmp_path, monkeypatch, 'echo "NVIDIA H200, 142000, 143771"; echo "NVIDIA T4, 15000, 15360"')
    found, why = devices.of_the_driver()
    assert found == [
        Device("NVIDIA H200", 142000 * MIB, 143771 * MIB),
        Device("NVIDIA T4", 15000 * MIB, 15360 * MIB),
    ]
    assert why == ""


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (
            'echo "NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver."; exit 9',
            "has failed",
        ),
        ("exit 1", "says nothing"),
        ('echo "NVIDIA T4, [N/A], [N/A]"', "N/A"),
    ],
)
def test_a_driver_that_fails_is_no_gpu_and_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    smi(tmp_path, monkeypatch, script)
    found, why = devices.of_the_driver()
    assert found == []
    assert reason in why


def test_gpus_that_are_hidden_are_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smi(tmp_path, monkeypatch, 'test "$1" = -i && echo "chosen $2, 10, 20"')
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert devices.of_the_driver()[0] == [Device("chosen 1", 10 * MIB, 20 * MIB)]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert "CUDA_VISIBLE_DEVICES" in devices.of_the_driver()[1]


def test_no_driver_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.of_the_driver() == ([], "no NVIDIA driver was found (nvidia-smi is not on PATH)")

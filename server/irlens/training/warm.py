"""Go on from a model that was exported: its vocabulary and its weights become the start of another training.

    python -m irlens.training.warm --from server/irlens/data/irlens-small-q8_0.gguf

writes WORK/tokenizer.model and WORK/checkpoint.pt. Whoever has only the shipped file, and not the checkpoint it
was made from, keeps what its training cost; what quantising rounded off is learned again in a few steps. The
optimisers start anew.
"""

from __future__ import annotations

import argparse
import json
import struct
from pathlib import Path
from typing import Any

from irlens.errors import UnusableInput
from irlens.training.export import FILE

_BPE = 2
_NORMAL, _UNKNOWN, _CONTROL = 1, 2, 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Make WORK/checkpoint.pt and WORK/tokenizer.model of a GGUF file"
    )
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--from", dest="model", type=Path, default=FILE)
    options = parser.parse_args()
    begin(options.model, options.work)


def begin(model: Path, work: Path) -> Path:
    """Write both files; the checkpoint's path. Raises `UnusableInput` where a checkpoint is there already, or
    where the file is not one of ours."""
    import gguf
    import torch

    path = work / "checkpoint.pt"
    if path.exists():
        raise UnusableInput(f"{path} is there already. Train on from it, or move it away first.")
    reader = gguf.GGUFReader(model)

    def field(name: str) -> Any:
        if name not in reader.fields:
            raise UnusableInput(f"{model} has no {name}. Give a file that the stage export wrote.")
        return reader.fields[name].contents()

    if field("general.architecture") != "llama" or field("irlens.family") != "irlens":
        raise UnusableInput(f"{model} is not an irlens model. Give a file that the stage export wrote.")
    shape = {
        "vocabulary": len(field("tokenizer.ggml.tokens")),
        "width": field("llama.embedding_length"),
        "layers": field("llama.block_count"),
        "heads": field("llama.attention.head_count"),
        "feed_forward": field("llama.feed_forward_length"),
        "context": field("llama.context_length"),
    }
    weights = {
        tensor.name: torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy())
        for tensor in reader.tensors
    }
    before = json.loads(field("irlens.training"))
    work.mkdir(parents=True, exist_ok=True)
    (work / "tokenizer.model").write_bytes(
        sentencepiece_model(
            field("tokenizer.ggml.tokens"), field("tokenizer.ggml.scores"), field("tokenizer.ggml.token_type")
        )
    )
    state = {"step": 0, "tokens": 0, "seconds": 0.0, "rounds": 0, "before": before}
    torch.save({"network": weights, "shape": shape, "state": state}, path)
    print(f"{path}: {shape}, trained on {before['tokens']:,} tokens before", flush=True)
    return path


def sentencepiece_model(tokens: list[str], scores: list[float], kinds: list[int]) -> bytes:
    """The vocabulary as SentencePiece's file: a protocol buffer (sentencepiece_model.proto), with the settings of
    the stage `tokenizer`."""
    pieces = b"".join(
        _bytes(1, _bytes(1, token.encode()) + _float(2, score) + _int(3, kind))
        for token, score, kind in zip(tokens, scores, kinds, strict=True)
    )
    trainer = _int(3, _BPE) + _int(4, len(tokens)) + _int(35, 1) + _int(40, 0) + _int(41, 1) + _int(42, 2)
    trainer += _int(43, -1)
    normalizer = _bytes(1, b"identity") + _int(3, 1) + _int(4, 0) + _int(5, 1)
    return pieces + _bytes(2, trainer) + _bytes(3, normalizer)


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def _int(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _float(number: int, value: float) -> bytes:
    return _varint(number << 3 | 5) + struct.pack("<f", value)


def _bytes(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


if __name__ == "__main__":
    main()

"""A GGUF with the shape of LLM Compiler and random weights: `python -m irlens.training.shapes 7B out.gguf`.

How fast an engine is depends on shape and quantisation alone, so speed and memory can be measured without the real
weights. The answers are noise. The shapes are those of llm-compiler.md 2.1; the 7B's is taken to be Llama 2's.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Shape:
    width: int
    feed_forward: int
    layers: int
    heads: int


SHAPES = {"7B": Shape(4096, 11008, 32, 32), "13B": Shape(5120, 13824, 40, 40)}
CONTEXT, VOCABULARY = 16_384, 32_000
ROPE_BASE, NORM_EPS = 1e6, 1e-5

_SCALES = {
    "Q2_K": ((80, 0.01), (82, 0.01)),
    "Q4_K": ((0, 0.0005), (2, 0.0005)),
    "Q5_K": ((0, 0.0002), (2, 0.0002)),
    "Q6_K": ((208, 0.00002),),
    "Q8_0": ((0, 0.0005),),
    "Q4_0": ((0, 0.005),),
}
"""Where the half-precision scales stand in a block, and a size for them that keeps sums finite."""
_FILE_TYPES = {"Q2_K": 10, "Q4_K": 15, "Q5_K": 17, "Q6_K": 18, "Q8_0": 7, "Q4_0": 2}
_SPACE = "\u2581"
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a random GGUF with the shape of LLM Compiler")
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("output", type=Path)
    parser.add_argument("--quantisation", choices=_SCALES, default="Q4_K")
    parser.add_argument("--layers", type=int, help="fewer than the shape has: time and size go with them")
    options = parser.parse_args()
    write(options.output, SHAPES[options.shape], options.shape, options.quantisation, options.layers)
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")


def write(output: Path, shape: Shape, name: str, quantisation: str, layers: int | None = None) -> Path:
    """Write the file; norms are F32, all matrices of one quantisation. Equal layers have equal weights."""
    import gguf
    import numpy as np

    count = layers or shape.layers
    writer = gguf.GGUFWriter(output, "llama")
    writer.add_name(f"random weights, LLM Compiler {name} shape, {count} layers")
    writer.add_string("irlens.family", "llm-compiler-ftd")
    writer.add_file_type(_FILE_TYPES[quantisation])
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(count)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(NORM_EPS)
    _add_vocabulary(writer)
    random = np.random.default_rng(1)
    kind = gguf.GGMLQuantizationType[quantisation]

    def matrix(rows: int, columns: int) -> Any:
        block, size = gguf.GGML_QUANT_SIZES[kind]
        raw = random.integers(0, 256, (rows, columns // block, size), dtype=np.uint8)
        for at, scale in _SCALES[quantisation]:
            raw[:, :, at : at + 2] = np.frombuffer(np.float16(scale).tobytes(), np.uint8)
        return raw.reshape(rows, columns // block * size)

    wide = {
        "attn_q": matrix(shape.width, shape.width),
        "attn_k": matrix(shape.width, shape.width),
        "attn_v": matrix(shape.width, shape.width),
        "attn_output": matrix(shape.width, shape.width),
        "ffn_gate": matrix(shape.feed_forward, shape.width),
        "ffn_up": matrix(shape.feed_forward, shape.width),
        "ffn_down": matrix(shape.width, shape.feed_forward),
    }
    ones: Any = np.ones(shape.width, np.float32)
    writer.add_tensor("token_embd.weight", matrix(VOCABULARY, shape.width), raw_dtype=kind)
    for number in range(count):
        writer.add_tensor(f"blk.{number}.attn_norm.weight", ones)
        writer.add_tensor(f"blk.{number}.ffn_norm.weight", ones)
        for part, weights in wide.items():
            writer.add_tensor(f"blk.{number}.{part}.weight", weights, raw_dtype=kind)
    writer.add_tensor("output_norm.weight", ones)
    writer.add_tensor("output.weight", matrix(VOCABULARY, shape.width), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return output


def _add_vocabulary(writer: Any) -> None:
    """As SentencePiece's begins, with byte fallback; words behind it that occur nowhere."""
    texts = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256]
    texts += [_SPACE, *(chr(code) for code in range(33, 127))]
    texts += [f"{_SPACE}w{number}" for number in range(VOCABULARY - len(texts))]
    kinds += [_NORMAL] * (VOCABULARY - len(kinds))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text.encode() for text in texts])
    writer.add_token_scores([0.0 if kind != _NORMAL else -float(index) for index, kind in enumerate(kinds)])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)


if __name__ == "__main__":
    main()

"""Small GGUF files made on the spot: random weights, llama architecture, SentencePiece-style vocabulary.

What such a model says is noise, but it is the same noise every time, and all of the path from a file to a
streamed reply is real. The vocabulary starts as SentencePiece's does with byte fallback: unknown, BOS, EOS,
256 byte tokens; then the space mark, single characters and a few words.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gguf
import numpy as np

SPACE = "\u2581"
WORDS = re.findall(
    r"\w+",
    "define i32 ret add nsw label entry call void tail mov eax ebp rsp push pop store load align ptr "
    "The LLVM IR will have instruction count code of to the text globl function",
)
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6


def vocabulary(size: int) -> tuple[list[bytes], list[float], list[int]]:
    """Texts, scores and kinds of `size` tokens."""
    texts = ["<unk>", "<s>", "</s>"]
    kinds = [UNKNOWN, CONTROL, CONTROL]
    for byte in range(256):
        texts.append(f"<0x{byte:02X}>")
        kinds.append(BYTE)
    singles = [SPACE, *(chr(code) for code in range(33, 127))]
    merges: list[str] = []
    for word in WORDS:
        # Merging goes pair by pair, so every left part of a word must be a token of its own.
        for end in range(2, len(word) + 1):
            merges.append(word[:end])
        merges.append(SPACE + word)
    pieces = list(dict.fromkeys([*singles, *merges]))
    for piece in pieces:
        texts.append(piece)
        kinds.append(NORMAL)
    for filler in range(size - len(texts)):
        texts.append(f"{SPACE}w{filler}")
        kinds.append(NORMAL)
    texts, kinds = texts[:size], kinds[:size]
    scores = [0.0 if kind != NORMAL else -float(index) for index, kind in enumerate(kinds)]
    return [text.encode() for text in texts], scores, kinds


def write_tiny(
    path: Path,
    *,
    quantisation: str = "F32",
    embedding: int = 64,
    feed_forward: int = 128,
    layers: int = 2,
    heads: int = 4,
    context: int = 256,
    vocab: int = 512,
    seed: int = 1,
    name: str = "tiny",
    family: str | None = "irlens",
    architecture: str = "llama",
    tokenizer: str = "llama",
    output: bool = True,
    spread: float = 0.6,
    dequantised: bool = False,
    endless: bool = True,
    metadata: dict[str, Any] | None = None,
    says: bytes | None = None,
) -> Path:
    """Write a random model. `quantisation` is F32, F16, Q8_0, Q4_0, BF16, Q4_K, ... for the matrices; with
    `dequantised` the weights of a K-quant are written out in F32. `endless`: the end token's output row is
    zero, so that greedy choice never takes it (K-quants aside).

    `says`: greedy choice makes these bytes, a token each, and then ends, whatever the prompt. Each may be in there once,
    and it takes one more than there are of the `embedding`.

    `spread` is the standard deviation of the output rows: large enough that greedy choice has no near ties.
    """
    rng = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(name)
    writer.add_context_length(context)
    writer.add_embedding_length(embedding)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_rope_dimension_count(embedding // heads)
    writer.add_layer_norm_rms_eps(1e-5)
    kind = gguf.GGMLQuantizationType[quantisation]
    file_types = {"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 7, "Q4_K": 15, "Q6_K": 18, "BF16": 32}
    if quantisation in file_types:
        writer.add_file_type(file_types[quantisation])
    if family is not None:
        writer.add_string("irlens.family", family)
    for key, value in (metadata or {}).items():
        writer.add_string(key, value)
    texts, scores, kinds = vocabulary(vocab)
    writer.add_tokenizer_model(tokenizer)
    writer.add_token_list(texts)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)

    def matrix(tensor: str, rows: int, columns: int, deviation: float) -> None:
        weights = (rng.standard_normal((rows, columns)) * deviation).astype(np.float32)
        if says is not None:
            weights = chain(tensor, weights.shape, says)
        if endless and says is None and tensor == "output.weight":
            weights[2] = 0
        if quantisation == "F32":
            writer.add_tensor(tensor, weights)
        elif quantisation in _SCALES:
            blocks = random_blocks(rng, rows, columns, kind)
            if dequantised:
                writer.add_tensor(tensor, gguf.quants.dequantize(blocks, kind))
            else:
                writer.add_tensor(tensor, blocks, raw_dtype=kind)
        elif quantisation.startswith("IQ"):
            block, size = gguf.GGML_QUANT_SIZES[kind]
            writer.add_tensor(tensor, np.zeros((rows, columns // block * size), np.uint8), raw_dtype=kind)
        else:
            writer.add_tensor(tensor, gguf.quants.quantize(weights, kind), raw_dtype=kind)

    def ones(tensor: str) -> None:
        writer.add_tensor(tensor, np.ones(embedding, dtype=np.float32))

    matrix("token_embd.weight", vocab, embedding, 1.0)
    for layer in range(layers):
        ones(f"blk.{layer}.attn_norm.weight")
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            matrix(f"blk.{layer}.{part}.weight", embedding, embedding, 1.5 * embedding**-0.5)
        ones(f"blk.{layer}.ffn_norm.weight")
        matrix(f"blk.{layer}.ffn_gate.weight", feed_forward, embedding, embedding**-0.5)
        matrix(f"blk.{layer}.ffn_up.weight", feed_forward, embedding, embedding**-0.5)
        matrix(f"blk.{layer}.ffn_down.weight", embedding, feed_forward, feed_forward**-0.5)
    ones("output_norm.weight")
    if output:
        matrix("output.weight", vocab, embedding, spread)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


# Where the half-precision scales of a block stand, and a size for them that keeps weights near 1/16.
_SCALES = {
    "Q2_K": ((80, 0.01), (82, 0.01)),
    "Q3_K": ((108, 0.001),),
    "Q4_K": ((0, 0.0005), (2, 0.0005)),
    "Q5_K": ((0, 0.0002), (2, 0.0002)),
    "Q6_K": ((208, 0.00002),),
}


def chain(tensor: str, shape: tuple[int, ...], says: bytes) -> np.ndarray:
    """The weights of a model whose next token depends on the last alone: each token stands for a place in `says`, and
    all that are not in there for the beginning."""
    assert len(set(says)) == len(says) < shape[1]
    weights = np.zeros(shape, np.float32)
    tokens = [3 + byte for byte in says]
    if tensor == "token_embd.weight":
        weights[:, 0] = 1
        for place, token in enumerate(tokens, 1):
            weights[token] = 0
            weights[token, place] = 1
    elif tensor == "output.weight":
        for place, token in enumerate([*tokens, 2]):
            weights[token, place] = 1
    return weights


def random_blocks(
    rng: np.random.Generator, rows: int, columns: int, kind: gguf.GGMLQuantizationType
) -> np.ndarray:
    """Random K-quant blocks: any bits are legal in one, save that its scales must be sane numbers."""
    block, size = gguf.GGML_QUANT_SIZES[kind]
    count = columns // block
    raw = rng.integers(0, 256, size=(rows, count, size), dtype=np.uint8)
    for at, scale in _SCALES[kind.name]:
        raw[:, :, at : at + 2] = np.frombuffer(np.float16(scale).tobytes(), dtype=np.uint8)
    return raw.reshape(rows, count * size)

"""Write a checkpoint and its tokenizer as a GGUF (version 3, llama architecture) that ctransformers loads.

Matrices become Q8_0 (or F32, to see what quantising costs), vectors stay F32. The vocabulary is written as a
SentencePiece one, with its byte pieces: llama.cpp looks them up for text it has no piece for.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import gguf
import numpy as np
import sentencepiece
import torch

NAMES = {
    "attention_norm.weight": "attn_norm.weight",
    "attention.q.weight": "attn_q.weight",
    "attention.k.weight": "attn_k.weight",
    "attention.v.weight": "attn_v.weight",
    "attention.out.weight": "attn_output.weight",
    "feed_forward_norm.weight": "ffn_norm.weight",
    "feed_forward.gate.weight": "ffn_gate.weight",
    "feed_forward.up.weight": "ffn_up.weight",
    "feed_forward.down.weight": "ffn_down.weight",
}
"""A block's tensors: ours, then llama.cpp's."""


def export(
    checkpoint: Path, tokenizer: Path, out: Path, *, name: str = "irlens-embedded", quantise: bool = True
) -> None:
    """Write `out`. `tokenizer` is a SentencePiece model file with byte fallback."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    shape = state["shape"]
    writer = gguf.GGUFWriter(str(out), "llama")
    writer.add_name(name)
    writer.add_license("the same as irlens")
    writer.add_string("irlens.family", "irlens")
    writer.add_uint64("irlens.training.answer_tokens", int(state["answer_tokens"]))
    writer.add_float32("irlens.training.minutes", state["seconds"] / 60)
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["width"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["hidden"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["heads"])
    writer.add_rope_dimension_count(shape["width"] // shape["heads"])
    writer.add_rope_freq_base(shape["rope_base"])
    writer.add_layer_norm_rms_eps(shape["norm_epsilon"])
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0 if quantise else gguf.LlamaFileType.ALL_F32)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    _add_vocabulary(writer, tokenizer)
    for ours, weight in state["model"].items():
        _add_tensor(writer, _theirs(ours), weight.float().numpy(), quantise)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _theirs(ours: str) -> str:
    whole = {
        "embedding.weight": "token_embd.weight",
        "norm.weight": "output_norm.weight",
        "output.weight": "output.weight",
    }
    if ours in whole:
        return whole[ours]
    _, block, rest = ours.split(".", 2)
    return f"blk.{block}.{NAMES[rest]}"


def _add_tensor(writer: gguf.GGUFWriter, name: str, weight: np.ndarray, quantise: bool) -> None:
    weight = np.ascontiguousarray(weight, dtype=np.float32)
    if quantise and weight.ndim == 2:
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(weight, kind), raw_dtype=kind)
    else:
        writer.add_tensor(name, weight)


def _add_vocabulary(writer: gguf.GGUFWriter, tokenizer: Path) -> None:
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
    tokens, scores, types = [], [], []
    for index in range(pieces.vocab_size()):
        tokens.append(pieces.id_to_piece(index).encode())
        scores.append(pieces.get_score(index))
        if pieces.is_unknown(index):
            types.append(gguf.TokenType.UNKNOWN)
        elif pieces.is_control(index):
            types.append(gguf.TokenType.CONTROL)
        elif pieces.is_byte(index):
            types.append(gguf.TokenType.BYTE)
        else:
            types.append(gguf.TokenType.NORMAL)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(pieces.bos_id())
    writer.add_eos_token_id(pieces.eos_id())
    writer.add_unk_token_id(pieces.unk_id())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--checkpoint", type=Path, default=Path("work/checkpoint.pt"))
    parser.add_argument("--tokenizer", type=Path, default=Path("work/tokenizer.model"))
    parser.add_argument("--out", type=Path, default=Path("server/irlens/data/irlens-embedded.gguf"))
    parser.add_argument("--f32", action="store_true", help="do not quantise")
    arguments = parser.parse_args()
    export(arguments.checkpoint, arguments.tokenizer, arguments.out, quantise=not arguments.f32)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

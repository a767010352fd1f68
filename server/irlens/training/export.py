"""From a checkpoint to a GGUF file that llama.cpp of 2023 and later loads, quantised to Q8_0.

Vocabulary scores and kinds are SentencePiece's own, so that llama.cpp's tokenizer makes the same pieces. The
metadata says what the file is and how it was trained.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from irlens.training.model import NORM_EPS, ROPE_BASE

NAME = "irlens-small"
FILE = Path(__file__).resolve().parents[1] / "data" / "irlens-small-q8_0.gguf"
"""The model in the package."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Write WORK/checkpoint.pt as GGUF")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--output", type=Path, default=FILE)
    parser.add_argument("--quantisation", choices=("F32", "F16", "Q8_0", "Q4_0"), default="Q8_0")
    options = parser.parse_args()
    export(options.work, options.output, options.quantisation)
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")


def export(work: Path, output: Path, quantisation: str = "Q8_0") -> Path:
    """Write the file; matrices are quantised, norms stay F32."""
    import gguf
    import numpy as np
    import torch

    saved = torch.load(work / "checkpoint.pt", weights_only=True)
    shape, state = saved["shape"], saved["state"]
    writer = gguf.GGUFWriter(output, "llama")
    writer.add_name(NAME)
    writer.add_description(
        "Edits mechanical lifts of x86-64 and AArch64 functions, predicts pass pipelines, names pass lists"
    )
    writer.add_string("irlens.family", "irlens")
    writer.add_string(
        "irlens.training",
        json.dumps(_training(state)),
    )
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["width"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["feed_forward"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["heads"])
    writer.add_rope_dimension_count(shape["width"] // shape["heads"])
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(NORM_EPS)
    writer.add_file_type({"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 7}[quantisation])
    texts, scores, kinds = vocabulary(work)
    writer.add_vocab_size(len(texts))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(texts)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    kind = gguf.GGMLQuantizationType[quantisation]
    for name, tensor in saved["network"].items():
        values = tensor.float().numpy().astype(np.float32)
        if values.ndim == 1 or quantisation == "F32":
            writer.add_tensor(name, values)
        else:
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return output


def _training(state: dict[str, Any]) -> dict[str, int]:
    """What the weights cost in all, with the trainings they began from."""
    before = state.get("before", {})
    return {
        "tokens": state["tokens"] + before.get("tokens", 0),
        "steps": state["step"] + before.get("steps", 0),
        "seconds": round(state["seconds"]) + before.get("seconds", 0),
    }


def vocabulary(work: Path) -> tuple[list[bytes], list[float], list[int]]:
    """Pieces, scores and GGUF's kinds (1 normal, 2 unknown, 3 control, 6 byte), in SentencePiece's order."""
    import sentencepiece

    pieces: Any = sentencepiece.SentencePieceProcessor(model_file=str(work / "tokenizer.model"))
    texts, scores, kinds = [], [], []
    for index in range(pieces.vocab_size()):
        texts.append(pieces.id_to_piece(index).encode())
        scores.append(pieces.get_score(index))
        kinds.append(
            2
            if pieces.is_unknown(index)
            else 3
            if pieces.is_control(index)
            else 6
            if pieces.is_byte(index)
            else 1
        )
    return texts, scores, kinds


if __name__ == "__main__":
    main()

"""Which files the ctransformers engine can load, told without importing it."""

from __future__ import annotations

from irlens.model.gguf_header import Header

NAME_OF = "ctransformers"
"""What settings call the engine."""
NAME = "ctransformers 0.2.27"
"""The engine with the only version of its library that it was written for."""

_TYPES = frozenset(
    ["F32", "F16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"]
)


def installed() -> str | None:
    """The version that is installed; None where there is none."""
    # Not above: reading what is installed brings the parser of mail, which takes longer than all else of this file.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ctransformers")
    except PackageNotFoundError:
        return None


def unsupported(header: Header) -> str | None:
    """Why this engine cannot use the file, as a sentence with what to do next; None if it can."""
    path, arch = header.path, header.architecture
    if arch != "llama":
        return (
            f"{path} has the architecture {arch or '(none named)'}; the ctransformers engine runs "
            "llama only. Choose a model of the llama architecture."
        )
    if header.number("split.count") > 1:
        return f"{path} is one part of a split model. Merge the parts with llama.cpp's gguf-split first."
    if header.number("llama.expert_count") > 0:
        return f"{path} is a mixture of experts, which ctransformers cannot run. Choose a dense llama model."
    types = sorted({tensor.type_name for tensor in header.tensors} - _TYPES)
    if types:
        return (
            f"{path} holds {', '.join(types)} tensors, which ctransformers does not know. Choose a file in "
            "F16, Q8_0, Q4_0, Q5_0 or a K-quant such as Q4_K_M."
        )
    vocabulary = header.text("tokenizer.ggml.model")
    if vocabulary != "llama":
        return (
            f"{path} has a {vocabulary or 'missing'} vocabulary; ctransformers reads SentencePiece ones "
            "(llama) only. Choose another model."
        )
    tokens = header.metadata.get("tokenizer.ggml.tokens", [])
    if not isinstance(tokens, list) or len(tokens) < 259 or tokens[3] != "<0x00>" or tokens[258] != "<0xFF>":
        return (
            f"{path} has a vocabulary without byte tokens at 3 to 258, where ctransformers looks for them. "
            "Choose another model, or export this one with byte fallback."
        )
    names = {tensor.name for tensor in header.tensors}
    missing = sorted({"token_embd.weight", "output_norm.weight", "output.weight"} - names)
    if missing:
        return (
            f"{path} lacks {', '.join(missing)}, which ctransformers needs (tied embeddings are not enough). "
            "Convert it again with its own output matrix."
        )
    if header.data_end > header.size:
        return (
            f"{path} is truncated: it has {header.size:,} bytes and its header promises {header.data_end:,}. "
            "Download or copy it again."
        )
    return None

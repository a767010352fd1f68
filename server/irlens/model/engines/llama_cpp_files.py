"""Which files the llama-cpp-python engine can load, told without importing it.

llama.cpp knows more architectures and tensor types with every release and says which it does not know, so only what
it would end its process over, or say badly, is looked at here.
"""

from __future__ import annotations

from irlens.model.gguf_header import TENSOR_TYPES, Header

NAME_OF = "llama-cpp-python"
"""What settings call the engine."""


def installed() -> str | None:
    """The version that is installed; None where there is none."""
    # Not above: reading what is installed brings the parser of mail, which takes longer than all else of this file.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("llama-cpp-python")
    except PackageNotFoundError:
        return None


def unsupported(header: Header) -> str | None:
    """Why this engine cannot use the file, as a sentence with what to do next; None if it can, as far as its header
    tells."""
    path = header.path
    if not header.architecture:
        return f"{path} names no architecture. Convert the model again with a current llama.cpp."
    if header.number("split.count") > 1:
        return f"{path} is one part of a split model. Merge the parts with llama.cpp's gguf-split first."
    types = sorted({tensor.type_name for tensor in header.tensors if tensor.kind not in TENSOR_TYPES})
    if types:
        return f"{path} holds tensors of {', '.join(types)}, which is not known. Choose another quantisation."
    if header.text("tokenizer.ggml.model") in ("", "none"):
        return f"{path} has no vocabulary. Convert the model again, with its tokenizer beside it."
    if header.data_end > header.size:
        return (
            f"{path} is truncated: it has {header.size:,} bytes and its header promises {header.data_end:,}. "
            "Download or copy it again."
        )
    return None

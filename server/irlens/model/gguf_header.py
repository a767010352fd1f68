"""What a GGUF file says about itself, read without its weights and without an inference library.

The server uses it to name the model, to choose the prompts and to say why a file cannot be used before
anything native opens it. It knows nothing of engines: what an engine supports is the engine's to say.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Plain reads, no memory map: a file that is
cut short while it is mapped kills the process that maps it.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from irlens.errors import ModelUnavailable

_MAX_COUNT = 1 << 24
_MAX_KEPT = 512
"""Arrays longer than this keep only their first elements: vocabularies are large, nobody needs them here."""

# type number -> (struct format, bytes)
_SCALARS = {
    0: ("<B", 1),
    1: ("<b", 1),
    2: ("<H", 2),
    3: ("<h", 2),
    4: ("<I", 4),
    5: ("<i", 4),
    6: ("<f", 4),
    7: ("<?", 1),
    10: ("<Q", 8),
    11: ("<q", 8),
    12: ("<d", 8),
}
_STRING, _ARRAY = 8, 9

TENSOR_TYPES: Mapping[int, tuple[str, int, int]] = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    9: ("Q8_1", 32, 40),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1),
    25: ("I16", 1, 2),
    26: ("I32", 1, 4),
    27: ("I64", 1, 8),
    28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66),
    39: ("MXFP4", 32, 17),
}
"""Type number -> name, elements a block, bytes a block."""

_FILE_TYPES = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
}

_OTHER_FORMATS = {
    b"tjgg": "an old GGML file",
    b"lmgg": "an old GGML file",
    b"fmgg": "an old GGML file",
    b"algg": "a LoRA adapter in an old GGML format",
    b"PK\x03\x04": "a zip archive (PyTorch weights, perhaps)",
    b"vers": "a Git LFS pointer, not the weights themselves",
}


@dataclass(frozen=True)
class Tensor:
    """One tensor's entry. `kind` is its type number, `offset` counts bytes from the start of the data."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int

    @property
    def elements(self) -> int:
        return prod(self.shape)

    @property
    def bytes(self) -> int:
        _, block, size = TENSOR_TYPES.get(self.kind, ("", 1, 0))
        return self.elements // block * size

    @property
    def type_name(self) -> str:
        return TENSOR_TYPES[self.kind][0] if self.kind in TENSOR_TYPES else f"type {self.kind}"


@dataclass(frozen=True)
class Header:
    """The head of a GGUF file. `metadata` holds scalars, strings and the first elements of arrays;
    `array_lengths` the full length of each array. `size` and `data_offset` are bytes."""

    path: str
    size: int
    version: int
    metadata: Mapping[str, Any]
    array_lengths: Mapping[str, int]
    tensors: tuple[Tensor, ...]
    data_offset: int

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        return self.text("general.name") or Path(self.path).stem

    @property
    def context(self) -> int:
        """The context it was trained with, in tokens; 0 where the file does not say."""
        return self.number(f"{self.architecture}.context_length")

    @property
    def parameters(self) -> int:
        return sum(tensor.elements for tensor in self.tensors)

    @property
    def quantisation(self) -> str:
        """The file's own name for it, else the type that holds most elements."""
        named = _FILE_TYPES.get(self.number("general.file_type", -1))
        if named:
            return named
        weight: Counter[str] = Counter()
        for tensor in self.tensors:
            weight[tensor.type_name] += tensor.elements
        return weight.most_common(1)[0][0] if weight else "unknown"

    @property
    def bytes_per_context_token(self) -> int:
        """Bytes of key/value cache that one token of context takes, in half precision."""
        arch = self.architecture
        heads = self.number(f"{arch}.attention.head_count") or 1
        kv_heads = self.number(f"{arch}.attention.head_count_kv") or heads
        width = self.number(f"{arch}.embedding_length") // heads * kv_heads
        return 2 * 2 * self.number(f"{arch}.block_count") * width

    @property
    def data_end(self) -> int:
        """Where the last tensor ends: the least size the file must have, bytes."""
        return self.data_offset + max((tensor.offset + tensor.bytes for tensor in self.tensors), default=0)

    def text(self, key: str) -> str:
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, default: int = 0) -> int:
        value = self.metadata.get(key)
        return value if isinstance(value, int) else default


def read_header(path: str) -> Header:
    """Read the head of `path`.

    Raises `ModelUnavailable` with a reason that a user can act on: no such file, no permission, not a GGUF
    file, a GGUF version or byte order that cannot be read, a damaged or truncated file.
    """
    try:
        with open(path, "rb", buffering=1 << 20) as file:
            size = file.seek(0, 2)
            file.seek(0)
            return _read(file, path, size)
    except FileNotFoundError:
        raise ModelUnavailable(f"There is no file {path}. Check the path given as the model.") from None
    except IsADirectoryError:
        raise ModelUnavailable(f"{path} is a directory. Give the path of the .gguf file inside it.") from None
    except PermissionError:
        raise ModelUnavailable(
            f"{path} may not be read by this user. Change its permissions, or choose another model."
        ) from None
    except OSError as problem:
        raise ModelUnavailable(
            f"{path} cannot be read: {problem.strerror}. Check the path given as the model."
        ) from problem
    except (struct.error, EOFError):
        raise ModelUnavailable(
            f"{path} ends in the middle of its header: it is truncated or damaged. Download or copy it again."
        ) from None


def _read(file: BinaryIO, path: str, size: int) -> Header:
    magic = file.read(4)
    if magic != b"GGUF":
        what = _OTHER_FORMATS.get(magic, "empty" if not size else "something else")
        raise ModelUnavailable(
            f"{path} is not a GGUF file: it is {what}. Give a .gguf file of a llama-architecture model."
        )
    (version,) = _unpack(file, "<I", 4)
    if version & 0xFFFF == 0 and version:
        raise ModelUnavailable(f"{path} is a big-endian GGUF file. Convert it for little-endian machines.")
    if version not in (2, 3):
        raise ModelUnavailable(
            f"{path} is GGUF version {version}; irlens reads versions 2 and 3. Convert the model again with "
            "a current llama.cpp."
        )
    tensor_count, pair_count = _unpack(file, "<QQ", 16)
    if tensor_count > _MAX_COUNT or pair_count > _MAX_COUNT:
        raise EOFError
    metadata: dict[str, Any] = {}
    lengths: dict[str, int] = {}
    for _ in range(pair_count):
        key = _string(file, size)
        (kind,) = _unpack(file, "<I", 4)
        if kind == _ARRAY:
            lengths[key], metadata[key] = _array(file, size)
        else:
            metadata[key] = _scalar(file, size, kind)
    tensors = tuple(_tensor(file, size) for _ in range(tensor_count))
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 1:
        alignment = 32
    data_offset = -(-file.tell() // alignment) * alignment
    return Header(path, size, version, metadata, lengths, tensors, data_offset)


def _unpack(file: BinaryIO, form: str, size: int) -> tuple[Any, ...]:
    return struct.unpack(form, file.read(size))


def _string(file: BinaryIO, size: int) -> str:
    (length,) = _unpack(file, "<Q", 8)
    if length > size:
        raise EOFError
    data = file.read(length)
    if len(data) != length:
        raise EOFError
    return data.decode("utf-8", "replace")


def _scalar(file: BinaryIO, size: int, kind: int) -> Any:
    if kind == _STRING:
        return _string(file, size)
    if kind not in _SCALARS:
        raise EOFError
    form, width = _SCALARS[kind]
    return _unpack(file, form, width)[0]


def _array(file: BinaryIO, size: int) -> tuple[int, list[Any]]:
    """The array's full length and its first elements."""
    kind, count = _unpack(file, "<IQ", 12)
    if count > size:
        raise EOFError
    if kind in _SCALARS:
        kept = [_scalar(file, size, kind) for _ in range(min(count, _MAX_KEPT))]
        skip = (count - len(kept)) * _SCALARS[kind][1]
        if file.tell() + skip > size:
            raise EOFError
        file.seek(skip, 1)
        return count, kept
    values: list[Any] = []
    for index in range(count):
        value = _scalar(file, size, kind)
        if index < _MAX_KEPT:
            values.append(value)
    return count, values


def _tensor(file: BinaryIO, size: int) -> Tensor:
    name = _string(file, size)
    (dimensions,) = _unpack(file, "<I", 4)
    if dimensions > 4:
        raise EOFError
    shape = _unpack(file, f"<{dimensions}Q", 8 * dimensions)
    kind, offset = _unpack(file, "<IQ", 12)
    return Tensor(name, shape, kind, offset)

"""What a GGUF file says about itself, read without its weights and without an inference library.

The server uses it to name the model, to choose the prompts and to say why a file cannot be used before
anything native opens it. It knows nothing of engines: what an engine supports is the engine's to say.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Plain reads, no memory map: a file that is
cut short while it is mapped kills the process that maps it.
"""

from __future__ import annotations

import os
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from math import prod
from pathlib import Path
from typing import Any

from irlens.errors import ModelUnavailable
from irlens.files import NotRegular, open_regular

MOST_BYTES = 64 << 20
"""A header beyond this is refused. Those with the largest vocabularies have about 20 MB."""
_STEPS = (1 << 20, 8 << 20, MOST_BYTES)
_MOST_PAIRS, _MOST_TENSORS, _MOST_STRINGS = 1 << 16, 1 << 15, 1 << 21
"""Vocabularies have up to 300,000 strings, with as many pairs to merge; models up to some thousand tensors."""
_LEAST_PAIR, _LEAST_TENSOR = 13, 24
"""Bytes."""
_LONGEST_KEY, _LONGEST_NAME = (1 << 16) - 1, 256
_LONGEST_KEPT = 1 << 20
"""Bytes of a string; longer ones, such as another library's whole tokenizer, are passed over."""
_MOST_KEPT_BYTES = 8 << 20
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
_LENGTH = struct.Struct("<Q")

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
    """Read the head of `path`, a file that is trusted or in a process that may be lost (others: `model.headers`).

    Raises `ModelUnavailable` with a reason that a user can act on: no such file, no regular file, no permission, not a
    GGUF file, a GGUF version or byte order that cannot be read, a damaged or truncated file, a header beyond all need.
    """
    with opened(path) as (file, size):
        for block in prefixes(file, size):
            header = parse(block, size, path)
            if header is not None:
                return header
    raise _damaged(path)


@contextmanager
def opened(path: str) -> Iterator[tuple[FileIO, int]]:
    """The file and its size in bytes. Raises `ModelUnavailable`, also for what goes wrong in the block."""
    try:
        with open_regular(path) as file:
            yield file, os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise ModelUnavailable(f"There is no file {path}. Check the path given as the model.") from None
    except NotRegular as problem:
        if problem.kind == "a folder":
            raise ModelUnavailable(
                f"{path} is a directory. Give the path of the .gguf file inside it."
            ) from None
        raise ModelUnavailable(
            f"{path} is {problem.kind}, not a file. Give the path of a .gguf file."
        ) from None
    except PermissionError:
        raise ModelUnavailable(
            f"{path} may not be read by this user. Change its permissions, or choose another model."
        ) from None
    except OSError as problem:
        raise ModelUnavailable(
            f"{path} cannot be read: {problem.strerror or problem}. Check the path given as the model."
        ) from problem


def prefixes(file: FileIO, size: int) -> Iterator[bytes]:
    """Longer and longer beginnings of the file, up to all of it or the most that a header may take."""
    most = min(size, MOST_BYTES)
    for step in _STEPS:
        length = min(step, most)
        file.seek(0)
        pieces = []
        while length and (piece := file.read(length)):
            pieces.append(piece)
            length -= len(piece)
        yield b"".join(pieces)
        if step >= most:
            return


def parse(block: bytes, size: int, path: str) -> Header | None:
    """The header that is in `block`, the beginning of a file of `size` bytes; None where it goes on behind the block.
    Time and memory are bounded by the block, and by less where a header is larger than a model's. Raises
    `ModelUnavailable`."""
    try:
        return _Head(block, size, path).header()
    except _More:
        return None
    except (struct.error, EOFError):
        raise _damaged(path) from None
    except _TooMuch as problem:
        raise ModelUnavailable(
            f"{path} has {problem} in its header, more than any model needs, so it is not read on. Convert the model "
            "again, or choose another."
        ) from None


def _damaged(path: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"{path} ends in the middle of its header: it is truncated or damaged. Download or copy it again."
    )


class _More(Exception):
    """The header goes on behind the block."""


class _TooMuch(Exception):
    """What there is too much of."""


class _Head:
    """A place in a block that moves on as it is read. What is longer than the file can hold raises `EOFError`."""

    def __init__(self, block: bytes, size: int, path: str) -> None:
        self._block = block
        self._size = size
        self._path = path
        self._at = 0
        self._kept = 0
        self._strings = 0

    def header(self) -> Header:
        path = self._path
        magic = self._block[:4]
        if magic != b"GGUF":
            what = _OTHER_FORMATS.get(magic, "empty" if not self._size else "something else")
            raise ModelUnavailable(
                f"{path} is not a GGUF file: it is {what}. Give a .gguf file of a llama-architecture model."
            )
        self._at = 4
        (version,) = self._unpack("<I", 4)
        if version & 0xFFFF == 0 and version:
            raise ModelUnavailable(
                f"{path} is a big-endian GGUF file. Convert it for little-endian machines."
            )
        if version not in (2, 3):
            raise ModelUnavailable(
                f"{path} is GGUF version {version}; irlens reads versions 2 and 3. Convert the model again with "
                "a current llama.cpp."
            )
        tensor_count, pair_count = self._unpack("<QQ", 16)
        self._bound(tensor_count, _LEAST_TENSOR, _MOST_TENSORS, "tensors")
        self._bound(pair_count, _LEAST_PAIR, _MOST_PAIRS, "entries")
        metadata: dict[str, Any] = {}
        lengths: dict[str, int] = {}
        for _ in range(pair_count):
            key = self._string(_LONGEST_KEY, "a key")
            (kind,) = self._unpack("<I", 4)
            if kind == _ARRAY:
                lengths[key], metadata[key] = self._array()
            elif kind == _STRING:
                text = self._value()
                if text is not None:
                    metadata[key] = text
            else:
                metadata[key] = self._scalar(kind)
        tensors = tuple(self._tensor() for _ in range(tensor_count))
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment < 1:
            alignment = 32
        data_offset = -(-self._at // alignment) * alignment
        return Header(path, self._size, version, metadata, lengths, tensors, data_offset)

    def _bound(self, count: int, least: int, most: int, what: str) -> None:
        """`least`: bytes that each takes."""
        if count * least > self._size - self._at:
            raise EOFError
        if count > most:
            raise _TooMuch(f"{count:,} {what}")

    def _skip(self, length: int) -> int:
        """Go on by so many bytes; where they begin."""
        at, end = self._at, self._at + length
        if end > len(self._block):
            if end > self._size:
                raise EOFError
            if end > MOST_BYTES:
                raise _TooMuch(f"more than {MOST_BYTES >> 20} MiB")
            raise _More
        self._at = end
        return at

    def _unpack(self, form: str, length: int) -> tuple[Any, ...]:
        return struct.unpack_from(form, self._block, self._skip(length))

    def _string(self, longest: int, what: str) -> str:
        (length,) = self._unpack("<Q", 8)
        if length > self._size - self._at:
            raise EOFError
        if length > longest:
            raise _TooMuch(f"{what} of {length:,} bytes")
        return self._text(length)

    def _value(self) -> str | None:
        """A string; None for one so long that nobody here needs it."""
        (length,) = self._unpack("<Q", 8)
        if length > _LONGEST_KEPT:
            self._skip(length)
            return None
        return self._text(length)

    def _text(self, length: int) -> str:
        at = self._skip(length)
        self._kept += length
        if self._kept > _MOST_KEPT_BYTES:
            raise _TooMuch(f"more than {_MOST_KEPT_BYTES >> 20} MiB of texts")
        return self._block[at : at + length].decode("utf-8", "replace")

    def _scalar(self, kind: int) -> Any:
        if kind not in _SCALARS:
            raise EOFError
        form, width = _SCALARS[kind]
        return self._unpack(form, width)[0]

    def _array(self) -> tuple[int, list[Any]]:
        """The array's full length and its first elements."""
        kind, count = self._unpack("<IQ", 12)
        if kind in _SCALARS:
            width = _SCALARS[kind][1]
            if count * width > self._size - self._at:
                raise EOFError
            kept = [self._scalar(kind) for _ in range(min(count, _MAX_KEPT))]
            self._skip((count - len(kept)) * width)
            return count, kept
        if kind != _STRING:
            raise EOFError
        self._strings += count
        self._bound(count, 8, _MOST_STRINGS, "strings")
        if self._strings > _MOST_STRINGS:
            raise _TooMuch(f"{self._strings:,} strings")
        values = [self._value() or "" for _ in range(min(count, _MAX_KEPT))]
        self._pass_over(count - len(values))
        return count, values

    def _pass_over(self, count: int) -> None:
        """Go on behind so many strings. There may be millions."""
        block, end, at, length_at = self._block, len(self._block) - 8, self._at, _LENGTH.unpack_from
        for _ in range(count):
            if at > end:
                self._skip(at + 8 - self._at)
            at += 8 + length_at(block, at)[0]
        self._skip(at - self._at)

    def _tensor(self) -> Tensor:
        name = self._string(_LONGEST_NAME, "a tensor's name")
        (dimensions,) = self._unpack("<I", 4)
        if dimensions > 4:
            raise EOFError
        shape = self._unpack(f"<{dimensions}Q", 8 * dimensions)
        kind, offset = self._unpack("<IQ", 12)
        return Tensor(name, shape, kind, offset)

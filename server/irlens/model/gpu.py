"""How many layers of a model fit a GPU's free memory: sums, and what is said of them.

Counted are the weights of each layer, its part of the key/value cache (half precision) and the buffers that one
evaluation needs. The formula of those is an upper bound of what llama.cpp reserved for the 7B's shape, 0 to 26 % over it
(0.3.36, contexts of 2,048 and 16,384, batches of 64 and 512, with flash attention and without). What a driver takes
for itself is a guess, `RESERVED`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from irlens.model.gguf_header import Header

MIB = 1 << 20
RESERVED = 512 * MIB
"""Left free on each GPU: the driver's context, the desktop, and what was not counted."""


@dataclass(frozen=True)
class Device:
    """A GPU. `free` and `total` are bytes."""

    name: str
    free: int
    total: int


@dataclass(frozen=True)
class Fit:
    """So many layers, of how many that can be placed; what they take, bytes; why no more, or none."""

    layers: int
    of: int
    bytes: int
    why: str


def fit(
    header: Header,
    context: int,
    batch: int,
    devices: Sequence[Device],
    *,
    flash_attention: bool,
    cache_last: bool,
) -> Fit:
    """The most layers that fit `devices` together.

    `cache_last`: the engine keeps the cache in main memory until all layers are placed, and counts its halves as two
    layers more (llama.cpp of 2023); else a layer brings its part of the cache, and the output comes first.
    """
    steps = _steps(header, context, cache_last=cache_last)
    buffers = evaluation_bytes(header, context, batch, flash_attention=flash_attention)
    room = sum(max(0, device.free - RESERVED - buffers) for device in devices)
    taken = [0, *accumulate(steps)]
    layers = max(count for count, total in enumerate(taken) if total <= room)
    names = ", ".join(f"{device.name} ({_gib(device.free)} free)" for device in devices)
    if layers == len(steps):
        why = f"all of it fits {names}"
    elif layers == 0:
        why = f"no layer fits {names} with a context of {context:,} tokens"
    else:
        needed = taken[-1] + buffers + RESERVED
        why = f"all would take {_gib(needed)} with a context of {context:,} tokens, and there is {names}"
    return Fit(layers, len(steps), taken[layers] + (buffers if layers else 0), why)


def evaluation_bytes(header: Header, context: int, batch: int, *, flash_attention: bool) -> int:
    """At most what one evaluation of `batch` tokens needs beside weights and cache."""
    arch = header.architecture
    vocabulary = header.array_lengths.get("tokenizer.ggml.tokens", 32_000)
    wide = header.number(f"{arch}.feed_forward_length")
    mask = (2 if flash_attention else 4) * context
    scores = 0 if flash_attention else 4 * header.number(f"{arch}.attention.head_count") * context
    return batch * (4 * (vocabulary + 2 * wide) + mask + scores)


def _steps(header: Header, context: int, *, cache_last: bool) -> list[int]:
    """Bytes that each layer more takes, in the order in which an engine places them."""
    # A block has a tensor at least; a file may say anything.
    count = min(header.number(f"{header.architecture}.block_count"), len(header.tensors))
    weights: Counter[int] = Counter()
    output = 0
    for tensor in header.tensors:
        parts = tensor.name.split(".")
        if parts[0] == "blk" and len(parts) > 1 and parts[1].isdigit():
            weights[int(parts[1])] += tensor.bytes
        elif parts[0] in ("output", "output_norm"):
            output += tensor.bytes
    cache = header.bytes_per_context_token * context
    layers = [weights[number] for number in reversed(range(count))]
    if cache_last:
        return [*layers, output, cache // 2, cache - cache // 2]
    return [output, *(layer + cache // max(1, count) for layer in layers)]


def _gib(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB"

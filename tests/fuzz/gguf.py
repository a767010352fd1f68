"""GGUF headers from strangers: the reader's own errors, in bounded time and memory, whatever the file is.

A case is one byte that says what kind of file it is, and the file's first bytes. Most are regular files; a large one is
sparse.
"""

from __future__ import annotations

import json
import os
import selectors
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fuzz.broken import Broken
from fuzz.sandbox import Sandbox
from irlens.model.gguf_header import TENSOR_TYPES

LIMIT_S = 10.0
MOST_SECONDS = 5.0
"""Processor time of one header. The largest real ones, of 70B models with 256,000 words, take under a second."""
MOST_KB = 400 << 10
FIFO, DIRECTORY, DEVICE, LARGEST = 255, 254, 253, 34
"""Kinds of file; others up to `LARGEST` are regular ones, and those above 20 are made that power of two long."""

_lengths = st.sampled_from(
    [0, 1, 7, 32, 511, 2**16, 2**24, 2**24 + 1, 2**32, 5 * 10**8, 7 * 10**9, 2**63, 2**64 - 1]
)
_KEYS = st.sampled_from(
    ["general.architecture", "general.name", "general.alignment", "general.file_type", "llama.context_length",
     "llama.attention.head_count", "llama.block_count", "tokenizer.ggml.tokens", "irlens.training", ""]
)  # fmt: skip


def _text(value: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(value) if length is None else length) + value


_strings = st.one_of(
    st.sampled_from([b"llama", b"tiny", b"\xff\xfe", b"\x1b]0;title\x07", b"a" * 2000, b'{"a":' * 1200]),
    st.binary(max_size=20),
)
_scalars: dict[int, tuple[str, Any]] = {
    0: ("<B", st.integers(0, 255)),
    4: ("<I", st.sampled_from([0, 1, 2, 32, 2**32 - 1])),
    5: ("<i", st.integers(-(2**31), 2**31 - 1)),
    6: ("<f", st.floats(width=32)),
    7: ("<B", st.integers(0, 3)),
    10: ("<Q", st.sampled_from([0, 1, 2**63, 2**64 - 1])),
    12: ("<d", st.floats()),
}


@st.composite
def _value(draw: st.DrawFn, depth: int = 0) -> bytes:
    """A value with its type before it; some lie about their length."""
    kind = draw(st.sampled_from([*_scalars, 8, 8, 9, 9, 13, 2**31]))
    if kind in _scalars:
        form, numbers = _scalars[kind]
        return struct.pack("<I", kind) + struct.pack(form, draw(numbers))
    if kind == 8:
        return struct.pack("<I", 8) + _text(draw(_strings), draw(st.none() | _lengths))
    if kind != 9:
        return struct.pack("<I", kind)
    inner = draw(st.sampled_from([0, 4, 8, 9, 12, 99]))
    items = [draw(_value(depth + 1))[4:] if depth < 4 else b"" for _ in range(draw(st.integers(0, 3)))]
    count = draw(st.none() | _lengths)
    return struct.pack("<IIQ", 9, inner, len(items) if count is None else count) + b"".join(items)


@st.composite
def headers(draw: st.DrawFn) -> bytes:
    pairs = [
        _text(draw(_KEYS).encode(), draw(st.none() | st.none() | _lengths)) + draw(_value())
        for _ in range(draw(st.integers(0, 6)))
    ]
    tensors = []
    for _ in range(draw(st.integers(0, 4))):
        shape = draw(st.lists(_lengths, max_size=5))
        kind = draw(st.sampled_from([*TENSOR_TYPES, 4, 99]))
        tensors.append(
            _text(draw(_strings))
            + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
            + struct.pack("<IQ", kind, draw(_lengths))
        )
    counts = [draw(st.none() | st.none() | _lengths) for _ in range(2)]
    magic = draw(st.sampled_from([b"GGUF"] * 12 + [b"FUGG", b"tjgg", b"", b"GG"]))
    version = draw(st.sampled_from([3] * 8 + [2, 1, 0, 3 << 24, 2**32 - 1]))
    head = struct.pack(
        "<IQQ",
        version,
        len(tensors) if counts[0] is None else counts[0],
        len(pairs) if counts[1] is None else counts[1],
    )
    made = magic + head + b"".join(pairs) + b"".join(tensors)
    kind = draw(st.sampled_from([0] * 10 + [21, 28, 31, 33, LARGEST, FIFO, DIRECTORY, DEVICE]))
    cut = draw(st.none() | st.none() | st.integers(0, len(made)))
    return bytes([kind]) + made[:cut]


class Gguf:
    """Reads in a child that is started anew when it was ended."""

    name = "gguf"

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._folder = sandbox.root / "data" / "headers"
        self._folder.mkdir(exist_ok=True)
        self._child: subprocess.Popen[bytes] | None = None
        self._hung: dict[int, set[bytes]] = {}
        self._most_s = 0.0
        self._most_kb = 0

    def cases(self) -> st.SearchStrategy[bytes]:
        return headers()

    def pieces(self, case: bytes) -> None:
        return None

    def check(self, case: bytes) -> None:
        kind = case[0] if case else 0
        if kind in self._hung and case not in self._hung[kind]:
            return  # every file of this kind would take its limit
        path = _made(self._folder / "header.gguf", kind, case[1:])
        answer = self._ask(path)
        what = {FIFO: " (FIFO)", DIRECTORY: " (directory)", DEVICE: " (device)"}.get(kind, "")
        if answer is None:
            if kind >= DEVICE:
                self._hung.setdefault(kind, set()).add(case)
            raise Broken(f"a GGUF header is read for over {LIMIT_S:g} s{what}")
        if "escaped" in answer or answer["kb"] > MOST_KB:
            self._end()  # its peak would be seen again with each later case
        if "escaped" in answer:
            raise Broken(f"a GGUF header: {answer['escaped']}{what}", answer["detail"])
        self._most_s, self._most_kb = max(self._most_s, answer["seconds"]), max(self._most_kb, answer["kb"])
        if answer["seconds"] > MOST_SECONDS:
            raise Broken(f"a GGUF header takes over {MOST_SECONDS:g} s of processor{what}", str(answer))
        if answer["kb"] > MOST_KB:
            raise Broken(f"a GGUF header takes over {MOST_KB >> 10} MiB{what}", str(answer))

    def finish(self) -> dict[str, str]:
        self._end()
        return {"longest": f"{self._most_s:.2f} s of processor", "largest": f"{self._most_kb >> 10} MiB"}

    def _ask(self, path: Path) -> dict[str, Any] | None:
        """The child's answer; None where there was none in time."""
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "fuzz.gguf_reader"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(str(path)).encode() + b"\n")
        self._child.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.stdout, selectors.EVENT_READ)
            ready = selector.select(LIMIT_S)
        line = self._child.stdout.readline() if ready else b""
        if not line:
            code = self._child.poll()
            self._end()
            if ready:
                raise Broken(f"reading a GGUF header ends the process ({code})")
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
        self._child = None


def _made(path: Path, kind: int, data: bytes) -> Path:
    """The file that the case describes."""
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    if kind == FIFO:
        os.mkfifo(path)
    elif kind == DIRECTORY:
        path.mkdir()
    elif kind == DEVICE:
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes(data)
        if 20 < kind <= LARGEST:
            os.truncate(path, 1 << kind)
    return path

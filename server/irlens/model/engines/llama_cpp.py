"""The engine over llama-cpp-python: a current llama.cpp, and every GPU that it was built for.

It is used below its own `Llama` class, because that chooses wrongly for us: it reads `</s>` and `[INST]` in a prompt as
special tokens, keeps one prompt only, cannot be stopped inside a prompt, and prints what llama.cpp logs. Nothing here
may be called from two threads at once.

**The same reply, kept or not.** How many tokens a call evaluates shows in what it computes: with random weights a prompt
read in calls of 64 and of one gave logits that differed by 0.12 in Q4_0 and 0.01 in F16 and Q6_K (by nothing in Q8_0
and Q4_K). So calls end at multiples of the batch size and at a prompt's end, a call is kept whole or not at all, and a
prompt that is kept to its end is kept with its logits: what is asked again evaluates nothing.

**Several prompts.** The cache holds one; those before it are copied out of it and back. Measured on one core of a busy
machine with weights of the 7B's shape (0.5 MiB of cache a token): a prompt of 135 tokens took 14.7 s to the first token
of its reply, 0.15 s when it was asked again after another one, which had to be copied out first, 0.03 s the next time;
a cancel inside a prompt was heard after 21 ms. The embedded model, 1,202 tokens: 164 ms and 0.5 ms. The other way,
several sequences in one cache, needs no copies, but either reserves a context for each (8 GiB apiece for a 7B), or lays
them beside each other, and then attention runs over all of them: beside another prompt of 1,202 tokens the embedded
model made 1,415 tokens/s instead of 3,062.
"""

from __future__ import annotations

import ctypes
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from irlens.errors import ModelUnavailable
from irlens.model.constraint import Constraint
from irlens.model.engine import EngineOptions, Evaluated
from irlens.model.engines.common import (
    ATTEMPTS_APART,
    MOST_REFUSED,
    context_of,
    default_threads,
    step_seed,
    text_bytes,
)
from irlens.model.engines.llama_cpp_files import NAME_OF, installed, unsupported
from irlens.model.engines.llama_cpp_library import library
from irlens.model.engines.tokens import TokenEngine
from irlens.model.gguf_header import Header, read_header
from irlens.model.types import GenerateOptions

_CPU_BATCH, _GPU_BATCH = 64, 512
"""Measured on one core, two layers of the 7B's shape in Q4_K: 16 tokens a call read 202 tokens/s, 64 read 219, 256
read 224. More would make a cancel wait for nothing."""
_CPU_FLASH_ATTENTION, _GPU_FLASH_ATTENTION = 0, -1
"""Off, and as llama.cpp sees fit. Measured on one core without and with it: the embedded model behind 1,200 tokens
makes 2,440 and 1,610 tokens/s and reads 7,460 and 9,170; those two layers behind 3,000 make 40.4 and 37.7, and read 173
and 165."""
_KEPT_PROMPTS = 4
"""Copies, the one of what is in the cache among them. Together they take no more than the cache itself does, or
`_SMALL_ROOM`, and none more than a quarter of what memory is free."""
_SMALL_ROOM = 256 << 20
_WORTH_KEEPING = 32
"""Tokens. Fewer are evaluated again sooner than copied."""
_ABORTED = 2


@dataclass(eq=False)
class _Kept:
    """An evaluated prompt outside the cache: its tokens, the cache's part, the logits at its end (None where it was
    cancelled before)."""

    tokens: list[int]
    state: Any
    logits: Any


class LlamaCppEngine(TokenEngine):
    """A loaded model. Making one takes seconds for large files."""

    def __init__(self, path: str, options: EngineOptions) -> None:
        header = read_header(path)
        reason = unsupported(header)
        if reason:
            raise ModelUnavailable(reason)
        layers = options.gpu_layers or 0
        gpu = layers > 0
        self._llama, self._numpy, self._log = library()
        self.name = f"{NAME_OF} {installed()}"
        self.context = context_of(header, options.context)
        threads = options.threads or default_threads(header.size)
        self._batch = max(1, min(options.batch_size or (_GPU_BATCH if gpu else _CPU_BATCH), self.context))
        if gpu and not self._llama.llama_supports_gpu_offload():
            raise ModelUnavailable(
                "This llama-cpp-python was built without a GPU. Install one with CUDA, Metal or Vulkan "
                "(docs/engines.md), or set gpu_layers to 0."
            )
        self._model = self._load(header, layers)
        self._vocab = self._llama.llama_model_get_vocab(self._model)
        self._vocabulary = self._llama.llama_vocab_n_tokens(self._vocab)
        self._stop_now: Callable[[], bool] = _never
        # Kept as long as the context: C holds only its address.
        self._abort = self._llama.ggml_abort_callback(lambda _: self._stop_now())
        self._no_abort = self._llama.ggml_abort_callback()
        self._ctx = self._new_context(header, threads, gpu)
        self._memory = self._llama.llama_get_memory(self._ctx)
        where = f"GPU ({layers} layers)" if gpu else "CPU"
        self.device = f"{where}, {threads} thread{'s' if threads > 1 else ''}"
        self._pieces: dict[int, bytes] = {}
        self._last = {
            token for token in range(self._vocabulary) if self._llama.llama_vocab_is_eog(self._vocab, token)
        }
        """The tokens that end a reply."""
        self._past: list[int] = []
        """What lies in the cache: `_read` tokens of a prompt, and those of its reply."""
        self._read = 0
        self._end_logits: Any = None
        self._logits: Any = None
        self._shared: tuple[int | None, Any] | None = None
        self._kept: deque[_Kept] = deque()
        """The one used last comes last."""
        self._room = max(_SMALL_ROOM, header.bytes_per_context_token * self.context)

    def close(self) -> None:
        self._kept.clear()
        if self._ctx is not None:
            self._llama.llama_free(self._ctx)
            self._llama.llama_model_free(self._model)
            self._ctx = self._model = None

    # Text and tokens

    def _tokens(self, text: str) -> list[int]:
        """Tokens of a prompt, with the begin token in front where the model has one. Marks of special tokens are text:
        they may stand in a user's source."""
        llama, data = self._llama, text_bytes(text)
        room = (llama.llama_token * (len(data) + 8))()
        count = llama.llama_tokenize(self._vocab, data, len(data), room, len(room), False, False)
        if count < 0:
            room = (llama.llama_token * -count)()
            count = llama.llama_tokenize(self._vocab, data, len(data), room, len(room), False, False)
        begin = [llama.llama_vocab_bos(self._vocab)] if llama.llama_vocab_get_add_bos(self._vocab) else []
        tokens = begin + room[:count]
        # With nothing to go on from there would be no logits.
        return tokens or [llama.llama_vocab_bos(self._vocab)]

    def _piece(self, token: int) -> bytes:
        piece = self._pieces.get(token)
        if piece is None:
            room = ctypes.create_string_buffer(64)
            size = self._llama.llama_token_to_piece(self._vocab, token, room, 64, 0, False)
            if size < 0:
                room = ctypes.create_string_buffer(-size)
                size = self._llama.llama_token_to_piece(self._vocab, token, room, -size, 0, False)
            piece = self._pieces[token] = room.raw[:size]
        return piece

    # Evaluating

    def _evaluate_prompt(
        self, tokens: list[int], cancelled: Callable[[], bool], tell: Evaluated | None
    ) -> int:
        """Evaluate what is not there from an earlier prompt; returns how many tokens that were."""
        whole = len(tokens)
        keep = self._go_back_to(tokens)
        if tell is not None:
            tell(keep, whole)
        self._stop_now = cancelled
        self._llama.llama_set_abort_callback(self._ctx, self._abort, None)
        try:
            while self._read < whole and not cancelled():
                if not self._decode(tokens[self._read : (self._read // self._batch + 1) * self._batch]):
                    break
                self._read = len(self._past)
                if tell is not None:
                    tell(self._read, whole)
        finally:
            self._stop_now = _never
            self._llama.llama_set_abort_callback(self._ctx, self._no_abort, None)
        if self._read == whole and self._end_logits is None:
            self._end_logits = self._logits.copy()
        return self._read - keep

    def _decode(self, tokens: list[int]) -> bool:
        """Evaluate tokens in one call; False where it was aborted, and then as if it had never begun."""
        llama, before = self._llama, len(self._past)
        # Named, because the batch holds only its address.
        array = (llama.llama_token * len(tokens))(*tokens)
        self._log.clear()
        code = llama.llama_decode(self._ctx, llama.llama_batch_get_one(array, len(tokens)))
        if code == _ABORTED:
            self._drop_from(before)
            return False
        if code != 0:
            self._drop_from(0)
            raise ModelUnavailable(
                f"The model could not evaluate this prompt ({self._log.why() or f'code {code}'}); memory may be short. "
                "Set a smaller context, or fewer layers on the GPU."
            )
        self._past += tokens
        self._logits = self._logits_at(llama.llama_get_logits_ith(self._ctx, -1))
        return True

    def _logits_at(self, pointer: Any) -> Any:
        """The library's logits as an array, made anew only where they moved: that takes 3 us, as long as all else that
        is done here for a token."""
        address = ctypes.cast(pointer, ctypes.c_void_p).value
        if self._shared is None or self._shared[0] != address:
            array = self._numpy.ctypeslib.as_array(pointer, (self._vocabulary,))
            self._shared = address, array
        return self._shared[1]

    # What is kept

    def _go_back_to(self, tokens: list[int]) -> int:
        """Make the cache hold what can be used of an earlier prompt, and tell how many tokens that is. Where it holds
        another prompt, that one is copied out of it first."""
        here = self._usable(tokens, self._past[: self._read], self._end_logits)
        best = max(self._kept, key=lambda kept: self._usable(tokens, kept.tokens, kept.logits), default=None)
        there = self._usable(tokens, best.tokens, best.logits) if best is not None else 0
        if self._read - here >= _WORTH_KEEPING:
            self._keep()
        if best is not None and there > here:
            if best in self._kept:
                self._kept.remove(best)
                self._kept.append(best)
            here = there if self._put_back(best) else 0
        self._drop_from(here)
        if self._end_logits is not None:
            self._logits = self._end_logits
        return self._read

    def _usable(self, tokens: list[int], evaluated: list[int], logits: Any) -> int:
        """How many of the evaluated tokens a prompt of `tokens` would have evaluated in the very same calls."""
        if logits is not None and tokens == evaluated:
            return len(tokens)
        common = min(len(evaluated), len(tokens) - 1)
        if tokens[:common] != evaluated[:common]:
            common = next(at for at in range(common) if tokens[at] != evaluated[at])
        return common // self._batch * self._batch

    def _keep(self) -> None:
        """Copy the prompt in the cache out of it, where memory allows."""
        prompt = self._past[: self._read]
        if any(kept.tokens == prompt for kept in self._kept):
            return
        self._drop_from(self._read)
        size = self._llama.llama_state_seq_get_size(self._ctx, 0)
        if size > min(self._room, _free_memory() // 4):
            return
        state = self._numpy.empty(size, self._numpy.uint8)
        if self._llama.llama_state_seq_get_data(self._ctx, _bytes_of(state), size, 0) != size:
            return
        self._kept.append(_Kept(prompt, state, self._end_logits))
        while len(self._kept) > _KEPT_PROMPTS or sum(kept.state.nbytes for kept in self._kept) > self._room:
            self._kept.popleft()

    def _put_back(self, kept: _Kept) -> bool:
        self._drop_from(0)
        if not self._llama.llama_state_seq_set_data(self._ctx, _bytes_of(kept.state), kept.state.nbytes, 0):
            self._drop_from(0)
            return False
        self._past, self._read, self._end_logits = list(kept.tokens), len(kept.tokens), kept.logits
        return True

    def _drop_from(self, position: int) -> None:
        if not self._llama.llama_memory_seq_rm(self._memory, 0, position, -1):
            # An architecture whose memory cannot forget a part: then all of it goes.
            self._llama.llama_memory_clear(self._memory, False)
            position = 0
        del self._past[position:]
        if position < self._read:
            self._read, self._end_logits = position, None

    # Choosing

    def _ends(self, token: int) -> bool:
        return token in self._last

    def _go_on(self, token: int) -> None:
        self._decode([token])

    def _choose(self, options: GenerateOptions, step: int) -> int:
        return self._sample(self._logits, options, step)

    def _other(
        self, constraint: Constraint, token: int, options: GenerateOptions, step: int
    ) -> tuple[int, Constraint | None]:
        first, logits = token, self._logits.copy()
        for attempt in range(1, MOST_REFUSED + 1):
            logits[token] = -self._numpy.inf
            token = self._sample(logits, options, step + attempt * ATTEMPTS_APART)
            if self._allowed(constraint, token):
                return token, constraint
        if getattr(constraint, "binds", False):
            for other in self._numpy.argsort(-logits, kind="stable"):
                if self._allowed(constraint, int(other)):
                    return int(other), constraint
        return first, None

    def _sample(self, logits: Any, options: GenerateOptions, step: int) -> int:
        if options.temperature <= 0:
            return int(logits.argmax())
        llama, numpy = self._llama, self._numpy
        table = numpy.empty(self._vocabulary, [("id", numpy.int32), ("logit", "f4"), ("p", "f4")])
        table["id"], table["logit"], table["p"] = numpy.arange(self._vocabulary), logits, 0
        candidates = llama.llama_token_data_array(
            table.ctypes.data_as(llama.llama_token_data_p), self._vocabulary, -1, False
        )
        chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        if options.top_k > 0:
            llama.llama_sampler_chain_add(chain, llama.llama_sampler_init_top_k(options.top_k))
        llama.llama_sampler_chain_add(chain, llama.llama_sampler_init_top_p(options.top_p, 1))
        llama.llama_sampler_chain_add(chain, llama.llama_sampler_init_temp(options.temperature))
        llama.llama_sampler_chain_add(chain, llama.llama_sampler_init_dist(step_seed(options.seed, step)))
        llama.llama_sampler_apply(chain, ctypes.byref(candidates))
        llama.llama_sampler_free(chain)
        return int(candidates.data[candidates.selected].id)

    # Loading

    def _load(self, header: Header, gpu_layers: int) -> Any:
        params = self._llama.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        self._log.clear()
        model = self._llama.llama_model_load_from_file(os.fsencode(header.path), params)
        if not model:
            raise ModelUnavailable(
                f"llama.cpp could not load {header.path}: {self._log.why() or 'it does not say why'}. Its weights take "
                f"{header.size:,} bytes: if memory is short, choose a smaller quantisation or fewer layers on the GPU; "
                "else convert the model again with a current llama.cpp."
            )
        return model

    def _new_context(self, header: Header, threads: int, gpu: bool) -> Any:
        params = self._llama.llama_context_default_params()
        params.n_ctx = self.context
        params.n_batch = params.n_ubatch = self._batch
        params.n_seq_max = 1
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = _GPU_FLASH_ATTENTION if gpu else _CPU_FLASH_ATTENTION
        params.no_perf = True
        self._log.clear()
        context = self._llama.llama_init_from_model(self._model, params)
        if not context:
            cache = header.bytes_per_context_token * self.context
            self._llama.llama_model_free(self._model)
            raise ModelUnavailable(
                f"There is no memory for a context of {self.context:,} tokens, which takes {cache:,} bytes beside the "
                f"weights' {header.size:,} ({self._log.why() or 'no reason given'}). Set a smaller context, or fewer "
                "layers on the GPU."
            )
        return context


def _never() -> bool:
    return False


def _bytes_of(array: Any) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))


def _free_memory() -> int:
    """Bytes, as far as the system tells."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 1 << 62

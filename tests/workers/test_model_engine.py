"""The ctransformers engine on small random models: what the library gets wrong by itself, and ours not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from irlens.errors import PromptTooLong, UnusableInput
from irlens.model.engine import Ended, EngineOptions
from irlens.model.engines.common import default_threads, step_seed
from irlens.model.engines.ctransformers import CTransformersEngine
from irlens.model.types import GenerateOptions
from support.tiny_gguf import write_tiny

PROMPT = "define i32 add nsw i32 ret entry label call void tail"
LONG = " ".join(["define"] * 150)
GREEDY = GenerateOptions(max_tokens=40)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny(tmp_path_factory.mktemp("model") / "tiny.gguf"))


def engine_of(path: str, **options: int) -> CTransformersEngine:
    return CTransformersEngine(path, EngineOptions(threads=1, **options))


def run(
    engine: CTransformersEngine, prompt: str, options: GenerateOptions = GREEDY, cancel_after: int = 1 << 30
) -> tuple[str, Ended]:
    """The reply and how it ended. The cancel flag is up from its `cancel_after`th reading on."""
    pieces: list[str] = []
    looks = iter(range(1 << 30))
    ended = engine.generate(prompt, options, pieces.append, lambda: next(looks) >= cancel_after)
    return "".join(pieces), ended


def test_context_is_the_files_and_can_be_made_smaller(tiny: str) -> None:
    assert engine_of(tiny).context == 256
    assert engine_of(tiny, context=100).context == 100
    assert engine_of(tiny, context=100_000).context == 256


def test_greedy_is_deterministic(tiny: str) -> None:
    engine = engine_of(tiny)
    first, ended = run(engine, PROMPT)
    assert ended.tokens == 40
    assert ended.stopped == "length"
    assert run(engine, PROMPT)[0] == first
    assert run(engine_of(tiny), PROMPT)[0] == first
    two = CTransformersEngine(tiny, EngineOptions(threads=2))
    assert first.startswith(run(two, PROMPT, GenerateOptions(max_tokens=3))[0].rstrip("\ufffd"))


def test_the_same_seed_gives_the_same_reply_and_another_another(tiny: str) -> None:
    engine = engine_of(tiny)

    def sampled(seed: int) -> str:
        return run(engine, PROMPT, GenerateOptions(max_tokens=30, temperature=1.5, top_k=0, seed=seed))[0]

    replies = {seed: sampled(seed) for seed in range(4)}
    assert len(set(replies.values())) == 4
    assert {seed: sampled(seed) for seed in range(4)} == replies


def test_every_token_is_drawn_with_a_seed_of_its_own() -> None:
    seeds = {step_seed(seed, step) for seed in range(20) for step in range(200)}
    assert len(seeds) == 4000
    assert all(0 <= seed < 1 << 31 for seed in seeds)


def test_a_reply_may_fill_the_context_and_no_more(tiny: str) -> None:
    engine = engine_of(tiny, context=64)
    _, ended = run(engine, PROMPT, GenerateOptions(max_tokens=1000))
    assert ended.stopped == "length"
    assert ended.prompt_tokens + ended.tokens == 65


def test_the_end_token_ends_a_reply_and_is_not_in_it(tmp_path: Path) -> None:
    engine = engine_of(str(write_tiny(tmp_path / "ends.gguf", endless=False, vocab=300, context=1024)))

    def sampled(seed: int, most: int) -> tuple[str, Ended]:
        return run(
            engine, PROMPT, GenerateOptions(max_tokens=most, temperature=5.0, top_k=0, top_p=1.0, seed=seed)
        )

    seed, text, count = next(
        (seed, text, ended.tokens)
        for seed in range(50)
        for text, ended in [sampled(seed, 900)]
        if ended.stopped == "end"
    )
    assert sampled(seed, count)[0] == text
    assert sampled(seed, count)[1].stopped == "length"
    assert sampled(seed, count + 1)[1].stopped == "end"


def test_a_prompt_that_does_not_fit_is_refused_with_the_numbers(tiny: str) -> None:
    engine = engine_of(tiny, context=64)
    prompt = "define " * 100
    count = engine.count(prompt)
    with pytest.raises(PromptTooLong, match=rf"{count} tokens .* 64") as refused:
        run(engine, prompt)
    assert (refused.value.prompt_tokens, refused.value.context) == (count, 64)


def test_text_with_more_tokens_than_characters(tiny: str) -> None:
    """The library's own call writes past its buffer here: 3 or 4 byte tokens for each character."""
    engine = engine_of(tiny)
    assert engine.count("") == 1
    assert engine.count("日") == 1 + 1 + 3
    assert engine.count("🎉" * 5000) == 1 + 1 + 4 * 5000
    assert engine.count(" " * 3000) == 1 + 3001


def test_a_nul_byte_is_refused_not_cut_at(tiny: str) -> None:
    with pytest.raises(UnusableInput, match="NUL"):
        engine_of(tiny).count("before\0after")


def test_a_stop_string_that_is_split_over_tokens_ends_the_reply(tiny: str) -> None:
    engine = engine_of(tiny)
    whole, _ = run(engine, PROMPT, GenerateOptions(max_tokens=100))
    start = next(at for at in range(20, len(whole)) if "\ufffd" not in whole[at : at + 12])
    stop = whole[start : start + 12]
    expected = whole[: whole.index(stop) + len(stop)]
    text, ended = run(engine, PROMPT, GenerateOptions(max_tokens=100, stop=("never this", stop)))
    assert text == expected
    assert ended.stopped == "stop"
    assert ended.tokens < 100


def test_a_cancel_between_tokens_keeps_what_there_is(tiny: str) -> None:
    engine = engine_of(tiny)
    whole, _ = run(engine, PROMPT)
    text, ended = run(engine, PROMPT, cancel_after=8)
    assert ended.stopped == "cancelled"
    assert 0 < ended.tokens < 8
    assert whole.startswith(text.rstrip("\ufffd"))


def test_a_cancel_between_parts_of_the_prompt(tiny: str) -> None:
    engine = engine_of(tiny, batch_size=16)
    text, ended = run(engine, LONG, cancel_after=3)
    assert (text, ended.tokens, ended.stopped) == ("", 0, "cancelled")
    assert ended.prompt_tokens == 151
    assert ended.evaluated == 3 * 16


def test_a_cancelled_prompt_is_gone_on_with(tiny: str) -> None:
    engine = engine_of(tiny, batch_size=16)
    run(engine, LONG, cancel_after=3)
    text, ended = run(engine, LONG)
    assert ended.evaluated == 151 - 3 * 16
    assert text == run(engine_of(tiny, batch_size=16), LONG)[0]


@pytest.mark.parametrize("quantisation", ["F32", "Q8_0"])
def test_a_common_prefix_is_kept_and_changes_nothing(tmp_path: Path, quantisation: str) -> None:
    path = str(write_tiny(tmp_path / "prefix.gguf", quantisation=quantisation, seed=3))
    head = "define i32 add nsw label entry " * 10
    warm = engine_of(path, batch_size=16)
    prompts = [head + tail for tail in ("ret", "call void", "ret", "store ptr align " * 5)]
    for index, prompt in enumerate(prompts):
        cold = engine_of(path, batch_size=16)
        text, ended = run(warm, prompt)
        expected, whole = run(cold, prompt)
        assert text == expected
        assert whole.evaluated == whole.prompt_tokens
        if index:
            assert ended.evaluated <= whole.prompt_tokens - 48


def test_the_same_prompt_again_costs_one_token(tiny: str) -> None:
    engine = engine_of(tiny)
    first, cold = run(engine, PROMPT)
    second, warm = run(engine, PROMPT)
    assert (cold.evaluated, warm.evaluated) == (cold.prompt_tokens, 1)
    assert first == second


@pytest.mark.parametrize("quantisation", ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"])
def test_k_quants_compute_what_their_weights_say(tmp_path: Path, quantisation: str) -> None:
    """DESIGN's "not tried": logits of random K-quant weights beside those of the same weights in F32."""
    sizes = {"embedding": 256, "feed_forward": 256, "layers": 2, "vocab": 512}
    both = []
    for dequantised in (False, True):
        path = tmp_path / f"{dequantised}.gguf"
        write_tiny(path, quantisation=quantisation, dequantised=dequantised, **sizes)
        engine = engine_of(str(path))
        run(engine, PROMPT, GenerateOptions(max_tokens=1))
        both.append(list(engine._llm.logits))
    packed, plain = both
    dot = sum(a * b for a, b in zip(packed, plain, strict=True))
    lengths = (sum(a * a for a in packed) * sum(b * b for b in plain)) ** 0.5
    assert lengths > 1.0
    assert dot / lengths > 0.99


def test_small_models_get_one_thread() -> None:
    assert default_threads(20 << 20) == 1
    assert default_threads(4 << 30) >= 1


OFFLINE = """
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith("socket.") else None)
from irlens.model.engine import EngineOptions
from irlens.model.engines.common import default_threads, step_seed
from irlens.model.engines.ctransformers import CTransformersEngine
from irlens.model.types import GenerateOptions
engine = CTransformersEngine(sys.argv[1], EngineOptions())
engine.generate("define", GenerateOptions(max_tokens=3), lambda text: None, lambda: False)
reached = [event for event in seen if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto")]
sys.exit(f"reached for the network: {reached}" if reached else 0)
"""


def test_nothing_reaches_for_the_network(tiny: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, tiny], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")

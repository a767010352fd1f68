"""One suite for every engine that holds weights: what the protocol in `model.engine` promises, on small models.

What needs a process of its own (death, memory, two requests at once) is in `test_engine_conformance_model.py`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from irlens.errors import PromptTooLong, UnusableInput
from irlens.model.engine import Engine
from irlens.model.types import GenerateOptions
from support.engines import KINDS, Kind, run
from support.tiny_gguf import write_tiny

PROMPT = "define i32 add nsw i32 ret entry label call void tail"
LONG = " ".join(["define"] * 150)
GREEDY = GenerateOptions(max_tokens=40)
SAID = "é日🎉"


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param.name == "llama-cpp-python":
        pytest.importorskip("llama_cpp", reason="the llama extra is not installed")
    return request.param


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny(tmp_path_factory.mktemp("model") / "tiny.gguf"))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Large enough that reading a prompt of 3,000 tokens takes a second or so."""
    path = tmp_path_factory.mktemp("model") / "large.gguf"
    return str(write_tiny(path, embedding=768, feed_forward=2048, layers=4, heads=12, context=4096))


@pytest.fixture(scope="session")
def saying(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model that says `SAID`, one byte a token."""
    return str(write_tiny(tmp_path_factory.mktemp("model") / "says.gguf", says=SAID.encode()))


@pytest.fixture
def engine(kind: Kind, tiny: str) -> Engine:
    return kind.engine(tiny)


# Streaming and stopping


def test_pieces_come_while_the_reply_is_made(engine: Engine) -> None:
    events: list[str] = []

    def look() -> bool:
        events.append("look")
        return False

    ended = engine.generate(PROMPT, GREEDY, lambda text: events.append("piece"), look)
    assert 0 < ended.first_token_s < ended.seconds
    assert events.count("piece") > 10
    # The flag is looked at before every token: there are tokens to make yet when the first piece comes.
    assert events[events.index("piece") :].count("look") > 30


@pytest.mark.parametrize("where", ["between tokens", "in the prompt"])
def test_a_cancel_is_heard_at_once(kind: Kind, large: str, where: str) -> None:
    """It comes from another thread, wherever the engine then is; a call reads at most 64 tokens."""
    engine = kind.engine(large, batch_size=64)
    asked: list[float] = []

    def ask() -> None:
        asked.append(time.monotonic())

    later = threading.Timer(0.03, ask)

    def start(*_: object) -> None:
        if later.ident is None:
            later.start()

    if where == "between tokens":
        prompt, tell, emit = PROMPT, None, start
    else:
        prompt, tell, emit = "define " * 3000, start, (lambda text: None)
    options = GenerateOptions(max_tokens=3000)
    ended = engine.generate(prompt, options, emit, lambda: bool(asked), None, tell)
    took = time.monotonic() - asked[0]
    assert ended.stopped == "cancelled"
    assert bool(ended.tokens) is (where == "between tokens")
    assert ended.evaluated < 1000
    print(f"{kind.name}, {where}: {took * 1000:.1f} ms")
    assert took < 3  # ms, but for a machine that has other things to do


def test_a_cancel_inside_an_evaluation(kind: Kind, large: str) -> None:
    """All of the prompt is one call; the flag goes up at the 30th look."""
    engine = kind.engine(large, batch_size=512)
    looks = iter(range(1 << 30))
    text, ended = run(engine, "define " * 400, GREEDY, lambda: next(looks) >= 30)
    if not kind.inside:
        assert ended.evaluated == ended.prompt_tokens
        return
    assert (text, ended.tokens, ended.evaluated, ended.stopped) == ("", 0, 0, "cancelled")
    expected, _ = run(kind.engine(large, batch_size=512), "define " * 400, GREEDY)
    assert run(engine, "define " * 400, GREEDY)[0] == expected


def test_a_cancelled_prompt_is_gone_on_with(kind: Kind, tiny: str) -> None:
    engine = kind.engine(tiny, batch_size=16)
    told: list[tuple[int, int]] = []
    _, ended = run(
        engine, LONG, GREEDY, lambda: told[-1:] == [(48, 151)], evaluated=lambda *at: told.append(at)
    )
    assert (ended.prompt_tokens, ended.evaluated, ended.stopped) == (151, 48, "cancelled")
    assert told == [(0, 151), (16, 151), (32, 151), (48, 151)]
    text, ended = run(engine, LONG, GREEDY)
    assert ended.evaluated == 151 - 48
    assert text == run(kind.engine(tiny, batch_size=16), LONG, GREEDY)[0]


def test_a_stop_string_ends_the_reply_and_is_in_it(engine: Engine) -> None:
    whole, _ = run(engine, PROMPT, GenerateOptions(max_tokens=100))
    start = next(at for at in range(20, len(whole)) if "\ufffd" not in whole[at : at + 12])
    stop = whole[start : start + 12]
    text, ended = run(engine, PROMPT, GenerateOptions(max_tokens=100, stop=("never this", stop)))
    assert text == whole[: whole.index(stop) + len(stop)]
    assert ended.stopped == "stop"
    assert ended.tokens < 100


def test_a_stop_string_of_three_tokens(kind: Kind, saying: str) -> None:
    text, ended = run(kind.engine(saying), PROMPT, GenerateOptions(stop=("日",)))
    assert (text, ended.tokens, ended.stopped) == ("é日", 5, "stop")


def test_characters_that_are_cut_between_tokens_come_whole(kind: Kind, saying: str) -> None:
    pieces: list[str] = []
    ended = kind.engine(saying).generate(PROMPT, GREEDY, pieces.append, lambda: False)
    assert pieces == list(SAID)
    assert (ended.tokens, ended.stopped) == (len(SAID.encode()), "end")


def test_a_reply_that_ends_inside_a_character_says_so(kind: Kind, saying: str) -> None:
    text, ended = run(kind.engine(saying), PROMPT, GenerateOptions(max_tokens=4))
    assert (text, ended.stopped) == ("é\ufffd", "length")


# Choosing


def test_greedy_is_deterministic(kind: Kind, tiny: str, engine: Engine) -> None:
    first, ended = run(engine, PROMPT, GREEDY)
    assert (ended.tokens, ended.stopped) == (40, "length")
    assert run(engine, PROMPT, GREEDY)[0] == first
    assert run(kind.engine(tiny), PROMPT, GREEDY)[0] == first


def test_the_same_seed_gives_the_same_reply_and_another_another(
    kind: Kind, tiny: str, engine: Engine
) -> None:
    def sampled(engine: Engine, seed: int) -> str:
        return run(engine, PROMPT, GenerateOptions(max_tokens=30, temperature=1.5, top_k=0, seed=seed))[0]

    replies = {seed: sampled(engine, seed) for seed in range(4)}
    assert len(set(replies.values())) == 4
    other = kind.engine(tiny)
    assert {seed: sampled(other, seed) for seed in range(4)} == replies


def test_top_k_of_one_is_greedy_whatever_the_temperature(engine: Engine) -> None:
    hot = GenerateOptions(max_tokens=40, temperature=5.0, top_k=1)
    assert run(engine, PROMPT, hot)[0] == run(engine, PROMPT, GREEDY)[0]


class No:
    """Refuses pieces by a rule, and ends after `least` of them."""

    def __init__(self, refuses: Callable[[str], bool], least: int = 0, binds: bool = False) -> None:
        self.refuses, self.least, self.binds = refuses, least, binds
        self.pieces: list[str] = []

    def allows(self, piece: str) -> bool:
        return bool(piece) and not self.refuses(piece)

    def take(self, piece: str) -> None:
        assert self.allows(piece) or not self.binds
        self.pieces.append(piece)

    def may_end(self) -> bool:
        return len(self.pieces) >= self.least


@pytest.mark.parametrize("temperature", [0.0, 3.0])
def test_what_a_constraint_refuses_is_not_chosen(engine: Engine, temperature: float) -> None:
    free = [
        run(engine, PROMPT, GenerateOptions(12, temperature, 0, 1.0, seed))[0].lower() for seed in range(6)
    ]
    letter = next(letter for letter in free[0] if letter.isascii() and letter.isalpha())
    for seed in range(6):
        held = No(lambda piece: letter in piece.lower(), 12, binds=True)
        text, _ = run(engine, PROMPT, GenerateOptions(12, temperature, 0, 1.0, seed), constraint=held)
        assert letter not in text.lower()
        assert len(held.pieces) == 12


def test_a_constraint_that_binds_gets_the_one_token_it_allows(engine: Engine) -> None:
    text, ended = run(engine, PROMPT, GREEDY, constraint=No(lambda piece: piece != "Z", 99, binds=True))
    assert text == "Z" * ended.tokens
    assert ended.tokens == 40


def test_one_that_does_not_bind_is_left_where_it_refuses_all_that_is_likely(engine: Engine) -> None:
    expected, _ = run(engine, PROMPT, GREEDY)
    assert run(engine, PROMPT, GREEDY, constraint=No(lambda piece: piece != "Z", 99))[0] == expected


def test_a_reply_may_not_end_before_the_constraint_lets_it(kind: Kind, saying: str) -> None:
    held = No(lambda piece: False, 12, binds=True)
    _, ended = run(kind.engine(saying), PROMPT, GREEDY, constraint=held)
    assert ended.tokens >= 12


# What goes in


def test_a_prompt_that_does_not_fit_is_refused_with_the_numbers(kind: Kind, tiny: str) -> None:
    engine = kind.engine(tiny, context=64)
    prompt = "define " * 100
    count = engine.count(prompt)
    told: list[object] = []
    with pytest.raises(PromptTooLong, match=rf"{count} tokens .* 64") as refused:
        run(engine, prompt, GREEDY, evaluated=lambda *at: told.append(at))
    assert (refused.value.prompt_tokens, refused.value.context) == (count, 64)
    assert not told
    assert run(engine, PROMPT, GREEDY)[1].tokens > 0


def test_a_reply_may_fill_the_context_and_no_more(kind: Kind, tiny: str) -> None:
    _, ended = run(kind.engine(tiny, context=64), PROMPT, GenerateOptions(max_tokens=1000))
    assert ended.stopped == "length"
    assert ended.prompt_tokens + ended.tokens == 65


def test_a_prompt_that_leaves_room_for_one_token(kind: Kind, tiny: str) -> None:
    """The reply has two: the last one is made and not evaluated."""
    _, ended = run(kind.engine(tiny, context=64), "define" + " define" * 61, GenerateOptions(max_tokens=9))
    assert (ended.prompt_tokens, ended.tokens, ended.stopped) == (63, 2, "length")


@pytest.mark.parametrize("most", [0, 1])
def test_replies_of_no_token_and_of_one(engine: Engine, most: int) -> None:
    text, ended = run(engine, PROMPT, GenerateOptions(max_tokens=most))
    assert (ended.tokens, ended.stopped) == (most, "length")
    assert ended.evaluated == ended.prompt_tokens
    assert bool(text) is bool(most)
    assert run(engine, PROMPT, GREEDY)[0].startswith(text)


def test_an_empty_prompt_is_the_begin_token(engine: Engine) -> None:
    assert engine.count("") == 1
    _, ended = run(engine, "", GREEDY)
    assert (ended.prompt_tokens, ended.tokens) == (1, 40)


def test_a_nul_byte_is_refused_not_cut_at(engine: Engine) -> None:
    for ask in (lambda: engine.count("a\0b"), lambda: run(engine, "a\0b", GREEDY)):
        with pytest.raises(UnusableInput, match="NUL"):
            ask()


COUNTS = {
    "define": 2,
    "日": 1 + 1 + 3,
    "🎉" * 5000: 1 + 1 + 4 * 5000,
    " " * 3000: 1 + 3001,
}


@pytest.mark.parametrize("text", COUNTS, ids=lambda text: ascii(text[:8]))
def test_tokens_are_counted(engine: Engine, text: str) -> None:
    assert engine.count(text) == COUNTS[text]


def test_what_is_no_character_is_counted_as_a_question_mark(engine: Engine) -> None:
    assert engine.count("lone \ud800 surrogate") == engine.count("lone ? surrogate") > 3


@pytest.mark.parametrize("mark", ["<s>", "</s>", "<unk>", "[INST]", "<0x41>"])
def test_marks_of_special_tokens_in_a_source_are_text(engine: Engine, mark: str) -> None:
    assert engine.count(f"define{mark}ret") > engine.count("define ret") + len(mark) - 2


# What is kept


@pytest.mark.parametrize("quantisation", ["F32", "Q8_0", "Q4_0"])
def test_a_common_prefix_is_kept_and_changes_nothing(kind: Kind, tmp_path: Path, quantisation: str) -> None:
    path = str(write_tiny(tmp_path / "prefix.gguf", quantisation=quantisation, seed=3))
    head = "define i32 add nsw label entry " * 10
    warm = kind.engine(path, batch_size=16)
    prompts = [head + tail for tail in ("ret", "call void", "ret", "store ptr align " * 5)]
    for index, prompt in enumerate(prompts):
        text, ended = run(warm, prompt, GREEDY)
        expected, whole = run(kind.engine(path, batch_size=16), prompt, GREEDY)
        assert text == expected
        assert whole.evaluated == whole.prompt_tokens
        if index:
            assert ended.evaluated <= whole.prompt_tokens - 48


@pytest.mark.parametrize("quantisation", ["F32", "F16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"])
def test_what_is_kept_changes_no_bit(kind: Kind, tmp_path: Path, quantisation: str) -> None:
    sizes = {"embedding": 256, "feed_forward": 256, "context": 512}
    path = str(write_tiny(tmp_path / "bits.gguf", quantisation=quantisation, **sizes))  # type: ignore[arg-type]
    head, one = "define " * 40, GenerateOptions(max_tokens=1)
    pairs = [
        (head + "ret " * 5, head + "add " * 5),
        (head, head),
        (head, head + "ret"),
        (head, "define " * 20),
        (head, "define " * 31),
    ]
    for before, prompt in pairs:
        warm, cold = kind.engine(path, batch_size=32), kind.engine(path, batch_size=32)
        run(warm, before, one)
        _, kept = run(warm, prompt, one)
        _, whole = run(cold, prompt, one)
        assert kind.logits is not None
        assert kind.logits(warm) == kind.logits(cold)
        assert kept.evaluated <= whole.evaluated == whole.prompt_tokens


def test_the_same_prompt_again(kind: Kind, engine: Engine) -> None:
    first, cold = run(engine, PROMPT, GREEDY)
    second, warm = run(engine, PROMPT, GREEDY)
    assert (cold.evaluated, warm.evaluated) == (cold.prompt_tokens, kind.again)
    assert first == second


def test_prompts_asked_in_turn(kind: Kind, tiny: str) -> None:
    """Six of them, then all again from the last to the first: as many are still there as the engine keeps."""
    engine = kind.engine(tiny, batch_size=16)
    prompts = [f"{word} " * 50 for word in ("define", "ret", "call", "void", "store", "align")]
    first = {prompt: run(engine, prompt, GREEDY) for prompt in prompts}
    # The begin token is the same in all.
    assert all(ended.evaluated >= ended.prompt_tokens - 1 for _, ended in first.values())
    again = {prompt: run(engine, prompt, GREEDY) for prompt in reversed(prompts)}
    kept = [ended.evaluated == kind.again for _, ended in again.values()]
    assert kept == [True] * kind.prompts + [False] * (6 - kind.prompts)
    assert {prompt: text for prompt, (text, _) in again.items()} == {
        prompt: text for prompt, (text, _) in first.items()
    }


def test_a_prompt_that_was_cancelled_is_kept_as_far_as_it_was_read(kind: Kind, tiny: str) -> None:
    if kind.prompts == 1:
        pytest.skip("keeps one prompt only")
    engine = kind.engine(tiny, batch_size=16)
    told: list[tuple[int, int]] = []
    run(engine, LONG, GREEDY, lambda: told[-1:] == [(96, 151)], evaluated=lambda *at: told.append(at))
    run(engine, "ret " * 90, GREEDY)
    text, ended = run(engine, LONG, GREEDY)
    assert ended.evaluated == 151 - 96
    assert text == run(kind.engine(tiny, batch_size=16), LONG, GREEDY)[0]


def test_progress_of_a_prompt_is_told(kind: Kind, tiny: str) -> None:
    engine = kind.engine(tiny, batch_size=64)
    told: list[tuple[int, int]] = []
    run(engine, LONG, GREEDY, evaluated=lambda *at: told.append(at))
    assert told == [(0, 151), (64, 151), (128, 151), (151, 151)]
    told.clear()
    run(engine, LONG + " ret", GREEDY, evaluated=lambda *at: told.append(at))
    assert told[0][0] >= 128
    assert told[-1] == (152, 152)


def test_nothing_is_printed(kind: Kind, tiny: str, capfd: pytest.CaptureFixture[str]) -> None:
    engine = kind.engine(tiny)
    run(engine, PROMPT, GREEDY)
    engine.close()
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")

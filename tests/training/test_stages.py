"""The training stages on a tiny scale: generated functions only, no network, seconds.

One training of a few steps is shared by the tests; what they ask of it needs no good model.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from irlens.errors import UnusableInput
from irlens.ir.normal import decode
from irlens.ir.normal import lines_of as normal_lines
from irlens.llvm.client import LLVM
from irlens.model.client import Model
from irlens.model.prompts.irlens import END, unpacked
from irlens.model.types import GenerateOptions, LiftSource

torch = pytest.importorskip("torch", reason="PyTorch is not installed: make .venv/installed-training")

from irlens.training import export, pairs, seeds, tokenizer, train, warm  # noqa: E402
from irlens.training.model import Network, Shape  # noqa: E402

SHAPE = {"width": 64, "layers": 2, "heads": 2, "feed_forward": 96}
STEPS = 80


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which data was made, the vocabulary and the network trained, and the file exported."""
    folder = tmp_path_factory.mktemp("training")
    pairs.write_shard(folder, "mutated", 1, 150)
    pairs.write_shard(folder, "predict", 1, 40)
    tokenizer.train(folder, 700)
    train.train(folder, 1.0, SHAPE, step_tokens=1024, batch_tokens=1024, threads=1, steps=STEPS)
    export.export(folder, folder / "f32.gguf", "F32")
    export.export(folder, folder / "q8.gguf", "Q8_0")
    return folder


def rows(work: Path) -> list[list[str]]:
    return [
        line.split("\t")
        for path in sorted((work / "pairs").glob("*.tsv"))
        for line in path.read_text().splitlines()
    ]


def test_every_lift_pair_is_consistent(work: Path) -> None:
    """Each answer, decoded and lowered by LLVM, is the assembly that its question was lifted from."""
    from irlens.asm.normal import normalise
    from irlens.ir.normal import Symbol
    from irlens.training.asm_words import asm_words

    lifts = [row for row in rows(work) if row[0] == "lift" and "@" not in row[2] and ".O0" not in row[2]]
    assert len(lifts) > 30
    same = 0
    with LLVM(workers=1) as llvm:
        for _, _, question, answer, assembly in lifts[:30]:
            triple = pairs.TRIPLES[question.startswith("a64")]
            text = "\n".join(normal_lines(unpacked(answer.removesuffix(END)).split()))
            ir = decode(text, [Symbol("unused")], triple, "f")
            # A few were lowered with a frame pointer.
            kept = ' "frame-pointer"="all" {\nb0:' if re.search(r"\b(?:rbp|x29)\b", assembly) else " {\nb0:"
            ir = ir.replace(" {\nb0:", kept, 1)
            # The level of code generation is in no column.
            lowered = [normalise(llvm.lower(ir, triple, opt_level=level), "f", triple) for level in (2, 1, 0)]
            found = [" ".join(asm_words(each, {}, triple)) for each in lowered]
            assert assembly in found, (question, answer)
            same += 1
    assert same == 30


def test_training_learns(work: Path) -> None:
    """The loss after the steps is far below that of a network that knows nothing (uniform)."""
    saved = torch.load(work / "checkpoint.pt", weights_only=True)
    samples = train.Samples(work)
    samples.refresh()
    network = Network(Shape(**saved["shape"]))
    unlearned, _ = train.measured(network, samples.samples)
    network.load_state_dict(saved["network"])
    assert saved["state"]["step"] == STEPS
    assert train.measured(network, samples.samples)[0] < 0.8 * unlearned


def test_copies_answer_with_their_question(work: Path) -> None:
    samples = train.Samples(work)
    samples.refresh()
    made = samples.copies(random.Random(5), 50)
    assert len(made) == 50
    real = {tuple(tokens) for tokens, _ in samples.samples}
    for tokens, start in made:
        answer = tokens[start:-1]
        assert tokens[0] == 1
        assert tokens[-1] == 2
        assert 0 < len(answer) <= 64
        at = next(at for at in range(start) if tokens[at : at + len(answer)] == answer)
        assert 0 < at < start - len(answer) + 1
        assert tuple(tokens) not in real


def test_what_is_held_out_is_not_trained_on(work: Path, tmp_path: Path) -> None:
    """Neither a question that a held-out function has, nor one whose assembly it has."""
    (tmp_path / "tokenizer.model").write_bytes((work / "tokenizer.model").read_bytes())
    (tmp_path / "pairs").mkdir()
    lines = [
        "lift\theld-real\tx64 fn i32 ret.i32 1 =>\tfn i32 ret.i32 1 ;\tmovl 1 eax retq",
        "lift\treal\tx64 fn i32 ret.i32 1 =>\tfn i32 ret.i32 1 ;\tother retq",
        "lift\treal\tx64 fn i64 ret.i64 1 =>\tfn i32 ret.i32 1 ;\tmovl 1 eax retq",
        "lift\treal\tx64 fn i32 ret.i32 2 =>\tfn i32 ret.i32 2 ;\tmovl 2 eax retq",
        "predict\treal\trun x64 sccp 1 2 fn void ret =>\tfn void ret = 1 2 ;\t",
    ]
    (tmp_path / "pairs" / "real-00000.tsv").write_text("\n".join(lines) + "\n")
    samples = train.Samples(tmp_path)
    assert samples.refresh() == 2
    assert len(samples.held["lift"]) == 1
    assert train.shown("lift", "x64 fn i32 ret.i32 2 =>", "movl 2 eax", "assembly") == "x64 movl 2 eax =>"
    assert train.shown("lift", "x64 fn i32 =>", "movl 2 eax", "both") == "x64 movl 2 eax fn i32 =>"


def test_training_goes_on_from_its_checkpoint(work: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs").symlink_to(work / "pairs")
    for name in ("tokenizer.model", "checkpoint.pt"):
        (tmp_path / name).write_bytes((work / name).read_bytes())
    train.train(tmp_path, 1.0, {}, step_tokens=2048, batch_tokens=1024, threads=1, steps=STEPS + 2)
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert saved["state"]["step"] == STEPS + 2
    assert saved["shape"]["width"] == SHAPE["width"]
    assert len(saved["muon"]) == SHAPE["layers"] * 7


def test_nothing_to_train_on_is_said(tmp_path: Path, work: Path) -> None:
    (tmp_path / "tokenizer.model").write_bytes((work / "tokenizer.model").read_bytes())
    with pytest.raises(UnusableInput, match="Run the stage pairs"):
        train.train(tmp_path, 0.1, SHAPE)


def test_the_engine_computes_what_was_trained(work: Path) -> None:
    """The exported file, in the engine, tokenises and answers as the network does, greedily."""
    import sentencepiece

    saved = torch.load(work / "checkpoint.pt", weights_only=True)
    network = Network(Shape(**saved["shape"]))
    network.load_state_dict(saved["network"])
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(work / "tokenizer.model"))
    questions = [row[2] for row in rows(work) if row[0] == "lift"][:6]
    with Model(str(work / "f32.gguf")) as model:
        for question in questions:
            tokens = [1, *pieces.encode(question)]
            assert model.count_tokens(question) == len(tokens)
            reply: list[int] = []
            with torch.no_grad():
                for _ in range(12):
                    best = int(network(torch.tensor([tokens + reply]))[0, -1].argmax())
                    if best == 2:
                        break
                    reply.append(best)
            given = model.generate(question, GenerateOptions(max_tokens=12)).text
            assert given.strip() == pieces.decode(reply).strip()


def test_the_quantised_file_answers_a_lift(work: Path) -> None:
    lifted = "define i32 @f(i32 %a) {\n  ret i32 %a\n}\n"
    source = LiftSource("f:\n\tmovl\t%edi, %eax\n\tretq\n", "f", "x86_64-unknown-linux-gnu", lifted)
    with Model(str(work / "q8.gguf")) as model:
        assert model.info().quantisation == "Q8_0"
        prompt = model.family().lift(source)
        assert prompt is not None
        assert prompt.text == "x64 fn i32 i32 ret.i32 %0 =>"
        assert model.generate(prompt.text, GenerateOptions(max_tokens=20)).tokens > 0


def test_an_exported_model_can_be_gone_on_from(work: Path, tmp_path: Path) -> None:
    """Weights come back exactly from F32, and the vocabulary makes the same pieces."""
    import sentencepiece

    warm.begin(work / "f32.gguf", tmp_path)
    before = torch.load(work / "checkpoint.pt", weights_only=True)
    after = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert after["shape"] == before["shape"]
    assert set(after["network"]) == set(before["network"])
    for name, weights in before["network"].items():
        assert torch.equal(weights, after["network"][name]), name
    one = sentencepiece.SentencePieceProcessor(model_file=str(work / "tokenizer.model"))
    other = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "tokenizer.model"))
    for _, _, question, answer, _ in rows(work)[:200]:
        assert one.encode(f"{question} {answer} é") == other.encode(f"{question} {answer} é")
    with pytest.raises(UnusableInput, match="is there already"):
        warm.begin(work / "f32.gguf", tmp_path)


def test_the_embedded_model_can_be_gone_on_from(tmp_path: Path) -> None:
    """Its vocabulary, rebuilt for SentencePiece, makes the pieces that the engine makes."""
    import sentencepiece

    warm.begin(export.FILE, tmp_path)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "tokenizer.model"))
    with Model(str(export.FILE)) as model:
        for text in (
            "x64 fn i32 ptr %1= load.i32 %0 =>",
            "a64.O0 call.void @1 ptr_%0 ret =>",
            "x64 xyzzy ~400c é",
        ):
            assert model.count_tokens(text) == len(pieces.encode(text)) + 1


def test_a_round_takes_what_was_used_least(
    tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "ROUND", 50)
    (tmp_path / "pairs").symlink_to(work / "pairs")
    (tmp_path / "tokenizer.model").write_bytes((work / "tokenizer.model").read_bytes())
    samples = train.Samples(tmp_path)
    samples.refresh()
    assert len(samples.samples) > 100
    first = {tuple(row) for data, _ in samples.round(random.Random(1), 512) for row in data.tolist()}
    second = {tuple(row) for data, _ in samples.round(random.Random(1), 512) for row in data.tolist()}
    assert first
    assert not first & second


def test_batches_count_the_answers_only() -> None:
    made = list(train.batches([([1, 5, 6, 7, 2], 3), ([1, 8, 9, 2], 2)], random.Random(1), 64))
    counted = {}
    for data, mask in made:
        for row, marks in zip(data.tolist(), mask.tolist(), strict=True):
            counted[row[1]] = [row[at + 1] for at, mark in enumerate(marks) if mark]
    assert counted == {5: [7, 2], 8: [9, 2]}


def test_held_out_packages_are_named_once() -> None:
    assert len(seeds.HELD_OUT) == 5
    assert set(seeds.HELD_OUT) <= set(seeds.PACKAGES)
    assert len(set(seeds.PACKAGES)) == len(seeds.PACKAGES)

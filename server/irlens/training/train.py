"""Train the network on the shards that are there, and on those that come while it runs.

Sequences are sorted into batches of nearly one length each, so there is little padding and no mask, and several
batches make a step; the loss is on the answer alone and only those positions meet the output matrix. Weights are
kept in float32; they are computed with in bfloat16 where the hardware has it, and in float32 elsewhere, where
emulated bfloat16 is several times slower. Matrices are trained with Muon (momentum, orthogonalised), the rest with
Adam.

WORK/checkpoint.pt holds everything that is needed to go on; WORK/train.log a line a report. The stage `warm` makes
a checkpoint of an exported model.
"""

from __future__ import annotations

import argparse
import functools
import random
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from irlens.errors import UnusableInput
from irlens.training.model import Network, Shape

MUON_RATE = 0.02
ADAM_RATE = 0.003
MOMENTUM = 0.95
WARM_UP_STEPS = 30
COOL_DOWN = 0.35
"""Share of the time in which the learning rate falls to nothing."""
WARM_RATE, WARM_COOL_DOWN = 0.5, 0.75
"""For going on from a model whose rate had already fallen: half the rate, falling for most of the time."""
STEP_TOKENS = 4096
BATCH_TOKENS = 3072
"""Small enough that what a layer works on stays in a CPU's cache."""
LONGEST = 256
"""Longer samples are left out."""
READS = ("lifted", "assembly", "both")
"""What the question of `lift` shows. The product asks with the mechanical lift; the others are for comparing."""
MOST_HELD, MOST_HELD_TOKENS = 600, 400
"""Held-out samples of a task that are looked at, whatever `longest` says, and tokens of one."""
FIRST_WORD = 259
"""The first piece of the vocabulary that is neither a mark nor a byte."""
COPIES, COPYING = 1.0, 0.5
"""Copies at the beginning, for each real sample, and the share of the training in which they become none."""
ROUND = 2_000
"""Samples in a round. New shards are read between rounds, and what they bring is used first."""
LENGTH_STEP = 4
"""Lengths are rounded up to a multiple of this: 2 % more tokens, far fuller batches."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Train on WORK/pairs until the time is over")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--minutes", type=float, default=60.0, help="wall time of the whole training")
    parser.add_argument("--copies", type=float, default=COPIES, help="pure copies a real sample, at first")
    parser.add_argument("--tokens", type=int, help="train on so many instead")
    parser.add_argument("--step-tokens", type=int, default=STEP_TOKENS, help="tokens between two updates")
    parser.add_argument("--batch-tokens", type=int, default=BATCH_TOKENS, help="tokens computed at once")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-minutes", type=float, default=3.0)
    parser.add_argument("--longest", type=int, default=LONGEST, help="tokens of a sample")
    parser.add_argument("--reads", choices=READS, default=READS[0], help="what the question of lift shows")
    parser.add_argument("--rate", type=float, default=1.0, help="factor on the learning rates")
    parser.add_argument(
        "--cool-down", type=float, default=COOL_DOWN, help="share of the time that the rate falls"
    )
    for name in ("width", "layers", "heads", "feed_forward"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(Shape, name))
    options = parser.parse_args()
    shape = {name: getattr(options, name) for name in ("width", "layers", "heads", "feed_forward")}
    train(
        options.work,
        options.minutes,
        shape,
        step_tokens=options.step_tokens,
        batch_tokens=options.batch_tokens,
        threads=options.threads,
        save_minutes=options.save_minutes,
        rate=options.rate,
        cool_down=options.cool_down,
        longest=options.longest,
        reads=options.reads,
        tokens=options.tokens,
        copies=options.copies,
    )


Sample = tuple[list[int], int]
"""Tokens, and where the answer begins."""


class Samples:
    """Everything that may be trained on, read again when shards have come. Questions and assemblies of held-out pairs,
    and questions seen before, are left out, and samples of more than `longest` tokens."""

    def __init__(self, work: Path, longest: int = 1024, reads: str = READS[0]) -> None:
        import sentencepiece

        self._work = work
        self._reads = reads
        self._longest = longest
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(work / "tokenizer.model"))
        self.vocabulary: int = self._pieces.vocab_size()
        self._read: set[Path] = set()
        self._known: set[int] = set()
        self.samples: list[Sample] = []
        self.held: dict[str, list[Sample]] = {"lift": [], "predict": [], "tune": []}
        self._kept_out: set[int] = set()
        """Held-out questions and assemblies."""
        self.uses: list[int] = []

    def refresh(self) -> int:
        """Read new shards; how many samples they brought."""
        before = len(self.samples)
        new = sorted(set((self._work / "pairs").glob("*.tsv")) - self._read)
        rows = []
        for path in new:
            self._read.add(path)
            rows += [line.split("\t") for line in path.read_text().splitlines()]
        for task, origin, question, _, assembly in rows:
            if origin.startswith("held"):
                self._kept_out.update(
                    (hash(shown(task, question, assembly, self._reads)), hash(assembly or question))
                )
        for task, origin, question, answer, assembly in rows:
            question = shown(task, question, assembly, self._reads)
            key = hash(question)
            if origin.startswith("held"):
                sample = self._sample(question, answer)
                if len(self.held.setdefault(task, [])) < MOST_HELD and len(sample[0]) <= MOST_HELD_TOKENS:
                    self.held[task].append(sample)
            elif key not in self._known and not self._kept_out & {key, hash(assembly or question)}:
                self._known.add(key)
                sample = self._sample(question, answer)
                if len(sample[0]) <= self._longest:
                    self.samples.append(sample)
        return len(self.samples) - before

    def _sample(self, question: str, answer: str) -> Sample:
        first, second = self._pieces.encode([question, answer])
        return [1, *first, *second, 2], len(first) + 1

    def copies(self, rng: random.Random, count: int) -> list[Sample]:
        """Samples whose answer is their question: a real one with half of its words replaced, so that nothing but
        looking them up helps. By any others in every second one, which teaches to find what followed a word; by others
        of its own in the rest, where a word does not say which of its places is meant."""
        before, after = self._pieces.encode(["copy", "=>"])
        made = []
        for sample, start in rng.sample(self.samples, min(count, len(self.samples))):
            words = sample[1 : min(start, 64)]
            others = words if rng.random() < 0.5 else range(FIRST_WORD, self.vocabulary)
            words = [rng.choice(others) if rng.random() < 0.5 else each for each in words]
            question = [1, *before, *words, *after]
            made.append(([*question, *words, 2], len(question)))
        return made

    def round(self, rng: random.Random, tokens: int, copies: float = 0.0) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of the samples used least so far, `ROUND` of them, and a share of copies: (rows x length tokens,
        positions whose next token is in the answer)."""
        self.uses += [0] * (len(self.samples) - len(self.uses))
        order = sorted(range(len(self.samples)), key=lambda index: (self.uses[index], rng.random()))
        for index in order[:ROUND]:
            self.uses[index] += 1
        taken = [self.samples[index] for index in order[:ROUND]]
        yield from batches(taken + self.copies(rng, int(copies * len(taken))), rng, tokens)


def shown(task: str, question: str, assembly: str, reads: str) -> str:
    """The question as a model is asked that reads `reads`. A question ends in an arrow."""
    if task != "lift" or reads == "lifted":
        return question
    mark, rest = question.split(" ", 1)
    return f"{mark} {assembly} {rest if reads == 'both' else rest.rsplit(' ', 1)[1]}"


def batches(samples: list[Sample], rng: random.Random, tokens: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of nearly one length each, in random order; at most `tokens` tokens, or one row. Rows are filled up
    at their end with end tokens, which nothing before them sees and no loss counts."""
    by_length: dict[int, list[Sample]] = {}
    for sample in rng.sample(samples, len(samples)):
        by_length.setdefault(-(-len(sample[0]) // LENGTH_STEP) * LENGTH_STEP, []).append(sample)
    plan = []
    for length, group in by_length.items():
        rows = max(1, tokens // length)
        plan += [group[at : at + rows] for at in range(0, len(group), rows)]
    rng.shuffle(plan)
    for group in plan:
        length = max(len(sample[0]) for sample in group)
        data = torch.tensor([sample[0] + [2] * (length - len(sample[0])) for sample in group])
        start = torch.tensor([sample[1] for sample in group])[:, None]
        end = torch.tensor([len(sample[0]) for sample in group])[:, None]
        position = torch.arange(length - 1)[None, :]
        yield data, (position >= start - 1) & (position < end - 1)


def answer_loss(network: Network, data: Tensor, mask: Tensor) -> Tensor:
    """Summed cross-entropy of the answers' tokens, nats."""
    hidden = network.hidden(data[:, :-1])[mask]
    return functional.cross_entropy(network.output(hidden).float(), data[:, 1:][mask], reduction="sum")


def trained(network: Network) -> tuple[list[str], list[str]]:
    """Names of the weights that Muon trains, and of those that Adam does, in the order of their states."""
    names = {name: p.dim() == 2 and name.startswith("blk") for name, p in network.named_parameters()}
    return [name for name, matrix in names.items() if matrix], [
        name for name, matrix in names.items() if not matrix
    ]


class Muon:
    """Momentum, then the nearest orthogonal matrix, for weight matrices (Jordan et al., 2024). State is a
    list of momenta in the order of the parameters."""

    def __init__(self, parameters: list[Tensor]) -> None:
        self.parameters = parameters
        self.momenta = [torch.zeros_like(parameter) for parameter in parameters]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        for parameter, momentum in zip(self.parameters, self.momenta, strict=True):
            gradient = parameter.grad
            if gradient is None:
                continue
            momentum.lerp_(gradient, 1 - MOMENTUM)
            update = orthogonal(gradient.lerp(momentum, MOMENTUM))
            scale = max(1.0, parameter.shape[0] / parameter.shape[1]) ** 0.5
            parameter.mul_(1 - rate * 0.05).add_(update.to(parameter.dtype), alpha=-rate * scale)


def orthogonal(matrix: Tensor) -> Tensor:
    """Five Newton-Schulz steps with the published coefficients, in bfloat16 where that is fast."""
    x = matrix.bfloat16() if fast_bfloat16(matrix.device) else matrix
    wide = x.shape[0] <= x.shape[1]
    x = x if wide else x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.775 * square + 2.0315 * square @ square) @ x
    return x if wide else x.T


@functools.cache
def fast_bfloat16(device: torch.device) -> bool:
    """Has the device instructions for it? Without them PyTorch computes through float32, slowly."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()


def autocast(device: torch.device) -> torch.autocast:
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=fast_bfloat16(device))


def rate_at(progress: float, step: int, cool_down: float) -> float:
    """Factor on the learning rates: warm-up by steps, then flat, then down to nothing."""
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    return warm * min(1.0, max(0.0, (1.0 - progress) / cool_down))


def train(
    work: Path,
    minutes: float,
    shape: dict[str, int],
    *,
    step_tokens: int = STEP_TOKENS,
    batch_tokens: int = BATCH_TOKENS,
    threads: int = 2,
    save_minutes: float = 3.0,
    rate: float = 1.0,
    cool_down: float = COOL_DOWN,
    steps: int | None = None,
    tokens: int | None = None,
    longest: int = LONGEST,
    reads: str = READS[0],
    copies: float = COPIES,
) -> Path:
    """Train until `minutes` of training time are used, over all runs on this checkpoint, or, where that is given,
    until `steps` updates are made or `tokens` are seen; its path. A checkpoint that is there brings its own shape.

    Raises `UnusableInput` where there is nothing to train on.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    samples = Samples(work, longest, reads)
    samples.refresh()
    if not samples.samples:
        raise UnusableInput(f"{work / 'pairs'} holds nothing to train on. Run the stage pairs first.")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    path = work / "checkpoint.pt"
    saved: dict[str, Any] = torch.load(path, weights_only=True, map_location=device) if path.exists() else {}
    network = Network(Shape(**saved["shape"]) if saved else Shape(samples.vocabulary, **shape)).to(device)
    weights = dict(network.named_parameters())
    matrices, others = trained(network)
    muon = Muon([weights[name] for name in matrices])
    adam = torch.optim.AdamW(
        [weights[name] for name in others], lr=ADAM_RATE, betas=(0.9, 0.95), weight_decay=0.0
    )
    state: dict[str, Any] = {"step": 0, "tokens": 0, "seconds": 0.0, "rounds": 0}
    if saved:
        network.load_state_dict(saved["network"])
        state = saved["state"]
        samples.uses = state.get("uses", [])[: len(samples.samples)]
    if "adam" in saved:
        adam.load_state_dict(saved["adam"])
        muon.momenta = saved["muon"]
    log = (work / "train.log").open("a")

    def report(text: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} {text}"
        print(line, flush=True)
        log.write(line + "\n")
        log.flush()

    parameters = sum(parameter.numel() for parameter in network.parameters())
    report(
        f"{parameters:,} parameters, {len(samples.samples):,} samples, {sum(map(len, samples.held.values())):,} held out"
    )
    before = state["seconds"]
    started = last_save = last_report = time.monotonic()
    losses: list[tuple[float, int]] = []
    total, answers, since_step = 0.0, 0, 0
    tokens_then = state["tokens"]

    def spent() -> float:
        return before + time.monotonic() - started

    def save() -> None:
        state["seconds"], state["uses"] = spent(), samples.uses
        temporary = path.with_suffix(".new")
        torch.save(
            {
                "network": network.state_dict(),
                "adam": adam.state_dict(),
                "muon": muon.momenta,
                "state": state,
                "shape": asdict(network.shape),
            },
            temporary,
        )
        temporary.replace(path)

    def gone() -> float:
        """Share of the training that is done; at least 1 at its end."""
        if tokens is not None:
            return state["tokens"] / tokens
        return spent() / (minutes * 60) if steps is None else state["step"] / steps

    while gone() < 1:
        rng = random.Random(state["step"])
        copying = copies * max(0.0, 1.0 - gone() / COPYING)
        for data, mask in samples.round(rng, batch_tokens, copying):
            progress = gone()
            if progress >= 1:
                break
            with autocast(device):
                loss = answer_loss(network, data.to(device), mask.to(device))
            loss.backward()
            answers += int(mask.sum())
            since_step += data.numel()
            state["tokens"] += data.numel()
            total += loss.item()
            if since_step < step_tokens:
                continue
            for parameter in network.parameters():
                if parameter.grad is not None:
                    parameter.grad /= answers
            losses.append((total, answers))
            total, answers, since_step = 0.0, 0, 0
            factor = rate * rate_at(progress, state["step"], cool_down)
            for group in adam.param_groups:
                group["lr"] = ADAM_RATE * factor
            adam.step()
            muon.step(MUON_RATE * factor)
            network.zero_grad(set_to_none=True)
            state["step"] += 1
            now = time.monotonic()
            if now - last_report > 30:
                speed = (state["tokens"] - tokens_then) / (now - last_report)
                mean = sum(loss for loss, _ in losses) / sum(count for _, count in losses)
                report(
                    f"step {state['step']} round {state['rounds']} tokens {state['tokens']:,} loss {mean:.4f} "
                    f"{speed:,.0f} tokens/s rate {factor:.3f} at {spent() / 60:.1f} min"
                )
                last_report, tokens_then = now, state["tokens"]
                losses.clear()
            if now - last_save > save_minutes * 60:
                save()
                report(held_report(network, samples.held))
                last_save = last_report = time.monotonic()
                tokens_then = state["tokens"]
        state["rounds"] += 1
        brought = samples.refresh()
        if gone() < 1:
            report(
                f"round {state['rounds']} begins with {len(samples.samples):,} samples, {brought:,} of them new"
            )
    save()
    report(f"done: {state['tokens']:,} tokens, {held_report(network, samples.held)}")
    return path


def held_report(network: Network, held: dict[str, list[Sample]]) -> str:
    """`measured` of each task's held-out samples, in words."""
    parts = []
    for task, samples in held.items():
        if samples:
            loss, exact = measured(network, samples)
            parts.append(f"{task} loss {loss:.4f}, exact {100 * exact:.1f} % of {len(samples)}")
    return "held out: " + ("; ".join(parts) or "nothing")


@torch.no_grad()
def measured(network: Network, samples: list[Sample]) -> tuple[float, float]:
    """Mean loss over the answers, nats a token, and the share (0 to 1) that a greedy answer gets exactly."""
    device = network.output.weight.device
    total, count, exact = 0.0, 0, 0
    for data, mask in batches(samples, random.Random(0), 8192):
        data, mask = data.to(device), mask.to(device)
        with autocast(device):
            logits = network.output(network.hidden(data[:, :-1])[mask]).float()
        wanted = data[:, 1:][mask]
        total += functional.cross_entropy(logits, wanted, reduction="sum").item()
        count += len(wanted)
        right = torch.ones_like(mask)
        right[mask] = logits.argmax(-1) == wanted
        exact += int(right.all(1).sum())
    return total / count, exact / len(samples)


if __name__ == "__main__":
    main()

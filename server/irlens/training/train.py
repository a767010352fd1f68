"""Train the embedded model on tokenised pairs until a time is up; resumable.

Input: shards `WORK/tokens/train-*.npz` and `WORK/tokens/valid.npz`, each with
  `tokens`  uint16, all documents end to end (BOS prompt answer EOS),
  `starts`  int64, where each document begins, with the total length as last entry,
  `answers` int32, where its answer begins, counted from its own start.
New shards may appear while training runs; they are taken up at the next pass.

Documents are batched by length, so there is next to no padding and attention stays short; the loss is on
answers only. bf16 where the matrix products are, fp32 weights and optimiser.
Output: `WORK/checkpoint.pt` every few minutes (weights, optimiser, clock, losses) and at the end.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from irlens.training.model import Llama, Shape, parameters

LENGTH_STEP = 8
"""Lengths are rounded up to a multiple of this within a batch: the only padding there is."""


@dataclass(frozen=True)
class Schedule:
    """`minutes` of training time in all, resumed runs added up; a batch holds about `batch_tokens`."""

    minutes: float
    batch_tokens: int = 8192
    peak_rate: float = 2e-3
    warmup_steps: int = 200
    weight_decay: float = 0.05
    checkpoint_minutes: float = 4.0
    seed: int = 1


class Documents:
    """All documents of some shards, in memory."""

    def __init__(self, paths: list[Path], context: int) -> None:
        tokens, starts, answers, offset = [], [], [], 0
        for path in paths:
            with np.load(path) as shard:
                tokens.append(shard["tokens"])
                starts.append(shard["starts"][:-1] + offset)
                answers.append(shard["answers"])
                offset += int(shard["starts"][-1])
        self.tokens = np.concatenate(tokens)
        self.starts = np.append(np.concatenate(starts), offset)
        self.answers = np.concatenate(answers)
        self.lengths = np.diff(self.starts)
        self.usable = np.flatnonzero(self.lengths <= context)

    def batches(self, rng: np.random.Generator, batch_tokens: int) -> Iterator[np.ndarray]:
        """One pass: indices of documents, batch by batch, of nearly equal length, in random order."""
        order = rng.permutation(self.usable)
        rounded = -(-self.lengths[order] // LENGTH_STEP)
        order = order[np.argsort(rounded, kind="stable")]
        cuts, start, longest = [], 0, 0
        for index, document in enumerate(order):
            longest = max(longest, int(self.lengths[document]))
            if (index - start + 1) * longest > batch_tokens and index > start:
                cuts.append(order[start:index])
                start, longest = index, int(self.lengths[document])
        cuts.append(order[start:])
        for which in rng.permutation(len(cuts)):
            yield cuts[which]

    def tensors(self, batch: np.ndarray) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """(tokens padded with 0, answer starts, lengths) as `Llama.loss` takes them."""
        lengths = self.lengths[batch]
        width = -(-int(lengths.max()) // LENGTH_STEP) * LENGTH_STEP
        rows = np.zeros((len(batch), width), dtype=np.int64)
        for row, document in enumerate(batch):
            start = self.starts[document]
            rows[row, : lengths[row]] = self.tokens[start : start + lengths[row]]
        answers = torch.from_numpy(self.answers[batch].astype(np.int64))
        return torch.from_numpy(rows), answers, torch.from_numpy(lengths.astype(np.int64))


def rate(schedule: Schedule, step: int, done: float) -> float:
    """Learning rate: linear warm-up by steps, then a cosine over the share of time `done` (0 to 1)."""
    warm = min(1.0, (step + 1) / schedule.warmup_steps)
    return schedule.peak_rate * warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


@torch.no_grad()
def validate(model: Llama, documents: Documents, batch_tokens: int, most: int = 24) -> float:
    """Mean loss per answer token over the first `most` batches of a fixed order."""
    total, count = 0.0, 0
    for number, batch in enumerate(documents.batches(np.random.default_rng(0), batch_tokens)):
        if number == most:
            break
        with torch.autocast(_device().type, torch.bfloat16):
            loss, tokens = model.loss(*_to_device(documents.tensors(batch)))
        total, count = total + loss.item() * tokens, count + tokens
    return total / max(1, count)


def train(work: Path, shape: Shape, schedule: Schedule, log: Path | None = None) -> Path:
    """Train, or go on from `work/checkpoint.pt`; returns the checkpoint's path.

    Raises FileNotFoundError when there are no shards.
    """
    torch.manual_seed(schedule.seed)
    model = Llama(shape).to(_device())
    optimiser = torch.optim.AdamW(
        _groups(model, schedule.weight_decay), lr=1e-3, betas=(0.9, 0.95), fused=True
    )
    checkpoint = work / "checkpoint.pt"
    spent, step, seen = 0.0, 0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=_device(), weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        spent, step, seen = state["seconds"], state["step"], state["answer_tokens"]
    valid = Documents([work / "tokens" / "valid.npz"], shape.context)
    rng = np.random.default_rng(schedule.seed + step)
    print(f"{parameters(model) / 1e6:.2f} M parameters, {_device()}, {schedule.minutes} minutes", flush=True)
    begun, total, saved = time.monotonic() - spent, 0, spent
    limit = schedule.minutes * 60
    recent: list[float] = []
    while spent < limit:
        shards = sorted((work / "tokens").glob("train-*.npz"))
        if not shards:
            raise FileNotFoundError(
                f"no shards in {work / 'tokens'}; run the data and tokenizer stages first"
            )
        documents = Documents(shards, shape.context)
        print(
            f"{len(shards)} shards, {len(documents.usable)} documents, {len(documents.tokens)} tokens",
            flush=True,
        )
        for batch in documents.batches(rng, schedule.batch_tokens):
            tokens, answers, lengths = _to_device(documents.tensors(batch))
            for group in optimiser.param_groups:
                group["lr"] = rate(schedule, step, spent / limit)
            with torch.autocast(_device().type, torch.bfloat16):
                loss, count = model.loss(tokens, answers, lengths)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step, seen, total = step + 1, seen + count, total + int(lengths.sum())
            recent.append(loss.item())
            spent = time.monotonic() - begun
            last = spent >= limit
            if step % 50 == 0 or last:
                speed = total / max(1e-9, spent - (saved if total == 0 else 0))
                print(
                    f"step {step} {spent / 60:.1f} min loss {np.mean(recent[-50:]):.4f} {speed:.0f} tokens/s",
                    flush=True,
                )
            if spent - saved > schedule.checkpoint_minutes * 60 or last:
                saved = spent
                held_out = validate(model, valid, schedule.batch_tokens)
                report = {"step": step, "minutes": spent / 60, "valid_loss": held_out, "answer_tokens": seen}
                print(json.dumps(report), flush=True)
                if log is not None:
                    with log.open("a") as file:
                        file.write(json.dumps(report) + "\n")
                _save(checkpoint, model, optimiser, shape, spent, step, seen, held_out)
            if last:
                break
    return checkpoint


def _save(
    path: Path,
    model: Llama,
    optimiser: torch.optim.Optimizer,
    shape: Shape,
    seconds: float,
    step: int,
    answer_tokens: int,
    valid_loss: float,
) -> None:
    state = {
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "shape": asdict(shape),
        "seconds": seconds,
        "step": step,
        "answer_tokens": answer_tokens,
        "valid_loss": valid_loss,
    }
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def _groups(model: Llama, weight_decay: float) -> list[dict[str, object]]:
    matrices = [w for w in model.parameters() if w.dim() == 2]
    vectors = [w for w in model.parameters() if w.dim() < 2]
    return [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _to_device(tensors: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    return tuple(tensor.to(_device()) for tensor in tensors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--vocabulary", type=int, required=True, help="size of the tokenizer's vocabulary")
    parser.add_argument("--width", type=int, default=Shape.width)
    parser.add_argument("--layers", type=int, default=Shape.layers)
    parser.add_argument("--heads", type=int, default=Shape.heads)
    parser.add_argument("--hidden", type=int, default=Shape.hidden)
    parser.add_argument("--batch-tokens", type=int, default=Schedule.batch_tokens)
    parser.add_argument("--rate", type=float, default=Schedule.peak_rate)
    arguments = parser.parse_args()
    shape = Shape(
        arguments.vocabulary,
        width=arguments.width,
        layers=arguments.layers,
        heads=arguments.heads,
        hidden=arguments.hidden,
    )
    schedule = Schedule(arguments.minutes, arguments.batch_tokens, arguments.rate)
    print(train(arguments.work, shape, schedule, arguments.work / "training.jsonl"))


if __name__ == "__main__":
    main()

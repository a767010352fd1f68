"""The embedded model: a small llama in PyTorch, written so that llama.cpp computes the same.

RMSNorm, rotary positions on interleaved pairs (llama.cpp's own order for this architecture, so that nothing
has to be permuted at export), SwiGLU, untied output. No dropout: the data never repeats long enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Shape:
    """Sizes of the network. `width`, `hidden` and their head size must be multiples of 32 (Q8_0 rows)."""

    vocabulary: int
    context: int = 1024
    width: int = 256
    layers: int = 6
    heads: int = 4
    hidden: int = 704
    rope_base: float = 10_000.0
    norm_epsilon: float = 1e-5

    @property
    def head_size(self) -> int:
        return self.width // self.heads


class RMSNorm(nn.Module):
    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x.float(), (x.shape[-1],), self.weight, self.epsilon).to(x.dtype)


class Attention(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.head_size = shape.heads, shape.head_size
        self.q = nn.Linear(shape.width, shape.width, bias=False)
        self.k = nn.Linear(shape.width, shape.width, bias=False)
        self.v = nn.Linear(shape.width, shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, length, width = x.shape
        split = (batch, length, self.heads, self.head_size)
        q = rotate(self.q(x).view(split), cos, sin).transpose(1, 2)
        k = rotate(self.k(x).view(split), cos, sin).transpose(1, 2)
        v = self.v(x).view(split).transpose(1, 2)
        # Spelt out: on short rows of bf16 the CPU's fused attention took 3 times as long (measured).
        scores = (q @ k.transpose(2, 3)) * self.head_size**-0.5
        scores = scores.masked_fill(future(length, x.device), float("-inf"))
        mixed = torch.softmax(scores, dim=-1).to(v.dtype) @ v
        return self.out(mixed.transpose(1, 2).reshape(batch, length, width))


class FeedForward(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(functional.silu(self.gate(x)) * self.up(x))


class Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(shape.width, shape.norm_epsilon)
        self.attention = Attention(shape)
        self.feed_forward_norm = RMSNorm(shape.width, shape.norm_epsilon)
        self.feed_forward = FeedForward(shape)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x), cos, sin)
        return x + self.feed_forward(self.feed_forward_norm(x))


class Llama(nn.Module):
    """Token ids, shape (batch, length), to logits. See `loss` for what training computes."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.width, shape.norm_epsilon)
        self.output = nn.Linear(shape.width, shape.vocabulary, bias=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                # Residual branches start small, so that the depth does not scale the stream.
                small = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(weight, std=0.02 / (2 * shape.layers) ** 0.5 if small else 0.02)
        angles = torch.outer(
            torch.arange(shape.context).float(),
            shape.rope_base ** (-torch.arange(0, shape.head_size, 2).float() / shape.head_size),
        )
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def hidden_states(self, tokens: Tensor) -> Tensor:
        """(batch, length) to (batch, length, width), after the last norm."""
        x = self.embedding(tokens)
        cos, sin = self.cos[: tokens.shape[1]], self.sin[: tokens.shape[1]]
        for block in self.blocks:
            x = block(x, cos, sin)
        return self.norm(x)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.output(self.hidden_states(tokens))

    def loss(self, tokens: Tensor, answer_start: Tensor, length: Tensor) -> tuple[Tensor, int]:
        """Mean cross entropy over the answers' tokens, and how many there were.

        `tokens` (batch, padded length); row i's answer is `tokens[i, answer_start[i]:length[i]]`. Logits are
        made only where an answer's token is to be predicted.
        """
        position = torch.arange(tokens.shape[1] - 1, device=tokens.device) + 1
        wanted = (position >= answer_start[:, None]) & (position < length[:, None])
        hidden = self.hidden_states(tokens[:, :-1])[wanted]
        targets = tokens[:, 1:][wanted]
        logits = self.output(hidden)
        return functional.cross_entropy(logits.float(), targets), targets.numel()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions on pairs (0, 1), (2, 3), ...; x is (batch, length, heads, head size)."""
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = cos[:, None, :].to(x.dtype), sin[:, None, :].to(x.dtype)
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


def future(length: int, device: torch.device) -> Tensor:
    """(length, length), true where a position would look ahead."""
    return torch.ones(length, length, dtype=torch.bool, device=device).triu(1)


def parameters(model: nn.Module) -> int:
    return sum(weight.numel() for weight in model.parameters())

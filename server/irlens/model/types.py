"""What the model worker is asked and what it answers. Plain frozen data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar, get_args

Reply = TypeVar("Reply")

Task = Literal["lift", "tune", "predict"]
TASKS: tuple[Task, ...] = get_args(Task)
"""What a model is asked for; each may have a model of its own."""


@dataclass(frozen=True)
class ReplyShape:
    """What a reply has to look like, for an engine that can hold it to that (`model.constraint`): the answer to a
    task of the models of `family`. One of the embedded model may name `symbols` globals; one of LLM Compiler may name
    `passes` beside those that `irlens.ir.passes` knows."""

    task: Literal["lift", "predict", "tune"]
    symbols: int = 0
    family: Literal["irlens", "llm-compiler"] = "irlens"
    passes: tuple[str, ...] = ()


@dataclass(frozen=True)
class GenerateOptions:
    """How to sample. The defaults are greedy, which is what LLM Compiler asks for.

    `max_tokens` counts new tokens. `seed` matters only when `temperature` > 0. The first of the strings in
    `stop` ends the reply; it stays in the text, so that a reader can tell a whole reply from a cut one.
    `shape` keeps words out that could not be read.
    """

    max_tokens: int = 1024
    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    seed: int = 0
    stop: tuple[str, ...] = ()
    shape: ReplyShape | None = None


@dataclass(frozen=True)
class Generation:
    """One reply. `stopped` says why it ended: the model's own end, `max_tokens` or a full context, a stop
    string (the last thing in `text`), or a cancel (`text` holds what there was).

    Times are seconds from the start of the prompt's evaluation, as the model's process saw them: waiting for
    other requests and loading are not in them. `evaluated` counts the prompt's tokens that had to be
    evaluated; the others were still there from an earlier prompt. `kept`: nothing was asked, this is what the same
    model answered to the same question before (`model.answers`).
    """

    text: str
    prompt_tokens: int
    tokens: int
    seconds: float
    first_token_s: float
    stopped: Literal["end", "length", "stop", "cancelled"]
    evaluated: int = 0
    kept: bool = False


@dataclass(frozen=True)
class ModelInfo:
    """What is loaded. `family` chooses the prompts: "irlens" or "llm-compiler". Of a server's model `path` is the
    address, and what the server does not tell is empty or 0. `credit` is what the
    licence asks to show with its answers; `why_engine` says why this engine
    runs it, `why_device` why it lies where it does, once it is loaded."""

    name: str
    path: str
    family: str
    architecture: str
    quantisation: str
    parameters: int
    context: int
    engine: str
    device: str
    sha256: str = ""
    credit: str = ""
    why_engine: str = ""
    why_device: str = ""


@dataclass(frozen=True)
class LiftSource:
    """A function of an assembly file: the whole text, the function's symbol, the target triple.

    `lifted` is the module that the mechanical lifter made of it, for a family that reads that
    (`Family.reads_lifted`); `frame_kept` whether its frame's variables were left in memory there. Where there is
    none, `not_lifted` says why."""

    text: str
    function: str
    triple: str
    lifted: str | None = None
    frame_kept: bool = False
    not_lifted: str = ""


@dataclass(frozen=True)
class LiftReply:
    """`ir` is a whole module (declarations, triple, the function under its own name). `truncated`: the reply
    ended before its closing mark, so the module may lack its end."""

    ir: str
    truncated: bool = False


@dataclass(frozen=True)
class PredictReply:
    """The model's prediction. Any part it did not give is None. `bytes` is text + data. `truncated`: the
    reply ended inside `ir`."""

    instructions: int | None
    bytes: int | None
    ir: str | None
    truncated: bool = False


@dataclass(frozen=True)
class AssemblyReply:
    """As `PredictReply`, with the assembly that the model expects in place of IR."""

    instructions: int | None
    bytes: int | None
    asm: str | None
    truncated: bool = False


@dataclass(frozen=True)
class TuneReply:
    """`pipeline` is None when the model says that nothing smaller can be had."""

    pipeline: str | None
    before_bytes: int | None = None
    after_bytes: int | None = None


@dataclass(frozen=True)
class Prompt(Generic[Reply]):
    """A prompt with the reader of its reply. `read` raises `irlens.errors.ReplyUnreadable`."""

    text: str
    read: Callable[[str], Reply]
    max_tokens: int
    stop: tuple[str, ...] = field(default=())
    shape: ReplyShape | None = None

"""Prompts for a scripted model: the reply is the answer, as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from irlens.errors import ReplyUnreadable
from irlens.model.types import LiftReply, LiftSource, PredictReply, Prompt, TuneReply


@dataclass(frozen=True)
class ScriptedFamily:
    """`lift` takes IR, `predict` takes "INSTRUCTIONS BYTES", `tune` a pass list or "none"."""

    name: str = "scripted"
    bytes_of: Literal["function", "object"] = "function"
    reads_lifted: bool = False

    def lift(self, src: LiftSource) -> Prompt[LiftReply]:
        return Prompt(f"lift {src.function} for {src.triple}", _ir, 512)

    def predict(
        self, ir_module: str, function: str, pipeline: str, instructions: int, size_bytes: int
    ) -> Prompt[PredictReply]:
        return Prompt(f"predict {pipeline} on {function}", _numbers, 64)

    def tune(self, ir_module: str) -> Prompt[TuneReply]:
        return Prompt("tune", lambda reply: TuneReply(None if reply == "none" else reply), 64)


def _ir(reply: str) -> LiftReply:
    if "define" not in reply:
        raise ReplyUnreadable("there is no function in it. Ask again.")
    return LiftReply(reply)


def _numbers(reply: str) -> PredictReply:
    instructions, size = reply.split()
    return PredictReply(int(instructions), int(size), None)

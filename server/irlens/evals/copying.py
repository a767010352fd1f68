"""What a model adds: one that answers with the mechanical lift it was shown, to be measured beside the real ones."""

from __future__ import annotations

from typing import Literal

from irlens.cancel import CancelToken
from irlens.errors import UnusableInput
from irlens.model.types import (
    GenerateOptions,
    Generation,
    LiftReply,
    LiftSource,
    ModelInfo,
    PredictReply,
    Prompt,
    TuneReply,
)


class Copying:
    """A model and its family in one."""

    name = "mechanical lift"
    bytes_of: Literal["function"] = "function"
    reads_lifted = True

    def info(self) -> ModelInfo:
        return ModelInfo(self.name, "", self.name, "none", "", 0, 0, "none", "none")

    def family(self) -> Copying:
        return self

    def lift(self, src: LiftSource) -> Prompt[LiftReply] | None:
        if src.lifted is None:
            raise UnusableInput(src.not_lifted)
        ir = src.lifted
        return Prompt("", lambda reply: LiftReply(ir), 0)

    def predict(
        self, ir_module: str, function: str, pipeline: str, instructions: int, size_bytes: int
    ) -> Prompt[PredictReply] | None:
        return None

    def tune(self, ir_module: str) -> Prompt[TuneReply] | None:
        return None

    def generate(
        self, text: str, options: GenerateOptions, *, cancel: CancelToken | None = None
    ) -> Generation:
        return Generation("", 0, 0, 0.0, 0.0, "end")

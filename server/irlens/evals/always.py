"""What a model must beat at `tune`: one that names the same pass list whatever it is shown."""

from __future__ import annotations

from typing import Literal

from irlens.cancel import CancelToken
from irlens.model.prompts.irlens import TUNE_LISTS
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

OZ = TUNE_LISTS[0]
COMMONEST_WINNER = "function(sroa,newgvn,sink)"
"""Of the training pairs of the model in the package 4,196 are not held out (real, mutated and generated functions).
2,892 of them are answered with -Oz, 686 with this list, 212 with the next."""


class Always:
    """A model and its family in one. `passes` is the list that it names, without sizes."""

    bytes_of: Literal["function"] = "function"
    reads_lifted = False

    def __init__(self, passes: str) -> None:
        self.passes = passes
        self.name = f"always {passes}"

    def info(self) -> ModelInfo:
        return ModelInfo(self.name, "", self.name, "none", "", 0, 0, "none", "none")

    def family(self) -> Always:
        return self

    def lift(self, src: LiftSource) -> Prompt[LiftReply] | None:
        return None

    def predict(
        self, ir_module: str, function: str, pipeline: str, instructions: int, size_bytes: int
    ) -> Prompt[PredictReply] | None:
        return None

    def tune(self, ir_module: str) -> Prompt[TuneReply] | None:
        return Prompt("", lambda reply: TuneReply(self.passes), 0)

    def count_tokens(self, text: str, *, cancel: CancelToken | None = None) -> int:
        return 0

    def generate(
        self, text: str, options: GenerateOptions, *, cancel: CancelToken | None = None
    ) -> Generation:
        return Generation("", 0, 0, 0.0, 0.0, "end")


BASELINES = (Always(OZ), Always(COMMONEST_WINNER))
"""The list that most training pairs are answered with, and the one that is smaller than -Oz for the most."""

"""What a family of models can be asked, and how. One implementation per way of training.

A prompt is text in and a reader of the reply out; who runs it, and whether the answer is right, is not known
here. None means that this family was not trained for the task.
"""

from __future__ import annotations

from typing import Literal, Protocol

from irlens.model.types import LiftReply, LiftSource, PredictReply, Prompt, TuneReply


class PromptFamily(Protocol):
    """Prompts of one family. `name` is what `ModelInfo.family` holds."""

    @property
    def name(self) -> str: ...

    @property
    def bytes_of(self) -> Literal["function", "object"]:
        """What the sizes in `predict` are of: the function's code alone, or text + data of the object that
        the module makes."""
        ...

    @property
    def reads_lifted(self) -> bool:
        """Whether `lift` needs the source's mechanical lift."""
        ...

    def lift(self, src: LiftSource) -> Prompt[LiftReply] | None:
        """Assembly to IR."""
        ...

    def predict(
        self, ir_module: str, function: str, pipeline: str, instructions: int, size_bytes: int
    ) -> Prompt[PredictReply] | None:
        """What `pipeline` makes of the module, whose function of interest is `function`.

        `instructions` and `size_bytes` (text + data of its object) describe `ir_module` as it is.
        """
        ...

    def tune(self, ir_module: str) -> Prompt[TuneReply] | None:
        """The pass list that makes the module's object smallest."""
        ...

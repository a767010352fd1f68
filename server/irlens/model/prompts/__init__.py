"""Prompts by model family, chosen from what the GGUF file says about itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from irlens.errors import ModelUnavailable
from irlens.model.prompts.family import PromptFamily

FAMILY_KEY = "irlens.family"
_NAME_KEYS = ("general.name", "general.basename", "general.finetune", "general.base_model.0.name")


def family_for(metadata: Mapping[str, Any], file_name: str = "") -> PromptFamily:
    """The family of a model.

    `irlens.family` in the metadata decides. Without it the model's names are read, the file's name last,
    since quantised copies of LLM Compiler often keep no other trace, and a server tells nothing but a name.
    Raises `ModelUnavailable` for a model that nobody here knows how to ask.
    """
    family = metadata.get(FAMILY_KEY)
    names = " ".join(str(metadata.get(key, "")) for key in _NAME_KEYS) + " " + file_name
    if family == "irlens" or (family is None and re.search(r"\birlens-small\b", names, re.IGNORECASE)):
        from irlens.model.prompts.irlens import IrlensFamily

        return IrlensFamily()
    if family in ("llm-compiler", "llm-compiler-ftd") or (
        family is None and re.search(r"llm[-_ ]?compiler", names, re.IGNORECASE)
    ):
        from irlens.model.prompts.llm_compiler import LlmCompilerFamily

        tuned = re.search(r"(?:\b|_)ftd(?:\b|_)", names, re.IGNORECASE) is not None
        return LlmCompilerFamily(fine_tuned=tuned or family == "llm-compiler-ftd")
    if family is not None:
        raise ModelUnavailable(
            f'The model asks for the prompt family "{family}", which this irlens does not have. '
            "Update irlens, or choose another model."
        )
    name = metadata.get("general.name") or file_name or "this model"
    raise ModelUnavailable(
        f"irlens does not know how {name} is to be asked: it is neither its own model nor LLM Compiler. "
        "Choose one of those."
    )

"""`irlens model`: what there is to know of a model file. Reads its header; no weights are loaded."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import print_json
from irlens.errors import IrlensError, ModelUnavailable
from irlens.model.client import embedded_model_path
from irlens.model.gguf_header import Header, read_header
from irlens.model.prompts import family_for

TRAINING_KEY = "irlens.training"
"""JSON in the metadata of our own models: what they cost to train."""


def run(arguments: argparse.Namespace) -> int:
    """`info` is the only thing that can be asked so far."""
    card = card_of(arguments.model)
    if arguments.json:
        print_json(card)
    else:
        _print(card)
    return EXIT_DONE


def card_of(path: str | None) -> dict[str, Any]:
    """The model card, short, of the file at `path` or of the embedded model: what its header says.

    `bytes` is the file's size, `context` tokens; `training` has `tokens`, `steps` and `seconds`, or is None where the
    file does not say. `licence` is the file's own field. Raises `ModelUnavailable`.
    """
    embedded = embedded_model_path()
    chosen = path or embedded
    if chosen is None:
        raise ModelUnavailable(
            "There is no model: this package was built without its own. Give a file with --model."
        )
    header = read_header(chosen)
    is_embedded = embedded is not None and Path(chosen).resolve() == Path(embedded).resolve()
    return {
        "name": header.name,
        "path": chosen,
        "embedded": is_embedded,
        "bytes": header.size,
        "architecture": header.architecture,
        "parameters": header.parameters,
        "quantisation": header.quantisation,
        "context": header.context,
        **_family(header, chosen),
        "purpose": header.text("general.description") or None,
        "training": _training(header),
        "licence": header.text("general.license") or None,
        "figures": "docs/model-card.md" if is_embedded else None,
        "measure": "make eval" if is_embedded else f"irlens eval lift CASES --model {chosen}",
    }


def _family(header: Header, path: str) -> dict[str, str | None]:
    """The family of prompts, or why irlens cannot ask the model."""
    try:
        return {"family": family_for(header.metadata, Path(path).name).name, "why_no_family": None}
    except IrlensError as error:
        return {"family": None, "why_no_family": str(error)}


def _training(header: Header) -> dict[str, int] | None:
    try:
        found = json.loads(header.text(TRAINING_KEY) or "null")
    except json.JSONDecodeError:
        return None
    if not isinstance(found, dict):
        return None
    return {key: value for key, value in found.items() if type(value) is int} or None


def _print(card: dict[str, Any]) -> None:
    where = "the embedded model" if card["embedded"] else "a file of yours"
    print(f"{card['name']} ({where})")
    lines = {
        "file": f"{card['path']}, {card['bytes'] / 1e6:,.1f} MB",
        "model": f"{card['architecture'] or 'unknown'}, {_count(card['parameters'])} parameters, {card['quantisation']}, "
        f"context of {card['context']:,} tokens",
        "for": card["purpose"] or "the file does not say",
        "asked as": card["family"] or card["why_no_family"],
        "trained on": _cost(card["training"]),
        "licence": f"{card['licence']}, says the file" if card["licence"] else "the file does not say",
        "figures": f"{card['figures']}; measure it with `{card['measure']}`"
        if card["figures"]
        else f"measure it with `{card['measure']}`",
    }
    for name, text in lines.items():
        print(f"  {name:11}{text}")


def _count(number: int) -> str:
    for unit, size in (("billion", 1e9), ("million", 1e6)):
        if number >= size:
            return f"{number / size:.2f} {unit}"
    return f"{number:,}"


def _cost(training: dict[str, int] | None) -> str:
    if not training or "tokens" not in training:
        return "the file does not say"
    text = f"{_count(training['tokens'])} tokens"
    return f"{text}, {training['seconds'] / 3600:.1f} h" if "seconds" in training else text

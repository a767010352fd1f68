"""`irlens model info`: what there is to know of a model. Reads a file's header, or the catalogue; loads no weights."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from irlens import escape
from irlens.cli.console import say
from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import open_model, print_json
from irlens.errors import IrlensError, ModelUnavailable, UnusableInput
from irlens.files import parse_json
from irlens.model import catalogue, store
from irlens.model.catalogue import EMBEDDED, Entry, Licence
from irlens.model.gguf_header import Header
from irlens.model.headers import header_of
from irlens.model.named import TASKS, embedded_model_path
from irlens.model.prompts import family_for
from irlens.model.pull import plan, size_text

TRAINING_KEY = "irlens.training"
"""JSON in the metadata of our own models: what they cost to train."""


def run(arguments: argparse.Namespace) -> int:
    """The card of the named model: of a file, of one that was pulled, of a server's, which is asked, or what the catalogue
    has of one that was not pulled. Without a name those that are used, each for its tasks."""
    name = arguments.name or arguments.model
    if arguments.name and arguments.model and arguments.name != arguments.model:
        raise UnusableInput("Two models are named. Give one, as NAME or with --model.")
    if name is not None:
        card, show = _card(name, arguments)
        if arguments.json:
            print_json(card)
        else:
            show(card)
        return EXIT_DONE
    used: dict[str, list[str]] = {}
    for task in TASKS:
        used.setdefault(store.chosen(task) or EMBEDDED, []).append(task)
    cards = [(*_card(one, arguments), tasks) for one, tasks in used.items()]
    if arguments.json:
        of_all = [{**card, "used_for": tasks} for card, _, tasks in cards]
        print_json(of_all[0] if len(of_all) == 1 else {"models": of_all})
        return EXIT_DONE
    for card, show, tasks in cards:
        if len(cards) > 1:
            say(f"for {' and '.join(tasks)}:")
        show(card)
    return EXIT_DONE


def _card(
    name: str, arguments: argparse.Namespace
) -> tuple[dict[str, Any], Callable[[dict[str, Any]], None]]:
    if store.is_address(name):
        return _card_of_served(name, arguments), _print_served
    if name.lower() == EMBEDDED:
        return card_of(None), _print
    if store.looks_like_a_file(name):
        return card_of(name), _print
    model, quantisation = catalogue.split_name(name)
    if any(one.name == model and quantisation in (None, one.quantisation) for one in store.pulled()):
        return _card_of_pulled(store.pulled_as(name)), _print
    return catalogue_card(catalogue.entry(model), quantisation), _print_catalogue


def _card_of_served(address: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """What the server says of its model. Raises `ModelUnavailable`."""
    with open_model(address, arguments) as model:
        info = model.info()
    return {
        "name": info.name,
        "path": info.path,
        "embedded": False,
        "context": info.context,
        "engine": info.engine,
        "family": info.family,
        "credit": info.credit or None,
    }


def _print_served(card: dict[str, Any]) -> None:
    say(f"{card['name']} (at {card['path']})")
    say(f"  {'model':11}context of {card['context']:,} tokens, served by {card['engine']}")
    say(f"  {'asked as':11}{card['family']}")
    if card["credit"]:
        say(f"  {'credit':11}{card['credit']}")


def _card_of_pulled(found: store.Pulled) -> dict[str, Any]:
    model, card = catalogue.entries().get(found.name), card_of(str(found.path))
    return {
        **card,
        "credit": model.licence.credit if model else card["credit"],
        "label": found.label,
        "repository": found.repository,
        "revision": found.revision,
        "sha256": found.sha256,
        "pulled": found.pulled,
        "terms": licence_card(model.licence) if model else None,
    }


def licence_card(licence: Licence) -> dict[str, Any]:
    return asdict(licence) | {"points": list(licence.points), "accepted": store.accepted(licence.key)}


def catalogue_card(model: Entry, quantisation: str | None = None) -> dict[str, Any]:
    """What is known of a model that is not here: of all its files, or of those of one quantisation. `gigabytes` is as its
    repository states it. Raises `ModelUnavailable` for a quantisation that the catalogue does not have."""
    label = model.name if quantisation is None else plan(f"{model.name}:{quantisation}").label
    return {
        "name": label,
        "title": model.title,
        "about": model.about,
        "tasks": list(model.tasks),
        "best": list(model.best),
        "files": [
            {
                "quantisation": file.quantisation,
                "repository": file.repository,
                "file": file.name,
                "gigabytes": file.gigabytes,
                "engines": list(catalogue.engines_for(file.quantisation)),
            }
            for file in model.files
            if quantisation in (None, file.quantisation)
        ],
        "repositories": list(model.repositories),
        "terms": licence_card(model.licence),
    }


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
    header = header_of(chosen)
    is_embedded = embedded is not None and Path(chosen).resolve() == Path(embedded).resolve()
    family = _family(header, chosen)
    return {
        "name": header.name,
        "path": chosen,
        "embedded": is_embedded,
        "bytes": header.size,
        "architecture": header.architecture,
        "parameters": header.parameters,
        "quantisation": header.quantisation,
        "context": header.context,
        **family,
        "credit": catalogue.credit_for(family["family"] or ""),
        "purpose": header.text("general.description") or None,
        "training": _training(header),
        "licence": header.text("general.license") or None,
        "figures": "docs/model-card.md" if is_embedded else None,
        "measure": "make eval"
        if is_embedded
        else f"irlens eval lift CASES --model {escape.shell_path(chosen)}",
    }


def _family(header: Header, path: str) -> dict[str, str | None]:
    """The family of prompts, or why irlens cannot ask the model."""
    try:
        return {"family": family_for(header.metadata, Path(path).name).name, "why_no_family": None}
    except IrlensError as error:
        return {"family": None, "why_no_family": str(error)}


def _training(header: Header) -> dict[str, int] | None:
    try:
        found = parse_json(header.text(TRAINING_KEY) or "null")
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    # Whoever made the file wrote them: what no training costs is not shown.
    plain = {key: value for key, value in found.items() if type(value) is int and 0 <= value < 10**15}
    return plain or None


def _print(card: dict[str, Any]) -> None:
    pulled = f"pulled as {card['label']}" if "label" in card else "a file of yours"
    where = "the embedded model" if card["embedded"] else pulled
    say(f"{card['name']} ({where})")
    lines = {
        "file": f"{card['path']}, {size_text(card['bytes'])}",
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
    if "label" in card:
        lines["from"] = f"{card['repository']}, {card['pulled']}; SHA-256 {card['sha256']}"
    if card.get("terms"):
        lines["terms"] = f"{card['terms']['title']} ({card['terms']['of']}): {card['terms']['where']}"
    if card["credit"]:
        lines["credit"] = card["credit"]
    for name, text in lines.items():
        say(f"  {name:11}{text}")


def _print_catalogue(card: dict[str, Any]) -> None:
    terms = card["terms"]
    say(f"{card['title']} (not downloaded: irlens model pull {card['name']})")
    say(f"  {card['about']}")
    for repository in card["repositories"]:
        files = [file for file in card["files"] if file["repository"] == repository]
        sizes = ", ".join(f"{file['quantisation']} {file['gigabytes']:g} GB" for file in files)
        say(f"  {repository}: {sizes or 'sizes not recorded; give NAME:QUANTISATION and --from'}")
    say(
        f"  {terms['title']} ({terms['of']}), {'accepted' if terms['accepted'] else 'not accepted yet'}. In short:"
    )
    for point in terms["points"]:
        say(f"    * {point}")
    say(f"    In full: {terms['where']}")
    say(f"  {terms['credit']}. {terms['notice']}")


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

"""`irlens model list`: the models there are: our own, the catalogue's, and files and servers that are in use."""

from __future__ import annotations

import argparse
from typing import Any

from irlens.cli.console import say
from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import print_json
from irlens.folders import models_folder
from irlens.model import catalogue, shelf
from irlens.model.catalogue import EMBEDDED
from irlens.model.pull import size_text


def run(arguments: argparse.Namespace) -> int:
    models = shelf.listing(shelf.chosen())
    if arguments.json:
        print_json({"models": models, "folder": str(models_folder())})
    else:
        _print(models)
    return EXIT_DONE


def _print(models: list[dict[str, Any]]) -> None:
    for model in models:
        if model["kind"] == "embedded":
            size = size_text(model["bytes"]) if model["bytes"] else "not in this package"
            say(f"{EMBEDDED}  {size}{_use(model)}")
    for entry in catalogue.entries().values():
        mine = [
            one for one in models if one["kind"] == "catalogue" and one["name"].startswith(f"{entry.name}:")
        ]
        best = ", ".join(entry.best)
        say()
        say(f"{entry.name}  {entry.title}, best for {best}; {entry.licence.title}")
        for one in mine:
            say(_line(one))
    others = [one for one in models if one["kind"] in ("file", "server")]
    if others:
        say()
        say("files and servers")
    for one in others:
        size = f"  {size_text(one['bytes'])}, {one['quantisation']}" if one["bytes"] else ""
        say(f"  {one['name']}{size}{_use(one)}")
        if one.get("problem"):
            say(f"    {one['problem']}")
    say()
    say(f"Download one with `irlens model pull NAME:QUANTISATION`. They are kept in {models_folder()}")


def _line(model: dict[str, Any]) -> str:
    quantisation = model["name"].split(":")[1]
    only = "" if len(model["engines"]) > 1 else f"  {model['engines'][0]} only"
    state = {
        "here": "  here",
        "partial": f"  {size_text(model['bytes'] or 0)} of it here: pull it again to go on",
        "absent": "",
    }[model["state"]]
    return f"  {quantisation:8}{model['gigabytes']:6.3g} GB{state}{_use(model)}{only}"


def _use(model: dict[str, Any]) -> str:
    return f"  used for {', '.join(model['used_for'])}" if model["used_for"] else ""

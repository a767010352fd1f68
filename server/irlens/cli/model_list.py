"""`irlens model list`: the models there are: our own, the catalogue's, and files and servers that are in use."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import print_json
from irlens.errors import ModelUnavailable
from irlens.folders import models_folder
from irlens.model import catalogue, store
from irlens.model.catalogue import EMBEDDED, Entry, File
from irlens.model.gguf_header import read_header
from irlens.model.named import embedded_model_path
from irlens.model.pull import size_text


def run(arguments: argparse.Namespace) -> int:
    models = listing()
    if arguments.json:
        print_json({"models": models, "folder": str(models_folder())})
    else:
        _print(models)
    return EXIT_DONE


def listing() -> list[dict[str, Any]]:
    """Every model, one a quantisation. `kind` is embedded, catalogue, file or server; `state` here, partial or absent;
    `bytes` of what is here (of a partial one, what came so far), `gigabytes` as the repository states it; `used_for`
    the tasks that it is chosen for. `problem` says why a chosen file cannot be used."""
    used: dict[str, list[str]] = {}
    for task in store.TASKS:
        used.setdefault(store.chosen(task) or EMBEDDED, []).append(task)
    models = [_embedded(used.pop(EMBEDDED, []))]
    there = {one.label: one for one in store.pulled()}
    for entry in catalogue.entries().values():
        for file in entry.quantisations.values():
            label = f"{entry.name}:{file.quantisation}"
            models.append(_of_catalogue(entry, file, there.pop(label, None), used.pop(label, [])))
    # Pulled from a repository that has more than the catalogue records.
    for label, one in there.items():
        file = File(one.quantisation, one.repository, one.path.name, one.bytes / 1e9)
        model = catalogue.entries().get(one.name)
        if model is not None:
            models.append(_of_catalogue(model, file, one, used.pop(label, [])))
    for path in sorted(models_folder().glob("*.gguf")):
        used.setdefault(str(path), [])
    models += [
        _server(name, tasks) if store.is_address(name) else _file(name, tasks) for name, tasks in used.items()
    ]
    return models


def _embedded(used_for: list[str]) -> dict[str, Any]:
    path = embedded_model_path()
    return {
        "name": EMBEDDED,
        "kind": "embedded",
        "state": "here" if path else "absent",
        "path": path,
        "bytes": Path(path).stat().st_size if path else None,
        "tasks": list(store.TASKS),
        "used_for": used_for,
    }


def _of_catalogue(
    entry: Entry, file: File, there: store.Pulled | None, used_for: list[str]
) -> dict[str, Any]:
    started = 0 if there else store.partial_bytes(entry.name, file.quantisation)
    return {
        "name": f"{entry.name}:{file.quantisation}",
        "kind": "catalogue",
        "state": "here" if there else "partial" if started else "absent",
        "path": str(there.path) if there else None,
        "bytes": there.bytes if there else started or None,
        "gigabytes": file.gigabytes,
        "repository": there.repository if there else file.repository,
        "engines": list(catalogue.engines_for(file.quantisation)),
        "tasks": list(entry.tasks),
        "best": list(entry.best),
        "licence": entry.licence.title,
        "used_for": used_for,
    }


def _file(path: str, used_for: list[str]) -> dict[str, Any]:
    """A file of the user's; or a chosen name that is no longer there."""
    found: dict[str, Any] = {
        "name": path,
        "kind": "file",
        "state": "here",
        "path": path,
        "bytes": None,
        "problem": None,
    }
    try:
        if not store.looks_like_a_file(path):
            found["path"] = str(store.resolve(path))
        header = read_header(found["path"])
        found |= {"bytes": header.size, "quantisation": header.quantisation}
    except ModelUnavailable as problem:
        found |= {"state": "absent", "problem": str(problem)}
    return {**found, "tasks": list(store.TASKS), "used_for": used_for}


def _server(address: str, used_for: list[str]) -> dict[str, Any]:
    return {
        "name": address,
        "kind": "server",
        "state": "not asked",
        "path": None,
        "bytes": None,
        "tasks": list(store.TASKS),
        "used_for": used_for,
    }


def _print(models: list[dict[str, Any]]) -> None:
    for model in models:
        if model["kind"] == "embedded":
            size = size_text(model["bytes"]) if model["bytes"] else "not in this package"
            print(f"{EMBEDDED}  {size}{_use(model)}")
    for entry in catalogue.entries().values():
        mine = [
            one for one in models if one["kind"] == "catalogue" and one["name"].startswith(f"{entry.name}:")
        ]
        best = ", ".join(entry.best)
        print(f"\n{entry.name}  {entry.title}, best for {best}; {entry.licence.title}")
        for one in mine:
            print(_line(one))
    others = [one for one in models if one["kind"] in ("file", "server")]
    if others:
        print("\nfiles and servers")
    for one in others:
        size = f"  {size_text(one['bytes'])}, {one['quantisation']}" if one["bytes"] else ""
        print(f"  {one['name']}{size}{_use(one)}")
        if one.get("problem"):
            print(f"    {one['problem']}")
    print(f"\nDownload one with `irlens model pull NAME:QUANTISATION`. They are kept in {models_folder()}")


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

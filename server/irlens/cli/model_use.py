"""`irlens model use`, `remove` and `path`: choose a model, delete one, say where its file is."""

from __future__ import annotations

import argparse

from irlens.cli.console import exact, say
from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import print_json
from irlens.errors import ModelUnavailable
from irlens.folders import models_folder
from irlens.model import shelf, store
from irlens.model.catalogue import DEFAULT_QUANTISATION, EMBEDDED
from irlens.model.named import embedded_model_path
from irlens.model.pull import size_text


def use(arguments: argparse.Namespace) -> int:
    """Choose a model for some tasks; it must be here and readable. Servers are not asked."""
    model, tasks = shelf.use(arguments.name, arguments.tasks or ())
    if arguments.json:
        print_json({"model": model.name, "tasks": list(tasks)})
        return EXIT_DONE
    say(f"{model.name} is used for {', '.join(tasks)} from now on.")
    if model.better and set(tasks) & set(model.better[1]):
        better, worse = model.better
        say(
            f"For {', '.join(worse)} {better} is the better choice: irlens model use {better} --for {','.join(worse)}"
        )
    credit = shelf.credit_of(model.name)
    if credit:
        say(f"{credit}.")
    return EXIT_DONE


def remove(arguments: argparse.Namespace) -> int:
    """Delete a pulled model, or what was downloaded of one, and go back to the embedded one where it was chosen."""
    removed = shelf.remove(arguments.name)
    if arguments.json:
        print_json({"removed": removed.name, "freed": removed.freed, "embedded_for": list(removed.tasks)})
        return EXIT_DONE
    say(f"{removed.name} is removed: {removed.freed:,} bytes ({size_text(removed.freed)}) freed.")
    if removed.tasks:
        say(f"It was used for {', '.join(removed.tasks)}; the embedded model is now.")
    return EXIT_DONE


def path(arguments: argparse.Namespace) -> int:
    """Print where a model's file is; without a name, the folder of all that were pulled."""
    if arguments.name is None:
        where = str(models_folder())
    elif arguments.name.lower() == EMBEDDED:
        embedded = embedded_model_path()
        if embedded is None:
            raise ModelUnavailable(
                "This package was built without a model of its own. Pull one: "
                f"irlens model pull llm-compiler-7b-ftd:{DEFAULT_QUANTISATION}"
            )
        where = embedded
    else:
        where = str(store.resolve(arguments.name))
    if arguments.json:
        print_json({"path": where})
    else:
        exact(f"{where}\n")
    return EXIT_DONE

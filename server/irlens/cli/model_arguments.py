"""The arguments of `irlens model`."""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any, as_json: argparse.ArgumentParser, words: str) -> None:
    """Add `model` and what can be done with models to the commands; `words` say what it is."""
    model = commands.add_parser(
        "model",
        usage="irlens model list|pull|use|info|remove|path ...",
        help=words,
        description="List, download, choose and remove models, and show what is known of one.",
        epilog="Examples:\n"
        "  irlens model list\n"
        "  irlens model pull llm-compiler-7b-ftd         a licence is shown and accepted once\n"
        "  irlens model use llm-compiler-7b-ftd --for lift\n"
        "  irlens model use embedded                     back to the one that comes with irlens\n\n"
        "Exit codes: 0 done, 2 it could not be done, 130 interrupted. The manual is docs/models.md.",
    )
    kinds = model.add_subparsers(
        dest="what", prog="irlens model", required=True, metavar="list|pull|use|info|remove|path"
    )

    kinds.add_parser("list", parents=[as_json], help="list the models: which are here, which are used")

    pull = kinds.add_parser(
        "pull", parents=[as_json], help="download a model, checked; goes on where it was stopped"
    )
    pull.add_argument(
        "name", metavar="NAME[:QUANTISATION]", help="as `irlens model list` has it (default Q4_K_M)"
    )
    pull.add_argument("--accept-licence", action="store_true", help="accept its licence without being asked")
    pull.add_argument(
        "--from", dest="repository", metavar="OWNER/NAME", help="take it from this repository of the hub"
    )
    pull.add_argument("--offline", action="store_true", help="fetch nothing: succeed only if it is here")

    use = kinds.add_parser("use", parents=[as_json], help="choose the model to ask from now on")
    use.add_argument(
        "name",
        metavar="NAME|PATH|URL|embedded",
        help="one that was pulled, a GGUF file, a server, or our own",
    )
    use.add_argument(
        "--for",
        dest="tasks",
        type=_tasks,
        metavar="TASK,TASK",
        help="for these tasks only, of lift, tune and predict (default: all that it was trained for)",
    )

    info = kinds.add_parser("info", parents=[as_json], help="show a model's metadata (loads no weights)")
    info.add_argument(
        "name", nargs="?", metavar="NAME|PATH|URL", help="model to tell of (default: those that are used)"
    )
    info.add_argument("--model", metavar="MODEL", help="the same, as other commands spell it")

    remove = kinds.add_parser("remove", parents=[as_json], help="delete a model that was pulled")
    remove.add_argument("name", metavar="NAME[:QUANTISATION]")

    path = kinds.add_parser(
        "path", parents=[as_json], help="print where a model's file is, or the folder of all"
    )
    path.add_argument("name", nargs="?", metavar="NAME", help="(default: the folder of all models)")


def _tasks(text: str) -> tuple[str, ...]:
    from irlens.model.store import TASKS

    words = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in words if word not in TASKS]
    if unknown or not words:
        raise argparse.ArgumentTypeError(f"{text!r} names no task; give some of {','.join(TASKS)}")
    return tuple(task for task in TASKS if task in words)

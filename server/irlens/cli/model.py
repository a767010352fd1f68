"""`irlens model`: which models there are, having them here, choosing among them. Loads no weights."""

from __future__ import annotations

import argparse


def run(arguments: argparse.Namespace) -> int:
    """Hand on to the module of what is asked."""
    match arguments.what:
        case "list":
            from irlens.cli.model_list import run
        case "pull":
            from irlens.cli.model_pull import run
        case "use":
            from irlens.cli.model_use import use as run
        case "remove":
            from irlens.cli.model_use import remove as run
        case "path":
            from irlens.cli.model_use import path as run
        case _:
            from irlens.cli.model_info import run
    return run(arguments)

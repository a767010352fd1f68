"""The options that say which model is asked and what runs it; the same for every command that asks one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from irlens.model.engine import EngineOptions

MODEL_HELP = "a GGUF, a name of the catalogue, `embedded` or a server's address"


def add(parser: argparse.ArgumentParser, *, one_model: bool = True) -> None:
    """Add them to a command; `one_model` False where it adds its own --model."""
    group = parser.add_argument_group("model")
    if one_model:
        group.add_argument(
            "--model",
            metavar="MODEL",
            help=f"model to ask: {MODEL_HELP} (default: what `irlens model use` chose, else the embedded one)",
        )
    group.add_argument(
        "--engine",
        choices=("auto", "ctransformers", "llama-cpp-python", "server"),
        default="auto",
        help="what runs it (default auto: the best that is installed and can load it)",
    )
    group.add_argument(
        "--gpu-layers", type=_layers, metavar="N", help="layers on the GPU (default auto: as many as fit)"
    )
    group.add_argument("--threads", type=_positive, metavar="N", help="CPU threads (default: the engine's)")
    group.add_argument("--context", type=_positive, metavar="N", help="tokens (default: the model's)")
    group.add_argument("--key-file", metavar="FILE", help="the server's key (default: IRLENS_MODEL_KEY)")
    group.add_argument("--served-name", metavar="NAME", help="name of the model on a server with several")
    group.add_argument(
        "--no-answer-cache",
        dest="ask_anew",
        action="store_true",
        help="ask the model even where its answer is cached, and cache none",
    )
    group.add_argument(
        "--ask-anew", dest="ask_anew", action="store_true", help=argparse.SUPPRESS
    )  # its old name


def options_of(arguments: argparse.Namespace) -> EngineOptions:
    """How the model is to be loaded. Commands without these options get the defaults."""
    from irlens.model.engine import EngineOptions

    return EngineOptions(
        gpu_layers=getattr(arguments, "gpu_layers", None),
        threads=getattr(arguments, "threads", None),
        context=getattr(arguments, "context", None),
        key_file=getattr(arguments, "key_file", None),
        served_name=getattr(arguments, "served_name", None),
    )


def _positive(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)


def _layers(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number from 0 up nor auto")
    return int(text)

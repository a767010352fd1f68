"""What the commands share: the clients, progress on a terminal, output."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from irlens.assist.tools import Tools
from irlens.cli import console, streams
from irlens.cli.engine_arguments import options_of
from irlens.emulator.client import Emulator
from irlens.folders import cache_folder
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.model.answers import FILE_NAME, Answers
from irlens.model.client import Model
from irlens.model.named import Task
from irlens.settings import LlvmSettings

LINE_EVERY_S = 30.0


@contextmanager
def llvm_of(arguments: argparse.Namespace, at_once: int = 1) -> Iterator[LLVM]:
    """The LLVM client the arguments ask for, for so many jobs at a time; its workers end with the block."""
    included = include_folders_of(arguments)
    with LLVM(
        max(2, at_once),
        time_limit_s=time_limit_of(arguments),
        opt=arguments.opt,
        assembler=arguments.assembler,
        include_folders=included,
        measure_with=arguments.measure_with,
    ) as llvm:
        yield llvm


def time_limit_of(arguments: argparse.Namespace) -> float:
    """Seconds that one job of LLVM may take."""
    given = getattr(arguments, "time_limit", None)
    return LlvmSettings().time_limit if given is None else float(given)


def include_folders_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Where assembly may include files from: nowhere, or below the folders of the files that are named."""
    if not getattr(arguments, "include_files", False):
        return ()
    named = [getattr(arguments, name, None) for name in ("file", "a", "b")]
    paths = [path for path in (*named, *getattr(arguments, "paths", ())) if path]
    paths = [os.getcwd() if streams.is_stream(path) else os.path.abspath(path) for path in paths]
    return tuple(dict.fromkeys(path if os.path.isdir(path) else os.path.dirname(path) for path in paths))


@contextmanager
def tools_of(arguments: argparse.Namespace, at_once: int = 1) -> Iterator[Tools]:
    """LLVM as the arguments ask for it, with the emulator and the mechanical lifter; processes for so many jobs at a
    time."""
    llvm = LLVM(
        workers=max(2, at_once),
        time_limit_s=time_limit_of(arguments),
        opt=arguments.opt,
        assembler=arguments.assembler,
        include_folders=include_folders_of(arguments),
        measure_with=arguments.measure_with,
    )
    tools = Tools(llvm, Emulator(workers=at_once), MechanicalLifter(workers=at_once))
    try:
        yield tools
    finally:
        tools.close()


@contextmanager
def model_of(arguments: argparse.Namespace, task: Task | None = None) -> Iterator[Model]:
    """The model the arguments ask for, else the one chosen for the task; loaded at its first use, gone with the
    block. What it answers is kept, unless they say no."""
    answers = None if getattr(arguments, "ask_anew", False) else Answers(cache_folder() / FILE_NAME)
    model = open_model(arguments.model, arguments, task, answers)
    try:
        yield model
    finally:
        model.close()
        if answers is not None:
            answers.close()


def open_model(
    name: str | None,
    arguments: argparse.Namespace,
    task: Task | None = None,
    answers: Answers | None = None,
) -> Model:
    """The model of that name (`model.named`), to be loaded as the arguments say. Keeps no answers unless given a place
    for them. The caller closes it."""
    return Model(
        name,
        task=task,
        engine=getattr(arguments, "engine", "auto"),
        options=options_of(arguments),
        answers=answers,
    )


def progress(message: str, fraction: float | None) -> None:
    """One line on a terminal, overwritten; nothing where stderr is not a terminal."""
    done = "" if fraction is None else f"{fraction:4.0%} "
    console.overwrite(f"{done}{message}")


class Progress:
    """On a terminal a line that is written over; elsewhere a line every half minute, so that what is quick says nothing
    and what takes long is not silent."""

    def __init__(self) -> None:
        self._next = time.monotonic() + LINE_EVERY_S

    def __call__(self, message: str, fraction: float | None) -> None:
        if sys.stderr.isatty():
            progress(message, fraction)
        elif time.monotonic() > self._next:
            self._next = time.monotonic() + LINE_EVERY_S
            console.say(message, file=sys.stderr, flush=True)


def clear_progress() -> None:
    console.overwrite("")


def print_json(value: dict[str, object]) -> None:
    clear_progress()
    console.exact_json(value)

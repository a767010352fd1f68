"""`irlens tune`: the pass list whose object is smallest, never larger than -Oz."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from irlens.assist.tune import TuneResult, as_json, tune
from irlens.cli.inputs import read_ir
from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import clear_progress, model_of, print_json, progress, tools_of
from irlens.errors import LLVMRefused, UnusableInput


def run(arguments: argparse.Namespace) -> int:
    text = read_ir(arguments.file)
    with tools_of(arguments) as tools, model_of(arguments) as model:
        tools.warm()
        try:
            result = tune(text, None if arguments.no_model else model, tools, progress=progress)
        except LLVMRefused as refused:
            raise UnusableInput(f"{arguments.file}: {refused}") from None
    if arguments.output:
        write_whole(arguments.output, result.best_ir)
    if arguments.json:
        print_json({"file": arguments.file, **as_json(result)})
    else:
        clear_progress()
        _print(result, arguments.file)
    return EXIT_DONE


def write_whole(path: str, text: str) -> None:
    """Write the file whole or not at all: nothing that stood there is lost to a crash half way."""
    target = Path(path)
    written: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            written = Path(file.name)
            file.write(text)
        os.replace(written, target)
    except OSError as error:
        if written is not None:
            written.unlink(missing_ok=True)
        raise UnusableInput(
            f"{path}: cannot be written ({error.strerror}). Choose another -o path."
        ) from error


def _print(result: TuneResult, path: str) -> None:
    unit = result.objective.unit
    print(f"{path}: {unit}, every number measured by {result.by}")
    for attempt in sorted(result.tried, key=lambda t: t.value or 0)[:10]:
        print(f"  {attempt.value:>7}  {attempt.passes}")
    print(f"  {result.before:>7}  as it is")
    for attempt in result.left_out:
        print(f"  left out: {attempt.passes}: {attempt.why}")
    if result.model_passes is None:
        print(f"  no list from the model: {result.why_no_model_list}")
    verdict = f"{result.saved:.1%} under -Oz" if result.saved > 0 else "nothing smaller than -Oz found"
    best = result.best_passes or "(the module as it is)"
    print(f"best: {result.best} {unit}, {verdict}: {best}")
    if result.guard is not None:
        print(f"checked: {result.guard.words}")
    if result.not_searched:
        print(result.not_searched)
    print(f"{result.compilations} compilations, {result.seconds:.1f} s")

"""Tune many modules, several at a time; what became of each, in the order of the files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from irlens.assist.guard import guard
from irlens.assist.tools import Tools
from irlens.assist.tune import TuneOptions, TuneResult, as_json, tune
from irlens.cancel import Cancelled, CancelToken
from irlens.cli import streams
from irlens.cli.inputs import read_ir
from irlens.cli.tune_best import Watched
from irlens.cli.tune_files import Module, refuse_links, write_whole
from irlens.cli.tune_progress import TuneProgress
from irlens.errors import IrlensError, UnusableInput
from irlens.llvm import opt
from irlens.llvm.compilers import Compiler
from irlens.model.client import Model
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.finished import Finished, key_of
from irlens.tuning.kept_form import is_report


@dataclass(frozen=True)
class Answer:
    """What became of a module: one of `report` (as `irlens tune --json` has it), `why` it could not be tuned, and
    neither where the user stopped it; then `best` is the smallest so far, if there is one."""

    path: str
    report: dict[str, Any] | None = None
    why: str = ""
    best: Evaluation | None = None


@dataclass
class Setup:
    """What every module of a run is given. `compiler_of` chooses who compiles a module; `on_result` is told of each
    search that really took place: the result, the module's text, who compiled."""

    options: TuneOptions
    tools: Tools
    model: Model | None
    model_path: str
    compiler_of: Callable[[str], Compiler]
    opt_setting: str | None
    cache: Cache | None = None
    finished: Finished | None = None
    on_result: Callable[[TuneResult, str, Compiler], None] | None = None
    cancel: CancelToken = field(default_factory=CancelToken)


def run_modules(
    modules: Sequence[Module], setup: Setup, at_once: int, progress: TuneProgress
) -> Iterator[Answer]:
    """An answer for each module, in order, each as soon as those before it are there. Those that are not done when
    the token of `setup` is cancelled come as such."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="module") as threads:
        futures = {threads.submit(_one, module, setup, progress): at for at, module in enumerate(modules)}
        done: dict[int, Answer] = {}
        given = 0
        try:
            for future in as_completed(futures):
                done[futures[future]] = future.result()
                while given in done:
                    yield done[given]
                    given += 1
        finally:
            setup.cancel.cancel()  # for who stops asking


def _one(module: Module, setup: Setup, progress: TuneProgress) -> Answer:
    watched = Watched(setup.cache)
    kept = False
    name = streams.shown(module.path)
    try:
        setup.cancel.check()
        text = read_ir(module.path)
        report, ir, kept = _answer(module.path, text, setup, watched, progress)
        if module.output is not None:
            _write(module, module.output, ir, setup.cancel)
        return Answer(name, report)
    except Cancelled:
        return Answer(name, best=watched.best)
    except IrlensError as error:
        return Answer(name, why=_without_path(str(error), name))
    except Exception as error:  # a fault of ours at one module must not cost the others theirs
        return Answer(
            name,
            why=f"irlens itself failed ({type(error).__name__}: {error}). Please report it with the module.",
        )
    finally:
        progress.finished(module.path, kept)


def _answer(
    path: str, text: str, setup: Setup, watched: Watched, progress: TuneProgress
) -> tuple[dict[str, Any], str, bool]:
    """The report, the smallest module, and whether both were there from an earlier run."""
    key = _key(text, setup)
    found = setup.finished.find(key) if setup.finished is not None else None
    # The file may be another's (a cache that a build restored): neither its module nor its word is taken as it is.
    if found is not None and _is_held(text, found, setup):
        return {**found["report"], "compiled": 0}, found["ir"], True
    compiler = setup.compiler_of(text)
    result = tune(
        text,
        setup.model,
        setup.tools,
        setup.options,
        compiler=compiler,
        cache=watched,
        cancel=setup.cancel,
        progress=lambda message, fraction: progress.tell(path, message, fraction),
    )
    report = as_json(result)
    if setup.on_result is not None:
        setup.on_result(result, text, compiler)
    if setup.finished is not None and result.why_ended != "time":
        setup.finished.keep(key, {"report": report, "ir": result.best_ir})
    return report, result.best_ir, False


def _is_held(text: str, found: dict[str, Any], setup: Setup) -> bool:
    """Whether a kept module is the one that came in, or each function that it says does the same as before is seen to."""
    report, made = found.get("report"), found.get("ir")
    if not isinstance(report, dict) or not is_report(report) or not isinstance(made, str):
        return False
    if made == text:
        return True
    if report["guard"] is None:
        return False
    names = report["guard"]["agreed"]
    try:
        seen = guard(text, made, setup.tools, cancel=setup.cancel)
    except IrlensError:
        return False
    return not seen.broken and set(names) == set(seen.agreed)


def _key(text: str, setup: Setup) -> bytes:
    """Not the seconds: a search that the clock ended is not kept, and to any other they make no difference."""
    options = setup.options
    tool = opt.usable(setup.opt_setting)
    llvm = (tool.path, tool.version) if tool is not None else None
    model = "none"
    if setup.model is not None:
        about = os.stat(setup.model_path) if os.path.exists(setup.model_path) else None
        model = f"{setup.model_path} {about.st_size} {about.st_mtime_ns}" if about else setup.model_path
    return key_of(
        text,
        llvm,
        version("llvmlite"),
        setup.tools.llvm.measure_with,
        options.objective.key,
        options.budget.compilations,
        options.budget.waits,
        options.seed,
        options.limit_s,
        model,
    )


def _write(module: Module, path: str, text: str, cancel: CancelToken) -> None:
    refuse_links(module)  # once more: the search took its time
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInput(
            f"{path}: its folder cannot be made ({error.strerror}). Choose another -o folder."
        ) from error
    write_whole(path, text, cancel=cancel)


def _without_path(message: str, path: str) -> str:
    return message.removeprefix(path).removeprefix(":").strip()

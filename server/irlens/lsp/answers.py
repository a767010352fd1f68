"""Lift, tune and predict as data, for clients that show results in a place of their own.

The commands in `jobs` end in an edit or a file, which any client can show. These end in plain JSON: every
candidate of a lift with its verdict, the module before and after, predicted beside measured. Nothing is
applied, nothing is written, nothing pops up: the caller decides. An error is the request's error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from irlens import escape
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, ModelUnavailable, UnusableInput
from irlens.ide import names
from irlens.ide.module_edit import replace_module
from irlens.ide.why import why_text
from irlens.ir.passes import CONTAINERS, registry
from irlens.ir.unnamed import shown
from irlens.llvm.demangle import demangle
from irlens.lsp import jobs, texts
from irlens.lsp.documents import file_of
from irlens.lsp.progress import Bar

if TYPE_CHECKING:
    from lsprotocol import types

    from irlens.assist.lift import Candidate, LiftResult
    from irlens.assist.predict import PredictResult
    from irlens.assist.tune import TuneResult
    from irlens.evidence.lines import Links
    from irlens.lsp.server import IrlensServer
    from irlens.model.types import ModelInfo
    from irlens.objects.listing import Listing
    from irlens.source.snapshot import DocumentSnapshot

Json = dict[str, Any]
Result = TypeVar("Result")


LIMIT_S = 300.0
"""For one request that compares, predicts or goes through passes, so that a file of thousands of functions holds the
workers no longer. In a shell the same has no end but the user's."""


async def lift(server: IrlensServer, uri: str, function: str, token: types.ProgressToken | None) -> Json:
    """`{"function", "fileName", "why", "rejected", "candidates": [{"verdict", "words", "shownRight", "reason",
    "origin", "ir", "text", "evidence", "links": [[line of the assembly, line of text], ...]}]}`.

    Candidates are ranked, best first; those that LLVM refuses are only counted, since nobody is to use them.
    `text` is the module under the head that says where it comes from, `ir` the module alone, `evidence` all that
    is known of it, in Markdown. `shownRight` is whether something was run or compared that shows it to do the same.
    `links` are the lines, from 0, that are known to belong together. `why` says why there is no candidate.
    """
    from irlens.assist.lift_text import could_not_be_lifted
    from irlens.evidence.lines import linked_lines

    snapshot = snapshot_of(server, uri)
    function = await jobs.function_meant(server, snapshot, function)
    shown = escape.label(function)

    def work(cancel: CancelToken, tell: jobs.Tell) -> tuple[LiftResult, ModelInfo | None, dict[str, Links]]:
        """Worker thread. The links by candidate."""
        result, info = jobs.lift_function(server, snapshot, function, cancel, tell)
        source = jobs.lift_source(server, snapshot, function)
        llvm = server.backends.tools().llvm
        links = {
            found.ir: linked_lines(found.evidence, source, llvm, cancel)
            for found in result.candidates
            if found.ir is not None and found.evidence is not None
        }
        return result, info, links

    result, info, links = await under_way(server, f"Lift {shown}", token, work)
    await jobs.note_lift(server, snapshot, function, result, info)
    name = jobs.source_path(snapshot).name
    usable = [found for found in result.candidates if found.verdict.is_ir]
    why = ""
    if not usable:
        why = could_not_be_lifted(result, info, shown)
    return {
        "function": shown,
        "fileName": names.lifted_name(name, function, lambda name: False),
        "why": why,
        "rejected": len(result.candidates) - len(usable),
        "candidates": [
            _candidate(found, result, info, name, links.get(found.ir or "", ())) for found in usable
        ],
    }


def _candidate(
    found: Candidate, result: LiftResult, info: ModelInfo | None, source_name: str, links: Links
) -> Json:
    """One candidate under a head of its own; the others are not the reason why it was taken."""
    from irlens.assist.lift_text import file_with_head

    assert found.ir is not None
    alone = replace(
        result,
        origin=found.origin,
        why_origin=result.why_origin if found is result.candidates[0] else "not the best candidate",
        verdict=found.verdict,
        reason=found.reason,
        ir=found.ir,
        candidates=(found,),
    )
    text = file_with_head(alone, info, source_name)
    # The module stands at the end of the text, without the empty lines around it.
    module = found.ir.lstrip()
    skipped = found.ir.count("\n", 0, len(found.ir) - len(module))
    moved = text.count("\n") - module.rstrip().count("\n") - 1 - skipped
    return {
        "verdict": str(found.verdict),
        "words": found.verdict.words,
        "shownRight": found.verdict.is_shown_right,
        "reason": found.reason,
        "origin": found.origin,
        "ir": found.ir,
        "text": text,
        "evidence": why_text(alone, info),
        "links": [[place, line + moved] for place, line in links],
    }


async def tune(server: IrlensServer, uri: str, token: types.ProgressToken | None) -> Json:
    """What `irlens tune --json` prints, and `text`: the whole file with the smallest module in place of its own,
    the author's comments kept; None where nothing is smaller. `message` says it in a sentence."""
    from irlens.assist.tune import as_json
    from irlens.assist.tune import tune as run_tune

    snapshot = snapshot_of(server, uri)
    text = await texts.plain(server, snapshot)

    def work(cancel: CancelToken, tell: jobs.Tell) -> TuneResult:
        """Worker thread. A model that cannot be used leaves the fixed lists."""
        try:
            model = server.backends.model("tune")
        except ModelUnavailable:
            model = None
        return run_tune(
            text,
            model,
            server.backends.tools(),
            cache=server.backends.cache(),
            cancel=cancel,
            progress=tell,
        )

    result = await under_way(server, "Optimise for size", token, work)
    after = None
    if result.best_passes:
        after = await texts.kept(server, snapshot, lambda: _with_module(snapshot, result.best_ir))
    return {**as_json(result), "message": jobs.tuned_words(result), "text": after}


async def improve(server: IrlensServer, uri: str, function: str, token: types.ProgressToken | None) -> Json:
    """One function by the best list that is known for it: `{"function", "message", "text"}`, the last being the whole
    file with the function in place of its own."""
    from irlens.assist.tune_functions import Applied
    from irlens.ide.function_edit import edited

    snapshot = snapshot_of(server, uri)
    function = await jobs.function_meant(server, snapshot, function)
    passes = await texts.kept(server, snapshot, lambda: jobs.best_known(server, snapshot, function))
    text = await texts.plain(server, snapshot)

    def work(cancel: CancelToken, tell: jobs.Tell) -> Applied:
        """Worker thread."""
        return jobs.improve_function(server, text, function, passes, cancel, tell)

    applied = await under_way(server, f"Optimize {escape.label(function)} for size", token, work)
    after = await texts.kept(server, snapshot, lambda: edited(snapshot, applied.change))
    label = escape.label(function)
    message = f"{label}: {applied.words}, by {passes}."
    return {"function": label, "message": message, "text": after}


def _with_module(snapshot: DocumentSnapshot, ir: str) -> str:
    replacement = replace_module(snapshot.lines, ir)
    return "\n".join([*snapshot.lines[: replacement.start_line], replacement.text])


async def predict(
    server: IrlensServer, uri: str, passes: str, function: str | None, token: types.ProgressToken | None
) -> Json:
    """What `irlens predict --json` prints, and `model`: who predicted, "" where nobody did. Of one function also `readable`:
    its name as a demangler gives it, "" where it gives none. What `LIMIT_S` leaves no time for is said in `notes` and beside
    each function."""
    from irlens.assist.predict import as_json
    from irlens.assist.predict import predict as run_predict

    snapshot = snapshot_of(server, uri)
    text = snapshot.plain
    function = function and await jobs.function_meant(server, snapshot, function)

    def work(cancel: CancelToken, tell: jobs.Tell) -> tuple[PredictResult, str, str]:
        """Worker thread. What LLVM measures is worth having without a model."""
        tools = server.backends.tools()
        try:
            model = server.backends.model("predict")
            name = model.info(cancel=cancel).name
        except ModelUnavailable:
            model, name = None, ""
        result = run_predict(
            text,
            passes,
            function,
            model,
            tools.session,
            guarded_by=tools,
            to_show=True,
            limit_s=LIMIT_S,
            cancel=cancel,
            progress=tell,
        )
        return result, name, _readable(function, cancel) if function else ""

    result, name, readable = await under_way(server, f"Predict {passes}", token, work)
    asked = any(row.predicted is not None for row in result.functions)
    named = replace(
        result, functions=tuple(replace(row, name=escape.label(shown(row.name))) for row in result.functions)
    )
    return {**as_json(named), "model": name if asked else "", "readable": readable}


async def steps(
    server: IrlensServer, uri: str, passes: str, function: str, token: types.ProgressToken | None
) -> Json:
    """What each pass of a pipeline does to a function (`irlens.assist.steps`): `{"function", "pipeline", "start":
    {"instructions", "blocks", "bytes", "ir"}, "steps": [{"name", "class", "summary", "on", "changed", "elsewhere",
    "instructions", "blocks", "bytes", "added", "removed", "ir"}], "end": {...}, "by", "repairs", "notes",
    "whyNoBytes", "seconds", "readable"}`.

    `readable` is the function's name as a demangler gives it, "" where it gives none. A step has `ir` where it changed
    the function. All of it is measured; no model is asked. `notes` say which passes `LIMIT_S` left no time for.
    """
    from irlens.assist.steps import StepsResult
    from irlens.assist.steps import as_json as steps_json
    from irlens.assist.steps import steps as run_steps

    snapshot = snapshot_of(server, uri)
    text = snapshot.plain
    function = await jobs.function_meant(server, snapshot, function)

    def work(cancel: CancelToken, tell: jobs.Tell) -> tuple[StepsResult, str]:
        """Worker thread."""
        session = server.backends.tools().session
        result = run_steps(text, passes, function, session, limit_s=LIMIT_S, cancel=cancel, progress=tell)
        return result, _readable(function, cancel)

    result, readable = await under_way(server, f"Step through {passes}", token, work)
    return {**steps_json(result), "function": escape.label(shown(function)), "readable": readable}


def _readable(function: str, cancel: CancelToken) -> str:
    """Worker thread: the name of a C++ or Rust function as people write it; "" where it has no other than its own, or no
    demangler is installed. Raises `Cancelled`."""
    found = demangle([function], cancel).get(function, "")
    return escape.label(found) if found else ""


async def disassemble(
    server: IrlensServer, uri: str, first: str | None, token: types.ProgressToken | None
) -> Json:
    """An object or program on disk as a listing (`irlens.objects.listing`), which is assembly to open and lift from:
    `{"fileName", "text", "functions", "notes", "following"}`.

    `functions` is how many stand in `text`, `notes` say what does not, and `following` names the first function that had
    no room ("" where all had): asked for as `first`, the next listing begins with it. Nothing of the file is run.
    """
    from irlens.assist.disassemble import disassemble as run_disassemble

    path = file_of(uri)
    if path is None:
        raise UnusableInput("Only a file on disk can be disassembled. Choose one.")

    def work(cancel: CancelToken, tell: jobs.Tell) -> Listing:
        """Worker thread."""
        return run_disassemble(Path(path), first, server.backends.tools().lifter, cancel)

    name = Path(path).name
    listed = await under_way(server, f"Disassemble {escape.label(name)}", token, work)
    return {
        "fileName": f"{name}.{escape.file_name(first)}.s" if first else f"{name}.s",
        "text": listed.text,
        "functions": len(listed.functions),
        "notes": list(listed.notes),
        "following": listed.following,
    }


def passes(server: IrlensServer) -> list[Json]:
    """Every pass there is to name in a pipeline: `{"name", "kind", "summary", "runnable"}`. May start `opt` to ask
    it what it has, so: worker thread."""
    runnable = server.backends.runnable()
    found = [
        {"name": info.name, "kind": info.kind, "summary": info.summary, "runnable": runnable(info.name)}
        for info in registry().values()
    ]
    containers = [
        {"name": name, "kind": "container", "summary": summary, "runnable": True}
        for name, summary in CONTAINERS.items()
    ]
    return found + containers


def snapshot_of(server: IrlensServer, uri: str) -> DocumentSnapshot:
    """An open document. Raises `UnusableInput`."""
    snapshot = server.documents.get(uri)
    if snapshot is None:
        raise UnusableInput(server.documents.missing(uri))
    return snapshot


async def under_way(
    server: IrlensServer,
    title: str,
    token: types.ProgressToken | None,
    call: Callable[[CancelToken, jobs.Tell], Result],
) -> Result:
    """`call` on a worker thread under a progress bar; the bar's cancel and the request's both reach it."""
    cancel = CancelToken()
    jobs.make_way(server)
    bar = Bar(server, title, cancel, token)
    bar.begin()
    ending = "cancelled"
    try:
        result = await server.work.run("slow", lambda cancel: call(cancel, bar.report), cancel)
        ending = "done"
        return result
    except IrlensError:
        ending = "failed"
        raise
    finally:
        bar.end(ending)

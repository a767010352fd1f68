"""What a user asked for and waits for: lift, apply -Oz, optimise for size, apply a list to a function.

A job runs to its end whatever is typed meanwhile, with a progress bar whose cancel button, like a cancelled
request, puts up the token that the model's loop looks at. It ends in one of: an edit, one clear message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path

from irlens import escape
from irlens.asm.dialect import detect
from irlens.asm.macho import as_elf, c_name
from irlens.assist.words import counted, sentence
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, ModelUnavailable, UnusableInput
from irlens.evidence.verdict import Verdict
from irlens.ide import names, size_hints, symbols
from irlens.ide.function_edit import function_edits
from irlens.ide.known import LiftNote
from irlens.ide.module_edit import replace_module
from irlens.ir.outline import function_text
from irlens.ir.passes import OZ
from irlens.ir.pipeline import PipelineError
from irlens.ir.size_attributes import cold_functions, size_marks
from irlens.llvm.session import short_name
from irlens.lsp import convert, texts
from irlens.lsp.documents import path_of
from irlens.lsp.progress import Bar
from irlens.lsp.targets import IGNORE
from irlens.output import write_new
from irlens.source.edits import TextEdit
from irlens.source.positions import to_utf8
from irlens.tuning.baseline import oz_words

if TYPE_CHECKING:
    from irlens.assist.lift import LiftResult
    from irlens.assist.tune import TuneResult
    from irlens.assist.tune_functions import Applied
    from irlens.lsp.server import IrlensServer
    from irlens.model.client import Model
    from irlens.model.types import LiftSource, ModelInfo
    from irlens.prototypes.declared import Known
    from irlens.source.snapshot import DocumentSnapshot

logger = logging.getLogger(__name__)

Tell = Callable[[str, float | None], None]


@dataclass(frozen=True)
class Made:
    """A job's good end. `created` is the URI of a new file, `preview` that of a read-only one to show (there is
    no edit then), `message` what to tell the user."""

    edit: types.WorkspaceEdit | None
    message: str = ""
    created: str = ""
    preview: str = ""


async def run(
    server: IrlensServer,
    kind: str,
    uri: str,
    function: str,
    token: types.ProgressToken | None = None,
    passes: str = "",
) -> Made | None:
    """Do the job; None when it came to nothing, which the user was then told. `passes` is the list that is applied,
    where one is. Raises `CancelledError`."""
    snapshot = server.documents.get(uri)
    if snapshot is None:
        server.show(server.documents.missing(uri), types.MessageType.Warning)
        return None
    function = function and await function_meant(server, snapshot, function)
    titles = {
        "lift": f"Lift {escape.label(function)}",
        "apply-oz": "Apply -Oz",
        "tune": "Optimise for size",
        "apply-here": f"Optimise {escape.label(function)}",
        "apply-list": "Apply a list",
    }
    cancel = CancelToken()
    make_way(server)
    bar = Bar(server, titles[kind], cancel, token)
    bar.begin()
    ending = "cancelled"
    try:
        if kind == "lift":
            made = await _lift(server, snapshot, function, cancel, bar.report)
        else:
            improve = _improve_function if kind == "apply-here" else _improve
            made = await improve(server, snapshot, _Wanted(kind, function, passes), cancel, bar.report)
        ending = "done"
    except IrlensError as error:
        ending = "failed"
        logger.warning("%s of %s failed: %s", kind, uri, error)
        server.show(str(error), types.MessageType.Error)
        return None
    except asyncio.CancelledError:
        logger.info("%s of %s was cancelled", kind, uri)
        raise
    finally:
        bar.end(ending)
    if made.message:
        server.show(made.message, types.MessageType.Info if made.edit else types.MessageType.Warning)
    return made if made.edit or made.preview else None


async def function_meant(server: IrlensServer, snapshot: DocumentSnapshot, label: str) -> str:
    """`symbols.meant`; of a large text on a thread."""
    return await texts.kept(server, snapshot, lambda: symbols.meant(snapshot, label))


def make_way(server: IrlensServer) -> None:
    """Call off predictions for hovers, which would take turns with a job at the model; they start again when
    asked for."""
    server.latest.drop_where(lambda key: isinstance(key, tuple) and key[0] == "effect")


async def _lift(
    server: IrlensServer, snapshot: DocumentSnapshot, function: str, cancel: CancelToken, tell: Tell
) -> Made:
    from irlens.assist.lift_text import could_not_be_lifted, file_with_head

    path = source_path(snapshot)
    result, info = await server.work.run(
        "slow", lambda cancel: lift_function(server, snapshot, function, cancel, tell), cancel
    )
    note = await note_lift(server, snapshot, function, result, info)
    if result.ir is None:
        return Made(None, could_not_be_lifted(result, info, escape.label(function)))
    lifted = file_with_head(result, info, path.name)
    if not note.verdict.is_shown_right:
        return _preview(server, path, function, lifted, note)
    made = _new_file(server, path, function, lifted)
    body = function_text(lifted, result.name)
    if body is not None:
        server.known.lifts[(made.created, result.name)] = replace(note, source=body)
    return made


def lift_function(
    server: IrlensServer, snapshot: DocumentSnapshot, function: str, cancel: CancelToken, tell: Tell
) -> tuple[LiftResult, ModelInfo | None]:
    """Worker thread: the lift of one function as the settings want it, and the model that was asked."""
    from irlens.assist.lift import lift, wanted_origin

    if symbols.function_named(snapshot, function) is None:
        raise UnusableInput(
            f"There is no function {escape.label(function)} any more. Choose one that is there."
        )
    settings = server.settings
    source = lift_source(server, snapshot, function)
    model, info = _model(server, cancel)
    result = lift(
        source,
        model,
        server.backends.tools(),
        wanted=wanted_origin(settings.lift.origin),
        candidates=settings.lift.candidates,
        declared=_declared(settings.lift.prototypes, source.triple),
        cancel=cancel,
        progress=tell,
    )
    return result, info


def _declared(prototypes: str, triple: str) -> Known | None:
    """The prototypes that the settings give. Raises `UnusableInput` that names the setting."""
    from irlens.prototypes.declared import declared_in

    if not prototypes.strip():
        return None
    try:
        return declared_in(prototypes, triple)
    except UnusableInput as error:
        raise UnusableInput(f"The setting irlens.lift.prototypes: {error}") from None


def lift_source(server: IrlensServer, snapshot: DocumentSnapshot, function: str) -> LiftSource:
    """A function of a file as what is lifted."""
    from irlens.model.types import LiftSource

    text = snapshot.plain
    target, default = server.target_of(snapshot.uri), server.settings.asm.target
    triple = triple_of(text, target, default)
    elf_text, elf_triple = as_elf(text, triple)
    return LiftSource(elf_text, c_name(function, triple), elf_triple)


async def note_lift(
    server: IrlensServer,
    snapshot: DocumentSnapshot,
    function: str,
    result: LiftResult,
    info: ModelInfo | None,
) -> LiftNote:
    """Keep how the lift ended, for hovers."""
    body = await texts.kept(server, snapshot, lambda: _body(snapshot, function))
    note = LiftNote(result.verdict, result.reason, _lifter(result, info), body)
    server.known.lifts[(snapshot.uri, function)] = note
    if convert.capability(server.client_capabilities, "workspace.code_lens.refresh_support"):
        server.protocol.send_request(types.WORKSPACE_CODE_LENS_REFRESH, None)
    return note


def _body(snapshot: DocumentSnapshot, function: str) -> str:
    symbol = symbols.function_named(snapshot, function)
    return "\n".join(snapshot.lines[symbol.start_line : symbol.end_line + 1]) if symbol is not None else ""


def source_path(snapshot: DocumentSnapshot) -> Path:
    """The file of a document; of one that was never saved its name alone."""
    return Path(path_of(snapshot.uri) or snapshot.uri.rpartition("/")[2])


def _model(server: IrlensServer, cancel: CancelToken) -> tuple[Model | None, ModelInfo | None]:
    """Worker thread: the model and its facts, or nothing where it cannot be used: the lift then says so."""
    try:
        model = server.backends.model("lift")
    except ModelUnavailable as unavailable:
        logger.warning("no model for a lift: %s", unavailable)
        return None, None
    try:
        return model, model.info(cancel=cancel)
    except ModelUnavailable as unavailable:
        logger.warning("no model for a lift: %s", unavailable)
        return model, None  # the lift gives the reason


def _lifter(result: LiftResult, info: ModelInfo | None) -> str:
    """Who lifted, for a note of it."""
    return info.name if result.origin == "model" and info is not None else "the mechanical lifter"


def triple_of(
    text: str, target: str | None, default: str | None, what: str = "This file is not lifted"
) -> str:
    """What an assembly is for: by its text, the user's word or the default. Raises `UnusableInput`, which begins with
    `what`."""
    # Nothing is said of an ignored file unasked; who asks for a lift of it gets one.
    detection = detect(text, None if target == IGNORE else target, default)
    if detection.triple is None:
        raise UnusableInput(f"{what}: {detection.question or sentence(detection.says)}")
    return detection.triple


def _preview(server: IrlensServer, source: Path, function: str, text: str, note: LiftNote) -> Made:
    """What nothing shows to be right is shown, and offered as an edit by nobody."""
    known = "shown to be wrong" if note.verdict == Verdict.DISAGREES else "not shown to be right"
    message = f"The lift of {escape.label(function)} is {known}: {sentence(note.reason)} It can be read, and is not offered."
    try:
        path = server.previews.write(names.preview_name(source.name, function), text)
    except OSError as error:
        return Made(
            None, f"{message} The preview cannot be written ({error.strerror}); make room and lift again."
        )
    uri = from_fs_path(str(path))
    assert uri is not None
    return Made(None, message, preview=uri)


def _new_file(server: IrlensServer, source: Path, function: str, text: str) -> Made:
    """An edit that makes the file; for clients that cannot, the file itself and an empty edit."""
    folder = source.parent
    if not source.is_absolute() or not folder.is_dir():
        # The assembly was never saved, so there is no "next to it".
        name = names.lifted_name(
            source.name, function, lambda name: convert.untitled(name) in server.documents
        )
        return Made(convert.new_file(convert.untitled(name), text), created=convert.untitled(name))
    name = names.lifted_name(source.name, function, lambda name: (folder / name).exists())
    uri = from_fs_path(str(folder / name))
    assert uri is not None
    if convert.creates_files(server.client_capabilities):
        return Made(convert.new_file(uri, text), created=uri)
    try:
        write_new(folder / name, to_utf8(text).decode("utf-8", "surrogateescape"))
    except OSError as error:
        raise UnusableInput(
            f"{folder / name} cannot be written ({error.strerror}). Save the assembly where you may write."
        ) from error
    return Made(types.WorkspaceEdit(changes={}), f"Lifted to {folder / name}.", created=uri)


@dataclass(frozen=True)
class _Wanted:
    kind: str
    function: str
    passes: str


async def _improve_function(
    server: IrlensServer, snapshot: DocumentSnapshot, wanted: _Wanted, cancel: CancelToken, tell: Tell
) -> Made:
    """One function, by the list that is named or by what is known to be the best for it."""
    name = wanted.function
    passes = wanted.passes or best_known(server, snapshot, name)
    text = await texts.plain(server, snapshot)
    applied = await server.work.run(
        "slow", lambda cancel: improve_function(server, text, name, passes, cancel, tell), cancel
    )
    encoding = server.encoding

    def written() -> list[types.TextEdit]:
        return [
            convert.text_edit(edit, snapshot, encoding) for edit in function_edits(snapshot, applied.change)
        ]

    edits = await texts.kept(server, snapshot, written)
    _check_current(server, snapshot)
    message = f"`{passes}` on {escape.label(name)} alone: {applied.words}."
    return Made(convert.workspace_edit(snapshot, edits, server.client_capabilities), message)


def improve_function(
    server: IrlensServer, text: str, name: str, passes: str, cancel: CancelToken, tell: Tell
) -> Applied:
    """Worker thread: a list applied to one function, and what that came to."""
    from irlens.assist.tune_functions import apply_to_function

    tools = server.backends.tools()
    tell(f"running and checking {passes}", 0.2)
    try:
        return apply_to_function(
            text, name, passes, tools.compilers.of(text), tools, cancel, server.backends.cache()
        )
    except PipelineError as error:
        raise UnusableInput(f"`{passes}` cannot be read: {error}") from error


def best_known(server: IrlensServer, snapshot: DocumentSnapshot, name: str) -> str:
    """The list that makes a function smallest, by what was measured so far. Raises `UnusableInput` where none does."""
    notes = server.known.tuned.get(snapshot.uri, {})
    sized = next((each for each in size_hints.known(snapshot, notes) if each.tuned.name == name), None)
    passes = "" if sized is None else sized.tuned.passes or sized.passes
    if not passes:
        raise UnusableInput(
            f"Nothing smaller is known for {escape.label(name)}. Optimize the module for size, or wait for hints."
        )
    return passes


def _check_current(server: IrlensServer, snapshot: DocumentSnapshot) -> None:
    if not server.documents.current(snapshot):
        raise UnusableInput("The text changed meanwhile, so nothing was applied. Try again.")


async def _improve(
    server: IrlensServer, snapshot: DocumentSnapshot, wanted: _Wanted, cancel: CancelToken, tell: Tell
) -> Made:
    text = await texts.plain(server, snapshot)

    def work(cancel: CancelToken) -> tuple[str, str]:
        """Worker thread: the new module and what to say of it."""
        if wanted.kind == "tune":
            return _tune(server, text, cancel, tell)
        if wanted.kind == "apply-list":
            return _list(server, text, wanted.passes, cancel, tell)
        return _oz(server, text, cancel, tell)

    printed, message = await server.work.run("slow", work, cancel)
    if not printed:
        return Made(None, message)
    encoding = server.encoding

    def written() -> types.TextEdit:
        line_end = "\r\n" if "\r\n" in snapshot.text else "\n"
        replacement = replace_module(snapshot.lines, printed, line_end)
        last, column = snapshot.position(len(snapshot.text))
        edit = TextEdit(replacement.start_line, 0, last, column, replacement.text)
        return convert.text_edit(edit, snapshot, encoding)

    edits = [await texts.kept(server, snapshot, written)]
    _check_current(server, snapshot)
    return Made(convert.workspace_edit(snapshot, edits, server.client_capabilities), message)


def _oz(server: IrlensServer, text: str, cancel: CancelToken, tell: Tell) -> tuple[str, str]:
    """-Oz as clang has it: with its attributes."""
    from irlens.assist.guard import guard

    tools = server.backends.tools()
    compiler = tools.session.of(text)
    marks = size_marks(text)
    tell("running -Oz", 0.1)
    after = compiler.run(marks.text, OZ, cancel=cancel)
    tell("measuring", 0.4)
    (before,) = compiler.measure(to_utf8(text), [""], cancel=cancel)
    (made,) = compiler.measure(to_utf8(marks.text), [OZ], cancel=cancel)
    for each in (before, made):
        if each.how != "measured":
            return (
                "",
                f"-Oz was not applied: the module cannot be measured: {sentence(each.why)} Fix it and try again.",
            )
    tell("running both, before and after", 0.6)
    guarded = guard(text, after, tools, cancel=cancel)
    if guarded.broken:
        return "", f"-Oz was not applied: {guarded.words} Report it to LLVM with this file."
    given = len(marks.lacking)
    attributes = f", with minsize and optsize put on {counted(given, 'function')}" if given else ""
    skipped = f" {marks.optnone_words}" if marks.optnone else ""
    return after, (
        f"-Oz by {short_name(compiler.name)}{attributes}: {before.bytes} bytes before, {made.bytes} after (measured); "
        f"{guarded.words}.{skipped}"
    )


def _list(server: IrlensServer, text: str, passes: str, cancel: CancelToken, tell: Tell) -> tuple[str, str]:
    """One list on the whole module; not applied where -Oz, or the text as it is, is as small."""
    from irlens.assist.guard import guard

    tools = server.backends.tools()
    compiler = tools.session.of(text)
    marked = size_marks(text).text
    tell("measuring", 0.1)
    before, plain = compiler.measure(to_utf8(text), ["", OZ], cancel=cancel)
    by_oz, by_list = compiler.measure(to_utf8(marked), [OZ, passes], cancel=cancel)
    if by_list.how != "measured":
        return (
            "",
            f"Nothing was changed: `{passes}` cannot be used: {sentence(by_list.why)} Use another list.",
        )
    oz = oz_words(by_oz.bytes, plain.bytes if plain.bytes != by_oz.bytes else None)
    by = short_name(compiler.name)
    sizes = f"{before.bytes} bytes before, {oz}, this list {by_list.bytes} (measured by {by})"
    if by_list.bytes >= min(each.bytes for each in (before, plain, by_oz) if each.how == "measured"):
        return (
            "",
            f"Nothing was changed: on the whole module the list is not smaller ({sizes}). Apply it here.",
        )
    after = compiler.run(marked, passes, cancel=cancel)
    if passes != OZ:
        by_oz_ir = compiler.run(marked, OZ, cancel=cancel)
        if cold := cold_functions(after) - cold_functions(text) - cold_functions(by_oz_ir):
            return "", (
                f"Nothing was changed: the list marks functions cold ({escape.line(min(cold))} for one), and nothing "
                "says that they are rarely run. Use another list."
            )
    tell("running both, before and after", 0.6)
    guarded = guard(text, after, tools, cancel=cancel)
    if guarded.broken:
        return "", f"Nothing was changed: {sentence(guarded.words)} Use another list."
    return after, f"`{passes}`: {sizes}; {guarded.words}."


def _tune(server: IrlensServer, text: str, cancel: CancelToken, tell: Tell) -> tuple[str, str]:
    from irlens.assist.tune import tune

    try:
        model: Model | None = server.backends.model("tune")
    except ModelUnavailable:
        model = None
    result = tune(
        text,
        model,
        server.backends.tools(),
        cache=server.backends.cache(),
        cancel=cancel,
        progress=tell,
    )
    return (result.best_ir if result.best_passes else ""), tuned_words(result)


def tuned_words(result: TuneResult) -> str:
    """What was found, in a sentence; the numbers are LLVM's."""
    oz = oz_words(result.oz, result.plain_oz)
    by = short_name(result.by)
    measured = f"{result.before} {result.objective.unit} before, {oz}; measured by {by}"
    skipped = result.attributes.optnone_words
    if not result.best_passes:
        if skipped:
            return f"{escape.line(skipped)} Nothing was changed ({measured})."
        return f"No pass list makes this module smaller ({measured}). Nothing was changed."
    checked = f"; {result.guard.words}" if result.guard else ""
    what = f"`{result.best_passes}`"
    if result.best_passes == OZ:
        what = "No list beats -Oz. -Oz with clang's attributes"
    advice = f" {escape.line(skipped)}" if skipped else ""
    return f"{what}: {result.best} {result.objective.unit} ({measured}){checked}.{advice}"

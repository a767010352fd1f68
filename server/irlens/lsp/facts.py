"""Find things out in the background, so that a hover can answer from what is known.

Latest wins a document: a new text, or a hover on another pass, calls off what is still being found out.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from irlens import escape
from irlens.asm.dialect import detect
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, ModelUnavailable
from irlens.ide.asm_facts import sizes as asm_sizes
from irlens.ide.hover import shown_rows
from irlens.ide.known import FunctionSizes, PassEffect
from irlens.ir.cut import cut
from irlens.ir.unnamed import named
from irlens.lsp.targets import IGNORE
from irlens.lsp.work import GRACE_S
from irlens.model.named import TASKS, Task, place_of

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer
    from irlens.model.types import ModelInfo
    from irlens.source.snapshot import DocumentSnapshot

logger = logging.getLogger(__name__)

LARGE = 4 << 20
"""Characters of a text whose functions are not all measured unasked."""
_NOT_LOADED = "not loaded yet"
"""In place of a device, where only loading can tell; the state says so too."""


def prepare(server: IrlensServer, snapshot: DocumentSnapshot, delay_s: float = 0.0) -> None:
    """Have LLVM size the functions of this text, unless that is known or under way. Of a large text it sizes none before
    it is asked about one (`prepare_one`)."""
    if is_large(snapshot):
        if server.known.sizes(snapshot.uri).stage == "not asked":
            whose = (
                "only functions that are hovered are" if snapshot.language == "llvm" else "functions are not"
            )
            why = f"the file is larger than {LARGE >> 20} MB, so {whose} measured"
            server.known.set_sizes(snapshot.uri, FunctionSizes("known", why=why))
        return
    if server.known.sizes(snapshot.uri).stage == "not asked":
        server.known.set_sizes(snapshot.uri, FunctionSizes("under way"))
        server.latest.start(("facts", snapshot.uri), lambda: _sizes(server, snapshot), delay_s=delay_s)


def is_large(snapshot: DocumentSnapshot) -> bool:
    """Whether compiling the whole text is too much for something that nobody asked for."""
    return len(snapshot.text) > LARGE


def prepare_one(server: IrlensServer, snapshot: DocumentSnapshot, name: str) -> None:
    """Have LLVM size one function of a large module, unless that is known or under way."""
    sizes = server.known.sizes(snapshot.uri)
    if snapshot.language == "llvm" and name not in sizes.instructions and name not in sizes.under_way:
        server.known.set_sizes(snapshot.uri, replace(sizes, under_way=frozenset({name})))
        server.latest.start(("facts", snapshot.uri), lambda: _size_of_one(server, snapshot, name))


async def _size_of_one(server: IrlensServer, snapshot: DocumentSnapshot, name: str) -> None:
    found: FunctionSizes | None = None
    try:
        found = await server.work.run(
            "quick", lambda cancel: _find_size_of_one(server, snapshot, name, cancel), grace_s=GRACE_S
        )
    finally:
        if server.documents.current(snapshot):
            now = server.known.sizes(snapshot.uri)
            new = found or FunctionSizes()
            server.known.set_sizes(
                snapshot.uri,
                replace(
                    now,
                    bytes=now.bytes | new.bytes,
                    instructions=now.instructions | new.instructions,
                    under_way=now.under_way - {name},
                ),
            )


def _find_size_of_one(
    server: IrlensServer, snapshot: DocumentSnapshot, name: str, cancel: CancelToken
) -> FunctionSizes:
    """Worker thread."""
    names = named(snapshot.plain)
    try:
        alone = cut(names.text, names.name(name))
        found = server.backends.llvm().outline(alone, cancel=cancel).functions
    except IrlensError:
        return FunctionSizes("failed")
    own = next((facts for facts in found if facts.name == names.name(name)), None)
    if own is None:
        return FunctionSizes("failed")
    return FunctionSizes("known", {} if own.bytes is None else {name: own.bytes}, {name: own.instructions})


def prepare_effect(server: IrlensServer, snapshot: DocumentSnapshot, pipeline: str) -> None:
    """Have LLVM run a pass on this text and the model predict it, unless that is known or under way."""
    effect = server.known.effect(snapshot.uri, pipeline)
    if is_large(snapshot):
        why = f"it is larger than {LARGE >> 20} MB. Predict the pass on one function."
        server.known.set_effect(snapshot.uri, pipeline, PassEffect("failed", "failed", why=why))
        return
    ask_model = server.settings.hover.predict and effect.predicted == "not asked"
    if effect.measured != "not asked" and not ask_model:
        return
    server.known.set_effect(
        snapshot.uri,
        pipeline,
        replace(
            effect,
            measured="under way" if effect.measured == "not asked" else effect.measured,
            predicted="under way" if ask_model else effect.predicted,
        ),
    )
    server.latest.start(
        ("effect", snapshot.uri), lambda: _effect(server, snapshot, pipeline, ask_model=ask_model)
    )


def name_models(server: IrlensServer) -> None:
    """Say which models would be used now. Headers are read, weights are not, and no server is asked."""
    server.latest.start(("model",), lambda: _name_models(server))


async def _name_models(server: IrlensServer) -> None:
    while True:
        looked_at = server.status.changes
        found = await server.work.run("quick", lambda cancel: serving(server))
        if (
            looked_at == server.status.changes
        ):  # else a state that was told meanwhile is newer than what was found
            break
    server.status.serve(found)


def serving(server: IrlensServer) -> dict[str, dict[str, Any]]:
    """The model of each task as it would be used now. Worker thread.

    `{"name", "state", "reason", "engine", "device"}`, and where it is known also "path", "family", "quantisation",
    "parameters", "context" (tokens), "whyEngine" and "credit", what its licence asks to show.
    """
    found: dict[str, dict[str, Any]] = {}
    for task in TASKS:
        try:
            found[task] = _described(server, task)
        except IrlensError as error:
            found[task] = {"name": "", "state": "failed", "reason": str(error), "engine": "", "device": ""}
    return found


def _described(server: IrlensServer, task: Task) -> dict[str, Any]:
    model = server.backends.model(task)
    state = {
        "state": model.state,
        "reason": "not loaded until it is needed" if model.state == "absent" else model.reason,
    }
    address = _address(server, task)
    if address is not None and model.state not in ("ready", "busy"):
        # What it is, only the server can say, and it is asked when it is needed.
        return {"name": address, **state, "engine": "server", "device": ""}
    info = model.info()
    return {
        "name": escape.label(info.name),
        **state,
        "engine": info.engine,
        "device": "" if info.device == _NOT_LOADED else info.device,
        "path": info.path,
        "family": info.family,
        "quantisation": info.quantisation,
        "parameters": info.parameters,
        "context": info.context,
        "whyEngine": info.why_engine,
        "credit": info.credit or None,
    }


def _address(server: IrlensServer, task: Task) -> str | None:
    wanted = server.settings.model
    try:
        place = place_of(getattr(wanted, task) or wanted.path, task)
    except ModelUnavailable:
        return None
    return place.at if place.kind == "server" else None


async def _sizes(server: IrlensServer, snapshot: DocumentSnapshot) -> None:
    target, default = server.target_of(snapshot.uri), server.settings.asm.target
    sizes = FunctionSizes()
    try:
        sizes = await server.work.run(
            "quick", lambda cancel: _find_sizes(server, snapshot, target, default, cancel), grace_s=GRACE_S
        )
    finally:
        if server.documents.current(snapshot):
            server.known.set_sizes(snapshot.uri, sizes)


def _find_sizes(
    server: IrlensServer,
    snapshot: DocumentSnapshot,
    target: str | None,
    default: str | None,
    cancel: CancelToken,
) -> FunctionSizes:
    """Worker thread."""
    text = snapshot.plain
    llvm = server.backends.llvm()
    try:
        if snapshot.language == "llvm":
            names = named(text)  # an object has no symbol for what has only a number
            outline = server.backends.tools().session.outline(names.text, cancel=cancel)
            found = outline.functions
            return FunctionSizes(
                "known",
                {names.number(facts.name): facts.bytes for facts in found if facts.bytes is not None},
                {names.number(facts.name): facts.instructions for facts in found},
                outline.why,
                outline.by,
            )
        triple = None if target == IGNORE else detect(text, target, default).triple
        if triple is None:
            return FunctionSizes("failed", why="the target is not known")
        return asm_sizes(text, triple, llvm, cancel)
    except IrlensError as error:
        return FunctionSizes("failed", why=str(error))


async def _effect(
    server: IrlensServer, snapshot: DocumentSnapshot, pipeline: str, *, ask_model: bool
) -> None:
    """Measured first, since LLVM is quick; then what the model says of each function that a hover shows."""
    effect = PassEffect()
    try:
        effect = await server.work.run(
            "quick", lambda cancel: _measure(server, snapshot, pipeline, cancel), grace_s=GRACE_S
        )
        if effect.measured == "known" and ask_model:
            measured = effect
            for name in [row.name for row in shown_rows(measured)]:
                _keep(server, snapshot, pipeline, replace(effect, predicted="under way"))
                effect = await server.work.run(
                    "slow", partial(_predict, server, snapshot, pipeline, name, effect)
                )
            effect = replace(effect, predicted="known")
    except asyncio.CancelledError:
        # Half way: what is under way no longer is, and the next hover starts again.
        effect = PassEffect()
        raise
    finally:
        _keep(server, snapshot, pipeline, effect)


def _keep(server: IrlensServer, snapshot: DocumentSnapshot, pipeline: str, effect: PassEffect) -> None:
    if server.documents.current(snapshot):
        server.known.set_effect(snapshot.uri, pipeline, effect)


def _measure(
    server: IrlensServer, snapshot: DocumentSnapshot, pipeline: str, cancel: CancelToken
) -> PassEffect:
    """Worker thread."""
    from irlens.assist.predict import measure

    session = server.backends.tools().session
    try:
        result = measure(snapshot.plain, pipeline, None, session, cancel=cancel)
    except IrlensError as error:
        return PassEffect("failed", "failed", why=str(error))
    return PassEffect("known", "not asked", result.functions, notes=result.notes)


def _predict(
    server: IrlensServer,
    snapshot: DocumentSnapshot,
    pipeline: str,
    name: str,
    effect: PassEffect,
    cancel: CancelToken,
) -> PassEffect:
    """Worker thread: `effect` with the model's word on one function. Whatever goes wrong with the model, what
    LLVM measured stays."""
    from irlens.assist.predict import predict

    text = snapshot.plain
    try:
        model = server.backends.model("predict")
        (found,) = predict(
            text, pipeline, name, model, server.backends.tools().session, cancel=cancel
        ).functions
        model_name = _shown_as(model.info()) if found.predicted is not None else effect.model
        why = effect.why or found.why_not_predicted
    except IrlensError as error:
        return replace(effect, why=effect.why or str(error))
    functions = tuple(
        replace(found, measured=row.measured, why_not_measured=row.why_not_measured)
        if row.name == name
        else row
        for row in effect.functions
    )
    return replace(effect, functions=functions, model=model_name, why=why)


def _shown_as(info: ModelInfo) -> str:
    """The model's name, and what its licence asks to show."""
    return f"{info.name} ({info.credit})" if info.credit else info.name

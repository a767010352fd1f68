"""Find things out in the background, so that a hover can answer from what is known.

Latest wins a document: a new text, or a hover on another pass, calls off what is still being found out.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from irlens.asm.dialect import detect
from irlens.cancel import CancelToken
from irlens.errors import IrlensError
from irlens.ide.asm_facts import sizes as asm_sizes
from irlens.ide.hover import shown_rows
from irlens.ide.known import FunctionSizes, PassEffect
from irlens.lsp.work import GRACE_S

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer
    from irlens.model.types import ModelInfo
    from irlens.source.snapshot import DocumentSnapshot

logger = logging.getLogger(__name__)


def prepare(server: IrlensServer, snapshot: DocumentSnapshot, delay_s: float = 0.0) -> None:
    """Have LLVM size the functions of this text, unless that is known or under way."""
    if server.known.sizes(snapshot.uri).stage == "not asked":
        server.known.set_sizes(snapshot.uri, FunctionSizes("under way"))
        server.latest.start(("facts", snapshot.uri), lambda: _sizes(server, snapshot), delay_s=delay_s)


def prepare_effect(server: IrlensServer, snapshot: DocumentSnapshot, pipeline: str) -> None:
    """Have LLVM run a pass on this text and the model predict it, unless that is known or under way."""
    effect = server.known.effect(snapshot.uri, pipeline)
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


def name_model(server: IrlensServer) -> None:
    """Say which model would be used now. Its header is read, its weights are not."""
    server.latest.start(("model",), lambda: _name_model(server))


async def _name_model(server: IrlensServer) -> None:
    info, state, reason = await server.work.run("quick", lambda cancel: _find_model(server))
    server.status.use_model(*((info.name, info.engine, info.device) if info is not None else ("", "", "")))
    server.status.model(state, reason)


def _find_model(server: IrlensServer) -> tuple[ModelInfo | None, str, str]:
    """Worker thread."""
    try:
        model = server.backends.model()
        return model.info(), model.state, "not loaded until it is needed"
    except IrlensError as error:
        return None, "failed", str(error)


async def _sizes(server: IrlensServer, snapshot: DocumentSnapshot) -> None:
    target = server.settings.asm.target
    sizes = FunctionSizes()
    try:
        sizes = await server.work.run(
            "quick", lambda cancel: _find_sizes(server, snapshot, target, cancel), grace_s=GRACE_S
        )
    finally:
        if server.documents.current(snapshot):
            server.known.set_sizes(snapshot.uri, sizes)


def _find_sizes(
    server: IrlensServer, snapshot: DocumentSnapshot, target: str | None, cancel: CancelToken
) -> FunctionSizes:
    """Worker thread."""
    text = "\n".join(snapshot.lines)
    llvm = server.backends.llvm()
    try:
        if snapshot.language == "llvm":
            outline = llvm.outline(text, cancel=cancel)
            found = outline.functions
            return FunctionSizes(
                "known",
                {facts.name: facts.bytes for facts in found if facts.bytes is not None},
                {facts.name: facts.instructions for facts in found},
                outline.why,
            )
        triple = detect(text, target).triple
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

    try:
        result = measure("\n".join(snapshot.lines), pipeline, None, server.backends.llvm(), cancel=cancel)
    except IrlensError as error:
        return PassEffect("failed", "failed", why=str(error))
    return PassEffect("known", "not asked", result.functions)


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

    text = "\n".join(snapshot.lines)
    try:
        model = server.backends.model("predict")
        (found,) = predict(text, pipeline, name, model, server.backends.llvm(), cancel=cancel).functions
        model_name = model.info().name if found.predicted is not None else effect.model
        why = effect.why or found.why_not_predicted
    except IrlensError as error:
        return replace(effect, why=effect.why or str(error))
    functions = tuple(
        replace(row, predicted=found.predicted, bytes_of=found.bytes_of, kept=found.kept)
        if row.name == name
        else row
        for row in effect.functions
    )
    return replace(effect, functions=functions, model=model_name, why=why)

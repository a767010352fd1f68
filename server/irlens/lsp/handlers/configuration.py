"""Settings come from the client: pulled where it offers that, pushed where it does not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from irlens.lsp import convert, diagnosis, facts, hints
from irlens.settings import SECTION, Settings

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer

logger = logging.getLogger(__name__)

TRUST = "irlens/trust"
"""Notification `{"trusted": bool}`: the user's decision on the workspace, from the client itself. Anything but `true`
withdraws trust."""

_ANSWER_LIMIT_S = 5.0


async def register(server: IrlensServer) -> None:
    """Ask to be told of changes, where the client wants to be asked."""
    if convert.capability(
        server.client_capabilities, "workspace.did_change_configuration.dynamic_registration"
    ):
        registration = types.Registration(
            id="irlens-configuration",
            method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
            register_options={"section": SECTION},
        )
        await ask(server, types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams([registration]))


async def fetch(server: IrlensServer) -> bool:
    """Read `workspace/configuration`; false where the client has none or does not answer."""
    if not convert.capability(server.client_capabilities, "workspace.configuration"):
        return False
    params = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
    answer = await ask(server, types.WORKSPACE_CONFIGURATION, params)
    if not isinstance(answer, list | tuple) or not answer:
        return False
    _use(server, plain(answer[0]))
    return True


async def did_change(server: IrlensServer, params: types.DidChangeConfigurationParams) -> None:
    """The values that come with the message count only where the client cannot be asked."""
    if not await fetch(server):
        _use(server, plain(params.settings))


def did_trust(server: IrlensServer, params: Any) -> None:
    said = plain(params)
    before = server.settings
    _take(
        server, server.configuration.trust(said.get("trusted") if isinstance(said, Mapping) else None), before
    )


def did_choose_target(server: IrlensServer, params: Any) -> None:
    """`irlens/target`: the file is looked at anew with it."""
    said = plain(params)
    if not isinstance(said, Mapping) or not server.targets.choose(said.get("uri"), said.get("target")):
        logger.warning("irlens/target came without a file, or with a target that is none")
        return
    snapshot = server.documents.get(said["uri"])
    if snapshot is not None:
        server.known.text_changed(snapshot.uri)
        diagnosis.look(server, snapshot, "settings")
    if diagnosis.pulls(server):
        diagnosis.ask_to_pull(server)


async def ask(server: IrlensServer, method: str, params: Any) -> Any:
    """Send a request; None when the client refuses or does not answer in time."""
    future = asyncio.wrap_future(server.protocol.send_request(method, params))
    try:
        return await asyncio.wait_for(future, _ANSWER_LIMIT_S)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        logger.warning("%s was not answered: %r", method, error)
        return None


def plain(value: Any) -> Any:
    """pygls reads untyped JSON into objects of its own; back to dictionaries and lists."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def _use(server: IrlensServer, sent: Any) -> None:
    before = server.settings
    _take(server, server.configuration.update(sent), before)


def _take(server: IrlensServer, problems: tuple[str, ...], before: Settings) -> None:
    for problem in problems:
        server.warn(problem)
    if server.settings != before:
        server.backends.configure(server.settings)
        if server.settings.model != before.model:
            facts.name_models(server)
        diagnosis.look_again(server)
        if server.settings.lens != before.lens:
            hints.refresh_lenses(server)

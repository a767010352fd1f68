"""A `.S` as the assembler would get it: the installed compiler's preprocessor, run when the user asks for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from irlens import escape
from irlens.confinement.policy import holds_secrets
from irlens.errors import UnusableInput
from irlens.lsp import answers, jobs
from irlens.lsp.documents import file_of, name_of
from irlens.lsp.handlers.files import folders
from irlens.lsp.targets import IGNORE

if TYPE_CHECKING:
    from lsprotocol import types

    from irlens.cancel import CancelToken
    from irlens.lsp.server import IrlensServer


async def preprocess(server: IrlensServer, uri: str, token: types.ProgressToken | None) -> dict[str, object]:
    """`{"fileName", "text", "by"}`: an open document's text after the preprocessor of `by`.

    It may read the folders that are open and the one that the file is in, no other file of the user's: the home folder
    itself is never one of them. Raises `UnusableInput`, also where the client is not trusted.
    """
    from irlens.llvm import preprocessor

    server.configuration.require_trust(
        "so no compiler is run for its files", "preprocess the file in a shell (`gcc -E -P`)"
    )
    snapshot = answers.snapshot_of(server, uri)
    name = name_of(uri)
    path = file_of(uri)
    if snapshot.language != "asm" or path is None:
        raise UnusableInput(
            f"{escape.label(name)}: only assembly that is a file on disk is preprocessed. Save it first."
        )
    opened = folders(server)
    target = server.target_of(uri) or server.settings.asm.target
    triple = None if target in (None, IGNORE) else target

    def work(cancel: CancelToken, tell: jobs.Tell) -> tuple[str, str]:
        """Worker thread."""
        folder, roots = _readable(path, opened)
        tool = preprocessor.find(triple)
        return preprocessor.preprocess(tool, snapshot.plain, folder, roots, cancel), tool.name

    try:
        text, by = await answers.under_way(server, f"Preprocess {escape.label(name)}", token, work)
    except UnusableInput as error:
        raise UnusableInput(f"{escape.label(name)}: {error}") from None
    return {"fileName": f"{os.path.splitext(name)[0]}.i.s", "text": text, "by": by}


def _readable(path: str, opened: Sequence[str]) -> tuple[str, list[str]]:
    """Worker thread: the folder that the file really is in, and the open folders, as far as a compiler may read them. A link
    may lead anywhere, and only what it leads to counts. Raises `UnusableInput`."""
    folder = os.path.dirname(os.path.realpath(path))
    real = [os.path.realpath(root) for root in opened]
    if real and not any(os.path.join(folder, "").startswith(os.path.join(root, "")) for root in real):
        raise UnusableInput("it is not below a folder that is open. Open its folder.")
    if holds_secrets(folder):
        raise UnusableInput(
            "a compiler would be let read the home folder, or what the system keeps. Move the file into a folder of its own."
        )
    return folder, [root for root in real if not holds_secrets(root)]

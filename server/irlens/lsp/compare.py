"""Compare two functions, or two files, of those that are open: the same engine as `irlens compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from irlens import escape
from irlens.errors import UnusableInput
from irlens.ide import symbols
from irlens.lsp import answers, jobs
from irlens.lsp.answers import LIMIT_S
from irlens.lsp.documents import name_of

if TYPE_CHECKING:
    from lsprotocol import types

    from irlens.assist.compare import Compared, Pair, Side
    from irlens.cancel import CancelToken
    from irlens.lsp.server import IrlensServer
    from irlens.source.snapshot import DocumentSnapshot


async def compare(
    server: IrlensServer,
    uri: str,
    function: str,
    other: str,
    other_function: str,
    token: types.ProgressToken | None,
) -> dict[str, Any]:
    """`{"a", "b", "outcome", "summary", "functions": [{"name", "with", "outcome", "reason"}], "text"}`.

    The document `uri` has the original; `other` is the same document or another open one. Without `function` all functions
    of one name are compared, or, within one document, those named src and tgt; without `other_function` it is the one of
    the same name, or tgt. `outcome` is the worst of all, `text` everything in Markdown. Nothing is run but in the emulator.
    """
    from irlens.assist.compare import common_triple
    from irlens.assist.compare import compare as run_compare
    from irlens.ide.compared import compared_text, summary

    mine = answers.snapshot_of(server, uri)
    its = answers.snapshot_of(server, other)

    def work(cancel: CancelToken, tell: jobs.Tell) -> tuple[Side, Side, list[Compared]]:
        """Worker thread."""
        default = server.settings.asm.target
        left = _side(mine, server.target_of(mine.uri) or default)
        right = left if its is mine else _side(its, server.target_of(its.uri) or default, besides=left.name)
        pairs = _pairs(left, right, _meant(mine, function), _meant(its, other_function))
        of = {left.name: mine, right.name: its}

        def triple_of(side: Side) -> str:
            target = server.target_of(of[side.name].uri)
            return jobs.triple_of(side.text, target, default, f"{side.name} is not compared")

        triple = common_triple(left, right, triple_of, None, "Compile them for {}.")
        tools = server.backends.tools()
        at_once = min(len(pairs), tools.emulator.workers)
        found = run_compare(
            left,
            right,
            pairs,
            triple,
            tools.llvm,
            tools.emulator,
            jobs=at_once,
            limit_s=LIMIT_S,
            cancel=cancel,
            progress=tell,
        )
        return left, right, list(found)

    title = f"Compare {escape.label(function or name_of(uri))}"
    left, right, found = await answers.under_way(server, title, token, work)
    only: list[tuple[str, list[str]]] = []
    if left is not right and not function:
        taken = {each.pair.original for each in found}, {each.pair.candidate for each in found}
        only = [
            (side.name, [name for name in side.functions if name not in names])
            for side, names in zip((left, right), taken, strict=True)
        ]
    outcomes = [each.agreement.outcome for each in found]
    return {
        "a": left.name,
        "b": right.name,
        "outcome": next((each for each in ("disagrees", "unknown") if each in outcomes), "agrees"),
        "summary": summary(found),
        "functions": [
            {
                "name": each.pair.original,
                "with": each.pair.candidate,
                "outcome": each.agreement.outcome,
                "reason": each.agreement.reason,
            }
            for each in found
        ],
        "text": compared_text(found, left.name, right.name, only),
    }


def _side(snapshot: DocumentSnapshot, target: str | None, besides: str = "") -> Side:
    """macOS assembly as ELF. `besides` is the name of the other text, which two files in two folders may share. Raises
    `UnusableInput`."""
    from irlens.asm.dialect import detect
    from irlens.asm.macho import as_elf
    from irlens.asm.symbols import format_of_triple
    from irlens.assist.compare import Side

    name = name_of(snapshot.uri)
    name = f"{name} (2)" if name == besides else name
    if snapshot.language != "asm":
        return Side(name, snapshot.plain, False)
    triple = detect(snapshot.plain, target).triple
    if triple is None or format_of_triple(triple) != "macho":
        return Side(name, snapshot.plain, True)
    text, triple = as_elf(snapshot.plain, triple)
    return Side(name, text, True, triple)


def _meant(snapshot: DocumentSnapshot, label: str) -> str:
    return symbols.meant(snapshot, label) if label else ""


def _pairs(left: Side, right: Side, name: str, other: str) -> list[Pair]:
    """Raises `UnusableInput` where there is nothing to compare."""
    from irlens.assist.compare import named_pair, pairs_in_one, pairs_of_two

    if name and other:
        return [named_pair(left, right, name, other)]
    if other:
        raise UnusableInput("The function to compare with is named alone. Name the first one too.")
    if left is not right:
        return pairs_of_two(left, right, name or None)
    pairs = pairs_in_one(left)
    meant = [pair for pair in pairs if name in ("", pair.original, pair.candidate)]
    if not meant:
        raise UnusableInput(f"{left.name}: {name} alone was named. Choose the function to compare it with.")
    return meant

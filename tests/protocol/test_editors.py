"""The real server over stdio as VS Code and as Neovim drive it; breaches of the specification are errors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from irlens.model.client import embedded_model_path
from support.conditions import wait_for
from support.texts import ASM, BROKEN_IR, IR
from support.tiny_gguf import write_tiny

pytestmark = pytest.mark.asyncio(loop_scope="module")

EDITORS = ("visual-studio-code", "neovim")


def _model(folder: Path) -> str:
    """The embedded model, or noise of the same kind where the package was built without one."""
    return embedded_model_path() or str(write_tiny(folder / "tiny.gguf"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


class Editor:
    """One editor with its server: what a test needs of both kinds alike."""

    def __init__(self, client: LanguageClient, workspace: Path, encoding: str) -> None:
        self.client = client
        self.workspace = workspace
        self.encoding = encoding
        self.statuses: list[Any] = []
        self.applied: list[types.ApplyWorkspaceEditParams] = []
        self.pulls = client.capabilities.text_document.diagnostic is not None  # type: ignore[union-attr]

    def open(self, name: str, text: str, language: str = "llvm") -> str:
        uri = (self.workspace / name).as_uri()
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    async def findings(self, uri: str, count: int) -> list[types.Diagnostic]:
        """What the editor would show, however it gets it."""
        if not self.pulls:
            await wait_for(
                lambda: len(self.client.diagnostics.get(uri, ())) == count and uri in self.client.diagnostics
            )
            return list(self.client.diagnostics[uri])
        report = await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        )
        assert len(report.items) == count
        return list(report.items)

    def change(self, uri: str, version: int, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(version=version, uri=uri)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(document, [types.TextDocumentContentChangeWholeDocument(text)])
        )

    async def hover(self, uri: str, line: int, character: int) -> types.Hover | None:
        place = types.Position(line, character)
        return await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), place)
        )

    async def actions(self, uri: str, line: int) -> list[types.CodeAction]:
        place = types.Position(line, 0)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), types.Range(place, place), types.CodeActionContext([])
        )
        return list(await self.client.text_document_code_action_async(params) or ())


@pytest_lsp.fixture(
    scope="module",
    params=EDITORS,
    config=ClientServerConfig(server_command=[sys.executable, "-m", "irlens", "serve"]),
)
async def client(lsp_client: LanguageClient, request: pytest.FixtureRequest, workspace: Path) -> Any:
    folder = workspace / request.param
    folder.mkdir()

    @lsp_client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        made.applied.append(params)
        return types.ApplyWorkspaceEditResult(applied=True)

    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        return None

    @lsp_client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
    def refresh(params: None) -> None:
        return None

    @lsp_client.feature("irlens/status")
    def status(params: Any) -> None:
        made.statuses.append(params)

    result = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(request.param),
            root_uri=folder.as_uri(),
            workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="w")],
            # Each of these sessions is to ask the model, whatever the one before was answered.
            initialization_options={"model": {"path": _model(workspace), "answerCache": 0}},
        )
    )
    made = Editor(lsp_client, folder, str(result.capabilities.position_encoding))
    lsp_client.editor = made
    yield
    await lsp_client.shutdown_session()
    assert lsp_client._server.returncode == 0


@pytest.fixture
def editor(client: Any) -> Editor:
    return client.editor


async def test_the_encoding_is_the_editors(editor: Editor) -> None:
    assert editor.encoding == ("utf-8" if editor.pulls else "utf-16")


async def test_errors_are_shown_at_their_place_and_go(editor: Editor) -> None:
    uri = editor.open("broken.ll", BROKEN_IR)
    (found,) = await editor.findings(uri, 1)
    assert found.range == types.Range(types.Position(1, 10), types.Position(1, 18))
    editor.change(uri, 2, IR)
    assert await editor.findings(uri, 0) == []


async def test_columns_beyond_emoji(editor: Editor) -> None:
    text = '; 😀é RUN: opt -passes="instcombin" -S %s\r\n'
    (found,) = await editor.findings(editor.open("emoji.ll", text), 1)
    column = text.index("instcombin")
    before = text[:column].encode() if editor.encoding == "utf-8" else text[:column].encode("utf-16-le")
    unit = 1 if editor.encoding == "utf-8" else 2
    assert found.range.start.character == len(before) // unit
    assert found.range.end.character == found.range.start.character + len("instcombin")


async def test_a_hover_on_a_function(editor: Editor) -> None:
    uri = editor.open("hover.ll", IR)
    await editor.findings(uri, 0)
    found = await editor.hover(uri, 5, 13)
    assert found is not None
    assert "5 instructions" in found.contents.value
    assert found.range == types.Range(types.Position(5, 11), types.Position(5, 18))


async def test_symbols_folds_definitions_and_references(editor: Editor) -> None:
    uri = editor.open("symbols.ll", IR)
    document = types.TextDocumentIdentifier(uri)
    symbols = await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert [symbol.name for symbol in symbols] == ["double", "caller"]
    folds = await editor.client.text_document_folding_range_async(types.FoldingRangeParams(document))
    assert [(fold.start_line, fold.end_line) for fold in folds] == [(5, 12), (14, 17)]
    call = types.Position(15, 18)
    (definition,) = await editor.client.text_document_definition_async(types.DefinitionParams(document, call))
    assert definition.range.start == types.Position(5, 11)
    uses = await editor.client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(True), document, call)
    )
    assert [use.range.start.line for use in uses] == [5, 15]


async def test_apply_oz(editor: Editor) -> None:
    uri = editor.open("oz.ll", IR)
    (chosen,) = [action for action in await editor.actions(uri, 0) if action.title == "Apply -Oz"]
    resolved = await editor.client.code_action_resolve_async(chosen)
    (change,) = resolved.edit.document_changes
    assert change.text_document.version == 1
    assert "alloca" not in change.edits[0].new_text


async def test_a_lift_ends_in_a_checked_file_or_in_one_message(editor: Editor) -> None:
    (editor.workspace / "lift.s").write_text(ASM)
    uri = editor.open("lift.s", ASM, "asm")
    (lift,) = await editor.actions(uri, 4)
    before = len(editor.client.messages)
    resolved = await editor.client.code_action_resolve_async(lift)
    if resolved.edit is not None and resolved.edit.document_changes:
        create, fill = resolved.edit.document_changes
        assert create.uri.endswith("lift.double_it.ll")
        assert "; verdict: " in fill.edits[0].new_text
    else:
        assert len(editor.client.messages) == before + 1
    ended = [
        report.message
        for reports in editor.client.progress_reports.values()
        for report in reports
        if isinstance(report, types.WorkDoneProgressEnd)
    ]
    assert ended[-1] == "done"
    assert (await editor.hover(uri, 3, 2)).contents.value.count("Last lift") == 1


async def test_files_that_change_on_disk(editor: Editor) -> None:
    path = editor.workspace / "made.ll"
    path.write_text(BROKEN_IR)
    if not editor.pulls:  # VS Code watches for the server, Neovim's server watches itself
        change = types.FileEvent(path.as_uri(), types.FileChangeType.Created)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await wait_for(lambda: editor.client.diagnostics.get(path.as_uri()))


async def test_a_status_was_sent(editor: Editor) -> None:
    await wait_for(lambda: editor.statuses)
    assert editor.statuses[-1].state == "ready"
    states = [status.model.state for status in editor.statuses]
    assert states[0] == "absent"
    assert "loading" in states  # the lift above woke it
    assert states[-1] in ("ready", "busy")
    assert editor.statuses[-1].model.name

"""Servers that are not as they should be, in VS Code: each is noticed, and the user is told what to do.

`vscode/session/servers.js` has the sitting. That the tests of a good server would fail with these is shown here
too: a column in code points is another column, a stray print is no start.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from vscode_driver import Code
from workspace_files import ERROR_LINE, FILES

pytestmark = [pytest.mark.editor, pytest.mark.timeout(300)]

WRONG = '''
import sys
from irlens.lsp import answers, main
from irlens.source import positions

async def never(*arguments):
    """Deaf to a cancel as well."""
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass

import asyncio
if sys.argv[1] == "points":
    positions.utf16_length = len
else:
    answers.lift = never
main.serve()
'''

WITHOUT_ASKING = {
    "initialize",
    "shutdown",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/diagnostic",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/hover",
}
"""Requests of an editor that is looked at: none of them wakes the model but a hover, and none lifts or tunes."""


@pytest.fixture(scope="module")
def seen(code: Callable[..., Code], root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("servers")
    mode, kept = folder / "mode", folder / "kept"
    mode.write_text("good")
    (folder / "wrong.py").write_text(WRONG)
    command = folder / "irlens"
    python = shlex.quote(sys.executable)
    command.write_text(
        f"#!/bin/sh\nexport PYTHONPATH={shlex.quote(str(root / 'server'))}\n"
        f"case $(cat {mode}) in\n"
        f'  good) tee -a {kept} | {python} -m irlens "$@" ;;\n'
        f"  stray) echo 'now starting'; exec {python} -m irlens \"$@\" ;;\n"
        f"  silent) cat >/dev/null ;;\n"
        f"  *) exec {python} {folder}/wrong.py $(cat {mode}) ;;\nesac\n"
    )
    command.chmod(0o755)
    made = code(FILES, {"irlens.serverPath": str(command)}, env={"IRLENS_TEST_MODE": str(mode)})
    told = made.session("servers")
    told["kept"] = kept.read_bytes().partition(b'"shutdown"')[0].decode(errors="replace")
    return told


def test_nothing_is_asked_for_without_the_users_doing(seen: dict[str, Any]) -> None:
    messages = re.findall(r'\{"jsonrpc":"2\.0","id":[^{]*?"method":"([^"]+)"', seen["kept"])
    assert "textDocument/hover" in messages
    assert set(messages) <= WITHOUT_ASKING
    assert "Idle" in seen["idle"]


def test_a_stray_print_is_named(seen: dict[str, Any]) -> None:
    assert "not running" in seen["stray"]
    assert 'unexpected output on stdout: "now starting"' in seen["stray"]


def test_a_wrong_position_encoding_shows(seen: dict[str, Any]) -> None:
    before = ERROR_LINE.split("%missing")[0]
    assert seen["column"] == len(before.encode("utf-16-le")) // 2
    assert seen["pointColumn"] == len(before)
    assert seen["pointColumn"] != seen["column"]


def test_a_lift_that_is_never_answered_can_be_called_off(seen: dict[str, Any]) -> None:
    assert seen["stopped"] == 1
    assert seen["deafTook"] < 8000


def test_a_server_that_never_answers_is_not_waited_for(seen: dict[str, Any]) -> None:
    assert "not running" in seen["silent"]
    assert "no answer within 20 s" in seen["silent"]


def test_a_good_server_serves_after_all_of_them(seen: dict[str, Any]) -> None:
    assert "sum" in seen["hoverAtLast"]

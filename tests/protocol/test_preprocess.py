"""`irlens/preprocess`: a `.S` through the installed compiler's preprocessor, on request, in a trusted workspace."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from irlens.confinement import policy
from irlens.lsp.server import IrlensServer
from support.memory_client import Json, MemoryClient

pytestmark = pytest.mark.skipif(not shutil.which("gcc") and not shutil.which("clang"), reason="no C compiler")

SOURCE = """#include "own.h"
#include "of_project.h"
.text
ENTRY(f)
    mov $VALUE + OTHER, %eax
    ret
.size f, .-f
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "w" / "src").mkdir(parents=True)
    (tmp_path / "w" / "include").mkdir()
    (tmp_path / "w" / "src" / "own.h").write_text("#define VALUE 3\n")
    (tmp_path / "w" / "include" / "of_project.h").write_text(
        "#define OTHER 4\n#define ENTRY(name) .globl name; .type name,@function; name:\n"
    )
    (tmp_path / "secret.h").write_text("#define OTHER 5\n")
    (tmp_path / "w" / "src" / "link.h").symlink_to(tmp_path / "secret.h")
    return tmp_path / "w"


async def opened(client: MemoryClient, project: Path, path: Path, text: str, **options: Any) -> None:
    await asyncio.to_thread(path.write_text, text)
    root = project.as_uri()
    await client.initialize(
        rootUri=root, workspaceFolders=[{"uri": root, "name": "w"}], initializationOptions=options
    )
    client.open(path.as_uri(), text, language="asm")


async def asked(server: IrlensServer, project: Path, text: str, **options: Any) -> Json:
    path = project / "src" / "entry.S"
    async with MemoryClient(server) as client:
        await opened(client, project, path, text, **options)
        return await client.request("irlens/preprocess", {"uri": path.as_uri()})


async def test_it_is_assembly_to_lift_afterwards(server: IrlensServer, project: Path) -> None:
    path = project / "src" / "entry.S"
    async with MemoryClient(server) as client:
        await opened(client, project, path, SOURCE)
        (said,) = await client.diagnostics(path.as_uri())
        assert said["message"].startswith("Not checked: the C preprocessor has not read it.")
        answer = (await client.request("irlens/preprocess", {"uri": path.as_uri()}))["result"]
        assert answer["fileName"] == "entry.i.s"
        assert answer["by"].startswith(("gcc ", "clang "))
        assert "mov $3 + 4, %eax" in answer["text"]
        client.open("file:///w/entry.i.s", answer["text"], language="asm")
        assert await client.diagnostics("file:///w/entry.i.s") == []


async def test_in_a_workspace_that_is_not_trusted_nothing_is_run(server: IrlensServer, project: Path) -> None:
    error = (await asked(server, project, SOURCE, workspaceTrusted=False))["error"]
    assert error["code"] == -32803
    assert error["message"].startswith(
        "The workspace is not trusted, so no compiler is run for its files. Trust "
    )


@pytest.mark.skipif(not policy.is_on(), reason="there are no walls here")
@pytest.mark.parametrize(
    "name", ["../../secret.h", "{outside}/secret.h", "link.h", "/etc/passwd", "/proc/self/environ"]
)
async def test_what_is_not_below_the_workspace_is_not_read(
    server: IrlensServer, project: Path, name: str
) -> None:
    text = f'#include "{name.format(outside=project.parent)}"\n.long OTHER\n'
    error = (await asked(server, project, text))["error"]
    assert "cannot preprocess it: line 1" in error["message"]
    assert "Permission denied" in error["message"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('#include "nowhere.h"\n', "line 1: "),
        ("#error not for this machine\n", "not for this machine"),
        ("#if\n#endif\n", "line 1: "),
        ('#define A B B\n#define B C C\n#include "entry.S"\n', "entry.S: "),
    ],
    ids=["a file that is not there", "an error", "a condition", "a file that includes itself"],
)
async def test_what_the_preprocessor_says_is_told_with_what_to_do(
    server: IrlensServer, project: Path, text: str, says: str
) -> None:
    message = (await asked(server, project, text))["error"]["message"]
    assert message.startswith("entry.S: ")
    assert says in message
    assert message.endswith("with the options -D and -I of the build.")


@pytest.mark.parametrize("place", ["home", "above"])
async def test_a_folder_with_the_home_in_it_is_not_opened(
    server: IrlensServer, project: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    home = project / "src" if place == "home" else project / "src" / "u"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    message = (await asked(server, project, SOURCE))["error"]["message"]
    assert "a compiler would be let read the home folder" in message


async def test_a_link_out_of_the_workspace_opens_nothing_there(server: IrlensServer, project: Path) -> None:
    outside = project.parent / "elsewhere"
    outside.mkdir()
    (outside / "entry.S").write_text('#include "secret.h"\n')
    (outside / "secret.h").write_text(".long 1\n")
    (project / "up").symlink_to(outside)
    uri = (project / "up" / "entry.S").as_uri()
    async with MemoryClient(server) as client:
        root = project.as_uri()
        await client.initialize(rootUri=root, workspaceFolders=[{"uri": root, "name": "w"}])
        client.open(uri, '#include "secret.h"\n', language="asm")
        message = (await client.request("irlens/preprocess", {"uri": uri}))["error"]["message"]
    assert message == "entry.S: it is not below a folder that is open. Open its folder."


@pytest.mark.parametrize(
    ("header", "says"),
    [(b".byte 1\n" * 1_200_000, "over 8 MiB"), (b'.ascii "\xff"\n', "no UTF-8 text")],
    ids=["large", "no text"],
)
async def test_what_is_too_much_for_an_editor_is_refused(
    server: IrlensServer, project: Path, header: bytes, says: str
) -> None:
    (project / "src" / "own.h").write_bytes(header)
    assert says in (await asked(server, project, '#include "own.h"\n'))["error"]["message"]

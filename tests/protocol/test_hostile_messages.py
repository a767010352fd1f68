"""Messages made to end the server: it goes on, and each request gets exactly one reply (the client counts them)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from irlens.lsp import framing
from irlens.lsp.capabilities import COMMANDS
from irlens.lsp.server import IrlensServer, create_server
from support.memory_client import MemoryClient
from support.scripted_backends import ScriptedBackends
from support.texts import ASM, BROKEN_IR, IR

URI = "file:///w/a.ll"


async def lives(client: MemoryClient) -> None:
    reply = await client.request("textDocument/documentSymbol", {"textDocument": {"uri": URI}})
    assert reply["result"] is not None


def nested(depth: int, kind: str = "{") -> str:
    return '{"a":' * depth + "1" + "}" * depth if kind == "{" else "[" * depth + "]" * depth


UNREADABLE = {
    "objects 979 deep": '{"jsonrpc":"2.0","method":"x","params":' + nested(979) + "}",
    "objects 100,000 deep": '{"jsonrpc":"2.0","method":"x","params":' + nested(100_000) + "}",
    "lists 100,000 deep": nested(100_000, "["),
    "objects 101 deep": nested(framing.DEEPEST + 1),
    "nothing": "",
    "NaN": '{"jsonrpc":"2.0","method":"$/x","params":NaN}',
    "infinity": '{"jsonrpc":"2.0","method":"$/x","params":{"a":-Infinity}}',
    "a number of 5,000 digits": '{"jsonrpc":"2.0","method":"$/x","params":{"a":' + "1" * 5000 + "}}",
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("when", ["before initialize", "after"])
async def test_a_body_that_cannot_be_read_gets_a_parse_error(
    server: IrlensServer, text: str, when: str
) -> None:
    async with MemoryClient(server) as client:
        if when == "after":
            await client.initialize()
        client.raw(text.encode())
        refused = await client.message(lambda m: "error" in m and m["id"] is None)
        assert refused["error"]["code"] == -32700
        assert len(refused["error"]["message"]) < 600
        if when != "after":
            await client.initialize()
        client.open(URI, IR)
        await lives(client)


async def test_bytes_that_are_no_utf8_get_a_parse_error(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        for body in (b"\xff\xfe{\0}\0", b'{"jsonrpc":"2.0","method":"\x80"}', b"\xef\xbb\xbf{}"):
            seen = len(client.received)
            client.raw(body)
            refused = await client.message(lambda m: "error" in m and m["id"] is None, after=seen)
            assert refused["error"]["code"] == -32700


SHAPES: list[Any] = [
    {"jsonrpc": "2.0", "id": {"a": 1}, "error": 5},
    {"jsonrpc": "2.0", "id": [1], "result": 5},
    {"jsonrpc": "2.0", "id": "nobody asked", "result": {"jsonrpc": "2.0"}},
    {"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "x"}},
    {"jsonrpc": "2.0", "error": []},
    {"jsonrpc": "2.0"},
    {"jsonrpc": ["2.0"], "method": {}},
    {"method": "textDocument/didOpen", "params": {}},
    {"jsonrpc": "2.0", "method": ["x"]},
    {"jsonrpc": "2.0", "method": "textDocument/hover", "params": {}},
    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": [1]}},
    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": {}}},
    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": 5},
    {"jsonrpc": "2.0", "method": "window/workDoneProgress/cancel", "params": {"token": [1]}},
    {"jsonrpc": "2.0", "method": "irlens/trust", "params": {"type_name": 5, "trusted": [True]}},
    {"jsonrpc": "2.0", "method": "irlens/trust"},
    {"jsonrpc": "2.0", "method": "x\0\ud83d" * 10000, "params": [[]]},
    {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file://[x/a.ll"}}},
    {"jsonrpc": "2.0", "method": "textDocument/didClose", "params": {"textDocument": {"uri": "\0\ud83d"}}},
    {"jsonrpc": "2.0", "method": "workspace/didChangeWatchedFiles", "params": {"changes": [{"uri": "http://[", "type": 9}]}},
    {"jsonrpc": "2.0", "method": "workspace/didChangeWatchedFiles", "params": {"changes": [{"uri": "http://[.ll", "type": 1}]}},
    {"jsonrpc": "2.0", "method": "workspace/didChangeWatchedFiles", "params": {"changes": [{"uri": "file:///\0.ll", "type": 1}]}},
    {"jsonrpc": "2.0", "method": "workspace/didChangeWorkspaceFolders",
     "params": {"event": {"added": [{"uri": "http://[", "name": "x"}], "removed": []}}},
    [], [1], [{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}], 5, "x", None, True,
]  # fmt: skip


@pytest.mark.parametrize("when", ["before initialize", "after"])
async def test_no_shape_of_a_message_ends_the_server(server: IrlensServer, when: str) -> None:
    async with MemoryClient(server) as client:
        if when == "after":
            await client.initialize()
        for shape in SHAPES:
            client.raw(json.dumps(shape).encode())
        if when != "after":
            await client.initialize()
        client.open(URI, IR)
        await lives(client)


REQUESTS: dict[str, tuple[dict[str, Any], int]] = {
    "a list as method": ({"method": ["textDocument/hover"]}, -32600),
    "an object as method": ({"method": {"jsonrpc": "2.0"}}, -32600),
    "null as method": ({"method": None}, -32600),
    "a notification's method": ({"method": "textDocument/didOpen", "params": {}}, -32600),
    "exit": ({"method": "exit"}, -32600),
    "an error beside the method": ({"method": "irlens/nothing", "error": 5}, -32601),
    "a result beside the method": ({"method": "irlens/nothing", "result": 5}, -32601),
    "no params": ({"method": "irlens/lift"}, -32602),
    "keys that nobody knows": ({"method": "irlens/lift", "x": 1, "params": {}}, -32602),
    "a number as params": ({"method": "irlens/lift", "params": 7}, -32602),
    "a list as params": ({"method": "irlens/lift", "params": [["uri"]]}, -32602),
    "a message inside": (
        {"method": "irlens/lift", "params": {"jsonrpc": "2.0", "id": 99, "method": "shutdown"}},
        -32602,
    ),
    "a message deeper inside": (
        {"method": "irlens/lift", "params": {"uri": {"jsonrpc": "2.0", "id": 98, "method": "irlens/models"}}},
        -32602,
    ),
    "words of Python": ({"method": "irlens/lift", "params": {"type_name": "class", "def": 1, "": 2}}, -32602),
    "another version": ({"jsonrpc": "1.0", "method": "irlens/models"}, -32600),
    "no version": ({"jsonrpc": None, "method": "irlens/models"}, -32600),
    "types that are wrong inside": (
        {"method": "textDocument/hover", "params": {"textDocument": {"uri": [1]}, "position": {"jsonrpc": "2.0"}}},
        -32602,
    ),
    "a token that is a list": (
        {"method": "irlens/tune", "params": {"uri": URI, "workDoneToken": [1]}},
        -32602,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "code"), REQUESTS.values(), ids=REQUESTS)
async def test_a_request_gets_one_reply_whatever_it_holds(
    server: IrlensServer, request_: dict[str, Any], code: int
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        msg_id = client.send_as_is(request_)
        reply = await client.reply(msg_id)
        assert reply["error"]["code"] == code, reply
        await lives(client)
        assert not [m for m in client.received if m.get("id") in (98, 99)]


@pytest.mark.parametrize("msg_id", [None, {}, [1], 1.5, True, "NaN"])
async def test_a_request_with_no_usable_id_gets_an_error_without_one(
    server: IrlensServer, msg_id: object
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        message = {"jsonrpc": "2.0", "id": msg_id, "method": "irlens/nothing"}
        client.raw(json.dumps(message).encode())
        reply = await client.message(lambda m: "error" in m)
        if isinstance(msg_id, str):
            assert reply["id"] == msg_id
            client.received.remove(reply)
        else:
            assert (reply["id"], reply["error"]["code"]) == (None, -32600)


async def test_an_answer_under_the_id_of_a_running_request_is_left_out(server: IrlensServer) -> None:
    """The client's own ids and the server's are two things."""
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        msg_id = client.send("textDocument/diagnostic", {"textDocument": {"uri": URI}})
        for answer in ({"result": 5}, {"error": {"code": 1, "message": "x"}}, {"error": 5}):
            client.raw(json.dumps({"jsonrpc": "2.0", "id": msg_id, **answer}).encode())
        assert "result" in await client.reply(msg_id)


async def test_a_result_that_cannot_be_written_is_an_error(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        monkeypatch.setattr("irlens.lsp.answers.passes", lambda server: [float("nan"), object()])
        reply = await client.request("irlens/passes", {})
        assert reply["error"]["code"] == -32603


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["jsonrpc", "id", "method", "params", "result", "error", "uri", "textDocument", "position",
                         "data", "kind", "type_name", "class", "arguments", "command", "range", "context"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # one that shrinks waits for replies that never come
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["textDocument/hover", "textDocument/codeAction", "codeAction/resolve", "irlens/nothing",
                 "workspace/executeCommand", "irlens/useModel", "irlens/removeModel", "irlens/predict", "irlens/steps",
                 "irlens/disassemble", "textDocument/diagnostic", "textDocument/references", "window/showMessageRequest"]
            )
            | VALUES,
            VALUES,
        ),
        max_size=6,
    )
)  # fmt: skip
async def test_any_request_gets_exactly_one_reply(
    backends: ScriptedBackends, requests: list[tuple[Any, Any]]
) -> None:
    async with MemoryClient(create_server(backends=backends)) as client:
        await client.initialize()
        client.open(URI, IR)
        for method, params in requests:
            msg_id = client.send_as_is({"method": method, "params": params})
            reply = await client.reply(msg_id)
            assert reply.get("error", {}).get("code") != -32603, (method, params, reply)


URIS = ["file://[x/a.ll", "http://[::1.s", "\0.ll", "a\ud83d.s", "file:///" + "a" * 5000 + ".s", "untitled:x.ll", "",
        "%00.s", "file:///%ff.s", "file:///w/\x1b]0;x\x07.s", "file:///w/../../a.s", "javascript:a.ll"]  # fmt: skip


@pytest.mark.parametrize("uri", URIS)
async def test_no_name_of_a_document_is_trouble(server: IrlensServer, uri: str) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(
            {"textDocument": {"codeAction": {}}}, initializationOptions={"lift": {"origin": "mechanical"}}
        )
        is_asm = uri.endswith(".s")
        client.open(uri, ASM if is_asm else IR, language="asm" if is_asm else "llvm")
        document = {"textDocument": {"uri": uri}}
        place = {"position": {"line": 5, "character": 14}}
        span = {
            "range": {"start": {"line": 5, "character": 0}, "end": {"line": 5, "character": 9}},
            "context": {"diagnostics": []},
        }
        asked = [
            ("textDocument/hover", {**document, **place}),
            ("textDocument/definition", {**document, **place}),
            ("textDocument/documentSymbol", document),
            ("textDocument/codeLens", document),
            ("textDocument/diagnostic", document),
            ("textDocument/codeAction", {**document, **span}),
            ("irlens/lift", {"uri": uri, "function": "double"}),
            ("irlens/steps", {"uri": uri, "passes": "dce", "function": "double"}),
        ]
        for method, params in asked:
            reply = await client.request(method, params)
            assert reply.get("error", {}).get("code") != -32603, (method, reply)
        client.notify("textDocument/didSave", document)
        client.notify("textDocument/didClose", document)


ORDERS: list[Any] = [
    {"kind": "copy", "uri": URI}, {"kind": "copy"}, {"kind": ["lift"]}, {"kind": {}}, {"kind": None}, {}, [], 5, "lift", True,
    {"kind": "lift"}, {"kind": "lift", "uri": [URI]}, {"kind": "lift", "uri": URI}, {"kind": "lift", "uri": URI, "function": 5},
    {"kind": "apply-list", "uri": URI, "passes": {"a": 1}}, {"kind": "apply-list", "uri": URI},
    {"kind": "apply-here", "uri": URI, "function": ["double"]}, {"kind": "tune", "uri": None}, {"kind": "nothing", "uri": URI},
    {"type_name": "class"}, {"kind": "apply-oz", "uri": ""},
]  # fmt: skip


@pytest.mark.parametrize("data", ORDERS, ids=json.dumps)
async def test_a_crafted_action_is_refused_in_words(server: IrlensServer, data: Any) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        reply = await client.request("codeAction/resolve", {"title": "x", "data": data})
        assert reply["error"]["code"] == -32602, reply
        assert reply["error"]["message"].endswith(".")


ARGUMENTS: list[Any] = [
    [], None, [5], ["x"], [[]], [None], [{}], [{"uri": 5}], [{"uri": [URI]}], [{"uri": URI, "function": 5}],
    [{"uri": URI, "function": {}}], [{"uri": URI, "function": "double", "passes": ["x"]}], [{"uri": ""}],
    [{"kind": "lift", "uri": [1]}],
]  # fmt: skip


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"irlens.open", "irlens.copy"}))
async def test_a_crafted_argument_is_refused_in_words(server: IrlensServer, command: str) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        for arguments in ARGUMENTS:
            reply = await client.request(
                "workspace/executeCommand", {"command": command, "arguments": arguments}
            )
            assert reply["error"]["code"] == -32602, (arguments, reply)
        assert not server.jobs


@pytest.mark.parametrize("command", ["irlens.open", "irlens.copy"])
async def test_a_crafted_argument_of_the_clients_own_commands_does_nothing(
    server: IrlensServer, command: str
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        for arguments in [*ARGUMENTS, ["file://["], ["\0"], [["file:///x"]]]:
            reply = await client.request(
                "workspace/executeCommand", {"command": command, "arguments": arguments}
            )
            assert "error" not in reply or reply["error"]["code"] == -32602, (arguments, reply)


async def test_what_a_command_may_not_be_given_is_refused(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        for params in (
            {"command": ["irlens.tune"], "arguments": []},
            {"command": "irlens.tune\0", "arguments": [{"uri": URI}]},
            {"command": "irlens.tune", "arguments": {"uri": URI}},
            {"command": "irlens.tune", "arguments": [{"uri": URI}], "workDoneToken": {"a": 1}},
        ):
            reply = await client.request("workspace/executeCommand", params)
            assert reply["error"]["code"] == -32602, (params, reply)


# Frames


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: " + b"9" * 4400,
        b"Content-Length: 10000000000000",
        b"Content-Length: -1",
        b"Content-Length: 1e3",
        b"Content-Length: 0x10",
        b"Content-Length:",
        b"Content-Length: 3\r\nContent-Length: 4",
    ],
)
async def test_a_length_that_is_none_ends_the_connection_with_a_word(
    server: IrlensServer, head: bytes
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.bytes(head + b"\r\n\r\n{}")
        refused = await client.message(lambda m: "error" in m and m["id"] is None)
        assert "Content-Length" in refused["error"]["message"]
        assert await client.exit_code == 1


async def test_a_body_that_is_too_large_is_passed_over_with_a_word(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "irlens.lsp.reading.next_body.__kwdefaults__", {"largest": 1 << 20, "passes_over": True}
    )
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await lives(client)
        client.raw(b'{"jsonrpc":"2.0","method":"textDocument/didChange"' + b" " * (1 << 20) + b"}")
        refused = await client.message(lambda m: "error" in m and m["id"] is None)
        assert "1,048,576" in refused["error"]["message"]
        shown = await client.notification("window/showMessage", lambda p: "out of step" in p["message"])
        assert "a.ll" in shown["message"]
        client.open(URI, BROKEN_IR)
        await lives(client)


def test_the_largest_body_is_the_one_in_the_words_of_the_manual() -> None:
    assert framing.LARGEST_BODY == 256 << 20


@pytest.mark.parametrize(
    "junk",
    [b"hello from a wrapper\r\n", b"X-Header: 5\r\n", b"Content-Type: application/vscode-jsonrpc\r\n", b"a" * 200_000 + b"\n"],
)  # fmt: skip
async def test_lines_that_are_no_header_are_passed_over_on_a_pipe(server: IrlensServer, junk: bytes) -> None:
    async with MemoryClient(server) as client:
        client.bytes(junk)
        await client.initialize()
        client.open(URI, IR)
        await lives(client)

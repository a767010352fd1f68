"""What a client may send: valid messages of every method, with the documents that they speak of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from fuzz.client import framed
from fuzz.edited import Edited
from fuzz.expected import CHANGE, CHANGES, CLOSE, GOOD, OPEN, is_plain
from fuzz.values import ANYTHING, SURROGATE, TEXTS, mutated
from support.texts import ASM, BROKEN_IR, IR, STRANGE_ASM

Json = dict[str, Any]
IR_TEXTS = (
    IR,
    BROKEN_IR,
    IR.replace("\n", "\r\n"),
    IR.replace("a head comment", f"a head {SURROGATE} comment 😀"),
    "",
    "; RUN: opt -passes='default<O2>,function(gvn)' %s\n" + BROKEN_IR,
    '@s = constant [4 x i8] c"a;\\3B;"\ndefine void @"odd\\22 name"() {\n  ret void\n}\n',
)
ASM_TEXTS = (ASM, STRANGE_ASM, ASM.replace("leal", "bogus"), f"# {SURROGATE}\n" + ASM, "")
URIS = [f"{GOOD}a.ll", f"{GOOD}b.s", "file:///fuzz/c.ll", "file:///fuzz/d.s"]
FUNCTIONS = st.sampled_from(["double", "caller", "double_it", "f", "nobody"])
PIPELINES = st.sampled_from(
    ["instcombine", "default<Oz>", "mem2reg,gvn", "function(", "nosuch", "print<domtree>", ""]
)

_uri = st.sampled_from(URIS)
_number = st.integers(0, 30)
_place = st.fixed_dictionaries({"line": _number, "character": _number})
_document = st.fixed_dictionaries({"uri": _uri})
_range = st.builds(
    lambda line, first, more, width: {
        "start": {"line": line, "character": first},
        "end": {"line": line + more, "character": first + width},
    },
    _number,
    _number,
    st.integers(0, 3),
    st.integers(0, 9),
)
_at = st.fixed_dictionaries({"textDocument": _document, "position": _place})
_of = st.fixed_dictionaries({"textDocument": _document})
_asked = st.fixed_dictionaries({"uri": _uri, "function": FUNCTIONS, "passes": PIPELINES})
_commands = st.sampled_from(
    [f"irlens.{name}" for name in ("lift", "applyOz", "applyHere", "applyList", "copy", "tune", "open")]
)
_kinds = st.sampled_from(["lift", "apply-oz", "apply-here", "apply-list", "tune", "copy"])
_models = st.sampled_from(
    ["embedded", "nosuch", "llm-compiler-7b-ftd", "/nowhere/x.gguf", "http://127.0.0.1:9", "a" * 5000]
)

SETTINGS: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {},
    optional={
        # Nothing that puts diagnostics off or ends them: they are waited for.
        "diagnostics": st.fixed_dictionaries({}, optional={"hints": st.booleans(), "watch": st.booleans()}),
        "lift": st.fixed_dictionaries({"candidates": st.sampled_from([1, 2, 0, 10**9, "many"])}),
        "hover": st.fixed_dictionaries({"predict": st.booleans()}),
        "llvm.timeLimit": st.sampled_from([5, 0, -1, 10**400, float("nan"), "soon"]),
        "asm.target": st.sampled_from(["x86_64-unknown-linux-gnu", "nosuch", 5, ""]),
    },
)

REQUESTS: dict[str, st.SearchStrategy[Any]] = {
    "textDocument/hover": _at,
    "textDocument/definition": _at,
    "textDocument/references": st.builds(
        lambda at, own: {**at, "context": {"includeDeclaration": own}}, _at, st.booleans()
    ),
    "textDocument/documentSymbol": _of,
    "textDocument/foldingRange": _of,
    "textDocument/codeLens": _of,
    "textDocument/diagnostic": _of,
    "textDocument/codeAction": st.fixed_dictionaries(
        {"textDocument": _document, "range": _range, "context": st.just({"diagnostics": []})}
    ),
    "initialize": st.just({"processId": None, "rootUri": None, "capabilities": {}}),
    "irlens/models": st.none() | st.just({}),
    "irlens/passes": st.none() | st.just({}),
    "irlens/useModel": st.fixed_dictionaries({"name": _models}),
    "irlens/removeModel": st.fixed_dictionaries({"name": _models}),
    "nosuch/method": ANYTHING,
}
SLOW_REQUESTS: dict[str, st.SearchStrategy[Any]] = {
    "irlens/lift": _asked,
    "irlens/tune": _asked,
    "irlens/predict": _asked,
    "irlens/steps": _asked,
    "irlens/improve": _asked,
    "irlens/disassemble": _asked,
    "irlens/compare": _asked,
    "irlens/preprocess": _asked,
    "irlens/pullModel": st.fixed_dictionaries({"name": _models}),
    "codeAction/resolve": st.fixed_dictionaries(
        {
            "title": TEXTS,
            "data": st.fixed_dictionaries(
                {"kind": _kinds, "uri": _uri, "function": FUNCTIONS, "passes": PIPELINES}
            ),
        }
    ),
    "workspace/executeCommand": st.fixed_dictionaries(
        {"command": _commands, "arguments": st.lists(_asked | TEXTS, max_size=1)}
    ),
}
"""Requests that wait for a model or a search. Most are called off."""
NOTIFICATIONS: dict[str, st.SearchStrategy[Any]] = {
    "textDocument/didSave": _of,
    "workspace/didChangeConfiguration": st.fixed_dictionaries({"settings": SETTINGS}),
    "irlens/target": st.fixed_dictionaries(
        {"uri": _uri, "target": st.sampled_from(["x86_64", "aarch64", "ignore", "nosuch", 5, None])}
    ),
    "irlens/trust": st.fixed_dictionaries({"trusted": st.booleans()}),
    "workspace/didChangeWatchedFiles": st.fixed_dictionaries(
        {"changes": st.lists(st.fixed_dictionaries({"uri": _uri, "type": st.integers(1, 3)}), max_size=2)}
    ),
    "workspace/didChangeWorkspaceFolders": st.just({"event": {"added": [], "removed": []}}),
    "window/workDoneProgress/cancel": st.fixed_dictionaries({"token": TEXTS}),
    "initialized": st.just({}),
    "$/setTrace": st.just({"value": "off"}),
    "$/nosuch": ANYTHING,
}
ENDS = ("shutdown", "exit")
"""Sent once, at the end of a session."""
CANCEL = "$/cancelRequest"


@dataclass
class Writer:
    """Turns intents into bytes: numbers requests and versions, and opens a document before it is spoken of."""

    out: list[bytes] = field(default_factory=list)
    asked: int = 0
    careless: bool = False
    """Whether changes that cannot be read are sent: what is published after one is not judged."""
    versions: dict[str, int] = field(default_factory=dict)
    texts: dict[str, Edited] = field(default_factory=dict)

    def send(self, message: Json, shape: int = 0) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}) if "jsonrpc" not in message else json.dumps(message)
        data = body.encode()
        if CHANGES in data and not self.careless and not is_plain(data):
            return
        if shape == 1:  # unescaped: a lone surrogate becomes bytes that are no UTF-8
            data = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode(
                "utf-8", "surrogatepass"
            )
        elif shape == 2:
            self.out.append(
                b"content-LENGTH:%d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n"
                % len(data)
                + data
            )
            return
        elif shape == 3:
            self.out.append(b"\r\nX-Odd: header\r\n" + framed(data))
            return
        self.out.append(framed(data))

    def open(self, uri: str, number: int = 0) -> None:
        if uri in self.versions:
            return
        texts = IR_TEXTS if uri.endswith(".ll") else ASM_TEXTS
        self.versions[uri] = 1
        language = "llvm" if uri.endswith(".ll") else "asm"
        text = texts[number % len(texts)]
        self.texts[uri] = Edited(text)
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.send({"method": OPEN, "params": {"textDocument": document}})

    def close(self, uri: str) -> None:
        if self.versions.pop(uri, None) is not None:
            self.send({"method": CLOSE, "params": {"textDocument": {"uri": uri}}})

    def change(self, uri: str, changes: list[Json]) -> None:
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        valid = [self.texts[uri].change(change) for change in changes]
        self.send({"method": CHANGE, "params": {"textDocument": document, "contentChanges": valid}})

    def request(self, message: Json, shape: int = 0) -> int:
        self.asked += 1
        self.send({"id": self.asked, **message}, shape)
        return self.asked


_typed = st.sampled_from(["", "x", "%a = add i32 1, 2\n", "}", ";", "😀", SURROGATE, "ret void", "\n\n"])
_change = st.fixed_dictionaries({"range": _range, "text": _typed}) | st.fixed_dictionaries(
    {"text": st.sampled_from(IR_TEXTS + ASM_TEXTS)}
)
_opening = st.fixed_dictionaries(
    {
        "textDocument": st.fixed_dictionaries(
            {
                "uri": st.sampled_from(["file:///fuzz/e.ll", "file:///fuzz/f.s", "untitled:Untitled-1"]),
                "languageId": st.sampled_from(["llvm", "asm", "c"]),
                "version": st.integers(0, 3),
                "text": st.sampled_from(IR_TEXTS + ASM_TEXTS),
            }
        )
    }
)
_shape = st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2, 3])
BODIES = st.sampled_from(
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b"[]",
        b"null",
        b'{"jsonrpc":"2.0","id":1e3,"method":"x"}',
        b'{"jsonrpc":"2.0","id":{"a":1},"error":5}',
        b'[{"jsonrpc":"2.0","id":"batch","method":"textDocument/hover","params":{}}]',
        b'{"a":' * 1500 + b"1" + b"}" * 1500,
        b'{"jsonrpc":"2.0","method":"$/x","params":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"jsonrpc":"2.0","method":"$/x","params":' + b"9" * 5000 + b"}",
    ]
) | st.binary(max_size=30)


def _all(table: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Json]:
    return st.sampled_from(sorted(table)).flatmap(
        lambda method: table[method].map(lambda params: {"method": method, "params": params})
    )


@st.composite
def _intent(draw: st.DrawFn) -> tuple[str, Any]:
    what = draw(st.integers(0, 99))
    if what < 38:
        return "ask", (draw(_all(REQUESTS)), draw(_shape))
    if what < 63:
        return "mutant", (draw(_all(REQUESTS | SLOW_REQUESTS | NOTIFICATIONS).flatmap(mutated)), draw(_shape))
    if what < 65:
        return "slow", (draw(_all(SLOW_REQUESTS)), draw(st.integers(0, 7)) == 7)
    if what < 82:
        return "change", (
            draw(_uri),
            draw(st.lists(_change, min_size=1, max_size=2)),
            draw(st.integers(0, 9)),
        )
    if what < 86:
        return "note", draw(_all(NOTIFICATIONS))
    if what < 89:
        return "close", draw(_uri)
    if what < 92:
        return "bad change", draw(
            st.builds(lambda range_, text: {"range": range_, "text": text}, _range, _typed).flatmap(mutated)
        )
    if what < 94:
        return "bad open", draw(_opening.flatmap(mutated))
    if what < 97:
        return "cancel", draw(st.integers(0, 5))
    return "raw", draw(BODIES)


@st.composite
def sessions(draw: st.DrawFn) -> bytes:
    """A stretch of a session as the bytes that go over the wire, after `initialized`. Most are long: between two
    stretches the client waits for the server."""
    writer, called_off = Writer(careless=draw(st.integers(0, 9)) == 9), []
    least = draw(st.sampled_from([1, 30, 120]))
    for kind, what in draw(st.lists(_intent(), min_size=least, max_size=2 * least + 10)):
        if kind == "ask":
            writer.request(*what)
        elif kind == "mutant":
            message, shape = what
            _send_mutant(writer, message, shape)
        elif kind == "slow":
            message, patient = what
            number = writer.request(message)
            if not patient:
                called_off.append(number)
        elif kind == "change":
            uri, changes, number = what
            writer.open(uri, number)
            writer.change(uri, changes)
        elif kind == "note":
            writer.send(what)
        elif kind == "close":
            writer.close(what)
        elif kind == "bad change":
            document = {"uri": URIS[2], "version": 10**6}
            writer.open(URIS[2])
            writer.send({"method": CHANGE, "params": {"textDocument": document, "contentChanges": [what]}})
        elif kind == "bad open":
            writer.send({"method": OPEN, "params": what})
        elif kind == "cancel":
            writer.send({"method": CANCEL, "params": {"id": max(1, writer.asked - what)}})
        else:
            writer.out.append(framed(what))
    for number in called_off:
        writer.send({"method": CANCEL, "params": {"id": number}})
    return b"".join(writer.out)


def _send_mutant(writer: Writer, message: Any, shape: int) -> None:
    """With an id of its own, unless the mutation gave it another or made it something else than an object."""
    if not isinstance(message, dict):
        writer.out.append(framed(json.dumps(message).encode()))
        return
    method = message.get("method") if isinstance(message.get("method"), str) else None
    if method in (*ENDS, OPEN, CHANGE, CLOSE):
        return
    if method in NOTIFICATIONS or "id" in message:
        if "id" in message and not _own(message["id"]):
            message = {**message, "id": f"own-{writer.asked}"}
            writer.asked += 1
        writer.send(message, shape)
    else:
        writer.request(message, shape)


def _own(msg_id: Any) -> bool:
    """Whether no other message can have this id: those of requests are whole numbers and texts."""
    return not isinstance(msg_id, int | str | float)

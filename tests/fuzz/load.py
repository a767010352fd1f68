"""A user's day in a minute: documents and requests that keep every kind of child busy, for kills and for the soak."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from fuzz.broken import Broken
from fuzz.client import Session
from support.texts import ASM, IR

Json = dict[str, Any]
GRACE_S = 30.0
"""Added to each limit: a busy machine, and whatever is in line before."""
LIMITS: dict[str, float] = {
    "textDocument/hover": 5,
    "textDocument/documentSymbol": 5,
    "textDocument/codeLens": 5,
    "textDocument/codeAction": 5,
    "textDocument/diagnostic": 25,
    "irlens/steps": 40,
    "irlens/predict": 60,
    "irlens/lift": 90,
    "irlens/tune": 120,
}
"""Seconds that a request may take with its children well. One whose child hangs is given up after the child's own
limit, which these hold: 10 s of LLVM, some of which a request uses one after the other."""
_WEIGHTS = {
    "textDocument/hover": 5,
    "textDocument/documentSymbol": 2,
    "textDocument/codeLens": 2,
    "textDocument/codeAction": 2,
    "textDocument/diagnostic": 4,
    "irlens/steps": 2,
    "irlens/predict": 2,
    "irlens/lift": 3,
    "irlens/tune": 1,
}
_BODIES = ("add nsw i32 %x, {n}", "mul i32 %x, {n}", "xor i32 %x, {n}", "sub i32 %x, {n}", "shl i32 %x, 3")
_INSTRUCTIONS = (
    "addl\t${n}, %eax",
    "imull\t${n}, %eax, %eax",
    "xorl\t${n}, %eax",
    "leal\t{n}(%rax,%rax), %eax",
)


def ir_text(chance: Random) -> str:
    """A module that was not seen before: nothing of it is in a cache."""
    head = "; RUN: opt -passes='instcombine,simplifycfg' -S %s\n" + IR.partition("\n\n")[2]
    functions = []
    for number in range(chance.randint(1, 4)):
        step = chance.choice(_BODIES).format(n=chance.randint(2, 10**6))
        functions.append(
            f"define i32 @f{number}(i32 %x) {{\n  %slot = alloca i32\n  store i32 %x, ptr %slot\n"
            f"  %v = load i32, ptr %slot\n  %a = {step}\n  %r = add i32 %a, %v\n  ret i32 %r\n}}\n"
        )
    return head + "\n" + "\n".join(functions)


def asm_text(chance: Random) -> str:
    steps = "".join(
        f"\t{chance.choice(_INSTRUCTIONS).format(n=chance.randint(2, 99_999))}\n"
        for _ in range(chance.randint(1, 3))
    )
    return ASM.replace("\tretq\n", f"{steps}\tretq\n")


@dataclass
class Asked:
    key: str
    method: str
    at: float
    uri: str


@dataclass
class Load:
    """Requests under way, at most `at_once`, and what became of those before. `errors` counts error replies by text."""

    session: Session
    folder: Path
    chance: Random
    at_once: int = 6
    under_way: list[Asked] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    """Open documents with their versions."""

    def open(self, name: str) -> str:
        """Write a new file and open it; its URI."""
        path = self.folder / name
        text = ir_text(self.chance) if name.endswith(".ll") else asm_text(self.chance)
        path.write_text(text)
        uri = path.as_uri()
        self.documents[uri] = 1
        document = {
            "uri": uri,
            "languageId": "llvm" if name.endswith(".ll") else "asm",
            "version": 1,
            "text": text,
        }
        self.session.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def edit(self, uri: str, *, save: bool = True) -> None:
        self.documents[uri] += 1
        text = ir_text(self.chance) if uri.endswith(".ll") else asm_text(self.chance)
        params = {
            "textDocument": {"uri": uri, "version": self.documents[uri]},
            "contentChanges": [{"text": text}],
        }
        self.session.notify("textDocument/didChange", params)
        if save:
            self.session.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    def close(self, uri: str) -> None:
        del self.documents[uri]
        self.session.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        self.session.closed(uri)

    def ask(self, method: str | None = None, uri: str | None = None) -> Asked:
        """Send one request, of any kind where none is named, about any open document that suits it."""
        method = method or self.chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        suffix = {
            "irlens/lift": ".s",
            "irlens/tune": ".ll",
            "irlens/predict": ".ll",
            "irlens/steps": ".ll",
        }.get(method, "")
        uri = uri or self.chance.choice([each for each in self.documents if each.endswith(suffix)])
        asked = Asked(self.session.begin(method, self._params(method, uri)), method, time.monotonic(), uri)
        self.under_way.append(asked)
        return asked

    def collect(self) -> None:
        """Take the replies that have come. Raises `Broken` where one is overdue or the server has ended."""
        now = time.monotonic()
        for asked in self.under_way[:]:
            took = now - asked.at
            if self.session.arrived(asked.key):
                self.under_way.remove(asked)
                message = self.session.reply(asked.key, 1.0)
                self.done[asked.method] += 1
                self.longest[asked.method] = max(self.longest.get(asked.method, 0.0), took)
                if "error" in message:
                    self.errors[message["error"]["message"][:90]] += 1
            elif self.session.process.poll() is not None:
                raise self.session.death()
            elif took > LIMITS[asked.method] + GRACE_S:
                raise Broken(
                    f"{asked.method} is not answered within its limit",
                    f"{took:.0f} s; {LIMITS[asked.method]:g} s and {GRACE_S:g} s of grace are allowed",
                )

    def finish(self) -> None:
        """Wait for what is under way, each within its own limit."""
        while self.under_way:
            self.collect()
            time.sleep(0.05)

    def _params(self, method: str, uri: str) -> Json:
        if method == "irlens/lift":
            return {"uri": uri, "function": "double_it"}
        if method == "irlens/tune":
            return {"uri": uri}
        if method in ("irlens/predict", "irlens/steps"):
            passes = self.chance.choice(["instcombine", "default<O1>", "mem2reg,gvn,dce", "function(sroa)"])
            return {"uri": uri, "passes": passes, "function": "f0"}
        params: Json = {"textDocument": {"uri": uri}}
        if method == "textDocument/hover":
            line = self.chance.choice([0, 0, 4, 8]) if uri.endswith(".ll") else 3
            params["position"] = {"line": line, "character": self.chance.choice([5, 13, 22, 30])}
        elif method == "textDocument/codeAction":
            here = {"line": 4, "character": 0}
            params |= {"range": {"start": here, "end": here}, "context": {"diagnostics": []}}
        return params

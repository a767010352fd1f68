"""The part of `make bench` on files of 18 MB: an IR module of 300,000 lines and an assembly file of 250,000.

The files are functions of `examples/eval` over and over, under names of their own; other files can be named:
`python -m irlens.evals.bench_big FILE.ll FILE.s`. Beside the times stands how long the server's loop was held up at most
meanwhile, by the replies to a request about another, small document, and what each process has in memory.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irlens.evals.bench import _bare_parse, _bare_parser, _initialize_params, _load
from irlens.evals.lsp_client import BareClient, Message
from irlens.ir.outline import outline

IR_LINES, ASM_LINES = 300_000, 250_000
_EXAMPLES = Path("examples/eval")
_PING_S = 0.05
_HOVERS, _KEYS = 20, 5
_PASS = "instcombine"
_SMALL = "define void @small() {\n  ret void\n}\n"


def repeated_ir(text: str, lines: int) -> str:
    """A module of about so many lines: the functions of `text` over and over, each copy under other names."""
    own = text.split("\n")
    functions = [f for f in outline(text).functions if f.is_definition]
    inside = {at for f in functions for at in range(f.start_line, f.end_line + 1)}
    first = min(inside)
    bodies = "\n\n".join("\n".join(own[f.start_line : f.end_line + 1]) for f in functions)
    names = re.compile(rf"@({'|'.join(re.escape(f.name) for f in functions)})\b")
    head = [line for at, line in enumerate(own[:first]) if at not in inside]
    tail = [line for at, line in enumerate(own) if at > first and at not in inside]
    copies = max(1, (lines - len(head) - len(tail)) // (bodies.count("\n") + 2))
    made = [names.sub(rf"@\1.{number}", bodies) for number in range(copies)]
    return "\n".join([*head, "\n\n".join(made), *tail])


def repeated_asm(text: str, lines: int) -> str:
    """The same of assembly: each copy of the whole file has labels of its own."""
    labels = sorted(set(re.findall(r"^([.\w$]+):", text, re.MULTILINE)), key=len, reverse=True)
    names = re.compile(rf"(?<![\w.$])({'|'.join(map(re.escape, labels))})(?![\w$])")
    copies = max(1, lines // max(1, text.count("\n")))
    return "\n".join(names.sub(rf"\1_{number}", text) for number in range(copies))


@dataclass
class _Clock:
    """The longest that a reply about a small document took while something else went on, and the processor time of the
    server meanwhile, which other work on the machine does not change; both in seconds."""

    longest: float = 0.0
    used: float = 0.0


@contextmanager
def _pinging(client: BareClient) -> Iterator[_Clock]:
    clock = _Clock()
    over = threading.Event()

    def ping() -> None:
        where = {"textDocument": {"uri": "file:///bench/small.ll"}, "position": {"line": 0, "character": 14}}
        while not over.is_set():
            try:
                took = client.request("textDocument/hover", where, timeout_s=120)[1]
            except (RuntimeError, TimeoutError, OSError):
                return
            clock.longest = max(clock.longest, took)
            over.wait(_PING_S)

    import psutil

    server = psutil.Process(client.process.pid)
    before = sum(server.cpu_times()[:2])
    thread = threading.Thread(target=ping, daemon=True)
    thread.start()
    try:
        yield clock
    finally:
        over.set()
        thread.join()
        clock.used = sum(server.cpu_times()[:2]) - before


def main(arguments: list[str]) -> int:
    given = {Path(each).suffix.lower(): Path(each) for each in arguments}
    with tempfile.TemporaryDirectory(prefix="irlens-bench-") as folder:
        ir = given.get(".ll") or _written(
            Path(folder) / "big.ll", _EXAMPLES / "numbers.x86_64.O2.ll", repeated_ir, IR_LINES
        )
        asm = given.get(".s") or _written(
            Path(folder) / "big.s", _EXAMPLES / "numbers.x86_64.O2.s", repeated_asm, ASM_LINES
        )
        for path in (ir, asm):
            if path is None:
                print("big files: run this from the root of a checkout, it uses examples/eval")
                return 0
            _measure(path)
    return 0


def _written(path: Path, source: Path, made: Callable[[str, int], str], lines: int) -> Path | None:
    if not source.exists():
        return None
    path.write_text(made(source.read_text(), lines))
    return path


def _measure(path: Path) -> None:
    text = path.read_text(errors="replace")
    lines = text.split("\n")
    is_ir = path.suffix == ".ll"
    uri = path.as_uri()
    print(f"{path.name}: {len(text) / 1e6:.1f} MB, {len(lines):,} lines ({_load()})")
    with BareClient() as client:
        client.request("initialize", _initialize_params())
        client.notify("initialized", {})
        _open(client, "file:///bench/small.ll", _SMALL, "llvm")
        _diagnostics(client, "file:///bench/small.ll", 0.0)
        with _pinging(client) as clock:
            sent = _open(client, uri, text, "llvm" if is_ir else "asm")
            arrived = _diagnostics(client, uri, sent)
        bare = _bare(path) if is_ir else None
        beside = f"; bare llvmlite parse and verify {bare:.1f} s" if bare is not None else ""
        _say("open to first diagnostics", f"{arrived - sent:.1f} s{beside}", clock)
        with _pinging(client) as clock:
            found, took = client.request(
                "textDocument/documentSymbol", {"textDocument": {"uri": uri}}, timeout_s=120
            )
        _say("outline", f"{took:.1f} s for {len(found):,} functions", clock)
        defined = {each.name for each in outline(text).functions if each.is_definition} if is_ir else None
        last = next(each for each in reversed(found) if defined is None or each["name"] in defined)
        name, at = last["name"], last.get("range", last.get("location", {}).get("range"))
        start = last.get("selectionRange", at)["start"]
        with _pinging(client) as clock:
            hovers = [
                client.request(
                    "textDocument/hover", {"textDocument": {"uri": uri}, "position": start}, timeout_s=120
                )[1]
                for _ in range(_HOVERS)
            ]
        _say(
            "hover on a function",
            f"p50 {statistics.median(hovers) * 1e3:.0f} ms, longest {max(hovers) * 1e3:.0f} ms",
            clock,
        )
        with _pinging(client) as clock:
            keys = [_key(client, uri, at["end"]["line"], start, version) for version in range(2, 2 + _KEYS)]
        _say(
            "keystroke to a hover on the new text",
            f"p50 {statistics.median(keys) * 1e3:.0f} ms, longest {max(keys) * 1e3:.0f} ms",
            clock,
        )
        request, params = (
            ("irlens/predict", {"uri": uri, "passes": _PASS, "function": name})
            if is_ir
            else ("irlens/lift", {"uri": uri, "function": name})
        )
        with _pinging(client) as clock:
            try:
                said = _outcome(client.request(request, params, timeout_s=300))
            except (RuntimeError, TimeoutError) as error:
                said = f"failed: {error}"
        _say(f"{request} of the last function", said, clock)
        print(f"  memory: {memory_words(client.process.pid)}")


def _outcome(answer: tuple[Any, float]) -> str:
    result, took = answer
    if "candidates" in result:
        return (
            f"{took:.1f} s, {result['candidates'][0]['verdict'] if result['candidates'] else result['why']}"
        )
    row = result["functions"][0]
    return f"{took:.1f} s, {'measured' if row['measured'] else row.get('why_not_measured')}"


def _say(what: str, figures: str, clock: _Clock) -> None:
    print(
        f"  {what}: {figures}; another document waited {clock.longest * 1e3:.0f} ms at most, "
        f"{clock.used:.1f} s of a core in the server",
        flush=True,
    )


def _open(client: BareClient, uri: str, text: str, language: str) -> float:
    document = {"uri": uri, "languageId": language, "version": 1, "text": text}
    return client.notify("textDocument/didOpen", {"textDocument": document})


def _diagnostics(client: BareClient, uri: str, after: float) -> float:
    return client.wait_for(
        lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri,
        after=after,
        timeout_s=180,
    )[0]


def _key(client: BareClient, uri: str, line: int, hovered: Message, version: int) -> float:
    """Seconds from a new line in front of `line` to the reply of a hover on a function before it."""
    place = {"line": line, "character": 0}
    change = {"range": {"start": place, "end": place}, "text": "\n"}
    sent = client.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]},
    )
    where = {"textDocument": {"uri": uri}, "position": hovered}
    client.request("textDocument/hover", where, timeout_s=120)
    return time.perf_counter() - sent


def _bare(path: Path) -> float:
    with _bare_parser(path) as bare:
        seconds = _bare_parse(bare)
        bare.kill()
    return seconds


def memory_words(server: int) -> str:
    """What the server and each process below it have in memory now, shared pages in parts (PSS), and all together."""
    import psutil

    known = []
    for process in (psutil.Process(server), *psutil.Process(server).children(recursive=True)):
        try:
            command = process.cmdline()
        except psutil.Error:
            continue
        module = next(
            (command[at + 1] for at, word in enumerate(command[:-1]) if word == "-m"),
            command[0] if command else "?",
        )
        name = "server" if process.pid == server else module.removeprefix("irlens.")
        known.append((name, memory_mb(process.pid)))
    total = sum(size for _, size in known)
    parts = ", ".join(f"{name} {size:.0f}" for name, size in sorted(known, key=lambda each: -each[1]))
    return f"{total:.0f} MB in {len(known)} processes: {parts}"


def memory_mb(pid: int) -> float:
    """PSS of a process in MB; 0 where it is gone or the system does not say."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

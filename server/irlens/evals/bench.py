"""`make bench`: the figures of docs/figures.md, measured on this machine, side by side where there is a peer.

Every figure is a median (and the 95th percentile where it says so) over the runs named beside it.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from irlens.asm.normal import normalise
from irlens.emulator.client import Emulator
from irlens.evals.lsp_client import BareClient, Message
from irlens.evidence.lifted import MechanicalLifts
from irlens.evidence.original import Original
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.model.client import Model
from irlens.model.types import GenerateOptions, LiftSource

STARTS, HOVERS, SAVES, LIFTS, COMPARISONS = 10, 200, 40, 8, 20
ROUNDS, ROUND_S = 6, 1.0

_FUNCTION = """define i32 @f{n}(ptr %p, i32 %a) {{
entry:
  %0 = load i32, ptr %p, align 4
  %sum = add nsw i32 %0, %a
  %small = icmp slt i32 %sum, {n}
  br i1 %small, label %then, label %else

then:
  %scaled = mul nsw i32 %sum, 3
  br label %exit

else:
  %shifted = ashr i32 %sum, 2
  store i32 %shifted, ptr %p, align 4
  br label %exit

exit:
  %r = phi i32 [ %scaled, %then ], [ %shifted, %else ]
  ret i32 %r
}}
"""

_COMPARED = """define i64 @compared(ptr %p, i64 %a, i32 %k) {
entry:
  %x = load i64, ptr %p
  %c = icmp slt i64 %x, %a
  br i1 %c, label %less, label %more
less:
  %l1 = mul i64 %x, 37
  %l2 = xor i64 %l1, %a
  %l3 = lshr i64 %l2, 7
  %l4 = add i64 %l3, 1234567
  %l5 = icmp eq i64 %l4, 77
  %l6 = select i1 %l5, i64 %x, i64 %l4
  br label %join
more:
  %q = getelementptr i64, ptr %p, i64 3
  %m1 = load i64, ptr %q
  %m2 = sub i64 %m1, %a
  %m3 = and i64 %m2, 4095
  %m4 = shl i64 %m3, 3
  %m5 = or i64 %m4, 5
  store i64 %m5, ptr %q
  br label %join
join:
  %r = phi i64 [ %l6, %less ], [ %m5, %more ]
  %w = sext i32 %k to i64
  %s = add i64 %r, %w
  %t = icmp ugt i64 %s, 1000000
  %u = sub i64 %s, 1000000
  %v = select i1 %t, i64 %u, i64 %s
  ret i64 %v
}
"""
"""About 30 machine instructions on both targets."""

_BARE = """
import sys, time, json
import llvmlite.binding as llvm
text = open(sys.argv[1]).read()
for line in sys.stdin:
    start = time.perf_counter()
    module = llvm.parse_assembly(text, context=llvm.create_context())
    module.verify()
    print(time.perf_counter() - start, flush=True)
"""


def sample_ir(lines: int) -> str:
    """A well-formed module of about `lines` lines."""
    text = 'target triple = "x86_64-unknown-linux-gnu"\n\n'
    functions: list[str] = []
    while text.count("\n") + sum(f.count("\n") + 1 for f in functions) < lines:
        functions.append(_FUNCTION.format(n=len(functions)))
    return text + "\n".join(functions)


def main() -> int:
    print(f"machine: {platform.machine()}, Python {platform.python_version()}, {_load()}")
    _start_up()
    for lines in (1_000, 10_000):
        _editor(lines)
    measure_model()
    _emulation()
    return 0


def _emulation() -> None:
    """One function beside itself as other code generation makes it: every input runs to its end on both sides."""
    with LLVM(workers=1) as llvm, Emulator() as emulator:
        for triple in ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"):
            fast, plain = (llvm.emit_object(_COMPARED, triple, opt_level=level) for level in (2, 0))
            signatures = llvm.signatures(_COMPARED, "compared", triple)
            code = normalise(llvm.lower(_COMPARED, triple), "compared", triple).code
            instructions = sum(not line.endswith(":") for line in code)
            seconds, tried = [], 0
            for seed in range(COMPARISONS):
                start = time.perf_counter()
                found = emulator.compare(
                    fast, plain, function="compared", signatures=signatures, inputs=64, seed=seed
                )
                seconds.append(time.perf_counter() - start)
                tried += found.inputs
                assert found.outcome == "agrees", found.reason
            print(
                f"two versions of a function of {instructions} instructions, {triple.partition('-')[0]}: "
                f"{_spread(seconds)} for {tried // COMPARISONS} inputs, over {COMPARISONS} comparisons; "
                f"{statistics.median(seconds) * 64e3 * COMPARISONS / tried:.0f} ms for 64 inputs"
            )


def _load() -> str:
    """How busy the machine is with other work: the figures are worth as much as this is small."""
    if not hasattr(os, "getloadavg"):
        return f"{os.cpu_count()} cores"
    return f"{os.cpu_count()} cores, load of the last minute {os.getloadavg()[0]:.1f}"


def _start_up() -> None:
    seconds = []
    for _ in range(STARTS):
        with BareClient() as client:
            client.request("initialize", _initialize_params())
            seconds.append(time.perf_counter() - client.started)
    print(f"process start to initialize reply: {_spread(seconds)} over {STARTS} starts")


def _initialize_params() -> Message:
    return {"processId": None, "rootUri": None, "capabilities": {}}


def _editor(lines: int) -> None:
    text = sample_ir(lines)
    with tempfile.TemporaryDirectory(prefix="irlens-bench-") as folder:
        path = Path(folder) / "sample.ll"
        path.write_text(text)
        uri = path.as_uri()
        with BareClient() as client, _bare_parser(path) as bare:
            client.request("initialize", _initialize_params())
            client.notify("initialized", {})
            sent = client.notify("textDocument/didOpen", _document(uri, text))
            arrived, _ = _diagnostics(client, uri, sent)
            print(f"{lines}-line .ll: open to diagnostics {arrived - sent:.3f} s (workers start meanwhile)")
            _hovers(client, uri, text, lines)
            _hovers_while_searching(uri, text, lines)
            _saves(client, uri, bare, lines)
            _memory(client, bare, lines)


def _document(uri: str, text: str) -> Message:
    return {"textDocument": {"uri": uri, "languageId": "llvm", "version": 1, "text": text}}


def _diagnostics(client: BareClient, uri: str, after: float) -> tuple[float, Message]:
    return client.wait_for(
        lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri,
        after=after,
    )


def _hovers_while_searching(uri: str, text: str, lines: int) -> None:
    """Rounds of hovers, in turn while a search in the background runs and while none does. A round counts only if the
    search had processor time in it (in the other kind: had none); where it had not, it is started anew."""
    took: dict[bool, list[float]] = {True: [], False: []}
    rounds = {True: 0, False: 0}
    used, during, left_out = 0.0, 0.0, 0
    with BareClient() as client:
        client.request("initialize", _initialize_params())
        client.notify("initialized", {})
        while min(rounds.values()) < ROUNDS:
            if left_out > 2 * ROUNDS:
                raise RuntimeError(
                    "the search in the background does not begin and end as it should; try again"
                )
            # Another text each time: the cache has nothing of it.
            fresh = text.replace("mul nsw i32 %sum, 3", f"mul nsw i32 %sum, {time.time_ns() % 99_991}")
            for wanted in (True, False):
                hints = {"irlens": {"diagnostics": {"hints": wanted}}}
                client.notify("workspace/didChangeConfiguration", {"settings": hints})
                sent = client.notify("textDocument/didOpen", _document(uri, fresh))
                _diagnostics(client, uri, sent)
                _until_searching(client, wanted)
                before, started = _search_s(client), time.perf_counter()
                seconds = _round(client, uri, fresh)
                share, length = _search_s(client) - before, time.perf_counter() - started
                client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
                if (share > 0) is not wanted:
                    left_out += 1
                    continue
                took[wanted] += seconds
                rounds[wanted] += 1
                used, during = (used + share, during + length) if wanted else (used, during)
    ratio = _p95(took[True]) / _p95(took[False])
    print(
        f"{lines}-line .ll: hover while the background searches {_spread(took[True])} over {len(took[True])} hovers, "
        f"while it does not {_spread(took[False])} over {len(took[False])}; ratio of p95 {ratio:.2f} "
        f"(the search had {used / during:.0%} of a core meanwhile; {left_out} rounds left out; {_load()})"
    )


def _round(client: BareClient, uri: str, text: str) -> list[float]:
    """Seconds of each hover on functions, one after the other for `ROUND_S` seconds."""
    defines = [index for index, line in enumerate(text.split("\n")) if line.startswith("define")]
    seconds: list[float] = []
    ends = time.perf_counter() + ROUND_S
    while time.perf_counter() < ends:
        where = {"line": defines[(len(seconds) * 7) % len(defines)], "character": 13}
        params = {"textDocument": {"uri": uri}, "position": where}
        seconds.append(client.request("textDocument/hover", params)[1])
    return seconds


def _until_searching(client: BareClient, wanted: bool) -> None:
    """Wait until the search runs, or until it has not for as long as it rests before it begins: what an opened
    document costs besides is over then in both cases."""
    deadline = time.perf_counter() + 30
    quiet_s = 0.0
    while time.perf_counter() < deadline:
        before = _search_s(client)
        time.sleep(0.2)
        runs = _search_s(client) > before
        quiet_s = 0.0 if runs else quiet_s + 0.2
        if (runs and wanted) or (not wanted and quiet_s > 1.5):
            return
    raise RuntimeError(f"the search in the background did not {'begin' if wanted else 'end'}")


def _search_s(client: BareClient) -> float:
    """Processor time of the search's process and those that it started, all of it so far."""
    import psutil

    seconds = 0.0
    for child in psutil.Process(client.process.pid).children():
        try:
            if any("tune_worker" in word for word in child.cmdline()):
                seconds += sum(sum(each.cpu_times()[:2]) for each in (child, *child.children(recursive=True)))
        except psutil.NoSuchProcess:
            continue  # it ended meanwhile
    return seconds


def _hovers(client: BareClient, uri: str, text: str, lines: int) -> None:
    defines = [index for index, line in enumerate(text.split("\n")) if line.startswith("define")]
    seconds = []
    for index in range(HOVERS):
        line = defines[(index * 7) % len(defines)]
        where = {"textDocument": {"uri": uri}, "position": {"line": line, "character": 13}}
        result, took = client.request("textDocument/hover", where)
        if result is None:
            raise RuntimeError("the hover on a function was empty")
        seconds.append(took)
    print(f"{lines}-line .ll: hover {_spread(seconds)} over {HOVERS} hovers")


def _saves(client: BareClient, uri: str, bare: subprocess.Popen[str], lines: int) -> None:
    ours, theirs = [], []
    for _ in range(SAVES):
        sent = client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        arrived, _ = _diagnostics(client, uri, sent)
        ours.append(arrived - sent)
        theirs.append(_bare_parse(bare))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        f"{lines}-line .ll: save to diagnostics {_spread(ours)}; bare llvmlite parse and verify "
        f"{_spread(theirs)}; ratio pair by pair {ratio:.2f} (median of {SAVES})"
    )


def _bare_parser(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _BARE, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _bare_parse(bare: subprocess.Popen[str]) -> float:
    assert bare.stdin is not None
    assert bare.stdout is not None
    bare.stdin.write("\n")
    bare.stdin.flush()
    return float(bare.stdout.readline())


def _memory(client: BareClient, bare: subprocess.Popen[str], lines: int) -> None:
    server = client.process.pid
    print(
        f"{lines}-line .ll: peak memory server {_peak_mb(server)} MB, {_children(server)}; bare llvmlite {_peak_mb(bare.pid)} MB"
    )


def _children(parent: int) -> str:
    """What each process below this one is, and its peak."""
    import psutil

    children = psutil.Process(parent).children(recursive=True)
    return ", ".join(f"{_role(child)} {_peak_mb(child.pid)} MB" for child in children)


def _role(process: object) -> str:
    command = " ".join(process.cmdline())  # type: ignore[attr-defined]
    return "model worker" if "model.worker" in command else "LLVM worker" if "llvm" in command else "helper"


def _peak_mb(pid: int) -> str:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "?"
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return f"{int(peak.split()[1]) / 1024:.0f}"


def measure_model() -> None:
    """Speed of the embedded model on one lift, sampled."""
    examples = Path("examples/bits.s")
    if not examples.exists():
        print("model: run this from the root of a checkout, it uses examples/bits.s")
        return
    source = LiftSource(examples.read_text(), "align_up", "x86_64-unknown-linux-gnu")
    with LLVM(workers=1) as llvm, MechanicalLifter() as lifter:
        original = Original(source.text, source.triple, llvm, source.function)
        source = MechanicalLifts(source, original, llvm, lifter).for_model()
    model = Model(None)
    try:
        info = model.info()
        prompt = model.family().lift(source)
        assert prompt is not None
        speeds, firsts = [], []
        for seed in range(LIFTS):
            options = GenerateOptions(
                max_tokens=prompt.max_tokens, temperature=0.8, seed=seed, shape=prompt.shape
            )
            generation = model.generate(prompt.text, options)
            firsts.append(generation.first_token_s)
            rest = generation.seconds - generation.first_token_s
            if generation.tokens > 1 and rest > 0:
                speeds.append((generation.tokens - 1) / rest)
        print(
            f"model {info.name} ({info.parameters / 1e6:.1f} M, {info.quantisation}, {info.engine}): "
            f"{statistics.median(speeds):.0f} tokens/s (median of {len(speeds)}), "
            f"time to first token {_spread(firsts)} for a prompt of {model.count_tokens(prompt.text)} tokens"
        )
        print(f"model: peak memory {_children(os.getpid())}")
    finally:
        model.close()


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[round(0.95 * (len(seconds) - 1))]


def _spread(seconds: list[float]) -> str:
    return f"p50 {statistics.median(seconds) * 1000:.1f} ms, p95 {_p95(seconds) * 1000:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())

"""How many pass lists a second one worker measures, beside a bare loop of the same LLVM calls in one process.

`python -m irlens.evals.tune_speed`. Both take the same lists on the same module in turns, so that a busy machine slows
both. Ours is what a search does: `Evaluator`, in the batches of a search, without a cache. The bare loop parses,
verifies, runs the list, verifies, makes the object, and reads nothing out of it.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from irlens.evals.bench import sample_ir
from irlens.ir.passes import OZ
from irlens.ir.repair import repair
from irlens.llvm import library
from irlens.llvm.client import LLVM, LLVMLITE_RELEASE
from irlens.llvm.compilers import Compiler, LibraryCompiler, LlvmliteCompiler
from irlens.llvm.plan import plan
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.genome import Vocabulary, mutate, read, render
from irlens.tuning.objective import Objective
from irlens.tuning.search import BATCH
from irlens.tuning.strategies import spellings
from irlens.tuning.vocabulary import alphabet
from irlens.workers.pool import python_worker

LISTS, TURNS = 24, 7
GOAL = 0.9
_EXAMPLES = Path(__file__).parents[3] / "examples"

_BARE_LLVMLITE = """
import json, sys, time
import llvmlite.binding as llvm
from irlens.llvm import ops, ops_passes
ops.start()
text, lists = open(sys.argv[1]).read(), json.loads(sys.argv[2])
first = llvm.parse_assembly(text)
triple = first.triple or "x86_64-unknown-linux-gnu"
machine = ops.target_machine(triple, 2)
layout = str(machine.target_data)
for line in sys.stdin:
    at, end = map(int, line.split())
    started, processor = time.perf_counter(), time.process_time()
    for steps in lists[at:end]:
        module = llvm.parse_assembly(text, llvm.create_context())
        module.verify()
        ops_passes.run_steps(module, machine, steps)
        module.verify()
        module.triple, module.data_layout = triple, layout
        machine.emit_object(module)
    print(time.perf_counter() - started, time.process_time() - processor, flush=True)
"""

_BARE_LIBRARY = """
import ctypes, json, sys, time
from irlens.llvm.ops_library import Library
text, lists = open(sys.argv[1], "rb").read(), json.loads(sys.argv[2])
library = Library(sys.argv[3])
llvm, machine = library._llvm, None
def ask(call, *arguments):
    said = ctypes.c_void_p()
    if call(*arguments, ctypes.byref(said)):
        raise SystemExit(ctypes.string_at(said).decode())
for line in sys.stdin:
    at, end = map(int, line.split())
    started, processor = time.perf_counter(), time.process_time()
    for passes in lists[at:end]:
        context, module, made = llvm.LLVMContextCreate(), ctypes.c_void_p(), ctypes.c_void_p()
        buffer = llvm.LLVMCreateMemoryBufferWithMemoryRangeCopy(text, len(text), b"module")
        ask(llvm.LLVMParseIRInContext, context, buffer, ctypes.byref(module))
        machine = machine or library._machine(module, 2)
        options = llvm.LLVMCreatePassBuilderOptions()
        if llvm.LLVMRunPasses(module, passes.encode(), machine, options):
            raise SystemExit(passes)
        llvm.LLVMDisposePassBuilderOptions(options)
        ask(llvm.LLVMVerifyModule, module, 2)
        said = ctypes.c_void_p()
        if llvm.LLVMTargetMachineEmitToMemoryBuffer(machine, module, 1, ctypes.byref(said), ctypes.byref(made)):
            raise SystemExit(passes)
        llvm.LLVMDisposeMemoryBuffer(made)
        llvm.LLVMDisposeModule(module)
        llvm.LLVMContextDispose(context)
    print(time.perf_counter() - started, time.process_time() - processor, flush=True)
"""


@dataclass
class Seconds:
    """For all lists once: by the clock (of each batch the best of its turns) and of processor (the mean of all turns),
    which other programs of a busy machine do not lengthen."""

    wall: float = 0.0
    processor: float = 0.0


def main() -> int:
    """Print the table; 0 where every row reaches the goal."""
    print("\npass lists a second, one worker, beside a bare loop of the same LLVM calls")
    print(
        f"{'LLVM':16} {'module':24} {'lines':>6} {'irlens':>8} {'bare':>8} {'share':>7} {'of processor':>13}"
    )
    shares = []
    with LLVM(workers=1) as llvm:
        compilers: list[tuple[str, Compiler, str | None]] = [("llvmlite", LlvmliteCompiler(llvm), None)]
        found = library.find()
        if found is not None:
            made = LibraryCompiler(found.path, found.opt, 1)
            compilers.append((found.name, made, found.path))
        for name, compiler, path in compilers:
            for module, text in _modules():
                ours, bare = _beside(compiler, path, text)
                shares.append((bare.wall / ours.wall, bare.processor / ours.processor))
                print(
                    f"{name:16} {module:24} {len(text.splitlines()):6} {LISTS / ours.wall:8.1f} "
                    f"{LISTS / bare.wall:8.1f} {shares[-1][0]:7.1%} {shares[-1][1]:13.1%}"
                )
            compiler.close()
    by_clock, by_processor = (statistics.mean(each) for each in zip(*shares, strict=True))
    print(
        f"on average {by_clock:.1%} of the bare loop by the clock, {by_processor:.1%} a second of processor; ",
        end="",
    )
    print(f"the goal is {GOAL:.0%}")
    return 0 if max(by_clock, by_processor) >= GOAL else 1


def _modules() -> Iterator[tuple[str, str]]:
    for name in ("eval/calls.raw.ll", "checksum.ll", "eval/fields.raw.ll"):
        yield name, (_EXAMPLES / name).read_text()
    yield "a module of the bench", sample_ir(1000)


def _lists(compiler: Compiler, text: str) -> list[str]:
    """Neighbours of -Oz that can be measured on the module, as a search tries them."""
    rng = random.Random(1)
    may = spellings(compiler)
    vocabulary = Vocabulary([(gene, 1.0) for gene in alphabet(compiler.release) if gene.text in may])
    lists: dict[str, None] = {}
    while len(lists) < LISTS:
        genome = read(rng.choice((OZ, OZ, "function(sroa,instcombine,simplifycfg)")))
        for _ in range(rng.randint(1, 4)):
            genome = mutate(genome, vocabulary, rng)
        passes = render(genome)
        if passes and compiler.can(passes) and compiler.measure(text.encode(), [passes])[0].how == "measured":
            lists[passes] = None
    return list(lists)


def _beside(compiler: Compiler, path: str | None, text: str) -> tuple[Seconds, Seconds]:
    """Seconds that all lists take, ours and bare."""
    lists = _lists(compiler, text)
    if path is None:
        steps = [
            [asdict(step) for step in plan(repair(passes, LLVMLITE_RELEASE)[0]).steps] for passes in lists
        ]
        program, arguments = _BARE_LLVMLITE, [json.dumps(steps)]
    else:
        program, arguments = _BARE_LIBRARY, [json.dumps(lists), path]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "m.ll"
        file.write_text(text)
        return _in_turns(compiler, text, lists, [program, str(file), *arguments])


def _in_turns(compiler: Compiler, text: str, lists: list[str], command: list[str]) -> tuple[Seconds, Seconds]:
    """A batch ours, the same batch bare, and so on."""
    ours, bare, used = Seconds(), Seconds(), 0.0
    with _child(*command) as child:
        for at in range(0, len(lists), BATCH):
            batch = lists[at : at + BATCH]
            turns = []
            for _ in range(TURNS):
                wall, processor = _turn(child, at, at + len(batch))
                bare.processor += processor
                before = _of_children(child.pid)
                start = time.process_time()
                turns.append((wall, _evaluate(compiler, text, batch)))
                used += time.process_time() - start + _of_children(child.pid) - before
            bare.wall += min(theirs for theirs, _ in turns)
            ours.wall += min(own for _, own in turns)
        assert child.stdin is not None
        child.stdin.close()
    ours.processor, bare.processor = used / TURNS, bare.processor / TURNS
    return ours, bare


def _of_children(other: int) -> float:
    """Seconds of processor that the children of this process used so far, without the child `other`."""
    import psutil

    used = 0.0
    for child in psutil.Process().children():
        if child.pid != other:
            times = child.cpu_times()
            used += times.user + times.system
    return used


def _evaluate(compiler: Compiler, text: str, batch: list[str]) -> float:
    evaluator = Evaluator(text, compiler, Objective(), jobs=1)
    started = time.perf_counter()
    evaluator.evaluate(batch)
    seconds = time.perf_counter() - started
    evaluator.close()
    return seconds


def _child(program: str, path: str, *arguments: str) -> subprocess.Popen[str]:
    _, environment = python_worker("irlens")
    return subprocess.Popen(
        [sys.executable, "-c", program, path, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def _turn(bare: subprocess.Popen[str], at: int, end: int) -> tuple[float, float]:
    assert bare.stdin is not None
    assert bare.stdout is not None
    bare.stdin.write(f"{at} {end}\n")
    bare.stdin.flush()
    wall, processor = map(float, bare.stdout.readline().split())
    return wall, processor


if __name__ == "__main__":
    raise SystemExit(main())

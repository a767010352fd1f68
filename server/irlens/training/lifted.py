"""The mechanical lifter in this process, for the data stages: what the model reads, made of what LLVM lowered.

The same steps as in `mechanical.lift`, but without worker processes: the input is our own, and a stage's child may
be lost.
"""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import FrameType

from irlens.asm.normal import NormalAsm
from irlens.errors import IrlensError
from irlens.ir.normal import NormalIr, Symbol, encode, renumbered
from irlens.ir.normal_canonical import bare
from irlens.ir.pipeline import parse_pipeline
from irlens.llvm.plan import plan
from irlens.mechanical.lift import CLEAN_UP, KEEP
from irlens.mechanical.unoptimised import keeps_its_frame

LIMIT_S = 3
"""A function that takes longer is left out."""


@dataclass(frozen=True)
class Shown:
    """A mechanical lift in bare normal form; `frame_kept` as in `LiftSource`."""

    ir: NormalIr
    frame_kept: bool


class Lifting:
    """pypcode and LLVM's clean-up, set up once a process."""

    def __init__(self) -> None:
        from irlens.llvm import ops
        from irlens.mechanical import pcode
        from irlens.mechanical.worker import RECURSION

        sys.setrecursionlimit(RECURSION)
        pcode.warm()
        ops.start()
        self._decode = pcode.decode
        self._run_steps = ops.run_steps
        self._steps = {
            kept: [asdict(step) for step in plan(parse_pipeline(pipeline)).steps]
            for kept, pipeline in ((False, CLEAN_UP), (True, KEEP))
        }
        signal.signal(signal.SIGALRM, _late)

    def lifted(self, object_file: bytes, function: str, triple: str, code: NormalAsm) -> Shown | None:
        """The function as the model reads it; None where it cannot be lifted, or not in time."""
        from irlens.mechanical.core import lift_function
        from irlens.mechanical.image import Image

        kept = keeps_its_frame(code.code, triple)
        signal.alarm(LIMIT_S)
        try:
            ir = lift_function(Image(object_file), function, triple, self._decode, keep_frame=kept).ir
            _, cleaned = self._run_steps(ir.encode(), self._steps[kept])
            normal = encode(cleaned.decode(), function)
            return Shown(NormalIr(bare(normal.text), normal.symbols), kept)
        except (IrlensError, RuntimeError, TimeoutError, AssertionError, RecursionError):
            return None
        finally:
            signal.alarm(0)


def _late(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


def in_its_words(answer: NormalIr, question: Sequence[Symbol]) -> NormalIr | None:
    """`answer` with its symbols numbered as in the question: by name, data without a name by its bytes, what is then
    left in order. None where it names something that the question does not."""
    numbers = {symbol.name: number for number, symbol in enumerate(question, 1)}
    taken = {
        numbers[symbol.name] for symbol in answer.symbols if symbol.name in numbers and not symbol.definition
    }
    order = {
        symbol.name: numbers[symbol.name] for symbol in answer.symbols if numbers.get(symbol.name) in taken
    }
    for contents in (_contents, _anything):
        for symbol in answer.symbols:
            if symbol.name in order or not symbol.definition:
                continue
            for number, other in enumerate(question, 1):
                if number not in taken and other.definition and contents(other) == contents(symbol):
                    taken.add(number)
                    order[symbol.name] = number
                    break
    if any(symbol.name not in order for symbol in answer.symbols):
        return None
    return renumbered(answer, order)


def _contents(symbol: Symbol) -> str:
    """The initialiser."""
    return re.sub(r"^.*?\b(?:constant|global) |(?:, align \d+)?\s*$", "", symbol.definition)


def _anything(symbol: Symbol) -> str:
    return ""

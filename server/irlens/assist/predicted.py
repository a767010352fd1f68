"""What LLVM says of the IR that a model predicts: readable at all, of the right function, and what LLVM made?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from irlens.cancel import CancelToken
from irlens.errors import LLVMStopped
from irlens.ir.normal import NotNormal, encode
from irlens.ir.outline import function_text
from irlens.llvm.client import LLVM
from irlens.model.types import PredictReply

Says = Literal["same", "input", "differs", "other function", "refused", "not compared"]


@dataclass(frozen=True)
class PredictedIr:
    """`same` as LLVM made, the `input` unchanged, something that `differs` from both, of an `other function`, `refused`
    by LLVM; `not compared` where LLVM did not run the pipeline. `words` go on behind "the predicted IR"."""

    says: Says
    words: str


def compared(
    reply: PredictReply,
    function: str,
    before: str,
    after: str | None,
    llvm: LLVM,
    cancel: CancelToken | None = None,
) -> PredictedIr | None:
    """`before` and `after` are IR with the function; `after` is None where it was not measured. None where the reply
    has no IR. Raises `Cancelled`."""
    if reply.ir is None:
        return None
    cut = "was cut off, and " if reply.truncated else ""
    try:
        parsed = llvm.parse(reply.ir, cancel=cancel)
    except LLVMStopped as stopped:
        return PredictedIr("refused", f"{cut}is refused: {stopped}")
    if not parsed.verified:
        first = parsed.diagnostics[0] if parsed.diagnostics else None
        where = f": line {first.line + 1}: {first.message}" if first else ""
        return PredictedIr("refused", f"{cut}is refused by LLVM{where}")
    text = function_text(reply.ir, function)
    if text is None or not text.lstrip().startswith("define"):
        return PredictedIr("other function", f"is of another function: it does not define @{function}")
    if after is None:
        return PredictedIr("not compared", "cannot be compared: LLVM did not run the pipeline")
    left_alone = same_function(before, after, function)
    if same_function(reply.ir, after, function):
        more = ", which left the function as it was" if left_alone else ""
        return PredictedIr("same", f"is what LLVM made{more}")
    if same_function(reply.ir, before, function):
        return PredictedIr("input", "is the input unchanged, which is not what LLVM made")
    return PredictedIr("differs", "is not what LLVM made")


def same_function(one: str, other: str, function: str) -> bool:
    """Is the function the same in both but for names and white space?"""
    if _bare(one, function) == _bare(other, function) != []:
        return True
    try:
        return encode(one, function).text == encode(other, function).text
    except NotNormal:
        return False


def _bare(ir: str, function: str) -> list[str]:
    text = function_text(ir, function) or ""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]

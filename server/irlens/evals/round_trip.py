"""The paper's round trip of a disassembly: IR to assembly again, and how like the original assembly that is.

The paper lowers each answer and compares texts: BLEU of those that lower, and the share that is the same character for
character. What no two printers of LLVM agree on is left out of both texts here: comments, white space, and the number
of the function in local labels. `.cfi` lines and directives within the function count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from irlens.asm.outline import functions, lines_of
from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped
from irlens.evals.lift_metrics import bleu, mean, percent
from irlens.evals.lift_run import Row
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM

_LOCAL = re.compile(r"\.?L(BB|func_end|func_begin|tmp|CPI|JTI)\d+(?=_|\b)")
_WORD = re.compile(r"[\w.$@]+|[^\s\w]")
_COMMENT = {True: re.compile(r"//.*"), False: re.compile(r"#.*")}


def printed(text: str, function: str, triple: str) -> list[str]:
    """The function's lines, one space between words; empty where the text has no such function."""
    comment = _COMMENT[triple.startswith(("aarch64", "arm64"))]
    for found in functions(text):
        if found.name == function:
            lines = lines_of(text)[found.start_line : found.end_line + 1]
            words = (" ".join(comment.sub("", line).split()) for line in lines)
            return [_LOCAL.sub(r".L\g<1>0", line) for line in words if line]
    return []


def likeness(
    ir: str, function: str, triple: str, asm: str, level: int, llvm: LLVM, cancel: CancelToken | None = None
) -> tuple[bool, float | None]:
    """Is the function's assembly, lowered with code generation at -O`level`, the original's, and the BLEU of its words;
    None where it does not lower. Raises `Cancelled`."""
    try:
        lowered = llvm.lower(ir, triple, opt_level=level, cancel=cancel)
    except (LLVMRefused, LLVMStopped):
        return False, None
    given, wanted = printed(lowered, function, triple), printed(asm, function, triple)
    return given == wanted, round(bleu(_WORD.findall("\n".join(given)), _WORD.findall("\n".join(wanted))), 4)


def table5(rows: Sequence[Row]) -> list[Row]:
    """A line for each model as the paper's Table 5 has it. The paper does not say what its exact matches are a share
    of, so both shares are here."""
    found = []
    for model in dict.fromkeys(row["model"] for row in rows):
        its = [row for row in rows if row["model"] == model]
        back = [row for row in its if row["verdicts"] and Verdict.named(row["verdicts"][0]).has_object]
        found.append(
            {
                "model": model,
                "prompts": len(its),
                "not_asked": sum(not row["verdicts"] for row in its),
                "round_trips": len(back),
                "of_prompts": percent(row in back for row in its),
                "round_trip_bleu": mean(row["round_trip_bleu"] for row in back),
                "exact": sum(row["round_trip_exact"] for row in back),
                "exact_of_prompts": percent(row["round_trip_exact"] for row in its),
                "exact_of_round_trips": percent(row["round_trip_exact"] for row in back),
            }
        )
    return found

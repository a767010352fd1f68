"""Prompts of Meta's LLM Compiler, byte for byte, and readers of its replies.

Sources: the prompts are those of the demonstration script that Meta published with the weights and of the
listings 2 to 5 and 7 in "Meta Large Language Model Compiler" (arXiv 2407.02524, appendix B). They are raw
text: no chat template, and the tokenizer adds the begin token. In the listings the code ends with a newline
before `</code>` for emulation and disassembly, and without one for flag tuning. Readers search rather than
anchor, because real replies begin with spaces or extra words, and take "sise" (sic) as well as "size".

The IR is given as it is. Meta's was printed by LLVM 17; nothing here rewrites ours to look like it.
"""

from __future__ import annotations

import re
from typing import Literal

from irlens.asm.outline import functions, lines_of
from irlens.errors import ReplyUnreadable, UnusableInput
from irlens.model.types import (
    AssemblyReply,
    LiftReply,
    LiftSource,
    PredictReply,
    Prompt,
    ReplyShape,
    TuneReply,
)

_EMULATE = """\
[INST] Give the {what} for the following code when optimized using opt -p '{passes}':

<code>{code}</code>

The input code has instruction count {instructions} and binary size {size} bytes. [/INST]"""

_TUNE = """\
[INST] Tell me how to optimize this LLVM-IR for object file size:

<code>{code}</code> [/INST]"""

_DISASSEMBLE = """\
[INST] Disassemble this code to LLVM-IR:

<code>{code}</code> [/INST]"""

_COUNTS = re.compile(r"will have instruction count (\d{1,9}) and binary si[sz]e (\d{1,9})(?!\d)")
_REDUCED = re.compile(r"has object file size of (\d{1,9}) which can be reduced to (\d{1,9})(?!\d)")
_NOT_REDUCED = re.compile(r"(?:has object file size of (\d{1,9}) which )?cannot be reduced(?: any)? further")
_PASSES = re.compile(r"opt -p '([^'\n]*)'")
_FILE = re.compile(r"^[ \t]*\.file[ \t]+\"[^\n]*$", re.MULTILINE)
_IDENT = re.compile(r"^[ \t]*\.ident[ \t]+[^\n]*\n?", re.MULTILINE)

_CHAT = re.compile(r"<\|im_(?:start|end)\|>|<<SYS>>|\[INST\]")
"""What only a chat template writes, and the first word of our own prompts. No reply has either before it is whole."""
_SYMBOL = re.compile(r"[ \t]*\.(?:globl|global|weak|hidden|protected|local|type)[ \t]+\"?([^\s,\"]+)")

_LONGEST_REPLY = 8192
"""Tokens. The window of 16,384 holds prompt and reply, and the paper gives each half of it."""
_LONGEST_LIST = 1024
"""Tokens for a pass list with its sentence; the longest lists seen in the paper's figures are far shorter."""


class LlmCompilerFamily:
    """LLM Compiler 7B or 13B. Only the fine-tuned ("FTD") weights know flag tuning and disassembly; the plain
    ones emulate better (table 7 of the paper)."""

    name = "llm-compiler"
    bytes_of: Literal["object"] = "object"
    reads_lifted = False

    def __init__(self, *, fine_tuned: bool) -> None:
        self._fine_tuned = fine_tuned

    def lift(self, src: LiftSource) -> Prompt[LiftReply] | None:
        """Disassembly of `src.function`: the other functions of the file are left out, the rest stays."""
        if not self._fine_tuned:
            return None
        code = _ended(prepare_assembly(_without_others(src)))
        return Prompt(_DISASSEMBLE.format(code=code), read_lift, _LONGEST_REPLY, ("</code>",), _shape("lift"))

    def predict(
        self, ir_module: str, function: str, pipeline: str, instructions: int, size_bytes: int
    ) -> Prompt[PredictReply] | None:
        """Emulation to IR. The counts are the whole module's, so give a module with the one function."""
        text = _emulation("LLVM-IR", ir_module, pipeline, instructions, size_bytes)
        return Prompt(text, read_predict, _LONGEST_REPLY, ("</code>",), _shape("predict"))

    def emulate_assembly(
        self, ir_module: str, pipeline: str, instructions: int, size_bytes: int
    ) -> Prompt[AssemblyReply]:
        """Emulation to assembly."""
        text = _emulation("assembly", ir_module, pipeline, instructions, size_bytes)
        return Prompt(text, read_assembly, _LONGEST_REPLY, ("</code>",))

    def tune(self, ir_module: str) -> Prompt[TuneReply] | None:
        """Flag tuning. The reply is stopped after the list: what follows is not used."""
        if not self._fine_tuned:
            return None
        text = _TUNE.format(code=ir_module.rstrip("\n"))
        return Prompt(text, read_tune, _LONGEST_LIST, ("'`", "This will produce code"), _shape("tune"))


def prepare_assembly(text: str) -> str:
    """Assembly as the fine-tuned model saw it: `.file "-"`, no `.ident` line. Nothing else is changed."""
    return _IDENT.sub("", _FILE.sub('\t.file\t"-"', text, count=1))


def read_lift(reply: str) -> LiftReply:
    """The module in a disassembly reply."""
    code, truncated = _code(reply)
    if code is None:
        raise _unreadable(reply, "it has no <code>")
    return LiftReply(code, truncated)


def read_predict(reply: str) -> PredictReply:
    """Counts and module of an emulation reply; either may be missing, not both."""
    instructions, size, code, truncated = _emulated(reply)
    return PredictReply(instructions, size, code, truncated)


def read_assembly(reply: str) -> AssemblyReply:
    """Counts and assembly of an emulation reply; either may be missing, not both."""
    instructions, size, code, truncated = _emulated(reply)
    return AssemblyReply(instructions, size, code, truncated)


def read_tune(reply: str) -> TuneReply:
    """The pass list of a flag-tuning reply, or that there is none."""
    passes = _PASSES.search(reply)
    if passes:
        sizes = _REDUCED.search(reply)
        before, after = (int(sizes[1]), int(sizes[2])) if sizes else (None, None)
        return TuneReply(passes[1].strip(), before, after)
    none = _NOT_REDUCED.search(reply)
    if none:
        size = int(none[1]) if none[1] else None
        return TuneReply(None, size, size)
    raise _unreadable(reply, "its pass list was cut off" if "opt -p '" in reply else "it names no pass list")


def _shape(task: Literal["lift", "predict", "tune"]) -> ReplyShape:
    return ReplyShape(task, family="llm-compiler")


def _emulation(what: str, ir_module: str, pipeline: str, instructions: int, size: int) -> str:
    if "'" in pipeline or "\n" in pipeline:
        raise UnusableInput(
            f"The pass list {pipeline!r} holds a quote or a line end, which no pass has. Remove it."
        )
    return _EMULATE.format(
        what=what, passes=pipeline, code=_ended(ir_module), instructions=instructions, size=size
    )


def _without_others(src: LiftSource) -> str:
    """The file without its other functions and their symbol directives. Data stays: the one may need it.

    Lines end in a newline afterwards, whatever they ended in.
    """
    others = [function for function in functions(src.text) if function.name != src.function]
    dropped = {line for function in others for line in range(function.start_line, function.end_line + 1)}
    names = {function.name for function in others}
    kept = []
    for number, line in enumerate(lines_of(src.text)):
        symbol = _SYMBOL.match(line)
        if number not in dropped and not (symbol and symbol[1] in names):
            kept.append(line)
    return "\n".join(kept)


def _ended(code: str) -> str:
    return code if code.endswith("\n") else code + "\n"


def _emulated(reply: str) -> tuple[int | None, int | None, str | None, bool]:
    counts = _COUNTS.search(reply)
    code, truncated = _code(reply)
    if counts is None and code is None:
        raise _unreadable(reply, "it has neither counts nor <code>")
    instructions, size = (int(counts[1]), int(counts[2])) if counts else (None, None)
    return instructions, size, code, truncated


def _code(reply: str) -> tuple[str | None, bool]:
    """What stands between the marks, and whether the closing one is missing."""
    before, opened, rest = reply.partition("<code>")
    if not opened:
        return None, False
    code, closed, _ = rest.partition("</code>")
    if _CHAT.search(before) or _CHAT.search(code):
        raise _unreadable(reply, "it repeats the prompt")
    return _ended(code.strip("\n")), not closed


def _unreadable(reply: str, what: str) -> ReplyUnreadable:
    start = " ".join(reply.split())[:80]
    if _CHAT.search(reply):
        return ReplyUnreadable(
            f'{what}, with marks of a chat template (it begins "{start}"). This model must be asked without one: give '
            "a server's address whose /v1/completions takes raw text, not its chat endpoint."
        )
    return ReplyUnreadable(
        f'{what} (it begins "{start}"). Try a smaller function, or a less quantised copy of the model.'
    )

"""Prompts of the embedded model, which reads and writes the normal form of IR only (`ir.normal`).

    x64 fn i64 ptr %1= gep.i8 %0 16 ... =>              fn i32 ptr %1= gep.i8 %0 16 ...
    run x64 default<O2> 5 23 fn i32 ptr ... =>          fn i32 ptr ... = 3 12
    tune x64 fn i32 ptr ... =>                          default<Oz> 23 12

To lift, it reads what the mechanical lifter made of the machine code, and writes what a compiler had before it:
types, signatures, the order and shape of things. `x64.O0` marks a function whose frame was kept, as unoptimised
code has it.

One line, words separated by single spaces, a type and its value as one word (`ptr_%0`). The numbers of `predict` are
IR instructions and the bytes of the function's symbol in the object (code generation level 2), before and after. The
model is given no names; they are put back from the source here. Counts come behind the IR, so that they can be known
from it. The same functions make the training data, so that
what is asked is what was learned.
"""

from __future__ import annotations

import re
from typing import Literal

from irlens.errors import ReplyUnreadable, UnusableInput
from irlens.ir.normal import NormalIr, NotNormal, Symbol, decode, encode, flat, lines_of
from irlens.ir.normal_canonical import bare
from irlens.ir.outline import outline
from irlens.model.prompts.irlens_words import ARROW, COUNTS, END, TUNE_LISTS
from irlens.model.types import LiftReply, LiftSource, PredictReply, Prompt, ReplyShape, TuneReply

MARKS = {"x86_64": "x64", "aarch64": "a64"}
UNOPTIMISED = ".O0"
PIPELINES = (
    "default<Oz>",
    "default<O1>",
    "default<O2>",
    "instcombine",
    "simplifycfg",
    "sroa",
    "newgvn",
    "reassociate",
    "sccp",
    "adce",
)
"""What `predict` was trained for; a lone pass is meant as a function pass."""
LONGEST_TUNED = 40
"""IR instructions of the longest function that `tune` was trained on."""
LONGEST_REPLY = 400
"""Tokens. The longest answers in the training data have fewer."""
LONGEST_LIST = 64
"""Tokens of a pass list with its sizes."""


class IrlensFamily:
    """The embedded model. It lifts small functions, predicts a few pipelines and chooses among a few pass lists."""

    name = "irlens"
    bytes_of: Literal["function"] = "function"
    reads_lifted = True

    def lift(self, src: LiftSource) -> Prompt[LiftReply] | None:
        """Raises `UnusableInput` where there is no mechanical lift to read, or it has no normal form."""
        if src.lifted is None:
            raise UnusableInput(
                src.not_lifted
                or f"The model reads a mechanical lift of {src.function}, and was given none. Lift it first."
            )
        normal = encode(src.lifted, src.function)
        normal = NormalIr(bare(normal.text), normal.symbols)

        def read(reply: str) -> LiftReply:
            text, whole = _answer(reply)
            ir = _decoded(text, normal.symbols, src.triple, src.function)
            if (
                src.frame_kept
            ):  # unoptimised code marks no call, and `call` is the normal form's word for a tail call
                ir = _TAIL.sub("call ", ir)
            return LiftReply(ir, truncated=not whole)

        shape = ReplyShape("lift", len(normal.symbols))
        text = lift_prompt(normal, src.triple, src.frame_kept)
        return Prompt(text, read, LONGEST_REPLY, shape=shape)

    def predict(
        self, ir_module: str, function: str, pipeline: str, instructions: int, size_bytes: int
    ) -> Prompt[PredictReply] | None:
        """None for a pipeline outside `PIPELINES` and for a function that has no normal form."""
        name = pipeline_word(pipeline)
        if name is None:
            return None
        try:
            normal = encode(ir_module, function)
        except NotNormal:
            return None
        triple = triple_of(ir_module)

        def read(reply: str) -> PredictReply:
            return _read_prediction(reply, normal, triple, function)

        text = predict_prompt(normal, name, triple, instructions, size_bytes)
        # Not held to a shape: measured, more of the IR compiles then (80 % for 69), but fewer counts are right (54 %
        # for 56), as a reply that lost itself goes on to no end.
        return Prompt(text, read, LONGEST_REPLY)

    def tune(self, ir_module: str) -> Prompt[TuneReply] | None:
        """None where the module does not define exactly one function, or one that is too long or has no normal
        form."""
        defined = [each.name for each in outline(ir_module).functions if each.is_definition]
        if len(defined) != 1:
            return None
        try:
            normal = encode(ir_module, defined[0])
        except NotNormal:
            return None
        if normal.instructions > LONGEST_TUNED:
            return None
        return Prompt(
            tune_prompt(normal, triple_of(ir_module)), read_tune, LONGEST_LIST, shape=ReplyShape("tune")
        )


def lift_prompt(lifted: NormalIr, triple: str, frame_kept: bool = False) -> str:
    """The question for a mechanical lift in bare normal form (`normal_canonical.bare`)."""
    mark = mark_of(triple) + (UNOPTIMISED if frame_kept else "")
    return f"{mark} {packed(lifted.text)} {ARROW}"


def predict_prompt(normal: NormalIr, pipeline: str, triple: str, instructions: int, size_bytes: int) -> str:
    """The question for a function before `pipeline` (one of `PIPELINES`)."""
    return f"run {mark_of(triple)} {pipeline} {instructions} {size_bytes} {packed(normal.text)} {ARROW}"


def tune_prompt(normal: NormalIr, triple: str) -> str:
    """The question for a function whose object shall be small."""
    return f"tune {mark_of(triple)} {packed(normal.text)} {ARROW}"


def lift_answer(normal: NormalIr) -> str:
    return f"{packed(normal.text)} {END}"


def predict_answer(normal: NormalIr, instructions: int, size_bytes: int) -> str:
    return f"{packed(normal.text)} {COUNTS} {instructions} {size_bytes} {END}"


def tune_answer(passes: str, before_bytes: int, after_bytes: int) -> str:
    """`passes` is one of `TUNE_LISTS`; the sizes are of the function's symbol, as it is and after them."""
    return f"{passes} {before_bytes} {after_bytes} {END}"


_TAIL = re.compile(r"\btail call ")
_TYPED = re.compile(r"(?<= )(ptr|i1|i8|i16|i32|i64|float|double) (?=[%@~\-\d]|null|true|false|undef|poison)")


def packed(text: str) -> str:
    """A normal form in one line, a type and the value behind it as one word: length is compute."""
    head, _, body = text.partition("\n")
    return flat(head) + (" " + _TYPED.sub(r"\1_", flat(body)) if body else "")


def unpacked(text: str) -> str:
    """The words again."""
    return re.sub(r"(?<![^ ])(ptr|i1|i8|i16|i32|i64|float|double)_", r"\1 ", text)


def mark_of(triple: str) -> str:
    return MARKS["aarch64" if triple.startswith(("aarch64", "arm64")) else "x86_64"]


def triple_of(ir_module: str) -> str:
    match = re.search(r'^target triple = "([^"]+)"', ir_module, re.MULTILINE)
    return match[1] if match and match[1].startswith(("aarch64", "arm64")) else "x86_64-unknown-linux-gnu"


def pipeline_word(pipeline: str) -> str | None:
    """`pipeline` as the model was trained on it, or None."""
    name = re.sub(r"\s+", "", pipeline)
    inner = re.fullmatch(
        r"(?:module\()?function(?:<eager-inv>)?\(([\w-]+)\)\)?|module\((default<\w+>)\)", name
    )
    if inner:
        name = inner[1] or inner[2]
    return name if name in PIPELINES else None


def read_tune(reply: str) -> TuneReply:
    """The list of a reply and the sizes it expects. Only lists that were trained are taken: any other is noise."""
    words = reply.partition(END)[0].split()
    if not words or words[0] not in TUNE_LISTS:
        raise ReplyUnreadable(
            f'it names none of the lists that the model knows (it begins "{" ".join(words)[:40]}"). '
            "Use the fixed lists, or try a smaller function."
        )
    before, after = (
        int(word) if re.fullmatch(r"[0-9]{1,7}", word) else None for word in [*words[1:], "", ""][:2]
    )
    # -Oz is the answer where no other list is better, also where it changes nothing. Whether it does is not read from
    # the sizes: of 115 held-out answers that guessed them equal or growing, 95 were wrong about it.
    return TuneReply(words[0], before, after)


def _answer(reply: str) -> tuple[str, bool]:
    """The reply up to its closing word, and whether that is there."""
    text, closed, _ = reply.partition(END)
    return unpacked(text.strip()), bool(closed)


def _decoded(text: str, symbols: tuple[Symbol, ...], triple: str, function: str) -> str:
    try:
        return decode("\n".join(lines_of(text.split())), symbols, triple, function)
    except NotNormal as error:
        raise ReplyUnreadable(f"{error} Try more candidates, or a smaller function.") from error


def _read_prediction(reply: str, normal: NormalIr, triple: str, function: str) -> PredictReply:
    """The counts are taken from the model's own words; its IR may be unreadable, or the counts missing."""
    text, whole = _answer(reply)
    body, _, counts = f" {text} ".partition(f" {COUNTS} ")
    match = re.match(r"(\d{1,6})(?: (\d{1,7}))? ", counts)
    try:
        ir: str | None = _decoded(body, normal.symbols, triple, function)
    except ReplyUnreadable:
        ir = None
    if match is None and ir is None:
        raise ReplyUnreadable(
            f'it has neither IR nor counts (it begins "{text[:40]}"). Try a smaller function.'
        )
    instructions = int(match[1]) if match else None
    size = int(match[2]) if match and match[2] else None
    return PredictReply(instructions, size, ir, truncated=not whole)

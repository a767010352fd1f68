"""Prompts of the embedded model, which reads and writes normal forms only (`asm.normal`, `ir.normal`).

    x64 movl 16 (rdi) eax retq =>                       fn i32 ptr %1= gep.i8 %0 16 ...
    run x64 default<O2> 5 23 fn i32 ptr ... =>          3 12 fn i32 ptr ...

One line, words separated by single spaces. The numbers of `predict` are IR instructions and the bytes of the
function's symbol in the object (code generation level 2), before and after. The model is given no names; they
are put back from the source here. The same functions make the training data, so that what is asked is what
was learned.
"""

from __future__ import annotations

import re
from typing import Literal

from irlens.asm.normal import AsmSymbol, NormalAsm, normalise
from irlens.errors import ReplyUnreadable
from irlens.ir.normal import NormalIr, NotNormal, Symbol, decode, encode, flat, lines_of
from irlens.model.types import LiftReply, LiftSource, PredictReply, Prompt, TuneReply

ARROW = "=>"
END = ";"
"""The last word of an answer; the model's end token follows it."""
MARKS = {"x86_64": "x64", "aarch64": "a64"}
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
LONGEST_REPLY = 400
"""Tokens. The longest answers in the training data have fewer."""


class IrlensFamily:
    """The embedded model. It lifts small functions and predicts a few pipelines; it was not trained to tune."""

    name = "irlens"
    bytes_of: Literal["function"] = "function"

    def lift(self, src: LiftSource) -> Prompt[LiftReply] | None:
        """Raises `UnusableInput` where the function cannot be normalised."""
        normal = normalise(src.text, src.function, src.triple)
        symbols = tuple(ir_symbol(symbol, normal) for symbol in normal.symbols)

        def read(reply: str) -> LiftReply:
            text, whole = _answer(reply)
            return LiftReply(_decoded(text, symbols, src.triple, src.function), truncated=not whole)

        return Prompt(lift_prompt(normal, src.triple), read, LONGEST_REPLY)

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
        return Prompt(text, read, LONGEST_REPLY)

    def tune(self, ir_module: str) -> Prompt[TuneReply] | None:
        return None


def lift_prompt(normal: NormalAsm, triple: str) -> str:
    """The question for a normalised function."""
    return " ".join([mark_of(triple), *asm_words(normal, triple), ARROW])


def predict_prompt(normal: NormalIr, pipeline: str, triple: str, instructions: int, size_bytes: int) -> str:
    """The question for a function before `pipeline` (one of `PIPELINES`)."""
    return f"run {mark_of(triple)} {pipeline} {instructions} {size_bytes} {flat(normal.text)} {ARROW}"


def lift_answer(normal: NormalIr) -> str:
    return f"{flat(normal.text)} {END}"


def predict_answer(normal: NormalIr, instructions: int, size_bytes: int) -> str:
    return f"{instructions} {size_bytes} {flat(normal.text)} {END}"


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


def asm_words(normal: NormalAsm, triple: str) -> list[str]:
    """The words of a function as the model reads them: registers and numbers bare, so that a number is the
    same word on both sides; then the constants, a number each."""
    code = " ".join(normal.code)
    if mark_of(triple) == "x64":
        code = re.sub(r"[%$]|@PLT\b", "", code)
    words = code.split()
    for number, symbol in enumerate(normal.symbols, 1):
        if symbol.data is not None:
            words += [f"@{number}=", *_constant_words(symbol)]
    return words


def _constant_words(symbol: AsmSymbol) -> list[str]:
    raw = symbol.data.raw if symbol.data is not None else None
    if symbol.data is None or not symbol.data.constant or not raw or len(raw) > 16 or len(raw) % 4:
        return ["data"]
    width = 8 if len(raw) % 8 == 0 else 4
    parts = [raw[at : at + width] for at in range(0, len(raw), width)]
    return ["~" + (part[::-1].hex().rstrip("0") or "0") for part in parts]


def ir_symbol(symbol: AsmSymbol, normal: NormalAsm) -> Symbol:
    """What `@k` of the assembly is in the IR: data that only the file sees comes along, as bytes."""
    if symbol.data is None:
        return Symbol(symbol.name, symbol.local)
    name = re.sub(r"^\.L", "", symbol.name)
    raw = symbol.data.raw
    if not raw:
        return Symbol(name, True)
    kind = "constant" if symbol.data.readonly else "global"
    text = "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:02X}" for byte in raw)
    return Symbol(name, True, f'private unnamed_addr {kind} [{len(raw)} x i8] c"{text}", align 16')


def _answer(reply: str) -> tuple[str, bool]:
    """The reply up to its closing word, and whether that is there."""
    text, closed, _ = reply.partition(END)
    return text.strip(), bool(closed)


def _decoded(text: str, symbols: tuple[Symbol, ...], triple: str, function: str) -> str:
    try:
        return decode("\n".join(lines_of(text.split())), symbols, triple, function)
    except NotNormal as error:
        raise ReplyUnreadable(f"{error} Try more candidates, or a smaller function.") from error


def _read_prediction(reply: str, normal: NormalIr, triple: str, function: str) -> PredictReply:
    text, whole = _answer(reply)
    match = re.match(r"(\d{1,6}) (\d{1,7})(?: |$)", text)
    if match is None:
        raise ReplyUnreadable(
            f'it does not begin with two counts (it begins "{text[:40]}"). Try a smaller function.'
        )
    try:
        ir: str | None = _decoded(text[match.end() :], normal.symbols, triple, function)
    except ReplyUnreadable:
        ir = None
    return PredictReply(int(match[1]), int(match[2]), ir, truncated=not whole)

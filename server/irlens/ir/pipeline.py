"""The text form of LLVM's new pass manager: parse it, print it, walk it.

`module(default<Oz>),function(loop-mssa(licm<allowspeculation>),simplifycfg<bonus-inst-threshold=1>)`

This module knows the shape of the text and nothing of which passes exist or how they may nest
(`irlens.ir.passes` and `irlens.ir.nesting` do). It takes what `opt` takes: no spaces, no empty
elements; whatever text comes in, the only exception that goes out is `PipelineError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from irlens.errors import IrlensError

MAX_DEPTH = 64
"""Deepest nesting taken. LLVM's own adaptors need 5; the limit keeps recursion over a tree safe."""

MOST_PASSES = 4096
"""Elements of one pipeline. LLVM's own have some hundred."""

Fault = Literal["empty", "space", "option", "unclosed", "unopened", "comma", "parameters", "depth", "length"]


class PipelineError(IrlensError):
    """The text is not a pipeline. `column` is a 0-based offset in characters of the text; `fault` says what
    kind of thing is wrong there, for whoever wants to mend it."""

    def __init__(self, message: str, column: int, fault: Fault) -> None:
        super().__init__(message)
        self.column = column
        self.fault = fault


@dataclass(frozen=True)
class Pass:
    """One element: `name`, `name<params>`, `name(children)` or `name<params>(children)`.

    `params` is the text between the outermost `<` and `>` (None when there are none); `column` is where
    the name starts, in characters of the parsed text, and takes no part in comparisons.
    """

    name: str
    params: str | None = None
    children: tuple[Pass, ...] = ()
    column: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The element without its children: `simplifycfg<keep-loops>`."""
        return self.name if self.params is None else f"{self.name}<{self.params}>"

    @property
    def end_column(self) -> int:
        """One past the last character of `text`, in the text that was parsed."""
        return self.column + len(self.text)


@dataclass(frozen=True)
class Pipeline:
    """The top-level list, never empty."""

    passes: tuple[Pass, ...]

    def __str__(self) -> str:
        return print_pipeline(self)


def parse_pipeline(text: str) -> Pipeline:
    """The pipeline that `text` spells. Raises `PipelineError` with the column of the fault."""
    if not text:
        raise PipelineError("The pipeline is empty. Name a pass, for example default<O2>.", 0, "empty")
    return _Parser(text).parse()


_LEVEL = re.compile(r"O([0-3sz])")


def refuse_options(text: str) -> None:
    """Raise `PipelineError` for words of a command line, such as `-mem2reg -sroa` or `-O2`, with what to write."""
    if re.match(r"-{1,2}[a-zA-Z]", text):
        said = f"`{text.split()[0][:40]}` is an option of a command, and a pipeline has the names of passes."
        raise PipelineError(f"{said}{_meant(text)}", 0, "option")


def _meant(text: str) -> str:
    """Advice for a list that is spelled as words of a command line; it parses. Empty where none does."""
    words = [re.sub(r"^--?(?:passes=|p=)?", "", word).strip("\"'") for word in _words(text)]
    names = [_LEVEL.sub(r"default<O\1>", word) if _LEVEL.fullmatch(word) else word for word in words]
    spelled = ",".join(name for name in names if name and name not in ("passes", "p"))
    if not spelled or spelled == text or re.search(r"\s|^-|,-", spelled):
        return " Separate them by commas."
    try:
        parse_pipeline(spelled)
    except PipelineError:
        return " Separate them by commas."
    return f" Write `{spelled}`."


def _words(text: str) -> list[str]:
    """What stands between blanks and commas, but those within `<...>`."""
    words, depth = [""], 0
    for char in text:
        depth += (char == "<") - (char == ">")
        if depth <= 0 and (char.isspace() or char == ","):
            words.append("")
        else:
            words[-1] += char
    return [word for word in words if word]


def print_pipeline(pipeline: Pipeline) -> str:
    """The text that LLVM reads. `print_pipeline(parse_pipeline(text)) == text` for every text that parses."""
    return ",".join(map(_print, pipeline.passes))


def walk(pipeline: Pipeline) -> Iterator[Pass]:
    """Every element, containers before what they hold, left to right."""
    stack = list(reversed(pipeline.passes))
    while stack:
        element = stack.pop()
        yield element
        stack.extend(reversed(element.children))


def _print(element: Pass) -> str:
    if not element.children:
        return element.text
    return f"{element.text}({','.join(map(_print, element.children))})"


@dataclass
class _Open:
    """A container whose `)` has not come yet."""

    column: int
    name: str
    params: str | None
    paren: int
    children: list[Pass] = field(default_factory=list)


class _Parser:
    """One left-to-right scan with a stack of open containers; no recursion, so no input can exhaust it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.stack: list[_Open] = []
        self.top: list[Pass] = []
        self.count = 0

    def parse(self) -> Pipeline:
        while True:
            self._element()
            if self.at == len(self.text):
                break
            self.at += 1  # past the comma
        if self.stack:
            open_ = self.stack[-1]
            raise PipelineError(
                f"The parenthesis after '{open_.name}' is never closed. Add ')' at the end.",
                open_.paren,
                "unclosed",
            )
        return Pipeline(tuple(self.top))

    def _element(self) -> None:
        """Read names and `(` up to a leaf, then its closing parentheses; stop at a comma or at the end."""
        column = self.at
        name, params = self._name()
        while self._peek() == "(":
            if len(self.stack) >= MAX_DEPTH:
                raise PipelineError(
                    f"The pipeline nests more than {MAX_DEPTH} deep. Take out some of the parentheses.",
                    self.at,
                    "depth",
                )
            self.stack.append(_Open(column, name, params, self.at))
            self.at += 1
            column = self.at
            name, params = self._name()
        self._siblings().append(Pass(name, params, (), column))
        while self._peek() == ")":
            if not self.stack:
                raise PipelineError(
                    "This ')' closes nothing. Remove it, or add its '('.", self.at, "unopened"
                )
            done = self.stack.pop()
            self._siblings().append(Pass(done.name, done.params, tuple(done.children), done.column))
            self.at += 1
        if self.at < len(self.text) and self._peek() != ",":
            raise PipelineError(
                "A comma is missing here. Put ',' between ')' and the next pass.", self.at, "comma"
            )

    def _name(self) -> tuple[str, str | None]:
        """One name with its parameters. Raises at an empty name, a stray character, unbalanced `<>`."""
        text, start = self.text, self.at
        self.count += 1
        if self.count > MOST_PASSES:
            raise PipelineError(
                f"The pipeline has more than {MOST_PASSES:,} passes. Give a shorter one.", start, "length"
            )
        while self.at < len(text) and text[self.at] not in ",()<>":
            if text[self.at].isspace():
                said = "The passes of a pipeline have commas between them, and no spaces."
                raise PipelineError(f"{said}{_meant(self.text)}", self.at, "space")
            self.at += 1
        name = text[start : self.at]
        if not name:
            raise PipelineError(self._why_empty(start), start, "empty")
        if self._peek() == ">":
            raise PipelineError("This '>' closes nothing. Remove it, or add its '<'.", self.at, "parameters")
        if self._peek() != "<":
            return name, None
        return name, self._params(name)

    def _params(self, name: str) -> str:
        """What stands in `<...>`; several groups (`print<da><normalized-results>`) count as one text."""
        text, start, depth = self.text, self.at, 0
        while self.at < len(text):
            char = text[self.at]
            if char in ",()":
                break
            if char == "<":
                depth += 1
            elif char == ">":
                depth -= 1
                if depth < 0:
                    raise PipelineError(
                        "This '>' closes nothing. Remove it, or add its '<'.", self.at, "parameters"
                    )
            elif depth == 0:
                break
            self.at += 1
        if depth:
            raise PipelineError(
                f"The '<' after '{name}' is never closed. Add '>' after the parameters "
                "(separate several with ';').",
                start,
                "parameters",
            )
        if self.at < len(text) and text[self.at] not in ",()":
            raise PipelineError(
                "Nothing may follow '>' but ',', '(' or ')'. Remove what does.", self.at, "parameters"
            )
        return text[start + 1 : self.at - 1]

    def _why_empty(self, at: int) -> str:
        if at == len(self.text) and at and self.text[at - 1] == ",":
            return "The list ends in a comma. Remove it, or name a pass after it."
        if self._peek() == "<":
            return "Parameters need a pass in front of them. Put its name before '<'."
        return "A pass name is missing here. Put one in, or remove the comma or the parentheses."

    def _siblings(self) -> list[Pass]:
        return self.stack[-1].children if self.stack else self.top

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

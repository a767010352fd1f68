"""What the LLVM worker answers. Plain frozen data: no llvmlite, nothing that cannot be pickled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

DEFAULT_TRIPLE = "x86_64-unknown-linux-gnu"
"""For modules that name no target: sizes and assembly are then the same on every host."""

Severity = Literal["error", "warning", "information", "hint"]


@dataclass(frozen=True)
class Diagnostic:
    """One finding in a text.

    `line` counts from 0; `column` is a 0-based offset in UTF-8 bytes within that line, or None when
    LLVM gives no column. `end_column` is exclusive, same unit; None means "to the end of the token".
    `code` is a stable short name such as `llvm-parse`, `llvm-verify`, `asm`, `unknown-pass`. `definition` is the line
    of the definition that the finding is about, where it is another.
    """

    line: int
    column: int | None
    message: str
    severity: Severity = "error"
    code: str = "llvm-parse"
    end_column: int | None = None
    definition: int | None = None


@dataclass(frozen=True)
class ParseResult:
    """`parsed`: the text is IR of this LLVM. `verified`: the verifier accepts it too."""

    parsed: bool
    verified: bool
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class FunctionFacts:
    """One defined function. `bytes` is its size in the object LLVM makes for the module's target
    (symbol size; None where the module could not be lowered)."""

    name: str
    instructions: int
    blocks: int
    bytes: int | None


@dataclass(frozen=True)
class Sizes:
    """Object size in bytes as Berkeley `size` counts it: `text` holds read-only allocated sections
    (.rodata and .eh_frame too), `data` writable ones with contents, `bss` the rest."""

    text: int
    data: int
    bss: int
    sections: dict[str, int] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)
    """Size of each function symbol, bytes."""

    @property
    def total(self) -> int:
        """text + data: what irlens calls an object's size, as the paper does."""
        return self.text + self.data


@dataclass(frozen=True)
class Outline:
    """The whole module: its triple as written (may be empty), its functions in order, its sizes
    (None, with `why`, where it could not be lowered). `by` names who measured, where that is not llvmlite."""

    triple: str
    functions: tuple[FunctionFacts, ...]
    instructions: int
    sizes: Sizes | None
    why: str = ""
    by: str = ""


@dataclass(frozen=True)
class Assembled:
    """An assembled `.s`. `object` is None exactly when `diagnostics` has an error.
    `by` names the assembler, for example "llvmlite 0.50.0 (LLVM 22.1.0)" or "GNU as 2.40"."""

    object: bytes | None
    diagnostics: tuple[Diagnostic, ...]
    by: str


@dataclass(frozen=True)
class PassRun:
    """The module after a pipeline. `by` names who ran it ("llvmlite 0.50.0 (LLVM 22.1.0)",
    "opt 19.1.7"), `pipeline` is the text that was run, `repairs` what was changed to make it run. `report` is what
    LLVM said of each pass, where that was asked for."""

    ir: str
    by: str
    pipeline: str
    repairs: tuple[str, ...] = ()
    report: str = ""

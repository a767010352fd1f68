"""Every setting irlens has: one typed source for the server, the clients' manifests and the manual.

A field of the dataclasses below is a setting: its name (in camelCase on the wire), type, default, what it
does, who may set it. `merge` reads what a client sent and never raises: a value that cannot be used falls
back and is reported. This module knows nothing of LSP.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from typing import Any

SECTION = "irlens"
"""The section that a client is asked for, and the prefix of every name."""


DISTRUST = (
    "the workspace is not trusted. Trust the workspace, or give it on the command line of `irlens serve`."
)
_DEEPEST = 4
"""Levels of nesting that are looked into; names have two or three parts."""


class Scope(Enum):
    """Who may choose a value. `MACHINE` settings name a file that is loaded or run, or how much of the
    machine is used: the workspace may set them only where the user trusts it."""

    MACHINE = "machine"
    RESOURCE = "resource"


def _setting(
    default: object,
    description: str,
    *,
    scope: Scope = Scope.RESOURCE,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    example: str = "",
) -> Any:
    metadata = {
        "description": description,
        "scope": scope,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "example": example,
    }
    return field(default=default, metadata=metadata)


_NAME = (
    "a GGUF file, a name of the catalogue such as `llm-compiler-7b-ftd:Q4_K_M`, `embedded`, or a server's address, "
    "`http://HOST:PORT`"
)


@dataclass(frozen=True)
class ModelSettings:
    path: str | None = _setting(
        None,
        f"The model: {_NAME}. Empty: what `irlens model use` chose, else the model that comes with irlens.",
        scope=Scope.MACHINE,
        example="/home/me/models/llm-compiler-7b-ftd.Q4_K_M.gguf",
    )
    lift: str | None = _setting(
        None,
        "Another model for lifting, named like `irlens.model.path`. Empty: that one.",
        scope=Scope.MACHINE,
    )
    tune: str | None = _setting(
        None,
        "Another model for tuning, named like `irlens.model.path`. Empty: that one.",
        scope=Scope.MACHINE,
    )
    predict: str | None = _setting(
        None,
        "Another model for predicting, named like `irlens.model.path`; LLM Compiler's base models predict better than "
        "its fine-tuned ones. Empty: that one.",
        scope=Scope.MACHINE,
    )
    engine: str = _setting(
        "auto",
        "What runs the model: `ctransformers`, `llama-cpp-python` (the `llama` extra), a `server`, or `auto`: the best "
        "of these that is installed and can load it.",
        scope=Scope.MACHINE,
        choices=("auto", "ctransformers", "llama-cpp-python", "server"),
    )
    gpu_layers: int | None = _setting(
        None,
        "Layers to place on the GPU. Empty or `auto`: as many as fit its free memory; none where no GPU can be used.",
        scope=Scope.MACHINE,
        minimum=0,
        maximum=1000,
    )
    threads: int | None = _setting(
        None,
        "CPU threads of the model. Empty: the engine chooses.",
        scope=Scope.MACHINE,
        minimum=1,
        maximum=512,
    )
    batch_size: int | None = _setting(
        None,
        "Prompt tokens evaluated at once; smaller values make a cancel take effect sooner.",
        scope=Scope.MACHINE,
        minimum=1,
        maximum=8192,
    )
    context: int | None = _setting(
        None,
        "Context length in tokens. Empty: what the model was trained with.",
        scope=Scope.MACHINE,
        minimum=64,
        maximum=1 << 20,
    )
    answer_cache: int = _setting(
        64,
        "Size in MiB of the cache of model answers on disk; the same question is then not asked twice. 0: no cache.",
        scope=Scope.MACHINE,
        minimum=0,
        maximum=1 << 16,
    )
    key_file: str | None = _setting(
        None,
        "File whose first line is the API key of the model server. Empty: the environment variable `IRLENS_MODEL_KEY`, "
        "if set.",
        scope=Scope.MACHINE,
        example="/home/me/.config/irlens/key",
    )
    served_name: str | None = _setting(
        None,
        "Name of the model on a server that has several; `http://HOST:PORT#NAME` says it too. Empty: its only one.",
        scope=Scope.MACHINE,
        example="llm-compiler-7b-ftd",
    )
    server_wait: float = _setting(
        600.0,
        "Timeout in seconds for the first token from a model server.",
        scope=Scope.MACHINE,
        minimum=1,
        maximum=86_400,
    )


@dataclass(frozen=True)
class LlvmSettings:
    opt: str | None = _setting(
        None,
        "Path of an `opt` (LLVM 16 to 22) that runs the passes llvmlite cannot. Empty: looked for on PATH.",
        scope=Scope.MACHINE,
        example="/usr/bin/opt-19",
    )
    measure_with: str = _setting(
        "installed",
        "The LLVM that measures sizes and runs passes for hints, lenses, predictions and searches: the `installed` one "
        "(`opt`; llvmlite's where there is none), or `llvmlite`'s own.",
        scope=Scope.MACHINE,
        choices=("installed", "llvmlite"),
    )
    assembler: str | None = _setting(
        None,
        "Path of an llvm-mc, clang or GNU as that assembles `.s` files. Empty: llvmlite for this machine's "
        "architecture, for others what is found on PATH.",
        scope=Scope.MACHINE,
        example="/usr/bin/llvm-mc-19",
    )
    workers: int = _setting(2, "Number of LLVM worker processes.", scope=Scope.MACHINE, minimum=1, maximum=32)
    time_limit: float = _setting(
        10.0, "Timeout in seconds of one LLVM job.", scope=Scope.MACHINE, minimum=0.1, maximum=3600
    )
    memory_limit: int = _setting(
        2048, "Memory limit of one LLVM worker in MiB.", scope=Scope.MACHINE, minimum=256, maximum=1 << 20
    )


@dataclass(frozen=True)
class AsmSettings:
    target: str | None = _setting(
        None,
        "Default target triple for assembly whose target cannot be detected. Empty: irlens asks.",
        example="aarch64-unknown-linux-gnu",
    )
    include_files: bool = _setting(
        False,
        "Let `.include` and `.incbin` of assembly read files below the workspace's folders.",
        scope=Scope.MACHINE,
    )


@dataclass(frozen=True)
class DiagnosticsSettings:
    enabled: bool = _setting(True, "Report errors of IR, RUN lines and assembly.")
    on_change: bool = _setting(True, "Check while typing. Off: on open and save only.")
    pause: int = _setting(
        150,
        "Minimum delay in milliseconds after typing before diagnostics run; large files wait longer.",
        minimum=0,
        maximum=60_000,
    )
    hints: bool = _setting(
        True, "Show hints on functions that a pass list makes smaller, with the measured sizes."
    )
    watch: bool = _setting(
        True, "Check `.ll` and `.s` files of the workspace that change on disk, open or not."
    )


@dataclass(frozen=True)
class TuneSettings:
    background: int = _setting(
        24,
        "Pass lists to try per function in the background, at low priority, for hints and for the sizes over "
        "functions. 0: none.",
        scope=Scope.MACHINE,
        minimum=0,
        maximum=1000,
    )


@dataclass(frozen=True)
class LiftSettings:
    candidates: int = _setting(
        4, "Number of attempts to ask the model for when lifting.", minimum=1, maximum=64
    )
    origin: str = _setting(
        "best",
        "Lifter to use: `model`, `mechanical` (P-code, needs no model), or `best`: the model first, then the other.",
        choices=("best", "model", "mechanical"),
    )
    prototypes: str = _setting(
        "",
        "C declarations of functions in assembly files, with the types that they need: what they take and give, where the "
        "code alone does not show it. Debug information in a file says it, too.",
        example="double area(double, double); int parse(const char *);",
    )


@dataclass(frozen=True)
class LensSettings:
    lift: bool = _setting(True, "Show `Lift to LLVM IR` over each function of an assembly file.")
    sizes: bool = _setting(True, "Show what each function of IR measures and could measure, as `28 → 16 B`.")
    passes: bool = _setting(
        True, "Show `Predict pass effect…` and `Show each pass…` over each function of IR (VS Code only)."
    )


@dataclass(frozen=True)
class HoverSettings:
    predict: bool = _setting(True, "Ask the model what a pass will do when you hover over its name.")


@dataclass(frozen=True)
class Settings:
    """All of them, by section, in the order in which they are shown."""

    lift: LiftSettings = field(default_factory=LiftSettings, metadata={"title": "Lift"})
    lens: LensSettings = field(default_factory=LensSettings, metadata={"title": "Code Lenses"})
    hover: HoverSettings = field(default_factory=HoverSettings, metadata={"title": "Hover"})
    diagnostics: DiagnosticsSettings = field(
        default_factory=DiagnosticsSettings, metadata={"title": "Diagnostics"}
    )
    asm: AsmSettings = field(default_factory=AsmSettings, metadata={"title": "Assembly"})
    tune: TuneSettings = field(default_factory=TuneSettings, metadata={"title": "Optimize for Size"})
    model: ModelSettings = field(default_factory=ModelSettings, metadata={"title": "Model"})
    llvm: LlvmSettings = field(default_factory=LlvmSettings, metadata={"title": "LLVM"})


@dataclass(frozen=True)
class SettingInfo:
    """One row of the manual: `name` is dotted, with the section (`irlens.model.gpuLayers`); `type` is a JSON
    schema type name, `nullable` whether null stands for "not set"."""

    name: str
    type: str
    nullable: bool
    default: object
    description: str
    scope: Scope
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...] = ()
    """The only texts that can be given; empty where any can."""
    example: str = ""
    """A value to start from, where the description alone does not give one away."""
    title: str = ""
    """Of the section, as a settings page shows it."""


def describe() -> tuple[SettingInfo, ...]:
    """Every setting, in the order above."""
    rows = []
    titles = {entry.name: entry.metadata["title"] for entry in fields(Settings)}
    for section, part in _sections(Settings()):
        hints = typing.get_type_hints(type(part))
        for entry in fields(part):
            kind, nullable = _kind(hints[entry.name])
            rows.append(
                SettingInfo(
                    f"{SECTION}.{section}.{camel(entry.name)}",
                    _JSON_TYPES[kind],
                    nullable,
                    entry.default,
                    entry.metadata["description"],
                    entry.metadata["scope"],
                    entry.metadata["minimum"],
                    entry.metadata["maximum"],
                    entry.metadata["choices"],
                    entry.metadata["example"],
                    titles[section],
                )
            )
    return tuple(rows)


def merge(
    base: Settings, raw: object, *, trusted: bool, distrust: str = DISTRUST
) -> tuple[Settings, tuple[str, ...]]:
    """`base` with the usable values of `raw`, and one sentence for each value that is not used.

    `raw` is what a client sent for the section `irlens`: nested (`{"model": {"path": ...}}`) or dotted
    (`{"model.path": ...}`); None and a missing key mean "not set here". Where `trusted` is false, settings of
    scope `MACHINE` stay as they are in `base`, and `distrust` says why, and what to do.
    """
    if raw is None:
        return base, ()
    if not isinstance(raw, Mapping):
        return base, (f"The settings are not an object but {_shown(raw)}; defaults are used. Correct them.",)
    problems: list[str] = []
    given = _flat(raw)
    result = base
    for section, part in _sections(base):
        hints = typing.get_type_hints(type(part))
        changes: dict[str, object] = {}
        for entry in fields(part):
            name = f"{section}.{camel(entry.name)}"
            if name not in given:
                continue
            value = given.pop(name)
            current = getattr(part, entry.name)
            kind, nullable = _kind(hints[entry.name])
            if entry.metadata["scope"] is Scope.MACHINE and not trusted:
                if not _is_unset(value, kind, nullable) and value != current:
                    problems.append(f"{SECTION}.{name} is not used: {distrust}")
                continue
            read = _read(value, kind, nullable, entry.default, entry.metadata)
            if isinstance(read, _Bad):
                problems.append(
                    f"{SECTION}.{name} must be {read.wanted} (is {_shown(value)}); using {_shown(current)}."
                )
            else:
                changes[entry.name] = read
        if changes:
            result = replace(result, **{section: replace(part, **changes)})
    return result, tuple(problems)


def camel(name: str) -> str:
    """`gpu_layers` as it is written on the wire: `gpuLayers`."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


@dataclass(frozen=True)
class _Bad:
    wanted: str


_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def _sections(settings: Settings) -> list[tuple[str, Any]]:
    parts = [(entry.name, getattr(settings, entry.name)) for entry in fields(settings)]
    return [(name, part) for name, part in parts if is_dataclass(part)]


def _kind(hint: Any) -> tuple[type, bool]:
    if isinstance(hint, types.UnionType):
        kinds = [part for part in hint.__args__ if part is not types.NoneType]
        return kinds[0], True
    return hint, False


def _flat(raw: Mapping[Any, Any], prefix: str = "", depth: int = 1) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in raw.items():
        name = prefix + (key if isinstance(key, str) else "")
        name = name.removeprefix(f"{SECTION}.")
        if not isinstance(value, Mapping):
            flat[name] = value
        elif depth < _DEEPEST:
            flat |= _flat(value, f"{name}.", depth + 1)
    return flat


def _read(value: object, kind: type, nullable: bool, default: object, limits: Mapping[str, Any]) -> object:
    if _is_unset(value, kind, nullable):
        return None if nullable else default
    if kind is float and type(value) is int:
        value = _as_float(value)
    if type(value) is not kind:  # bool is a subclass of int, so isinstance would take `true` for 1
        return _Bad({str: "a text", int: "a whole number", float: "a number", bool: "true or false"}[kind])
    if isinstance(value, str) and not is_plain(value):
        return _Bad("a text of visible characters")
    if limits["choices"] and value not in limits["choices"]:
        return _Bad(f"one of {', '.join(limits['choices'])}")
    least, most = limits["minimum"], limits["maximum"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        if least is not None and not value >= least:
            return _Bad(f"at least {least:g}")
        if most is not None and not value <= most:
            return _Bad(f"at most {most:g}")
    return value


def _is_unset(value: object, kind: type, nullable: bool) -> bool:
    """Settings pages have text boxes, whose "" stands for "not set"; so does `auto` for a number."""
    return value is None or (nullable and (value == "" or (kind is int and value == "auto")))


def _as_float(value: int) -> float:
    """Integers of JSON have no limit, floats have one."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def is_plain(text: str) -> bool:
    """Whether a text can be a file's name or a word of a command: no control characters, no half characters."""
    return text.isprintable() or all(char >= " " and not "\ud800" <= char <= "\udfff" for char in text)


def _shown(value: object) -> str:
    try:
        text = "not set" if value is None else repr(value)
    except (ValueError, RecursionError):  # thousands of digits, or as many brackets
        return "no such value"
    return text if len(text) <= 60 else text[:57] + "..."

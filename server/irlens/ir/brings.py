"""A module of one function without all that a lift does not need: code that runs by itself, symbols that replace a program's
own, sections, orders to a linker. Nothing that compares the function would see these, and whoever links the lift would run
them.

What is known to be harmless stays, what only describes is left out, and anything else is refused by name. Reads what LLVM
prints, one global or instruction a line; quotes are looked for first, so that no name or string is taken for a word.
Source: the LLVM language reference, "High Level Structure", and LLVM's AsmWriter for the order of what it prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from irlens.ir.outline import plain_name
from irlens.source.snapshot import split_lines

_QUOTED = re.compile(r'"[^"]*"')
_NAME = r'(?:"_*"|[-\w$.]+)'
_GLOBAL = re.compile(rf"(@{_NAME}) = ")
_LINKAGE = re.compile(r"(?:private|internal)\b")
_OUTSIDE = re.compile(r"(?:external|extern_weak)\b")
_BEFORE_A_TYPE = re.compile(
    r"(?:(?:private|internal|external|extern_weak|common|weak|weak_odr|linkonce|linkonce_odr|available_externally|dso_local"
    r"|dso_preemptable|default|hidden|protected|unnamed_addr|local_unnamed_addr|thread_local(?:\(\w+\))?) )*(?:global|constant) "
)
_AFTER_A_VALUE = re.compile(
    r'(?P<keep>align \d+)(?: #\d+)?|section (?P<section>"_*")|(?P<drop>comdat(?:\(.*\))?|!dbg !\d+|#\d+)'
)
_AFTER_PARAMETERS = re.compile(
    rf"(?P<words>(?: (?:local_)?unnamed_addr)?(?: #\d+)?)(?: section (?P<section>\"_*\"))?(?P<comdat> comdat(?:\(\$?{_NAME}\))?)?"
    rf"(?P<align> align \d+)?(?: personality ptr (?P<personality>@{_NAME}))?(?P<notes>(?: ![\w.]+ !\d+)*)(?P<end> \{{)?\Z"
)
_NOTE = re.compile(r",? !([\w.]+) !\d+(?=,? !|\Z)")
_NOTES = frozenset(
    "tbaa tbaa.struct range nonnull noundef align dereferenceable dereferenceable_or_null prof llvm.loop alias.scope noalias "
    "invariant.load invariant.group nontemporal fpmath unpredictable llvm.access.group".split()
)
_GROUP = re.compile(r"attributes #\d+ = \{")
_ATTRIBUTE = re.compile(r'"(?P<key>[^"]*)"(?:="[^"]*")?\s?')
_ATTRIBUTES = frozenset(
    "frame-pointer min-legal-vector-width no-builtins no-frame-pointer-elim no-infs-fp-math no-jump-tables no-nans-fp-math "
    "no-signed-zeros-fp-math no-trapping-math prefer-vector-width stack-protector-buffer-size stackrealign strictfp "
    "target-cpu target-features tune-cpu unsafe-fp-math uniform-work-group-size use-soft-float".split()
)
_FLAG = re.compile(r'(!\d+) = !\{i32 \d+, !"([^"]*)", i32 \d+\}$')
_FLAGS = frozenset(
    "wchar_size|PIC Level|PIE Level|uwtable|frame-pointer|RtLibUseGOT|Code Model|Large Data Threshold|cf-protection-branch"
    "|cf-protection-return|branch-target-enforcement|sign-return-address|sign-return-address-all|sign-return-address-with-bkey"
    "|ThinLTO|EnableSplitLTOUnit".split("|")
)
_FLAG_LIST = "!llvm.module.flags = !{"
_KEPT = re.compile(r"(?:;|source_filename = |target |%|!\d+ = |!llvm\.ident = |\Z)")
_DROPPED = re.compile(r"\$|!|uselistorder|\^\d")
_CODE = re.compile(r"(?:\.text[\w.$]*|__TEXT,__text(?:,regular,pure_instructions)?)\Z")
_DATA = re.compile(
    r"(?:\.(?:data|rodata|bss|tdata|tbss|lrodata|ldata|lbss)[\w.$]*|__(?:TEXT|DATA|DATA_CONST),__(?:const|data|bss|cstring))\Z"
)


@dataclass(frozen=True)
class Source:
    """Whether the original's text defines a symbol, and whether it names one."""

    defines: Callable[[str], bool]
    names: Callable[[str], bool]


@dataclass(frozen=True)
class Only:
    """The module with nothing but the function and what it needs; or `refused`, the first thing that is more than that and
    cannot be left out, as it is to be shown."""

    ir: str
    refused: str = ""


class _More(Exception):
    """Something that a lift has no use for. The text names it."""


def only(ir: str, function: str, source: Source) -> Only:
    """The module, as LLVM prints it, without what is not the function's."""
    lines = split_lines(ir)
    flags = {found[1] for line in lines if (found := _FLAG.match(line)) and found[2] in _FLAGS}
    made: list[str] = []
    inside = False
    try:
        for line in lines:
            bare = _QUOTED.sub(lambda found: f'"{"_" * (len(found[0]) - 2)}"', line)
            kept = _in_a_body(line, bare) if inside else _on_top(line, bare, function, source, flags)
            if kept is not None:
                made.append(kept)
            if inside:
                inside = line != "}"
            else:
                inside = bare.startswith("define ")
    except _More as more:
        return Only("", str(more))
    return Only("\n".join(made))


def _on_top(line: str, bare: str, function: str, source: Source, flags: set[str]) -> str | None:
    """A line outside of functions, as it may stay; None where it is left out."""
    if found := _GLOBAL.match(bare):
        return _global(line, bare, found, source)
    if bare.startswith(("define ", "declare ")):
        return _function(line, bare, function, source)
    if _GROUP.match(bare):
        kept = _ATTRIBUTE.sub(lambda one: one[0] if one["key"] in _ATTRIBUTES else "", line)
        return f'{kept[:-3]}{{ "none" }}' if kept.endswith("{ }") else kept  # LLVM takes no empty group
    if bare.startswith(_FLAG_LIST):
        named = [one for one in line.removeprefix(_FLAG_LIST).rstrip("}").split(", ") if one in flags]
        return f"{_FLAG_LIST}{', '.join(named)}}}" if named else None
    if _KEPT.match(bare):
        return line
    if _DROPPED.match(bare):
        return None
    raise _More("module asm" if bare.startswith("module asm") else f"`{line[:60]}`")


def _global(line: str, bare: str, named: re.Match[str], source: Source) -> str:
    name = plain_name(line[named.start(1) : named.end(1)])
    if name.startswith("llvm."):
        raise _More(f"@{name}")
    kind = bare[named.end() :]
    words = _BEFORE_A_TYPE.match(kind)
    if words is None:
        raise _More(f"@{name}, an alias" if re.search(r"\b(?:alias|ifunc) ", kind) else f"@{name}")
    is_outside = _OUTSIDE.match(kind) is not None
    if not is_outside and not _LINKAGE.match(kind) and not source.defines(name):
        raise _More(f"a definition of @{name}")
    first, *rest = _parts(bare, named.end())
    kept = line[: first.stop]
    for part in rest:
        text, raw = bare[part.start : part.stop].strip(), line[part.start : part.stop].strip()
        found = _AFTER_A_VALUE.fullmatch(text)
        if found is None:
            raise _More(f"`{raw[:60]}` on @{name}")
        if found["section"] is not None:
            _section(raw.removeprefix("section "), _DATA)
        if found["drop"] is None:
            kept += f", {found['keep'] or raw}"
    return kept


def _function(line: str, bare: str, function: str, source: Source) -> str:
    start = bare.find("@")
    found = re.compile(rf"@{_NAME}").match(bare, start)
    if start < 0 or found is None:
        raise _More(f"`{line[:60]}`")
    name = plain_name(line[start : found.end()])
    is_definition = bare.startswith("define ")
    if is_definition and name != function and not re.match(r"define (?:private|internal) ", bare):
        raise _More(f"a definition of @{name}")
    end = _closing(bare, found.end())
    behind = _AFTER_PARAMETERS.match(bare, end)
    if behind is None:
        word = re.search(r" (prefix|prologue|gc|partition|personality) ", bare[end:])
        raise _More(f"`{word[1] if word else line[end : end + 60].strip()}` on @{name}")
    if behind["section"] is not None:
        _section(line[behind.start("section") : behind.end("section")], _CODE)
    personality = ""
    if behind["personality"] is not None:
        written = line[behind.start("personality") : behind.end("personality")]
        if not source.names(plain_name(written)):
            raise _More(f"`personality` {written} on @{name}")
        personality = f" personality ptr {written}"
    section = f" section {line[behind.start('section') : behind.end('section')]}" if behind["section"] else ""
    notes = "".join(one[0] for one in _NOTE.finditer(behind["notes"]) if one[1] in _NOTES)
    return (
        line[:end]
        + behind["words"]
        + section
        + (behind["align"] or "")
        + personality
        + notes
        + (behind["end"] or "")
    )


def _in_a_body(line: str, bare: str) -> str | None:
    if bare.lstrip().startswith(("#dbg_", "uselistorder")):
        return None
    if re.search(r"\bmetadata !\d", bare):
        raise _More(f"`{line.strip()[:60]}`")
    if " !" not in bare:
        return line
    spans = [one.span() for one in _NOTE.finditer(bare) if one[1] not in _NOTES]
    for start, end in reversed(spans):
        line = line[:start] + line[end:]
    return line


def _section(quoted: str, allowed: re.Pattern[str]) -> None:
    if not allowed.match(quoted.strip('"')):
        raise _More(f"section {quoted}")


def _closing(bare: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`."""
    depth = 0
    for place in range(at, len(bare)):
        depth += (bare[place] == "(") - (bare[place] == ")")
        if not depth:
            return place + 1
    return len(bare)


def _parts(bare: str, start: int) -> list[slice]:
    """What commas part, outside of brackets."""
    parts, depth, at = [], 0, start
    for place in range(start, len(bare)):
        character = bare[place]
        depth += (character in "([{<") - (character in ")]}>")
        if character == "," and not depth:
            parts.append(slice(at, place))
            at = place + 1
    return [*parts, slice(at, len(bare))]

"""Which machine and which syntax an assembly text is written for, from unmistakable signs only.

A wrong guess shows a page of false errors, so a text with no sign, with signs of two machines, or for an
assembler that LLVM does not follow (nasm, masm, Go's) gets no target but one question for the user.
Signs are looked for outside comments and strings. Reads text; knows nothing of files and of LLVM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from irlens.asm.signs import Sign, signs
from irlens.source.snapshot import split_lines

Target = Literal["x86_64", "aarch64"]
Syntax = Literal["att", "intel"]

LOOKED_AT = 400_000
"""Characters of a text that are looked at: signs come early, and the largest files are generated."""

HEAD_LINES = 30
"""Lines at the top in whose comments a triple is looked for."""


@dataclass(frozen=True)
class Detection:
    """`target`, `syntax` and `triple` are None where they are not known for sure; `why` says what spoke for
    or against it, `question` what to ask the user then. AArch64 has one syntax, given as None."""

    target: Target | None
    syntax: Syntax | None
    triple: str | None
    why: str
    question: str | None = None


_INTEL_REGISTER = re.compile(r"(?<![\w%$.@])(?:r(?:[abcd]x|[sd]i|[bs]p|ip|(?:8|9|1[0-5])[dwb]?))\b")
_INTEL_SYNTAX = re.compile(r"^[ \t]*\.(intel|att)_syntax\b", re.MULTILINE)
_X_REGISTER = re.compile(r"^[ \t]*\w+[ \t]+x(?:\d|[12]\d|30)[ \t]*,", re.MULTILINE)
_ARMV8 = re.compile(r"^[ \t]*\.arch[ \t]+armv[89]", re.MULTILINE)
_AARCH64_COMMENT = re.compile(r"//\s(?:-- (?:Begin|End) function|@\w|%bb\.)")
_PREPROCESSED = re.compile(
    r'^#(?:include[ \t]*[<"]|define[ \t]+\w|ifn?def[ \t]+\w|endif\b'
    r"|if[ \t]+(?:!|defined\b|\w+[ \t]*[(&|<>=]))",
    re.MULTILINE,
)
_STRING_OR_COMMENT = re.compile(
    r'"(?:[^"\\\n]|\\.)*"?|/\*.*?(?:\*/|\Z)|//[^\n\r]*|;[^\n\r]*'
    r"|(?:^|(?<=\s))(?:#(?=\s|#|$)|@(?=\s))[^\n\r]*",
    re.DOTALL | re.MULTILINE,
)
_TRIPLE_COMMENT = re.compile(
    r"^[ \t]*(?:[#;@*]|//|/\*).*?\b(?:target|triple)(?:[ _-]triple)?[ \t]*[:=][ \t]*[\"']?(\w+-[\w.+-]+)",
    re.IGNORECASE,
)
_DARWIN = re.compile(
    r"^[ \t]*\.(?:section[ \t]+__\w+[ \t]*,|build_version\b|macosx_version_min\b|subsections_via_symbols\b)",
    re.MULTILINE,
)
_WINDOWS = re.compile(
    r"^[ \t]*\.(?:seh_proc\b|def[ \t]+\S+[ \t]*;?|section[ \t]+\.(?:rdata|drectve)\b)", re.MULTILINE
)

_ALIASES: dict[str, Target] = {
    "x86_64": "x86_64",
    "x86-64": "x86_64",
    "amd64": "x86_64",
    "x64": "x86_64",
    "aarch64": "aarch64",
    "arm64": "aarch64",
}


def detect(text: str, setting: str | None = None) -> Detection:
    """What `text` is written for. `setting` is the user's word: a triple or the name of a machine. It decides
    where the text is silent; where the text plainly says otherwise, that is asked. Never raises."""
    text = text[:LOOKED_AT]
    plain = _STRING_OR_COMMENT.sub(" ", text)
    found = _signs(plain)
    if _PREPROCESSED.search(text):
        why = "it has lines for the C preprocessor (#include, #define, #if)"
        return _unknown(why, "Run the C preprocessor over it first (cc -E), and open what that prints.")
    if setting and setting.strip():
        return _from_setting(setting.strip(), found, plain)
    named = _triple_in_head(text)
    meant = list(dict.fromkeys(sign.means for sign in found))
    if named is not None:
        machine = _machine(named)
        if machine is None:
            return _unknown(f"its comment names the triple {named}")
        if any(means != machine for means in meant):
            return _unknown(f"its comment names {named}, yet it has {_shown(found, machine)}")
        return Detection(machine, _syntax(plain, machine), named, f"its comment names the triple {named}")
    if not meant:
        weak = _weak_aarch64(text, plain)
        if weak is None:
            return _unknown("it shows no sign of one machine only")
        return Detection("aarch64", None, _default_triple("aarch64", plain), weak)
    if len(meant) > 1:
        return _unknown(f"it has signs of {' and of '.join(meant)}")
    machine = _machine(meant[0])
    if machine is None:
        return _unknown(f"it has {found[0].shown}, a sign of {meant[0]}")
    return Detection(
        machine, _syntax(plain, machine), _default_triple(machine, plain), f"it has {found[0].shown}"
    )


def _from_setting(setting: str, found: list[Sign], plain: str) -> Detection:
    machine = _machine(setting)
    if machine is None:
        return _unknown(f"the target is set to {setting}, which irlens does not assemble")
    triple = (
        setting if "-" in setting and setting.lower() not in _ALIASES else _default_triple(machine, plain)
    )
    if other := _shown(found, machine):
        return _unknown(f"the target is set to {setting}, yet it has {other}")
    return Detection(machine, _syntax(plain, machine), triple, f"the target is set to {setting}")


def _signs(plain: str) -> list[Sign]:
    """The signs of the text, those of one kind once, in the order of `signs`."""
    found = [sign for sign in signs() if sign.pattern.search(plain)]
    intel = _INTEL_SYNTAX.search(plain)
    if intel and intel[1] == "intel" and _INTEL_REGISTER.search(plain):
        found.insert(0, Sign("x86_64", ".intel_syntax and 64-bit registers", _INTEL_REGISTER))
    return found


def _shown(found: list[Sign], machine: str) -> str:
    """The signs that speak against `machine`, in words; "" where there are none."""
    return " and ".join(f"{sign.shown} ({sign.means})" for sign in found if sign.means != machine)


def _syntax(plain: str, machine: Target) -> Syntax | None:
    """The syntax that is in force at the end of the text: compilers switch back after inline assembly."""
    if machine != "x86_64":
        return None
    switches = _INTEL_SYNTAX.findall(plain)
    return "intel" if switches and switches[-1] == "intel" else "att"


def _weak_aarch64(text: str, plain: str) -> str | None:
    """x registers are RISC-V's too; beside clang's comments for AArch64 and the like they are AArch64's."""
    if not _X_REGISTER.search(plain):
        return None
    if _ARMV8.search(plain):
        return "it has x registers and .arch armv8 or later"
    if _DARWIN.search(plain):
        return "it has x registers and macOS's directives"
    if _AARCH64_COMMENT.search(text):
        return "it has x registers and comments as clang writes them for AArch64"
    return None


def _triple_in_head(text: str) -> str | None:
    for line in split_lines(text[: 200 * HEAD_LINES])[:HEAD_LINES]:
        if match := _TRIPLE_COMMENT.match(line[:200]):
            return match[1]
    return None


def _machine(triple: str) -> Target | None:
    """The machine of a triple or of a name such as amd64."""
    return _ALIASES.get(triple.lower()) or _ALIASES.get(triple.partition("-")[0].lower())


def _default_triple(machine: Target, plain: str) -> str:
    """ELF unless directives that only Mach-O or COFF has say otherwise."""
    if _DARWIN.search(plain):
        return f"{'arm64' if machine == 'aarch64' else machine}-apple-macosx"
    if _WINDOWS.search(plain):
        return f"{machine}-pc-windows-gnu"
    return f"{machine}-unknown-linux-gnu"


def _unknown(why: str, question: str | None = None) -> Detection:
    asked = question or (
        "Which target is this file for? Set x86_64-unknown-linux-gnu or aarch64-unknown-linux-gnu, "
        "or write a comment `triple: ...` at its top."
    )
    return Detection(None, None, None, why, asked)
